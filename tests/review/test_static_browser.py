"""The page in a file, opened from the disk in a real browser: edited, kept, given back, merged."""

import json

import pytest
from static_site import Garden, block

from translator.model import State
from translator.review.returned import merge, read

pytestmark = [pytest.mark.browser, pytest.mark.long]
ROW = 'article.row:has(.zh .text:has-text("{}"))'


class Sent:
    """A page that somebody opened from a file."""

    def __init__(self, chromium, path):
        self.path, self.complaints, self.requests = path, [], []
        self.context = chromium.new_context(
            viewport={"width": 1300, "height": 900}, accept_downloads=True, locale="en-GB"
        )
        self.window = self.open()

    def open(self):
        window = self.context.new_page()
        window.on("console", lambda message: self.complaints.append(message.text))
        window.on("pageerror", lambda error: self.complaints.append(str(error)))
        window.on("request", lambda request: self.requests.append(request.url))
        window.on("dialog", lambda dialog: dialog.accept())
        window.goto(self.path.as_uri())
        window.wait_for_selector("html[data-ready]", state="attached")
        return window

    def row(self, text):
        return self.window.locator(ROW.format(text)).first

    def stand(self, text):
        self.row(text).locator(".zh .text").click()

    def write(self, text, english, key="Enter"):
        self.stand(text)
        self.window.keyboard.press("e")
        self.window.locator(".editor").wait_for()
        self.window.keyboard.press("Control+a")
        self.window.keyboard.type(english)
        self.window.keyboard.press(key)
        self.window.locator(".editor").wait_for(state="detached")

    def download(self, act, path):
        with self.window.expect_download() as given:
            self.window.locator(f'[data-act="{act}"]').click()
        given.value.save_as(path)
        return given.value.suggested_filename

    def unsaved(self):
        return self.window.locator("#unsaved").inner_text()


