"""From lines to candidates."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, islice
from typing import TYPE_CHECKING, NamedTuple

from translator.align import rendering, renderings
from translator.align.english import normal
from translator.glossary.files import forms
from translator.glossary.matching import Glossary
from translator.glossary.mine.figures import Phrases, is_free
from translator.glossary.mine.names import LATIN, PAIR, is_short, latin, names, pairs
from translator.glossary.mine.runs import without_addresses
from translator.glossary.mine.score import Evidence, Scores, form_score
from translator.model import Span, Term
from translator.text import boundaries, cut, fold, has_han

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from translator.glossary.mine.names import Pair

FIGURES = "figures"
"""Why a candidate is one that no form tells."""
AROUND = 20
"""Characters on either side of a place that are cut again, with the form as a word."""
SURE = 0.3
"""How sure the alignment must be to count."""
CLEAR = 0.4
"""How often documentation must say a word so that this may be proposed: p(English given Chinese)."""
_DEED = 1.5
"""What a deed at the beginning of a bracketed term counts, in words too many."""


class Line(NamedTuple):
    """A sentence of a post."""

    text: str
    """Without markup; U+FFFC stands for what is kept whole."""
    post: str = ""
    english: str = ""
    """What it was translated as, if it was."""
    number: int = 0
    """Where it stands in the post."""


class Place(NamedTuple):
    """Where a candidate stands."""

    line: int
    """Its line's index."""
    span: Span


class Rendered(NamedTuple):
    """What a candidate was translated as, and how often."""

    english: str
    times: int


@dataclass(frozen=True)
class Candidate:
    """A word, phrase or name that may belong in the glossary."""

    term: str
    """As it stands in the posts most often."""
    why: tuple[str, ...]
    """The forms it was found by: `brackets`, `person`, `title`, `Latin`, `quoted`; else `figures`."""
    score: float
    places: tuple[Place, ...]
    """Where it stands, disjoint, in order."""
    posts: int
    """How many posts have it."""
    renderings: tuple[Rendered, ...] = ()
    """By the English of its lines; most frequent first."""
    english: str = ""
    """What brackets beside it say."""
    short: str = ""
    """The abbreviation they give."""
    common: str = ""
    """What technical documentation mostly calls it, by the lexicon."""

    @property
    def count(self) -> int:
        """How often it stands in the posts."""
        return len(self.places)

    @property
    def consistency(self) -> float:
        """The most frequent rendering's part in all of them; 0 where none is known."""
        return self.renderings[0].times / sum(each.times for each in self.renderings) if self.renderings else 0.0

    @property
    def translation(self) -> str:
        """What may be proposed; empty where nobody has said it in English."""
        return self._said[0]

    @property
    def source(self) -> str:
        """Where that is from: the `record`, `brackets`, the Latin `name` itself, the `lexicon`; empty if nowhere."""
        return self._said[1]

    @property
    def _said(self) -> tuple[str, str]:
        said = self.renderings[0].english if self.renderings else ""
        is_name = not has_han(self.term)
        if said and not (is_name and normal(said) == normal(self.term) and fold(said) != fold(self.term)):
            return said, "record"
        if told := self.english or self.short:
            return told, "brackets"
        return (self.term, "name") if is_name else (self.common, "lexicon" if self.common else "")


def mine(
    lines: Sequence[Line],
    known: Glossary = Glossary(),  # noqa: B008  # it never changes
    *,
    least: int = 1,
    top: int | None = None,
    evidence: Evidence | None = None,
) -> tuple[Candidate, ...]:
    """Find candidates, best first; `top` says how many, `least` how often each must stand there.

    What the glossary knows is left out, alone and inside a longer known term. An occurrence begins and ends where
    Jieba's words do. The order of the lines changes nothing but `Place.line`.
    """
    found = (each for each in _Mine(lines, known, evidence or Evidence()).candidates() if each.count >= max(1, least))
    return tuple(islice(found, top))


def _english(term: Term) -> set[str]:
    """Give all that a glossary says of a term in English: no candidate for a term of its own."""
    return {fold(form) for form in (term.translation, term.first, *term.also, *term.forbidden)}


class _Named(NamedTuple):
    """What the forms say of a name."""

    reasons: Counter[str]
    capitals: Counter[bool]
    told: set[tuple[str, str]]
    """English and abbreviation, from brackets."""


