"""A whole review with the keyboard alone: `python tests/bench/review_by_keys.py`.

The second sample post, drafted by the builtin engine, becomes a finished post in a real Chromium: every segment is
decided, a note, a term, a search, a replacement, undo and redo are made on the way, and it is published. Nothing is
clicked. What is on the disk at the end is compared with what was wanted, and actions, keys and seconds are printed.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "review"))

from app_window import enter, saved  # noqa: E402  # found only once the path is set
from person_at_keys import Person, Server, wanted_texts  # noqa: E402  # likewise

from translator.formats import load  # noqa: E402  # likewise
from translator.markdown import parse  # noqa: E402  # likewise

JOINED = ("c4364c6e", "96e08dce")
"""Two sentences of one paragraph."""
NOTED = "586ebc58"
NOTE = "The tab of the source is a space here."
SLIP = "b762b787"
BRACES = ("4e1de8a4", "213bedb7", "76a21c3d")


def project(folder):
    """Make a project with the sample post, drafted by a machine."""
    for name in ("posts/typesetting", "glossary"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "duizhao.yaml").write_text("author: Reviewer\n", encoding="utf-8")
    post = folder / "posts" / "typesetting" / "zh.md"
    subprocess.run(
        [sys.executable, "-m", "translator", "translate", post, "--engine", "builtin"],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
    )
    return post


# ── What a person does ────────────────────────────────────────────────────────────────────────────────────────────────


def review(person):
    """Review the whole post, from the first segment to the published English."""
    look_around(person)
    person.go_on(11)
    join_and_split(person)
    person.go_on(12)
    undo_and_redo(person)
    note(person)
    slip_and_fix(person)
    only_what_needs_a_person(person)
    person.go_on()
    replace(person)
    term(person)
    saved(person.page)
    preview(person)
    publish(person)


def look_around(person):
    """Read the help, and look where the other post is linked."""
    person.press("?")
    person.see("document.querySelector('dialog.help[open]') !== null")
    person.act("help", "Escape")
    person.see("document.querySelector('dialog') === null")
    person.press("/")
    person.type("mxnet/zh")
    person.act("search", "Enter")
    person.see("duizhao.rows.here()?.key === 'ac4277c6' && document.activeElement.matches('article.row')")
    person.press("/", "Escape")
    person.see("duizhao.rows.visible().length === duizhao.store.rows.length")
    person.to("ee7cd92a")


def join_and_split(person):
    """See how two sentences read as one, and part them again."""
    one, other = JOINED
    person.to(other)
    person.act("join", "m")
    person.see(f"duizhao.store.row('{other}').stand.state === 'joined' && duizhao.rows.here().key === '{one}'")
    person.act("split", "s")
    person.see(f"duizhao.store.row('{other}').stand.state === 'draft'")
    person.to(one)


def undo_and_redo(person):
    """Take the last approval back, and give it again."""
    done = person.page.evaluate("duizhao.store.rows.filter((row) => duizhao.store.isDone(row.stand)).length")
    for action, key, n in (("undo", "u", done - 1), ("redo", "Shift+U", done)):
        person.act(action, key)
        person.see(f"duizhao.store.rows.filter((row) => duizhao.store.isDone(row.stand)).length === {n}")
    person.press("n")


def note(person):
    person.to(NOTED)
    person.press("o")
    person.see("document.activeElement.matches('dialog.note textarea')")
    person.type(NOTE)
    person.act("note", "Control+Enter")
    person.see(f"duizhao.store.row('{NOTED}').stand.note !== '' && !document.querySelector('dialog')")
    person.decide(person.row(), person.wanted[NOTED])


def slip_and_fix(person):
    """Write a name as the glossary does not, keep it as a draft, and let the page put it right."""
    person.to(SLIP)
    person.write(person.row(), person.wanted[SLIP].replace("GitHub", "Github"))
    person.act("edit", "Shift+Enter")
    person.see(f"duizhao.store.row('{SLIP}').findings.some((one) => one.fix)")
    person.decide(person.row(), person.wanted[SLIP])


def only_what_needs_a_person(person):
    """Filter, by the arrow keys, what needs a person."""
    person.press("f", "ArrowRight")
    person.act("filter", "Enter")
    person.see("duizhao.rows.spec.needs === true")
    person.press("n")
    person.see("duizhao.rows.here() !== null")
    person.go_on(5)
    person.press("f", "ArrowLeft", "Enter")
    person.see("!duizhao.rows.spec.needs")
    person.press("n")


def replace(person):
    """Say “braces” wherever “curly braces” was typed."""
    person.press("h")
    person.see("document.activeElement.matches('dialog.replace input')")
    person.type("curly braces")
    person.press("Tab")
    person.type("braces")
    person.see("document.querySelector('dialog.replace button[type=submit]:not(:disabled)') !== null")
    person.act("replace", "Enter")
    person.see("!document.querySelector('dialog')")
    person.wanted |= {key: person.wanted[key].replace("curly braces", "braces") for key in BRACES}
    for key in BRACES:
        person.see(f"duizhao.store.row('{key}').stand.target === {json.dumps(person.wanted[key])}")


def term(person):
    """Make a term, typed on both sides."""
    person.press("t")
    person.see("document.activeElement.matches('dialog.term input')")
    person.type("短代码")
    person.press("Tab")
    person.type("shortcode")
    person.see("document.querySelector('dialog.term .says').textContent !== ''")
    person.act("term", "Enter")
    person.see("!document.querySelector('dialog')")
    person.sees("短代码")


def preview(person):
    """Look at the English as readers will see it, and close it again."""
    person.act("preview", "v")
    person.see("!document.getElementById('preview').hidden")
    frame = person.page.frame_locator("#preview iframe")
    frame.locator("h1, h2").first.wait_for()
    person.press("v")
    person.see("document.getElementById('preview').hidden")


def publish(person):
    person.press("Shift+P")
    person.see("document.activeElement.matches('dialog.publish button[type=submit]:not(:disabled)')")
    person.act("publish", "Enter")
    person.see("!document.querySelector('dialog')")
    person.sees("en.md")


# ── What came of it ───────────────────────────────────────────────────────────────────────────────────────────────────


def check(post, person):
    """Hold the disk against what was wanted."""
    record = load(post.with_name("en.po").read_text(encoding="utf-8"))
    found = {entry.key: entry for entry in record.entries}
    assert {key: entry.target for key, entry in found.items()} == person.wanted
    assert {entry.state.value for entry in found.values()} == {"approved"}
    assert {entry.by for entry in found.values()} == {"Reviewer"}
    assert found[NOTED].note == NOTE
    english, chinese = (post.with_name(name).read_text(encoding="utf-8") for name in ("en.md", "zh.md"))
    assert "\ntranslation: reviewed\n" in english
    assert [block.kind for block in parse(english).blocks] == [block.kind for block in parse(chinese).blocks]
    assert person.page.evaluate("duizhao.store.unsaved") == 0


def table(person, seconds):
    clock = person.page.evaluate(
        "JSON.parse(localStorage.getItem(Object.keys(localStorage).find((key) => key.startsWith('duizhao:time:'))))"
    )
    print(f"segments                 {len(person.wanted):>6}")
    print(f"actions                  {sum(person.actions.values()):>6}")
    for name, n in sorted(person.actions.items(), key=lambda one: -one[1]):
        print(f"    {name:<20} {n:>6}")
    print(f"keys of commands         {person.pressed:>6}")
    print(f"letters typed            {person.typed:>6}")
    print(f"seconds, of this machine {seconds:>6.0f}")
    print(f"seconds, the page's own  {clock['seconds']:>6}   {clock['decided']} approvals counted by it")


def main():
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        post = project(Path(folder))
        server = Server(post)
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 1400, "height": 900}, locale="en-GB")
        try:
            complaints = []
            page = enter(context, server.address, complaints)
            page.on("console", lambda one: one.type == "error" and complaints.append(one.text))
            wanted = wanted_texts()
            wanted |= {key: wanted[key].replace("braces", "curly braces") for key in BRACES}
            person, begun = Person(page, wanted), time.perf_counter()
            review(person)
            seconds = time.perf_counter() - begun
            check(post, person)
            assert not complaints, complaints
            table(person, seconds)
        finally:
            context.close()
            browser.close()
            server.stop()


if __name__ == "__main__":
    main()
