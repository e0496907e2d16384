"""The identity translation of any file is that file, byte for byte."""

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from translator import translate
from translator.engines import open_engine
from translator.errors import InputError
from translator.markdown import parse
from translator.pipeline.translate import translate_posts
from translator.pipeline.verbs import Options

ROOT = Path(__file__).parents[2]
SPEC = ROOT / "tests" / ".spec" / "commonmark.json"
FILES = sorted(
    path
    for folder in ("posts", "tests/data")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".md", ".mdx", ".markdown"}
)
ECHO = open_engine("echo")

# Lines of every kind, whole and broken.
LINES = [
    "中文。第二句！",
    "一行话",
    "**粗**体和`码`，[链接](other.md#锚)。",
    '![图](a.png "题")',
    "# 标题",
    "#标题",
    "## 有 `码` 的标题 {#id}",
    "标题二",
    "===",
    "---",
    "- 项",
    "  - 内项",
    "* ",
    "1. 一",
    "> 引",
    "> > 深引",
    ">",
    "> - 引中项",
    "```python",
    "```",
    "# 注释",
    "    缩进",
    "\t制表",
    "| 甲 | 乙 |",
    "|---|:-:|",
    "| 一 | `a\\|b` |",
    "$$",
    "$x$ 和 $$y$$",
    '<div title="题">',
    "</div>",
    "<!-- more -->",
    "<!-- duizhao:off -->",
    "<!-- duizhao:on -->",
    "<br>",
    "文<b>粗</b>字",
    "{% note %}",
    "{% endnote %}",
    '{{< fig "图" >}}',
    "::: tip 题",
    ":::",
    '!!! note "题"',
    '[脚]: https://a.example "题"',
    "[^1]: 脚注。",
    "文[^1]和[脚]",
    "title: 题",
    "tags: [甲, 乙]",
    "+++",
    ":label:`图`",
    "行末空格  ",
    "反斜杠\\",
    "\u00a0",
    "\u3000\u3000首行缩进。",
    "零\u200b宽",
    "分\u2028隔\u2029符\x85号",
    "\0",
    "\ufeff",
    "半\\*角&nbsp;&amp;",
    "",
    "",
    "",
]
ENDS = ["\n", "\n", "\n", "\r\n", "\r", "\x0b\n", " \n", "\t\r\n"]
DOCUMENTS = st.builds(
    lambda head, lines, last: head + "".join(line + end for line, end in lines) + last,
    st.sampled_from(["", "", "\ufeff", "---\ntitle: 题\n---\n", "---\r\ntitle: '题'\r\n---\r\n"]),
    st.lists(st.tuples(st.sampled_from(LINES), st.sampled_from(ENDS)), max_size=14),
    st.sampled_from(["", "完", "\n\n"]),
)


def echoed(text, name="zh.md"):
    """Give what the folder's way, with files, makes of a text; and once more."""
    with TemporaryDirectory() as folder:
        post = Path(folder, name)
        post.write_bytes(text.encode())
        Path(folder, "glossary").mkdir()
        (report,) = translate_posts([post], ECHO, Options(memory=False))
        first = report.english.read_bytes(), report.record.read_bytes()
        (report,) = translate_posts([post], ECHO, Options(memory=False))
        assert (report.english.read_bytes(), report.record.read_bytes()) == first
        assert post.read_bytes() == text.encode()
        return first[0].decode()


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(ROOT)) for path in FILES])
def test_every_post_and_sample_comes_back(path):
    text = path.read_bytes().decode()
    if path.suffix != ".mdx":
        assert translate(text, engine="echo").text == text
    assert echoed(text, f"zh{path.suffix}") == text


@pytest.mark.skipif(not SPEC.exists(), reason=f"{SPEC.name} is fetched by `make test`")
def test_every_example_of_commonmark_comes_back():
    examples = [example["markdown"] for example in json.loads(SPEC.read_text(encoding="utf-8"))]
    assert len(examples) > 600
    for text in examples:
        assert translate(text, engine="echo").text == text
    # What one file holds of them all together is nothing special either.
    whole = "\n\n中文在这。\n\n".join(examples[:80])
    assert echoed(whole) == whole


@pytest.mark.skipif("DUIZHAO_ASKED_POST" not in os.environ, reason="DUIZHAO_ASKED_POST names no post")
def test_the_asked_post_comes_back():
    text = Path(os.environ["DUIZHAO_ASKED_POST"]).read_bytes().decode()
    assert translate(text, engine="echo").text == text
    assert echoed(text) == text


def is_readable(text):
    try:
        parse(text)
    except InputError:
        return False  # front matter that is no YAML is said, not translated
    return True


@given(DOCUMENTS.filter(is_readable))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_document_comes_back(text):
    assert translate(text, engine="echo").text == text


@given(DOCUMENTS.filter(is_readable))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_file_comes_back(text):
    assert echoed(text) == text


@pytest.mark.long
@given(DOCUMENTS.filter(is_readable))
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_very_many_documents_come_back(text):
    assert translate(text, engine="echo").text == text


@pytest.mark.long
@given(DOCUMENTS.filter(is_readable))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_very_many_files_come_back(text):
    assert echoed(text) == text
