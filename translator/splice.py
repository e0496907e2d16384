"""A change is new text for a span: everything outside the spans stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from translator.model import Edit


def splice(text: str, edits: Iterable[Edit]) -> str:
    """Put new text where each edit says.

    Edits come in any order and must be disjoint and inside the text; at one offset insertions stand before a
    replacement, in the order given. Raises `ValueError` otherwise. Linear in the text and the edits (once sorted).
    """
    pieces: list[str] = []
    done = 0
    for (start, end), new in sorted(edits, key=_place):
        if not done <= start <= end <= len(text):
            raise ValueError(f"edit at {start}–{end} overlaps another one or leaves the text")
        pieces += (text[done:start], new)
        done = end
    pieces.append(text[done:])
    return "".join(pieces)


def _place(edit: Edit) -> tuple[int, int]:
    return edit.span.start, edit.span.end
