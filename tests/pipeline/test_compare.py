"""Engines side by side: nothing is written, nothing is hidden, and nothing of a hostile post lives on the page."""

import base64
import hashlib
import re
import shutil
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pipeline_site import Broken, Site, Toy

from translator.config import Project
from translator.model import Abilities, Answer, Candidate, Level, State
from translator.pipeline.compare import compare, open_fresh
from translator.pipeline.translate import Progress
from translator.pipeline.verbs import Desk, Options
from translator.review.comparison import comparison
from translator.review.diff import spans

sys.path.insert(0, str(Path(__file__).parents[1] / "review"))
from html_tree import Tree

TERMS = "terms:\n  - {term: 花, translation: blossom, note: '<b>not</b> a garden'}\n"
LIVE = {"script", "img", "iframe", "object", "embed", "base", "form", "svg", "video", "link"}


class Says(Toy):
    """Says one thing, whatever it is asked, and refuses where it has nothing to say."""

    abilities = Abilities()

    def __init__(self, says, name="says"):
        self.says, self.name = says, name

    def draft(self, jobs, _):
        for n, job in enumerate(jobs):
            said = self.says(job.text) if callable(self.says) else self.says
            yield n, Answer((Candidate(said, -0.5),)) if said else Answer(error="no idea")


def compared(site, *engines):
    desk = Desk(Project.of(site.post), Options())
    work, record = open_fresh(desk, site.post), desk.project.record(site.post)
    return [compare(engine.name, (engine,), work, record, Progress()) for engine in engines]


@pytest.fixture
def garden(site):
    (site.root / "glossary" / "terms.yaml").write_text(TERMS)
    return site


def test_neither_file_is_read_or_written(garden):
    garden.run()
    garden.edit(garden.english, ("\n", "\nA person was here.\n"))
    before = garden.both()
    (one,) = compared(garden, Toy())
    assert garden.both() == before
    assert all(entry.state is not State.APPROVED for entry in one.outcome.entries)
    assert "A person was here" not in comparison([one], [""], garden.post)


def test_what_is_refused_is_counted_and_obeys_no_term(garden):
    said, refused = compared(garden, Toy(), Says(""))
    assert (said.refused, refused.refused) == (0, len(said.outcome.entries))
    assert said.terms.mentions == refused.terms.mentions > 0
    assert (said.terms.strict, refused.terms.strict) == (1.0, 0.0)
    assert refused.levels[Level.ERROR] >= refused.refused
    text = Tree(comparison([said, refused], ["", ""], garden.post)).text
    assert "no idea" in text
    assert "100.0 %" in text
    assert "0.0 %" in text


def test_an_engine_that_dies_stands_there_with_its_reason(garden):
    said, died = compared(garden, Toy(), Broken(3))
    assert died.error == "the engine died"
    assert died.refused == len(died.outcome.entries)
    assert "could not go on: the engine died" in Tree(comparison([said, died], ["", ""], garden.post)).text


def test_the_page_has_every_segment_of_every_engine(garden):
    every = compared(garden, Toy(), Says("A river."), Says("Two stones."))
    page = comparison(every, ["receipt: 1 request", "", ""], garden.post)
    text = re.sub(r"\s+", " ", Tree(page).text)
    for one in every:
        plain = [re.sub(r"[*\[]|\]\(.*?\)", "", entry.target) for entry in one.outcome.entries]
        assert [said for said in plain if said not in text] == []
    assert page.count("<article") == len(every[0].outcome.entries)
    assert "receipt: 1 request" in text
    assert "blossom" in text
    assert "<b>not</b>" not in page


def test_the_policy_lets_in_its_own_styles_and_nothing_else(garden):
    page = comparison(compared(garden, Toy()), [""], garden.post)
    hashes = {base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()
              for one in re.findall(r"<style>(.*?)</style>", page, re.DOTALL)}  # fmt: skip
    policy = re.search(r'Security-Policy" content="([^"]*)"', page)[1].replace("&#39;", "'")
    assert policy.startswith("default-src 'none'; ")
    assert set(re.findall(r"'sha256-([^']*)'", policy)) == hashes
    assert "script-src 'none'" in policy
    assert "unsafe" not in policy


