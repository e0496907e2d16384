"""Words that stood rarely or never in the training text, with their English: hints of the last resort.

The table is `rare.tsv`, derived from CC-CEDICT and under its licence (`rare.LICENSE`); `rare_build.py` writes it.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from translator.engines.ask import Hint
from translator.model import Span
from translator.text import boundaries, fold, frequency
from translator.text.literals import Literal
from translator.text.stored import Rows

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLE = Path(__file__).with_name("rare.tsv")
LONGEST = 8
"""Characters of a word."""


@cache
def _rows() -> Rows:
    """Give the rest of each word's line."""
    table = TABLE.read_bytes()
    return Rows(f"rare-{crc32(table):08x}", lambda: _split(table.decode("utf-8")))


def _split(table: str) -> Iterator[tuple[str, str]]:
    for line in table.splitlines():
        word, rest = line.split("\t", 1)
        yield word, rest


def find(text: str) -> Iterator[Hint | Literal]:
    """Find rare words as Jieba cuts a sentence: literals where they must come back, else hints."""
    rows, folded = _rows(), fold(text)
    spans = [
        Span(start, start + len(word))
        for start in range(len(folded))
        for word in rows.beginning(folded[start : start + LONGEST])
    ]
    if spans:
        unknown = frozenset(word for span in spans if not frequency(word := span.of(folded)))
        whole = set(pairwise(sorted(boundaries(text, unknown))))
        found = (span for span in spans if span in whole)
        yield from (_hint(span, *rows.of(span.of(folded)).split("\t")) for span in found)


def _hint(span: Span, english: str, kind: str = "") -> Hint | Literal:
    return Hint(span, english) if kind else Literal(span, english, is_name=english[0].isupper())
