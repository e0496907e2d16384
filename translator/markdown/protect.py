"""Markup as marks: `<t1>…</t1>` around words, `<x1>` for what is kept whole; and back."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

from translator.markdown.characters import PUNCTUATION, classify
from translator.markdown.inline import Node, normal_label, scan_nodes
from translator.markdown.spell import spell_attribute, spell_link_title, undo_spelling
from translator.model import Codec, Inline, InlineKind, Inner, Protected, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MARK = re.compile(r"<(?P<close>/?)t(?P<pair>\d+)>|<x(?P<atom>\d+)>")
_LIKE = re.compile(r"</?[tx]\d+/?>")
_SPELLINGS = frozenset({InlineKind.ESCAPE, InlineKind.ENTITY})
_EMPHASIS = frozenset({InlineKind.STRONG, InlineKind.EM, InlineKind.STRIKE})
_BLOCK_START = re.compile(
    r"(?P<before>\d{1,9}(?=[.)](?:\s|$))|)(?P<mark>[.)](?=\s|$)|#(?=#{0,5}(?:\s|$))|>|[-+*](?=\s|$)|:(?=::)|~(?=~~)|`(?=``)"
    r"|[-=*_](?=[-=*_ ]*$)|!(?=!! )|\?(?=\?\? )|:(?=\s)|\[(?=[^\[\]]+\]:)|\|)"
)
_JOINED = re.compile(r"[A-Za-z0-9._+/:@-]$")
_ADDRESS_END = re.compile(r"[?!.,:;\"')]*(?:[\s<]|$)|[^\x00-\x7f\u00c0-\u052f]")
_ROUNDS = 8


class MarkError(ValueError):
    """A translation whose marks are not those of its source: which, by number."""

    def __init__(
        self, lost: Sequence[int], doubled: Sequence[int], crossed: Sequence[int], unknown: Sequence[str]
    ) -> None:
        self.lost, self.doubled, self.crossed, self.unknown = list(lost), list(doubled), list(crossed), list(unknown)
        parts = (("lost", self.lost), ("doubled", self.doubled), ("crossed", self.crossed), ("unknown", self.unknown))
        super().__init__(
            "marks " + "; ".join(f"{what}: {', '.join(map(str, which))}" for what, which in parts if which)
        )


class Mended(NamedTuple):
    """A text whose marks can be restored, and what it cost."""

    text: str
    dropped: tuple[int, ...]
    """Emphasis that is given up: it stands around nothing at the end, which `restore` leaves out."""


# ── Protect ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def protect(source: str, marks: Sequence[Inline], codec: Codec = Codec.MARKDOWN) -> Protected:
    """Give a text with its markup as marks.

    Marks are numbered from 1 in order of appearance, pairs and atoms alike. Escapes and entities are no marks: they are
    undone, but for blanks that only an entity can spell, which are kept whole. Law: `restore(p, p.text) == source`.
    """
    if codec not in {Codec.MARKDOWN, Codec.HTML}:
        marks = ()
    writer = _Writer(source)
    for mark in sorted(marks, key=lambda each: (each.span.start, -each.span.end)):
        writer.mark(mark)
    text = writer.finish()
    inners = tuple(_inners(source, writer.marks, codec))
    return Protected(source, text, tuple(writer.marks), inners)


class _Writer:
    """Writes a text with marks, numbering them as they come."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.marks: list[Inline] = []
        self.pieces: list[str] = []
        self.run: list[tuple[str, Span]] = []
        """Literal text since the last mark, with where each piece of it stands."""
        self.open: list[tuple[int, Inline]] = []
        self.done = 0

    def mark(self, mark: Inline) -> None:
        """Write what stands before a mark, then the mark's beginning."""
        if mark.span.start < self.done:
            return
        self.leave(mark.span.start)
        if mark.kind in _SPELLINGS and (plain := _plain_spelling(mark.span.of(self.source))):
            self.literal(mark.span.start)
            self.run.append((plain, mark.span))
            self.done = mark.span.end
            return
        self.literal(mark.span.start)
        self.flush()
        self.marks.append(mark)
        number = len(self.marks)
        if mark.inner is None:
            self.pieces.append(f"<x{number}>")
            self.done = mark.span.end
        else:
            self.pieces.append(f"<t{number}>")
            self.open.append((number, mark))
            self.done = mark.inner.start

    def leave(self, position: int) -> None:
        """Close the pairs that end before a position."""
        while self.open and self.open[-1][1].span.end <= position:
            number, mark = self.open.pop()
            if mark.inner:
                self.literal(mark.inner.end)
            self.flush()
            self.pieces.append(f"</t{number}>")
            self.done = mark.span.end

    def literal(self, end: int) -> None:
        """Add literal text."""
        if end > self.done:
            self.run.append((self.source[self.done : end], Span(self.done, end)))
            self.done = end

    def flush(self) -> None:
        """Write the literal text, what looks like a mark as a mark."""
        text = "".join(piece for piece, _ in self.run)
        position = 0
        for found in _LIKE.finditer(text) if "<" in text else ():
            start, end = self.place(found.start(), found.end())
            self.marks.append(Inline(InlineKind.HTML, Span(start, end)))
            self.pieces += (text[position : found.start()], f"<x{len(self.marks)}>")
            position = found.end()
        self.pieces.append(text[position:])
        self.run.clear()

    def place(self, start: int, end: int) -> Span:
        """Give where a stretch of the literal text stands in the source."""
        places = []
        offset = 0
        for piece, span in self.run:
            for wanted, is_end in ((start, False), (end, True)):
                inside = wanted - offset - is_end
                if 0 <= inside < len(piece):
                    whole = len(piece) != span.end - span.start
                    edge = span.end if is_end else span.start
                    places.append(edge if whole else span.start + wanted - offset)
            offset += len(piece)
        return Span(min(places), max(places))

    def finish(self) -> str:
        """Write the rest."""
        self.leave(len(self.source))
        self.literal(len(self.source))
        self.flush()
        return "".join(self.pieces)


