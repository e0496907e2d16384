"""A post that tries everything it can reach, in a real browser: nothing of it runs, all of it is read as text."""

import json
import re
import subprocess
import sys

import pytest
import review_sample as sample
from review_server import Running, edited, site

pytestmark = pytest.mark.browser

NASTY = [
    *(text.replace("window.ran", "window.pwned").replace("\0", "") for text in sample.HOSTILE),
    "<script>window.pwned=1</script>花",
    "</script><script>window.pwned=1</script>花",
    "<!--<script>window.pwned=1//--></script>花",
    "[花](javascript:window.pwned=1) [花](JAVASCRIPT:window.pwned=1) [花](vbscript:pwned)",
    "[花](data:text/html,<script>1</script>) [花](vbscript:window.pwned=1)",
    "![花](javascript:window.pwned=1) ![花](https://evil.example/a.png)",
    "![花](data:image/svg+xml,<svg/onload=pwned=1>)",
    "<svg onload=window.pwned=1><script>window.pwned=1</script></svg>花",
    "<img src=x onerror=window.pwned=1>花<img src=//evil.example/x.png>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>花<iframe src=//evil.example></iframe>",
    "<base href=//evil.example/>花<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<form action=//evil.example><button formaction=javascript:pwned=1>花</button></form>",
    "<style>@import '//evil.example/x.css'; *{background:url(//evil.example/y.png)}</style>花",
    "<link rel=stylesheet href=//evil.example/x.css><object data=//evil.example></object>花",
    '<a href="java&#x09;script:window.pwned=1" onclick=window.pwned=1 autofocus onfocus=window.pwned=1>花</a>',
    "<details open ontoggle=window.pwned=1><summary>花</summary></details>",
    "<video autoplay src=//evil.example/v.mp4 onloadstart=window.pwned=1></video>花",
    "花]]>'\"`;window.pwned=1//{{constructor.constructor('pwned=1')()}}${pwned=1}",
    "花\u202egnp.exe\u202c \u2066a\u2069 \u200b\u200e\ufeff\u00ad 花",
    "**花<b onmouseover=window.pwned=1>花</b>** `</code><script>window.pwned=1</script>` $<img src=x onerror=pwned=1>$",
]
SAYS = "window.pwned=1"
NAME = "'><img src=x onerror=window.pwned=1> zh.md"
WATCH = """() => {
  window.violations = [];
  document.addEventListener("securitypolicyviolation", (e) => {
    window.violations.push(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`);
  });
}"""


def nasty_post():
    """Write a post that has everything in every kind of block."""
    front = f"---\ntitle: {json.dumps(NASTY[1] + NASTY[4], ensure_ascii=False)}\n---\n"
    parts = [f"# 花{NASTY[0]}", *NASTY]
    parts += [f"> 花{text}" for text in NASTY[:6]] + [f"- 花{text}" for text in NASTY[:8]]
    cells = "\n".join(f"| 花{text.replace('|', '')} | 花 |" for text in NASTY)
    parts += [
        "```html\n" + "\n".join(NASTY) + "\n```",
        "| 花 | 花 |\n|---|---|\n" + cells,
    ]
    return front + "\n\n".join(parts) + "\n"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    root = tmp_path_factory.mktemp("hostile")
    root.joinpath("glossary").mkdir()
    terms = [
        {"term": "花", "translation": NASTY[-7][:60], "note": NASTY[1]},
        {
            "term": "img src",
            "translation": "<img src=x onerror=window.pwned=1>",
            "note": '"onmouseover="window.pwned=1',
        },
    ]
    (root / "glossary" / "terms.yaml").write_text(json.dumps({"terms": terms}), encoding="utf-8")
    site(root, [NAME, f"two/{NAME}"], nasty_post())
    server = Running(root, NAME, f"two/{NAME}", "--no-open", "--port", "0").enter()
    decide_badly(server)
    yield server
    code, _, err = server.stop()
    assert code == 0
    assert "Traceback" not in err, err


def decide_badly(server):
    """Put the same into the English, the notes, the former sources, the conflicts and the memory."""
    rows = server.get("/api/post/1").json()["segments"]
    states = ["approved", "draft", "stale", "conflict"]
    decisions = []
    for n, row in enumerate(rows):
        text, state = NASTY[n % len(NASTY)], states[n % 4]
        one = edited(row, text, state, str(n))
        one["after"] |= {"note": text, "former": NASTY[(n + 1) % len(NASTY)] if state == "stale" else ""}
        one["after"] |= {"other": text + "!"} if state == "conflict" else {}
        decisions.append(one)
    results = server.post("/api/post/1/decide", {"decisions": decisions}).json()["results"]
    assert sum(one["fate"] == "done" for one in results) > len(rows) // 2


