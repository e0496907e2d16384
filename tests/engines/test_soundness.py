"""What is no translation is seen, and what is one is not blamed: a table of good and bad answers."""

import os
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from speaking import ONE_FAULTS, english, wrong

from translator.formats import load
from translator.model import JOINED
from translator.pipeline.sound import RULES, unsound

TABLE = Path(__file__).parent / "soundness.tsv"
ROWS = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]]
PAIRS = os.environ.get("DUIZHAO_PAIRS", "")
"""A file of true pairs, source and English in the last two columns, to count false blame on; else the post's own."""
RECORD = Path(__file__).parent.parent.parent / "posts" / "mxnet" / "en.po"
UNSOUND = set(ONE_FAULTS) - {"marks lost", "marks renamed", "marks nested wrong", "terms ignored"}
"""What a model does wrong that no other part of the pipeline sees."""


@pytest.mark.parametrize(("why", "source", "said"), ROWS, ids=[f"{row[1][:12]}…{row[2][:24]}" for row in ROWS])
def test_what_is_said_of_an_answer(why, source, said):
    found = unsound(source, said)
    assert found.startswith(why) if why else not found


def test_every_rule_has_an_example():
    given_ = {row[0] for row in ROWS if row[0]}
    assert all(any(why.startswith(each) for each in given_) for why, _ in RULES)


@pytest.mark.parametrize("fault", sorted(UNSOUND))
def test_what_models_do_wrong_is_seen(fault):
    text = "我们先用<t1>梯度下降</t1>训练一个小模型，细节可以参见这篇文档里的<x2>函数。"
    assert not unsound(text, english(text))
    assert unsound(text, wrong(text, fault))


@given(st.text(alphabet="我们的模型训练学习，。？ab3<x1>t/ 😀the", max_size=60), st.text(max_size=80))
def test_any_two_texts_can_be_looked_at(source, said):
    assert isinstance(unsound(source, said), str)


@given(st.text(alphabet="的模型训练学习数据", min_size=1, max_size=30))
def test_an_echo_is_never_sound(text):
    assert unsound(text, text)
    assert unsound(f"{text}。", f" {text}. ")


def true_pairs():
    """Give the pairs of the file that is named, else those of the post that ships, which a person approved."""
    if PAIRS:
        return [tuple(line.split("\t")[-2:]) for line in Path(PAIRS).read_text(encoding="utf-8").splitlines()]
    entries = load(RECORD.read_text(encoding="utf-8")).entries
    return [(each.source, each.target) for each in entries if each.target not in {"", JOINED}]


def test_true_pairs_are_hardly_ever_blamed():
    pairs = true_pairs()
    blamed = [(why, *pair) for pair in pairs if (why := unsound(*pair))]
    others = random.Random(1).sample([said for _, said in pairs], len(pairs))  # noqa: S311  # no secret
    swapped = sum(bool(unsound(source, said)) for (source, _), said in zip(pairs, others, strict=True))
    print(f"{len(blamed)} of {len(pairs)} true pairs blamed, {swapped} when shuffled")
    assert len(pairs) > 50
    assert len(blamed) <= len(pairs) / 1000, blamed
    assert swapped > len(pairs) / 10
