"""Posts held open: many decide at once, others write beside, nothing is lost and every view is what the files say."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pipeline_site import POST, Site

from translator.config import Project
from translator.errors import InputError
from translator.formats import load
from translator.model import State
from translator.pipeline import files
from translator.pipeline.decide import Decision, Fate, Stand
from translator.pipeline.session import Session
from translator.pipeline.verbs import Desk, Options, approve
from translator.pipeline.work import complete


@pytest.fixture
def session(site):
    site.run()
    return opened(site)


def opened(site):
    return Session(Project.of(site.post), [site.post])


def on(post, i, **fields):
    """Decide about a segment as it is seen now."""
    entry = post.outcome.entries[i]
    before = Stand.of(entry)
    return Decision(entry.key, entry.source, before, replace(before, **fields), f"d{i}")


def written(post):
    return load(post.record.read_text(encoding="utf-8")).entries


def fresh(post):
    """Read the post as another program would."""
    work = Desk(post.session.project, Options(memory=False)).prepare(post.path)
    return work, complete(work)


def stand_is_what_is_read(post):
    work, outcome = fresh(post)
    assert post.outcome.entries == outcome.entries
    assert (outcome.english, outcome.record) == (
        post.english.read_bytes().decode(),
        post.record.read_bytes().decode(),
    )
    if not work.learnt.is_shaped:
        assert [Stand.of(e) for e in post.work.entries] == [Stand.of(e) for e in work.entries]
        assert post.work.texts == work.texts
        assert post.work.obsolete == work.obsolete


def test_what_is_decided_is_on_the_disk(session):
    (post,) = session.posts
    (result,) = post.decide([on(post, 3, target="A garden.", state=State.APPROVED, origin="person")])
    assert result.fate is Fate.DONE
    assert written(post)[3].target == "A garden."
    assert "A garden." in post.english.read_text(encoding="utf-8")
    assert post.changed_since(1, 1) == [3]
    stand_is_what_is_read(post)


def test_a_refused_decision_writes_nothing(session):
    (post,) = session.posts
    before = post.record.read_bytes()
    (result,) = post.decide([replace(on(post, 1, note="x"), key="00000000")])
    assert result.fate is Fate.REFUSED
    assert post.record.read_bytes() == before
    assert post.version == 1


STEP = st.tuples(
    st.integers(0, 40),
    st.sampled_from(("approve", "edit", "draft", "reject", "note", "join", "md", "po", "cli", "shape", "undo")),
    st.integers(0, 9),
)


@settings(max_examples=25)
@given(steps=st.lists(STEP, min_size=1, max_size=10))
def test_a_session_shows_what_the_files_say(tmp_path_factory, steps):
    site = Site(tmp_path_factory.mktemp("session"))
    (site.root / "duizhao.yaml").write_text("author: Seed\n")
    site.run()
    (post,) = opened(site).posts
    past = []
    for n, (where, verb, number) in enumerate(steps):
        i = where % len(post.outcome.entries)
        step(site, post, i, verb, f"Text {n} {number}", past)
    post.refresh()
    _, outcome = fresh(post)
    assert post.outcome.entries == outcome.entries
    post.decide([on(post, 0, note="the end")])
    stand_is_what_is_read(post)


def step(site, post, i, verb, text, past):  # noqa: PLR0917  # a step and where it is taken
    entry = post.outcome.entries[i]
    match verb:
        case "approve" if entry.target and entry.state is not State.CONFLICT:
            change = {"state": State.APPROVED}
        case "edit":
            change = {"target": text, "state": State.APPROVED, "origin": "person", "other": ""}
        case "draft":
            change = {"target": text, "state": State.DRAFT, "origin": "person", "other": ""}
        case "reject":
            change = {"target": ""}
        case "note":
            change = {"note": text}
        case "join" if entry.state is not State.CONFLICT:
            change = {"target": "⤴", "state": State.JOINED}
        case "undo" if past:
            post.decide([past.pop().undone])
            return
        case _:
            outside(site, post, entry, verb, text)
            return
    decision = on(post, i, **change)
    past.append(decision)
    assert post.decide([decision])[0].fate is not Fate.REFUSED or not change.get("target")


def outside(site, post, entry, verb, text):
    """Change the files as other programs do."""
    english, record = post.english.read_text(encoding="utf-8"), post.record.read_text(encoding="utf-8")
    match verb:
        case "md" if entry.target and entry.target in english:
            post.english.write_text(english.replace(entry.target, text, 1), encoding="utf-8")
        case "po" if entry.target and f'msgstr "{entry.target}"' in record:
            post.record.write_text(record.replace(f'msgstr "{entry.target}"', f'msgstr "{text}"', 1), encoding="utf-8")
        case "cli":
            approve(site.post, clean=True)
        case "shape":
            post.english.write_text(english + f"\n{text}, added by hand.\n", encoding="utf-8")


def test_an_authors_change_is_another_shape(session, site):
    (post,) = session.posts
    version, shape = post.version, post.shape
    site.edit(site.post, ("花开得很好！", "花开得不好！新的一句。"))
    assert post.refresh()
    assert post.shape == shape + 1
    assert post.changed_since(version, shape) is None
    assert not post.refresh()


def test_a_changed_glossary_is_seen(session, site):
    (post,) = session.posts
    folder = site.root / "glossary"
    folder.mkdir(exist_ok=True)
    (folder / "new.yaml").write_text("terms:\n  - {term: 花, translation: BLOOM}\n", encoding="utf-8")
    assert post.refresh()
    assert any("BLOOM" in finding.message for entry in post.outcome.entries for finding in entry.findings)
    (folder / "new.yaml").write_text("terms: [", encoding="utf-8")
    with pytest.raises(InputError):
        post.refresh()


def test_a_disk_that_refuses_is_said_and_nothing_is_taken(session, monkeypatch):
    (post,) = session.posts
    before, seen = post.record.read_bytes(), post.outcome.entries
    with monkeypatch.context() as patch:
        patch.setattr(files.os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(InputError, match="No space left"):
            post.decide([on(post, 2, target="Lost?", state=State.APPROVED, origin="person")])
    assert post.record.read_bytes() == before
    assert post.outcome.entries == seen
    assert post.decide([on(post, 2, target="Kept.", state=State.APPROVED, origin="person")])[0].fate is Fate.DONE


@pytest.mark.long
def test_a_thousand_edits_by_eight_at_once(session):
    """Every text that was acknowledged stands in the record, or somebody who saw it replaced it."""
    (post,) = session.posts
    said, replaced = [], set()

    def client(name):
        rng = random.Random(name)  # noqa: S311  # a test's dice
        for n in range(125):
            i = rng.randrange(len(post.outcome.entries))
            entry = post.outcome.entries[i]
            before = Stand.of(entry)
            text = f"Client {name} says {n}."
            after = replace(before, target=text, state=State.APPROVED, origin="person", by="", other="")
            (result,) = post.decide([Decision(entry.key, entry.source, before, after, text)])
            said.append((text, result.fate))
            if result.fate is Fate.DONE:
                replaced.update({before.target, before.other})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(client, range(8)))
    assert len(said) == 1000
    there = {text for entry in written(post) for text in (entry.target, entry.other)}
    lost = [(text, fate) for text, fate in said if fate is not Fate.REFUSED and text not in there | replaced]
    assert not lost
    assert {fate for _, fate in said} >= {Fate.DONE}
    stand_is_what_is_read(post)


def test_two_sessions_and_the_command_line_beside_each_other(site):
    site.run()
    one, two = opened(site).posts[0], opened(site).posts[0]
    one.decide([on(one, 1, target="From one.", state=State.APPROVED, origin="person")])
    (result,) = two.decide([on(two, 1, target="From two.", state=State.APPROVED, origin="person")])
    assert result.fate is Fate.CONFLICT
    assert {written(one)[1].target, written(one)[1].other} == {"From one.", "From two."}
    assert one.refresh()
    assert one.outcome.entries[1].state is State.CONFLICT
    approve(site.post, [written(one)[1].key], take="english")
    assert two.refresh()
    assert two.outcome.entries[1].target == "From two."
    assert POST


def test_an_editor_that_saves_an_old_copy_takes_nothing_back_silently(session):
    (post,) = session.posts
    old_copy = post.english.read_bytes()
    before = post.outcome.entries[3].target
    post.decide([on(post, 3, target="Written on the page.", state=State.APPROVED, origin="person")])
    post.english.write_bytes(old_copy.replace(post.outcome.entries[4].target.encode(), b"Typed in the editor."))
    assert post.refresh()
    assert post.outcome.entries[4].target == "Typed in the editor."
    entry = post.outcome.entries[3]
    assert (entry.state, entry.target, entry.other) == (State.CONFLICT, "Written on the page.", before)
    post.decide([on(post, 0, note="and on")])
    assert {written(post)[3].target, written(post)[3].other} == {"Written on the page.", before}
    stand_is_what_is_read(post)
