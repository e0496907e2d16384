"""`duizhao glossary list | show | uses`, as a user meets them."""

import json
import os
import pty
import subprocess
import sys

import pytest

from translator.cli.terms import find_term
from translator.errors import DuizhaoError
from translator.glossary import parse

PEOPLE = """terms:
  - term: 沐神
    aliases: [李沐, 李沐大神]
    translation: Mu Li
    also: [Li Mu]
    forbidden: [Bath God]
    kind: person
    note: The nickname is affectionate.
  - {term: 陈天奇, translation: Tianqi Chen, kind: person}
"""
TERMS = """terms:
  - {term: 花园, translation: garden, forbidden: [park]}
  - {term: 图, translation: graph, with: [节点]}
  - {term: 春天, translation: spring, status: proposed}
"""
POST = "# 花园\n\n沐神去**花园**。李沐也去花园看花。\n\n沐神回家了。\n\n![花园](a.png)的图。\n"
ENGLISH = "# A Garden\n\nMu Li goes to the **park**. Li Mu goes to a garden too.\n\nThe master went home.\n"
ENGLISH += "\nA picture of ![the gardens](a.png).\n"


@pytest.fixture
def site(shell):
    shell.write("glossary/terms.yaml", TERMS)
    shell.write("glossary/people.yaml", PEOPLE)
    shell.write("zh.md", POST)
    shell.write("en.md", ENGLISH)
    return shell


def test_uses_shows_both_languages_and_counts(site):
    out = site("glossary", "uses", "花园").splitlines()
    assert out[0] == "zh.md"
    assert out[1:] == [
        "     1  obeyed       ⟦花园⟧",
        "                     A ⟦Garden⟧",
        "     3  wrong        沐神去⟦花园⟧。",
        "                     Mu Li goes to the ⟦park⟧.",
        "                     花园 must be “garden” (forbidden)",
        "     3  obeyed       李沐也去⟦花园⟧看花。",
        "                     Li Mu goes to a ⟦garden⟧ too.",
        "     7  obeyed       ⟦花园⟧",
        "                     the ⟦gardens⟧",
        "花园 → garden: 4 mentions in 1 of 1 post: garden ×3, park ×1 (wrong)",
    ]
    assert site("glossary", "uses", "李沐", "zh.md").splitlines()[-1] == (
        "沐神 → Mu Li: 3 mentions in 1 of 1 post: Mu Li ×1, Li Mu ×1 (accepted), missing ×1"
    )
    wrong = site("glossary", "uses", "花园", "--wrong")
    assert "park" in wrong
    assert "⟦garden⟧" not in wrong
    assert "garden ×3" in wrong


def test_uses_as_json(site):
    rows = json.loads(site("glossary", "uses", "花园", "--json"))
    assert [row["became"] for row in rows] == ["obeyed", "wrong", "obeyed", "obeyed"]
    for row in rows:
        assert row["post"] == "zh.md"
        start, end = row["span"]
        assert row["source"][start:end] == row["surface"] == "花园"
        start, end = row["target"]
        assert row["english"][start:end].casefold().startswith(row["form"])
    (row,) = json.loads(site("glossary", "uses", "花园", "--json", "--wrong"))
    assert (row["english"], row["proof"], row["line"]) == ("Mu Li goes to the park.", "forbidden", 3)


def test_long_sentences_are_cut_around_the_term_by_cells(site):
    site.write("zh.md", "这句话很长" * 30 + "花园" + "这句话很长" * 30 + "。\n")
    site.write("en.md", "This is long, " * 20 + "the garden, " + "this is long, " * 20 + "too.\n")
    for columns in ("60", "100"):
        lines = site("glossary", "uses", "花园", env={"COLUMNS": columns}).splitlines()[1:3]
        for line, name in zip(lines, ("花园", "garden"), strict=True):
            assert f"⟦{name}⟧" in line
            cells = sum(2 if ord(ch) > 0x2E80 else 1 for ch in line)
            assert int(columns) - 3 <= cells <= int(columns)


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are Unix's")
def test_the_term_is_coloured_on_a_terminal(site):
    ours, theirs = pty.openpty()
    arguments = [sys.executable, "-m", "translator", "glossary", "uses", "花园"]
    environment = site.environment | {"TERM": "xterm", "COLUMNS": "100"}
    process = subprocess.Popen(arguments, cwd=site.root, env=environment, stdout=theirs)
    process.wait(60)
    said = os.read(ours, 100_000).decode()
    os.close(ours)
    os.close(theirs)
    assert "\x1b[1m花园\x1b[0m" in said
    assert "\x1b[31mpark\x1b[0m" in said
    assert "⟦" not in said


