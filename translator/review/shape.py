"""The shape of a post, before anything is rendered: which rows stand in which block, and what stands before them.

    Item* ─Shaper→ Form*

Neighbouring cells become table rows, containers become bars and markers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from translator.model import BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from translator.review.page import Item

MARKER = re.compile(r"(?:^|[\s>])(?P<sign>[-*+]|\d{1,9}[.)])\s*(?:\[(?P<task>[ xX])\]\s*)?$")
NOTE = re.compile(r"\[\^([^\]]+)\]:?\s*$")
SCAFFOLD = re.compile(r"\s*|(?=.*-)(?=.*\|)[-|\s:>]+|---|\+\+\+|[\"\w.-]+\s*[:=]\s*\[?|:{3,}|[-,\]\s]+")
"""Raw bytes that say nothing: a table's rule, the ends of front matter, a value's key, the signs of a list."""
OPENED = re.compile(r"\n[\"\w.-]+\s*[:=]\s*\[?\s*\Z")
CLOSED = re.compile(r"\A[\],\s]+")
"""In front matter: the key of the value that follows, the end of the list that went before."""
FENCE = re.compile(r"\A(?:---|\+\+\+)[^\S\n]*\n|\n(?:---|\+\+\+)\s*\Z")
BULLETS = "•◦▪"
KINDS = {BlockKind.CODE: "code", BlockKind.MATH: "formula", BlockKind.RULE: "rule"}


class Lead(NamedTuple):
    """What stands before a block's text: the bar of a quote, the marker of a list item."""

    kind: str
    text: str = ""


