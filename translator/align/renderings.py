"""The three questions: which words link, where a mention was said, and how a word is said in general."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

from translator.align.alignment import Alignment
from translator.align.lexicon import packaged
from translator.align.order import words_of
from translator.align.sentence import SAME, Sentence
from translator.model import Span
from translator.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from translator.align.order import Bond


COPY = 0.9
"""How sure it is that the same characters are this mention, and not another one of the same word."""
_TITLE = re.compile("(?:大神|老师|教授|先生|女士|同学|博士|院士|大佬|们)+$")
"""What may go unsaid behind a name."""


class Link(NamedTuple):
    """Words of the source and the words of the target that say them."""

    source: Span
    target: Span
    score: float
    """0 to 1."""


class Rendering(NamedTuple):
    """Where a mention was said in the target."""

    span: Span
    score: float
    """0 to 1: how sure it is that this, and no more and no less, is the mention."""
    proof: str
    """`phrase`: the lexicon knows the whole; `words`: it knows the parts; `same`: the source's own letters; `pinyin`;
    `akin`: a word of the same root, or near in meaning."""


def links(source: str, target: str, asked: Span | None = None) -> list[Link]:
    """Link the words of a sentence and its translation; disjoint on both sides, by where they stand in the source.

    No link stands across an end of what is asked for.
    """
    sentence = Sentence(source, target, asked)
    return [Link(bond.source, sentence.span(*bond.words), bond.strength) for bond in Alignment(sentence).bonds]


def rendering(source: str, span: Span, target: str) -> list[Rendering]:
    """Find where the target says what stands at a span of the source; best first, empty where that is not known."""
    alignment = Alignment(Sentence(source, target, span))
    found = list(_copies(source, span, target))
    parts = [bond for bond in alignment.bonds if span.start <= bond.source.start and bond.source.end <= span.end]
    if parts:
        found.append(_joined(alignment, span, parts))
    return sorted(found, key=lambda each: -each.score)


def renderings(word: str) -> dict[str, float]:
    """Give what the lexicon knows of a Chinese word: English phrase to p(English given Chinese), likeliest first."""
    lexicon = packaged()
    return {lexicon.phrase(known.place): known.forward for known in lexicon.renderings(fold(word))}


def _copies(source: str, asked: Span, target: str) -> Iterator[Rendering]:
    """Find the mention's own Chinese characters in the target: the first for the first mention of them, and so on."""
    surface = fold(asked.of(source))
    if surface.isascii():
        return
    number = fold(source[: asked.start]).count(surface)
    starts = [found.start() for found in re.finditer(re.escape(surface), fold(target))]
    for n, start in enumerate(starts):
        yield Rendering(Span(start, start + len(surface)), SAME if n == min(number, len(starts) - 1) else COPY, "same")


def _joined(alignment: Alignment, asked: Span, parts: list[Bond]) -> Rendering:
    """Put the parts of a mention together as one phrase, with what stands beside them and nothing else says."""
    phrase = _Phrase(alignment, asked, parts)
    return Rendering(alignment.sentence.span(phrase.first, phrase.last), round(phrase.score(), 3), phrase.proof())


class _Phrase:
    """Words of the target that grow around the strongest part of a mention."""

    def __init__(self, alignment: Alignment, asked: Span, parts: list[Bond]) -> None:
        self.alignment, self.sentence, self.asked = alignment, alignment.sentence, asked
        self.best = max(parts, key=lambda bond: (bond.strength * (bond.source.end - bond.source.start), bond))
        self.parts = [self.best]
        self.first, self.last = self.best.first, self.best.last
        self.taken = words_of(alignment.bonds) - words_of(parts)
        for bond in sorted(parts, key=lambda bond: abs(bond.first - self.first)):
            if bond is not self.best and self._is_reached(bond):
                self.parts.append(bond)
                self.first, self.last = min(self.first, bond.first), max(self.last, bond.last)
        self.grown = self._grow()

    def _is_reached(self, bond: Bond) -> bool:
        """Tell whether only small words stand between a part and the phrase, none before one that is but akin."""
        between = range(min(self.last, bond.last), max(self.first, bond.first))
        if any(self.sentence.gaps[at] for at in range(between.start - 1, between.stop)):
            return False
        content = sum(not self.sentence.words[at].is_small for at in between)
        most = 0 if bond.kind == "akin" or self.best.kind == "akin" else 3
        return len(between) <= most and content < 2 and self.taken.isdisjoint(between)

    @property
    def covered(self) -> float:
        """The part of the mention's characters that is said, a title behind a name left out."""
        said = {at for bond in self.parts for at in range(*bond.source)}
        title = _TITLE.search(self.asked.of(self.sentence.folded))
        wanted = set(range(self.asked.start, self.asked.start + title.start() if title else self.asked.end))
        return len(said & wanted) / len(wanted) if wanted else 1.0

    def _grow(self) -> int:
        """Take in up to two words beside the phrase that nothing says, where they seem to be of it."""
        size = self.last - self.first
        while self._may_grow(self.first - 1, self.first - 1) and self.last - self.first < size + 2:
            self.first -= 1
        while self.last - self.first == size and self.covered < 1 and self._may_grow(self.last, self.last - 1):
            self.last += 1
        return self.last - self.first - size

    def _may_grow(self, at: int, gap: int) -> bool:
        """Tell whether a word is free, and either the mention is not all said or the word is akin to it."""
        return self._is_free(at, gap) and (self.covered < 1 or self.sentence.is_akin(at))

    def _is_free(self, at: int, gap: int) -> bool:
        words, gaps = self.sentence.words, self.sentence.gaps
        return 0 <= at < len(words) and not gaps[gap] and at not in self.taken and not words[at].is_small

    def score(self) -> float:
        """Tell how sure the phrase is, from what it was put together of."""
        strength = math.prod(bond.strength for bond in self.parts) ** (1 / len(self.parts))
        doubt = max(map(self.alignment.doubt, self.parts))
        sure = 0.93 + 0.07 * strength if strength > 0.3 else 0.7 + 0.6 * strength
        if self.best.kind == "akin":
            sure = min(0.9, 0.25 + strength)
        if self.covered < 1:
            sure *= 0.9 * self.covered
        loose = self._is_free(self.first - 1, self.first - 1)
        return sure * (1 - 0.4 * doubt) * (0.8 if self.grown else 1) * (0.95 if loose else 1)

    def proof(self) -> str:
        """Name what the strongest part rests on."""
        if self.best.kind != "lexicon":
            return self.best.kind
        return "phrase" if self.best.source == self.asked else "words"
