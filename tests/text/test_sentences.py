"""Blocks are cut where sentences end, and nothing is lost on the way."""

import re
import time
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.markdown import parse, unspell
from translator.model import Block, BlockKind, Document, InlineKind, Span
from translator.text import has_han, segment

CASES = yaml.safe_load((Path(__file__).parent / "sentences.yaml").read_text(encoding="utf-8"))
POSTS = sorted((Path(__file__).parents[2] / "posts").rglob("zh.md"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_case(case):
    found = segment(parse(case["text"]), case.get("breaks", "auto"), unspell)
    assert [one.source for one in found] == case["segments"]


def check_laws(document: Document, breaks) -> None:
    found = segment(document, breaks, unspell)
    for one in found:
        block = document.blocks[one.block]
        assert block.span.start <= one.outer.start <= one.span.start < one.span.end <= one.outer.end <= block.span.end
        assert has_han(one.source)
        assert one.source == one.source.strip()
        for mark in one.marks:
            assert mark.kind is not InlineKind.BREAK
            assert 0 <= mark.span.start <= mark.span.end <= len(one.source)
        if breaks == "keep" and block.codec.value in {"markdown", "html"}:
            assert one.source == one.span.of(document.text)
            for mark in one.marks:
                assert any(mark.span.shift(one.span.start) in _spans(inline) for inline in block.inlines)
    for one, other in pairwise(found):
        assert one.outer.end <= other.outer.start


def _spans(inline):
    if inline.inner is None:
        return {inline.span}
    return {inline.span, Span(inline.span.start, inline.inner.start), Span(inline.inner.end, inline.span.end)}


PIECES = st.sampled_from(
    [
        *[
            "你好",
            "。",
            "！",
            "；",
            "…",
            "“",
            "”",
            "（",
            "）",
            "**",
            "*",
            "`",
            "[",
            "](x)",
            "![",
            "\n",
            "\n> ",
            "- ",
            "# ",
            "1. ",
            "a",
        ],
        *[
            ".",
            "$",
            "<b>",
            "</b>",
            "<br>",
            "\\*",
            "&amp;",
            "|",
            "~~",
            '"',
            "'",
            "(",
            ")",
            "{{x}}",
            "[^1]",
            "\u3000",
            " ",
            "  \n",
        ],
    ],
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join), st.sampled_from(["auto", "keep", "join"]))
def test_laws(text, breaks):
    check_laws(parse(text), breaks)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="你。a. “”（)!？\u3000\n", max_size=40))
def test_no_chinese_is_lost_from_plain_text(text):
    document = Document(text, (Block(BlockKind.PARAGRAPH, Span(0, len(text)), Span(0, len(text))),))
    said = "".join(one.source for one in segment(document))
    assert re.sub("[^你]", "", said) == re.sub("[^你]", "", text)


@pytest.mark.parametrize("path", POSTS, ids=lambda path: path.parent.name)
@pytest.mark.parametrize("breaks", ["auto", "keep", "join"])
def test_posts_obey_the_laws(path, breaks):
    check_laws(parse(path.read_text(encoding="utf-8")), breaks)


def test_a_joined_break_keeps_the_marks_in_place():
    (one,) = segment(parse("> 前面[链\n> 接](http://x.cn)后**粗**面"), "join", unspell)
    assert one.source == "前面[链接](http://x.cn)后**粗**面"
    assert [mark.span.of(one.source) for mark in one.marks] == ["[链接](http://x.cn)", "**粗**"]
    assert one.marks[0].inner.of(one.source) == "链接"
    assert one.marks[0].destination.of(one.source) == "http://x.cn"


def test_half_a_pair_is_an_atom():
    first, second = segment(parse("一**粗\n体**二"), "keep", unspell)
    assert [(mark.span.of(first.source), mark.inner) for mark in first.marks] == [("**", None)]
    assert [(mark.span.of(second.source), mark.inner) for mark in second.marks] == [("**", None)]


def test_outer_holds_the_marks_that_enclose_a_sentence():
    document = parse("**整句。** ![](a.png)")
    (one,) = segment(document, "auto", unspell)
    assert (one.outer.of(document.text), one.span.of(document.text)) == ("**整句。**", "整句。")


def test_time_is_linear():
    def seconds(size: int) -> float:
        text = "他说“**你好**。”（然后（走" * size
        document = Document(text, (Block(BlockKind.PARAGRAPH, Span(0, len(text)), Span(0, len(text))),))
        start = time.perf_counter()
        segment(document)
        return time.perf_counter() - start

    seconds(100)
    assert seconds(8000) < 40 * max(seconds(1000), 0.001)