class Window:
    """A page that is watched: what it asks for, what it opens, what it complains about."""

    def __init__(self, chromium, server, **options):
        self.server = server
        self.context = chromium.new_context(viewport={"width": 1300, "height": 900}, **options)
        self.foreign, self.dialogs, self.complaints = [], [], []
        self.context.on("request", self._asked)
        self.context.route(
            lambda url: not url.startswith((server.origin, "file:", "data:")), lambda route: route.abort()
        )
        self.page = self.context.new_page()
        self.page.on("dialog", self._dialog)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._said)
        self.page.on("popup", lambda page: self.foreign.append(page.url))
        self.page.add_init_script(f"({WATCH})()")

    def _asked(self, request):
        if not request.url.startswith((self.server.origin, "file:", "data:")):
            self.foreign.append(request.url)

    def _dialog(self, dialog):
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _said(self, message):
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def enter(self):
        self.page.goto(self.server.address)
        self.page.wait_for_url(re.compile(r"/(post/1)?$"))
        return self

    def is_calm(self):
        """Hold when nothing of the post ran, and our own code kept to our policy."""
        for frame in self.page.frames:
            if frame.url.startswith((self.server.origin, "file:")) and "/preview/" not in frame.url:
                assert frame.evaluate("typeof window.pwned") == "undefined"
                assert frame.evaluate("window.violations") == []
        assert (self.foreign, self.dialogs, self.complaints) == ([], [], [])

    def close(self):
        self.context.close()


@pytest.fixture
def window(chromium, hostile):
    window = Window(chromium, hostile).enter()
    yield window
    window.is_calm()
    window.close()


LIVE = """() => {
  const found = [];
  const loads = ["href", "src", "action", "formaction", "data", "xlink:href", "srcset", "poster", "background"];
  const runs = /^(javascript|vbscript|data:text)/i;
  const dead = ["A", "LINK"];
  for (const element of document.querySelectorAll("body *")) {
    for (const { name, value } of element.attributes) {
      const told = `${element.tagName} ${name}=${value}`;
      if (name.startsWith("on")) found.push(told);
      if (!loads.includes(name)) continue;
      if (runs.test(value.replace(/[\\x00-\\x20]/g, ""))) found.push(told);
      if (!dead.includes(element.tagName) && /evil/.test(value)) found.push(told);
    }
  }
  const names = ["base", "object", "embed", "form", "iframe[srcdoc]", "svg script", "meta", "video", "style", "link"];
  for (const name of names) if (document.querySelector(`#post ${name}`)) found.push(name);
  return found;
}"""
"""What could run, load or lead away, if the browser let it."""


def scroll(page):
    """Scroll through it all: chunks come as one scrolls."""
    for _ in range(12):
        page.mouse.wheel(0, 4000)
        page.wait_for_timeout(100)
    page.wait_for_load_state("networkidle")


def test_the_post_is_read_and_not_run(window):
    page = window.page
    page.goto(f"{window.server.origin}/post/1")
    page.wait_for_load_state("networkidle")
    scroll(page)
    page.locator("main#post article.row").last.wait_for(state="visible")
    text = page.locator("main#post").text_content()
    assert text.count(SAYS) > 50
    assert "<script>" in text
    assert "javascript:window.pwned=1" in page.content()
    assert "⟨U+202E⟩" in text
    assert "\u202e" not in text
    assert page.evaluate(LIVE) == []
    assert SAYS in page.title()


def test_the_list_of_posts(window):
    page = window.page
    page.goto(f"{window.server.origin}/")
    page.wait_for_load_state("networkidle")
    assert SAYS in page.inner_text("body")
    assert page.evaluate(LIVE) == []


def test_hovering_and_clicking_about(window):
    page = window.page
    page.goto(f"{window.server.origin}/post/1")
    page.wait_for_load_state("networkidle")
    for n in range(8):
        row = page.locator("article.row").nth(n)
        row.scroll_into_view_if_needed()
        for words in (row.locator(".zh .words").first, row.locator(".en .words").first):
            words.hover(force=True)
            page.wait_for_timeout(60)
    page.keyboard.press("?")
    page.keyboard.press("Escape")
    assert page.evaluate(LIVE) == []


