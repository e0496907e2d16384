"""A project whose posts are written in the toy language, its English approved."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from toy import pairs

from translator.config import Project
from translator.formats import dump, load
from translator.model import State
from translator.pipeline.verbs import Desk, Options

NEW = ("卷积", "convolution")
"""A word that the toy model does not know, and how this author says it."""


class Site:
    def __init__(self, root: Path, data: Path) -> None:
        self.root, self.data = root, data
        root.mkdir()
        (root / "duizhao.yaml").write_text("author: Tester\n", encoding="utf-8")

    def post(self, name, count, seed, *, approved=True):
        """Write a post of so many paragraphs, a third of them with the new word."""
        some = [self.own(n, each) for n, each in enumerate(pairs(count, seed))]
        path = self.root / f"{name}.zh.md"
        path.write_text("\n\n".join(source for source, _ in some) + "\n", encoding="utf-8")
        Desk(Project.of(path), Options(memory=False)).update(path)
        if approved:
            self.approve(path.with_name(f"{name}.en.po"), dict(some))
        return path

    def own(self, n, pair):
        source, target, *_ = pair
        if n % 3:
            return source, target[0].upper() + target[1:]
        return NEW[0] + source, f"{NEW[1]} {target}".capitalize()

    def approve(self, record, said):
        found = load(record.read_text(encoding="utf-8"), record)
        entries = [replace(e, target=said[e.source], state=State.APPROVED, origin="person") for e in found.entries]
        record.write_text(dump(replace(found, entries=tuple(entries))), encoding="utf-8")

    def start(self, *arguments, **more):
        environment = {**os.environ, "XDG_DATA_HOME": str(self.data), "NO_COLOR": "1", **more}
        command = [sys.executable, "-m", "translator", *map(str, arguments)]
        return subprocess.Popen(
            command, cwd=self.root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def run(self, *arguments, **more):
        process = self.start(*arguments, **more)
        out, err = process.communicate(timeout=280)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    @property
    def models(self):
        return self.data / "duizhao" / "engines"
