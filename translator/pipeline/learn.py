"""What a person did to the English file since it was last written.

The record's header keeps two short hashes and the number of entries for each unit as it was written (`assemble`).
Comparing them with the file as it is gives what changed. A changed unit of the same shape is a person's text for its
segments; everything else (a split paragraph, an added item, changed code) is *kept*: its bytes stay where they stand,
and as long as nobody changes them they stay kept.
An English file without a record is aligned by its headings, code, math and rules instead.

Law: `assemble` of a file that nobody touched is what `render` gives; of one that somebody touched, it holds their bytes
or their text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from translator.errors import InputError
from translator.markdown import set_front, spell, unspell
from translator.model import JOINED, Block, BlockKind, Codec, Document, Edit, Entry, Span, State
from translator.pipeline.carry import approved
from translator.pipeline.english import Post, Rendered, Unit, cut, is_persons, render, reparse, shown
from translator.pipeline.files import digest
from translator.splice import splice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from translator.formats import Record

MARK = "translation"
"""The front-matter key that says whether a person has approved everything."""
ANCHORS = frozenset({BlockKind.HEADING, BlockKind.CODE, BlockKind.MATH, BlockKind.RULE})
"""Blocks by which an English file that we did not write is aligned."""
BLANK_LINES = re.compile(r"\A\ufeff?(?:[ \t]*(?:\r\n|\r|\n))*")
CLOSERS = r"[\"')\]”’*_]*"
SENTENCE_ENDS = (
    re.compile(rf"(?<=[.!?])({CLOSERS})\s+(?=[\"'(\[“‘*_]*[A-Z0-9])"),
    re.compile(rf"(?<=[.!?;])({CLOSERS})\s+"),
)
"""Where English is cut: at full stops; or at semicolons too, as the Chinese is."""


@dataclass(frozen=True)
class Kept:
    """A stretch of the English file that a person shaped and that stays as it is."""

    units: tuple[int, ...]
    """The post's units it stands for; none: it was added."""
    after: int
    """The post's unit it stands behind; -1: at the top."""
    text: str
    line: int
    """In the English file, from 1."""
    lead: int = 1
    """How many line endings part it from what stood before it."""
    follows: int | None = None
    """The post's unit that stood behind it: before another one there must be an empty line."""


class Gap(NamedTuple):
    """The empty lines behind a unit."""

    text: str
    follows: int | None
    """The post's unit that stood behind them."""


@dataclass(frozen=True)
class Learnt:
    """What the English file taught."""

    entries: tuple[Entry, ...]
    kept: tuple[Kept, ...] = ()
    gaps: Mapping[int, Gap] = field(default_factory=dict)
    """The empty lines behind a unit, where a person changed them."""
    front: str | None = None
    """The front matter, where a person changed more than its translated values."""
    gone: tuple[Entry, ...] = ()
    """A person's text for sentences that the author has taken away meanwhile."""
    edited: int = 0
    """Segments whose text is a person's from now on."""
    conflicts: int = 0

    @property
    def is_shaped(self) -> bool:
        """Whether a person changed more than prose."""
        return bool(self.kept or self.gaps) or self.front is not None


HIDDEN = "-"
"""Before the hash of a target that the English file does not show: it was refused, or something else is kept there."""


def _keys(entries: Sequence[Entry]) -> str:
    return digest(" ".join(entry.key for entry in entries))


def is_untouched(record: Record, english: str) -> bool:
    """Whether the English file is to the letter what was written, and all of it ours."""
    return record.written.startswith(f"{digest(english, 16)} {_keys(record.entries)} ")


def _sign(unit: Unit) -> str:
    count = f".{len(unit.segments)}" if unit.segments else ""
    return f"{_look(unit)}-{digest(unit.gap, 2)}{count}"


def _look(unit: Unit) -> str:
    """Hash a unit, whatever empty lines the file begins with."""
    return digest(BLANK_LINES.sub("", unit.content), 6)


KEPT, ABSENT = "=", "~"
"""Before a unit's hashes: a person shaped it; it is the post's, and the kept ones before it are shown instead."""


