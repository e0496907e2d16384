"""What became of each mention of a term in a translation, and the smallest safe repair.

    source, mentions, target ─verify→ obeyed | forbidden | missing ─look→ wrong | implied | missing ─mend→ target

It works on any two texts, whoever wrote them. A repair is made only where something in the target is proven to be the
mention's rendering: it is forbidden, or spelled like the term, or the lexicon says so and no other word claims it.
Everything else is a finding with its place in both texts.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from translator.align import rendering
from translator.glossary.english import is_akin, is_name, is_noun, stands_as_noun
from translator.glossary.repairs import is_clear, replaced, wrongs
from translator.glossary.verdicts import bare, verify
from translator.model import Edit, Span
from translator.splice import splice
from translator.text import has_han

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from translator.model import Mention

SURE = 0.8
"""The aligner's score from which a phrase is taken for the mention's rendering and put right."""
PERHAPS = 0.1
"""The score from which a phrase might be: no repair, but the mention is not taken for an “it” either."""

_IT = re.compile(
    r"\b(?:its?|itself|this|these|those|they|them|their|themselves|ones?|both|which|such|each|the (?:former|latter))\b",
    re.IGNORECASE,
)
_WHO = re.compile(r"\b(?:he|him|his|himself|she|hers?|herself|they|them|their|who|whose|whom)\b", re.IGNORECASE)
_AND = re.compile(r"[,;:—]|\b(?:and|but|or|nor|yet|so|then|as|than|while|when|if)\b", re.IGNORECASE)
_POINTING = r"\b(?:the|this|that|these|those|its|their|such|each|both|same)\s+(?:[\w-]+\s+)?"


class Became(StrEnum):
    """What became of a mention."""

    OBEYED = "obeyed"
    IMPLIED = "implied"
    """Said as “it”, or not said again in the same sentence, after a right first mention and with no other rendering."""
    WRONG = "wrong"
    """Said otherwise: forbidden, untranslated, in pinyin, or by another word; where it stands is known."""
    MISSING = "missing"
    """Not there, or said in words that we cannot be sure of."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one mention became in one segment."""

    mention: Mention
    became: Became
    span: Span | None = None
    """In the target: the rendering, right or wrong; for a missing one what might be it."""
    proof: str = ""
    """Why it is wrong: `forbidden`, `untranslated`, `spelling`, `pinyin`, `short first mention` or `lexicon: …`."""
    many: bool = False
    """Whether the wrong rendering is a plural."""


def judge(source: str, mentions: Sequence[Mention], target: str) -> tuple[Said, ...]:
    """Tell what each mention became, in the order of the source; a form that is forbidden beside them comes last.

    One span of the target satisfies one mention at most. `source` is plain, the mentions' spans are its; the target may
    hold marks. A forbidden form that the author writes himself, beside the mentions, is his. A single segment cannot
    tell what is implied by another: see `imply`.
    """
    verdict = verify(mentions, target)
    found = {id(mention): Said(mention, Became.OBEYED, span) for mention, span in verdict.obeyed}
    taken = [span for _, span in verdict.obeyed]
    beside = []
    for wrong in wrongs(target, mentions, verdict):
        if wrong.proof == "forbidden" and _is_authors(wrong.span.of(target), source, mentions):
            continue
        said = Said(wrong.mention, Became.WRONG, wrong.span, wrong.proof, wrong.many)
        taken.append(wrong.span)
        if found.setdefault(id(wrong.mention), said) is not said:
            beside.append(said)
    left = [mention for mention in mentions if id(mention) not in found]
    found |= {id(said.mention): said for said in _aligned(source, left, target, taken)}
    return (*(found[id(mention)] for mention in mentions), *beside)


def _is_authors(form: str, source: str, mentions: Sequence[Mention]) -> bool:
    """Tell whether the author writes a form himself: 把沐神译成 "Bath God" speaks of it."""
    taken = [mention.span for mention in mentions]
    places = (Span(*match.span()) for match in re.finditer(re.escape(form), source))
    return any(all(one.end <= place.start or place.end <= one.start for one in taken) for place in places)


