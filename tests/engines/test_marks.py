import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.engines import marks


@pytest.mark.parametrize(
    ("source", "target", "kept"),
    [
        ("<t1>a</t1><x2>", "<x2> <t1>b</t1>", True),
        ("<t1>a</t1>", "b", False),
        ("<t1>a</t1>", "<t1>b", False),
        ("<t1>a</t1>", "</t1>b<t1>", False),
        ("<x1>", "<x1><x1>", False),
        ("<t1>a<t2>b</t2></t1>", "<t1>a<t2>b</t1></t2>", False),
        ("a", "a <x1>", False),
    ],
)
def test_marks_are_compared(source, target, kept):
    assert marks.are_kept(source, target) is kept


@given(st.lists(st.sampled_from(["<t12>", "</t12>", "<t1>", "</t1>", "<x3>", "<x40>", "字"])).map("".join))
def test_renumbering_can_be_undone(text):
    new, old = marks.renumber(text)
    assert marks.swap(new, old) == text


def test_numbers_follow_appearance():
    assert marks.renumber("<x7><t30>a</t30><x7>")[0] == "<x1><t2>a</t2><x1>"


def test_tags_around_the_same_words_are_one():
    new, old = marks.renumber("看<t1><t2><t5>书</t5></t2></t1>和<t3>字<t4>画</t4></t3>")
    assert new == "看<t1>书</t1>和<t2>字<t3>画</t3></t2>"
    assert old["<t1>"] == "<t1><t2><t5>"
    assert old["</t1>"] == "</t5></t2></t1>"
