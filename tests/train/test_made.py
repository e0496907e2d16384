"""Pairs that are made by rule: the patterns are whole, and what is exchanged is all that changes."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.errors import InputError
from translator.text import dictionary, has_han
from translator.train import made
from translator.train.informal import informal
from translator.train.made import Nouns, Patterns, capital, exchanged, make, with_article
from translator.train.pairs import Pair
from translator.train.tables import FOLDER, table

CEDICT = """\
積木 积木 [ji1 mu4] /toy building blocks/
柿餅 柿饼 [shi4 bing3] /dried persimmon/
柴油機 柴油机 [chai2 you2 ji1] /diesel engine/
蝴蝶 蝴蝶 [hu2 die2] /butterfly/CL:隻|只[zhi1]/
吵架 吵架 [chao3 jia4] /to quarrel/to have a row/
北京 北京 [Bei3 jing1] /Beijing, capital of China/
蘋果 苹果 [ping2 guo3] /apple/CL:個|个[ge4],顆|颗[ke1]/
"""
NOUNS = Nouns((("蝴蝶", "butterfly"), ("苹果", "apple")), (("算法", "algorithm"), ("文件", "file")))
PATTERNS = Patterns(NOUNS)
CHANCE = random.Random(1)  # noqa: S311  # no secret
LINKED = Pair("打开一个文件，然后等待。", "Open a file, then wait.", "4:6:7:11", "docs")


@pytest.mark.parametrize("number", range(len(PATTERNS.patterns)))
def test_every_pattern_can_be_filled(number, monkeypatch):
    monkeypatch.setattr(PATTERNS, "patterns", [PATTERNS.patterns[number]])
    for seed in range(20):
        pair = PATTERNS.sentence(random.Random(seed))  # noqa: S311  # no secret
        assert not re.search("[{}]", pair.source + pair.target)
        assert not has_han(pair.target)
        assert not re.search(r"\b(?:a [aeio]|an [^aeiouAEIOUFHLMNRSX8h]|I is|I has)", pair.target), pair
        assert pair.target == capital(pair.target)
        assert (pair.source[-1] in "。？：") == (pair.target[-1] in ".?:")


@pytest.mark.parametrize("name", [path.stem for path in FOLDER.glob("*.tsv") if path.stem != "patterns"])
def test_tables_are_whole(name):
    rows = table(name)
    first = [row[1] if name == "counted" else row[0] for row in rows]
    assert rows
    assert all(cell == cell.strip() and cell for row in rows for cell in row)
    assert name == "informal" or len({len(row) for row in rows}) == 1
    assert len({tuple(row) for row in rows}) == len(rows)
    assert name == "counted" or len(set(first)) == len(first)


@pytest.mark.parametrize(
    ("noun", "said"),
    [
        ("apple", "an apple"),
        ("window", "a window"),
        ("unit", "a unit"),
        ("union", "a union"),
        ("uninstaller", "an uninstaller"),
        ("user", "a user"),
        ("umbrella", "an umbrella"),
        ("one", "a one"),
        ("European", "a European"),
        ("Orbit", "an Orbit"),
    ],
)
def test_articles(noun, said):
    assert with_article(noun) == said


@given(st.randoms(use_true_random=False))
def test_an_exchange_changes_one_noun(rng):
    (pair,) = exchanged([LINKED], NOUNS, 1, rng)
    found = re.fullmatch("打开一个(?:<hint>)?(蝴蝶|苹果)(?:<is>([^<]+)</hint>)?，然后等待。", pair.source)
    assert found
    said = re.fullmatch(r"Open (an?) (.+), then wait\.", pair.target)
    assert said
    assert said[2] == (found[2] or dict(NOUNS.everyday)[found[1]])
    assert f"{said[1]} {said[2]}" == with_article(said[2])


def test_what_cannot_be_exchanged_stays_away():
    twice = LINKED._replace(source="打开文件，关上文件。", links="2:4:7:11")
    verb = LINKED._replace(links="0:2:0:4")
    assert not list(exchanged([twice, verb, LINKED._replace(links="")], NOUNS, 3, CHANCE))


def test_a_dictionary_becomes_words_and_nouns():
    entries = dictionary.read(CEDICT.splitlines())
    words = made.glosses(entries)
    assert {word: english for word, english, _ in words} == {
        "积木": "toy building blocks",
        "柿饼": "dried persimmon",
        "柴油机": "diesel engine",
        "蝴蝶": "butterfly",
        "吵架": "quarrel",
        "北京": "Beijing",
        "苹果": "apple",
    }
    assert {word for word, _ in made.everyday(words)} <= {"积木", "柴油机", "蝴蝶", "苹果", "柿饼"}
    said = {pair.source: pair.target.lower() for pair in made.dictionary_pairs(words, 7, CHANCE)}
    assert said.get("吵架", "to quarrel") == "to quarrel"


def test_the_same_seed_makes_the_same_pairs():
    entries = dictionary.read(CEDICT.splitlines())
    pairs = [LINKED] * made.OFTEN
    one, two = (list(make(pairs, entries, 60, seed=3)) for _ in range(2))
    assert one == two
    assert {pair.origin for pair in one} == {"made", "dictionary", "exchanged"}
    assert one != list(make(pairs, entries, 60, seed=4))


def test_without_nouns_nothing_is_made():
    with pytest.raises(InputError, match="nouns"):
        list(make([LINKED], dictionary.read(CEDICT.splitlines()), 60))


@given(st.text(alphabet="如果我们非常认为，。abc程序员", max_size=30), st.randoms(use_true_random=False))
def test_informal_words_are_of_the_table(text, rng):
    said = informal(text, rng)
    bare = re.sub("[，, 。～…啦哦哈咯呢吧啊]", "", text)
    if not any(word in text for word, *_ in table("informal")):
        assert re.sub("[，, 。～…啦哦哈咯呢吧啊]", "", said) == bare
    assert bool(said) == bool(text)
