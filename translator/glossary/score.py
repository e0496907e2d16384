"""How well a translation obeys the glossary, by two definitions.

`public`
    Of the WMT 2025 terminology task, document track (Semenov et al., “Findings of the WMT25 Terminology Translation
    Task”; evaluate_track2.py in github.com/wmt-conference/wmt25-terminology): for every segment and every term its
    source has, the term's renderings that stand in the target ÷ the term's occurrences in the source, at most 1; the
    mean over all. What satisfies one term may satisfy another as well.
`strict`
    Occurrence by occurrence: each mention is bound to a span of the target that ends where words end, and no span
    serves two (as announced for WMT 2026; `verdicts.py`): bound mentions ÷ mentions.

In both the accepted forms are ours: the translation, `also`, their inflections and capitals. Mentions that are implied
(`enforce.imply`) count as not obeyed in both, and are given apart.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from translator.glossary.enforce import Became
from translator.glossary.verdicts import accepted, bare, find

if TYPE_CHECKING:
    from collections.abc import Sequence

    from translator.glossary.enforce import Said
    from translator.model import Mention, Span, Term


@dataclass
class Tally:
    """What became of a term's mentions, or of all."""

    mentions: int = 0
    obeyed: int = 0
    implied: int = 0
    wrong: int = 0
    missing: int = 0
    capped: float = 0.0
    """The sum of the public definition's shares."""
    cases: int = 0
    """Segments that have the term."""
    renderings: Counter[str] = field(default_factory=Counter)
    """What stands there for it, right or wrong."""

    @property
    def strict(self) -> float:
        """Obeyed ÷ mentions; 1 where there are none."""
        return self.obeyed / self.mentions if self.mentions else 1.0

    @property
    def public(self) -> float:
        """The mean share over segments; 1 where there are none."""
        return self.capped / self.cases if self.cases else 1.0

    def add(self, other: Tally) -> None:
        """Count another tally in."""
        for name in ("mentions", "obeyed", "implied", "wrong", "missing", "capped", "cases"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.renderings += other.renderings


def tally(text: Sequence[Sequence[Said]], targets: Sequence[str]) -> dict[str, Tally]:
    """Count what became of each term's mentions in a text, by term, in order of appearance."""
    out: dict[str, Tally] = {}
    for some, target in zip(text, targets, strict=True):
        plain = bare(target).text
        seen: dict[int, list[Mention]] = {}
        for said in some:
            if id(said.mention) in {id(one) for one in seen.get(id(said.mention.term), ())}:
                continue  # what is forbidden beside a mention that is counted already
            seen.setdefault(id(said.mention.term), []).append(said.mention)
            _count(out.setdefault(said.mention.term.term, Tally()), said, target)
        for mentions in seen.values():
            one = out[mentions[0].term.term]
            one.cases += 1
            one.capped += min(1.0, _occurrences(mentions, plain) / len(mentions))
    return out


def total(tallies: dict[str, Tally]) -> Tally:
    """Count all terms together."""
    out = Tally()
    for one in tallies.values():
        out.add(one)
    return out


def _count(one: Tally, said: Said, target: str) -> None:
    one.mentions += 1
    name = said.became.value
    setattr(one, name, getattr(one, name) + 1)
    if said.span and said.became in {Became.OBEYED, Became.WRONG}:
        one.renderings[said.span.of(target)] += 1


def _occurrences(mentions: Sequence[Mention], plain: str) -> int:
    """Count the places where an accepted form of the mentions' term stands."""
    term: Term = mentions[0].term
    forms = {form for mention in mentions for form in accepted(mention)}
    spans: list[Span] = []
    for span in sorted((span for form in forms for span in find(form, term, plain)), key=lambda s: s.start - s.end):
        if all(span.end <= other.start or other.end <= span.start for other in spans):
            spans.append(span)
    return len(spans)
