"""English words are English words."""

from __future__ import annotations

import lzma
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from translator.align.english import FUNCTION, stem
from translator.align.sentence import PINYIN
from translator.checks.check import Check, found
from translator.checks.cover import origins, words_of
from translator.checks.terms import place
from translator.markdown import plain
from translator.model import Level
from translator.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from translator.align.english import Word
    from translator.model import Draft, Finding

PACKAGED = Path(__file__).parent / "english.xz"
WORD = re.compile("[A-Za-z][a-z]{3,}")
"""What is looked up: capitals inside make a name, and what is shorter is an abbreviation as often as a word."""
PREFIX = re.compile("un|non|sub|micro|multi")
PART = 4
"""Letters of a word that another may be joined to: `checkbutton`."""


def run(draft: Draft) -> Iterator[Finding]:
    """Note each word of a draft that is neither English nor the author's: pieces a model put together."""
    if draft.state.is_done:
        return
    target = plain(draft.target.text)
    strange = [word for word in words_of(target) if origins(word.stem) is None and _is_strange(word, target)]
    if strange:
        named = fold(" ".join([plain(draft.source.text), *(mention.wanted for mention in draft.mentions)]))
        for text in dict.fromkeys(target[word.start : word.end] for word in strange):
            if text.lower() not in named:
                yield found(f"“{text}” is no English word", target=place(draft.target.source, text))


def _is_strange(word: Word, target: str) -> bool:
    text = target[word.start : word.end]
    if not WORD.fullmatch(text) or word.stem in FUNCTION or word.stem in english():
        return False
    if text[0].isupper() and PINYIN.fullmatch(text.lower()):
        return False
    prefix = PREFIX.match(text)
    return not (prefix and _is_known(text[prefix.end() :])) and not _is_joined(text)


def _is_known(rest: str) -> bool:
    form = stem(rest)
    return len(rest) > PART and (origins(form) is not None or form in english())


def _is_joined(text: str) -> bool:
    ends = range(PART, len(text) - PART + 1)
    return not text.endswith("less") and any(origins(text[:at]) and origins(stem(text[at:])) for at in ends)


@cache
def english() -> frozenset[str]:
    """Read the stems of English words that the lexicon does not have: 60,000, in 30 ms when the first is asked for."""
    return frozenset(lzma.decompress(PACKAGED.read_bytes()).decode().split("\n"))


CHECK = Check(
    "spelling", Level.WARNING, "A word nobody knows was put together from pieces, and stands for another.", run
)
