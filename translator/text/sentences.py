"""Sentences: prose blocks into segments.

    block ─breaks→ lines ─ends of sentences→ pieces ─edge marks off→ segments

A line is a stretch of the document in which breaks may be joined; a pair of marks that a break cuts becomes two atoms,
so below that nothing ever crosses a piece's edge. Outer spans are disjoint and in order. Linear in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

from translator.model import Block, BlockKind, Codec, Document, Inline, InlineKind, Segment, Span
from translator.text.han import has_han, is_han, width

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Breaks = Literal["auto", "keep", "join"]

_ENCLOSING = frozenset({InlineKind.STRONG, InlineKind.EM, InlineKind.STRIKE, InlineKind.LINK, InlineKind.HTML})
_SPELLINGS = frozenset({InlineKind.ESCAPE, InlineKind.ENTITY})
_WORDLESS = frozenset(
    {
        InlineKind.BREAK,
        InlineKind.IMAGE,
        InlineKind.FOOTNOTE,
        InlineKind.ATTRIBUTES,
        InlineKind.TAG,
        InlineKind.HTML,
        InlineKind.ROLE,
        InlineKind.STRONG,
        InlineKind.EM,
        InlineKind.STRIKE,
        InlineKind.LINK,
    },
)
"""Atoms that say nothing at a sentence's edge; of the last four, half a pair."""

_ENDS = "。！？!?；…⋯｡"
_CLOSERS = "”’」』）)】》〉〕］］\"'"
_PAIRS = dict(zip("“‘「『（(《【[〈〔", "”’」』））》】】〉〕", strict=True))
_ALIKE = dict(zip("”’」』）)》】]〉〕", "”’」』））》】】〉〕", strict=True))
"""What closes what; half-width and full-width brackets are alike."""
_END = re.compile(rf"(?:[{_ENDS}]+|\.+)[{re.escape(_CLOSERS)}~～]*")
_BRACKET = re.compile(f'[{re.escape("".join(_PAIRS) + "".join(_ALIKE))}"]')
_ON = re.compile("[，,、：:；的地得—]")
"""What goes on with the sentence, though an end and its closers stand before it."""
_ABBREVIATION = re.compile(
    r"(?:^|[^A-Za-z])(?:[A-Za-z]|e\.g|i\.e|etc|vs|cf|al|Mr|Mrs|Ms|Dr|Prof|Jr|Sr|St|No|Fig|Eq|Sec|Vol|pp|approx|Inc|Ltd|Co)$"
)
_NUMBERED = re.compile(r"\d{1,3}[.)][ \t\u3000]+(?=\S)")
_BR = re.compile(r"<br\s*/?\s*>", re.IGNORECASE)
_FULL_WIDTH = re.compile("[，。！？：；、“”‘’「」『』（）《》【】…—～]")


def _raw(block: Block, document: Document) -> str:
    return block.span.of(document.text)


def segment(
    document: Document,
    breaks: Breaks = "auto",
    unspell: Callable[[Block, Document], str] = _raw,
) -> tuple[Segment, ...]:
    """Cut every prose block into sentences that have something Chinese to translate.

    `breaks` says what becomes of line breaks in a paragraph: `keep` them all, `join` the soft ones, or join them only
    where the paragraph is plainly hard-wrapped. `unspell` gives the value of a block that is neither Markdown nor HTML:
    such a block is one segment.
    """
    return tuple(
        found
        for index, block in enumerate(document.blocks)
        if block.kind.is_prose
        for found in _block(index, block, document, breaks, unspell)
    )


def _block(
    index: int, block: Block, document: Document, breaks: Breaks, unspell: Callable[[Block, Document], str]
) -> Iterator[Segment]:
    if block.codec not in {Codec.MARKDOWN, Codec.HTML}:
        source = unspell(block, document)
        if has_han(source):
            yield Segment(index, block.span, block.span, source)
    elif has_han(block.span.of(document.text)):
        yield from _Cutter(index, block, document.text, breaks).segments()


class _Piece(NamedTuple):
    """A stretch of a line on its way to a segment."""

    span: Span
    outer: Span


