"""What is prepared ahead comes in order, errors in their place."""

import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.pipeline.ahead import ahead


@given(st.lists(st.integers()))
def test_it_is_the_identity(some):
    assert list(ahead(iter(some))) == some


def test_an_exception_comes_where_it_was():
    def some():
        yield 1
        raise KeyError("two")

    found = ahead(some())
    assert next(found) == 1
    with pytest.raises(KeyError, match="two"):
        next(found)


def test_the_next_is_made_meanwhile():
    def some():
        for n in range(4):
            time.sleep(0.1)
            yield n

    begun = time.monotonic()
    for _ in ahead(some()):
        time.sleep(0.1)
    assert time.monotonic() - begun < 0.75


def test_closing_ends_the_thread():
    made = []

    def some():
        for n in range(1000):
            made.append(n)
            yield n

    found = ahead(some())
    next(found)
    found.close()
    time.sleep(0.1)
    assert len(made) <= 4
    assert not [each for each in threading.enumerate() if each.name == "duizhao-ahead"]
