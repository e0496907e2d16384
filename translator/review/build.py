"""From a post and its record to what the review page is made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

from translator.glossary import verify
from translator.model import JOINED, BlockKind, State
from translator.review.page import Item, Review, Row, TermSpan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from translator.model import Block, Entry
    from translator.pipeline.work import Outcome, Work


@dataclass(frozen=True, slots=True)
class Rows(Sequence[Row]):
    """The rows of a stretch of segments, each made when it is asked for."""

    work: Work
    entries: Sequence[Entry]
    numbers: range

    def __len__(self) -> int:
        """Count them."""
        return len(self.numbers)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Rows: ...
    def __getitem__(self, at: int | slice) -> Row | Rows:
        """Make one, or narrow the stretch."""
        if isinstance(at, slice):
            return Rows(self.work, self.entries, self.numbers[at])
        return row(self.work, self.entries, self.numbers[at])


def build(work: Work, outcome: Outcome, source: Path, english: Path, generated: str = "") -> Review:
    """Lay a post out block by block, its segments as rows; no row is made before it is read."""
    items = tuple(_items(work, outcome.entries))
    engines = sorted({e.origin for e in outcome.entries if e.state is State.DRAFT and e.origin not in {"", "person"}})
    return Review(title(outcome, source), source.name, english.name, items, ", ".join(engines), generated)


def _items(work: Work, entries: Sequence[Entry]) -> Iterator[Item]:
    document = work.post.document
    counts = Counter(segment.block for segment in work.post.segments)
    at, line, start = 0, 1, 0
    for number, block in enumerate(document.blocks):
        line += document.text.count("\n", start, block.lines.start)
        start = max(start, block.lines.start)
        rows = Rows(work, entries, range(at, at := at + counts[number]))
        raw = "" if rows else block.span.of(document.text)
        prefix = _prefix(document.text, block)
        yield Item(block.kind, block.level, block.containers, raw, rows, block.key, line, prefix)


def title(outcome: Outcome, source: Path) -> str:
    """Name a post: by its front matter, its first heading, or its file."""
    for entry in outcome.entries:
        if entry.place.startswith((BlockKind.FRONT.value + " title", BlockKind.HEADING.value)):
            return entry.source
    return source.name


def _prefix(text: str, block: Block) -> str:
    start = max(text.rfind("\n", 0, block.span.start), text.rfind("\r", 0, block.span.start)) + 1
    return text[start : block.span.start]


def row(work: Work, entries: Sequence[Entry], i: int, fixes: tuple[str, ...] = ()) -> Row:
    """Make the row of a segment, its terms found on both sides; `fixes` are its findings', in order."""
    entry, mentions = entries[i], work.mentions[i]
    target = "" if entry.target == JOINED else entry.target
    verdict = verify(mentions, target) if target else None
    missing = {id(mention) for mention in verdict.missing} if verdict else set()
    at, source_terms = 0, []
    for mention in mentions:
        start = entry.source.find(mention.surface, at)
        if start >= 0:
            at = start + len(mention.surface)
            term = mention.term
            source_terms.append(TermSpan(start, at, term.term, mention.wanted, term.note, id(mention) not in missing))
    bound = [(span, mention, True) for mention, span in verdict.obeyed] if verdict else []
    bound += [(span, mention, False) for mention, span in verdict.forbidden] if verdict else []
    target_terms = [
        TermSpan(s.start, s.end, m.term.term, m.wanted, m.term.note, ok)
        for s, m, ok in sorted(bound, key=lambda b: b[0])
    ]
    return Row(
        entry.key,
        entry.state,
        entry.source,
        target,
        entry.origin,
        entry.by,
        entry.score,
        entry.former,
        "" if entry.other == JOINED else entry.other,
        entry.line,
        entry.findings,
        tuple(source_terms),
        tuple(target_terms),
        entry.note,
        fixes,
    )
