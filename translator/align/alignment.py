"""Which English words say which Chinese ones: of the bonds that are proposed, those that are taken.

The strongest are taken first, each word once (competitive linking, Melamed 2000): a word that says something else is no
candidate. Between equals, order decides.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from translator.align.order import Bond, Order, characters_of, words_of
from translator.align.sentence import Sentence, occurrences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from translator.model import Span

SURE = 0.3
"""A bond that strong of words that stand once tells where others are."""
CLEAR = 0.25
"""Of a sentence's length: what stands so much nearer to its neighbours is surely the one."""


@dataclass(frozen=True)
class Alignment:
    """The links of a pair of texts."""

    sentence: Sentence

    @cached_property
    def bonds(self) -> list[Bond]:
        """The bonds that are taken, disjoint on both sides, by where they stand in the source."""
        bend = self.order.bend
        chosen = compete(self._kin, self._best, lambda bond: bend(bond) - 3 * bond.strength)
        return sorted(self._in_order(chosen))

    @cached_property
    def order(self) -> Order:
        """Where words are to be expected."""
        alone = compete(self._anchors(), [], lambda bond: -bond.strength * _size(bond))
        return Order(alone, len(self.sentence.source), len(self.sentence.words))

    def _anchors(self) -> list[Bond]:
        """Give the bonds of words that stand once on both sides."""
        proposed, folded = self.sentence.proposed, self.sentence.folded
        sources = Counter((bond.first, bond.source.of(folded)) for bond in proposed)
        targets = Counter(bond.source for bond in proposed)
        return [
            bond
            for bond in proposed
            if bond.strength > SURE and targets[bond.source] == sources[bond.first, bond.source.of(folded)] == 1
        ]

    @cached_property
    def _best(self) -> list[Bond]:
        bend = self.order.bend
        return compete(self.sentence.proposed, [], lambda bond: bend(bond) - bond.strength * _size(bond))

    @cached_property
    def _kin(self) -> list[Bond]:
        return self.sentence.kin(self._best)

    @cached_property
    def _possible(self) -> dict[Span, dict[tuple[int, int], Bond]]:
        """What each span of the source may say, by the words that say it."""
        found: dict[Span, dict[tuple[int, int], Bond]] = {}
        for bond in (*self._kin, *self.sentence.proposed):
            found.setdefault(bond.source, {})[bond.words] = bond
        return found

    def _in_order(self, chosen: list[Bond]) -> Iterable[Bond]:
        """Let bonds that may have one another's words exchange them where that makes the order better."""
        holders = {bond.words: bond for bond in chosen}
        for words in list(holders):
            for other, there, here in self._exchanges(holders[words], holders):
                if holders[words].source == there.source and self.order.cost(holders[words], other) < 0:
                    holders[there.words], holders[here.words] = there, here
        return holders.values()

    def _exchanges(self, one: Bond, holders: dict[tuple[int, int], Bond]) -> Iterator[tuple[Bond, Bond, Bond]]:
        """Give each bond that may have this one's words and it that one's, and the two after their exchange."""
        for there in self._possible[one.source].values():
            other = holders.get(there.words)
            if other and other.source != one.source and (here := self._possible[other.source].get(one.words)):
                yield other, there, here

    def doubt(self, bond: Bond) -> float:
        """Tell how likely another place is: 0 where there is none, 1 where it is as good.

        Another place is one that says the same and is free, or is said by another word that may as well be here; or
        this place is another mention's, of the same word, that is said nowhere.
        """
        here = self.order.bend(bond)
        holders = {each.words: each for each in self.bonds}
        costs = [self.order.bend(other) - here for other in self._elsewhere(bond)]
        costs += [self.order.cost(bond, other) for other, _, _ in self._exchanges(bond, holders)]
        return max((1 - min(1.0, max(0.0, cost) / CLEAR) for cost in costs), default=0.0)

    def _elsewhere(self, bond: Bond) -> Iterator[Bond]:
        """Give the bonds that could stand for this one: to words that are free, or of a mention that is not said."""
        said, taken = words_of(self.bonds), characters_of(self.bonds)
        for other in self._possible[bond.source].values():
            if other.strength > bond.strength / 2 and said.isdisjoint(range(*other.words)):
                yield other
        for span in occurrences(bond.source.of(self.sentence.folded), self.sentence.folded):
            if taken.isdisjoint(range(*span)):
                yield bond._replace(source=span)


def _size(bond: Bond) -> float:
    return bond.source.end - bond.source.start + (bond.last - bond.first - 1) / 2


def compete(proposed: Iterable[Bond], chosen: list[Bond], rank: Callable[[Bond], float]) -> list[Bond]:
    """Take bonds by rank, each whose characters and words are still free of the chosen ones."""
    chosen = [*chosen]
    taken, said = characters_of(chosen), words_of(chosen)
    for _, bond in sorted((rank(bond), bond) for bond in proposed):
        source, target = range(*bond.source), range(*bond.words)
        if taken.isdisjoint(source) and said.isdisjoint(target):
            chosen.append(bond)
            taken.update(source)
            said.update(target)
    return chosen
