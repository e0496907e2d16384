"""Words that stood rarely or never in the training text, with their English: hints of the last resort.

The table is `rare.tsv`, derived from CC-CEDICT and under its licence (`rare.LICENSE`); `rare_build.py` writes it.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from translator.engines.ask import Hint
from translator.model import Span
from translator.text import boundaries, fold, frequency
from translator.text.literals import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TABLE = Path(__file__).with_name("rare.tsv")
LONGEST = 8
"""Characters of a word."""


@cache
def _rows() -> Mapping[str, str]:
    """Give the rest of each word's line."""
    return dict(line.split("\t", 1) for line in TABLE.read_text("utf-8").splitlines())


def find(text: str) -> Iterator[Hint | Literal]:
    """Find rare words as Jieba cuts a sentence: literals where they must come back, else hints."""
    rows, folded = _rows(), fold(text)
    spans = [
        Span(start, end)
        for start in range(len(folded))
        for end in range(start + 2, min(start + LONGEST, len(folded)) + 1)
        if folded[start:end] in rows
    ]
    if spans:
        unknown = frozenset(word for span in spans if not frequency(word := span.of(folded)))
        whole = set(pairwise(sorted(boundaries(text, unknown))))
        yield from (_hint(span, *rows[span.of(folded)].split("\t")) for span in spans if span in whole)


def _hint(span: Span, english: str, kind: str = "") -> Hint | Literal:
    return Hint(span, english) if kind else Literal(span, english, is_name=english[0].isupper())
