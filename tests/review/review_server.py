"""The command `duizhao review` as a person starts it, and a browser without a window that asks it things."""

import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import suppress

import httpx

POST = """---
title: 花园
---

# 看花

我们去**花园**看花😀。花开得很好！

花开得很好！

最后一段话，在[这里](https://a.example/)。
"""
PO = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"""


def site(root, posts=("zh.md",), text=POST, engine="echo"):
    """Make a project with drafted posts, and a file beside them that is nobody's business."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "duizhao.yaml").write_text("author: Seed\n", encoding="utf-8")
    (root / "glossary").mkdir(exist_ok=True)
    (root / "secret.txt").write_text("SECRET OF ANOTHER FILE", encoding="utf-8")
    paths = [root / name for name in posts]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "translator", "translate", *paths, "--engine", engine]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    return paths


class Running:
    """A server that was started by the command."""

    def __init__(self, root, *arguments, env=None):
        self.root = root
        self.process = subprocess.Popen(
            [sys.executable, "-m", "translator", "review", *map(str, arguments)],
            cwd=root, text=True, encoding="utf-8", env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        line, self.advice = self.process.stdout.readline(), self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/\?token=(\S+)", line)
        assert found, line + self.process.stderr.read()
        self.line, self.address = line, found[0]
        self.port, self.token = int(found[1]), found[2]
        self.origin = f"http://127.0.0.1:{self.port}"
        self.client = httpx.Client(base_url=self.origin, timeout=60)

    def enter(self):
        """Follow the address that was printed."""
        assert self.client.get(self.address).status_code == 200
        return self

    def get(self, path, **headers):
        return self.client.get(path, headers=headers)

    def post(self, path, body, **headers):
        return self.client.post(path, json=body, headers={"Origin": self.origin, "X-Duizhao": "1", **headers})

    def raw(self, head, body=b""):
        """Send bytes as they are, but that the connection ends there, and give all that comes back."""
        line, end, rest = head.partition("\r\n")
        parts = []
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as one, suppress(ConnectionError):
            one.sendall(f"{line}{end}Connection: close\r\n{rest}".encode("latin-1") + body)
            while part := one.recv(65536):
                parts.append(part)
        return b"".join(parts)

    def cookie(self):
        return "; ".join(f"{name}={value}" for name, value in self.client.cookies.items())

    def stop(self, how=signal.SIGINT):
        """End it as Ctrl-C does; gives the exit code and what it had to say."""
        self.client.close()
        if self.process.poll() is None:
            self.process.send_signal(how)
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out, err


def edited(row, target, state="approved", name="1"):
    """Give a decision about a row of the model."""
    after = {**row["stand"], "target": target, "state": state, "origin": "person"}
    return {"id": name, "key": row["key"], "source": row["source"], "before": row["stand"], "after": after}
