"""What the template needs: a review's blocks in their shape, its counts, its terms.

Neighbouring cells become table rows, containers become bars and markers, segments become HTML.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from translator.model import BlockKind, State
from translator.review import diff, inline
from translator.review.text import seen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from translator.model import Finding, Span
    from translator.review.page import Item, Review, Row, TermSpan

PLAIN = frozenset({BlockKind.FRONT, BlockKind.TITLE})
FOLD = 10
"""A kept block with more lines than this and a few is folded after so many."""
MARKER = re.compile(r"(?:^|[\s>])(?P<sign>[-*+]|\d{1,9}[.)])\s*(?:\[(?P<task>[ xX])\]\s*)?$")
NOTE = re.compile(r"\[\^([^\]]+)\]:?\s*$")
SCAFFOLD = re.compile(r"\s*|(?=.*-)(?=.*\|)[-|\s:>]+|---|\+\+\+|[\"\w.-]+\s*[:=]|:{3,}")
"""Raw bytes that say nothing: a table's rule, the ends of front matter, the key of a value that is prose."""
FENCE = re.compile(r"\A(?:---|\+\+\+)[^\S\n]*\n|\n(?:---|\+\+\+)\s*\Z")
BULLETS = "•◦▪"
JOINED = "⤴"
PEOPLE = frozenset({"person", "memory"})
"""Origins whose words a person wrote; a target of unknown origin counts as a machine's."""


class Sign(NamedTuple):
    """How a state is told apart without colour."""

    icon: str
    word: str
    chinese: str


SIGNS = {
    State.APPROVED: Sign("✓", "approved", "已审"),
    State.JOINED: Sign("⤴", "joined", "并入上句"),
    State.DRAFT: Sign("◐", "draft", "草稿"),
    State.STALE: Sign("!", "stale", "原文已改"),
    State.CONFLICT: Sign("⚠", "conflict", "冲突"),
    State.UNTRANSLATED: Sign("○", "untranslated", "未译"),
}
LEVELS = {"error": "✕", "warning": "▲", "info": "i"}
KEPT = {
    BlockKind.CODE: "code",
    BlockKind.MATH: "formula",
    BlockKind.RULE: "rule",
}


class Lead(NamedTuple):
    """What stands before a block's text: the bar of a quote, the marker of a list item."""

    kind: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class RowView:
    """A row, as HTML."""

    number: int
    row: Row
    sign: Sign
    word: str
    source: Markup
    target: Markup
    other: Markup
    """In a conflict: the English file's text, with what is its own marked."""
    former: Markup
    """How the source changed."""
    about: str
    """Its line, whose words the target is, how sure the engine was."""
    findings: tuple[tuple[str, Finding], ...]
    """With the sign of the level."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The rows of one block; of a table, with its column's head on both sides."""

    rows: tuple[RowView, ...]
    raw: str = ""
    heads: tuple[Markup, Markup] | None = None


@dataclass(frozen=True, slots=True)
class BlockView:
    """A block, or the cells of one table row."""

    style: str
    cells: tuple[Cell, ...] = ()
    leads: tuple[Lead, ...] = ()
    level: int = 0
    label: str = ""
    shown: str = ""
    """Of a kept block: its first lines."""
    folded: str = ""
    more: int = 0
    """How many lines are folded."""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """A term that the post uses."""

    number: int
    term: str
    translation: str
    note: str
    uses: int
    broken: int


@dataclass(frozen=True, slots=True)
class View:
    """Everything the template reads."""

    blocks: tuple[BlockView, ...]
    entries: tuple[Entry, ...]
    total: int
    done: int
    percent: int
    """Rounded down: 100 only when every segment is done."""
    states: tuple[tuple[State, Sign, int], ...]
    """Those that occur."""
    needs: int
    found: int
    """How many segments have findings."""
    machine: int
    """How many are a machine's words that nobody approved."""


def view(review: Review) -> View:
    """Lay a review out."""
    rows = [row for item in review.items for row in item.rows]
    counts = Counter(row.state for row in rows)
    done = sum(count for state, count in counts.items() if state.is_done)
    shaper = Shaper()
    blocks = tuple(shaper.blocks(review.items))
    return View(
        blocks,
        shaper.terms.entries(),
        len(rows),
        done,
        100 * done // len(rows) if rows else 100,
        tuple((state, sign, counts[state]) for state, sign in SIGNS.items() if counts[state]),
        sum(row.needs_person for row in rows),
        sum(bool(row.findings) for row in rows),
        sum(is_machine(row) for row in rows),
    )


