"""Makes pairs by rule, of what translated documentation has too few of, so that a small model learns it all the same.

- sentences that compare, deny and count: the patterns of `tables/`, filled with names, nouns and verbs;
- words of a dictionary with their first sense, the commoner ones first;
- sentences of the training text with one noun exchanged for another, some of them with a term hint: everyday words in
  sentences, and hints whose English no one could guess (Fadaee, Bisazza and Monz 2017, arXiv:1705.00440).

The same material and seed give the same pairs.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from translator.errors import InputError
from translator.text import frequency, is_noun
from translator.text.dictionary import senses
from translator.train.pairs import Pair
from translator.train.plant import read_links
from translator.train.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from translator.text.dictionary import Entries
    from translator.train.plant import Link

COMMON = 30
"""Jieba's count of a noun that may stand in a sentence."""
KNOWN = 35_000
"""So many words of the dictionary are taken as common."""
OFTEN = 60
"""How often a noun is linked to its English to be one of documentation."""
HINTED = 0.4
"""Share of exchanged nouns that stand in a hint."""
CAPITAL = 0.3
"""Share of the dictionary's words that are said as headings are."""
_NOUN = re.compile("[\u4e00-\u9fff]{2,4}")
_ENGLISH = re.compile(r"[a-z]+(?: [a-z]+){0,2}")
_NO_NOUN = re.compile(
    r"^(?:to|very|not|in|at|of|on|with|by|for|as|from|be|so|how|what|an?|the)\b|(?:ly|ed|ful|ous|ive|able|ic|ish)$"
)
_ARTICLE = re.compile(r"\b([Aa])n? $")


class Word:
    """A word of a table: Chinese as a string, its English forms as attributes; with a capital, capitalised."""

    def __init__(self, chinese: str, **forms: str) -> None:
        self._chinese, self._forms = chinese, forms

    def __str__(self) -> str:
        """Give the Chinese."""
        return self._chinese

    def __getattr__(self, name: str) -> str:
        """Give a form of the English; `name` in small letters."""
        forms = self.__dict__["_forms"]
        if name in forms:
            return str(forms[name])
        low = name[0].lower() + name[1:]
        if low == name or low not in forms:
            raise AttributeError(name)
        return capital(str(forms[low]))

    def but(self, **forms: str) -> Word:
        """Give the same word with other forms."""
        return Word(self._chinese, **self._forms | forms)


def capital(text: str) -> str:
    """Begin with a capital letter."""
    return text[:1].upper() + text[1:]


def with_article(noun: str) -> str:
    """Put `a` or `an` before an English noun."""
    return ("an " if re.match(r"[aeiou](?!ni(?!n)|se|ne\b|u)", noun, re.IGNORECASE) else "a ") + noun


def a_noun(chinese: str, english: str) -> Word:
    """Make a word of a noun."""
    return Word(chinese, en=english, a=with_article(english))


@dataclass(frozen=True)
class Nouns:
    """Nouns to fill in, Chinese and English."""

    everyday: tuple[tuple[str, str], ...]
    """The dictionary's."""
    technical: tuple[tuple[str, str], ...]
    """Those of the training text."""


