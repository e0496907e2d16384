"""How well words are linked with what says them: by the lexicon, by the builtin model's attention, and by both.

    python tests/bench/links_quality.py [LINKS.txt]

Over pairs of sentences linked by hand (`tests/align/links.txt`); the even ones are for tuning, the odd held out. A
link is a character and a word. *Precision* is of the links given that are at least possible, *recall* of the sure ones
that are given, the *error* is Och & Ney's (2003) alignment error rate.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from align_quality import Attention

from translator.align import links, word_links
from translator.align.english import words
from translator.model import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from translator.align import Link

LINKS = Path(__file__).parents[1] / "align" / "links.txt"
MARK = re.compile(r"⟦(\d+)(\??):(.*?)⟧")
SHARES = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4)
"""Of a word's attention, what lies on a piece that it is linked with: tried on the pairs for tuning."""

Pair = tuple[int, int]
"""A character of the source and a word of the target."""


class Case(NamedTuple):
    """A pair of sentences and its links."""

    writer: str
    source: str
    target: str
    sure: frozenset[Pair]
    possible: frozenset[Pair]
    """The sure ones among them."""


class Marked(NamedTuple):
    """A stretch of a line that stands between marks."""

    number: str
    is_sure: bool
    span: Span


class Figures(NamedTuple):
    """What links are worth."""

    precision: float
    recall: float
    error: float

    def row(self) -> str:
        """Give the figures as cells of a table."""
        return " | ".join(f"{each:.3f}" for each in self)


def plain(line: str) -> tuple[str, list[Marked]]:
    """Take the marks out of a line; gives the text and what stood between them."""
    text, at, found = "", 0, []
    for mark in MARK.finditer(line):
        text += line[at : mark.start()]
        found.append(Marked(mark[1], not mark[2], Span(len(text), len(text) + len(mark[3]))))
        text += mark[3]
        at = mark.end()
    return text + line[at:], found


def cases(path: Path = LINKS) -> list[Case]:
    """Read the pairs."""
    lines = path.read_text("utf-8").splitlines()
    at = [n for n, line in enumerate(lines) if line and not line.startswith("#")]
    return [_case(lines[n - 1].lstrip("# "), lines[n], lines[n + 1]) for n in at[::2]]


def _case(writer: str, chinese: str, english: str) -> Case:
    (source, left), (target, right) = plain(chinese), plain(english)
    sure, possible = set[Pair](), set[Pair]()
    for one in left:
        for other in right:
            if one.number == other.number:
                made = set(pairs(one.span, other.span, source, target))
                possible |= made
                sure |= made if one.is_sure and other.is_sure else set()
    return Case(writer, source, target, frozenset(sure), frozenset(possible))


def pairs(left: Span, right: Span, source: str, target: str) -> Iterator[Pair]:
    """Give each character of one span with each word of another."""
    for n, word in enumerate(words(target)):
        if word.start < right.end and right.start < word.end:
            yield from ((at, n) for at in range(*left) if source[at].isalnum())


def measure(chosen: Sequence[Case], aligner: Callable[[Case], set[Pair]]) -> Figures:
    """Count an aligner's links."""
    given = sure = right = found = 0
    for case in chosen:
        made = aligner(case)
        given, sure = given + len(made), sure + len(case.sure)
        right, found = right + len(made & case.possible), found + len(made & case.sure)
    return Figures(right / max(1, given), found / max(1, sure), 1 - (right + found) / max(1, given + sure))


def by_phrase(case: Case) -> set[Pair]:
    """Link by the lexicon's phrases."""
    return _pairs(case, links(case.source, case.target))


def by_word(case: Case) -> set[Pair]:
    """Link as the reviewer sees it: phrases taken apart, function words too."""
    return _pairs(case, word_links(case.source, case.target))


def _pairs(case: Case, found: Sequence[Link]) -> set[Pair]:
    return {pair for link in found for pair in pairs(link.source, link.target, case.source, case.target)}


class Looked:
    """Links by where the model looks: the pieces that have so much of a word's attention."""

    def __init__(self, share: float, attention: Attention) -> None:
        self.share, self.attention = share, attention

    def alone(self, case: Case) -> set[Pair]:
        """Link by attention alone."""
        source, target, rows = self.attention.forced(case.source, case.target)
        found = set()
        for n, word in enumerate(words(case.target)):
            own = [
                row for (start, end), row in zip(target, rows, strict=False) if start < word.end and word.start < end
            ]
            for m, span in enumerate(source):
                if sum(row[m] for row in own) >= self.share * max(1, len(own)):
                    found |= {(at, n) for at in range(*span) if case.source[at].isalnum()}
        return found

    def filling(self, case: Case) -> set[Pair]:
        """Link by word, and by attention what that leaves on both sides."""
        known = by_word(case)
        taken, said = {at for at, _ in known}, {n for _, n in known}
        return known | {(at, n) for at, n in self.alone(case) if at not in taken and n not in said}


def main() -> None:
    """Print the table."""
    every = cases(Path(sys.argv[1]) if sys.argv[1:] else LINKS)
    attention = Attention()
    tuning = every[::2]
    looked = {
        way: min(
            (Looked(share, attention) for share in SHARES), key=lambda one: measure(tuning, getattr(one, way)).error
        )
        for way in ("alone", "filling")
    }
    aligners: dict[str, Callable[[Case], set[Pair]]] = {
        "lexicon, phrases": by_phrase,
        "lexicon, words": by_word,
        f"attention ≥ {looked['alone'].share}": looked["alone"].alone,
        f"words, then ≥ {looked['filling'].share}": looked["filling"].filling,
    }
    parts = {
        "tuning": tuning,
        "held out": every[1::2],
        "machine": [case for case in every if case.writer == "machine"],
        "person": [case for case in every if case.writer == "person"],
    }
    print(f"{len(every)} pairs, {sum(len(case.sure) for case in every)} sure links, ", end="")
    print(f"{sum(len(case.possible - case.sure) for case in every)} more that are possible\n")
    print("pairs    | aligner              | precision | recall | error")
    for name, some in parts.items():
        for aligner, link in aligners.items():
            print(f"{name:<8} | {aligner:<20} | {measure(some, link).row()}")


if __name__ == "__main__":
    main()
