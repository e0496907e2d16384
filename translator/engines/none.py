"""Answers nothing: every segment is left to a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from translator.model import Abilities, Answer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from translator.model import Job


class Nothing:
    """Leaves every target empty; that is no error."""

    name = "none"
    signature = "none"
    abilities = Abilities(drafts=False)

    def draft(self, jobs: Sequence[Job]) -> Iterator[Answer]:
        """Answer each job with no candidate."""
        return (Answer() for _ in jobs)


def ready() -> str:
    """Say what is missing: nothing ever is."""
    return ""


def open_engine(_: Mapping[str, str]) -> Nothing:
    """Give the engine."""
    return Nothing()
