"""Every segment says something in English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from translator.checks.check import Check, found
from translator.model import Level, State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from translator.model import Draft, Finding


def run(draft: Draft) -> Iterator[Finding]:
    """Note a segment without a target, and one whose target is its source."""
    if draft.state is State.JOINED:
        return
    if not draft.target.source:
        yield found("nothing is said in English yet")
    elif draft.target.source == draft.source.source:
        yield found("the source itself stands here")


CHECK = Check("untranslated", Level.ERROR, "A reader of the English would meet Chinese, or nothing.", run)
