"""Numbers, dates and quantities survive translation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from translator.checks.check import Check, found
from translator.markdown import plain
from translator.model import Level, Span
from translator.text import literals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from translator.model import Draft, Finding


def run(draft: Draft) -> Iterator[Finding]:
    """Note each number of the source that the target does not say in any form English has for it."""
    source, target = plain(draft.source.text), plain(draft.target.text)
    counted = [one._replace(is_name=False) for one in literals.find(source) if not _is_word(one)]
    for one in literals.lost(counted, f"{target}\n{_in_figures(target)}"):
        surface = one.span.of(source)
        at = draft.source.source.find(surface)
        yield found(f"{surface} is missing: “{one.wanted}”", source=Span(at, at + len(surface)) if at >= 0 else None)
    if not draft.state.is_done:  # a person may say three tenths in figures
        for figure in _invented(draft, source, target):
            at = draft.target.source.find(figure)
            yield found(f"{figure} is not in the source", target=Span(at, at + len(figure)) if at >= 0 else None)


def _is_word(one: literals.Literal) -> bool:
    return one.is_name and any(ch.isalpha() for ch in one.wanted)


FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


def _invented(draft: Draft, source: str, target: str) -> list[str]:
    """List figures of the target that no number, date or name of the source accounts for."""
    rest = target
    forms = {form for one in literals.find(source) for form in one.forms}
    forms |= {mention.wanted for mention in draft.mentions}
    for form in sorted(forms, key=len, reverse=True):
        rest = re.sub(rf"(?<!\d)(?<!\d[.,]){re.escape(form)}(?!\d|[.,]\d)", " ", rest, flags=re.IGNORECASE)
    known = {*FIGURE.findall(source), *re.findall(r"\d+", source)}
    return [figure for figure in dict.fromkeys(FIGURE.findall(rest)) if figure not in known]


SMALL = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
ONES = {word: n for n, word in enumerate(SMALL)} | {word: 10 * n for n, word in enumerate(TENS, 2)}
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_WORD = "|".join([*ONES, "hundred", *SCALES])
SPELLED = re.compile(rf"\b(?:{_WORD})(?:(?:-| and | )(?:{_WORD}))*\b", re.IGNORECASE)


def _in_figures(text: str) -> str:
    """Write numbers in figures that stand there in words: `two thousand`, `forty percent`."""
    return SPELLED.sub(lambda found: str(_value(found.group())), text)


def _value(words: str) -> int:
    total = part = 0
    for word in re.split(r"-| and | ", words.lower()):
        if word == "hundred":
            part = (part or 1) * 100
        elif word in SCALES:
            total, part = total + (part or 1) * SCALES[word], 0
        else:
            part += ONES[word]
    return total + part


CHECK = Check("numbers", Level.ERROR, "Readers trust figures.", run)
