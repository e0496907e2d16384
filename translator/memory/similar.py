"""Close matches of the memory: what was approved for sentences that are nearly this one.

    source ─fold, grams→ postings ─count→ candidates ─common characters→ ratio ─→ the best

A gram is two neighbouring characters, a Latin word counting as one, or such a word alone. Which phrases have a gram is
kept in the memory's own file, made when it is first asked and brought up to date whenever records were read again.
"""

from __future__ import annotations

import re
import sqlite3
from array import array
from collections import Counter, defaultdict
from dataclasses import dataclass
from heapq import nlargest
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from translator.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from translator.memory.index import Memory

SCHEMA = """
create table if not exists phrases (id integer primary key, source text unique);
create table if not exists grams (gram text primary key, phrases blob) without rowid;
create table if not exists seen (pair integer);
"""
PHRASES = "select id, source from phrases where id in ({})"
APPROVED = "exists (select 1 from pairs where pairs.source = phrases.source)"
BATCH = 50_000
"""How many phrases are entered at once: some 100 MB."""
POSTINGS = 40_000
"""How many places of the sentence's grams are looked at, the rarest grams first."""
GRAMS = 900
"""How many grams a sentence is looked up by; the rest of a longer one are left out."""
CANDIDATES = 400
"""How many sentences, of those that share the most grams, are compared."""
HELD = 500
"""Sentences that may have a gram of a text that is looked for."""
STALE = 2
"""How many times as many phrases as are approved there may be before all of it is made again."""

_UNIT = re.compile(r"[A-Za-z0-9_]+|\S")


@dataclass(frozen=True, slots=True)
class Match:
    """What was approved for a sentence that is close to the one asked for."""

    source: str
    target: str
    ratio: float
    """Twice the characters both have in common and in this order, by all they have; 1: the same but for script, width
    and case."""
    path: str
    """The record it stands in; the first of several."""


def similar(memory: Memory, source: str, most: int = 5, least: float = 0.6) -> list[Match]:
    """Give the closest matches, the best first: the very same sentence, then by ratio, then the most often approved.

    Each pair of source and target is there once. Traditional and simplified characters, full and half width, capitals
    and small letters are the same here. What is found depends on the records alone. Law: a ratio is at least `least`.
    """
    if memory.database is None or not source.strip():
        return []
    try:
        with memory.lock:
            _update(memory.database)
            found = _closest(memory.database, source, most, least)
            return _matches(memory.database, source, {source: 1.0, **found})[:most]
    except sqlite3.DatabaseError:  # deleted or damaged under our hands: the next run makes it again
        return []


def holding(memory: Memory, text: str, most: int) -> list[tuple[str, str]]:
    """Give approved pairs whose source has a folded text in it, in the order of their sources; one a source.

    None where it stands in a great many: such a text tells nothing.
    """
    if memory.database is None:
        return []
    try:
        with memory.lock:
            _update(memory.database)
            sources = sorted(_holding(memory.database, text))[:most]
            rows = [_matches(memory.database, source, {source: 1.0})[:1] for source in sources]
    except sqlite3.DatabaseError:  # deleted or damaged under our hands: the next run makes it again
        return []
    return [(match.source, match.target) for some in rows for match in some]


def _holding(database: sqlite3.Connection, text: str) -> list[str]:
    wanted = grams(text)
    sizes = _sizes(database, wanted)
    if len(sizes) < len(wanted) or min(sizes)[0] > HELD:
        return []
    ((blob,),) = database.execute("select phrases from grams where gram = ?", (min(sizes)[1],))
    rows: list[tuple[int, str]] = []
    numbers = array("I", blob)
    for start in range(0, len(numbers), GRAMS):
        rows += _rows(database, f"{PHRASES} and {APPROVED}", numbers[start : start + GRAMS])
    return [source for _, source in rows if text in fold(source)]


def ratio(one: str, other: str) -> float:
    """Tell how much two texts have in common: 1 where they are equal, 0 where they share no character. Symmetric."""
    return _Ratio(one).to(other)


class _Ratio:
    """A text to which others are compared: the longest common subsequence, a row of its table in one number.

    The bit-parallel algorithm of Allison and Dix (1986) as Hyyrö writes it (2004).
    """

    def __init__(self, text: str) -> None:
        self.size = len(text)
        self.full = (1 << self.size) - 1
        self.places: dict[str, int] = defaultdict(int)
        for n, ch in enumerate(text):
            self.places[ch] |= 1 << n

    def to(self, other: str) -> float:
        row, places = self.full, self.places
        for ch in other:
            if ch in places:
                hit = row & places[ch]
                row = (row + hit) | (row - hit)
        common = (~row & self.full).bit_count()
        return 2 * common / (self.size + len(other)) if self.size or other else 1.0

    def most(self, size: int) -> float:
        """Give the highest ratio that a text of some length can have."""
        return 2 * min(self.size, size) / (self.size + size)


def grams(text: str) -> list[str]:
    """Give what a folded text is looked up by, each once."""
    units = _UNIT.findall(text)
    words = (unit for unit in units if len(unit) > 1)
    return list(dict.fromkeys((*(a + b for a, b in pairwise(units)), *words))) or units


