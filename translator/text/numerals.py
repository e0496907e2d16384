"""Chinese numerals read, and numbers written as English writes them, in every form that says the same."""

from __future__ import annotations

import re

DIGIT = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
SCALE = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
TENS = {20: "twenty", 30: "thirty", 40: "forty", 50: "fifty", 60: "sixty", 70: "seventy", 80: "eighty", 90: "ninety"}
ORDINALS = [
    *("zeroth", "first", "second", "third", "fourth", "fifth", "sixth"),
    *("seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"),
]
WORDS = {
    **dict(enumerate(ONES)),
    **{n: f"{stem}teen" for n, stem in enumerate(("thir", "four", "fif", "six", "seven", "eigh", "nine"), 13)},
    **{ten + n: word + (f"-{ONES[n]}" if n else "") for ten, word in TENS.items() for n in range(10)},
    100: "a hundred",
    1000: "a thousand",
}
TIMES = {
    1: ("once", "first"),
    2: ("both", "pair", "twice", "couple", "double", "doubled", "doubles", "twofold", "dual", "either", "neither"),
    3: ("triple", "tripled", "triples", "threefold", "thrice"),
    4: ("quadruple", "quadrupled", "fourfold"),
    10: ("tenfold", "dozen"),
}
"""Words that say a number without naming it."""
PARTS = dict(enumerate(["half", "third", "quarter", *ORDINALS[5:11]], 2))
"""A half, a third, …"""


def chinese_number(text: str) -> int | None:
    """Read a Chinese numeral; None where it is none (七八十, 百).

    A digit right behind 百, 千, 万 or 亿 counts tenths of it: 两万五 is 25,000, and 两万零五 20,005.
    """
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
    tenths = SCALE.get(text[-2], 0) // 10 if len(text) > 2 and digit else 0
    return total + section + digit * max(1, tenths)


def read(text: str) -> float | None:
    """Read a number in figures or in Chinese, with decimals: 1,000, 三点五."""
    if text[:1].isascii():
        return float(text.replace(",", ""))
    whole, _, rest = text.partition("点")
    value = chinese_number(whole)
    if value is None or not rest:
        return value
    return float(f"{value}.{''.join(str(DIGIT[c]) for c in rest)}")


def whole(text: str | None) -> int | None:
    """Read a whole number in figures or in Chinese; None for nothing, and for what is none."""
    return None if text is None else int(text) if text.isascii() else chinese_number(text)


def figure(value: float) -> str:
    """Write a number in figures, without separators or a needless fraction."""
    return str(int(value)) if value == int(value) else f"{value:.10g}"


def quantity(value: float) -> str:
    """Write a large number as English does: 30,000, 150 million."""
    for size, name in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million")):
        if value >= size:
            return f"{value / size:,.10g} {name}"
    return f"{value:,.10g}" if value != int(value) else f"{int(value):,}"


def spoken(value: int) -> tuple[str, ...]:
    """Give a whole number's other forms: 21st, twenty-one, first, twice."""
    ending = "th" if value % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    word = (WORDS[value],) if value in WORDS else ()
    ordinal = (ORDINALS[value],) if value < len(ORDINALS) else ()
    hundred = {100: ("one hundred",), 1000: ("one thousand",)}.get(value, ())
    return (f"{value}{ending}", *word, *ordinal, *hundred, *TIMES.get(value, ()))


def forms(value: float) -> tuple[str, ...]:
    """Give every form of a number, in lower case: 30,000, 30000, 30k, 30 thousand."""
    said = [quantity(value), figure(value), f"{value:,.10g}" if value != int(value) else f"{int(value):,}"]
    for size, name, letter in ((1000, "thousand", "k"), (10**6, "million", "m"), (10**9, "billion", "b")):
        if value >= size / 10:
            scaled = f"{value / size:.10g}"
            word = WORDS.get(int(value / size), "") if value % size == 0 else ""
            said += [f"{scaled} {name}", f"{scaled}{letter}", *([f"{word} {name}"] if word else [])]
    said += _spelled(value)
    return tuple(dict.fromkeys((*said, *(spoken(int(value)) if value == int(value) else ()))))


def _spelled(value: float) -> list[str]:
    """Spell out hundreds: two hundred."""
    hundreds = int(value) // 100 if value % 100 == 0 else 0
    return [f"{WORDS[hundreds]} hundred"] if 1 <= hundreds < 100 and hundreds in WORDS else []


NUMBER = r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?"
HAN_DIGIT = "〇零一二两三四五六七八九"
NUMERAL = f"[{HAN_DIGIT}十百千万亿]+"
HALF_WIDTH = {0xFF01 + n: 0x21 + n for n in range(94) if re.match(r"[A-Za-z0-9%.+\-#@=_&*/]", chr(0x21 + n))}
"""Full-width letters, figures and signs to those that English has; length for length."""