def _plain_spelling(spelled: str) -> str:
    """Give the characters that an escape or entity stands for; empty where they cannot be typed."""
    plain = spelled[1:] if spelled.startswith("\\") else unescape(spelled)
    return plain if all(each.isprintable() or each == "\xa0" for each in plain) and plain.strip("\u3000 ") else ""


def _inners(source: str, marks: Sequence[Inline], codec: Codec) -> Iterator[Inner]:
    for number, mark in enumerate(marks, 1):
        for span in mark.prose:
            yield Inner(number, span, undo_spelling(span.of(source), _inner_codec(mark, span, codec)))


def _inner_codec(mark: Inline, span: Span, codec: Codec) -> Codec:
    """Say how a mark's own prose is spelled."""
    if mark.kind is InlineKind.HTML:
        return Codec.ATTRIBUTE
    is_title = mark.kind is InlineKind.LINK or (mark.destination is not None and span.start >= mark.destination.end)
    return Codec.LINK_TITLE if is_title else codec


# ── Plain ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def plain(text: str) -> str:
    """Give a marked text without its marks."""
    return MARK.sub("", text)


def plain_map(text: str) -> tuple[str, tuple[int, ...]]:
    """Give a marked text without its marks, and for each of its offsets (the end included) the offset in `text`."""
    pieces: list[str] = []
    offsets: list[int] = []
    position = 0
    for found in MARK.finditer(text):
        pieces.append(text[position : found.start()])
        offsets += range(position, found.start())
        position = found.end()
    pieces.append(text[position:])
    offsets += range(position, len(text) + 1)
    return "".join(pieces), tuple(offsets)


