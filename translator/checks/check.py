"""What a check is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from translator.model import Finding, Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from translator.model import Draft, Span


@dataclass(frozen=True)
class Check:
    """One thing that can be wrong with a translation."""

    id: str
    level: Level
    why: str
    """A sentence for the documentation."""
    run: Callable[[Draft], Iterator[Finding]]


def found(message: str, source: Span | None = None, target: Span | None = None) -> Finding:
    """Make a finding; its check and level are filled in by `run_checks`."""
    return Finding("", Level.ERROR, message, source, target)
