"""What must come through a translation as it is: names in Latin letters, numbers, dates, quantities.

A literal knows how English writes it (`wanted`) and what else says the same (`accepted`, `parts`).
"""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from functools import cache
from typing import TYPE_CHECKING

from translator.model import Span
from translator.text.literal import Literal
from translator.text.numerals import HALF_WIDTH, chinese_number, quantity
from translator.text.rules import MARK, RULES, WORD

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Literal", "chinese_number", "find", "invented", "is_present", "lost", "mend", "quantity"]

_KINDS = list(RULES)
_BEGINS = (
    "[!-~¥￥€£−\u0400-\u11ff\u2318-\u2bff\u3041-\u30ff\uac00-\ud7af\U0001f000-\U0003ffff〇零一二两三四五六七八九十百千万亿"
    "第半上本好几数成翻周星礼负凌清早午中下傍晚夜深当]"
)
"""What a literal may begin with: most characters are passed over at once."""


@cache
def _all() -> re.Pattern[str]:
    rules = (f"(?P<{name}>{re.sub(r'[?]P<[a-z_]+>', '?:', rule.spelled)})" for name, rule in RULES.items())
    return re.compile(f"(?={_BEGINS})(?:{'|'.join(rules)})")


def find(text: str) -> tuple[Literal, ...]:
    """Find the literals, in order, disjoint; marks are none. Full-width letters and figures are read as usual ones."""
    return tuple(_scan(text.translate(HALF_WIDTH)))


def _scan(text: str) -> Iterator[Literal]:
    at = 0
    while found := _all().search(text, at):
        literal, at = _read(text, found.start(), str(found.lastgroup))
        if literal:
            yield literal


def _read(text: str, start: int, kind: str) -> tuple[Literal | None, int]:
    """Read what stands at a place, by this rule or else by a later one; give also where to go on."""
    end = start + 1
    for rule in map(RULES.__getitem__, _KINDS[_KINDS.index(kind) :]):
        found = rule.pattern.match(text, start)
        if found and found.end() > start:
            literal, end = rule.read(found), found.end()
            if literal or kind == "mark":
                return literal and literal._replace(span=Span(start, end)), end
    return None, end


def is_present(literal: Literal, text: str, times: int = 1) -> bool:
    """Tell whether a translation says the literal: a name so often, letter by letter, the rest once, in any form."""
    if literal.is_name:
        return sum(1 for _ in _places(literal.wanted, text)) >= times
    lower = text.lower()
    if _stands(literal.wanted.lower(), lower) or any(_stands(form, lower) for form in literal.accepted):
        return True
    return bool(literal.parts) and all(any(_stands(form, lower) for form in part) for part in literal.parts)


def _stands(form: str, text: str) -> bool:
    return next(_places(form, text), None) is not None


def _places(form: str, text: str) -> Iterator[int]:
    """List where a form stands in a text without being part of a longer word or number; a plural `s` may follow it."""
    after = _AFTER_TENS if _TENS.fullmatch(form) else _AFTER
    at = text.find(form) if form else -1
    while at >= 0:
        end = at + len(form)
        is_begun = not form[0].isalnum() or not _BEFORE.search(text, max(0, at - 2), at)
        if is_begun and (not form[-1].isalnum() or not after.match(text, end)):
            yield at
        at = text.find(form, end)


_BEFORE = re.compile(r"[A-Za-z0-9]\Z|[0-9][.,]\Z")
_AFTER = re.compile(r"[A-RT-Za-rt-z0-9]|s[A-Za-z0-9]|[.,][0-9]")
_TENS = re.compile("(?:twen|thir|for|fif|six|seven|eigh|nine)ty")
_AFTER_TENS = re.compile("[A-Za-z0-9]")
"""`twentys` is no number."""


def lost(literals: Sequence[Literal], text: str) -> tuple[Literal, ...]:
    """List the literals that a translation does not say, or not as often as the source."""
    times = Counter(each.wanted for each in literals)
    return tuple(each for each in literals if not is_present(each, text, times[each.wanted]))


def invented(literals: Sequence[Literal], text: str) -> int:
    """Count the numbers of a translation that stand in none of its literals."""
    rest = text
    for form in sorted({form for each in literals for form in each.forms}, key=len, reverse=True):
        rest = re.sub(re.escape(form), " ", rest, flags=re.IGNORECASE)
    return len(re.findall(r"[0-9]+", MARK.sub(" ", rest)))


def mend(literals: Sequence[Literal], text: str) -> str:
    """Put right what is plainly meant: a name glued to the word before it, in other case, or a letter off."""
    for each in lost(literals, text):
        if each.is_name:
            text = _mended(each.wanted, text)
    for each in literals:
        if each.wanted.endswith("illion"):
            text = re.sub(rf"\b{re.escape(each.wanted)}s\b(?! of)", each.wanted, text)
    whole = [re.escape(each.wanted) for each in literals if "," in each.wanted]
    return re.sub(
        "|".join((*whole, r",(?=[A-Za-z])")), lambda found: ", " if found.group() == "," else found.group(), text
    )


_GLUED = r"\b(the|an?|to|of|in|on|and|or|is|by|with|for|from|than|as|at|that|using|use|like|what|when|['’]s)"


def _mended(name: str, text: str) -> str:
    loose = re.sub(_GLUED + f"(?={re.escape(name)}(?![A-Za-z0-9]))", r"\1 ", text)
    if loose != text:
        return loose
    if len(name) < 3:
        return text
    whole = re.sub(_alone(name, gap=" ?").pattern, lambda _: name, text)
    if whole != text:
        return whole
    cased = re.sub(_alone(name).pattern, lambda _: name, text, flags=re.IGNORECASE)
    return (
        cased
        if cased != text
        else _NAMELIKE.sub(lambda found: name if _is_near(name, found.group()) else found.group(), text)
    )


_NAMELIKE = re.compile(WORD)


def _is_near(name: str, word: str) -> bool:
    return len(name) >= 5 and any(c.isupper() for c in name[1:]) and SequenceMatcher(None, name, word).ratio() >= 0.85


def _alone(form: str, gap: str = "") -> re.Pattern[str]:
    """Match a form that is no part of a longer word or number; a plural `s` may follow a name.

    `gap` may stand between any two characters.
    """
    before = r"(?<![A-Za-z0-9])(?<![0-9][.,])" if form[:1].isalnum() else ""
    after = r"(?![A-RT-Za-rt-z0-9]|s[A-Za-z0-9]|[.,][0-9])" if form[-1:].isalnum() else ""
    return re.compile(before + gap.join(map(re.escape, form)) + after)
