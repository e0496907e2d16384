"""Two texts side by side, whoever wrote them: paired as a reader would, put right in place, every other byte kept."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.errors import InputError
from translator.glossary import Became, Glossary, load, parse
from translator.markdown import parse as parse_markdown
from translator.markdown.flat import flats
from translator.pipeline.enforce import enforce
from translator.pipeline.parallel import by_block, by_line
from translator.pipeline.report import report

ROOT = Path(__file__).parents[2]
TERMS = """
terms:
  - {term: 沐神, translation: Mu Li, forbidden: [Bath God], kind: person}
  - {term: mxnet, translation: MXNet, kind: project}
  - {term: 深度学习, translation: deep learning}
  - {term: 小批量, translation: minibatch, forbidden: [small batch]}
  - {term: 参数, translation: parameter}
  - {term: 类, translation: class, only: code}
  - {term: 卷积神经网络, translation: convolutional neural network, first: convolutional neural network (CNN)}
"""
GLOSSARY = Glossary(parse(TERMS))


def pairs(source, target):
    return [(pair.source.text, pair.target.text) for pair in by_block(source, target).pairs]


# ── Pairing ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_blocks_are_cut_into_sentences_where_both_have_as_many():
    assert pairs("# 一\n\n甲。乙！丙\n", "# One\n\nThe first. The next! Last\n") == [
        ("一", "One"),
        ("甲。", "The first."),
        ("乙！", " The next!"),
        ("丙", " Last"),
    ]
    assert pairs("甲。乙。\n", "One and two, e.g. three.\n") == [("甲。乙。", "One and two, e.g. three.")]
    assert pairs("甲\n乙\n", "One\nTwo\n") == [("甲\n", "One\n"), ("乙", "Two")]


def test_a_block_that_only_one_side_has_is_left_alone():
    source = "# 安装\n\n先装好 pip 再说。\n\n这里是 2019 年的事。\n\n- 第一 GPU\n- 第二 CPU\n"
    target = "# Installation\n\nInstall pip first.\n\n- first the GPU\n- second the CPU\n\n## A translator's note\n"
    both = by_block(source, target)
    assert [(pair.source.text, pair.target.text) for pair in both.pairs] == [
        ("安装", "Installation"),
        ("先装好 pip 再说。", "Install pip first."),
        ("第一 GPU", "first the GPU"),
        ("第二 CPU", "second the CPU"),
    ]
    assert [source[at:].splitlines()[0] for at in both.source_alone] == ["这里是 2019 年的事。"]
    assert [target[at:].splitlines()[0] for at in both.target_alone] == ["A translator's note"]


def test_plain_texts_are_paired_by_line():
    both = by_line("甲\r\n\r\n乙\r\n", "A\n\nB")
    assert [(pair.source.text, pair.target.text) for pair in both.pairs] == [("甲", "A"), ("", ""), ("乙", "B")]
    with pytest.raises(InputError, match="3 lines and the target 2"):
        by_line("甲\n乙\n丙\n", "A\nB\n")


@given(st.text(alphabet="甲乙a*_`[]()<>!&;\\\n #-|$~", max_size=60))
@settings(deadline=None, max_examples=300)
def test_every_plain_character_knows_its_place(text):
    document = parse_markdown(text)
    for block in document.blocks:
        for flat in flats(document, block) if block.kind.is_prose else ():
            assert len(flat.places) == len(flat.text) + 1
            assert list(flat.places) == sorted(flat.places)
            for ch, at in zip(flat.text, flat.places, strict=False):
                assert ch in {text[at], "\ufffc", "\n"} or text[at] == "\\"


@given(
    st.lists(
        st.sampled_from(["甲。", "# 乙\n", "\n\n", "- 丙\n", "> 丁\n", "`x`", "![戊](己)", "|a|b|\n|-|-|\n"]),
        max_size=12,
    )
)
@settings(deadline=None)
def test_a_text_is_paired_with_itself(parts):
    text = "".join(parts)
    both = by_block(text, text)
    assert all(set(pair.source.text.strip()) & set(pair.target.text) for pair in both.pairs)
    assert not both.source_alone
    assert not both.target_alone


# ── Enforcement ───────────────────────────────────────────────────────────────────────────────────────────────────────

SOURCE = """---
title: 沐神谈深度学习
tags: [mxnet]
---

# 深度学习与**小批量**

