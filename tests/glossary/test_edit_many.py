"""Many terms at once are written as one by one: what is read again is just what was wanted."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.errors import InputError
from translator.formats.exchange import TERM_FORMATS, dump, load, tidy
from translator.glossary import parse
from translator.glossary.edit_many import add_terms, rewrite_terms
from translator.model import Term

PIECES = [
    "沐神",
    "a",
    "it's",
    '"x"',
    ": ",
    " #",
    "- ",
    "[",
    "}",
    "|",
    "{a: b}",
    "null",
    "true",
    "~",
    "C++",
    "é",
    "&",
    "*",
    "%",
    "😀",
]
words = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join).filter(str.strip)
some = st.lists(words, max_size=2).map(tuple)
terms = st.builds(Term, words, words, st.just(()), some, some, kind=words | st.just(""), note=words, keep=st.booleans())
unique = st.lists(terms, max_size=5, unique_by=lambda term: tidy(term).term.lower()).map(
    lambda several: [tidy(term) for term in several]
)
BEGINNINGS = [
    "",
    "# only a remark\n",
    "terms: []\n",
    "terms:\n  # none yet\n",
    "\ufeffterms:\r\n- term: 起点\r\n  translation: start\r\n",
    "terms:\n- {term: 起点, translation: start} # end",
    "terms:\n  - term: 起点\n    aliases:\n      - 始点\n    translation: start\n# end\n",
    "terms: [{term: 起点, translation: start}]\n",
]


def read(text):
    return [replace(term, path=None, line=0) for term in parse(text.removeprefix("\ufeff").replace("\r\n", "\n"))]


@given(several=unique, beginning=st.sampled_from(BEGINNINGS))
@settings(max_examples=80)
def test_terms_are_added_behind_the_last_and_nothing_else_changes(several, beginning):
    change = add_terms(beginning, several)
    assert read(change.after) == [*read(beginning), *several]
    for line in beginning.splitlines():
        assert line.partition("#")[2] in change.after


@given(several=unique, others=st.lists(words, min_size=5, max_size=5))
@settings(max_examples=40)
def test_terms_are_rewritten_at_once(several, others):
    text = add_terms("terms:\n- {term: 起点, translation: start}\n", several).after
    values = {
        n: {"translation": tidy(Term("x", word)).translation} for n, word in enumerate(others[: len(several) + 1])
    }
    after = rewrite_terms(text, values).after
    assert [term.translation for term in read(after)] == [
        values[n]["translation"] if n in values else term.translation for n, term in enumerate(read(text))
    ]


def test_a_line_that_holds_two_words_is_not_made_to_hold_more():
    with pytest.raises(InputError, match="nothing else"):
        add_terms("terms: {起点: start}\n", [Term("沐神", "Mu Li", kind="person")], Path("a.yaml"))
    assert add_terms("terms: {起点: start}\n", [Term("沐神", "Mu Li")]).after == "terms: {起点: start, 沐神: Mu Li}\n"


@pytest.mark.parametrize("form", TERM_FORMATS, ids=lambda form: form.name)
@given(several=unique)
@settings(max_examples=25)
def test_out_and_in_again_gives_what_the_format_holds(form, several):
    found = load(dump(several, form), form).terms
    wanted = {term.term: term for several_rows in map(form.held, several) for term in several_rows}
    assert {term.term: term for term in read(add_terms("", found).after)} == wanted
