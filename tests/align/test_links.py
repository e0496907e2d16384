"""Word links for the reviewer: a floor for their quality on a list made by hand, and laws of any texts."""

import importlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.align import word_links

CHINESE = ["我们", "这个", "模型", "用", "训练数据", "学习率", "不能", "的", "一个", "，", "<t1>", "3", "與其"]
ENGLISH = ["with", "the", "model", "we", "training", "data", "not", "learning", "rate", "a", ",", "<t1>", "3", "We"]


@pytest.fixture(scope="module")
def bench(request):
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(request.config.rootpath / "tests" / "bench"))
        yield importlib.import_module("links_quality")


@pytest.fixture(scope="module")
def every(bench):
    return bench.cases()


def test_the_list_is_long_enough_and_has_drafts_of_a_machine(every):
    assert len(every) >= 40
    assert {"machine", "person"} == {case.writer for case in every}
    assert all(case.sure and case.sure <= case.possible for case in every)


@pytest.mark.parametrize("half", [0, 1], ids=["tuning", "held-out"])
def test_links_are_right_and_most_are_found(bench, every, half):
    figures = bench.measure(every[half::2], bench.by_word)
    assert figures.precision >= 0.96
    assert figures.recall >= 0.81
    assert figures.error <= 0.12


@pytest.mark.parametrize(
    ("source", "target", "wanted"),
    [
        ("训练数据", "training data", "训练=training 数据=data"),
        ("我们不用这个模型。", "We do not use this model.", "我们=We 不=not 用=use 这个=this 模型=model"),
        ("与其等待，不如开始。", "And do not wait, begin.", "等待=wait 开始=begin"),
        ("我们写代码。", "It is raining.", ""),
    ],
)
def test_words_are_linked(source, target, wanted):
    said = [f"{link.source.of(source)}={link.target.of(target)}" for link in word_links(source, target)]
    assert said == wanted.split()


@given(st.lists(st.sampled_from(CHINESE), max_size=12), st.lists(st.sampled_from(ENGLISH), max_size=12))
def test_links_are_disjoint_in_order_and_inside_the_texts(left, right):
    source, target = "".join(left), " ".join(right)
    found = word_links(source, target)
    assert found == sorted(found)
    for side, text in ((0, source), (1, target)):
        spans = sorted(link[side] for link in found)
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(0 < link.score <= 1 for link in found)
