"""A real browser that may ask for nothing but the page."""

import shutil
from dataclasses import dataclass, field

import pytest

ARGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass
class Opened:
    """A page, what it asked for and what it complained about."""

    page: object
    url: str
    requests: list = field(default_factory=list)
    complaints: list = field(default_factory=list)

    def calm(self):
        """Hold when the page asked for nothing but itself and nothing went wrong."""
        return set(self.requests) <= {self.url} and not self.complaints


@pytest.fixture(scope="session")
def chromium():
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not path:
        pytest.skip("there is no Chromium on this machine")
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=list(ARGS))
        yield browser
        browser.close()


@pytest.fixture
def show(chromium, tmp_path):
    """Open HTML in a window of its own; fail at the end when it asked for anything else."""
    opened = []

    def show(html, *, width=1400, height=900, **options):
        path = tmp_path / f"page{len(opened)}.html"
        path.write_text(html, encoding="utf-8", errors="surrogatepass")
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        window = Opened(context.new_page(), path.as_uri())
        window.page.on("console", lambda message: window.complaints.append(message.text))
        window.page.on("pageerror", lambda error: window.complaints.append(str(error)))
        window.page.on("request", lambda request: window.requests.append(request.url))
        context.route(lambda url: not url.startswith("file:"), lambda route: route.abort())
        window.page.goto(window.url)
        opened.append(window)
        return window.page

    yield show
    for window in opened:
        assert window.calm(), (window.requests, window.complaints)
        window.page.context.close()


@pytest.fixture
def review(tmp_path):
    """Serve a small post with the real server."""
    from app_window import Review  # noqa: PLC0415  # with its server, which most tests here do without

    made = Review(tmp_path)
    yield made
    made.stop()


@pytest.fixture
def page(chromium, review):
    """Give a window on what is served; fail at the end when it complained."""
    from app_window import enter  # noqa: PLC0415  # likewise

    context, complaints = chromium.new_context(viewport={"width": 1400, "height": 800}, locale="en-GB"), []
    yield enter(context, review.address, complaints)
    context.close()
    assert not complaints
