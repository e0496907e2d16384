import os
import subprocess
import sys
from pathlib import Path

POST = """---
title: 春天的花园
---

# 第一章

我们去花园看花。花开得很好！

> 引用里的**一句**话。

最后一段话，在[这里](https://a.example/)。
"""
TERMS = "terms:\n  - term: 花园\n    translation: garden\n"


class Shell:
    """A project in a temporary folder, and the installed command run in it."""

    def __init__(self, root: Path):
        self.root = root
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "TERM"}},
            "GIT_CONFIG_GLOBAL": str(root / "gitconfig"),
            "GIT_CONFIG_NOSYSTEM": "1",
            "XDG_DATA_HOME": str(root.parent / "data"),
            "XDG_CACHE_HOME": str(root.parent.parent / "cache"),  # one for all tests: Jieba's words are read once
        }
        self.write("gitconfig", "[user]\n\tname = Seed\n")

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def read(self, name):
        return (self.root / name).read_bytes().decode()

    def start(self, *arguments, **options):
        return subprocess.Popen(
            [sys.executable, "-m", "translator", *map(str, arguments)],
            cwd=self.root,
            env=self.environment | options.pop("env", {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **options,
        )

    def __call__(self, *arguments, code=0, stdin=b"", env=None):
        """Run a command; a traceback is never an answer."""
        process = self.start(*arguments, env=env or {})
        out, err = process.communicate(stdin, timeout=120)
        self.out, self.err = out.decode(), err.decode()
        assert "Traceback" not in self.err, self.err
        assert process.returncode == code, (process.returncode, self.out, self.err)
        assert "\x1b" not in self.out + self.err
        return self.out

    def fails(self, *arguments, stdin=b"", code=2):
        """Run a command that ends with one clear line; gives the line."""
        self(*arguments, code=code, stdin=stdin)
        (line,) = [line for line in self.err.splitlines() if line.startswith("duizhao: ")]
        return line
