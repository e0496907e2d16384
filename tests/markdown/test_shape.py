"""Skeleton, units, headings, anchors, links; and the bytes of a post."""

from __future__ import annotations

import pytest

from translator.errors import InputError
from translator.markdown import decode, headings, inventory, links, parse, read, skeleton, slug, slugs, units

POST = """---
title: 标题
---
## 使用 `foo` 与 **[链接](a.md)** &amp; 图 {#own}

见[甲](b.md "题")、[乙][r]、<https://c.d>，`码` $x$ <b>丙</b> {% tag %}[^1]

| 甲 | 乙 |
|---|---|
| 丙 | 丁 |

<p><a href="e.md"><img src='f.png' alt="图"></a></p>

[r]: <g.md> "参考"
[^1]: 注
"""


def test_links_are_found_in_order():
    targets = [link.target for link in links(parse(POST))]
    assert targets == ["a.md", "b.md", "https://c.d", "e.md", "f.png", "g.md"]


def test_inventory():
    counted = inventory(parse(POST))
    assert (
        counted["link", "g.md"] == counted["code", "`码`"] == counted["html", "<b>"] == counted["footnote", "[^1]"] == 1
    )
    assert counted["math", "$x$"] == counted["tag", "{% tag %}"] == 1


def test_inventory_of_a_block():
    document = parse("[甲](b)\n\n`码`\n")
    assert inventory(document, 1) == {("code", "`码`"): 1}


SAME = {
    "prose": (
        ("title: 标题", "title: Title"),
        ("丙 | 丁", "C | D"),
        ("注", "a note"),
        ("参考", "a reference"),
        ('图"', 'fig"'),
    ),
    "where links lead": (("<g.md>", "<g.en.md>"), ('href="e.md"', 'href="e.en.md"'), ("(b.md", "(b.en.md")),
    "front matter": (("title: 标题", "title: T\ntranslation: draft"),),
}
OTHER = {
    "a row less": ("| 丙 | 丁 |\n", ""),
    "another level": ("## 使", "### 使"),
    "a changed tag": ("<img", "<img width=1"),
    "a broken paragraph": ("见[甲]", "见\n\n[甲]"),
    "another alignment": ("|---|---|", "|:--|---|"),
}


@pytest.mark.parametrize("name", SAME)
def test_the_skeleton_stays(name):
    text = POST
    for old, new in SAME[name]:
        assert old in text
        text = text.replace(old, new)
    assert skeleton(parse(text)) == skeleton(parse(POST))


@pytest.mark.parametrize("name", OTHER)
def test_the_skeleton_changes(name):
    old, new = OTHER[name]
    assert old in POST
    assert skeleton(parse(POST.replace(old, new))) != skeleton(parse(POST))


def test_the_cells_of_a_row_are_one_unit():
    text = "开头\n\n| 甲 | 乙 |\n|---|---|\n| 丙 | 丁 |\n\n\n结尾"
    assert [unit.span.of(text) for unit in units(parse(text))] == [
        "开头\n\n",
        "| 甲 | 乙 |\n",
        "|---|---|\n",
        "| 丙 | 丁 |\n\n\n",
        "结尾",
    ]


def test_text_before_the_first_block_belongs_to_it():
    text = "\n\n甲\n\n"
    assert [unit.span.of(text) for unit in units(parse(text))] == [text]


def test_headings():
    assert [(heading.level, heading.text, heading.id) for heading in headings(parse(POST))] == [
        (2, "使用 foo 与 链接 & 图", "own")
    ]


SLUGS = [
    # the text of a heading, GitHub, Hexo, Hugo
    ("简单介绍下 MXNET", "简单介绍下-mxnet", "简单介绍下-MXNET", "简单介绍下-mxnet"),
    ("为什么选择MXNET？", "为什么选择mxnet", "为什么选择MXNET？", "为什么选择mxnet"),
    ("Why MXNet?", "why-mxnet", "Why-MXNet", "why-mxnet"),
    ("C++ & C#: a_b", "c--c-a_b", "C-C-a-b", "c--c-a_b"),
    ("1. 安装（可选）", "1-安装可选", "1-安装（可选）", "1-安装可选"),
]


@pytest.mark.parametrize(("text", "github", "hexo", "hugo"), SLUGS)
def test_slugs(text, github, hexo, hugo):
    assert (slug(text, "github"), slug(text, "hexo"), slug(text, "hugo")) == (github, hexo, hugo)


def test_repeated_headings_are_numbered():
    assert slugs(parse("# 甲\n\n# 甲\n\n# 甲\n\n# 乙 {#own}\n")) == ["甲", "甲-1", "甲-2", "own"]


# ── Bytes ──


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbfa\r\nb\rc\n", "甲\0\u2028".encode(), b"\xf0\x9f\x8e\x89"])
def test_text_is_its_bytes(data, tmp_path):
    path = tmp_path / "a.md"
    path.write_bytes(data)
    assert read(path).encode() == decode(data, path).encode() == data


@pytest.mark.parametrize(
    ("data", "line", "column", "said"),
    [
        ("# 标题\n中文".encode("gb18030"), 1, 3, "gb18030"),
        (b"# ok\nab" + b"\xff\x81\xff", 2, 3, "convert it to UTF-8"),
        ("# 标题".encode("utf-16"), 1, 1, "UTF-16"),
    ],
)
def test_other_encodings_are_named(data, line, column, said):
    with pytest.raises(InputError, match=said) as raised:
        decode(data, "a.md")
    assert (raised.value.path, raised.value.line, raised.value.column) == ("a.md", line, column)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read(tmp_path / "none.md")