# ── Restore ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def restore(
    protected: Protected,
    text: str,
    inners: Sequence[str] | None = None,
    *,
    codec: Codec = Codec.MARKDOWN,
) -> str:
    """Give the Markdown (or HTML) of a marked translation.

    Delimiters come byte for byte from the source, `inners` take the place of `protected.inners`. Literal characters
    that would be markup are escaped; one that the source spells unescaped stays so where it is none. Emphasis gets the
    blanks that CommonMark wants around it; around nothing it is left out.

    Laws: `restore(p, p.text) == p.source`; the result, scanned, has the marks of the source and no others. Raises
    `MarkError`, also where no spelling would have the marks.
    """
    wanted = [inner.text for inner in protected.inners] if inners is None else list(inners)
    if len(wanted) != len(protected.inners):
        raise ValueError(f"{len(protected.inners)} inner texts are needed, not {len(wanted)}")
    if text == protected.text and wanted == [inner.text for inner in protected.inners]:
        return protected.source
    text = re.sub(r"[ \t]*[\r\n]+\s*", " ", text)
    check_marks(protected, text)
    return _Speller(protected, wanted, codec, text).spell()


def check_marks(protected: Protected, text: str) -> None:
    """Raise `MarkError` unless a text has each mark once, pairs properly nested."""
    tally = _tally(protected, text)
    if tally.lost or tally.doubled or tally.crossed or tally.unknown:
        raise MarkError(tally.lost, tally.doubled, tally.crossed, tally.unknown)


@dataclass
class _Tally:
    """What became of the marks."""

    lost: list[int] = field(default_factory=list)
    doubled: list[int] = field(default_factory=list)
    crossed: list[int] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    good: dict[int, tuple[Span, Span]] = field(default_factory=dict)
    """Where the good marks stand in the text: opening and closing (the same for an atom)."""


def _tally(protected: Protected, text: str) -> _Tally:
    tally = _Tally()
    seen: Counter[str] = Counter()
    stack: list[tuple[int, Span]] = []
    for found in MARK.finditer(text):
        number = int(found["pair"] or found["atom"])
        if not _is_known(protected, number, is_pair=bool(found["pair"])):
            tally.unknown.append(found[0])
            continue
        seen[found[0]] += 1
        if seen[found[0]] > 1:
            tally.doubled.append(number)
        elif found["atom"]:
            tally.good[number] = (Span(*found.span()), Span(*found.span()))
        elif not found["close"]:
            stack.append((number, Span(*found.span())))
        else:
            _close(tally, stack, number, Span(*found.span()))
    tally.crossed += [number for number, _ in stack if number not in tally.crossed and f"</t{number}>" in text]
    tally.crossed += _links_in_links(protected, tally)
    for number in tally.crossed:
        tally.good.pop(number, None)
    tally.lost = [n for n in range(1, len(protected.marks) + 1) if n not in tally.good and n not in tally.crossed]
    tally.lost = [n for n in tally.lost if n not in tally.doubled]
    return tally


def _close(tally: _Tally, stack: list[tuple[int, Span]], number: int, span: Span) -> None:
    """Close a pair; those opened after it and still open cross it."""
    depth = next((n for n in range(len(stack) - 1, -1, -1) if stack[n][0] == number), None)
    if depth is None:
        tally.crossed.append(number)
        return
    tally.good[number] = (stack[depth][1], span)
    tally.crossed += [crossed for crossed, _ in stack[depth + 1 :]]
    del stack[depth:]


def _is_known(protected: Protected, number: int, *, is_pair: bool) -> bool:
    return 1 <= number <= len(protected.marks) and (protected.marks[number - 1].inner is not None) == is_pair


def _links_in_links(protected: Protected, tally: _Tally) -> list[int]:
    """Give the links that came to stand inside others: Markdown has no such thing."""
    links = [n for n in tally.good if protected.marks[n - 1].kind in {InlineKind.LINK, InlineKind.AUTOLINK}]
    links.sort(key=lambda n: tally.good[n][0].start)
    inside: list[int] = []
    end, outer = -1, None
    for number in links:
        opening, closing = tally.good[number]
        if opening.start < end and outer is not None:
            was = protected.marks[outer - 1].span
            if not was.start <= protected.marks[number - 1].span.start < was.end:
                inside.append(number)
        elif protected.marks[number - 1].kind is InlineKind.LINK:
            end, outer = closing.end, number
    return inside


