"""Approved sentences become lessons as the model is asked, and no PyTorch is needed for that."""

import re
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.engines.marks import are_kept
from translator.errors import DuizhaoError
from translator.glossary import Glossary
from translator.model import Term
from translator.pipeline.evaluate import Row, row_cases
from translator.pipeline.lessons import lesson_of
from translator.train.lesson import FEWEST, Lesson, divide, is_held_out

GLOSSARY = Glossary([Term("梯度下降", "gradient descent"), Term("沐神", "Mu Li")])
MADE = [
    ("用模型。", "Use the model.", ("用模型。", "用模型。", "Use the model.")),
    (
        "用**梯度下降**训练`net`。",
        "Train `net` by **gradient descent**.",
        (
            "用<t1>梯度下降</t1>训练`net`。",
            "用<t1><hint>梯度下降<is>gradient descent</hint></t1>训练`net`。",
            "Train `net` by <t1>gradient descent</t1>.",
        ),
    ),
    (  # two links, in another order
        "[书](http://a.b/1)和[课](http://a.b/2)。",
        "[The course](http://a.b/2) and [the book](http://a.b/1).",
        ("<t1>书</t1>和<t2>课</t2>。",) * 2 + ("<t2>The course</t2> and <t1>the book</t1>.",),
    ),
    (  # a bold link is one tag
        "[**沐神**](http://a.b)好。",
        "[**Mu Li**](http://a.b) is good.",
        ("<t1>沐神</t1>好。", "<t1><hint>沐神<is>Mu Li</hint></t1>好。", "<t1>Mu Li</t1> is good."),
    ),
    # emphasis on one side alone is left out
    ("用**网络**。", "Use networks.", ("用网络。", "用网络。", "Use networks.")),
    ("用网络。", "Use *networks*.", ("用网络。", "用网络。", "Use networks.")),
    # a term that the English does not say is no hint
    ("梯度下降。", "Going down.", ("梯度下降。", "梯度下降。", "Going down.")),
    # no lessons
    ("运行`a`。", "Run `b`.", None),
    ("看[书](http://a.b)。", "See the book.", None),
    ("看书。", "See [the book](http://a.b).", None),
    ("**一**" * 10 + "。", "**one** " * 10 + ".", None),
]


def made(source, target):
    (case,) = row_cases([Row("1", source, target)], GLOSSARY)
    return lesson_of(case)


@pytest.mark.parametrize(("source", "target", "wanted"), MADE, ids=[each[0] for each in MADE])
def test_a_sentence_becomes_a_lesson_or_none(source, target, wanted):
    assert made(source, target) == (wanted and Lesson(*wanted))


PARTS = st.lists(
    st.sampled_from(["{}", "**{}**", "*{}*", "[{}](http://a.b)", "`x`", "$y$", "~~{}~~"]), min_size=1, max_size=6
)


@settings(max_examples=40)
@given(PARTS, st.randoms(use_true_random=False))
def test_a_lesson_has_its_marks_on_both_sides(parts, rng):
    left = "，".join(each.format("网络") for each in parts) + "。"
    rng.shuffle(parts)
    lesson = made(left, ", ".join(each.format("words") for each in parts) + ".")
    assert lesson is not None
    assert are_kept(lesson.bare, lesson.target)
    assert re.sub("<.*?>", "", lesson.hinted) == re.sub("<.*?>", "", lesson.bare)


SENTENCES = st.lists(st.integers(0, 300), min_size=FEWEST, max_size=120, unique=True)


@settings(max_examples=30)
@given(SENTENCES, st.data())
def test_a_tenth_is_held_out_by_sentence(numbers, data):
    some = [Lesson(f"句{n}", f"句{n}", f"sentence {n}") for n in numbers]
    more = data.draw(st.lists(st.sampled_from(some)))
    twice = [*some, *(each._replace(target="another") for each in more)]
    learnt, held_out, _ = divide(twice)
    assert {*learnt, *held_out} == set(twice)
    assert not {each.bare for each in learnt} & {each.bare for each in held_out}
    assert held_out
    assert learnt
    chosen = {each.bare for each in held_out}
    assert chosen == {each.bare for each in some if is_held_out(each.bare)} or chosen == {some[0].bare}


def test_it_is_about_a_tenth():
    assert 70 < sum(is_held_out(f"第{n}句") for n in range(1000)) < 130


def test_too_few_are_refused_with_the_way_out():
    some = [Lesson(str(n), str(n), "x") for n in range(FEWEST - 1)] * 2
    with pytest.raises(DuizhaoError, match=r"19 approved sentences are too few .*duizhao review"):
        divide(some)


def test_nothing_but_training_imports_pytorch():
    code = (
        "import sys; import translator.pipeline.train, translator.pipeline.lessons, translator.cli.train;"
        "print([name for name in sys.modules if name.split('.')[0] == 'torch'])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