class Slot(NamedTuple):
    """The rows of one block; of a table, with the cell at the head of its column."""

    rows: range
    raw: str = ""
    head: Slot | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A block, or the cells of one table row."""

    style: str
    slots: tuple[Slot, ...] = ()
    leads: tuple[Lead, ...] = ()
    level: int = 0
    name: str = ""
    """A word of the interface that says what it is."""
    key: str = ""
    """Of front matter, of an HTML attribute; the language of code."""
    raw: str = ""
    """Of a kept block: what is shown of it."""
    line: int = 0
    is_markdown: bool = True

    @property
    def rows(self) -> range:
        """Give all its rows."""
        some = [slot.rows for slot in self.slots if slot.rows]
        return range(some[0].start, some[-1].stop) if some else range(0)


@dataclass(slots=True)
class Shaper:
    """Walks through the post once, counting rows and list items."""

    lists: dict[int, int] = field(default_factory=dict)
    """How many items the list at each depth has had."""
    path: tuple[str, ...] = ()
    """The containers of the block before."""
    number: int = 0
    key: str = ""
    """Of the front matter's value before: of several values it is shown once."""
    heads: list[Slot] = field(default_factory=list)

    def forms(self, items: Sequence[Item]) -> Iterator[Form]:
        """Give all blocks; neighbouring cells on one line are one table row."""
        spoken = (item for item in items if item.kind is not BlockKind.RAW or not SCAFFOLD.fullmatch(shown(item)))
        for _, group in groupby(enumerate(spoken), key=_table_row):
            yield self._form([item for _, item in group])

    def _form(self, together: Sequence[Item]) -> Form:
        first = together[0]
        leads = self._leads(first)
        key, self.key = self.key, ""
        if first.kind is BlockKind.CELL:
            return self._table_row(together, leads)
        if not len(first.rows) and first.kind is not BlockKind.FRONT:
            return _kept(first, leads)
        form = self._prose(first, leads)
        if first.kind is BlockKind.FRONT:
            self.key = form.key
            return replace(form, key="", style=f"{form.style} more") if form.key == key else form
        return form

    def _prose(self, item: Item, leads: tuple[Lead, ...]) -> Form:
        style = f"prose {item.kind}"
        style += f" h{item.level}" if item.kind is BlockKind.HEADING else ""
        style += " listed" if "item" in item.containers else ""
        key = item.key if item.kind in {BlockKind.FRONT, BlockKind.HTML} else ""
        is_markdown = item.kind not in {BlockKind.FRONT, BlockKind.TITLE}
        slots = (self._slot(item),)
        return Form(style, slots, leads, item.level, key=key, line=item.line, is_markdown=is_markdown)

    def _table_row(self, cells: Sequence[Item], leads: tuple[Lead, ...]) -> Form:
        """Give the cells of one row, each under the head of its column."""
        slots = [self._slot(item) for item in cells]
        if "header" in cells[0].containers:
            self.heads = slots
            return Form("cells head", tuple(slots), leads, name="table_head")
        heads = [*self.heads[: len(slots)], *[None] * (len(slots) - len(self.heads))]
        return Form("cells", tuple(s._replace(head=head) for s, head in zip(slots, heads, strict=True)), leads)

    def _slot(self, item: Item) -> Slot:
        start = self.number
        self.number += len(item.rows)
        return Slot(range(start, self.number), item.raw)

    def _leads(self, item: Item) -> tuple[Lead, ...]:
        """Give the bars and markers before a block, outermost first."""
        containers = item.containers
        shared = next((n for n, (a, b) in enumerate(zip(self.path, containers, strict=False)) if a != b), None)
        shared = min(len(self.path), len(containers)) if shared is None else shared
        self.lists = {depth: count for depth, count in self.lists.items() if depth < shared}
        self.path = containers
        last = max((n for n, name in enumerate(containers) if name == "item"), default=-1)
        leads = (self._lead(item, depth, last=last) for depth in range(len(containers)))
        return tuple(lead for lead in leads if lead)

    def _lead(self, item: Item, depth: int, *, last: int) -> Lead | None:
        match item.containers[depth]:
            case "quote":
                return Lead("quote")
            case "container" | "tag":
                return Lead("quote soft")
            case "item":
                return Lead("marker", self._marker(item, depth) if depth == last else "")
            case "dd":
                return Lead("marker")
            case "footnote":
                found = NOTE.search(item.prefix or "")
                return Lead("marker", found[1] if found else "")
        return None

    def _marker(self, item: Item, depth: int) -> str:
        """Give the bullet or number of the list item that the block begins, if it begins one."""
        found = MARKER.search(item.prefix or "")
        if not found and (item.prefix is not None or not len(item.rows)):
            return ""
        self.lists[depth] = self.lists.get(depth, 0) + 1
        if found and found["task"]:
            return "☐" if found["task"] == " " else "☑"
        if found and found["sign"][0].isdigit():
            return found["sign"]
        if not found and item.containers[depth - 1 : depth] == ("ordered",):
            return f"{self.lists[depth]}."
        return BULLETS[min(item.containers[:depth].count("item"), len(BULLETS) - 1)]


def _table_row(numbered: tuple[int, Item]) -> tuple[int, int, tuple[str, ...]]:
    """Give a key that the cells of one table row share and no other blocks do."""
    number, item = numbered
    return (-1, item.line, item.containers) if item.kind is BlockKind.CELL and item.line else (number, 0, ())


def _kept(item: Item, leads: tuple[Lead, ...]) -> Form:
    """Give a block that both sides share."""
    raw = shown(item)
    name = "front_matter" if "front" in item.containers else KINDS.get(item.kind, "kept")
    slim = " slim" if item.kind is BlockKind.RAW and len(raw.splitlines()) == 1 else ""
    return Form(f"kept {item.kind}{slim}", (), leads, 0, name, item.key, raw, item.line)


def shown(item: Item) -> str:
    """Give what is shown of a kept block: its bytes, without front matter's own delimiters."""
    if "front" not in item.containers:
        return item.raw.strip("\r\n")
    return CLOSED.sub("", OPENED.sub("", "\n" + FENCE.sub("", item.raw).strip("\r\n"))).strip("\r\n")
