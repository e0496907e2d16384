"""Reads CC-CEDICT: the senses of Chinese words, as phrases that can stand in a sentence.

The file itself does not ship; its licence, CC BY-SA 4.0, goes with what is derived from it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from translator.text.han import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

_ENTRY = re.compile(r"\S+ (\S+) \[([^]]*)\] /(.*)/")
_SEE = re.compile(r"see (?:\S+\|)?([^\s|\[]+)\[")
_WORD = re.compile("[\u3400-\u9fff]{2,8}")
_VERB = re.compile(r"(?:\([^()]*\) )*to ")
_FIT = re.compile(r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'.-]*(?: [A-Za-zÀ-ÿ0-9'.-]+){0,3}")
_EXPLAINS = re.compile(
    r"^not |\b(?:sb|sth|oneself|one|one's|sb's|etc|esp|variant|surname|prefix|suffix|particle|classifier|used|abbr|pr|"
    r"lit|fig|see|also|kind|type|name|said|i\.e|e\.g|CL|euphemism|who|which|that|something|somebody|someone|or|your?|my|his)\b"
)
"""What only an explanation says."""
_OUTSIDE = re.compile(
    r"\((?:[^()]*\b(?:literary|archaic|old|dialect|Tw|HK|Cantonese|bound form|onom|arch|classical|vulgar|derog|"
    r"honorific|humble|in former times|surname|grammar|suffix|TCM|Buddhism|place names|bird species)\b[^()]*)\)"
    r"|\b(?:[Cc]ounty|[Dd]istrict|[Tt]ownship|[Bb]anner)\b"
)
"""What no post says; and small places, whose names are words (湖里, 新龙)."""
_PLACE = re.compile(
    r" (?:(?:a |the )?(?:sub-?provincial|prefecture-level|county-level|autonomous|[Pp]rovince|[Cc]ity|town|"
    r"municipality|prefecture)\b.*|(?:in|near|or) .*)"
)


Entries = Mapping[str, Sequence[tuple[bool, Sequence[str]]]]
"""For each word its entries: whether it is a name, and its glosses."""


class Sense(NamedTuple):
    """What one gloss of an entry comes to."""

    english: str
    kind: str
    rank: int
    """Its place among the glosses."""


def read(lines: Iterable[str]) -> dict[str, list[tuple[bool, list[str]]]]:
    """Read the dictionary: for each folded word its entries, whether each is a name, and its glosses."""
    found: defaultdict[str, list[tuple[bool, list[str]]]] = defaultdict(list)
    for line in lines:
        entry = _ENTRY.match(line)
        if entry and _WORD.fullmatch(word := fold(entry[1])):
            found[word].append((entry[2][:1].isupper(), entry[3].split("/")))
    return found


def senses(entries: Entries, word: str) -> list[Sense]:
    """Give what the glosses of a word come to; those that are no English for it are left out."""
    found = []
    for is_name, glosses in entries.get(word, ()):
        is_idiom = any("(idiom)" in gloss for gloss in glosses)
        for rank, gloss in enumerate(_ordered(glosses) if is_idiom else glosses):
            see = _SEE.match(gloss)
            if see and see[1].startswith(word) and len(see[1]) == len(word) + 1:
                found += senses(entries, see[1])
            kind = "name" if is_name else "idiom" if is_idiom else "verb" if _VERB.match(gloss) else "word"
            if english := _english(gloss, kind):
                found.append(Sense(english, kind, rank))
    return found


def _ordered(glosses: Sequence[str]) -> list[str]:
    """Put what an idiom means before what it says: the part behind `fig.` or the mark first."""
    parts = [part for gloss in glosses for part in re.split(r"; |(?<=\(idiom\)) ", gloss)]
    literal = [part for part in parts if part.startswith("lit. ")]
    meant = [part for part in parts if part.startswith("fig. ")]
    rest = [part for part in parts if part not in literal and part not in meant]
    if not meant and len(rest) > 1 and "(idiom)" in rest[0]:
        rest = [*rest[1:], rest[0]]
    return [part.removeprefix("fig. ") for part in (*meant, *rest)]


def _english(gloss: str, kind: str) -> str:
    """Give the phrase of a gloss that can stand in a sentence, or nothing."""
    if _OUTSIDE.search(gloss) or (kind == "idiom" and ", " in gloss):
        return ""
    if kind == "name":
        gloss = _PLACE.sub("", re.split(r" \(|[,;:]", gloss.strip('"'))[0].strip('"')).removeprefix("the ")
        gloss = re.sub(r"\b[A-Z]{4,}\b", lambda family: family[0].capitalize(), gloss)
    plain = re.sub(r"\([^()]*\)", " ", re.split("; |, ", gloss)[0])
    plain = re.sub(r"^(?:(?:to|be|an?(?! (?:little|few|lot))) )+(?=\S)", "", " ".join(plain.split()).strip(".!"))
    return plain if _FIT.fullmatch(plain) and not _EXPLAINS.search(plain) and len(plain) <= 30 else ""
