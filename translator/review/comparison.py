"""The page that compares engines: a post's Chinese, and beside it what each of them says.

    Compared* ─build→ rows of each ─Printer→ HTML, what two of them say differently marked

It loads nothing and runs nothing; everything of the post and of the engines is escaped.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from markupsafe import Markup

from translator.model import Level
from translator.review import diff, inline
from translator.review.build import Rows, build
from translator.review.policy import policy
from translator.review.shape import Shaper
from translator.review.templates import own, template
from translator.review.view import Entry, Printer, Terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from translator.model import Span
    from translator.pipeline.compare import Compared
    from translator.review.page import Row
    from translator.review.shape import Form, Slot
    from translator.review.view import BlockView, RowView

STYLES = ("page.css", "comparison.css")
MOST = 0.8
"""Of a text, above which its differences are not marked."""
Spots = tuple[inline.Spot, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A segment, its Chinese, and what the engines say, in their order."""

    source: RowView
    said: tuple[RowView, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A block, and its segments; none where it is the same in both languages."""

    block: BlockView
    lines: tuple[Line, ...] = ()
    raw: str = ""
    """Of a table's cell without words."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What stands at the top for an engine."""

    name: str
    terms: str
    refused: int
    findings: tuple[tuple[str, int], ...]
    """By level."""
    seconds: str
    receipt: str
    error: str


def comparison(compared: Sequence[Compared], receipts: Sequence[str], source: Path) -> str:
    """Give the page as one HTML file; `receipts` say what each engine took, empty where that is nothing."""
    first = compared[0]
    review = build(first.work, first.outcome, source, source)
    terms, styles = Terms(), [own(name) for name in STYLES]
    parts = list(_parts(compared, tuple(Shaper().forms(review.items)), terms))
    return template("comparison.html").render(
        title=review.title,
        name=source.name,
        figures=list(map(figures, compared, receipts)),
        parts=parts,
        entries=_used(terms),
        two=len(compared) == 2,
        policy=policy(styles),
        styles=list(map(Markup, styles)),
    )


def figures(one: Compared, receipt: str) -> Figures:
    """Say in figures what an engine made of a post."""
    found, levels = one.terms, one.levels
    terms = f"{100 * found.strict:.1f} % ({found.obeyed}/{found.mentions})" if found.mentions else "–"
    counts = tuple((level.value, levels[level]) for level in Level)
    return Figures(one.name, terms, one.refused, counts, f"{one.seconds:.1f} s", receipt, one.error)


def _used(terms: Terms) -> list[Entry]:
    return [replace(entry, broken=0) for entry in terms.entries() if entry.uses]


def _parts(compared: Sequence[Compared], forms: Sequence[Form], terms: Terms) -> Iterator[Part]:
    every = [Rows(one.work, one.outcome.entries, range(len(one.outcome.entries))) for one in compared]
    chinese = Printer(lambda i: _source_alone(every[0][i]), terms=terms)
    english = [_printer(every, n, terms) for n in range(len(every))]
    for form in forms:
        if not form.slots:
            yield Part(chinese.block(form))
            continue
        frame = chinese.frame(form)
        for n, slot in enumerate(form.slots):
            lines = tuple(_line(chinese, english, form, slot, i) for i in slot.rows)
            yield Part(frame if not n else replace(frame, name="", key=""), lines, slot.raw)


def _line(chinese: Printer, english: Sequence[Printer], form: Form, slot: Slot, i: int) -> Line:
    return Line(chinese.print(form, slot, i), tuple(printer.print(form, slot, i) for printer in english))


def _source_alone(row: Row) -> Row:
    """Give a row whose Chinese is shown for itself: whether a term is obeyed differs from engine to engine."""
    plain = tuple(span._replace(obeyed=True) for span in row.source_terms)
    return replace(row, source_terms=plain, target="", target_terms=(), findings=())


def _printer(every: Sequence[Rows], n: int, terms: Terms) -> Printer:
    """Print what an engine says, and mark what the first does not say; of two, what the other does not say."""
    other = 0 if n else 1

    def lit(i: int) -> Spots:
        if other >= len(every) or (not n and len(every) > 2):
            return ()
        mine, theirs = every[n][i].target, every[other][i].target
        return _spots(mine, diff.spans(mine, theirs)[0]) if theirs else ()

    return Printer(every[n].__getitem__, terms=terms, count=False, lit=lit)


def _spots(text: str, spans: Sequence[Span]) -> Spots:
    """Mark what is an engine's own, unless that is nearly all: then the marks would say nothing."""
    if sum(span.end - span.start for span in spans) > MOST * len(text):
        return ()
    return tuple(inline.Spot(span.start, span.end, "own") for span in spans)
