"""Marks in a job's text: `<tN>…</tN>` around words, `<xN>` for what is kept whole."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PLAIN = 1
"""Counted up when `plain` or `lay` gives other answers: part of the signature of the engines that use them."""
MARK = re.compile(r"<(?:x|/?t)[1-9][0-9]*>")
_PARTS = re.compile(r"<(/?)([tx])([0-9]+)>")


def are_kept(source: str, target: str) -> bool:
    """Tell whether the target has every mark of the source, as often, and properly nested."""
    return Counter(MARK.findall(source)) == Counter(MARK.findall(target)) and are_nested(target)


def are_nested(text: str) -> bool:
    """Tell whether each opened tag is closed, innermost first."""
    open_: list[str] = []
    for closing, kind, number in _PARTS.findall(text):
        if kind == "x":
            continue
        if not closing:
            open_.append(number)
        elif not open_ or open_.pop() != number:
            return False
    return not open_


def fold(text: str) -> tuple[str, dict[str, str]]:
    """Make one tag of tags that enclose the same words (a bold link); give also what each such tag stands for."""
    stands_for: dict[str, str] = {}
    while found := next((m for m in _TWICE.finditer(text) if _is_double(text, m[1], m[2])), None):
        outer, inner = found.groups()
        begin, end = f"<t{outer}>", f"</t{outer}>"
        stands_for[begin] = stands_for.get(begin, begin) + stands_for.pop(f"<t{inner}>", f"<t{inner}>")
        stands_for[end] = stands_for.pop(f"</t{inner}>", f"</t{inner}>") + stands_for.get(end, end)
        text = text.replace(f"<t{outer}><t{inner}>", begin).replace(f"</t{inner}></t{outer}>", end)
    return text, stands_for


_TWICE = re.compile(r"<t([0-9]+)>(?=<t([0-9]+)>)")


def _is_double(text: str, outer: str, inner: str) -> bool:
    alone = all(text.count(f"<{slash}t{n}>") == 1 for n in (outer, inner) for slash in ("", "/"))
    return alone and f"</t{inner}></t{outer}>" in text


def renumber(text: str) -> tuple[str, dict[str, str]]:
    """Give the text with its marks folded and numbered from 1 in order of appearance, and what each one stands for."""
    text, stands_for = fold(text)
    numbers: dict[str, int] = {}
    for _, kind, number in _PARTS.findall(text):
        numbers.setdefault(kind + number, len(numbers) + 1)
    old = {}

    def change(found: re.Match[str]) -> str:
        closing, kind, number = found.groups()
        new = f"<{closing}{kind}{numbers[kind + number]}>"
        old[new] = stands_for.get(found.group(), found.group())
        return new

    return _PARTS.sub(change, text), old


def swap(text: str, by: Mapping[str, str]) -> str:
    """Put other text for some marks, all at once; marks that are not named stay."""
    return MARK.sub(lambda found: by.get(found.group(), found.group()), text)


def count(text: str) -> int:
    """Count marks as the model sees them, a pair of tags as one."""
    return len({(kind, number) for _, kind, number in _PARTS.findall(fold(text)[0])})


def without(text: str) -> str:
    """Give the words alone."""
    return MARK.sub("", text)
