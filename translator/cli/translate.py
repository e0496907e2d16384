"""`duizhao translate`: progress while it works, and at the end what needs a person."""

from __future__ import annotations

import sys
import time
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from translator.cli.output import counted, paint, say, shorten, stdin_text
from translator.config import Project
from translator.engines import open_engine
from translator.errors import DuizhaoError, EngineError, InputError
from translator.model import State
from translator.pipeline.files import read_if_there, write
from translator.pipeline.verbs import Desk, Options, Progress, Report, translate_posts, translate_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from translator.model import Entry

MOST = 12
"""Findings listed for a post; `check` lists all."""


class Bar(Progress, AbstractContextManager["Bar"]):
    """A line on a terminal that says how far the run is."""

    def __init__(self) -> None:
        super().__init__()
        self._begun = time.monotonic()
        self._shown = 0.0
        self.errors: list[InputError] = []
        self._live = sys.stderr.isatty()

    def advance(self, characters: int) -> None:
        """Hear that some characters are drafted."""
        super().advance(characters)
        now = time.monotonic()
        if self._live and now - self._shown > 0.1:
            self._shown = now
            rate = self.done / max(now - self._begun, 0.001)
            left = (self.total - self.done) / max(rate, 1)
            filled = 30 * self.done // max(self.total, 1)
            line = f"[{'█' * filled}{'·' * (30 - filled)}] {self.done:,}/{self.total:,} characters, {left:.0f} s left"
            print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)

    def post(self, report: Report) -> None:
        """Clear the line before a post is reported."""
        del report
        self._clear()

    def failed(self, error: InputError) -> None:
        """Say what is wrong with a post, and go on with the others."""
        self._clear()
        self.errors.append(error)
        say(f"duizhao: {error}", to_stderr=True)

    def _clear(self) -> None:
        if self._live and self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Clear the line, however it ends."""
        self._clear()


def run(
    posts: Sequence[Path], engine: str, *, force: bool, dry_run: bool, memory: bool, glossary: tuple[Path, ...]
) -> None:
    """Translate posts and report."""
    project = Project.of(posts[0])
    name = engine or project.settings.engine
    options = Options(force=force, dry_run=dry_run, memory=memory, glossary=glossary)
    opened = open_engine(name)
    if dry_run:
        _dry(project, posts, options, opened.name)
        return
    if name == "auto":
        say(f"engine: {opened.name} (`duizhao engines` lists what else there is)", to_stderr=True)
    reports = []
    try:
        with Bar() as bar:
            for report in translate_posts(posts, opened, options, bar):
                reports.append(report)
                _tell(report, opened.name)
    except (KeyboardInterrupt, EngineError):
        say("what was drafted until now is kept; the next run goes on from it", to_stderr=True)
        raise
    _next(reports)
    if bar.errors:
        raise DuizhaoError(f"{len(bar.errors)} of {len(posts)} posts could not be translated")


def _dry(project: Project, posts: Sequence[Path], options: Options, engine: str) -> None:
    desk = Desk(project, options)
    total = 0
    for path in posts:
        work = desk.prepare(path)
        some = work.wanting(force=options.force)
        size = sum(len(work.post.segments[i].source) for i in some)
        total += size
        say(f"{path}: {len(some)} of {len(work.entries)} segments would be drafted by {engine}, {size:,} characters")
    say(f"{counted(len(posts), 'post')}, {total:,} characters in all; nothing was written")


def _tell(report: Report, engine: str) -> None:
    outcome, counts = report.outcome, report.outcome.counts
    say(
        f"{paint(str(report.path), 'bold')} → {report.english}"
        + ("" if report.changed else paint("  (unchanged)", "dim"))
    )
    done = sum(n for state, n in counts.items() if state.is_done)
    parts = [
        (outcome.drafted, f"drafted by {engine}"),
        (outcome.reused, "reused from memory or glossary"),
        (outcome.learnt.edited, "taken from your edits of the English"),
        (done, "approved"),
        (counts[State.DRAFT], "drafts for a person to approve"),
        (counts[State.STALE], "stale"),
        (counts[State.CONFLICT], "in conflict"),
        (counts[State.UNTRANSLATED], "untranslated"),
    ]
    said = ", ".join(f"{n} {what}" for n, what in parts if n)
    say(f"  {counted(len(outcome.entries), 'segment')}: {said or 'nothing to do'}")
    for note in outcome.notes:
        say(f"  {paint('kept', 'yellow')} {report.english.name}, {note}")
    _list([entry for entry in outcome.entries if _is_troubled(entry)], report)


def _is_troubled(entry: Entry) -> bool:
    return bool(entry.findings) or entry.state in {State.CONFLICT, State.STALE}


def _list(entries: list[Entry], report: Report) -> None:
    for entry in entries[:MOST]:
        why = "; ".join(finding.message for finding in entry.findings) or entry.state.value
        if entry.state is State.CONFLICT:
            why = f"en.po says “{entry.target}”, en.md says “{entry.other}”"
        say(f"  {report.path.name}:{entry.line} {paint(shorten(entry.source, 40), 'dim')}  {why}")
    if len(entries) > MOST:
        say(f"  … and {len(entries) - MOST} more: duizhao check {report.path}")


def _next(reports: list[Report]) -> None:
    waiting = [r for r in reports if any(not entry.state.is_done for entry in r.outcome.entries)]
    if waiting:
        first = waiting[0]
        say(f"next: read it beside the Chinese with `duizhao review {first.path}`, and decide there;")
        say(f"      or correct {first.english.name} or {first.record.name} in any editor, and run translate again;")
        say(f"      what is right is approved with `duizhao approve {first.path} --all`")


def run_text(path: Path, engine: str, output: str, glossary: Sequence[Path]) -> None:
    """Translate one text without a record: from a file or standard input, to a file or standard output."""
    from_input = path == Path("-")
    text = stdin_text() if from_input else read_if_there(path)
    project = Project.of(Path.cwd() / "stdin" if from_input else path)
    files = [*project.glossary_files(None if from_input else path), *glossary]
    if text is None:
        raise InputError("there is no such file", path)
    done = translate_text(text, open_engine(engine or project.settings.engine), files, project.settings)
    if output == "-":
        with suppress(BrokenPipeError):
            sys.stdout.buffer.write(done.text.encode())
        return
    write(Path(output), done.text)
    say(f"{path} → {output}: {counted(len(done.segments), 'segment')}", to_stderr=True)
