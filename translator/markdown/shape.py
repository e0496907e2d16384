"""The shape of a document: what must be the same in source and target, its units, headings and links."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

from translator.markdown.inline import HREF, TAG, destination_at, normal_label
from translator.markdown.spell import undo_spelling
from translator.model import BlockKind, Codec, InlineKind, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from translator.model import Block, Document, Inline

_KEPT = frozenset({BlockKind.RAW, BlockKind.CODE, BlockKind.MATH, BlockKind.RULE})
_DEFINITION = re.compile(r"\[(?!\^)(?:[^\[\]\\]|\\.)+\]:\s*", re.DOTALL)
_ID = re.compile(r"\{:?[^{}]*?#([^\s{}#.]+)[^{}]*\}")
_HEXO = re.compile(r"[\s~`!@#$%^&*()\-_+=\[\]{}|\\;:\"'<>,.?/]+")


class Unit(NamedTuple):
    """Lines of a document with the blocks that start on them."""

    span: Span
    blocks: tuple[int, ...]


class Heading(NamedTuple):
    """A heading, as a reader sees it."""

    block: int
    level: int
    text: str
    """Without markup; what stands in code is part of it."""
    id: str
    """An explicit `{#id}`, or empty."""


class Link(NamedTuple):
    """Something that leads somewhere."""

    span: Span
    """All of it: the link, the definition, the tag."""
    destination: Span
    """Where it leads, as spelled."""
    target: str
    """The same with escapes and entities undone."""


# ── Skeleton ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def skeleton(document: Document) -> tuple[tuple[object, ...], ...]:
    """Give what a translation must not change, block by block; equal for two texts that differ only in prose.

    Kinds, levels, containers and keys; the bytes of what is kept, but for where links lead and for the front matter.
    """
    goals = [link.destination for link in links(document)]
    return tuple(_bone(block, document, goals) for block in document.blocks if not _is_front_raw(block))


def _is_front_raw(block: Block) -> bool:
    return block.kind is BlockKind.RAW and "front" in block.containers


def _bone(block: Block, document: Document, goals: Sequence[Span]) -> tuple[object, ...]:
    kept = _without(block.span, goals, document.text) if block.kind in _KEPT else ""
    return block.kind, block.level, block.containers, block.key, kept


def _without(span: Span, holes: Sequence[Span], text: str) -> str:
    """Give a stretch of the text without the destinations in it."""
    pieces, position = [], span.start
    for hole in _inside(span, holes):
        pieces.append(text[position : hole.start])
        position = hole.end
    pieces.append(text[position : span.end])
    return "\0".join(pieces)


def _inside(span: Span, holes: Sequence[Span]) -> Iterator[Span]:
    """Give the holes inside a span; both are in order."""
    low, high = 0, len(holes)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if holes[middle].start < span.start else (low, middle)
    while low < len(holes) and holes[low].end <= span.end:
        yield holes[low]
        low += 1


def inventory(document: Document, block: int | None = None) -> Counter[tuple[str, str]]:
    """Count what must survive in prose: `("link", destination)`, `("code", …)`, `("html", "<b>")` and so on.

    Of the whole document, or of one of its blocks, by index. Emphasis is not counted: English may do without.
    """
    counted: Counter[tuple[str, str]] = Counter()
    for each in document.blocks if block is None else (document.blocks[block],):
        for inline in each.inlines:
            counted.update(_items(inline, document))
    return counted


def _items(inline: Inline, document: Document) -> Iterator[tuple[str, str]]:
    text = inline.span.of(document.text)
    if inline.kind in {InlineKind.LINK, InlineKind.IMAGE, InlineKind.AUTOLINK}:
        name = "image" if inline.kind is InlineKind.IMAGE else "link"
        goal = inline.destination.of(document.text) if inline.destination else _referred(inline, document)
        yield name, goal
    elif inline.kind is InlineKind.HTML:
        yield "html", _without(Span(inline.span.start, _head(inline)), inline.prose, document.text)
    elif inline.kind is InlineKind.FOOTNOTE:
        yield "footnote", "" if inline.inner else text
    elif inline.kind in _COUNTED:
        yield inline.kind.value, re.sub(r"[\s>]+", " ", text)


_COUNTED = frozenset({InlineKind.CODE, InlineKind.MATH, InlineKind.TAG, InlineKind.ROLE, InlineKind.ATTRIBUTES})


def _head(inline: Inline) -> int:
    return inline.inner.start if inline.inner else inline.span.end


def _referred(inline: Inline, document: Document) -> str:
    """Give where a reference link leads."""
    source = inline.span.of(document.text)
    named = re.search(r"\]\s?\[([^\[\]]+)\]$", source)
    words = inline.inner or (inline.prose[0] if inline.prose else None)
    label = named[1] if named else words.of(document.text) if words else source
    return document.references.get(normal_label(label), normal_label(label))


# ── Units ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def units(document: Document) -> list[Unit]:
    """Cut a document into the lines of its blocks.

    Each unit starts at the first line of a block and runs to the next unit; blocks that share lines are one. Law: the
    units' texts, put together, are the document.
    """
    starts: list[int] = []
    members: list[list[int]] = []
    end = -1
    for index, block in enumerate(document.blocks):
        if block.lines.start >= end:
            starts.append(block.lines.start)
            members.append([])
        members[-1].append(index)
        end = max(end, block.lines.end)
    if not starts:
        return [Unit(Span(0, len(document.text)), ())] if document.text else []
    bounds = [0, *starts[1:], len(document.text)]
    return [Unit(Span(*bounds[n : n + 2]), tuple(inside)) for n, inside in enumerate(members)]


# ── Headings ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def headings(document: Document) -> list[Heading]:
    """Give the headings, in order."""
    return [
        Heading(index, block.level, *_heading_text(block, document))
        for index, block in enumerate(document.blocks)
        if block.kind is BlockKind.HEADING
    ]


def _heading_text(block: Block, document: Document) -> tuple[str, str]:
    """Give a heading's text without markup, and its explicit id."""
    pieces, position, explicit = [], block.span.start, ""
    ends: list[tuple[int, int]] = []
    for inline in (*block.inlines, None):
        start = inline.span.start if inline else block.span.end
        while ends and ends[-1][1] <= start:
            inner_end, end = ends.pop()
            pieces.append(document.text[position : max(position, inner_end)])
            position = max(position, end)
        pieces.append(document.text[position : max(position, start)])
        if not inline:
            break
        if inline.kind is InlineKind.ATTRIBUTES and (found := _ID.fullmatch(inline.span.of(document.text))):
            explicit = found[1]
        pieces.append(_seen(inline, document))
        position = inline.inner.start if inline.inner else inline.span.end
        if inline.inner:
            ends.append((inline.inner.end, inline.span.end))
    return "".join(pieces).strip(), explicit


