import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.engines import marks
from translator.engines.cut import cut
from translator.model import Span

words = st.text(alphabet="你好世界，。；：、！ aB3…“”（）😀", max_size=12)
marked = st.recursive(
    words,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, st.integers(1, 40)).map(lambda p: f"<t{p[1]}>{p[0]}</t{p[1]}>"),
        st.integers(41, 60).map(lambda n: f"<x{n}>"),
    ),
    max_leaves=12,
)


def texts(text, parts):
    return [part.span.of(text) for part in parts]


@given(marked, st.integers(3, 40))
def test_the_parts_are_the_text_and_their_marks_are_balanced(text, most):
    parts = cut(text, lambda piece: len(piece) <= most)
    assert "".join(texts(text, parts)) == text
    if len(set(marks.MARK.findall(text))) == len(marks.MARK.findall(text)):
        assert all(marks.are_nested(part.span.of(text)) for part in parts if part.are_words)


@given(st.text(alphabet="你好世界，a", min_size=30, max_size=60), st.integers(0, 20), st.integers(1, 9))
def test_a_whole_span_is_never_cut(text, start, size):
    parts = cut(text, lambda piece: len(piece) <= 5, [Span(start, start + size)])
    edges = {part.span.start for part in parts}
    assert not any(start < edge < start + size for edge in edges)


@given(marked)
def test_no_part_of_words_has_too_many_marks(text):
    if len(set(marks.MARK.findall(text))) < len(marks.MARK.findall(text)):
        return
    for part in cut(text, lambda piece: marks.count(piece) <= 2):
        assert not part.are_words or marks.count(part.span.of(text)) <= 2


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("短。", ["短。"]),
        ("今天天气很好很好，我们一起出去玩一会吧", ["今天天气很好很好，", "我们一起出去玩一会吧"]),
        ("今天天气很好很好；明天天气很好，我们一起", ["今天天气很好很好；", "明天天气很好，我们一起"]),
        ("<t1>今天天气很好很好，我们出去玩一会吧</t1>", ["<t1>", "今天天气很好很好，", "我们出去玩一会吧", "</t1>"]),
        ("", []),
    ],
)
def test_good_places_come_first(text, parts):
    assert texts(text, cut(text, lambda piece: len(piece) <= 14)) == parts
