"""`duizhao glossary add`, `set`, `rename`, …: say what was changed and where, and offer the English that follows."""

from __future__ import annotations

import os
import re
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from translator.cli.output import counted, paint, say, short
from translator.config import Project
from translator.errors import InputError
from translator.model import State, Term
from translator.pipeline.edit_terms import Edited, Shelf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from translator.model import Span
    from translator.pipeline.uses import Proposal

COLOURS = {"+": "green", "-": "red"}


@dataclass(frozen=True)
class Wish:
    """What the options that all these commands share say."""

    file: Path | None = None
    is_dry: bool = False
    english: bool | None = None
    """Whether the posts' English follows; None: ask, where somebody can answer."""

    @property
    def shelf(self) -> Shelf:
        """Open the glossary that is meant."""
        return Shelf(Project.of(self.file or Path.cwd()), self.file, self.is_dry)


def add(wish: Wish, term: Term) -> None:
    """Add a term."""
    _say(wish, [wish.shelf.add(term)])


def set_value(wish: Wish, word: str, field: str, values: Sequence[str]) -> None:
    """Set a field of a term; where its English changes, offer that of the posts."""
    done = [wish.shelf.set(word, field, values)]
    _say(wish, done)
    back = ["set", word, field, *_former(done[0], field)]
    _offer(wish, done, back)


def rename(wish: Wish, old: str, new: str, *, keep_alias: bool) -> None:
    """Give a term another spelling."""
    done = [wish.shelf.rename(old, new, keep_alias=keep_alias)]
    _say(wish, done)
    _offer(wish, done, ["rename", new, old])


def remove(wish: Wish, word: str) -> None:
    """Take a term out."""
    _say(wish, [wish.shelf.remove(word)])


def merge(wish: Wish, word: str, other: str) -> None:
    """Make one term of two."""
    done = wish.shelf.merge(word, other)
    _say(wish, done)
    _offer(wish, done, [])


def words(wish: Wish, word: str, field: str, some: Sequence[str], *, gone: bool) -> None:
    """Put words into a list of a term, or take them out."""
    _say(wish, [wish.shelf.take(word, field, some) if gone else wish.shelf.put(word, field, some)])


def approve(wish: Wish, some: Sequence[str] | None) -> None:
    """Approve proposed terms."""
    done = wish.shelf.approve(some)
    _say(wish, done)
    count = sum(len(edited.change.terms) for edited in done)
    say(f"{counted(count, 'term')} {'would be' if wish.is_dry else 'is' if count == 1 else 'are'} in use from now on")


# ── What was changed ──────────────────────────────────────────────────────────────────────────────────────────────────


def _say(wish: Wish, done: Sequence[Edited]) -> None:
    for path, change in done:
        if not change.edits and change.terms:
            say("nothing to change" if change.notes else "nothing to change: the file says so already")
        if wish.is_dry:
            for line in change.diff(short(path)).splitlines():
                say(_coloured(line))
        elif change.edits:
            for before, after in change.terms:
                say(_headline(path, before, after))
            for line in change.diff().splitlines()[2:]:
                if line[:1] in COLOURS:
                    say("  " + _coloured(line))
        for note in change.notes:
            say(f"note: {note}")


def _headline(path: Path, before: Term | None, after: Term | None) -> str:
    term = after or before or Term("", "")
    what = "changed" if before and after else "added" if after else "removed"
    return f"{short(path)}:{term.line}: {what} {paint(term.term, 'bold')} → {term.translation}"


def _coloured(line: str) -> str:
    return paint(line, COLOURS[line[0]]) if line[:1] in COLOURS else line


def _former(edited: Edited, field: str) -> list[str]:
    before, _ = edited.change.terms[0]
    value = getattr(before, "beside" if field == "with" else field)
    return [value] if isinstance(value, str) else [str(value).lower()] if isinstance(value, bool) else [*value]


# ── The English that follows ──────────────────────────────────────────────────────────────────────────────────────────


def _offer(wish: Wish, done: Sequence[Edited], back: Sequence[str]) -> None:
    """Show what the posts' English would become, and change it if that is wanted."""
    found = _proposals(wish, done) if wish.english is not False else []
    changes = [one for one in found if one.is_change]
    for one in found:
        _show(one)
    if not changes:
        return
    approved = sum(one.state is State.APPROVED for one in changes)
    posts = len({one.path for one in changes})
    say(f"{counted(len(changes), 'sentence')} in {counted(posts, 'post')} would change, {approved} of them approved")
    if wish.is_dry:
        return
    if wish.english or (wish.english is None and _agreed()):
        _apply(changes)
    elif back:
        again = " ".join(["duizhao", "glossary", *map(_quoted, back), "--no-update-english"])
        say(f"the English stays as it is; to change it too, go back with `{again}`")
        say("and give the command again with --update-english")
    else:
        say("the English stays as it is; `duizhao check` says where it no longer obeys")


def _proposals(wish: Wish, done: Sequence[Edited]) -> list[Proposal]:
    from translator.pipeline.uses import proposals  # noqa: PLC0415  # most edits change no English

    pairs = [(before, after) for edited in done for before, after in edited.change.terms if edited.change.edits]
    kept = next((after for before, after in pairs if before and after), None)
    project = wish.shelf.project
    try:
        posts = project.posts([project.root / name for name in project.settings.sources or ["."]])
    except InputError as error:
        say(f"note: the posts could not be looked at: {error}", to_stderr=True)
        return []
    return [one for before, after in pairs if before for one in proposals(posts, before, after or kept)]


def _show(one: Proposal) -> None:
    where = f"{short(one.path)}:{one.line} {one.state.value} [{one.key}]"
    if one.is_change:
        say(where)
        say("  - " + _marked(one.before, [before for before, _ in one.spans], "red"))
        say("  + " + _marked(one.after, [after for _, after in one.spans], "green"))
    if one.reason:
        say(f"{where if not one.is_change else ' '} left as it is: {one.reason}")


def _marked(text: str, spans: Sequence[Span], colour: str) -> str:
    out, done = "", 0
    for span in sorted(spans):
        out += text[done : span.start] + paint(span.of(text), colour)
        done = span.end
    return out + text[done:]


def _quoted(word: str) -> str:
    """Quote a word for a shell, Chinese as it is."""
    return word if re.fullmatch(r"[\w.,:/@+-]+", word) else shlex.quote(word)


def _agreed() -> bool:
    """Ask, where somebody can answer."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("TERM") == "dumb":
        return False
    return input("Change the English too? [y/N] ").strip().lower() in {"y", "yes"}


def _apply(changes: Sequence[Proposal]) -> None:
    from translator.pipeline.uses import apply  # noqa: PLC0415  # as above

    reports = apply(changes)
    for report in reports:
        for note in report.outcome.notes:
            say(f"note: {note}")
    say(f"the English of {counted(len(reports), 'post')} was changed")
