# ruff: noqa: INP001 - a script beside the pictures it takes
"""Take the pictures of the documentation: `python docs/screenshots.py [review] [dark] [phone] [static]`.

They show the real pages, as `duizhao review` serves and writes them, of the first sample post half-way through its
review: some of it approved, some in a person's own draft, the rest as the built-in engine drafts it.
"""

import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from translator.config import Project
from translator.engines import open_engine
from translator.model import State
from translator.pipeline.decide import Decision, Stand
from translator.pipeline.redraft import redraft
from translator.pipeline.session import OpenPost, Session
from translator.review.returned import place_of
from translator.review.server import serve
from translator.review.server.app import application
from translator.review.standalone import page as standalone

DOCS = Path(__file__).parent
POST = Path("posts", "mxnet")
MISTAKE = 2
"""The segment that a person is at: a term is written as the glossary forbids."""
OWN = (4, 7)
"""A person's own drafts; what stands between them and the engine's is approved."""
MACHINE = 24
"""From here on the engine's draft stands."""
READY = "html[data-ready]"


def main(wanted: list[str]) -> None:
    """Take the pictures that are asked for, or all."""
    with sync_playwright() as play, tempfile.TemporaryDirectory() as folder:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        path = copied(Path(folder))
        (post,) = Session(Project.of(path), [path]).posts
        halfway(post)
        written = Path(folder, "review.html")
        written.write_text(standalone(post, place_of(Project.of(path), path)), encoding="utf-8")
        with served(path) as address:
            for name, take in PICTURES.items():
                if not wanted or name in wanted:
                    take(browser, written.as_uri() if name == "static" else address)
        browser.close()


def copied(root: Path) -> Path:
    """Copy the project of the sample post."""
    shutil.copy(DOCS.parent / "duizhao.yaml", root)
    shutil.copytree(DOCS.parent / "glossary", root / "glossary")
    shutil.copytree(DOCS.parent / POST, root / POST)
    return root / POST / "zh.md"


def halfway(post: OpenPost) -> None:
    """Take the post back to the middle of its review."""
    entries = post.outcome.entries
    drafts = {n: replace(Stand.of(entries[n]), state=State.DRAFT, by="") for n in (MISTAKE, *OWN)}
    drafts[MISTAKE] = replace(drafts[MISTAKE], target=entries[MISTAKE].target.replace("MXNet", "MXNET"))
    post.decide([Decision(entries[n].key, entries[n].source, Stand.of(entries[n]), one) for n, one in drafts.items()])
    keys = [e.key for e in entries[MACHINE:] if e.target != "⤴"]
    post.change(lambda work, standing: redraft(work, standing, keys, open_engine("builtin")))


@contextmanager
def served(path: Path) -> Iterator[str]:
    """Serve the post; gives the address that lets a browser in."""
    where = serve.listen("", 0)
    access = serve.access(where)
    app = application(Session(Project.of(path), [path]), access)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", http="h11"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": list(where.sockets)}, daemon=True)
    thread.start()
    try:
        yield serve.address(access)
    finally:
        server.should_exit = server.force_exit = True
        thread.join(10)
        where.close()


@contextmanager
def window(
    browser: Browser, address: str, size: tuple[int, int], *, scale: float = 1, **options: object
) -> Iterator[Page]:
    """Open a window of a size that is ready for a person."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=scale,
        locale="en-GB",
        reduced_motion="reduce",
        **options,  # type: ignore[arg-type]  # they are Playwright's own
    )
    page = context.new_page()
    page.goto(address)
    page.locator(READY).wait_for(state="attached")
    yield page
    context.close()


def stand(page: Page, number: int, top: int) -> None:
    """Make a row the current one and have it stand so far below the top."""
    page.evaluate("i => duizhao.rows.show(duizhao.store.rows[i].key)", number)
    page.locator(f"#s{number + 1}.here").wait_for()
    page.evaluate("([n, top]) => scrollBy(0, document.getElementById(n).getBoundingClientRect().top - top)",
                  [f"s{number + 1}", top])  # fmt: skip


def save(page: Page, name: str) -> None:
    """Write the picture once nothing moves on the page any more."""
    page.wait_for_timeout(400)
    page.screenshot(path=DOCS / f"{name}.png")


def review(browser: Browser, address: str, scheme: str = "light", name: str = "review") -> None:
    """Show the page, at a row with a finding and its fix, with a term's entry open."""
    with window(browser, address, (1440, 900), scale=1.25, color_scheme=scheme) as page:
        stand(page, MISTAKE, 2000)
        page.locator(f"#s{MISTAKE + 2} .zh .term").first.hover()
        page.locator("#tip:not([hidden])").wait_for()
        save(page, name)


def dark(browser: Browser, address: str) -> None:
    """Show the same in the dark."""
    review(browser, address, "dark", "review-dark")


def phone(browser: Browser, address: str) -> None:
    """Show the same in the hand."""
    with window(browser, address, (390, 844), scale=2, has_touch=True, is_mobile=True) as page:
        stand(page, MISTAKE, 180)
        save(page, "review-phone")


def static(browser: Browser, address: str) -> None:
    """Show the page in a file, with a row being edited: its links and bold words are chips."""
    with window(browser, address, (1440, 1120), scale=1.25) as page:
        page.locator("#person").fill("Lin Wei")
        stand(page, 3, 2000)
        page.keyboard.press("e")
        page.locator(".editor .chip").first.wait_for()
        save(page, "review-static")


PICTURES: dict[str, Callable[[Browser, str], None]] = {"review": review, "dark": dark, "phone": phone, "static": static}

if __name__ == "__main__":
    main(sys.argv[1:])