def test_show_tells_all_of_a_term(site):
    site.write(
        "glossary/zz.yaml", "terms:\n  - {term: 沐神, translation: Professor Li, aliases: [李沐], kind: person}\n"
    )
    site.write("deep/zh.md", "沐神在这里。\n")
    site.write("deep/glossary.yaml", "terms:\n  - {term: 沐神, translation: Mu}\n")
    out = site("glossary", "show", "李沐")
    *lines, last = out.splitlines()
    assert lines == [
        "李沐 is an alias of 沐神",
        "term          沐神",
        "translation   Professor Li",
        "aliases       李沐",
        "kind          person",
        "status        used",
        "where         glossary/zz.yaml:2",
        "overridden    沐神 → Mu Li  glossary/people.yaml:2",
        "for its posts 沐神 → Mu  deep/glossary.yaml:2",
        "in the posts  沐神 → Mu: 1 mention in 1 of 2 posts: untranslated ×1",
    ]
    assert last.startswith("in the posts  沐神 → Professor Li: 3 mentions in 1 of 2 posts: missing ×2, ")
    assert "with          节点" in site("glossary", "show", "图")
    found = json.loads(site("glossary", "show", "沐神", "--json"))
    assert (found["translation"], found["mentions"], found["posts"]) == ("Professor Li", 4, 2)
    assert [one["translation"] for one in found["defined"]] == ["Mu Li", "Professor Li", "Mu"]
    assert found["path"].endswith("zz.yaml")


def test_a_term_that_is_only_proposed(site):
    assert "spring" in site("glossary", "list", "--status", "proposed")
    assert "proposed: not used until" in site("glossary", "show", "春天")
    line = site.fails("glossary", "uses", "春天")
    assert "glossary/terms.yaml:4: “春天” is only proposed" in line
    assert "duizhao glossary approve 春天" in line


def test_list_filters(site):
    def listed(*options):
        return [row["term"] for row in json.loads(site("glossary", "list", "--json", *options))]

    assert listed() == ["沐神", "陈天奇", "花园", "图", "春天"]
    assert listed("--kind", "Person") == ["沐神", "陈天奇"]
    assert listed("--file", "glossary/terms.yaml") == ["花园", "图", "春天"]
    assert listed("--status", "proposed") == ["春天"]
    assert listed("--status", "used", "--file", "glossary/terms.yaml", "--grep", "ga") == ["花园"]
    assert listed("--grep", "AFFECTION") == ["沐神"]
    head, *rows = site("glossary", "list").splitlines()
    assert head.split() == ["term", "English", "aliases", "kind", "status", "where"]
    assert rows[-1].split() == ["春天", "spring", "proposed", "glossary/terms.yaml:4"]
    assert "status" not in site("glossary", "list", "--kind", "person")
    assert "no term is like that; the kinds are person" in site("glossary", "list", "--kind", "nix")
    assert "is none of the glossary's files" in site.fails("glossary", "list", "--file", "nix.yaml")
    site("glossary", "list", "--status", "odd", code=2)
    assert "`used` or `proposed`" in " ".join(site.err.split())


def test_a_term_of_two_files_is_listed_once(site):
    site.write("glossary/zz.yaml", "terms:\n  - {term: 花园, translation: yard}\n")
    rows = json.loads(site("glossary", "list", "--json", "--grep", "花园"))
    assert [row["translation"] for row in rows] == ["yard"]


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("花圆", "did you mean “花园”?"),
        ("huayuan", "did you mean “花园”?"),
        ("木神", "did you mean “沐神”"),
        ("mu li", "did you mean “沐神”?"),
        ("大神", "did you mean “李沐大神”"),
        ("陳天琦", "did you mean “陈天奇”"),
        ("Kubernetes", "`duizhao glossary list` shows all"),
    ],
)
def test_a_term_that_is_not_there(word, hint):
    with pytest.raises(DuizhaoError) as caught:
        find_term(word, [parse(PEOPLE), parse(TERMS)])
    assert f"there is no term “{word}”" in str(caught.value)
    assert hint in str(caught.value)


def test_a_term_that_is_not_there_is_said_in_a_line(site):
    for command in ("show", "uses"):
        assert site.fails("glossary", command, "花圆") == "duizhao: there is no term “花圆”; did you mean “花园”?"


def test_a_project_without_a_glossary_is_taught(shell):
    (shell.root / "glossary" / "terms.yaml").unlink()
    assert "`duizhao init` writes a file" in shell("glossary", "list")
    for command in ("show", "uses"):
        assert "`duizhao init` writes a file" in shell.fails("glossary", command, "花园")
