"""What a run takes, counted from any thread, and the limit that it must not pass."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from translator.errors import EngineError
from translator.model import NO_USAGE

if TYPE_CHECKING:
    from translator.model import Usage


class LimitError(EngineError):
    """The next request could cost more than the user allows."""


class Meter:
    """Adds up requests as they are made."""

    def __init__(self, limit: float | None = None) -> None:
        self.limit = limit
        """In US dollars."""
        self.taken = NO_USAGE
        self.retried = 0
        """Requests that were made again."""
        self.kept = 0
        """Answers that were there from an earlier run."""
        self.notes: dict[str, int] = {}
        """What went wrong and was mended by asking again, and how often."""
        self._lock = Lock()
        self._promised = 0.0

    def may(self, expected: Usage) -> None:
        """Ask leave for one request; raises `LimitError` where it could pass the limit, requests under way counted."""
        with self._lock:
            would = self.taken.cost + self._promised + expected.cost
            if self.limit is not None and would > self.limit:
                raise LimitError(
                    f"stopped: ${self.taken.cost:.4f} is spent, and the next request could pass the limit of"
                    f" ${self.limit:g}; what is done is kept, and a higher --max-cost goes on from there"
                )
            self._promised += expected.cost

    def add(self, usage: Usage, expected: Usage = NO_USAGE) -> None:
        """Count what a request took; `expected` is what leave was given for."""
        with self._lock:
            self.taken = self.taken.plus(usage)
            self._promised = max(0.0, self._promised - expected.cost)

    def retry(self, why: str) -> None:
        """Count a request that is made again."""
        with self._lock:
            self.retried += 1
            self.notes[why] = self.notes.get(why, 0) + 1

    def found(self) -> None:
        """Count an answer that was kept from an earlier run."""
        with self._lock:
            self.kept += 1
