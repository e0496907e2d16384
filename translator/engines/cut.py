"""Cuts a job's text into parts the model can hold.

Law: the parts' texts, one after the other, are the text; in each part of words the marks are balanced.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from translator.engines.marks import MARK
from translator.model import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


class Part(NamedTuple):
    """A stretch of a job's text: words to be translated, or a mark or blank that is kept."""

    span: Span
    are_words: bool = True


EDGES = (
    re.compile("(?<=[。！？!?；;…])[”」』）)]*"),
    re.compile("(?<=[：:])(?![0-9/])|(?<=——)"),
    re.compile("(?<=，)|(?<=, )|(?<=[)）])"),
    re.compile("(?<=、)|(?<=[ \t])"),
    re.compile("(?<=[\u3400-\u9fff])(?=[\u3400-\u9fff<])|(?<=>)(?=[\u3400-\u9fff<])"),
    re.compile("(?=.)", re.DOTALL),
)
"""Where a sentence may be cut, best first; the last is anywhere."""
SHORTEST = 8
"""A part cut off at a good place has at least so many characters, or the place is no good."""


def cut(text: str, fits: Callable[[str], bool], whole: Sequence[Span] = ()) -> tuple[Part, ...]:
    """Cut a text into parts that fit, never inside a span that must stay whole; such a span may be longer than fits."""
    return tuple(_cut(text, Span(0, len(text)), fits, whole))


def _cut(text: str, span: Span, fits: Callable[[str], bool], whole: Sequence[Span]) -> Iterator[Part]:
    if fits(span.of(text)):
        if span.start < span.end:
            yield Part(span)
        return
    place = _place(text, span, whole)
    if place is not None:
        yield from _cut(text, Span(span.start, place), fits, whole)
        yield from _cut(text, Span(place, span.end), fits, whole)
        return
    yield from _peel(text, span, fits, whole)


def _peel(text: str, span: Span, fits: Callable[[str], bool], whole: Sequence[Span]) -> Iterator[Part]:
    """Take the outer marks off a stretch that is one mark as a whole."""
    marks = list(MARK.finditer(text, span.start, span.end))
    if len(marks) < 2 or marks[0].start() > span.start or marks[-1].end() < span.end:
        yield Part(span)
        return
    yield Part(Span(*marks[0].span()), are_words=False)
    yield from _cut(text, Span(marks[0].end(), marks[-1].start()), fits, whole)
    yield Part(Span(*marks[-1].span()), are_words=False)


def _place(text: str, span: Span, whole: Sequence[Span]) -> int | None:
    """Find where to cut: the best kind of edge that there is outside marks and whole spans, next to the middle."""
    shut = _shut(text, span, whole)
    middle = (span.start + span.end) / 2
    for kind, edge in enumerate(EDGES):
        near = SHORTEST if kind < 4 else 1
        ends = (found.end() for found in edge.finditer(text, span.start, span.end))
        places = [p for p in ends if span.start + near <= p <= span.end - near and not any(a < p < b for a, b in shut)]
        if places:
            return min(places, key=lambda p: abs(p - middle))
    return None


def _shut(text: str, span: Span, whole: Sequence[Span]) -> list[Span]:
    """List the stretches that may not be cut: whole spans, marks, and what stands between a pair of tags."""
    shut = [each for each in whole if each.start < span.end and each.end > span.start]
    opened: dict[str, int] = {}
    for found in MARK.finditer(text, span.start, span.end):
        mark = found.group()
        shut.append(Span(*found.span()))
        if mark.startswith("<t"):
            opened[mark[2:]] = found.start()
        elif mark.startswith("</") and mark[3:] in opened:
            shut.append(Span(opened.pop(mark[3:]), found.end()))
    return shut