# ── Looking up ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _closest(database: sqlite3.Connection, source: str, most: int, least: float) -> dict[str, float]:
    """Give the sources that are close enough to be among the best, with their ratios."""
    folded = fold(source)
    measure, best, found = _Ratio(folded), [least] * most, dict[str, float]()
    for _, text in _candidates(database, folded):
        if measure.most(len(text)) < best[-1]:
            continue
        value = 1.0 if (other := fold(text)) == folded else measure.to(other)
        if value >= best[-1]:
            found[text] = value
            best = sorted([*best, value], reverse=True)[:most]
    return {text: value for text, value in found.items() if value >= best[-1]}


def _candidates(database: sqlite3.Connection, folded: str) -> list[tuple[int, str]]:
    """Give the phrases that share the most grams with a text, the most first."""
    shared = Counter[int]()
    left = POSTINGS
    for size, gram in sorted(_sizes(database, grams(folded)[:GRAMS])):
        if size > left and shared:
            break
        left -= size
        ((blob,),) = database.execute("select phrases from grams where gram = ?", (gram,))
        shared.update(array("I", blob))
    chosen = nlargest(CANDIDATES, shared, key=lambda phrase: (shared[phrase], -phrase))
    rows = _rows(database, f"{PHRASES} and {APPROVED}", chosen)
    return sorted(rows, key=lambda row: (-shared[row[0]], row[0]))


def _sizes(database: sqlite3.Connection, some: Sequence[str]) -> list[tuple[int, str]]:
    """Give in how many phrases each gram is that is in any."""
    rows = _rows(database, "select length(phrases), gram from grams where gram in ({})", some)
    return [(size // array("I").itemsize, gram) for size, gram in rows]


def _rows(database: sqlite3.Connection, query: str, values: Sequence[object]) -> list[Any]:
    return database.execute(query.format(", ".join("?" * len(values))), values).fetchall()


def _matches(database: sqlite3.Connection, source: str, found: dict[str, float]) -> list[Match]:
    """Give what was approved for some sources."""
    ranked = []
    for text, value in found.items():
        rows = database.execute(
            "select target, count(*), min(path) from pairs where source = ? group by target", (text,)
        )
        for target, times, path in rows:
            ranked.append(((text != source, -value, -times, path, text, target), Match(text, target, value, path)))
    return [match for _, match in sorted(ranked, key=lambda one: one[0])]


# ── Keeping up to date ────────────────────────────────────────────────────────────────────────────────────────────────


def _update(database: sqlite3.Connection) -> None:
    """Enter what was approved since the last time."""
    (newest,) = database.execute("select max(id) from pairs").fetchone()
    if newest is None or newest == _seen(database):
        return
    with database:
        database.execute("begin immediate")
        seen = _seen(database)
        _enter(database, seen)
        if _is_stale(database):
            database.execute("delete from phrases")
            database.execute("delete from grams")
            _enter(database, 0)
        (newest,) = database.execute("select max(id) from pairs").fetchone()
        database.execute("delete from seen")
        database.execute("insert into seen values (?)", (newest,))


def _seen(database: sqlite3.Connection) -> int:
    """Give the last pair that was entered; 0: none yet."""
    try:
        row = database.execute("select pair from seen").fetchone()
    except sqlite3.OperationalError:  # no such table
        for statement in filter(str.strip, SCHEMA.split(";")):
            database.execute(statement)
        return 0
    return int(row[0]) if row else 0


def _enter(database: sqlite3.Connection, seen: int) -> None:
    """Enter the sources of all pairs behind one that are not there yet."""
    (last,) = database.execute("select coalesce(max(id), 0) from phrases").fetchone()
    database.execute(
        "insert or ignore into phrases (source) select source from pairs where id > ? group by source order by min(id)",
        (seen,),
    )
    new = database.execute("select id, source from phrases where id > ? order by id", (last,)).fetchall()
    for start in range(0, len(new), BATCH):
        _post(database, new[start : start + BATCH])


def _post(database: sqlite3.Connection, phrases: Sequence[tuple[int, str]]) -> None:
    """Put phrases into the lists of their grams."""
    lists: dict[str, array[int]] = defaultdict(lambda: array("I"))
    texts = fold("\n".join(source.replace("\n", " ") for _, source in phrases)).split("\n")
    for (number, _), text in zip(phrases, texts, strict=True):
        for gram in grams(text):
            lists[gram].append(number)
    some = sorted(lists)
    before: dict[str, bytes] = {}
    for start in range(0, len(some) if phrases[0][0] > 1 else 0, GRAMS):
        here = some[start : start + GRAMS]
        before |= dict(_rows(database, "select gram, phrases from grams where gram in ({})", here))
    rows = ((gram, before.get(gram, b"") + lists[gram].tobytes()) for gram in some)
    database.executemany("insert or replace into grams values (?, ?)", rows)


def _is_stale(database: sqlite3.Connection) -> bool:
    """Tell whether most phrases are no longer in the records."""
    (phrases,) = database.execute("select count(*) from phrases").fetchone()
    (sources,) = database.execute("select count(distinct source) from pairs").fetchone()
    return bool(phrases > STALE * sources + 1000)
