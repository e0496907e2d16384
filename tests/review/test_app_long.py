"""A long post is read in chunks, and nobody notices."""

import pytest
from app_window import Review, here, keys, long_post, saved, until

from translator.model import State
from translator.pipeline.decide import Stand

pytestmark = [pytest.mark.browser, pytest.mark.long]

LOADED = "[...document.querySelectorAll('section.chunk')].flatMap((one, n) => (one.childElementCount ? [n] : []))"
FIRST = """() => {
  const top = document.querySelector(".bar").getBoundingClientRect().bottom;
  const row = [...document.querySelectorAll("article.row")].find((one) => one.getBoundingClientRect().top > top);
  return [row.id, row.getBoundingClientRect().top];
}"""
TOP = "(id) => document.getElementById(id)?.getBoundingClientRect().top ?? null"


@pytest.fixture(scope="module")
def review(tmp_path_factory):
    made = Review(tmp_path_factory.mktemp("long"), long_post(300), ())
    yield made
    made.stop()


def show(page, n):
    """Bring a row into view and let its neighbours come."""
    page.evaluate("async (n) => { await duizhao.rows.show(duizhao.store.rows[n].key); }", n)


def settle(page):
    """Wait until nothing is being read."""
    until(page, "!document.querySelector('section.chunk[aria-busy]')")
    page.wait_for_timeout(150)
    until(page, "!document.querySelector('section.chunk[aria-busy]')")


def test_only_what_is_near_is_there(page):
    settle(page)
    loaded = page.evaluate(LOADED)
    assert loaded == list(range(len(loaded)))
    assert 1 <= len(loaded) < 8
    assert page.evaluate("document.querySelectorAll('section.chunk').length") > 12


def test_any_row_comes_into_view_and_stays_where_it_is(page):
    show(page, 400)
    assert here(page) == 400
    before = page.evaluate(TOP, "s401")
    assert 0 < before < 800
    settle(page)
    assert abs(page.evaluate(TOP, "s401") - before) < 2
    assert len(page.evaluate(LOADED)) < 10


@pytest.mark.parametrize("step", [-350, 350])
def test_scrolling_moves_the_rows_by_as_much_and_no_more(page, step):
    show(page, 300)
    settle(page)
    for _ in range(14):
        row, top = page.evaluate(FIRST)
        page.evaluate("(step) => scrollBy({ top: step, behavior: 'instant' })", step)
        settle(page)
        assert abs(page.evaluate(TOP, row) - (top - step)) < 2, row


def test_what_is_far_goes_but_keeps_its_height(page):
    settle(page)
    height = page.evaluate("document.querySelector('section.chunk').getBoundingClientRect().height")
    show(page, 500)
    until(page, "document.querySelector('section.chunk').childElementCount === 0")
    assert abs(page.evaluate("document.querySelector('section.chunk').getBoundingClientRect().height") - height) < 1
    show(page, 2)
    assert page.locator("#s3.here").count() == 1


def test_what_is_selected_stays(page):
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#s2 .side.zh .text'))")
    show(page, 500)
    settle(page)
    assert page.locator("#s2").count() == 1
    assert page.evaluate("getSelection().toString()") != ""


def test_moving_goes_through_chunks_that_are_not_there_yet(page):
    show(page, 34)
    keys(page, *["j"] * 60)
    until(page, "document.activeElement.id === 's95'")
    assert here(page) == 94


def test_what_changes_far_away_is_there_when_one_comes(page, review):
    review.decide({450: Stand("Written by somebody else.", State.APPROVED, "person", "Lin")})
    until(page, "duizhao.store.rows[450].stand.target !== ''")
    show(page, 450)
    assert "Written by somebody else." in page.inner_text("#s451")


def test_a_filtered_list_comes_in_portions_and_the_place_is_found_again(page):
    show(page, 420)
    page.fill(".search input", "第二句话")
    until(page, "document.querySelector('output').textContent === '300 shown'")
    settle(page)
    assert page.evaluate("document.querySelectorAll('.flat article.row').length") < 300
    keys(page, "Enter")
    keys(page, *["j"] * 50)
    until(page, "document.activeElement.id === 's103'")
    page.fill(".search input", "")
    until(page, "!document.querySelector('.flat')")
    until(page, "document.querySelector('#s103.here') !== null")
    assert 0 < page.evaluate(TOP, "s103") < 800


def test_an_edit_far_from_the_top_is_saved_and_shown(page, review):
    show(page, 555)
    keys(page, "e")
    page.wait_for_selector("#s556 .editor")
    page.keyboard.type("Far down.")
    page.evaluate("scrollTo(0, 0)")
    settle(page)
    assert page.locator("#s556 .editor").count() == 1
    page.keyboard.press("Enter")
    saved(page)
    assert (review.stand(555).target, review.stand(555).state) == ("Far down.", State.APPROVED)
