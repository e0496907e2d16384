"""Values in front matter, attributes and titles: what is read is what was written."""

from __future__ import annotations

import json
import tomllib

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.errors import InputError
from translator.markdown import parse, set_front, spell, unspell
from translator.model import Codec, Edit
from translator.splice import splice

SETTINGS = settings(max_examples=80, deadline=None)
VALUES = st.text(
    st.one_of(
        st.sampled_from("abc 中文:#'\"\\&<>[]{},-!|%@`*?=~ 0123456789.()"),
        st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\ufeff\ufffe\uffff"),
    ),
    min_size=1,
    max_size=24,
).filter(lambda value: value.strip() == value)

PLACES = {
    "yaml plain": "---\ntitle: 标题\ndate: 2018-01-01\n---\n",
    "yaml comment": "---\ntitle: 标题 # 注\n---\n",
    "yaml single": "---\ntitle: '标''题'\n---\n",
    "yaml double": '---\ntitle: "标\\"题"\n---\n',
    "yaml folded": "---\ndescription: >-\n  第一行\n  第二行\ntitle2: x\n---\n",
    "yaml literal": "---\ndescription: |-\n  第一行\n\n  第二行\ntitle2: x\n---\n",
    "yaml literal crlf": "---\r\ndescription: |-\r\n  第一行\r\nx: 1\r\n---\r\n",
    "yaml plain lines": "---\ndescription: 第一行\n  第二行\nx: 1\n---\n",
    "yaml list": "---\ntags:\n  - 标签\n  - b\n---\n",
    "yaml flow": "---\ntags: [标签, b]\n---\n",
    "yaml nested": "---\ncategories:\n  - [标签, 二]\n---\n",
    "yaml hexo": "title: 标题\ndate: 2018-01-01\n---\n",
    "yaml semicolons": ";;;\ntitle: 标题\n;;;\n",
    "toml basic": '+++\ntitle = "标题"\n+++\n',
    "toml literal": "+++\ntitle = '标题'\n+++\n",
    "toml long": '+++\ntitle = """标题"""\n+++\n',
    "toml list": '+++\ntags = [\n  "标签", # 注\n  "b",\n]\n[params]\ntitle = "不"\n+++\n',
    "json": '{\n  "title": "标题",\n  "n": [1]\n}\n',
    "json ascii": '{"title": "\\u6807\\u9898"}\n',
    "attribute double": '<div>\n<img alt="标题" src="a">\n</div>\n',
    "attribute single": "<div>\n<img title='标题'>\n</div>\n",
    "title double": '[a]: http://b "标题"\n',
    "title single": "[a]: <http://b> '标题'\n",
    "title paren": "[a]: http://b (标题)\n",
}
FORMATS = {"---": yaml.safe_load, "+++": tomllib.loads}


def first(text):
    document = parse(text)
    return next(block for block in document.blocks if block.kind.is_prose), document


@pytest.mark.parametrize("place", PLACES)
@SETTINGS
@given(value=VALUES)
def test_what_is_spelled_is_read_back(place, value):
    block, document = first(PLACES[place])
    value = f"x{value}" if block.codec is Codec.ATTRIBUTE else value  # without a letter it is no prose
    spelled = spell(value, block, document)
    said = splice(document.text, [Edit(block.span, spelled)])
    again = parse(said)
    assert [each.kind for each in again.blocks] == [each.kind for each in document.blocks], said
    other = next(each for each in again.blocks if each.kind.is_prose)
    assert unspell(other, again).rstrip("\n") == value, said
    assert said[other.span.end :] == document.text[block.span.end :]


@pytest.mark.parametrize("place", PLACES)
def test_a_value_that_stays_keeps_its_bytes(place):
    block, document = first(PLACES[place])
    assert spell(unspell(block, document), block, document) == block.span.of(document.text)


