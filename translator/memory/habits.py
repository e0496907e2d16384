"""What approved sentences say for words that no glossary knows: a habit, which a new draft does well to follow.

    sentence ─cut→ words, phrases ─memory→ approved sentences that have them ─align→ renderings ─agree→ habit

A habit is a hint and never an obligation. What a word was said as in a pair is computed once and kept in the memory's
own file; that depends on nothing else, so it is never stale.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from contextlib import suppress
from hashlib import blake2b
from itertools import accumulate, islice, pairwise
from typing import TYPE_CHECKING, NamedTuple

from translator.align import rendering, renderings
from translator.align.english import FUNCTION, WORD, normal, stem
from translator.glossary.english import stands_as_noun
from translator.markdown import plain
from translator.memory.shape import protected_of
from translator.memory.similar import holding
from translator.model import Span
from translator.text import cut, fold, frequency, is_han

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from translator.memory.index import Memory

SCHEMA = "create table if not exists said (id integer primary key, english text not null)"
LEAST = 2
"""Approved sentences that a habit takes."""
AGREED = 0.9
"""The part of them that must say the same."""
SURE = 0.8
"""The aligner's score from which a rendering counts."""
LOOKED_AT = 12
"""Approved sentences that are looked at for a word."""
TRIED = 3
"""Of these, those that are aligned; of the others it is enough that they have the rendering."""
COMMON = 20_000
"""How often Jieba's corpus has a word that every text has: 可以, 我们. It is said as its sentence wants it."""
SIZE = range(2, 9)
"""Characters of a word or phrase."""
USUAL = 0.3
"""How often documentation must say a word so that no hint is needed."""
NOTHING = frozenset(
    {"all", "both", "each", "every", "same", "other", "another", "one", "first", "last", "such", "example"}
)
"""Nouns only by their place."""
TOKENS = 3
"""Words of a phrase."""


_SMALL = FUNCTION | NOTHING


class Habit(NamedTuple):
    """A word of a sentence, and what approved sentences say for it."""

    span: Span
    """In the plain text."""
    english: str


def habits(memory: Memory, text: str, taken: Iterable[Span] = ()) -> list[Habit]:
    """Find the words of a plain text that approved sentences agree on, in order, disjoint, outside of what is taken.

    Of two that overlap the longer one is meant. What is found depends on the records alone.
    """
    if memory.database is None:
        return []
    held = {at for span in taken for at in range(*span)}
    out = []
    for span in sorted(_phrases(text), key=lambda span: (span.start - span.end, span)):
        if held.isdisjoint(range(*span)) and (english := _habit(memory, fold(span.of(text)))):
            out.append(Habit(span, english))
            held.update(range(*span))
    _keep(memory)
    return sorted(out)


def _keep(memory: Memory) -> None:
    """Write what was found out, all at once: each write waits for the disk."""
    if memory.database is None or not memory.said:
        return
    with suppress(sqlite3.DatabaseError), memory.lock, memory.database:
        memory.database.executemany("insert or replace into said values (?, ?)", list(memory.said.items()))
    memory.said.clear()


def _phrases(text: str) -> Iterator[Span]:
    """Give the stretches of one to three Chinese words."""
    words = [part for token in cut(text) for part in _PLACE.split(token) if part]
    ends = [0, *accumulate(map(len, words))]
    tokens = [Span(*both) for both in pairwise(ends)]
    for first, begin in enumerate(tokens):
        for last in tokens[first : first + TOKENS]:
            if not all(map(is_han, last.of(text))):
                break
            span = Span(begin.start, last.end)
            if span.end - span.start in SIZE and (last != begin or frequency(span.of(text)) < COMMON):
                yield span


_PLACE = re.compile("(?<=^.)(?=[里上下中内外]$)")
"""Where Jieba takes the end of an unknown word together with a word of place: 热图里 is 热, 图里 to it."""


def _habit(memory: Memory, word: str) -> str:
    """Give what approved sentences agree to say for a folded word; empty where they do not, or anybody would say it."""
    if word not in memory.habits:
        pairs = holding(memory, word, LOOKED_AT)
        is_told = len(pairs) >= LEAST and not _is_usual(word, [target for _, target in pairs])
        english = _agreed(pairs, _said(memory, word, pairs)) if is_told else ""
        memory.habits[word] = "" if _words(english) in _usual(word) else english
    return memory.habits[word]


def _is_usual(word: str, english: Sequence[str]) -> bool:
    """Tell whether nearly all say what anybody would: a model needs no hint then, and says the rest better without."""
    known = _usual(word)
    said = [_words(text) for text in english] if known else []
    return any(sum(phrase in text for text in said) >= AGREED * len(english) for phrase in known)


def _usual(word: str) -> list[str]:
    return [_words(phrase) for phrase, likely in renderings(word).items() if likely > USUAL]


def _words(text: str) -> str:
    """Give the stems of a text, a blank around each: `heat map` is not `heatmap` here."""
    return "".join(f" {stem(found[0])} " for found in WORD.finditer(text))


def _agreed(pairs: Sequence[tuple[str, str]], said: Iterable[str]) -> str:
    """Give what is said for sure at least twice, and stands in nearly all of the English."""
    known = Counter(phrase for phrase in islice(said, TRIED) if phrase)
    forms = {normal(phrase) for phrase in known}
    if len(forms) != 1 or known.total() < LEAST:
        return ""
    having = sum(min(forms) in normal(english) for _, english in pairs)
    if having < AGREED * len(pairs) or not any(_is_whole(phrase, english) for phrase in known for _, english in pairs):
        return ""
    return min(known, key=lambda phrase: (-known[phrase], len(phrase), phrase))


def _said(memory: Memory, word: str, pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Give what each pair says for a word; empty where that is not sure."""
    if memory.database is None:
        return
    for source, target in pairs:
        number = _number(word, source, target)
        try:
            memory.database.execute(SCHEMA)
            row = memory.database.execute("select english from said where id = ?", (number,)).fetchone()
            english = str(row[0]) if row else _rendering(word, source, target)
            if not row:
                memory.said[number] = english
        except sqlite3.DatabaseError:  # deleted or damaged under our hands: the next run makes it again
            return
        yield english


def _is_whole(phrase: str, english: str) -> bool:
    """Tell whether a phrase ends somewhere, and is not always the first part of a longer one: `foreign` of a key."""
    places = re.finditer(rf"\b{re.escape(phrase)}\b", english, re.IGNORECASE)
    followed = [re.match(r"[\s-]+([A-Za-z]+)", english[found.end() :]) for found in places]
    return any(word is None or word[1].lower() in FUNCTION for word in followed)


def _number(*words: str) -> int:
    digest = blake2b("\0".join(words).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _rendering(word: str, source: str, target: str) -> str:
    """Give the noun by which a pair surely says a word; empty where none."""
    chinese, english = plain(protected_of(source).text), plain(protected_of(target).text)
    at = fold(chinese).find(word)
    if at < 0:
        return ""
    best = next(iter(rendering(chinese, Span(at, at + len(word)), english)), None)
    if best is None or best.score < SURE:
        return ""
    phrase = best.span.of(english)
    is_said = re.fullmatch(r"[A-Za-z][A-Za-z0-9 -]*", phrase) and not _SMALL.issuperset(phrase.lower().split())
    before, after = english[: best.span.start], english[best.span.end :]
    if not is_said or not stands_as_noun(before, phrase, after):
        return ""
    return phrase[0].lower() + phrase[1:] if phrase[1:] == phrase[1:].lower() and best.span.start == 0 else phrase
