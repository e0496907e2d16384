"""Draft again, accept what is clean, say the same again: decisions about many segments at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from translator.memory.index import reusable
from translator.meter import Meter
from translator.model import State
from translator.pipeline.carry import approved
from translator.pipeline.chain import as_chain, draft_tasks, reads_context
from translator.pipeline.decide import Decision, Stand
from translator.pipeline.draft import Drafted
from translator.pipeline.english import is_persons
from translator.pipeline.sides import joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from translator.model import Engine, Entry
    from translator.pipeline.chain import Chain
    from translator.pipeline.work import Work


def redraft(work: Work, entries: Sequence[Entry], keys: Sequence[str], engine: Engine | Chain) -> list[Decision]:
    """Draft segments again with an engine, as `translate` does; the memory is not asked.

    Named by its key, a segment is drafted whoever wrote it, and so are those that are said in it: each has its own text
    then. Without keys it is every segment that no person decided about. Conflicts are left alone. Raises `EngineError`;
    a segment of which the engine makes nothing is in no decision.
    """
    chosen = _chosen(work, entries, set(keys)) if keys else _machines(work, entries)
    said = _drafted(work, chosen, as_chain(engine))
    out = [_decision(entries[i], said[i]) for i in chosen if said[i].target]
    return [one for one in out if (one.before.target, one.before.state) != (one.after.target, one.after.state)]


def _chosen(work: Work, entries: Sequence[Entry], keys: set[str]) -> list[int]:
    """List the segments that are named, each with those that are said in it."""
    named = [i for i, entry in enumerate(entries) if entry.key in keys]
    some = {n for i in named if entries[i].state is not State.JOINED for n in (i, *joined(work.post, entries, i))}
    return [i for i in sorted(some) if entries[i].state is not State.CONFLICT]


def _machines(work: Work, entries: Sequence[Entry]) -> list[int]:
    some = (i for i, entry in enumerate(entries) if not is_persons(entry))
    return [i for i in some if not entries[i].target or not joined(work.post, entries, i)]


def _drafted(work: Work, some: Sequence[int], chain: Chain) -> dict[int, Drafted]:
    """Draft segments: tags by the glossary, the others by the engine."""
    tags = {} if chain[0].abilities.identity else {i: tag for i in some if (tag := work.by_glossary(i)) is not None}
    open_ = [i for i in some if i not in tags]
    tasks = work.tasks(open_, context=reads_context(chain))
    said = dict(zip(open_, draft_tasks(chain, tasks, work.means.settings.quotes, Meter()), strict=True))
    return said | {i: Drafted(tag, origin="glossary") for i, tag in tags.items()}


def _decision(entry: Entry, said: Drafted) -> Decision:
    after = Stand(said.target, State.DRAFT, said.origin, score=said.score, note=entry.note)
    return Decision(entry.key, entry.source, Stand.of(entry), after)


# ── Accept, repeat ────────────────────────────────────────────────────────────────────────────────────────────────────


def clean(entries: Sequence[Entry]) -> list[Decision]:
    """Accept every draft that has no finding; what is only worth knowing is none. Nobody signs them here."""
    some = [entry for entry in entries if entry.state is State.DRAFT and entry.target and not entry.is_troubled]
    return [_changed(entry, replace(entry, state=approved(entry.target), by="", former="", other="")) for entry in some]


def repeat(entries: Sequence[Entry], key: str) -> list[Decision]:
    """Say what a segment says in every other segment with the same source that is not done, as approved as it is.

    What is said for a neighbour too is not repeated: the neighbours differ.
    """
    one = next((entry for entry in entries if entry.key == key), None)
    if one is None or one.state not in {State.DRAFT, State.APPROVED} or not one.target or _is_shared(entries, one):
        return []
    return list(_repeated(one, (e for e in entries if e.source == one.source and e.key != key)))


def _is_shared(entries: Sequence[Entry], one: Entry) -> bool:
    """Tell whether a block has a sentence that is said in another; see `reusable`."""
    here = [replace(entry, state=State.APPROVED) if entry is one else entry for entry in entries]
    return reusable(here)[entries.index(one)] is None


def _repeated(one: Entry, others: Iterable[Entry]) -> Iterator[Decision]:
    for entry in others:
        if (
            entry.state.is_done
            or entry.state is State.CONFLICT
            or (entry.target, entry.state) == (one.target, one.state)
        ):
            continue
        after = replace(entry, target=one.target, state=one.state, origin=one.origin, by="", score=one.score, former="")
        yield _changed(entry, after)


def _changed(before: Entry, after: Entry) -> Decision:
    return Decision(before.key, before.source, Stand.of(before), Stand.of(after))
