"""Two texts that say the same in two languages, put side by side: whoever wrote them, with no record between them.

Plain text is paired line by line. Of Markdown the prose blocks are paired in their order, by their kinds, lengths and
what both languages spell alike; a pair of blocks is cut into lines, then sentences, where both sides have as many.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from math import log
from typing import TYPE_CHECKING, NamedTuple

from translator.errors import InputError
from translator.markdown import parse
from translator.markdown.flat import ATOM, Flat, flats
from translator.text import is_han

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from translator.model import Block, Document

BAND = 30
"""How many blocks one side may run ahead of the other, beyond the difference of their numbers."""
GAP = -1.0
"""What it costs to leave a block alone."""
_CHINESE_END = re.compile(r"[。！？!?…]+[”’」』）》】\"')]*")
_ENGLISH_END = re.compile(r"(?<![A-Z])(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)[.!?…]+[”’\"')\]]*(?=\s)")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_ALIKE = re.compile(r"[A-Za-z][A-Za-z0-9_.+-]+|\d+")


class Pair(NamedTuple):
    """A segment in both languages."""

    source: Flat
    target: Flat
    block: Block | None = None
    """Of the source, where it is Markdown."""
    whole: tuple[Flat, Flat] | None = None
    """What the two were cut out of, where they were."""


@dataclass(frozen=True)
class Parallel:
    """Two texts side by side."""

    source: str
    target: str
    pairs: tuple[Pair, ...]
    source_alone: tuple[int, ...] = ()
    """Offsets of blocks that have no partner."""
    target_alone: tuple[int, ...] = ()


def by_line(source: str, target: str) -> Parallel:
    """Pair two plain texts line by line; raises `InputError` where one has more lines than the other."""
    left, right = list(_lines(source)), list(_lines(target))
    while left and right and len(left) != len(right) and not (left if len(left) > len(right) else right)[-1].text:
        (left if len(left) > len(right) else right).pop()
    if len(left) != len(right):
        raise InputError(
            f"the source has {len(left)} lines and the target {len(right)}; plain texts are paired line by line "
            "(Markdown files are paired block by block)"
        )
    return Parallel(source, target, tuple(Pair(a, b) for a, b in zip(left, right, strict=True)))


def _lines(text: str) -> Iterator[Flat]:
    at = 0
    for line in _LINE.findall(text):
        size = len(line.rstrip("\r\n"))
        yield Flat(line[:size], tuple(range(at, at + size + 1)))
        at += len(line)


def by_block(source: str, target: str) -> Parallel:
    """Pair two Markdown documents block by block, then by line and sentence; raises `InputError` as `parse` does."""
    left, right = _prose(parse(source)), _prose(parse(target))
    matched = _matched(left, right)
    pairs = [
        Pair(a, b, left[i].block, (one, other))
        for i, j in matched
        for one, other in _parts(left[i].flats, right[j].flats)
        for a, b in _cut(one, other)
    ]
    return Parallel(
        source,
        target,
        tuple(pairs),
        _alone(left, {i for i, _ in matched}),
        _alone(right, {j for _, j in matched}),
    )


class _Prose(NamedTuple):
    block: Block
    flats: tuple[Flat, ...]
    alike: Counter[str]
    """Latin words and figures."""
    size: float
    """The logarithm of its length in English characters."""


def _prose(document: Document) -> list[_Prose]:
    out = []
    for block in document.blocks:
        if block.kind.is_prose:
            parts = tuple(flats(document, block))
            alike = Counter(_ALIKE.findall(block.span.of(document.text).lower()))
            out.append(_Prose(block, parts, alike, log(_weight(parts[0].text))))
    return out


def _alone(some: Sequence[_Prose], matched: set[int]) -> tuple[int, ...]:
    return tuple(one.block.span.start for n, one in enumerate(some) if n not in matched)


def _matched(left: Sequence[_Prose], right: Sequence[_Prose]) -> list[tuple[int, int]]:
    """Pair blocks in order: at once where both have the same shape, else so that the pairs fit best."""
    if [_shape(one.block) for one in left] == [_shape(one.block) for one in right]:
        return [(n, n) for n in range(len(left))]
    width = BAND + abs(len(left) - len(right))
    best: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {(0, 0): (0.0, (0, 0))}

    def offer(place: tuple[int, int], score: float, origin: tuple[int, int]) -> None:
        if place not in best or best[place][0] < score:
            best[place] = (score, origin)

    for i in range(len(left) + 1):
        for j in range(max(0, i - width), min(len(right), i + width) + 1):
            if (i, j) not in best:
                continue
            score = best[i, j][0]
            if i < len(left):
                offer((i + 1, j), score + GAP, (i, j))
            if j < len(right):
                offer((i, j + 1), score + GAP, (i, j))
            if i < len(left) and j < len(right):
                offer((i + 1, j + 1), score + _fit(left[i], right[j]), (i, j))
    return list(_walk(best, (len(left), len(right))))[::-1]


def _walk(
    best: dict[tuple[int, int], tuple[float, tuple[int, int]]], place: tuple[int, int]
) -> Iterator[tuple[int, int]]:
    while place != (0, 0):
        origin = best[place][1]
        if origin[0] < place[0] and origin[1] < place[1]:
            yield origin
        place = origin


def _shape(block: Block) -> tuple[object, ...]:
    return block.kind, block.level, block.containers, block.key


def _fit(left: _Prose, right: _Prose) -> float:
    """Tell how well two blocks fit: kind, length, what is spelled alike."""
    if left.block.kind != right.block.kind:
        return -3.0
    score = (1.0 if _shape(left.block) == _shape(right.block) else 0.0) - abs(left.size - right.size)
    every = left.alike.total() + right.alike.total() if left.alike or right.alike else 0
    if not every:
        return score
    both = sum(min(n, right.alike[word]) for word, n in left.alike.items() if word in right.alike)
    return score + 2.0 * both / (every - both) - 0.5


def _weight(text: str) -> float:
    """Estimate how long a text is in English characters: a Chinese one is about three."""
    return sum(3.0 if is_han(ch) else 1.0 for ch in text) + 8.0


def _parts(left: Sequence[Flat], right: Sequence[Flat]) -> Iterator[tuple[Flat, Flat]]:
    """Pair the prose of two blocks: their own, and what their marks hold where both have as many."""
    yield left[0], right[0]
    if len(left) == len(right):
        yield from zip(left[1:], right[1:], strict=True)


def _cut(left: Flat, right: Flat) -> Iterator[tuple[Flat, Flat]]:
    """Cut a pair into lines, then sentences, where both sides have as many."""
    for one, other in _aligned(left, right, re.compile("\n"), re.compile("\n")):
        yield from _aligned(one, other, _CHINESE_END, _ENGLISH_END)


def _aligned(left: Flat, right: Flat, left_end: re.Pattern[str], right_end: re.Pattern[str]) -> list[tuple[Flat, Flat]]:
    some, others = _split(left, left_end), _split(right, right_end)
    return list(zip(some, others, strict=True)) if len(some) == len(others) else [(left, right)]


def _split(flat: Flat, end: re.Pattern[str]) -> list[Flat]:
    cuts = [0, *(match.end() for match in end.finditer(flat.text)), len(flat.text)]
    parts = [flat.part(a, b) for a, b in pairwise(cuts)]
    return [part for part in parts if part.text.strip(f" \t\n{ATOM}")]
