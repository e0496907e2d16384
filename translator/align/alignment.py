"""Which English words say which Chinese ones: links between the two texts of a sentence.

A link is proposed by the lexicon, by the same letters in both texts, by pinyin, or by a character that a word shares
with another word of the same English meaning (模式 is `pattern`, so `pattern` may be a slip for 模型). The likeliest
are taken first, each word once (competitive linking, Melamed 2000): a word that says something else is no candidate.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from translator.align.english import Word, normal, words
from translator.align.lexicon import packaged
from translator.model import Span
from translator.text import fold, syllables
from translator.text.han import HAN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from translator.align.lexicon import Lexicon

_RUN = re.compile(f"[{HAN}A-Za-z0-9]+")
_LATIN = re.compile(r"[A-Za-z0-9]+(?:\+\+|#)?")
_APART = re.compile(r"[^\s'’/_.-]|\.\s|[\n]")
"""What no phrase goes across."""
_LONGEST = 8
"""Characters of a Chinese phrase that is looked up, unless it is asked for."""
_WORDS = 5
"""Words of an English phrase."""
_PINYIN = re.compile(
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:[aeiouü]|ai|ei|ao|ou|an|en|ang|eng|ong|er|ia|ie|iao|iu|ian|in|iang|ing|iong"
    r"|ua|uo|uai|ui|uan|un|uang|ue|üe)'?)+"
)


class Bond(NamedTuple):
    """A possible link: characters of the source with words of the target."""

    source: Span
    first: int
    last: int
    """Words of the target, `last` not included."""
    strength: float
    """0 to 1: how surely the two mean the same where both stand in a pair of sentences."""
    kind: str
    """`lexicon`, `same`, `pinyin`, `akin`."""


@dataclass(frozen=True)
class Sentence:
    """A pair of texts, with what is asked of them many times."""

    source: str
    target: str
    asked: Span | None = None
    """A span whose edges no link may cross."""
    lexicon: Lexicon = field(default_factory=packaged)

    @cached_property
    def words(self) -> list[Word]:
        """The words of the target."""
        return words(self.target)

    def bonds(self) -> list[Bond]:
        """Choose the links: the strongest first, none of whose words is taken."""
        proposed = [*self._from_lexicon(), *self._same()]
        if self.asked is not None:
            proposed += self._pinyin(self.asked)
        chosen = self._compete(proposed, [])
        return self._compete(self._akin(chosen), chosen)

    def span(self, first: int, last: int) -> Span:
        """Give where words of the target stand."""
        return Span(self.words[first].start, self.words[last - 1].end)

    def _compete(self, proposed: list[Bond], chosen: list[Bond]) -> list[Bond]:
        taken = {at for bond in chosen for at in range(*bond.source)}
        said = {at for bond in chosen for at in range(bond.first, bond.last)}
        chosen = [*chosen]
        for bond in sorted(proposed, key=self._rank):
            source, target = range(*bond.source), range(bond.first, bond.last)
            if taken.isdisjoint(source) and said.isdisjoint(target):
                chosen.append(bond)
                taken.update(source)
                said.update(target)
        return sorted(chosen)

    def _rank(self, bond: Bond) -> tuple[float, Bond]:
        size = bond.source.end - bond.source.start + 2 * (bond.last - bond.first) - 2
        return -bond.strength * size + self._bend(bond), bond

    def _bend(self, bond: Bond) -> float:
        """Give how far a link is from where it would be in word order: 0 to 1."""
        there = (bond.source.start + bond.source.end) / 2 / max(1, len(self.source))
        here = (bond.first + bond.last) / 2 / max(1, len(self.words))
        return abs(there - here)

    def _phrases(self) -> dict[int, list[tuple[int, int]]]:
        """Give each phrase of the target that the lexicon knows, by its place there."""
        found: dict[int, list[tuple[int, int]]] = {}
        gaps = [
            bool(_APART.search(self.target, a.end, b.start)) for a, b in zip(self.words, self.words[1:], strict=False)
        ]
        for first, word in enumerate(self.words):
            form = ""
            for last in range(first, min(first + _WORDS, len(self.words))):
                if word.is_function or (last > first and gaps[last - 1]):
                    break
                form += self.words[last].stem
                if not self.words[last].is_function and (place := self.lexicon.place(form)) >= 0:
                    found.setdefault(place, []).append((first, last + 1))
        return found

    def _from_lexicon(self) -> Iterator[Bond]:
        phrases = self._phrases()
        for span in self._spans():
            for known in self.lexicon.renderings(span.of(self.source)):
                for first, last in phrases.get(known.place, ()):
                    yield Bond(span, first, last, 1 - (1 - known.forward) * (1 - known.backward), "lexicon")

    def _spans(self) -> Iterator[Span]:
        """Give the spans of the source that may be a word or phrase of the lexicon."""
        for run in _RUN.finditer(self.source):
            for start in range(*run.span()):
                for end in range(start + 1, min(start + _LONGEST, run.end()) + 1):
                    if self._is_allowed(start, end):
                        yield Span(start, end)
        if self.asked is not None and self.asked.end - self.asked.start > _LONGEST:
            yield self.asked

    def _is_allowed(self, start: int, end: int) -> bool:
        """Tell whether a span lies wholly inside or wholly outside what is asked for."""
        asked = self.asked
        return asked is None or end <= asked.start or asked.end <= start or (asked.start <= start and end <= asked.end)

    def _same(self) -> Iterator[Bond]:
        """Link Latin words and figures that stand in both texts."""
        stems: dict[str, list[int]] = {}
        for at, word in enumerate(self.words):
            stems.setdefault(word.stem, []).append(at)
        for found in _LATIN.finditer(self.source):
            if self._is_allowed(*found.span()):
                for at in stems.get(normal(found[0]), ()):
                    yield Bond(Span(*found.span()), at, at + 1, 0.99, "same")

    def _pinyin(self, asked: Span) -> Iterator[Bond]:
        """Link characters to words that spell their sound, in either order of a name."""
        said = [word for word in self.words if self._may_be_pinyin(word)]
        if not said or len(asked.of(self.source)) > 12:
            return
        sounds = [(at, sound) for at in range(*asked) for sound in syllables(self.source[at])[:1]]
        for a in range(len(sounds)):
            for b in range(a + 1, len(sounds) + 1):
                parts = [sound for _, sound in sounds[a:b]]
                orders = {"".join(parts), "".join([*parts[1:], parts[0]])}
                for first, last in self._spelled(orders, single=b - a == 1):
                    span = Span(sounds[a][0], sounds[b - 1][0] + 1)
                    yield Bond(span, first, last, 0.9 if b - a > 1 else 0.6, "pinyin")

    def _may_be_pinyin(self, word: Word) -> bool:
        return _PINYIN.fullmatch(self.target[word.start : word.end].lower()) is not None

    def _spelled(self, orders: set[str], *, single: bool) -> Iterator[tuple[int, int]]:
        for first in range(len(self.words)):
            joined = ""
            for last in range(first, min(first + 4, len(self.words))):
                text = self.target[self.words[last].start : self.words[last].end]
                joined += text.lower().replace("'", "")
                if joined in orders and (not single or text[0].isupper()):
                    yield first, last + 1

    def _akin(self, chosen: list[Bond]) -> list[Bond]:
        """Link what is left by characters: a word's other Chinese words share some with what stands in the source."""
        taken = {at for bond in chosen for at in range(*bond.source)}
        said = {at for bond in chosen for at in range(bond.first, bond.last)}
        found = []
        for at, word in enumerate(self.words):
            if at in said or word.is_function:
                continue
            place = self.lexicon.place(word.stem)
            for origin in self.lexicon.origins(place) if place >= 0 else ():
                found += [
                    Bond(span, at, at + 1, 0.3 * (span.end - span.start) / len(origin), "akin")
                    for span in self._shared(origin)
                    if taken.isdisjoint(range(*span)) and self._is_allowed(*span)
                ]
        return found

    def _shared(self, origin: str) -> Iterator[Span]:
        text = fold(self.source)
        for size in range(len(origin), 0, -1):
            hits = [
                Span(found.start(), found.end())
                for start in range(len(origin) - size + 1)
                for found in re.finditer(re.escape(origin[start : start + size]), text)
            ]
            if hits:
                yield from hits
                return
