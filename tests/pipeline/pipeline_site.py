"""A project in a temporary folder, and a small engine that writes readable nonsense."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from translator.errors import EngineError
from translator.model import Abilities, Answer, Candidate
from translator.pipeline.translate import translate_posts
from translator.pipeline.verbs import Options

if TYPE_CHECKING:
    from pathlib import Path

WORDS = ["river", "stone", "cloud", "paper", "window", "garden", "letter", "bridge", "candle", "mirror", "harbor"]
SIGNS = str.maketrans("，。！？：；、（）“”「」《》", ',.!?:;,()""""""')


class Toy:
    """Puts two Chinese characters into one word, terms as they are hinted; sentences begin with a capital."""

    name = "toy"
    signature = "toy 1"
    abilities = Abilities(hints=True)

    def draft(self, jobs, _):
        return ((n, Answer((Candidate(self.english(job), -0.5),))) for n, job in enumerate(jobs))

    def english(self, job):
        parts, at = [], 0
        for span, translation, _ in job.terms:
            parts += [words(job.text[at : span.start]), f" {translation} "]
            at = span.end
        text = re.sub(r" +([,.!?:;)])", r"\1", re.sub(r"\s+", " ", "".join([*parts, words(job.text[at:])]))).strip()
        return re.sub(r"[a-z]", lambda m: m[0].upper(), text, count=1) if not text.startswith("<") else text


def words(text):
    def some(found):
        run = found[0]
        return (
            " "
            + " ".join(
                WORDS[(ord(run[i]) + ord(run[min(i + 1, len(run) - 1)])) % len(WORDS)] for i in range(0, len(run), 2)
            )
            + " "
        )

    return re.sub("[\u4e00-\u9fff]+", some, text).translate(SIGNS)


class Broken(Toy):
    """Stops after some answers."""

    def __init__(self, after):
        self.after = after

    def draft(self, jobs, meter):
        for n, answer in enumerate(super().draft(jobs, meter)):
            if n == self.after:
                raise EngineError("the engine died")
            yield answer


POST = """---
title: 春天的花园
date: 2020-01-01
---

# 第一章

我们去花园看花。花开得很好！然后我们回家。

> 引用里的一句话。
> 还有**第二句**话。

- 第一项
- 第二项带[链接](https://a.example/)

```python
# 注释
```

最后一段话在这里。
"""


class Site:
    """A project with one post."""

    def __init__(self, root: Path, text: str = POST):
        self.root, self.post = root, root / "zh.md"
        (root / "glossary").mkdir()
        self.post.write_bytes(text.encode())

    @property
    def english(self):
        return self.root / "en.md"

    @property
    def record(self):
        return self.root / "en.po"

    def run(self, engine=None, **options):
        (report,) = translate_posts([self.post], engine or Toy(), Options(**options))
        return report

    def entries(self, **options):
        return {entry.source: entry for entry in self.run(**options).outcome.entries}

    def edit(self, path, *changes):
        text = path.read_bytes().decode()
        for old, new in changes:
            assert old in text, (old, text)
            text = text.replace(old, new)
        path.write_bytes(text.encode())

    def both(self):
        return self.english.read_bytes(), self.record.read_bytes()