def _aligned(source: str, mentions: Sequence[Mention], target: str, taken: list[Span]) -> Iterator[Said]:
    """Look for the words that say a mention which nothing else explains."""
    plain = bare(target)
    for mention in mentions:
        best = Said(mention, Became.MISSING)
        for option in rendering(source, mention.span, plain.text) if mention.span.end <= len(source) else ():
            span = plain.span(*option.span)
            if option.score < PERHAPS or _is_part(span.of(target), mention.wanted) or not is_clear(target, span, taken):
                continue
            best = Said(mention, Became.MISSING, span)
            if option.score >= SURE and _is_safe(plain.text, option.span, mention):
                best = Said(mention, Became.WRONG, span, f"lexicon: {option.proof}", _is_many(span.of(target)))
                taken.append(span)
            break
        yield best


def _is_safe(text: str, span: Span, mention: Mention) -> bool:
    """Tell whether what is wanted can take a phrase's place without harm to the sentence: a noun that of a noun."""
    phrase = span.of(text)
    if is_akin(phrase, mention.wanted) or has_han(phrase):
        return False
    if is_name(mention.term) and phrase[:1].isupper():
        return True
    return is_noun(mention.wanted) and stands_as_noun(text[: span.start], phrase, text[span.end :])


def _is_part(phrase: str, wanted: str) -> bool:
    """Tell whether a phrase is a part of what is wanted: what stands beside it may be the other part, said wrongly."""
    return re.search(rf"\b{re.escape(phrase.lower().removesuffix('s'))}(?:s|es)?\b", wanted.lower()) is not None


def _is_many(phrase: str) -> bool:
    return re.search(r"[^sui]s$", phrase) is not None and len(phrase) > 3


def imply(
    text: Sequence[Sequence[Said]], targets: Sequence[str], before: Mapping[str, bool] = MappingProxyType({})
) -> list[tuple[Said, ...]]:
    """Tell missing mentions from those a careful translator leaves to “it”, over a whole text, segment by segment.

    A mention is implied where the text's first mention of its term is right, nothing in its segment might be another
    rendering of it, and its segment has a word that can stand for it: one pronoun for each, or the head of the term
    (`the network` for 卷积神经网络), or the term itself before a conjunction or comma (`MXNet is fast and small`).

    Where the text goes on from another, `before` tells of the terms mentioned there whether their first mention is
    right.
    """
    first = dict(before)
    out = []
    for some, target in zip(text, targets, strict=True):
        for said in some:
            first.setdefault(said.mention.term.term, said.became is Became.OBEYED)
        out.append(tuple(_implied(some, target, first)))
    return out


def _implied(some: Sequence[Said], target: str, first: dict[str, bool]) -> Iterator[Said]:
    plain = bare(target).text
    right = {said.mention.term.term for said in some if said.became is Became.OBEYED}
    wrong = {said.mention.term.term for said in some if said.became is Became.WRONG or _is_open(said)}
    used: Counter[str] = Counter()
    for said in some:
        name = said.mention.term.term
        if said.became is Became.MISSING and not said.span and first[name] and name not in wrong:
            pronouns = _WHO if said.mention.term.kind == "person" else _IT
            spare = len(pronouns.findall(plain)) - used[pronouns.pattern]
            shared = name in right and _AND.search(plain)
            if shared or _has_head(said.mention, plain) or spare > 0:
                used[pronouns.pattern] += not shared
                yield replace(said, became=Became.IMPLIED)
                continue
        yield said


def _is_open(said: Said) -> bool:
    return said.became is Became.MISSING and said.span is not None


def _has_head(mention: Mention, plain: str) -> bool:
    head = mention.term.translation.rpartition(" ")[2]
    return head != mention.term.translation and bool(
        re.search(rf"{_POINTING}{re.escape(head)}(?:s|es)?\b", plain, re.IGNORECASE)
    )


def edits(target: str, some: Sequence[Said]) -> list[Edit]:
    """Give the changes that put each wrong rendering right, disjoint and in order; each as small as it can be.

    Number, article and the capital of a sentence's start are kept.
    """
    wrong = sorted((said.span, n) for n, said in enumerate(some) if said.became is Became.WRONG and said.span)
    out = (_difference(target, replaced(target, at, some[n].mention, many=some[n].many)) for at, n in wrong)
    return [edit for edit in out if edit.text != edit.span.of(target)]


def _difference(before: str, after: str) -> Edit:
    start = next(
        (n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )
    most = min(len(before), len(after)) - start
    end = next((n for n in range(most) if before[-1 - n] != after[-1 - n]), most)
    return Edit(Span(start, len(before) - end), after[start : len(after) - end])


def corrected(target: str, some: Sequence[Said]) -> str:
    """Give the target with every wrong rendering put right."""
    return splice(target, edits(target, some))
