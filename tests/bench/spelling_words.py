"""Build the list of English words that the check `spelling` knows beside the lexicon's.

    python tests/bench/spelling_words.py frequency_dictionary_en_82_765.txt ngrams.tsv.xz

The first is the English dictionary of symspellpy (`pip download symspellpy`): a word and a count on each line; the
second the English n-grams of aligned documentation: order, words, count, the shortest first. Writes
`translator/checks/english.xz`: stems, one a line, in order; `english.tsv` names the sources and their licences.
"""

from __future__ import annotations

import lzma
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from translator.align.english import stem
from translator.align.lexicon import packaged
from translator.checks.spelling import PACKAGED

if TYPE_CHECKING:
    from collections.abc import Iterator


def dictionary(path: Path) -> Iterator[str]:
    """Give the words of the dictionary."""
    for line in path.read_text(encoding="utf-8-sig").splitlines():
        yield line.split()[0]


def seen(path: Path) -> Iterator[str]:
    """Give the words of the n-grams."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            order, word, _ = line.rstrip("\n").split("\t")
            if order != "1":
                return
            yield word


def main(words: Path, ngrams: Path) -> None:
    """Write the list."""
    stems = {stem(word) for word in (*dictionary(words), *seen(ngrams)) if word.isascii() and word.isalpha()}
    more = sorted(form for form in stems if len(form) > 1 and form.isalpha() and packaged().place(form) < 0)
    PACKAGED.write_bytes(lzma.compress("\n".join(more).encode(), preset=9))
    print(f"{len(more):,} stems, {PACKAGED.stat().st_size:,} bytes")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        print(__doc__)
    else:
        main(Path(sys.argv[1]), Path(sys.argv[2]))
