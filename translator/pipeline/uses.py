"""Where a term is mentioned and what became of it, and what English becomes where a term is to be said otherwise.

A mention is bound to at most one span of its English (`verify`). Where the glossary changes, that span alone is
written anew, with its article: `proposals` shows what would become of each segment, `apply` does it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from translator.config import Project
from translator.glossary import Glossary, accepted, is_name, verify
from translator.glossary.enforce import Became, Said, imply
from translator.glossary.files import forms
from translator.glossary.reword import Place, reword, reword_article
from translator.glossary.verdicts import find
from translator.model import JOINED, Edit, Mention, Span, State, Term
from translator.pipeline.english import render
from translator.pipeline.files import read_if_there
from translator.pipeline.readings import Reading, Target, readings
from translator.pipeline.verbs import Desk, Options, Report, pair_of
from translator.pipeline.work import Texts, Work, prepare
from translator.splice import splice
from translator.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from translator.model import Entry
    from translator.pipeline.work import Means

UNTRANSLATED = "untranslated"
"""What a mention became that has no English yet; the others are `Became`'s."""

_MARKUP = re.compile(r"<[^>]*>|\]\([^)]*\)|\]\[[^\]]*\]")
_NO_LETTER = re.compile(r"[\W_]+")
_HIDES_LETTERS = re.compile(r"&#|\\[uUx][0-9A-Fa-f]")
"""Characters that are not written as themselves: numbered entities, escapes in front matter."""


# ── Uses ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Use:
    """A mention of a term in a post, and what it became."""

    path: Path
    line: int
    """In the post, from 1."""
    key: str
    state: State
    term: Term
    source: str
    """The segment without its markup, with those that are said in it; or the alternative text or title in it."""
    span: Span
    """The mention in `source`."""
    surface: str
    wanted: str
    """What must stand in the English."""
    english: str
    """What is said for `source`, without markup; empty: nothing yet."""
    became: str
    """A value of `Became`, or `untranslated`."""
    target: Span | None = None
    """In `english`: the rendering, right or wrong."""
    form: str = ""
    """Which form of the term stands there, as the glossary has it: `neural network` where the text has a plural."""
    proof: str = ""
    """Why a rendering is wrong."""


def uses(paths: Sequence[Path], word: str) -> Iterator[Use]:
    """Find every mention of a term in posts, and whether it was obeyed, post by post and in order.

    `word` is the term or one of its aliases; a post's own glossary counts. Nothing is written. A post that cannot hold
    the term is not parsed.
    """
    desk = _desk(paths)
    known: dict[int, tuple[Term, ...]] = {}
    for path in paths:
        means = desk.means(path)
        if id(means.glossary) not in known:
            known[id(means.glossary)] = named(means.glossary.terms, word)
        terms = known[id(means.glossary)]
        if terms and (work := _open(desk, path, means, terms)):
            yield from _uses(path, work, terms)


def named(terms: Iterable[Term], word: str) -> tuple[Term, ...]:
    """Give the terms that a word names: those it is before those that have it as an alias.

    There may be several, each with its conditions.
    """
    wanted, every = fold(word), tuple(terms)
    return tuple(term for term in every if fold(term.term) == wanted) or tuple(
        term for term in every if any(fold(alias) == wanted for alias in term.aliases)
    )


def _desk(paths: Sequence[Path]) -> Desk:
    return Desk(Project.of(paths[0] if paths else Path.cwd()), Options(memory=False))


def _open(desk: Desk, path: Path, means: Means, terms: Sequence[Term]) -> Work | None:
    """Bring together what is known of a post; None where no term can be in it."""
    source = read_if_there(path)
    if source is None or not may_mention(source, terms):
        return None
    pair = pair_of(desk.project, path)
    return prepare(Texts(source, read_if_there(pair.english), read_if_there(pair.record)), means, path)


def may_mention(source: str, terms: Sequence[Term]) -> bool:
    """Tell whether a post can mention one of some terms, markup and line breaks inside it left out of account."""
    if _HIDES_LETTERS.search(source):
        return True
    text = fold(source)
    letters = [_NO_LETTER.sub("", view) for view in (text, _MARKUP.sub("", text))]
    some = [_NO_LETTER.sub("", form) for term in terms for form in forms(term)]
    return any(form in view for view in letters for form in some)


