"""Answers with the source itself: the engine of tests and of round trips."""

from __future__ import annotations

from typing import TYPE_CHECKING

from translator.engines import ENGINES
from translator.model import NO_USAGE, Answer, Candidate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from translator.meter import Meter
    from translator.model import Job, Usage


class Echo:
    """Says what it was asked."""

    name = "echo"
    signature = "echo"
    abilities = ENGINES["echo"].abilities

    def draft(self, jobs: Sequence[Job], _: Meter) -> Iterator[tuple[int, Answer]]:
        """Answer each job with its own text."""
        return ((n, Answer((Candidate(job.text),))) for n, job in enumerate(jobs))

    def expect(self, _: Sequence[Job]) -> Usage:
        """Expect nothing to be taken."""
        return NO_USAGE


def ready(_: Mapping[str, str]) -> str:
    """Say what is missing: nothing ever is."""
    return ""


def open_engine(_: Mapping[str, str]) -> Echo:
    """Give the engine."""
    return Echo()