@pytest.mark.parametrize(
    ("place", "value", "spelled"),
    [
        ("yaml plain", "Back to MXNet", "Back to MXNet"),
        ("yaml plain", "MXNet: a tour", '"MXNet: a tour"'),
        ("yaml plain", "true", '"true"'),
        ("yaml plain", "2018", '"2018"'),
        ("yaml plain", "a #b", '"a #b"'),
        ("yaml single", "it's", "'it''s'"),
        ("yaml double", 'a "b"', '"a \\"b\\""'),
        ("yaml folded", "One line", ">-\n  One line"),
        ("yaml literal", "One\n\nTwo", "|-\n  One\n\n  Two"),
        ("yaml flow", "a, b", '"a, b"'),
        ("toml literal", "it's", '"it\'s"'),
        ("toml literal", "its", "'its'"),
        ("json", 'a "b"', '"a \\"b\\""'),
        ("attribute double", 'a "b" & c', "a &quot;b&quot; & c"),
        ("attribute single", "it's", "it&#39;s"),
        ("title double", 'a "b"', 'a \\"b\\"'),
        ("title paren", "a (b)", "a \\(b\\)"),
    ],
)
def test_the_style_of_the_source_is_kept(place, value, spelled):
    block, document = first(PLACES[place])
    assert spell(value, block, document) == spelled


# ── Setting keys ──

SET = {
    "---\ntitle: a # b\n---\nx": "---\ntitle: a # b\ntranslation: draft\nlang: en\n---\nx",
    "---\n---\n": "---\ntranslation: draft\nlang: en\n---\n",
    "---\r\nlang: zh-CN # c\r\n---\r\n": "---\r\nlang: en # c\r\ntranslation: draft\r\n---\r\n",
    "\ufeff---\nlang:\ntitle: a\n---": "\ufeff---\nlang: en\ntitle: a\ntranslation: draft\n---",
    "title: x\ndate: 1\n---\nb": "title: x\ndate: 1\ntranslation: draft\nlang: en\n---\nb",
    "---\nlang: en\ntranslation: 'draft'\n---\n": "---\nlang: en\ntranslation: 'draft'\n---\n",
    "+++\ntitle='a'\n[p]\nq=1\n+++\n": '+++\nlang = "en"\ntranslation = "draft"\ntitle=\'a\'\n[p]\nq=1\n+++\n',
    '{\n  "a": 1\n}\nx': '{\n  "a": 1,\n  "translation": "draft",\n  "lang": "en"\n}\nx',
    '{"lang": "zh"}\n': '{"lang": "en", "translation": "draft"}\n',
    "# no front matter\n": "# no front matter\n",
    "": "",
}


@pytest.mark.parametrize("text", SET)
def test_keys_are_set_and_nothing_else_changes(text):
    said = set_front(text, {"translation": "draft", "lang": "en"})
    assert said == SET[text]
    assert set_front(said, {"translation": "draft", "lang": "en"}) == said


def test_set_keys_are_read_back():
    values = {"translation": "draft", "note": 'a: "b" #c', "lang": "no"}
    assert yaml.safe_load(set_front("---\na: 1\n---\n", values)[4:-5]) == {"a": 1, **values}
    assert tomllib.loads(set_front("+++\na = 1\n+++\n", values)[4:-5]) == {"a": 1, **values}
    assert json.loads(set_front('{"a": 1}\n', values)) == {"a": 1, **values}


# ── Broken and no front matter ──


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\ntitle: [转]文章\ndate: 1\n---\n", 2),
        ("---\na: 1\ntitle: a: b\n---\n", 3),
        ('---\na: 1\ntitle: "a\n---\n', 4),
        ("---\ntitle: a\n\tb: c\n---\n", 3),
        ("+++\na = 1\nb = \n+++\n", 3),
        ("---\ntitle: @a\n---\n", 2),
    ],
)
def test_broken_front_matter_is_named(text, line):
    with pytest.raises(InputError) as raised:
        parse(text)
    assert raised.value.line == line
    assert raised.value.column > 0
    assert raised.value.path is None


@pytest.mark.parametrize(
    "text",
    [
        "---\n\n文字\n\n---\n",
        "---\n文字\n---\n",
        "---\ntitle: a\n",
        "注: 文字\n---\n",
        "title: 文字\n\n正文一段\n\n---\n",
        "{% note %}\n---\n",
        "{ a\n",
        "+++\na = 1\n",
        "---\n",
    ],
)
def test_what_only_looks_like_front_matter_is_none(text):
    assert parse(text).front is None


@pytest.mark.parametrize("place", [name for name in PLACES if name.startswith(("yaml", "toml", "json"))])
def test_front_matter_is_found(place):
    document = parse(PLACES[place] + "正文\n")
    assert document.front
    assert document.front.of(document.text) == PLACES[place]
    assert document.blocks[-1].span.of(document.text) == "正文"
    assert first(PLACES[place])[0].codec in {Codec.YAML, Codec.TOML, Codec.JSON}
