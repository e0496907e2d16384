"""Answers nothing: every segment is left to a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from translator.engines import ENGINES
from translator.model import NO_USAGE, Answer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from translator.meter import Meter
    from translator.model import Job, Usage


class Nothing:
    """Leaves every target empty; that is no error."""

    name = "none"
    signature = "none"
    abilities = ENGINES["none"].abilities

    def draft(self, jobs: Sequence[Job], _: Meter) -> Iterator[tuple[int, Answer]]:
        """Answer each job with no candidate."""
        return ((n, Answer()) for n in range(len(jobs)))

    def expect(self, _: Sequence[Job]) -> Usage:
        """Expect nothing to be taken."""
        return NO_USAGE


def ready(_: Mapping[str, str]) -> str:
    """Say what is missing: nothing ever is."""
    return ""


def open_engine(_: Mapping[str, str]) -> Nothing:
    """Give the engine."""
    return Nothing()
