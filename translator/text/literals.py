"""What must come through a translation as it is: names in Latin letters, numbers, dates, quantities.

A literal knows how English writes it (`wanted`) and what else says the same (`accepted`).
"""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

from translator.model import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

MARK = re.compile(r"<(?:x|/?t)[1-9][0-9]*>")


class Literal(NamedTuple):
    """A stretch of a source text whose rendering is known by rule."""

    span: Span
    wanted: str
    accepted: tuple[str, ...] = ()
    """Other renderings, in lower case."""
    is_name: bool = False
    """Latin letters: compared with their case."""


DIGIT = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
SCALE = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]
WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
ORDINALS = [
    *("zeroth", "first", "second", "third", "fourth", "fifth", "sixth"),
    *("seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"),
]
CURRENCIES = {"元": "yuan", "块钱": "yuan", "人民币": "yuan", "美元": "dollars", "美金": "dollars", "欧元": "euros"}
PARTS = dict(enumerate(["half", "third", "quarter", *ORDINALS[5:11]], 2))
"""A half, a third, …"""

_HAN = "〇零一二两三四五六七八九"
_NUMBER = r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?"
_NUMERAL = f"[{_HAN}十百千万亿]+"
_SHORT_YEAR = "[0-9]{2}(?=年(?:年?[底末初]|[0-9一二三四五六七八九十]{1,2}月))"
_YEAR = f"(?P<year>(?:19|20)[0-9]{{2}}|[一二][九〇零][{_HAN}]{{2}}|{_SHORT_YEAR})年"
_MONTH = "(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月(?:份)?"
_DAY = f"(?P<day>[12][0-9]|3[01]|0?[1-9]|[二三]?十[{_HAN}]?|[{_HAN}])[日号]"
_MONEY = "(?P<money>人民币|[美欧]元|美金|元(?![素组数件类年宇])|块钱)"
_WORD = (
    r"(?:--?|[@._])?[A-Za-z0-9_]*[A-Za-z][A-Za-z0-9_]*"
    r"(?:(?:[._/:@&'’+-]|::|->)[A-Za-z0-9_]+)*(?:\+\+|\(\)|\+|#)?"
)


def chinese_number(text: str) -> int | None:
    """Read a Chinese numeral; None where it is none (七八十, 百)."""
    if not text or any(c not in DIGIT and c not in SCALE for c in text):
        return None
    if all(c in DIGIT for c in text):
        return int("".join(str(DIGIT[c]) for c in text))
    total = section = digit = 0
    pending = False
    for c in text:
        if c in DIGIT:
            if pending and digit:
                return None
            digit, pending = DIGIT[c], True
        elif SCALE[c] >= SCALE["万"]:
            total, section, digit, pending = (total + section + digit) * SCALE[c], 0, 0, False
        else:
            section, digit, pending = section + ((digit if pending else 1) * SCALE[c]), 0, False
    return total + section + digit


def quantity(value: float) -> str:
    """Write a large number as English does: 30,000, 150 million."""
    for size, name in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million")):
        if value >= size:
            return f"{value / size:,.10g} {name}"
    return f"{value:,.10g}" if value != int(value) else f"{int(value):,}"


def find(text: str) -> tuple[Literal, ...]:
    """Find the literals, in order, disjoint; marks are none."""
    return tuple(_scan(text))


def _scan(text: str) -> Iterator[Literal]:
    for found in _ALL.finditer(text):
        rule = RULES[str(found.lastgroup)]
        alone = rule.pattern.match(text, found.start())
        literal = rule.read(alone) if alone else None
        if literal:
            yield literal._replace(span=Span(*found.span()))


_NOWHERE = Span(0, 0)


def _as_is(found: re.Match[str]) -> Literal:
    return Literal(_NOWHERE, found.group(), is_name=True)


def _date(found: re.Match[str]) -> Literal | None:
    year, month, day = (found.groupdict().get(k) for k in ("year", "month", "day"))
    return _written_date(_read_year(year), _read(month), _read(day))


def _stamp(found: re.Match[str]) -> Literal:
    """Keep a date or time as it is written; a person may also write the date out."""
    said: list[str] = []
    parts = [int(part) for part in re.findall(r"[0-9]+", found.group())]
    if ":" not in found.group() and len(parts) in {2, 3}:
        year, *rest = parts if parts[0] > 31 else (parts[-1], *parts[:-1])
        for month, *day in (rest, rest[::-1]):
            date = _written_date(_read_year(str(year)), month, day[0] if day else None)
            said += [date.wanted.lower(), *date.accepted] if date else []
    return Literal(_NOWHERE, found.group(), tuple(dict.fromkeys(said)), is_name=True)


def _read(text: str | None) -> int | None:
    return None if text is None else int(text) if text.isascii() else chinese_number(text)


