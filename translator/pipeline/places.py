"""Terms where they stand: what a term's conditions are asked of, and no term across what is kept whole."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from translator.glossary import PLAIN, Place
from translator.markdown import plain
from translator.model import BlockKind, InlineKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from translator.glossary import Glossary
    from translator.model import Block, Document, Inline, Mention, Protected, Segment

_KINDS = {BlockKind.HEADING: "heading", BlockKind.CELL: "cell", BlockKind.FRONT: "front"}
_CONTAINERS = {"quote": "quote", "bullet": "list", "ordered": "list"}
_PARTING = frozenset(
    {
        InlineKind.CODE,
        InlineKind.MATH,
        InlineKind.IMAGE,
        InlineKind.AUTOLINK,
        InlineKind.TAG,
        InlineKind.ROLE,
        InlineKind.BREAK,
    }
)
_NO_WORD = "\ufffc"
"""Stands for what is kept whole: part of no word."""


def kinds(block: Block) -> frozenset[str]:
    """Name the places a block is and stands in, of `model.PLACES`."""
    inside = {_CONTAINERS[name] for name in block.containers if name in _CONTAINERS}
    return frozenset({_KINDS.get(block.kind, "paragraph"), *inside})


def places(document: Document, segments: Sequence[Segment], protected: Sequence[Protected]) -> tuple[Place, ...]:
    """Give the place of each segment: its block, whether it has inline code, and what the block says."""
    around: dict[int, list[str]] = {}
    for segment, one in zip(segments, protected, strict=True):
        around.setdefault(segment.block, []).append(plain(one.text))
    made: dict[tuple[int, bool], Place] = {}
    for segment in segments:
        key = segment.block, _has_code(segment)
        if key not in made:
            code = frozenset({"code"}) if key[1] else frozenset()
            made[key] = Place(kinds(document.blocks[segment.block]) | code, " ".join(around[segment.block]))
    return tuple(made[segment.block, _has_code(segment)] for segment in segments)


def _has_code(segment: Segment) -> bool:
    return any(mark.kind is InlineKind.CODE for mark in segment.marks)


def find(glossary: Glossary, one: Protected, place: Place = PLAIN) -> tuple[Mention, ...]:
    """Find the terms of a segment, spans counted in its plain text; none goes across a mark that is kept whole."""
    kept = [f"<x{n}>" for n, mark in enumerate(one.marks, 1) if _parts(mark, one.source)]
    parts = [plain(part) for part in re.split("|".join(kept), one.text)] if kept else [plain(one.text)]
    found = glossary.mentions(_NO_WORD.join(parts), place)
    if len(parts) == 1:
        return found
    starts = list(accumulate((len(part) + 1 for part in parts), initial=0))
    return tuple(replace(m, span=m.span.shift(1 - bisect_right(starts, m.span.start))) for m in found)


def _parts(mark: Inline, source: str) -> bool:
    """Tell whether words before and after a mark never make one word."""
    return mark.kind in _PARTING or (mark.kind is InlineKind.HTML and mark.span.of(source).startswith("<br"))
