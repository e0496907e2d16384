"""Draft again by the ladder of `translate`; accept what is clean; say the same again."""

from dataclasses import replace

import pytest
from decided_post import opened, taken
from pipeline_site import Toy

from translator.engines import open_engine
from translator.errors import EngineError
from translator.model import JOINED, Abilities, Answer, Finding, Level, State
from translator.pipeline.redraft import clean, redraft, repeat
from translator.pipeline.translate import translate_text
from translator.pipeline.work import Texts, prepare

POST = """---
tags: [模型, 天气]
---

# 花园

沐神来了。**模型**很好。

看![花园](a.png)和 `code`。
"""


class Silent:
    """Has no answer to anything."""

    name = "silent"
    signature = "silent 1"
    abilities = Abilities()

    def draft(self, jobs, _):
        return ((n, Answer(error="nothing comes to mind")) for n in range(len(jobs)))


class Down(Silent):
    """Is not there."""

    def draft(self, jobs, _):
        raise EngineError(f"the engine is down, {len(jobs)} are waiting")


def blank(**more):
    return opened(POST, [None] * 6, **more)


@pytest.mark.parametrize("name", ["toy", "echo", "builtin"])
def test_what_translate_says(name):
    engine = Toy() if name == "toy" else open_engine(name)
    work, entries = blank()
    found = redraft(work, entries, [], engine)
    whole = prepare(Texts(POST), work.means)
    assert [entry.key for entry in whole.entries] == [entry.key for entry in entries]
    _, after = taken(work, entries, found)
    if name == "echo":
        assert [one.after.target for one in found] == [entry.source for entry in entries]
        return
    assert [(e.target, e.state) for e in after][:2] == [("model", State.DRAFT), ("", State.UNTRANSLATED)]
    assert [entry.origin for entry in after] == ["glossary", "", *[name] * 4]
    assert "Mu Li" in after[3].target
    assert after[4].target.count("**") == 2
    assert "](a.png)" in after[5].target
    assert "`code`" in after[5].target
    assert all(e.score is not None for e in after[2:])


def test_the_same_as_translate():
    work, entries = opened("一句话。\n\n**另一句**话。\n", [None, None], terms=())
    text = translate_text("一句话。\n\n**另一句**话。\n", Toy())
    assert [one.after.target for one in redraft(work, entries, [], Toy())] == [one.target for one in text.segments]


def test_without_keys_no_person_is_overruled():
    work, entries = opened("一句。\n\n两句。\n\n三句。\n", ["Person's.", "Old draft.", None])
    some = (opened("一句。\n", ["Person's."], state=State.APPROVED)[1][0], *entries[1:])
    assert [one.source for one in redraft(work, some, [], Toy())] == ["两句。", "三句。"]
    (one,) = redraft(work, some, [some[0].key], Toy())
    assert (one.before.target, one.before.state) == ("Person's.", State.APPROVED)
    assert (one.after.state, one.after.origin, one.after.by) == (State.DRAFT, "toy", "")


def test_what_is_said_in_it_is_drafted_too():
    work, entries = opened("一句。两句。\n\n三句。\n", ["Both.", JOINED, "Three."])
    assert [one.source for one in redraft(work, entries, [], Toy())] == ["三句。"]
    found = redraft(work, entries, [entries[0].key], Toy())
    assert [(one.source, one.after.state) for one in found] == [("一句。", State.DRAFT), ("两句。", State.DRAFT)]
    assert redraft(work, entries, [entries[1].key], Toy()) == []
    after_work, after = taken(work, entries, found)
    assert after[1].target not in {"", JOINED}
    _, again = taken(after_work, after, [one.undone for one in found])
    assert [e.target for e in again] == ["Both.", JOINED, "Three."]


def test_an_engine_that_says_nothing_changes_nothing():
    work, entries = opened("一句。\n\n两句。\n", ["One.", None])
    assert redraft(work, entries, [], Silent()) == []
    assert redraft(work, entries, ["no such key"], Toy()) == []
    with pytest.raises(EngineError):
        redraft(work, entries, [], Down())


def test_what_is_clean_is_accepted():
    work, entries = opened(
        "模型好。\n\n模型大。\n\n模型小。\n\n模型新。\n\n模型老。\n",
        ["The model is good.", "The pattern is large.", "It is small.", None, "A model, old."],
    )
    assert [[f.check for f in entry.findings] for entry in entries[:3]] == [[], ["terms"], ["implied"]]
    found = clean(entries)
    assert [one.before.target for one in found] == ["The model is good.", "It is small.", "A model, old."]
    _, after = taken(work, entries, found)
    assert [(e.state, e.by) for e in after if e.state is State.APPROVED] == [(State.APPROVED, "Seed")] * 3
    assert clean(after) == []


def test_a_worry_of_any_level_but_info_is_no_clean_draft():
    _, entries = opened("一句。\n", ["One."])
    for level in Level:
        some = (replace(entries[0], findings=(Finding("numbers", level, "what"),)),)
        assert bool(clean(some)) == (level is Level.INFO)


def test_the_same_sentence_is_said_the_same():
    work, entries = opened("一样。\n\n一样。\n\n不同。\n\n一样。\n", ["Same.", "Alike.", "Other.", None])
    found = repeat(entries, entries[0].key)
    assert [(one.key, one.after.target, one.after.state) for one in found] == [
        (entries[1].key, "Same.", State.DRAFT),
        (entries[3].key, "Same.", State.DRAFT),
    ]
    _, after = taken(work, entries, found)
    assert repeat(after, entries[0].key) == []
    approved = opened("一样。\n\n一样。\n", ["Same.", None], state=State.APPROVED)[1]
    assert [(one.after.state, one.after.target) for one in repeat(approved, approved[0].key)] == [
        (State.APPROVED, "Same.")
    ]
    assert repeat(entries, "no such key") == repeat(entries, entries[3].key) == []


def test_what_is_said_for_a_neighbour_is_not_repeated():
    _, entries = opened("一样。还有。\n\n一样。\n", ["Same, and more.", JOINED, None])
    assert repeat(entries, entries[0].key) == []
    assert repeat(entries, entries[1].key) == []