@pytest.fixture
def garden(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    (tmp_path / "gitconfig").write_text("[user]\n\tname = Seed\n")
    return Garden(tmp_path)


@pytest.fixture
def sent(chromium, garden, tmp_path):
    path = tmp_path / "review.html"
    path.write_text(garden.page(), encoding="utf-8")
    opened = Sent(chromium, path)
    yield opened
    assert opened.complaints == []
    assert {url for url in opened.requests if not url.startswith("blob:")} <= {opened.path.as_uri(), *opened.allowed}
    opened.context.close()


Sent.allowed = ()


@pytest.mark.parametrize(("act", "name"), [("download", "zh.review.html"), ("changes", "zh.review.json")])
def test_edited_approved_kept_given_back_and_merged(sent, garden, tmp_path, act, name):
    sent.window.locator("#person").fill("Lin Wei")
    sent.stand("花开得很好")
    sent.window.keyboard.press("a")
    sent.write("第二项", "Item two")
    sent.write("引用里的一句话", "Quoted <b>.", "Shift+Enter")
    assert sent.unsaved() == "Changes in this page only: 3. Download them."
    sent.window.reload()
    sent.window.wait_for_selector("html[data-ready]", state="attached")
    assert sent.row("第二项").locator(".en .text").inner_text() == "Item two"
    assert sent.row("第二项").get_attribute("data-state") == "approved"
    assert sent.row("引用里").locator(".en .text").inner_text() == "Quoted <b>."
    assert "3 of" not in sent.window.locator(".progress p").inner_text()
    assert sent.download(act, tmp_path / "back") == name
    assert sent.window.locator("#unsaved").is_hidden()
    assert merge(tmp_path / "back", [garden.path]) == [
        f"{tmp_path / 'back'} → {garden.path}: 3 segments decided by Lin Wei",
        "3 taken",
    ]
    now = garden.entries()
    assert (now["第二项"].target, now["第二项"].state, now["第二项"].by) == ("Item two", State.APPROVED, "Lin Wei")
    assert (now["花开得很好！"].target, now["花开得很好！"].state) == ("They bloom!", State.APPROVED)
    assert (now["引用里的一句话。"].target, now["引用里的一句话。"].state) == ("Quoted <b>.", State.DRAFT)


def test_a_page_that_was_downloaded_goes_on_where_it_was(sent, garden, tmp_path, chromium):
    sent.write("第一项", "The **first**")
    sent.download("download", tmp_path / "back.html")
    again = Sent(chromium, tmp_path / "back.html")
    assert again.row("第一项").locator(".en .text").inner_text() == "The first"
    assert again.window.locator("#unsaved").is_hidden()
    again.write("第二项", "The second")
    again.download("download", tmp_path / "twice.html")
    said = {one.source: one.after.target for one in read(tmp_path / "twice.html").decisions}
    assert said == {"第一项": "The **first**", "第二项": "The second"}
    assert (tmp_path / "twice.html").read_text(encoding="utf-8").count("<article") == garden.page().count("<article")
    assert again.complaints == []
    again.context.close()


def test_what_is_undone_does_not_come_back(sent, tmp_path):
    sent.write("第一项", "Wrong")
    sent.window.keyboard.press("u")
    assert sent.window.locator("#unsaved").is_hidden()
    sent.window.reload()
    sent.window.wait_for_selector("html[data-ready]", state="attached")
    assert sent.row("第一项").locator(".en .text").inner_text() == "Item one"
    sent.download("changes", tmp_path / "none.json")
    assert read(tmp_path / "none.json").decisions == ()
    sent.write("第一项", "Right")
    sent.window.keyboard.press("u")
    sent.window.keyboard.press("Shift+U")
    assert sent.row("第一项").locator(".en .text").inner_text() == "Right"


def test_a_conflict_is_shown_and_both_texts_kept(sent, garden, tmp_path):
    sent.write("第一项", "Theirs")
    sent.download("download", tmp_path / "back.html")
    garden.decide({"第一项": ("Ours", State.APPROVED, "person")})
    lines = merge(tmp_path / "back.html", [garden.path])
    assert lines[1].startswith("1 in conflict")
    assert lines[3:5] == ["    here: Ours", "    page: Theirs"]
    now = garden.entries()["第一项"]
    assert (now.state, now.target, now.other) == (State.CONFLICT, "Ours", "Theirs")


def test_a_conflict_is_decided_on_the_page(chromium, garden, tmp_path):
    garden.decide({"第一项": ("Ours", State.APPROVED, "person")})
    (tmp_path / "posts" / "en.po").write_text(
        (tmp_path / "posts" / "en.po").read_text(encoding="utf-8").replace('"Ours"', '"Theirs"'), encoding="utf-8"
    )
    english = garden.path.with_name("en.md")
    english.write_text(english.read_text(encoding="utf-8").replace("Ours", "Mine"), encoding="utf-8")
    assert garden.entries()["第一项"].state is State.CONFLICT
    path = tmp_path / "fight.html"
    path.write_text(garden.page(), encoding="utf-8")
    sent = Sent(chromium, path)
    sent.stand("第一项")
    sent.window.keyboard.press("2")
    sent.download("changes", tmp_path / "back.json")
    assert merge(tmp_path / "back.json", [garden.path])[1:] == ["1 taken"]
    now = garden.entries()["第一项"]
    assert (now.state, now.target, now.other) == (State.APPROVED, "Mine", "")
    sent.context.close()


def test_repeat_and_clean_need_no_server(sent, tmp_path):
    sent.write("一样的话", "Alike.")
    sent.stand("一样的话")
    sent.window.keyboard.press("i")
    sent.window.locator("dialog[open] button").last.click()
    sent.window.keyboard.press("Shift+A")
    sent.window.locator("dialog[open] button").last.click()
    sent.window.locator('.filters [data-filter="draft"]').wait_for(state="hidden")
    sent.download("changes", tmp_path / "all.json")
    said = read(tmp_path / "all.json").decisions
    assert {one.after.state for one in said} == {State.APPROVED}
    assert [one.after.target for one in said if one.source == "一样的话。"] == ["Alike.", "Alike."]


def test_what_needs_a_server_is_not_offered(sent):
    sent.stand("第一项")
    for act in ("draft", "term", "publish", "replace", "preview"):
        assert not sent.window.locator(f'[data-act="{act}"]:visible').count()
    assert sent.row("第一项").locator('[data-act="accept"]').is_visible()
    for key in ("d", "t", "h", "v", "Shift+P", "Control+h"):
        sent.window.keyboard.press(key)
        assert sent.window.locator("#toast").inner_text() == "Only in `duizhao review`."
        assert not sent.window.locator("dialog[open]").count()


def test_buttons_follow_what_stands(sent):
    def offered(text):
        return [one.get_attribute("data-act") for one in sent.row(text).locator(".acts > button").all()]

    sent.row("第二项").hover()
    assert "accept" not in offered("第二项")
    sent.write("第二项", "Two")
    sent.stand("第二项")
    assert offered("第二项") == ["edit", "reject", "note", "repeat", "term"]


def test_two_windows_of_one_page_share_what_is_decided(sent, tmp_path):
    other = sent.open()
    sent.write("第一项", "From the first window")
    other.locator(ROW.format("第一项")).locator('.en .text:has-text("From the first window")').wait_for()
    sent.window.close()
    sent.window = other
    sent.write("第二项", "From the second")
    sent.download("changes", tmp_path / "both.json")
    assert {one.after.target for one in read(tmp_path / "both.json").decisions} == {
        "From the first window",
        "From the second",
    }


def test_language_and_filters(sent):
    sent.window.locator('[data-act="language"]').click()
    assert sent.window.locator('[data-act="download"]').inner_text().strip() == "下载"
    sent.window.locator('[data-filter="untranslated"]').click()
    assert sent.window.locator("article.row:visible").count() == 1
    sent.window.locator('[data-filter="all"]').click()
    sent.window.locator("input[type=search]").fill("引用")
    sent.window.locator("article.row:visible").nth(1).wait_for(state="detached")
    assert sent.window.locator("article.row:visible").count() == 1


def test_a_browser_that_keeps_nothing_says_so(chromium, garden, tmp_path):
    path = tmp_path / "review.html"
    path.write_text(garden.page(), encoding="utf-8")
    context = chromium.new_context(accept_downloads=True, locale="en-GB")
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', {configurable: true,"
        " get() { throw new DOMException('no', 'SecurityError'); }})"
    )
    window = context.new_page()
    complaints = []
    window.on("pageerror", lambda error: complaints.append(str(error)))
    window.goto(path.as_uri())
    window.wait_for_selector("html[data-ready]", state="attached")
    window.locator(ROW.format("花开得很好")).locator(".zh .text").click()
    window.keyboard.press("a")
    assert window.locator("#unsaved").inner_text().startswith("This browser keeps nothing for this page.")
    with window.expect_download() as given:
        window.locator('[data-act="download"]').click()
    given.value.save_as(tmp_path / "back.html")
    assert merge(tmp_path / "back.html", [garden.path])[1:] == ["1 taken"]
    assert complaints == []
    context.close()


