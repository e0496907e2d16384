"""Bonds between words, and word order: where a word is to be expected by the words that stand once in both texts."""

from __future__ import annotations

from bisect import bisect
from typing import TYPE_CHECKING, NamedTuple

from translator.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

CROSSED = 0.08
"""What it costs that two words stand in the other order than in the source, in lengths of the target."""


class Bond(NamedTuple):
    """A possible link: characters of the source with words of the target."""

    source: Span
    first: int
    last: int
    """Words of the target, `last` not included."""
    strength: float
    """0 to 1: how surely one says the other where both stand in a pair of sentences."""
    kind: str
    """`lexicon`, `same`, `pinyin`, `akin`."""

    @property
    def words(self) -> tuple[int, int]:
        """The words of the target, half-open."""
        return self.first, self.last


def words_of(bonds: Iterable[Bond]) -> set[int]:
    """Give the words of the target that bonds take."""
    return {at for bond in bonds for at in range(*bond.words)}


def characters_of(bonds: Iterable[Bond]) -> set[int]:
    """Give the characters of the source that bonds take."""
    return {at for bond in bonds for at in range(*bond.source)}


class Order:
    """The order of a pair of texts: beside the words of its neighbours, or else in proportion, a word is expected."""

    def __init__(self, anchors: Iterable[Bond], characters: int, size: int) -> None:
        self._anchors = sorted(anchors)
        self._starts = [bond.source.start for bond in self._anchors]
        self._size = max(1, size)
        self._rate = size / max(1, characters)

    def bend(self, bond: Bond) -> float:
        """Tell how far a bond is from where it is expected: 0 to 1, in lengths of the target."""
        at = bisect(self._starts, bond.source.start)
        near = self._anchors[max(0, at - 2) : at + 2] or [Bond(Span(0, 0), 0, 0, 0, "")]
        return min(1.0, min(self._distance(bond, anchor) for anchor in near) / self._size)

    def _distance(self, bond: Bond, anchor: Bond) -> float:
        steps = (bond.source.start - anchor.source.start) * self._rate
        return abs(bond.first - anchor.first - steps)

    def cost(self, one: Bond, other: Bond) -> float:
        """Tell how much worse the order becomes where two bonds exchange their words; below 0: it becomes better."""
        before = self.bend(one) + self.bend(other) + CROSSED * _are_crossed(one, other)
        a, b = _exchanged(one, other)
        return self.bend(a) + self.bend(b) + CROSSED * _are_crossed(a, b) - before


def _exchanged(one: Bond, other: Bond) -> tuple[Bond, Bond]:
    """Give two bonds with each other's words."""
    return one._replace(first=other.first, last=other.last), other._replace(first=one.first, last=one.last)


def _are_crossed(one: Bond, other: Bond) -> bool:
    return (one.source < other.source) != (one.first < other.first)
