"""What is said where: Chinese texts with their mentions, and the words of their English without its markup.

    target ─read→ Wording(text, places) ─edits→ spelled ─splice→ target

A change of words is made where they stand in the target: every other byte stays. It is refused where what is read
afterwards is anything but the words that were asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape, unescape
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from translator.glossary.enforce import Became, Said, judge
from translator.markdown import plain, protect, scan
from translator.model import JOINED, Codec, Edit, Inline, InlineKind, Mention, Span, State
from translator.pipeline.sides import joined
from translator.splice import splice
from translator.text import has_han

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from translator.model import Block, Term
    from translator.pipeline.work import Work

_SPELLED = frozenset({InlineKind.ESCAPE, InlineKind.ENTITY})
_HTML = re.compile(r"(?P<tag><[^>]*>)|(?P<entity>&[#\w]+;)")
_SIGN = re.compile(r"[\\`*_{}\[\]<>&$~|#!^:]")


@dataclass(frozen=True)
class Wording:
    """An English text without its markup, and where each of its characters stands."""

    text: str = ""
    places: tuple[Span | None, ...] = ()
    """In the segment's target; None: nowhere."""

    def span(self, span: Span) -> Span | None:
        """Give where a span stands in the target; None where markup or anything else is between its characters."""
        some = self.places[span.start : span.end]
        places = [place for place in dict.fromkeys(some) if place]
        if not places or None in some:
            return None
        whole = all(a.end == b.start for a, b in pairwise(places))
        return Span(places[0].start, places[-1].end) if whole else None

    def find(self, place: Span) -> Span:
        """Give where a span of the target stands in this text; `places` must have its ends."""
        start = next(n for n, one in enumerate(self.places) if one and one.start == place.start)
        return Span(start, next(n for n, one in enumerate(self.places) if one and one.end == place.end) + 1)

    def __add__(self, other: Wording) -> Wording:
        """Put another text behind, a space between them."""
        return Wording(f"{self.text} {other.text}", (*self.places, None, *other.places))


@dataclass(frozen=True)
class Reading:
    """A Chinese text with its mentions, and the English in which they are to be found."""

    holder: int
    """The segment whose target it is."""
    source: str
    starts: tuple[tuple[int, int], ...]
    """The segments it is made of: where each starts in `source`, and its number."""
    mentions: tuple[Mention, ...]
    said: Wording

    def has(self, terms: Sequence[Term]) -> bool:
        """Tell whether one of some terms is mentioned."""
        return any(mention.term in terms for mention in self.mentions)

    def judged(self) -> tuple[Said, ...]:
        """Tell what each mention became; where nothing is said, nothing is looked for."""
        if not self.said.text:
            return tuple(Said(mention, Became.MISSING) for mention in self.mentions)
        return judge(self.source, self.mentions, self.said.text)

    def segment(self, mention: Mention) -> int:
        """Give the segment that a mention stands in."""
        return [i for start, i in self.starts if start <= mention.span.start][-1]


def readings(work: Work) -> Iterator[Reading]:
    """Go through a post: sentences with their English, what is said in a neighbour with the neighbour's."""
    seen: set[int] = set()
    for i, entry in enumerate(work.entries):
        if entry.state is not State.JOINED:
            some = sorted([i, *joined(work.post, work.entries, i)])
            seen.update(some)
            yield from _of(work, i, some)
    for i in sorted({*range(len(work.entries))} - seen):
        yield from _of(work, i, [i])


def _of(work: Work, holder: int, some: Sequence[int]) -> Iterator[Reading]:
    """Read one target; alternative texts and titles are paired with the source's where there are as many."""
    inners = [(i, inner.text, work.mentions_in(i, inner.text)) for i in some for inner in work.protected[i].inners]
    if not any(work.mentions[i] for i in some) and not any(found for *_, found in inners):
        return
    entry = work.entries[holder]
    is_said = entry.target != JOINED and (entry.target != entry.source or not has_han(entry.source))
    block = work.post.document.blocks[work.post.segments[holder].block]
    said, inside = read(entry.target if is_said else "", block, work.post.document.references)
    every = whole(said, inside)
    texts = [plain(work.protected[i].text) for i in some]
    starts = tuple(zip(accumulate(map(len, texts), initial=0), some, strict=False))
    mentions = [replace(m, span=m.span.shift(start)) if start else m for start, i in starts for m in work.mentions[i]]
    yield Reading(holder, "".join(texts), starts, tuple(mentions), every)
    paired = inside if len(inside) == len(inners) else [every] * len(inners)
    for (i, text, found), one in zip(inners, paired, strict=True):
        yield Reading(holder, text, ((0, i),), found, one)