class _Mine:
    """The lines, cut and counted."""

    def __init__(self, lines: Sequence[Line], known: Glossary, evidence: Evidence) -> None:
        self.lines, self.evidence = lines, evidence
        self.texts = [without_addresses(line.text) for line in lines]
        self.folded = [fold(text) for text in self.texts]
        self.taken = [[mention.span for mention in known.mentions(line.text)] for line in lines]
        self.known = {form for term in known.terms for form in forms(term) | _english(term)}
        self.edges = list(map(boundaries, self.folded))
        self.phrases = Phrases(self.folded, self.edges, self.taken)
        self.named: dict[str, _Named] = {}

    # ── Names ──

    def name(self) -> None:
        """Look for names by their form."""
        for text in self.texts:
            said = list(self.bracketed(text))
            for name in names(text):
                self.take(text, name.span, name.why)
            for name in latin(text):
                inside = any(span.start <= name.span.start and name.span.end <= span.end for span in said)
                if not inside or is_short(name.span.of(text)):
                    self.take(text, name.span, LATIN)

    def bracketed(self, text: str) -> Iterator[Span]:
        """Take the terms with English in brackets; gives where that English stands."""
        for pair in pairs(text):
            if pair.starts:
                named = self.take(text, Span(self.start(text, pair), pair.end), PAIR)
                named.told.add((pair.english, pair.short))
            if pair.english:
                yield pair.brackets

    def take(self, text: str, span: Span, why: str) -> _Named:
        """Note a name."""
        word = span.of(text)
        named = self.named.setdefault(fold(word), _Named(Counter(), Counter(), set()))
        named.reasons[why] += 1
        named.capitals[word != word.lower()] += 1
        return named

    def start(self, text: str, pair: Pair) -> int:
        """Give where a term before its brackets begins: as far back as it may, or as it is known, whichever fits."""
        wanted = len(pair.english.split()) or sum(map(str.isupper, pair.short))
        table, counts = self.evidence.background, self.phrases.counts

        def is_known(start: int) -> bool:
            form = fold(text[start : pair.end])
            return len(cut(form)) > 1 and (counts[form] > 1 or form in table.counts)

        def misfit(start: int) -> tuple[float, int]:
            words = cut(fold(text[start : pair.end]))
            return abs(len(words) - wanted) + _DEED * (words[0] in table.deeds and not is_known(start)), start

        first = pair.starts[0]
        return first if is_known(first) else min([first, *filter(is_known, pair.starts)], key=misfit)

    # ── Candidates ──

    def candidates(self) -> Iterator[Candidate]:
        """Give every candidate that stands somewhere free, best first."""
        if self.evidence.names:
            self.name()
        scores = self.scores()
        for form in sorted(scores, key=lambda form: (-scores[form], form)):
            if form not in self.known and (places := tuple(self.places(form))):
                yield self.candidate(form, scores[form], places)

    def scores(self) -> dict[str, float]:
        """Give every form's score, rounded so that equal ones are equal."""
        figures = Scores(self.phrases, self.evidence, self.named)
        scores = {form: figures.score(form) for form in figures.forms if figures.free(form) > 0}
        for form, named in self.named.items():
            by_form = form_score(form, named.reasons, has_capital=named.capitals[True] > 0)
            scores[form] = max(0.0, scores.get(form, 0.0)) + by_form
        return {form: round(score, 2) for form, score in scores.items()}

    def candidate(self, form: str, score: float, places: tuple[Place, ...]) -> Candidate:
        """Put together what is known of a form."""
        surfaces = Counter(place.span.of(self.lines[place.line].text) for place in places)
        named = self.named.get(form)
        english, short = max(named.told, default=("", "")) if named else ("", "")
        return Candidate(
            min(surfaces, key=lambda surface: (-surfaces[surface], surface)),
            (*sorted(named.reasons),) if named else (FIGURES,),
            score,
            places,
            len({self.lines[place.line].post for place in places}),
            tuple(_rendered(self.lines, places, form)),
            english,
            short,
            _common(form),
        )

    # ── Places ──

    @cached_property
    def whole(self) -> str:
        """All lines in one text."""
        return "\n".join(self.folded)

    @cached_property
    def starts(self) -> list[int]:
        """Where each line starts in it."""
        return list(accumulate((len(text) + 1 for text in self.folded), initial=0))[:-1]

    def places(self, form: str) -> Iterator[Place]:
        """Give every place of a form: leftmost first, disjoint, on the edges of words, free of what is known."""
        at = self.whole.find(form)
        while at >= 0:
            number = bisect_right(self.starts, at) - 1
            start = at - self.starts[number]
            stands = self.stands(number, start, start + len(form), form)
            if stands:
                yield Place(number, Span(start, start + len(form)))
            at = self.whole.find(form, at + (len(form) if stands else 1))

    def stands(self, number: int, start: int, end: int, form: str) -> bool:
        """Tell whether whole words stand at a place, the form itself counted as a word."""
        if not is_free(start, end, self.taken[number]):
            return False
        if {start, end} <= self.edges[number]:
            return True
        first = max(0, start - AROUND)
        around = boundaries(self.folded[number][first : end + AROUND], frozenset({form}))
        return {start - first, end - first} <= around


def _common(form: str) -> str:
    """Give what the lexicon mostly calls a word; nothing where it has several names for it."""
    best = next(iter(renderings(form).items()), ("", 0.0)) if has_han(form) else ("", 0.0)
    return best[0] if best[1] >= CLEAR else ""


def _usual(form: str, english: str) -> str:
    """Give a rendering as the lexicon writes it, which is mostly the singular."""
    same = (known for known in renderings(form) if normal(known) == normal(english)) if has_han(form) else iter(())
    return next(same, english)


def _rendered(lines: Sequence[Line], places: Sequence[Place], form: str) -> Iterator[Rendered]:
    """Count what the English of the lines says at these places; forms of one word are one rendering."""
    said: dict[str, Counter[str]] = {}
    for place in places:
        line = lines[place.line]
        found = rendering(line.text, place.span, line.english) if line.english else []
        if found and found[0].score >= SURE:
            english = found[0].span.of(line.english)
            said.setdefault(normal(english), Counter())[english] += 1
    for surfaces in sorted(said.values(), key=lambda each: (-each.total(), min(each))):
        yield Rendered(_usual(form, max(surfaces, key=lambda each: (surfaces[each], each))), surfaces.total())
