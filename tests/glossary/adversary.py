"""An engine that knows the right English and harms its terms, at set rates; and the texts to try it on.

It ships with the tests: what the glossary promises is proven against it, kind of harm by kind of harm.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from translator.align import renderings
from translator.glossary import Glossary, accepted, verify
from translator.glossary.english import plural
from translator.glossary.verdicts import find
from translator.meter import Meter
from translator.model import Abilities, Answer, Candidate, Job, Mention, Span
from translator.text import has_han, pinyin

KINDS = (
    "rename", "alien", "forbidden", "drop", "double", "plural", "pinyin", "chinese", "capitals", "reorder",
)  # fmt: skip
"""What is done to a term: said by another word that a lexicon knows, by a word that nobody knows, by a form that the
glossary forbids; left out, said twice, made plural, in pinyin, left in Chinese, with other capitals; its place changed
with another's."""
NAMES = ("Blorvex", "Quandle", "Trimbo", "Fesk", "Zolt", "Margle")


@dataclass(frozen=True)
class Pair:
    """A sentence, its right English, and where each mention is said in it."""

    source: str
    english: str
    mentions: tuple[Mention, ...]
    slots: tuple[Span, ...]
    """One for each mention, in the mentions' order."""


def pair(source: str, english: str, glossary: Glossary) -> Pair | None:
    """Make a pair; None where the English does not say every mention."""
    mentions = glossary.mentions(source)
    verdict = verify(mentions, english)
    if not mentions or not verdict.is_clean:
        return None
    spans = {id(mention): span for mention, span in verdict.obeyed}
    return Pair(source, english, mentions, tuple(spans[id(mention)] for mention in mentions))


@dataclass(frozen=True)
class Harm:
    """One mention that was harmed: where what now stands for it stands."""

    kind: str
    mention: Mention
    span: Span


@dataclass(frozen=True)
class Harmed:
    """A harmed text."""

    text: str
    harms: tuple[Harm, ...]


@dataclass
class Adversary:
    """The engine. It hears hints and heeds none; into a hole it puts the hole, or loses it.

    What it does to a mention is the same whenever it is asked.
    """

    pairs: Mapping[str, Pair]
    rates: Mapping[str, float] = field(default_factory=lambda: dict.fromkeys(KINDS, 0.05))
    """By kind, the share of mentions; together at most 1."""
    lost_holes: float = 0.1
    seed: int = 1
    name: str = "adversary"
    signature: str = "adversary"
    abilities: Abilities = field(default_factory=lambda: Abilities(hints=True))

    def draft(self, jobs: Sequence[Job], _: Meter) -> Iterator[tuple[int, Answer]]:
        """Answer every job with the right English, harmed; the job's block is its sentence without holes."""
        for n, job in enumerate(jobs):
            one = self.pairs[job.around.block]
            said = harm(one, self.rates, self.seed, holes_of(one, job.text), self.lost_holes)
            yield n, Answer((Candidate(said.text),))


def holes_of(one: Pair, text: str) -> dict[Mention, str]:
    """Tell which mentions a text has as holes."""
    found: dict[Mention, str] = {}
    at = done = 0
    for mention in one.mentions:
        at += mention.span.start - done
        hole = re.match(r"<x\d+>", text[at:])
        if hole and not text.startswith(mention.surface, at):
            found[mention] = hole[0]
        at += len(hole[0]) if mention in found else len(mention.surface)
        done = mention.span.end
    return found


def harm(
    one: Pair, rates: Mapping[str, float], seed: int, holes: Mapping[Mention, str] = {}, lost_holes: float = 0.0
) -> Harmed:
    """Give a pair's English with its terms harmed; a mention with a hole is said as its hole, or not at all."""
    chance = random.Random(f"{seed} {one.source}")  # noqa: S311  # the same for everyone
    kinds = [_kind(rates, chance) for _ in one.mentions]
    right = [one.english[slot.start : slot.end] for slot in one.slots]
    forms = list(right)
    if (swap := [n for n, kind in enumerate(kinds) if kind == "reorder"]) and len(forms) > 1:
        other = chance.choice([n for n in range(len(forms)) if n != swap[0]])
        forms[swap[0]], forms[other] = forms[other], forms[swap[0]]
    out, at, harms = "", 0, []
    for n in sorted(range(len(forms)), key=lambda n: one.slots[n]):
        mention = one.mentions[n]
        form = _harmed(kinds[n], forms[n], mention, chance)
        if mention in holes:
            form = "" if chance.random() < lost_holes else holes[mention]
        out += one.english[at : one.slots[n].start]
        if form != right[n]:
            harms.append(Harm(kinds[n], mention, Span(len(out), len(out) + len(form))))
        out += form
        at = one.slots[n].end
    return Harmed(out + one.english[at:], tuple(harms))


def _kind(rates: Mapping[str, float], chance: random.Random) -> str:
    at = chance.random()
    for kind, rate in rates.items():
        if at < rate:
            return kind
        at -= rate
    return ""


def _harmed(kind: str, form: str, mention: Mention, chance: random.Random) -> str:
    many = form.endswith("s") and not mention.wanted.endswith("s")
    make = {
        "rename": lambda: _numbered(_other_word(mention, chance) or form, many=many),
        "alien": lambda: _numbered(chance.choice(NAMES), many=many),
        "forbidden": lambda: _numbered(chance.choice(mention.term.forbidden or (form,)), many=many),
        "drop": lambda: "",
        "double": lambda: f"{form} {form}",
        "plural": lambda: form if form.endswith("s") else plural(form),
        "pinyin": lambda: pinyin(mention.surface) if has_han(mention.surface) else form,
        "chinese": lambda: mention.surface,
        "capitals": lambda: form.swapcase() if form != form.lower() else form.upper(),
    }
    return make.get(kind, lambda: form)()


def _numbered(word: str, *, many: bool) -> str:
    return plural(word) if many and word[-1:].isalpha() and not word.endswith("s") else word


def _other_word(mention: Mention, chance: random.Random) -> str:
    """Give a wrong word for a mention that the lexicon knows."""
    right = {form.casefold() for form in accepted(mention)}
    options = [
        phrase
        for phrase, share in renderings(mention.surface).items()
        if share > 0.02
        and phrase.isascii()
        and phrase[0].isalpha()
        and phrase.casefold() not in right
        and not any(next(find(form, mention.term, phrase), None) for form in accepted(mention))
    ]
    return chance.choice(options) if options else ""


def only(kind: str, rate: float = 0.5) -> dict[str, float]:
    """Give the rates for one kind of harm alone."""
    return {kind: rate}


def shuffled(glossary: Glossary, seed: int) -> Glossary:
    """Give the same terms with their translations changed among them: every one is wrong."""
    terms = [term for term in glossary.terms if not term.keep]
    english = [term.translation for term in terms]
    chance = random.Random(seed)  # noqa: S311  # the same for everyone
    order = list(range(len(terms)))
    chance.shuffle(order)
    ring = {order[n]: order[(n + 1) % len(order)] for n in range(len(order))}
    return Glossary(
        tuple(
            replace(term, translation=english[ring[n]], also=(), forbidden=(), first="", kind="")
            for n, term in enumerate(terms)
        )
    )
