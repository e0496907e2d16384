"""How likely something is a term: a sum of what its figures and its form are worth.

The weights are round numbers, set by hand on the posts of `tests/glossary/mine_labels.yaml` that are named for it; the
bench prints what each part is worth, on others too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import log2
from typing import TYPE_CHECKING

from translator.glossary.mine.background import Background, background
from translator.glossary.mine.names import LATIN, PAIR, PERSON, QUOTED, TITLE
from translator.glossary.mine.phrases import is_plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from translator.glossary.mine.figures import Phrases

FORM = {PAIR: 6.0, PERSON: 5.0, TITLE: 4.0, LATIN: 4.5, QUOTED: 1.5}
"""What a name's form is worth."""
COMMON = 1000
"""What documentation has so often is a word of everyday there: 数据, 文件."""
_RATE = -4.0, 8.0
"""The least and the most a word's rate may be: beyond them it only says that one of the two texts lacks the word."""
_BOND = -4.0, 10.0
_MOST_ENTROPY = 2.0
_LONGEST_NEW = 3
"""Words of a phrase that stands once and that nobody knows."""


@dataclass(frozen=True)
class Evidence:
    """What is looked at; the bench turns parts of it off."""

    c_value: bool = True
    entropy: bool = True
    background: Background = field(default_factory=background)
    names: bool = True


class Scores:
    """The scores of phrases, by their figures."""

    def __init__(self, phrases: Phrases, evidence: Evidence, named: Mapping[str, object]) -> None:
        self.phrases, self.table, self.named = phrases, evidence.background, named
        sure = {form for form in phrases.counts if self._is_sure(form)}
        parts = {form for form in sure if len(phrases.words[form]) > 1}
        self._sure = parts
        self._free = phrases.c_values(parts) if evidence.c_value else {}
        self._beside = phrases.neighbours() if evidence.entropy else {}
        self.forms = [form for form in phrases.counts if form in sure or self._may_be(form)]

    def _is_sure(self, form: str) -> bool:
        """Tell whether something is a unit, so that it takes its occurrences from the phrases in it."""
        words = self.phrases.words[form]
        if len(words) == 1 or form in self.table.counts or form in self.named:
            return True
        return self.phrases.counts[form] > 1 and is_plain(words)

    def _may_be(self, form: str) -> bool:
        """Tell whether words that stand together once may be a term: no deed first, no known phrase in them."""
        words = self.phrases.words[form]
        if len(words) > _LONGEST_NEW or words[0] in self.table.deeds or not is_plain(words):
            return False
        told = any(len(word) > 1 and self.table.rate(word) > 0 for word in words)
        return told and self._sure.isdisjoint(self.phrases.parts(form))

    def free(self, form: str) -> float:
        """Give how often a phrase stands by itself, in the mean."""
        return self._free.get(form, self.phrases.counts[form])

    def score(self, form: str) -> float:
        """Give a phrase's score."""
        score = log2(1 + self.free(form)) + self._kind(form)
        score -= max(0.0, log2(self.table.counts.get(form, 1) / COMMON))
        if form in self._beside:
            score += min(_MOST_ENTROPY, self._beside[form].entropy()) - 1
        return score

    def _kind(self, form: str) -> float:
        """Give what a word's rate is worth, a known phrase's bond, a new phrase's words."""
        words = self.phrases.words[form]
        if len(words) == 1:
            return self._rate(form) / 2 - 2 * (form in self.table.deeds)
        if form in self.table.counts:
            return 1 + _within(self.table.bond(words), *_BOND) / 3 - (form in self.table.deeds)
        new = 1 if self.phrases.counts[form] > 1 else 3
        return sum(map(self._rate, words)) / len(words) / 2 - new

    def _rate(self, word: str) -> float:
        return _within(self.table.rate(word), *_RATE)


def _within(value: float, least: float, most: float) -> float:
    return min(most, max(least, value))


def form_score(form: str, reasons: Mapping[str, int], *, has_capital: bool) -> float:
    """Give what a name's form is worth; a Latin name more with capitals and by its count, a lone letter little."""
    score = max(FORM[reason] for reason in reasons)
    if reasons.keys() == {LATIN}:
        score += log2(1 + reasons[LATIN])
        score += has_capital if len(form.rstrip("+")) > 1 or form.endswith(("++", "#")) else -3
    return score
