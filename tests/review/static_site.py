"""A project with a small post, drafted, and the page in a file made from it."""

import re
from dataclasses import replace
from pathlib import Path

from translator.config import Project
from translator.model import State
from translator.pipeline.decide import Decision, Stand
from translator.pipeline.session import Session
from translator.review.returned import place_of
from translator.review.standalone import page

POST = """---
title: 花园
---

## 第一章

我们去**花园**看花。花开得很好！然后我们[回家](https://a.example/)。

> 引用里的一句话。

- 第一项
- 第二项

```python
# 注释 </script><script>window.ran = 1</script>
```

一样的话。

一样的话。
"""
SAID = {
    "花园": "The Garden",
    "第一章": "Chapter One",
    "我们去**花园**看花。": "We go to the **garden** to see flowers.",
    "花开得很好！": "They bloom!",
    "然后我们[回家](https://a.example/)。": "Then we [go home](https://a.example/).",
    "引用里的一句话。": "A sentence in a quote.",
    "第一项": "Item one",
    "一样的话。": "The same.",
}
"""What a machine drafted; 第二项 is untranslated."""


class Garden:
    """The project."""

    def __init__(self, root, text=POST, said=None):
        self.root, self.path = Path(root), Path(root) / "posts" / "zh.md"
        self.path.parent.mkdir(exist_ok=True)
        (self.root / "duizhao.yaml").write_text("", encoding="utf-8")
        self.path.write_bytes(text.encode())
        said = SAID if said is None else said
        self.decide({source: (target, State.DRAFT, "builtin") for source, target in said.items()})

    def open(self):
        (post,) = Session(Project.of(self.path), [self.path]).posts
        return post

    def decide(self, said):
        """Decide by source: its text, state and origin."""
        post = self.open()
        made = []
        for entry in post.outcome.entries:
            if entry.source in said:
                target, state, origin = said[entry.source]
                before = Stand.of(entry)
                made.append(
                    Decision(
                        entry.key, entry.source, before, replace(before, target=target, state=state, origin=origin)
                    )
                )
        return post.decide(made)

    def entries(self):
        return {entry.source: entry for entry in self.open().outcome.entries}

    def page(self, language="en"):
        return page(self.open(), place_of(Project.of(self.path), self.path), language)


def block(html, name):
    """Give the text of one of the page's blocks of JSON."""
    return re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', html, re.DOTALL)[1]
