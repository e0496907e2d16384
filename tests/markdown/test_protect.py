"""Marks there and back, example by example."""

from __future__ import annotations

import pytest

from translator.markdown import MarkError, append_lost, parse, plain, plain_map, protect, restore, scan
from translator.markdown.inline import scan_nodes
from translator.model import Codec, Inline, InlineKind, Span

MARKED = {
    "带来**“学习”**的`感受`": "带来<t1>“学习”</t1>的<x2>",
    "[**沐神**](http://a.b 'x')": "<t1><t2>沐神</t2></t1>",
    "\\*星\\* &lt;b&gt; &amp; A&nbsp;B": "*星* <b> & A\xa0B",
    "&emsp;&emsp;缩进": "<x1><x2>缩进",
    "<t1>像</t1> <x2>": "<t1>像</t1> <x2>",
    "\\<t1>像": "<x1>像",
    "&lt;x3&gt;": "<x1>",
    "![图](a)和$x$": "<x1>和<x2>",
    "甲<br>乙": "甲<x1>乙",
}


@pytest.mark.parametrize("source", MARKED)
def test_marks(source):
    protected = protect(source, scan(source))
    assert protected.text == MARKED[source]
    assert restore(protected, protected.text) == source


def test_what_only_looks_like_a_mark_is_kept():
    protected = protect("\\<t1>像", scan("\\<t1>像"))
    assert restore(protected, "like <x1>") == "like \\<t1>"


RESTORED = [
    # source, marked translation, what is written
    ("带来**“学习”**的", "brings<t1>“learning”</t1>to", "brings **“learning”** to"),
    ("**甲**乙", "<t1>note: </t1>b", "**note:** b"),
    ("**甲：**乙", "<t1>note:</t1>b", "**note:** b"),
    ("**甲**_乙_", "x<t1>a</t1>y<t2>b</t2>z", "x**a**y _b_ z"),
    ("**甲** **乙**", "<t1>a</t1><t2>b</t2>", "**a** **b**"),
    ("**甲** *乙*", "<t1>a<t2>b</t2></t1>", "**a*b***"),
    ("~~甲~~乙", "<t1>“a”</t1>b", "~~“a”~~ b"),
    ("[甲](b)", "<t1>a]b[</t1>", "[a\\]b\\[](b)"),
    ("甲", "a *b* _c_ `d` <e> [f](g) $h$", "a \\*b\\* \\_c\\_ \\`d` \\<e> \\[f](g) \\$h$"),
    ("甲", "2 * 3 and a_b and 5 < 6 & 7", "2 * 3 and a_b and 5 < 6 & 7"),
    ("甲", "costs $5 and $6", "costs $5 and $6"),
    ("甲", "&amp; \\* C:\\dir\\", "\\&amp; \\\\* C:\\dir\\\\"),
    ("\\*甲", "*a", "\\*a"),
    ("*甲", "*a", "*a"),
    ("&lt;甲", "<a 1", "&lt;a 1"),
    ("甲", "a | b", "a \\| b"),
    ("甲 | 乙", "a | b", "a | b"),
    ("甲", "# a", "\\# a"),
    ("甲", "1. a", "1\\. a"),
    ("甲", "2018. a", "2018\\. a"),
    ("甲", "- a", "\\- a"),
    ("- 甲", "- a", "- a"),
    ("甲", "> a", "\\> a"),
    ("甲", "+ a", "\\+ a"),
    ("甲", "::: a", "\\::: a"),
    ("甲", "---", "\\---"),
    ("甲", "===", "\\==="),
    ("甲", "a\nb\n\nc", "a b c"),
    ("甲`码`", "`a` <x1>", "\\`a\\` `码`"),
    ("[甲][]", "<t1>a</t1>", "[a][甲]"),
    ("[甲]", "<t1>a</t1>", "[a][甲]"),
    ("[甲][r]", "<t1>a</t1>", "[a][r]"),
    ("甲$x$乙", "a<x1>b", "a$x$b"),
    ("[甲](u)和[乙](v)", "<t2>b</t2> and <t1>a</t1>", "[b](v) and [a](u)"),
    ("**甲**", "<t1></t1>a", "a"),
    ("见http://a.b/c就", "see<x1>it", "see http://a.b/c it"),
    ("见http://a.b/c就", "see <x1>, it", "see http://a.b/c, it"),
    ("**http://a.b**甲", "<t1><x2></t1>(a)", "**http://a.b** (a)"),
    ("\\(注\\)", "(note)", "(note)"),
    ("***甲***", "<t1><t2> a </t2></t1>b", "***a*** b"),
]


@pytest.mark.parametrize(("source", "target", "written"), RESTORED)
def test_restored(source, target, written):
    references = {"甲": "u", "R": "v"}
    assert restore(protect(source, scan(source, references)), target) == written


