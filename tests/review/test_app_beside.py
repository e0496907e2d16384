"""What stands beside a row: matches, words that say each other, the preview, progress; splitting at the caret."""

import pytest
from app_window import ENGLISH, here, keys, saved, until

from translator.model import State
from translator.pipeline.decide import Stand

pytestmark = [pytest.mark.browser, pytest.mark.long]


def put(page, n):
    """Make a row the current one."""
    page.evaluate("async (n) => { await duizhao.rows.stand(duizhao.store.rows[n]); }", n)


def test_a_match_of_the_memory_is_used_with_a_digit(page, review):
    review.decide({7: Stand(ENGLISH[7], State.APPROVED, "person", "Lin")})
    put(page, 8)
    page.wait_for_selector("#s9 .matches")
    assert ENGLISH[7] in page.inner_text("#s9 .matches")
    assert "100" in page.inner_text("#s9 .matches")
    keys(page, "1")
    saved(page)
    assert review.stand(8) == Stand(ENGLISH[7], State.DRAFT, "memory")
    keys(page, "u")
    saved(page)
    assert review.stand(8) == Stand()


LIT = """[...CSS.highlights.get("linked") ?? []].map((range) => {
  return [range.startContainer.parentElement.closest(".side").lang, String(range)];
})"""
CHARACTER = """([id, at]) => {
  const range = document.createRange();
  const walker = document.createTreeWalker(document.querySelector(`#${id} .side.zh .text`), NodeFilter.SHOW_TEXT);
  const node = walker.nextNode();
  range.setStart(node, at);
  range.setEnd(node, at + 1);
  const box = range.getBoundingClientRect();
  return [box.left + box.width / 3, box.top + box.height / 2];
}"""


def test_a_word_lights_what_says_it_on_the_other_side(page):
    page.mouse.move(*page.evaluate(CHARACTER, ["s5", 0]))
    until(page, f"{LIT}.length === 2")
    assert page.evaluate(LIT) == [["zh-Hans", "列表"], ["en", "list"]]
    page.mouse.move(5, 5)
    until(page, "!CSS.highlights.has('linked')")


def test_the_preview_goes_along_and_is_made_anew_after_a_change(page):
    keys(page, "v")
    page.wait_for_selector("#preview", state="visible")
    frame = page.frame_locator("#preview iframe")
    frame.locator("#b1").wait_for()
    assert ENGLISH[1] in frame.locator("body").inner_text()
    put(page, 6)
    until(page, "document.querySelector('#preview iframe').contentWindow.location.hash === '#b6'")
    keys(page, "e")
    page.wait_for_selector("#s7 .editor")
    page.keyboard.press("Control+a")
    page.keyboard.type("Seen on the right.")
    page.keyboard.press("Enter")
    frame.get_by_text("Seen on the right.").wait_for()
    keys(page, "v")
    page.wait_for_selector("#preview", state="hidden")


def test_the_caret_says_where_to_split(page, review):
    put(page, 2)
    keys(page, "m")
    saved(page)
    page.evaluate("duizhao.app.edit(duizhao.store.rows[1], 6)")
    page.wait_for_selector("#s2 .editor")
    page.hover("#s3")
    page.click("#s3 [data-act=split]")
    saved(page)
    assert review.stand(1).target == "Mu Li"
    assert review.stand(2).target == f"wrote the first sentence. {ENGLISH[2]}"
    assert page.locator(".editor").count() == 0


def test_progress_follows_what_is_decided(page, review):
    assert page.inner_text(".progress [data-w=progress]") == "0 of 9 approved"
    keys(page, "j", "a", "a", "a")
    until(page, "document.querySelector('.progress [data-w=progress]').textContent === '3 of 9 approved'")
    assert page.get_attribute(".progress rect.approved", "width") == "3"
    assert page.inner_text("[data-filter=approved] [data-count]") == "3"
    review.decide({6: Stand(ENGLISH[6], State.APPROVED, "person", "Lin")})
    until(page, "document.querySelector('.progress [data-w=progress]').textContent === '4 of 9 approved'")


def test_seconds_are_counted_while_somebody_works(page):
    keys(page, "j")
    until(page, "JSON.parse(localStorage.getItem('duizhao:time:zh.md:1') ?? '{}').seconds >= 5", 12)


def test_a_note_is_kept_with_its_segment(page, review):
    put(page, 1)
    keys(page, "o")
    page.wait_for_selector("dialog[open] textarea")
    page.keyboard.type("Ask him.")
    page.keyboard.press("Control+Enter")
    saved(page)
    assert review.stand(1) == Stand(ENGLISH[1], State.DRAFT, "builtin", score=0.8, note="Ask him.")
    assert "Ask him." in page.inner_text("#s2 .note")
    assert here(page) == 1


def test_search_and_replace_is_one_step_to_undo(page, review):
    keys(page, "h")
    page.wait_for_selector("dialog[open]")
    page.keyboard.type("sentence")
    page.keyboard.press("Tab")
    page.keyboard.type("phrase")
    until(page, "!document.querySelector('dialog [type=submit]').disabled")
    page.keyboard.press("Enter")
    saved(page)
    until(page, "duizhao.store.rows[1].stand.target.includes('phrase')")
    assert review.stand(1).target == ENGLISH[1].replace("sentence", "phrase")
    keys(page, "u")
    saved(page)
    assert [review.stand(i).target for i in range(9)] == list(ENGLISH)


def test_a_term_is_made_of_what_is_selected_in_the_editor_by_key(page):
    put(page, 1)
    keys(page, "e")
    page.wait_for_selector("#s2 .editor")
    page.keyboard.press("Control+Shift+ArrowLeft")  # the full stop
    page.keyboard.press("Control+Shift+ArrowLeft")
    page.keyboard.press("Alt+t")
    page.wait_for_selector("dialog[open]")
    assert "sentence." in page.evaluate("[...document.querySelectorAll('dialog input')].map((one) => one.value)")
    page.keyboard.press("Escape")
    page.wait_for_selector("#s2 .editor")


def test_below_a_large_screen_the_preview_stands_beside_the_post(page):
    page.set_viewport_size({"width": 1200, "height": 800})
    keys(page, "v")
    page.wait_for_selector("#preview iframe")
    assert page.evaluate(
        "document.querySelector('article.row').getBoundingClientRect().right"
        " <= document.getElementById('preview').getBoundingClientRect().left + 1"
    )