def learn(  # noqa: PLR0913, PLR0917  # all that is known of a post
    post: Post,
    entries: Sequence[Entry],
    record: Record,
    rendered: Rendered,
    english: str,
    person: str,
    front: Mapping[str, str],
) -> Learnt:
    """Compare the English file with what was written, and take over what a person did.

    `front` is what is set in the front matter of a file that we did not write, where it does not say so itself.
    """
    if rendered.text == english:
        return Learnt(tuple(entries))
    lesson = _Lesson(post, entries, record, rendered, english, person)
    written = _written(record)
    if written is None:
        lesson.adopt()
        lesson.make_sure(front)
        if lesson.front is not None:
            absent = {
                key: value
                for key, value in front.items()
                if not re.search(rf'(?m)^"?{re.escape(key)}"?\s*[:=]', lesson.front)
            }
            lesson.front = set_front(lesson.front, absent)
    else:
        lesson.compare(written)
    return Learnt(
        tuple(lesson.entries),
        tuple(lesson.kept),
        {x: Gap(lesson.units[e].gap, lesson.places.get(e + 1)) for x, e in lesson.gaps.items()},
        lesson.front,
        tuple(lesson.gone),
        len(lesson.edited),
        len(lesson.conflicts),
    )


def assemble(post: Post, rendered: Rendered, learnt: Learnt, entries: Sequence[Entry], mark: str) -> tuple[str, str]:
    """Make the English file: what is rendered, with what a person keeps in its place; and say what was written.

    In one line: a hash of the file, where a person kept nothing of it; one of the keys; and of each unit, what it
    looks like and how many entries are its own.
    """
    added: dict[int, list[Kept]] = {}
    replaced = {x for kept in learnt.kept for x in kept.units}
    top = 0 if post.document.front and 0 not in replaced else -1  # nothing stands before front matter
    for kept in learnt.kept:
        added.setdefault(max(kept.after, top), []).append(kept)
    parts: list[_Part] = []
    before: Kept | Gap | None = None
    for x, unit in enumerate((None, *rendered.units), -1):
        if unit:
            gap = learnt.gaps.get(x)
            text = unit.content + (gap.text if gap else unit.gap) if x not in replaced else ""
            if x == 0 and learnt.front is not None:
                text = _front(post, learnt.front, unit, entries, mark)
            word = ABSENT + _sign(unit) if x in replaced else _sign(unit)
            parts.append(_Part(text, 2 if before and before.follows != x else 1, word, is_top=x == 0))
            before = gap if text else before
        parts += [_Part(kept.text, kept.lead, is_top=kept.line == 1) for kept in added.get(x, ())]
        before = next((kept for kept in reversed(added.get(x, ())) if kept.text), before)
    english, starts = _put_together(parts, post.document.newline)
    if not learnt.kept:
        whole, words = digest(english, 16) if english == rendered.text else "-", [part.word for part in parts]
    else:
        whole, words = "-", [*_words(parts, starts, cut(_parsed(post, english), ()))]
    return english, " ".join([whole, _keys(entries), *words])


class _Part(NamedTuple):
    """A stretch of the English file."""

    text: str
    lead: int
    """How many line endings there must be before it."""
    word: str = ""
    """What is written of it; of a kept stretch, one word for each of its units."""
    is_top: bool = False
    """Whether it may begin with the file's byte order mark."""


def _put_together(parts: list[_Part], newline: str) -> tuple[str, list[int]]:
    """Join stretches that may never have stood beside each other; give also where each begins."""
    mark = "\ufeff" if any(part.is_top and part.text.startswith("\ufeff") for part in parts) else ""
    out, size, starts = [mark], len(mark), []
    for part in parts:
        text = part.text.removeprefix("\ufeff") if part.is_top else part.text
        if text and size > len(mark):
            text = newline * max(0, part.lead - _line_ends(out[-1])) + text
        starts.append(size)
        out += [text] if text else []
        size += len(text)
    return "".join(out), starts


def _words(parts: list[_Part], starts: list[int], units: list[Unit]) -> Iterator[str]:
    """Say what was written where some of it is kept: the kept units are cut as the whole file is."""
    begins = list(accumulate((len(unit.content + unit.gap) for unit in units), initial=0))
    for part, start, end in zip(parts, starts, [*starts[1:], begins[-1]], strict=True):
        if part.word:
            yield part.word
        elif part.text:
            first, last = bisect_left(begins, start if start > 1 else 0), bisect_left(begins, end)
            yield from (KEPT + _look(unit) for unit in units[first:last])


def _line_ends(text: str) -> int:
    """Count the line endings with which a text ends."""
    blank = text[len(text.rstrip(" \t\r\n>\u00a0\u3000")) :]
    return max(blank.count("\n"), blank.count("\r")) if blank.endswith(("\n", "\r")) else 0


