"""A person who reviews a post with nothing but a keyboard, and reads the page to know what to press next."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from app_window import here, until

ROOT = Path(__file__).parent.parent.parent
HERE = """(() => {
  const row = duizhao.rows.here();
  return row && { key: row.key, target: row.stand.target, state: row.stand.state, codec: row.codec ?? "markdown",
    chips: (row.marks ?? []).length + (row.sourceMarks ?? []).length, fix: row.findings.find((one) => one.fix)?.fix };
})()"""
js = json.dumps
EDITING = "document.activeElement.closest('.editor') !== null"


def wanted_texts():
    """Read what a person wants the second sample post to say, by segment."""
    lines = (ROOT / "tests" / "data" / "typesetting.en.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines)


class Server:
    """`duizhao review`, as a person starts it."""

    def __init__(self, post):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "translator", "review", post, "--no-open", "--port", "0"],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.address = re.search(r"http://\S+", self.process.stdout.readline())[0]

    def stop(self):
        """End it."""
        self.process.terminate()
        self.process.wait(20)
        self.process.stdout.close()


@dataclass
class Person:
    """Presses keys and counts them; what the page shows is only read."""

    page: object
    wanted: dict
    pressed: int = 0
    """Keys that are commands; keys held down with another count with it."""
    typed: int = 0
    """Letters of texts."""
    actions: dict = field(default_factory=dict)

    def press(self, *names):
        for name in names:
            self.page.keyboard.press(name)
            self.pressed += 1

    def type(self, text):
        self.page.keyboard.type(text)
        self.typed += len(text)

    def act(self, action, *names):
        """Press the keys of an action, and count it as one."""
        self.press(*names)
        self.did(action)

    def did(self, action):
        self.actions[action] = self.actions.get(action, 0) + 1

    def see(self, claim):
        """Wait until the page shows what was to come."""
        until(self.page, claim)

    def sees(self, words):
        """Wait until the page says something."""
        self.see(f"document.getElementById('toast').textContent.includes({js(words)})")

    def row(self):
        return self.page.evaluate(HERE)

    def to(self, key):
        """Go to a segment, step by step."""
        index = f"duizhao.store.row({js(key)}).i"
        aim = self.page.evaluate(index)
        while (at := here(self.page)) != aim:
            self.press("j" if at is None or at < aim else "k")
            self.see(f"(duizhao.rows.here()?.i ?? null) !== {'null' if at is None else at}")

    # ── Deciding ──

    def decide(self, row, text):
        """Make a segment say a text, the shortest way there is, and approve it."""
        if row["target"] == text:
            self.act("accept", "a")
        elif row["fix"] == text:
            self.act("fix", "x")
            self.see(f"duizhao.rows.here().stand.target === {js(text)}")
            self.act("accept", "a")
        else:
            self.write(row, text)
            self.act("edit", "Enter")
        self.see(f"['approved', 'joined'].includes(duizhao.store.row({js(row['key'])}).stand.state)")

    def write(self, row, text):
        """Type a text in place of the draft: where there are chips, as Markdown."""
        self.press("e")
        self.see(EDITING)
        if row["chips"] and row["codec"] in {"markdown", "html"}:
            self.press("Alt+m")
            self.see("document.activeElement.matches('.editor textarea')")
        self.press("Control+a")
        self.type(text)

    def go_on(self, most=10_000):
        """Decide one segment after the other; stops after so many, or when all are done."""
        for _ in range(most):
            row = self.row()
            if row is None or row["state"] in {"approved", "joined"}:
                if not self.page.evaluate("duizhao.store.rows.some((row) => !duizhao.store.isDone(row.stand))"):
                    return
                self.press("n")
                self.see(
                    f"duizhao.rows.here() && duizhao.rows.here().key !== {js(row and row['key'])}" if row else "true"
                )
                continue
            self.decide(row, self.wanted[row["key"]])
