"""The lexicon: Chinese words and phrases with their English renderings, read where they lie.

The file is mapped into memory and nothing is parsed; a question reads a few dozen bytes. All figures are little-endian.

    magic      8 bytes; then four numbers of 4 bytes: buckets and bytes of the Chinese part, then of the English part
    buckets    4 bytes each: where the records of a CRC-32 (modulo their number) start; one more says where they end
    Chinese    length, number of renderings (a byte each), the word in UTF-16, renderings of 5 bytes:
               the English record's place (3 bytes), p(English given Chinese), p(Chinese given English)
    English    check (a byte of the CRC-32), length, number of origins, the phrase in UTF-8, origins of 3 bytes each:
               the Chinese records' places

A probability p is a byte: -16 log2 p. `build.py` writes the file.
"""

from __future__ import annotations

import mmap
import struct
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from translator.align.english import normal

if TYPE_CHECKING:
    from collections.abc import Container

MAGIC = b"duizhao1"
HEAD = struct.Struct("<8s4I")
PACKAGED = Path(__file__).parent / "lexicon.bin"
PROBABILITY = tuple(2 ** (-code / 16) for code in range(256))


class Known(NamedTuple):
    """One English rendering of a Chinese word."""

    place: int
    """Where the English record stands; what two renderings are compared by."""
    forward: float
    """How often the Chinese word is said so: p(English given Chinese)."""
    backward: float
    """How often the English phrase says that: p(Chinese given English)."""


class Lexicon:
    """A lexicon's file, mapped into memory."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        magic, self._chinese, chinese_size, self._english, _ = HEAD.unpack_from(self._data)
        if magic != MAGIC:
            raise ValueError(f"{path} is no lexicon")
        self._chinese_buckets = HEAD.size
        self._english_buckets = self._chinese_buckets + 4 * (self._chinese + 1)
        self._chinese_part = self._english_buckets + 4 * (self._english + 1)
        self._english_part = self._chinese_part + chinese_size

    def renderings(self, word: str, among: Container[int] | None = None) -> list[Known]:
        """Give the renderings of a folded Chinese word or phrase without blanks; likeliest first.

        `among` are the places of the English records that matter; all do where there are none.
        """
        coded = word.encode("utf-16-le", "surrogatepass")
        data, part, length = self._data, self._chinese_part, len(coded)
        at, end = self._bucket(self._chinese_buckets, crc32(coded) % self._chinese)
        while at < end:
            size, count = 2 * data[part + at], data[part + at + 1]
            first = part + at + 2 + size
            if size == length and data[first - size : first] == coded:
                return self._list(data[first : first + 5 * count], among)
            at += 2 + size + 5 * count
        return []

    def _list(self, data: bytes, among: Container[int] | None) -> list[Known]:
        found = []
        for at in range(0, len(data), 5):
            place = data[at] | data[at + 1] << 8 | data[at + 2] << 16
            if among is None or place in among:
                found.append(Known(place, PROBABILITY[data[at + 3]], PROBABILITY[data[at + 4]]))
        return found

    def _bucket(self, buckets: int, number: int) -> tuple[int, int]:
        start, end = struct.unpack_from("<2I", self._data, buckets + 4 * number)
        return start, end

    def place(self, form: str) -> int:
        """Give the place of an English phrase by its normal form; -1 where it is unknown."""
        coded = form.encode("utf-8", "surrogatepass")
        code = crc32(coded)
        data, part = self._data, self._english_part
        at, end = self._bucket(self._english_buckets, code % self._english)
        while at < end:
            if data[part + at] == code >> 24 and normal(self.phrase(at)) == form:
                return at
            at += 3 + data[part + at + 1] + 3 * data[part + at + 2]
        return -1

    def phrase(self, place: int) -> str:
        """Give the English phrase that stands at a place, as it is most often written."""
        at = self._english_part + place
        return self._data[at + 3 : at + 3 + self._data[at + 1]].decode()

    def origins(self, place: int) -> list[str]:
        """Give the Chinese words that an English word renders most often; phrases have none."""
        data = self._data
        at = self._english_part + place
        first = at + 3 + data[at + 1]
        return [
            self._chinese_word(int.from_bytes(data[n : n + 3], "little"))
            for n in range(first, first + 3 * data[at + 2], 3)
        ]

    def _chinese_word(self, place: int) -> str:
        at = self._chinese_part + place
        return self._data[at + 2 : at + 2 + 2 * self._data[at]].decode("utf-16-le")


@cache
def packaged() -> Lexicon:
    """Give the lexicon that ships; mapped once, shared by all."""
    return Lexicon(PACKAGED)
