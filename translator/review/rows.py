"""A post as a browser is given it: in chunks and rows of HTML, and as JSON. Nothing is made before it is asked for.

Offsets in JSON count UTF-16 units, as JavaScript does.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import fields
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Protocol

from translator.markdown import scan
from translator.model import Codec
from translator.pipeline.decide import Stand
from translator.review import templates
from translator.review.build import build, row
from translator.review.page import is_machines, needs_person
from translator.review.shape import Shaper
from translator.review.view import Printer, Terms
from translator.review.words import message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from translator.model import Entry, Inline
    from translator.pipeline.work import Outcome, Work
    from translator.review.page import Row
    from translator.review.shape import Form
    from translator.review.view import Entry as TermEntry
    from translator.review.words import Language

CHUNK = 40
"""About so many segments go to the browser at once."""
DEFAULTS = {one.name: one.default for one in fields(Stand)}
Json = dict[str, Any]


class Shown(Protocol):
    """What a sheet is made from: a post that is open, or was read once."""

    @property
    def path(self) -> Path:
        """Name the source."""

    @property
    def english(self) -> Path:
        """Name the English file."""

    @property
    def work(self) -> Work:
        """Give what is known of it."""

    @property
    def outcome(self) -> Outcome:
        """Give what it has become."""


class Sheet:
    """A post under review, for one shape of it; rows change with `update`, blocks never do.

    Laws: the chunks hold every block once, in order; `row_html(i)` is what stands of row i in its chunk.
    """

    chunks: tuple[range, ...]
    """Of segments; a block is never cut. A post without segments has one chunk, which has none."""

    def __init__(self, post: Shown, language: Language = "en") -> None:
        review = build(post.work, post.outcome, post.path, post.english)
        self.language: Language = language
        self.title, self.source_name, self.target_name = review.title, review.source_name, review.target_name
        self.work, self.outcome = post.work, post.outcome
        self._forms = tuple(Shaper().forms(review.items))
        self._cuts = tuple(_cuts(self._forms))
        self.chunks = tuple(_rows(self._forms[cut.start : cut.stop]) for cut in self._cuts)
        self._starts = [chunk.start for chunk in self.chunks]
        self._places = {i: (form, slot) for form in self._forms for slot in form.slots for i in slot.rows}
        self._terms = Terms()
        self._fixes: dict[int, tuple[Entry, tuple[str, ...]]] = {}
        self._number_terms()

    def update(self, work: Work, outcome: Outcome) -> None:
        """Take what stands now; the segments are the same."""
        if work.mentions is not self.work.mentions and work.mentions != self.work.mentions:
            self._fixes.clear()
            self.work = work
            self._number_terms()
        self.work, self.outcome = work, outcome

    def _number_terms(self) -> None:
        """Give the terms of the whole post numbers as they appear; those that have one keep it."""
        self._terms.uses.clear()
        self._numbers: list[list[int]] = []
        for mentions in self.work.mentions:
            numbers = [self._terms.of(m.term.term, m.wanted, m.term.note) for m in mentions]
            self._terms.uses.update(numbers)
            self._numbers.append(list(dict.fromkeys(numbers)))

    @property
    def entries(self) -> list[TermEntry]:
        """Give the terms that the post uses, in order of first mention, with how often each is not obeyed."""
        entries, terms = self.outcome.entries, self._terms
        wrong = (i for i, entry in enumerate(entries) if any(found.check == "terms" for found in entry.findings))
        spans = (span for i in wrong for span in row(self.work, entries, i).source_terms if not span.obeyed)
        terms.broken = Counter(terms.of(span.term, span.translation, span.note) for span in spans)
        return [entry for entry in self._terms.entries() if entry.uses]

    # ── HTML ──

    def chunk_html(self, n: int) -> str:
        """Print the blocks of a chunk."""
        printer, macros = self._printer(), templates.rows(self.language)
        return "".join(macros.shape(printer.block(form), self.target_name) for form in self._slice(n))  # type: ignore[attr-defined]  # a macro of rows.html

    def row_html(self, i: int) -> str:
        """Print one row as it stands now."""
        form, slot = self._places[i]
        printer, macros = self._printer(), templates.rows(self.language)
        first = i == slot.rows.start
        opening = first and slot is form.slots[0]
        block, cell = printer.frame(form), printer.cell(slot)
        return str(macros.segment(block, cell, printer.print(form, slot, i), first, opening, self.target_name))  # type: ignore[attr-defined]  # likewise

    def _slice(self, n: int) -> Sequence[Form]:
        return self._forms[self._cuts[n].start : self._cuts[n].stop]

    def _printer(self) -> Printer:
        return Printer(self._row, self.language, self._terms, count=False)

    def _row(self, i: int) -> Row:
        return row(self.work, self.outcome.entries, i, self._fixed(i))

    def _fixed(self, i: int) -> tuple[str, ...]:
        """Give what mends each finding of a segment, asked once for as long as the segment stands so."""
        entry = self.outcome.entries[i]
        if not entry.findings:
            return ()
        known = self._fixes.get(i)
        if known is None or known[0] != entry:
            from translator.pipeline.fixes import fixes  # noqa: PLC0415  # what it needs is slow to load

            known = self._fixes[i] = entry, tuple(fixes(self.work, self.outcome.entries, i))
        return known[1]

    # ── JSON ──

    def model(self) -> Json:
        """Give all rows without HTML, the terms, and where the chunks begin and end."""
        return {
            "segments": [self.row(i, html=False) for i in range(len(self.outcome.entries))],
            "terms": [
                {"n": e.number, "term": e.term, "translation": e.translation, "note": e.note, "uses": e.uses}
                for e in self.entries
            ],
            "chunks": [[chunk.start, chunk.stop] for chunk in self.chunks],
        }

    def row(self, i: int, *, html: bool) -> Json:
        """Give one row as it stands now."""
        entry, segment = self.outcome.entries[i], self.work.post.segments[i]
        block = self.work.post.document.blocks[segment.block]
        told: Json = {
            "i": i,
            "key": entry.key,
            "chunk": max(0, bisect_right(self._starts, i) - 1),
            "line": entry.line,
            "block": segment.block,
            "source": entry.source,
            "stand": stand_json(entry),
            "needs": needs_person(entry),
            "machine": is_machines(entry),
            "terms": self._numbers[i],
            "findings": list(self._findings(i)),
            "marks": self._marks(i),
            "sourceMarks": marks_json(entry.source, segment.marks if entry.source == segment.source else ()),
            "codec": block.codec.value,
        }
        return {**told, "html": self.row_html(i)} if html else told

    def _marks(self, i: int) -> list[list[str | int]]:
        entry, segment = self.outcome.entries[i], self.work.post.segments[i]
        document = self.work.post.document
        if document.blocks[segment.block].codec is not Codec.MARKDOWN:
            return []
        return marks_json(entry.target, scan(entry.target, document.references))

    def _findings(self, i: int) -> Iterator[Json]:
        found = self.outcome.entries[i].findings
        for finding, fix in zip(found, self._fixed(i), strict=True):
            said = message(finding.check, finding.message, self.language)
            told = {"check": finding.check, "level": finding.level.value, "message": said}
            yield {**told, "fix": fix} if fix else told


def _cuts(forms: Sequence[Form]) -> Iterator[range]:
    """Cut a post into stretches of blocks with about `CHUNK` segments each."""
    start = count = 0
    for n, form in enumerate(forms):
        if count and count + len(form.rows) > CHUNK:
            yield range(start, n)
            start, count = n, 0
        count += len(form.rows)
    yield range(start, len(forms))


def _rows(forms: Sequence[Form]) -> range:
    some = [form.rows for form in forms if form.rows]
    return range(some[0].start, some[-1].stop) if some else range(0)


def stand_json(entry: Entry) -> Json:
    """Give what is decided about a segment, without what is as it is by default."""
    values = ((name, getattr(entry, name)) for name in DEFAULTS)
    return {name: value for name, value in values if value != DEFAULTS[name]}


def marks_json(text: str, marks: Iterable[Inline]) -> list[list[str | int]]:
    """Give marks as `[kind, start, end, innerStart, innerEnd]`; an atom's inside is -1, -1."""
    units = _units(text)
    return [
        [mark.kind.value, units[mark.span.start], units[mark.span.end]]
        + ([units[mark.inner.start], units[mark.inner.end]] if mark.inner else [-1, -1])
        for mark in marks
    ]


def _units(text: str) -> Sequence[int]:
    """Give where each character of a text begins, and where it ends, in UTF-16 units."""
    if text.isascii() or max(text) < "\U00010000":
        return range(len(text) + 1)
    return list(accumulate((2 if character >= "\U00010000" else 1 for character in text), initial=0))
