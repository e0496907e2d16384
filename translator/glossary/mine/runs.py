"""A text as runs of words: what stands between punctuation, markup, addresses and function words."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from translator.glossary.mine.phrases import MOST_CHARACTERS, MOST_WORDS, is_function, is_phrase
from translator.text import has_han

if TYPE_CHECKING:
    from collections.abc import Iterator

GAP = "\ufffc"
"""What stands for markup that is kept whole: code, formulas, images."""
_ADDRESS = re.compile(
    r"[a-z][a-z0-9+.-]{0,20}://[!-~]+|www\.[!-~]+|(?<![a-z0-9_.+-])[a-z0-9_.+-]+@[a-z0-9-]+\.[a-z0-9.-]+"
    r"|(?<![a-z0-9])(?:[~.]{1,2}|[a-z]:)?[/\\][!-~]+"
    r"|(?<![a-z0-9_./-])[a-z0-9_.-]+(?:/[a-z0-9_.-]+)*\.(?:(?-i:com|org|net|io|cn|ai|dev)|md|py|ts|html?|css|ya?ml|json"
    r"|toml|xml|txt|png|jpe?g|gif|svg|pdf|sh|cpp|rs)(?:/[!-~]*)?(?![a-z0-9])",
    re.IGNORECASE,
)
_SIGN = re.compile(r"(?<=[a-z0-9])[+#](?=\+?(?![a-z0-9]))|(?<=[a-z0-9]\+)\+(?![a-z0-9+])")
"""What belongs to the letters before it: B+, C++, C#."""
_WORD = re.compile(r"[^\W_]")


class Word(NamedTuple):
    """A word of a run, as it stands in the folded text."""

    start: int
    end: int
    form: str


class Run(NamedTuple):
    """Words side by side, Chinese or Latin, with what stands before and after them."""

    words: tuple[Word, ...]
    before: str
    """The word on the left that is no part of the run; empty where a clause begins."""
    after: str

    def beside(self, first: int, last: int) -> tuple[str, str]:
        """Give the words on both sides of some of its words."""
        left = self.words[first - 1].form if first else self.before
        right = self.words[last].form if last < len(self.words) else self.after
        return left, right


def without_addresses(text: str) -> str:
    """Blot out addresses, paths and file names; every character keeps its place."""
    return _ADDRESS.sub(lambda found: GAP * len(found[0]), text)


def runs(text: str, edges: set[int]) -> Iterator[Run]:
    """Cut a folded text into its runs; `edges` are where its words begin and end.

    A blank joins only where it has Latin letters on one side: `B+ 树`.
    """
    words: list[Word] = []
    before, parted = "", False
    for word in _words(text, edges):
        if word.form == " ":
            parted = True
            continue
        told = bool(_WORD.search(word.form))
        if words and (not told or is_function(word.form) or (parted and not _joins(words[-1], word))):
            after = word.form if told and not parted else ""
            yield Run(tuple(words), before, after)
            words, before = [], ""
        if told and is_function(word.form):
            before = word.form
        elif told:
            words.append(word)
        else:
            before = ""
        parted = False
    if words:
        yield Run(tuple(words), before, "")


def _words(text: str, edges: set[int]) -> Iterator[Word]:
    inside = {sign.start() for sign in _SIGN.finditer(text)}
    for start, end in pairwise(sorted(edges - inside)):
        yield Word(start, end, text[start:end])


def _joins(left: Word, right: Word) -> bool:
    return not (has_han(left.form) and has_han(right.form))


def grams(run: Run) -> Iterator[tuple[int, int]]:
    """Give every stretch of words that can be a phrase with Chinese in it, as positions in the run."""
    words = run.words
    for first in range(len(words)):
        for last in range(first + 1, min(len(words), first + MOST_WORDS) + 1):
            start, end = words[first].start, words[last - 1].end
            if end - start > MOST_CHARACTERS:
                break
            forms = [word.form for word in words[first:last]]
            if end - start > 1 and any(map(has_han, forms)) and is_phrase(forms):
                yield first, last
