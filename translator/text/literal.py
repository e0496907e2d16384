"""What a literal is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from translator.model import Span

if TYPE_CHECKING:
    import re

NOWHERE = Span(0, 0)


class Literal(NamedTuple):
    """A stretch of a source text whose rendering is known by rule."""

    span: Span
    wanted: str
    accepted: tuple[str, ...] = ()
    """Other renderings, in lower case."""
    is_name: bool = False
    """Latin letters: compared with their case."""
    is_plain: bool = False
    """Models say it well by themselves: it is no hint."""
    parts: tuple[tuple[str, ...], ...] = ()
    """Or else one form of each of these, wherever they stand, in lower case: 3 … hours."""

    @property
    def forms(self) -> tuple[str, ...]:
        """Everything that may stand for it or a part of it."""
        return (self.wanted, *self.accepted, *(form for part in self.parts for form in part))


def said(wanted: str, *accepted: str, parts: tuple[tuple[str, ...], ...] = (), plain: bool = False) -> Literal:
    """Make a literal of words."""
    return Literal(NOWHERE, wanted, tuple(dict.fromkeys(form.lower() for form in accepted)), False, plain, parts)


def as_is(found: re.Match[str]) -> Literal:
    """Keep what is found, letter by letter."""
    return Literal(NOWHERE, found.group(), is_name=True)
