"""Whatever happens to a post, in any order: nothing a person wrote is lost, and our files are what they should be."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from post_life import AUTHOR, OTHERS, OURS, PERSON, SHAPER, Life

STARTS = st.tuples(
    st.integers(0, 3), st.sampled_from(["\n", "\n", "\r\n"]), st.sampled_from(["", "", "\ufeff"]), st.booleans()
)


def events(names, most=14):
    return st.lists(st.tuples(st.sampled_from(names), st.integers(0, 40), st.integers(0, 40)), max_size=most)


def live(start, some):
    with TemporaryDirectory() as folder:
        life = Life(Path(folder), *start)
        life.run()
        for name, a, b in some:
            getattr(life, name)(a, b)
            if name in AUTHOR:
                life.save()
            if (a + b) % 2:
                life.run()
        life.run()


def tries(count):
    return settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)


CASTS = {
    "the author and a reviewer": AUTHOR + PERSON + OURS,
    "and somebody who reshapes the English": AUTHOR + PERSON + OURS + SHAPER,
    "and other programs": AUTHOR + PERSON + OURS + OTHERS,
    "everybody": AUTHOR + PERSON + OURS + SHAPER + OTHERS,
}


@pytest.mark.parametrize("cast", CASTS)
def test_nothing_is_lost(cast):
    @given(STARTS, events(CASTS[cast]))
    @tries(15)
    def law(start, some):
        live(start, some)

    law()


@pytest.mark.long
@pytest.mark.parametrize("cast", CASTS)
def test_nothing_is_lost_in_a_long_life(cast):
    @given(STARTS, events(CASTS[cast], 30))
    @tries(30)
    def law(start, some):
        live(start, some)

    law()


LIVES = [
    (  # a first line that is said elsewhere left an empty line, and each run one more
        (2, "\n", "", False),
        [("retitle", 4, 37), ("insert", 31, 8), ("add_line", 12, 3), ("insert", 15, 29), ("add_sentence", 10, 15),
         ("join", 26, 5)],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("start", "some"), LIVES)
def test_lives_that_once_went_wrong(start, some):
    live(start, some)
