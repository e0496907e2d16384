"""The checks: each one file, one row here, one file of good and bad examples in tests/checks.

A check is a value: an id, a level, a sentence saying why, and a function from a draft to findings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from translator.checks import (
    brackets,
    chinese,
    counts,
    implied,
    invented,
    links,
    names,
    negation,
    numbers,
    omission,
    punctuation,
    repetition,
    spelling,
    terms,
    untranslated,
)
from translator.model import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from translator.checks.check import Check
    from translator.model import Draft

__all__ = ["CHECKS", "run_checks"]

CHECKS: tuple[Check, ...] = (
    untranslated.CHECK,
    terms.CHECK,
    implied.CHECK,
    names.CHECK,
    numbers.CHECK,
    counts.CHECK,
    negation.CHECK,
    omission.CHECK,
    invented.CHECK,
    repetition.CHECK,
    spelling.CHECK,
    chinese.CHECK,
    links.CHECK,
    brackets.CHECK,
    punctuation.CHECK,
)


def run_checks(draft: Draft, checks: tuple[Check, ...] = CHECKS) -> Iterator[Finding]:
    """Give what is wrong with a translation; where nothing is said in English, only that is."""
    said = draft.target.source not in {"", draft.source.source}
    for check in checks:
        if said or check is untranslated.CHECK:
            yield from (Finding(check.id, check.level, f.message, f.source, f.target) for f in check.run(draft))
