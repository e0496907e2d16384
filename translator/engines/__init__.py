"""The engines: a table of names, and the one way to open them.

Every engine is a module with `ready() -> str` and `open_engine(settings) -> Engine`, imported when it is asked for.
"""

from __future__ import annotations

import difflib
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, cast

from translator.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from translator.model import Engine

__all__ = ["ENGINES", "Described", "choose_auto", "describe", "open_engine", "ready"]


class Row(NamedTuple):
    """One line of the table."""

    module: str
    what: str
    auto: bool = False
    """Whether `auto` may choose it: it drafts, and needs no network and no account."""
    drafts: bool = True
    """Whether it writes English."""


class Described(NamedTuple):
    """One engine, as `duizhao engines` shows it."""

    name: str
    what: str
    missing: str
    """Empty when it is ready, else what is missing and how to mend it."""
    drafts: bool = True


ENGINES = {
    "builtin": Row("builtin", "a small neural model that ships in the package: offline, no account", auto=True),
    "echo": Row("echo", "the source itself: for tests", drafts=False),
    "none": Row("none", "nothing: every segment is left to a person", drafts=False),
}
"""By name; `auto` takes the first that may be chosen and is ready, so better engines stand higher."""


def ready(name: str) -> str:
    """Say what an engine lacks and how to mend it; empty when it can be used."""
    return cast("str", import_module(f"{__name__}.{_row(name).module}").ready())


def choose_auto() -> str:
    """Name the best engine that is ready on this machine without a network."""
    found = next((name for name, row in ENGINES.items() if row.auto and not ready(name)), "")
    if not found:
        raise EngineError("no engine is ready on this machine; `duizhao engines` says what each one lacks")
    return found


def describe() -> list[Described]:
    """List every engine and what it lacks."""
    return [Described(name, row.what, ready(name), row.drafts) for name, row in ENGINES.items()]


def open_engine(name: str, settings: Mapping[str, str] | None = None) -> Engine:
    """Open an engine; the same name and settings give the same engine for the life of the process."""
    name = choose_auto() if name == "auto" else name
    _row(name)
    return _open(name, tuple(sorted((settings or {}).items())))


@cache
def _open(name: str, settings: tuple[tuple[str, str], ...]) -> Engine:
    missing = ready(name)
    if missing:
        raise EngineError(f"the engine {name} is not ready: {missing}")
    return cast("Engine", import_module(f"{__name__}.{ENGINES[name].module}").open_engine(dict(settings)))


def _row(name: str) -> Row:
    if name in ENGINES:
        return ENGINES[name]
    near = difflib.get_close_matches(name, ENGINES, 1)
    meant = f"; did you mean {near[0]}?" if near else "."
    raise EngineError(f"there is no engine {name}{meant} There are: auto, {', '.join(ENGINES)}")
