"""A new term: what becomes of each mention, what is left to a person, and into the glossary."""

from dataclasses import replace
from pathlib import Path

import pytest
from decided_post import TERMS, opened, taken
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.config import Project
from translator.glossary import Glossary, load
from translator.markdown import scan
from translator.model import JOINED, State, Term
from translator.pipeline.new_term import IN_CONFLICT, NOT_SHOWN, add, consequences, refusal
from translator.pipeline.verbs import Desk, Options

ROOT = Path(__file__).parents[2]
POST = ROOT / "posts" / "mxnet" / "zh.md"
GARDEN = Term("花园", "garden", forbidden=("park",))

BECOMES = [
    ("花园很好。", "The park is good.", "The garden is good."),
    ("花园很好。", "Parks are good.", "Gardens are good."),
    ("花园很好。", "The 花园 is good.", "The garden is good."),
    ("**花园**很好。", "The **park** is good.", "The **garden** is good."),
    ("看![花园](a.png)。", "See ![a park](a.png).", "See ![a garden](a.png)."),
    ("花园和模型。", "A park and a pattern.", "A garden and a pattern."),
    ("看[花园](a.example/park)。", "See [the park](a.example/park).", "See [the garden](a.example/park)."),
    ("花园很好。", "The garden is good.", None),
    ("花园很好。", "Gardens are good.", None),
    ("天气很好。", "The park is good.", None),
    ("大花园很好。", "The large park is good.", "The large garden is good."),
]


@pytest.mark.parametrize(("source", "target", "expected"), BECOMES)
@pytest.mark.parametrize("state", [State.DRAFT, State.APPROVED])
def test_a_wrong_rendering_is_put_right(source, target, expected, state):
    work, entries = opened(source + "\n", [target], state=state)
    decisions, left = consequences(work, entries, GARDEN)
    assert [one.after.target for one in decisions] == ([expected] if expected else [])
    for one in decisions:
        assert (one.before.state, one.after.state, one.after.by) == (state, state, "Seed" if state.is_done else "")
    assert left == []


def test_a_longer_term_keeps_what_is_its_own():
    work, entries = opened(
        "大模型很好。模型很小。\n", ["The large pattern is good. ", "The pattern is small."], TERMS[1:2]
    )
    decisions, _ = consequences(work, entries, TERMS[0])
    assert [one.after.target for one in decisions] == ["The model is small."]


def test_conditions_are_kept():
    work, entries = opened("# 花园\n\n花园很好。\n", ["Park", "The park is good."])
    decisions, left = consequences(work, entries, replace(GARDEN, only=("heading",)))
    assert ([one.after.target for one in decisions], left) == (["Garden"], [])


def test_what_is_not_sure_is_left_with_the_reason():
    work, entries = opened("花园很好。\n\n花园很大。\n\n花园很美。\n", ["It is good.", None, "The yard is lovely."])
    decisions, left = consequences(work, entries, GARDEN)
    assert decisions == []
    assert [(one.source, one.target) for one in left] == [
        ("花园很好。", "It is good."),
        ("花园很美。", "The yard is lovely."),
    ]
    assert all("花园" in one.why and "garden" in one.why for one in left)


def test_it_after_a_right_one_is_no_complaint():
    work, entries = opened("花园很好。\n\n花园很大。\n", ["The park is good.", "It is large."])
    decisions, left = consequences(work, entries, GARDEN)
    assert ([one.after.target for one in decisions], left) == (["The garden is good."], [])


def test_its_first_form_is_for_the_first_mention():
    work, entries = opened("花园很好。\n\n花园很大。\n", ["The park is good.", "The park is large."])
    decisions, _ = consequences(work, entries, replace(GARDEN, first="garden (花园)"))
    assert [one.after.target for one in decisions] == ["The garden (花园) is good.", "The garden is large."]


def test_neighbours_are_read_together():
    work, entries = opened("他来了。花园很好。\n", ["He came to the park.", JOINED])
    decisions, left = consequences(work, entries, GARDEN)
    assert ([one.after.target for one in decisions], left) == (["He came to the garden."], [])


def test_a_conflict_is_left():
    work, entries = opened("花园很好。\n", ["The park is good."])
    fought = (replace(entries[0], state=State.CONFLICT, other="It is good."),)
    decisions, left = consequences(work, fought, GARDEN)
    assert (decisions, [one.why for one in left]) == ([], [IN_CONFLICT])