@dataclass(frozen=True, slots=True)
class _Line:
    """Text between two breaks that are kept."""

    span: Span
    joints: tuple[tuple[Span, str], ...] = ()
    """Breaks that are joined, with what stands in the source instead."""


class _Cutter:
    """One block being cut."""

    def __init__(self, index: int, block: Block, text: str, breaks: Breaks) -> None:
        self.index, self.text = index, text
        kept, joined = _sort_breaks(block, text, breaks)
        self.lines = _lines(block.span, kept, joined, text)
        self.marks = _whole(block.inlines, kept, {joint for line in self.lines for joint, _ in line.joints})
        self.starts = [mark.span.start for mark in self.marks]
        self.joints = [joint for line in self.lines for joint, _ in line.joints]

    def segments(self) -> Iterator[Segment]:
        for line in self.lines:
            for piece in self.cut(_Piece(line.span, line.span), first=True):
                yield from self.finish(piece, line)

    def cut(self, piece: _Piece, *, first: bool = False) -> Iterator[_Piece]:
        """Cut a stretch into sentences, each without the marks at its edges; a wrapped one is cut inside."""
        bare, outer = self.strip(piece, numbered=first)
        pieces = self.sentences(bare)
        if len(pieces) == 1:
            yield _Piece(bare, outer)
            return
        for span in pieces:
            yield from self.cut(_Piece(span, span))

    def within(self, span: Span) -> Sequence[Inline]:
        """Give all marks inside a span, nested ones too."""
        first, last = bisect_left(self.starts, span.start), bisect_left(self.starts, span.end)
        return self.marks[first:last]

    def top(self, span: Span) -> list[Inline]:
        """Give the outermost marks inside a span, empty ones left out."""
        found: list[Inline] = []
        for mark in self.within(span):
            if mark.span.end > mark.span.start and (not found or mark.span.start >= found[-1].span.end):
                found.append(mark)
        return found

    # ── Edges ──

    def strip(self, piece: _Piece, *, numbered: bool = False) -> tuple[Span, Span]:
        """Take off what says nothing at the edges; give the bare span, and it with the marks that enclose it whole."""
        span = outer = self.trim(piece.span)
        if numbered and (number := _NUMBERED.match(self.text, span.start, span.end)):
            span = outer = Span(number.end(), span.end)
        while span.end > span.start:
            top = self.top(span)
            if top and top[0].span == span and _encloses(top[0], self.text):
                inner = top[0].inner
                assert inner is not None  # noqa: S101  # `_encloses` says so
                span = self.trim(inner)
                continue
            shorter = self.trim(self.without_edges(span, top))
            if shorter == span:
                break
            span = outer = shorter
        return span, outer

    def trim(self, span: Span) -> Span:
        """Take off blanks and joined breaks; what a break holds besides (`> `) is never cut in two."""
        start, end = _trim(span, self.text)
        before = bisect_left(self.joints, Span(start, 0)) - 1
        if before >= 0 and self.joints[before].end > start:
            return self.trim(Span(min(self.joints[before].end, end), end))
        last = bisect_left(self.joints, Span(end, 0)) - 1
        if last >= 0 and self.joints[last].end > end:
            return self.trim(Span(start, max(start, self.joints[last].start)))
        return Span(start, end)

    def without_edges(self, span: Span, top: list[Inline]) -> Span:
        if top and top[0].span.start == span.start and self.says_nothing(top[0]):
            return Span(top[0].span.end, span.end)
        if top and top[-1].span.end == span.end and self.says_nothing(top[-1]):
            return Span(span.start, top[-1].span.start)
        return span

    def says_nothing(self, mark: Inline) -> bool:
        if mark.inner is not None or mark.kind not in _WORDLESS:
            return False
        return not any(has_han(prose.of(self.text)) for prose in mark.prose)

    # ── Ends of sentences ──

    def sentences(self, span: Span) -> list[Span]:
        """Cut at the ends of sentences that stand in no mark, quotation or bracket that closes later."""
        top = [mark for mark in self.top(span) if mark.kind not in _SPELLINGS]
        plain = self.masked(span, top)
        edges = [edge for edge in _ends(plain, _closed(plain)) if edge < len(plain)]
        spans = [Span(a, b).shift(span.start) for a, b in zip([0, *edges], [*edges, len(plain)], strict=True)]
        return _merge(spans, self.text)

    def masked(self, span: Span, top: list[Inline]) -> str:
        """Give the text with every mark blotted out, its length kept; a mark that ends a sentence shows that end."""
        parts, at = [], span.start
        for mark in top:
            parts += [self.text[at : mark.span.start], self.blot(mark)]
            at = mark.span.end
        return "".join([*parts, self.text[at : span.end]])

    def blot(self, mark: Inline) -> str:
        size = mark.span.end - mark.span.start
        inside = mark.inner.of(self.text).rstrip(_CLOSERS + "*_~ ") if mark.inner else ""
        ends = "。" if mark.kind is InlineKind.LINK else _ENDS
        if inside and inside[-1] in ends and size > len(inside):
            return "x" * (size - 1) + inside[-1]
        return "x" * size if mark.kind is not InlineKind.BREAK else " " * size

    # ── Segments ──

    def finish(self, piece: _Piece, line: _Line) -> Iterator[Segment]:
        """Make the segment of a piece; where only alt texts or titles are Chinese, one for each."""
        marks = self.within(piece.span)
        if has_han(self.words(piece.span)):
            yield self.build(piece, line, marks)
            return
        for prose in sorted({prose for mark in marks for prose in mark.prose}):
            bare = _trim(prose, self.text)
            if has_han(bare.of(self.text)) and piece.span.start <= bare.start and bare.end <= piece.span.end:
                inside = [mark for mark in self.within(bare) if mark.span.end <= bare.end]
                yield self.build(_Piece(bare, bare), line, inside)

    def words(self, span: Span) -> str:
        """Give the text without what stands in atoms and between the delimiters of marks."""
        parts, at = [], span.start
        for start, end in sorted(gap for mark in self.within(span) for gap in _delimiters(mark)):
            if start >= at:
                parts.append(self.text[at:start])
            at = max(at, end)
        return "".join([*parts, self.text[at : span.end]])

    def build(self, piece: _Piece, line: _Line, marks: Sequence[Inline]) -> Segment:
        place = _Places(piece.span, line.joints)
        moved = tuple(_move(mark, place) for mark in marks if mark.kind is not InlineKind.BREAK)
        return Segment(self.index, piece.outer, piece.span, place.source(self.text), moved)


