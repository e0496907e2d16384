"""How long a large glossary takes: to load cold and warm, to compile, and to find its terms in a megabyte of text.

    python tests/bench/glossary_speed.py [terms …]

Each row is a process of its own. The text is the shipped posts, over and over, with terms of the glossary strewn in;
the terms are made of two to five characters and stand in no dictionary as a rule. Seconds are those of the processor.
Compiling is done once, at the first text. Memory is the process's peak, and what of it is there without a glossary,
Jieba's dictionary included.
"""

from __future__ import annotations

import random
import resource
import subprocess
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
ROW = "--row"
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
    posts = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "posts").rglob("zh.md")))
    sentences = [line for line in posts.replace("。", "。\n").splitlines() if len(line) > 5]
    parts: list[str] = []
    size = 0
    while size < MEGABYTE:
        part = dice.choice(sentences)
        if dice.random() < 1 / 3:
            part = f"{part[:4]}{dice.choice(terms)}{part[4:]}"
        parts.append(part)
        size += len(part.encode()) + 1
    return "\n".join(parts)


def write(count: int, folder: Path) -> tuple[Path, list[str]]:
    """Write a glossary of so many terms, each with another accepted form."""
    terms = words(count)
    path = folder / f"{count}.yaml"
    rows = [f"  - {{term: {term}, translation: term {index}, also: [t{index}]}}" for index, term in enumerate(terms)]
    path.write_text("terms:\n" + "\n".join(rows), encoding="utf-8")
    return path, terms


def megabytes() -> float:
    """Give this process's peak memory."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def row(count: int, folder: Path) -> None:
    """Print one row; the cache is warm where the folder has been used before."""
    path, cache = folder / f"{count}.yaml", folder / "cache"
    terms = path.read_text(encoding="utf-8").split("{term: ")[1:]
    text = text_with([term.partition(",")[0] for term in terms])
    del terms
    cut("词典")
    Glossary().mentions("")
    before = megabytes()
    cold, _ = timed(lambda: load([path], folder / "cold"))
    after = megabytes()
    warm, glossary = timed(lambda: load([path], cache))
    compiling, _ = timed(lambda: glossary.mentions("词"))
    folded = fold(text)
    automaton, _ = timed(lambda: glossary._automaton.find_matches_as_indexes(folded, overlapping=True))
    finding, mentions = timed(lambda: glossary.mentions(text))
    checking, _ = timed(lambda: [verify([mention], f"The {mention.wanted} is.") for mention in mentions[:1000]])
    print(
        f"{count:>8,}{cold:>8.2f}{warm:>8.3f}{compiling:>9.2f}{automaton:>11.3f}{finding:>8.2f}{len(mentions):>10,}"
        f"{checking:>9.2f}{before:>10.0f}{after - before:>8.0f}{megabytes() - before:>7.0f}",
        flush=True,
    )


def main() -> None:
    """Print the table."""
    if sys.argv[1:2] == [ROW]:
        row(int(sys.argv[2]), Path(sys.argv[3]))
        return
    print("                 load s   compile  automaton  whole s            verify     MB without  and then")
    print("   terms    cold    warm        s       s/MB     /MB  mentions  s/1000  glossary    cold   peak", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for count in map(int, sys.argv[1:] or ["1000", "10000", "100000"]):
            path, _ = write(count, folder)
            load([path], folder / "cache")
            subprocess.run([sys.executable, __file__, ROW, str(count), name], check=True)


if __name__ == "__main__":
    main()
