"""The figures of the phrases in some texts: how often, beside what, inside what.

Sources: C-value, Frantzi, Ananiadou and Mima, "Automatic recognition of multi-word terms" (2000); branching entropy,
Tanaka-Ishii, "Entropy as an indicator of context boundaries" (2005).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from math import fsum, log2
from typing import TYPE_CHECKING

from translator.glossary.mine.runs import grams, runs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from translator.glossary.mine.runs import Run
    from translator.model import Span


@dataclass
class Neighbours:
    """What was seen beside a phrase, on either side; the edge of a clause counts as something new each time."""

    left: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)

    def add(self, left: str, right: str) -> None:
        """Take in one occurrence; an empty word is an edge."""
        self.left[left] += 1
        self.right[right] += 1

    def entropy(self) -> float:
        """Give the smaller of both sides' entropies, in bits: 0 where one side is always the same."""
        return min(map(_entropy, (self.left, self.right)))


def _entropy(seen: Counter[str]) -> float:
    total = seen.total()
    words = fsum(-n / total * log2(n / total) for word, n in seen.items() if word)
    return words + seen[""] / total * log2(total)


class Phrases:
    """Every phrase of some folded texts, with its figures."""

    def __init__(self, texts: Sequence[str], edges: Sequence[set[int]], taken: Sequence[Sequence[Span]]) -> None:
        self.counts: Counter[str] = Counter()
        self.words: dict[str, tuple[str, ...]] = {}
        """How each is cut; where that differs from place to place, the same wherever the texts begin."""
        self._texts, self._taken = texts, taken
        self._runs = [list(runs(text, some)) for text, some in zip(texts, edges, strict=True)]
        for form, run, first, last in self._grams():
            self.counts[form] += 1
            words = tuple(word.form for word in run.words[first:last])
            self.words[form] = min(self.words.get(form, words), words)

    def _grams(self) -> Iterator[tuple[str, Run, int, int]]:
        for text, some, taken in zip(self._texts, self._runs, self._taken, strict=True):
            for run in some:
                for first, last in grams(run):
                    start, end = run.words[first].start, run.words[last - 1].end
                    if not taken or is_free(start, end, taken):
                        yield text[start:end], run, first, last

    def neighbours(self) -> dict[str, Neighbours]:
        """Give what stands beside each phrase that stands more than once."""
        seen: dict[str, Neighbours] = {}
        for form, run, first, last in self._grams():
            if self.counts[form] > 1:
                seen.setdefault(form, Neighbours()).add(*run.beside(first, last))
        return seen

    def parts(self, form: str) -> Iterator[str]:
        """Give every shorter phrase in a phrase."""
        words = self.words[form]
        edges, at = [], 0
        for word in words:
            start = form.index(word, at)
            at = start + len(word)
            edges.append((start, at))
        for first in range(len(edges)):
            for last in range(first, len(edges)):
                if last - first + 1 < len(edges):
                    yield form[edges[first][0] : edges[last][1]]

    def c_values(self, sure: Collection[str]) -> Mapping[str, float]:
        """Give the C-value (without its length) of each phrase that a sure one holds: what it is by itself."""
        return c_values(self.counts, {form: self.parts(form) for form in sure if form in self.words})


def c_values(counts: Mapping[str, int], parts: Mapping[str, Iterable[str]]) -> dict[str, float]:
    """Give the count of each part less the mean count of the phrases it is part of."""
    inside: Counter[str] = Counter()
    holders: Counter[str] = Counter()
    for phrase, shorter in parts.items():
        for part in set(shorter):
            inside[part] += counts[phrase]
            holders[part] += 1
    return {part: counts[part] - inside[part] / holders[part] for part in holders}


def is_free(start: int, end: int, taken: Iterable[Span]) -> bool:
    """Tell whether a stretch neither lies in one that is taken nor cuts one; it may hold one."""
    for span in taken:
        if start < span.end and span.start < end:
            holds = start <= span.start and span.end <= end
            if not holds or (start, end) == span:
                return False
    return True