def _front(post: Post, text: str, unit: Unit, entries: Sequence[Entry], mark: str) -> str:
    """Put the translated values, and what the translation is marked with, into a front matter that a person shaped."""
    document = reparse(post, text)
    edits = []
    for i, block in _same_values(post, unit, document):
        said = shown(entries[i])
        if said:
            edits.append(Edit(block.span, spell(said, block, document)))
    return set_front(splice(text, edits), {MARK: mark} if mark else {})


def _same_values(post: Post, unit: Unit, document: Document) -> Iterator[tuple[int, Block]]:
    """Pair the segments of the front matter with the values of another one; of a list of another length none."""
    ours: dict[str, list[int]] = {}
    for i in unit.segments:
        ours.setdefault(post.document.blocks[post.segments[i].block].key, []).append(i)
    theirs: dict[str, list[Block]] = {}
    for block in document.blocks:
        if block.kind is BlockKind.FRONT:
            theirs.setdefault(block.key, []).append(block)
    for key, some in ours.items():
        if len(some) == len(theirs.get(key, ())):
            yield from zip(some, theirs[key], strict=True)


# ── Comparing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Written:
    """A unit as it was written; a run of kept ones is followed by the post's units in whose place they stand."""

    content: str
    gap: str
    keys: tuple[str, ...]
    kept: bool = False
    absent: bool = False


def _written(record: Record) -> list[_Written] | None:
    """Read what was written; None where that is unknown, or where entries were lost, doubled or moved since."""
    out, n = [], 0
    _, keys, *words = record.written.split() if record.written.count(" ") > 1 else ("", "")
    for word in words:
        hashes, _, count = word.lstrip(KEPT + ABSENT).partition(".")
        content, _, gap = hashes.partition("-")
        some = int(count) if count.isdigit() else 0
        own = tuple(entry.key for entry in record.entries[n : n + some])
        out.append(_Written(content, gap, own, word.startswith(KEPT), word.startswith(ABSENT)))
        n += some
    return out if out and n == len(record.entries) and keys == _keys(record.entries) else None


def _parsed(post: Post, english: str) -> Document:
    """Parse the English file as it is; where it cannot be read, say so of the English file."""
    try:
        return reparse(post, english)
    except InputError as error:
        path = post.project.target(post.path) if post.project and post.path else None
        raise InputError(str(error.args[0]).split(": ", 1)[-1], path, error.line, error.column) from error


