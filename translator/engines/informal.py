"""Informal words of Chinese technical blogs, which the model knows badly, with their English."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from translator.engines.ask import Hint
from translator.model import Span
from translator.text import boundaries
from translator.text.literals import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLE = Path(__file__).with_name("informal.tsv")


class _Row(NamedTuple):
    word: str
    wanted: str
    kind: str = ""


@cache
def _rows() -> dict[str, _Row]:
    lines = TABLE.read_text("utf-8").splitlines()
    rows = (_Row(*line.split("\t")) for line in lines if not line.startswith("#"))
    return {row.word: row for row in rows}


@cache
def _any() -> re.Pattern[str]:
    words = sorted((row.word for row in _rows().values() if row.kind != "heading"), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


def find(text: str) -> Iterator[Hint | Literal]:
    """Find words of the table in a sentence, longest first, never across Jieba's; what must come back as literals."""
    every = list(_any().finditer(text))
    edges = boundaries(text, frozenset(found.group() for found in every)) if every else set()
    for found in every:
        if not edges.issuperset(found.span()):
            continue
        row, span = _rows()[found.group()], Span(*found.span())
        is_name, is_alone = row.kind == "name", bool(_ALONE.match(text[: span.start][-1:] + text[span.end :][:2]))
        must = is_name or is_alone or row.kind == "word"
        yield Literal(span, row.wanted, is_name=is_name) if must else Hint(span, row.wanted)


_ALONE = re.compile("></")


def whole(text: str) -> str:
    """Give the English of a text that is a line of the table and nothing else; empty where it is none."""
    row = _rows().get(text.rstrip("。"))
    return row.wanted[:1].upper() + row.wanted[1:] + "." * text.endswith("。") if row else ""
