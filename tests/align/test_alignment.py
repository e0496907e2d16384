"""The laws of alignment, on any texts; and what single answers look like."""

import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.align import links, rendering, renderings
from translator.model import Span

WORDS = ["模型", "小批量", "沐神", "梯度", "MXNet", "的", "，", "数据", "。", " ", "網絡", "𠀀"]
SAID = [
    "model",
    "models",
    "the",
    "small batch",
    "Mu Shen",
    "gradient",
    ",",
    " ",
    "of",
    "MXNet",
    "沐神",
    "'s",
    "-",
    "data",
]
CHINESE = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(WORDS), max_size=12).map("".join))
ENGLISH = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(SAID), max_size=16).map(" ".join))


@given(CHINESE, ENGLISH)
@settings(max_examples=80, deadline=None)
def test_links_stand_in_the_texts_apart_from_each_other(source, target):
    found = links(source, target)
    assert found == links(source, target)
    assert all(0 < link.score <= 1 for link in found)
    for text, spans in ((source, [link.source for link in found]), (target, [link.target for link in found])):
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert all(one.end <= other.start for one, other in pairwise(sorted(spans)))


@given(CHINESE, ENGLISH, st.data())
@settings(max_examples=80, deadline=None)
def test_renderings_stand_in_the_target_best_first(source, target, data):
    start = data.draw(st.integers(0, len(source)))
    span = Span(start, data.draw(st.integers(start, len(source))))
    found = rendering(source, span, target)
    assert found == rendering(source, span, target)
    assert all(0 <= each.span.start < each.span.end <= len(target) for each in found)
    assert all(0 < each.score <= 1 for each in found)
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    assert {each.proof for each in found} <= {"phrase", "words", "same", "pinyin", "akin"}


@given(ENGLISH)
@settings(max_examples=40, deadline=None)
def test_where_nothing_is_asked_nothing_is_found(target):
    assert rendering("模型", Span(1, 1), target) == []
    assert rendering("", Span(0, 0), target) == []
    assert links("", target) == []


def test_where_nothing_is_said_nothing_is_found():
    assert rendering("这个模型很大。", Span(2, 4), "") == []
    assert rendering("这个模型很大。", Span(2, 4), "It is the one that they have.") == []
    assert links("这个模型很大。", "") == []


@pytest.mark.parametrize(
    ("source", "word", "target", "said", "proof"),
    [
        ("这个小批量很大。", "小批量", "This minibatch is large.", "minibatch", "phrase"),
        ("这个小批量很大。", "小批量", "This small batch is large.", "small batch", "words"),
        ("我听沐神讲课。", "沐神", "I listen to Mushen's lectures.", "Mushen", "pinyin"),
        ("我听沐神讲课。", "沐神", "I listen to 沐神 lecture.", "沐神", "same"),
        ("我听李沐老师讲课。", "李沐老师", "I listen to Mu Li lecture.", "Mu Li", "pinyin"),
        ("曾老师在教书。", "曾老师", "Zeng is teaching.", "Zeng", "pinyin"),
        ("這個模型很大。", "模型", "This model is large.", "model", "phrase"),
        ("这个模型很大。", "模型", "This pattern is large.", "pattern", "akin"),
        ("用MXNet来训练。", "MXNet", "Train with mxnet.", "mxnet", "same"),
        ("用GPU来训练。", "GPU", "Train with GPUs.", "GPUs", "same"),
    ],
)  # fmt: skip
def test_a_mention_is_found_by(source, word, target, said, proof):
    start = source.index(word)
    best = rendering(source, Span(start, start + len(word)), target)[0]
    assert (best.span.of(target), best.proof) == (said, proof)


def test_a_word_that_says_something_else_is_no_rendering():
    source, target = "这个数据集的结构很简单。", "The structure is very simple."
    assert rendering(source, Span(2, 5), target) == []


def test_two_mentions_have_a_place_each():
    source, target = "旧模型比新模型小。", "The old model is smaller than the new model."
    places = [rendering(source, Span(at, at + 2), target)[0].span.start for at in (1, 5)]
    assert places == [target.index("model"), target.rindex("model")]


def test_a_doubtful_place_counts_less():
    sure = rendering("指针很小。", Span(0, 2), "The pointer is small.")[0].score
    doubtful = rendering("指针加一，指针减一。", Span(5, 7), "The pointer moves.")
    assert all(each.score < sure for each in doubtful)


def test_what_the_lexicon_knows_is_given_likeliest_first():
    known = renderings("小批量")
    assert next(iter(known)) == "minibatch"
    assert "small batch" in known
    assert list(known.values()) == sorted(known.values(), reverse=True)
    assert renderings("數據") == renderings("数据") != {}
    assert renderings("沐神") == renderings("") == renderings("词" * 300) == {}


def test_long_texts_take_time_in_proportion():
    source, target = "我们用模型和小批量，" * 400, "we use models and small batches, " * 400
    asked = Span(len(source) - 4, len(source) - 1)
    best = rendering(source, asked, target)[0]
    assert best.span.of(target) == "small batches"
    assert best.span.start > len(target) * 0.9


def test_loading_needs_no_library():
    program = (
        "import sys; from translator.align import renderings; renderings('model');"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'jieba', 'numpy', 'ctranslate2', 'opencc',"
        " 'sentencepiece', 'pypinyin', 'yaml'}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
