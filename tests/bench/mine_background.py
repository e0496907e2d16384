"""Build the table of technical words and phrases that `duizhao glossary mine` compares a post with.

    python tests/bench/mine_background.py phrases.tsv.xz ngrams.tsv.xz

`phrases.tsv.xz` is a phrase table of technical documentation: Chinese words (a blank between them), English, p(English
given Chinese), p(Chinese given English), two lexical weights, count, word links; `ngrams.tsv.xz` the English n-grams of
the same texts: order, words, count. Writes `translator.glossary.mine.background.xz`: one entry a line, in order, a
character for how often it was seen (half powers of two, base 36) and `!` where English says it with a verb.
"""

from __future__ import annotations

import lzma
import re
import sys
from collections import Counter
from math import log2
from pathlib import Path
from typing import TYPE_CHECKING

from translator.align.english import FUNCTION
from translator.glossary.mine.background import PACKAGED
from translator.glossary.mine.phrases import is_phrase
from translator.text import cut, fold

if TYPE_CHECKING:
    from collections.abc import Iterator

HAN = re.compile(r"[\u3400-\u9fff]{1,10}")
EMPTY = FUNCTION | frozenset(
    (  # noqa: SIM905  # a table to be read
        "any each all some other more only just one two three first second following different same now used using"
    ).split()
)
"""English words no rendering of a term has."""
LEAST_WORD, LEAST_PHRASE = 4, 3
VERB = 0.05
"""An English word before which `to` stands so often is a verb first of all."""


def rows(path: Path) -> Iterator[list[str]]:
    """Give the columns of each line."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield line.rstrip("\n").split("\t")


def verbs(path: Path) -> frozenset[str]:
    """Find the English words that are verbs first of all."""
    alone: dict[str, int] = {}
    after: dict[str, int] = {}
    for order, words, count in rows(path):
        if order == "1":
            alone[words] = int(count)
        elif order == "2" and words.startswith("to "):
            after[words[3:]] = int(count)
        elif order == "3":
            break
    return frozenset(word for word, count in after.items() if count > VERB * alone.get(word, count))


def phrases(path: Path) -> tuple[Counter[str], dict[str, tuple[int, str]]]:
    """Count every Chinese phrase, and give its most frequent English."""
    counts: Counter[str] = Counter()
    best: dict[str, tuple[int, str]] = {}
    for chinese, english, *_, count, _links in rows(path):
        word = fold(chinese.replace(" ", ""))
        if HAN.fullmatch(word):
            counts[word] += int(count)
            best[word] = max(best.get(word, (0, "")), (int(count), english))
    return counts, best


def is_kept(word: str, count: int, best: tuple[int, str]) -> bool:
    """Tell whether an entry says something: a word, or a phrase that is a unit in both languages."""
    words = cut(word)
    if len(words) == 1:
        return count >= LEAST_WORD
    english = best[1].split(" ")
    plain = all(re.search("[A-Za-z]", each) and each.lower() not in EMPTY for each in english)
    return count >= LEAST_PHRASE and best[0] >= 2 and plain and not english[-1].endswith("ly") and is_phrase(words)


def main() -> None:
    """Write the table."""
    table, grams = map(Path, sys.argv[1:])
    deeds = verbs(grams)
    counts, best = phrases(table)
    lines = []
    for word in sorted(counts):
        if is_kept(word, counts[word], best[word]):
            size = "0123456789abcdefghijklmnopqrstuvwxyz"[min(35, round(2 * log2(counts[word])))]
            lines.append(f"{word}{size}" + "!" * (best[word][1].split(" ")[0] in deeds))
    packed = lzma.compress("\n".join(lines).encode(), preset=9 | lzma.PRESET_EXTREME)
    PACKAGED.write_bytes(packed)
    print(f"{len(lines):,} entries, {len(packed):,} bytes")


if __name__ == "__main__":
    main()
