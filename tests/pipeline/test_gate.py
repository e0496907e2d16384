"""The gate: whoever wrote a target, the post's Markdown stays what it is; and links lead where they should."""

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pipeline_site import Site, Toy, words

from translator.config import DEFAULTS, Settings
from translator.engines import open_engine
from translator.markdown import inventory, parse, skeleton
from translator.model import Entry, State
from translator.pipeline import english as module
from translator.pipeline.english import render
from translator.pipeline.verbs import approve
from translator.pipeline.work import Means, Texts, complete, open_post, prepare

POST = """---
title: 题目
---

# 标题在这

第一段话。第二句话。

> 引用里的话。

- 项目一
- 项目二

| 甲 | 乙 |
|---|---|
| 一格 | 二格 |

<p title="题">文字</p>

![图](a.png "图题")还有字。

::: tip 提示
里面的话。
:::

最后的话。
"""
FAULTS = [
    "# x",
    "> x",
    "- x",
    "1. x",
    "    x",
    "\tx",
    "a | b",
    "|",
    "x\n\ny",
    "x\n# y",
    "x\ny",
    "---",
    "===",
    "x\n===",
    "```",
    "~~~",
    "`",
    "x `y",
    "<div>",
    "</div>",
    "<!--",
    "<b>x",
    "<p>",
    "<script>",
    "[a]: b",
    "[^1]: b",
    "::: tip",
    ":::",
    "!!! note",
    "$$",
    "$$\nx",
    "{% note %}",
    "{% raw %}",
    "{{< x >}}",
    "+++",
    "<!-- duizhao:off -->",
    "\\",
    "*",
    "**",
    "[",
    "](x)",
    "![",
    '"',
    "'",
    '"): x',
    "\0",
    "\r",
    "\u2028",
    "&lt;",
    "x: y",
    "]",
    "}",
    "\ufeff",
    "  ",
    "\x85",
    ": x",
    "+ x",
    "2) x",
]


def tried(says, origin="person"):
    """Give every segment of the post a target and render it: the entries, the English, and what was refused."""
    post = open_post(POST, DEFAULTS)
    entries = [
        Entry("", segment.source, says(segment.source), State.APPROVED if origin == "person" else State.DRAFT, origin)
        for segment in post.segments
    ]
    rendered = render(post, entries, {})
    return post, rendered


@pytest.mark.parametrize("origin", ["person", "machine"])
@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_that_is_written_changes_the_blocks(fault, origin):
    for says in (lambda _: fault, lambda source: f"Word {fault} {len(source)}", lambda source: f"{fault}{len(source)}"):
        post, rendered = tried(says, origin)
        document = parse(rendered.text)
        assert skeleton(document) == skeleton(post.document)
        if origin == "machine":
            assert inventory(document) == inventory(post.document)


@given(
    st.lists(st.lists(st.sampled_from([*FAULTS, "word", " ", "x"]), max_size=3).map("".join), min_size=16, max_size=16)
)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_nor_does_any_mixture(some):
    targets = iter(some)
    post, rendered = tried(lambda _: next(targets, "word"))
    assert skeleton(parse(rendered.text)) == skeleton(post.document)


def test_faults_that_only_show_together():
    def says(source):
        return {"第一段话。": "A ``` b", "第二句话。": "c ``` d", "项目一": "$$", "项目二": "$$"}.get(source, "Word")

    post, rendered = tried(says)
    assert skeleton(parse(rendered.text)) == skeleton(post.document)


@pytest.mark.parametrize("fault", ["x\n\n# y", "> x", "<div>"])
def test_a_persons_fault_is_said_and_stays_in_the_record(tmp_path, fault):
    site = Site(tmp_path, "第一句。\n\n第二段。\n")
    draft = site.entries()["第一句。"].target
    site.edit(site.record, (f'msgstr "{draft}"', 'msgstr "' + fault.replace("\n", "\\n") + '"'))
    for _ in range(2):
        entry = site.entries()["第一句。"]
        assert (entry.target, entry.state) == (fault, State.APPROVED)
        assert "markup" in {finding.check for finding in entry.findings}
        assert "第一句。" in site.english.read_text()
    # Mended by a person, in either place.
    site.edit(site.english, ("第一句。", "By hand."))
    assert site.entries()["第一句。"].state is State.CONFLICT
    approve(site.post, [site.entries()["第一句。"].key], take="english")
    assert site.english.read_text().startswith("By hand.")


def test_a_refused_draft_mended_in_the_record_is_a_persons(tmp_path):
    class Heading(Toy):
        def english(self, job):
            return "# x" if "第一" in job.text else super().english(job)

    site = Site(tmp_path, "第一。\n")
    site.run(Heading())
    text = site.record.read_text()
    target = re.search(r'msgstr "(.+)"', text)[1]
    site.record.write_text(text.replace(f'msgstr "{target}"', 'msgstr "Mended."'))
    assert site.entries()["第一。"].state is State.APPROVED
    assert site.english.read_text() == "Mended.\n"


def test_a_machine_is_not_blamed_for_what_a_person_changed():
    source = "第一句`码`。第二句。第三句。\n"
    post = open_post(source, DEFAULTS)
    entries = [
        Entry("a", post.segments[0].source, "No code here.", State.APPROVED, "person"),
        Entry("b", post.segments[1].source, "Second.", State.DRAFT, "machine"),
        Entry("c", post.segments[2].source, "Third `x`.", State.DRAFT, "machine"),
    ]
    rendered = render(post, entries, {})
    assert rendered.refused == {2}
    assert rendered.text == "No code here. Second.第三句。\n"


