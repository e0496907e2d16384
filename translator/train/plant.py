"""Plants term hints, holes and inline tags into pairs, so that the model learns what they ask of it.

    线性回归是… / Linear regression is …   ─plant→   <hint>线性回归<is>linear regression</hint>是… / the same
                                                     <t1>线性回归</t1>是… / <t1>Linear regression</t1> is …
                                                     <x1>是… / <x1> is …

They stand where phrases translate each other. Law: what is planted, put back, gives the pair again; the answer has
every tag and hole of the source, once, and tags are balanced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from translator.train.informal import informal

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Iterator, Sequence

Kind = Literal["hint", "tag", "hole"]
BARE = 0.5
"""Share of pairs that stay as they are."""
KINDS: tuple[tuple[float, tuple[Kind, ...]], ...] = (
    (0.72, ("hint",)),
    (0.86, ("tag",)),
    (0.94, ("hole",)),
    (1.0, ("hint", "tag", "hole")),
)
"""What is planted where a die from `BARE` to 1 falls below: the last mixes kinds."""
MOST = 4
"""Links of one pair that something is planted on; one or two as a rule."""
ODD = 0.2
"""Share of pairs whose marks have any numbers, not 1, 2, 3 in order."""
INFORMAL = 0.12
"""Share of pairs without plants whose Chinese is made informal."""
HEADING = 0.04
"""Share of pairs that lose the full stop on both sides, as headings and cells have none."""


class Link(NamedTuple):
    """A phrase and its translation, as characters of both sides, ends exclusive."""

    start: int
    end: int
    target_start: int
    target_end: int

    def is_apart(self, other: Link) -> bool:
        """Tell whether two links share no character on either side."""
        source = self.end <= other.start or other.end <= self.start
        return source and (self.target_end <= other.target_start or other.target_end <= self.target_start)


class Edit(NamedTuple):
    """A new text for a stretch."""

    start: int
    end: int
    text: str


def read_links(column: str) -> list[Link]:
    """Read `zs:ze:es:ee,…`."""
    return [Link(*map(int, each.split(":"))) for each in column.split(",")] if column else []


def vary(source: str, target: str, links: Sequence[Link], rng: random.Random) -> tuple[str, str]:
    """Plant something, or nothing; sometimes say it as bloggers do, sometimes take both full stops away."""
    planted, target = plant(source, target, links, rng)
    source = informal(source, rng) if planted == source and rng.random() < INFORMAL else planted
    if rng.random() < HEADING and source[-1:] in {"。", "！", "？"} and target[-1:] in {".", "!", "?"}:
        return source[:-1], target[:-1]
    return source, target


def plant(source: str, target: str, links: Sequence[Link], rng: random.Random) -> tuple[str, str]:
    """Plant hints, tags or holes on links of a pair; half of the pairs stay as they are."""
    die = rng.random()
    if not links or die < BARE:
        return source, target
    kinds = next(kinds for below, kinds in KINDS if die < below)
    chosen = _chosen(links, rng)
    numbers = rng.sample(range(1, 10), len(chosen)) if rng.random() < ODD else range(1, len(chosen) + 1)
    sides: tuple[list[Edit], list[Edit]] = [], []
    for number, link in zip(numbers, chosen, strict=True):
        for side, edit in zip(sides, _edits(source, target, link, number, rng.choice(kinds)), strict=False):
            side.append(edit)
    return edited(source, sides[0]), edited(target, sides[1])


def _chosen(links: Sequence[Link], rng: random.Random) -> list[Link]:
    """Choose some links that are apart, in the order of the source."""
    wanted = min(MOST, 1 + int(rng.expovariate(1.2)))
    chosen: list[Link] = []
    for link in rng.sample(links, len(links)):
        if len(chosen) < wanted and all(link.is_apart(each) for each in chosen):
            chosen.append(link)
    return sorted(chosen)


def _edits(source: str, target: str, link: Link, number: int, kind: Kind) -> Iterator[Edit]:
    """Give what becomes of a link in the source, then in the target where that changes."""
    start, end, first, last = link
    said, wanted = source[start:end], target[first:last]
    if kind == "hint":
        yield Edit(start, end, f"<hint>{said}<is>{wanted}</hint>")
    elif kind == "tag":
        yield Edit(start, end, f"<t{number}>{said}</t{number}>")
        yield Edit(first, last, f"<t{number}>{wanted}</t{number}>")
    else:
        yield Edit(start, end, f"<x{number}>")
        yield Edit(first, last, f"<x{number}>")


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Put new texts for disjoint stretches."""
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text
