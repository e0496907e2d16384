"""Terms are found where a reader would find them, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from labelled_mentions import EVERY, Sentence, score, shipped

from translator.glossary import PLAIN, Glossary, Place, parse
from translator.text import fold


@pytest.fixture(scope="module")
def glossary() -> Glossary:
    return shipped()


@pytest.mark.parametrize(
    "sentence",
    [pytest.param(one, id=f"{one.file}:{one.line}", marks=pytest.mark.xfail if one.is_hard else ()) for one in EVERY],
)
def test_labelled_sentence(sentence: Sentence) -> None:
    assert sentence.found() == sentence.wanted(), sentence.marked


def test_precision_and_recall_over_all_labelled_sentences() -> None:
    total = score(EVERY)
    assert len(EVERY) >= 760
    assert total.precision >= 0.98
    assert total.recall >= 0.98


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
        "小批量",
        "梯度",
        "下降",
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
        "Go",
        "go",
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


# ── Conditions ────────────────────────────────────────────────────────────────────────────────────────────────────────

CONDITIONS = Glossary(
    parse("""
terms:
  - {term: 类, translation: kind}
  - {term: 类, translation: class, only: [code, heading]}
  - {term: 类, translation: species, with: [物种, Darwin]}
  - {term: Go, aliases: [GoLang], translation: Go, case: true}
  - {term: 出发, translation: go}
  - {term: 长期记忆网络, translation: memory network, only: [cell]}
  - {term: 网络, translation: network}
""")
)


def english(text: str, place: Place = PLAIN) -> list[str]:
    return [mention.wanted for mention in CONDITIONS.mentions(text, place)]


@pytest.mark.parametrize(
    ("text", "place", "wanted"),
    [
        ("这个类", PLAIN, ["kind"]),
        ("这个类", Place(frozenset({"paragraph", "code"})), ["class"]),
        ("这个类", Place(frozenset({"heading"})), ["class"]),
        ("这个类", Place(around="新物种"), ["species"]),
        ("物种的类", PLAIN, ["species"]),
        ("这个类", Place(around="by DARWIN himself"), ["species"]),
        ("这个类", Place(around="Ｄａｒｗｉｎ说"), ["species"]),
        ("这个类", Place(around="Darwinism"), ["kind"]),
        ("这个类", Place(frozenset({"code"}), "物种"), ["class"]),
        ("Go, GoLang, Ｇｏ", PLAIN, ["Go", "Go", "Go"]),
        ("go, GO, golang, gO, ｇｏ", PLAIN, []),
        ("长期记忆网络", PLAIN, ["network"]),
        ("长期记忆网络", Place(frozenset({"cell"})), ["memory network"]),
    ],
)
def test_conditions(text: str, place: Place, wanted: list[str]) -> None:
    assert english(text, place) == wanted


@given(st.lists(st.sampled_from(["类", "Go", "go", "物种", "网络", "长期记忆", "，"]), max_size=12).map("".join))
def test_a_term_whose_condition_fails_is_as_if_it_were_not_there(text: str) -> None:
    bare = Glossary([term for term in CONDITIONS.terms if not term.only])
    assert bare.mentions(text) == CONDITIONS.mentions(text)
