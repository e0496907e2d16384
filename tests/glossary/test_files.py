"""Glossary files are read as they are meant, and where that cannot be, the message says where and what to write."""

from pathlib import Path

import pytest
import yaml

from translator.errors import InputError
from translator.glossary import Glossary, load, merge, parse, verify
from translator.model import Term

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ERRORS = yaml.safe_load((HERE / "errors.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("text", "line", "column", "message"), ERRORS)
def test_error(tmp_path, text, line, column, message):
    path = tmp_path / "people.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load([path])
    assert message in str(caught.value)
    assert str(caught.value).startswith(str(path))
    if line:
        assert (caught.value.line, caught.value.column) == (line, column)


def test_a_term_as_it_is_read():
    text = """
terms:
  - term: 沐神
    aliases: [李沐, 李沐大神]
    translation: Mu Li
    also: [Li Mu]
    forbidden: [Bath God]
    first: Mu Li (沐神)
    kind: person
    note: >
      A note
      on two lines.
"""
    assert parse(text, Path("a.yaml")) == (
        Term(
            "沐神",
            "Mu Li",
            ("李沐", "李沐大神"),
            ("Li Mu",),
            ("Bath God",),
            "Mu Li (沐神)",
            "person",
            "A note on two lines.",
            path=Path("a.yaml"),
            line=3,
        ),
    )


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "terms:\n", "terms: []\n", "---\n...\n"])
def test_nothing_yet(text):
    assert parse(text) == ()


def test_words_are_read_as_written():
    terms = parse("terms: {NO: no, 1.10: 1.10, 沐神: Mu Li}")
    assert [(term.term, term.translation) for term in terms] == [("NO", "no"), ("1.10", "1.10"), ("沐神", "Mu Li")]


def test_a_kept_term_needs_no_translation():
    (term,) = parse("terms: [{term: softmax, keep: true}]")
    assert (term.translation, term.keep) == ("softmax", True)


def test_a_byte_order_mark_is_no_part_of_it(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfterms: [{term: a, translation: b}]\r\n")
    assert len(load([path]).terms) == 1


@pytest.mark.parametrize(("content", "message"), [(b"\xff\xfe", "is not UTF-8"), (None, "cannot be read")])
def test_a_file_that_is_none(tmp_path, content, message):
    path = tmp_path / "a.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        load([path])


def test_a_sentence_is_no_term():
    with pytest.raises(InputError, match="201 characters long; 200 is the most"):
        parse(f"terms: [{{term: {'长' * 201}, translation: x}}]")


def test_deep_nesting_is_an_error_like_any_other():
    with pytest.raises(InputError):
        parse("terms: " + "[" * 5000)


def test_a_later_file_overrides():
    site = parse("""
terms:
  - {term: 沐神, aliases: [李沐], translation: Mu Li}
  - {term: 知乎, aliases: [李沐大神], translation: Zhihu}
""")
    post = parse("terms: [{term: 沐神, aliases: [李沐大神], translation: Prof. Li}]")
    glossary = merge([site, post])
    assert [(term.term, term.aliases, term.translation) for term in glossary.terms] == [
        ("知乎", (), "Zhihu"),
        ("沐神", ("李沐大神",), "Prof. Li"),
    ]


SHIPPED = load(sorted((ROOT / "glossary").glob("*.yaml")))


@pytest.mark.parametrize("term", SHIPPED.terms, ids=lambda term: term.term)
def test_shipped_term(term):
    (mention,) = SHIPPED.mentions(term.term)
    assert mention.term == term
    for form in filter(None, (term.translation, term.first, *term.also)):
        assert verify([mention], f"We {form} here").is_clean, form
    for form in term.forbidden:
        assert verify([mention], f"We {form} here").forbidden, form
    for alias in term.aliases:
        assert [found.term for found in SHIPPED.mentions(alias)] == [term]


def test_shipped_files_share_no_term():
    files = [parse(path.read_text(encoding="utf-8")) for path in (ROOT / "glossary").glob("*.yaml")]
    assert len(SHIPPED.terms) == sum(map(len, files))
    assert isinstance(SHIPPED, Glossary)
