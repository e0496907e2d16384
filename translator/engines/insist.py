"""Asking again: which failures of a request pass by themselves, how long to wait, and when to give up.

The home of stamina. The vendors' own retries are turned off.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from translator.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Event

    from translator.meter import Meter

T = TypeVar("T")


class EndedError(EngineError):
    """Nobody wants the answer any more."""


class Failure(NamedTuple):
    """What a failed request means."""

    why: str
    """One sentence for the user: what failed, and how to mend it."""
    passes: bool = False
    """Whether asking again may help."""
    wait: float | None = None
    """Seconds that the server asks us to wait."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a request is insisted on: the waits double, with jitter."""

    attempts: int = 5
    seconds: float = 120.0
    """In all, waits and requests together."""
    first: float = 0.5
    longest: float = 20.0
    jitter: float = 1.0


PATIENCE = Patience()


def insist(
    call: Callable[[], T],
    judge: Callable[[Exception], Failure | None],
    meter: Meter,
    ended: Event,
    patience: Patience = PATIENCE,
) -> T:
    """Make a request, and make it again while its failures are such as pass.

    `judge` says what an exception means; None: it is no failure of a request, and goes on as it is. Raises
    `EngineError` with the failure's sentence when it does not pass, when patience ends, or when `ended` is set.
    """
    import stamina  # noqa: PLC0415  # only engines that ask others need it
    from stamina.instrumentation import set_on_retry_hooks  # noqa: PLC0415

    set_on_retry_hooks([])  # it would log, and what it logs holds the arguments
    begun = time.monotonic()

    def again(error: Exception) -> bool | float:
        failure = judge(error)
        if failure is None or not failure.passes or ended.is_set():
            return False
        left = patience.seconds - (time.monotonic() - begun)
        if failure.wait is not None and failure.wait > left:
            return False
        meter.retry(failure.why)
        return True if failure.wait is None else failure.wait + patience.first

    try:
        for attempt in stamina.retry_context(
            on=again,
            attempts=patience.attempts,
            timeout=patience.seconds,
            wait_initial=patience.first,
            wait_max=patience.longest,
            wait_jitter=patience.jitter,
        ):
            with attempt:
                _heed(ended)
                return call()
    except EngineError:
        raise
    except Exception as error:
        failure = judge(error)
        if failure is None:
            raise
        raise EngineError(_given_up(failure, patience)) from None  # the vendor's exception may hold a key
    raise AssertionError  # pragma: no cover


def _heed(ended: Event) -> None:
    if ended.is_set():
        raise EndedError("nothing more was asked")


def _given_up(failure: Failure, patience: Patience) -> str:
    if not failure.passes:
        return failure.why
    if failure.wait is not None and failure.wait > patience.seconds:
        return f"{failure.why}; the server asks to wait {failure.wait:,.0f} seconds: try again then"
    return f"{failure.why}; given up after {patience.attempts} tries or {patience.seconds:.0f} seconds"


def retry_after(value: str | None) -> float | None:
    """Read a `Retry-After` header, seconds or a date (RFC 9110, 10.2.3); None where it says neither."""
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
