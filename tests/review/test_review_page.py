# ruff: noqa: E501 - rows of a table read best on one line
"""The page as text: escaped, balanced, always the same."""

import html
import random
import re
from pathlib import Path

import html_tree
import pytest
import review_sample as sample
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_page import page as whole
from sample_page import still as page

from translator.markdown import parse
from translator.model import BlockKind, Finding, Level, Span, State
from translator.review import Item, Review, Row, TermSpan, diff, inline
from translator.review.text import UNSEEN

INLINE = {"strong", "em", "s", "code", "sup", "a", "span", "mark"}
POSTS = Path(__file__).parents[2] / "posts"
MARKS = st.text(st.sampled_from("*_~`[]()!<>$\\&;:{}%#^\"' \u202e\u3000ab1中，。“"), max_size=40)


class Tree(html_tree.Tree):
    """HTML of the page, which has fewer tags that are never closed."""

    void = frozenset({"meta", "hr", "input", "rect"})


def text_of(markup):
    return Tree(markup).text


# ── The page ──


@pytest.mark.parametrize("name", ["post", "hostile"])
def test_html_is_balanced_and_its_references_lead_somewhere(name):
    tree = Tree(whole(getattr(sample, name)()))
    ids = [attributes["id"] for _, attributes in tree.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in tree.tags:
        wanted = attributes.get("aria-describedby", attributes.get("aria-labelledby", ""))
        assert set(wanted.split()) <= set(ids)
    assert all(set(attributes) <= {"type", "id"} for tag, attributes in tree.tags if tag == "script")
    assert not {tag for tag, _ in tree.tags} & {"img", "iframe", "object", "base", "form", "link"}
    assert not any(name.startswith("on") or name == "style" for _, attributes in tree.tags for name in attributes)


def test_the_same_review_gives_the_same_page():
    assert whole(sample.post()) == whole(sample.post())


def test_the_page_names_no_address_of_its_own():
    made = page(Review("题", "zh.md", "en.md", ()))
    assert not re.search(r"https?:|//[a-z]|@import|url\(", made)


def test_an_empty_post_has_a_page():
    assert ">0 of 0 approved</b>" in page(Review("", "zh.md", "en.md", ()))


def test_no_banner_when_all_is_approved():
    rows = (Row("1", State.APPROVED, "一", "One"), Row("2", State.JOINED, "二", "⤴"))
    made = page(Review("题", "zh.md", "en.md", (Item(BlockKind.PARAGRAPH, rows=rows),)))
    assert 'class="banner"' not in made
    assert ">100 %</span>" in made


def test_percent_is_rounded_down():
    rows = tuple(Row(str(n), State.APPROVED if n else State.DRAFT, "一", "One") for n in range(400))
    assert ">99 %</span>" in page(Review("题", "zh.md", "en.md", (Item(BlockKind.PARAGRAPH, rows=rows),)))


@pytest.mark.parametrize(
    ("origin", "word", "banner"),
    [
        ("builtin", "machine draft", "Machine draft"),
        ("", "machine draft", "Machine draft"),
        ("person", "draft", "Not finished"),
    ],
)
def test_a_machines_words_are_marked_as_such(origin, word, banner):
    row = Row("1", State.DRAFT, "一", "One", origin=origin)
    made = page(Review("题", "zh.md", "en.md", (Item(BlockKind.PARAGRAPH, rows=(row,)),)))
    assert f'aria-label="Segment 1, {word}"' in made
    assert f">{banner}</b>" in made


def test_every_state_has_a_sign_and_a_word():
    for state, sign in (
        ("approved", "✓"),
        ("draft", "◐"),
        ("stale", "!"),
        ("conflict", "⚠"),
        ("untranslated", "○"),
        ("joined", "⤴"),
    ):
        row = Row("1", State(state), "一", "One")
        made = page(Review("题", "zh.md", "en.md", (Item(BlockKind.PARAGRAPH, rows=(row,)),)))
        badge = re.search(r'<span class="badge">.*?</p>', made)[0]
        assert sign in text_of(badge.removesuffix("</p>").rpartition("</span>")[0] + "</span>")
        assert state in badge


@pytest.mark.parametrize(
    ("row", "needs"),
    [
        (Row("1", State.APPROVED, "一", "One"), False),
        (Row("1", State.JOINED, "一", "⤴"), False),
        (Row("1", State.DRAFT, "一", "One"), True),
        (Row("1", State.APPROVED, "一", "One", findings=(Finding("x", Level.ERROR, "bad"),)), True),
        (Row("1", State.APPROVED, "一", "One", findings=(Finding("x", Level.WARNING, "hm"),)), False),
    ],
)
def test_who_is_needed(row, needs):
    assert row.needs_person is needs
    assert (" data-needs" in page(Review("题", "a", "b", (Item(BlockKind.PARAGRAPH, rows=(row,)),)))) is needs


# ── Shapes ──


def markers(*items):
    made = page(Review("题", "a", "b", items))
    return re.findall(
        r'<div class="side zh"[^>]*>(?:<span class="lead[^>]*></span>)*<span class="lead marker">([^<]*)<', made
    )


def listed(containers, prefix=None, source="一"):
    return Item(BlockKind.PARAGRAPH, containers=containers, prefix=prefix, rows=(Row("1", State.DRAFT, source, "One"),))


def test_list_items_are_marked_as_in_the_post():
    steps = ("ordered", "item")
    assert markers(*(listed(steps, prefix) for prefix in ("3. ", "   ", "4) ", "> 5. "))) == ["3.", "", "4)", "5."]
    tasks = ("bullet", "item")
    assert markers(*(listed(tasks, prefix) for prefix in ("- ", "* [ ] ", "+ [x] "))) == ["•", "☐", "☑"]


def test_list_items_are_counted_where_the_prefix_is_unknown():
    steps, plain = ("ordered", "item"), Item(BlockKind.PARAGRAPH, rows=(Row("1", State.DRAFT, "一", "One"),))
    assert markers(listed(steps), listed(steps), plain, listed(steps)) == ["1.", "2.", "1."]


def test_deeper_bullets_differ():
    assert markers(listed(("bullet", "item")), listed(("bullet", "item", "quote", "bullet", "item"))) == ["•", "◦"]
    made = page(Review("题", "a", "b", (listed(("bullet", "item", "bullet", "item"), "  - "),)))
    assert '<span class="lead marker"></span><span class="lead marker">◦</span>' in made


def test_cells_of_one_line_are_one_row_under_the_heads_of_their_columns():
    made = page(sample.post())
    assert made.count('<section class="block cells head"') == 1
    assert made.count('<section class="block cells"') == 3
    assert made.count('<div class="head">接口语言</div>') == 3
    assert made.count('<div class="head">Languages</div>') == 3


def test_long_code_is_folded_and_short_code_is_not():
    def folds(lines):
        raw = "".join(f"line {n}\n" for n in range(lines))
        return re.findall(r"show (\d+) more", page(Review("题", "a", "b", (Item(BlockKind.CODE, raw=raw),))))

    assert folds(14) == []
    assert folds(15) == ["5"]


@settings(deadline=None)  # a first example may find the machine busy
@given(st.text(st.sampled_from("ab<&\n\t 中"), max_size=200))
def test_code_is_shown_whole(raw):
    made = page(Review("题", "a", "b", (Item(BlockKind.CODE, raw=raw),)))
    shown = "".join(html.unescape(part) for part in re.findall(r"<pre[^>]*><code>(.*?)</code>", made, re.DOTALL))
    assert shown.replace("\n", "") == raw.replace("\n", "")


SHAPES = """\
---
title: 你好
date: 2016-03-02
---
# 标题

> 1. 引用
>
>    第二段

| 甲 | 乙 |
|----|----|
| 一 | 1 |

[^注]: 脚注

<div align="center">居中</div>

---

```python
a
```
"""


def items_of(text):
    """Give a text's blocks as the pipeline does, each prose block one row."""
    document = parse(text)
    for block in document.blocks:
        shown = block.span.of(text)
        rows = (Row("k", State.DRAFT, shown, shown),) if block.kind.is_prose else ()
        line = text.count("\n", 0, block.lines.start) + 1
        prefix = text[text.rfind("\n", 0, block.span.start) + 1 : block.span.start]
        yield Item(block.kind, block.level, block.containers, "" if rows else shown, rows, block.key, line, prefix)


def test_parsed_blocks_take_their_shapes():
    made = page(Review("题", "a", "b", tuple(items_of(SHAPES))))
    blocks = re.findall(r'<section class="block ([^"]*)"', made)
    assert blocks == [
        "prose front",
        "kept raw slim",
        "prose heading h1",
        "prose paragraph listed",
        "prose paragraph listed",
        "cells head",
        "cells",
        "prose paragraph",
        "kept raw slim",
        "prose html",
        "kept raw slim",
        "kept rule",
        "kept code",
    ]
    assert "<code>date: 2016-03-02</code>" in made
    assert re.findall(r'lead marker">([^<]*)<', made) == ["1.", "1.", "", "", "注", "注"]


# ── Inline ──

SHOWN = (
    ("**粗**体", "<strong>粗</strong>体"),
    ("那种**“先把接口背完再说”**的压迫感", "那种<strong>“先把接口背完再说”</strong>的压迫感"),
    ("*斜*和_斜_和snake_case_name", "<em>斜</em>和_斜_和snake_case_name"),
    ("a _b_ c", "a <em>b</em> c"),
    ("***都***", "<em><strong>都</strong></em>"),
    ("**a *b* c**", "<strong>a <em>b</em> c</strong>"),
    ("~~删~~ ~不~", "<s>删</s> ~不~"),
    ("2 * 3 * 4", "2 * 3 * 4"),
    ("`a*b*` ``c`d``", "<code>a*b*</code> <code>c`d</code>"),
    (r"\*不\* &amp; &lt;", "*不* &amp; &lt;"),
    ("$a_b$ 花了 $5 和 $6", '<code class="math">$a_b$</code> 花了 $5 和 $6'),
    ("见[^1]。", "见<sup>1</sup>。"),
    ("<b>x</b>", '<code class="tag">&lt;b&gt;</code>x<code class="tag">&lt;/b&gt;</code>'),
    ("{% asset_img a.png %}", '<code class="tag">{% asset_img a.png %}</code>'),
    (":numref:`fig_a`", '<code class="tag">:numref:`fig_a`</code>'),
    ("[不是]链接", "[不是]链接"),
)  # fmt: skip


@pytest.mark.parametrize(("markdown", "markup"), SHOWN)
def test_markdown_is_shown_lightly(markdown, markup):
    assert inline.render(markdown) == markup


@pytest.mark.parametrize(
    ("markdown", "url"),
    [
        ("[a](https://x.example/)", "https://x.example/"),
        ("[**沐神**](https://github.com/mli )", "https://github.com/mli"),
        ("[a](<https://x.example/a_(b)> '题')", "https://x.example/a_(b)"),
        ("[a](https://x.example/a_(b))", "https://x.example/a_(b)"),
        ("<https://x.example/>", "https://x.example/"),
        ("<a@x.example>", "mailto:a@x.example"),
        ("见 https://x.example/a。", "https://x.example/a"),
        ("[a](HTTPS://x.example/?a=1&amp;b=2)", "HTTPS://x.example/?a=1&b=2"),
    ],
)
def test_links_of_the_web_are_anchors(markdown, url):
    [anchor] = [attributes for tag, attributes in Tree(inline.render(markdown)).tags if tag == "a"]
    assert anchor["href"] == url
    assert anchor["rel"] == "noopener noreferrer"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JAVASCRIPT:alert(1)", "&#106;avascript:x", "java&Tab;script:x", "data:text/html,x", "vbscript:x",
        "../zh.md", "#标题", "file:///etc/passwd", "//x.example", "\\javascript:x", "https:javascript:x",
        "<javascript:a b>",
        "https://x.example/\u202egpj",
    ],
)  # fmt: skip
def test_other_links_are_not(url):
    tree = Tree(inline.render(f"[a]({url})"))
    assert not [tag for tag, _ in tree.tags if tag == "a"]
    [link] = [attributes for _, attributes in tree.tags if attributes.get("class") == "link"]
    assert link["tabindex"] == "0"