def read(target: str, block: Block, references: Mapping[str, str]) -> tuple[Wording, list[Wording]]:
    """Give the words of a target, and apart from them those inside its marks."""
    if block.codec is Codec.HTML:
        return literal(target, list(_tags(target))), []
    if block.codec is not Codec.MARKDOWN:
        return literal(target, ()), []
    marks = scan(target, references) if target else ()
    inners = protect(target, marks, block.codec).inners
    return literal(target, marks), [_inner(target, inner.span, inner.text) for inner in inners]


def _inner(target: str, span: Span, text: str) -> Wording:
    is_itself = span.of(target) == text
    return Wording(
        text, tuple(Span(n, n + 1) if is_itself else None for n in range(span.start, span.start + len(text)))
    )


def _tags(target: str) -> Iterator[Inline]:
    for found in _HTML.finditer(target):
        kind = InlineKind.HTML if found["tag"] else InlineKind.ENTITY
        yield Inline(kind, Span(*found.span()))


def literal(target: str, marks: Sequence[Inline]) -> Wording:
    """Give the literal text of a target: no delimiters, nothing that is kept whole, escapes and entities undone."""
    hidden = bytearray(len(target))
    spelled: dict[int, tuple[str, Span]] = {}
    for mark in sorted(marks, key=lambda each: (each.span.start, -each.span.end)):
        if hidden[mark.span.start]:
            continue
        if mark.kind in _SPELLED and len(meant := _meant(mark.span.of(target))) == 1:
            spelled[mark.span.start] = meant, mark.span
            outer = Span(mark.span.start + 1, mark.span.end), Span(0, 0)
        else:
            inner = mark.inner or Span(mark.span.end, mark.span.end)
            outer = Span(mark.span.start, inner.start), Span(inner.end, mark.span.end)
        for start, end in outer:
            hidden[start:end] = b"\1" * (end - start)
    some = [spelled.get(n, (ch, Span(n, n + 1))) for n, ch in enumerate(target) if not hidden[n]]
    return Wording("".join(ch for ch, _ in some), tuple(place for _, place in some))


def _meant(spelling: str) -> str:
    return spelling[1:] if spelling.startswith("\\") else unescape(spelling)


def whole(said: Wording, inside: Sequence[Wording]) -> Wording:
    """Put the words of a target and those inside its marks together."""
    for one in inside:
        said += one
    return said


# ── Changing words ────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Target:
    """A target of which words are to be changed."""

    text: str
    block: Block
    references: Mapping[str, str]

    @classmethod
    def of(cls, work: Work, i: int, text: str | None = None) -> Target:
        """Take a segment's target, or another text in its place."""
        document = work.post.document
        text = work.entries[i].target if text is None else text
        return cls(text, document.blocks[work.post.segments[i].block], document.references)

    @cached_property
    def parts(self) -> tuple[Wording, list[Wording]]:
        """Its words, and apart from them those inside its marks: alternative texts and titles."""
        return read(self.text, self.block, self.references)

    @cached_property
    def whole(self) -> Wording:
        """All its words."""
        return whole(*self.parts)

    def spelled(self, said: Wording, edits: Sequence[Edit]) -> list[Edit] | None:
        """Give edits of a wording as they are to be spelled in the target.

        None where they would be read as anything but these words. Law: spliced in, the whole reads as it did, but for
        the edits. What is inserted belongs to the character before it.
        """
        edits = [_grown(said.text, edit) for edit in edits]
        places = [said.span(edit.span) for edit in edits]
        if any(place is None for place in places) or any(a.span.end > b.span.start for a, b in pairwise(sorted(edits))):
            return None
        found = [Edit(place, edit.text) for place, edit in zip(places, edits, strict=True) if place]
        asked = splice(self.whole.text, [Edit(self.whole.find(edit.span), edit.text) for edit in found])
        for spelling in (found, [Edit(span, _escaped(text, self.block.codec)) for span, text in found]):
            target = splice(self.text, spelling)
            if whole(*read(target, self.block, self.references)).text == asked:
                return spelling
        return None


def _grown(text: str, edit: Edit) -> Edit:
    """Make an insertion a change of the character beside it."""
    start, end = edit.span
    if start < end or not text:
        return edit
    if start:
        return Edit(Span(start - 1, end), text[start - 1] + edit.text)
    return Edit(Span(0, 1), edit.text + text[0])


def _escaped(text: str, codec: Codec) -> str:
    if codec is Codec.HTML:
        return escape(text, quote=False)
    return _SIGN.sub(r"\\\g<0>", text) if codec is Codec.MARKDOWN else text
