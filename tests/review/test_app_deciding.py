"""Moving and deciding in the review's page, by key and by mouse, all of it undone and redone."""

import pytest
from app_window import ENGLISH, here, keys, saved, until

from translator.model import JOINED, State
from translator.pipeline.decide import Stand

pytestmark = pytest.mark.browser


def put(page, n):
    """Make a row the current one."""
    page.evaluate("async (n) => { await duizhao.rows.stand(duizhao.store.rows[n]); }", n)


def test_keys_move_and_stay_at_the_ends(page):
    keys(page, "j")
    assert here(page) == 0
    keys(page, "j", "ArrowDown", "k", "ArrowUp", "k")
    assert here(page) == 0
    assert page.evaluate("document.activeElement.id") == "s1"
    assert page.locator("[aria-current=true]").get_attribute("id") == "s1"
    assert page.locator(".row.here").count() == 1


def test_next_goes_round_over_those_that_need_a_person(page, review):
    review.decide({i: Stand(ENGLISH[i], State.APPROVED, by="Lin") for i in range(1, 8)})
    until(page, "duizhao.store.rows.filter((row) => row.needs).length === 2")
    put(page, 0)
    keys(page, "n")
    assert here(page) == 8
    keys(page, "n")
    assert here(page) == 0
    assert "top" in page.inner_text("#toast")
    keys(page, "p")
    assert here(page) == 8


def test_accepting_goes_on_and_is_undone_and_redone(page, review):
    before = review.stand(0)
    keys(page, "j", "a")
    assert page.locator("#s1.approved").count() == 1
    assert here(page) == 1
    saved(page)
    assert review.stand(0).state is State.APPROVED
    assert review.stand(0).by == review.session.person
    keys(page, "u")
    assert here(page) == 0
    assert "segment 1" in page.inner_text("#toast")
    saved(page)
    assert review.stand(0) == before
    keys(page, "Shift+u")
    saved(page)
    assert review.stand(0).state is State.APPROVED
    keys(page, "Control+z")
    saved(page)
    assert review.stand(0) == before
    keys(page, "u")
    assert page.inner_text("#toast") == "Nothing to undo"


def test_accepting_by_mouse(page, review):
    page.hover("#s2")
    page.click("#s2 [data-act=accept]")
    saved(page)
    assert review.stand(1).state is State.APPROVED
    page.wait_for_selector("#s2.approved [data-act=reject]", state="attached")


def test_what_is_not_translated_is_not_accepted(page, review):
    put(page, 8)
    keys(page, "a")
    assert "not translated" in page.inner_text("#toast")
    assert review.stand(8).state is State.UNTRANSLATED


def test_rejecting_takes_back_step_by_step(page, review):
    put(page, 3)
    keys(page, "a")
    put(page, 3)
    keys(page, "r")
    saved(page)
    assert review.stand(3).state is State.DRAFT
    keys(page, "r")
    saved(page)
    assert review.stand(3) == Stand()
    keys(page, "u", "u", "u")
    saved(page)
    assert review.stand(3) == Stand(ENGLISH[3], State.DRAFT, "builtin", score=0.8)


def test_joined_and_split_where_the_sentences_end(page, review):
    before = [review.stand(i) for i in (1, 2)]
    put(page, 2)
    keys(page, "m")
    saved(page)
    assert review.stand(1).target == f"{ENGLISH[1]} {ENGLISH[2]}"
    assert (review.stand(2).target, review.stand(2).state) == (JOINED, State.JOINED)
    put(page, 2)
    keys(page, "s")
    saved(page)
    assert [review.stand(i).target for i in (1, 2)] == [ENGLISH[1], ENGLISH[2]]
    keys(page, "u")
    saved(page)
    assert review.stand(2).target == JOINED
    keys(page, "u")
    saved(page)
    assert [review.stand(i) for i in (1, 2)] == before


def test_three_joined_in_one_are_split_in_the_middle(page, review):
    for n in (2, 3):
        put(page, n)
        keys(page, "m")
    saved(page)
    assert review.stand(1).target == " ".join(ENGLISH[1:4])
    put(page, 2)
    keys(page, "s")
    saved(page)
    assert [review.stand(i).target for i in (1, 2, 3)] == [ENGLISH[1], f"{ENGLISH[2]} {ENGLISH[3]}", JOINED]


def test_nothing_is_joined_over_a_block_s_edge(page, review):
    put(page, 4)
    keys(page, "m")
    assert "no segment above" in page.inner_text("#toast")
    assert review.stand(4).target == ENGLISH[4]


