"""How good engines' English is, measured by English that somebody stands behind: rows of a file, or approved segments.

    Row* │ approved segments ─→ Case* ─measure→ Measured, one for each engine ─score→ BLEU, chrF2

An engine is asked as `translate` asks it, with marks, terms and what stands around. The memory gives examples of other
posts alone, and never one whose Chinese is the sentence itself: nothing can be copied from its own reference.

The home of sacrebleu.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, cast

from translator.errors import DuizhaoError, InputError
from translator.glossary import verify
from translator.glossary.enforce import judge
from translator.glossary.score import tally, total
from translator.markdown import plain, protect, scan
from translator.memory.index import NOTHING
from translator.memory.similar import similar
from translator.model import Codec, State
from translator.pipeline.chain import draft_tasks
from translator.pipeline.draft import Ask, task
from translator.pipeline.places import find
from translator.pipeline.sides import joined
from translator.pipeline.work import EXAMPLES
from translator.text import has_han

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from translator.glossary import Glossary
    from translator.glossary.score import Tally
    from translator.memory.index import Memory
    from translator.meter import Meter
    from translator.model import Mention
    from translator.pipeline.chain import Chain
    from translator.pipeline.draft import Task
    from translator.pipeline.translate import Progress
    from translator.pipeline.verbs import Desk
    from translator.pipeline.work import Work
    from translator.text import Quotes

SEED = 12345
"""sacrebleu's own."""
SAMPLES = 1000
"""How often the sentences are drawn anew; less often where they are many: all draws stand in memory at once."""
ROOM = 6_000_000
"""Sentences in all draws together, at most: some 400 MB."""
SPARE = 20
"""How many more of the memory's matches are looked at, since some are left out."""
HEADS = frozenset({"zh", "en", "id", "chinese", "english", "source", "target", "reference"})


class Row(NamedTuple):
    """A line of a file."""

    name: str
    source: str
    reference: str


@dataclass(frozen=True)
class Case:
    """A sentence whose right English is known."""

    name: str
    """The row's own, or post and line."""
    source: str
    reference: str
    task: Task
    mentions: tuple[Mention, ...] = ()
    """The terms that the reference says as the glossary does: these must be said so."""
    origin: str = ""
    """Which engine wrote the reference, where a person approved a draft as it was."""


@dataclass(frozen=True)
class Measured:
    """What an engine made of the cases."""

    name: str
    engines: tuple[str, ...]
    targets: tuple[str, ...]
    """In the order of the cases; empty where it refused: such a sentence counts, as one without a right word."""
    refusals: Counter[str]
    """Why, and how often."""
    terms: Tally
    own: int
    """How many references are its own drafts, approved as they were."""
    seconds: float
    meter: Meter

    @property
    def refused(self) -> int:
        """Count what it made nothing of."""
        return sum(not target for target in self.targets)


class Score(NamedTuple):
    """A figure of a metric."""

    value: float
    mean: float
    """Over all draws."""
    ci: float
    """Half the width of the interval in which 95 % of the draws lie."""
    p: float | None
    """How probable so large a difference to the first engine is by chance; None for the first."""


class Scores(NamedTuple):
    """What sacrebleu says of several engines, in their order."""

    bleu: tuple[Score, ...]
    chrf: tuple[Score, ...]
    signatures: tuple[str, str]


# ── Cases ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_rows(text: str, path: Path | None = None) -> list[Row]:
    """Read lines of Chinese TAB English, or of a name, Chinese and English; empty lines and a head are left out."""
    rows = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        cells = [cell.strip() for cell in line.split("\t")]
        if not any(cells) or (number == 1 and {cell.lower() for cell in cells} <= HEADS):
            continue
        if len(cells) not in {2, 3} or not all(cells[-2:]):
            raise InputError("expected Chinese, a tab and its English; or a name, a tab and these two", path, number)
        rows.append(Row(cells[0] if len(cells) == 3 else str(number), cells[-2], cells[-1]))
    if not rows:
        raise InputError("there is no line of Chinese and English in it", path)
    return rows