def _seen(inline: Inline, document: Document) -> str:
    """Give what a reader sees of an atom."""
    source = inline.span.of(document.text)
    if inline.kind is InlineKind.CODE:
        return source.strip("`").strip()
    if inline.kind in {InlineKind.ESCAPE, InlineKind.ENTITY}:
        return undo_spelling(source, Codec.MARKDOWN)
    if inline.kind is InlineKind.BREAK:
        return " "
    if inline.kind is InlineKind.AUTOLINK and inline.destination:
        return inline.destination.of(document.text)
    if inline.kind is InlineKind.HTML and inline.inner is None:
        return unescape(TAG.sub("", source)) if not source.startswith("<!") else ""
    return source if inline.kind in {InlineKind.MATH, InlineKind.ROLE} else ""


def slug(text: str, style: str = "github") -> str:
    """Give the anchor that a site generator makes of a heading's text: `github`, `hexo` or `hugo`."""
    return _SLUGS[style](text)


def _github(text: str) -> str:
    return "".join(_github_character(each) for each in text.strip().lower())


def _github_character(character: str) -> str:
    if character == " ":
        return "-"
    return (
        character if character in "-_" or unicodedata.category(character)[0] in "LNM" or character == "\u203f" else ""
    )


def _hexo(text: str) -> str:
    flat = "".join(each for each in unicodedata.normalize("NFC", text.strip()) if each >= " ")
    return _HEXO.sub("-", flat).strip("-")


def _hugo(text: str) -> str:
    kept = (
        "-" if each.isspace() else each
        for each in text.strip().lower()
        if each.isspace() or each in "-_" or each.isalnum()
    )
    return "".join(kept)


_SLUGS: Mapping[str, Callable[[str], str]] = {"github": _github, "hexo": _hexo, "hugo": _hugo}


def slugs(document: Document, style: str = "github") -> list[str]:
    """Give the anchors of all headings, in order: an explicit id wins, repeated ones are numbered `-1`, `-2`."""
    seen: Counter[str] = Counter()
    anchors = []
    for heading in headings(document):
        if heading.id:
            anchors.append(heading.id)
            continue
        plain = slug(heading.text, style) or ("heading" if style == "hugo" else "")
        anchors.append(f"{plain}-{seen[plain]}" if seen[plain] else plain)
        seen[plain] += 1
    return anchors


# ── Links ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def links(document: Document) -> list[Link]:
    """Give everything that leads somewhere, in order: links, images, definitions, `href` and `src`."""
    found: list[Link] = []
    for block in document.blocks:
        if block.kind is BlockKind.RAW and "front" not in block.containers:
            found += _raw_links(block, document.text)
        found += (
            _link(inline.span, inline.destination, document.text) for inline in block.inlines if inline.destination
        )
    return sorted(found, key=lambda link: link.destination)


def _link(span: Span, destination: Span, text: str) -> Link:
    return Link(span, destination, undo_spelling(destination.of(text), Codec.MARKDOWN))


def _raw_links(block: Block, text: str) -> Iterator[Link]:
    if definition := _DEFINITION.match(text, *block.span):
        goal = destination_at(text, definition.end())
        if goal and goal[0] <= block.span.end:
            yield _link(block.span, goal[1], text)
    elif text.startswith(("<", ">", '"', "'"), block.span.start) and not text.startswith("<!--", block.span.start):
        # A tag with an `alt` or `title` is in several pieces, so look for attributes, not for tags.
        for found in HREF.finditer(text, *block.span):
            yield _link(block.span, Span(*found.span(found.lastindex or 0)), text)
