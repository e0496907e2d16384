"""How the words of a glossary are written: too short, not tidy, twice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from translator.glossary.lint.rule import Rule
from translator.glossary.verdicts import find
from translator.model import Level
from translator.text import fold, has_han

if TYPE_CHECKING:
    from collections.abc import Iterator

    from translator.glossary.lint.rule import Flaw, Library, Listed

_CHINESE_SIDE = frozenset({"term", "aliases", "with"})
_ENGLISH_SIDE = frozenset({"translation", "also", "first"})
_LETTERS = {
    code: code - 0xFEE0 for block in ("０９", "ＡＺ", "ａｚ") for code in range(ord(block[0]), ord(block[1]) + 1)
}
_LETTERS[0x3000] = ord(" ")
_SIGNS = {
    "，": ", ", "、": ", ", "。": ". ", "；": "; ", "：": ": ", "！": "! ", "？": "? ", "（": " (", "）": ") ",
    "［": " [", "］": "] ", "＋": "+", "－": "-", "／": "/", "＃": "#", "＆": "&", "＝": "=", "＠": "@", "％": "%",
    "．": ".", "＂": '"', "＇": "'", "＿": "_", "～": "~",
}  # fmt: skip
_SIGN = re.compile("|".join(_SIGNS))


def short(library: Library) -> Iterator[Flaw]:
    """Note terms of one character that are no name and have no conditions."""
    for one in library.listed:
        term = one.term
        if term.kind or term.case or term.only or term.beside:
            continue
        if len(term.term) == 1:
            yield one.flaw(f"“{term.term}” is one character, found inside other words; give it `with:` or a kind")
        for item, alias in enumerate(term.aliases):
            if len(alias) == 1:
                yield one.flaw(f"the alias “{alias}” is one character, found inside other words", "aliases", item)


def untidy(library: Library) -> Iterator[Flaw]:
    """Note blanks at the ends and full-width letters, and in English also Chinese punctuation."""
    for one in library.listed:
        for field, words in one.words.items():
            if field not in _CHINESE_SIDE | _ENGLISH_SIDE:
                continue
            for item, word in enumerate(words):
                wanted = tidied(word.raw, is_english=field in _ENGLISH_SIDE)
                if wanted and wanted != " ".join(word.raw.split("\n")).rstrip("\n"):
                    message = f"“{word.raw}” is better written “{wanted}”"
                    yield one.flaw(message, field, item, fix=one.fix(field, item, wanted))


def tidied(text: str, *, is_english: bool = False) -> str:
    """Give a word with single blanks and half-width letters; English with its own punctuation. Idempotent."""
    narrow = text.translate(_LETTERS)
    if is_english:
        narrow = _SIGN.sub(lambda found: _SIGNS[found[0]], narrow)
        narrow = re.sub(r" +(?=[,.;:!?)\]](?: |$))|(?<=[(\[]) +", "", narrow) if narrow != text else narrow
    return " ".join(narrow.split())


def repeated(library: Library) -> Iterator[Flaw]:
    """Note words that say again what the term says already."""
    for one in library.listed:
        yield from _repeated(one, "aliases", one.term.aliases, one.term.term)
        yield from _repeated(one, "also", one.term.also, one.term.translation)
        yield from _repeated(one, "forbidden", one.term.forbidden, "")
        if one.term.first and one.term.first == one.term.translation:
            yield one.flaw(f"`first` is the translation itself, “{one.term.first}”", "first", fix=one.fix("first", 0))


def _repeated(one: Listed, field: str, words: tuple[str, ...], main: str) -> Iterator[Flaw]:
    for item, word in enumerate(words):
        if word in {main, *words[:item]}:
            message = f"“{word}” stands twice" if word != main else f"“{word}” is the term's own and needs no `{field}`"
            yield one.flaw(message, field, item, fix=one.fix(field, item))
        elif (other := _said_already(one, field, word, (main, *words[:item]))) is not None:
            yield one.flaw(f"“{word}” needs no `{field}`: “{other}” stands for it too", field, item, level=Level.INFO)


def _said_already(one: Listed, field: str, word: str, others: tuple[str, ...]) -> str | None:
    """Give a word that is matched just as this one is: folded in Chinese, by inflection in English."""
    if field == "aliases":
        if one.term.case or not has_han(word):  # a Latin spelling is one that English is not to have
            return None
        return next((other for other in others if fold(other) == fold(word)), None)
    if field == "forbidden":
        return None
    whole, begin = (0, len(word)), word[0].lower()
    near = (other for other in others if other[0].lower() == begin)  # endings change, beginnings do not
    return next((other for other in near if any(span == whole for span in find(other, one.term, word))), None)


SHORT = Rule("short", Level.WARNING, "A single character is part of many words.", short)
UNTIDY = Rule("untidy", Level.WARNING, "What looks the same and is not is searched for in vain.", untidy)
REPEATED = Rule("repeated", Level.WARNING, "What is said twice is changed once.", repeated)
