"""Marks in a job's text: `<tN>…</tN>` around words, `<xN>` for what is kept whole."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

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


def renumber(text: str) -> tuple[str, dict[str, str]]:
    """Give the text with its marks numbered from 1 in order of appearance, and which one each was."""
    numbers: dict[str, int] = {}
    for _, kind, number in _PARTS.findall(text):
        numbers.setdefault(kind + number, len(numbers) + 1)
    old = {}

    def change(found: re.Match[str]) -> str:
        closing, kind, number = found.groups()
        new = f"<{closing}{kind}{numbers[kind + number]}>"
        old[new] = found.group()
        return new

    return _PARTS.sub(change, text), old


def swap(text: str, by: Mapping[str, str]) -> str:
    """Put other text for some marks, all at once; marks that are not named stay."""
    return MARK.sub(lambda found: by.get(found.group(), found.group()), text)


def count(text: str) -> int:
    """Count marks, a pair of tags as one."""
    return len({(kind, number) for _, kind, number in _PARTS.findall(text)})


def without(text: str) -> str:
    """Give the words alone."""
    return MARK.sub("", text)
