"""What engines answered, kept by engine and question: a second run costs nothing, a killed one pays for nothing twice.

It holds questions only as hashes, and answers; it may be deleted at any time.
"""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import suppress
from enum import StrEnum
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from translator.model import Answer, Candidate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FILE = "answers.sqlite"
SCHEMA = """
create table if not exists answers (
    key text primary key, engine text not null, said text not null, at integer not null
) without rowid;
"""
COUNTS = "select engine, count(*), sum(length(said)), min(at), max(at) from answers group by engine order by engine"
MOST = 500
"""Keys of one query."""
WAIT = 2.0
"""Seconds that another program may hold the file before it is said to."""


class State(StrEnum):
    """How the file stands."""

    MISSING = "missing"
    SOUND = "sound"
    HELD = "held"
    """Another program writes in it for long, or it cannot be written."""
    DAMAGED = "damaged"


class Kept(NamedTuple):
    """How many answers of an engine are kept."""

    engine: str
    answers: int
    characters: int
    oldest: int
    """Seconds since the epoch; so is `newest`."""
    newest: int


class Answers:
    """The store; may be asked from any thread. Where its file cannot be written it keeps nothing, and says nothing."""

    def __init__(self, cache: Path | None) -> None:
        self._path = cache / FILE if cache else None
        self._lock = Lock()
        self._database: sqlite3.Connection | None = None

    def _open(self) -> sqlite3.Connection | None:
        if self._database is None and self._path is not None:
            for _ in range(2):
                try:
                    self._path.parent.mkdir(parents=True, exist_ok=True)
                    ignored = self._path.with_name(".gitignore")
                    if not ignored.exists():
                        ignored.write_text("*\n", encoding="utf-8")
                    self._database = _connected(self._path)
                    break
                except sqlite3.OperationalError:  # it cannot be written, or is held by somebody
                    break
                except sqlite3.DatabaseError:  # damaged
                    with suppress(OSError):
                        self._path.unlink()
                except OSError:
                    break
        return self._database

    def find(self, keys: Sequence[str]) -> dict[str, Answer]:
        """Give the answers that are kept for some keys."""
        out: dict[str, Answer] = {}
        with self._lock, suppress(sqlite3.DatabaseError):
            database = self._open()
            for start in range(0, len(keys) if database else 0, MOST):
                some = keys[start : start + MOST]
                marks = ",".join("?" * len(some))
                rows = database.execute(f"select key, said from answers where key in ({marks})", some)  # type: ignore[union-attr]  # noqa: S608
                out |= {key: _read(said) for key, said in rows}
        return out

    def keep(self, engine: str, key: str, answer: Answer) -> None:
        """Keep an answer, on disk when this returns."""
        said = json.dumps([[*each] for each in answer.candidates], ensure_ascii=False)
        with self._lock, suppress(sqlite3.DatabaseError):
            if database := self._open():
                with database:
                    database.execute(
                        "insert or replace into answers values (?, ?, ?, ?)", (key, engine, said, int(time.time()))
                    )

    def count(self) -> list[Kept]:
        """Count what is kept, by engine."""
        with self._lock, suppress(sqlite3.DatabaseError):
            if database := self._open():
                return [Kept(*row) for row in database.execute(COUNTS)]
        return []

    def clear(self, engine: str = "") -> int:
        """Forget the answers of an engine, or of all; give how many there were."""
        with self._lock, suppress(sqlite3.DatabaseError):
            if database := self._open():
                with database:
                    done = database.execute("delete from answers where ? in ('', engine)", (engine,)).rowcount
                with suppress(sqlite3.DatabaseError):  # somebody reads: its room is used again all the same
                    database.execute(f"pragma busy_timeout = {WAIT * 1000:.0f}")
                    database.execute("vacuum")
                    database.execute("pragma wal_checkpoint(truncate)")
                return done
        return 0

    def remove(self) -> None:
        """Take the file away, whatever is in it; the next answer that is kept makes a new one."""
        with self._lock:
            if self._database is not None:
                self._database.close()
                self._database = None
            for end in ("", "-wal", "-shm") if self._path else ():
                with suppress(OSError):
                    self._path.with_name(self._path.name + end).unlink()  # type: ignore[union-attr]  # it is there


def state_of(cache: Path) -> State:
    """Say how the file of a cache stands, and change nothing about it."""
    file = cache / FILE
    if not file.exists():
        return State.MISSING
    try:
        database = sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, timeout=WAIT)
        try:
            database.execute("begin immediate")
            (said,) = database.execute("pragma quick_check(1)").fetchone()
            database.execute("select count(*) from answers").fetchone()
            database.rollback()
        finally:
            database.close()
    except sqlite3.OperationalError as error:
        return State.DAMAGED if "no such table" in str(error) else State.HELD
    except sqlite3.DatabaseError:
        return State.DAMAGED
    return State.SOUND if said == "ok" else State.DAMAGED


def _connected(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=30, check_same_thread=False)
    database.execute("pragma journal_mode = wal")
    database.execute("pragma synchronous = normal")
    database.executescript(SCHEMA)
    return database


def _read(said: str) -> Answer:
    return Answer(tuple(Candidate(*each) for each in json.loads(said)))