class _Lesson:
    """One comparison; x counts the post's units, w those that were written, e the English file's."""

    def __init__(  # noqa: PLR0913, PLR0917  # all that is known of a post
        self, post: Post, entries: Sequence[Entry], record: Record, rendered: Rendered, english: str, person: str
    ) -> None:
        self.post, self.entries, self.rendered, self.person = post, list(entries), rendered, person
        self.sources = {entry.key: entry.source for entry in record.entries}
        """As they were when the English was written."""
        self.document = _parsed(post, english)
        self.units = cut(self.document, ())
        self.ours = reparse(post, rendered.text)
        self.our_units = cut(self.ours, ())
        self.kept: list[Kept] = []
        self.gaps: dict[int, int] = {}
        """Units behind which a person changed the empty lines, and where those stand in the English file."""
        self.places: dict[int, int] = {}
        """Which of the post's units stand where."""
        self.front: str | None = None
        self.edited: set[int] = set()
        self.conflicts: set[int] = set()
        self.gone: list[Entry] = []
        self.before = tuple(entries)
        self.taken: dict[int, int] = {}

    def compare(self, written: list[_Written]) -> None:
        """Take a file that we wrote."""
        to_x = self._to_post(written)
        there = [w for w, unit in enumerate(written) if not unit.absent]
        now = [_look(unit) for unit in self.units]
        first = 0
        if self._head == 0 and to_x.get(0) == 0 and there[:1] == [0]:
            self._take(0, 0)
            first = 1
        places = _Places(written, there, to_x, top=0 if self.post.document.front else -1)
        then = [written[w].content for w in there]
        matcher = SequenceMatcher(None, then[first:], now[first:], autojunk=False)
        for tag, *at in matcher.get_opcodes():
            a0, a1, e0, e1 = (place + first for place in at)
            if tag == "equal":
                self._unchanged(places, range(a0, a1), e0)
            else:
                self._changed(places, range(a0, a1), range(e0, e1))
        for w in places.left():
            self._keep([to_x.get(w)], places.behind(w), range(0), None)
        self.kept.sort(key=lambda kept: kept.line)

    def _unchanged(self, places: _Places, some: range, e: int) -> None:
        """Keep what is kept, and the empty lines a person likes."""
        a = some.start
        while a < some.stop:
            w, here, size = places.there[a], e + a - some.start, places.run(a, some.stop)
            if size:
                xs = places.xs(places.take(w))
                self._keep(xs, places.behind(w), range(here, here + size), places.follows(a + size - 1))
            else:
                self._space(places.to_x.get(w), here, digest(self.units[here].gap, 2) == places.written[w].gap)
            a += size or 1

    def _changed(self, places: _Places, some: range, es: range) -> None:
        """Take a changed stretch unit by unit, if all its units are what they were; else keep it."""
        ws = places.region(some)
        xs = places.xs(ws)
        after, follows = places.behind(ws[0] if ws else places.start(some)), places.follows(some.stop - 1)
        if len(ws) != len(es) or not all(self._is_alike(x, e) for x, e in zip(xs, es, strict=True)):
            self._keep(xs, after, es, follows)
            return
        for w, x, e in zip(ws, xs, es, strict=True):
            if x is None and self._is_gone(places.written[w]):
                self._give_up(places.written[w], e)
            elif x is not None and self._take(x, e, places.written[w].keys):
                self._space(x, e, digest(self.units[e].gap, 2) == places.written[w].gap)
            else:
                self._keep([x], places.behind(w), range(e, e + 1), follows if e == es[-1] else None)

    def _is_alike(self, x: int | None, e: int) -> bool:
        return (
            x is None or x == self._head or _shape(self.ours, self.our_units[x]) == _shape(self.document, self.units[e])
        )

    def _to_post(self, written: list[_Written]) -> dict[int, int]:
        """Map what was written to the post's units: by their entries, what has none by its bytes and neighbours.

        A unit whose sentences the author spread over several, or put together with others, is none of them.
        """
        of_key = {self.entries[i].key: x for x, unit in enumerate(self.rendered.units) for i in unit.segments}
        owners = [{of_key[key] for key in unit.keys if key in of_key} for unit in written]
        claims = Counter(x for some in owners for x in some)
        found = {w: x for w, some in enumerate(owners) if len(some) == 1 for x in some if claims[x] == 1}
        bare = [w for w, unit in enumerate(written) if not unit.kept]
        then: list[object] = [found.get(w, -1) if written[w].keys else written[w].content for w in bare]
        now: list[object] = [x if u.segments else _look(u) for x, u in enumerate(self.rendered.units)]
        for tag, w0, w1, x0, x1 in SequenceMatcher(None, then, now, autojunk=False).get_opcodes():
            if tag == "equal" or w1 - w0 == x1 - x0:
                pairs = zip(bare[w0:w1], range(x0, x1), strict=True)
                found |= {w: x for w, x in pairs if not written[w].keys and not self.rendered.units[x].segments}
        return found

    def _is_gone(self, unit: _Written) -> bool:
        live = {entry.key for entry in self.entries}
        return bool(unit.keys) and live.isdisjoint(unit.keys)

    def _give_up(self, unit: _Written, e: int) -> None:
        """Keep in the record what a person wrote for sentences that the author has taken away."""
        blocks = [self.document.blocks[b] for b in self.units[e].blocks]
        text = " ".join(unspell(block, self.document) for block in blocks if block.kind.is_prose)
        if e == 0 and self.document.front:
            text = self.units[e].content
        source = " ".join(self.sources[key] for key in unit.keys)
        key = digest(f"{source}\0{text}")
        self.gone.append(Entry(key, source, text, State.APPROVED, "person", self.person))

    def adopt(self) -> None:
        """Take a file that was there before: align by anchors; between two of them, only blocks of the same shapes."""
        same = {unit.content for unit in self.our_units} & {unit.content for unit in self.units if unit.content}
        ours = [(x, name) for x, unit in enumerate(self.our_units) if (name := _anchor(self.ours, unit, same))]
        theirs = [(e, name) for e, unit in enumerate(self.units) if (name := _anchor(self.document, unit, same))]
        matcher = SequenceMatcher(None, [name for _, name in ours], [name for _, name in theirs], autojunk=False)
        pairs = [(ours[m.a + i][0], theirs[m.b + i][0]) for m in matcher.get_matching_blocks() for i in range(m.size)]
        x_from = e_from = 0
        if self._head == 0:
            self._take(0, 0)
            x_from = e_from = 1
        for x_to, e_to in pairs:
            self._stretch(range(x_from, x_to), range(e_from, e_to))
            self._stretch(range(x_to, x_to + 1), range(e_to, e_to + 1))
            x_from, e_from = x_to + 1, e_to + 1
        self._stretch(range(x_from, len(self.our_units)), range(e_from, len(self.units)))

    def make_sure(self, front: Mapping[str, str]) -> None:
        """Leave alone what would not be written again as it stands there."""
        made = render(self.post, self.entries, front).units
        for x, e in self.taken.items():
            some = self.edited.intersection(self.rendered.units[x].segments)
            if some and x != self._head and made[x].content != self.units[e].content:
                for i in some:
                    self.entries[i] = self.before[i]
                self.edited -= some
                self.gaps.pop(x, None)
                self._keep([x], x - 1, range(e, e + 1), x + 1)
        self.kept.sort(key=lambda kept: kept.line)

    @property
    def _head(self) -> int:
        """The unit that is front matter in both files, if any."""
        return 0 if self.post.document.front and self.document.front else -1

    def _stretch(self, xs: range, es: range) -> None:
        alike = [_shape(self.ours, self.our_units[x]) for x in xs] == [_shape(self.document, self.units[e]) for e in es]
        if not alike:
            self._keep(list(xs), xs.start - 1, es, xs.stop)
            return
        for x, e in zip(xs, es, strict=True):
            if self._take(x, e):
                self.taken[x] = e
                self._space(x, e, same=False)
            else:
                self._keep([x], x - 1, range(e, e + 1), x + 1)

    def _keep(self, xs: Sequence[int | None], after: int, es: range, follows: int | None) -> None:
        """Leave a stretch of the English file as it is."""
        units = tuple(x for x in xs if x is not None)
        text = "".join(self.units[e].content + self.units[e].gap for e in es)
        line = 1 + sum((u.content + u.gap).count("\n") for u in self.units[: es.start])
        if text or units:
            lead = min(2, _line_ends(self.units[es.start - 1].gap)) if 0 < es.start <= len(self.units) else 1
            self.kept.append(Kept(units, after, text, line, lead, follows))

    def _space(self, x: int | None, e: int, same: bool) -> None:
        """Keep the empty lines behind a unit where they are not as we wrote them."""
        if x is None:
            return
        self.places[e] = x
        if not same and self.units[e].gap != self.rendered.units[x].gap:
            self.gaps[x] = e

    # ── Taking a person's text ──

    def _take(self, x: int, e: int, keys: Sequence[str] | None = None) -> bool:
        """Take a unit's text as a person's, block by block; False where anything but its prose differs.

        `keys` are those of the segments it was written with: what the author added since does not stand there.
        """
        ours, theirs = self.our_units[x], self.units[e]
        if x == self._head:
            self._take_front(ours, theirs)
            return True
        if _shape(self.ours, ours) != _shape(self.document, theirs) or _bare(self.ours, ours) != _bare(
            self.document, theirs
        ):
            return False
        said: list[tuple[int, str]] = []
        by_block = self._by_block(x, keys)
        for block, there in zip(self.rendered.units[x].blocks, theirs.blocks, strict=True):
            some = by_block.get(block, [])
            if not some:
                continue
            found = self._read(some, self.document.blocks[there])
            if found is None:
                return False
            said += found
        for i, text in said:
            self._said(i, text)
        return True

    def _by_block(self, x: int, keys: Sequence[str] | None) -> dict[int, list[int]]:
        out: dict[int, list[int]] = {}
        for i in self.rendered.units[x].segments:
            if keys is None or self.entries[i].key in keys:
                out.setdefault(self.post.segments[i].block, []).append(i)
        return out

    def _take_front(self, ours: Unit, theirs: Unit) -> None:
        for i, block in _same_values(self.post, self.rendered.units[0], self.document):
            self._said(i, unspell(block, self.document))
        if _bare(self.document, theirs) != _bare(self.ours, ours):
            self.front = theirs.content + theirs.gap

    def _read(self, some: list[int], block: Block) -> list[tuple[int, str]] | None:
        """Give what each segment of a block says in the English file; None where that cannot be told."""
        if block.codec not in {Codec.MARKDOWN, Codec.HTML}:
            return [(some[0], unspell(block, self.document))]
        layout, tail = self._layout(some)
        text = block.span.of(self.document.text)
        if not text.endswith(tail):
            return None
        return self._divide(some, layout, text[: len(text) - len(tail)], [self.post.segments[i].source for i in some])

    def _layout(self, some: list[int]) -> tuple[list[tuple[str, str]], str]:
        """Give what stands before each segment of a block and what it says, as rendered; and the rest of the block.

        Segments of the block that are not among them are passed over.
        """
        source, segments = self.post.document.text, self.post.segments
        number = segments[some[0]].block
        block = self.post.document.blocks[number]
        out: list[tuple[str, str]] = []
        at, i = block.span.start, some[0]
        while i and segments[i - 1].block == number:
            i -= 1
        while i < len(segments) and segments[i].block == number:
            span = segments[i].span
            *space, main = self.rendered.edits.get(i, (Edit(span, span.of(source)),))
            before = [Edit(edit.span.shift(-at), edit.text) for edit in space]
            if i in some:
                lead = splice(source[at : main.span.start], before)
                out.append((lead if out else lead.lstrip(" "), main.text))
            at, i = main.span.end, i + 1
        return out, source[at : block.span.end]

    @staticmethod
    def _divide(
        some: list[int], layout: list[tuple[str, str]], text: str, sources: list[str]
    ) -> list[tuple[int, str]] | None:
        """Find the segments that stand there as they were written; the runs between them were edited."""
        out: list[tuple[int, str]] = []
        at = n = 0
        while n < len(some):
            before, said = layout[n]
            follows = layout[n + 1][0] if n + 1 < len(some) else None
            end = at + len(before) + len(said)
            if text.startswith(before + said, at) and (
                end == len(text) if follows is None else text.startswith(follows, end)
            ):
                out.append((some[n], said))
                at, n = end, n + 1
                continue
            stop, where = _next_known(layout, n, text, at)
            if not text.startswith(before, at):
                return None
            some_layout = [b for b, _ in layout[n:stop]]
            shared = _shared(some[n:stop], some_layout, sources[n:stop], text[at + len(before) : where])
            if shared is None:
                return None
            out += shared
            at, n = where, stop
        return out if at == len(text) else None

    def _said(self, i: int, text: str) -> None:
        """Take over what the English file says of one segment."""
        entry, segment = self.entries[i], self.post.segments[i]
        raw = self.rendered.unlead(text)
        now = shown(entry)
        never = now is None or not entry.written or entry.written.startswith(HIDDEN)
        if raw == now or (never and raw in {segment.source, segment.span.of(self.post.document.text)}):
            return
        if entry.written and digest(raw or JOINED) == entry.written:
            return  # as we wrote it: what changed is the record
        if raw == entry.target and entry.state is State.CONFLICT:
            self.entries[i] = replace(entry, state=approved(raw), other="", by=self.person, former="")
            return
        changed_too = bool(entry.target) and (is_persons(entry) if never else digest(entry.target) != entry.written)
        if entry.state is State.CONFLICT or changed_too:
            self.entries[i] = replace(entry, state=State.CONFLICT, other=raw or JOINED)
            self.conflicts.add(i)
            return
        state, former = approved(raw or JOINED), ""
        if self.sources.get(entry.key, segment.source) != segment.source:  # written for what the author has changed
            state, former = State.STALE, entry.former
        self.entries[i] = replace(
            entry,
            target=raw or JOINED,
            state=state,
            origin="person",
            by=self.person,
            score=None,
            former=former,
            other="",
        )
        self.edited.add(i)


