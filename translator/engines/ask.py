"""One question to the model, and what its answers are worth.

A piece of a job becomes a source string: marks numbered from 1, hints as `<hint>术语<is>term</hint>`,
literals that must come back letter by letter as holes `<xN>`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from translator.engines import marks
from translator.model import Candidate, Span
from translator.text import literals

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from translator.text.literals import Literal

MOST_MARKS = 9
"""The model's vocabulary has marks 1 to 9."""
HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_FOREIGN = re.compile("[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\ufffd]|</?hint>|<is>")
"""What no candidate may hold: Chinese, broken bytes, the model's own controls."""
_RUN = re.compile(r"(\b\S+(?: \S+){0,5})(?: \1){2,}|(\S{1,8}?)\2{5,}")


class Hint(NamedTuple):
    """A stretch of a piece and its English."""

    span: Span
    wanted: str
    is_term: bool = False
    """Asked for by the caller; the others are our own."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A piece as it is put to the model."""

    text: str
    """The piece, with the job's marks."""
    hints: tuple[Hint, ...] = ()
    """In order, disjoint."""
    literals: tuple[Literal, ...] = ()
    held: frozenset[Span] = frozenset()
    """The literals and terms that go as holes."""
    is_asked: bool = True
    """False for what has no Chinese: marks, blanks, English."""
    shown: tuple[tuple[str, str], ...] = ()
    """Holes that go as the text they stand for: the mark, and its text."""

    def kept(self) -> list[Candidate]:
        """Answer without the model."""
        return [Candidate(self.text.translate(_PUNCTUATION))]

    def source(self) -> tuple[str, Mapping[str, str]]:
        """Write the source string, and for each of its marks what it stands for."""
        room = MOST_MARKS - marks.count(marks.swap(self.text, dict(self.shown)))
        fixed: list[Literal | Hint] = [*self.literals, *(hint for hint in self.hints if hint.is_term)]
        holes = [each for each in fixed if each.span in self.held][:room]
        hints = [hint for hint in self.hints if not any(_overlap(hint.span, each.span) for each in holes)]
        edits = [(hint.span, f"<hint>{hint.span.of(self.text)}<is>{hint.wanted}</hint>") for hint in hints]
        edits += [(each.span, f"<x{_FIRST_HOLE + n}>") for n, each in enumerate(holes)]
        edits += [(Span(at := self.text.index(mark), at + len(mark)), text) for mark, text in self.shown]
        numbered, old = marks.renumber(_edited(self.text, edits))
        wanted = {f"<x{_FIRST_HOLE + n}>": each.wanted for n, each in enumerate(holes)}
        return numbered, {new: wanted.get(mark, mark) for new, mark in old.items()}

    def hold(self, lost: Iterable[Literal | Hint]) -> Ask:
        """Ask again, with more of them as holes."""
        return replace(self, held=self.held | {each.span for each in lost})

    def hide(self) -> Ask:
        """Ask again with all holes as holes."""
        return replace(self, shown=())

    def open(self, lost: Sequence[Literal]) -> tuple[Ask, Mapping[str, str]]:
        """Put marks in the places of some literals; give also what the marks stand for."""
        marked = {each.span: f"<x{_FIRST_HOLE + n}>" for n, each in enumerate(lost)}
        text = _edited(self.text, marked.items())
        kept = tuple(each._replace(span=_moved(each.span, marked)) for each in self.literals if each.span not in marked)
        hints = tuple(
            each._replace(span=_moved(each.span, marked))
            for each in self.hints
            if not any(_overlap(each.span, span) for span in marked)
        )
        new = replace(self, text=text, hints=hints, literals=kept, held=frozenset())
        return new, {marked[each.span]: each.wanted for each in lost}

    def plain(self) -> Ask:
        """Ask again without hints of our own."""
        return replace(self, hints=tuple(hint for hint in self.hints if hint.is_term))


_PUNCTUATION = str.maketrans("，。；：！？（）【】、“”‘’", ",.;:!?()[],\"\"''")
_FIRST_HOLE = 10**6
"""Above any number a job's marks have, until all are numbered anew."""


def _moved(span: Span, edits: Mapping[Span, str]) -> Span:
    """Say where a span stands after edits that do not meet it."""
    return span.shift(sum(len(new) - (at.end - at.start) for at, new in edits.items() if at.end <= span.start))


def _edited(text: str, edits: Iterable[tuple[Span, str]]) -> str:
    out, at = [], 0
    for span, new in sorted(edits):
        out += [text[at : span.start], new]
        at = span.end
    return "".join((*out, text[at:]))


class Worth(NamedTuple):
    """How good a candidate is; smaller is better."""

    marks_broken: bool
    terms_lost: int
    literals_lost: int
    invented: int
    """Numbers from nowhere, and quotation marks without their other."""
    hints_lost: int
    cost: float

    @property
    def is_whole(self) -> bool:
        """Whether nothing is lost that was to be kept."""
        return not (self.marks_broken or self.terms_lost or self.literals_lost)


