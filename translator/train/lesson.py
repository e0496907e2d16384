"""What one author teaches the model, and what of it is held out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from translator.errors import DuizhaoError

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST = 20
"""Sentences below which there is nothing to learn."""
TENTH = 10
"""One of so many sentences is held out."""


class Lesson(NamedTuple):
    """A sentence and the English that somebody stands behind, marks numbered alike on both sides."""

    bare: str
    hinted: str
    """The same, its terms as `<hint>术语<is>term</hint>` where the English says them."""
    target: str


class Material(NamedTuple):
    """What is learnt, and what is measured alone."""

    learnt: tuple[Lesson, ...]
    held_out: tuple[Lesson, ...]
    watched: tuple[tuple[str, str], ...] = ()
    """Pairs of others that must not become worse."""


@dataclass(frozen=True)
class Care:
    """How carefully."""

    rate: float = 2e-4
    epochs: int = 6
    bound: float = 0.01
    """How much worse the loss of what is watched may become."""
    tokens: int = 1000
    """Positions of a batch."""
    dropout: float = 0.1
    threads: int = 0
    """0: as many as there are processors, four at most."""
    seed: int = 1


class Losses(NamedTuple):
    """Mean cross entropy by piece."""

    held_out: float
    watched: float | None = None
    """Of pairs that are only watched, where there are any."""


class Epoch(NamedTuple):
    """What is told after each time through."""

    number: int
    """0: before anything was learnt."""
    learnt: float
    """Mean loss of what was learnt, with dropout and smoothing: not to be compared with the others."""
    losses: Losses


def divide(lessons: Sequence[Lesson], watched: Sequence[tuple[str, str]] = ()) -> Material:
    """Hold a tenth out; raises `DuizhaoError` where there are too few. Law: no sentence stands on both sides."""
    some = tuple(dict.fromkeys(lessons))
    if len(some) < FEWEST:
        raise DuizhaoError(
            f"{len(some)} approved sentences are too few to learn from: at least {FEWEST} are needed, and some hundreds"
            " make a difference; `duizhao review POST` is where sentences are approved"
        )
    chosen = {each.bare for each in some if is_held_out(each.bare)} or {some[0].bare}
    held_out = tuple(each for each in some if each.bare in chosen)
    return Material(tuple(each for each in some if each.bare not in chosen), held_out, tuple(watched))


def is_held_out(sentence: str) -> bool:
    """Tell whether a sentence is measured and not learnt: the same one always is, whatever else there is."""
    return hashlib.sha256(sentence.encode()).digest()[0] % TENTH == 0
