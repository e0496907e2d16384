"""Approved sentences as lessons for the builtin model: written as it is asked, beside the English they were given.

    approved segment ─protect→ both sides with marks ─pair marks→ the same numbers ─Ask→ Lesson

A sentence whose markup is not the same on both sides is no lesson, unless only emphasis or a line end differs: that is
then left out on both sides. Law: a lesson's target has each mark of its source, once, properly nested.
"""

from __future__ import annotations

import re
from collections import defaultdict
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from translator.engines import ENGINES
from translator.engines import ask as question
from translator.engines.marks import MARK, are_kept, count, swap
from translator.errors import DuizhaoError
from translator.formats import load as load_record
from translator.glossary import Glossary
from translator.glossary import load as load_glossary
from translator.markdown import protect, scan
from translator.memory.index import reusable
from translator.model import Codec, InlineKind
from translator.pipeline.draft import first_jobs
from translator.pipeline.evaluate import Row, post_cases, row_cases
from translator.text import has_han
from translator.train.lesson import Lesson

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from translator.config import Project
    from translator.model import Inline, Protected
    from translator.pipeline.evaluate import Case
    from translator.pipeline.verbs import Desk

LOOSE = frozenset({InlineKind.STRONG, InlineKind.EM, InlineKind.STRIKE, InlineKind.BREAK})
"""Markup that one side may have and the other not: emphasis is the writer's."""


def approved_cases(desk: Desk, posts: Sequence[Path], *, memory: bool = True) -> list[Case]:
    """Give the approved sentences of posts, and with `memory` of the project's other records."""
    cases = post_cases(desk, posts)
    if memory:
        known = {desk.project.record(post).absolute() for post in posts}
        cases += row_cases(_remembered(desk.project, known), _glossary(desk.project))
    return list({(case.source, case.reference): case for case in cases}.values())


def _glossary(project: Project) -> Glossary:
    files = project.glossary_files()
    return load_glossary(files, project.cache) if files else Glossary()


def _remembered(project: Project, known: set[Path]) -> list[Row]:
    """Give what was approved in records that belong to none of the posts; one that cannot be read is left out."""
    rows = []
    for record in project.records() if project.settings.memory else ():
        if record.absolute() in known:
            continue
        with suppress(DuizhaoError, OSError, UnicodeError):
            entries = reusable(load_record(record.read_text(encoding="utf-8"), record).entries)
            rows += [Row(str(record), each.source, each.target) for each in entries if each and has_han(each.source)]
    return rows


def lessons_of(cases: Iterable[Case]) -> list[Lesson]:
    """Make a lesson of each case that can be one."""
    return [lesson for case in cases if (lesson := lesson_of(case))]


def lesson_of(case: Case) -> Lesson | None:
    """Write a case as the model is asked; None where the marks of both sides are not the same, or too many."""
    codec, source = case.task.codec, case.task.protected
    target = protect(case.reference, scan(case.reference) if codec is Codec.MARKDOWN else (), codec)
    paired = _paired(source, target)
    if paired is None:
        return None
    text, said = paired
    asked = replace(case.task.asks[0], text=text, mentions=case.mentions)
    (job,) = first_jobs(ENGINES["builtin"].abilities, [asked])
    hints = tuple(question.Hint(term.span, term.translation, is_term=True) for term in job.terms)
    shown = tuple((mark, text) for mark, text in job.kept if not MARK.search(text))
    bare, stands_for = question.Ask(job.text, shown=shown).source()
    hinted, _ = question.Ask(job.text, hints, shown=shown).source()
    wanted = " ".join(_numbered(swap(said, dict(shown)), stands_for).split())
    is_sound = are_kept(bare, wanted) and count(bare) <= question.MOST_MARKS and bool(wanted)
    return Lesson(bare, hinted, wanted) if is_sound else None


def _numbered(said: str, stands_for: Mapping[str, str]) -> str:
    """Write the marks of a target as the question numbers them; `stands_for` may name several at once."""
    new = {old: mark for mark, old in stands_for.items()}
    if not new:
        return said
    return re.sub("|".join(map(re.escape, sorted(new, key=len, reverse=True))), lambda found: new[found[0]], said)


# ── The marks of both sides ───────────────────────────────────────────────────────────────────────────────────────────


def _paired(source: Protected, target: Protected) -> tuple[str, str] | None:
    """Give both texts with the numbers that the source has; None where the marks are not the same."""
    partners = _partners(source, target)
    alone = {n: mark.kind for n, mark in enumerate(source.marks, 1) if n not in partners.values()}
    more = {n: mark.kind for n, mark in enumerate(target.marks, 1) if n not in partners}
    if not {*alone.values(), *more.values()} <= LOOSE:
        return None
    left = _without(source.text, dict.fromkeys(alone, ""))
    right = _without(target.text, {n: " " if kind is InlineKind.BREAK else "" for n, kind in more.items()})
    return left, _MARK.sub(lambda found: f"<{found[1]}{found[2]}{partners[int(found[3])]}>", right)


_MARK = re.compile(r"<(/?)([tx])([0-9]+)>")


def _without(text: str, gone: Mapping[int, str]) -> str:
    return _MARK.sub(lambda found: gone.get(int(found[3]), found[0]), text)


def _partners(source: Protected, target: Protected) -> dict[int, int]:
    """Say for each mark of the target which of the source it is: of one name and kind, in their order."""
    free: dict[tuple[InlineKind, str], list[int]] = defaultdict(list)
    for n, mark in enumerate(source.marks, 1):
        free[mark.kind, _name(mark, source.source)].append(n)
    return {
        n: some.pop(0)
        for n, mark in enumerate(target.marks, 1)
        if (some := free.get((mark.kind, _name(mark, target.source))))
    }


def _name(mark: Inline, text: str) -> str:
    """Name a mark by where it leads, or by what it is; of words between delimiters only these count."""
    if mark.destination:
        return mark.destination.of(text)
    if mark.inner:
        return text[mark.span.start : mark.inner.start] + text[mark.inner.end : mark.span.end]
    return "" if mark.kind is InlineKind.BREAK else mark.span.of(text)