def row_cases(rows: Sequence[Row], glossary: Glossary, *, obey: bool = True) -> list[Case]:
    """Make a case of each row: a sentence that stands alone. Without `obey` no engine hears of the glossary."""
    return [_row_case(row, glossary, obey=obey) for row in rows]


def _row_case(row: Row, glossary: Glossary, *, obey: bool) -> Case:
    protected = protect(row.source, scan(row.source))
    mentions = find(glossary, protected)
    ask = Ask(protected.text, mentions if obey else ())
    one = task(protected, Codec.MARKDOWN, ask, glossary.mentions if obey else lambda _: ())
    return Case(row.name, row.source, row.reference, one, _obeyed(mentions, row.reference, Codec.MARKDOWN))


def post_cases(desk: Desk, paths: Sequence[Path], *, obey: bool = True, context: bool = False) -> list[Case]:
    """Make a case of each approved segment that has Chinese, but for tags and for those in which others are said.

    With `context` they are asked with what stands around them, and with examples.
    """
    return [case for path in paths for case in _of_post(desk, path, obey=obey, context=context)]


def _of_post(desk: Desk, path: Path, *, obey: bool, context: bool) -> Iterator[Case]:
    work = desk.prepare(path)
    some = [i for i in range(len(work.entries)) if _is_reference(work, i)]
    tasks = tasks_without_own(work, some, desk.project.record(path), context=context)
    for i, one in zip(some, tasks, strict=True):
        entry, codec = work.entries[i], one.codec
        mentions = _obeyed(work.mentions[i], entry.target, codec)
        asked = one if obey else replace(one, asks=tuple(replace(ask, mentions=()) for ask in one.asks))
        origin = "" if entry.origin in {"person", "memory"} else entry.origin
        yield Case(f"{path}:{work.post.lines[i]}", entry.source, entry.target, asked, mentions, origin)


def _is_reference(work: Work, i: int) -> bool:
    entry = work.entries[i]
    stands = entry.state is State.APPROVED and has_han(entry.source) and not joined(work.post, work.entries, i)
    return stands and work.by_glossary(i) is None


def tasks_without_own(work: Work, some: Sequence[int], record: Path, *, context: bool) -> list[Task]:
    """Prepare segments for an engine as if their post had never been translated.

    Law: no English of the post's record is in what an engine is asked, unless another post has it for another sentence.
    """
    memory = work.means.memory
    bare = replace(work, means=replace(work.means, memory=NOTHING))
    tasks = bare.tasks(some, context=context)
    if not context or memory is NOTHING:
        return tasks
    examples = partial(_examples, memory, record)
    return [_with(one, examples(work.entries[i].source)) for i, one in zip(some, tasks, strict=True)]


def _with(one: Task, examples: tuple[tuple[str, str], ...]) -> Task:
    first, *others = one.asks
    return replace(one, asks=(replace(first, examples=examples), *others))


def _examples(memory: Memory, record: Path, source: str) -> tuple[tuple[str, str], ...]:
    found = similar(memory, source, EXAMPLES + SPARE)
    kept = [(one.source, one.target) for one in found if one.ratio < 1 and one.path != str(record)]
    return tuple(kept[:EXAMPLES])


def _obeyed(mentions: tuple[Mention, ...], english: str, codec: Codec) -> tuple[Mention, ...]:
    """Give the mentions that a text obeys."""
    kept = {id(mention) for mention, _ in verify(mentions, _marked(english, codec)).obeyed}
    return tuple(mention for mention in mentions if id(mention) in kept)


def _marked(english: str, codec: Codec) -> str:
    return protect(english, scan(english) if codec is Codec.MARKDOWN else (), codec).text


