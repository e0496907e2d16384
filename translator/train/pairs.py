"""Reads pairs to learn from: Chinese, English, the source's name and the links, separated by tabs."""

from __future__ import annotations

import lzma
import random
from typing import TYPE_CHECKING, NamedTuple

from translator.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

PARAGRAPH = "+p"
"""Ends the name of a source whose pairs are paragraphs; as a name by itself, all of them."""


class Pair(NamedTuple):
    """A line of the file."""

    source: str
    target: str
    links: str = ""
    """`zs:ze:es:ee,…`, as `plant.read_links` reads them; empty: none are known."""
    origin: str = ""


def read_pairs(path: Path, most: int | None = None) -> list[Pair]:
    """Read a file of pairs, `.xz` or not; lines without both sides are left out. Raises `InputError`."""
    try:
        found = [pair for pair in _pairs(path) if pair.source and pair.target]
    except (OSError, lzma.LZMAError, UnicodeDecodeError, EOFError) as error:
        raise InputError(f"cannot be read: {error}", path) from error
    if not found:
        raise InputError("there is no line of Chinese, a tab, and English in it", path)
    return found[:most]


def _pairs(path: Path) -> Iterator[Pair]:
    opened = lzma.open if path.suffix == ".xz" else open
    with opened(path, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            cells = line.rstrip("\n").split("\t")
            if len(cells) >= 2:
                origin, links, *_ = (*cells[2:4], "", "")
                yield Pair(cells[0], cells[1], links, origin)


def read_held_out(path: Path) -> list[Pair]:
    """Read pairs that are only measured: the last two columns of each line."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read: {error}", path) from error
    return [Pair(*cells[-2:]) for line in lines if len(cells := line.split("\t")) >= 2 and all(cells[-2:])]


def epoch_of(pairs: Sequence[Pair], weights: Mapping[str, float], epoch: int) -> list[Pair]:
    """Give the pairs of one time through, shuffled, each as often as its source weighs.

    The same epoch gives the same pairs: a run that goes on knows where it was. A weight of 0.1 takes every tenth pair,
    others each time.
    """
    rng = random.Random(epoch)  # noqa: S311  # no secret
    some = [pair for pair in pairs for _ in range(int(weight_of(pair.origin, weights) + rng.random()))]
    rng.shuffle(some)
    return some


def weight_of(origin: str, weights: Mapping[str, float]) -> float:
    """Weigh a source: its own weight, times that of paragraphs where it has paragraphs."""
    paragraphs = weights.get(PARAGRAPH, 1.0) if origin.endswith(PARAGRAPH) else 1.0
    return weights.get(origin.removesuffix(PARAGRAPH), 1.0) * paragraphs
