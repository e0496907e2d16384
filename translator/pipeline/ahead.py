"""What comes next is prepared while what is there is worked on."""

from __future__ import annotations

from queue import Queue
from threading import Event, Thread
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")


def ahead(some: Iterator[T]) -> Iterator[T]:
    """Give what an iterator gives, the next one made in a thread meanwhile; its exception comes in its place.

    The thread is a daemon, and makes nothing more once this is closed.
    """
    made: Queue[tuple[T] | BaseException | None] = Queue(1)
    closed = Event()

    def make() -> None:
        end: BaseException | None = None
        try:
            for one in some:
                made.put((one,))
                if closed.is_set():
                    return
        except BaseException as error:  # noqa: BLE001  # it goes on in the other thread
            end = error
        made.put(end)

    Thread(target=make, daemon=True, name="duizhao-ahead").start()
    try:
        while (one := made.get()) is not None:
            if isinstance(one, BaseException):
                raise one
            yield one[0]
    finally:
        closed.set()
        while not made.empty():
            made.get_nowait()