def _uses(path: Path, work: Work, terms: Sequence[Term]) -> Iterator[Use]:
    some = [reading for reading in readings(work) if reading.has(terms)]
    judged = [one.judged() for one in some]
    for reading, every in zip(some, imply(judged, [one.said.text for one in some]), strict=True):
        yield from (_use(path, work, reading, said) for said in every if said.mention.term in terms)


def _use(path: Path, work: Work, reading: Reading, said: Said) -> Use:
    mention, english, target = said.mention, reading.said.text, said.span
    i = reading.segment(mention)
    is_open = said.became is Became.MISSING and not english
    return Use(
        path,
        work.post.lines[i],
        work.entries[i].key,
        work.entries[i].state,
        mention.term,
        reading.source,
        mention.span,
        mention.surface,
        mention.wanted,
        english,
        UNTRANSLATED if is_open else said.became.value,
        target,
        _form(mention, english, target) if target else "",
        said.proof,
    )


def _form(mention: Mention, text: str, span: Span) -> str:
    """Give the form of a term that stands in a span, as the glossary has it."""
    some = (form for form in accepted(mention) if span in find(form, mention.term, text))
    return next(some, span.of(text))


# ── Proposals ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Proposal:
    """What a segment's English would become."""

    path: Path
    line: int
    """In the post, from 1."""
    key: str
    state: State
    source: str
    before: str
    """The target as it is."""
    after: str
    """The target as it would be; the same where nothing is sure."""
    spans: tuple[tuple[Span, Span], ...] = ()
    """Of each change: where it stands in `before` and in `after`, in order."""
    reason: str = ""
    """Why a mention is left as it is; empty: none is."""

    @property
    def is_change(self) -> bool:
        """Whether anything would change."""
        return self.before != self.after


def proposals(paths: Sequence[Path], before: Term, after: Term | None) -> list[Proposal]:
    """Give what the English of each segment would become if a term were said otherwise, approved or not.

    Only the span that is bound to a mention changes, and the article before it; its number, capitals and possessive
    stay. Where the old rendering is not found, or its new form is not sure, the proposal changes nothing and says why.
    Nothing is written. The glossary's files may say the old or the new already. Laws: once applied, there is nothing
    more to change; the way back, `after` to `before`, gives the same bytes where the new form stood nowhere.
    """
    if after is None or not (change := Renaming(before, after)).is_needed:
        return []
    desk, out = _desk(paths), list[Proposal]()
    known: dict[int, Glossary | None] = {}
    for path in paths:
        means = desk.means(path)
        if id(means.glossary) not in known:
            known[id(means.glossary)] = change.glossary(means.glossary)
        glossary = known[id(means.glossary)]
        work = glossary and _open(desk, path, replace(means, glossary=glossary), [change.probe])
        if work and (work.texts.record or work.texts.english):
            out += _sure(work, list(_proposed(path, work, change)))
    return out


