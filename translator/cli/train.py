"""`duizhao train`: the builtin model goes on learning, from what was approved."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from translator.cli.output import counted, duration, say, say_json, table
from translator.config import Project
from translator.engines.builtin import FOLDER
from translator.errors import DuizhaoError
from translator.pipeline.lessons import approved_cases
from translator.pipeline.train import Done, Plan, Prepared, need_torch, prepare, read_watched, train
from translator.pipeline.verbs import Desk, Options

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from translator.train.lesson import Care, Epoch


@dataclass(frozen=True)
class Asked:
    """How the command was called."""

    care: Care
    name: str = ""
    dev: Path | None = None
    base: Path | None = None
    glossary: tuple[Path, ...] = ()
    memory: bool = True
    """Whether the project's other records are learnt from too."""
    as_json: bool = False


def run(posts: Sequence[Path], asked: Asked) -> None:
    """Learn, say how it goes, and say how the model is used."""
    need_torch()
    project = Project.of(posts[0])
    cases = approved_cases(Desk(project, Options(glossary=asked.glossary)), posts, memory=asked.memory)
    if not cases:
        raise DuizhaoError(
            f"no sentence of {counted(len(posts), 'post')} is approved yet: there is nothing to learn from;"
            " `duizhao review POST` is for that"
        )
    plan = Plan(
        asked.name or name_of(project),
        tuple(cases),
        read_watched(asked.dev) if asked.dev else (),
        asked.care,
        asked.base or FOLDER,
        project.settings.quotes,
    )
    prepared = prepare(plan)
    _say(_begun(prepared, asked.care), asked)
    begun = time.monotonic()
    done = train(plan, prepared, lambda epoch: _say(_line(epoch, asked.care), asked))
    _show(plan, prepared, done, time.monotonic() - begun, asked)
    if not done.is_whole:
        raise KeyboardInterrupt


def name_of(project: Project) -> str:
    """Name a project's model as its folder is called."""
    return re.sub(r"[^A-Za-z0-9_.+-]+|^[^A-Za-z0-9]+", "-", project.root.name).strip("-.")[:80] or "own"


def _say(text: str, asked: Asked) -> None:
    say(text, to_stderr=asked.as_json)


def _begun(prepared: Prepared, care: Care) -> str:
    learnt, held_out, watched = prepared.material
    text = f"{counted(len(learnt), 'approved sentence')} to learn from, {len(held_out)} held out to measure by"
    if watched:
        text += f", {counted(len(watched), 'row')} watched"
    if prepared.refused:
        text += f"; {prepared.refused} left out, whose markup is not the same in both languages"
    return f"{text}\n{counted(care.epochs, 'epoch')} at a rate of {care.rate:g}; Ctrl-C keeps the best until then"


def _line(epoch: Epoch, care: Care) -> str:
    watched = epoch.losses.watched
    text = f"epoch {epoch.number}/{care.epochs}: held-out loss {epoch.losses.held_out:.3f}"
    text += "" if watched is None else f", watched {watched:.3f}"
    return f"{text}  (before)" if not epoch.number else text


def _show(plan: Plan, prepared: Prepared, done: Done, seconds: float, asked: Asked) -> None:
    if asked.as_json:
        say_json(_json(plan, prepared, done, seconds))
        return
    first, last = done.epochs[0], done.epochs[-1]
    if plan.care.bound < (last.losses.watched or 0) - (first.losses.watched or 0):
        say(f"stopped: what is watched became worse by more than {plan.care.bound:g}")
    if not done.kept.number:
        say("no epoch was better on what was held out: nothing was written, and the model that ships is still used")
        return
    say(
        f"epoch {done.kept.number} is kept: held-out loss {first.losses.held_out:.3f} →"
        f" {done.kept.losses.held_out:.3f}, in {duration(seconds)}"
    )
    if done.figures:
        rows = [
            [name, *(f"{one.value:.1f} ±{one.ci:.1f}" for one in figures)]
            for name, figures in zip(("before", "after"), done.figures, strict=True)
        ]
        table(rows, [f"held out ({len(prepared.held_out)})", "BLEU", "chrF2"])
    elif done.is_whole:
        say("BLEU and chrF2 are counted with sacrebleu: pip install 'duizhao[evaluate]'")
    say(f"wrote {prepared.place}")
    say("duizhao.yaml uses it with these lines:")
    say(f"  engine: builtin\n  engines: {{builtin: {{model: {plan.name}}}}}")


def _json(plan: Plan, prepared: Prepared, done: Done, seconds: float) -> dict[str, Any]:
    before, after = done.figures or (None, None)
    return {
        "name": plan.name,
        "folder": str(prepared.place) if done.kept.number else None,
        "learnt": len(prepared.material.learnt),
        "held_out": len(prepared.material.held_out),
        "left_out": prepared.refused,
        "kept": done.kept.number,
        "epochs": [
            {"epoch": each.number, "held_out_loss": each.losses.held_out, "watched_loss": each.losses.watched}
            for each in done.epochs
        ],
        "before": before and {name: one._asdict() for name, one in before._asdict().items()},
        "after": after and {name: one._asdict() for name, one in after._asdict().items()},
        "stopped": not done.is_whole,
        "seconds": round(seconds, 1),
    }