def _read_year(text: str | None) -> int | None:
    year = _read(text)
    return year if year is None or year > 99 else year + (2000 if year < 50 else 1900)


def _written_date(year: int | None, month: int | None, day: int | None) -> Literal | None:
    if month is None:
        return Literal(_NOWHERE, str(year))
    if not 1 <= month <= 12:
        return None
    name, tail = MONTHS[month - 1], f", {year}" if year else ""
    if day is None:
        accepted = (f"{name} of {year}".lower(), f"{name}, {year}".lower()) if year else ()
        return Literal(_NOWHERE, f"{name} {year}" if year else name, accepted)
    short = (f"{name[:3]} {day}{tail}", f"{day} {name}{tail.replace(',', '')}", f"{name} {day}{tail.replace(',', '')}")
    return Literal(_NOWHERE, f"{name} {day}{tail}", tuple(s.lower() for s in short))


def _big(found: re.Match[str]) -> Literal | None:
    scale = 1
    for c in found["scale"]:
        scale *= SCALE[c]
    value = float(found["count"].replace(",", "")) * scale
    return _priced(_quantity(round(value, 6)), found["money"])


def _priced(literal: Literal, money: str | None) -> Literal:
    """Add a currency; without it the model reads 元 as `meta`."""
    if not money:
        return literal
    name = CURRENCIES[money]
    forms = (literal.wanted, *literal.accepted)
    others = [form.format(each) for each in forms for form in ("{}", f"{{}} {name}", "¥{}", "rmb {}", "${}", "€{}")]
    return Literal(_NOWHERE, f"{literal.wanted} {name}", tuple(others))


def _quantity(value: float) -> Literal:
    whole = f"{value:.10g}" if value != int(value) else str(int(value))
    others = [whole, f"{value:,.10g}" if value != int(value) else f"{int(value):,}", f"{value / 1000:.10g}k"]
    others += [
        f"{value / size:.10g} {name}" for size, name in ((1000, "thousand"), (10**6, "million"), (10**9, "billion"))
    ]
    return Literal(_NOWHERE, quantity(value), tuple(others))


def _numeral(found: re.Match[str]) -> Literal | None:
    text = found.group()
    value = chinese_number(text)
    if value is None or not any(c in SCALE for c in text) or (text[0] in SCALE and text[0] != "十") or text == "十":
        return None
    words = {100: ("one hundred", "a hundred"), 1000: ("one thousand", "a thousand")}.get(value, ())
    big = _quantity(value)
    return big._replace(accepted=(*big.accepted, *words, *_spoken(value)))


def _percent(found: re.Match[str]) -> Literal | None:
    text = found["percent_of"] or found["percent"]
    value = text if text[0].isascii() else chinese_number(text)
    if value is None:
        return None
    sign = "‰" if found.group().endswith("‰") else "%"
    return Literal(_NOWHERE, f"{value}{sign}", (f"{value} {sign}", f"{value} percent", f"{value} per cent"))


def _tenths(found: re.Match[str]) -> Literal:
    """Read 三成 and 三成半: tenths, which English says in percent."""
    count = _read(found["count"]) or 0
    value = f"{count}{5 if found['half'] else 0}"
    tenths = () if found["half"] else (f"{WORDS[count]} tenths", f"{WORDS[count]}-tenths")
    return Literal(_NOWHERE, f"{value}%", (f"{value} %", f"{value} percent", f"{value} per cent", *tenths))


def _fraction(found: re.Match[str]) -> Literal | None:
    below, above = chinese_number(found["below"]), chinese_number(found["above"])
    if below not in PARTS or not above or above >= 10:
        return None
    name = PARTS[below] if above == 1 else {2: "halves"}.get(below, PARTS[below] + "s")
    hyphened = f"{WORDS[above]}-{name}"
    more = (hyphened, f"{above}/{below}") + ((f"a {name}", f"1/{below}") if above == 1 else ())
    return Literal(_NOWHERE, f"{WORDS[above]} {name}", more)


def _number(found: re.Match[str]) -> Literal:
    text = found.group()
    plain = text.replace(",", "")
    grouped = (f"{int(plain):,}",) if plain.isdigit() and len(plain) < 16 and str(int(plain)) == plain else ()
    return Literal(_NOWHERE, text, (plain, *grouped, *(_spoken(int(plain)) if grouped else ())))


def _price(found: re.Match[str]) -> Literal:
    return _priced(_quantity(float(found["count"].replace(",", ""))), found["money"])


def _spoken(value: int) -> tuple[str, ...]:
    ending = "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return (f"{value}{ending}", *((WORDS[value], ORDINALS[value]) if value < len(WORDS) else ()))


class Rule(NamedTuple):
    """One kind of literal."""

    pattern: re.Pattern[str]
    read: Callable[[re.Match[str]], Literal | None]


