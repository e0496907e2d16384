"""What can be done with posts: the verbs behind the commands, callable from Python.

Every verb reads, works on texts alone (`work.py`), and writes under the pair's lock; where somebody else wrote
meanwhile, it reads again and starts over, drafts in hand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from translator.config import Project, person
from translator.errors import ConflictError, DuizhaoError
from translator.formats import load as load_record
from translator.glossary import Glossary, load
from translator.memory import open_memory
from translator.memory.index import NOTHING
from translator.model import Entry, State
from translator.pipeline.carry import approved
from translator.pipeline.files import Pair, read_if_there
from translator.pipeline.work import Means, Outcome, Texts, Work, complete, prepare

if TYPE_CHECKING:
    from pathlib import Path

    from translator.memory.index import Memory
    from translator.pipeline.draft import Drafted

TRIES = 5
Change = Callable[[Work], Work]


def open_means(
    project: Project, glossary: Sequence[Path] = (), *, memory: bool = True, post: Path | None = None
) -> Means:
    """Read what posts of a project are worked on with."""
    settings = project.settings
    files = [*project.glossary_files(post), *glossary]
    known = memory_of(project) if memory else NOTHING
    return Means(project, settings, load(files, project.cache) if files else Glossary(), known, person(settings))


def memory_of(project: Project) -> Memory:
    """Bring the memory up to date with the project's records and open it; nothing where the settings say so."""
    return open_memory(project.cache, project.records(), _entries) if project.settings.memory else NOTHING


def _entries(record: Path) -> Sequence[Entry]:
    return load_record(record.read_text(encoding="utf-8"), record).entries


@dataclass(frozen=True)
class Report:
    """What a run did to one post."""

    path: Path
    english: Path
    record: Path
    outcome: Outcome
    changed: bool = False
    """Whether a file was written."""


@dataclass(frozen=True)
class Options:
    """How posts are translated."""

    force: bool = False
    """Draft again what no person has approved."""
    dry_run: bool = False
    memory: bool = True
    glossary: tuple[Path, ...] = ()
    max_cost: float | None = None
    """US dollars; a run that is expected to cost more is not begun, one that comes to cost more is stopped."""


DEFAULT = Options()


def pair_of(project: Project, path: Path) -> Pair:
    """Name a post's English file and record."""
    return Pair(project.target(path), project.record(path), project.cache)


def read_texts(project: Project, path: Path) -> Texts:
    """Read a post and what stands of its translation."""
    pair = pair_of(project, path)
    source = read_if_there(path)
    if source is None:
        raise DuizhaoError(f"{path}: there is no such file")
    return Texts(source, read_if_there(pair.english), read_if_there(pair.record))


class Desk:
    """The means of each folder: most share the project's, a post with its own `glossary.yaml` has its own."""

    def __init__(self, project: Project, options: Options) -> None:
        self.project, self.options = project, options
        self._known: dict[Path | None, Means] = {}

    def means(self, path: Path) -> Means:
        """Give what a post is worked on with."""
        own = path.parent / "glossary.yaml"
        key = own if own.exists() else None
        if key not in self._known:
            shared = self._known.get(None)
            means = open_means(
                self.project,
                self.options.glossary,
                memory=self.options.memory and shared is None,
                post=path if key else None,
            )
            self._known[key] = replace(means, memory=shared.memory) if shared else means
        return self._known[key]

    def prepare(self, path: Path, known: Work | None = None) -> Work:
        """Read a post and bring together what is known of it; `known` is what it was, if nothing changed since."""
        texts = read_texts(self.project, path)
        return known if known and known.texts == texts else prepare(texts, self.means(path), path)

    def update(
        self,
        path: Path,
        change: Change = lambda work: work,
        said: Callable[[Work], dict[int, Drafted]] = lambda _: {},
        known: Work | None = None,
        *,
        marked: bool = True,
    ) -> Report:
        """Read a post, change what is known of it, and write both files."""
        pair = pair_of(self.project, path)
        for attempt in range(TRIES):
            with pair.locked():
                work = change(self.prepare(path, known))
                drafts = said(work)
                reused = [i for i, one in drafts.items() if one.origin in {"memory", "glossary"}]
                outcome = complete(work, drafts, reused, marked=marked)
                try:
                    before = (work.texts.english, work.texts.record)
                    changed = not self.options.dry_run and pair.replace(before, (outcome.english, outcome.record))
                except ConflictError:
                    if attempt == TRIES - 1:
                        raise
                    continue
                return Report(path, pair.english, pair.record, outcome, changed)
        raise AssertionError  # pragma: no cover


