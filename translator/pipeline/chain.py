"""The engines of a run: opened with the project's settings, their answers kept, one stepping in for another.

names ─open_chain→ Engine* ;  Ask* ─draft_by→ each asked of the first engine, and what it refuses of the next
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from translator.engines import choose_auto, open_engine
from translator.engines.marks import are_kept
from translator.errors import EngineError
from translator.memory.answers import Answers
from translator.meter import LimitError
from translator.pipeline.draft import draft, finish
from translator.pipeline.sound import unsound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from translator.config import Project
    from translator.meter import Meter
    from translator.model import Answer, Engine, Job, Usage
    from translator.pipeline.draft import Ask, Drafted, Task
    from translator.text import Quotes

Chain = tuple["Engine", ...]
"""Engines in the order in which they are asked; never empty."""


def open_chain(project: Project, named: str = "") -> Chain:
    """Open the engines that are named, else those of the project's settings; commas stand between names.

    Engines that others run answer from the project's cache what they answered before.
    """
    settings = project.settings
    names = [name.strip() for name in named.split(",") if name.strip()] if named else settings.engine
    if not names:
        raise EngineError("no engine is named; `duizhao engines` lists them")
    names = [choose_auto(project.engines) if name == "auto" else name for name in names]
    answers = Answers(project.cache)
    engines = tuple(open_engine(name, project.engines.get(name, {})) for name in names)
    if len(engines) > 1 and any(engine.abilities.identity for engine in engines):
        raise EngineError("echo stands for no other engine; name it alone")
    return tuple(Remembered(engine, answers) if engine.abilities.remote else engine for engine in engines)


def as_chain(engine: Engine | Chain) -> Chain:
    """Take one engine for a chain of one."""
    return engine if isinstance(engine, tuple) else (engine,)


def reads_context(chain: Chain) -> bool:
    """Whether one of them heeds what stands around a sentence."""
    return any(engine.abilities.context for engine in chain)


class Remembered:
    """An engine that is asked only what it has not answered yet."""

    def __init__(self, engine: Engine, answers: Answers) -> None:
        self.engine, self.answers = engine, answers
        self.name, self.signature, self.abilities = engine.name, engine.signature, engine.abilities

    def draft(self, jobs: Sequence[Job], meter: Meter) -> Iterator[tuple[int, Answer]]:
        """Answer from what is kept, and ask the rest; an answer is kept as soon as it is there."""
        keys = [self._key(job) for job in jobs]
        known = self.answers.find(keys)
        open_ = []
        for n, key in enumerate(keys):
            if key in known:
                meter.found()
                yield n, known[key]
            else:
                open_.append(n)
        for at, answer in self.engine.draft([jobs[n] for n in open_], meter) if open_ else ():
            if _is_worth_keeping(jobs[open_[at]], answer):
                self.answers.keep(self.name, keys[open_[at]], answer)
            yield open_[at], answer

    def expect(self, jobs: Sequence[Job]) -> Usage:
        """Estimate what is not kept."""
        keys = [self._key(job) for job in jobs]
        known = self.answers.find(keys)
        return self.engine.expect([job for job, key in zip(jobs, keys, strict=True) if key not in known])

    def _key(self, job: Job) -> str:
        """Name a question: by all that its engine reads of it, and the engine's signature."""
        asked: list[object] = [self.signature, job.text, job.terms]
        if self.abilities.habits:
            asked.append(job.habits)
        if self.abilities.context:
            near = job.around
            asked += [near.block, near.before, near.after, near.headings, near.about, job.examples, job.kept, job.again]
        return hashlib.blake2b(json.dumps(asked).encode(), digest_size=16).hexdigest()


def _is_worth_keeping(job: Job, answer: Answer) -> bool:
    """Whether an answer is a translation with its marks whole; any other would be met again when it is asked anew."""
    said = answer.candidates[0].text if answer.candidates and not answer.error else ""
    return bool(said) and are_kept(job.text, said) and not unsound(job.text, said)


def draft_by(
    chain: Chain,
    asks: Sequence[Ask],
    quotes: Quotes,
    meter: Meter,
    tell: Callable[[str], None] = lambda _: None,
) -> Iterator[tuple[int, Drafted]]:
    """Draft with the first engine, what it refuses with the next, and so on; `tell` hears when one cannot go on.

    Raises `EngineError` where the last one cannot go on, and `LimitError` wherever the limit is reached.
    """
    left = list(range(len(asks)))
    refused: dict[int, Drafted] = {}
    for engine, others in ((engine, chain[n + 1 :]) for n, engine in enumerate(chain)):
        settled = set()
        try:
            for at, drafted in draft(engine, [asks[i] for i in left], quotes, meter):
                i = left[at]
                before = refused[i].findings if i in refused else ()
                if drafted.target or not others or not drafted.findings:
                    settled.add(i)
                    yield i, drafted if drafted.target else replace(drafted, findings=(*before, *drafted.findings))
                else:
                    refused[i] = replace(drafted, findings=(*before, *drafted.findings))
        except LimitError:
            raise
        except EngineError as error:
            if not others:
                raise
            tell(f"{engine.name} cannot go on: {error}. {others[0].name} takes over")
        left = [i for i in left if i not in settled]
        if not left:
            return


def draft_tasks(  # noqa: PLR0913, PLR0917  # what a run is made of
    chain: Chain,
    tasks: Sequence[Task],
    quotes: Quotes,
    meter: Meter,
    tell: Callable[[str], None] = lambda _: None,
    advance: Callable[[int], None] = lambda _: None,
) -> list[Drafted]:
    """Draft whole segments, all at once; raises where the last engine cannot go on.

    `advance` hears of every answer, how many characters it was asked with.
    """
    owners = [n for n, one in enumerate(tasks) for _ in one.asks]
    asks = [ask for one in tasks for ask in one.asks]
    answers: dict[int, Drafted] = {}
    for at, drafted in draft_by(chain, asks, quotes, meter, tell):
        answers[at] = drafted
        advance(len(asks[at].text))
    parts: list[list[Drafted]] = [[] for _ in tasks]
    for at, n in enumerate(owners):
        parts[n].append(answers[at])
    return [finish(one, some) for one, some in zip(tasks, parts, strict=True)]
