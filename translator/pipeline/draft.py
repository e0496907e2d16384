"""From segments to verified English: hints, then the next best answers, then holes, then repair, then a finding.

Segment ─protect→ Task(jobs) ─engine→ Answer ─judge→ target | another round with holes ─restore→ Drafted
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from translator.errors import EngineError
from translator.glossary import corrected, fill, is_name, judge, verify
from translator.markdown import MarkError, append_lost, plain, plain_map, restore
from translator.model import NOWHERE, Finding, InlineKind, Job, JobTerm, Level, Mention, Protected, Span
from translator.pipeline.sound import unsound
from translator.text import has_han, tidy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from translator.meter import Meter
    from translator.model import Abilities, Answer, Around, Candidate, Codec, Engine
    from translator.text import Quotes

MARK = re.compile(r"</?[tx]\d+>")
LINE_END = re.compile("[ \\t]*[\\n\\r\\v\\f\\x85\\u2028\\u2029]\\s*")
NEVER = re.compile("[\\0-\\x08\\x0e-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")
ROUNDS = 3
"""As it is, with holes for the terms that were missed, and once more without hints."""


@dataclass(frozen=True)
class Drafted:
    """What an engine made of a segment; no target where it made nothing of it."""

    target: str = ""
    score: float | None = None
    findings: tuple[Finding, ...] = ()
    origin: str = ""
    """Which engine, or `memory`, or `glossary`."""


@dataclass(frozen=True)
class Ask:
    """One text to be put into English, and the terms it mentions; spans counted in `plain(text)`."""

    text: str
    mentions: tuple[Mention, ...] = ()
    around: Around = NOWHERE
    examples: tuple[tuple[str, str], ...] = ()
    kept: tuple[tuple[str, str], ...] = ()
    """As in a job: what some marks stand for."""
    habits: tuple[JobTerm, ...] = ()
    """What approved sentences say for words that are no terms; disjoint from the mentions."""


@dataclass
class _Try:
    """How far one ask has come."""

    ask: Ask
    holes: frozenset[int] = frozenset()
    """Which mentions travel as holes."""
    hints: bool = True
    best: str | None = None
    """Marks whole, terms perhaps not."""
    wreck: str | None = None
    """The first answer, marks broken."""
    sure: float | None = None
    """How sure the engine was of `best`."""
    errors: list[str] = field(default_factory=list)
    again: str = ""
    """What is said to an engine that is asked again."""
    done: bool = False


def draft(engine: Engine, asks: Sequence[Ask], quotes: Quotes, meter: Meter) -> Iterator[tuple[int, Drafted]]:
    """Put texts into English and give each as soon as it is settled: its index, and the marked text as the target.

    An engine that cannot go on raises; what was given before stays valid.
    """
    tries = [_first(engine.abilities, ask) for ask in asks]
    live = list(range(len(tries)))
    for last in (n == ROUNDS - 1 for n in range(ROUNDS)):
        again = []
        for at, answer in _answers(engine, [_job(tries[i]) for i in live], meter):
            i, one = live[at], tries[live[at]]
            _judge(one, answer, engine, quotes)
            if one.done or last or engine.abilities.identity or not engine.abilities.drafts or not _next(one):
                yield i, _settled(one, engine, quotes)
            else:
                again.append(i)
        live = sorted(again)
        if not live:
            return


def first_jobs(able: Abilities, asks: Sequence[Ask]) -> tuple[Job, ...]:
    """Give the questions that an engine which is able to do so much is asked first."""
    return tuple(_job(_first(able, ask)) for ask in asks)


def _first(able: Abilities, ask: Ask) -> _Try:
    whole = able.takes_terms or able.identity or not able.drafts
    return _Try(ask, frozenset() if whole else frozenset(range(len(ask.mentions))), able.takes_terms)


def _answers(engine: Engine, jobs: Sequence[Job], meter: Meter) -> Iterator[tuple[int, Answer]]:
    """Ask an engine, and make sure that it answers every job once."""
    left = set(range(len(jobs)))
    for at, answer in engine.draft(jobs, meter):
        if at not in left:
            raise EngineError(f"{engine.name} gave more answers than it was asked for")
        left.remove(at)
        yield at, answer
    if left:
        raise EngineError(f"{engine.name} gave {len(jobs) - len(left)} answers to {len(jobs)} sentences")


# ── One round ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _job(one: _Try) -> Job:
    text, _, terms, habits = _posed(one)
    told = (terms, habits) if one.hints else ((), ())
    return Job(text, told[0], one.ask.around, one.ask.examples, one.again, told[1], one.ask.kept)


class _Posed(NamedTuple):
    """A job's text, and what stands in it."""

    text: str
    holes: dict[str, Mention]
    terms: tuple[JobTerm, ...]
    habits: tuple[JobTerm, ...]


