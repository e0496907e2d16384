"""Rows of like length are learnt together: little of a batch is padding."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from translator.train.plant import read_links, vary
from translator.train.shape import BEGIN, END, PAD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from translator.train.pairs import Pair

BAND = 8
"""Batches' worth of rows of about one source length, which are then sorted by target length."""


class Row(NamedTuple):
    """A pair as numbers of pieces."""

    source: list[int]
    """With its end."""
    target: list[int]
    """Without beginning and end."""

    @property
    def size(self) -> tuple[int, int]:
        """Positions that it takes on both sides."""
        return len(self.source), len(self.target) + 1


class Batch(NamedTuple):
    """What a network is given, each (rows, length), padded."""

    source: Tensor
    begun: Tensor
    """Targets behind their beginning: what is known at each place."""
    wanted: Tensor
    """Targets with their end: what is to be said there."""

    @property
    def size(self) -> int:
        """How many pieces are to be said."""
        return int((self.wanted != PAD).sum())


def encode(pairs: Sequence[tuple[str, str]], pieces: Any, writable: int, longest: int) -> list[Row]:  # noqa: ANN401
    """Write pairs as numbers; left out: empty ones, `longest` pieces or more, and targets that cannot be written."""
    if not pairs:
        return []
    sources, targets = (pieces.encode([pair[side] for pair in pairs], out_type=int) for side in (0, 1))
    return [
        Row([*source, END], target)
        for source, target in zip(sources, targets, strict=True)
        if 0 < len(source) < longest and 0 < len(target) < longest and max(target) < writable
    ]


def varied(pairs: Iterable[Pair], seed: int) -> list[tuple[str, str]]:
    """Plant hints, holes and tags; the same seed plants the same."""
    rng = random.Random(seed)  # noqa: S311  # no secret
    return [vary(pair.source, pair.target, read_links(pair.links), rng) for pair in pairs]


def grouped(rows: Sequence[Row], most: int, rng: random.Random) -> list[list[Row]]:
    """Group rows into batches of at most `most` positions, source and target averaged, in any order.

    Law: every row stands in one batch. One that is longer than `most` stands alone.
    """
    out: list[list[Row]] = []
    batch: list[Row] = []
    widest = (0, 0)
    for row in _by_length(rows, most, rng):
        wider = _wider(widest, row)
        if batch and sum(wider) * (len(batch) + 1) > 2 * most:
            out.append(batch)
            batch, wider = [], row.size
        batch.append(row)
        widest = wider
    out += [batch] if batch else []
    rng.shuffle(out)
    return out


def _wider(widest: tuple[int, int], row: Row) -> tuple[int, int]:
    source, target = row.size
    return max(widest[0], source), max(widest[1], target)


def _by_length(rows: Sequence[Row], most: int, rng: random.Random) -> Iterator[Row]:
    """Sort by source length, in bands of it by target length, every other band backwards: neighbours are alike."""
    for n, band in enumerate(_bands(sorted(rows, key=lambda row: (row.size[0], rng.random())), most)):
        yield from sorted(band, key=lambda row: (row.size[1], rng.random()), reverse=n % 2 == 1)


def _bands(rows: Sequence[Row], most: int) -> Iterator[list[Row]]:
    band: list[Row] = []
    room = 0
    for row in rows:
        band.append(row)
        room += max(row.size)
        if room > BAND * most:
            yield band
            band, room = [], 0
    if band:
        yield band


def batch_of(rows: Sequence[Row], device: str = "cpu") -> Batch:
    """Write rows as what a network is given."""
    source, target = (max(row.size[side] for row in rows) for side in (0, 1))
    arrays = [np.full((len(rows), length), PAD, dtype=np.int64) for length in (source, target, target)]
    for n, row in enumerate(rows):
        for array, numbers in zip(arrays, (row.source, [BEGIN, *row.target], [*row.target, END]), strict=True):
            array[n, : len(numbers)] = numbers
    return Batch(*(torch.from_numpy(array).to(device, non_blocking=True) for array in arrays))
