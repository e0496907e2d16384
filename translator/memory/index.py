"""An SQLite index over the approved segments of all records: made from the `.po` files, and made again when lost."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING

from translator.errors import DuizhaoError
from translator.formats import load
from translator.model import Entry, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

VERSION = 1
SCHEMA = """
create table if not exists files (path text primary key, size integer, mtime integer);
create table if not exists pairs (source text, target text, before text, path text);
create index if not exists by_source on pairs (source);
create index if not exists by_path on pairs (path);
"""


class Memory:
    """Exact matches over approved segments."""

    def __init__(self, database: sqlite3.Connection | None) -> None:
        self._database = database

    def find(self, source: str, before: str = "") -> str | None:
        """Give the approved target of a source, or None.

        Where a source was approved in several ways, the one after the same sentence (`before`) wins, then the most
        frequent, then the first in the order of paths: the answer depends on the records alone.
        """
        if self._database is None:
            return None
        rows = self._database.execute(
            "select target from pairs where source = ? group by target"
            " order by max(before = ?) desc, count(*) desc, min(path), target limit 1",
            (source, before),
        ).fetchall()
        return str(rows[0][0]) if rows else None


NOTHING = Memory(None)


def open_memory(cache: Path | None, records: Iterable[Path]) -> Memory:
    """Bring the index up to date with the records and open it.

    Only files whose size or time changed are read again: cost grows with what changed. A record that cannot be read
    is left out here; the command that works on its post reports it.
    """
    database = _connect(cache)
    known = {path: (size, mtime) for path, size, mtime in database.execute("select path, size, mtime from files")}
    with database:
        for record in records:
            try:
                stat = record.stat()
            except OSError:
                continue
            facts = (stat.st_size, stat.st_mtime_ns)
            if known.pop(str(record), None) != facts:
                _read_again(database, record, facts)
        for gone in known:
            _forget(database, gone)
    return Memory(database)


def _connect(cache: Path | None) -> sqlite3.Connection:
    """Open the index; one that is broken or of another version is made again; without a place it is in memory."""
    if cache is not None:
        with suppress(OSError):
            cache.mkdir(parents=True, exist_ok=True)
            (cache / ".gitignore").write_text("*\n", encoding="utf-8")
        path = cache / "memory.sqlite"
        for _ in range(2):
            try:
                return _prepared(sqlite3.connect(path, timeout=30))
            except sqlite3.Error:
                with suppress(OSError):
                    path.unlink()
    return _prepared(sqlite3.connect(":memory:"))


def _prepared(database: sqlite3.Connection) -> sqlite3.Connection:
    (version,) = database.execute("pragma user_version").fetchone()
    if version not in {0, VERSION}:
        database.close()
        raise sqlite3.DatabaseError("of another version")
    database.executescript(SCHEMA)
    database.execute(f"pragma user_version = {VERSION}")
    return database


def _read_again(database: sqlite3.Connection, record: Path, facts: tuple[int, int]) -> None:
    _forget(database, str(record))
    try:
        entries = load(record.read_text(encoding="utf-8"), record).entries
    except (DuizhaoError, OSError, UnicodeError):
        return
    database.execute("insert into files values (?, ?, ?)", (str(record), *facts))
    before = ("", *(entry.source for entry in entries))
    database.executemany(
        "insert into pairs values (?, ?, ?, ?)",
        [(e.source, e.target, b, str(record)) for e, b in zip(reusable(entries), before, strict=False) if e],
    )


def reusable(entries: Sequence[Entry]) -> list[Entry | None]:
    """Give the entries that another post may reuse; None for a draft, and where a neighbour is said in the target."""
    joined = {e.group for e in entries if e.state is State.JOINED}
    return [e if e.state is State.APPROVED and e.group not in joined else None for e in entries]


def _forget(database: sqlite3.Connection, path: str) -> None:
    database.execute("delete from pairs where path = ?", (path,))
    database.execute("delete from files where path = ?", (path,))
