"""Numbers, dates and quantities survive translation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from translator.checks.check import Check, found
from translator.markdown import plain
from translator.model import Level, Span
from translator.text import literals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from translator.model import Draft, Finding


def run(draft: Draft) -> Iterator[Finding]:
    """Note each number of the source that the target does not say in any form English has for it."""
    source, target = plain(draft.source.text), plain(draft.target.text)
    counted = [one._replace(is_name=False) for one in literals.find(source) if not _is_word(one)]
    for one in literals.lost(counted, target):
        surface = one.span.of(source)
        at = draft.source.source.find(surface)
        yield found(f"{surface} is missing: “{one.wanted}”", source=Span(at, at + len(surface)) if at >= 0 else None)


def _is_word(one: literals.Literal) -> bool:
    return one.is_name and any(ch.isalpha() for ch in one.wanted)


CHECK = Check("numbers", Level.ERROR, "Readers trust figures.", run)