# ── Sentences ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class Patterns:
    """The patterns, and what fills them."""

    def __init__(self, nouns: Nouns) -> None:
        self.nouns = nouns
        self.patterns = [(chinese, english) for chinese, english in table("patterns")]
        self.names = [name for (name,) in table("names")]
        self.adjectives = [Word(zh, en=en, more=more, most=most) for zh, en, more, most in table("adjectives")]
        verbs = ("base", "third", "past", "participle", "ing")
        self.verbs = [Word(zh, **dict(zip(verbs, forms, strict=True))) for zh, *forms in table("verbs")]
        self.people = [_person(*row) for row in table("people")]
        self.qualities = [Word(zh, en=en) for zh, en in table("qualities")]
        self.things = [Word(zh, measure=measure, en=en) for measure, zh, en in table("counted")]
        self.wanting = [Word(zh, en=en) for zh, en in table("wanting")]
        self.numbers = [Word(zh, en=en, th=f"the {th}") for zh, en, th in table("numbers")]

    def sentence(self, rng: random.Random) -> Pair:
        """Fill one pattern."""
        chinese, english = rng.choice(self.patterns)
        slots = self._slots(rng)
        return Pair(chinese.format(**slots), capital(english.format(**slots)), origin="made")

    def _slots(self, rng: random.Random) -> Mapping[str, object]:
        one, two, three = self._subjects(rng)
        (adj, adj2), (quality, quality2) = rng.sample(self.adjectives, 2), rng.sample(self.qualities, 2)
        who = rng.choice(self.people)
        verb, verb2 = (each.but(third=each.base if who.is_many else each.third) for each in rng.sample(self.verbs, 2))
        at = rng.randrange(2, len(self.numbers))
        noun, noun2 = (a_noun(*each) for each in rng.sample(self.nouns.everyday, 2))
        more, tenth = rng.randrange(10, 900), rng.randrange(2, 10)
        return {
            "n1": one, "n2": two, "n3": three, "adj": adj, "adj2": adj2, "quality": quality, "quality2": quality2,
            "who": who, "verb": verb, "verb2": verb2, "noun": noun, "noun2": noun2,
            "things": rng.choice(self.things), "others": rng.choice(self.things), "wanting": rng.choice(self.wanting),
            "number": self.numbers[at], "fewer": self.numbers[rng.randrange(1, at)],
            "tenth": Word("一二三四五六七八九"[tenth - 1], percent=str(10 * tenth), words=TENS[tenth - 2]),
            "times": rng.choice(("3", "4", "5", "8", "10", "20", "1.5", "2.5")), "percent": rng.randrange(2, 99),
            "more": more, "less": rng.randrange(1, more),
        }  # fmt: skip

    def _subjects(self, rng: random.Random) -> list[Word]:
        """Give three different things that sentences are about."""
        found: dict[str, Word] = {}
        while len(found) < 3:
            word = self._subject(rng)
            found[str(word)] = word
        return list(found.values())

    def _subject(self, rng: random.Random) -> Word:
        die = rng.random()
        if die < 0.45:
            name = rng.choice(self.names)
            return Word(name, en=name)
        chinese, english = rng.choice(self.nouns.technical if die < 0.8 else self.nouns.everyday)
        return Word(chinese, en=f"the {english}")


TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
VERBS = ("plan", "think", "suggest", "lack", "like", "need")
"""Verbs of the patterns that agree with the person."""


def _person(chinese: str, english: str, number: str, whose: str, their: str) -> Word:
    is_many = number == "many"
    forms = {verb: verb if is_many else f"{verb}s" for verb in VERBS}
    forms |= {"has": "have", "does": "do", "am": "are"} if is_many else {"has": "has", "does": "does", "am": "is"}
    if english == "I":
        forms["am"] = "am"
    return Word(chinese, en=english, whose=whose, their=their, is_many="yes" if is_many else "", **forms)


# ── Words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def glosses(entries: Entries) -> list[tuple[str, str, str]]:
    """Give words with their first sense and its kind, the commonest first."""
    found = [(word, first.english, first.kind) for word in entries if (first := _first(entries, word))]
    return sorted(found, key=lambda each: (-frequency(each[0]), each[0]))


def _first(entries: Entries, word: str) -> Any:  # noqa: ANN401  # a Sense
    return next((sense for sense in senses(entries, word) if not sense.rank), None)


