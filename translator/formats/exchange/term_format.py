"""What a format for terms is, and the one form of a term that all of them write and read.

A format says for each term what of it it holds (`held`), and the laws are over that: reading what was written gives
what is held, and what differs is what is lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, NamedTuple

from translator.glossary.lines import LONGEST
from translator.model import PLACES, PROPOSED, Term

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence
    from pathlib import Path

FIELDS = tuple(field.name for field in fields(Term) if field.name not in {"path", "line"})
LISTS = ("aliases", "also", "forbidden", "only", "beside")
WORDS = ("term", "translation", "first", "kind", "status")
YAML_NAMES = {"beside": "with"}
"""Where a field is called otherwise in files."""

_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
"""Control characters, half characters and byte order marks: in no term, and in no file we write."""


class Remark(NamedTuple):
    """Something a file says that did not become a term, or not all of it."""

    line: int
    message: str


class Found(NamedTuple):
    """What a file in one of the formats says."""

    terms: tuple[Term, ...]
    """With the file's path and line."""
    remarks: tuple[Remark, ...] = ()
    fields: frozenset[str] = frozenset(FIELDS)
    """The fields that this file speaks of; about the others it has no opinion."""


@dataclass(frozen=True)
class TermFormat:
    """A format in which terms leave and come in.

    Law: for each term, `load(dump([term])).terms == held(term)`, places apart.
    """

    name: str
    suffixes: tuple[str, ...]
    """By which a file's name says that it is this format; the first is its own."""
    what: str
    """A sentence for the documentation."""
    dump: Callable[[Sequence[Term]], str]
    """Of rows that are held already and have no key in common."""
    load: Callable[[str, Path | None], Found]
    """Of a text whose lines end with a line feed."""
    held: Callable[[Term], tuple[Term, ...]]
    """A term as the format holds it; none where it cannot, several where aliases become rows of their own."""
    key: Callable[[Term], Hashable] | None = None
    """What no two rows may have in common: the first of them stands."""
    has_mark: bool = False
    """Whether a file starts with a byte order mark, as Excel wants it."""


def field_name(field: str) -> str:
    """Give a field's name as it is written in files."""
    return YAML_NAMES.get(field, field)


def tidy(term: Term) -> Term:
    """Give a term as glossary files hold it: single blanks, nothing invisible, nothing twice, no empty items.

    A note keeps its lines. What came from a glossary file is tidy already. Idempotent.
    """
    words = {name: words_of(getattr(term, name)) for name in WORDS}
    if term.keep:
        words["translation"] = words["translation"] or words["term"]
    lists = {name: tuple(dict.fromkeys(filter(None, map(words_of, getattr(term, name))))) for name in LISTS}
    return replace(term, **words, **lists, note=_lines_of(term.note), path=None, line=0)  # type: ignore[arg-type]


def words_of(text: str) -> str:
    """Give a text on one line, with single blanks and nothing invisible."""
    return " ".join(_INVISIBLE.sub("", text).split())


def _lines_of(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(map(words_of, lines)).strip("\n")


def refusal(term: Term) -> str:
    """Say why no glossary file would take a tidy term; empty where it would."""
    if not term.term:
        return "the term is empty"
    if not term.translation:
        return f"“{term.term}” has no translation"
    texts = [(name, getattr(term, name)) for name in WORDS]
    texts += [(name, item) for name in LISTS for item in getattr(term, name)]
    for name, text in texts:
        if len(text) > LONGEST:
            return f"`{field_name(name)}` is {len(text)} characters long; {LONGEST} is the most"
    if unknown := [place for place in term.only if place not in PLACES]:
        return f"`only` is one of {', '.join(PLACES)}; not {unknown[0]}"
    if term.status not in {"", PROPOSED}:
        return f"`status` is {PROPOSED} or nothing; not {term.status}"
    return ""


def held_whole(term: Term) -> tuple[Term, ...]:
    """Give a term in full: what a format of ours holds."""
    whole = tidy(term)
    return () if refusal(whole) else (whole,)


def admit(rows: Sequence[Term], remarks: Sequence[Remark] = (), speaks_of: frozenset[str] | None = None) -> Found:
    """Make what was read tidy, and say of each term that no glossary takes why it is left out."""
    terms, said = [], list(remarks)
    for row in rows:
        term = tidy(row)
        if reason := refusal(term):
            said.append(Remark(row.line, f"left out: {reason}"))
        else:
            terms.append(replace(term, path=row.path, line=row.line))
    return Found(tuple(terms), tuple(sorted(said)), speaks_of or frozenset(FIELDS))
