"""The pages in a real browser, for whoever uses them otherwise than with a mouse on a wide, bright screen."""

import threading
from contextlib import contextmanager

import pytest
import uvicorn
from app_window import keys, until

from translator.config import Project
from translator.model import JOINED, State
from translator.pipeline.decide import Decision, Stand
from translator.pipeline.session import Session
from translator.review.reading import reading
from translator.review.server import serve
from translator.review.server.app import application
from translator.review.standalone import page as standalone

pytestmark = [pytest.mark.browser, pytest.mark.long]

POST = """\
---
title: 看花
tags: [花园, 春天]
---

# 花园里的一天

我们去**花园**看花😀。花开得很好！路上用 `walk()` 走了 3 公里，见[地图](https://a.example/)。沐神也来了。后来下雨了。

> 引用里的一句话。

1. 第一项
2. 第二项

| 花 | 颜色 |
| --- | --- |
| 桃花 | 粉红 |

```python
print("花")  # 一行很长的代码，长到在小屏幕上放不下：flowers = [one for one in garden if one.is_open and one.colour]
```

![一朵花](flower.png "名字")

<details><summary>点开</summary>更多的花。</details>

最后一段话。
"""
GLOSSARY = "terms:\n  - term: 沐神\n    translation: Mu Li\n    kind: person\n    note: A teacher.\n"
SAID = {
    "看花": Stand("Seeing the Flowers", State.APPROVED, "person", "Seed"),
    "花园里的一天": Stand("A Day in the Garden", State.APPROVED, "builtin", "Seed"),
    "我们去**花园**看花😀。": Stand("We go to the **garden** to see flowers😀.", State.DRAFT, "builtin", score=0.8),
    "花开得很好！": Stand(
        "They bloom!", State.CONFLICT, "person", other="They are in bloom!", note="Which of them sounds better?"
    ),
    "路上用 `walk()` 走了 3 公里，见[地图](https://a.example/)。": Stand(
        "We `walk()` 4 kilometres, see [the map](https://a.example/).", State.DRAFT, "builtin", score=0.4
    ),
    "沐神也来了。": Stand("Mu Shen came too.", State.DRAFT, "builtin", score=0.5),
    "后来下雨了。": Stand(JOINED, State.JOINED, "person"),
    "引用里的一句话。": Stand("A sentence in a quote.", State.STALE, "person", former="引用里的两句话。"),
    "第一项": Stand("Item one", State.DRAFT, "memory"),
    "桃花": Stand("Peach blossom", State.DRAFT, "builtin"),
}
DIALOGS = {"help": "?", "term": "t", "replace": "h", "publish": "Shift+P", "note": "o", "engines": "d"}
SERIOUS = {"serious", "critical"}
TIME = "125 min spent · 50 an hour · about 48 min left"
SMALL = {"200 % zoom": (720, 450), "a phone": (360, 740)}


class Site:
    """Two posts on a real server, and what is written from the first of them."""

    def __init__(self, root):
        self.paths = [root / name / "zh.md" for name in ("one", "two")]
        for path in self.paths:
            path.parent.mkdir()
            path.write_text(POST, encoding="utf-8")
            (path.parent / "glossary.yaml").write_text(GLOSSARY, encoding="utf-8")
        session = Session(Project.of(self.paths[0]), self.paths)
        post = session.posts[0]
        known = [entry for entry in post.outcome.entries if entry.source in SAID]
        decisions = [Decision(e.key, e.source, Stand.of(e), SAID[e.source]) for e in known]
        assert {result.fate for result in post.decide(decisions)} == {"done"}
        self.static, self.reading = root / "static.html", root / "reading.html"
        self.static.write_text(standalone(post), encoding="utf-8")
        self.reading.write_text(reading(post.work, post.outcome, post.path, post.english), encoding="utf-8")
        self.where = serve.listen("", 0)
        access = serve.access(self.where)
        self.address = serve.address(access)
        self.origin = self.address.partition("/?")[0]
        app = application(session, access)
        self.server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", http="h11"))
        sockets = {"sockets": list(self.where.sockets)}
        self.thread = threading.Thread(target=self.server.run, kwargs=sockets, daemon=True)
        self.thread.start()

    def stop(self):
        self.server.should_exit = self.server.force_exit = True
        self.thread.join(10)
        self.where.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    one = Site(tmp_path_factory.mktemp("site"))
    yield one
    one.stop()


def enter(window, site):
    """Open the address that was printed, as far as the list of posts."""
    window.goto(site.address)
    window.wait_for_url(f"{site.origin}/")


