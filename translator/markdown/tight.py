"""Which paragraphs stand in lists without empty lines: one more paragraph there would set the whole list apart."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from translator.markdown.parse import normalised
from translator.markdown.rules import block_tokens
from translator.model import Span

if TYPE_CHECKING:
    from translator.model import Document


def tight(document: Document, *, mdx: bool = False) -> frozenset[int]:
    """Give the blocks, by index, that a renderer shows without paragraphs of their own."""
    if not any("item" in block.containers for block in document.blocks):
        return frozenset()
    start = document.front.end if document.front else int(document.text.startswith("\ufeff"))
    tokens, _ = block_tokens(normalised(document.text)[start:], mdx=mdx)
    hidden = [
        Span(token.meta["lines"][0][0] + start, token.meta["lines"][-1][1] + start)
        for before, token in pairwise(tokens)
        if before.hidden and before.nesting > 0 and token.meta.get("lines")
    ]
    found, n = set(), 0
    for index, block in enumerate(document.blocks):
        while n < len(hidden) and hidden[n].end < block.span.start:
            n += 1
        if n < len(hidden) and hidden[n].start <= block.span.start:
            found.add(index)
    return frozenset(found)
