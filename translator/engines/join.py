"""Puts the translations of a job's parts together again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from translator.model import Candidate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from translator.engines.ask import Ask

TAILS = {"，": ",", "、": ",", "；": ";", "：": ":", ",": ",", ";": ";", ":": ":"}
"""What a part cut off at a mark of punctuation ends with in English."""
_LAST_MARK = re.compile(r"[\s.,;:]+((?:</t[0-9]+>)*)$")
_SPACED = re.compile(r"[\w.,;:!?)>\"”’%]$")
_LETTERED = re.compile(r"[A-Za-z0-9_]$")
_OPENING = re.compile(r"<t[0-9]+>$")


def joined(asks: Sequence[Ask], said: Sequence[Sequence[Candidate]]) -> list[Candidate]:
    """Give whole candidates: the best of every part, then the second best of every part, and so on."""
    if not all(said):
        return []
    rows = [[each[min(n, len(each) - 1)] for each in said] for n in range(max(map(len, said)))]
    return [Candidate(_text(asks, [c.text for c in row]), _score(asks, row)) for row in rows]


def _score(asks: Sequence[Ask], row: Sequence[Candidate]) -> float | None:
    asked = [(len(ask.text), each.score) for ask, each in zip(asks, row, strict=True) if ask.is_asked]
    known = [(n, score) for n, score in asked if score is not None]
    if asked and not known:
        return None
    return round(sum(n * score for n, score in known) / max(1, sum(n for n, _ in known)), 4)


def _text(asks: Sequence[Ask], texts: Sequence[str]) -> str:
    out = ""
    for n, (ask, text) in enumerate(zip(asks, texts, strict=True)):
        new = _ended(ask, text) if n + 1 < len(asks) and ask.is_asked else text
        if ask.is_asked and out.rstrip(" >")[-1:] not in ".!?" and out:
            new = _continued(ask, new)
        is_glued = n > 0 and new.startswith("<x") and _LETTERED.search(asks[n - 1].text) and _LETTERED.search(out)
        out += (" " if _is_apart(out, new) and not is_glued else "") + new
    return out


def _ended(ask: Ask, text: str) -> str:
    """End a part as its source ends."""
    last = ask.text.rstrip()[-1:]
    if last in "。！？!?…":
        return text
    return _LAST_MARK.sub(r"\1", text) + TAILS.get(last, "")


def _continued(ask: Ask, text: str) -> str:
    """Begin in lower case, in the middle of a sentence; names stay."""
    names = (*(hint.wanted for hint in ask.hints), *(each.wanted for each in ask.literals))
    if re.match(r"(?!Chinese|English|Japanese|American)[A-Z][a-z]+\b", text) and not text.startswith(names):
        return text[0].lower() + text[1:]
    return text


def _is_apart(before: str, after: str) -> bool:
    if not before or not after or _OPENING.search(before):
        return False
    return bool(_SPACED.search(before)) and bool(re.match(r"[\w(\"“$`]|<[tx]", after))
