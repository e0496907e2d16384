"""Terms that no post has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from translator.glossary.lint.rule import Rule
from translator.model import Level
from translator.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from translator.glossary.lint.rule import Flaw, Library


def unused(library: Library) -> Iterator[Flaw]:
    """Note terms that are found in none of the posts."""
    if library.used is None:
        return
    for one in library.listed:
        if not {*map(fold, (one.term.term, *one.term.aliases))} & library.used:
            yield one.flaw(f"“{one.term.term}” stands in no post")


UNUSED = Rule("unused", Level.INFO, "A term that no post has may be a slip of the pen.", unused)
