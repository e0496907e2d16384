"""What became of each mention, and the smallest safe repair: a table, and the laws that hold for any text."""

from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.glossary import Became, Glossary, corrected, edits, imply, judge, parse, verify
from translator.glossary.english import stands_as_noun
from translator.glossary.score import tally, total

HERE = Path(__file__).parent
TERMS = """
terms:
  - {term: 沐神, aliases: [李沐], translation: Mu Li, also: [Li Mu], forbidden: [Bath God], kind: person}
  - {term: 深盟, translation: DMLC, kind: project}
  - {term: mxnet, translation: MXNet, kind: project}
  - {term: Go, translation: Go, kind: project, case: true}
  - {term: 飞桨, translation: PaddlePaddle, kind: project}
  - {term: 深度学习, translation: deep learning}
  - {term: 学习, translation: learning}
  - {term: 神经网络, translation: neural network}
  - {term: 卷积神经网络, translation: convolutional neural network}
  - {term: 小批量, translation: minibatch, forbidden: [small batch]}
  - {term: 激活函数, translation: activation function, forbidden: [excitation function]}
  - {term: 模型, translation: model, forbidden: [pattern]}
  - {term: 收敛, translation: converge}
  - {term: 参数, translation: parameter}
  - {term: 指标, translation: metric}
  - {term: 数据集, translation: dataset}
  - {term: 假设, translation: hypothesis}
  - {term: 词元化, translation: tokenize}
"""
GLOSSARY = Glossary(parse(TERMS))
JUDGED = yaml.safe_load((HERE / "judged.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("source", "target", "became", "right"), JUDGED)
def test_example(source, target, became, right):
    judged = judge(source, GLOSSARY.mentions(source), target)
    (said,) = imply([judged], [target])
    assert [one.became.value for one in said] == became
    assert corrected(target, said) == (target if right is None else right)


def test_what_is_implied_looks_at_the_whole_text():
    sources = ["MXNet很快。", "MXNet也很小。", "MXNet很好。"]
    targets = ["MXNet is fast.", "It is small too.", "What a thing."]
    judged = [judge(one, GLOSSARY.mentions(one), other) for one, other in zip(sources, targets, strict=True)]
    assert [said.became for (said,) in imply(judged, targets)] == [Became.OBEYED, Became.IMPLIED, Became.MISSING]
    assert [said.became for (said,) in imply(judged[1:], targets[1:])] == [Became.MISSING, Became.MISSING]
    assert imply(judged[1:2], targets[1:2], {"mxnet": True})[0][0].became is Became.IMPLIED
    assert imply(judged[1:2], targets[1:2], {"mxnet": False})[0][0].became is Became.MISSING


def test_marks_stand_where_they_stood():
    target = "<t1>Bath God</t1> uses <x2> and small <t3>batches</t3>."
    said = judge("沐神用小批量", GLOSSARY.mentions("沐神用小批量"), target)
    assert corrected(target, said) == "<t1>Mu Li</t1> uses <x2> and small <t3>batches</t3>."


@pytest.mark.parametrize(
    ("text", "phrase", "is_there"),
    [
        ("the assumption that", "assumption", True),
        ("a number of arguments.", "arguments", True),
        ("command-line arguments are", "arguments", True),
        ("this metric", "metric", True),
        ("assume that", "assume", False),
        ("to batch jobs", "batch", False),
        ("it pads text", "pads", False),
        ("they parameters", "parameters", False),
        ("the running", "running", False),
        ("the distributed", "distributed", False),
        ("Consider this", "Consider", False),
    ],
)
def test_where_a_noun_stands(text, phrase, is_there):
    at = text.index(phrase)
    assert stands_as_noun(text[:at], phrase, text[at + len(phrase) :]) is is_there


def test_two_scores():
    source = "沐神和沐神讲学习，再讲深度学习"
    mentions = GLOSSARY.mentions(source)
    target = "Mu Li on deep learning"
    judged = judge(source, mentions, target)
    every = total(tally([judged], [target]))
    # 沐神 once for twice; 学习 stands inside deep learning, which the public definition counts, the strict one not.
    assert (every.mentions, every.obeyed) == (4, 2)
    assert every.strict == 0.5
    assert every.public == pytest.approx((0.5 + 1 + 1) / 3)


CHINESE = st.lists(
    st.sampled_from(["沐神", "mxnet", "深度学习", "学习", "模型", "小批量", "卷积神经网络", "的", "，", "很快", "Go"]),
    max_size=8,
).map("".join)
ENGLISH = st.lists(
    st.sampled_from(
        ["Mu Li", "Bath God", "mxnet", "MXNet", "deep", "learning", "a pattern", "the", "it", "small batches", "沐神",
         ".", "<t1>", "</t1>", "<x2>", "arguments", "Mushen", "neural", "networks", "an"]
    ),
    max_size=10,
).map(" ".join)  # fmt: skip


@settings(deadline=None)
@given(CHINESE, ENGLISH | st.text(max_size=40))
def test_laws_of_enforcement(source, target):
    mentions = GLOSSARY.mentions(source)
    said = judge(source, mentions, target)
    assert [one.mention for one in said[: len(mentions)]] == list(mentions)
    spans = sorted(one.span for one in said if one.span and one.became in {Became.OBEYED, Became.WRONG})
    assert all(0 <= one.start < one.end <= len(target) for one in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    every = edits(target, said)
    assert all(one.span.end <= other.span.start for one, other in pairwise(every))
    after = corrected(target, said)
    assert sum(one.became is Became.WRONG for one in said) >= len(every)
    before, now = verify(mentions, target), verify(mentions, after)
    assert len(now.missing) <= len(before.missing)
    assert len(now.forbidden) <= len(before.forbidden)


@settings(deadline=None)
@given(CHINESE, ENGLISH)
def test_what_is_right_is_left_alone(source, target):
    said = judge(source, GLOSSARY.mentions(source), target)
    if all(one.became is not Became.WRONG for one in said):
        assert corrected(target, said) == target


@settings(deadline=None)
@given(st.lists(st.tuples(CHINESE, ENGLISH), max_size=5))
def test_implied_is_only_what_was_missing(text):
    targets = [target for _, target in text]
    judged = [judge(source, GLOSSARY.mentions(source), target) for source, target in text]
    for before, after in zip(judged, imply(judged, targets), strict=True):
        for one, other in zip(before, after, strict=True):
            assert one.became is other.became or (one.became, other.became) == (Became.MISSING, Became.IMPLIED)
