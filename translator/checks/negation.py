"""What the source denies is denied, and nothing else."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from translator.checks.check import Check, found
from translator.checks.terms import place
from translator.markdown import plain
from translator.model import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from translator.model import Draft, Finding

DENIES = re.compile("[不没无未勿]|非(?!常)|别(?=[再忘把让去用跟想])|禁止|并非")
DENIES_NOTHING = re.compile(
    "不仅|不但|不只|不光|不止|不单|不断|不同|不过|不论|不管|不妨|不愧|不禁|不由|不得不|[不无]不|不[能可会]不"
    "|非.{1,12}(?:不可|莫属)|非[^，。]{1,6}不可|不外|不少|不久|不错|不如|不一(?!定|样|致)|不等于|差不多|要不(?!要)"
    "|说不定|对不起|不好意思|了不起|不得了|不亦乐乎|不约而同|不言而喻|不可避免|不知不觉|不可或缺"
    "|不[^不，。]不|无论|无数|无穷|无限|无比|无疑|无意(?!义)|无聊|无奈|无非|无线|无关|无缝|无障碍|无监督"
    "|没准|没错|没关系|未来|未必|未免|未尝|非洲|除非|莫非|若非|是非|[^一-龥]非[^一-龥]|别[人的家名处致]"
    "|[个分区类级特识鉴差辨性派告]别|是不是|有没有|(.)不\\1|是否|能否|与否|可否"
    "|否[则定认决]"
)
"""Idioms: they deny nothing, or English has ways of its own for them."""
HINTS = re.compile(r"[不没无未勿非别否莫弗缺少禁免避几难才拒懒]|not\b|\bno\b|without|never", re.IGNORECASE)
"""What may lead to a negation in English."""
WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*-?")
WORDS = re.compile(
    r"not|no|never|cannot|neither|nor|without|nothing|nobody|nowhere|none|[a-z]+n['’]t|unless|except|instead|rather|hardly|rarely|seldom|scarcely"
    r"|few|fewer|less|otherwise|null|void|empty|beyond|anymore|stale|bare|hidden|free|regardless|decentral.*|insignifican.*|irr.*|illegal.*"
    r"|fail(?!over).*|lack.*|miss(?:ed|es|ing)?|prevent.*|avoid.*|ignor.*|omit.*|skip.*|exclu.*|refus.*|den(?:y|ie[sd])|silent.*|forbid.*|prohibit.*"
    r"|disallow.*|suppress.*|absen.*|different.*|reject.*|discard.*|remains?|abort.*|drop.*|.{3,}less(?:ly|ness)?|.+-free|non.*|mis(?!sion)[a-z]{4,}"
    r"|dis(?!k|tr|cu|cip|p|c|t).*|un(?!der|ti|it|io|iv|iq|ix).{3,}|im(?:mut|bal|pos|per|prop|prec|plau|mat|mob).*"
    r"|in(?:a|v(?!ol|ok|est|it|ent)|dep|dir|eff|equ|exp|suff|sec|sens|sig|cor|con(?!t|f|n|v|c)|comp|def|dis|fin|sep|tol|vis|hum|curs|act|elig|flex).*"
    r"|.+-(?:no|in|un).*",
    re.IGNORECASE,
)
"""Words that may say a negation in English: rather too many than too few, for false alarms are a nuisance."""
PHRASES = re.compile(r"\b(?:out of|far from|too \w+ to)\b", re.IGNORECASE)
NOT = re.compile(r"\b(?:not|never|cannot|neither|without|nothing|nobody|nowhere|none|no)\b|n['’]t\b", re.IGNORECASE)
"""What is a negation and nothing else."""
NO_NOT = re.compile(
    r"\bnot (?:only|just|merely|simply|to mention|least)\b|\bno (?:matter|longer than)\b"
    r"|\bwhy (?:not|don['’]t)\b|\bno\. ?\d|^no,",
    re.IGNORECASE,
)


def run(draft: Draft) -> Iterator[Finding]:
    """Note where a draft says fewer negations than the source, and where more than anything there leads to."""
    if draft.state.is_done:
        return
    source, target = plain(draft.source.text), plain(draft.target.text)
    denied = _denied(source)
    if len(denied) > _said(target) and not _said(source):
        listed = ", ".join(f"“{each}”" for each in dict.fromkeys(denied))
        yield found(f"not said: {listed}", source=place(draft.source.source, denied[0]) if len(denied) == 1 else None)
    elif (made := NOT.findall(NO_NOT.sub(" ", target))) and len(made) > len(HINTS.findall(source)):
        listed = ", ".join(f"“{each}”" for each in dict.fromkeys(made))
        yield found(
            f"not in the source: {listed}", target=place(draft.target.source, made[0]) if len(made) == 1 else None
        )


@lru_cache(maxsize=16384)
def _may_deny(word: str) -> bool:
    return WORDS.fullmatch(word) is not None


def _said(text: str) -> int:
    return sum(map(_may_deny, WORD.findall(text))) + len(PHRASES.findall(text))


def _denied(source: str) -> list[str]:
    return DENIES.findall(DENIES_NOTHING.sub(" ", source)) if DENIES.search(source) else []


CHECK = Check("negation", Level.WARNING, "A lost “not” says the contrary, in good English.", run)
