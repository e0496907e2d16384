"""How sure a draft is: the probability that drafts like it turned out good, from signs that every run has.

The fit stands beside the model in `calibration.json`; `tests/bench/confidence.py --fit` makes it anew for a new model,
and says what “good” means. A model without that file gives no probabilities.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from translator.align import links
from translator.engines.ask import HAN
from translator.engines.marks import without
from translator.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from translator.model import Candidate

FILE = "calibration.json"
LEAST, MOST = 0.01, 0.99
"""Nothing is certain."""


class Signs(NamedTuple):
    """What speaks for a draft, or against it."""

    score: float
    """The model's own log-probability by piece, times `length`: of a few words it says less than of many."""
    length: float
    """Of the source, without marks: the logarithm of its characters."""
    said: float
    """The part of its Chinese characters that the lexicon finds said in the English, as surely as it does."""
    pieces: float
    """Pieces of the model's vocabulary by character: many where words are rare."""


DIRECTIONS = Signs(1, 0, 1, -1)
"""Whether more of a sign may only raise the probability, or only lower it; 0: either."""


def signs(source: str, english: str, score: float, size: Callable[[str], int]) -> Signs:
    """Read the signs of a draft; `size` counts the model's pieces of a text."""
    plain = without(source)
    length = math.log(1 + len(plain))
    return Signs(
        round(score * length, 4),
        round(length, 4),
        round(_said(plain, without(english)), 4),
        round(size(plain) / max(1, len(plain)), 4),
    )


def _said(source: str, english: str) -> float:
    han = {found.start() for found in HAN.finditer(source)}
    found = sum(link.score * len(han.intersection(range(*link.source))) for link in links(source, english))
    return found / len(han) if han else 1.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """What each sign counts for: a logistic function, monotone in every sign."""

    base: float
    weights: Signs

    def sure(self, seen: Signs) -> float:
        """Give the probability that a draft is good, 0 to 1."""
        sum_ = self.base + sum(weight * value for weight, value in zip(self.weights, seen, strict=True))
        return round(min(MOST, max(LEAST, 1 / (1 + math.exp(-max(-30.0, min(30.0, sum_)))))), 4)


def load(folder: Path) -> Calibration | None:
    """Read the calibration of the model in a folder; None where it has none."""
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        told = json.loads(path.read_text("utf-8"))
        return Calibration(float(told["base"]), Signs(**{name: float(told["weights"][name]) for name in Signs._fields}))
    except (ValueError, KeyError, TypeError) as error:
        raise EngineError(f"{path} is damaged ({error}); reinstall the package, or fit it again") from error


def weighed(
    calibration: Calibration | None, source: str, candidates: Sequence[Candidate], size: Callable[[str], int]
) -> list[Candidate]:
    """Say of each candidate how sure it is; the lexicon is asked about the best alone, the others differ by score."""
    scored = [each.score for each in candidates if each.score is not None]
    if calibration is None or not scored:
        return list(candidates)
    best = signs(source, candidates[0].text, scored[0], size)
    return [
        each
        if each.score is None
        else each._replace(sure=calibration.sure(best._replace(score=round(each.score * best.length, 4))))
        for each in candidates
    ]
