"""Numbers, dates and Latin names in a sentence, and how English may write each: only what is certain of them.

What is found here can be exchanged for another of its kind in an approved sentence, so there are fewer forms than
`text.literals` knows: what English may also say (`both`, `twice`) cannot be exchanged.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from translator.model import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
ORDINALS = (
    *("zeroth", "first", "second", "third", "fourth", "fifth", "sixth"),
    *("seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"),
)
HAN = {sign: n for n, sign in enumerate("一二三四五六七八九十", 1)} | {"两": 2, "十一": 11, "十二": 12}
SCALES = {"千": 10**3, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8, "万亿": 10**12}
_DIGITS = "一二两三四五六七八九"
_COUNTED = "个种次层步条张台块项类组份页章节位名行列倍轮批篇"
_NUMBER = r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)*"
_WORD = (
    r"(?:--?|[@._])?[A-Za-z0-9_]*[A-Za-z][A-Za-z0-9_]*"
    r"(?:(?:[._/:@&'’+-]|::|->)[A-Za-z0-9_]+)*(?:\+\+|\(\)|\+|#)?"
)


class Figure(NamedTuple):
    """Something that is exchanged for another of its kind."""

    span: Span
    kind: str
    wanted: str
    """How English writes it."""
    accepted: tuple[str, ...] = ()
    """How else it may."""

    @property
    def is_name(self) -> bool:
        """Whether it is written in English as it is in Chinese."""
        return self.kind in {"name", "code", "url", "version", "stamp"}


_Reading = tuple[str, str, tuple[str, ...]]
"""Kind, wanted, accepted."""


def find(text: str) -> Iterator[Figure]:
    """Find figures, in order, disjoint; a mark is none."""
    for found in _ALL.finditer(text):
        if reading := READINGS[str(found.lastgroup)](found):
            yield Figure(Span(*found.span()), *reading)


def _mark(_: re.Match[str]) -> None:
    return None


def _as_is(found: re.Match[str]) -> _Reading:
    kind = str(found.lastgroup)
    return ("version" if re.match("[vV]?[0-9]", found[0]) else kind) if kind == "name" else kind, found[0], ()


def _date(found: re.Match[str]) -> _Reading | None:
    year, month, day = found["year"] or "", int(found["month"]), int(found["day"] or 0)
    if not 1 <= month <= 12 or day > 31:
        return None
    name = MONTHS[month - 1]
    tail = f", {year}" if year else ""
    if not day:
        return ("month" + " year" * bool(year)), f"{name} {year}".strip(), (f"{name[:3]} {year}".strip(),)
    accepted = (f"{name} {day} {year}", f"{day} {name} {year}", f"{name[:3]} {day}{tail}", f"{day} {name[:3]} {year}")
    return "day" + " year" * bool(year), f"{name} {day}{tail}", tuple(form.strip() for form in accepted)


def _year(found: re.Match[str]) -> _Reading:
    return "year", found["alone"], ()


def _percent(found: re.Match[str]) -> _Reading:
    value = found["of"] or found["percent"]
    return "percent", f"{value}%", (f"{value} %", f"{value} percent", f"{value} per cent")


def _big(found: re.Match[str]) -> _Reading:
    value = round(float(found["count"].replace(",", "")) * SCALES[found["scale"]], 6)
    whole = f"{int(value)}" if value == int(value) else f"{value:.10g}"
    said = [f"{value / size:,.10g} {name}" for size, name in _LARGE if value >= size]
    grouped = f"{value:,.10g}" if value != int(value) else f"{int(value):,}"
    wanted = said[0] if value >= _LARGE[-2][0] else grouped
    return "number", wanted, tuple(dict.fromkeys((*said, grouped, whole)))


_LARGE = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (10**3, "thousand"))


def _number(found: re.Match[str]) -> _Reading:
    return "number", found[0], _forms(found[0])


def _han(found: re.Match[str]) -> _Reading:
    value = str(HAN[found[0]])
    return "number", value, _forms(value)


def _forms(text: str) -> tuple[str, ...]:
    plain = text.replace(",", "")
    if not plain.isdigit() or (len(plain) > 1 and plain[0] == "0"):
        return (plain,)
    value = int(plain)
    ending = "th" if value % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    said = (*WORDS[value : value + 1], *ORDINALS[value : value + 1])
    return (plain, f"{value:,}", f"{plain}{ending}", *said)


RULES: dict[str, tuple[str, Callable[[re.Match[str]], _Reading | None]]] = {
    "mark": (r"</?[tx][0-9]+>", _mark),
    "code": (r"`[^`]+`|\$[^$\s][^$]*\$(?![0-9])", _as_is),
    "url": (r"(?:https?|ftp)://[!-;=?-~]+|[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]*[A-Za-z0-9]", _as_is),
    "date": (
        r"(?:(?P<year>(?:19|20)[0-9]{2})年)?(?<![0-9个])(?P<month>[0-9]{1,2})月(?:(?P<day>[0-9]{1,2})[日号]|份)?",
        _date,
    ),
    "since": (r"(?<![0-9])(?P<alone>(?:19|20)[0-9]{2})年", _year),
    "stamp": (
        r"(?:19|20)[0-9]{2}[-/.][0-9]{1,2}(?:[-/.][0-9]{1,2})?(?![0-9.])|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?",
        _as_is,
    ),
    "share": (rf"百分之(?P<of>{_NUMBER})|(?P<percent>{_NUMBER})\s?[%％]", _percent),
    "big": (rf"(?P<count>{_NUMBER})\s?(?P<scale>万亿|[十百千]?万|亿|千)(?![克米瓦])", _big),
    "name": (rf"{_WORD}(?: (?:{_WORD}|[0-9]+(?:\.[0-9]+)+))*", _as_is),
    "number": (_NUMBER, _number),
    "order": (rf"(?<=第)(?:[一二三四五六七八九]|十[一二]?)(?![{_DIGITS}十百千万亿方])", _han),
    "counted": (rf"(?<![第{_DIGITS}十百千万亿几零])[两三四五六七八九](?=[{_COUNTED}])", _han),
}
"""What is looked for, in this order at every place, and how it is read."""
READINGS = {name: reading for name, (_, reading) in RULES.items()}
_ALL = re.compile("|".join(f"(?P<{name}>{pattern})" for name, (pattern, _) in RULES.items()))

_DIGIT = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)*")
_MONTH = re.compile(rf"\b(?:{'|'.join(MONTHS)})\b", re.IGNORECASE)
_SHORT = re.compile(rf"\b(?:{'|'.join(month[:3] for month in MONTHS if month != 'May')})\b", re.IGNORECASE)
_ORDER = re.compile(r"\b(?:0(?:st|nd|rd|th)|" + "|".join(ORDINALS) + r")\b", re.IGNORECASE)
_SPOKEN = re.compile(rf"\b(?:{'|'.join(WORDS)})\b", re.IGNORECASE)


def pattern_of(form: str) -> str:
    """Give the way a number or date is written: `0`, `0 million`, `M 0, 0`, `o` for third, `w` for three."""
    text = _SHORT.sub("m", _MONTH.sub("M", _DIGIT.sub("0", form)))
    return _SPOKEN.sub("w", _ORDER.sub(lambda found: "0o" if found[0][0] == "0" else "o", text))
