"""The commands that look at posts, and those that decide about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from translator.cli.output import counted, entry_json, paint, say, say_json, shorten, table
from translator.config import Project
from translator.model import Level, State
from translator.pipeline.verbs import Desk, Options, look
from translator.pipeline.verbs import approve as approve_segments
from translator.pipeline.verbs import publish as publish_post

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from translator.model import Entry
    from translator.pipeline.work import Outcome

STATES = tuple(State)


def _desk(posts: Sequence[Path]) -> Desk:
    return Desk(Project.of(posts[0]), Options(memory=False))


def check(posts: Sequence[Path], *, as_json: bool) -> int:
    """List findings; gives 1 where one is an error."""
    desk, rows, errors = _desk(posts), [], 0
    for path in posts:
        _, outcome = look(desk, path)
        for entry in outcome.entries:
            for finding in entry.findings:
                errors += finding.level is Level.ERROR
                rows.append(
                    {
                        "post": str(path),
                        "line": entry.line,
                        "key": entry.key,
                        "state": entry.state.value,
                        "check": finding.check,
                        "level": finding.level.value,
                        "message": finding.message,
                        "source": entry.source,
                        "target": entry.target,
                    }
                )
    if as_json:
        say_json(rows)
    else:
        for row in rows:
            level = paint(str(row["level"]), "red" if row["level"] == "error" else "yellow")
            say(f"{row['post']}:{row['line']}: {level} {row['check']}: {row['message']}  [{row['key']}]")
            say(f"    {paint(shorten(str(row['source']), 90), 'dim')}")
        warnings = len(rows) - errors
        say(f"{counted(len(posts), 'post')}, {counted(errors, 'error')}, {counted(warnings, 'warning')}")
    return int(errors > 0)


def approve(post: Path, keys: Sequence[str], *, everything: bool, clean: bool, undo: bool, take: str) -> None:
    """Approve segments, or take it back."""
    report, count = approve_segments(post, keys, clean=clean, everything=everything, undo=undo, take=take)
    counts = report.outcome.counts
    done = sum(n for state, n in counts.items() if state.is_done)
    what = "taken back" if undo else "approved"
    say(f"{counted(count, 'segment')} {what}; {done} of {len(report.outcome.entries)} are approved")
    if not undo and not everything and clean and done < len(report.outcome.entries):
        say(f"the others have findings: duizhao check {post}")


def publish(posts: Sequence[Path], *, allow_untranslated: bool) -> None:
    """Write the English of posts."""
    for path in posts:
        report = publish_post(path, allow_untranslated=allow_untranslated)
        counts = report.outcome.counts
        drafts = counts[State.DRAFT] + counts[State.STALE]
        mark = f"draft, {counted(drafts, 'segment')} nobody approved" if drafts else "reviewed"
        say(f"{path} → {report.english}: {mark}" + ("" if report.changed else "  (unchanged)"))


def status(posts: Sequence[Path], *, least_sure: int, as_json: bool) -> None:
    """Count the states of each post's segments, and list the drafts that a machine was least sure of."""
    desk, rows = _desk(posts), []
    for path in posts:
        _, outcome = look(desk, path)
        rows.append((path, outcome))
    if as_json:
        say_json(
            [
                {
                    "post": str(path),
                    "segments": len(o.entries),
                    **{s.value: o.counts[s] for s in STATES},
                    "notes": list(o.notes),
                    **({"least_sure": [entry_json(e) for e in _doubtful(o)[:least_sure]]} if least_sure else {}),
                }
                for path, o in rows
            ]
        )
        return
    table(
        [[str(path), str(len(o.entries)), *(str(o.counts[s] or "·") for s in STATES)] for path, o in rows],
        ["post", "segments", *(s.value for s in STATES)],
    )
    for path, outcome in rows:
        for entry in outcome.entries:
            if entry.state is State.CONFLICT:
                say(f"{path}:{entry.line} conflict {entry.key}")
                say(f"    en.po: {entry.target}")
                say(f"    en.md: {entry.other}")
        for note in outcome.notes:
            say(f"{path}: the English, {note}")
    _list_doubtful(rows, least_sure)


def _doubtful(outcome: Outcome) -> list[Entry]:
    """Give the drafts that a machine said how sure it was of, the least sure first."""
    some = [entry for entry in outcome.entries if entry.state is State.DRAFT and entry.score is not None]
    return sorted(some, key=lambda entry: entry.score or 0.0)


def _list_doubtful(rows: Sequence[tuple[Path, Outcome]], most: int) -> None:
    """List the least sure drafts of all posts together."""
    every = [(entry, path) for path, outcome in rows for entry in _doubtful(outcome)[:most]]
    for entry, path in sorted(every, key=lambda one: one[0].score or 0.0)[:most]:
        say(f"{path}:{entry.line}  {100 * (entry.score or 0.0):.0f} % sure  [{entry.key}]")
        say(f"    {paint(shorten(entry.source, 100), 'dim')}")
        say(f"    {shorten(entry.target, 100)}")


def segments(post: Path, *, as_json: bool) -> None:
    """List a post's segments."""
    _, outcome = look(_desk([post]), post)
    if as_json:
        say_json([entry_json(entry) for entry in outcome.entries])
        return
    for entry in outcome.entries:
        say(f"{entry.key}  {post.name}:{entry.line}  {paint(entry.state.value, 'bold')}  {paint(entry.place, 'dim')}")
        say(f"  {entry.source}")
        if entry.target:
            say(f"  {entry.target}")
        for finding in entry.findings:
            say(f"  {paint(finding.level.value, 'red')} {finding.check}: {finding.message}")
