"""Posts into English: planned, asked about in batches, each written as soon as all of it is there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from translator.config import DEFAULTS, Project, Settings
from translator.errors import DuizhaoError, EngineError, InputError
from translator.glossary import Glossary, load
from translator.meter import LimitError, Meter
from translator.pipeline.ahead import ahead
from translator.pipeline.chain import as_chain, draft_by, draft_tasks, reads_context
from translator.pipeline.draft import Drafted, Task, finish, first_jobs
from translator.pipeline.verbs import DEFAULT, Desk, Options, Report, pair_of
from translator.pipeline.work import Means, Texts, Work, complete, prepare

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from translator.model import Abilities, Engine, Entry, Job, Usage
    from translator.pipeline.chain import Chain

BATCH = 60_000
"""Source characters drafted together: long enough to batch well, short enough to keep what is done."""
BATCH_AFAR = 600_000
"""The most for engines whose answers are kept as they come, and of which several requests are under way."""


@dataclass
class Progress:
    """What a run tells while it works; every method may be left as it is."""

    total: int = 0
    done: int = 0
    meter: Meter = field(default_factory=Meter)

    def begin(self, total: int) -> None:
        """Hear how many characters there are to draft."""
        self.total += total

    def advance(self, characters: int) -> None:
        """Hear that some are drafted."""
        self.done += characters

    def post(self, report: Report) -> None:
        """Hear that a post is finished."""

    def note(self, text: str) -> None:
        """Hear what the user should know: an engine that cannot go on, and which one takes over."""

    def failed(self, error: InputError) -> None:
        """Hear that a post could not be read or written; the others go on."""
        raise error


@dataclass
class _Plan:
    """A post on its way through a run: what is asked, and what was answered so far."""

    path: Path
    work: Work
    known: dict[tuple[str, str], Drafted] = field(default_factory=dict)
    """By key and source, so that answers fit a post that changed meanwhile."""
    asked: dict[int, Task] = field(default_factory=dict)
    names: dict[int, tuple[str, str]] = field(default_factory=dict)
    parts: dict[int, list[Drafted | None]] = field(default_factory=dict)
    size: int = 0
    left: int = 0
    """Answers still to come."""

    def take(self, i: int, n: int, drafted: Drafted) -> bool:
        """Take one answer; true where it was the last."""
        self.parts[i][n] = drafted
        self.left -= 1
        if all(part is not None for part in self.parts[i]):
            self.known[self.names[i]] = finish(self.asked[i], [part for part in self.parts[i] if part])
        return not self.left


def translate_posts(
    paths: Sequence[Path],
    engine: Engine | Chain,
    options: Options = DEFAULT,
    progress: Progress | None = None,
) -> Iterator[Report]:
    """Draft what is untranslated in each post, and write its English and its record.

    Posts are drafted in batches; each is written as soon as its batch is done. Where the engine raises, or the user
    interrupts, what was drafted until then is written before the exception goes on.
    """
    if not paths:
        return
    progress, chain = progress or Progress(), as_chain(engine)
    desk = Desk(Project.of(paths[0]), options)
    batches = _batches(desk, paths, chain)
    for found in ahead(batches) if any(each.abilities.remote for each in chain) else batches:
        for error in (each for each in found if isinstance(each, InputError)):
            progress.failed(error)
        yield from _run(desk, [each for each in found if isinstance(each, _Plan)], chain, progress)


def _batches(desk: Desk, paths: Sequence[Path], chain: Chain) -> Iterator[list[_Plan | InputError]]:
    """Plan posts, in batches. For engines afar the first is small, to begin soon, and each next twice as large."""
    afar = any(each.abilities.remote for each in chain)
    batch: list[_Plan | InputError] = []
    size, most = 0, BATCH
    for path in paths:
        desk.means(path)  # what is wrong with the glossary or the settings is wrong for every post
        try:
            plan = _plan(desk, path, _abilities(chain))
        except InputError as error:
            batch.append(error)
            continue
        batch.append(plan)
        size += plan.size
        if size >= most:
            yield batch
            batch, size, most = [], 0, min(2 * most, BATCH_AFAR) if afar else BATCH
    yield batch


@dataclass(frozen=True)
class Expected:
    """What a run would do to one post, and what that would take."""

    path: Path
    segments: int
    """All of the post's; `wanting` of them have no English that may stay."""
    wanting: int
    asked: int
    """Of these, how many are asked of an engine; the others are known from the memory or the glossary."""
    blocks: int
    """In how many blocks these stand."""
    characters: int
    usage: Usage


def expect_posts(paths: Sequence[Path], engine: Engine | Chain, options: Options = DEFAULT) -> Iterator[Expected]:
    """Tell what `translate_posts` would do and what the first engine would take; nothing is asked or written."""
    chain = as_chain(engine)
    desk = Desk(Project.of(paths[0]), replace(options, dry_run=True))
    for path in paths:
        plan = _plan(desk, path, _abilities(chain))
        jobs = _jobs(plan, chain[0].abilities)
        wanting = len(plan.asked) + len(plan.known)
        blocks = {plan.work.post.segments[i].block for i in plan.asked}
        counts = (len(plan.work.entries), wanting, len(plan.asked), len(blocks))
        yield Expected(path, *counts, plan.size, chain[0].expect(jobs))


