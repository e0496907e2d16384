"""Both languages in one Markdown file: the post stays what it is, its English stands directly behind it."""

import json
import re
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pipeline_site import POST, Site, Toy

from translator.config import Project
from translator.errors import InputError
from translator.markdown import parse, slugs
from translator.markdown.tight import tight
from translator.model import BlockKind, State
from translator.pipeline.bilingual import bilingual, sides
from translator.pipeline.verbs import Desk, Options, look

ROOT = Path(__file__).parents[2]
SPEC = ROOT / "tests" / ".spec" / "commonmark.json"
FILES = sorted(path for path in (ROOT / "tests/data").rglob("*") if path.suffix in {".md", ".mdx", ".markdown"})
LINES = """\
中文。第二句！|一行话|**粗**体和`码`，[链接](other.md#锚)。|![图](a.png "题")|# 标题|## 有 `码` 的标题 {#id}|标题二
===|---|- 项|  - 内项|1. 一|   续|> 引|> > 深引|>|> - 引中项|- [ ] 任务|```|    缩进|<div title="题">
<p>块里</p>|</div>|<!-- more -->|{% note %}|{% endnote %}|::: tip 题|:::|!!! note "题"|    框里|[^1]: 脚注。
    脚注续|[脚]: https://a.example "题"|文[^1]和[脚]|行末空格  |$$|反斜杠\\|* 星 * 星|1986年。"""
LINES = [*re.split("[|\n]", LINES), "", "| 甲 | 乙 |", "|---|:-:|", "| 一 | `a\\|b` |"]


def opened(folder, text, name="zh.md", engine=None):
    """Draft a text, and give the work and its entries."""
    site = Site(Path(folder), "")
    site.post = site.root / name
    site.post.write_bytes(text.encode())
    site.run(engine or Toy())
    return looked(site)


def looked(site):
    work, outcome = look(Desk(Project.of(site.post), Options(memory=False)), site.post)
    return work, outcome.entries


def taken_out(made, source):
    """Take every edit back, by its place in the made text."""
    text, by = made.text, 0
    for (start, end), new in sorted(made.edits):
        at = start + by
        assert text[at : at + len(new)] == new
        text = text[:at] + source[start:end] + text[at + len(new) :]
    return text


def hold(work, entries):
    """Check every law."""
    source, made = work.post.document.text, bilingual(work, entries)
    assert taken_out(made, source) == source
    before, after = work.post.document, parse(made.text, mdx=work.post.path.suffix == ".mdx")
    blocks, found = iter(after.blocks), {}
    for index, block in enumerate(before.blocks):
        if block.kind is not BlockKind.RAW or "front" not in block.containers:
            here = block.span.of(source)
            changes = not block.kind.is_prose or block.codec not in {"markdown", "html"} or "![" in here
            found[index] = next(b for b in blocks if bone(b) == bone(block) and (changes or starts(b, here, made.text)))
    numbers = {id(block): n for n, block in enumerate(after.blocks)}
    mdx = work.post.path.suffix == ".mdx"
    is_tight = tight(after, mdx=mdx)
    assert {i for i in found if i in tight(before, mdx=mdx)} == {i for i in found if numbers[id(found[i])] in is_tight}
    listed = any(b.kind is BlockKind.HEADING and "item" in b.containers for b in before.blocks)
    assert slugs(before) == slugs(after) or listed
    for start, end in (edit.span for edit in made.edits if edit.span.start < edit.span.end):
        kinds = {block.kind for block in before.blocks if block.span.start < end and start < block.span.end}
        assert kinds <= {BlockKind.FRONT, BlockKind.RAW, BlockKind.TITLE, BlockKind.HTML}
    return made


def bone(block):
    return block.kind, block.level, block.containers, block.key


def starts(block, text, whole):
    return block.span.of(whole).startswith(text)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.sampled_from(LINES) | st.just(""), max_size=14),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.booleans(),
)
def test_made_up_posts(lines, newline, ends, marked):
    text = ("\ufeff" if marked else "") + newline.join(lines) + (newline if ends else "")
    with TemporaryDirectory() as folder:
        try:
            work, entries = opened(folder, text)
        except InputError:
            return
        hold(work, entries)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file(path, tmp_path):
    text = path.read_bytes().decode()
    try:
        work, entries = opened(tmp_path, text, f"zh{path.suffix}")
    except InputError:
        return
    made = hold(work, entries)
    assert len(made.left) * 20 <= len(work.post.document.blocks)


