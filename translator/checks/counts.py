"""Small numbers that count something are said: 三种情形, 两遍, 第二步, 一半."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from translator.checks.check import Check, found
from translator.checks.terms import place
from translator.markdown import plain
from translator.model import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from translator.model import Draft, Finding

MEASURES = (
    "个種种次条台块份篇行列张层步类遍页位名项组句段章节件家倍天周年颗只套对轮批版路级阶门款座处场回道字人声把头根支"
    "杯小大部点"
)
COUNTED = re.compile(
    f"(?<![〇零一二两三四五六七八九十百千万几数多0-9.点星])(?P<count>[两三四五六七八九])(?P<what>[{MEASURES}])(?![十百千万亿分点以之])"
    "|第(?P<rank>[二三四五六七八九])(?![十百千])"
    "|(?<![一大多小对过])一(?P<half>半)(?!天|会|截|响)"
)
SAID = {
    "两": r"two|2|both|either|neither|pairs?|double\w*|dual|twice|couple|bi\w+|each other|another|halves|twins?"
    r"|second|latter|between|respective\w*",
    "二": r"second\w*|two|2(?:nd)?|another|next|other|latter",
    "三": r"three|third\w*|3(?:rd|d)?|tri\w+|thrice",
    "四": r"four|fourth\w*|4(?:th|d)?|quad\w*|quarter\w*",
    "五": r"five|fifth\w*|5(?:th)?",
    "六": r"six|sixth\w*|6(?:th)?",
    "七": r"seven|seventh\w*|7(?:th)?",
    "八": r"eight|eighth\w*|8(?:th)?|oct\w+",
    "九": r"nine|ninth\w*|9(?:th)?",
    "半": r"half|halves|halv\w+|semi\w*|hemi\w*|mid\w*|50|0\.5",
}
FORMS = {
    numeral: re.compile(rf"(?<![A-Za-z0-9])(?:{forms})(?![A-Za-z0-9])", re.IGNORECASE)
    for numeral, forms in SAID.items()
}
"""How each is said; a digit, too, where it stands by itself."""

SIGNS = {
    "two": "二两双俩对2",
    "twice": "二两双倍再2",
    "double": "二两双倍加2",
    "half": "半5",
    "three": "三叁3",
    "third": "三3",
    "four": "四4",
    "five": "五5",
    "six": "六6",
    "seven": "七7",
    "eight": "八8",
    "nine": "九9",
}
"""What in a source may lead to a number that is written out."""
SPELLED = re.compile(rf"(?<![\w-])(?:{'|'.join(SIGNS)})(?![\w-])", re.IGNORECASE)


def run(draft: Draft) -> Iterator[Finding]:
    """Note each number from two to nine, and each half, that a draft says in no form or makes up in words.

    All other numbers are `numbers`' affair.
    """
    if draft.state.is_done:
        return
    source, target = plain(draft.source.text), plain(draft.target.text)
    for counted in COUNTED.finditer(source):
        numeral = counted["count"] or counted["rank"] or counted["half"]
        if not FORMS[numeral].search(target) and not _is_mentioned(draft, counted.start()):
            yield found(f"{counted[0]} is not counted", source=place(draft.source.source, counted[0]))

    for made in dict.fromkeys(SPELLED.findall(target)):
        if not any(sign in source for sign in SIGNS[made.lower()]):
            yield found(f"“{made}”: the source does not count so", target=place(draft.target.source, made))


def _is_mentioned(draft: Draft, at: int) -> bool:
    return any(mention.span.start <= at < mention.span.end for mention in draft.mentions)


CHECK = Check("counts", Level.WARNING, "“The ways” are not “three ways”.", run)
