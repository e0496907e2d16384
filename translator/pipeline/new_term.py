"""A new term: whether it can be one, what the post's English would become with it, and into the glossary.

term + post ─readings→ mentions of it ─judge→ right | wrong ─edits→ decision, or left with the reason
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from translator.errors import InputError
from translator.glossary import Became, Glossary, edits, imply
from translator.model import JOINED, State, Term
from translator.pipeline.decide import Decision, Stand
from translator.pipeline.edit_terms import Shelf
from translator.pipeline.readings import Target, readings
from translator.pipeline.uses import hidden, may_mention
from translator.pipeline.work import Seen
from translator.splice import splice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from translator.config import Project
    from translator.glossary import Said
    from translator.model import Entry
    from translator.pipeline.readings import Reading
    from translator.pipeline.work import Work

TIMES = 3
"""How often a text is judged again: what was put right can show what else is wrong."""
IN_CONFLICT = "two texts are in conflict here; decide that first"
NOT_SHOWN = "the English file shows something else there, shaped by hand, or its Markdown would break"


class Left(NamedTuple):
    """A segment that mentions the term and whose English cannot surely be put right."""

    key: str
    source: str
    target: str
    """As it would be."""
    why: str


def consequences(work: Work, entries: Sequence[Entry], term: Term) -> tuple[list[Decision], list[Left]]:
    """Give what the English of each segment that mentions a term would become if it were in the glossary.

    Only what is plainly a wrong rendering of the term changes; a right one, and “it” after a right one, stays, and so
    does every other term's. What is approved stays approved, by whoever does this; a draft stays a draft. A tag that
    the glossary now knows is drafted. Law: taken, there is nothing more to change.
    """
    now = _with_term(work, entries, term)
    if now is None:
        return [], []
    then = now
    for _ in range(TIMES):
        after = _repaired(then, term)
        if after == then.entries:
            break
        then = replace(then, entries=after)
    unseen = hidden(now, then.entries) if then.entries != now.entries else set[int]()
    changed = [i for i, (a, b) in enumerate(zip(now.entries, then.entries, strict=True)) if a.target != b.target]
    settled = tuple(now.entries[i] if i in unseen else entry for i, entry in enumerate(then.entries))
    decisions = [_decision(now, i, settled[i]) for i in changed if i not in unseen]
    return decisions, list(_left(replace(now, entries=settled), term, unseen & {*changed}))


def _with_term(work: Work, entries: Sequence[Entry], term: Term) -> Work | None:
    """Give the post with the term in its glossary; None where it changes nothing there."""
    is_term = term.term.strip() and (term.translation or term.keep)
    if not is_term or not may_mention(work.post.document.text, [term]):
        return None
    glossary = Glossary((*work.means.glossary.terms, _used(term)))
    seen = Seen(work.post, glossary)
    return replace(work, means=replace(work.means, glossary=glossary), seen=seen, entries=tuple(entries))


def _used(term: Term) -> Term:
    """Give a term as the glossary reads it."""
    return replace(term, translation=term.translation or term.term, status="")


# ── What would change ─────────────────────────────────────────────────────────────────────────────────────────────────


def _said(work: Work, term: Term) -> list[tuple[Reading, tuple[Said, ...]]]:
    """Tell what became of each mention of the term, text by text."""
    some = [reading for reading in readings(work) if reading.has([_used(term)])]
    judged = [reading.judged() for reading in some]
    every = imply(judged, [reading.said.text for reading in some])
    ours = (tuple(one for one in said if one.mention.term == _used(term)) for said in every)
    return list(zip(some, ours, strict=True))


def _repaired(work: Work, term: Term) -> tuple[Entry, ...]:
    """Put right what is surely wrong, and draft the tags that are this term."""
    out = list(work.entries)
    for reading, said in _said(work, term):
        i, entry = reading.holder, out[reading.holder]
        if entry.state in {State.CONFLICT, State.JOINED} or entry.target == JOINED:
            continue
        if entry.state is State.UNTRANSLATED:
            tag = work.by_glossary(i)
            out[i] = replace(entry, target=tag, state=State.DRAFT, origin="glossary") if tag else entry
        elif changed := edits(reading.said.text, said):
            target = Target.of(work, i)
            if entry.target == target.text and (spelled := target.spelled(reading.said, changed)):
                out[i] = replace(entry, target=splice(target.text, spelled))
    return tuple(out)


def _decision(work: Work, i: int, after: Entry) -> Decision:
    entry = work.entries[i]
    if after.state.is_done:
        after = replace(after, origin="person", by=work.means.person, score=None)
    return Decision(entry.key, entry.source, Stand.of(entry), Stand.of(after))


def _left(work: Work, term: Term, unseen: set[int]) -> Iterator[Left]:
    """Say which mentions are still not said as the term wants it, once for each segment."""
    reasons: dict[int, list[str]] = {}
    for reading, said in _said(work, term):
        entry = work.entries[reading.holder]
        if entry.target not in {"", JOINED, entry.source}:
            reasons.setdefault(reading.holder, []).extend(filter(None, (_why(reading, one) for one in said)))
    for i, whys in sorted(reasons.items()):
        entry = work.entries[i]
        why = "; ".join(dict.fromkeys(whys))
        if why and entry.state is State.CONFLICT:
            why = IN_CONFLICT
        if why or i in unseen:
            yield Left(entry.key, entry.source, entry.target, NOT_SHOWN if i in unseen else why)


def _why(reading: Reading, one: Said) -> str:
    mention = one.mention
    if one.became in {Became.OBEYED, Became.IMPLIED}:
        return ""
    perhaps = one.span.of(reading.said.text) if one.span else ""
    if one.became is Became.WRONG:
        return f"“{perhaps}” stands for {mention.surface} and cannot surely become “{mention.wanted}”"
    return f"{mention.surface} is not said as “{mention.wanted}”" + (f"; perhaps “{perhaps}” is it" if perhaps else "")


# ── Into the glossary ─────────────────────────────────────────────────────────────────────────────────────────────────


def refusal(project: Project, term: Term) -> str:
    """Say why a term cannot be added; empty: it can. Nothing is written."""
    if not term.term.strip():
        return "a term has to have at least one character"
    if not term.translation.strip() and not term.keep:
        return f"say what “{term.term}” is to be in English"
    try:
        Shelf(project, is_dry=True).add(term)
    except InputError as error:
        return str(error.args[0])
    return ""


def add(project: Project, term: Term) -> Path:
    """Put a term into the glossary; gives the file it went to. Raises `InputError` where `refusal` says why not."""
    return Shelf(project).add(term).path