@dataclass(frozen=True)
class Renaming:
    """A term as it was and as it is to be."""

    before: Term
    after: Term

    @cached_property
    def probe(self) -> Term:
        """Make the term that is looked for: found in the source as it is to be, said as it was."""
        old = self.before
        return replace(
            self.after,
            translation=old.translation,
            also=old.also,
            first=old.first,
            forbidden=old.forbidden,
            kind=old.kind,
            keep=old.keep,
            status="",
        )

    @property
    def is_needed(self) -> bool:
        """Whether any English could be wrong now."""
        return any(self.new(form) not in {None, form} for form in self.old_forms) or self.before.keep != self.after.keep

    @property
    def old_forms(self) -> tuple[str, ...]:
        """What could stand for the term until now."""
        return tuple(form for form in (self.before.first, self.before.translation, *self.before.also) if form)

    @property
    def new_forms(self) -> tuple[str, ...]:
        """What may stand for the term from now on."""
        return tuple(form for form in (self.after.first, self.after.translation, *self.after.also) if form)

    def new(self, form: str, surface: str = "") -> str | None:
        """Give what is to be said instead of an old form: the form itself where it still is right, None if unsure."""
        before, after = self.before, self.after
        if form == before.first and after.first:
            return after.first
        if before.keep or form in {before.first, before.translation}:
            return surface if after.keep else after.translation
        if form in {after.translation, after.first, *after.also}:
            return form
        return after.translation if form in after.forbidden and not after.keep else None

    def mention(self, mention: Mention) -> Mention:
        """Give a mention of the probe as it is to be."""
        is_first = mention.wanted == self.before.first != ""
        wanted = mention.surface if self.after.keep else self.after.translation
        return replace(mention, term=self.after, wanted=self.after.first if is_first and self.after.first else wanted)

    def reworded(self, mention: Mention, text: str, span: Span) -> str | None:
        """Give what is to stand in a span that a mention is bound to; None where it is right, or nothing is sure."""
        old = mention.surface if self.before.keep else _form(mention, text, span)
        new = self.new(old, mention.surface)
        if new is None or new == old:
            return None
        place = Place(text, span)
        said = reword(place, (old, new), names=(is_name(self.before), is_name(self.after)))
        return said if said != span.of(text) else None

    def glossary(self, glossary: Glossary) -> Glossary | None:
        """Put the probe into a glossary; None where another file says otherwise there."""
        homes = {path.resolve() for term in (self.before, self.after) if (path := term.path)}
        some = list[Term]()
        for term in glossary.terms:
            if not any(_is_rival(term, one) for one in (self.before, self.after)):
                some.append(term)
            elif term.path and homes and term.path.resolve() not in homes:
                return None
        return Glossary((self.probe, *some))


def _is_rival(term: Term, other: Term) -> bool:
    """Tell whether of two terms only one can be used: they share a form, and where they are terms."""
    same = (term.case, term.only, term.beside) == (other.case, other.only, other.beside)
    return same and not forms(term).isdisjoint(forms(other))


def _proposed(path: Path, work: Work, change: Renaming) -> Iterator[Proposal]:
    """Propose for each segment of a post that mentions the term."""
    ours: dict[int, list[Reading]] = {}
    for reading in readings(work):
        if reading.has([change.probe]):
            ours.setdefault(reading.holder, []).append(reading)
    for holder, some in sorted(ours.items()):
        entry = work.entries[holder]
        if entry.target in {"", JOINED, entry.source}:
            continue
        proposal = Proposal(
            path, work.post.lines[holder], entry.key, entry.state, entry.source, entry.target, entry.target
        )
        if entry.state is State.CONFLICT:
            yield replace(proposal, reason="it is in conflict; decide that first: `duizhao approve --take`")
            continue
        made = _Change(change, Target.of(work, holder)).of(some)
        if made.edits or made.reasons:
            yield replace(
                proposal,
                after=made.text,
                spans=tuple(_pairs(made.edits)),
                reason="; ".join(dict.fromkeys(made.reasons)),
            )


def _pairs(edits: Sequence[Edit]) -> Iterator[tuple[Span, Span]]:
    """Give where each edit stands before and after."""
    by = 0
    for edit in sorted(edits):
        start = edit.span.start + by
        yield edit.span, Span(start, start + len(edit.text))
        by += len(edit.text) - (edit.span.end - edit.span.start)