def test_an_image_is_told_and_not_loaded():
    [image, word] = [attributes for _, attributes in Tree(inline.render('![图](a.png "题")')).tags]
    assert image["title"] == "a.png · 题"
    assert word["class"] == "word"


@settings(deadline=None)  # a first example may find the machine busy
@given(st.text(max_size=60))
def test_text_that_is_no_markdown_is_shown_as_it_is(text):
    spelled = UNSEEN.sub(lambda found: f"U+{ord(found[0]):04X}", text)
    assert text_of(inline.render(text, markdown=False)) == spelled


@settings(deadline=None)  # a first example may find the machine busy
@given(MARKS, st.integers())
def test_whatever_the_text_only_known_tags_come_out(text, seed):
    dice = random.Random(seed)  # noqa: S311 - places, not secrets
    places = [sorted((dice.randint(-2, 45), dice.randint(-2, 45))) for _ in range(6)]
    terms = [inline.Term(a, b, 1, '"><b>') for a, b in places[:3]]
    spots = [inline.Spot(a, b, "error") for a, b in places[3:]]
    tree = Tree(inline.render(text, terms, spots))
    assert {tag for tag, _ in tree.tags} <= INLINE
    for tag, attributes in tree.tags:
        assert tag != "a" or re.match(r"(https?://|mailto:)", attributes["href"])
    places = [
        attributes for _, attributes in tree.tags if attributes.get("role") == "term" and "tabindex" in attributes
    ]
    assert len(places) <= 3


