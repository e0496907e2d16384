"""A review with the keyboard alone: the beginning of the second sample post, from a draft to the published English."""

import re
import shutil

import pytest
from app_window import Review, enter, long_post, saved
from person_at_keys import EDITING, ROOT, Person, wanted_texts

from translator.model import State
from translator.pipeline.decide import Stand

pytestmark = pytest.mark.browser

NOTED, HEADING, LAST = "7650bd59", "59bbd89f", "c4364c6e"
"""The first sentence, the first heading and the sentence below it."""


def beginning():
    """Give the sample post up to the first sentence below its first heading."""
    text = (ROOT / "posts" / "typesetting" / "zh.md").read_text(encoding="utf-8")
    return text[: text.index("一派一段写成一行")] + "\n\n## 发布前的清单\n"


@pytest.fixture
def review(tmp_path):
    shutil.copytree(ROOT / "glossary", tmp_path / "glossary")
    (tmp_path / "duizhao.yaml").write_text("author: Reviewer\n", encoding="utf-8")
    made = Review(tmp_path, beginning(), english=())
    keys = [entry.key for entry in made.entries]
    wanted = {key: text for key, text in wanted_texts().items() if key in keys}
    assert len(wanted) == len(keys) == 13
    drafts = {i: "The words of a machine." if i % 3 else wanted[key] for i, key in enumerate(keys)}
    drafts |= {keys.index(key): wanted[key].replace("MXNet", "MXNET") for key in ("ac4277c6",)}
    made.decide({i: Stand(text, State.DRAFT, "builtin", score=0.8) for i, text in drafts.items()})
    made.wanted = wanted
    yield made
    made.stop()


@pytest.fixture
def person(chromium, review):
    context, complaints = chromium.new_context(viewport={"width": 1400, "height": 800}, locale="en-GB"), []
    page = enter(context, review.address, complaints)
    page.on("console", lambda one: one.type == "error" and complaints.append(one.text))
    yield Person(page, review.wanted)
    context.close()
    assert not complaints


def test_a_post_is_finished_by_keys_alone(review, person):
    person.press("n")
    person.go_on(4)
    person.act("undo", "u")
    person.see("duizhao.store.rows.filter((row) => duizhao.store.isDone(row.stand)).length === 3")
    person.act("redo", "Shift+U")
    person.see("duizhao.store.rows.filter((row) => duizhao.store.isDone(row.stand)).length === 4")
    person.press("n")
    person.go_on()
    person.to(NOTED)
    person.press("o")
    person.see("document.activeElement.matches('dialog.note textarea')")
    person.type("Looked at twice.")
    person.act("note", "Control+Enter")
    person.see("document.querySelector('dialog') === null")
    saved(person.page)
    person.press("Shift+P")
    person.see("document.activeElement.matches('dialog.publish button[type=submit]:not(:disabled)')")
    person.act("publish", "Enter")
    person.see("document.querySelector('dialog') === null")
    review.post.refresh()
    assert {entry.key: entry.target for entry in review.entries} == review.wanted
    assert {(entry.state, entry.by) for entry in review.entries} == {(State.APPROVED, review.session.person)}
    assert {entry.note for entry in review.entries if entry.key == NOTED} == {"Looked at twice."}
    english = review.path.with_name("en.md").read_text(encoding="utf-8")
    assert "\ntranslation: reviewed\n" in english
    assert re.search(r"\(#checklist-before-publishing\)", english)
    assert person.actions["accept"] > person.actions["edit"] / 3
    assert person.actions["fix"] == 1


def test_what_is_typed_while_the_chunk_is_read_anew_stays_in_the_editor(chromium, tmp_path):
    """An editor that is moved loses the focus; letters would be commands of the page."""
    review = Review(tmp_path, long_post(110), english=["The words of a machine."])  # more rows than come with HTML
    context = chromium.new_context(viewport={"width": 1400, "height": 800}, locale="en-GB")
    person = Person(enter(context, review.address), {})
    person.press("n", "e")
    person.see(EDITING)
    person.press("Control+a")
    person.type("Whatever others ")
    others = range(1, len(review.entries))
    review.decide({i: Stand("Changed meanwhile.", State.DRAFT, "person") for i in others})
    person.see("duizhao.store.rows.at(-1).stand.target === 'Changed meanwhile.'")
    person.page.wait_for_timeout(500)  # the chunk would be there by then
    person.type("do, this one stands")
    person.act("edit", "Enter")
    person.see(
        "document.querySelector('#s1.approved') && document.querySelector('#s2').innerText.includes('meanwhile')"
    )
    saved(person.page)
    assert review.stand(0).target == "Whatever others do, this one stands"
    assert {review.stand(i).state for i in others} == {State.DRAFT}
    context.close()
    review.stop()
