"""The English file as a person left it: adopted, or kept where it stands."""

import pytest
from pipeline_site import POST, Site, Toy

from translator.model import State
from translator.pipeline.verbs import approve

LAST = "最后一段话在这里。"

# What a person may do to the blocks of the English file: (what it is, change).
RESHAPED = [
    (
        "a paragraph split",
        lambda text, e: text.replace(e["我们去花园看花。"], e["我们去花园看花。"] + "\n\nSplit by hand."),
    ),
    ("an item added", lambda text, e: text.replace(f"- {e['第一项']}\n", f"- {e['第一项']}\n- An item by hand.\n")),
    ("a paragraph added", lambda text, _: text.replace("```python", "A paragraph by hand.\n\n```python")),
    ("one at the top", lambda text, _: text.replace("# ", "By hand, first.\n\n# ", 1)),
    ("one at the end", lambda text, _: text + "\nBy hand, last.\n"),
    ("code changed", lambda text, _: text.replace("# 注释", "# By hand")),
    ("a paragraph turned into a quote", lambda text, e: text.replace(e[LAST], "> By hand, quoted.")),
    ("a heading's level", lambda text, e: text.replace("# " + e["第一章"], "## " + e["第一章"])),
    ("a front-matter key", lambda text, _: text.replace("lang: en", "lang: en\nauthor: By hand")),
    ("a value of a set key", lambda text, _: text.replace("lang: en", "lang: en-GB")),
    ("two blocks into one", lambda text, e: text.replace("> " + e["还有**第二句**话。"], "> By hand.\n\n> And again.")),
    ("empty lines", lambda text, e: text.replace(e[LAST], "\n\n" + e[LAST])),
]


@pytest.mark.parametrize(("what", "reshape"), RESHAPED, ids=[what for what, _ in RESHAPED])
def test_what_a_person_reshaped_is_never_written_over(site, what, reshape):
    del what
    targets = {s: e.target for s, e in site.entries().items()}
    text = reshape(site.english.read_text(), targets)
    assert text != site.english.read_text()
    site.english.write_text(text)
    site.run()
    assert site.english.read_text() == text
    before = site.both()
    assert not site.run().changed
    assert site.both() == before
    # The author goes on writing elsewhere: everything a person did still stands.
    site.edit(site.post, ("花开得很好！", "花开得不好！"), ("第二项带", "第二项又带"))
    site.run()
    now = site.english.read_text()
    for line in text.splitlines():
        if "hand" in line:
            assert line in now
    if "Split" not in text:
        assert next(e for e in site.run().outcome.entries if e.source == "花开得不好！").target in now
    approve(site.post, everything=True)
    assert all(line in site.english.read_text() for line in text.splitlines() if "hand" in line)


def test_a_block_a_person_removed_stays_removed(site):
    target = site.entries()[LAST].target
    site.edit(site.english, (target + "\n", ""))
    report = site.run()
    assert target not in site.english.read_text()
    assert "removed by hand" in report.outcome.notes[0]
    site.edit(site.post, ("第一项", "第零项"))
    site.run()
    assert target not in site.english.read_text()


def test_a_reshaped_stretch_is_said(site):
    site.run()
    site.english.write_text(site.english.read_text() + "\nBy hand, last.\n")
    (note,) = site.run().outcome.notes
    assert "By hand, last." in note
    assert "line 2" in note


HAND = """---
title: A Garden in Spring
date: 2020-01-01
---

# Chapter One

We went to the garden. How the flowers bloomed! Then we went home.

> A sentence in a quote.
> And **a second** one.

- First
- Second, with [a link](https://a.example/)

```python
# 注释
```

The last paragraph stands here.
"""


def test_an_english_file_that_was_there_is_adopted_block_by_block(site):
    site.english.write_text(HAND)
    report = site.run()
    entries = {e.source: e for e in report.outcome.entries}
    assert {e.state for e in report.outcome.entries} == {State.APPROVED}
    assert entries["花开得很好！"].target == "How the flowers bloomed!"
    assert entries["还有**第二句**话。"].target == "And **a second** one."
    text = site.english.read_text()
    assert text == HAND.replace("date: 2020-01-01\n", "date: 2020-01-01\nlang: en\ntranslation: reviewed\n")
    before = site.both()
    site.run()
    assert site.both() == before


def test_sentences_that_do_not_pair_go_to_the_first_and_the_rest_is_joined(site):
    site.english.write_text(HAND.replace(" How the flowers bloomed! Then we went home.", ""))
    entries = {e.source: e for e in site.run().outcome.entries}
    assert entries["我们去花园看花。"].target == "We went to the garden."
    assert entries["花开得很好！"].state is State.JOINED
    assert "We went to the garden.\n" in site.english.read_text()


@pytest.mark.parametrize(
    "change",
    [
        ("- First\n", ""),
        ("The last paragraph stands here.", "One paragraph.\n\nAnd another."),
        ("# Chapter One\n", "# Chapter One\n\n## An extra heading\n"),
        (HAND, "Something else altogether.\n\nIn two paragraphs.\n"),
        (HAND, ""),
    ],
)
def test_what_does_not_align_is_left_untouched(site, change):
    text = HAND.replace(*change)
    site.english.write_text(text)
    site.run()
    now = site.english.read_text()
    assert all(line in now for line in text.splitlines())
    before = site.both()
    site.run()
    assert site.both() == before


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_every_kind_of_line_ending_round_trips_with_edits(tmp_path, newline, mark):
    site = Site(tmp_path, mark + POST.replace("\n", newline))
    target = site.entries()["花开得很好！"].target
    site.edit(site.english, (target, "By hand!"))
    assert site.entries()["花开得很好！"].target == "By hand!"
    data = site.english.read_bytes().decode()
    assert data.startswith(mark)
    assert data.count("\r\n") == (data.count("\n") if newline == "\r\n" else 0)
    before = site.both()
    site.run()
    assert site.both() == before


LINKED = "# 开始\n\n先看[下面](#结束)。\n\n[旧文](other.md)在这。\n\n# 结束\n\n完了。\n"


def test_links_lead_to_the_english_heading_and_the_english_post(tmp_path):
    site = Site(tmp_path, LINKED)
    (tmp_path / "other.md").write_text("别的文章。\n")
    (tmp_path / "other.en.md").write_text("Another post.\n")
    site.run()
    text = site.english.read_text()
    heading = next(e for e in site.run().outcome.entries if e.source == "结束").target
    assert f"](#{heading.lower()})" in text
    assert "](other.en.md)" in text
    before = site.both()
    site.run()
    assert site.both() == before
    site.edit(site.english, (f"# {heading}", "# The End"))
    site.run()
    assert "](#the-end)" in site.english.read_text()
    assert [e.source for e in site.run().outcome.entries if e.state is State.APPROVED] == ["结束"]


def test_a_draft_that_would_break_the_markdown_is_refused(site):
    class Headings(Toy):
        def english(self, job):
            return "x\n\n# " + super().english(job) if "最后" in job.text else super().english(job)

    report = site.run(Headings())
    english = site.english.read_text()
    assert english.count("\n#") == POST.count("\n#")
    entry = next(e for e in report.outcome.entries if e.source == LAST)
    assert any(f.check == "markup" for f in entry.findings) or entry.target
