"""Tables that are made once and kept in the user's cache folder, in a form that is read at once."""

from __future__ import annotations

import os
import tempfile
import unicodedata
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import marisa_trie

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

CRC = 4
"""Bytes of the check sum that stands before the table."""


def stored(name: str, libraries: Sequence[str], build: Callable[[], bytes]) -> bytes:
    """Give the table of that name; one that is not there, or is damaged, is built and kept for the next run.

    It depends on the versions of these libraries and of Unicode, and on what its name says. Where nothing can be kept,
    the next run builds it again.
    """
    from importlib import metadata  # noqa: PLC0415  # 25 ms

    from platformdirs import user_cache_path  # noqa: PLC0415  # only when a table is read

    versions = (unicodedata.unidata_version, *map(metadata.version, libraries))
    path = user_cache_path("duizhao", appauthor=False) / "-".join((name, *versions))
    try:
        found = path.read_bytes()
    except OSError:
        found = b""
    table = found[CRC:]
    if not table or found[:CRC] != _sum(table):
        table = build()
        _keep(path, table)
    return table


class Rows:
    """Words with a text for each, kept under a name: as a trie of 0.8 MB what takes 19 MB as a dictionary."""

    def __init__(self, name: str, rows: Callable[[], Iterable[tuple[str, str]]]) -> None:
        def build() -> bytes:
            return bytes(marisa_trie.BytesTrie((word, text.encode("utf-8")) for word, text in rows()).tobytes())

        self._rows = marisa_trie.BytesTrie().frombytes(stored(name, ("marisa-trie",), build))

    def of(self, word: str) -> str:
        """Give the text of a word."""
        return str(self._rows[word][0], "utf-8")

    def beginning(self, text: str) -> list[str]:
        """Give the words that a text begins with, the shortest first."""
        return sorted(self._rows.prefixes(text), key=len)


def _sum(table: bytes) -> bytes:
    return zlib.crc32(table).to_bytes(CRC, "big")


def _keep(path: Path, table: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        with os.fdopen(handle, "wb") as file:
            file.write(_sum(table) + table)
        Path(name).replace(path)  # whole or not at all, however many runs start at once
    except OSError:
        return
