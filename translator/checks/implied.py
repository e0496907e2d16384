"""Terms that the English leaves to “it”: no error, and good to know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from translator.checks.check import Check, found
from translator.checks.terms import became, full_text, place
from translator.glossary.enforce import Became
from translator.model import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from translator.model import Draft, Finding


def run(draft: Draft) -> Iterator[Finding]:
    """Note each mention that is not named again where the post's first mention of its term is right."""
    for said in became(draft, full_text(draft)):
        if said.became is Became.IMPLIED:
            surface = said.mention.surface
            yield found(f"{surface} is not named again, only meant", source=place(draft.source.source, surface))


CHECK = Check("implied", Level.INFO, "A term that is named right once may be “it” afterwards.", run)
