"""Both sides of a segment, as checks and the glossary look at them: with what is said in it for its neighbours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from translator.markdown import plain, protect, scan
from translator.model import Codec, Mention, Protected, State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from translator.model import Block, Entry, Inline
    from translator.pipeline.english import Post
    from translator.pipeline.work import Work


@dataclass(frozen=True)
class Side:
    """A segment that has a target, together with the joined ones that are said in it."""

    index: int
    source: Protected
    target: Protected
    mentions: tuple[Mention, ...]
    """Spans counted in the plain source."""
    block: Block


def side(work: Work, entries: Sequence[Entry], i: int) -> Side | None:
    """Give a segment's two sides; None where it says nothing itself: joined, untranslated, or its source again."""
    entry, post = entries[i], work.post
    if entry.state is State.JOINED or entry.target in {"", entry.source}:
        return None
    block = post.document.blocks[post.segments[i].block]
    some = sorted([i, *joined(post, entries, i)])
    marks = scan(entry.target, post.document.references) if block.codec is Codec.MARKDOWN else ()
    sources = [work.protected[n] for n in some]
    source = sources[0] if len(sources) == 1 else _together(sources)
    return Side(i, source, protect(entry.target, marks, block.codec), tuple(_mentions(work, some)), block)


def sides(work: Work, entries: Sequence[Entry]) -> Iterator[Side]:
    """Give every segment that says something, in order."""
    yield from (one for i in range(len(entries)) if (one := side(work, entries, i)))


def _mentions(work: Work, some: Sequence[int]) -> Iterator[Mention]:
    at = 0
    for n in some:
        yield from (replace(one, span=one.span.shift(at)) if at else one for one in work.mentions[n])
        at += len(plain(work.protected[n].text))


def joined(post: Post, entries: Sequence[Entry], i: int) -> list[int]:
    """List the joined segments that are said in this one: those behind it, and those before the block's first."""
    block, out = post.segments[i].block, []
    for step in (1, -1):
        n = i + step
        run = []
        while 0 <= n < len(entries) and post.segments[n].block == block and entries[n].state is State.JOINED:
            run.append(n)
            n += step
        first = not 0 <= n < len(entries) or post.segments[n].block != block
        out += run if step == 1 or first else []
    return out


def _together(some: Sequence[Protected]) -> Protected:
    """Put several sources together."""
    marks, at = [], 0
    for one in some:
        marks += [_moved(mark, at) for mark in one.marks]
        at += len(one.source)
    inners = tuple(inner for one in some for inner in one.inners)
    return Protected("".join(p.source for p in some), "".join(p.text for p in some), tuple(marks), inners)


def _moved(mark: Inline, by: int) -> Inline:
    inner, there = mark.inner, mark.destination
    return replace(
        mark, span=mark.span.shift(by), inner=inner and inner.shift(by), destination=there and there.shift(by)
    )
