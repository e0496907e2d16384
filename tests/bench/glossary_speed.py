"""How long a glossary takes: to load, to compile, and to find its terms in a megabyte of text.

    python tests/bench/glossary_speed.py [terms …]

The text is the shipped post, over and over, with terms of the glossary strewn in.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from translator.glossary import Glossary, load, verify
from translator.text import cut, fold

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
MEGABYTE = 1_000_000
T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Give the processor seconds a piece of work takes, and its result."""
    start = time.process_time()
    done = work()
    return time.process_time() - start, done


def words(count: int, seed: int = 1) -> list[str]:
    """Make terms of two to five characters that stand in no dictionary as a rule."""
    dice = random.Random(seed)  # noqa: S311  # no secret
    common = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]
    made: dict[str, None] = {}
    while len(made) < count:
        made[fold("".join(dice.choices(common, k=dice.randint(2, 5))))] = None
    return list(made)


def text_with(terms: list[str], seed: int = 2) -> str:
    """Give a megabyte (UTF-8) of sentences with a term in one of three."""
    dice = random.Random(seed)  # noqa: S311  # no secret
    post = next((ROOT / "posts").rglob("zh.md")).read_text(encoding="utf-8")
    sentences = [line for line in post.replace("。", "。\n").splitlines() if len(line) > 5]
    parts: list[str] = []
    size = 0
    while size < MEGABYTE:
        part = dice.choice(sentences)
        if dice.random() < 1 / 3:
            part = f"{part[:4]}{dice.choice(terms)}{part[4:]}"
        parts.append(part)
        size += len(part.encode()) + 1
    return "\n".join(parts)


def measure(count: int, folder: Path) -> None:
    """Print one row."""
    terms = words(count)
    path = folder / f"{count}.yaml"
    rows = [f"  - {{term: {term}, translation: term {index}, also: [t{index}]}}" for index, term in enumerate(terms)]
    path.write_text("terms:\n" + "\n".join(rows), encoding="utf-8")
    text = text_with(terms)
    loading, glossary = timed(lambda: load([path]))
    compiling, _ = timed(lambda: glossary.mentions("词"))
    finding, mentions = timed(lambda: glossary.mentions(text))
    checking, _ = timed(lambda: [verify([mention], f"The {mention.wanted} is.") for mention in mentions[:1000]])
    print(f"{count:>8,} {loading:>9.2f} {compiling:>9.2f} {finding:>9.2f} {len(mentions):>9,} {checking:>12.2f}")


def main() -> None:
    """Print the table."""
    cut("词典")
    Glossary().mentions("")
    print("   terms   load s compile s find s/MB  mentions verify s/1000")
    with tempfile.TemporaryDirectory() as folder:
        for count in map(int, sys.argv[1:] or ["1000", "10000", "100000"]):
            measure(count, Path(folder))


if __name__ == "__main__":
    main()