def _rule(pattern: str, read: Callable[[re.Match[str]], Literal | None]) -> Rule:
    return Rule(re.compile(pattern), read)


RULES = {
    "mark": _rule(MARK.pattern, lambda _: None),
    "control": _rule(r"</?hint>|<is>", _as_is),
    "code": _rule(r"`[^`]+`|\$[^$\s][^$]*\$(?![0-9])", _as_is),
    "url": _rule(r"(?:https?|ftp)://[!-;=?-~]+|[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]*[A-Za-z0-9]", _as_is),
    "year": _rule(f"{_YEAR}(?:{_MONTH}(?:{_DAY})?)?", _date),
    "day": _rule(f"(?<![0-9个]){_MONTH}{_DAY}", _date),
    "month": _rule(
        r"(?<![0-9个])(?P<month>1[0-2]|0?[1-9]"
        r"|(?<![一二三四五六七八九十几数])(?:十[一二]?|[一二三四五六七八九])(?=月[份初底中上下]))月份?",
        _date,
    ),
    "stamp": _rule(
        r"(?:19|20)[0-9]{2}[-/.][0-9]{1,2}(?:[-/.][0-9]{1,2})?(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?(?![0-9.])"
        r"|[0-9]{1,2}[-/][0-9]{1,2}[-/][0-9]{2,4}|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?",
        _stamp,
    ),
    "big": _rule(rf"(?P<count>{_NUMBER})\s?(?P<scale>万亿|[十百千]?万|[十百千]?亿|[百千])(?![克米瓦]){_MONEY}?", _big),
    "price": _rule(rf"(?P<count>{_NUMBER})\s?{_MONEY}", _price),
    "tenths": _rule(
        f"(?<![{_HAN}十百千])(?P<count>[二三四五六七八九1-9])成(?P<half>半)?(?![为功本员果立长熟分就绩交都品年人])",
        _tenths,
    ),
    "percent": _rule(f"百分之(?P<percent_of>{_NUMBER}|{_NUMERAL})|(?P<percent>{_NUMBER})\\s?[%％‰]", _percent),
    "fraction": _rule(f"(?P<below>[{_HAN}十])分之(?P<above>[{_HAN}])", _fraction),
    "numeral": _rule(_NUMERAL, _numeral),
    "name": _rule(rf"{_WORD}(?: (?:{_WORD}|[0-9]+(?:\.[0-9]+)+))*", _as_is),
    "number": _rule(r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)*", _number),
}
"""What is looked for, in this order at every place."""

_ALL = re.compile(
    "|".join(f"(?P<{name}>{re.sub(r'[?]P<[a-z_]+>', '?:', rule.pattern.pattern)})" for name, rule in RULES.items())
)


def is_present(literal: Literal, text: str, times: int = 1) -> bool:
    """Tell whether a translation says the literal: a name so often, letter by letter, the rest once, in any form."""
    if literal.is_name:
        return len(_alone(literal.wanted).findall(text)) >= times
    lower = text.lower()
    return any(_alone(form.lower()).search(lower) for form in (literal.wanted, *literal.accepted))


def lost(literals: Sequence[Literal], text: str) -> tuple[Literal, ...]:
    """List the literals that a translation does not say, or not as often as the source."""
    times = Counter(each.wanted for each in literals)
    return tuple(each for each in literals if not is_present(each, text, times[each.wanted]))


def invented(literals: Sequence[Literal], text: str) -> int:
    """Count the numbers of a translation that stand in none of its literals."""
    rest = text
    for form in sorted({form for each in literals for form in (each.wanted, *each.accepted)}, key=len, reverse=True):
        rest = re.sub(re.escape(form), " ", rest, flags=re.IGNORECASE)
    return len(re.findall(r"[0-9]+", MARK.sub(" ", rest)))


def mend(literals: Sequence[Literal], text: str) -> str:
    """Put right what is plainly meant: a name glued to the word before it, in other case, or a letter off."""
    for each in lost(literals, text):
        if each.is_name:
            text = _mended(each.wanted, text)
    return re.sub(r",(?=[A-Za-z])", ", ", text)


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


_NAMELIKE = re.compile(_WORD)


def _is_near(name: str, word: str) -> bool:
    return len(name) >= 5 and any(c.isupper() for c in name[1:]) and SequenceMatcher(None, name, word).ratio() >= 0.85


def _alone(form: str, gap: str = "") -> re.Pattern[str]:
    """Match a form that is no part of a longer word or number; a plural `s` may follow a name.

    `gap` may stand between any two characters.
    """
    before = r"(?<![A-Za-z0-9])(?<![0-9][.,])" if form[:1].isalnum() else ""
    after = r"(?![A-RT-Za-rt-z0-9]|s[A-Za-z0-9]|[.,][0-9])" if form[-1:].isalnum() else ""
    return re.compile(before + gap.join(map(re.escape, form)) + after)
