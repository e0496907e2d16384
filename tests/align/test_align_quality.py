"""The labelled pairs: how often a mention is found, and how often what is found is right."""

import importlib.util
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[1] / "bench" / "align_quality.py"


@pytest.fixture(scope="module")
def bench():
    spec = importlib.util.spec_from_file_location("align_quality", BENCH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module", params=[0, 1], ids=["tuning", "held-out"])
def half(request, bench):
    return [case for case in bench.cases() if case.pair % 2 == request.param]


def test_the_list_is_long_enough_and_has_mentions_that_are_not_said(half):
    assert len({case.pair for case in half}) > 60
    assert sum(not case.said for case in half) > 8


def test_sure_answers_are_right(bench, half):
    figures = bench.measure(half, bench.by_lexicon, bench.SURE)
    assert figures.precision >= 0.98
    assert figures.recall >= 0.78


def test_any_answer_is_mostly_right(bench, half):
    figures = bench.measure(half, bench.by_lexicon)
    assert figures.precision >= 0.94
    assert figures.recall >= 0.93


def test_marks_are_taken_out(bench):
    assert bench.plain("a ⟦1:bc⟧ d") == ("a bc d", {"1": [(2, 4)]})