def test_editing_it(window):
    page = window.page
    page.goto(f"{window.server.origin}/post/1")
    page.wait_for_load_state("networkidle")
    for n in range(6):
        page.locator("article.row").nth(n).click(position={"x": 3, "y": 3}, force=True)
        page.keyboard.press("e")
        page.wait_for_timeout(100)
        assert page.evaluate(LIVE) == []
        page.keyboard.press("Escape")


def test_the_preview(window):
    page = window.page
    page.goto(f"{window.server.origin}/preview/1")
    page.wait_for_load_state("networkidle")
    assert SAYS in page.inner_text("body")
    assert (
        page.locator("body script, body iframe, body form, body img[src^=http], body a[href^=javascript i]").count()
        == 0
    )
    assert "⟨U+202E⟩" in page.content()


def test_what_the_memory_and_the_aligner_say(hostile):
    """Their HTML is made by our templates and holds no tag but those of a difference."""
    rows = hostile.get("/api/post/1").json()["segments"]
    tags = set()
    for row in rows[:12]:
        said = hostile.get(f"/api/post/1/segment/{row['key']}").json()
        tags |= {tag for match in said["matches"] for tag in re.findall(r"</?\w+[^>]*>", match["source_html"])}
    assert tags <= {"<ins>", "</ins>", "<del>", "</del>"}


def test_the_token_is_left_behind(window):
    page = window.page
    assert "token" not in page.url
    assert page.evaluate("document.referrer") in {"", f"{window.server.origin}/"}
    assert page.evaluate("document.cookie") == ""
    page.go_back()
    assert page.url in {"about:blank", f"{window.server.origin}/"} or "token" not in page.url


ELSEWHERE = """async (origin) => {
  const results = {};
  const of = async (name, make) => {
    try { results[name] = await make(); } catch { results[name] = "failed"; }
  };
  const headers = { "X-Duizhao": "1", "Content-Type": "application/json" };
  const post = { method: "POST", body: JSON.stringify({ decisions: [] }), credentials: "include" };
  const decide = `${origin}/api/post/1/decide`;
  await of("read", async () => (await fetch(`${origin}/api/post/1`, { credentials: "include" })).status);
  await of("write", async () => (await fetch(decide, { ...post, headers })).status);
  await of("blind", async () => (await fetch(decide, { ...post, mode: "no-cors" })).type);
  const loads = (tag, path) => new Promise((done) => {
    const element = document.createElement(tag);
    element.onload = () => done("loaded");
    element.onerror = () => done("failed");
    element.src = origin + path;
    document.body.append(element);
    setTimeout(() => done("nothing"), 1500);
  });
  await of("script", () => loads("script", "/static/store.js"));
  await of("image", () => loads("img", "/api/post/1"));
  await of("frame", () => loads("iframe", "/post/1"));
  await of("preview", () => loads("iframe", "/preview/1"));
  return results;
}"""


def test_another_site_in_the_same_browser(window):
    """A page elsewhere can follow a link to us and nothing else: it sees nothing, sends nothing, frames nothing."""
    origin = window.server.origin
    page = window.context.new_page()
    page.route("http://evil.example/**", lambda route: route.fulfill(body="<h1>evil</h1>", content_type="text/html"))
    page.goto("http://evil.example/")
    said = page.evaluate(ELSEWHERE, origin)
    assert said["read"] == said["write"] == said["script"] == said["image"] == "failed"
    assert said["blind"] in {"failed", "opaque"}
    assert all(SAYS not in frame.evaluate("document.body ? document.body.innerText : ''") for frame in page.frames[1:])
    window.foreign.clear()
    page.close()
    assert {
        post["fate"] for post in window.server.post("/api/post/1/decide", {"decisions": []}).json()["results"]
    } == set()


def test_the_page_in_a_file(chromium, hostile, tmp_path):
    page = tmp_path / "page.html"
    subprocess.run(
        [sys.executable, "-m", "translator", "review", NAME, "--html", page],
        cwd=hostile.root,
        check=True,
        capture_output=True,
    )
    window = Window(chromium, hostile)
    window.page.goto(page.as_uri())
    window.page.wait_for_load_state("networkidle")
    scroll(window.page)
    assert window.page.locator("main").text_content().count(SAYS) > 20
    assert window.page.evaluate(LIVE) == []
    window.is_calm()
    window.close()
