"""The same words twice: as two terms, or as a term and another's alias."""

from __future__ import annotations

from typing import TYPE_CHECKING

from translator.glossary.lint.rule import Rule
from translator.model import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from translator.glossary.lint.rule import Flaw, Form, Library


def _is_alias_of_another(a: Form, b: Form) -> bool:
    return (a.item < 0) != (b.item < 0)


def _says_the_same(a: Form, b: Form) -> bool:
    one, two = a.listed.term, b.listed.term
    return (one.translation, one.keep) == (two.translation, two.keep)


def _flaw(first: Form, second: Form, message: str) -> Flaw:
    """Note a pair at its second place; in one file it is an error, since such a file is not read."""
    is_one_file = first.listed.term.path == second.listed.term.path
    level = None if is_one_file else Level.WARNING
    end = "" if is_one_file else "; the later file's stands"
    return second.listed.flaw(message + end, second.field, max(second.item, 0), level=level)


def conflicts(library: Library) -> Iterator[Flaw]:
    """Note words that are to be said in two ways."""
    for a, b in library.meetings():
        if not _is_alias_of_another(a, b) and not _says_the_same(a, b):
            one, two = a.listed, b.listed
            message = f"“{b.text}” is “{two.term.translation}” here and “{one.term.translation}” in {one.place}"
            yield _flaw(a, b, message)


def duplicates(library: Library) -> Iterator[Flaw]:
    """Note words that are listed twice and say the same."""
    for a, b in library.meetings():
        if not _is_alias_of_another(a, b) and _says_the_same(a, b):
            where = f"“{a.listed.term.term}”, {a.listed.place}" if a.item >= 0 else a.listed.place
            yield _flaw(a, b, f"“{b.text}” stands here and at {where}; keep one of them")


def aliases(library: Library) -> Iterator[Flaw]:
    """Note aliases that are terms of their own."""
    for a, b in library.meetings():
        if _is_alias_of_another(a, b):
            alias, term = (a, b) if a.item >= 0 else (b, a)
            other = term if b is alias else alias
            role = f"an alias of “{alias.listed.term.term}”" if b is alias else "a term of its own"
            what = "a term of its own" if b is alias else f"an alias of “{alias.listed.term.term}”"
            yield _flaw(a, b, f"“{b.text}” is {role} here and {what} at {other.listed.place}")


CONFLICT = Rule("conflict", Level.ERROR, "Words that are to be said in two ways are said in either.", conflicts)
DUPLICATE = Rule("duplicate", Level.ERROR, "Who changes one of two will forget the other.", duplicates)
ALIAS = Rule("alias", Level.ERROR, "Whose alias is another term is matched as one of them.", aliases)
