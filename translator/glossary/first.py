"""The first mention of a term in a post."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from translator.model import Mention

_GLOSS = re.compile(r"\s*[（(]\s*[A-Za-z][^（）()]*[）)]")
_GLOSSED = re.compile(r"[A-Za-z][\w-]*\s*[（(]\s*$")


def with_first(
    mentions: Sequence[Sequence[Mention]], texts: Sequence[str], eligible: Sequence[bool]
) -> list[tuple[Mention, ...]]:
    """Want each term's `first` form at its first eligible mention in a post, given segment by segment.

    Where the author glosses it there, 卷积神经网络（CNN）, the plain translation is enough, and the term is introduced.
    """
    introduced: set[str] = set()
    return [
        tuple(_introduce(found, text, introduced) if may else found)
        for found, text, may in zip(mentions, texts, eligible, strict=True)
    ]


def _introduce(mentions: Sequence[Mention], text: str, introduced: set[str]) -> Iterator[Mention]:
    for mention in mentions:
        term = mention.term
        if not term.first or term.term in introduced:
            yield mention
            continue
        introduced.add(term.term)
        yield mention if _is_glossed(mention, text) else replace(mention, wanted=term.first)


def _is_glossed(mention: Mention, text: str) -> bool:
    after = _GLOSS.match(text, mention.span.end)
    return after is not None or _GLOSSED.search(text[: mention.span.start]) is not None
