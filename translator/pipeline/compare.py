"""One post, drafted by several engines, each as if nobody had translated it: to be looked at, never written.

post ─prepare→ Work ─draft→ Outcome, one for each engine ─heard→ what became of the terms
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from translator.errors import DuizhaoError, EngineError
from translator.glossary.enforce import imply, judge
from translator.glossary.score import Tally, tally, total
from translator.markdown import plain
from translator.pipeline.chain import draft_tasks, reads_context
from translator.pipeline.draft import Drafted, first_jobs
from translator.pipeline.evaluate import tasks_without_own
from translator.pipeline.files import read_if_there
from translator.pipeline.sides import side
from translator.pipeline.work import Texts, complete, prepare

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from translator.meter import Meter
    from translator.model import Entry, Level, Usage
    from translator.pipeline.chain import Chain
    from translator.pipeline.draft import Task
    from translator.pipeline.translate import Progress
    from translator.pipeline.verbs import Desk
    from translator.pipeline.work import Outcome, Work


@dataclass(frozen=True)
class Compared:
    """What an engine made of a post."""

    name: str
    work: Work
    outcome: Outcome
    asked: tuple[int, ...]
    """Which segments it was asked for: all but tags."""
    terms: Tally
    """Every mention; in what was refused none is obeyed."""
    seconds: float
    meter: Meter
    error: str = ""
    """Why it could not go on; then nothing of its English is here."""

    @property
    def refused(self) -> int:
        """Count the segments that it made nothing of."""
        return sum(not self.outcome.entries[i].target for i in self.asked)

    @property
    def levels(self) -> Counter[Level]:
        """Count the findings."""
        return Counter(found.level for entry in self.outcome.entries for found in entry.findings)


def open_fresh(desk: Desk, path: Path) -> Work:
    """Read a post as if it had neither English nor record."""
    text = read_if_there(path)
    if text is None:
        raise DuizhaoError(f"{path}: there is no such file")
    return prepare(Texts(text), desk.means(path), path)


def foretell(chain: Chain, work: Work, record: Path) -> Usage:
    """Estimate what the first engine would take."""
    _, tasks = _asked(chain, work, record)
    return chain[0].expect(first_jobs(chain[0].abilities, [ask for one in tasks for ask in one.asks]))


def compare(name: str, chain: Chain, work: Work, record: Path, progress: Progress) -> Compared:
    """Have an engine draft a whole post that was opened fresh; `record` is the post's own, which gives no examples.

    Tags are put into English by the glossary, as in `translate`. An engine that cannot go on is compared as one that
    said nothing, with its reason.
    """
    tags, tasks = _asked(chain, work, record)
    open_ = tuple(i for i in range(len(work.entries)) if i not in tags)
    progress.begin(sum(len(ask.text) for one in tasks for ask in one.asks))
    begun, error, said = time.monotonic(), "", dict(tags)
    try:
        quotes = work.means.settings.quotes
        drafted = draft_tasks(chain, tasks, quotes, progress.meter, progress.note, progress.advance)
        said |= dict(zip(open_, drafted, strict=True))
    except EngineError as why:
        error = str(why)
    seconds = time.monotonic() - begun
    outcome = complete(work, said, tags, marked=False)
    return Compared(name, work, outcome, open_, terms_of(work, outcome.entries), seconds, progress.meter, error)


def _asked(chain: Chain, work: Work, record: Path) -> tuple[dict[int, Drafted], list[Task]]:
    """Give the tags that the glossary knows, and what is asked for every other segment, in order."""
    tags = {} if chain[0].abilities.identity else _tags(work)
    open_ = [i for i in range(len(work.entries)) if i not in tags]
    return tags, tasks_without_own(work, open_, record, context=reads_context(chain))


def _tags(work: Work) -> dict[int, Drafted]:
    tags = {i: work.by_glossary(i) for i in range(len(work.entries))}
    return {i: Drafted(tag, origin="glossary") for i, tag in tags.items() if tag is not None}


def terms_of(work: Work, entries: Sequence[Entry]) -> Tally:
    """Count what became of every mention of a post; what says nothing obeys nothing."""
    some = [(i, side(work, entries, i)) for i in range(len(entries)) if work.mentions[i]]
    targets = [both.target.text if both else "" for _, both in some]
    judged = [
        judge(plain(work.protected[i].text), work.mentions[i], target)
        for (i, _), target in zip(some, targets, strict=True)
    ]
    return total(tally(imply(judged, targets), targets))