@dataclass
class _Places:
    """What was written, and what of it is dealt with; a counts the units that stand in the English file."""

    written: list[_Written]
    there: list[int]
    """The units that stand in the English file."""
    to_x: Mapping[int, int]
    top: int
    done: set[int] = field(default_factory=set)
    """Absent units that are dealt with."""

    def xs(self, ws: Iterable[int]) -> list[int | None]:
        """Give the post's units."""
        return [self.to_x.get(w) for w in ws]

    def run(self, a: int, stop: int) -> int:
        """Count the kept units that stand together."""
        end = a
        while end < stop and self.written[self.there[end]].kept and self.there[end] - self.there[a] == end - a:
            end += 1
        return end - a

    def take(self, w: int) -> list[int]:
        """Give the absent units in whose place a run of kept ones stands, to the first that asks."""
        while w < len(self.written) and self.written[w].kept:
            w += 1
        return self._absent(w)

    def _absent(self, w: int) -> list[int]:
        out = []
        while w < len(self.written) and self.written[w].absent:
            out += [w] if w not in self.done else []
            w += 1
        self.done.update(out)
        return out

    def region(self, some: range) -> list[int]:
        """Give the post's units that a stretch stands for."""
        out = self._absent(self.start(some)) if not some or not self.written[self.there[some.start]].kept else []
        for a in some:
            w = self.there[a]
            out += self.take(w) if self.written[w].kept else [w, *self._absent(w + 1)]
        return out

    def start(self, some: range) -> int:
        """Give where a stretch begins."""
        return self.there[some.start - 1] + 1 if some.start else 0

    def behind(self, w: int) -> int:
        """Find behind which unit of the post something stands: the nearest one above it that is still there."""
        while w and self.written[w - 1].kept:
            w -= 1
        return next((self.to_x[n] for n in range(w - 1, -1, -1) if n in self.to_x), self.top if w else -1)

    def follows(self, a: int) -> int | None:
        """Give the post's unit that comes next."""
        return self.to_x.get(self.there[a + 1]) if a + 1 < len(self.there) else None

    def left(self) -> list[int]:
        """Give the absent units that nothing was said of: they stay away."""
        return [w for w, unit in enumerate(self.written) if unit.absent and w not in self.done]