def dictionary_pairs(words: Sequence[tuple[str, str, str]], count: int, rng: random.Random) -> Iterator[Pair]:
    """Give some of the words as pairs, four of five among the common ones."""
    common, others = words[:KNOWN], words[KNOWN:]
    many = min(len(common), count * 4 // 5)
    for word, english, kind in (*rng.sample(common, many), *rng.sample(others, min(len(others), count - many))):
        said = f"to {english}" if kind == "verb" else english
        yield Pair(word, capital(said) if rng.random() < CAPITAL else said, origin="dictionary")


def everyday(words: Sequence[tuple[str, str, str]]) -> tuple[tuple[str, str], ...]:
    """Give the words that can stand for a noun in an English sentence."""
    return tuple(
        (word, english)
        for word, english, kind in words
        if kind == "word" and frequency(word) >= COMMON and _is_noun(word) and _is_english_noun(english)
    )


@lru_cache(maxsize=100_000)
def _is_noun(word: str) -> bool:
    return bool(_NOUN.fullmatch(word)) and is_noun(word)


def _is_english_noun(text: str) -> bool:
    return bool(_ENGLISH.fullmatch(text)) and not _NO_NOUN.search(text)


def technical(pairs: Sequence[Pair]) -> tuple[tuple[str, str], ...]:
    """Give the nouns that the training text links to one English noun again and again."""
    seen = Counter(
        (pair.source[k.start : k.end], pair.target[k.target_start : k.target_end]) for pair, k in _links(pairs)
    )
    best: dict[str, str] = {}
    for (chinese, english), times in seen.most_common():
        if times >= OFTEN and chinese not in best and _is_noun(chinese) and _is_english_noun(english):
            best[chinese] = english
    return tuple((chinese, english) for chinese, english in best.items() if not english.endswith(("s", "ing")))


def _links(pairs: Sequence[Pair]) -> Iterator[tuple[Pair, Link]]:
    return ((pair, link) for pair in pairs for link in read_links(pair.links))


# ── Exchanges ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def exchanged(pairs: Sequence[Pair], nouns: Nouns, count: int, rng: random.Random) -> Iterator[Pair]:
    """Exchange one noun in each of so many pairs."""
    english = {each for _, each in nouns.technical}
    left = count
    for pair in rng.sample(pairs, len(pairs)):
        if not left:
            return
        if links := [link for link in read_links(pair.links) if _is_exchangeable(pair, link, english)]:
            yield _exchange(pair, rng.choice(links), nouns, rng)
            left -= 1


def _is_exchangeable(pair: Pair, link: Link, english: set[str]) -> bool:
    chinese = pair.source[link.start : link.end]
    said = pair.target[link.target_start : link.target_end]
    return said in english and pair.source.count(chinese) == 1 and _is_noun(chinese)


def _exchange(pair: Pair, link: Link, nouns: Nouns, rng: random.Random) -> Pair:
    chinese, english = rng.choice(nouns.everyday)
    is_hint = rng.random() < HINTED
    if is_hint and rng.random() < 0.5:
        english = rng.choice(nouns.everyday)[1] if rng.random() < 0.5 else _invented(rng)
    said = f"<hint>{chinese}<is>{english}</hint>" if is_hint else chinese
    before = pair.target[: link.target_start]
    if found := _ARTICLE.search(before):
        before = before[: found.start()] + found[1] + with_article(english)[1:].partition(" ")[0] + " "
    source = pair.source[: link.start] + said + pair.source[link.end :]
    return Pair(source, before + english + pair.target[link.target_end :], origin="exchanged")


def _invented(rng: random.Random) -> str:
    """Make up a name that nobody has: only a hint can tell it."""
    word = "".join(rng.choice("bdfgklmnprstvz") + rng.choice("aeiou") for _ in range(rng.randint(2, 3)))
    return capital(word) + rng.choice(("", "x", "n", "DB", " Labs", "-2"))


def make(pairs: Sequence[Pair], entries: Entries, count: int, seed: int = 1) -> Iterator[Pair]:
    """Make about so many pairs: three tenths by patterns, a quarter of the dictionary's words, the rest exchanged."""
    rng = random.Random(seed)  # noqa: S311  # no secret
    words = glosses(entries)
    nouns = Nouns(everyday(words), technical(pairs))
    if len(nouns.everyday) < 2 or not nouns.technical:
        raise InputError("the dictionary and the links of the pairs hold too few nouns to make sentences of")
    patterns = Patterns(nouns)
    yield from dict.fromkeys(patterns.sentence(rng) for _ in range(count * 3 // 10))
    yield from dictionary_pairs(words, count // 4, rng)
    yield from exchanged(pairs, nouns, count - count * 3 // 10 - count // 4, rng)