def test_a_tag_is_drafted():
    work, entries = opened("---\ntags: [花园, 天气]\n---\n\n天气很好。\n", [None, None, "Fine."])
    decisions, left = consequences(work, entries, GARDEN)
    assert [(one.after.target, one.after.state, one.after.origin) for one in decisions] == [
        ("garden", State.DRAFT, "glossary")
    ]
    assert left == []


def test_markdown_keeps_its_shape():
    work, entries = opened("花园。\n\n看花园。\n", ["park.", "See the park."])
    decisions, left = consequences(work, entries, replace(GARDEN, translation="# x"))
    assert all("\\#" in one.after.target or one.after.target.startswith("See") for one in decisions)
    assert all(one.why == NOT_SHOWN for one in left)


def test_nothing_to_say_and_what_is_a_term_already():
    work, entries = opened("花园和模型。\n", ["The park and the pattern."])
    for term in (Term("", "x"), Term("花园", ""), Term("模型", "thing", forbidden=("pattern",))):
        assert consequences(work, entries, term) == ([], [])


@pytest.fixture(scope="module")
def post():
    """A real post as it stands, and the terms it is made with."""
    desk = Desk(Project.of(POST), Options(memory=False))
    work = desk.prepare(POST)
    return work, work.entries, work.means.glossary.terms


@settings(max_examples=12)
@given(st.data())
def test_laws_over_a_real_post(post, data):
    work, entries, terms = post
    term = data.draw(st.sampled_from(terms))
    word = data.draw(st.sampled_from(["Bath God", "thing", term.term, term.translation]))
    fewer = replace(work.means, glossary=Glossary(tuple(one for one in terms if one is not term)))
    seen = replace(work.seen, glossary=fewer.glossary)
    some = tuple(
        e if e.target == JOINED else replace(e, target=e.target.replace(term.translation, word)) for e in entries
    )
    before = replace(work, means=fewer, seen=seen, entries=some)
    new = replace(term, forbidden=("Bath God",) if word == "Bath God" else ())
    decisions, left = consequences(before, some, new)
    after_work, after = taken(before, some, decisions)
    assert consequences(after_work, after, new) == ([], left)
    for one in decisions:
        marks = [
            [(m.kind, m.span.of(t)) for m in scan(t) if not m.inner] for t in (one.before.target, one.after.target)
        ]
        assert marks[0] == marks[1]
    if word == "Bath God":
        assert sum(one.after.target.count(term.translation) for one in decisions) >= len(decisions)
    if word == term.translation:
        assert decisions == []


# ── Into the glossary ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def project(site):
    (site.root / "glossary" / "people.yaml").write_text(
        "terms:\n  - {term: 沐神, translation: Mu Li, aliases: [李沐], kind: person}\n"
    )
    return Project.of(site.post)


@pytest.mark.parametrize(
    ("term", "why"),
    [
        (Term("", "x"), "at least one character"),
        (Term("花园", " "), "花园"),
        (Term("沐神", "X"), "Mu Li"),
        (Term("李沐", "X"), "Mu Li"),
        (Term("大神", "X", aliases=("沐神",)), "Mu Li"),
        (Term("李沐大神", "Mu Li", kind="person"), ""),
        (Term("MXNet", "", keep=True), ""),
        (Term("花园", "garden"), ""),
    ],
)
def test_why_a_term_cannot_be_added(project, term, why):
    before = {path: path.read_bytes() for path in project.glossary_files()}
    said = refusal(project, term)
    assert why in said
    assert bool(why) == bool(said)
    assert {path: path.read_bytes() for path in project.glossary_files()} == before


def test_a_term_is_added_where_its_kind_is(project):
    path = add(project, Term("李沐大神", "Mu Li", kind="person", note="the same"))
    assert path.name == "people.yaml"
    assert add(project, Term("花园", "garden")).name == "terms.yaml"
    found = {term.term: term.translation for term in load(project.glossary_files()).terms}
    assert found == {"沐神": "Mu Li", "李沐大神": "Mu Li", "花园": "garden"}
    assert refusal(project, Term("花园", "park"))