@dataclass(slots=True)
class _Piece:
    """A stretch of the result: literal, or a delimiter."""

    text: str
    mark: int = 0
    """Whose delimiter it is; 0: literal text."""
    role: str = ""
    """`open`, `close` or `atom`."""
    escaped: set[int] = field(default_factory=set)
    """Which characters of a literal are escaped."""


class _Found(NamedTuple):
    """Markup as a reader finds it in a result."""

    kind: InlineKind
    start: int
    end: int


class _Written(NamedTuple):
    """A result, and where it comes from."""

    text: str
    spans: list[Span]
    """Where each piece stands."""
    origins: list[tuple[int, int]]
    """For each character: its piece, and the offset in a literal of what it spells."""

    def spells(self, found: _Found) -> bool:
        """Tell whether a stretch is all that spells one literal character."""
        origin = self.origins[found.start]
        is_start = found.start == 0 or self.origins[found.start - 1] != origin
        return is_start and (found.end == len(self.origins) or self.origins[found.end] != origin)


class _Speller:
    """Spells a marked text so that it is read as what it means."""

    def __init__(self, protected: Protected, inners: Sequence[str], codec: Codec, text: str) -> None:
        self.protected = protected
        self.codec = codec
        self.inners: dict[int, list[tuple[Inner, str]]] = {}
        for inner, wanted in zip(protected.inners, inners, strict=True):
            self.inners.setdefault(inner.mark, []).append((inner, wanted))
        self.habits = _habits(protected, codec)
        self.pieces = list(self.cut(text))
        self.references = dict(_labels(protected))
        known = {(node.kind, node.start, node.end) for node in self.scan(protected.source)}
        self.required = {n for n, mark in enumerate(protected.marks, 1) if (mark.kind, *mark.span) in known}

    def scan(self, text: str, *, friendly: bool = True) -> list[Node]:
        """Read a result as a renderer would."""
        return scan_nodes(text, self.references, html=self.codec is Codec.HTML, friendly=friendly)

    # ── Pieces ──

    def cut(self, text: str) -> Iterator[_Piece]:
        """Cut a marked text into literals and delimiters."""
        position = 0
        changed = self.changed(text)
        for found in MARK.finditer(text):
            if found.start() > position:
                yield _Piece(text[position : found.start()])
            number = int(found["pair"] or found["atom"])
            role = "atom" if found["atom"] else "close" if found["close"] else "open"
            yield _Piece(self.delimiter(number, role, is_changed=number in changed), number, role)
            position = found.end()
        if position < len(text):
            yield _Piece(text[position:])

    def changed(self, text: str) -> set[int]:
        """Give the pairs whose inside is not what it was."""
        was = _insides(self.protected.text)
        return {number for number, inside in _insides(text).items() if inside != was.get(number)}

    def delimiter(self, number: int, role: str, *, is_changed: bool) -> str:
        """Give a delimiter from the source, the prose in it replaced."""
        mark = self.protected.marks[number - 1]
        if role == "atom" or mark.inner is None:
            spelled = self.replaced(number, mark.span)
            return spelled + self.label(mark, spelled)
        if role == "open":
            return self.replaced(number, Span(mark.span.start, mark.inner.start))
        closing = self.replaced(number, Span(mark.inner.end, mark.span.end))
        if is_changed and mark.kind is InlineKind.LINK and mark.destination is None and closing in {"]", "][]"}:
            return f"][{mark.inner.of(self.protected.source)}]"
        return closing

    def label(self, mark: Inline, spelled: str) -> str:
        """Give the label that an image needs once its alt text is no label any more."""
        source = mark.span.of(self.protected.source)
        if mark.kind is not InlineKind.IMAGE or mark.destination is not None or spelled == source or not mark.prose:
            return ""
        if source.endswith("[]"):
            return ""
        return "" if source.count("][") else f"[{mark.prose[0].of(self.protected.source)}]"

    def replaced(self, number: int, span: Span) -> str:
        """Give part of a mark with the new prose in it."""
        mark = self.protected.marks[number - 1]
        source, pieces, position = self.protected.source, [], span.start
        for inner, wanted in self.inners.get(number, ()):
            if not span.start <= inner.span.start < span.end:
                continue
            pieces.append(source[position : inner.span.start])
            pieces.append(inner.span.of(source) if wanted == inner.text else self.inner(mark, inner, wanted))
            position = inner.span.end
        pieces.append(source[position : span.end])
        spelled = "".join(pieces)
        if mark.kind is InlineKind.IMAGE and mark.destination is None and spelled.endswith("][]") and mark.prose:
            alt = mark.prose[0].of(source)
            return spelled if f"![{alt}][]" == spelled else f"{spelled[:-1]}{alt}]"
        return spelled

    def inner(self, mark: Inline, inner: Inner, wanted: str) -> str:
        """Spell prose inside a mark."""
        before = self.protected.source[inner.span.start - 1]
        codec = _inner_codec(mark, inner.span, self.codec)
        wanted = re.sub(r"\s*[\r\n]+\s*", " ", wanted)
        if codec is Codec.ATTRIBUTE:
            return spell_attribute(wanted, before, inner.span.of(self.protected.source))
        if codec is Codec.LINK_TITLE:
            return spell_link_title(wanted, before)
        return re.sub(r"[\\\[\]`<*_&]", r"\\\g<0>", wanted)

    # ── Spelling ──

    def spell(self) -> str:
        """Try, read the result, and escape what was read amiss, until it means what it should."""
        self.loosen()
        self.start()
        for _ in range(_ROUNDS):
            written = self.write()
            wrong = self.misread(written)
            if wrong is None:
                return written.text
            if not any([self.escape(each, written) for each in wrong]) and not self.escape_all():  # noqa: C419
                break
        raise MarkError([], [], sorted(self.required), [])

    def write(self) -> _Written:
        """Spell everything, noting where each piece and each literal character came to stand."""
        texts: list[str] = []
        spans: list[Span] = []
        origins: list[tuple[int, int]] = []
        for index, piece in enumerate(self.pieces):
            first = len(origins)
            for offset, text in enumerate((piece.text,) if piece.mark else self.spelled(piece)):
                texts.append(text)
                origins += [(index, offset)] * len(text)
            spans.append(Span(first, len(origins)))
        return _Written("".join(texts), spans, origins)

    def spelled(self, piece: _Piece) -> Iterator[str]:
        """Spell literal text, character by character."""
        for offset, character in enumerate(piece.text):
            if offset in piece.escaped or character in self.habits:
                yield self.habits.get(character) or _escaped(character, self.codec)
            else:
                yield character

    def misread(self, written: _Written) -> list[_Found] | None:
        """Give what a reader would take for markup and is none; empty if markup is missed; None if all is well."""
        placed = dict(self.placed(written))
        wanted = {mark for mark, number in placed.items() if number in self.required}
        wrong: dict[_Found, None] = {}
        missed = False
        for friendly in (True, False):
            found = [_Found(*node[:3]) for node in self.scan(written.text, friendly=friendly)]
            missed = missed or not wanted <= set(found)
            wrong |= dict.fromkeys(each for each in found if each not in placed and not self.is_ours(each, written))
        return list(wrong) if wrong or missed else None

    def placed(self, written: _Written) -> Iterator[tuple[_Found, int]]:
        """Give each mark as it should be found in the result."""
        starts: dict[int, int] = {}
        for piece, span in zip(self.pieces, written.spans, strict=True):
            if piece.role in {"open", "atom"}:
                starts[piece.mark] = span.start
            if piece.role in {"close", "atom"}:
                yield _Found(self.protected.marks[piece.mark - 1].kind, starts[piece.mark], span.end), piece.mark

    def is_ours(self, found: _Found, written: _Written) -> bool:
        """Tell what is no slip: spellings we wrote, what stands inside a delimiter, what cannot be escaped."""
        if found.kind is InlineKind.AUTOLINK:
            return True
        first, last = written.origins[found.start], written.origins[found.end - 1]
        if first[0] != last[0]:
            return False
        piece = self.pieces[first[0]]
        if piece.mark:
            return True
        is_whole = first == last and written.spells(found)
        return found.kind in _SPELLINGS and is_whole and piece.text[first[1]] != written.text[found.start : found.end]

    def escape(self, wrong: _Found, written: _Written) -> bool:
        """Escape the literal characters at the edges of what was misread; true if there were any."""
        first, last = written.origins[wrong.start], written.origins[wrong.end - 1]
        done = self.escape_at(*first)
        # One half of a pair is enough, but would look like a slip.
        return ((not done or wrong.kind in _EMPHASIS) and self.escape_at(*last)) or done

    def escape_at(self, index: int, offset: int) -> bool:
        """Escape a literal character; false where it is none, or done."""
        piece = self.pieces[index]
        if piece.mark or offset in piece.escaped or piece.text[offset] not in PUNCTUATION:
            return False
        piece.escaped.add(offset)
        return True

    def escape_all(self) -> bool:
        """Escape every literal character that can be markup; true if there were any left."""
        special = "\\`*_<&$~{}!^:" if self.codec is Codec.MARKDOWN else "<&{$"
        done = False
        for piece in self.pieces:
            if not piece.mark:
                more = {n for n, each in enumerate(piece.text) if each in special}
                more |= _unbalanced(piece.text) if self.codec is Codec.MARKDOWN else set()
                done = done or bool(more - piece.escaped)
                piece.escaped |= more
        return done

    def start(self) -> None:
        """Escape what would begin another block at the start of a line, unless the source begins with it too."""
        first = self.pieces[0] if self.pieces else None
        if not first or first.mark or self.codec is not Codec.MARKDOWN:
            return
        found = _BLOCK_START.match(first.text)
        if found and not (self.protected.source + " ").startswith(found[0]) and found["mark"]:
            first.escaped.add(found.start("mark"))
        last = self.pieces[-1]
        if not last.mark and last.text.endswith("\\"):
            last.escaped.add(len(last.text) - 1)

    # ── Emphasis ──

    def drop_empty(self) -> None:
        """Leave out emphasis around nothing."""
        kept: list[_Piece] = []
        for piece in self.pieces:
            if not piece.mark and not piece.text:
                continue
            if piece.role == "close" and kept and kept[-1].mark == piece.mark and self.is_emphasis(piece):
                kept.pop()
                self.required.discard(piece.mark)
            else:
                kept.append(piece)
        self.pieces = kept

    def is_emphasis(self, piece: _Piece) -> bool:
        """Tell whether a piece is a delimiter that its neighbours can spoil."""
        return (
            bool(piece.mark) and self.protected.marks[piece.mark - 1].kind in _EMPHASIS and self.codec is Codec.MARKDOWN
        )

    def loosen(self) -> None:
        """Give emphasis the neighbours that CommonMark wants."""
        # Inner pairs first: what they push out, the outer ones push on.
        for index in range(len(self.pieces) - 1, -1, -1):
            if self.pieces[index].role == "open" and self.is_emphasis(self.pieces[index]):
                self.push_out(index, 1)
        index = 0
        while index < len(self.pieces):
            if self.pieces[index].role == "close" and self.is_emphasis(self.pieces[index]):
                self.push_out(index, -1)
            index += 1
        self.drop_empty()
        self.strip()
        self.part_addresses()
        index = 0
        while index < len(self.pieces):
            if self.is_emphasis(self.pieces[index]) and self.pieces[index].role in {"open", "close"}:
                index += self.space_out(index)
            index += 1

    def part_addresses(self) -> None:
        """Put blanks around bare addresses: Chinese ends them, English would run on."""
        for index in range(len(self.pieces) - 1, -1, -1):
            piece = self.pieces[index]
            if piece.role != "atom" or not self.is_bare_address(piece):
                continue
            after = index + 1
            while after < len(self.pieces) and self.pieces[after].role == "close":
                after += 1
            closes = self.pieces[index + 1 : after]
            if not any(each.text.startswith("]") for each in closes) and not self.ends_address(after):
                self.pieces.insert(after, _Piece(" "))
            before = self.pieces[index - 1] if index else None
            if before and not before.mark and _JOINED.search(before.text):
                self.pieces.insert(index, _Piece(" "))

    def is_bare_address(self, piece: _Piece) -> bool:
        """Tell an address without `<…>`."""
        return self.protected.marks[piece.mark - 1].kind is InlineKind.AUTOLINK and not piece.text.startswith("<")

    def ends_address(self, index: int) -> bool:
        """Tell whether what comes next is no part of an address before it."""
        following = "".join(each.text for each in self.pieces[index : index + 5])
        return bool(_ADDRESS_END.match(following))

    def strip(self) -> None:
        """Leave out blanks at the ends that the source has not: before a list item's text they would count."""
        source = self.protected.source
        if self.pieces and not self.pieces[0].mark and source == source.lstrip():
            self.pieces[0].text = self.pieces[0].text.lstrip()
        if self.pieces and not self.pieces[-1].mark and source == source.rstrip():
            self.pieces[-1].text = self.pieces[-1].text.rstrip()
        self.pieces = [piece for piece in self.pieces if piece.mark or piece.text]

    def push_out(self, index: int, step: int) -> None:
        """Move the blanks at the inner edge of a delimiter outside."""
        if not 0 <= index + step < len(self.pieces) or self.pieces[index + step].mark:
            return
        inside = self.pieces[index + step]
        bare = inside.text.lstrip() if step > 0 else inside.text.rstrip()
        blank = inside.text[: len(inside.text) - len(bare)] if step > 0 else inside.text[len(bare) :]
        if not blank:
            return
        inside.text = bare
        self.pieces.insert(index if step > 0 else index + 1, _Piece(blank))

    def space_out(self, index: int) -> int:
        """Put a blank outside a delimiter that would not open or close; give how many pieces that added before it."""
        piece = self.pieces[index]
        before = "".join(each.text for each in self.pieces[max(0, index - 3) : index])
        after = "".join(each.text for each in self.pieces[index + 1 : index + 4])
        if piece.role == "open":
            outside, inside = before[-1:] or " ", after.lstrip(piece.text[0])[:1] or " "
            neighbour = self.pieces[index - 1] if index else None
        else:
            outside, inside = after[:1] or " ", before.rstrip(piece.text[0])[-1:] or " "
            neighbour = self.pieces[index + 1] if index + 1 < len(self.pieces) else None
        if neighbour is None or not self.is_tight(piece, neighbour, outside, inside):
            return 0
        self.pieces.insert(index if piece.role == "open" else index + 1, _Piece(" "))
        return 1

    def is_tight(self, piece: _Piece, neighbour: _Piece, outside: str, inside: str) -> bool:
        """Tell whether a delimiter needs a blank outside."""
        around, within = classify(outside), classify(inside)
        if self.is_emphasis(neighbour) and neighbour.role != piece.role and neighbour.text[0] == piece.text[0]:
            return True
        if around.is_space or self.is_emphasis(neighbour):
            return False
        if within.is_punctuation and not around.is_punctuation:
            return True
        return piece.text[0] == "_" and not around.is_punctuation