def some_of(cases: Sequence[Case], limit: int | None, seed: int = SEED) -> list[Case]:
    """Give so many of the cases, drawn by chance and in their order; the same ones each time."""
    if limit is None or limit >= len(cases):
        return list(cases)
    return [cases[n] for n in sorted(random.Random(seed).sample(range(len(cases)), limit))]  # noqa: S311  # no secret


# ── Measuring ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def measure(name: str, chain: Chain, cases: Sequence[Case], quotes: Quotes, progress: Progress) -> Measured:
    """Have an engine draft every case. Raises `EngineError` where it cannot go on."""
    tasks = [case.task for case in cases]
    progress.begin(sum(len(ask.text) for one in tasks for ask in one.asks))
    begun = time.monotonic()
    drafted = draft_tasks(chain, tasks, quotes, progress.meter, progress.note, progress.advance)
    seconds = time.monotonic() - begun
    engines = tuple(engine.name for engine in chain)
    return Measured(
        name,
        engines,
        tuple(one.target for one in drafted),
        Counter(_why(one.findings[-1].message if one.findings else "") for one in drafted if not one.target),
        terms_of(cases, [one.target for one in drafted]),
        sum(case.origin in engines for case in cases),
        seconds,
        progress.meter,
    )


def _why(message: str) -> str:
    return message.partition(": ")[2] or message or "it said nothing"


def terms_of(cases: Sequence[Case], targets: Sequence[str]) -> Tally:
    """Count what became of the terms that the references obey."""
    marked = [_marked(target, case.task.codec) for case, target in zip(cases, targets, strict=True)]
    said = [
        judge(plain(case.task.protected.text), case.mentions, target)
        for case, target in zip(cases, marked, strict=True)
    ]
    return total(tally(said, marked))


# ── Scoring ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def need_sacrebleu() -> None:
    """Raise where sacrebleu is missing: before anything is asked and paid for."""
    try:
        import sacrebleu  # noqa: F401, PLC0415  # an extra
    except ImportError as error:
        raise DuizhaoError("`duizhao evaluate` counts with sacrebleu: pip install 'duizhao[evaluate]'") from error


def score(measured: Sequence[Measured], references: Sequence[str], seed: int = SEED) -> Scores:
    """Score engines by sacrebleu's BLEU and chrF2, each against the first by its paired bootstrap.

    The same seed, at least 1, gives the same figures.
    """
    from sacrebleu.metrics.bleu import BLEU  # noqa: PLC0415  # an extra
    from sacrebleu.metrics.chrf import CHRF  # noqa: PLC0415  # likewise
    from sacrebleu.significance import PairedTest  # noqa: PLC0415  # likewise

    samples = min(SAMPLES, max(SAMPLES // 10, ROOM // len(references)))
    systems: list[tuple[str, Sequence[str]]] = [(one.name, one.targets) for one in measured]
    metrics = {"BLEU": BLEU(force=True), "chrF2": CHRF()}
    with _seeded(seed):
        test = PairedTest(systems, metrics, [list(references)], "bs", samples)
        signatures, found = test()
    same = [one.targets == measured[0].targets for one in measured]
    scores = [tuple(map(_score, found[name], same)) for name in metrics]
    return Scores(scores[0], scores[1], (signatures["BLEU"].format(), signatures["chrF2"].format()))


def _score(result: object, same: bool) -> Score:
    """Read a result; of two systems that say the same sacrebleu holds the difference, which is none, for certain."""
    value, mean, ci, p = (cast("float | None", getattr(result, name)) for name in ("score", "mean", "ci", "p_value"))
    by_chance = None if p is None else 1.0 if same else float(p)
    return Score(float(value or 0), float(mean or 0), float(ci or 0), by_chance)


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Tell sacrebleu its seed in the one way it hears: by the environment."""
    before = os.environ.get("SACREBLEU_SEED")
    os.environ["SACREBLEU_SEED"] = str(seed)
    try:
        yield
    finally:
        if before is None:
            del os.environ["SACREBLEU_SEED"]
        else:
            os.environ["SACREBLEU_SEED"] = before
