"""What holds for every text whatsoever."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from translator.errors import InputError
from translator.markdown import (
    MarkError,
    append_lost,
    check_marks,
    headings,
    inventory,
    links,
    parse,
    plain,
    plain_map,
    protect,
    restore,
    scan,
    skeleton,
    slugs,
    spell,
    units,
    unspell,
)
from translator.markdown.protect import MARK
from translator.model import BlockKind, Codec, Document, Edit, Inline, InlineKind, Span
from translator.splice import splice

PIECES = st.sampled_from(
    [
        "中文",
        "标题",
        "，",
        "。",
        "“引”",
        "word",
        " ",
        "  ",
        "\n",
        "\r\n",
        "\r",
        "\n\n",
        "\t",
        "\0",
        "\xa0",
        "\u3000",
        "\u200b",
        "\u2028",
        "*",
        "**",
        "***",
        "_",
        "__",
        "~~",
        "`",
        "``",
        "```",
        "[",
        "]",
        "(",
        ")",
        "![",
        "](",
        "](a)",
        "[a]",
        "[^1]",
        "[^1]: ",
        "^[",
        "<",
        ">",
        "<b>",
        "</b>",
        "<br>",
        "<div>",
        "</div>",
        "<p>",
        "</p>",
        "<!--",
        "-->",
        "<code>",
        "</code>",
        "<pre>",
        "</pre>",
        '<img alt="图">',
        "<t1>",
        "<x2>",
        "</t1>",
        "&amp;",
        "&nbsp;",
        "&lt;",
        "&",
        "\\",
        "\\*",
        "\\\n",
        "$",
        "$$",
        "\\(",
        "\\)",
        "\\[",
        "\\]",
        "{%",
        "%}",
        "{% a %}",
        "{% enda %}",
        "{% raw %}",
        "{% endraw %}",
        "{{<",
        ">}}",
        "{{< b >}}",
        "{{< /b >}}",
        "{#id}",
        ":::",
        "::: tip 题",
        '!!! note "题"',
        "    ",
        "> ",
        "- ",
        "1. ",
        "# ",
        "#题",
        "---",
        "===",
        "|",
        "|-|",
        "\n|-|-|\n",
        "[a]: b",
        ' "题"',
        "http://a.b",
        "a@b.c",
        ":smile:",
        ":label:`a`",
        "- [ ] ",
        ": ",
        "\ufeff",
        "title: 题",
        "+++",
        "tags:\n  - 甲\n",
        "<!-- duizhao:off -->",
        "<!-- duizhao:on -->",
    ]
)
TEXTS = st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=60)
SETTINGS = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
LINES = st.lists(
    PIECES.filter(lambda piece: "\n" not in piece and "\r" not in piece and piece not in "\0\u2028"), max_size=25
).map("".join)


def parsed(text: str) -> Document:
    try:
        return parse(text)
    except InputError:
        return Document(text, ())


@SETTINGS
@given(TEXTS)
def test_blocks_are_disjoint_and_in_order(text):
    end = 0
    for block in parsed(text).blocks:
        assert end <= block.span.start < block.span.end <= len(text)
        assert block.lines.start <= block.span.start
        assert block.span.end <= block.lines.end
        end = block.span.end


@SETTINGS
@given(TEXTS)
def test_lines_are_whole(text):
    for block in parsed(text).blocks:
        assert block.lines.start == 0 or text[block.lines.start - 1] in "\r\n" or text[: block.lines.start] == "\ufeff"
        assert block.lines.end == len(text) or text[block.lines.end - 1] in "\r\n"


@SETTINGS
@given(TEXTS)
def test_units_put_together_are_the_document(text):
    document = parsed(text)
    found = units(document)
    assert "".join(unit.span.of(text) for unit in found) == text
    if document.blocks:
        assert [index for unit in found for index in unit.blocks] == list(range(len(document.blocks)))


@SETTINGS
@given(TEXTS)
def test_prose_has_no_blank_edges(text):
    for block in parsed(text).blocks:
        if (
            block.kind.is_prose
            and block.kind is not BlockKind.TITLE
            and block.codec not in {Codec.ATTRIBUTE, Codec.YAML}
        ):
            inside = block.span.of(text)
            assert inside == inside.strip(" \t\r\n")


def assert_nested(inlines: tuple[Inline, ...], start: int, end: int) -> None:
    keys = [(inline.span.start, -inline.span.end) for inline in inlines]
    assert keys == sorted(keys)
    stack = [(start, end)]
    for inline in inlines:
        while inline.span.start >= stack[-1][1]:
            stack.pop()
        assert stack[-1][0] <= inline.span.start < inline.span.end <= stack[-1][1]
        for inside in (
            *inline.prose,
            *([inline.inner] if inline.inner else []),
            *([inline.destination] if inline.destination else []),
        ):
            assert inline.span.start <= inside.start <= inside.end <= inline.span.end
        stack.append(inline.inner or (inline.span.end, inline.span.end))


@SETTINGS
@given(TEXTS)
def test_inlines_are_nested_inside_their_block(text):
    for block in parsed(text).blocks:
        assert_nested(block.inlines, *block.span)


DELIMITERS = {
    InlineKind.STRONG: ("**", "__"),
    InlineKind.EM: ("*", "_"),
    InlineKind.STRIKE: ("~~",),
    InlineKind.LINK: ("[",),
    InlineKind.IMAGE: ("![",),
    InlineKind.CODE: ("`",),
    InlineKind.MATH: ("$", "\\"),
    InlineKind.HTML: ("<",),
    InlineKind.TAG: ("{", "[["),
    InlineKind.ROLE: (":", "{"),
    InlineKind.FOOTNOTE: ("[^", "^["),
    InlineKind.ATTRIBUTES: ("{",),
    InlineKind.ESCAPE: ("\\",),
    InlineKind.ENTITY: ("&",),
}


@SETTINGS
@given(TEXTS)
def test_delimiters_are_what_they_say(text):
    for block in parsed(text).blocks:
        for inline in block.inlines:
            source = inline.span.of(text)
            if inline.kind in DELIMITERS:
                assert source.startswith(DELIMITERS[inline.kind])
            if inline.kind in {InlineKind.STRONG, InlineKind.EM, InlineKind.STRIKE}:
                assert inline.inner
                assert (
                    source[: inline.inner.start - inline.span.start] == source[inline.inner.end - inline.span.start :]
                )
            if inline.kind is InlineKind.BREAK:
                assert "\n" in source or "\r" in source


@SETTINGS
@given(LINES)
def test_a_scan_of_a_fragment_is_nested(text):
    assert_nested(scan(text), 0, len(text))


@SETTINGS
@given(TEXTS)
def test_nothing_else_fails(text):
    document = parsed(text)
    assert skeleton(document) == skeleton(document)
    hash(skeleton(document))
    inventory(document)
    assert len(slugs(document)) == len(headings(document))
    for link in links(document):
        assert link.span.start <= link.destination.start <= link.destination.end <= link.span.end


@SETTINGS
@given(TEXTS)
def test_parsing_is_stable_under_the_identity(text):
    document = parsed(text)
    assert splice(text, [Edit(b.span, b.span.of(text)) for b in document.blocks]) == text


@SETTINGS
@given(TEXTS)
def test_spelling_what_was_read_gives_the_bytes(text):
    document = parsed(text)
    for block in document.blocks:
        if block.kind.is_prose:
            assert spell(unspell(block, document), block, document) == block.span.of(text)


# ── Marks ──


@SETTINGS
@given(LINES)
def test_restoring_what_was_protected_is_the_source(text):
    protected = protect(text, scan(text))
    check_marks(protected, protected.text)
    assert restore(protected, protected.text) == text


@SETTINGS
@given(LINES)
def test_the_plain_text_maps_back(text):
    marked = protect(text, scan(text)).text
    bare, offsets = plain_map(marked)
    assert bare == plain(marked)
    assert len(offsets) == len(bare) + 1
    assert all(marked[offset] == character for character, offset in zip(bare, offsets, strict=False))


WORDS = st.lists(
    st.sampled_from(
        [
            "word",
            "“x”",
            " ",
            ", ",
            "*",
            "_",
            "`",
            "[",
            "]",
            "(a)",
            "<",
            "&amp;",
            "$5",
            "\\",
            "1. ",
            "# ",
            "- ",
            "~~",
            "![",
            "{",
            ":::",
            "|",
            "!",
            "字",
        ]
    ),
    max_size=6,
).map("".join)


@SETTINGS
@given(LINES, st.data())
def test_a_translation_has_the_marks_of_its_source(text, data):
    protected = protect(text, scan(text))
    target = MARK.sub(
        lambda found: data.draw(WORDS) + found[0] + data.draw(WORDS), protected.text.replace("中文", "word")
    )
    try:
        said = restore(protected, target)
    except MarkError:
        return
    assert kinds(scan(said)) == kinds(scan(text))


UNCOUNTED = {InlineKind.ESCAPE, InlineKind.ENTITY, InlineKind.AUTOLINK, InlineKind.BREAK}


def kinds(inlines):
    return sorted(inline.kind for inline in inlines if inline.kind not in UNCOUNTED)


@SETTINGS
@given(LINES, st.integers(0, 2**32))
def test_marks_in_any_order_come_back(text, seed):
    protected = protect(text, scan(text))
    marks = MARK.findall(protected.text)
    shuffled = list(MARK.finditer(protected.text))
    random.Random(seed).shuffle(shuffled)  # noqa: S311
    mended = append_lost(protected, "word ".join(found[0] for found in shuffled) + " <x99> <t1> </t1>" * bool(marks))
    check_marks(protected, mended.text)
    try:
        restore(protected, mended.text)
    except MarkError as error:
        assert not error.lost + error.doubled + error.unknown  # noqa: PT017


def test_lost_marks_are_named():
    protected = protect("看**图** `a` [b](c)", scan("看**图** `a` [b](c)"))
    with pytest.raises(MarkError) as raised:
        restore(protected, "see <t1>fig</t1> <x2> <x2> <t9>")
    assert (raised.value.lost, raised.value.doubled, raised.value.unknown) == ([3], [2], ["<t9>"])


# ── Splicing ──


@SETTINGS
@given(
    st.text(max_size=30), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.text(max_size=3)), max_size=5)
)
def test_splicing_is_replacing_from_the_end(text, edits):
    made = [Edit((min(a, b), max(a, b)), new) for a, b, new in edits]
    made = [Edit(Span(*edit.span), edit.text) for edit in made if edit.span[1] <= len(text)]
    made.sort(key=lambda edit: edit.span)
    if any(a.span.end > b.span.start for a, b in pairwise(made)):
        with pytest.raises(ValueError, match="overlaps"):
            splice(text, made)
        return
    wanted = text
    for edit in reversed(made):
        wanted = wanted[: edit.span.start] + edit.text + wanted[edit.span.end :]
    assert splice(text, reversed(made)) == wanted or any(a.span == b.span for a, b in pairwise(made))