@pytest.mark.parametrize(("source", "target", "written"), RESTORED)
def test_what_is_written_is_read_by_every_renderer(source, target, written):
    wanted = sorted(mark.kind for mark in scan(written, {"甲": "u", "R": "v"}) if mark.kind is not InlineKind.ESCAPE)
    plainly = scan_nodes(written, {"甲": "u", "R": "v"}, friendly=False)
    assert sorted(node.kind for node in plainly if node.kind is not InlineKind.ESCAPE) == wanted
    assert plain(target)[:0] == source[:0]


@pytest.mark.parametrize("written", [written for _, _, written in RESTORED])
def test_what_is_written_is_one_paragraph(written):
    if written.startswith("- "):
        return
    assert len(parse(written + "\n").blocks) == 1
    assert parse(written + "\n").blocks[0].span.of(written) == written


INNERS = [
    ("![图](a.png)", ["fig [1] *"], "![fig \\[1\\] \\*](a.png)"),
    ("![图](a.png '题')", ["fig", "it's"], "![fig](a.png 'it\\'s')"),
    ('[甲](b "题")', ['a "b"'], '[甲](b "a \\"b\\"")'),
    ("<img alt='图' src=a>", ["it's & <b>"], "<img alt='it&#39;s & &lt;b>' src=a>"),
    ('<b title="题">甲</b>', ['"'], '<b title="&quot;">甲</b>'),
    ("![图][]", ["fig"], "![fig][图]"),
    ("![图]", ["fig"], "![fig][图]"),
    ("![图][r]", ["fig"], "![fig][r]"),
]


@pytest.mark.parametrize(("source", "inners", "written"), INNERS)
def test_prose_inside_marks(source, inners, written):
    protected = protect(source, scan(source, {"图": "u", "R": "v"}))
    assert restore(protected, protected.text, inners) == written


def test_inner_texts_are_decoded():
    protected = protect('![a\\]b](c "d &amp; e")', scan('![a\\]b](c "d &amp; e")'))
    assert [inner.text for inner in protected.inners] == ["a]b", "d & e"]


def test_html_is_spelled_as_html():
    source = "甲&nbsp;<b>乙</b>&lt;"
    marks = [
        Inline(n.kind, Span(n.start, n.end), n.inner, n.prose, n.destination) for n in scan_nodes(source, {}, html=True)
    ]
    protected = protect(source, marks, Codec.HTML)
    assert protected.text == "甲\xa0<t1>乙</t1><"
    assert (
        restore(protected, "a\xa0<t1>b *c*</t1> < & <i> &copy;", codec=Codec.HTML)
        == "a&nbsp;<b>b *c*</b> &lt; & &lt;i> &amp;copy;"
    )


@pytest.mark.parametrize(
    ("target", "lost", "doubled", "crossed", "unknown"),
    [
        ("a", [1, 2, 3], [], [], []),
        ("<t1><t2>a</t1></t2><x3>", [], [], [2], []),
        ("<t1><x3></t1><t2></t2><x3>", [], [3], [], []),
        ("</t1>a<t1> <t2>b</t2> <x3>", [], [], [1], []),
        ("<t1>a</t1><t2>b</t2><x3><x4><t3>", [], [], [], ["<x4>", "<t3>"]),
        ("<t1>a<t2>b</t2><x3>", [1], [], [], []),
    ],
)
def test_what_is_wrong_is_named(target, lost, doubled, crossed, unknown):
    protected = protect("[甲](u)**乙**`丙`", scan("[甲](u)**乙**`丙`"))
    with pytest.raises(MarkError) as raised:
        restore(protected, target)
    error = raised.value
    assert (error.lost, error.doubled, sorted(set(error.crossed)), error.unknown) == (lost, doubled, crossed, unknown)


@pytest.mark.parametrize(
    ("target", "text", "dropped"),
    [
        ("a", "a <t1>甲</t1> <x3><t2></t2>", (2,)),
        ("<x3> a <t1>b</t1> <t2>c</t2> <x9>", "<x3> a <t1>b</t1> <t2>c</t2> ", ()),
        ("<t1>a<t2>b</t1></t2>", "<t1>ab</t1> <x3><t2></t2>", (2,)),
        ("", "<t1>甲</t1> <x3><t2></t2>", (2,)),
    ],
)
def test_lost_marks_are_appended(target, text, dropped):
    protected = protect("[甲](u)**乙**`丙`", scan("[甲](u)**乙**`丙`"))
    mended = append_lost(protected, target)
    assert (mended.text, mended.dropped) == (text, dropped)
    assert restore(protected, mended.text).count("`丙`") == 1


def test_links_stay_out_of_links():
    protected = protect("[甲](u)[乙](v)", scan("[甲](u)[乙](v)"))
    with pytest.raises(MarkError) as raised:
        restore(protected, "<t1>a<t2>b</t2></t1>")
    assert raised.value.crossed == [2]


def test_plain():
    assert plain("a<t1>b</t1><x2>c") == "abc"
    assert plain_map("a<t1>b</t1><x2>c") == ("abc", (0, 5, 15, 16))