def _insides(text: str) -> dict[int, str]:
    """Give what stands between the two halves of each pair."""
    starts: dict[int, int] = {}
    insides: dict[int, str] = {}
    for found in MARK.finditer(text):
        if found["pair"] and not found["close"]:
            starts[int(found["pair"])] = found.end()
        elif found["pair"] and int(found["pair"]) in starts:
            insides[int(found["pair"])] = text[starts[int(found["pair"])] : found.start()]
    return insides


def _unbalanced(text: str) -> set[int]:
    r"""Give the brackets without a partner: both of a pair escaped, `\[x\]`, would be a formula to some."""
    opened: list[int] = []
    alone: set[int] = set()
    for offset, character in enumerate(text):
        if character == "[":
            opened.append(offset)
        elif character == "]":
            if opened:
                opened.pop()
            else:
                alone.add(offset)
    return alone | set(opened)


def _escaped(character: str, codec: Codec) -> str:
    if codec is Codec.HTML:
        return {"<": "&lt;", "&": "&amp;", ">": "&gt;"}.get(character) or f"&#{ord(character)};"
    return "\\" + character if character in PUNCTUATION else character


def _habits(protected: Protected, codec: Codec) -> Mapping[str, str]:
    """Give the characters that the source never leaves bare, each as it spells them."""
    source = protected.source
    if codec is Codec.MARKDOWN:
        # Brackets are escaped where they must be: `\\(x\\)` and `\\[x\\]` are formulas to some.
        spelled = {found[0][1:]: found[0] for found in re.finditer(r"\\[!-'*-/:-@\\^-`{-~]", source)}
        spelled["|"] = "\\|"
    else:
        spelled = {}
    for found in re.finditer(r"&[#\w]+;", source):
        if len(meant := unescape(found[0])) == 1 and _plain_spelling(found[0]):
            spelled.setdefault(meant, found[0])
    bare = _bare(protected) if spelled else ""
    return {meant: spelling for meant, spelling in spelled.items() if meant not in bare}


