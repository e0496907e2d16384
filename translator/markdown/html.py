"""Blocks of HTML: the text between block-level tags is prose, and so are `alt` and `title`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from translator.markdown.inline import TAG, VERBATIM, Node, prose_attributes, scan_nodes
from translator.model import Codec, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

INLINE_TAGS = frozenset(
    re.findall(
        r"\S+",
        "a abbr acronym b bdi bdo big button cite code data del dfn em font i img input ins kbd label mark "
        "nobr q rp rt ruby s samp small span strike strong sub sup svg time tt u var wbr math",
    )
)
"""Elements that stand inside a sentence."""

_PIECE = re.compile(r"<!--|<!\[CDATA\[|<\?|<[A-Za-z/]|\{%|\{\{")
_ENDS = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>", "{%": "%}", "{{": "}}"}
_WORD = re.compile(r"[^\W_]")


class Run(NamedTuple):
    """A stretch of an HTML block: prose with its markup, an attribute, or (codec None) neither."""

    span: Span
    codec: Codec
    nodes: tuple[Node, ...] = ()
    key: str = ""


class _Piece(NamedTuple):
    start: int
    end: int
    splits: bool
    """Whether a sentence ends here."""


def html_runs(text: str) -> Iterator[Run]:
    """Find the prose of an HTML block, in order."""
    start = 0
    for piece in _pieces(text):
        if piece.splits:
            yield from _run(text, start, piece.start)
            yield from _attributes(text, piece.start, piece.end)
            start = piece.end
    yield from _run(text, start, len(text))


def _run(text: str, start: int, end: int) -> Iterator[Run]:
    """Give a stretch between block-level tags: its text, or the attributes of its tags if it has none."""
    inside = text[start:end]
    if not inside.strip():
        return
    lead = len(inside) - len(inside.lstrip())
    inside = inside.strip()
    nodes = scan_nodes(inside, {}, html=True)
    if _has_words(inside, nodes):
        yield Run(Span(start + lead, start + lead + len(inside)), Codec.HTML, tuple(nodes))
    else:
        yield from _attributes(text, start, end)


def _has_words(text: str, nodes: list[Node]) -> bool:
    """Tell whether letters stand outside the markup."""
    done = 0
    for start, end in sorted(span for node in nodes for span in _delimiters(node)):
        if start > done and _WORD.search(text, done, start):
            return True
        done = max(done, end)
    return bool(_WORD.search(text, done))


def _delimiters(node: Node) -> tuple[tuple[int, int], ...]:
    if node.inner is None:
        return ((node.start, node.end),)
    return (node.start, node.inner.start), (node.inner.end, node.end)


def _attributes(text: str, start: int, end: int) -> Iterator[Run]:
    for tag in TAG.finditer(text, start, end):
        for span in prose_attributes(text, tag.start(), tag.end()):
            if _WORD.search(text, *span):
                key = re.search(r"(\w+)\s*=\s*.$", text[tag.start() : span.start], re.DOTALL)
                yield Run(span, Codec.ATTRIBUTE, (), key[1].lower() if key else "")


def _pieces(text: str) -> Iterator[_Piece]:
    """Give the tags, comments and verbatim elements, in order."""
    position = 0
    absent: set[str] = set()
    while found := _PIECE.search(text, position):
        piece = _long(text, found.start(), found[0], absent) if found[0] in _ENDS else _tag(text, found.start(), absent)
        if piece:
            yield piece
        position = piece.end if piece else found.end()


def _long(text: str, start: int, opening: str, absent: set[str]) -> _Piece | None:
    """Give a comment, a processing instruction or a template tag; none that does not end."""
    closing = _ENDS[opening]
    if closing in absent:
        return None
    end = text.find(closing, start + len(opening))
    if end < 0:
        absent.add(closing)
        # A comment may go on in the next block, where a blank line or a container's end cut it.
        return _Piece(start, len(text), splits=True) if opening.startswith("<") else None
    return _Piece(start, end + len(closing), splits=opening != "{{")


def _tag(text: str, start: int, absent: set[str]) -> _Piece | None:
    found = TAG.match(text, start)
    if not found:
        return None
    name = (found["end"] or found["name"]).lower()
    if name in VERBATIM and not found["close"] and not found["void"] and f"</{name}" not in absent:
        closing = re.compile(rf"</{re.escape(name)}\s*>", re.IGNORECASE).search(text, found.end())
        if closing:
            return _Piece(start, closing.end(), splits=name not in INLINE_TAGS)
        absent.add(f"</{name}")
        if name in {"pre", "script", "style", "textarea"}:
            return _Piece(start, len(text), splits=True)
    return _Piece(start, found.end(), splits=name not in INLINE_TAGS)
