"""Whether an answer is a translation at all: what is none, nobody should have to read.

Each rule looks at a source and what was said of it, and was tried on true pairs: of 35,000 that people wrote, two are
blamed. So what is merely strange passes; it is for the checks, and for whoever reviews.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from translator.markdown import plain
from translator.text import has_han

if TYPE_CHECKING:
    from collections.abc import Callable

HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
LETTER = re.compile(r"[^\W\d_]")
OTHER_SCRIPT = re.compile(
    "[\u0400-\u052f\u0590-\u06ff\u0900-\u0dff\u0e00-\u0eff\u3040-\u30ff\u1100-\u11ff\uac00-\ud7af]"
)
"""Cyrillic, Hebrew, Arabic, Indian, Thai and Lao, kana, Hangul; Greek stands in formulas."""
URL = re.compile(r"(?:https?://|www\.)[^\s<>()\[\]\"'，。；：！？）】」》]+", re.IGNORECASE)
TOKEN = re.compile(r"[a-z][a-z0-9]+|\d{2,}")
FOREIGN = re.compile(
    r"\b(?:le|la|les|des|une|du|est|sont|dans|pour|avec|nous|vous|ils|elle|elles|pas|sur|cette|aux|qui|mais|leur|très"
    r"|der|die|das|den|dem|und|ist|nicht|ein|eine|einen|mit|sind|auf|werden|wird|wir|ich|von|zu|für|auch|oder|bei"
    r"|el|los|las|una|es|para|con|que|del|por|como|est[aá]n?|nosotros|muy|pero|más|se|su"
    r"|il|gli|che|sono|della|per|questo|não|uma|você|são|os|em|um"
    r"|een|het|van|niet|voor|wij|med|och|att|det|som)\b",
    re.IGNORECASE,
)
ACCENTED = re.compile(r"\b(?!na[iï]ve|caf[eé]|clich[eé]|r[eé]sum[eé]|d[eé]j[aà]|fa[cç]ade)[a-zß-ÿ]*[ß-öø-ÿ][a-zß-ÿ]*\b")
ENGLISH = re.compile(
    r"\b(?:the|a|an|of|to|in|is|are|was|were|and|or|for|on|with|that|this|it|as|be|by|we|you|i|he|she|they|not|from|at"
    r"|have|has|can|will|do|does|if|but|which|when|what|how|there|then|so|use|used|using)\b",
    re.IGNORECASE,
)
CANNOT = r"(?:can['’]?t|cannot|can not|won['’]?t|am (?:not able|unable) to|['’]m (?:not able|unable) to)"
REFUSALS = (
    (
        r"^(?:i['’]?m|i am|we['’]?re)?\s*(?:very |so |truly )?sorry\b|^i (?:must )?apologi[sz]e\b",
        "歉|对不起|不好意思|遗憾|麻烦|打扰|劳驾|请问",
    ),
    (r"\bas an? (?:ai|artificial intelligence|(?:large )?language model)\b", "AI|智能|模型"),
    (
        rf"^(?:unfortunately, )?i ?{CANNOT} (?:\w+ )?(?:assist|help|translate|comply|fulfil|provide|process|do th)",
        "(?=.*[我咱俺])(?=.*(?:不|没|无法|难|别))",
    ),
    (
        r"\b(?:against|violates?) (?:my|our) (?:\w+ )?(?:guidelines|polic(?:y|ies)|principles)\b",
        "违|准则|政策|原则|规",
    ),
)
CHAT = (
    (r"\bhere(?:['’]s| is| are) (?:the|your|a|an|my) (?:\w+ ){0,3}translations?\b", "译"),
    (
        r"^(?:sure|certainly|of course|absolutely|okay|ok)\b[!,.:]* +(?:here|i['’]d be|i can|let me|the translation)\b",
        "译",
    ),
    (r"^(?:the )?(?:english )?translation(?: of .{1,30}| is| reads)?:", "译"),
    (
        r"\b(?:let me know if|feel free to ask|hope this helps|is there anything else)\b",
        "告诉|随时|帮|需要|问|希望|知道|说",
    ),
    (r"^(?:user|assistant|system|human)\s*:", "用户|助手|系统|人|user|assistant|system|human"),
    (r"```|^[\[{]\s*[\[{\"']", r"```|^[\[{]"),
)
"""Signs that an answer speaks to us instead of translating, and words of a source that may rightly lead to them."""
LEAST, FEW = 12, 8
"""Chinese characters below which a short answer says nothing, and below which a very short one does not."""
ACRONYM = re.compile(r"[A-Z][A-Z0-9/&.-]+s?$")
"""What a long name may be in English: LSTM, NZD/USD."""
LOOP = 6
"""So often in a row a word or a few stand only where a model cannot stop."""


@dataclass(frozen=True)
class _Pair:
    """A source and what was said of it, both with marks."""

    source: str
    said: str

    @cached_property
    def asked(self) -> str:
        return plain(self.source)

    @cached_property
    def words(self) -> str:
        return plain(self.said)

    @cached_property
    def han(self) -> int:
        return len(HAN.findall(self.asked))


def unsound(source: str, said: str) -> str:
    """Say why a text is no English of a source, both with marks; empty where nothing speaks against it."""
    pair = _Pair(source, said)
    return next((why for why, holds in RULES if holds(pair)), "")


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def _is_empty(pair: _Pair) -> bool:
    return bool(_letters(pair.asked)) and not _letters(pair.words)


def _is_echo(pair: _Pair) -> bool:
    return has_han(pair.asked) and _letters(pair.words) == _letters(pair.asked)


def _is_chinese(pair: _Pair) -> bool:
    """Nothing but Chinese, or so much of it that it is no quotation."""
    han, letters = len(HAN.findall(pair.words)), len(LETTER.findall(pair.words))
    return pair.han > 0 and han > 0 and (han == letters or (han > 3 and han * 2 > letters))


def _is_foreign(pair: _Pair) -> bool:
    strange = len(OTHER_SCRIPT.findall(pair.words))
    if strange > 3 and strange * 2 > len(LETTER.findall(pair.words)) and not OTHER_SCRIPT.search(pair.asked):
        return True
    size, english = len(pair.words.split()), len(ENGLISH.findall(pair.words))
    foreign = len(FOREIGN.findall(pair.words)) + len(ACCENTED.findall(pair.words)) - len(FOREIGN.findall(pair.asked))
    return (foreign >= 3 and foreign > 2 * english and foreign * 6 > size) or (
        foreign >= 2 and not english and size >= 3 and foreign * 4 > size
    )


def _has_sign(signs: tuple[tuple[str, str], ...]) -> Callable[[_Pair], bool]:
    made = [(re.compile(sign, re.IGNORECASE), re.compile(right, re.IGNORECASE)) for sign, right in signs]
    return lambda pair: any(sign.search(pair.words) and not right.search(pair.asked) for sign, right in made)


def _has_new_link(pair: _Pair) -> bool:
    return any(url.rstrip(".,;:!?") not in pair.source for url in URL.findall(pair.said))


def _is_too_short(pair: _Pair) -> bool:
    size = len(pair.words)
    return (pair.han >= LEAST and size < pair.han) or (
        pair.han >= FEW and size < 0.8 * pair.han and not ACRONYM.match(pair.words.strip())
    )


def _is_too_long(pair: _Pair) -> bool:
    return len(pair.words) > 120 + 7 * pair.han + 2 * (len(pair.asked) - pair.han)


def _runs_away(pair: _Pair) -> bool:
    """Says one to four words again and again, where the source does not."""
    words = pair.words.casefold().split()
    for size in range(1, 5):
        same = 0
        for now, before in zip(words[size:], words, strict=False):
            same = same + 1 if now == before else 0
            if same >= size * (LOOP - 1):
                return not re.search(r"(.{1,8}?)\1\1\1", pair.asked)
    return False


def _says_something_else(pair: _Pair) -> bool:
    """None of three words and numbers that Chinese writes as English does is there."""
    wanted = set(TOKEN.findall(pair.asked.casefold()))
    said = pair.words.casefold().replace(",", "")
    return len(wanted) >= 3 and not any(token in said for token in wanted)


RULES: tuple[tuple[str, Callable[[_Pair], bool]], ...] = (
    ("an empty answer", _is_empty),
    ("it said the source again", _is_echo),
    ("it answered in Chinese", _is_chinese),
    ("it refused", _has_sign(REFUSALS)),
    ("it talked instead of translating", _has_sign(CHAT)),
    ("it answered in another language than English", _is_foreign),
    ("it made up a link", _has_new_link),
    ("it is far too short: something is missing", _is_too_short),
    ("it says the same again and again", _runs_away),
    ("it is far too long: it says more than the source", _is_too_long),
    ("it says something else: no name and no number of the source is there", _says_something_else),
)
"""Why, and when; the first that holds is said."""