def first_questions(path: Path, able: Abilities, options: Options = DEFAULT) -> tuple[Job, ...]:
    """Give what an engine which is able to do so much would be asked of a post; nothing is asked or written."""
    desk = Desk(Project.of(path), replace(options, dry_run=True))
    return _jobs(_plan(desk, path, [able]), able)


def _jobs(plan: _Plan, able: Abilities) -> tuple[Job, ...]:
    return first_jobs(able, [ask for one in plan.asked.values() for ask in one.asks])


def _abilities(chain: Chain) -> list[Abilities]:
    return [engine.abilities for engine in chain]


def _plan(desk: Desk, path: Path, able: Sequence[Abilities]) -> _Plan:
    """See what a post wants: from the glossary where it is a tag, from the memory, else from one of these engines."""
    pair_of(desk.project, path).settle()
    work = desk.prepare(path)
    plan, open_ = _Plan(path, work), []
    for i in work.wanting(force=desk.options.force):
        ready = None if able[0].identity else _ready(work, i)
        if ready is None:
            open_.append(i)
        elif ready.target:
            plan.known[_name(work.entries[i])] = ready
    context, habits = any(each.context for each in able), any(each.habits for each in able)
    for i, one in zip(open_, work.tasks(open_, context=context, habits=habits), strict=True):
        plan.asked[i], plan.names[i] = one, _name(work.entries[i])
        plan.parts[i] = [None] * len(one.asks)
        plan.size += sum(len(ask.text) for ask in one.asks)
        plan.left += len(one.asks)
    return plan


def _ready(work: Work, i: int) -> Drafted | None:
    tag = work.by_glossary(i)
    if tag is not None:
        return Drafted(tag, origin="glossary")
    before = work.entries[i - 1].source if i else ""
    found = work.means.memory.find(work.entries[i].source, before)
    return Drafted(found, origin="memory") if found else work.close(i)


def _name(entry: Entry) -> tuple[str, str]:
    return entry.key, entry.source


def _run(desk: Desk, batch: list[_Plan], chain: Chain, progress: Progress) -> Iterator[Report]:
    """Draft a batch and write each post as soon as all of it is drafted; the rest also where the drafting broke off."""
    places = [(plan, i, n) for plan in batch for i, one in plan.asked.items() for n in range(len(one.asks))]
    progress.begin(sum(plan.size for plan in batch))
    waiting = {id(plan): plan for plan in batch}
    broken: BaseException | None = None
    try:
        asks = [plan.asked[i].asks[n] for plan, i, n in places]
        quotes = desk.project.settings.quotes
        for at, drafted in draft_by(chain, asks, quotes, progress.meter, progress.note):
            plan, i, n = places[at]
            progress.advance(len(asks[at].text))
            if plan.take(i, n, drafted):
                yield from _write(desk, waiting.pop(id(plan)), chain, progress)
    except (DuizhaoError, KeyboardInterrupt) as error:
        broken = error
    for plan in waiting.values():
        yield from _write(desk, plan, chain, progress)
    if broken:
        raise _named(chain[-1].name, broken)


def _named(name: str, error: BaseException) -> BaseException:
    """Say which engine cannot go on: it is the last one, for the others are stood in for."""
    if not isinstance(error, EngineError) or isinstance(error, LimitError) or name in str(error):
        return error
    return EngineError(f"{name}: {error}")


def _write(desk: Desk, plan: _Plan, chain: Chain, progress: Progress) -> Iterator[Report]:
    def said(work: Work) -> dict[int, Drafted]:
        wanting = work.wanting(force=desk.options.force)
        return {i: plan.known[name] for i in wanting if (name := _name(work.entries[i])) in plan.known}

    try:
        report = desk.update(plan.path, said=said, known=plan.work, marked=not chain[0].abilities.identity)
    except InputError as error:
        progress.failed(error)
        return
    progress.post(report)
    yield report


@dataclass(frozen=True)
class Translation:
    """A translated text and its segments."""

    text: str
    segments: tuple[Entry, ...]
    notes: tuple[str, ...] = ()


def translate_text(
    markdown: str,
    engine: Engine | Chain,
    glossary: Sequence[Path] = (),
    settings: Settings = DEFAULTS,
    meter: Meter | None = None,
) -> Translation:
    """Translate a text without files, memory or record."""
    chain = as_chain(engine)
    identity = chain[0].abilities.identity
    means = Means(settings=settings, glossary=load(glossary) if glossary else Glossary())
    try:
        work = prepare(Texts(markdown), means)
    except InputError as error:
        if not identity:
            raise
        return Translation(markdown, (), (str(error),))
    wanting = work.wanting()
    tags = {i: work.by_glossary(i) for i in wanting}
    open_ = [i for i in wanting if tags[i] is None or identity]
    tasks = work.tasks(open_, context=reads_context(chain))
    said = dict(zip(open_, draft_tasks(chain, tasks, settings.quotes, meter or Meter()), strict=True))
    said |= {i: Drafted(tag, origin="glossary") for i, tag in tags.items() if tag and i not in said}
    outcome = complete(work, said, marked=not identity)
    return Translation(outcome.english, outcome.entries, outcome.notes)
