"""Every mention is counted, once; repairs touch only what is sure; holes are filled as a person would."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.glossary import Glossary, article, corrected, fill, is_name, judge, parse, verify, with_first

HERE = Path(__file__).parent
TERMS = """
terms:
  - term: 沐神
    aliases: [李沐]
    translation: Mu Li
    also: [Li Mu]
    forbidden: [Bath God]
    first: Mu Li (沐神)
    kind: person
  - {term: mxnet, translation: MXNet, kind: project}
  - {term: mshadow, translation: mshadow, kind: project}
  - {term: PyTorch, translation: PyTorch, forbidden: [Pytorch]}
  - {term: C++, translation: C++, kind: project}
  - {term: C, translation: C, kind: project}
  - {term: GPU, translation: GPU}
  - {term: softmax, keep: true}
  - {term: 深度学习, translation: deep learning}
  - {term: 学习, translation: learning, forbidden: [study]}
  - {term: 神经网络, translation: neural network, also: [neural net]}
  - term: 卷积神经网络
    translation: convolutional neural network
    also: [CNN]
    first: convolutional neural network (CNN)
  - {term: 交叉熵, translation: cross-entropy}
  - {term: 小批量, translation: minibatch, forbidden: [small batch]}
  - {term: 超参数, translation: hyperparameter}
  - {term: 收敛, translation: converge, also: [convergence]}
  - {term: 泛化, translation: generalization}
  - {term: 语料库, translation: corpus}
  - {term: 矩阵, translation: matrix}
  - {term: 迭代周期, translation: epoch}
  - {term: 子采样, translation: subsampling}
  - {term: 齐普夫定律, translation: Zipf's law}
  - {term: 格拉姆矩阵, translation: Gram matrix}
  - {term: 停用词, translation: stop word}
  - {term: 模型, translation: model, forbidden: [pattern]}
  - {term: 激活函数, translation: activation function}
  - {term: 甲, translation: Y, also: [X]}
  - {term: 乙, translation: X}
"""
GLOSSARY = Glossary(parse(TERMS))
VERDICTS = yaml.safe_load((HERE / "verdicts.yaml").read_text(encoding="utf-8"))
REPAIRS = yaml.safe_load((HERE / "repairs.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("source", "target", "expected"), VERDICTS)
def test_verdict(source, target, expected):
    verdict = verify(GLOSSARY.mentions(source), target)
    found = {
        "obeyed": [span.of(target) for _, span in verdict.obeyed],
        "missing": [mention.term.term for mention in verdict.missing],
        "forbidden": [span.of(target) for _, span in verdict.forbidden],
    }
    assert {name: list(values) for name, values in found.items() if values} == expected
    assert verdict.is_clean == (not verdict.missing and not verdict.forbidden)


@pytest.mark.parametrize(("source", "draft", "repaired"), REPAIRS)
def test_repair(source, draft, repaired):
    mentions = GLOSSARY.mentions(source)
    assert corrected(draft, judge(source, mentions, draft)) == (repaired or draft)


def test_a_person_takes_no_article():
    draft = "<t1>See</t1> the Bath God now"
    assert corrected(draft, judge("沐神", GLOSSARY.mentions("沐神"), draft)) == "<t1>See</t1> Mu Li now"


def test_a_first_mention_gets_its_full_form():
    mentions = [replace(mention, wanted=mention.term.first) for mention in GLOSSARY.mentions("卷积神经网络")]
    source, draft = "卷积神经网络", "A convolutional neural network is good."
    repaired = corrected(draft, judge(source, mentions, draft))
    assert repaired == "A convolutional neural network (CNN) is good."
    assert corrected(repaired, judge(source, mentions, repaired)) == repaired


@pytest.mark.parametrize(
    ("text", "wanted", "filled"),
    [
        ("A ⟦0⟧ is", "activation function", "An activation function is"),
        ("an ⟦0⟧ is", "neural network", "a neural network is"),
        ("a ⟦0⟧ model", "MXNet", "an MXNet model"),
        ("a <t1>⟦0⟧</t1> model", "MXNet", "an <t1>MXNet</t1> model"),
        ("⟦0⟧s are", "neural network", "Neural networks are"),
        ("the ⟦0⟧s are", "corpus", "the corpora are"),
        ("the ⟦0⟧s are", "stop words", "the stop words are"),
        ("the ⟦0⟧s are", "GPU", "the GPUs are"),
        ("⟦0⟧'s list", "Mu Li", "Mu Li's list"),
        ("use deep ⟦0⟧ learning", "deep learning", "use deep learning"),
        ("the ⟦0⟧", "the thing", "The thing"),
        ("in⟦0⟧and", "Zhihu", "in Zhihu and"),
        ("Good. ⟦0⟧ is", "deep learning", "Good. Deep learning is"),
        ("e.g. ⟦0⟧ is", "deep learning", "e.g. deep learning is"),
        ("“⟦0⟧” is", "deep learning", "“Deep learning” is"),
        ("no hole", "x", "no hole"),
    ],
)
def test_fill(text, wanted, filled):
    assert fill(text, "⟦0⟧", wanted) == filled


def test_a_name_keeps_its_small_letter():
    assert fill("<x9> is", "<x9>", "mshadow", name=True) == "mshadow is"


TEMPLATES = st.sampled_from(
    ["⟦⟧ is good.", "We use a ⟦⟧ here.", "Use ⟦⟧s!", "See <t1>⟦⟧</t1>'s <x1>.", "(⟦⟧)", "And⟦⟧and"]
)


@settings(deadline=None)
@given(TEMPLATES, st.sampled_from(GLOSSARY.terms))
def test_what_is_filled_in_is_obeyed(template, term):
    mentions = GLOSSARY.mentions(term.term)
    (mention,) = mentions
    text = fill(template, "⟦⟧", mention.wanted, name=is_name(term))
    assert verify(mentions, text).is_clean


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["沐神", "mxnet", "深度学习", "学习", "模型", "神经网络", "卷积神经网络"]), max_size=6),
    st.lists(
        st.sampled_from(["Mu Li", "Li Mu", "Bath God", "mxnet", "MXNet", "deep", "learning", "pattern", "CNN"]),
        max_size=9,
    ),
)
def test_laws_of_a_verdict(source, target):
    chinese, text = "，".join(source), " ".join(target)
    mentions = GLOSSARY.mentions(chinese)
    verdict = verify(mentions, text)
    assert len(verdict.obeyed) + len(verdict.missing) == len(mentions)
    spans = sorted(span for _, span in (*verdict.obeyed, *verdict.forbidden))
    assert all(one.end <= other.start for one, other in pairwise(spans))
    after = verify(mentions, corrected(text, judge(chinese, mentions, text)))
    assert len(after.missing) <= len(verdict.missing)
    assert len(after.forbidden) <= len(verdict.forbidden)


AN = "MXNet LSTM RNN SVM hour example 8-bit ImageNet XGBoost upper umbrella n-gram L1 MIT NVIDIA x-axis"
A = "CNN GPU MATLAB unigram user U-Net one-hot European NumPy university k-means token URL"


@pytest.mark.parametrize(
    ("phrase", "right"),
    [
        *((word, "an") for word in AN.split()),
        *((word, "a") for word in A.split()),
    ],
)
def test_article(phrase, right):
    assert article(phrase) == right


def test_first_mentions():
    texts = ["卷积神经网络是好的", "卷积神经网络和沐神", "沐神"]
    mentions = [GLOSSARY.mentions(text) for text in texts]
    given_first = with_first(mentions, texts, [False, True, True])
    assert [[mention.wanted for mention in found] for found in given_first] == [
        ["convolutional neural network"],
        ["convolutional neural network (CNN)", "Mu Li (沐神)"],
        ["Mu Li"],
    ]


@pytest.mark.parametrize("text", ["卷积神经网络（CNN）", "卷积神经网络 (CNN, 1989)", "CNN（卷积神经网络）"])
def test_an_author_who_glosses_needs_no_first_form(text):
    texts = [text, "卷积神经网络"]
    found = with_first([GLOSSARY.mentions(one) for one in texts], texts, [True, True])
    assert [mention.wanted for one in found for mention in one] == ["convolutional neural network"] * 2


def test_a_chinese_gloss_is_no_gloss():
    text = "卷积神经网络（很好）"
    ((mention,),) = with_first([GLOSSARY.mentions(text)], [text], [True])
    assert mention.wanted == "convolutional neural network (CNN)"