def test_a_term_across_markup_is_focused_once():
    tree = Tree(inline.render("ab**cd**ef", [inline.Term(1, 9, 1)]))
    pieces = [attributes for _, attributes in tree.tags if attributes.get("role") == "term"]
    assert len(pieces) == 3
    assert sum("tabindex" in piece for piece in pieces) == 1


@pytest.mark.parametrize(
    "text",
    [
        "[" * 5000,
        "![" * 3000 + "](a)" * 3000,
        "*a_" * 3000,
        "`" * 5000,
        "<a" * 5000,
        "](" * 5000,
        "{{" * 5000,
        "**" * 4000,
    ],
)
def test_hostile_nesting_is_quick_and_whole(text):
    tree = Tree(inline.render(text))
    assert tree.text.replace("image ", "")
    assert len(tree.tags) < 200


def test_unseen_characters_are_seen():
    shown = inline.render("a\u202eb\u200bc\u0000")
    assert "\u202e" not in shown
    assert text_of(shown) == "aU+202EbU+200BcU+0000"
    assert "RIGHT-TO-LEFT OVERRIDE" in shown


def test_emoji_keep_their_joiners():
    assert inline.render("👩\u200d💻\ufe0f") == "👩\u200d💻\ufe0f"


# ── Differences ──


@settings(deadline=None)  # a first example may find the machine busy
@given(st.text(st.sampled_from("ab 中文<&1"), max_size=30), st.text(st.sampled_from("ab 中文<&1"), max_size=30))
def test_a_change_holds_both_texts(before, after):
    change = diff.change(before, after)
    assert text_of(re.sub(r"<del>.*?</del>", "", change)) == after
    assert text_of(re.sub(r"<ins>.*?</ins>", "", change)) == before
    one, two = diff.apart(before, after)
    assert (text_of(one), text_of(two)) == (before, after)


