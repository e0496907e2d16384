"""The glossary's word on any two texts, also ones this tool did not make."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from translator.errors import InputError
from translator.glossary import PLAIN, Place, verify
from translator.glossary.enforce import Said, edits, imply, judge
from translator.glossary.first import with_first
from translator.markdown import parse
from translator.markdown.flat import Flat, flats
from translator.model import BlockKind, Edit, InlineKind, Span
from translator.pipeline.parallel import Pair, Parallel, by_block, by_line
from translator.pipeline.places import kinds
from translator.splice import splice
from translator.text import has_han

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from translator.glossary import Glossary
    from translator.model import Mention

MARKDOWN = frozenset({".md", ".markdown", ".mdx"})


class Found(NamedTuple):
    """One mention, and where it and its rendering stand; lines and columns count from 1."""

    said: Said
    pair: Pair
    source: Span
    """In the whole source."""
    target: Span | None
    """In the whole target."""
    context: str
    """The segment of the target."""


@dataclass(frozen=True)
class Enforced:
    """What the glossary says of two texts."""

    parallel: Parallel
    said: tuple[tuple[Said, ...], ...]
    """For each pair, what its mentions became."""
    text: str
    """The target with every repair that is safe."""
    repaired: int = 0
    """How many renderings were put right in it."""

    @cached_property
    def targets(self) -> list[str]:
        """Each pair's target."""
        return [pair.target.text for pair in self.parallel.pairs]

    def found(self) -> Iterable[Found]:
        """Give every mention, in order."""
        for pair, some in zip(self.parallel.pairs, self.said, strict=True):
            for said in some:
                source = pair.source.span(*said.mention.span)
                target = pair.target.span(*said.span) if said.span else None
                yield Found(said, pair, source, target, pair.target.text)


def pair_texts(source: str, target: str, *, markdown: bool) -> Parallel:
    """Put two texts side by side: Markdown by block, plain text by line. Raises `InputError`."""
    return by_block(source, target) if markdown else by_line(source, target)


def is_markdown(source: Path, target: Path) -> bool:
    """Tell by their names whether two files are Markdown; raises `InputError` where only one is."""
    kinds = {path.suffix.lower() in MARKDOWN for path in (source, target)}
    if len(kinds) > 1:
        raise InputError(f"only one of {source} and {target} is Markdown by its name; say --by line or --by block")
    return kinds.pop()


def enforce(source: str, target: str, glossary: Glossary, *, markdown: bool = True) -> Enforced:
    """See what became of every mention, and repair what is safe to repair: everything else keeps its bytes.

    A repair that would change anything but the words it is meant to (markup, the file's structure) is left out. Raises
    `InputError` where the texts cannot be paired.
    """
    parallel = pair_texts(source, target, markdown=markdown)
    pairs = [
        pair for _, some in groupby(parallel.pairs, lambda pair: id(pair.whole)) for pair in _best(list(some), glossary)
    ]
    parallel = replace(parallel, pairs=tuple(pairs))
    texts, targets = [pair.source.text for pair in pairs], [pair.target.text for pair in pairs]
    eligible = [pair.block is None or pair.block.kind is not BlockKind.HEADING for pair in pairs]
    mentions = with_first([_mentions(pair, glossary) for pair in pairs], texts, eligible)
    judged = [judge(*one) for one in zip(texts, mentions, targets, strict=True)]
    said = tuple(imply(judged, targets))
    text, repaired = _repaired(parallel, said, markdown=markdown)
    return Enforced(parallel, said, text, repaired)


def _best(cut: list[Pair], glossary: Glossary) -> list[Pair]:
    """Take a block as it was cut, or whole where more mentions are obeyed then: both sides need not be cut alike."""
    whole = cut[0].whole
    if whole is None or len(cut) == 1:
        return cut
    verdicts = [verify(_mentions(pair, glossary), pair.target.text) for pair in cut]
    if all(verdict.is_clean for verdict in verdicts):
        return cut
    one = Pair(*whole, cut[0].block, whole)
    more = verify(_mentions(one, glossary), one.target.text)
    return [one] if len(more.obeyed) > sum(len(verdict.obeyed) for verdict in verdicts) else cut


def _mentions(pair: Pair, glossary: Glossary) -> tuple[Mention, ...]:
    """Find a pair's terms; a tag or the like that both sides have names a page of the site, and is none."""
    is_front = pair.block is not None and pair.block.kind is BlockKind.FRONT
    if is_front and pair.source.text == pair.target.text and not has_han(pair.source.text):
        return ()
    return glossary.mentions(pair.source.text, _place(pair))


def _place(pair: Pair) -> Place:
    if pair.block is None:
        return PLAIN
    code = {"code"} if any(inline.kind is InlineKind.CODE for inline in pair.block.inlines) else set()
    return Place(kinds(pair.block) | code, pair.whole[0].text if pair.whole else "")


def _repaired(parallel: Parallel, said: Sequence[Sequence[Said]], *, markdown: bool) -> tuple[str, int]:
    """Put right what can be; where the whole cannot be shown to be right, one repair after the other."""
    changes = [
        (pair, edit)
        for pair, some in zip(parallel.pairs, said, strict=True)
        for edit in edits(pair.target.text, some)
        if _is_literal(parallel.target, pair, edit)
    ]
    if _is_right(parallel.target, changes, markdown=markdown):
        return _applied(parallel.target, changes), len(changes)
    kept: list[tuple[Pair, Edit]] = []
    for change in changes:
        if _is_right(parallel.target, [*kept, change], markdown=markdown):
            kept.append(change)
    return _applied(parallel.target, kept), len(kept)


def _is_literal(target: str, pair: Pair, edit: Edit) -> bool:
    """Tell whether what is changed stands in the file as it is read: no markup in it, no escapes."""
    return pair.target.span(*edit.span).of(target) == edit.span.of(pair.target.text)


def _applied(target: str, changes: Sequence[tuple[Pair, Edit]]) -> str:
    return splice(target, [Edit(pair.target.span(*edit.span), edit.text) for pair, edit in changes])


def _is_right(target: str, changes: Sequence[tuple[Pair, Edit]], *, markdown: bool) -> bool:
    """Tell whether the changed file reads as the file did, but for the words that were changed."""
    if not markdown or not changes:
        return True
    shapes, before = _read(target)
    shapes_after, after = _read(_applied(target, changes))
    if shapes != shapes_after:
        return False
    starts = [flat.places[0] for flat in before]
    asked: dict[int, list[Edit]] = {}
    for pair, edit in changes:
        span = pair.target.span(*edit.span)
        n = bisect_right(starts, span.start) - 1
        while before[n].places[-1] < span.end:
            n -= 1  # an alt text stands inside the text of its block
        at = bisect_left(before[n].places, span.start)
        asked.setdefault(n, []).append(Edit(Span(at, at + len(edit.span.of(pair.target.text))), edit.text))
    wanted = [splice(flat.text, asked.get(n, ())) for n, flat in enumerate(before)]
    return wanted == [flat.text for flat in after]


def _read(text: str) -> tuple[list[object], list[Flat]]:
    """Give what a Markdown text is made of: its blocks' shapes, and all its prose in the order it starts."""
    document = parse(text)
    shapes: list[object] = [
        (block.kind, block.level, block.containers, block.key, [inline.kind for inline in block.inlines])
        for block in document.blocks
    ]
    prose = [flat for block in document.blocks if block.kind.is_prose for flat in flats(document, block)]
    return shapes, sorted(prose, key=lambda flat: flat.places[0])
