"""Confidence: a probability beside each candidate, monotone in its signs, of the model that ships and of no other."""

import importlib
import json
import random
import shutil
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.engines import confidence, replace
from translator.engines.builtin import FILES, FOLDER, Builtin
from translator.engines.confidence import DIRECTIONS, FILE, Calibration, Signs
from translator.errors import EngineError
from translator.meter import Meter
from translator.model import Candidate, Job
from translator.pipeline.draft import Ask, draft

PACKAGED = confidence.load(FOLDER)
SIGNS = st.builds(Signs, st.floats(-5, 0), st.floats(0, 8), st.floats(0, 1), st.floats(0, 3))


@pytest.fixture(scope="module")
def engine():
    return Builtin()


@pytest.fixture(scope="module")
def bench(request):
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(request.config.rootpath / "tests" / "bench"))
        yield importlib.import_module("confidence")


def test_the_calibration_that_ships_was_fitted_to_the_model_that_ships(engine):
    """After a new model: `python tests/bench/confidence.py DEV.tsv --fit --diagram docs/confidence.svg`."""
    assert json.loads((FOLDER / FILE).read_text("utf-8"))["model"] == engine.signature.split()[1]


@given(SIGNS, st.sampled_from(Signs._fields), st.floats(0, 3))
def test_more_of_a_sign_never_counts_against_its_direction(seen, name, more):
    grown = seen._replace(**{name: getattr(seen, name) + more})
    direction = getattr(DIRECTIONS, name)
    assert 0 < PACKAGED.sure(seen) < 1
    assert direction * (PACKAGED.sure(grown) - PACKAGED.sure(seen)) >= 0


@pytest.mark.parametrize(
    "text",
    [
        "这个函数返回一个新的张量。",
        "服务器会把<t1>请求</t1>分配给空闲的进程，见<x2>。",
        "首先，" * 30 + "我们训练模型。",
    ],
)
def test_every_candidate_of_the_model_has_one(engine, text):
    ((_, answer),) = engine.draft([Job(text)], Meter())
    assert answer.candidates
    assert all((one.sure is None) == (one.score is None) for one in answer.candidates)
    ranked = sorted((one for one in answer.candidates if one.score is not None), key=lambda one: one.score)
    assert [one.sure for one in ranked] == sorted(one.sure for one in ranked)
    assert all(0.01 <= one.sure <= 0.99 for one in ranked)


def test_what_the_model_did_not_say_has_none(engine):
    """A line of the table of informal words is an answer without a score."""
    ((_, answer),) = engine.draft([Job("作者")], Meter())
    assert answer.candidates[0].score is answer.candidates[0].sure is None


def test_a_draft_that_leaves_something_out_is_less_sure():
    source, size = "编译器会自动展开循环。", len
    whole = confidence.signs(source, "The compiler automatically expands the loop.", -0.3, size)
    part = confidence.signs(source, "The compiler.", -0.3, size)
    assert part.said < 0.5 < whole.said
    assert PACKAGED.sure(part) < PACKAGED.sure(whole)


def test_marks_are_no_words():
    assert confidence.signs("<t1>模型</t1><x2>", "<t1>model</t1> <x2>", -0.3, len) == confidence.signs(
        "模型", "model ", -0.3, len
    )


def test_without_a_calibration_candidates_stay_as_they_are(tmp_path):
    some = [Candidate("a", -0.1), Candidate("b")]
    assert confidence.load(tmp_path) is None
    assert confidence.weighed(None, "甲", some, len) == some
    assert confidence.weighed(PACKAGED, "甲", [Candidate("b")], len) == [Candidate("b")]


@pytest.mark.parametrize("text", ["", "[]", '{"base": 1}', '{"base": 1, "weights": {"score": "x"}}'])
def test_a_damaged_file_says_so(tmp_path, text):
    (tmp_path / FILE).write_text(text, "utf-8")
    with pytest.raises(EngineError, match=FILE):
        confidence.load(tmp_path)


def test_a_segment_is_as_sure_as_its_draft(engine):
    asks = [Ask("编译器会自动展开循环。"), Ask("作者")]
    ((_, one), (_, other)) = sorted(draft(engine, asks, "straight", Meter()))
    ((_, answer),) = engine.draft([Job("编译器会自动展开循环。")], Meter())
    assert one.score == round(answer.candidates[0].sure, 2)
    assert other.score is None


@pytest.mark.parametrize("brought", [True, False])
def test_a_new_model_comes_with_its_own_calibration_or_none(tmp_path, brought):
    new, place = tmp_path / "new", tmp_path / "model"
    for folder in (new, place):
        folder.mkdir()
        for name in FILES:
            shutil.copy(FOLDER / name, folder)
    (place / FILE).write_text('{"old": 1}', "utf-8")
    if brought:
        shutil.copy(FOLDER / FILE, new)
    replace.replace(new, place)
    assert confidence.load(place) == (PACKAGED if brought else None)


# ── The fit ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def made(weights, count=3000):
    """Make signs, and drafts that are good as often as a calibration says."""
    chance, truth = random.Random(1), Calibration(0.5, weights)  # noqa: S311  # no secret
    seen = [Signs(-chance.random(), chance.random() * 4, chance.random(), chance.random()) for _ in range(count)]
    return seen, [chance.random() < truth.sure(one) for one in seen], truth


def test_a_fit_finds_what_was_there(bench):
    seen, good, truth = made(Signs(4.0, -0.5, 1.5, -2.0))
    found = bench.fit(seen, good)
    assert found.weights == pytest.approx(truth.weights, rel=0.3)
    figures = bench.Figures([found.sure(one) for one in seen], good)
    assert figures.ece < 0.03
    assert figures.auc > 0.7


def test_a_sign_that_counts_against_its_direction_does_not_count(bench):
    seen, good, _ = made(Signs(4.0, -0.5, -1.5, 2.0))
    found = bench.fit(seen, good)
    assert (found.weights.said, found.weights.pieces) == (0, 0)
    assert found.weights.score > 0 > found.weights.length


def test_figures_of_what_is_always_right(bench):
    figures = bench.Figures([0.01] * 5 + [0.99] * 5, [False] * 5 + [True] * 5)
    assert (figures.ece, figures.auc, figures.found(0.5)) == (pytest.approx(0.01), 1, 1)
    assert bench.Figures([0.5, 0.5], [True, False]).auc == 0.5


def test_the_reader_and_the_measure_agree_mostly(bench):
    verdicts = bench.judged()
    least = bench.threshold(verdicts)
    assert len(verdicts) >= 100
    assert sum(one.likeness >= least for one in verdicts) == sum(one.is_good for one in verdicts)
    assert sum((one.likeness >= least) == one.is_good for one in verdicts) / len(verdicts) > 0.7


def test_the_diagram_is_a_picture_with_a_dot_for_every_bin(bench):
    before = bench.Figures([0.15, 0.15, 0.85], [False, True, True])
    tree = ET.fromstring(bench.diagram(before, before))  # noqa: S314  # our own
    dots = [one for one in tree.iter("{http://www.w3.org/2000/svg}circle") if one.get("class") == "before"]
    assert len(dots) == 2 + 1  # the key's
    assert "prefers-color-scheme: dark" in next(tree.iter("{http://www.w3.org/2000/svg}style")).text
