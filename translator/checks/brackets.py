"""Brackets and quotation marks that are opened are closed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from translator.checks.check import Check, found
from translator.checks.terms import place
from translator.markdown import plain
from translator.model import Level
from translator.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from translator.model import Draft, Finding

PAIRS = (("(", ")"), ("[", "]"), ("{", "}"), ("“", "”"), ("「", "」"), ("『", "』"), ("《", "》"))
ITEM = re.compile(r"(?<![\w(.])(?:[0-9]{1,2}|[a-zA-Z]|[ivx]+)\)|[:;]-?[()]")
"""`1)` before an item of a list, and faces: brackets that nothing opens or closes."""


def run(draft: Draft) -> Iterator[Finding]:
    """Note where a draft does not close what it opens, or the reverse, though the source does."""
    if draft.state.is_done:
        return
    target = plain(draft.target.text)
    open_ = _open(target)
    if open_ and not _open(fold(plain(draft.source.text))):
        yield found(f"stands without its other half: {open_}", target=place(draft.target.source, open_))


def _open(text: str) -> str:
    """Give the first bracket or quotation mark that has no other half."""
    for left, right in PAIRS:
        if text.count(left) != text.count(right):
            bare = ITEM.sub(" ", text)
            if (more := bare.count(left) - bare.count(right)) != 0:
                return left if more > 0 else right
    return '"' if text.count('"') % 2 else ""


CHECK = Check(
    "brackets", Level.WARNING, "Where a bracket stands open, what follows in the source was lost as a rule.", run
)
