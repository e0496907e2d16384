"""A real server beside the tests, and a client that decides over real HTTP as the page does."""

import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

HERE = Path(__file__).parent
POST = "---\ntitle: 花园\n---\n\n" + "\n\n".join(f"第{n}天我们去花园看花。花开得很好！" for n in range(30)) + "\n"


def site(folder, text=POST):
    """Make a project with one drafted post."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "duizhao.yaml").write_text("author: Seed\n", encoding="utf-8")
    (folder / "glossary").mkdir(exist_ok=True)
    post = folder / "zh.md"
    post.write_text(text, encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "translator", "translate", post, "--engine", "echo"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return post


class Master:
    """Starts servers, and kills them."""

    def __init__(self, *posts):
        self.process = subprocess.Popen(
            [sys.executable, HERE / "server_master.py", *posts],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(HERE.parent.parent)},
        )
        self.pid = 0

    def start(self):
        """Start a server; gives its address."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        pid, address = self.process.stdout.readline().split()
        self.pid = int(pid)
        return address

    def kill(self):
        """Kill the server as the system does when memory runs out."""
        os.kill(self.pid, signal.SIGKILL)

    def close(self):
        with suppress(ProcessLookupError):
            self.kill()
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


@contextmanager
def master(*posts):
    one = Master(*posts)
    try:
        yield one
    finally:
        one.close()


class Client:
    """A window of the page, without the page."""

    def __init__(self, address, number=1):
        self.base = re.match(r"http://[^/]+", address)[0]
        self.http = httpx.Client(base_url=self.base, timeout=60, trust_env=False)
        self.http.get(address)
        self.headers = {"X-Duizhao": "1", "Origin": self.base}
        self.number, self.rows = number, {}

    def read_rows(self):
        """Read the post as a page does when it is opened."""
        segments = self.http.get(f"/api/post/{self.number}").json()["segments"]
        self.rows = {row["key"]: row for row in segments}
        return self.rows

    def post(self, verb, body):
        answer = self.http.post(f"/api/post/{self.number}/{verb}", json=body, headers=self.headers)
        for row in answer.json().get("rows", ()) if answer.status_code == 200 else ():
            self.rows[row["key"]] = row
        return answer

    def decision(self, key, name, **fields):
        row = self.rows[key]
        before = row["stand"]
        after = {k: v for k, v in {**before, **fields}.items() if v not in {"", None}}
        return {"id": name, "key": key, "source": row["source"], "before": before, "after": after}

    def write(self, key, text):
        """Write a text and approve it."""
        return self.decision(key, text, target=text, state="approved", origin="person", by="", other="", score=None)

    def close(self):
        self.http.close()


@contextmanager
def small_disk(folder, size="600k"):
    """Give a folder on a disk of its own that is soon full; nothing where it cannot be made here."""
    folder.mkdir()
    mount = shutil.which("mount")
    made = mount and subprocess.run([mount, "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=False)
    if not made or made.returncode:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=False)
