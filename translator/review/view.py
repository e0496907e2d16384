"""What the templates need: a review's blocks in their shape, its counts, its terms.

Nothing is rendered before a block or a row is asked for; then its segments become HTML.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from translator.model import JOINED, State
from translator.review import diff, inline
from translator.review.page import PEOPLE
from translator.review.shape import Shaper
from translator.review.text import seen
from translator.review.words import message, word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from translator.model import Finding, Span
    from translator.review.page import Review, Row, TermSpan
    from translator.review.shape import Form, Lead, Slot
    from translator.review.words import Language

FOLD = 10
"""A kept block with more lines than this and a few is folded after so many."""
ICONS = {
    State.APPROVED: "✓",
    State.JOINED: "⤴",
    State.DRAFT: "◐",
    State.STALE: "!",
    State.CONFLICT: "⚠",
    State.UNTRANSLATED: "○",
}
"""How a state is told apart without colour; its word is of the same name."""
CALIBRATED = frozenset({"builtin"})
"""Engines whose figure was held against what became of drafts."""
LEVELS = {"error": "✕", "warning": "▲", "info": "i"}
ACTS = {
    State.APPROVED: ("edit", "reject", "note", "repeat", "term"),
    State.JOINED: ("split", "note"),
    State.DRAFT: ("accept", "edit", "reject", "join", "draft", "repeat", "note", "term"),
    State.STALE: ("accept", "edit", "reject", "join", "draft", "repeat", "note", "term"),
    State.CONFLICT: ("edit", "note"),
    State.UNTRANSLATED: ("edit", "join", "draft", "note", "term"),
}
"""What can be done with a segment in each state; the two texts of a conflict have a button each."""


@dataclass(frozen=True, slots=True)
class Said:
    """A word of the interface with what fills it."""

    name: str
    values: dict[str, object] = field(default_factory=dict)
    title: str = ""
    """The name of what explains it, with the same values."""


class Found(NamedTuple):
    """A finding, told."""

    number: int
    icon: str
    level: str
    check: str
    english: str
    chinese: str
    fix: str
    """The target that mends it; empty: none is sure."""


@dataclass(frozen=True, slots=True)
class RowView:
    """A row, as HTML."""

    number: int
    row: Row
    icon: str
    word: str
    """The name of its state's word."""
    source: Markup
    target: Markup
    other: Markup
    """In a conflict: the English file's text, with what is its own marked."""
    former: Markup
    """How the source changed."""
    about: tuple[Said | str, ...]
    """Its line, whose words the target is, how sure the engine was."""
    findings: tuple[Found, ...]
    acts: tuple[str, ...]


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
    name: str = ""
    key: str = ""
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
    """A review, laid out."""

    blocks: tuple[BlockView, ...]
    entries: tuple[Entry, ...]


def view(review: Review, language: Language = "en") -> View:
    """Lay a whole review out."""
    rows = [row for item in review.items for row in item.rows]
    printer = Printer(rows.__getitem__, language)
    blocks = tuple(map(printer.block, Shaper().forms(review.items)))
    return View(blocks, printer.terms.entries())


def percent(done: int, total: int) -> int:
    """Give a share in percent, rounded down: 100 only when everything is done."""
    return 100 * done // total if total else 100


# ── Terms ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class Terms:
    """The glossary entries a post uses, numbered as they appear."""

    numbers: dict[tuple[str, str, str], int] = field(default_factory=dict)
    uses: Counter[int] = field(default_factory=Counter)
    broken: Counter[int] = field(default_factory=Counter)

    def of(self, term: str, translation: str, note: str) -> int:
        """Give an entry's number."""
        return self.numbers.setdefault((term, translation, note), len(self.numbers) + 1)

    def number(self, spans: Iterable[TermSpan], *, count: bool) -> tuple[inline.Term, ...]:
        """Give spans by entry number; `count` them as uses, or only see whether they are obeyed."""
        out = []
        for span in spans:
            number = self.of(span.term, span.translation, span.note)
            self.uses[number] += count
            self.broken[number] += count and not span.obeyed
            told = " · ".join(word for word in (f"{span.term} → {span.translation}", span.note) if word)
            out.append(inline.Term(span.start, span.end, number, told, span.obeyed))
        return tuple(out)

    def entries(self) -> tuple[Entry, ...]:
        """Give all entries, in order of first mention."""
        return tuple(Entry(n, *words, self.uses[n], self.broken[n]) for words, n in self.numbers.items())