# ── approve, publish, check, status ───────────────────────────────────────────────────────────────────────────────────


def approve(  # noqa: PLR0913  # each an option of the command
    path: Path,
    keys: Sequence[str] = (),
    *,
    clean: bool = False,
    everything: bool = False,
    undo: bool = False,
    take: str = "",
) -> tuple[Report, int]:
    """Approve segments of a post, or take approvals back; gives the report and how many changed.

    `clean` takes drafts without findings. What is untranslated cannot be approved. `take` decides conflicts: `english`
    or `record`. A key may be cut short where it stays unambiguous.
    """
    desk = Desk(Project.of(path), Options(memory=False))
    count = 0

    def change(work: Work) -> Work:
        nonlocal count
        chosen = _chosen(work.entries, keys)
        entries = []
        for entry in work.entries:
            wanted = everything or entry.key in chosen or (clean and not entry.is_troubled)
            entries.append(_decided(entry, work.means.person, undo=undo, take=take) if wanted else entry)
        count = sum(a != b for a, b in zip(entries, work.entries, strict=True))
        return replace(work, entries=tuple(entries))

    return desk.update(path, change), count


def _chosen(entries: Sequence[Entry], keys: Sequence[str]) -> set[str]:
    found = set()
    for key in keys:
        some = [entry.key for entry in entries if entry.key.startswith(key)]
        if len(some) != 1:
            what = "is no segment's key" if not some else f"fits {len(some)} segments"
            raise DuizhaoError(f"{key} {what}; `duizhao segments POST` lists them")
        found.add(some[0])
    return found


def _decided(entry: Entry, person_: str, *, undo: bool, take: str) -> Entry:
    if undo:
        return replace(entry, state=State.DRAFT, by="") if entry.state is State.APPROVED else entry
    if entry.state is State.CONFLICT:
        target = {"english": entry.other, "record": entry.target}.get(take)
        return (
            replace(entry, state=approved(target), target=target, other="", by=person_, former="") if target else entry
        )
    if entry.state in {State.DRAFT, State.STALE} and entry.target:
        return replace(entry, state=approved(entry.target), by=person_, former="")
    return entry


def publish(path: Path, *, allow_untranslated: bool = False) -> Report:
    """Write the English of a post as it is recorded; refuses while segments are untranslated or in conflict."""
    desk = Desk(Project.of(path), Options(memory=False))
    work = desk.prepare(path)
    waiting = [e for e in work.entries if e.state is State.UNTRANSLATED]
    fought = [e for e in work.entries if e.state is State.CONFLICT]
    if fought:
        raise DuizhaoError(f"{path}: {len(fought)} segments are in conflict; `duizhao status {path}` shows both texts")
    if waiting and not allow_untranslated:
        raise DuizhaoError(
            f"{path}: {len(waiting)} of {len(work.entries)} segments are untranslated, "
            f"the first on line {work.post.lines[work.entries.index(waiting[0])]}; "
            "translate them, or publish with --allow-untranslated"
        )
    return desk.update(path)


def look(desk: Desk, path: Path) -> tuple[Work, Outcome]:
    """See how a post stands, without writing anything: what `check`, `status`, `segments` and `review` show."""
    work = desk.prepare(path)
    return work, complete(work)
