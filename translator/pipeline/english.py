"""The English file: made from the source by splicing targets in, and checked before anybody sees it.

Law: every byte outside the replaced spans is the source's (link destinations, set front-matter keys and one space
between joined sentences apart).
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from translator.errors import InputError
from translator.markdown import inventory, links, parse, scan, set_front, skeleton, slugs, spell, units
from translator.model import JOINED, BlockKind, Codec, Document, Edit, Entry, Segment, Span, State
from translator.splice import splice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from translator.config import Project

GAP = re.compile(r"(?:\r\n|\r|\n)(?:[ \t>\u00a0\u3000]*(?:\r\n|\r|\n))*[ \t>\u00a0\u3000]*\Z")
"""The end of a unit's last line and the empty lines behind it."""


@dataclass(frozen=True)
class Unit:
    """The lines of one leaf block, or of a row of cells, or the whole front matter."""

    content: str
    gap: str
    """The empty lines behind it."""
    blocks: tuple[int, ...]
    segments: tuple[int, ...]
    """Which segments stand in it."""


@dataclass(frozen=True)
class Post:
    """A source text, cut into segments, and where it stands."""

    document: Document
    segments: tuple[Segment, ...]
    path: Path | None = None
    project: Project | None = None
    slug_style: str = "github"
    front_keys: tuple[str, ...] = ()

    @cached_property
    def lines(self) -> tuple[int, ...]:
        """Each segment's line, from 1."""
        out, line, at = [], 1, 0
        for segment in self.segments:
            line += self.document.text.count("\n", at, segment.span.start)
            at = segment.span.start
            out.append(line)
        return tuple(out)


@dataclass(frozen=True)
class Rendered:
    """The English of a post, unit by unit."""

    units: tuple[Unit, ...]
    edits: Mapping[int, tuple[Edit, ...]] = field(default_factory=dict)
    """What was done for each segment: perhaps a space put before it, then its span replaced."""
    refused: frozenset[int] = frozenset()
    """Segments whose targets would have changed the post's Markdown: their source stands instead."""
    lead: Callable[[str], str] = field(default=str)
    """Rewrites a target's link destinations as the English file has them; see `Links`."""
    unlead: Callable[[str], str] = field(default=str)
    """Undoes it."""

    @property
    def text(self) -> str:
        """The whole file."""
        return "".join(unit.content + unit.gap for unit in self.units)


def shown(entry: Entry) -> str | None:
    """Give what the English file says of an entry: its target, nothing where joined, None to keep the source."""
    text = entry.other if entry.state is State.CONFLICT else entry.target
    if text == JOINED:
        return ""
    return text or None


def render(post: Post, entries: Sequence[Entry], front: Mapping[str, str]) -> Rendered:
    """Splice targets into the source, after making sure that the Markdown stays what it is."""
    targets = [shown(entry) for entry in entries]
    # An unchanged text is the source itself, whatever spaces its neighbours get.
    targets = [None if t == s.source else t for t, s in zip(targets, post.segments, strict=True)]
    persons = {i for i, e in enumerate(entries) if is_persons(e)}
    refused = _refused(post, targets, persons)
    for i in refused:
        targets[i] = None
    said = any(t is not None for t in targets)
    lead = Links(post, splice(post.document.text, _flat(_edits(post, targets)))) if said else None
    edits = _edits(post, targets, lead)
    flat = _flat(edits)
    made = cut(post.document, post.segments, [*flat, *_outside(post.document, flat, lead)] if lead else flat)
    if front and post.document.front and made:
        first = made[0]
        made[0] = _unit(set_front(first.content + first.gap, front), first.blocks, first.segments)
    return Rendered(tuple(made), edits, frozenset(refused), lead.ahead if lead else str, lead.back if lead else str)


def is_persons(entry: Entry) -> bool:
    """Whether a person wrote or approved the target: no machine may replace it."""
    return entry.state in {State.APPROVED, State.JOINED, State.CONFLICT} or bool(entry.by) or entry.origin == "person"


# ── Splicing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _edits(post: Post, targets: Sequence[str | None], lead: Links | None = None) -> dict[int, tuple[Edit, ...]]:
    """Give the edits of each segment that has a target."""
    document = post.document
    out: dict[int, tuple[Edit, ...]] = {}
    before: int | None = None  # the last segment of this block that said something
    for i, (segment, target) in enumerate(zip(post.segments, targets, strict=True)):
        if before is not None and post.segments[before].block != segment.block:
            before = None
        if target == "" and document.blocks[segment.block].kind is not BlockKind.FRONT:
            follows = post.segments[i + 1] if i + 1 < len(post.segments) else None
            ends = _line_end(document.text, segment, follows) if before is None else None
            out[i] = (Edit(ends, "") if ends else _nothing(document.text, segment),)
            continue
        if target is not None:
            said = _said(document, segment, lead.ahead(target) if lead else target)
            apart = (
                _is_glued(document, segment)
                if before is None
                else _touch(document.text, post.segments[before], segment, targets[before])
            )
            start = segment.outer.start
            out[i] = (Edit(Span(start, start), " "), said) if apart else (said,)
        before = i
    return out


