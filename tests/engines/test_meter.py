"""What a run takes is added up, and stops at its limit."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.meter import LimitError, Meter
from translator.model import NO_USAGE, Usage

USAGES = st.builds(Usage, *[st.integers(0, 1000)] * 5, st.integers(0, 1000).map(lambda n: n / 1024))


@given(st.lists(USAGES))
def test_it_adds_up(some):
    meter = Meter()
    for one in some:
        meter.add(one)
    assert meter.taken == tuple(map(sum, zip(*some, strict=True))) if some else meter.taken == NO_USAGE


def test_from_many_threads():
    meter = Meter()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: (meter.add(Usage(1, cost=0.25)), meter.retry("busy"), meter.found()), range(800)))
    assert (meter.taken.requests, meter.taken.cost, meter.retried, meter.kept) == (800, 200.0, 800, 800)


def test_requests_under_way_count_towards_the_limit():
    meter, each = Meter(1.0), Usage(1, cost=0.4)
    meter.may(each)
    meter.may(each)
    with pytest.raises(LimitError, match=r"\$0\.0000 is spent.*limit of \$1"):
        meter.may(each)
    meter.add(Usage(1, cost=0.1), each)
    meter.may(each)


@given(st.lists(st.integers(0, 100).map(lambda n: n / 128)), st.integers(0, 500).map(lambda n: n / 128))
def test_what_is_spent_never_passes_the_limit(costs, limit):
    """As long as requests cost no more than was expected of them."""
    meter = Meter(limit)
    for cost in costs:
        try:
            meter.may(Usage(1, cost=cost))
        except LimitError:
            break
        meter.add(Usage(1, cost=cost), Usage(1, cost=cost))
    assert meter.taken.cost <= limit


def test_without_a_limit_everything_may_be_asked():
    Meter().may(Usage(1, cost=1e9))