@settings(max_examples=200)
@given(st.text("花园 ab.", max_size=30), st.text("花园 ab.", max_size=30))
def test_what_differs_is_what_is_not_in_both(one, two):
    left, right = spans(one, two)
    for text, some in ((one, left), (two, right)):
        assert all(span.of(text).strip() for span in some)
        assert sorted(some) == list(some)
        assert all(a.end <= b.start for a, b in pairwise(some))

    def rest(text, some):
        kept = [ch for n, ch in enumerate(text) if not any(span.start <= n < span.end for span in some)]
        return "".join("".join(kept).split())

    assert rest(one, left) == rest(two, right)
    assert spans(one, one) == ((), ())


HOSTILE = [
    "<script>window.ran = 1</script>花",
    "[花](javascript:window.ran=1) 花",
    "<img src=x onerror=window.ran=1>花",
    "<svg onload=window.ran=1>花</svg>",
    '![花" onerror=window.ran=1](https://evil.example/x.png)',
    "</style><script>window.ran = 1</script>花",
    "&lt;script&gt;window.ran=1&lt;/script&gt; 花",
    "花 `</code><script>window.ran=1</script>` $<img src=x onerror=window.ran=1>$",
    "花\u202egnp.exe",
    "<base href=//evil.example/><meta http-equiv=refresh content=0>花",
    '<a href="https://evil.example/" style="position:fixed">花</a>',
]
BAD = '<script>window.ran=1</script><img src=x onerror=window.ran=1>[a](javascript:window.ran=1)"><svg onload=x>'


def hostile(root):
    cells = "".join(f"| {text.replace('|', '')} | 花 |\n" for text in HOSTILE)
    title = f"---\ntitle: '{HOSTILE[0]}'\ntags: ['{HOSTILE[2]}']\n---\n\n"
    parts = [f"# 花 {HOSTILE[0]}", *HOSTILE, *(f"> - {text}" for text in HOSTILE), "| 花 | 花 |\n|---|---|\n" + cells]
    site = Site(root, title + "\n\n".join([*parts, "```html\n" + HOSTILE[0] + "\n```\n"]))
    term = {"term": "花", "translation": "<img src=x onerror=window.ran=1>", "note": BAD}
    text = "terms:\n  - " + "\n    ".join(f"{name}: '{value}'" for name, value in term.items()) + "\n"
    (root / "glossary" / "terms.yaml").write_text(text)
    engines = Says(lambda text: f"{text[:1]} flower {BAD}", "<script>window.ran=1</script>"), Says(""), Broken(0)
    return comparison(compared(site, *engines), [BAD, "", ""], site.post)


def test_a_hostile_post_has_a_calm_page(tmp_path):
    page = hostile(tmp_path)
    tree = Tree(page)
    assert not {tag for tag, _ in tree.tags} & LIVE
    assert not [name for _, attributes in tree.tags for name in attributes if name.startswith("on") or name == "style"]
    assert all(re.match(r"https?:|mailto:|#", link) for link in tree.all("href"))
    assert not {"\u202e", "\u2066"} & set(page)
    assert len([tag for tag, attributes in tree.tags if tag == "meta" and "http-equiv" in attributes]) == 1


@pytest.mark.long
@pytest.mark.browser
def test_a_hostile_post_runs_nothing(tmp_path):
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not path:
        pytest.skip("there is no Chromium on this machine")
    page = tmp_path / "page.html"
    page.write_text(hostile(tmp_path), encoding="utf-8")
    asked, complaints = [], []
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=["--headless", "--no-sandbox", "--disable-gpu"])
        window = browser.new_page()
        window.on("request", lambda request: asked.append(request.url))
        window.on("console", lambda message: complaints.append(message.text))
        window.on("pageerror", lambda error: complaints.append(str(error)))
        window.route(lambda url: not url.startswith("file:"), lambda route: route.abort())
        window.goto(page.as_uri())
        for part in window.locator(".text .term[tabindex], .text .link, .text a").all()[:40]:
            part.focus()
        assert window.evaluate("window.ran") is None
        assert window.locator("article.line").count() > 2 * len(HOSTILE)
        browser.close()
    assert asked == [page.as_uri()]
    assert complaints == []
