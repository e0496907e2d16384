"""Two columns and nothing else: DeepL's glossaries, and lists of `中文，english`.

Both know a word and its English. An alias becomes a row of its own, since what reads such a list would not find it
otherwise; a term that is only proposed is left out, since there it would be used.

DeepL takes lines of `source<tab>target`, no source twice, no control character, nothing empty (its API's
documentation, “Glossary formats”). In a list the first comma, Chinese or not, parts the line; a line that starts with
`# ` is a remark. An abbreviation in brackets at the end, `long short-term memory (LSTM)`, is what is written at the
first mention: it is read as `translation: long short-term memory`, `also: [LSTM]` and the whole as `first`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from translator.errors import InputError
from translator.formats.exchange.term_format import Found, TermFormat, admit, refusal, tidy
from translator.model import PROPOSED, Term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

_ABBREVIATED = re.compile(r"(?P<long>.*[^ (]) \((?P<short>(?=[^()]*[A-Z.])[A-Za-z0-9.&/-]+)\)")
"""A short form has a capital or a dot: (LSTM), (i.i.d.); (method) has neither."""


def _said(term: Term) -> str:
    """Give what a list says in English: the first mention's form where the reader makes the same term of it."""
    found = _ABBREVIATED.fullmatch(term.first)
    is_same = found and found["long"] == term.translation and found["short"] in term.also
    return term.first if is_same else term.translation


def _meant(chinese: str, english: str) -> Term:
    """Read a line of a list."""
    found = _ABBREVIATED.fullmatch(english)
    return Term(chinese, found["long"], also=(found["short"],), first=english) if found else Term(chinese, english)


def _rows(term: Term) -> Iterator[tuple[str, str]]:
    """Give each way the author writes a term with what a list says for it."""
    whole = tidy(term)
    if whole.status != PROPOSED and not refusal(whole):
        for form in dict.fromkeys((whole.term, *whole.aliases)):
            yield form, _said(whole)


def list_held(term: Term) -> tuple[Term, ...]:
    """Give a term as a list holds it."""
    return tuple(_meant(*row) for row in _rows(term) if not re.search("[,，]|^#( |$)", row[0]))


def list_dump(rows: Sequence[Term]) -> str:
    """Write a list."""
    return "".join(f"{row.term}，{row.first or row.translation}\n" for row in rows)


def list_load(text: str, path: Path | None = None) -> Found:
    """Read a list."""
    rows = []
    for number, line in _lines(text):
        chinese, comma, english = re.match(r"([^,，]*)([,，]?)(.*)", line).groups()  # type: ignore[union-attr]
        if not (chinese.strip() and comma and english.strip()):
            raise InputError("expected `中文，english`", path, number, _column(line, comma, len(chinese)))
        rows.append(replace(_meant(" ".join(chinese.split()), " ".join(english.split())), path=path, line=number))
    return admit(rows, speaks_of=frozenset({"term", "translation", "also", "first"}))


def _column(line: str, mark: str, at: int) -> int:
    """Say where a line stops being what was expected: at its end, or where its mark stands."""
    return at + 1 if mark else len(line.rstrip()) + 1


def _lines(text: str, is_remark: Callable[[str], object] = re.compile("#( |$)").match) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() and not is_remark(line.strip()):
            yield number, line


def deepl_held(term: Term) -> tuple[Term, ...]:
    """Give a term as DeepL's glossary holds it."""
    return tuple(Term(form, tidy(term).translation) for form, _ in _rows(term))


def deepl_dump(rows: Sequence[Term]) -> str:
    """Write DeepL's lines."""
    return "".join(f"{row.term}\t{row.translation}\n" for row in rows)


def deepl_load(text: str, path: Path | None = None) -> Found:
    """Read DeepL's lines."""
    rows = []
    for number, line in _lines(text, lambda _: False):
        source, tab, target = line.partition("\t")
        if not (source.strip() and target.strip()):
            where = _column(line, tab, len(source))
            raise InputError("expected a word, a tab and its translation", path, number, where)
        if "\t" in target:
            message = "a second tab; DeepL takes two columns, a table with more is read by --format tsv"
            raise InputError(message, path, number, len(source) + target.index("\t") + 2)
        rows.append(Term(source, target, path=path, line=number))
    return admit(rows, speaks_of=frozenset({"term", "translation"}))


DEEPL = TermFormat(
    "deepl",
    (".deepl.tsv", ".deepl"),
    "DeepL's glossary: a word, a tab, its English; aliases are rows of their own.",
    deepl_dump,
    deepl_load,
    deepl_held,
    key=lambda term: term.term,
)
LIST = TermFormat(
    "list",
    (".txt",),
    "Lines of `中文，english`; `long form (LF)` is read as a first mention.",
    list_dump,
    list_load,
    list_held,
)