@contextmanager
def opened(chromium, site, what="post", size=(1280, 900), **options):
    """Open a window on the served post, or on the page in a file."""
    width, height = size
    context = chromium.new_context(viewport={"width": width, "height": height}, **{"locale": "en-GB", **options})
    window = context.new_page()
    if what == "post":
        enter(window, site)
        window.goto(f"{site.origin}/post/1")
    else:
        window.goto(site.static.as_uri())
    window.locator("html[data-ready]").wait_for(state="attached")
    yield window
    context.close()


def stand(window, source):
    """Make the row of a sentence the current one."""
    window.evaluate("text => duizhao.rows.show(duizhao.store.rows.find((row) => row.source === text).key)", source)
    window.locator(".row.here").wait_for()
    window.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return window.locator(".row.here")


# ── axe ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def without_policy(route):
    """Let scripts run in the preview, where nothing may: axe is one."""
    answer = route.fetch()
    route.fulfill(body=answer.body(), headers={"content-type": answer.headers["content-type"]})


def views(window, site):
    """Go through all there is to see; gives a name for each."""
    enter(window, site)
    yield "start page"
    window.goto(f"{site.origin}/post/1")
    window.locator("html[data-ready]").wait_for(state="attached")
    yield "post"
    stand(window, "我们去**花园**看花😀。")
    yield "current row"
    keys(window, "e")
    window.locator(".editor").wait_for()
    yield "editor"
    keys(window, "Escape")
    for name, key in DIALOGS.items():
        keys(window, key)
        window.locator("dialog[open]").wait_for()
        window.wait_for_timeout(150)
        yield f"dialog: {name}"
        keys(window, "Escape")
        window.locator("dialog[open]").wait_for(state="detached")
    window.route("**/preview/1", without_policy)
    window.goto(f"{site.origin}/preview/1")
    yield "preview"
    window.goto(site.static.as_uri())
    window.locator("html[data-ready]").wait_for(state="attached")
    stand(window, "沐神也来了。")
    yield "page in a file"
    window.goto(site.reading.as_uri())
    yield "both languages, for readers"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(chromium, site, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme, locale="en-GB")
    window, serious = context.new_page(), []
    for name in views(window, site):
        for found in axe.run(window, options={"resultTypes": ["violations"]}).response["violations"]:
            told = [name, found["id"], found["impact"], [node["html"][:200] for node in found["nodes"][:3]]]
            print(*told)
            if found["impact"] in SERIOUS:
                serious.append((*told, found["nodes"][0]["failureSummary"]))
    assert serious == []
    context.close()


# ── Languages ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("what", ["post", "file"])
def test_every_word_says_which_language_it_is(chromium, site, what):
    with opened(chromium, site, what) as window:
        rows = window.locator("article.row")
        assert rows.count() == window.evaluate("duizhao.store.rows.length") > len(SAID)
        sides = "rows => rows.map((row) => [...row.querySelectorAll(':scope > .side')].map((side) => side.lang).join())"
        assert set(rows.evaluate_all(sides)) == {"zh-Hans,en"}
        assert window.locator("html").get_attribute("lang") == "en"
        window.locator('[data-act="language"]').click()
        assert window.locator("html").get_attribute("lang") == "zh-Hans"
        rows.first.wait_for()
        assert set(rows.evaluate_all(sides)) == {"zh-Hans,en"}


def test_the_browsers_language_is_the_pages(chromium, site):
    with opened(chromium, site, locale="zh-CN") as window:
        assert window.locator("html").get_attribute("lang") == "zh-Hans"


# ── Small screens ─────────────────────────────────────────────────────────────────────────────────────────────────────

USABLE = """button => {
  const box = button.getBoundingClientRect();
  const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return box.height >= 20 && box.left >= 0 && box.right <= innerWidth && button.contains(at);
}"""
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.mark.parametrize("what", ["post", "file"])
@pytest.mark.parametrize("name", SMALL)
def test_a_small_screen_holds_the_current_row_and_its_buttons(chromium, site, name, what):
    with opened(chromium, site, what, SMALL[name], has_touch=name == "a phone") as window:
        window.evaluate(f"document.querySelector('[data-time]').textContent = '{TIME}'")
        assert window.evaluate(FITS)
        for source in ("我们去**花园**看花😀。", "花开得很好！", "桃花", "最后一段话。"):
            row = stand(window, source)
            buttons = row.locator(".acts button:visible, .version button:visible")
            assert buttons.count() >= 2
            for button in buttons.all():
                button.scroll_into_view_if_needed()
                assert button.evaluate(USABLE), (source, button.inner_text())
        keys(window, "e")
        window.locator(".editor").wait_for()
        assert window.evaluate(FITS)
        keys(window, "Escape", "?")
        box = window.locator("dialog[open]").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= SMALL[name][0]


