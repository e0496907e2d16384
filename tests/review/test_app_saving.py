"""Nothing decided in the page is lost: two windows, a server that is killed, a page that is closed."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from app_window import ENGLISH, GLOSSARY, POST, Review, enter, here, keys, saved, until

from translator.config import Project
from translator.model import State
from translator.pipeline.decide import Stand
from translator.pipeline.session import Session

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture
def context(chromium):
    made = chromium.new_context(viewport={"width": 1400, "height": 800}, locale="en-GB")
    yield made
    made.close()


def put(page, n):
    """Make a row the current one."""
    page.evaluate("async (n) => { await duizhao.rows.stand(duizhao.store.rows[n]); }", n)


def write(page, n, text):
    """Open a row's editor and write something else there."""
    put(page, n)
    keys(page, "e")
    page.wait_for_selector(f"#s{n + 1} .editor")
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def shown(page, n):
    """Give the English that a row shows."""
    return page.evaluate(f"document.querySelector('#s{n + 1} .side.en .words').textContent")


# ── Two windows ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_one_window_decides_the_other_shows(context, review):
    one, two = enter(context, review.address), enter(context, review.address)
    put(one, 1)
    keys(one, "a")
    saved(one)
    two.wait_for_selector("#s2.approved")
    assert here(two) is None


def test_a_change_from_elsewhere_comes_without_being_asked_for(context, review):
    page = enter(context, review.address)
    review.decide({1: Stand("Somebody else wrote this.", State.APPROVED, "person", "Lin")})
    until(page, "document.querySelector('#s2 .side.en .text').textContent === 'Somebody else wrote this.'")
    assert page.locator("#s2.approved").count() == 1


def test_the_same_segment_in_two_windows_is_a_conflict_with_both_texts(context, review):
    page = enter(context, review.address)
    write(page, 6, "What I wrote.")
    review.decide({6: Stand("What she wrote.", State.APPROVED, "person", "Lin")})
    until(page, "document.querySelector('#toast').textContent.includes('elsewhere')")
    assert page.locator("#s7 .editor").count() == 1
    page.keyboard.press("Enter")
    saved(page)
    page.wait_for_selector("#s7.conflict")
    assert "What I wrote." in shown(page, 6)
    assert "What she wrote." in shown(page, 6)
    stand = review.stand(6)
    assert (stand.state, stand.target, stand.other) == (State.CONFLICT, "What she wrote.", "What I wrote.")
    put(page, 6)
    keys(page, "2")
    saved(page)
    assert (review.stand(6).state, review.stand(6).target) == (State.APPROVED, "What I wrote.")


def test_undo_leaves_alone_what_somebody_changed_since(context, review):
    page = enter(context, review.address)
    put(page, 6)
    keys(page, "a")
    saved(page)
    review.decide({6: Stand("What she wrote.", State.APPROVED, "person", "Lin")})
    until(page, "duizhao.store.rows[6].stand.target === 'What she wrote.'")
    keys(page, "u")
    assert "left as they are" in page.inner_text("#toast")
    assert review.stand(6).target == "What she wrote."


def test_a_post_that_changed_is_laid_out_anew_where_one_was(context, review):
    page = enter(context, review.address)
    put(page, 6)
    text = review.path.read_text(encoding="utf-8")
    review.path.write_text(text.replace("沐神写了", "新的一段。\n\n沐神写了"), encoding="utf-8")
    until(page, "duizhao.store.rows.length === 10")
    until(page, "document.querySelectorAll('article.row').length === 10")
    assert here(page) == 7
    assert page.locator("#s8.here").count() == 1


def test_what_is_refused_stays_in_sight_until_it_is_discarded(context, review):
    page = enter(context, review.address)
    page.route("**/decide", lambda route: route.abort())
    write(page, 6, "My own words.")
    page.keyboard.press("Enter")
    text = review.path.read_text(encoding="utf-8")
    review.path.write_text(text.replace("最后一段只有一句话。\n\n", ""), encoding="utf-8")
    until(page, "duizhao.store.rows.length === 8")
    page.unroute("**/decide")
    page.wait_for_selector(".lost", timeout=20_000)
    assert "My own words." in page.inner_text(".lost")
    assert "no longer in the post" in page.inner_text(".lost")
    assert page.evaluate("duizhao.store.unsaved") == 1
    page.click(".lost [data-act=discard]")
    assert page.locator(".lost").count() == 0
    assert page.evaluate("duizhao.store.unsaved") == 0