def _bare(protected: Protected) -> str:
    """Give the literal text of a source without its escapes and entities."""
    source, pieces, position = protected.source, [], 0
    for start, end in sorted(span for mark in protected.marks for span in _delimiters(mark)):
        pieces.append(source[position : max(position, start)])
        position = max(position, end)
    pieces.append(source[position:])
    return re.sub(r"\\[!-/:-@\[-`{-~]|&[#\w]+;", "", " ".join(pieces))


def _delimiters(mark: Inline) -> tuple[Span, ...]:
    if mark.inner is None:
        return (mark.span,)
    return Span(mark.span.start, mark.inner.start), Span(mark.inner.end, mark.span.end)


def _labels(protected: Protected) -> Iterator[tuple[str, str]]:
    """Give the labels that the source's reference links lead to: they are defined elsewhere."""
    for mark in protected.marks:
        if mark.kind in {InlineKind.LINK, InlineKind.IMAGE} and mark.destination is None:
            inner = mark.inner or (mark.prose[0] if mark.prose else mark.span)
            yield normal_label(inner.of(protected.source)), ""
            named = re.search(r"\]\[([^\[\]]+)\]$", mark.span.of(protected.source))
            if named:
                yield normal_label(named[1]), ""


# ── Mend ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def append_lost(protected: Protected, text: str) -> Mended:
    """Make a translation restorable, whatever became of its marks.

    Unknown, doubled and crossed marks go; lost atoms, links and HTML stand at the end, in order; lost emphasis is given
    up and named. Law: `restore(p, m.text)` finds all marks.
    """
    tally = _tally(protected, text)
    kept = {span for pair in tally.good.values() for span in pair}
    bare = MARK.sub(lambda found: found[0] if Span(*found.span()) in kept else "", text)
    missing = [n for n in range(1, len(protected.marks) + 1) if n not in tally.good]
    dropped = tuple(n for n in missing if protected.marks[n - 1].kind in _EMPHASIS)
    more = " ".join(_again(protected, n) for n in missing if n not in dropped)
    empty = "".join(f"<t{n}></t{n}>" for n in dropped)
    return Mended((f"{bare} {more}" if bare.strip() and more else bare + more) + empty, dropped)


def _again(protected: Protected, number: int) -> str:
    """Give a lost mark: an atom, or a pair around the words it had."""
    if protected.marks[number - 1].inner is None:
        return f"<x{number}>"
    words = plain(_insides(protected.text).get(number, ""))
    return f"<t{number}>{words}</t{number}>"
