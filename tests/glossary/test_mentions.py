"""Terms are found where a reader would find them, and nowhere else."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.glossary import Glossary, load, parse
from translator.text import fold

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SENTENCES = [
    line
    for line in (HERE / "mentions.txt").read_text(encoding="utf-8").splitlines()
    if line and (not line.startswith("#") or line.startswith("#⟦"))
]


@pytest.fixture(scope="module")
def glossary() -> Glossary:
    return load([*sorted((ROOT / "glossary").glob("*.yaml")), HERE / "terms.yaml"])


@pytest.mark.parametrize(
    "marked",
    [
        pytest.param(line.removeprefix("? "), marks=pytest.mark.xfail if line.startswith("? ") else ())
        for line in SENTENCES
    ],
)
def test_labelled_sentence(glossary: Glossary, marked: str) -> None:
    text = re.sub("[⟦⟧]", "", marked)
    found, at = "", 0
    for mention in glossary.mentions(text):
        found += f"{text[at : mention.span.start]}⟦{mention.surface}⟧"
        at = mention.span.end
    assert found + text[at:] == marked


def test_there_are_enough_sentences() -> None:
    assert len(SENTENCES) >= 120


PIECES = st.sampled_from(
    [
        "沐神",
        "mxnet",
        "词元",
        "名",
        "素",
        "深度",
        "学习",
        "率",
        "機器",
        "ＭＸＮｅｔ",
        " ",
        "，",
        "_",
        ".",
        "/",
        "s",
        "1",
        "GPU",
        "a",
        "的",
        "😀",
    ]
)


@given(st.lists(PIECES, max_size=20).map("".join))
def test_mentions_are_exact_ordered_and_disjoint(glossary: Glossary, text: str) -> None:
    end = 0
    for mention in glossary.mentions(text):
        assert mention.span.of(text) == mention.surface
        assert fold(mention.surface) in {fold(form) for form in (mention.term.term, *mention.term.aliases)}
        assert mention.span.start >= end
        end = mention.span.end


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_blank_line_parts_two_texts(glossary: Glossary, left: str, right: str) -> None:
    both = glossary.mentions(f"{left}\n\n{right}")
    assert [mention.surface for mention in both] == [
        mention.surface for text in (left, right) for mention in glossary.mentions(text)
    ]


def test_a_kept_term_wants_what_stands_there() -> None:
    (mention,) = Glossary(parse("terms: [{term: softmax, keep: true}]")).mentions("用SoftMax函数")
    assert mention.wanted == "SoftMax"


def test_an_empty_glossary_finds_nothing() -> None:
    assert Glossary().mentions("沐神") == ()


def test_the_signature_knows_content_and_not_place() -> None:
    one = Glossary(parse("terms: [{term: 深盟, translation: DMLC}]"))
    moved = Glossary(parse("# moved\nterms:\n  - term: 深盟\n    translation: DMLC\n"))
    other = Glossary(parse("terms: [{term: 深盟, translation: DMLC, also: [Dmlc]}]"))
    assert one.signature == moved.signature != other.signature


def test_one_term_in_a_megabyte_takes_no_dictionary(glossary: Glossary) -> None:
    text = "用mxnet。" * 1000
    assert len(glossary.mentions(text)) == 1000
