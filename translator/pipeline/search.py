"""Search and replace in a post: words only, never a mark, a destination, code or math.

What is looked for is literal. A place that markup runs through is found and is not replaced.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from translator.markdown import scan
from translator.model import JOINED, Codec, Edit, InlineKind, Span, State
from translator.pipeline.decide import Decision, Stand
from translator.pipeline.draft import LINE_END, NEVER
from translator.pipeline.readings import Target
from translator.pipeline.uses import hidden
from translator.splice import splice
from translator.text import boundaries, is_han

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from translator.model import Entry
    from translator.pipeline.readings import Wording
    from translator.pipeline.work import Work

_SPELLED = frozenset({InlineKind.ESCAPE, InlineKind.ENTITY})


@dataclass(frozen=True)
class Query:
    """What is looked for, and what is to stand there instead."""

    find: str
    replace: str | None = None
    """Taken as it is, on one line; None: nothing is to be replaced."""
    case: bool = False
    """Only with the same capitals."""
    word: bool = False
    """Only whole words; a Chinese one begins and ends where the dictionary says."""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What is looked for."""
        return re.compile(re.escape(self.find), 0 if self.case else re.IGNORECASE)

    def spans(self, text: str) -> list[Span]:
        """Find every place, from left to right and disjoint."""
        if not self.find:
            return []
        found = (Span(*match.span()) for match in self.pattern.finditer(text))
        return [span for span in found if not self.word or _is_whole(text, span)]


class Hit(NamedTuple):
    """Where something stands in a segment."""

    key: str
    side: Literal["source", "target"]
    spans: tuple[Span, ...]
    """In the segment's source or target, as Markdown; markup that runs through the place is in it."""


def matches(work: Work, entries: Sequence[Entry], query: Query) -> list[Hit]:
    """Find every segment that has the words, on either side, in order."""
    out = []
    for i, entry in enumerate(entries):
        for side, text in (("source", entry.source), ("target", entry.target)):
            if text and text != JOINED and (spans := tuple(_found(Target.of(work, i, text), query))):
                out.append(Hit(entry.key, "source" if side == "source" else "target", spans))
    return out


def _found(target: Target, query: Query) -> Iterator[Span]:
    for said in _texts(target, query):
        for span in query.spans(said.text):
            places = [place for place in said.places[span.start : span.end] if place]
            if places:
                yield Span(places[0].start, places[-1].end)


def _texts(target: Target, query: Query) -> list[Wording]:
    """Give the words of a target and of its inner texts, if what is looked for can be there at all."""
    if not query.find or not _may_have(target.text, query):
        return []
    said, inside = target.parts
    return [said, *inside]


def _may_have(text: str, query: Query) -> bool:
    """Tell whether every letter is there; markup may stand between them, and an entity may hide one."""
    low = text.casefold()
    return "&" in text or all(ch in low for ch in query.find.casefold())


def replacements(work: Work, entries: Sequence[Entry], query: Query) -> list[Decision]:
    """Give what replacing would make of each segment: only words change, where they stand.

    Joined segments and conflicts are left alone, and so is what would break the post's Markdown. What is approved stays
    approved, by whoever does this. Laws: the marks are the same before and after, kinds, order and destinations; the
    way back gives the same bytes where what was put in stands nowhere else.
    """
    if query.replace is None or not query.find or query.find == query.replace:
        return []
    after = tuple(_replaced(work, entries, i, query) for i in range(len(entries)))
    changed = [i for i, (a, b) in enumerate(zip(entries, after, strict=True)) if a != b]
    unseen = hidden(work, after) - hidden(work, entries) if changed else set[int]()
    return [
        Decision(entries[i].key, entries[i].source, Stand.of(entries[i]), Stand.of(after[i]))
        for i in changed
        if i not in unseen
    ]


def _replaced(work: Work, entries: Sequence[Entry], i: int, query: Query) -> Entry:
    entry = entries[i]
    if entry.state in {State.CONFLICT, State.JOINED} or entry.target in {"", JOINED}:
        return entry
    text = _with(Target.of(work, i, entry.target), query)
    if text == entry.target or not text.strip() or text == JOINED:
        return entry
    if entry.state is State.APPROVED:
        return replace(entry, target=text, origin="person", by=work.means.person, score=None)
    return replace(entry, target=text)


def _with(target: Target, query: Query) -> str:
    """Replace every place of a target that can be, all at once if possible, else one after the other."""
    texts = _texts(target, query)
    new = NEVER.sub("", LINE_END.sub(" ", query.replace or ""))
    wanted = [(said, Edit(span, new)) for said in texts for span in query.spans(said.text)]
    if not wanted:
        return target.text
    every = _spliced(target, wanted)
    if every is not None:
        return every
    kept: list[tuple[Wording, Edit]] = []
    for one in wanted:
        if _spliced(target, [*kept, one]) is not None:
            kept.append(one)
    return _spliced(target, kept) or target.text


def _spliced(target: Target, wanted: Sequence[tuple[Wording, Edit]]) -> str | None:
    """Give the target with words replaced; None where that is not all that would change."""
    edits: list[Edit] = []
    for said in dict.fromkeys(id(said) for said, _ in wanted):
        some = [(one, edit) for one, edit in wanted if id(one) == said]
        spelled = target.spelled(some[0][0], [edit for _, edit in some])
        if spelled is None:
            return None
        edits += spelled
    text = splice(target.text, edits)
    return text if _marks(target, text) == _marks(target, target.text) else None


def _marks(target: Target, text: str) -> list[tuple[str, str]]:
    """Give what markup there is, with where it leads or what it keeps."""
    if target.block.codec is Codec.HTML:
        return [(tag, "") for tag in re.findall(r"<[^>]*>", text)]
    out = list[tuple[str, str]]()
    if target.block.codec is not Codec.MARKDOWN:
        return out
    for mark in scan(text, target.references):
        if mark.kind not in _SPELLED:
            kept = mark.destination or (mark.span if mark.inner is None and not mark.prose else None)
            out.append((mark.kind.value, kept.of(text) if kept else ""))
    return out


# ── Words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _is_whole(text: str, span: Span) -> bool:
    """Tell whether neither end is inside a word."""
    return all(_is_edge(text, at) for at in span)


def _is_edge(text: str, at: int) -> bool:
    if not 0 < at < len(text):
        return True
    left, right = text[at - 1], text[at]
    if is_han(left) and is_han(right):
        start, end = _run(text, at)
        return at - start in boundaries(text[start:end])
    return not (_is_letter(left) and _is_letter(right)) or is_han(left) or is_han(right)


def _is_letter(ch: str) -> bool:
    return ch.isalnum() or ch == "_"


def _run(text: str, at: int) -> tuple[int, int]:
    """Give the run of Chinese around a place."""
    start = end = at
    while start and is_han(text[start - 1]):
        start -= 1
    while end < len(text) and is_han(text[end]):
        end += 1
    return start, end
