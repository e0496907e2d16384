"""The three questions: which words link, where a mention was said, and how a word is said in general."""

from __future__ import annotations

from typing import NamedTuple

from translator.align.alignment import Bond, Sentence
from translator.align.lexicon import packaged
from translator.model import Span
from translator.text import fold


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
    `akin`: words near in meaning."""


def links(source: str, target: str) -> list[Link]:
    """Link the words of a sentence and its translation; disjoint on both sides, by where they stand in the source."""
    sentence = Sentence(source, target)
    return [Link(b.source, sentence.span(b.first, b.last), b.strength) for b in sentence.bonds()]


def rendering(source: str, span: Span, target: str) -> list[Rendering]:
    """Find where the target says what stands at a span of the source; best first, empty where that is not known."""
    sentence = Sentence(source, target, span)
    found = [Rendering(place, 0.99, "same") for place in _copies(span.of(source), target)]
    parts = [bond for bond in sentence.bonds() if span.start <= bond.source.start and bond.source.end <= span.end]
    if parts:
        found.append(_joined(sentence, span, parts))
    return sorted(found, key=lambda each: -each.score)


def _copies(surface: str, target: str) -> list[Span]:
    """Find the mention's own characters in the target."""
    if surface.isascii() or not surface:
        return []
    text, wanted = fold(target), fold(surface)
    starts = [at for at in range(len(text)) if text.startswith(wanted, at)]
    return [Span(at, at + len(wanted)) for at in starts]


def _joined(sentence: Sentence, span: Span, parts: list[Bond]) -> Rendering:
    """Put the parts of a mention together, as one phrase."""
    best = max(parts, key=lambda bond: bond.strength)
    near = [bond for bond in parts if abs(bond.first - best.first) < 5]
    first, last = min(bond.first for bond in near), max(bond.last for bond in near)
    covered = sum(bond.source.end - bond.source.start for bond in near) / (span.end - span.start)
    strength = min(bond.strength for bond in near)
    proof = "phrase" if len(near) == 1 and best.kind == "lexicon" and best.source == span else "words"
    if best.kind != "lexicon":
        proof = best.kind
    return Rendering(sentence.span(first, last), covered * strength, proof)


def renderings(word: str) -> dict[str, float]:
    """Give what the lexicon knows of a Chinese word: English phrase to p(English given Chinese), likeliest first."""
    lexicon = packaged()
    return {lexicon.phrase(known.place): known.forward for known in lexicon.renderings(word)}
