"""Builds the lexicon from a phrase table: `python -m translator.align.build PHRASES.tsv.xz OUT`.

Columns of the table, one phrase pair a line: Chinese (words with blanks between them), English, p(English given
Chinese), p(Chinese given English), the two lexical weights, count, word links. The same table gives the same bytes.

What is kept: pairs whose words carry meaning at both edges, seen often enough for their length, and that are not chance
(`_is_sure`). Inflections of one English phrase are one rendering, written as the most frequent of them.
"""

from __future__ import annotations

import lzma
import math
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from translator.align.english import FUNCTION, normal
from translator.align.lexicon import HEAD, MAGIC
from translator.text import fold
from translator.text.han import HAN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

_CHINESE = re.compile(f"[{HAN}A-Za-z0-9 .+_#-]*[{HAN}][{HAN}A-Za-z0-9 .+_#-]*")
_ENGLISH = re.compile(r"[A-Za-z][A-Za-z0-9 .'/+_#-]*")
_BEFORE = frozenset(
    "的了是在和与或及而且就都也还将把被从对为以于其这那此该等会能要请来去使所则又如若但只更很当之着给让到"
)
_BEHIND = frozenset("的了是在和与或及而且就都也还将把被从对为以于其这那此该等会能要有不并中上里时后前着给让到")
"""Single words that say nothing where a phrase begins, and where it ends."""
_LENGTH = 120
"""Characters of a pair: longer ones are sentences, or no words at all."""
_MOST = 12
"""Renderings of one Chinese word, and origins of one English word (half as many)."""


class Pair(NamedTuple):
    """A line of the table that is worth counting."""

    chinese: str
    tokens: int
    form: str
    phrase: str
    times: int
    weight: float
    """The product of the two lexical weights."""


class Entry(NamedTuple):
    """A pair that is kept, with its two probabilities."""

    chinese: str
    form: str
    forward: float
    backward: float


def read(lines: Iterable[str]) -> Iterator[Pair]:
    """Read the lines of a table, without those whose edges say nothing."""
    for line in lines:
        chinese, english, _, _, forward, backward, count, *_ = line.split("\t")
        if _says_something(chinese, english):
            tokens = chinese.split()
            weight = float(forward) * float(backward)
            yield Pair(fold("".join(tokens)), len(tokens), normal(english), english, int(count), weight)


def _says_something(chinese: str, english: str) -> bool:
    """Tell whether a pair is of words, without small ones at the edges, and of a length that can be stored."""
    if not (_CHINESE.fullmatch(chinese) and _ENGLISH.fullmatch(english)) or len(chinese) + len(english) > _LENGTH:
        return False
    tokens, words = chinese.split(), english.lower().split()
    if words[0] in FUNCTION or words[-1] in FUNCTION:
        return False
    return len(tokens) == 1 or not (tokens[0] in _BEFORE or tokens[-1] in _BEHIND)


def choose(pairs: Iterable[Pair]) -> tuple[list[Entry], dict[str, str]]:
    """Choose what is kept; gives the entries and how each English form is written."""
    joint: Counter[tuple[str, str]] = Counter()
    chinese: Counter[str] = Counter()
    english: Counter[str] = Counter()
    written: defaultdict[str, Counter[str]] = defaultdict(Counter)
    weights: dict[tuple[str, str], float] = {}
    tokens: dict[str, int] = {}
    for pair in pairs:
        key = pair.chinese, pair.form
        joint[key] += pair.times
        chinese[pair.chinese] += pair.times
        english[pair.form] += pair.times
        written[pair.form][pair.phrase] += pair.times
        weights[key] = max(weights.get(key, 0), pair.weight)
        tokens[pair.chinese] = min(pair.tokens, tokens.get(pair.chinese, 9))
    entries = []
    for (word, form), count in joint.items():
        likely = (count - 0.5) / chinese[word], (count - 0.5) / english[form]
        if _is_sure(count, likely, weights[word, form], tokens[word], len(_best(written[form]).split())):
            entries.append(Entry(word, form, *likely))
    return _thin(entries), {entry.form: _best(written[entry.form]) for entry in entries}


