"""Builds the table of rare words: `python -m translator.engines.rare_build PAIRS.tsv.xz CEDICT OUT`.

PAIRS are the sentences that the model learned from: Chinese, English and source, one pair a line. CEDICT is a file of
CC-CEDICT, whose licence the table inherits. The same files give the same bytes; counting takes minutes.

A word of the table was seen rarely in training (`FEW`), and one short English phrase is sure to say it: its
gloss, where the dictionary gives one sense; of several, the one that the lexicon knows too, or the first.
"""

from __future__ import annotations

import lzma
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from translator.align.english import normal
from translator.align.lexicon import packaged
from translator.text import cut, fold, frequency, is_han
from translator.text.dictionary import read, senses

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from translator.text.dictionary import Entries

FEW = {"name": 30, "idiom": 30, "word": 30, "verb": 3}
"""How often a word is in the training text at most, less one. Verbs must bend, and a hint is copied as it stands."""
UNSEEN = 10
"""A word seen less often must come back; the others, and verbs, are hints that the model may pass over."""
COMMON = 4
"""Jieba's own count of a word that is worth its place; lower ones are of old books."""


class Row(NamedTuple):
    """A word with its rendering."""

    word: str
    english: str
    kind: str
    """What it is: a name, an idiom, a verb, or a word."""


def choose(entries: Entries, word: str) -> Row | None:
    """Choose the rendering of a word, if one is sure."""
    found, said = senses(entries, word), known(word)
    agreed = [each for each in found if normal(each.english) in said]
    firsts = {normal(each.english) for each in found if each.rank == 0}
    if not found or (not agreed and len(firsts) > 1):
        return None
    best = max(agreed, key=lambda each: said[normal(each.english)]) if agreed else found[0]
    return Row(word, best.english, best.kind)


def known(word: str) -> dict[str, float]:
    """Give the lexicon's renderings of a word, by their form, with p(English given Chinese)."""
    lexicon = packaged()
    return {normal(lexicon.phrase(each.place)): each.forward for each in lexicon.renderings(word)}


def count(texts: Iterable[str], wanted: Iterable[str]) -> Counter[str]:
    """Count words in texts: as Jieba cuts them where it knows them, anywhere where it does not."""
    others = frozenset(word for word in wanted if not frequency(word))
    times: Counter[str] = Counter()
    for text in map(fold, texts):
        times.update(word for word in cut(text) if is_han(word[0]))
        starts = [at for at, ch in enumerate(text) if is_han(ch)]
        times.update(
            word
            for at in starts
            for end in range(at + 2, min(at + 8, len(text)) + 1)
            if (word := text[at:end]) in others
        )
    return times


def sentences(lines: Iterable[str]) -> Iterator[str]:
    """Give the Chinese of the pairs; paragraphs, which repeat sentences, are left out."""
    for line in lines:
        chinese, _, source, *_ = line.rstrip("\n").split("\t")
        if not source.endswith("+p"):
            yield chinese


def rows(chosen: Iterable[Row], times: Mapping[str, int]) -> Iterator[str]:
    """Write the table's lines: word, English, and `hint` where it need not come back."""
    for row in sorted(chosen):
        seen = times.get(row.word, 0)
        if seen < FEW[row.kind] and _is_worth(row):
            must = seen < UNSEEN and row.kind != "verb"
            yield f"{row.word}\t{row.english}" + ("" if must else "\thint")


def _is_worth(row: Row) -> bool:
    """Tell whether a word will be met, and recognized: unknown to Jieba, it is a name, or not too short."""
    often = frequency(row.word)
    return often >= COMMON or row.kind == "name" or (not often and len(row.word) in {3, 4})


def main(arguments: list[str]) -> int:
    """Build the table and say how large it is."""
    if len(arguments) != 3:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    with Path(arguments[1]).open(encoding="utf-8") as lines:
        entries = read(lines)
    chosen = [row for word in entries if (row := choose(entries, word))]
    with lzma.open(arguments[0], "rt", encoding="utf-8") as lines:
        times = count(sentences(lines), [row.word for row in chosen])
    table = "".join(f"{line}\n" for line in rows(chosen, times))
    Path(arguments[2]).write_text(table, encoding="utf-8")
    sys.stdout.write(f"{table.count(chr(10))} words of {len(entries)}, {len(table.encode())} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
