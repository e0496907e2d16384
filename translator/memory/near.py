"""Sentences of the memory that have a sentence's skeleton: found by its hash, without looking at any other.

The hashes stand in the memory's own file, by glossary, since what is a term leaves no word in a skeleton; they are made
when they are first asked for, and brought up to date whenever records were read again.
"""

from __future__ import annotations

import sqlite3
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from translator.markdown import plain
from translator.memory.shape import protected_of, shape

if TYPE_CHECKING:
    from translator.glossary import Glossary
    from translator.memory.index import Memory

SCHEMA = """
create table if not exists shapes (glossary integer, skeleton integer, pair integer,
    primary key (glossary, skeleton, pair)) without rowid;
create table if not exists shaped (id integer primary key autoincrement, glossary text unique, pair integer);
"""
GLOSSARIES = 8
"""Of how many glossaries hashes are kept; of more, those that came first go."""
MOST = 50
"""How many sentences of one skeleton are looked at, the most often approved first."""
STALE = 2
"""How many times as many hashes as pairs there may be before those of pairs that are gone are taken out."""


class Near(NamedTuple):
    """What was approved for a sentence with the same skeleton."""

    source: str
    target: str
    times: int
    path: str
    """The record it stands in; the first of several."""


def near(memory: Memory, glossary: Glossary, skeleton: str) -> list[Near]:
    """Give the approved sentences with a skeleton, the most often approved first; it depends on the records alone."""
    if memory.database is None or not skeleton:
        return []
    try:
        with memory.lock:
            number = _update(memory.database, glossary)
            rows = memory.database.execute(
                "select source, target, count(*), min(path) from shapes join pairs on pairs.id = shapes.pair"
                " where glossary = ? and skeleton = ? group by source, target"
                " order by count(*) desc, min(path), source, target limit ?",
                (number, _hash(skeleton), MOST),
            )
            return [Near(*row) for row in rows]
    except sqlite3.DatabaseError:  # deleted or damaged under our hands: the next run makes it again
        return []


def _hash(skeleton: str) -> int:
    digest = blake2b(skeleton.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


# ── Keeping up to date ────────────────────────────────────────────────────────────────────────────────────────────────


def _update(database: sqlite3.Connection, glossary: Glossary) -> int:
    """Enter what was approved since the last time; give the glossary's number."""
    (newest,) = database.execute("select coalesce(max(id), 0) from pairs").fetchone()
    number, seen = _seen(database, glossary.signature)
    if number and seen == newest:
        return number
    with database:
        database.execute("begin immediate")
        number, seen = _seen(database, glossary.signature)
        if not number:
            number = _new(database, glossary.signature)
        rows = database.execute("select id, source from pairs where id > ?", (seen,)).fetchall()
        known: dict[str, str] = {}
        for _, source in rows:
            if source not in known:
                known[source] = skeleton_of(source, glossary)
        entered = ((number, _hash(known[source]), pair) for pair, source in rows if known[source])
        database.executemany("insert or ignore into shapes values (?, ?, ?)", entered)
        database.execute("update shaped set pair = ? where id = ?", (newest, number))
        _tidy(database, number)
    return number


def skeleton_of(source: str, glossary: Glossary) -> str:
    """Give the skeleton of a sentence of the memory, taken for one in an ordinary paragraph."""
    protected = protected_of(source)
    return shape(protected, glossary.mentions(plain(protected.text))).skeleton


def _seen(database: sqlite3.Connection, signature: str) -> tuple[int, int]:
    """Give a glossary's number, 0 where it has none, and the last pair that was entered."""
    try:
        row = database.execute("select id, pair from shaped where glossary = ?", (signature,)).fetchone()
    except sqlite3.OperationalError:  # no such table
        for statement in filter(str.strip, SCHEMA.split(";")):
            database.execute(statement)
        return 0, 0
    return (int(row[0]), int(row[1])) if row else (0, 0)


def _new(database: sqlite3.Connection, signature: str) -> int:
    """Enter a glossary and give its number; the oldest ones are forgotten."""
    database.execute("insert into shaped (glossary, pair) values (?, 0)", (signature,))
    oldest = "select id from shaped order by id desc limit -1 offset ?"
    database.execute(f"delete from shapes where glossary in ({oldest})", (GLOSSARIES,))  # noqa: S608  # two constants
    database.execute(f"delete from shaped where id in ({oldest})", (GLOSSARIES,))  # noqa: S608
    (number,) = database.execute("select id from shaped where glossary = ?", (signature,)).fetchone()
    return int(number)


def _tidy(database: sqlite3.Connection, number: int) -> None:
    """Take out the hashes of pairs that are gone, where they are many."""
    (hashes,) = database.execute("select count(*) from shapes where glossary = ?", (number,)).fetchone()
    (pairs,) = database.execute("select count(*) from pairs").fetchone()
    if hashes > STALE * pairs + 1000:
        database.execute("delete from shapes where glossary = ? and pair not in (select id from pairs)", (number,))
