"""A post served by the real server, and windows of a real browser on it."""

import threading
import time
from pathlib import Path

import uvicorn

from translator.config import Project
from translator.model import State
from translator.pipeline.decide import Decision, Stand
from translator.pipeline.session import Session
from translator.review.server import serve
from translator.review.server.app import application

POST = """\
# 为什么又写一个框架

沐神写了第一句。第二句说**符号式编程**。第三句很短。

- 列表里有一句[链接](https://example.org/)。
- 列表里还有一句。

最后一段只有一句话。

同样的一句话。

同样的一句话。
"""
ENGLISH = (
    "Why Write Yet Another Framework",
    "Mu Li wrote the first sentence.",
    "The second speaks of **symbolic programming**.",
    "The third is short.",
    "A list has a sentence with a [link](https://example.org/).",
    "A list has one more.",
    "The last paragraph has one sentence.",
    "One and the same sentence.",
    "",
)
GLOSSARY = "terms:\n  - term: 沐神\n    translation: Mu Li\n    kind: person\n"


def long_post(paragraphs):
    """Write a post of many paragraphs, each with two sentences that stand nowhere else."""
    return "# 长文\n\n" + "\n\n".join(
        f"第{n}段的第一句话，讲的是数据和模型{'，还有别的' * (n % 7)}。第{n}段的第二句话比较短。"
        for n in range(paragraphs)
    )


class Review:
    """A server in a thread of its own, with one post."""

    def __init__(self, folder, text=POST, english=ENGLISH, port=0):
        self.path = Path(folder) / "zh.md"
        if not self.path.exists():
            self.path.write_text(text, encoding="utf-8")
            (folder / "glossary.yaml").write_text(GLOSSARY, encoding="utf-8")
        self.where = serve.listen("", port)
        self.session = Session(Project.of(self.path), [self.path])
        (self.post,) = self.session.posts
        self.draft(english)
        access = serve.access(self.where)
        self.address = serve.address(access)
        config = uvicorn.Config(application(self.session, access), log_config=None, lifespan="off", http="h11")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(
            target=self.server.run, kwargs={"sockets": list(self.where.sockets)}, daemon=True
        )
        self.thread.start()

    def draft(self, english):
        """Let a machine have written some of the English."""
        pairs = [(i, target) for i, target in enumerate(english) if target and not self.entries[i].target]
        self.decide({i: Stand(target, State.DRAFT, "builtin", score=0.8) for i, target in pairs})

    @property
    def entries(self):
        """Give the segments as they stand."""
        return self.post.outcome.entries

    def decide(self, wanted):
        """Decide as somebody else would, beside the page."""
        entries = self.entries
        self.post.decide(
            [Decision(entries[i].key, entries[i].source, Stand.of(entries[i]), one) for i, one in wanted.items()]
        )

    def stand(self, i):
        """Read from the disk, as another program would, how a segment stands."""
        self.post.refresh()
        return Stand.of(self.entries[i])

    def stop(self):
        """End it as Ctrl-C does."""
        self.server.should_exit = self.server.force_exit = True
        self.thread.join(10)
        self.where.close()


def enter(context, address, complaints=None):
    """Open a window on a review, as a person who clicks on the printed address."""
    page = context.new_page()
    if complaints is not None:
        page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(address)
    page.wait_for_url("**/post/1")
    page.wait_for_selector("html[data-ready]", state="attached")
    return page


def here(page):
    """Give the number of the current row, from 0; None where there is none."""
    return page.evaluate("duizhao.rows.here()?.i ?? null")


def keys(page, *names):
    """Press keys one after the other, each when the last has done its work."""
    for name in names:
        page.keyboard.press(name)
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


def until(page, claim, seconds=10):
    """Wait until something holds; the page's policy forbids Playwright's own way."""
    end = time.monotonic() + seconds
    while not page.evaluate(claim):
        assert time.monotonic() < end, claim
        page.wait_for_timeout(30)


def saved(page):
    """Wait until nothing is unsaved."""
    until(page, "duizhao.store.unsaved === 0")