def is_machine(row: Row) -> bool:
    """Whether the target is a machine's and nobody has approved it."""
    return not row.state.is_done and bool(row.target) and row.origin not in PEOPLE


# ── Shape ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class Terms:
    """The glossary entries a post uses, numbered as they appear."""

    numbers: dict[tuple[str, str, str], int] = field(default_factory=dict)
    uses: Counter[int] = field(default_factory=Counter)
    broken: Counter[int] = field(default_factory=Counter)

    def number(self, spans: Iterable[TermSpan], *, count: bool) -> tuple[inline.Term, ...]:
        """Give spans by entry number; `count` them as uses, or only see whether they are obeyed."""
        out = []
        for span in spans:
            number = self.numbers.setdefault((span.term, span.translation, span.note), len(self.numbers) + 1)
            self.uses[number] += count
            self.broken[number] += count and not span.obeyed
            told = " · ".join(word for word in (f"{span.term} → {span.translation}", span.note) if word)
            out.append(inline.Term(span.start, span.end, number, told, span.obeyed))
        return tuple(out)

    def entries(self) -> tuple[Entry, ...]:
        """Give all entries, in order of first mention."""
        return tuple(Entry(n, *words, self.uses[n], self.broken[n]) for words, n in self.numbers.items())


@dataclass(slots=True)
class Shaper:
    """Walks through the post once, counting rows, list items and terms."""

    terms: Terms = field(default_factory=Terms)
    lists: dict[int, int] = field(default_factory=dict)
    """How many items the list at each depth has had."""
    path: tuple[str, ...] = ()
    """The containers of the block before."""
    number: int = 0
    heads: list[tuple[Markup, Markup]] = field(default_factory=list)

    def blocks(self, items: Sequence[Item]) -> Iterator[BlockView]:
        """Give all blocks; neighbouring cells on one line are one table row."""
        spoken = (item for item in items if item.kind is not BlockKind.RAW or not SCAFFOLD.fullmatch(_bytes(item)))
        for _, group in groupby(enumerate(spoken), key=_table_row):
            together = [item for _, item in group]
            first = together[0]
            leads = self._leads(first)
            if first.kind is BlockKind.CELL:
                yield self._table_row(together, leads)
            elif first.rows:
                yield self._prose(first, leads)
            else:
                yield _kept(first, leads)

    def _prose(self, item: Item, leads: tuple[Lead, ...]) -> BlockView:
        style = f"prose {item.kind}"
        style += f" h{item.level}" if item.kind is BlockKind.HEADING else ""
        style += " listed" if "item" in item.containers else ""
        label = item.key if item.kind in {BlockKind.FRONT, BlockKind.HTML} else ""
        return BlockView(style, (Cell(self._rows(item)),), leads, item.level, label, line=item.line)

    def _table_row(self, cells: Sequence[Item], leads: tuple[Lead, ...]) -> BlockView:
        """Give the cells of one row, each under the head of its column."""
        is_head = "header" in cells[0].containers
        views = [(self._rows(item), item.raw) for item in cells]
        if is_head:
            self.heads = [_head(item) for item in cells]
        heads = () if is_head else tuple(self.heads)
        made = tuple(Cell(rows, seen(raw), heads[n] if n < len(heads) else None) for n, (rows, raw) in enumerate(views))
        return BlockView("cells head" if is_head else "cells", made, leads, label="table head" if is_head else "")

    def _rows(self, item: Item) -> tuple[RowView, ...]:
        return tuple(self._row(row, markdown=item.kind not in PLAIN) for row in item.rows)

    def _row(self, row: Row, *, markdown: bool) -> RowView:
        self.number += 1
        source_terms = self.terms.number(row.source_terms, count=True)
        target_terms = self.terms.number(row.target_terms, count=False)
        source_spots = _spots((finding.source, finding) for finding in row.findings)
        target_spots = _spots((finding.target, finding) for finding in row.findings)
        source = inline.render(row.source, source_terms, source_spots, markdown=markdown)
        target = inline.render(row.target, target_terms, target_spots, markdown=markdown)
        other = Markup("")
        if row.state is State.CONFLICT:
            target, other = diff.apart(row.target, row.other)
        former = diff.change(row.former, row.source) if row.former else Markup("")
        return RowView(
            self.number, row, SIGNS[row.state], _word(row), source, target, other, former, _about(row),
            tuple((LEVELS[finding.level], finding) for finding in row.findings),
        )  # fmt: skip

    def _leads(self, item: Item) -> tuple[Lead, ...]:
        """Give the bars and markers before a block, outermost first."""
        containers = item.containers
        shared = next((n for n, (a, b) in enumerate(zip(self.path, containers, strict=False)) if a != b), None)
        shared = min(len(self.path), len(containers)) if shared is None else shared
        self.lists = {depth: count for depth, count in self.lists.items() if depth < shared}
        self.path = containers
        last = max((n for n, name in enumerate(containers) if name == "item"), default=-1)
        leads = (self._lead(item, depth, last=last) for depth in range(len(containers)))
        return tuple(lead for lead in leads if lead)

    def _lead(self, item: Item, depth: int, *, last: int) -> Lead | None:
        match item.containers[depth]:
            case "quote":
                return Lead("quote")
            case "container" | "tag":
                return Lead("quote soft")
            case "item":
                return Lead("marker", self._marker(item, depth) if depth == last else "")
            case "dd":
                return Lead("marker")
            case "footnote":
                found = NOTE.search(item.prefix or "")
                return Lead("marker", found[1] if found else "")
        return None

    def _marker(self, item: Item, depth: int) -> str:
        """Give the bullet or number of the list item that the block begins, if it begins one."""
        found = MARKER.search(item.prefix or "")
        if not found and (item.prefix is not None or not item.rows):
            return ""
        self.lists[depth] = self.lists.get(depth, 0) + 1
        if found and found["task"]:
            return "☐" if found["task"] == " " else "☑"
        if found and found["sign"][0].isdigit():
            return found["sign"]
        if not found and item.containers[depth - 1 : depth] == ("ordered",):
            return f"{self.lists[depth]}."
        return BULLETS[min(item.containers[:depth].count("item"), len(BULLETS) - 1)]


