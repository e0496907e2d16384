"""English has no full-width punctuation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from translator.checks.check import Check, found
from translator.markdown import plain
from translator.model import Level, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from translator.model import Draft, Finding

FULL_WIDTH = re.compile("[\u3000-\u3003\u3008-\u3011\u3014-\u301f\uff01-\uff65]")


def run(draft: Draft) -> Iterator[Finding]:
    """Note which full-width marks there are."""
    signs = list(dict.fromkeys(FULL_WIDTH.findall(plain(draft.target.text))))
    if signs:
        at = draft.target.source.find(signs[0])
        listed = " ".join("(a full-width space)" if sign == "\u3000" else sign for sign in signs)
        yield found(f"Chinese punctuation is left: {listed}", target=Span(at, at + 1) if at >= 0 else None)


CHECK = Check("punctuation", Level.WARNING, "Full-width marks tear holes into a line of English.", run)