def _flat(edits: Mapping[int, tuple[Edit, ...]]) -> list[Edit]:
    return [edit for some in edits.values() for edit in some]


def _nothing(text: str, segment: Segment) -> Edit:
    around = text[segment.outer.start : segment.span.start] + text[segment.span.end : segment.outer.end]
    return Edit(segment.outer if not around.strip("*_~ ") else segment.span, "")


def _line_end(text: str, segment: Segment, follows: Segment | None) -> Span | None:
    """Give what goes with a segment that is said elsewhere, alone on the first line: a block begins with words."""
    if follows is None or follows.block != segment.block:
        return None
    gap = text[segment.outer.end : follows.outer.start]
    is_break = gap.strip(" \t>\r\n") == "" and ("\n" in gap or "\r" in gap)
    return Span(segment.outer.start, follows.outer.start) if is_break else None


def _is_glued(document: Document, segment: Segment) -> bool:
    """Whether this begins a heading without a space behind its `#`: engines that allow that ask for Han behind it."""
    block, at = document.blocks[segment.block], segment.outer.start
    return block.kind is BlockKind.HEADING and at == block.span.start and document.text[at - 1 : at] == "#"


def _touch(text: str, before: Segment, segment: Segment, said: str | None) -> bool:
    """Whether two English sentences would stand against each other where Chinese needs no space."""
    gap = text[before.outer.end : segment.outer.start]
    return (
        said is not None
        and not re.search(r"\s", gap)
        and not re.search(r"\s\Z", said)
        and not re.search(r"[(（\[]\Z", gap)
    )


def _said(document: Document, segment: Segment, target: str) -> Edit:
    block = document.blocks[segment.block]
    if block.codec in {Codec.MARKDOWN, Codec.HTML}:
        return Edit(segment.span, target)
    return Edit(segment.span, spell(target, block, document))


def _outside(document: Document, edits: list[Edit], lead: Links) -> Iterator[Edit]:
    """Rewrite the destinations that no target covers: definitions, HTML, untranslated links."""
    taken, n = [edit.span for edit in edits], 0
    for _, span, destination in sorted(links(document), key=lambda link: link[1]):
        while n < len(taken) and taken[n].end <= span.start:
            n += 1
        inside = n < len(taken) and taken[n].start <= span.start
        if not inside and (new := lead.destination(destination)) != destination:
            yield Edit(span, new)


def cut(document: Document, segments: Sequence[Segment], edits: Sequence[Edit] = ()) -> list[Unit]:
    """Cut a document into units, edits applied; the front matter is one."""
    where = {block: n for n, unit in enumerate(_whole(document)) for block in unit[1]}
    inside: dict[int, list[int]] = {}
    for i, segment in enumerate(segments):
        inside.setdefault(where[segment.block], []).append(i)
    edits, n, out = sorted(edits, key=lambda e: e.span), 0, []
    for number, (span, blocks) in enumerate(_whole(document)):
        first = n
        while n < len(edits) and (edits[n].span.start < span.end or span.end == len(document.text)):
            n += 1
        here = [Edit(edit.span.shift(-span.start), edit.text) for edit in edits[first:n]]
        out.append(_unit(splice(span.of(document.text), here), blocks, tuple(inside.get(number, ()))))
    return out


def _whole(document: Document) -> list[tuple[Span, tuple[int, ...]]]:
    """Give the document's units, those of the front matter as one."""
    found = [(unit.span, tuple(unit.blocks)) for unit in units(document)]
    head = [unit for unit in found if document.front and unit[0].start < document.front.end]
    if len(head) > 1:
        found[: len(head)] = [(Span(0, head[-1][0].end), tuple(b for unit in head for b in unit[1]))]
    return found


def _unit(text: str, blocks: tuple[int, ...], segments: tuple[int, ...]) -> Unit:
    gap = GAP.search(text)
    at = gap.start() if gap else len(text)
    return Unit(text[:at], text[at:], blocks, segments)


# ── The gate ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _refused(post: Post, targets: list[str | None], persons: set[int]) -> set[int]:
    """Find the targets that would change the post's Markdown.

    The blocks must stay what they are whoever wrote the text; links, code, images, math and tags must stay those of the
    source where a machine wrote it (what a person changed there is a finding). Costs one parse where all is well.
    """
    live = [i for i, t in enumerate(targets) if t is not None]
    want, refused = skeleton(post.document), set[int]()

    def read(some: Iterable[int]) -> Document | None:
        """Give the post with some of its targets, if its blocks are what they should be."""
        chosen = set(some)
        edits = _edits(post, [t if i in chosen else None for i, t in enumerate(targets)])
        try:
            document = reparse(post, splice(post.document.text, _flat(edits)))
        except InputError:  # front matter that cannot be read any more
            return None
        return document if skeleton(document) == want else None

    def broken(some: list[int]) -> bool:
        return read(some) is None

    if live and broken(live):
        refused |= set(_culprits(live, broken))
    while rest := [i for i in live if i not in refused]:
        document = read(rest)
        if document is None:  # faults that only show together
            refused.add(_first(rest, broken))
        elif more := _changed_marks(post, document, rest, persons, read):
            refused |= more
        else:
            break
    return refused


