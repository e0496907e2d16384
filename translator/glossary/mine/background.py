"""How Chinese is written elsewhere: in general, by Jieba's dictionary, and in technical documentation, by a table.

The table was counted in aligned documentation (`background.tsv` names its sources and their licences): words, and
phrases that are rendered as a unit, with how often they were seen there.
"""

from __future__ import annotations

import lzma
from functools import cache
from math import log2
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from translator.text import frequency

if TYPE_CHECKING:
    from collections.abc import Sequence

PACKAGED = Path(__file__).parent / "background.xz"
DOCUMENTATION = 5_900_000
"""Words that were counted for the table."""
GENERAL = 60_100_000
"""Words that were counted for Jieba's dictionary."""
_RARE = 2.0
"""How often a part was seen that the table does not have."""
_SEEN = 0.5, 3.0
"""What is added to a count, there and here, so that what was never seen is only rare."""


class Background(NamedTuple):
    """Technical documentation in figures."""

    counts: dict[str, float]
    deeds: frozenset[str]
    """What English says with a verb: 打开, 使用."""

    def rate(self, word: str) -> float:
        """Give how many times as often a word stands in technical documentation as in general Chinese: its log2."""
        technical, general = _SEEN
        here = (self.counts.get(word, 0) + technical) / DOCUMENTATION
        return log2(here * GENERAL / (frequency(word) + general))

    def bond(self, words: Sequence[str]) -> float:
        """Give how much more often words stand together than apart, where the bond is weakest: its log2."""
        whole = self.counts["".join(words)]
        parts = ("".join(part) for cut in range(1, len(words)) for part in (words[:cut], words[cut:]))
        halves = [self.counts.get(part, _RARE) for part in parts]
        products = [left * right for left, right in zip(halves[::2], halves[1::2], strict=True)]
        return log2(whole * DOCUMENTATION / max(products))


NOTHING = Background({}, frozenset())
"""Jieba's dictionary alone."""


@cache
def background() -> Background:
    """Read the packaged table."""
    counts, deeds = {}, []
    for line in lzma.decompress(PACKAGED.read_bytes()).decode().split("\n"):
        bare = line.removesuffix("!")
        counts[bare[:-1]] = 2 ** (int(bare[-1], 36) / 2)
        if bare != line:
            deeds.append(bare[:-1])
    return Background(counts, frozenset(deeds))
