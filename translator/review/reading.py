"""The page for readers: both languages in two columns, block by block, without what only a reviewer needs."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from markupsafe import Markup

from translator.model import BlockKind, State
from translator.pipeline.bilingual import notice, sides
from translator.review.build import build
from translator.review.page import Row
from translator.review.policy import policy
from translator.review.templates import own, template
from translator.review.view import view

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from translator.pipeline.work import Outcome, Work
    from translator.review.page import Item
    from translator.review.view import BlockView

SCAFFOLD = re.compile(
    r"<!--.*-->|\{%.*%\}|\{\{.*\}\}|:{3,}.*|(?:!!!|\?\?\?).*|(?:</?[^<>]+>\s*)+|\[[^\]]+\]:.*", re.DOTALL
)
"""Raw bytes that a reader of the post would not see."""


@dataclass(frozen=True, slots=True)
class Part:
    """A block of the page, or the rows of one table."""

    kind: str
    """`pair`, `table` or `kept`."""
    blocks: tuple[BlockView, ...]


def reading(work: Work, outcome: Outcome, source: Path, english: Path) -> str:
    """Give a post in both languages as one HTML file that loads nothing and runs nothing."""
    review = build(work, outcome, source, english)
    said = sides(work, outcome.entries)
    items = [_read(item, said.get(n)) for n, item in enumerate(review.items)]
    titles = [_title(item) for item in items if item.kind is BlockKind.FRONT and item.key == "title"]
    blocks = view(replace(review, items=tuple(item for item in items if _is_read(item)))).blocks
    style = own("reading.css")
    return template("reading.html").render(
        title=review.title,
        titles=titles[0] if titles else None,
        notice=notice(outcome.entries),
        parts=list(_parts(blocks)),
        policy=policy([style]),
        style=Markup(style),  # noqa: S704 - the package's own file
    )


def _read(item: Item, said: tuple[str, str] | None) -> Item:
    """Give a block as one row, whole; prose without Chinese is the same on both sides."""
    if said is None or not said[0]:
        return item
    return replace(item, raw="", rows=(Row("", State.APPROVED, *said),))


def _title(item: Item) -> tuple[str, str]:
    return item.rows[0].source, item.rows[0].target


def _is_read(item: Item) -> bool:
    """Whether a reader of the post would see a block."""
    if item.kind is BlockKind.FRONT:
        return item.key in {"description", "subtitle", "summary", "excerpt"}
    if item.kind is BlockKind.RAW:
        return "front" not in item.containers and not SCAFFOLD.fullmatch(item.raw.strip())
    return not (item.kind is BlockKind.TITLE and not item.containers) and not (
        item.kind is BlockKind.HTML and bool(item.key)
    )


def _parts(blocks: Sequence[BlockView]) -> Iterator[Part]:
    """Put the rows of a table together."""
    for kind, group in groupby(blocks, key=_kind):
        some = tuple(group)
        if kind == "table":
            yield Part(kind, some)
        else:
            yield from (Part(kind, (block,)) for block in some)


def _kind(block: BlockView) -> str:
    return "table" if block.style.startswith("cells") else "pair" if block.cells else "kept"