def reparse(post: Post, text: str) -> Document:
    """Parse another text by the post's settings."""
    return _parsed(text, mdx=post.path is not None and post.path.suffix == ".mdx", front_keys=post.front_keys)


@lru_cache(maxsize=1)
def _parsed(text: str, *, mdx: bool, front_keys: tuple[str, ...]) -> Document:
    """Parse, and keep the last: the gate and the links look at the same English."""
    return parse(text, mdx=mdx, front_keys=front_keys)


def _culprits(some: list[int], broken: Callable[[list[int]], bool]) -> Iterator[int]:
    """Halve until each target that breaks the blocks by itself is found."""
    if not broken(some):
        return
    if len(some) == 1:
        yield from some
        return
    middle = len(some) // 2
    yield from _culprits(some[:middle], broken)
    yield from _culprits(some[middle:], broken)


def _first(some: list[int], broken: Callable[[list[int]], bool]) -> int:
    """Find the target with which the blocks begin to break."""
    low, high = 0, len(some) - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if broken(some[: middle + 1]) else (middle + 1, high)
    return some[low]


def _changed_marks(
    post: Post, english: Document, live: list[int], persons: set[int], read: Callable[[Iterable[int]], Document | None]
) -> set[int]:
    """Find the machine's targets that change what else stands in their block, whatever a person has changed there."""
    by_block: dict[int, list[int]] = {}
    for i in live:
        if i not in persons:
            by_block.setdefault(post.segments[i].block, []).append(i)

    def changed(before: Document, after: Document | None) -> list[int]:
        return [b for b in by_block if after is None or inventory(before, b) != inventory(after, b)]

    if not changed(post.document, english):
        return set()
    theirs = set(live) & persons
    before = (read(theirs) if theirs else None) or post.document
    suspect, refused = changed(before, english), set[int]()
    for n in range(max((len(by_block[block]) for block in suspect), default=0)):
        one = {block: by_block[block][n] for block in suspect if n < len(by_block[block])}
        refused |= {one[block] for block in changed(before, read(theirs | set(one.values()))) if block in one}
    if refused or not suspect:
        return refused
    return {i for block in suspect for i in by_block[block]}  # what only together is wrong


# ── Links ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Links:
    """Where links lead in English: to the translated heading, and to the other post's English."""

    def __init__(self, post: Post, english: str) -> None:
        self._post = post
        before = slugs(post.document, post.slug_style)
        after = slugs(reparse(post, english), post.slug_style)
        pairs = zip(before, after, strict=False) if len(before) == len(after) else ()
        self._anchors = {b: a for b, a in pairs if a != b}
        self._returns = {a: b for b, a in self._anchors.items()}

    def ahead(self, target: str) -> str:
        """Rewrite the destinations in a target."""
        return self._each(target, self.destination)

    def back(self, target: str) -> str:
        """Rewrite them back to the source's."""
        return self._each(target, self._original)

    def destination(self, destination: str) -> str:
        """Give where a link of the source leads in English."""
        path, sharp, anchor = destination.partition("#")
        if not path:
            return sharp + self._anchors.get(unquote(anchor), anchor) if sharp else destination
        return self._post_link(path) + sharp + anchor

    def _original(self, destination: str) -> str:
        if destination.startswith("#"):
            return "#" + self._returns.get(destination[1:], destination[1:])
        path, sharp, anchor = destination.partition("#")
        return self._others.get(path, path) + sharp + anchor

    @cached_property
    def _others(self) -> dict[str, str]:
        here = (span for *_, span in links(self._post.document))
        paths = {d.partition("#")[0] for d in here if not d.startswith("#")}
        return {self._post_link(path): path for path in paths if path}

    def _post_link(self, path: str) -> str:
        """Give the link to another post's English, if it has one."""
        post, project = self._post.path, self._post.project
        if (
            not post
            or not project
            or re.match(r"[a-z][a-z0-9+.-]*:|/", path, re.IGNORECASE)
            or not path.endswith((".md", ".markdown"))
        ):
            return path
        there = project.target(post.parent / unquote(path))
        if not there.exists() or not (post.parent / unquote(path)).exists():
            return path
        relative = os.path.relpath(there, project.target(post).parent).replace(os.sep, "/")
        return quote(relative) if "%" in path else relative

    @staticmethod
    def _each(target: str, change: Callable[[str], str]) -> str:
        if "](" not in target and "<" not in target:
            return target
        found = [mark.destination for mark in scan(target) if mark.destination]
        edits = [Edit(span, change(span.of(target))) for span in found]
        return splice(target, [edit for edit in edits if edit.text != edit.span.of(target)])