# ── Breaks ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _sort_breaks(block: Block, text: str, breaks: Breaks) -> tuple[list[Span], list[Span]]:
    """Give the breaks at which the block is cut, and those that are joined."""
    atoms_end = -1
    soft: list[Span] = []
    hard: list[Span] = []
    for mark in block.inlines:
        if mark.span.start < atoms_end:
            continue
        if mark.kind is InlineKind.BREAK:
            (hard if _is_hard(mark.span.of(text)) else soft).append(mark.span)
        elif mark.inner is None:
            atoms_end = mark.span.end
            if mark.kind is InlineKind.HTML and _BR.fullmatch(mark.span.of(text)):
                hard.append(mark.span)
    joins = breaks == "join" or (breaks == "auto" and not hard and _is_wrapped(block, soft, text))
    return (sorted(hard), soft) if joins else (sorted(hard + soft), [])


def _is_hard(text: str) -> bool:
    line = text.split("\n", 1)[0].rstrip("\r")
    return line.endswith(("  ", "\\"))


def _is_wrapped(block: Block, soft: list[Span], text: str) -> bool:
    """Tell whether an editor, not the author, broke the lines: of one width, and mostly in the middle of a clause."""
    if block.kind is not BlockKind.PARAGRAPH or len(soft) < 2:
        return False
    edges = [block.span.start, *(edge for span in soft for edge in span), block.span.end]
    lines = [text[a:b].strip() for a, b in zip(edges[::2], edges[1::2], strict=True)]
    widths = [width(line) for line in lines]
    longest = max(widths[:-1])
    if longest < 40 or min(widths[:-1]) < longest - max(12, longest // 5) or widths[-1] > longest + 4:
        return False
    middle = sum(_is_open(line) for line in lines[:-1])
    meets = any(is_han(a[-1:] or " ") and is_han(b[:1] or " ") for a, b in pairwise(lines))
    return meets and middle * 5 >= len(soft) * 3


def _is_open(line: str) -> bool:
    """Tell whether a line ends in the middle of a clause."""
    return bool(line) and (line[-1].isalnum() or line[-1] in "、（“「*`")


def _lines(span: Span, kept: list[Span], joined: list[Span], text: str) -> list[_Line]:
    edges = [span.start, *(edge for at in kept for edge in at), span.end]
    spans = [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    starts = [joint.start for joint in joined]
    return [
        _Line(
            line,
            tuple(
                (joint, _glue(joint, text))
                for joint in joined[bisect_left(starts, line.start) : bisect_left(starts, line.end)]
            ),
        )
        for line in spans
    ]


def _glue(joint: Span, text: str) -> str:
    """Give what joins two lines: nothing between Chinese and Chinese, else a space."""
    before, after = text[joint.start - 1 : joint.start], text[joint.end : joint.end + 1]
    return "" if all(is_han(ch) or _FULL_WIDTH.match(ch) for ch in (before, after) if ch) else " "


def _whole(inlines: tuple[Inline, ...], kept: list[Span], joined: set[Span]) -> list[Inline]:
    """Give the marks with every pair that a kept break cuts as two atoms, its delimiters."""
    starts = [span.start for span in kept]
    marks: list[Inline] = []
    for mark in inlines:
        if mark.kind is InlineKind.BREAK and mark.span not in joined:
            continue
        if mark.inner is not None and _cuts(starts, mark.inner):
            marks += _halves(mark, mark.inner)
        else:
            marks.append(mark)
    return sorted(marks, key=lambda mark: (mark.span.start, -mark.span.end))


def _cuts(starts: list[int], inner: Span) -> bool:
    return bisect_left(starts, inner.start) < bisect_left(starts, inner.end)


def _halves(mark: Inline, inner: Span) -> Iterator[Inline]:
    for half in (Span(mark.span.start, inner.start), Span(inner.end, mark.span.end)):
        lead = mark.destination if mark.destination and half.start <= mark.destination.start < half.end else None
        prose = tuple(span for span in mark.prose if half.start <= span.start and span.end <= half.end)
        yield Inline(mark.kind, half, None, prose, lead)


# ── Small laws ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _trim(span: Span, text: str) -> Span:
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _encloses(mark: Inline, text: str) -> bool:
    """Tell whether a mark may be taken off the piece that it spans; one with a Chinese title stays."""
    return mark.inner is not None and mark.kind in _ENCLOSING and not any(has_han(span.of(text)) for span in mark.prose)


def _delimiters(mark: Inline) -> list[tuple[int, int]]:
    if mark.kind in _SPELLINGS:
        return []
    if mark.inner is None:
        return [mark.span]
    return [(mark.span.start, mark.inner.start), (mark.inner.end, mark.span.end)]


def _ends(plain: str, closed: list[int]) -> Iterator[int]:
    """Give the offsets at which a sentence ends, its closers included."""
    for match in _END.finditer(plain):
        end = _outside(match, closed)
        if match[0][0] == ".":
            if end and _is_full_stop(plain, match.start(), end):
                yield end
        elif end and not _ON.match(plain, end) and not _goes_on(plain, match, end):
            yield end


def _closed(plain: str) -> list[int]:
    """Give for each character where the outermost bracket around it closes, 0 outside all.

    Only brackets that do close count, so a stray one swallows nothing. A straight quotation mark pairs with the next.
    """
    stack: dict[str, list[int]] = {}
    pairs, quote = [], -1
    even = plain.count('"') % 2 == 0
    for match in _BRACKET.finditer(plain):
        ch, at = match[0], match.start()
        if ch == '"':
            if even and quote >= 0:
                pairs.append((quote, at))
            quote = -1 if quote >= 0 else at
        elif ch in _PAIRS:
            stack.setdefault(_PAIRS[ch], []).append(at)
        elif stack.get(_ALIKE[ch]):
            pairs.append((stack[_ALIKE[ch]].pop(), at))
    closed, done = [0] * len(plain), 0
    for start, end in sorted(pairs):
        if end >= done:
            first = max(start, done)
            closed[first:end] = [end + 1] * (end - first)
            done = end
    return closed


def _outside(match: re.Match[str], closed: list[int]) -> int:
    """Give where the end of a sentence with its closers ends; 0 where all of it stands in something that goes on."""
    end = match.end()
    while end > match.start() and closed[end - 1]:
        end -= 1
    return end if end > match.start() else 0


def _goes_on(plain: str, match: re.Match[str], end: int) -> bool:
    """Tell whether a question or shout stands quoted in a sentence that goes on, or is none at all: `a != b`."""
    mark = match[0].rstrip(_CLOSERS + "~～")
    after = plain[end : end + 1]
    if not after or after.isspace():
        return False
    if mark[-1] in "!?" and not is_han(after):
        return after not in _PAIRS
    return mark[-1] != "。" and match.start() + len(mark) < end and match[0][len(mark)] in _CLOSERS


def _is_full_stop(plain: str, at: int, end: int) -> bool:
    """Tell whether an ASCII stop ends a sentence: `等. 然后`, `done. Then`; not `2. 然后`, `v1.5`, `e.g. 这`."""
    before, rest = plain[max(0, at - 12) : at], plain[end : end + 3]
    if not before or before[-1].isspace() or before[-1].isdigit():
        return False
    if is_han(before[-1]):
        return not rest or rest[0].isspace() or is_han(rest[0])
    if _ABBREVIATION.search(before):
        return False
    after = rest.lstrip()
    return bool(rest) and rest[0].isspace() and bool(after) and (after[0].isupper() or is_han(after[0]))


def _merge(spans: list[Span], text: str) -> list[Span]:
    """Join a piece without Chinese but with Chinese punctuation to its neighbour: `OK。然后` is one segment."""
    merged: list[Span] = []
    for span in spans:
        if merged and (_is_odd(merged[-1], text) or (_is_odd(span, text) and has_han(merged[-1].of(text)))):
            merged[-1] = Span(merged[-1].start, span.end)
        else:
            merged.append(span)
    return merged


def _is_odd(span: Span, text: str) -> bool:
    piece = span.of(text)
    return not has_han(piece) and _FULL_WIDTH.search(piece) is not None


class _Places:
    """Where places of the document stand in a segment's source."""

    def __init__(self, span: Span, joints: tuple[tuple[Span, str], ...]) -> None:
        first = bisect_left(joints, span.start, key=lambda joint: joint[0].start)
        last = bisect_right(joints, span.end - 1, key=lambda joint: joint[0].start)
        self.span, self.joints = span, joints[first:last]
        self.starts = [joint.start for joint, _ in self.joints]
        self.lost = [0]
        for joint, glue in self.joints:
            self.lost.append(self.lost[-1] + joint.end - joint.start - len(glue))

    def source(self, text: str) -> str:
        parts, at = [], self.span.start
        for joint, glue in self.joints:
            parts += [text[at : joint.start], glue]
            at = joint.end
        return "".join([*parts, text[at : self.span.end]])

    def __call__(self, place: int) -> int:
        before = bisect_left(self.starts, place)
        if before and place < self.joints[before - 1][0].end:  # inside a joint
            return self.starts[before - 1] - self.span.start - self.lost[before - 1]
        return place - self.span.start - self.lost[before]


def _move(mark: Inline, place: _Places) -> Inline:
    def move(span: Span) -> Span:
        return Span(place(span.start), place(span.end))

    return Inline(
        mark.kind,
        move(mark.span),
        move(mark.inner) if mark.inner else None,
        tuple(map(move, mark.prose)),
        move(mark.destination) if mark.destination else None,
    )
