"""Says Chinese as bloggers do: other words for the same, a particle at the end, a comma of another keyboard."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from translator.train.tables import table

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping

MOST = 3
"""Words of one sentence that are exchanged."""
PARTICLES = ("啦。", "哦。", "哈。", "咯。", "呢。", "吧。", "啊。", "～", "…")
COMMAS = (",", ", ", " ")


@cache
def _others() -> Mapping[str, list[str]]:
    return {word: others for word, *others in table("informal")}


@cache
def _any() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(_others(), key=len, reverse=True))))


def informal(text: str, rng: random.Random) -> str:
    """Say a sentence less formally; its English stays."""
    left = MOST

    def change(found: re.Match[str]) -> str:
        nonlocal left
        if not left or rng.random() < 0.4:
            return found[0]
        left -= 1
        return rng.choice(_others()[found[0]])

    text = _any().sub(change, text)
    if text.endswith("。") and rng.random() < 0.4:
        text = text[:-1] + rng.choice(PARTICLES)
    return text.replace("，", rng.choice(COMMAS)) if rng.random() < 0.15 else text
