"""Least sure first: what a machine was least sure of stands above, in the served page and in the page in a file."""

import pytest
from app_window import ENGLISH, Review, enter, here, keys, saved, until
from static_site import SAID, Garden

from translator.model import State
from translator.pipeline.decide import Decision, Stand

pytestmark = [pytest.mark.browser, pytest.mark.long]
SCORES = (0.9, 0.3, 0.8, None, 0.55, 0.3, 0.7, 0.95)
"""Of the served post's segments; the fourth has none, the ninth is untranslated."""
WORST_FIRST = [1, 5, 4, 6, 2, 0, 7, 3, 8]
SHOWN = """[...document.querySelectorAll("article.row")].filter((row) => row.getClientRects().length).map((row) => {
  return Number(row.id.slice(1)) - 1;
})"""
PLACES = """[...document.querySelectorAll("#post article.row")].map((row) => {
  return [row.id, [...document.querySelectorAll("section.block")].indexOf(row.closest("section.block"))];
})"""
BUTTON = '[data-act="order"]'


@pytest.fixture
def review(tmp_path):
    """Serve a post of which it is known how sure the machine was."""
    made = Review(tmp_path, english=())
    said = zip(ENGLISH, SCORES, strict=False)
    made.decide({i: Stand(english, State.DRAFT, "builtin", score=score) for i, (english, score) in enumerate(said)})
    yield made
    made.stop()


def shown(page, wanted):
    """Hold when these rows, and no others, are shown in this order."""
    until(page, f"JSON.stringify({SHOWN}) === {str(wanted)!r}.replaceAll(' ', '')")


def test_a_key_puts_the_least_sure_first_and_back(page):
    shown(page, list(range(9)))
    keys(page, "w")
    shown(page, WORST_FIRST)
    until(page, "duizhao.rows.here()?.i === 1")
    assert page.get_attribute(BUTTON, "aria-pressed") == "true"
    keys(page, "j", "j", "k")
    assert here(page) == 5
    keys(page, "w")
    shown(page, list(range(9)))
    assert here(page) == 5
    assert page.get_attribute(BUTTON, "aria-pressed") == "false"


def test_rows_stay_where_they_are_while_they_are_approved(page, review):
    keys(page, "w")
    shown(page, WORST_FIRST)
    keys(page, "a")
    saved(page)
    assert (here(page), review.stand(1).state) == (5, State.APPROVED)
    keys(page, "a", "p")
    assert here(page) == 8
    shown(page, WORST_FIRST)
    keys(page, "u")
    assert here(page) == 5
    shown(page, WORST_FIRST)


def test_the_order_goes_with_a_filter(page):
    page.click(BUTTON)
    page.click('[data-filter="untranslated"]')
    shown(page, [8])
    page.click('[data-filter="draft"]')
    shown(page, WORST_FIRST[:-1])
    page.click(BUTTON)
    shown(page, list(range(8)))


def test_a_person_finds_the_order_they_left(page, review):
    keys(page, "w")
    shown(page, WORST_FIRST)
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    shown(page, WORST_FIRST)
    keys(page, "w")
    shown(page, list(range(9)))
    other = enter(page.context, review.address)
    shown(other, list(range(9)))
    other.close()


def test_the_button_speaks_both_languages_and_is_not_there_without_figures(page, review):
    assert page.inner_text(BUTTON) == "least sure first"
    page.click('[data-act="language"]')
    assert page.inner_text(BUTTON) == "把握低的在前"
    review.decide({i: Stand(ENGLISH[i], State.APPROVED, "person", "Lin") for i in range(8)})
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    assert page.locator(BUTTON).is_hidden()
    keys(page, "w")
    shown(page, list(range(9)))


def test_the_margin_says_what_the_figure_means(page):
    sure = page.locator("#s2 .about [data-w=sure]")
    assert (sure.inner_text(), "about 30" in sure.get_attribute("title")) == ("30 % sure", True)


def test_a_page_in_a_file_has_the_order_too(chromium, tmp_path):
    garden = Garden(tmp_path, said={})
    post = garden.open()
    some = enumerate(entry for entry in post.outcome.entries if entry.source in SAID)
    said = [(e, Stand(SAID[e.source], State.DRAFT, "builtin", score=round(0.9 - 0.1 * n, 1))) for n, e in some]
    post.decide([Decision(e.key, e.source, Stand.of(e), stand) for e, stand in said])
    path, complaints = tmp_path / "page.html", []
    path.write_text(garden.page(), encoding="utf-8")
    context = chromium.new_context(viewport={"width": 1300, "height": 900}, locale="en-GB")
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-ready]", state="attached")
    before = page.evaluate(SHOWN)
    places = page.evaluate(PLACES)
    drafted = [n for n in before if page.evaluate("(n) => duizhao.store.rows[n].stand.score !== null", n)]
    keys(page, "w")
    shown(page, [*reversed(drafted), *(n for n in before if n not in drafted)])
    keys(page, "a")
    assert page.evaluate("duizhao.store.rows.filter((row) => row.stand.state === 'approved').length") == 1
    keys(page, "u", "w")
    shown(page, before)
    assert page.locator("#post .flat").count() == 0
    assert page.evaluate(PLACES) == places
    assert complaints == []
    context.close()
