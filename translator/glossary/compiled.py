"""Terms packed into lines: what a large glossary is between two runs, and until one of its terms is asked for.

A row is a term's fields with a tab between two of them and a unit separator between two words of a list. Neither can
stand in a field: the reader makes every blank a single space. A compiled file is a line that names the bytes it was
made from, and the rows; whatever is not exactly that is no compiled file, and is made anew.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from translator.model import Term

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

VERSION = 1
"""Raised whenever a row looks otherwise or a file is read otherwise."""
_UNIT = "\x1f"


class Head(NamedTuple):
    """What a glossary asks of every term before it hits."""

    term: str
    aliases: tuple[str, ...]
    case: bool
    only: tuple[str, ...]
    beside: tuple[str, ...]

    @classmethod
    def of(cls, term: Term) -> Head:
        """Give a term's head."""
        return cls(term.term, term.aliases, term.case, term.only, term.beside)


@dataclass(frozen=True)
class Packed:
    """Terms as rows, each with its file."""

    rows: list[str]
    paths: list[Path | None]

    def __len__(self) -> int:
        """Count the terms."""
        return len(self.rows)

    def __getitem__(self, index: int) -> Term:
        """Unpack one term."""
        return unpack(self.rows[index], self.paths[index])

    def heads(self) -> Iterator[Head]:
        """Give the head of every term."""
        for row in self.rows:
            term, aliases, case, only, beside, _ = row.split("\t", 5)
            yield Head(term, _many(aliases), bool(case), _many(only), _many(beside))


def pack(term: Term) -> str:
    """Give a term's row, without its file and its status."""
    return "\t".join(
        (
            term.term,
            _UNIT.join(term.aliases),
            "1" if term.case else "",
            _UNIT.join(term.only),
            _UNIT.join(term.beside),
            term.translation,
            _UNIT.join(term.also),
            _UNIT.join(term.forbidden),
            term.first,
            term.kind,
            term.note,
            "1" if term.keep else "",
            str(term.line),
        )
    )


def unpack(row: str, path: Path | None) -> Term:
    """Give the term of a row."""
    term, aliases, case, only, beside, translation, also, forbidden, first, kind, note, keep, line = row.split("\t")
    words = term, translation, _many(aliases), _many(also), _many(forbidden), first, kind, note
    return Term(*words, bool(keep), bool(case), _many(only), _many(beside), path=path, line=int(line))


def _many(words: str) -> tuple[str, ...]:
    return tuple(words.split(_UNIT)) if words else ()


def recall(cache: Path, path: Path, data: bytes) -> Packed | None:
    """Give the compiled form of a glossary file with these bytes; None where there is none that is whole."""
    try:
        head, _, body = _place(cache, path).read_bytes().partition(b"\n")
        if head != _head(data, body):
            return None
        rows = body.decode().split("\n") if body else []
    except (OSError, ValueError):
        return None
    return Packed(rows, [path] * len(rows))


def keep(cache: Path, path: Path, data: bytes, rows: Sequence[str]) -> None:
    """Keep the compiled form of a glossary file for the next run; where that is not possible, it is read again."""
    place = _place(cache, path)
    try:
        body = "\n".join(rows).encode()
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=place.name)
        with os.fdopen(handle, "wb") as file:
            file.write(_head(data, body) + b"\n" + body)
        Path(name).replace(place)  # whole or not at all, however many runs start at once
    except (OSError, UnicodeEncodeError):
        return


def _place(cache: Path, path: Path) -> Path:
    return cache / "glossary" / f"{_hash(os.fsencode(path.absolute()))}.rows"


def _head(data: bytes, body: bytes) -> bytes:
    return f"{VERSION} {_hash(data)} {_hash(body)}".encode()


def _hash(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()
