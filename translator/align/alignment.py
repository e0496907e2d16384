"""Which English words say which Chinese ones: bonds between the two texts of a sentence.

A bond is proposed by the lexicon, by the same letters in both texts, by pinyin, or, for what is left, by kinship: a
word with the root of a known rendering (`convergence` for 汇聚, which is `converge`), or one whose own Chinese shares a
character (模式 is `pattern`, so `pattern` may be a slip for 模型). The strongest are taken first, each word once
(competitive linking, Melamed 2000): a word that says something else is no candidate. Between equals, order decides.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from translator.align.english import Word, normal, words
from translator.align.lexicon import packaged
from translator.align.order import Bond, Order, exchanged
from translator.model import Span
from translator.text import fold, syllables
from translator.text.han import HAN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from translator.align.lexicon import Known, Lexicon

LONGEST = 8
"""Characters of a Chinese phrase that is looked up, unless it is the one that is asked for."""
PHRASE = 5
"""Words of an English phrase that is looked up."""
NAME = 12
"""Characters of a mention that may be spelled by sound."""
SAME, SPELLED, SPELLED_ALONE, AKIN, ROOT = 0.99, 0.9, 0.6, 0.3, 0.5
"""How strong bonds are that no lexicon counted: the same letters; pinyin of several syllables, of one; kinship by a
character, by a root."""
_RUN = re.compile(f"[{HAN}A-Za-z0-9]+")
_LATIN = re.compile(r"[A-Za-z0-9]+(?:[._][A-Za-z0-9]+)*(?:\+\+|#)?")
_APART = re.compile(r"[^\s'’/-]|\n")
"""What no phrase goes across."""
_PINYIN = re.compile(
    r"(?:(?:[zcs]h?|[bpmfdtnlgkhjqxryw])?(?:[iu]?(?:ang?|eng?|ong|ing?|ai|ei|ao|ou|[aeiouü]|er|üe|un|in))'?)+"
)
CLEAR = 0.25
"""Of a sentence's length: what stands so much nearer to its neighbours is surely the one."""
_ROOT = 5
"""Letters that words of one root share at least."""


