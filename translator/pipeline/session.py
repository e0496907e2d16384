"""Posts held open while people decide about them: one write for all that is decided at the same time.

    decide(…) ─┐
    decide(…) ─┼→ queue ─→ one read, merge, check, write of en.po and en.md ─→ every caller's results
    decide(…) ─┘

When `decide` returns, what was decided is on the disk. The files may change under our hands at any time (the command
line, Poedit, an editor): they are read again before each write, and `refresh` sees what others did.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from translator.model import State
from translator.pipeline.decide import Decision, Result, decide
from translator.pipeline.english import is_persons
from translator.pipeline.verbs import Desk, Options, memory_of, pair_of, publish
from translator.pipeline.work import Outcome, Texts, Work, complete

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from translator.config import Project
    from translator.memory.index import Memory
    from translator.model import Entry
    from translator.pipeline.verbs import Report

    Make = Callable[[Work, Sequence[Entry]], Sequence[Decision]]
    """Makes decisions from what stands."""

Facts = tuple[tuple[int, int, int] | None, ...]
"""Of files: size, time, and which file it is; None: it is not there."""


class Session:
    """The posts of a project that are open; safe to use from several threads."""

    def __init__(
        self, project: Project, paths: Sequence[Path], engine: str = "", *, tell: Callable[[str], None] = lambda _: None
    ) -> None:
        self.project, self.engine = project, engine or ",".join(project.settings.engine)
        self._lock = threading.RLock()
        self._desk = Desk(project, Options(memory=False))
        self._glossary = self._glossary_facts(paths)
        self.posts: tuple[OpenPost, ...] = tuple(self._open(n, path, tell) for n, path in enumerate(paths, 1))
        self.person = self.desk.means(paths[0]).person

    def _open(self, number: int, path: Path, tell: Callable[[str], None]) -> OpenPost:
        tell(str(path))
        return OpenPost(self, path, number)

    @property
    def desk(self) -> Desk:
        """Give what posts are worked on with; anew where the glossary's files have changed."""
        with self._lock:
            return self._desk

    def read_glossary(self) -> bool:
        """Read the glossary again where it has changed on the disk; say whether it had."""
        with self._lock:
            now = self._glossary_facts([post.path for post in self.posts])
            if now == self._glossary:
                return False
            fresh = Desk(self.project, Options(memory=False))
            for post in self.posts:
                fresh.means(post.path)  # what is wrong with a file is raised before anything is taken over
            self._glossary, self._desk = now, fresh
            return True

    def _glossary_facts(self, paths: Iterable[Path]) -> tuple[tuple[Path, ...], Facts]:
        folders = {path.parent: path for path in paths}.values()  # what is beside a post is beside its neighbours too
        files = tuple(dict.fromkeys(file for path in folders for file in self.project.glossary_files(path)))
        return files, _facts(files)

    def memory(self) -> Memory:
        """Open the memory as it is now."""
        return memory_of(self.project)


@dataclass
class _Ticket:
    """What one caller decided, and what became of it."""

    make: Make
    made: Sequence[Decision] = ()
    results: tuple[Result, ...] = ()
    error: Exception | None = None
    is_done: bool = False


class Moment(NamedTuple):
    """A post as it stands, taken at one moment."""

    version: int
    shape: int
    work: Work
    outcome: Outcome


