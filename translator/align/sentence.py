"""A pair of texts, and what may link their words: bonds that are proposed, not yet chosen.

A bond is proposed by the lexicon, by the same letters in both texts, by pinyin, or, for what is left, by kinship: a
word with the root of a known rendering (`convergence` for 汇聚, which is `converge`), or one whose own Chinese shares a
character (模式 is `pattern`, so `pattern` may be a slip for 模型).
"""

from __future__ import annotations

import re
from bisect import bisect
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from translator.align.english import Word, normal, words
from translator.align.lexicon import packaged
from translator.align.order import Bond, characters_of, words_of
from translator.model import Span
from translator.text import fold, pinyin, syllables
from translator.text.han import HAN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from translator.align.lexicon import Lexicon

LONGEST = 6
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
PINYIN = re.compile(
    r"(?:(?:[zcs]h?|[bpmfdtnlgkhjqxryw])?(?:[iu]?(?:ang?|eng?|ong|ing?|ai|ei|ao|ou|[aeiouü]|er|üe|un|in))'?)+"
)
"""What may be pinyin, in lower case."""
_NEAR = 8
"""Places of one word or phrase that are looked at, those nearest in proportion: so the work is linear in the text."""
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

    def span(self, first: int, last: int) -> Span:
        """Give where words of the target stand."""
        return Span(self.words[first].start, self.words[last - 1].end)

    # ── What the lexicon knows ──

    def _from_lexicon(self) -> Iterator[Bond]:
        phrases = self._phrases()
        for span in self._spans():
            for known in self.lexicon.renderings(span.of(self.folded), phrases):
                strength = 1 - (1 - known.forward) * (1 - known.backward)
                places = self.nearest(phrases[known.place], span)
                yield from (Bond(span, first, last, strength, "lexicon") for first, last in places)

    def nearest(self, places: list[tuple[int, int]], span: Span) -> list[tuple[int, int]]:
        """Keep the places, which are in order, that stand nearest to where a span is in proportion."""
        at = bisect(places, (span.start * len(self.words) // max(1, len(self.source)), 0))
        return places[max(0, min(at - _NEAR // 2, len(places) - _NEAR)) :][:_NEAR]

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
        stems: dict[str, list[tuple[int, int]]] = {}
        for at, word in enumerate(self.words):
            stems.setdefault(word.stem, []).append((at, at + 1))
        for found in _LATIN.finditer(self.source):
            span = Span(*found.span())
            if self._is_allowed(*span):
                for first, last in self.nearest(stems.get(normal(found[0]), []), span):
                    yield Bond(span, first, last, SAME, "same")

    def _spelled(self, asked: Span) -> Iterator[Bond]:
        """Bind characters to words that spell their sound, a surname in front or behind."""
        if asked.end - asked.start > NAME or not self._spellings:
            return
        sounds = [(at, sound) for at in range(*asked) for sound in syllables(self.source[at])[:1]]
        for a, b in combinations(range(len(sounds) + 1), 2):
            span = Span(sounds[a][0], sounds[b - 1][0] + 1)
            for order in _orders([sound for _, sound in sounds[a:b]], self.source[span.start : asked.end]):
                for first, last in self._spellings.get(order, ()):
                    if b - a > 1 or self.target[self.words[first].start].isupper():
                        yield Bond(span, first, last, SPELLED if b - a > 1 else SPELLED_ALONE, "pinyin")

    @cached_property
    def _spellings(self) -> dict[str, list[tuple[int, int]]]:
        """What may be pinyin in the target: up to four words, with capitals or unknown, put together."""
        found: dict[str, list[tuple[int, int]]] = {}
        for first in range(len(self.words)):
            joined = ""
            for last, word in enumerate(self.words[first : first + 4], first + 1):
                text = self.target[word.start : word.end]
                is_name = text[0].isupper() or self.lexicon.place(word.stem) < 0
                if word.is_small or not is_name or not PINYIN.fullmatch(text.lower()):
                    break
                joined += text.lower().replace("'", "")
                found.setdefault(joined, []).append((first, last))
        return found

    # ── Kinship ──

    def kin(self, chosen: Sequence[Bond]) -> list[Bond]:
        """Propose bonds, by roots and by characters, for what the chosen ones leave."""
        said, taken = words_of(chosen), characters_of(chosen)
        left = [at for at, word in enumerate(self.words) if at not in said and not word.is_small]
        found = [bond for at in left for bond in (*self._of_one_root(at), *self._akin(at))]
        return [bond for bond in found if taken.isdisjoint(range(*bond.source))]

    def _of_one_root(self, at: int) -> Iterator[Bond]:
        stem = self.words[at].stem
        if len(stem) >= _ROOT:
            for span, phrase in self._asked_forms:
                if phrase[:_ROOT] == stem[:_ROOT] and abs(len(phrase) - len(stem)) < _ROOT:
                    yield Bond(span, at, at + 1, ROOT, "akin")

    @cached_property
    def _asked_forms(self) -> list[tuple[Span, str]]:
        """How what is asked for, and each part of it, is said as a rule."""
        spans = [
            span for span in self._spans() if self.asked and self.asked.start <= span.start < span.end <= self.asked.end
        ]
        return [
            (span, normal(self.lexicon.phrase(known.place)))
            for span in spans
            for known in self.lexicon.renderings(span.of(self.folded))
        ]

    def _akin(self, at: int) -> Iterator[Bond]:
        for origin in self._origins(at):
            for span in self._shared(origin, at):
                if self._is_allowed(*span):
                    yield Bond(span, at, at + 1, AKIN * (span.end - span.start) / len(origin), "akin")

    def _origins(self, at: int) -> list[str]:
        place = self.lexicon.place(self.words[at].stem)
        return self.lexicon.origins(place) if place >= 0 else []

    def is_akin(self, at: int) -> bool:
        """Tell whether a word of the target means something that is written with characters of what is asked for."""
        asked = set(self.asked.of(self.folded)) if self.asked else set()
        return any(not asked.isdisjoint(origin) for origin in self._origins(at))

    def _shared(self, origin: str, at: int) -> list[Span]:
        """Find the longest parts of a Chinese word that stand in the source, nearest to a word of the target."""
        expected = at * len(self.source) // max(1, len(self.words))
        for size in range(len(origin), 0, -1):
            parts = {origin[start : start + size] for start in range(len(origin) - size + 1)}
            if hits := [span for part in parts for span in occurrences(part, self.folded)]:
                return sorted(hits, key=lambda span: (abs(span.start - expected), span))[:_NEAR]
        return []


def _orders(sounds: list[str], name: str) -> dict[str, None]:
    """Give how a name may be spelled: as it is read, with its surname's own reading, with its surname behind."""
    surname = pinyin(name[:2]).split()[0].lower()
    readings = sounds, [surname, *sounds[1:]]
    return dict.fromkeys("".join(order) for first, *rest in readings for order in ([first, *rest], [*rest, first]))


def occurrences(part: str, text: str) -> Iterator[Span]:
    """Find a part in a text, occurrences that overlap included."""
    at = text.find(part)
    while at >= 0:
        yield Span(at, at + len(part))
        at = text.find(part, at + 1)
