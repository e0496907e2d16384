"""The three questions: which words link, where a mention was said, and how a word is said in general."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from translator.align.alignment import SAME, Bond, Sentence
from translator.align.lexicon import packaged
from translator.model import Span
from translator.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator


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


def links(source: str, target: str) -> list[Link]:
    """Link the words of a sentence and its translation; disjoint on both sides, by where they stand in the source."""
    sentence = Sentence(source, target)
    return [Link(bond.source, sentence.span(bond.first, bond.last), bond.strength) for bond in sentence.bonds]


def rendering(source: str, span: Span, target: str) -> list[Rendering]:
    """Find where the target says what stands at a span of the source; best first, empty where that is not known."""
    sentence = Sentence(source, target, span)
    found = list(_copies(span.of(source), target))
    parts = [bond for bond in sentence.bonds if span.start <= bond.source.start and bond.source.end <= span.end]
    if parts:
        found.append(_joined(sentence, span, parts))
    return sorted(found, key=lambda each: -each.score)


def renderings(word: str) -> dict[str, float]:
    """Give what the lexicon knows of a Chinese word: English phrase to p(English given Chinese), likeliest first."""
    lexicon = packaged()
    return {lexicon.phrase(known.place): known.forward for known in lexicon.renderings(fold(word))}


def _copies(surface: str, target: str) -> Iterator[Rendering]:
    """Find the mention's own Chinese characters in the target."""
    if surface.isascii():
        return
    text, wanted = fold(target), fold(surface)
    at = text.find(wanted)
    while at >= 0:
        yield Rendering(Span(at, at + len(wanted)), SAME, "same")
        at = text.find(wanted, at + len(wanted))


def _joined(sentence: Sentence, asked: Span, parts: list[Bond]) -> Rendering:
    """Put the parts of a mention together as one phrase, with what stands beside them and nothing else says."""
    phrase = _Phrase(sentence, asked, parts)
    return Rendering(sentence.span(phrase.first, phrase.last), round(phrase.score(), 3), phrase.proof())


class _Phrase:
    """Words of the target that grow around the strongest part of a mention."""

    def __init__(self, sentence: Sentence, asked: Span, parts: list[Bond]) -> None:
        self.sentence, self.asked = sentence, asked
        self.best = max(parts, key=lambda bond: (bond.strength * (bond.source.end - bond.source.start), bond))
        self.parts = [self.best]
        self.first, self.last = self.best.first, self.best.last
        own = {at for bond in parts for at in range(bond.first, bond.last)}
        self.taken = {at for bond in sentence.bonds for at in range(bond.first, bond.last)} - own
        for bond in sorted(parts, key=lambda bond: abs(bond.first - self.first)):
            if bond is not self.best and self._is_reached(bond):
                self.parts.append(bond)
                self.first, self.last = min(self.first, bond.first), max(self.last, bond.last)
        self.grown = self._grow()

    def _is_reached(self, bond: Bond) -> bool:
        """Tell whether only small words stand between a part and the phrase."""
        between = range(min(self.last, bond.last), max(self.first, bond.first))
        content = [at for at in between if not self.sentence.words[at].is_function]
        crossed = any(
            self.sentence.gaps[at] for at in range(min(self.last, bond.last) - 1, max(self.first, bond.first))
        )
        return not crossed and len(between) < 4 and len(content) < 2 and self.taken.isdisjoint(between)

    def covered(self) -> float:
        """Give the part of the mention's characters that is said."""
        return sum(bond.source.end - bond.source.start for bond in self.parts) / (self.asked.end - self.asked.start)

    def _grow(self) -> int:
        """Take in words beside the phrase that nothing in the source says, where some of the mention is still unsaid."""
        if self.covered() == 1:
            return 0
        words, gaps = self.sentence.words, self.sentence.gaps
        size = self.last - self.first
        while (
            self.first > 0
            and not gaps[self.first - 1]
            and self._is_free(self.first - 1)
            and size + 2 > self.last - self.first
        ):
            self.first -= 1
        if self.last - self.first == size:
            while (
                self.last < len(words)
                and not gaps[self.last - 1]
                and self._is_free(self.last)
                and size + 2 > self.last - self.first
            ):
                self.last += 1
        return self.last - self.first - size

    def _is_free(self, at: int) -> bool:
        return at not in self.taken and not self.sentence.words[at].is_function

    def is_loose(self) -> bool:
        """Tell whether a word that nothing says stands in front."""
        return self.first > 0 and not self.sentence.gaps[self.first - 1] and self._is_free(self.first - 1)

    def score(self) -> float:
        strength = math.prod(bond.strength for bond in self.parts) ** (1 / len(self.parts))
        doubt = max(map(self.sentence.doubt, self.parts))
        return (
            self.covered() * strength * (1 - doubt / 2) * (0.7 if self.grown else 1) * (0.85 if self.is_loose() else 1)
        )

    def proof(self) -> str:
        if self.best.kind != "lexicon":
            return self.best.kind
        return "phrase" if self.best.source == self.asked else "words"
