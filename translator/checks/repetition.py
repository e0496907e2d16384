"""Nothing is said twice that the source says once."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from translator.align.english import FUNCTION
from translator.checks.check import Check, found
from translator.checks.cover import meant, origins, words_of
from translator.checks.terms import place
from translator.markdown import plain
from translator.model import Level
from translator.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from translator.align.english import Word
    from translator.model import Draft, Finding

TWICE = re.compile(r"\b([A-Za-z]{4,})\b(?:[ ,-]+\1\b)+", re.IGNORECASE)
"""A word said twice in a row: `user-user`, `Amazon, Amazon`."""


def run(draft: Draft) -> Iterator[Finding]:
    """Note the first words that a draft says again, more often than the source has anything that leads to them."""
    if draft.state.is_done:
        return
    again = _again(fold(plain(draft.source.text)), draft.target.text)
    if again:
        yield found(f"“{again}” is said again", target=place(draft.target.source, again))


def _again(source: str, marked: str) -> str:
    target = plain(marked)
    times = Counter(word.stem for word in meant(target))
    if max(times.values(), default=0) < 2:
        return ""
    return _in_a_row(source, marked) or _phrase(source, target) or _word(source, target, times)


def _in_a_row(source: str, marked: str) -> str:
    """Give words that follow themselves, nothing but punctuation between them."""
    for row in TWICE.finditer(marked):
        if not _leads(source, words_of(row[1]), len(row[0]) // len(row[1])):
            return row[0]
    return ""


def _phrase(source: str, target: str) -> str:
    """Give two words of meaning, or three of any kind, that stand together in two places."""
    said = words_of(target)
    triples = zip(said, said[1:], said[2:], strict=False)
    runs = [run for run in (*pairwise(said), *triples) if _is_phrase(run, target)]
    times = Counter(tuple(word.stem for word in run) for run in runs)
    for run in runs:
        count = times[tuple(word.stem for word in run)]
        if count > 1 and not _leads(source, [word for word in run if word.stem not in FUNCTION], count):
            return target[run[0].start : run[-1].end]
    return ""


def _is_phrase(run: Sequence[Word], target: str) -> bool:
    own = sum(word.stem not in FUNCTION for word in run)
    return own > 3 - len(run) and all(target[a.end : b.start] == " " for a, b in pairwise(run))


def _word(source: str, target: str, times: Counter[str]) -> str:
    """Give a word that stands in three places, two more than the source has it."""
    for word in meant(target):
        if times[word.stem] > 2 and not _leads(source, [word], times[word.stem] - 1):
            return target[word.start : word.end]
    return ""


def _leads(source: str, said: Sequence[Word], times: int) -> bool:
    """Tell whether the source has so often what leads to one of these words."""
    return any(len(_pattern(word.stem).findall(source)) >= times for word in said)


@lru_cache(maxsize=4096)
def _pattern(form: str) -> re.Pattern[str]:
    """Match what leads to an English word: the longest first, so that each place counts once."""
    return re.compile("|".join(map(re.escape, sorted((form, *(origins(form) or ())), key=len, reverse=True))))


CHECK = Check("repetition", Level.WARNING, "A model that lost its place says the same again.", run)
