"""A thousand posts of 10 KB through everything but an engine: segments, 300 terms, record, gate, files.

python tests/bench/whole_posts.py [POSTS] [--profile]
"""

from __future__ import annotations

import cProfile
import pstats
import re
import resource
import sys
import tempfile
import time
from pathlib import Path

from translator.engines import open_engine
from translator.pipeline.translate import translate_posts

HERE = Path(__file__).parents[2]
SIZE = 10_000


def posts(folder: Path, count: int) -> list[Path]:
    """Write posts of 10 KB made of the sample posts' blocks, each in another order."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(HERE.glob("posts/*/zh.md"))]
    blocks = [b for text in texts for b in text.split("\n\n")[2:] if not re.search("duizhao:|{%|{{%", b)]
    out = []
    for n in range(count):
        text, at = f"---\ntitle: 第 {n} 篇\ndate: 2020-01-01\n---\n\n", n * 7
        while len(text.encode()) < SIZE:
            text += blocks[at % len(blocks)] + "\n\n"
            at += 1 + n % 3
        path = folder / f"post{n}.md"
        path.write_text(text, encoding="utf-8")
        out.append(path)
    return out


def terms(folder: Path) -> None:
    """Write a glossary of 300 terms: the sample's and made-up ones."""
    (folder / "glossary").mkdir()
    for path in HERE.glob("glossary/*.yaml"):
        (folder / "glossary" / path.name).write_bytes(path.read_bytes())
    known = "".join(p.read_text(encoding="utf-8") for p in HERE.glob("glossary/*.yaml")).count("- term:")
    names = (f"术语{chr(0x4E00 + 37 * n)}{chr(0x5E00 + 11 * n)}" for n in range(max(300 - known, 0)))
    made = "".join(f"  - term: {name}\n    translation: term {n}\n" for n, name in enumerate(names))
    if made:
        (folder / "glossary" / "made.yaml").write_text("terms:\n" + made, encoding="utf-8")


def main(count: int, *, profile: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        terms(folder)
        paths = posts(folder, count)
        profiler = cProfile.Profile()
        began, cpu = time.perf_counter(), time.process_time()
        if profile:
            profiler.enable()
        segments = sum(len(report.outcome.entries) for report in translate_posts(paths, open_engine("echo")))
        if profile:
            profiler.disable()
            pstats.Stats(profiler).sort_stats("cumulative").print_stats(45)
        same = sum((folder / f"post{n}.en.md").read_bytes() == paths[n].read_bytes() for n in range(count))
        spent, took = time.process_time() - cpu, time.perf_counter() - began
        print(f"{count} posts, {segments} segments, {same} identical: {spent:.1f} CPU s, {took:.1f} s")
        again = time.process_time()
        sum(report.changed for report in translate_posts(paths, open_engine("echo")))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"a second run: {time.process_time() - again:.1f} CPU s; {memory:.0f} MB")


if __name__ == "__main__":
    main(int(next((a for a in sys.argv[1:] if a.isdigit()), "1000")), profile="--profile" in sys.argv)
