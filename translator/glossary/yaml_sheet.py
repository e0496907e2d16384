"""Where everything stands in a glossary file: its terms, their fields, their words, to the character.

Marks of PyYAML count characters without the byte order mark, the end mark of a block is where the next token begins,
and a node written as `*name` has the marks of the place where it was named; so places are worked out here.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import yaml

from translator.errors import InputError
from translator.glossary.files import undisturbed
from translator.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
BREAKS = "\n\r\x85\u2028\u2029"
"""What ends a line in YAML 1.1."""
PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*\s+)*")
"""An anchor and a tag in front of a value."""
COLON = re.compile(r"\s*:")
_BREAK = re.compile(f"\r\n|[{BREAKS}]")
_ALIAS = re.compile(rf"(?:[\s:,?-]|#[^{BREAKS}]*)*(\*[\w-]+)")
_DASH = re.compile(rf"(?:^|(?<=[{BREAKS}]))[ \t]*(-)(?=\s|$)")


class Field(NamedTuple):
    """A key and its value."""

    name: str
    key: Span
    value: Span
    """Empty, just behind the colon, where nothing is written."""
    node: Any
    """The value's YAML node."""
    is_alias: bool
    """Written as `*name`: the node stands elsewhere."""


@dataclass(frozen=True)
class Places:
    """The text of a glossary file that `parse` accepts, and where things stand in it."""

    whole: str
    path: Path | None = None

    @cached_property
    def shift(self) -> int:
        """Count the characters of the byte order mark."""
        return int(self.whole.startswith("\ufeff"))

    @cached_property
    def text(self) -> str:
        """Give the text without its byte order mark; all spans count in it."""
        return self.whole[self.shift :]

    @cached_property
    def newline(self) -> str:
        """Give the line ending that most lines have."""
        counts = Counter(_BREAK.findall(self.text))
        return max(("\n", "\r\n", "\r"), key=counts.__getitem__)

    @cached_property
    def root(self) -> Any:  # noqa: ANN401  # a YAML node of any kind, or None
        """Give the YAML tree; None where there is nothing."""
        with undisturbed():
            return yaml.compose(self.text, Loader=LOADER)

    @cached_property
    def listing(self) -> Any:  # noqa: ANN401  # a list or a mapping
        """Give the collection of all terms; None where there are none."""
        node = self.root.value[0][1] if isinstance(self.root, yaml.MappingNode) else None
        return node if isinstance(node, yaml.CollectionNode) and node.value else None

    @cached_property
    def _uses(self) -> Counter[int]:
        """Count how often each node is used: more than once where it has a name that is used."""
        counts: Counter[int] = Counter()
        stack = [self.root] if self.root and "*" in self.text else []
        while stack:
            node = stack.pop()
            counts[id(node)] += 1
            if counts[id(node)] == 1:
                stack += children(node)
        return counts

    def span(self, node: yaml.Node, floor: int) -> Span:
        """Say where a node is written, knowing that it is not before `floor`."""
        start = node.start_mark.index
        if start < floor and (alias := _ALIAS.match(self.text, floor)):
            return Span(*alias.span(1))
        if start == node.end_mark.index:
            return Span(floor, floor)
        return Span(start, self._end(node))

    def _end(self, node: Any) -> int:  # noqa: ANN401  # a YAML node of any kind
        if isinstance(node, yaml.ScalarNode):
            end = node.end_mark.index
            return len(self.text[:end].rstrip()) if node.style in {"|", ">"} else int(end)
        if node.flow_style or not node.value:
            return int(node.end_mark.index)
        return self.fields(node)[-1].value.end if isinstance(node, yaml.MappingNode) else self.items(node)[-1].end

    def fields(self, node: yaml.MappingNode) -> list[Field]:
        """Give the pairs of a mapping."""
        floor, out = node.start_mark.index, []
        for key, value in node.value:
            place = self.span(key, floor)
            colon = COLON.match(self.text, place.end)
            behind = colon.end() if colon else place.end
            spot = self.span(value, behind)
            out.append(Field(key.value, place, spot, value, value.start_mark.index < behind))
            floor = spot.end
        return out

    def items(self, node: yaml.SequenceNode) -> list[Span]:
        """Say where the items of a list stand, dashes left out."""
        floor, out = node.start_mark.index, []
        for item in node.value:
            out.append(self.span(item, floor))
            floor = out[-1].end
        return out

    def item(self, index: int) -> Span:
        """Say where a term stands; a pair, where the file has `term: translation` lines."""
        node = self.listing.value[index]
        if isinstance(node, tuple):
            key, value = node
            colon = COLON.match(self.text, self.span(key, key.start_mark.index).end)
            return Span(key.start_mark.index, self.span(value, colon.end() if colon else 0).end)
        return Span(node.start_mark.index, self._end(node))

    def value(self, index: int, name: str) -> str | bool | tuple[str, ...] | None:
        """Give what a field of a term says; None where it is not written, or is not as we would write it."""
        node = self.listing.value[index]
        if isinstance(node, tuple):
            pairs = dict(zip(("term", "translation"), node, strict=True))
        else:
            pairs = {key.value: value for key, value in node.value}
        found = pairs.get(name)
        if isinstance(found, yaml.SequenceNode):
            return tuple(tidy(item.value) for item in found.value)
        if name in {"keep", "case"} and found:
            return {"true": True, "false": False}.get(found.value.lower())
        return tidy(found.value) if found else None

    # ── Lines ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def line(self, place: int) -> int:
        """Count a place's line from 1, as YAML does."""
        return len(_BREAK.findall(self.text, 0, place)) + 1

    def line_start(self, place: int) -> int:
        """Say where the line of a place begins."""
        while place and self.text[place - 1] not in BREAKS:
            place -= 1
        return place

    def line_end(self, place: int) -> int:
        """Say where the line of a place ends, its ending included."""
        found = _BREAK.search(self.text, place)
        return found.end() if found else len(self.text)

    def prefix(self, place: int) -> str:
        """Give what stands before a place in its line."""
        return self.text[self.line_start(place) : place]

    def dash_place(self, item: Span, floor: int) -> int:
        """Say where the dash of a block list's item stands, knowing where the item before it ends."""
        found = [match.start(1) for match in _DASH.finditer(self.text, self.line_start(floor), item.start)]
        return found[-1] if found else self.fail(item.start, "there is no dash of its own before it")

    def dash(self, item: Span, floor: int) -> tuple[str, str]:
        """Give what stands before and behind the dash of an item."""
        place = self.dash_place(item, floor)
        gap = self.text[place + 1 : item.start]
        return self.prefix(place), gap if gap and not gap.strip(" \t") else " "

    def comment_above(self, index: int) -> int:
        """Give the line of the comment that stands directly above a term, at its depth; 0 where there is none."""
        start = self.line_start(self.item(index).start)
        above = self.text[self.line_start(start - 1) : start] if start else ""
        depth = len(above) - len(above.lstrip(" "))
        is_its = above.lstrip(" ").startswith("#") and self.text[start:].startswith(
            (" " * depth + "-", " " * depth + "{")
        )
        return self.line(start) - 1 if is_its else 0

    # ── What is refused ───────────────────────────────────────────────────────────────────────────────────────────

    def own(self, node: yaml.Node, *, deep: bool = True) -> None:
        """Refuse to change what other places use by its `&` name."""
        stack = [node]
        while stack:
            one = stack.pop()
            if self._uses[id(one)] > 1:
                self.fail(one.start_mark.index, "what stands here is used elsewhere too, by its `&` name")
            inside = (child for child in children(one) if child.start_mark.index >= one.start_mark.index)
            stack += inside if deep else ()

    def fail(self, place: int, reason: str) -> NoReturn:
        """Refuse an edit, with the line and the reason."""
        raise InputError(f"cannot be edited safely: {reason}; edit it by hand", self.path, self.line(place))


def children(node: yaml.Node) -> list[yaml.Node]:
    """Give the nodes right below a node."""
    if isinstance(node, yaml.MappingNode):
        return [one for pair in node.value for one in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def tidy(word: str) -> str:
    """Give a word as it is read: on one line, single spaces."""
    return " ".join(word.split())


def runs(numbers: set[int]) -> Iterator[tuple[int, int]]:
    """Give the first and the last of neighbouring numbers."""
    for n in sorted(numbers):
        if n - 1 not in numbers:
            last = n
            while last + 1 in numbers:
                last += 1
            yield n, last