def test_han_differ_by_character_and_latin_by_word():
    assert diff.change("用 Module 写", "用 Gluon 写") == "用 <del>Module</del><ins>Gluon</ins> 写"
    assert diff.change("命令式", "命名式") == "命<del>令</del><ins>名</ins>式"


# ── A real post ──


@pytest.mark.skipif(not (POSTS / "mxnet" / "zh.md").exists(), reason="the post is not in this distribution")
def test_a_real_post_is_shown_without_its_delimiters():
    items = list(items_of((POSTS / "mxnet" / "zh.md").read_text(encoding="utf-8")))
    made = page(Review("MXNET", "zh.md", "en.md", tuple(items)))
    shown = re.findall(r'<div class="text"[^>]*>(.*?)</div>', made, re.DOTALL)
    assert len(shown) == 2 * sum(item.kind.is_prose for item in items)
    assert not [text for text in map(text_of, shown) if "**" in text or "](" in text]


def test_terms_are_listed_once_with_their_uses():
    span = TermSpan(0, 2, "沐神", "Mu Li")
    rows = tuple(
        Row(str(n), State.DRAFT, "沐神", "Mu", source_terms=(span._replace(obeyed=n > 0),), findings=(Finding("terms", Level.ERROR, "x", Span(0, 2)),))
        for n in range(3)
    )  # fmt: skip
    made = page(Review("题", "a", "b", (Item(BlockKind.PARAGRAPH, rows=rows),)))
    assert made.count('<li id="g') == 1
    assert ">mentions: 3</span>" in made
    assert "✕ 1 not obeyed" in made