@pytest.mark.long
def test_the_examples_of_commonmark(tmp_path):
    for n, example in enumerate(json.loads(SPEC.read_text()) if SPEC.exists() else ()):
        folder = tmp_path / str(n)
        folder.mkdir()
        hold(*opened(folder, re.sub(r"[a-z]{3,}", "中文字", example["markdown"])))


@pytest.mark.parametrize("name", ["mxnet", "typesetting"])
def test_the_sample_posts(name, tmp_path):
    work, entries = opened(tmp_path, (ROOT / "posts" / name / "zh.md").read_bytes().decode())
    made = hold(work, entries)
    assert made.left == ()


SHAPES = [
    ("一。\n", "一。\n\n{一。}\n"),
    ("一。", "一。\n\n{一。}"),
    ("一。\r\n二。\r\n", "一。\r\n二。\r\n\r\n{一。}\r\n{二。}\r\n"),
    ("# 题\n文\n", "# 题\n\n**{题}**\n\n文\n\n{文}\n"),
    ("题\n===\n", "题\n===\n\n**{题}**\n"),
    ("> 引\n懒\n", "> 引\n懒\n>\n> {引}\n{懒}\n"),
    ("- 一\n- 二\n", "- 一<br>{一}\n- 二<br>{二}\n"),
    ("- 一\n\n- 二\n", "- 一\n\n  {一}\n\n- 二\n\n  {二}\n"),
    ("1. [ ] 一\n\n   二\n", "1. [ ] 一\n\n   {一}\n\n   二\n\n   {二}\n"),
    ("| 甲 |\n|--|\n| 一 |\n", "| 甲<br>{甲} |\n|--|\n| 一<br>{一} |\n"),
    ("[^1]: 注。\n", "[^1]: 注。\n\n    {注。}\n"),
    ("文。\n- 项\n", "文。\n\n{文。}\n\n- 项<br>{项}\n"),
    ('![图](a.png "题")\n', '![图 / {图}](a.png "题 / {题}")\n'),
    ("看。\n![](a.png)\n完。\n", "看。\n![](a.png)\n完。\n\n{看。}\n{完。}\n"),
    ("<p>块</p>\n", "<p>块<br>{块}</p>\n"),
    ("```\n# 码\n```\n", "```\n# 码\n```\n"),
    ("::: tip 题\n文\n:::\n", "::: tip 题 / {题}\n文\n\n{文}\n\n:::\n"),
    ("MXNet\n", "MXNet\n"),
    ("见[题](#题)。\n\n# 题\n", "见[题](#题)。\n\n{见[题](#题)。}\n\n# 题\n\n**{题}**\n"),
    ("## 题 {#id}\n", "## 题 {#id}\n\n**{题}**\n"),
]


@pytest.mark.parametrize(("source", "wanted"), SHAPES)
def test_shapes(source, wanted, tmp_path):
    work, entries = opened(tmp_path, source)
    entries = [_approved(entry) for entry in entries]
    said = {f"{{{entry.source}}}": entry.target for entry in entries}
    for chinese, english in said.items():
        wanted = wanted.replace(chinese, english)
    assert hold(work, entries).text == wanted


def _approved(entry):
    return replace(entry, state=State.APPROVED, by="Seed") if entry.target else entry


def test_front_matter_has_both_titles_and_says_who_wrote_it(tmp_path):
    work, entries = opened(tmp_path, POST)
    made = bilingual(work, entries)
    title = next(e.target for e in entries if e.source == "春天的花园")
    assert f"title: 春天的花园 / {title}\n" in made.text
    assert made.text.count("translation: draft\n") == 1
    assert made.text.count("Machine draft, not reviewed: ") == 1
    reviewed = bilingual(work, [_approved(entry) for entry in entries])
    assert "translation: reviewed\n" in reviewed.text
    assert "Machine draft" not in reviewed.text


def test_what_is_untranslated_stays_chinese(tmp_path):
    site = Site(tmp_path, "第一句话。第二句话。\n\n另一段。\n")
    site.run(Toy())
    work, entries = looked(site)
    nothing = [replace(e, target="", state=State.UNTRANSLATED) for e in entries]
    assert bilingual(work, nothing).text == "第一句话。第二句话。\n\n另一段。\n"
    some = [_approved(entries[0]), *nothing[1:]]
    assert bilingual(work, some).text == f"第一句话。第二句话。\n\n{entries[0].target}…\n\n另一段。\n"
    assert sides(work, some)[1] == ("另一段。", "")