def test_leaving_asks_while_something_is_not_downloaded(sent):
    asked = []
    sent.window.on("dialog", lambda dialog: asked.append(dialog.type))
    sent.window.reload()
    assert asked == []
    sent.window.wait_for_selector("html[data-ready]", state="attached")
    sent.write("第一项", "Something")
    sent.window.reload()
    sent.window.wait_for_selector("html[data-ready]", state="attached")
    assert asked == ["beforeunload"]


def test_the_browsers_own_save_keeps_what_was_decided(sent, tmp_path):
    sent.write("第一项", "Saved by the browser")
    (tmp_path / "saved.html").write_text(f"<!DOCTYPE html>{sent.window.content()}", encoding="utf-8")
    assert [one.after.target for one in read(tmp_path / "saved.html").decisions] == ["Saved by the browser"]


def test_without_a_script_it_is_read(chromium, garden, tmp_path):
    path = tmp_path / "review.html"
    path.write_text(garden.page(), encoding="utf-8")
    context = chromium.new_context(java_script_enabled=False)
    window = context.new_page()
    window.goto(path.as_uri())
    assert window.locator("article.row:visible").count() == len(
        json.loads(block(garden.page(), "boot"))["model"]["segments"]
    )
    assert not window.locator("button:visible").count()
    context.close()
