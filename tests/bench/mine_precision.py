"""How good the candidates of `duizhao glossary mine` are, what each part of the score is worth, and how long it takes.

    DUIZHAO_ASKED_POST=huigui-mxnet.zh.md python tests/bench/mine_precision.py

The glossary is empty, so that the terms of the posts are there to be found; `tests/glossary/mine_labels.yaml` says what
is a term. Without the variable the third sample post is left out.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from translator.glossary.mine import Line, background, mine
from translator.pipeline.mine_posts import lines_of_text

sys.path.insert(0, str(Path(__file__).parents[1] / "glossary"))

from mine_labelled import STEPS, measure, posts  # the tests' own labels

HEAD = f"{'':18} {'P@50':>6} {'Chinese':>8} {'R@200':>6} {'recall':>7} {'AP':>6} {'found':>6}"
SIZES = (125_000, 250_000, 500_000, 1_000_000)
"""Bytes of UTF-8."""


def print_precision(group: str) -> None:
    """Print the figures of a group of posts."""
    print(f"\n{group}: {', '.join(posts(group))}\n{HEAD}")
    for step, evidence in STEPS.items():
        one = measure(group, evidence)
        figures = (
            f"{one.at_50:6.2f} {one.chinese_at_50:8.2f} {one.recall_200:6.2f} {one.recall:7.2f} {one.average:6.3f}"
        )
        print(f"{step:18} {figures} {one.found:6}")


def text_of(size: int) -> list[Line]:
    """Give so many bytes of the labelled posts' sentences; each round says something of its own."""
    sentences = [
        line.text
        for group in ("tuned", "held", "sample")
        for path in posts(group).values()
        for line in lines_of_text(path.read_text(encoding="utf-8"))
    ]
    lines: list[Line] = []
    number = done = 0
    while done < size:
        text = sentences[number % len(sentences)].replace("的", f"的{chr(0x4E00 + number % 5000)}", 1)
        lines.append(Line(text, f"post {number // 100}", "", number))
        done += len(text.encode())
        number += 1
    return lines


def print_speed() -> None:
    """Print how long it takes by size."""
    background()
    mine(text_of(1000))
    print(f"\n{'bytes':>10} {'seconds of processor time':>26}")
    for size in SIZES:
        lines = text_of(size)
        start = time.process_time()
        mine(lines, top=50)
        print(f"{size:10,} {time.process_time() - start:26.2f}")


if __name__ == "__main__":
    for each in ("sample", "tuned", "held"):
        print_precision(each)
    print_speed()
