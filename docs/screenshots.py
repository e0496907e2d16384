# ruff: noqa: INP001 - a script beside the pictures it takes
"""Take the pictures of the documentation: `python docs/screenshots.py`.

The post on them is the one the tests look at, so a picture shows what is tested.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from translator.review import page

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS.parent / "tests" / "review"))


def main() -> None:
    """Write `review.png`: the page with a term's entry open, as a person sees it."""
    import review_sample  # noqa: PLC0415 - found only once the path is set

    with sync_playwright() as play, tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "review.html")
        path.write_text(page(review_sample.post()), encoding="utf-8")
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        window = browser.new_page(viewport={"width": 1400, "height": 1000}, device_scale_factor=1.5)
        window.goto(path.as_uri())
        window.locator("article.draft .term.broken").first.scroll_into_view_if_needed()
        window.evaluate("scrollTo(0, 330)")
        window.locator("article.draft .term.broken").first.hover()
        window.screenshot(path=DOCS / "review.png")
        browser.close()


if __name__ == "__main__":
    main()
