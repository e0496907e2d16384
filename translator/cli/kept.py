"""`duizhao cache`: what engines answered before, shown and forgotten."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from translator.cli.output import counted, say, say_json, short, table
from translator.config import Project
from translator.errors import DuizhaoError
from translator.memory.answers import FILE, Answers, State, state_of

if TYPE_CHECKING:
    from translator.memory.answers import Kept


def show(*, as_json: bool) -> None:
    """List what is kept, by engine."""
    place = Project.of(Path.cwd()).cache
    file, state = place / FILE, state_of(place)
    if state is State.DAMAGED:
        raise DuizhaoError(
            f"{short(file)} is damaged; `duizhao cache clear` takes it away, and only what engines answered is lost"
        )
    kept = Answers(place).count() if state is not State.MISSING else []
    size = file.stat().st_size if state is not State.MISSING else 0
    if as_json:
        say_json({"file": str(file), "bytes": size, "engines": [one._asdict() for one in kept]})
        return
    if not kept:
        say(f"no answers are kept; they would stand in {short(file)}")
        return
    rows = [[one.engine, f"{one.answers:,}", f"{one.characters:,}", _day(one.oldest), _day(one.newest)] for one in kept]
    table(rows, ["engine", "answers", "characters", "oldest", "newest"])
    say(f"{counted(sum(one.answers for one in kept), 'answer')} in {short(file)}, {size / 1e6:.1f} MB")


def _day(at: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at))


def clear(engine: str, *, as_json: bool) -> None:
    """Forget what an engine answered, or all of them."""
    place = Project.of(Path.cwd()).cache
    file, state = place / FILE, state_of(place)
    if state is State.HELD:
        why = "another program holds it, or it is read-only"
        raise DuizhaoError(f"{short(file)} cannot be written: {why}; nothing was forgotten")
    answers = Answers(place)
    if state is State.DAMAGED:
        answers.remove()
    elif state is State.SOUND:
        _known(answers.count(), engine)
    gone = answers.clear(engine) if state is State.SOUND else 0
    if as_json:
        say_json({"file": str(file), "forgotten": gone, "was_damaged": state is State.DAMAGED})
    elif state is State.DAMAGED:
        say(f"{short(file)} was damaged and is gone; the next run makes a new one")
    else:
        say(f"{counted(gone, 'answer')} forgotten" + (f" of {engine}" if engine else "") + f", in {short(file)}")


def _known(kept: list[Kept], engine: str) -> None:
    names = [one.engine for one in kept]
    if engine and engine not in names:
        there = f"there are answers of {', '.join(names)}" if names else "none are kept at all"
        raise DuizhaoError(f"no answers of {engine} are kept; {there}")