class _Made(NamedTuple):
    """A target in its new form."""

    text: str
    edits: tuple[Edit, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class _Change:
    """One target on its way to its new form."""

    renaming: Renaming
    target: Target

    def of(self, readings: Sequence[Reading]) -> _Made:
        """Change what is sure, and say what is not."""
        edits, reasons = dict[Span, Edit](), list[str]()
        for reading in readings:
            done: list[Edit] = []
            for edit in self.wanted(reading):
                some = [edit, *reword_article(reading.said.text, edit)]
                if spelled := self.target.spelled(reading.said, some):
                    edits |= {one.span: one for one in spelled}
                    done += some
            reasons += self.left(reading, done)
        some = sorted(edits.values())
        return _Made(splice(self.target.text, some), tuple(some), tuple(reasons))

    def wanted(self, reading: Reading) -> Iterator[Edit]:
        """Give what is to stand instead of each old rendering, in the text without markup."""
        text, renaming = reading.said.text, self.renaming
        verdict = verify(reading.mentions, text)
        new_ones = [span for form in renaming.new_forms for span in find(form, renaming.after, text)]
        for mention, span in verdict.obeyed:
            is_new = any(_is_inside(span, new) for new in new_ones)
            if mention.term == renaming.probe and not is_new and (new := renaming.reworded(mention, text, span)):
                yield Edit(span, new)

    def left(self, reading: Reading, done: Sequence[Edit]) -> Iterator[str]:
        """Say which mentions are still not said as they are to be."""
        probe, old = self.renaming.probe, reading.mentions
        bound = {id(mention): span for mention, span in verify(old, reading.said.text).obeyed}
        after = [self.renaming.mention(mention) if mention.term == probe else mention for mention in old]
        missing = {id(mention) for mention in verify(after, splice(reading.said.text, done)).missing}
        for mention, new in zip(old, after, strict=True):
            if mention.term == probe and id(new) in missing:
                span = bound.get(id(mention))
                yield (
                    f"“{span.of(reading.said.text)}” stands for {mention.surface}, and what it would become is not sure"
                    if span
                    else f"{mention.surface} is not said as “{mention.wanted}”"
                )


def _is_inside(span: Span, other: Span) -> bool:
    return other.start <= span.start and span.end <= other.end and span != other


# ── Sure, and done ────────────────────────────────────────────────────────────────────────────────────────────────────


def _sure(work: Work, some: list[Proposal]) -> list[Proposal]:
    """Leave out what the English file would not show: it breaks the post's Markdown, or a person shaped that part."""
    if not any(one.is_change for one in some):
        return some
    unseen = {work.entries[i].key for i in hidden(work, _renewed(work, some))}
    reason = "the English file shows something else there, shaped by hand, or its Markdown would break"
    return [
        replace(one, after=one.before, spans=(), reason=reason) if one.key in unseen and one.is_change else one
        for one in some
    ]


def hidden(work: Work, entries: Sequence[Entry]) -> set[int]:
    """List the segments that the English file would not show as they are recorded."""
    rendered = render(work.post, entries, {})
    kept = (rendered.units[x] for one in work.learnt.kept for x in one.units)
    return {*rendered.refused, *(i for unit in kept for i in unit.segments)}


def _renewed(work: Work, some: Sequence[Proposal]) -> tuple[Entry, ...]:
    """Give the entries with what is proposed for them; what is not as it was then stays as it is."""
    wanted = {(one.key, one.source, one.before): one.after for one in some if one.is_change}
    out = []
    for entry in work.entries:
        target = wanted.get((entry.key, entry.source, entry.target))
        if target is None or entry.state in {State.CONFLICT, State.JOINED}:
            out.append(entry)
        elif entry.state is State.APPROVED:
            out.append(replace(entry, target=target, origin="person", by=work.means.person))
        else:
            out.append(replace(entry, target=target))
    return tuple(out)


def apply(proposals: Sequence[Proposal]) -> list[Report]:
    """Write what was proposed, post by post; gives a report for each post with changes.

    What is approved stays approved, by whoever does this; a draft stays a draft. A segment whose source or target was
    changed since is left alone, and the report's notes say so. Nobody's text is lost: each post is read again under
    its lock.
    """
    paths = dict.fromkeys(one.path for one in proposals if one.is_change)
    desk = _desk(list(paths))
    return [_applied(desk, path, [one for one in proposals if one.path == path and one.is_change]) for path in paths]


def _applied(desk: Desk, path: Path, some: Sequence[Proposal]) -> Report:
    notes: list[str] = []

    def change(work: Work) -> Work:
        entries = _renewed(work, some)
        unseen = hidden(work, entries)
        entries = tuple(work.entries[i] if i in unseen else entry for i, entry in enumerate(entries))
        said = {entry.key: entry.target for entry in entries}
        notes[:] = [f"line {p.line}: changed meanwhile, left as it is" for p in some if said.get(p.key) != p.after]
        return replace(work, entries=entries)

    report = desk.update(path, change)
    return replace(report, outcome=replace(report.outcome, notes=(*report.outcome.notes, *notes)))