def _best(written: Mapping[str, int]) -> str:
    return min(written, key=lambda phrase: (-written[phrase], phrase))


def _is_sure(count: int, likely: tuple[float, float], weight: float, tokens: int, words: int) -> bool:
    """Tell whether a pair is no chance: seen often for its length, and not drowned by others on both sides."""
    needed = 1 if tokens == 1 else 2 if tokens + words < 5 else 3 if tokens + words < 6 else 5
    return count >= needed and weight > 1e-9 and math.sqrt(likely[0] * likely[1]) > 0.01 and likely[0] > 0.001


def _thin(entries: list[Entry]) -> list[Entry]:
    """Keep the likeliest renderings of each word."""
    rows: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        rows[entry.chinese].append(entry)
    return [
        entry
        for word in sorted(rows)
        for entry in sorted(rows[word], key=lambda each: (-each.forward, each.form))[:_MOST]
    ]


def pack(entries: list[Entry], written: Mapping[str, str]) -> bytes:
    """Lay the entries out as `lexicon.py` reads them."""
    rows: defaultdict[str, list[Entry]] = defaultdict(list)
    columns: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        rows[entry.chinese].append(entry)
        columns[entry.form].append(entry)
    origins = {form: _origins(column) if " " not in written[form] else [] for form, column in columns.items()}
    chinese = _Part(rows, _utf16, lambda word: 2 + len(_utf16(word)) + 5 * len(rows[word]))
    english = _Part(columns, str.encode, lambda form: 3 + len(written[form].encode()) + 3 * len(origins[form]))
    chinese_bytes = b"".join(
        bytes([len(_utf16(word)) // 2, len(rows[word])])
        + _utf16(word)
        + b"".join(_place(english.places[e.form]) + bytes([_code(e.forward), _code(e.backward)]) for e in rows[word])
        for word in chinese.places
    )
    english_bytes = b"".join(
        bytes([crc32(form.encode()) >> 24, len(written[form].encode()), len(origins[form])])
        + written[form].encode()
        + b"".join(_place(chinese.places[word]) for word in origins[form])
        for form in english.places
    )
    head = HEAD.pack(MAGIC, chinese.count, len(chinese_bytes), english.count, len(english_bytes))
    return head + chinese.buckets + english.buckets + chinese_bytes + english_bytes


def _origins(column: list[Entry]) -> list[str]:
    """Give the Chinese words that an English word renders most often."""
    likely = sorted(column, key=lambda entry: (-entry.backward, entry.chinese))
    return [entry.chinese for entry in likely if len(entry.chinese) < 5 and entry.backward > 0.01][: _MOST // 2]


class _Part:
    """Where the records of one language stand."""

    def __init__(self, forms: Iterable[str], code: Callable[[str], bytes], size: Callable[[str], int]) -> None:
        known = list(forms)
        self.count = len(known) // 2 + 1
        buckets: list[list[str]] = [[] for _ in range(self.count)]
        for form in sorted(known):
            buckets[crc32(code(form)) % self.count].append(form)
        self.places: dict[str, int] = {}
        starts, at = [], 0
        for bucket in buckets:
            starts.append(at)
            for form in bucket:
                self.places[form] = at
                at += size(form)
        self.buckets = b"".join(start.to_bytes(4, "little") for start in [*starts, at])


def _utf16(word: str) -> bytes:
    return word.encode("utf-16-le")


def _place(at: int) -> bytes:
    return at.to_bytes(3, "little")


def _code(probability: float) -> int:
    return min(255, round(-16 * math.log2(probability)))


def main(arguments: list[str]) -> int:
    """Build the lexicon and say how large it is."""
    if len(arguments) != 2:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    with lzma.open(arguments[0], "rt", encoding="utf-8") as lines:
        entries, written = choose(read(lines))
    data = pack(entries, written)
    Path(arguments[1]).write_bytes(data)
    words = len({entry.chinese for entry in entries})
    sys.stdout.write(f"{words} Chinese words, {len(written)} English, {len(entries)} pairs, {len(data)} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
