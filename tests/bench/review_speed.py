"""How quick the review page is: `python tests/bench/review_speed.py [SEGMENTS…]`, else 100, 1,000 and 5,000.

For each size: reading the post, one decision until it is on the disk, then in a real Chromium the first paint, bytes
sent, memory, and the longest tasks of the page while a person scrolls, moves, filters and types.
"""

import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "review"))

from served_site import Client, master, site  # noqa: E402  # found only once the path is set

SIZES = (100, 1000, 5000)
OBSERVE = """
window.tasks = [];
new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration)))
  .observe({ type: "longtask", buffered: true });
"""
PAINT = 'performance.getEntriesByName("first-contentful-paint")[0].startTime'
BYTES = """performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation"))
  .reduce((sum, entry) => sum + entry.transferSize, 0)"""


def post(size):
    """Make a post of about so many sentences out of the sample post, no two paragraphs alike."""
    paragraphs = (ROOT / "posts" / "mxnet" / "zh.md").read_text(encoding="utf-8").split("\n\n")[2:]
    out, count, n = ["---\ntitle: 很长的文章\n---"], 0, 0
    while count < size:
        text = re.sub("。", f"，第{n + 1}回。", paragraphs[n % len(paragraphs)])
        out.append(text)
        count += max(1, len(re.findall("[。！？]", text)))
        n += 1
    return "\n\n".join(out) + "\n"


def tasks(window, name, act):
    """Do something and give its longest tasks."""
    window.evaluate("tasks.length = 0")
    begun = time.perf_counter()
    act()
    window.wait_for_timeout(300)
    some = sorted(window.evaluate("tasks"), reverse=True)
    long = [f"{one:.0f}" for one in some if one >= 100]
    print(f"    {name:<22}{time.perf_counter() - begun:6.1f} s   tasks over 100 ms: {len(long)} {' '.join(long[:5])}")


def scroll(window):
    for _ in range(60):
        window.mouse.wheel(0, 900)
        window.wait_for_timeout(30)
    window.keyboard.press("Home")


def move(window):
    for key in ["j"] * 40 + ["n"] * 20 + ["k"] * 20:
        window.keyboard.press(key)


def write(window):
    window.keyboard.press("e")
    window.keyboard.type(" and so they typed one sentence after another without any delay at all", delay=25)
    window.keyboard.press("Shift+Enter")
    window.wait_for_timeout(500)


def search(window):
    window.keyboard.press("/")
    window.keyboard.type("模型", delay=60)
    window.wait_for_timeout(300)
    window.keyboard.press("Escape")
    window.keyboard.press("Escape")


def measure(browser, size):
    with tempfile.TemporaryDirectory() as folder:
        path = site(Path(folder, "site"), post(size))
        with master(path) as server:
            begun = time.perf_counter()
            address = server.start()
            print(f"{size:,} sentences asked for: post read in {time.perf_counter() - begun:.2f} s")
            client = Client(address)
            keys, times = list(client.read_rows()), []
            for n in range(5):
                begun = time.perf_counter()
                client.post("decide", {"decisions": [client.write(keys[n * 7], f"Text {n}.")]})
                times.append(time.perf_counter() - begun)
            print(
                f"    {len(keys):,} segments; a decision on the disk in {sorted(times)[2] * 1000:.0f} ms (median of 5)"
            )
            look(browser, address, client.base)


def look(browser, address, base):
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    context.add_init_script(OBSERVE)
    window = context.new_page()
    window.goto(address)
    window.wait_for_selector("article.row")
    window.goto(base + "/post/1")
    window.wait_for_selector("article.row")
    window.wait_for_timeout(2500)
    paint, sent = window.evaluate(PAINT), window.evaluate(BYTES)
    heap = window.context.new_cdp_session(window)
    heap.send("HeapProfiler.collectGarbage")
    memory = heap.send("Runtime.getHeapUsage")["usedSize"]
    nodes = window.evaluate("document.querySelectorAll('*').length")
    loading = [f"{one:.0f}" for one in window.evaluate("tasks") if one >= 100]
    print(f"    first paint {paint:.0f} ms, {sent / 1e6:.2f} MB sent, heap {memory / 1e6:.1f} MB, {nodes:,} elements")
    print(f"    loading: tasks over 100 ms: {len(loading)} {' '.join(loading)}")
    for name, act in (
        ("scrolling 54,000 px", scroll),
        ("80 moves", move),
        ("writing 70 letters", write),
        ("search", search),
    ):
        tasks(window, name, lambda act=act: act(window))
    context.close()


def main():
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        for size in map(int, sys.argv[1:] or SIZES):
            measure(browser, size)


if __name__ == "__main__":
    main()
