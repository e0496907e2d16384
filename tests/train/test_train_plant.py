"""What is planted keeps marks balanced, and the pair can be had again."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy import pair as toy_pair
from toy import sentences

from translator.engines.marks import are_kept
from translator.train.plant import Link, plant, read_links, vary
from translator.train.shape import CONTROLS

HINT = re.compile("<hint>(.*?)<is>(.*?)</hint>")
MARK = re.compile("</?t[1-9]>")
HOLE = re.compile("<x[1-9]>")


@st.composite
def linked(draw):
    """A pair of any texts with links of any places, some of them overlapping."""
    source, target = (draw(st.text("数据模型训练。 a", min_size=2, max_size=20)) for _ in range(2))
    links = []
    for _ in range(draw(st.integers(0, 6))):
        a, b = sorted(draw(st.lists(st.integers(0, len(source)), min_size=2, max_size=2, unique=True)))
        c, d = sorted(draw(st.lists(st.integers(0, len(target)), min_size=2, max_size=2, unique=True)))
        links.append(Link(a, b, c, d))
    return source, target, links


@given(linked(), st.integers(0, 10_000))
def test_marks_are_balanced_and_the_pair_can_be_had_again(made, seed):
    source, target, links = made
    left, right = plant(source, target, links, random.Random(seed))  # noqa: S311
    hinted = HINT.findall(left)
    bare = HINT.sub(lambda found: found[1], left)
    assert are_kept(bare, right)
    assert not any(each in right for each in ("<hint>", "<is>", "</hint>"))
    assert all(any(said == source[a:b] and wanted == target[c:d] for a, b, c, d in links) for said, wanted in hinted)
    if HOLE.search(left):
        assert fits(bare, source)
        assert fits(right, target)
    else:
        assert (MARK.sub("", bare), MARK.sub("", right)) == (source, target)


def fits(planted, text):
    """Tell whether something put for its holes gives a text again."""
    return re.fullmatch(".+".join(map(re.escape, HOLE.split(MARK.sub("", planted)))), text, re.DOTALL)


@given(linked(), st.integers(0, 10_000))
def test_the_same_die_plants_the_same(made, seed):
    assert plant(*made, random.Random(seed)) == plant(*made, random.Random(seed))  # noqa: S311


def test_every_kind_is_planted_about_as_often_as_the_table_says():
    (some,) = sentences(1, seed=5)
    one = toy_pair(*some)
    found = [vary(one.source, one.target, read_links(one.links), random.Random(n))[0] for n in range(4000)]  # noqa: S311
    share = {
        kind: sum(bool(re.search(kind, text)) for text in found) / len(found)
        for kind in ("<hint>", "<t[1-9]", "<x[1-9]")
    }
    assert sum(not re.search("<", text) for text in found) / len(found) == pytest.approx(0.5, abs=0.03)
    assert share["<hint>"] == pytest.approx(0.245, abs=0.04)
    assert share["<t[1-9]"] == pytest.approx(0.165, abs=0.04)
    assert share["<x[1-9]"] == pytest.approx(0.105, abs=0.04)
    assert sum(text[-1] != "。" for text in found) / len(found) == pytest.approx(0.04, abs=0.015)


def test_links_are_read_as_they_stand_in_the_file():
    assert read_links("0:2:0:4,2:4:5:10") == [Link(0, 2, 0, 4), Link(2, 4, 5, 10)]
    assert read_links("") == []


def test_what_is_planted_is_in_the_vocabulary():
    planted = {"<hint>", "<is>", "</hint>", *(f"<x{n}>" for n in range(1, 10)), *(f"<t{n}>" for n in range(1, 10))}
    assert planted <= set(CONTROLS)