@pytest.mark.parametrize("what", ["post", "file"])
def test_nothing_jumps_when_a_row_becomes_the_current_one(chromium, site, what):
    with opened(chromium, site, what, (1440, 1200)) as window:
        tall = "document.scrollingElement.scrollHeight"
        stand(window, "最后一段话。")
        before = window.evaluate(tall)
        row = stand(window, "桃花")
        assert row.locator(".acts button:visible").count() >= 5
        assert all(button.evaluate(USABLE) for button in row.locator(".acts button:visible").all())
        assert window.evaluate(tall) == before


# ── Paper ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("what", ["post", "file"])
def test_paper_has_both_columns_and_no_tools(chromium, site, what):
    with opened(chromium, site, what) as window:
        stand(window, "我们去**花园**看花😀。")
        window.emulate_media(media="print")
        assert window.locator(":is(button, select, input, dialog, kbd):visible").count() == 0
        row = window.locator(".row.here")
        zh, en = (row.locator(side).bounding_box() for side in (".zh", ".en"))
        assert zh["x"] + zh["width"] <= en["x"] + 1
        assert abs(zh["y"] - en["y"]) < 2
        assert row.locator(".badge").inner_text().split() == ["◐", "machine", "draft"]
        assert window.pdf().startswith(b"%PDF-")


# ── Movement and colours ──────────────────────────────────────────────────────────────────────────────────────────────

MOVING = """() => [...document.querySelectorAll("*")].filter((part) => {
  const style = getComputedStyle(part);
  return style.transitionDuration.split(", ").some((one) => one !== "0s") || style.animationName !== "none"
    || style.scrollBehavior !== "auto";
}).map((part) => part.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize("what", ["post", "file"])
def test_nothing_moves_for_who_wants_no_movement(chromium, site, what):
    with opened(chromium, site, what, reduced_motion="reduce") as window:
        stand(window, "我们去**花园**看花😀。")
        keys(window, "?")
        assert window.evaluate(MOVING) == []


def test_a_state_is_told_without_colours(chromium, site):
    with opened(chromium, site, forced_colors="active") as window:
        told = {}
        for row in window.locator("article.row").all():
            icon, *word = row.locator(".badge").inner_text().split()
            told[row.get_attribute("data-state")] = icon, " ".join(word)
            assert " ".join(word) in row.get_attribute("aria-label")
        assert len({icon for icon, _ in told.values()}) == len(told) == len(State)
        row = stand(window, "沐神也来了。")
        assert row.evaluate("row => getComputedStyle(row).outlineStyle") == "solid"


# ── Keys and ears ─────────────────────────────────────────────────────────────────────────────────────────────────────

LOOK = """() => {
  const part = document.activeElement;
  if (part === document.body) return null;
  const look = () => {
    const style = getComputedStyle(part);
    return [style.outlineStyle, style.outlineWidth, style.boxShadow].join("|");
  };
  const focused = look();
  part.blur();
  const plain = look();
  part.focus({ preventScroll: true });
  return [part.outerHTML.slice(0, 120), focused !== plain];
}"""


@pytest.mark.parametrize("what", ["post", "file"])
def test_what_the_tab_key_reaches_shows_it(chromium, site, what):
    with opened(chromium, site, what) as window:
        stand(window, "沐神也来了。")
        window.evaluate("() => { document.activeElement.blur(); getSelection().removeAllRanges(); scrollTo(0, 0); }")
        reached = {}
        for _ in range(60):
            window.keyboard.press("Tab")
            seen = window.evaluate(LOOK)
            if seen:
                reached[seen[0]] = seen[1]
        assert len(reached) > 15
        assert [name for name, shows in reached.items() if not shows] == []


HEAR = """() => {
  window.heard = [];
  for (const one of document.querySelectorAll('[role="status"]')) {
    new MutationObserver(() => one.textContent && heard.push(one.textContent))
      .observe(one, { childList: true, characterData: true, subtree: true });
  }
}"""


def test_what_happens_is_said(chromium, site):
    with opened(chromium, site) as window:
        window.evaluate(HEAR)

        def heard(key):
            window.evaluate("heard.length = 0")
            keys(window, key)
            until(window, "heard.length > 0")
            return window.evaluate("heard.join(' ')")

        stand(window, "第二项")
        window.evaluate("key => duizhao.store.decide([{ key, after: { target: 'Item two', state: 'draft' } }])",
                        window.locator(".row.here").get_attribute("data-key"))  # fmt: skip
        accepted = heard("a")
        assert accepted
        undone = heard("u")
        assert undone
        assert undone != accepted
        window.context.set_offline(True)
        stand(window, "第二项")
        window.evaluate("heard.length = 0")
        keys(window, "a")
        until(window, "!document.getElementById('unsaved').hidden")
        until(window, "heard.join(' ').includes(document.getElementById('unsaved').textContent)")
        window.context.set_offline(False)
        keys(window, "u")
        until(window, "duizhao.store.unsaved === 0", 30)
