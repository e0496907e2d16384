"""English words as they are compared: lower case, without their endings, and where they stand in a text."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

WORD = re.compile(
    r"[A-Za-zÀ-ɏ0-9]*(?:_[A-Za-zÀ-ɏ0-9_]*|[A-Za-zÀ-ɏ0-9])(?:[._][A-Za-zÀ-ɏ0-9_]+|\(\))*(?:['’][A-Za-z]+)?(?:\+\+|#)?"
)
"""A word; what dots and underscores join is one (`tf.data`, `1.0`), what a hyphen or a slash joins is several."""
_POSSESSIVE = re.compile(r"['’][sS]$")
FUNCTION = frozenset(
    (  # noqa: SIM905  # a table to be read
        "the a an of to in on for and or nor but is are be been being am was were as it its it's this that these those "
        "by with at from we you i they he she them him her us me my our your their his if then so also has have had "
        "do does did can could will would shall should may might must not no into than there here which who whom whose "
        "what when where while about such s t d ll ve re n't don't doesn't isn't can't"
    ).split()
)
"""Words that say nothing by themselves: no term is rendered by one of them alone."""
_STAYS = frozenset(
    {"embed", "this", "thus", "always", "series", "species", "during", "string", "bring", "thing", "yes", "gas"}
)
_PLURALS = frozenset({"gurus", "menus", "taxis"})


class Word(NamedTuple):
    """A word of an English text."""

    start: int
    end: int
    stem: str
    is_small: bool
    """Whether it is an article, a preposition, a pronoun or the like, and no part of a compound (`plug-in`)."""


def words(text: str) -> list[Word]:
    """Give the words of a text in order, each without its possessive ending; a function word is its own stem."""
    return [
        Word(start, start + len(bare), stem(bare), _is_small(bare.lower(), text, start, start + len(bare)))
        for start, bare in ((found.start(), _POSSESSIVE.sub("", found[0])) for found in WORD.finditer(text))
    ]


def _is_small(low: str, text: str, start: int, end: int) -> bool:
    return low in FUNCTION and text[start - 1 : start] != "-" and text[end : end + 1] != "-"


def normal(phrase: str) -> str:
    """Give the form under which phrases are the same: stems without blanks, so `mini-batches` is `minibatch`."""
    return "".join(stem(found[0]) for found in WORD.finditer(phrase))


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """Give a word's stem: without the ending of a plural, a possessive, a past or a participle.

    No dictionary: `converge`, `converges`, `converged` and `converging` share one, `convergence` has another.
    """
    if len(word) > 2 and word[-1] == "s" and word[-2].isupper():
        return word[:-1].lower()
    low = word.lower().replace("’", "'").removesuffix("'s")
    if low in FUNCTION or low in _STAYS or len(low) < 3 or not low.isalpha():
        return low
    return _bare(_without_ending(low))


def _without_ending(low: str) -> str:
    for ending, new in (("ies", "y"), ("ied", "y")):
        if low.endswith(ending) and len(low) > 4:
            return low[:-3] + new
    if re.search(r"(?:s|x|z|ch|sh)es$", low):
        return low[:-2]
    if re.search(r"[^sui]s$", low) or low in _PLURALS:
        return low[:-1]
    for ending in ("ing", "ed"):
        left = low.removesuffix(ending)
        if left != low and len(left) > 2 and re.search("[aeiouy]", left) and not low.endswith("eed"):
            return left
    return low


def _bare(low: str) -> str:
    """Take away a silent e and a doubled consonant: what is left when an ending is put behind."""
    low = low.removesuffix("e") if len(low) > 3 else low
    return low[:-1] if len(low) > 3 and low[-1] == low[-2] else low