def test_editing_saves_what_is_written(page, review):
    put(page, 6)
    keys(page, "e")
    page.wait_for_selector("#s7 .editor")
    page.keyboard.press("Control+a")
    page.keyboard.type("Only one sentence here.")
    page.keyboard.press("Enter")
    saved(page)
    stand = review.stand(6)
    assert (stand.target, stand.state, stand.origin) == ("Only one sentence here.", State.APPROVED, "person")
    assert here(page) == 7
    until(page, "document.querySelector('#s7 .side.en .text').textContent === 'Only one sentence here.'")


def test_keys_do_nothing_while_somebody_writes(page, review):
    put(page, 6)
    keys(page, "e")
    page.wait_for_selector("#s7 .editor")
    page.keyboard.type("jar")
    assert here(page) == 6
    page.keyboard.press("Escape")
    assert review.stand(6).target == ENGLISH[6]
    page.click(".search input")
    page.keyboard.type("a")
    assert page.evaluate("duizhao.store.unsaved") == 0
    assert review.stand(6).state is State.DRAFT


IME = """({key, composing, code}) => {
  const more = { bubbles: true, cancelable: true, isComposing: composing, keyCode: code };
  const event = new KeyboardEvent("keydown", { key, ...more });
  document.activeElement.dispatchEvent(event);
  return event.defaultPrevented;
}"""


@pytest.mark.parametrize("key", ["a", "j", "r", "Enter", "m", "u", "?"])
def test_keys_of_a_composition_are_not_ours(page, review, key):
    put(page, 0)
    assert not page.evaluate(IME, {"key": key, "composing": True, "code": 0})
    assert not page.evaluate(IME, {"key": key, "composing": False, "code": 229})
    assert here(page) == 0
    assert page.evaluate("duizhao.store.unsaved") == 0
    assert review.stand(0).state is State.DRAFT


def test_identical_segments_are_told_from_the_rest(page, review):
    put(page, 7)
    keys(page, "a")
    put(page, 7)
    keys(page, "i")
    if page.locator("dialog[open]").count():
        page.keyboard.press("Enter")
    until(page, "duizhao.store.rows[8].stand.target !== ''")
    saved(page)
    assert review.stand(8).target == ENGLISH[7]
    keys(page, "u")
    saved(page)
    assert review.stand(8) == Stand()


def test_everything_clean_at_once_is_undone_at_once(page, review):
    before = [review.stand(i) for i in range(9)]
    keys(page, "Shift+a")
    if page.locator("dialog[open]").count():
        page.keyboard.press("Enter")
    until(page, "duizhao.store.rows.some((row) => row.stand.state === 'approved')")
    saved(page)
    assert sum(review.stand(i).state is State.APPROVED for i in range(9)) > 3
    keys(page, "u")
    saved(page)
    assert [review.stand(i) for i in range(9)] == before


def test_the_language_is_switched_and_stays(page):
    assert page.inner_text("#s1 [data-act=accept]") == "Accept"
    page.click("[data-act=language]")
    assert page.inner_text("#s1 [data-act=accept]") == "接受"
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"
    assert "句" in page.get_attribute("#s1", "aria-label")
    keys(page, "j", "a")
    assert page.inner_text("#s1 .badge").endswith("已审")
    saved(page)
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    assert page.inner_text("#s2 [data-act=accept]") == "接受"


def test_filters_and_search(page):
    page.click("[data-filter=untranslated]")
    page.wait_for_selector("#s9")
    assert page.locator("article.row").count() == 1
    assert page.inner_text("output") == "1 shown"
    page.click("[data-filter=all]")
    page.wait_for_selector("#s1")
    assert page.locator("article.row").count() == 9
    page.fill(".search input", "ｓｙｍｂｏｌｉｃ")
    page.wait_for_selector("#s3")
    until(page, "document.querySelectorAll('article.row').length === 1")
    page.fill(".search input", "同样的")
    until(page, "document.querySelectorAll('article.row').length === 2")
    page.press(".search input", "Enter")
    assert here(page) == 7
    page.fill(".search input", "no such thing")
    page.wait_for_selector(".nothing", state="visible")
    page.press(".search input", "Escape")
    until(page, "document.querySelectorAll('article.row').length === 9")


def test_what_is_accepted_stays_in_a_filtered_list(page, review):
    page.click("[data-filter=draft]")
    page.wait_for_selector(".flat #s1")
    put(page, 0)
    keys(page, "a", "a")
    assert page.locator(".flat .approved").count() == 2
    saved(page)
    assert [review.stand(i).state for i in (0, 1)] == [State.APPROVED] * 2


def test_a_term_lights_its_partner(page):
    page.hover("#s2 .side.zh .term")
    page.wait_for_selector("#tip", state="visible")
    assert page.locator("#s2 .side.en .term.partner").count() == 1
    assert "Mu Li" in page.inner_text("#tip")
