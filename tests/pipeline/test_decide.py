"""Decisions are merged by segment: no text of a person is lost, whoever was first."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from translator.formats import Record, dump, load
from translator.model import JOINED, Entry, State
from translator.pipeline.decide import Decision, Fate, Stand, decide, merge

SOURCE = "花开得很好。"
TEXTS = ("The flowers bloom.", "Flowers bloom well.", "They bloom.", "Blooming.", "It is *good*.")


@st.composite
def stands(draw):
    """Any way in which a segment can stand."""
    note = draw(st.sampled_from(("", "", "see below", "ask her")))
    target, other = draw(st.permutations(TEXTS))[:2]
    machine = {"origin": draw(st.sampled_from(("builtin", "memory"))), "score": draw(st.sampled_from((None, 0.5)))}
    return replace(
        draw(
            st.sampled_from(
                (
                    Stand(),
                    Stand(target, State.DRAFT, **machine),
                    Stand(target, State.DRAFT, "person"),
                    Stand(target, State.APPROVED, "person", "Ann"),
                    Stand(target, State.APPROVED, by="Bob", **machine),
                    Stand(target, State.STALE, "person", "Ann", former="花开。"),
                    Stand(target, State.STALE, **machine, former="花开。"),
                    Stand(target, State.CONFLICT, "person", "Ann", other=other),
                    Stand(JOINED, State.JOINED, "person", "Ann"),
                )
            )
        ),
        note=note,
    )


def entry(stand, source=SOURCE):
    return stand.on(Entry("12345678", source))


def decision(before, after, source=SOURCE):
    return Decision("12345678", source, before, after, "d1")


def is_persons(stand):
    return stand.state.is_done or stand.state is State.CONFLICT or bool(stand.by) or stand.origin == "person"


ANY = {"now": stands(), "before": stands(), "after": stands()}


CHOSEN = Stand(TEXTS[0], State.CONFLICT, "person", "Ann", other=TEXTS[2])


@given(**ANY)
@example(Stand(TEXTS[0], State.DRAFT, "person"), CHOSEN, Stand(TEXTS[2], State.DRAFT, "person"))
def test_deciding_twice_is_deciding_once(now, before, after):
    once, fate, _ = merge(entry(now), decision(before, after), "Cid")
    twice, again, _ = merge(once, decision(before, after), "Cid")
    assert twice == once
    assert fate is Fate.REFUSED or again is not Fate.REFUSED


@given(now=stands(), after=stands())
def test_a_decision_taken_back_leaves_no_trace(now, after):
    done, fate, _ = merge(entry(now), decision(now, after), "Cid")
    assert fate in {Fate.DONE, Fate.SAME}
    back, _, _ = merge(done, decision(Stand.of(done), now), "Cid")
    assert replace(Stand.of(back), by="") == replace(now, by="")
    assert back.by == now.by or (not now.by and back.state.is_done)


@given(**ANY)
def test_no_text_of_a_person_is_lost(now, before, after):
    came, fate, why = merge(entry(now), decision(before, after), "Cid")
    if fate is Fate.REFUSED:
        assert why
        assert came == entry(now)
        return
    unseen = now.target != before.target and is_persons(now)
    if unseen and now.target:
        assert now.target in {came.target, came.other}
    if after.target != before.target and after.target and is_persons(after):
        assert after.target in {came.target, came.other}


@given(**ANY)
def test_two_texts_are_a_conflict_that_is_said(now, before, after):
    came, fate, why = merge(entry(now), decision(before, after), "Cid")
    if fate is Fate.CONFLICT:
        assert came.state is State.CONFLICT
        assert why
        assert {came.target, came.other} == {now.target, after.target}
    elif came.state is State.CONFLICT:
        assert State.CONFLICT in {now.state, after.state}


@given(**ANY)
def test_a_machines_text_replaces_no_persons_that_was_not_seen(now, before, after):
    came, _, _ = merge(entry(now), decision(before, after), "Cid")
    if is_persons(now) and now.target != before.target and not is_persons(after):
        assert came.target == now.target


@given(**ANY)
def test_whatever_is_decided_the_record_can_say_it(now, before, after):
    came, _, _ = merge(entry(now), decision(before, after), "Cid")
    read = load(dump(Record("zh.md", (replace(came, group=1),)))).entries[0]
    assert Stand.of(read) == Stand.of(came)


@given(now=stands(), after=stands())
def test_the_authors_change_makes_a_decision_stale(now, after):
    changed = entry(now, "花开得不好。")
    came, fate, why = merge(changed, decision(now, after), "Cid")
    if fate is Fate.STALE:
        assert why
        assert (came.state, came.former) == (State.STALE, SOURCE)
        assert came.target == after.target
    elif came != changed and came.target:
        assert State.CONFLICT in {came.state, now.state} or came.target == now.target


@given(now=stands(), notes=st.permutations(("", "mine", "yours")))
def test_two_notes_stand_one_under_the_other(now, notes):
    before, mine, theirs = (replace(now, note=note) for note in notes)
    came, _, _ = merge(entry(theirs), decision(before, mine), "Cid")
    assert set(filter(None, (mine.note,))) <= set(came.note.split("\n"))
    assert not theirs.note or theirs.note in came.note.split("\n") or before.note == theirs.note


@pytest.mark.parametrize(
    ("after", "stand"),
    [
        (Stand("Two\nlines\x00 here ", State.DRAFT), Stand("Two lines here", State.DRAFT, "person")),
        (Stand("Good.", State.APPROVED), Stand("Good.", State.APPROVED, "person", "Cid")),
        (Stand("Good.", State.JOINED), Stand("Good.", State.APPROVED, "person", "Cid")),
        (Stand(JOINED, State.APPROVED), Stand(JOINED, State.JOINED, "person", "Cid")),
        (Stand("", State.APPROVED, "person", "Ann"), Stand()),
        (Stand("Good.", State.UNTRANSLATED, "person"), Stand("Good.", State.DRAFT, "person")),
        (Stand("Good.", State.STALE, "person"), Stand("Good.", State.DRAFT, "person")),
    ],
)
def test_a_decision_is_settled(after, stand):
    (came,), (result,) = decide([entry(Stand())], [decision(Stand(), after)], "Cid")
    assert Stand.of(came) == stand
    assert result.fate in {Fate.DONE, Fate.SAME}


@pytest.mark.parametrize(
    "after", [Stand("Good.", State.CONFLICT), Stand("Good.", State.CONFLICT, other="Good."), Stand(JOINED, State.DRAFT)]
)
def test_what_no_segment_can_be_is_refused(after):
    (came,), (result,) = decide([entry(Stand())], [decision(Stand(), after)], "Cid")
    assert came == entry(Stand())
    assert result.fate is Fate.REFUSED
    assert result.why


def test_a_segment_that_is_gone_is_said():
    _, (result,) = decide([], [decision(Stand(), Stand("Good.", State.APPROVED))], "Cid")
    assert result.fate is Fate.REFUSED
    assert "no longer" in result.why


def test_a_text_that_is_approved_as_it_was_is_not_lost_where_another_took_it_away():
    approved = Stand("Good.", State.APPROVED, "person", "Ann")
    (came,), (result,) = decide([entry(Stand())], [decision(approved, approved)], "Cid")
    assert Stand.of(came) == approved
    assert result.fate is Fate.DONE
