"""From a post and its record to what the review page is made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from translator.glossary import verify
from translator.model import JOINED, BlockKind, State
from translator.review.page import Item, Review, Row, TermSpan

if TYPE_CHECKING:
    from pathlib import Path

    from translator.model import Block, Entry, Mention
    from translator.pipeline.work import Outcome, Work


def build(work: Work, outcome: Outcome, source: Path, english: Path, generated: str = "") -> Review:
    """Lay a post out block by block, its segments as rows."""
    document, post = work.post.document, work.post
    inside: dict[int, list[int]] = {}
    for i, segment in enumerate(post.segments):
        inside.setdefault(segment.block, []).append(i)
    items = []
    for number, block in enumerate(document.blocks):
        rows = tuple(_row(outcome.entries[i], work.mentions[i]) for i in inside.get(number, ()))
        raw = "" if rows else block.span.of(document.text)
        line = 1 + document.text.count("\n", 0, block.lines.start)
        items.append(
            Item(block.kind, block.level, block.containers, raw, rows, block.key, line, _prefix(document.text, block))
        )
    engines = sorted({e.origin for e in outcome.entries if e.state is State.DRAFT and e.origin not in {"", "person"}})
    return Review(_title(outcome, source), source.name, english.name, tuple(items), ", ".join(engines), generated)


def _title(outcome: Outcome, source: Path) -> str:
    for entry in outcome.entries:
        if entry.place.startswith((BlockKind.FRONT.value + " title", BlockKind.HEADING.value)):
            return entry.source
    return source.name


def _prefix(text: str, block: Block) -> str:
    start = max(text.rfind("\n", 0, block.span.start), text.rfind("\r", 0, block.span.start)) + 1
    return text[start : block.span.start]


def _row(entry: Entry, mentions: tuple[Mention, ...]) -> Row:
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
    )