沐神说，小批量很好。每个*小批量*有三个参数。
![沐神](a.png "mxnet")
用`mxnet`和[mxnet](https://a.b/mxnet "mxnet")。

| 参数 | 类 |
|---|---|
| `x` 类 | 沐神 |
"""
TARGET = """---
title: "Bath God on 深度学习"
tags: [mxnet]
---

# Deep learning and **small batches**

Bath God says that small batches are good. Each *small batch* has three arguments.
![Bath God](a.png "mxnet")
With `mxnet` and [mxnet](https://a.b/mxnet "mxnet").

| Arguments | Sort |
|---|---|
| `x` sort | Bath God |
"""
RIGHT = """---
title: "Mu Li on deep learning"
tags: [mxnet]
---

# Deep learning and **minibatches**

Mu Li says that minibatches are good. Each *minibatch* has three parameters.
![Mu Li](a.png "MXNet")
With `mxnet` and [MXNet](https://a.b/mxnet "MXNet").

| Arguments | Sort |
|---|---|
| `x` sort | Mu Li |
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_post_is_put_right_in_place(newline, mark):
    source, target, right = (mark + text.replace("\n", newline) for text in (SOURCE, TARGET, RIGHT))
    done = enforce(source, target, GLOSSARY)
    assert done.text == right
    again = enforce(source, done.text, GLOSSARY)
    assert (again.text, again.repaired) == (right, 0)
    became = [one.said.became for one in again.found()]
    assert became.count(Became.WRONG) == 0
    left = [one.said.mention.surface for one in again.found() if one.said.became is Became.MISSING]
    assert left == ["参数", "类"]  # a single word of a table tells too little; a word nobody knows


def test_plain_text_by_line():
    done = enforce("沐神来了\n用mxnet\n", "Bath God came\nUse mxnet.\n", GLOSSARY, markdown=False)
    assert done.text == "Mu Li came\nUse MXNet.\n"


def test_the_first_mention():
    source = "# 卷积神经网络\n\n卷积神经网络很深。卷积神经网络很慢。\n"
    target = "# Convolutional Neural Networks\n\nA convolutional neural network is deep. It is slow.\n"
    done = enforce(source, target, GLOSSARY)
    assert done.text == target.replace("neural network is", "neural network (CNN) is")
    assert [one.said.became for one in enforce(source, done.text, GLOSSARY).found()][-1] is Became.IMPLIED


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("沐神", "Bath **God**"),  # markup inside what is wrong
        ("沐神", "Bath\\ God"),
        ("沐神", "[Bath](a) God"),
        ("[沐神](a)", "[x](<Bath God>)"),  # only where it leads
        ("`沐神`", "`Bath God`"),
        ("$沐神$", "$Bath God$"),
        ("<!-- 沐神 -->", "<!-- Bath God -->"),
        ("```\n沐神\n```", "```\nBath God\n```"),
    ],
)
def test_what_is_no_plain_word_is_left(source, target):
    assert enforce(source, target, GLOSSARY).text == target


def test_a_repair_that_would_change_the_file_is_left_out():
    glossary = Glossary(parse("terms: [{term: 甲乙, translation: '# a: b', forbidden: [wrong]}]"))
    target = "---\ntitle: wrong\n---\n\nwrong\n\nNot wrong.\n"
    done = enforce("---\ntitle: 甲乙\n---\n\n甲乙\n\n不是甲乙。\n", target, glossary)
    assert done.text == target.replace("Not wrong", "Not # a: b")
    assert done.repaired == 1


WORDS = st.sampled_from(
    [
        "Bath God",
        "mxnet",
        "a small batch",
        "**",
        "*",
        "`",
        "the",
        "arguments",
        "\n",
        "\n\n",
        "- ",
        "> ",
        "# ",
        "[",
        "](x)",
        "沐神",
    ]
)


@given(
    st.lists(WORDS, max_size=14).map(" ".join),
    st.lists(st.sampled_from(["沐神", "mxnet", "小批量", "参数", "，", "\n\n", "- "]), max_size=8).map("".join),
)
@settings(deadline=None, max_examples=200)
def test_laws_of_a_repaired_file(target, source):
    done = enforce(source, target, GLOSSARY)
    before, after = parse_markdown(target), parse_markdown(done.text)
    assert [(block.kind, block.containers) for block in before.blocks] == [
        (block.kind, block.containers) for block in after.blocks
    ]
    if not done.repaired:
        assert done.text == target


def test_the_sample_post_is_right_without_its_record():
    source, target = ((ROOT / "posts" / "mxnet" / name).read_text(encoding="utf-8") for name in ("zh.md", "en.md"))
    done = enforce(source, target, load(sorted((ROOT / "glossary").glob("*.yaml"))))
    assert done.text == target
    became = [one.said.became for one in done.found()]
    assert len(became) > 85
    assert set(became) <= {Became.OBEYED, Became.IMPLIED}


def test_the_sample_post_obeys():
    found = report([ROOT / "posts" / "mxnet" / "zh.md"])
    assert (found.total.strict, found.total.public) == (1.0, 1.0)
    assert found.total.mentions > 85
    assert found.total.mentions == found.total.obeyed == sum(found.terms[name].mentions for name in found.terms)
