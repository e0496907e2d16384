"""What the review page is made from.

All offsets count characters of Python strings; all spans are half-open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from translator.model import Level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from translator.model import BlockKind, Entry, Finding, State

PEOPLE = frozenset({"person", "memory"})
"""Origins whose words a person wrote; a target of unknown origin counts as a machine's."""


class TermSpan(NamedTuple):
    """A term where it stands in a row's source or target."""

    start: int
    end: int
    term: str
    """As the glossary has it."""
    translation: str
    note: str = ""
    obeyed: bool = True
    """False: this mention is not rendered as the glossary says, or a forbidden form stands here."""


@dataclass(frozen=True, slots=True)
class Row:
    """One segment with its translation."""

    key: str
    state: State
    source: str
    """Markdown on one line."""
    target: str = ""
    origin: str = ""
    """Who wrote the target: `builtin`, `memory`, `person`, …"""
    by: str = ""
    """Who approved it."""
    score: float | None = None
    """How sure the engine was, 0 to 1."""
    former: str = ""
    """The source before it changed."""
    other: str = ""
    """In a conflict: the text in the English file."""
    line: int = 0
    """In the source file, from 1; 0: unknown."""
    findings: tuple[Finding, ...] = ()
    source_terms: tuple[TermSpan, ...] = ()
    target_terms: tuple[TermSpan, ...] = ()
    note: str = ""
    """The reviewer's own."""
    fixes: tuple[str, ...] = ()
    """For each finding the target that mends it, empty where none is sure; empty: not asked."""

    @property
    def needs_person(self) -> bool:
        """Whether somebody has to look."""
        return needs_person(self)


def needs_person(one: Row | Entry) -> bool:
    """Whether somebody has to look at a segment: it is not approved, or an error stands by it."""
    return not one.state.is_done or any(finding.level is Level.ERROR for finding in one.findings)


def is_machines(one: Row | Entry) -> bool:
    """Whether a segment has a machine's words that nobody has approved."""
    return bool(one.target) and not one.state.is_done and one.origin not in PEOPLE


@dataclass(frozen=True, slots=True)
class Item:
    """One block of the post."""

    kind: BlockKind
    level: int = 0
    """Of a heading, 1 to 6."""
    containers: tuple[str, ...] = ()
    """Outermost first, as in `Block.containers`."""
    raw: str = ""
    """What is shown of a block that has no rows: code, math, raw bytes, a cell without words."""
    rows: Sequence[Row] = ()
    """One for each segment; those of a long post are made when they are asked for."""
    key: str = ""
    """As in `Block.key`: front matter's key, an attribute's name, the language of code."""
    line: int = 0
    """In the source file, from 1; cells of one table row share it. 0: unknown."""
    prefix: str | None = None
    """What stands before the block on its first line (`> 3. `): says where list items begin and how they are numbered.
    None: unknown; every block of a list then begins an item."""


@dataclass(frozen=True, slots=True)
class Review:
    """A post, its translation and what is known of both."""

    title: str
    source_name: str
    target_name: str
    items: tuple[Item, ...]
    """In the order of the post."""
    engine: str = ""
    generated: str = ""
    """When, in words; the one thing on the page that may change while the post does not."""