@dataclass
class OpenPost:
    """A post that is open."""

    session: Session
    path: Path
    number: int
    """From 1."""
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    _queue: deque[_Ticket] = field(default_factory=deque, repr=False)

    def __post_init__(self) -> None:
        """Read the post."""
        self._past: dict[str, set[str]] = {}
        """Of each segment: what stood in its place before, as far back as this session goes."""
        self.pair = pair_of(self.session.project, self.path)
        self.english, self.record = self.pair.english, self.pair.record
        self.pair.settle()
        self._facts = self._files()
        work = self.session.desk.prepare(self.path)
        outcome = complete(work)
        self._touched = [1] * len(outcome.entries)
        """Of each segment: the version in which it changed last."""
        self._seen = Moment(1, 1, work, outcome)

    # ── What stands ───────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def seen(self) -> Moment:
        """Give the post as it stands, all parts of the same moment."""
        return self._seen

    @property
    def version(self) -> int:
        """Count the changes, whoever made them."""
        return self._seen.version

    @property
    def shape(self) -> int:
        """Count the changes of the segments themselves: after one, everything must be read anew."""
        return self._seen.shape

    @property
    def work(self) -> Work:
        """Give what is known of the post."""
        return self._seen.work

    @property
    def outcome(self) -> Outcome:
        """Give what the post has become: its `entries` are what people see."""
        return self._seen.outcome

    def refresh(self) -> bool:
        """Read again what others changed on the disk; say whether anything did. It costs nothing where nothing did."""
        is_renamed = self.session.read_glossary()
        if not is_renamed and self._files() == self._facts and self.work.means is self._means():
            return False
        with self._lock:
            facts = self._files()
            known = self.work if self.work.means is self._means() else None
            work = self._guarded(self.session.desk.prepare(self.path, known))
            self._facts = facts
            before = self.version
            if work is not self.work:
                self._show(work, complete(work))
            return self.version != before

    def _means(self) -> object:
        return self.session.desk.means(self.path)

    def changed_since(self, version: int, shape: int) -> list[int] | None:
        """List the segments that changed after a version; None where the post's shape did."""
        with self._lock:
            if shape != self.shape:
                return None
            return [i for i, touched in enumerate(self._touched) if touched > version]

    # ── Decisions ─────────────────────────────────────────────────────────────────────────────────────────────────

    def decide(self, decisions: Sequence[Decision]) -> tuple[Result, ...]:
        """Take decisions and write them; those that come at the same time share one write.

        Raises `InputError` where the files cannot be read or written; then nothing was decided.
        """
        return self._taken(_Ticket(lambda _work, _entries: decisions)).results

    def change(self, make: Make) -> list[tuple[Decision, Result]]:
        """Make decisions from what stands, and take them before anything else can change.

        `make` holds everybody up: what takes long (an engine) makes its decisions first and gives them to `decide`.
        """
        ticket = self._taken(_Ticket(make))
        return list(zip(ticket.made, ticket.results, strict=True))

    def _taken(self, ticket: _Ticket) -> _Ticket:
        self._queue.append(ticket)
        with self._lock:
            if not ticket.is_done:
                some = [self._queue.popleft() for _ in range(len(self._queue))]
                self._commit(some)
        if ticket.error:
            raise ticket.error
        return ticket

    def _commit(self, tickets: Sequence[_Ticket]) -> None:
        """Write what several callers decided, in the order in which they came."""
        try:
            self._write(tickets)
        except Exception as error:  # noqa: BLE001  # each caller raises it again
            for ticket in tickets:
                ticket.error = error
        finally:
            for ticket in tickets:
                ticket.is_done = True

    def _write(self, tickets: Sequence[_Ticket]) -> None:
        self.session.read_glossary()
        known = self.work if self.work.means is self._means() else None
        made: list[Work] = []

        def change(work: Work) -> Work:
            work = self._guarded(work)
            entries = work.entries
            for ticket in tickets:
                ticket.made = ticket.make(work, entries)
                entries, ticket.results = decide(entries, ticket.made, work.means.person)
            made[:] = [replace(work, entries=entries)]
            return made[0]

        report = self.session.desk.update(self.path, change, known=known)
        self._facts = ()  # somebody may have written right after us: `refresh` reads once more
        self._show(_after(made[0], report.outcome), report.outcome)

    def publish(self, *, allow_untranslated: bool = False) -> Report:
        """Write the English as it is recorded; refuses as the command does."""
        with self._lock:
            report = publish(self.path, allow_untranslated=allow_untranslated)
            self.refresh()
            return report

    def _guarded(self, work: Work) -> Work:
        """See that an editor that saved an old copy of the English takes nothing back silently.

        What it had not seen looks as if it had been changed to what stood there before: that is a conflict.
        """
        if work is self.work or len(work.entries) != len(self.outcome.entries):
            return work
        pairs = zip(self.outcome.entries, work.entries, strict=True)
        entries = tuple(self._both(old, new) for old, new in pairs)
        return work if entries == work.entries else replace(work, entries=entries)

    def _both(self, old: Entry, new: Entry) -> Entry:
        is_old_copy = old.key == new.key and old.target != new.target and new.target in self._past.get(new.key, ())
        if not is_old_copy or not is_persons(old) or State.CONFLICT in {old.state, new.state}:
            return new
        return replace(old, state=State.CONFLICT, other=new.target)

    # ── Bookkeeping ───────────────────────────────────────────────────────────────────────────────────────────────

    def _files(self) -> Facts:
        return _facts((self.path, self.english, self.record))

    def _show(self, work: Work, outcome: Outcome) -> None:
        """Take over what stands now, and count what changed."""
        version, shape, before, shown = self._seen
        old, new = shown.entries, outcome.entries
        if before.post is not work.post and _shape(before) != _shape(work):
            self._touched = [version + 1] * len(new)
            self._seen = Moment(version + 1, shape + 1, work, outcome)
            return
        touched = [i for i, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]
        for i in touched:
            self._touched[i] = version + 1
            if old[i].target not in {"", new[i].target}:
                self._past.setdefault(old[i].key, set()).add(old[i].target)
        self._seen = Moment(version + bool(touched), shape, work, outcome)


def _shape(work: Work) -> tuple[object, ...]:
    """Give what a page is laid out by: the blocks, and the segments' keys and sources."""
    document = work.post.document
    blocks = [(b.kind, b.level, b.containers, b.key, b.span.of(document.text)) for b in document.blocks]
    return blocks, [(entry.key, entry.source) for entry in work.entries]


def _after(work: Work, outcome: Outcome) -> Work:
    """Give the work as it is read again after a write.

    Law: it is what `prepare` gives. Where a person shaped the English by hand it is read again, not guessed: the texts
    stay those from before, so that they differ from what stands on the disk.
    """
    if work.learnt.is_shaped or outcome.learnt.is_shaped:
        return work
    learnt = replace(work.learnt, entries=outcome.entries, gone=(), edited=0, conflicts=0)
    texts = Texts(work.texts.source, outcome.english, outcome.record)
    return replace(work, entries=outcome.entries, learnt=learnt, texts=texts)


def _facts(paths: Iterable[Path]) -> Facts:
    return tuple(_fact(path) for path in paths)


def _fact(path: Path) -> tuple[int, int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_size, stat.st_mtime_ns, stat.st_ino
