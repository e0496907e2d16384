"""Chinese characters: what is one, how wide it is, and its form for comparison."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from translator.text.stored import stored

_HAN_RANGES = (
    (0x2E80, 0x2FDF),  # radicals: some editors and PDF readers give them instead of the characters
    (0x3005, 0x3005),  # 々
    (0x3007, 0x3007),  # 〇
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
HAN = "".join(f"{chr(first)}-{chr(last)}" for first, last in _HAN_RANGES)
"""The inside of a character class."""
_HAN = re.compile(f"[{HAN}]")
_CASED = (range(0x41, 0x530), range(0x1E00, 0x2000))
_WIDE = range(0xFF01, 0xFFE7)


def is_han(ch: str) -> bool:
    """Tell whether a character is a Chinese one (々 and 〇 included, punctuation not)."""
    return _HAN.match(ch) is not None


def has_han(text: str) -> bool:
    """Tell whether there is a Chinese character anywhere."""
    return _HAN.search(text) is not None


def width(text: str) -> int:
    """Count terminal cells: two for a wide character, none for a combining one."""
    return sum(map(_cells, text))


def _cells(ch: str) -> int:
    if unicodedata.combining(ch) or unicodedata.category(ch) in {"Cf", "Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(ch) in "WF" else 1


def fold(text: str) -> str:
    """Give the form that is compared: half-width, simplified, lower case.

    Every character becomes exactly one, so spans in the folded text are spans in the text.
    """
    if text.isascii():
        return text.lower()
    return text.translate(_table())


@cache
def _table() -> dict[int, int]:
    before, after = stored("fold", ("OpenCC",), _build).decode("utf-8").split("\n")
    return str.maketrans(before, after)


def _build() -> bytes:
    """Write down what becomes what: a line of characters, and a line of theirs."""
    pairs = _simplified()
    for code in _HAN_FORMS:
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1 and plain != chr(code):
            pairs[code] = pairs.get(ord(plain), plain)
    for code in _WIDE:
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1:
            pairs[code] = _lower(plain)
    pairs[0x3000] = " "
    pairs |= {code: _lower(chr(code)) for codes in _CASED for code in codes}
    return "\n".join(("".join(map(chr, pairs)), "".join(pairs.values()))).encode("utf-8")


_HAN_FORMS = (*range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00))


def _simplified() -> dict[int, str]:
    """Give each traditional character's simplified one, where that is one character."""
    from opencc import OpenCC  # noqa: PLC0415  # 40 ms

    codes = [code for first, last in _HAN_RANGES for code in range(first, last + 1) if code < 0x32000]
    # Lines apart, so that no phrase is converted as a whole.
    converted = OpenCC("t2s").convert("\n".join(map(chr, codes))).split("\n")
    return {code: out for code, out in zip(codes, converted, strict=True) if len(out) == 1 and out != chr(code)}


def _lower(ch: str) -> str:
    low = ch.lower()
    return low if len(low) == 1 else ch
