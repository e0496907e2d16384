"""Continues a model on a few hundred pairs of one author, carefully: what it knows must stay.

    rows ─┬─ nine tenths: learnt, epoch by epoch, each with its terms as hints or without
          └─ a tenth: held out, measured after each epoch; the best epoch is kept, or none

A low rate, few epochs and the average of the weights keep it near where it began (Wortsman et al. 2022 show the same
of weights that are averaged with those before). Where pairs are given that are only watched, no epoch is kept that
makes them worse than a bound.
"""

from __future__ import annotations

import os
import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import torch

from translator.train import processes
from translator.train.batches import batch_of, encode, grouped
from translator.train.checkpoint import Checkpoint
from translator.train.learner import Learner
from translator.train.lesson import Epoch, Losses
from translator.train.vocabulary import targets

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from translator.train.batches import Row
    from translator.train.lesson import Care, Material

HINTED = 2 / 3
"""Share of the pairs with terms that are learnt with these as hints; the others must know the terms."""
LONGEST = 160
"""Pieces of a sentence; longer ones are left out."""
LEAST = 0.002
"""How much better than before an epoch must be to be kept at all."""
THREADS = 4
"""What so small a network has work for."""


class Tuned(NamedTuple):
    """What came of it."""

    checkpoint: Checkpoint | None
    """None where no epoch was better than none."""
    kept: Epoch
    epochs: tuple[Epoch, ...]
    is_whole: bool = True
    """False where it was stopped from the keyboard."""


def tune(
    begun: Checkpoint,
    pieces: Any,  # noqa: ANN401  # sentencepiece ships no types
    material: Material,
    care: Care,
    tell: Callable[[Epoch], None],
) -> Tuned:
    """Learn, and give the best epoch; `tell` hears of each. Ctrl-C ends it with the best until then."""
    course = Course(begun, pieces, material, care)
    told = [Epoch(0, 0.0, course.losses())]
    tell(told[0])
    best, weights, is_whole = told[0], None, True
    try:
        for number in range(1, care.epochs + 1):
            told.append(Epoch(number, course.learn(number), course.losses()))
            tell(told[-1])
            if is_worse(told[-1].losses, told[0].losses, care.bound):
                break
            if told[-1].losses.held_out < best.losses.held_out - (0 if best.number else LEAST):
                best, weights = told[-1], {k: v.clone() for k, v in course.learner.average.items()}
    except KeyboardInterrupt:
        is_whole = False
    done = None if weights is None else Checkpoint(begun.shape, weights, {**begun.facts, "tuned": best.number})
    return Tuned(done, best, tuple(told), is_whole)


def is_worse(now: Losses, before: Losses, bound: float) -> bool:
    """Tell whether what is watched became worse by more than the bound."""
    return now.watched is not None and before.watched is not None and now.watched > before.watched + bound


class Course:
    """A model on its way through the pairs."""

    def __init__(self, begun: Checkpoint, pieces: Any, material: Material, care: Care) -> None:  # noqa: ANN401
        torch.set_num_threads(care.threads or min(THREADS, os.cpu_count() or 1))
        torch.manual_seed(care.seed)
        processes.hold_memory()
        self.care, self.material, self.pieces = care, material, pieces
        self.writable = min(targets(pieces), begun.shape.targets)
        self.learner = Learner(replace(begun.shape, dropout=care.dropout), care.rate)
        self.learner.begin_from(begun.weights)
        self.held_out = self._rows([(each.hinted, each.target) for each in material.held_out])
        self.watched = self._rows(material.watched)
        each_epoch = len(self._batches(1))
        self.steps = max(each_epoch * care.epochs, 1)

    def losses(self) -> Losses:
        """Measure what is held out and what is watched."""
        watched = self.learner.loss_of(self.watched) if self.watched else None
        return Losses(self.learner.loss_of(self.held_out), watched)

    def learn(self, number: int) -> float:
        """Go through the pairs once; gives their mean loss."""
        found = []
        for rows in self._batches(number):
            (loss,) = self.learner.differentiate(batch_of(rows))
            self.learner.step(self._rate())
            found.append(loss)
        return sum(found) / max(len(found), 1)

    def _rate(self) -> float:
        """Rise over the first tenth of all steps, then fall to nothing in a line."""
        part = self.learner.steps / self.steps
        return self.care.rate * min(part * 10 + 1 / self.steps, 1 - part)

    def _batches(self, number: int) -> list[list[Row]]:
        rng = random.Random(f"{self.care.seed} {number}")  # noqa: S311  # no secret
        pairs = [(each.hinted if rng.random() < HINTED else each.bare, each.target) for each in self.material.learnt]
        return grouped(self._rows(pairs), self.care.tokens, rng)

    def _rows(self, pairs: Sequence[tuple[str, str]]) -> list[Row]:
        return encode(pairs, self.pieces, self.writable, LONGEST)
