"""Which words of a segment say which: the aligner's links, counted in the Markdown that the browser shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from translator.align import word_links
from translator.markdown import scan
from translator.model import JOINED, Codec, InlineKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from translator.model import Inline, Segment

LONGEST = 5_000
"""Characters of a pair of texts that is linked while somebody waits."""
_SIGNS = frozenset({InlineKind.ESCAPE, InlineKind.ENTITY})

Linked = tuple[int, int, int, int, float]
"""Where the words stand in source and target, in UTF-16 units, and how sure it is, 0 to 1."""


def linked(segment: Segment, target: str, codec: Codec, references: Mapping[str, str]) -> list[Linked]:
    """Link the words of a segment and its target, by where they stand in the source."""
    if target in {"", JOINED} or len(segment.source) + len(target) > LONGEST:
        return []
    one = _Words(segment.source, segment.marks)
    two = _Words(target, scan(target, references) if codec is Codec.MARKDOWN else ())
    found = word_links(one.text, two.text)
    return [(*one.place(*link.source), *two.place(*link.target), round(link.score, 3)) for link in found]


class _Words:
    """What is said in a Markdown text, and where each character of it stands there."""

    def __init__(self, markdown: str, marks: Sequence[Inline]) -> None:
        silent = bytearray(len(markdown))
        for mark in marks:
            inner = mark.inner
            if mark.kind in _SIGNS:
                silent[mark.span.start] = 1
            elif inner is None:
                silent[mark.span.start : mark.span.end] = b"\1" * (mark.span.end - mark.span.start)
            else:
                silent[mark.span.start : inner.start] = b"\1" * (inner.start - mark.span.start)
                silent[inner.end : mark.span.end] = b"\1" * (mark.span.end - inner.end)
        self._places = [at for at in range(len(markdown)) if not silent[at]]
        self.text = "".join(markdown[at] for at in self._places)
        self._units = _units(markdown)

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Give where characters of the words stand in the Markdown, in UTF-16 units."""
        return self._units[self._places[start]], self._units[self._places[end - 1] + 1]


def _units(text: str) -> list[int]:
    """Give, for each offset in characters, the end included, the offset in UTF-16 units."""
    out = [0]
    for character in text:
        out.append(out[-1] + 1 + (character > "\uffff"))
    return out