def _next_known(layout: list[tuple[str, str]], n: int, text: str, at: int) -> tuple[int, int]:
    """Find the next segment that stands in the rest of the text as it was: which, and where what precedes it begins."""
    for m in range(n + 1, len(layout)):
        before, said = layout[m]
        if len(said) > 1 and (where := text.find(before + said, at)) >= 0:
            return m, where
    return len(layout), len(text)


def _shared(some: list[int], before: list[str], sources: list[str], run: str) -> list[tuple[int, str]] | None:
    """Give a run of edited text to its segments, line by line; None where a line's end is gone.

    Markup between two sentences parts them as a line's end does. Within a line: one each where the sentences are as
    many, else all to the first.
    """
    for n in range(1, len(some)):
        if before[n].strip(" ") or "\n" in before[n]:
            head, found, rest = run.partition(before[n])
            if not found:
                return None
            first = _shared(some[:n], before[:n], sources[:n], head)
            others = _shared(some[n:], before[n:], sources[n:], rest)
            return None if first is None or others is None else first + others
    if "\n" in run or "\r" in run:
        return None
    cuts = ([run], *(end.sub("\\1\0", run).split("\0") for end in SENTENCE_ENDS))
    parts = next((parts for parts in cuts if _pair(sources, parts)), [run] + [""] * (len(some) - 1))
    return [(i, part.strip()) for i, part in zip(some, parts, strict=True)]


