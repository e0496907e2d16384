"""An SQLite index over the approved segments of all records: made from the `.po` files, and made again when lost."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING

from translator.errors import DuizhaoError
from translator.model import Entry, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

VERSION = 2
SCHEMA = """
create table if not exists files (path text primary key, size integer, mtime integer);
create table if not exists pairs (
    id integer primary key autoincrement, source text, target text, before text, path text
);
create index if not exists by_source on pairs (source);
create index if not exists by_path on pairs (path);
"""


class Memory:
    """Exact matches over approved segments; close ones: see `similar`. May be asked from any thread."""

    def __init__(self, database: sqlite3.Connection | None) -> None:
        self.database = database
        self.lock = Lock()
        """Held while `similar`, `near` and `habits` write in tables of their own."""
        self.habits: dict[str, str] = {}
        """What is known of words: see `habits`."""
        self.said: dict[int, str] = {}
        """What was found out for it and is not written yet."""

    def find(self, source: str, before: str = "") -> str | None:
        """Give the approved target of a source, or None.

        Where a source was approved in several ways, the one after the same sentence (`before`) wins, then the most
        frequent, then the first in the order of paths: the answer depends on the records alone.
        """
        if self.database is None:
            return None
        try:
            rows = self.database.execute(
                "select target from pairs where source = ? group by target"
                " order by max(before = ?) desc, count(*) desc, min(path), target limit 1",
                (source, before),
            ).fetchall()
        except sqlite3.DatabaseError:  # deleted or damaged under our hands: the next run makes it again
            return None
        return str(rows[0][0]) if rows else None


NOTHING = Memory(None)


def open_memory(cache: Path | None, records: Iterable[Path], read: Callable[[Path], Sequence[Entry]]) -> Memory:
    """Bring the index up to date with the records and open it; `read` gives a record's entries.

    Only files whose size or time changed are read again: cost grows with what changed. A record that cannot be read
    is left out here; the command that works on its post reports it. An index that is broken is made again; where it
    cannot be written, it is made in memory.
    """
    found = list(records)
    if cache is not None:
        with suppress(OSError):
            cache.mkdir(parents=True, exist_ok=True)
            (cache / ".gitignore").write_text("*\n", encoding="utf-8")
        for _ in range(2):
            try:
                return Memory(_up_to_date(cache / "memory.sqlite", found, read))
            except sqlite3.OperationalError:  # a place that cannot be written, or is held by somebody
                break
            except sqlite3.DatabaseError:
                with suppress(OSError):
                    (cache / "memory.sqlite").unlink()
    return Memory(_up_to_date(":memory:", found, read))


def _up_to_date(
    place: Path | str, records: Sequence[Path], read: Callable[[Path], Sequence[Entry]]
) -> sqlite3.Connection:
    database = sqlite3.connect(place, timeout=30, check_same_thread=False)
    try:
        _prepare(database)
        with database:
            database.execute("begin immediate")
            _update(database, records, read)
    except BaseException:
        database.close()
        raise
    return database


def _prepare(database: sqlite3.Connection) -> None:
    (version,) = database.execute("pragma user_version").fetchone()
    if version not in {0, VERSION}:
        raise sqlite3.DatabaseError("of another version")
    if not version:
        database.executescript(SCHEMA)
        database.execute(f"pragma user_version = {VERSION}")


def _update(database: sqlite3.Connection, records: Sequence[Path], read: Callable[[Path], Sequence[Entry]]) -> None:
    known = {path: (size, mtime) for path, size, mtime in database.execute("select path, size, mtime from files")}
    for record in records:
        try:
            stat = record.stat()
        except OSError:
            continue
        facts = (stat.st_size, stat.st_mtime_ns)
        if known.pop(str(record), None) != facts:
            _read_again(database, record, facts, read)
    for gone in known:
        _forget(database, gone)


def _read_again(
    database: sqlite3.Connection, record: Path, facts: tuple[int, int], read: Callable[[Path], Sequence[Entry]]
) -> None:
    _forget(database, str(record))
    try:
        entries = read(record)
    except (DuizhaoError, OSError, UnicodeError):
        return
    database.execute("insert into files values (?, ?, ?)", (str(record), *facts))
    before = ("", *(entry.source for entry in entries))
    database.executemany(
        "insert into pairs (source, target, before, path) values (?, ?, ?, ?)",
        [(e.source, e.target, b, str(record)) for e, b in zip(reusable(entries), before, strict=False) if e],
    )


def reusable(entries: Sequence[Entry]) -> list[Entry | None]:
    """Give the entries that another post may reuse; None for a draft, and where a neighbour is said in the target."""
    joined = {e.group for e in entries if e.state is State.JOINED}
    return [e if e.state is State.APPROVED and e.group not in joined else None for e in entries]


def _forget(database: sqlite3.Connection, path: str) -> None:
    database.execute("delete from pairs where path = ?", (path,))
    database.execute("delete from files where path = ?", (path,))
