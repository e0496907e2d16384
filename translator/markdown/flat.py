"""A block's prose as plain text that knows where each of its characters stands in the file.

What `protect` gives is for engines, a text with marks; this is for looking words up in a text that somebody else wrote,
and for changing them where they stand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from translator.model import InlineKind, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from translator.model import Block, Document, Inline

ATOM = "\ufffc"
"""Stands for what is no word: code, an image, a tag."""
_SPELLINGS = frozenset({InlineKind.ESCAPE, InlineKind.ENTITY})


class Flat(NamedTuple):
    """Plain text, and where each of its characters stands in the document; the end's place comes last."""

    text: str
    places: tuple[int, ...]

    def part(self, start: int, end: int) -> Flat:
        """Give a part of it."""
        return Flat(self.text[start:end], self.places[start : end + 1])

    def span(self, start: int, end: int) -> Span:
        """Give where a part stands in the document; what an empty one stands before."""
        return Span(self.places[start], self.places[end - 1] + 1 if end > start else self.places[start])


def flats(document: Document, block: Block) -> Iterator[Flat]:
    """Give a block's prose, then the prose inside its marks: alt texts and titles.

    Marks around words leave nothing, an escape its character, an atom `ATOM`, the end of a line a line feed.
    """
    yield _flat(document.text, block.span, block.inlines)
    for inline in block.inlines:
        yield from (_flat(document.text, span, ()) for span in inline.prose)


def _flat(text: str, span: Span, inlines: Sequence[Inline]) -> Flat:
    chars: list[str] = []
    places: list[int] = []
    ends: list[Inline] = []
    at = span.start

    def copy(end: int) -> None:
        nonlocal at
        if end > at:
            chars.append(text[at:end])
            places.extend(range(at, end))
            at = end

    def leave(position: int) -> None:
        nonlocal at
        while ends and ends[-1].span.end <= position:
            inline = ends.pop()
            copy(inline.inner.end if inline.inner else at)
            at = max(at, inline.span.end)

    for inline in inlines:
        leave(inline.span.start)
        if inline.span.start < at:
            continue
        copy(inline.span.start)
        if inline.inner:
            ends.append(inline)
            at = inline.inner.start
        else:
            chars.append(_sign(inline, text))
            places.append(at)
            at = inline.span.end
    leave(span.end)
    copy(span.end)
    return Flat("".join(chars), (*places, span.end))


def _sign(inline: Inline, text: str) -> str:
    if inline.kind is InlineKind.BREAK:
        return "\n"
    if inline.kind in _SPELLINGS and inline.kind is InlineKind.ESCAPE:
        return text[inline.span.end - 1]
    return ATOM
