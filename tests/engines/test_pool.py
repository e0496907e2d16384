"""Requests under way at once: every value once, ends soon, loses no more than what was under way."""

import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.engines.pool import spread
from translator.errors import EngineError


def value(n, seconds=0.0):
    def call(_):
        time.sleep(seconds)
        return n

    return call


def failing(_):
    raise EngineError("the line is dead")


def until_it_ends(running):
    got = []
    try:
        for one in running:
            got += [one]
    except EngineError as error:
        return got, error
    return got, None


@given(st.integers(0, 30), st.integers(1, 9))
@settings(max_examples=30, deadline=None)
def test_every_value_comes_once_with_its_index(size, most):
    assert sorted(spread([value(n * n) for n in range(size)], most)) == [(n, n * n) for n in range(size)]


def test_no_more_run_at_once_than_allowed():
    running, seen, lock = [0], [0], threading.Lock()

    def call(_):
        with lock:
            running[0] += 1
            seen[0] = max(seen[0], running[0])
        time.sleep(0.02)
        with lock:
            running[0] -= 1

    list(spread([call] * 20, 4))
    assert seen[0] == 4


def test_what_is_there_comes_before_the_error():
    calls = [value(0), value(1, 0.3), failing, value(3, 0.3)]
    got, error = until_it_ends(spread(calls, 4))
    assert str(error) == "the line is dead"
    assert sorted(got) == [(0, 0), (1, 1), (3, 3)]


def test_after_an_error_nothing_more_is_asked():
    asked = []

    def call(_):
        asked.append(1)
        time.sleep(0.05)

    with pytest.raises(EngineError):
        list(spread([failing, *[call] * 50], 2))
    assert len(asked) <= 2


def test_closing_it_asks_nothing_more():
    asked = []

    def call(ended):
        asked.append(ended)
        return len(asked)

    running = spread([call] * 50, 3)
    next(running)
    running.close()
    time.sleep(0.1)
    assert len(asked) <= 4
    assert asked[0].is_set()


def test_an_answer_that_is_not_taken_keeps_its_worker():
    """So that at most as many answers as there are workers are lost when the program is killed."""
    asked = []

    def call(_):
        asked.append(1)

    running = spread([call] * 20, 3)
    for taken in range(1, 8):
        next(running)
        time.sleep(0.03)
        assert len(asked) <= taken - 1 + 3
    running.close()


def test_a_call_that_takes_too_long_is_given_up():
    begun = time.monotonic()
    with pytest.raises(EngineError, match="no answer within 0 seconds"):
        list(spread([value(0, 30.0)], 1, deadline=0.3))
    assert time.monotonic() - begun < 5


def test_a_call_that_hangs_does_not_keep_the_answers_of_others():
    got, error = until_it_ends(spread([value(0, 30.0), value(1, 0.5)], 2, deadline=0.3))
    assert "no answer" in str(error)
    assert got == [(1, 1)]
