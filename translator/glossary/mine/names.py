"""Names by their form: persons with a title, quoted titles, Latin names, and terms with their English in brackets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from translator.glossary.mine.phrases import is_function, is_phrase
from translator.glossary.mine.runs import GAP
from translator.model import Span
from translator.text import boundaries, cut, fold, frequency, has_han
from translator.text.han import HAN
from translator.text.names import SURNAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

PERSON, TITLE, QUOTED, LATIN, PAIR = "person", "title", "quoted", "Latin", "brackets"


class Named(NamedTuple):
    """A stretch of a text that looks like a name."""

    span: Span
    why: str


class Pair(NamedTuple):
    """A Chinese term with its English in brackets; where the term begins is for the counts to say."""

    starts: tuple[int, ...]
    """Where it may begin, the longest first; none where no term stands there."""
    end: int
    brackets: Span
    english: str
    short: str
    """An abbreviation, if there is one."""


_SURNAMES = SURNAMES + "尤毕岳殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申樊辛管祝霍苗"
_TITLES = "大神|老师|教授|博士|院士|大佬|师兄|师姐|学长|学姐|导师|工程师"
_PERSON = re.compile(
    f"(?P<name>[{_SURNAMES}][{HAN}]{{0,2}}?)(?:{_TITLES})|[{_SURNAMES}][神大工总哥姐]|老[{_SURNAMES}]"
    f"|(?<![A-Za-z0-9])[A-Za-z]大|[{HAN}]神",
)
_TITLE = re.compile(f"《([^《》{GAP}\n]{{2,30}})》")
_QUOTED = re.compile(f"[“「]([^“”「」{GAP}\n]{{2,12}})[”」]")
_WORD = r"[A-Za-z][A-Za-z0-9]*(?:[-_.'’][A-Za-z0-9]+)*(?:/[0-9]+(?:\.[0-9]+)?|\+\+|\+(?![A-Za-z0-9])|#)?"
_LATIN = re.compile(rf"(?<![A-Za-z0-9_@$%.'’\\-]){_WORD}(?: {_WORD})*(?![A-Za-z0-9_@=\\-])")
_ENGLISH = r"[A-Za-z][A-Za-z0-9 .+/’'-]{1,60}"
_BRACKETS = re.compile(rf"[（(]\s?(?P<first>{_ENGLISH})(?:[，,、；;]\s?(?:简称)?\s?(?P<second>{_ENGLISH}))?\s?[)）]")
_BEFORE = re.compile(rf"[{HAN}A-Za-z0-9+ -]*[{HAN}](?=\s?$)")
_TURNED = re.compile(
    rf"(?<![A-Za-z0-9_.'’-])(?P<english>{_WORD}(?: {_WORD}){{0,4}})\s?[（(](?P<term>[{HAN}]{{2,12}})[)）]"
)
_SHORT = re.compile(r"[A-Z][A-Za-z0-9/-]*[A-Z0-9]s?")
_UNITS = frozenset(
    (  # noqa: SIM905  # a table to be read
        "gb mb kb tb gib mib kib ms ns us kg km cm mm hz ghz mhz am pm ok vs etc eg ie px em fps qps"
    ).split()
)
_MOST_LATIN = 4
"""Words of a Latin name; what is longer is English."""


def names(text: str) -> Iterator[Named]:
    """Find what looks like a name; the text has no addresses. Stretches may overlap."""
    yield from _persons(text)
    for found in _TITLE.finditer(text):
        yield Named(Span(*found.span(1)), TITLE)
    for found in _QUOTED.finditer(text):
        if is_phrase(words := cut(found[1])) and all(word.isalnum() for word in words):
            yield Named(Span(*found.span(1)), QUOTED)


def _persons(text: str) -> Iterator[Named]:
    edges: set[int] = set()
    for found in _PERSON.finditer(text):
        edges = edges or boundaries(text)
        whole, name = Span(*found.span()), Span(*found.span("name"))
        if whole.start in edges and whole.end in edges and not _is_ordinary(found):
            yield Named(whole, PERSON)
            if name.end - name.start > 1 and name.end in edges:
                yield Named(name, PERSON)


def _is_ordinary(found: re.Match[str]) -> bool:
    """Tell whether that is a word of everyday: 精神, 高大, 的神."""
    if found["name"] or found[0][0] == "老":
        return False
    return frequency(found[0]) > 0 or (found[0][0] not in _SURNAMES and is_function(found[0][0]))


def latin(text: str) -> Iterator[Named]:
    """Find the Latin names in a Chinese text, a name of several words as one; units and whole sentences are none."""
    for found in _LATIN.finditer(text):
        words = found[0].split(" ")
        if len(words) <= _MOST_LATIN and found[0].lower() not in _UNITS:
            yield Named(Span(*found.span()), LATIN)


def pairs(text: str) -> Iterator[Pair]:
    """Find terms with their English in brackets: 卷积神经网络（CNN）, CNN（卷积神经网络）."""
    for found in _BRACKETS.finditer(text):
        before = _BEFORE.search(text, max(0, found.start() - _REACH), found.start())
        starts = tuple(_starts(text, Span(*before.span()))) if before else ()
        if before:
            inside = Span(found.start() + 1, found.end() - 1)
            yield Pair(starts, before.end(), inside, *_told(found["first"], found["second"] or ""))
    for found in _TURNED.finditer(text):
        if is_phrase(cut(found["term"])):
            start, end = found.span("term")
            yield Pair((start,), end, Span(end, end), *_told(found["english"], ""))


def is_short(word: str) -> bool:
    """Tell whether a Latin word is an abbreviation: CNN, LoRA."""
    return _SHORT.fullmatch(word) is not None


def _told(first: str, second: str) -> tuple[str, str]:
    """Tell the English from its abbreviation."""
    parts = [part.strip() for part in (first, second)]
    short = next((part for part in parts if is_short(part)), "")
    return next((part for part in parts if part != short), ""), short


def _starts(text: str, span: Span) -> Iterator[int]:
    """Give where a term before a bracket may begin: at words, none of them a function word; the longest first."""
    words = cut(span.of(text))
    starts: list[int] = []
    at = span.end
    for word in reversed(words):
        if (is_function(fold(word)) and not _is_most(word)) or len(starts) > _MOST_PAIR:
            break
        at -= len(word)
        if not word.isspace():
            starts.append(at)
    return reversed([start for start in starts if has_han(text[start : span.end]) and span.end - start > 1])


def _is_most(word: str) -> bool:
    """Tell whether a word compares, which in a bracketed term is no chance: 近似最近邻."""
    return word[0] == "最" and len(word) > 1


_MOST_PAIR = 6
"""Words of a term before a bracket."""
_REACH = 40
"""Characters before a bracket that are looked at."""
