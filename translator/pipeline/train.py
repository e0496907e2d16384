"""Continue the builtin model on approved sentences; what comes of it stands outside the package.

    cases ─lessons─→ learnt │ held out ─tune─→ weights ─→ a folder, tried, then put in its place

PyTorch is imported when training begins.
"""

from __future__ import annotations

import hashlib
import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from translator.engines import trained
from translator.engines.builtin import FILES, FOLDER, Builtin
from translator.engines.confidence import FILE as CALIBRATION
from translator.errors import DuizhaoError, InputError
from translator.meter import Meter
from translator.model import Job
from translator.pipeline.evaluate import measure, need_sacrebleu, read_rows, score
from translator.pipeline.files import read_if_there
from translator.pipeline.lessons import lesson_of
from translator.pipeline.translate import Progress
from translator.train.lesson import Care, Epoch, divide

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from translator.pipeline.evaluate import Case, Score
    from translator.text import Quotes
    from translator.train.checkpoint import Checkpoint
    from translator.train.lesson import Material

WATCHED = 400
"""Rows of a file that are measured after each epoch, at most."""
HOW = (
    "`duizhao train` needs PyTorch: pip install 'duizhao[train]'; on Linux first"
    " pip install torch --index-url https://download.pytorch.org/whl/cpu, which is 200 MB where the other is gigabytes"
)


@dataclass(frozen=True)
class Plan:
    """What is to be learnt, and where it goes."""

    name: str
    cases: tuple[Case, ...]
    watched: tuple[tuple[str, str], ...] = ()
    care: Care = field(default_factory=Care)
    base: Path = FOLDER
    """The model that it goes on from."""
    quotes: Quotes = "straight"


class Prepared(NamedTuple):
    """What a plan comes to, before anything is learnt."""

    place: Path
    material: Material
    held_out: tuple[Case, ...]
    refused: int
    """Sentences whose markup is not the same on both sides."""


class Figures(NamedTuple):
    """What a model says of the sentences that were held out."""

    bleu: Score
    chrf: Score


class Done(NamedTuple):
    """What came of it."""

    kept: Epoch
    """0: no epoch was better than none, and nothing was written."""
    epochs: tuple[Epoch, ...]
    figures: tuple[Figures, Figures] | None
    """Before and after; None without sacrebleu, or where nothing was written."""
    is_whole: bool
    """False where it was stopped from the keyboard."""


def need_torch() -> None:
    """Raise where PyTorch is missing, or does not load."""
    try:
        import translator.train.tune  # noqa: F401, PLC0415  # PyTorch: an extra, and a second
    except (ImportError, OSError) as error:
        raise DuizhaoError(HOW if isinstance(error, ImportError) else f"PyTorch does not load: {error}") from error


def read_watched(path: Path) -> tuple[tuple[str, str], ...]:
    """Read rows that are watched; of a long file some, the same each time. Raises `InputError`."""
    text = read_if_there(path)
    if text is None:
        raise InputError("there is no such file", path)
    rows = sorted(
        dict.fromkeys((row.source, row.reference) for row in read_rows(text, path)),
        key=lambda row: hashlib.sha256(row[0].encode()).digest(),
    )
    return tuple(rows[:WATCHED])


def prepare(plan: Plan) -> Prepared:
    """Make lessons and divide them; raises `DuizhaoError` where there are too few, or no such model can be made."""
    place = trained.place_of(plan.name)
    if missing := [name for name in FILES if not (plan.base / name).is_file()]:
        raise InputError(f"this is no model of the builtin engine: it lacks {', '.join(missing)}", plan.base)
    made = [(case, lesson) for case in plan.cases if (lesson := lesson_of(case))]
    material = divide([lesson for _, lesson in made], plan.watched)
    apart = {lesson.bare for lesson in material.held_out}
    held_out = tuple(case for case, lesson in made if lesson.bare in apart)
    return Prepared(place, material, held_out, len(plan.cases) - len(made))


def train(plan: Plan, prepared: Prepared, tell: Callable[[Epoch], None]) -> Done:
    """Learn, keep the best epoch if it is better than none, and measure it; `tell` hears of each epoch.

    Whatever ends it, the model's place has what stood there before, or a whole new model.
    """
    need_torch()
    from translator.train.folder import read_folder  # noqa: PLC0415  # torch
    from translator.train.tune import tune  # noqa: PLC0415  # likewise
    from translator.train.vocabulary import open_pieces  # noqa: PLC0415  # likewise

    pieces = open_pieces(plan.base / "spm.model")
    found = tune(read_folder(plan.base), pieces, prepared.material, plan.care, tell)
    if found.checkpoint is None:
        return Done(found.kept, found.epochs, None, found.is_whole)
    _keep(plan, prepared, found.checkpoint, found.kept)
    figures = _figures(plan, prepared) if found.is_whole else None
    return Done(found.kept, found.epochs, figures, found.is_whole)


def _keep(plan: Plan, prepared: Prepared, checkpoint: Checkpoint, kept: Epoch) -> None:
    from translator.train.folder import write_folder  # noqa: PLC0415  # torch

    def write(folder: Path) -> None:
        write_folder(checkpoint, plan.base / "spm.model", folder)
        with suppress(FileNotFoundError):
            shutil.copyfile(plan.base / CALIBRATION, folder / CALIBRATION)
        list(Builtin(folder, 1).draft([Job(each.bare) for each in prepared.material.held_out[:1]], Meter()))

    facts = {
        "sentences": len(prepared.material.learnt),
        "epoch": kept.number,
        "held-out loss": round(kept.losses.held_out, 4),
    }
    trained.keep(prepared.place, write, facts)


def _figures(plan: Plan, prepared: Prepared) -> tuple[Figures, Figures] | None:
    """Have both models translate what was held out, as `translate` would; None without sacrebleu."""
    try:
        need_sacrebleu()
    except DuizhaoError:
        return None
    folders = {"before": plan.base, "after": prepared.place}
    cases: Sequence[Case] = prepared.held_out
    done = [measure(name, (Builtin(at),), cases, plan.quotes, Progress()) for name, at in folders.items()]
    found = score(done, [case.reference for case in cases])
    before, after = (Figures(*pair) for pair in zip(found.bleu, found.chrf, strict=True))
    return before, after