def restore(ask: Ask, stands_for: Mapping[str, str], said: str) -> str:
    """Turn what the model said into the job's language: old marks, literals for holes, plain slips mended."""
    text = literals.mend(ask.literals, _holes(ask.shown, marks.swap(said, stands_for).strip()))
    for hint in ask.hints:
        text = _once(hint.wanted, text)
    text = _spaced(ask, text)
    text = re.sub(r" ?(<t[0-9]+>) +", r" \1", text)
    text = re.sub(r"\b([a-z]+)(?: \1\b)+", r"\1", text)  # the model stutters: `fill this in in`
    return finished(ask, text)


def finished(ask: Ask, text: str) -> str:
    """Begin and end a translation as its source does."""
    return _ended(ask, _begun(ask, text.strip()))


def _holes(shown: Sequence[tuple[str, str]], text: str) -> str:
    """Put the marks back for texts that were shown, where each came back as often as it was there."""
    for spelled in sorted({spelled for _, spelled in shown}, key=len, reverse=True):
        stands = [mark for mark, each in shown if each == spelled]
        if text.count(spelled) == len(stands):
            for mark in stands:
                text = text.replace(spelled, mark, 1)
    return text


def _spaced(ask: Ask, text: str) -> str:
    """Put a space before a hole, but none where the author's own word stands right before it: `vector<x1>`."""
    glued = {mark: word for word, mark in _BEFORE_HOLE.findall(ask.text)}
    return _BEFORE_HOLE.sub(lambda found: found[1] + " " * (glued.get(found[2]) != found[1]) + found[2], text)


_BEFORE_HOLE = re.compile(r"([A-Za-z0-9_.:]*[A-Za-z,]) ?(<x[0-9]+>)")


def _once(wanted: str, text: str) -> str:
    """Take away what a copied hint stutters: `Mu Li Li`."""
    last = re.escape(wanted.rpartition(" ")[2])
    return re.sub(rf"({re.escape(wanted)})(?: {last}\b)+", r"\1", text)


def _begun(ask: Ask, text: str) -> str:
    """Begin with a capital letter, unless with a term, or a name that the author writes small."""
    small = (
        *(hint.wanted for hint in ask.hints if hint.is_term),
        *(each.wanted for each in ask.literals if each.is_name),
    )
    first = re.match(r"((?:<t[0-9]+>)*[\"(]?)([a-z])", text)
    if not first or text[first.end(1) :].startswith(small):
        return text
    return first[1] + first[2].upper() + text[first.end() :]


def _ended(ask: Ask, text: str) -> str:
    """End as the source ends: a sentence with its full stop, inside or outside the last tag; a heading with none."""
    last = marks.without(ask.text).rstrip()[-1:]
    words, marks_ = _TAIL.fullmatch(text).groups()  # type: ignore[union-attr]  # it matches anything
    if last not in _ENDS:
        return words.rstrip(".") + marks_ if last.isalnum() else text
    if words[-1:] in (*"!?\"”)'", ""):
        return text
    bare = words.rstrip(".,;:!?")
    return bare + marks_ + _ENDS[last] if ask.text.rstrip().endswith(last) else bare + _ENDS[last] + marks_


_TAIL = re.compile(r"(.*?)((?:</t[0-9]+>|\s)*)", re.DOTALL)
_ENDS = {"。": ".", "！": "!", "!": "!", "？": "?", "?": "?", "：": ":", ":": ":"}
"""What a sentence ends with in English."""


def _score(candidate: Candidate) -> float:
    return candidate.score or 0.0


def weigh(ask: Ask, candidate: Candidate) -> Worth:
    """Judge a candidate."""
    text = candidate.text
    words = marks.without(text)
    missing = missed(ask, words)
    return Worth(
        not marks.are_kept(ask.text, text),
        sum(hint.is_term for hint in missing),
        len(literals.lost(ask.literals, words)),
        literals.invented(ask.literals, words) + words.count('"') % 2,
        sum(not hint.is_term for hint in missing),
        -_score(candidate),
    )


def _overlap(a: Span, b: Span) -> bool:
    return a.start < b.end and b.start < a.end


def missed(ask: Ask, words: str) -> list[Hint]:
    """List the hints that a translation does not say."""
    return [hint for hint in ask.hints if hint.wanted.casefold() not in words.casefold()]


def is_sane(ask: Ask, text: str) -> bool:
    """Tell whether a candidate is English at all: not empty, not Chinese, not running away unless the source does."""
    words = marks.without(text).strip()
    bound = 40 + 8 * len(ask.text)
    own = words
    for each in ask.literals:
        own = own.replace(each.wanted, " ")
    is_said = any(map(str.isalnum, words)) or not HAN.search(ask.text)
    is_running = len(words) >= bound or not _runs(words) <= _runs(ask.text)
    return bool(words) and is_said and not _FOREIGN.search(own) and not is_running


def _runs(text: str) -> set[int | None]:
    """Tell which kinds of repetition a text has: of words, of letters."""
    return {found.lastindex for found in _RUN.finditer(text)}


def ranked(ask: Ask, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Order candidates, best first, each text once; those that are no English are dropped."""
    unique = {each.text: each for each in sorted(candidates, key=_score)}
    sane = [each for each in unique.values() if is_sane(ask, each.text)]
    return sorted(sane, key=lambda each: weigh(ask, each))
