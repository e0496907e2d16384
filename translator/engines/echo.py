"""Answers with the source itself: the engine of tests and of round trips."""

from __future__ import annotations

from typing import TYPE_CHECKING

from translator.model import Abilities, Answer, Candidate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from translator.model import Job


class Echo:
    """Says what it was asked."""

    name = "echo"
    signature = "echo"
    abilities = Abilities(drafts=False, identity=True)

    def draft(self, jobs: Sequence[Job]) -> Iterator[Answer]:
        """Answer each job with its own text."""
        return (Answer((Candidate(job.text),)) for job in jobs)


def ready() -> str:
    """Say what is missing: nothing ever is."""
    return ""


def open_engine(_: Mapping[str, str]) -> Echo:
    """Give the engine."""
    return Echo()