@pytest.mark.parametrize("size", [200, 600])
def test_few_culprits_among_many_are_found_with_few_parses(size, monkeypatch):
    text = "".join(f"第{n}段话在这里。\n\n" for n in range(size))
    post = open_post(text, DEFAULTS)
    bad = {size // 7 * n + 3 for n in range(5)}
    entries = [
        Entry(str(n), s.source, "# Bad" if n in bad else f"Paragraph {n}.", State.DRAFT, "machine")
        for n, s in enumerate(post.segments)
    ]
    parses = []
    monkeypatch.setattr(module, "parse", lambda *args, **named: parses.append(1) or parse(*args, **named))
    assert render(post, entries, {}).refused == bad
    assert len(parses) <= 5 * 2 * size.bit_length() + 5


def test_a_post_without_faults_is_parsed_a_few_times_only(monkeypatch):
    post = open_post(POST, DEFAULTS)
    entries = [Entry("", s.source, f"Word {n}", State.DRAFT, "m") for n, s in enumerate(post.segments)]
    parses = []
    monkeypatch.setattr(module, "parse", lambda *args, **named: parses.append(1) or parse(*args, **named))
    (image,) = render(post, entries, {}).refused
    assert "![" in post.segments[image].source
    assert len(parses) <= 6


def test_mdx_keeps_what_is_not_prose(tmp_path):
    text = "import A from './a'\n\n# 标题\n\n<A b={1}>\n\n一段话。\n\n</A>\n\nexport const x = 1\n"
    site = Site(tmp_path, "。\n")
    site.post = tmp_path / "zh.mdx"
    site.post.write_text(text)
    report = site.run()
    english = report.english.read_text()
    assert "import A from './a'\n" in english
    assert "export const x = 1\n" in english
    assert all(entry.target for entry in report.outcome.entries)
    before = english
    site.run()
    assert report.english.read_text() == before


# ── Links ──

LINKED = """# 开始 `码`

看[下面](#结束)、[再下](#结束-1)、[编码](#%E7%BB%93%E6%9D%9F)、[名](#自定)。

再看<a href="#结束">这</a>、[引][到]、[无](#没有)。

[到]: #结束

# 结束

# 结束

# 别名 {#自定}
"""


@pytest.mark.parametrize("style", ["github", "hexo", "hugo"])
def test_anchors_follow_their_headings(style):
    work = prepare(Texts(LINKED), Means(settings=Settings(slugs=style)))
    targets = {"结束": "The End", "别名": "Alias {#自定}", "别名 {#自定}": "Alias {#自定}"}

    def says(source):
        return targets.get(source) or re.sub(
            r"\s+", " ", re.sub('[^\x00-\x7f，、。]+(?![^(<]*[)>"])', words_of, source)
        )

    def words_of(found):
        return words(found[0]).strip() or "x"

    entries = tuple(Entry(e.key, e.source, says(e.source), State.APPROVED, "person") for e in work.entries)
    text = complete(replace(work, entries=entries, obsolete=())).english
    end = "The-End" if style == "hexo" else "the-end"
    assert f"](#{end})" in text
    assert f"](#{end}-1)" in text
    assert f'href="#{end}"' in text
    assert f"[到]: #{end}" in text
    assert "](#自定)" in text
    assert "](#没有)" in text
    assert "%E7" not in text


def folder(tmp_path, target="", where="posts"):
    """A project with two posts in different folders."""
    (tmp_path / "duizhao.yaml").write_text(f"author: Seed\ntarget: {target!r}\n")
    (tmp_path / "glossary").mkdir(exist_ok=True)
    (tmp_path / where / "a").mkdir(parents=True)
    (tmp_path / where / "b c").mkdir(parents=True)
    one, two = tmp_path / where / "a" / "index.md", tmp_path / where / "b c" / "two.md"
    two.write_text("第二篇。\n")
    one.write_text(
        "看[它](../b%20c/two.md#第二)、[它](<../b c/two.md>)、[没有](none.md)、[网](https://a.example/x.md)、[根](/x.md)"
        '、<a href="../b%20c/two.md">它</a>、[引][它]、![图](p.png)。\n\n[它]: ../b%20c/two.md "题"\n'
    )
    return one, two


def test_links_lead_to_other_posts_english(tmp_path):
    one, two = folder(tmp_path)
    site = Site.__new__(Site)
    site.root = tmp_path
    for post in (two, one):
        site.post = post
        report = site.run()
    text = report.english.read_text()
    assert "](../b%20c/two.en.md#第二)" in text
    assert "](<../b c/two.en.md>)" in text
    assert 'href="../b%20c/two.en.md"' in text
    assert '[它]: ../b%20c/two.en.md "' in text
    assert all(kept in text for kept in ("](none.md)", "https://a.example/x.md", "](/x.md)", "](p.png)"))
    assert not site.run().changed
    # A person's edit beside a rewritten link is not taken for an edit of the link.
    report.english.write_text(text.replace("](none.md)", "](none.md) by hand", 1))
    assert "two.md#第二" in site.run().outcome.entries[0].target
    assert not site.run().changed


def test_english_that_goes_elsewhere_is_linked_from_where_it_is(tmp_path):
    one, two = folder(tmp_path, "en/{folder}/{name}.md")
    site = Site.__new__(Site)
    site.root = tmp_path
    for post in (two, one):
        site.post = post
        report = site.run()
    assert report.english == tmp_path / "en" / "posts" / "a" / "index.md"
    assert "](../b%20c/two.md#第二)" in report.english.read_text()
    assert not site.run().changed


def test_echo_moves_no_link(tmp_path):
    one, two = folder(tmp_path)
    site = Site.__new__(Site)
    for site.post in (two, one):
        report = site.run(open_engine("echo"))
        assert report.english.read_bytes() == site.post.read_bytes()
