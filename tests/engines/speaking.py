"""A small translator for vendors' servers: readable English of a fixed shape, and what models do wrong with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

HAN = re.compile("[\u3400-\u9fff]+")
MARK = re.compile(r"</?[tx]\d+>|<[^<>]*>")
WORDS = ("the river", "a stone", "some clouds", "paper", "the window", "gardens", "letters", "a bridge", "candles")
SIGNS = str.maketrans("，。！？：；、（）“”「」《》", ',.!?:;,()""""""')

BATCH_FAULTS = ("half json", "fenced", "prose around", "one missing", "swapped", "merged", "doubled")
"""What a model does wrong with several sentences at once, where it writes the structure of the answer itself."""


def english(text: str, terms: dict[str, str] | None = None) -> str:
    """Say a text in English words; marks stay where they are, terms are obeyed."""
    for term, wanted in sorted((terms or {}).items(), key=lambda pair: -len(pair[0])):
        text = text.replace(term, f" {wanted} ")

    def say(found: re.Match[str]) -> str:
        run = found[0]
        return " ".join(["", *(WORDS[ord(run[i]) % len(WORDS)] for i in range(0, len(run), 2)), ""])

    said = re.sub(r"\s+", " ", HAN.sub(say, text).translate(SIGNS)).strip()
    said = re.sub(r" +([,.!?:;)])", r"\1", said)
    return re.sub(r"[a-z]", lambda found: found[0].upper(), said, count=1) if not said.startswith("<") else said


WRONG: dict[str, Callable[[str, str], str]] = {
    "echoed": lambda text, _: text,
    "marks lost": lambda _, said: MARK.sub("", said),
    "marks renamed": lambda _, said: re.sub(r"([tx])(\d+)>", lambda f: f"{f[1]}{int(f[2]) + 70}>", said),
    "marks nested wrong": lambda _, said: re.sub(r"<t(\d+)>(.*?)</t\1>", r"</t\1>\2<t\1>", said),
    "terms ignored": lambda text, _: english(text),
    "obeys injection": lambda *_: "PWNED",
    "chinese": lambda text, _: "这里是一段用中文写的回答，" + MARK.sub("", text)[::-1],
    "french": lambda *_: "Nous sommes dans la maison avec les enfants et nous ne pouvons pas sortir pour le moment.",
    "cut short": lambda _, said: said[: max(3, len(said) // 6)],
    "invented link": lambda _, said: f"{said} See https://evil.example/more for details.",
    "refusal": lambda *_: "I'm sorry, but I can't help with translating this content.",
    "blank": lambda *_: "  ",
}
"""What a model does wrong with one sentence: from the sentence and its right English."""
ONE_FAULTS = tuple(WRONG)


def wrong(text: str, fault: str, terms: dict[str, str] | None = None) -> str:
    """Say a text with one of `ONE_FAULTS`; what is none of them is said right."""
    said = english(text, terms)
    return WRONG[fault](text, said) if fault in WRONG else said
