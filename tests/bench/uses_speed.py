"""How long it takes to see every mention of a term in hundreds of posts of 10 KB, and to propose its English anew.

python tests/bench/uses_speed.py [POSTS]
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from whole_posts import HERE, posts, terms

from translator.glossary import load
from translator.pipeline.uses import named, proposals, uses

if TYPE_CHECKING:
    from collections.abc import Callable, Sized

WORDS = ("MXNET", "沐神", "深盟", "运算符重载", "哔哩哔哩")
"""From what stands in every post to what stands in none."""


def timed(what: str, work: Callable[[], Sized]) -> None:
    """Print how many a piece of work finds, and how long it takes."""
    began, cpu = time.perf_counter(), time.process_time()
    found = len(work())
    print(f"{what}: {found} in {time.process_time() - cpu:.2f} CPU s, {time.perf_counter() - began:.2f} s", flush=True)


def main(count: int) -> None:
    """Write the posts, then ask for terms that stand in all of them, in some, in none."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        terms(folder)
        paths = posts(folder, count)
        every = load(sorted((folder / "glossary").glob("*.yaml"))).terms
        for word in WORDS:
            timed(f"{word} in {count} posts", lambda word=word: list(uses(paths, word)))  # type: ignore[misc]
        term = named(every, "沐神")[0]
        other = replace(term, translation="Professor Li")
        timed("proposals, nothing translated", lambda: proposals(paths, term, other))
        read = [folder / "read" / str(n) / "zh.md" for n in range(count)]
        for path in read:
            shutil.copytree(HERE / "posts" / "mxnet", path.parent)
        timed(f"沐神 in {count} times the post that ships", lambda: list(uses(read, "沐神")))
        timed(f"proposals for {count} times the post that ships", lambda: proposals(read, term, other))


if __name__ == "__main__":
    main(int(next((a for a in sys.argv[1:] if a.isdigit()), "300")))
