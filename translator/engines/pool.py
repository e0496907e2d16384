"""Several requests under way at once, answers as they come, and an end at once when nobody wants more.

Threads are daemons: a request that hangs does not keep the program from ending. A worker begins its next request only
when its last answer was taken and dealt with, so that, whatever happens, at most as many answers are lost as there are
workers.
"""

from __future__ import annotations

import time
from collections import deque
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from translator.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar("T")
DEADLINE = 600.0
"""Seconds that one call may take, all its retries counted."""
GRACE = 15.0
"""Seconds that are waited, once one call has failed, for the answers of the others: they are paid for."""
LOOK = 0.2
"""Seconds between two looks at the clock."""


class _Done(NamedTuple, Generic[T]):
    place: int
    value: T | None
    error: BaseException | None
    dealt_with: Event


def spread(calls: Sequence[Callable[[Event], T]], most: int, deadline: float = DEADLINE) -> Iterator[tuple[int, T]]:
    """Make calls, at most `most` at once, and give each one's index and value as soon as it is there.

    Each call is given an event that is set when nothing more is to be asked. The first exception goes on to the caller,
    after the values of the calls that were under way. A call that takes longer than `deadline` seconds is given up with
    an `EngineError`, its thread left to itself. Closing the iterator asks nothing more.
    """
    todo, done, ended = deque(range(len(calls))), SimpleQueue[_Done[T]](), Event()
    begun: dict[int, float] = {}

    def work() -> None:
        while not ended.is_set():
            try:
                n = todo.popleft()
            except IndexError:
                return
            begun[n] = time.monotonic()
            one = _made(n, calls[n], ended)
            done.put(one)
            one.dealt_with.wait()

    for _ in range(min(most, len(calls))):
        Thread(target=work, daemon=True, name="duizhao-request").start()
    failed: BaseException | None = None
    until = float("inf")
    left = len(calls)
    try:
        while left and not (failed and (not begun or time.monotonic() > until)):
            try:
                one = done.get(timeout=LOOK)
            except Empty:
                if not failed and (late := _late(begun, deadline)) is not None:
                    begun.pop(late)
                    failed, until = _overdue(deadline), time.monotonic() + GRACE
                    ended.set()
                continue
            if one.error:
                failed = failed or one.error
                until = min(until, time.monotonic() + GRACE)
                ended.set()
            else:
                yield one.place, one.value  # type: ignore[misc]  # without an error there is a value
            left -= 1
            begun.pop(one.place, None)
            one.dealt_with.set()
        if failed:
            raise failed
    finally:
        ended.set()


def _made(n: int, call: Callable[[Event], T], ended: Event) -> _Done[T]:
    try:
        return _Done(n, call(ended), None, Event())
    except BaseException as error:  # noqa: BLE001  # it goes on to the caller, in the caller's thread
        return _Done(n, None, error, Event())


def _late(begun: dict[int, float], deadline: float) -> int | None:
    now = time.monotonic()
    return next((n for n, at in list(begun.items()) if now - at > deadline), None)


def _overdue(deadline: float) -> EngineError:
    return EngineError(f"a request had no answer within {deadline:.0f} seconds; what was answered is kept")
