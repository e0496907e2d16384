"""Search and replace: words only, every other byte stays, and back again."""

from dataclasses import replace
from pathlib import Path

import pytest
from decided_post import opened, taken
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from translator.config import Project
from translator.markdown import scan
from translator.model import JOINED, Codec, InlineKind, State
from translator.pipeline.search import Query, matches, replacements
from translator.pipeline.verbs import Desk, Options

ROOT = Path(__file__).parents[2]
POSTS = [path for path in sorted(ROOT.glob("posts/*/zh.md")) if (path.parent / "en.po").exists()]

REPLACED = [
    (Query("model", "network"), "The model is a Model.", "The network is a network."),
    (Query("model", "network", case=True), "The model is a Model.", "The network is a Model."),
    (Query("model", "net", word=True), "A model, models, remodel.", "A net, models, remodel."),
    (Query("model", ""), "A model here.", "A  here."),
    (Query("model", "net"), "A **model** is `model`.", "A **net** is `model`."),
    (Query("model", "net"), "See [model](https://a.example/model).", "See [net](https://a.example/model)."),
    (Query("model", "net"), 'See ![model](model.png "model").', 'See ![net](model.png "net").'),
    (Query("model", "net"), "Math $model$ and <b>model</b>.", "Math $model$ and <b>net</b>."),
    (Query("big model", "net"), "A big **model** here.", None),
    (Query("big model", "net"), "A big model and a big **model**.", "A net and a big **model**."),
    (Query("a*b", "c"), "This a\\*b here.", "This c here."),
    (Query("b", "*"), "This a b c.", "This a * c."),
    (Query("here", "**x**"), "This here.", "This \\*\\*x\\*\\*."),
    (Query("R&D", "work"), "The R&amp;D here.", "The work here."),
    (Query("a.c", "x"), "abc a.c", "abc x"),
    (Query("", "x"), "abc", None),
    (Query("abc", "abc"), "abc", None),
    (Query("abc", None), "abc", None),
    (Query("abc", ""), "abc", None),
]


@pytest.mark.parametrize(("query", "target", "expected"), REPLACED)
def test_words_are_replaced(query, target, expected):
    work, entries = opened("一句话。\n", [target])
    found = replacements(work, entries, query)
    assert [one.after.target for one in found] == ([] if expected is None else [expected])
    assert all(one.after == replace(one.before, target=expected) for one in found)


WHOLE = [
    ("模型", "这个模型很好", [(2, 4)]),
    ("型", "这个模型很好", []),
    ("学习", "机器学习和深度学习", [(2, 4), (7, 9)]),
    ("GPU", "用GPU训练", [(1, 4)]),
    ("GPU", "用GPUs训练", []),
    ("naïve", "a naïve naïvety", [(2, 7)]),
    ("+1", "a+1 +12", [(1, 3)]),
]


@pytest.mark.parametrize(("find", "text", "expected"), WHOLE)
def test_whole_words(find, text, expected):
    assert Query(find, word=True).spans(text) == expected
    assert set(expected) <= set(Query(find).spans(text))


def test_both_sides_are_searched():
    work, entries = opened("**模型**很好。\n\n`模型`。\n", ["A **mod**el is good."])
    assert [
        (hit.side, [span.of(entries[0].source) for span in hit.spans]) for hit in matches(work, entries, Query("模型"))
    ] == [("source", ["模型"])]
    (hit,) = matches(work, entries, Query("MODEL"))
    assert (hit.key, hit.side, [span.of(entries[0].target) for span in hit.spans]) == (
        entries[0].key,
        "target",
        ["mod**el"],
    )
    assert replacements(work, entries, Query("model", "net")) == []


def test_what_is_approved_stays_so_and_joined_and_conflicts_are_left():
    work, entries = opened("一句。两句。\n\n三句。\n", ["A model ⤴.", JOINED, "A model."], state=State.APPROVED)
    some = (*entries[:2], replace(entries[2], state=State.CONFLICT, other="The model."))
    (one,) = replacements(work, some, Query("model", "net"))
    assert (one.key, one.after.state, one.after.by) == (entries[0].key, State.APPROVED, "Seed")
    assert replacements(work, some, Query(JOINED, "x")) == [replace(one, after=replace(one.after, target="A model x."))]


def test_what_would_break_the_post_is_left():
    work, entries = opened("一句。\n\n- 两句。\n", ["x one.", "y two."])
    found = replacements(work, entries, Query("x", "#"))
    assert all(one.after.target.startswith("\\#") for one in found)


# ── Laws, over real posts ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def posts():
    out = []
    for path in POSTS:
        work = Desk(Project.of(path), Options(memory=False)).prepare(path)
        out.append((work, work.entries))
    return out


def marks(work, key, text):
    """Give the marks of a segment's target; only Markdown has any."""
    (i,) = [i for i, entry in enumerate(work.entries) if entry.key == key]
    if work.post.document.blocks[work.post.segments[i].block].codec is not Codec.MARKDOWN:
        return []
    kept = [mark for mark in scan(text) if mark.kind not in {InlineKind.ESCAPE, InlineKind.ENTITY}]
    return [(mark.kind, mark.destination and mark.destination.of(text)) for mark in kept]


@settings(max_examples=15)
@given(st.data())
def test_there_and_back_is_the_same_bytes(posts, data):
    work, entries = data.draw(st.sampled_from(posts))
    words = sorted({word for entry in entries for word in entry.target.split() if word.isalnum()})
    one = data.draw(st.sampled_from(words))
    other = data.draw(
        st.sampled_from(["zebra", "Zebra-X", "x_y_z", "2*3", "[z]", "`z`", "斑马", "<z>", "z & z", "$z$"])
    )
    assume(not matches(work, entries, Query(other)))
    there = replacements(work, entries, Query(one, other, case=True, word=True))
    after_work, after = taken(work, entries, there)
    assert all(marks(work, d.key, d.before.target) == marks(work, d.key, d.after.target) for d in there)
    back = replacements(after_work, after, Query(other, one, case=True))
    assert {d.key: d.after.target for d in back} == {d.key: d.before.target for d in there}


@settings(max_examples=25)
@given(st.data())
def test_marks_stay_whatever_is_replaced_by_whatever(posts, data):
    work, entries = data.draw(st.sampled_from(posts))
    text = "".join(entry.target for entry in entries)
    at = data.draw(st.integers(0, len(text) - 1))
    find = text[at : at + data.draw(st.integers(1, 6))]
    new = "".join(data.draw(st.lists(st.sampled_from("ab*_`[]()<>!#|&;$~ \\\n花"), max_size=6)))
    for one in replacements(work, entries, Query(find, new)):
        assert marks(work, one.key, one.before.target) == marks(work, one.key, one.after.target)
        assert "\n" not in one.after.target


@settings(max_examples=15)
@given(st.data())
def test_everything_that_is_replaced_was_found(posts, data):
    work, entries = data.draw(st.sampled_from(posts))
    text = "".join(entry.target for entry in entries)
    at = data.draw(st.integers(0, len(text) - 1))
    query = Query(text[at : at + data.draw(st.integers(1, 8))], "zz", case=data.draw(st.booleans()))
    found = {hit.key for hit in matches(work, entries, query) if hit.side == "target"}
    assert {one.key for one in replacements(work, entries, query)} <= found
