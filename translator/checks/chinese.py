"""No Chinese is left in the English."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from translator.checks.check import Check, found
from translator.markdown import plain
from translator.model import Level, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from translator.model import Draft, Finding


HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]+")


def run(draft: Draft) -> Iterator[Finding]:
    """Note what Chinese there is; what the glossary itself writes in Chinese is meant."""
    text = " ".join([plain(draft.target.text), *(inner.text for inner in draft.target.inners)])
    for mention in draft.mentions:
        text = text.replace(mention.wanted, " ")
    left = list(dict.fromkeys(HAN.findall(text)))
    if left:
        at = draft.target.source.find(left[0])
        listed = ", ".join(f"“{run_}”" for run_ in left)
        yield found(f"Chinese is left: {listed}", target=Span(at, at + len(left[0])) if at >= 0 else None)


CHECK = Check("chinese", Level.ERROR, "What was forgotten stands out to every reader.", run)