# ── Blocks and rows ───────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class Printer:
    """Makes of a block's shape and its rows what the templates print."""

    row: Callable[[int], Row]
    language: Language = "en"
    terms: Terms = field(default_factory=Terms)
    count: bool = True
    """Whether mentions are counted while rows are printed; not where a row may be printed again."""
    lit: Callable[[int], tuple[inline.Spot, ...]] = lambda _: ()
    """What else is marked in a row's target."""

    def block(self, form: Form) -> BlockView:
        """Give a block with all its rows."""
        if not form.slots:
            return _kept(form)
        cells = (replace(self.cell(slot), rows=tuple(self._rows(form, slot))) for slot in form.slots)
        return replace(self.frame(form), cells=tuple(cells))

    def frame(self, form: Form) -> BlockView:
        """Give a block without its rows."""
        return BlockView(form.style, (), form.leads, form.level, form.name, form.key, line=form.line)

    def cell(self, slot: Slot) -> Cell:
        """Give a cell without its rows."""
        return Cell((), seen(slot.raw), self.heads(slot))

    def _rows(self, form: Form, slot: Slot) -> Iterator[RowView]:
        yield from (self.print(form, slot, i) for i in slot.rows)

    def print(self, form: Form, slot: Slot, i: int) -> RowView:
        """Give one row of a block."""
        row = self.row(i)
        source_terms = self.terms.number(row.source_terms, count=self.count)
        target_terms = self.terms.number(row.target_terms, count=False)
        picture = word("image", self.language)
        markdown = form.is_markdown
        source_spots = _spots((finding.source, finding) for finding in row.findings)
        target_spots = (*_spots((finding.target, finding) for finding in row.findings), *self.lit(i))
        source = inline.render(row.source, source_terms, source_spots, markdown=markdown, image=picture)
        target = inline.render(row.target, target_terms, target_spots, markdown=markdown, image=picture)
        other = Markup("")
        if row.state is State.CONFLICT:
            target, other = diff.apart(row.target, row.other)
        former = diff.change(row.former, row.source) if row.former else Markup("")
        return RowView(
            i + 1, row, ICONS[row.state], state_word(row), source, target, other, former, tuple(_about(row)),
            tuple(_findings(row)), tuple(act for act in ACTS[row.state] if act != "join" or i > slot.rows.start),
        )  # fmt: skip

    def heads(self, slot: Slot) -> tuple[Markup, Markup] | None:
        """Give the head of a cell's column in both languages, without terms."""
        if not slot.head:
            return None
        rows = [self.row(i) for i in slot.head.rows]
        source = Markup(" ").join(inline.render(row.source) for row in rows) or Markup("{}").format(slot.head.raw)
        target = Markup(" ").join(inline.render(row.target) for row in rows if row.target != JOINED)
        return source, target or source


def _kept(form: Form) -> BlockView:
    """Give a block that both sides share, folded when it is long."""
    lines = form.raw.splitlines(keepends=True)
    cut = FOLD if len(lines) > FOLD + 4 else len(lines)
    return BlockView(
        form.style, (), form.leads, 0, form.name, form.key, seen("".join(lines[:cut]).rstrip("\r\n")),
        seen("".join(lines[cut:])), len(lines) - cut, form.line,
    )  # fmt: skip


def _spots(placed: Iterable[tuple[Span | None, Finding]]) -> tuple[inline.Spot, ...]:
    return tuple(inline.Spot(span.start, span.end, finding.level) for span, finding in placed if span)


def state_word(row: Row) -> str:
    """Name the word of a row's state; a draft says who drafted it."""
    return "machine_draft" if row.state is State.DRAFT and row.origin not in PEOPLE else row.state.value


def _findings(row: Row) -> Iterator[Found]:
    fixes: Sequence[str] = row.fixes or [""] * len(row.findings)
    for n, (finding, fix) in enumerate(zip(row.findings, fixes, strict=True)):
        chinese = message(finding.check, finding.message, "zh")
        yield Found(n, LEVELS[finding.level], finding.level.value, finding.check, finding.message, chinese, fix)


def _about(row: Row) -> Iterator[Said | str]:
    """Say where a row stands and whose words its target is."""
    if row.line:
        yield Said("line", {"n": row.line})
    if row.target and row.origin and row.state is not State.JOINED:
        yield from _origin(row)
    if row.score is not None and row.state is State.DRAFT:
        title = "sure_measured" if row.origin in CALIBRATED else "sure_own"
        yield Said("sure", {"n": f"{100 * row.score:.0f}"}, title)


def _origin(row: Row) -> Iterator[Said | str]:
    if row.origin == "memory":
        yield Said("from_memory")
    elif row.origin == "person":
        yield from () if row.state.is_done else (Said("from_person"),)
    else:
        yield row.origin if row.state is State.DRAFT else Said("drafted_by", {"engine": row.origin})
