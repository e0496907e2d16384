"""Whether a translation obeys the glossary: occurrence by occurrence.

Each mention is bound to at most one span of the target and no character of the target serves two; a mention gives way
to another where it can be bound elsewhere, so as many as possible are obeyed. Longer forms bind first, so `learning`
inside a bound `deep learning` does not count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from translator.glossary.english import is_name, is_ordinary, pattern
from translator.model import Mention, Span, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from translator.model import Term

_MARK = re.compile(r"</?[tx]\d+>")


class Plain(NamedTuple):
    """A text without its marks, and where each of its characters stood."""

    text: str
    places: list[int]

    def span(self, start: int, end: int) -> Span:
        """Give the span in the marked text."""
        return Span(self.places[start], self.places[end - 1] + 1 if end > start else self.places[start])


def bare(text: str) -> Plain:
    """Take the marks out: `<tN>` leaves nothing, `<xN>` a character that is in no word."""
    parts: list[str] = []
    places: list[int] = []
    at = 0
    for mark in _MARK.finditer(text):
        parts.append(text[at : mark.start()])
        places += range(at, mark.start())
        if "x" in mark[0]:
            parts.append("\ufffc")
            places.append(mark.start())
        at = mark.end()
    return Plain("".join([*parts, text[at:]]), [*places, *range(at, len(text) + 1)])


def verify(mentions: Sequence[Mention], target: str) -> Verdict:
    """Bind every mention to its own span of the target, and find what the mentioned terms forbid.

    Accepted are the wanted form, the term's translation, its `also` forms and their plurals, possessives, capitals and
    simple inflections; a name must have its own capitals. The target may hold marks. Spans are the target's.
    """
    plain = bare(target)
    binding = _Binding(mentions, plain.text)
    binding.run()
    bound = [(mention, binding.bound.get(index)) for index, mention in enumerate(mentions)]
    obeyed = tuple((mention, plain.span(*span)) for mention, span in bound if span)
    missing = tuple(mention for mention, span in bound if not span)
    wrong = _forbidden(mentions, missing, plain.text, list(binding.bound.values()))
    forbidden = tuple((mention, plain.span(*span)) for mention, span in wrong)
    return Verdict(obeyed, missing, forbidden)


def accepted(mention: Mention) -> list[str]:
    """Give the forms that satisfy a mention, the wanted one first."""
    term = mention.term
    others = () if term.keep else (term.first, term.translation, *term.also)
    return list(dict.fromkeys(form for form in (mention.wanted, *others) if form))


def find(form: str, term: Term, text: str) -> Iterator[Span]:
    """Find a form of a term in an English text."""
    exact = is_name(term) and (form == term.translation or not is_ordinary(form))
    for match in pattern(form, exact=exact).finditer(text):
        yield Span(*match.span())


@dataclass
class _Binding:
    """A matching of mentions to disjoint spans, grown one mention at a time."""

    mentions: Sequence[Mention]
    text: str

    def __post_init__(self) -> None:
        self.bound: dict[int, Span] = {}
        self.owner: list[int] = [-1] * len(self.text)
        self.options = [self.find(mention) for mention in self.mentions]

    def find(self, mention: Mention) -> list[Span]:
        spans = [span for form in accepted(mention) for span in find(form, mention.term, self.text)]
        return list(dict.fromkeys(spans))

    def run(self) -> None:
        for index in sorted(range(len(self.mentions)), key=self.rank):
            self.place(index, set())

    def rank(self, index: int) -> tuple[int, bool, int]:
        """Order mentions: the longest form first, then those whose very wanted form stands there."""
        mention = self.mentions[index]
        longest = max(map(_size, self.options[index]), default=0)
        return -longest, next(find(mention.wanted, mention.term, self.text), None) is None, index

    def place(self, index: int, tried: set[Span]) -> bool:
        """Bind a mention, where need be by moving one that is in its way."""
        free = (span for span in self.options[index] if not self.owners(span))
        if (span := next(free, None)) is not None:
            self.bind(index, span)
            return True
        for span in self.options[index]:
            owners = self.owners(span)
            if span in tried or len(owners) != 1:
                continue
            tried.add(span)
            if self.move(owners.pop(), index, span, tried):
                return True
        return False

    def move(self, owner: int, index: int, span: Span, tried: set[Span]) -> bool:
        """Give a span to another mention if its owner finds a new one; else all is as before."""
        held = self.bound.pop(owner)
        self.mark(held, -1)
        self.bind(index, span)
        if self.place(owner, tried):
            return True
        self.mark(self.bound.pop(index), -1)
        self.bind(owner, held)
        return False

    def owners(self, span: Span) -> set[int]:
        return {owner for owner in self.owner[span.start : span.end] if owner >= 0}

    def bind(self, index: int, span: Span) -> None:
        self.bound[index] = span
        self.mark(span, index)

    def mark(self, span: Span, owner: int) -> None:
        self.owner[span.start : span.end] = [owner] * _size(span)


def _size(span: Span) -> int:
    return span.end - span.start


def _forbidden(
    mentions: Sequence[Mention], missing: Sequence[Mention], text: str, taken: list[Span]
) -> Iterator[tuple[Mention, Span]]:
    """Find each forbidden form once, with a mention that is still missing where there is one."""
    waiting = list(missing)
    for span, mention in sorted(_wrong(mentions, text, taken)):
        same = next((other for other in waiting if other.term == mention.term), None)
        if same:
            waiting.remove(same)
        yield same or mention, span


def _wrong(mentions: Sequence[Mention], text: str, taken: list[Span]) -> Iterator[tuple[Span, Mention]]:
    seen = list(taken)
    for mention in {mention.term.term: mention for mention in mentions}.values():
        right = {form.casefold() for form in accepted(mention)}
        for form in sorted((*mention.term.forbidden, *_own_spellings(mention)), key=len, reverse=True):
            # A form that differs from a right one by its capitals alone is wrong only as it is spelled.
            strict = form.casefold() in right
            for match in pattern(form, exact=strict, loose=not strict).finditer(text):
                span = Span(*match.span())
                inside = _in_path(text, span) and form not in mention.term.forbidden
                if not inside and not any(span.start < other.end and other.start < span.end for other in seen):
                    seen.append(span)
                    yield span, mention


def _own_spellings(mention: Mention) -> list[str]:
    """Give the author's own Latin spellings of a name that English writes otherwise: MXNET, mxnet for MXNet."""
    term = mention.term
    if term.keep or not is_name(term):
        return []
    right = set(accepted(mention))
    return [form for form in dict.fromkeys((term.term, *term.aliases)) if form.isascii() and form not in right]


def _in_path(text: str, span: Span) -> bool:
    """Tell whether a name is part of a path, a module or an address."""
    before, after = text[: span.start][-2:], text[span.end :][:2]
    return bool(re.search(r"[\w)][./_@:-]$|[./_@-]$", before) or re.match(r"[./_@:-]\w", after))