def _pair(sources: list[str], parts: list[str]) -> bool:
    """Whether English parts pair with Chinese sentences: as many, semicolons where semicolons are."""
    inside = zip(sources[:-1], parts[:-1], strict=False)
    return len(sources) == len(parts) and all((s[-1] in "；;") == (p.strip()[-1:] == ";") for s, p in inside)


def _anchor(document: Document, unit: Unit, same: set[str]) -> tuple[object, ...]:
    """Give that by which a unit is known again: its content where both files have it, else what it surely is."""
    if unit.content in same:
        return (unit.content,)
    return tuple(
        (b.kind, b.level, b.containers, "" if b.kind is BlockKind.HEADING else b.span.of(document.text))
        for b in (document.blocks[n] for n in unit.blocks)
        if b.kind in ANCHORS
    )


def _shape(document: Document, unit: Unit) -> tuple[object, ...]:
    return tuple((b.kind, b.level, b.containers, b.key) for b in (document.blocks[n] for n in unit.blocks))


def _bare(document: Document, unit: Unit) -> str:
    """Give a unit's bytes without its prose and without the empty lines behind it."""
    blocks = [document.blocks[n] for n in unit.blocks]
    if not blocks:
        return unit.content
    start = min(block.lines.start for block in blocks)
    end = max(block.lines.end for block in blocks)
    edits = [Edit(Span(b.span.start - start, b.span.end - start), "\0") for b in blocks if b.kind.is_prose]
    return splice(document.text[start:end], edits).rstrip("\r\n")