def _table_row(numbered: tuple[int, Item]) -> tuple[int, int, tuple[str, ...]]:
    """Give a key that the cells of one table row share and no other blocks do."""
    number, item = numbered
    return (-1, item.line, item.containers) if item.kind is BlockKind.CELL and item.line else (number, 0, ())


def _head(item: Item) -> tuple[Markup, Markup]:
    """Give a column's head in both languages, without terms."""
    source = Markup(" ").join(inline.render(row.source) for row in item.rows) or Markup("{}").format(item.raw)
    target = Markup(" ").join(inline.render(row.target) for row in item.rows if row.target != JOINED)
    return source, target or source


def _kept(item: Item, leads: tuple[Lead, ...]) -> BlockView:
    """Give a block that both sides share, folded when it is long."""
    lines = _bytes(item).splitlines(keepends=True)
    cut = FOLD if len(lines) > FOLD + 4 else len(lines)
    kind = "front matter" if "front" in item.containers else KEPT.get(item.kind, "kept")
    label = " · ".join(word for word in (kind, item.key) if word)
    style = f"kept {item.kind}" + (" slim" if item.kind is BlockKind.RAW and len(lines) == 1 else "")
    return BlockView(
        style, (), leads, 0, label, seen("".join(lines[:cut]).rstrip("\r\n")), seen("".join(lines[cut:])),
        len(lines) - cut, item.line,
    )  # fmt: skip


def _bytes(item: Item) -> str:
    """Give what is shown of a kept block: its bytes, without front matter's own delimiters."""
    return (FENCE.sub("", item.raw) if "front" in item.containers else item.raw).strip("\r\n")


def _spots(placed: Iterable[tuple[Span | None, Finding]]) -> tuple[inline.Spot, ...]:
    return tuple(inline.Spot(span.start, span.end, finding.level) for span, finding in placed if span)


def _word(row: Row) -> str:
    """Name a row's state; a draft says who drafted it."""
    return "machine draft" if row.state is State.DRAFT and row.origin not in PEOPLE else SIGNS[row.state].word


def _about(row: Row) -> str:
    """Say where a row stands and whose words its target is."""
    line = f"line {row.line}" if row.line else ""
    sure = f"{100 * row.score:.0f} % sure" if row.score is not None and row.state is State.DRAFT else ""
    return " · ".join(word for word in (line, _origin(row), sure) if word)


def _origin(row: Row) -> str:
    if not row.target or not row.origin or row.state is State.JOINED:
        return ""
    if row.origin == "person":
        return "" if row.state.is_done else "a person’s words"
    if row.origin == "memory":
        return "from the memory"
    return row.origin if row.state is State.DRAFT else f"drafted by {row.origin}"