def _posed(one: _Try) -> _Posed:
    """Write the job's text: some terms as holes, the others as hints where no mark stands inside them."""
    text, (_, offsets) = one.ask.text, plain_map(one.ask.text)
    number = max((int(n) for n in re.findall(r"<[tx](\d+)>", text)), default=0)
    out: list[str] = []
    holes: dict[str, Mention] = {}
    terms: list[JobTerm] = []
    habits: list[JobTerm] = []
    at = size = 0
    for known, n in _known(one.ask):
        start, end = offsets[known.span.start], offsets[known.span.end - 1] + 1
        if MARK.search(text[start:end]):
            continue
        size += start - at
        out.append(text[at:start])
        if isinstance(known, Mention) and n in one.holes:
            number += 1
            holes[f"<x{number}>"] = known
            out.append(f"<x{number}>")
            size += len(out[-1])
        else:
            there = Span(size, size + end - start)
            if isinstance(known, Mention):
                terms.append(JobTerm(there, known.wanted, known.term.note))
            else:
                habits.append(known._replace(span=there))
            out.append(text[start:end])
            size += end - start
        at = end
    return _Posed("".join(out) + text[at:], holes, tuple(terms), tuple(habits))


def _known(ask: Ask) -> list[tuple[Mention | JobTerm, int]]:
    """Give the mentions, each with its number, and the habits between them."""
    some: list[tuple[Mention | JobTerm, int]] = [(mention, n) for n, mention in enumerate(ask.mentions)]
    return sorted([*some, *((habit, -1) for habit in ask.habits)], key=lambda one: one[0].span)


def _judge(one: _Try, answer: Answer, engine: Engine, quotes: Quotes) -> None:
    """Take the first candidate in which everything is right, else remember the best of them."""
    if engine.abilities.identity or not engine.abilities.drafts:
        one.best, one.done = (answer.candidates[0].text if answer.candidates else None), True
        return
    if answer.error or not answer.candidates:
        one.errors.append(answer.error or "an empty answer")
        return
    text, holes, *_ = _posed(one)
    marks = sorted(MARK.findall(one.ask.text))
    for candidate in answer.candidates:
        said = on_one_line(candidate.text)
        if wrong := unsound(text, said):
            one.errors.append(wrong)
            continue
        english = _filled(said, holes)
        if english is None or sorted(MARK.findall(english)) != marks or not _is_nested(english):
            one.errors.append("its marks came back broken")
            one.wreck = one.wreck or (english and tidy(english, quotes))
            continue
        english = tidy(english, quotes)
        verdict = verify(one.ask.mentions, english)
        if verdict.is_clean:
            one.best, one.sure, one.done = english, _sure(candidate), True
            return
        if one.best is None:
            one.best, one.sure = english, _sure(candidate)


def on_one_line(text: str) -> str:
    """Take out what no sentence has: line ends, control characters, halves of characters."""
    return NEVER.sub("", LINE_END.sub(" ", text)).strip()


def _filled(text: str, holes: dict[str, Mention]) -> str | None:
    """Put the terms into their holes; None where a hole is lost or doubled."""
    for hole, mention in holes.items():
        if text.count(hole) != 1:
            return None
        text = fill(text, hole, mention.wanted, name=is_name(mention.term))
    return text


def _is_nested(text: str) -> bool:
    open_: list[str] = []
    for slash, number in re.findall(r"<(/?)t(\d+)>", text):
        if not slash:
            open_.append(number)
        elif not open_ or open_.pop() != number:
            return False
    return not open_