# ── A server that is not there ────────────────────────────────────────────────────────────────────────────────────────


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Command:
    """`duizhao review`, as a person runs it."""

    def __init__(self, path, port):
        command = [sys.executable, "-m", "translator", "review", str(path), "--port", str(port), "--no-open"]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, "NO_COLOR": "1"}
        )
        self.address = ""
        for line in self.process.stdout:
            if found := re.search(r"http://127\.0\.0\.1:\S+token=\S+", line):
                self.address = found[0]
                break

    def kill(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def drafted(tmp_path):
    """Give a post with drafts, and nobody serving it."""
    path = Path(tmp_path) / "zh.md"
    made = Review(tmp_path)
    made.stop()
    assert path.read_text(encoding="utf-8") == POST
    assert (path.parent / "glossary.yaml").read_text(encoding="utf-8") == GLOSSARY
    return path


def stands(path):
    """Read from the disk how the segments stand."""
    (post,) = Session(Project.of(path), [path]).posts
    return [Stand.of(entry) for entry in post.outcome.entries]


def test_a_killed_server_loses_nothing(context, drafted):
    port = free_port()
    first = Command(drafted, port)
    try:
        page = enter(context, first.address)
        keys(page, "j", "a")
        saved(page)
        first.kill()
        keys(page, "a", "a")
        write(page, 6, "Written while nobody listened.")
        page.keyboard.press("Enter")
        page.wait_for_selector("#unsaved", state="visible")
        until(page, "document.querySelector('#unsaved').textContent.includes('Not yet saved: 3')")
        assert "duizhao review" in page.inner_text("#unsaved")
    finally:
        first.kill()
    assert sum(stand.state is State.APPROVED for stand in stands(drafted)) == 1
    second = Command(drafted, port)
    try:
        enter(context, second.address)
        until(page, "duizhao.store.unsaved === 0", 40)
        page.wait_for_selector("#unsaved", state="hidden")
    finally:
        second.kill()
    after = stands(drafted)
    assert [one.state for one in after[:3]] == [State.APPROVED] * 3
    assert (after[6].target, after[6].state) == ("Written while nobody listened.", State.APPROVED)


def test_a_page_closed_while_the_server_was_away_sends_its_outbox_when_it_is_opened(context, review):
    page = enter(context, review.address)
    page.route("**/decide", lambda route: route.abort())
    keys(page, "j", "a", "a")
    until(page, "document.querySelector('#unsaved').textContent.includes('Not yet saved: 2')")
    assert review.stand(0).state is State.DRAFT
    page.close(run_before_unload=False)
    page = enter(context, review.address)
    saved(page)
    until(page, "duizhao.store.rows[1].stand.state === 'approved'")
    assert [review.stand(i).state for i in (0, 1)] == [State.APPROVED] * 2
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('duizhao:outbox')).length") == 0


def test_another_window_takes_over_from_one_that_was_closed(context, review):
    one, two = enter(context, review.address), enter(context, review.address)
    one.route("**/decide", lambda route: route.abort())
    keys(one, "j", "a")
    until(one, "duizhao.store.unsaved === 1")
    one.close(run_before_unload=False)
    third = enter(context, review.address)
    third.wait_for_selector("#s1.approved")
    two.wait_for_selector("#s1.approved")
    assert review.stand(0).state is State.APPROVED


def test_an_answer_lost_on_the_way_makes_no_conflict(context, review):
    page = enter(context, review.address)

    def swallow(route):
        route.fetch()
        route.abort()

    page.route("**/decide", swallow)
    write(page, 6, "First words.")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('#unsaved').textContent.includes('Not yet saved: 1')")
    assert review.stand(6).target == "First words."
    write(page, 6, "Second words.")
    page.keyboard.press("Enter")
    page.unroute("**/decide")
    until(page, "duizhao.store.unsaved === 0", 20)
    assert (review.stand(6).target, review.stand(6).state) == ("Second words.", State.APPROVED)


def test_many_edits_of_one_segment_go_out_as_one(context, review):
    page = enter(context, review.address)
    sent = []
    page.route("**/decide", lambda route: route.abort())
    decide = "(target) => duizhao.store.decide([{ key: duizhao.store.rows[1].key, after: { target, state: 'draft' } }])"
    page.evaluate(decide, "zero")
    until(page, "document.querySelector('#unsaved').textContent.includes('Not yet saved: 1')")
    for text in ("one", "two", "three"):
        page.evaluate(decide, text)
    assert page.evaluate("duizhao.store.unsaved") == 2
    page.unroute("**/decide")
    page.on("request", lambda request: sent.append(request.post_data_json) if "/decide" in request.url else None)
    until(page, "duizhao.store.unsaved === 0", 20)
    assert [[one["after"]["target"] for one in each["decisions"]] for each in sent] == [["zero"], ["three"]]
    assert review.stand(1).target == "three"
    assert ENGLISH[1] == sent[0]["decisions"][0]["before"]["target"]


def test_a_full_disk_is_said_and_the_decision_kept(context, review):
    page = enter(context, review.address)
    page.route("**/decide", lambda route: route.fulfill(status=507, json={"error": "the disk is full"}))
    keys(page, "j", "a")
    until(page, "document.querySelector('#unsaved').textContent.includes('disk is full')")
    page.unroute("**/decide")
    until(page, "duizhao.store.unsaved === 0", 20)
    assert review.stand(0).state is State.APPROVED
