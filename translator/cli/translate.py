"""`duizhao translate`: progress while it works, and at the end what needs a person."""

from __future__ import annotations

import sys
import time
from collections import Counter
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from translator.cli.costs import dry, foresee, prompt, receipt, receipt_json, warn
from translator.cli.output import counted, duration, paint, say, say_json, shorten, stdin_text
from translator.config import Project
from translator.errors import DuizhaoError, EngineError, InputError
from translator.meter import Meter
from translator.model import State
from translator.pipeline.chain import open_chain
from translator.pipeline.files import read_if_there, write
from translator.pipeline.translate import Progress, translate_posts, translate_text
from translator.pipeline.verbs import Options, Report

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from translator.model import Entry

MOST = 12
"""Findings listed for a post; `check` lists all."""


class Bar(Progress, AbstractContextManager["Bar"]):
    """A line on a terminal that says how far the run is, and what it took until now."""

    def __init__(self, meter: Meter) -> None:
        super().__init__(meter=meter)
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
            line = f"[{'█' * filled}{'·' * (30 - filled)}] {self.done:,}/{self.total:,} characters"
            line += f", {rate:,.0f} a second, {duration(left)} left{self._spent()}"
            print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)

    def _spent(self) -> str:
        taken = self.meter.taken
        if not taken.requests:
            return ""
        return f", {counted(taken.requests, 'request')}" + (f", ${taken.cost:.4f}" if taken.cost else "")

    def post(self, report: Report) -> None:
        """Clear the line before a post is reported."""
        del report
        self._clear()

    def note(self, text: str) -> None:
        """Say what the user should know, and go on."""
        self._clear()
        say(f"duizhao: {text}", to_stderr=True)

    def failed(self, error: InputError) -> None:
        """Say what is wrong with a post, and go on with the others."""
        self.errors.append(error)
        self.note(str(error))

    def _clear(self) -> None:
        if self._live and self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Clear the line, however it ends."""
        self._clear()


@dataclass(frozen=True)
class Asked:
    """How the command was called."""

    engine: str = ""
    options: Options = field(default_factory=Options)
    as_json: bool = False
    show_prompt: bool = False


def run(posts: Sequence[Path], asked: Asked) -> None:
    """Translate posts and report."""
    project = Project.of(posts[0])
    if asked.show_prompt:
        prompt(posts[0], project, asked)
        return
    chain = open_chain(project, asked.engine)
    warn(project, chain)
    if asked.options.dry_run:
        dry(posts, chain, asked)
        return
    if not asked.as_json and not asked.engine and project.settings.engine == ["auto"]:
        say(f"engine: {chain[0].name} (`duizhao engines` lists what else there is)", to_stderr=True)
    meter = Meter(asked.options.max_cost)
    foresee(posts, chain, asked.options)
    begun, reports, bar = time.monotonic(), [], Bar(meter)
    try:
        with bar:
            for report in translate_posts(posts, chain, asked.options, bar):
                reports.append(report)
                if not asked.as_json:
                    _tell(report)
    except (KeyboardInterrupt, EngineError):
        say("what was drafted until now is kept; the next run goes on from it", to_stderr=True)
        _close(reports, meter, begun, as_json=asked.as_json)
        raise
    _close(reports, meter, begun, as_json=asked.as_json)
    if bar.errors:
        raise DuizhaoError(f"{len(bar.errors)} of {len(posts)} posts could not be translated")


def _close(reports: Sequence[Report], meter: Meter, begun: float, *, as_json: bool) -> None:
    taken = receipt_json(meter, time.monotonic() - begun)
    if as_json:
        say_json({"posts": [_report_json(report) for report in reports], "receipt": taken})
        return
    if text := receipt(meter, time.monotonic() - begun):
        say(text)
    _next(reports)


def _report_json(report: Report) -> dict[str, Any]:
    outcome = report.outcome
    return {
        "post": str(report.path),
        "english": str(report.english),
        "record": str(report.record),
        "changed": report.changed,
        "drafted": outcome.drafted,
        "reused": outcome.reused,
        "put_right": outcome.put_right,
        "states": {state.value: n for state, n in outcome.counts.items() if n},
        "by": dict(Counter(entry.origin for entry in outcome.entries if entry.origin)),
        "notes": outcome.notes,
        "findings": sum(len(entry.findings) for entry in outcome.entries),
    }


def _tell(report: Report) -> None:
    outcome, counts = report.outcome, report.outcome.counts
    say(
        f"{paint(str(report.path), 'bold')} → {report.english}"
        + ("" if report.changed else paint("  (unchanged)", "dim"))
    )
    done = sum(n for state, n in counts.items() if state.is_done)
    parts = [
        *((n, f"drafted by {engine}") for engine, n in outcome.by.items()),
        (outcome.reused, "reused from memory or glossary"),
        (outcome.put_right, "said as a close sentence was, the difference put right"),
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


def _next(reports: Sequence[Report]) -> None:
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
    chain, meter = open_chain(project, engine), Meter()
    warn(project, chain)
    begun = time.monotonic()
    done = translate_text(text, chain, files, project.settings, meter)
    if taken := receipt(meter, time.monotonic() - begun):
        say(taken, to_stderr=True)
    if output == "-":
        with suppress(BrokenPipeError):
            sys.stdout.buffer.write(done.text.encode())
        return
    write(Path(output), done.text)
    say(f"{path} → {output}: {counted(len(done.segments), 'segment')}", to_stderr=True)