def _next(one: _Try) -> bool:
    """Say whether another round could help, and prepare it: holes for the terms that were missed."""
    if one.best is not None:
        verdict = verify(one.ask.mentions, one.best)
        lost = {id(mention) for mention in verdict.missing} | {id(mention) for mention, _ in verdict.forbidden}
        missed = frozenset(n for n, mention in enumerate(one.ask.mentions) if id(mention) in lost)
        named = sorted({one.ask.mentions[n].wanted for n in missed})
        one.again = f"the last answer did not say {', '.join(named)} as asked: {one.best}"
        if missed <= one.holes:
            missed = frozenset(range(len(one.ask.mentions)))
        if not missed <= one.holes:
            one.holes |= missed
            return True
        return False
    one.holes, one.hints = frozenset(), False
    one.again = f"the last answer would not do: {one.errors[-1]}" + (f": {one.wreck}" if one.wreck else "")
    return True


# ── Settling ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _settled(one: _Try, engine: Engine, quotes: Quotes) -> Drafted:
    """Repair what can be repaired, and say what could not be."""
    text = one.best or one.wreck
    if text is None:
        if not engine.abilities.drafts and not one.errors:
            return Drafted()
        reason = one.errors[-1] if one.errors else "no reason was given"
        return Drafted(findings=(Finding("engine", Level.ERROR, f"{engine.name} gave no usable answer: {reason}"),))
    if engine.abilities.drafts and not one.done:
        text = _repaired(text, one.ask, quotes)
    return Drafted(text, one.sure, origin=engine.name)


def _sure(candidate: Candidate) -> float | None:
    """Give how sure the engine was: the probability it was calibrated to, else what its score says by token."""
    if candidate.sure is not None:
        return round(candidate.sure, 2)
    score = math.nan if candidate.score is None else candidate.score
    return None if math.isnan(score) else round(math.exp(min(score, 0.0)), 2)


def _repaired(text: str, ask: Ask, quotes: Quotes) -> str:
    source = plain(ask.text)
    for _ in ask.mentions:
        mended = corrected(text, judge(source, ask.mentions, text))
        if mended == text:
            break
        text = tidy(mended, quotes)
    return text


# ── Segments ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Task:
    """A segment to be drafted: its own text, and the prose inside its marks."""

    protected: Protected
    codec: Codec
    asks: tuple[Ask, ...]
    """The segment's, then one for each inner that has Chinese."""


def task(protected: Protected, codec: Codec, ask: Ask, mentions: Callable[[str], tuple[Mention, ...]]) -> Task:
    """Prepare a segment: what to ask for it, and for the prose inside its marks."""
    inners = (Ask(i.text, mentions(i.text)) for i in protected.inners if has_han(i.text))
    return Task(protected, codec, (replace(ask, kept=_kept(protected)), *inners))


SHOWN = frozenset({InlineKind.CODE, InlineKind.MATH, InlineKind.AUTOLINK})
LONGEST_SHOWN = 48
"""Characters of code, math or an address that an engine is shown."""


def _kept(protected: Protected) -> tuple[tuple[str, str], ...]:
    """Give what marks stand for that are short and hold nothing which an engine might translate."""
    spelled = (
        (f"<x{n}>", one.span.of(protected.source)) for n, one in enumerate(protected.marks, 1) if one.kind in SHOWN
    )
    return tuple(
        (mark, text) for mark, text in spelled if len(text) <= LONGEST_SHOWN and text.isascii() and text.isprintable()
    )


def finish(one: Task, drafted: Sequence[Drafted]) -> Drafted:
    """Put the drafts of a task together as the segment's target, in Markdown."""
    main, said = drafted[0], iter(drafted[1:])
    if not main.target:
        return main
    inners, findings = [], [*main.findings]
    for inner in one.protected.inners:
        part = next(said) if has_han(inner.text) else Drafted(inner.text)
        inners.append(_without_new_marks(part.target, inner.text) or inner.text)
        findings += part.findings
    try:
        target = restore(one.protected, main.target, inners, codec=one.codec)
    except MarkError as error:
        text, _ = append_lost(one.protected, main.target)
        message = f"markup came back broken; what was lost stands at the end: {error}"
        try:
            target = restore(one.protected, text, inners, codec=one.codec)
        except MarkError:  # no spelling has these marks
            target, message = "", f"markup came back broken: {error}"
        findings.append(Finding("markup", Level.ERROR, message))
    return Drafted(target, main.score, tuple(findings), main.origin)


def _without_new_marks(target: str, text: str) -> str:
    """Take out marks that an engine made up in a text that has none."""
    return target if MARK.search(text) else plain(target)