@dataclass(frozen=True)
class Sentence:
    """A pair of texts, with what is asked of them many times."""

    source: str
    target: str
    asked: Span | None = None
    """A span whose edges no bond may cross."""
    lexicon: Lexicon = field(default_factory=packaged)

    @cached_property
    def words(self) -> list[Word]:
        """The words of the target."""
        return words(self.target)

    @cached_property
    def gaps(self) -> list[bool]:
        """For each word but the last, whether something stands behind it that no phrase goes across."""
        return [_APART.search(self.target, a.end, b.start) is not None for a, b in pairwise(self.words)]

    @cached_property
    def folded(self) -> str:
        """The source as it is compared."""
        return fold(self.source)

    @cached_property
    def proposed(self) -> list[Bond]:
        """Every bond that the lexicon, the letters or the sound propose."""
        spelled = self._spelled(self.asked) if self.asked is not None else ()
        return [*self._from_lexicon(), *self._same(), *spelled]

    @cached_property
    def bonds(self) -> list[Bond]:
        """The bonds that are taken, disjoint on both sides, by where they stand in the source."""
        bend = self.order.bend
        chosen = _compete(self._kin, self._known_best, lambda bond: bend(bond) - 3 * bond.strength)
        return sorted(self._in_order(chosen))

    @cached_property
    def _known_best(self) -> list[Bond]:
        bend = self.order.bend
        return _compete(self.proposed, [], lambda bond: bend(bond) - bond.strength * self._size(bond))

    @cached_property
    def _possible(self) -> dict[tuple[Span, int, int], Bond]:
        return {bond.key: bond for bond in (*self._kin, *self.proposed)}

    @cached_property
    def order(self) -> Order:
        """Where words are to be expected."""
        alone = _compete(self._anchors(), [], lambda bond: -bond.strength * self._size(bond))
        return Order(alone, len(self.source), len(self.words))

    def _in_order(self, chosen: list[Bond]) -> list[Bond]:
        """Let words that may say one another's words exchange them where that makes the order better."""
        chosen = [*chosen]
        for a in range(len(chosen)):
            for b in range(a):
                if (twins := self._exchanged(chosen[a], chosen[b])) and self.order.cost(chosen[a], chosen[b]) < 0:
                    chosen[a], chosen[b] = twins
        return chosen

    def _exchanged(self, one: Bond, other: Bond) -> tuple[Bond, Bond] | None:
        a, b = exchanged(one, other)
        one_there, other_here = self._possible.get(a.key), self._possible.get(b.key)
        return (one_there, other_here) if one_there and other_here else None

    def doubt(self, bond: Bond) -> float:
        """Tell how likely another place is: 0 where there is none, 1 where it is as good.

        Another place is one that says the same and is free, or is said by another word that may as well be here; or
        this place is another mention's, of the same word, that is said nowhere.
        """
        here = self.order.bend(bond)
        costs = [self.order.bend(other) - here for other in self._elsewhere(bond)]
        costs += [
            self.order.cost(bond, other) for other in self.bonds if other != bond and self._exchanged(bond, other)
        ]
        return max((1 - min(1.0, max(0.0, cost) / CLEAR) for cost in costs), default=0.0)

    def _elsewhere(self, bond: Bond) -> Iterator[Bond]:
        """Give the bonds that could stand for this one: to words that are free, or of a mention that is not said."""
        said, taken = _words_of(self.bonds), _characters_of(self.bonds)
        for other in self.proposed:
            is_as_good = other.source == bond.source and other.strength > bond.strength / 2
            if is_as_good and said.isdisjoint(range(other.first, other.last)):
                yield other
        for span in _all(bond.source.of(self.folded), self.folded):
            if taken.isdisjoint(range(*span)):
                yield bond._replace(source=span)

    def span(self, first: int, last: int) -> Span:
        """Give where words of the target stand."""
        return Span(self.words[first].start, self.words[last - 1].end)

    def _size(self, bond: Bond) -> float:
        return bond.source.end - bond.source.start + (bond.last - bond.first - 1) / 2

    def _anchors(self) -> list[Bond]:
        """Give the bonds of words that stand once on both sides."""
        sources = Counter((bond.first, self.folded[slice(*bond.source)]) for bond in self.proposed)
        targets = Counter(bond.source for bond in self.proposed)
        return [
            bond
            for bond in self.proposed
            if bond.strength > 0.3
            and targets[bond.source] == sources[bond.first, self.folded[slice(*bond.source)]] == 1
        ]

    # ── What the lexicon knows ──

    def _from_lexicon(self) -> Iterator[Bond]:
        phrases = self._phrases()
        for span, known in self._known:
            strength = 1 - (1 - known.forward) * (1 - known.backward)
            yield from (Bond(span, *place, strength, "lexicon") for place in phrases.get(known.place, ()))

    def _phrases(self) -> dict[int, list[tuple[int, int]]]:
        """Give each phrase of the target that the lexicon knows, by its place there."""
        found: dict[int, list[tuple[int, int]]] = {}
        for first, word in enumerate(self.words):
            form = ""
            for last in range(first, min(first + PHRASE, len(self.words))):
                if word.is_small or (last > first and self.gaps[last - 1]):
                    break
                form += self.words[last].stem
                if not self.words[last].is_small and (place := self.lexicon.place(form)) >= 0:
                    found.setdefault(place, []).append((first, last + 1))
        return found

    @cached_property
    def _known(self) -> list[tuple[Span, Known]]:
        return [(span, known) for span in self._spans() for known in self.lexicon.renderings(span.of(self.folded))]

    def _spans(self) -> Iterator[Span]:
        """Give the spans of the source that may be a word or phrase of the lexicon."""
        for run in _RUN.finditer(self.source):
            for start in range(*run.span()):
                for end in range(start + 1, min(start + LONGEST, run.end()) + 1):
                    if self._is_allowed(start, end):
                        yield Span(start, end)
        if self.asked is not None and self.asked.end - self.asked.start > LONGEST:
            yield self.asked

    def _is_allowed(self, start: int, end: int) -> bool:
        """Tell whether a span lies wholly inside or wholly outside what is asked for."""
        asked = self.asked
        return asked is None or end <= asked.start or asked.end <= start or (asked.start <= start and end <= asked.end)

    # ── The same letters, the same sound ──

    def _same(self) -> Iterator[Bond]:
        """Bind Latin words and figures that stand in both texts."""
        stems: dict[str, list[int]] = {}
        for at, word in enumerate(self.words):
            stems.setdefault(word.stem, []).append(at)
        for found in _LATIN.finditer(self.source):
            if self._is_allowed(*found.span()):
                for at in stems.get(normal(found[0]), ()):
                    yield Bond(Span(*found.span()), at, at + 1, SAME, "same")

    def _spelled(self, asked: Span) -> Iterator[Bond]:
        """Bind characters to words that spell their sound, a surname in front or behind."""
        if asked.end - asked.start > NAME or not any(map(self._may_be_pinyin, self.words)):
            return
        sounds = [(at, sound) for at in range(*asked) for sound in syllables(self.source[at])[:1]]
        for a in range(len(sounds)):
            for b in range(a + 1, len(sounds) + 1):
                parts = [sound for _, sound in sounds[a:b]]
                strength = SPELLED if b - a > 1 else SPELLED_ALONE
                for first, last in self._sounding({"".join(parts), "".join([*parts[1:], parts[0]])}, single=b - a == 1):
                    yield Bond(Span(sounds[a][0], sounds[b - 1][0] + 1), first, last, strength, "pinyin")

    def _may_be_pinyin(self, word: Word) -> bool:
        return not word.is_small and _PINYIN.fullmatch(self.target[word.start : word.end].lower()) is not None

    def _sounding(self, orders: set[str], *, single: bool) -> Iterator[tuple[int, int]]:
        for first in range(len(self.words)):
            joined = ""
            for last in range(first, min(first + 4, len(self.words))):
                text = self.target[self.words[last].start : self.words[last].end]
                joined += re.sub(r"['’]s?", "", text.lower())
                if joined in orders and (not single or text[0].isupper()):
                    yield first, last + 1

    # ── Kinship ──

    @cached_property
    def _kin(self) -> list[Bond]:
        """The bonds, by roots and by characters, of what the best of the others leave."""
        said, taken = _words_of(self._known_best), _characters_of(self._known_best)
        left = [at for at, word in enumerate(self.words) if at not in said and not word.is_small]
        found = [bond for at in left for bond in (*self._of_one_root(at), *self._akin(at))]
        return [bond for bond in found if taken.isdisjoint(range(*bond.source))]

    def _of_one_root(self, at: int) -> Iterator[Bond]:
        stem = self.words[at].stem
        if self.asked is None or len(stem) < _ROOT:
            return
        for span, known in self._known:
            if self.asked.start <= span.start and span.end <= self.asked.end:
                phrase = normal(self.lexicon.phrase(known.place))
                if phrase[:_ROOT] == stem[:_ROOT] and abs(len(phrase) - len(stem)) < _ROOT:
                    yield Bond(span, at, at + 1, ROOT, "akin")

    def _akin(self, at: int) -> Iterator[Bond]:
        place = self.lexicon.place(self.words[at].stem)
        for origin in self.lexicon.origins(place) if place >= 0 else ():
            for span in self._shared(origin):
                if self._is_allowed(*span):
                    yield Bond(span, at, at + 1, AKIN * (span.end - span.start) / len(origin), "akin")

    def is_akin(self, at: int) -> bool:
        """Tell whether a word of the target means something that is written with characters of what is asked for."""
        place = self.lexicon.place(self.words[at].stem)
        asked = set(self.folded[slice(*self.asked)]) if self.asked else set()
        return place >= 0 and any(not asked.isdisjoint(origin) for origin in self.lexicon.origins(place))

    def _shared(self, origin: str) -> list[Span]:
        """Find the longest parts of a Chinese word that stand in the source."""
        for size in range(len(origin), 0, -1):
            parts = {origin[start : start + size] for start in range(len(origin) - size + 1)}
            hits = [found for part in parts for found in _all(part, self.folded)]
            if hits:
                return sorted(hits)
        return []


def _all(part: str, text: str) -> Iterator[Span]:
    at = text.find(part)
    while at >= 0:
        yield Span(at, at + len(part))
        at = text.find(part, at + 1)


def _words_of(bonds: Iterable[Bond]) -> set[int]:
    return {at for bond in bonds for at in range(bond.first, bond.last)}


def _characters_of(bonds: Iterable[Bond]) -> set[int]:
    return {at for bond in bonds for at in range(*bond.source)}


def _compete(proposed: Iterable[Bond], chosen: list[Bond], rank: Callable[[Bond], float]) -> list[Bond]:
    """Take bonds by rank, each whose characters and words are still free of the chosen ones."""
    chosen = [*chosen]
    taken, said = _characters_of(chosen), _words_of(chosen)
    for _, bond in sorted((rank(bond), bond) for bond in proposed):
        source, target = range(*bond.source), range(bond.first, bond.last)
        if taken.isdisjoint(source) and said.isdisjoint(target):
            chosen.append(bond)
            taken.update(source)
            said.update(target)
    return chosen
