# ruff: noqa: E501 - nasty texts read best on one line
"""A post as the review has it open: from texts alone, no file."""

from dataclasses import dataclass, replace
from pathlib import Path

from hypothesis import strategies as st

from translator.glossary import Glossary
from translator.model import JOINED, Finding, Level, Span, State, Term
from translator.pipeline.work import Means, Texts, complete, prepare

GLOSSARY = Glossary(
    (Term("沐神", "Mu Li", note="<i>a person</i>"), Term("符号式编程", "symbolic programming"), Term("深盟", "DMLC"))
)


@dataclass
class Opened:
    """Has what a sheet is made from."""

    work: object
    outcome: object
    path: Path = Path("zh.md")
    english: Path = Path("en.md")

    def deciding(self, entries):
        """Give the same post with other entries."""
        return replace(self, outcome=replace(self.outcome, entries=tuple(entries)))


def opened(text, targets=()):
    """Open a post; segments whose index is in `targets` have a target, `(text, state)`."""
    work = prepare(Texts(text), Means(glossary=GLOSSARY), Path("zh.md"))
    said = dict(targets)
    entries = tuple(
        replace(entry, target=said[i][0], state=said[i][1], origin="builtin", score=0.5) if i in said else entry
        for i, entry in enumerate(work.entries)
    )
    work = replace(work, entries=entries)
    return Opened(work, complete(work, marked=False))


POST = """\
---
title: 沐神的😀笔记
---

# 为什么

**沐神**说过，[深盟](https://github.com/dmlc "题")最早只是周末项目。大家写 `cxxnet`😀，还有*别的*。于是有了它。

> 把符号式编程揉到一起。
>
> - 立即执行。
> - 沐神来了。

```python
print(1)
```

| 框架 | 多机 |
|------|------|
| 深盟 | 支持 |
| 沐神 | 1 |

<div title="题目">说明文字</div>

最后一段。[^1]

[^1]: 脚注在此。
"""

NASTY = (
    "<script>window.ran=1</script>", '"><img src=x onerror=window.ran=1>', "[点](javascript:window.ran=1)", "</article></section>",
    "<svg onload=window.ran=1>", "{{ sheet.title }} {% raw %}", "&lt;b&gt;", "abc\u202efed\u2066", "'></div>", "**粗**", "`码`",
    "![图](https://evil.example/x.png)", "<https://a.example/>", "$x<y$", "😀沐神", "<!-- x -->", "{n} {en} %s", "[^1]", "\\<i\\>",
    "<a href=//evil.example style=position:fixed>", "</script><script>", "data-w-values='{}'",
)  # fmt: skip
HOSTILE = st.lists(st.sampled_from([*NASTY, "沐神说了一句。", "普通的话，", "\n\n", "\n\n# ", "\n\n- ", "\n\n> ", "\n| 甲 | 乙 |\n|---|---|\n| "]), min_size=1, max_size=12).map("".join)  # fmt: skip
PIECES = st.lists(st.sampled_from([*NASTY, "words ", "Mu Li "]), max_size=5).map("".join)


def hostile(draw_text, words, states):
    """Open a post with whatever texts and states; everything that a person or an engine writes is hostile too."""
    post = opened(draw_text)
    entries = [
        replace(
            entry, target=JOINED if state is State.JOINED else said, state=state, other=said[::-1], former=said, by=said, origin=said, note=said,
            findings=(Finding("terms", Level.ERROR, said, Span(0, 3), Span(1, 4)), Finding(said, Level.INFO, said)),
        )
        for entry, said, state in zip(post.outcome.entries, words, states, strict=False)
    ]  # fmt: skip
    return post.deciding([*entries, *post.outcome.entries[len(entries) :]])
