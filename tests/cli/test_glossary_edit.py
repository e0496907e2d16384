"""The glossary's editing commands: what they say, what they write, and the English that follows."""

import os
import pty
import subprocess
import sys

import pytest

ENGLISH = """---
title: A garden in spring
---

# Chapter one

We go to the garden to see flowers. The flowers are beautiful!

> A **sentence** quoted.

The last paragraph is [here](https://a.example/).
"""


@pytest.fixture
def said(shell):
    """A post whose English a person wrote and approved."""
    shell("translate", "zh.md", "-e", "none")
    shell.write("en.md", ENGLISH)
    shell("translate", "zh.md", "-e", "none")
    return shell


def test_a_term_is_added_and_used(shell):
    out = shell("glossary", "add", "沐神", "Mu Li", "--alias", "李沐", "--forbid", "Bath God", "--kind", "person")
    assert out.splitlines() == [
        "glossary/terms.yaml:4: added 沐神 → Mu Li",
        "  +  - term: 沐神",
        "  +    aliases: [李沐]",
        "  +    translation: Mu Li",
        "  +    forbidden: [Bath God]",
        "  +    kind: person",
    ]
    assert "Mu Li" in shell("glossary", "find", "李沐说")


def test_every_verb(shell):
    before = shell.read("glossary/terms.yaml")
    shell("glossary", "add", "花", "flower", "--file", "glossary/plants.yaml")
    assert shell.read("glossary/plants.yaml").startswith("# The terms")
    shell("glossary", "set", "花", "with", "园", "开")
    shell("glossary", "alias", "花", "花儿")
    shell("glossary", "forbid", "花", "bloom", "blossom")
    shell("glossary", "forbid", "花", "bloom", "--remove")
    shell("glossary", "rename", "花", "花朵", "--keep-alias")
    assert [line.strip() for line in shell.read("glossary/plants.yaml").splitlines()[2:]] == [
        "- term: 花朵",
        "aliases: [花儿, 花]",
        "translation: flower",
        "forbidden: [blossom]",
        "with: [园, 开]",
    ]
    out = shell("glossary", "merge", "花园", "花儿")
    assert "glossary/plants.yaml:3: removed 花朵 → flower" in out
    assert "note: “flower”, so far the English of “花朵”, is accepted beside “garden”" in out
    assert "aliases: [花朵, 花儿, 花]" in shell.read("glossary/terms.yaml")
    shell("glossary", "alias", "花园", "--remove", "花朵", "花儿", "花")
    shell("glossary", "set", "花园", "also")
    shell("glossary", "set", "花园", "forbidden", "")
    assert shell.read("glossary/terms.yaml") == before
    assert shell("glossary", "set", "花园", "translation", "garden").startswith("nothing to change")
    shell("glossary", "remove", "花园")
    assert shell.read("glossary/terms.yaml") == "terms: []\n"


def test_proposals_are_approved(shell):
    shell("glossary", "add", "花", "flower")
    shell("glossary", "set", "花", "status", "proposed")
    assert "flower" not in shell("glossary", "find", "看花")
    assert "1 term would be in use from now on" in shell("glossary", "approve", "--all", "--dry-run")
    assert "1 term is in use from now on" in shell("glossary", "approve", "花")
    assert "“花” is in use already" in shell("glossary", "approve", "花")
    assert "flower" in shell("glossary", "find", "看花")
    shell("glossary", "approve", code=2)


def test_a_dry_run_prints_a_patch(shell):
    before = shell.read("glossary/terms.yaml")
    patch = shell("glossary", "alias", "花园", "园子", "--dry-run")
    assert shell.read("glossary/terms.yaml") == before
    subprocess.run(["patch", "-p0", "-s"], input=patch.encode(), cwd=shell.root, check=True)
    assert shell.read("glossary/terms.yaml") == before.replace("花园\n", "花园\n    aliases: [园子]\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["add", "花园", "park"], "glossary/terms.yaml:2: “花园” stands here already (“garden”)"),
        (["add", "花"], "“花” needs a translation, or to be kept as it is"),
        (["set", "花园", "translation"], "glossary/terms.yaml:2: “花园” would have no translation"),
        (["set", "花园", "kind", "x", "--file", "none.yaml"], "none.yaml: cannot be read"),
    ],
)
def test_what_is_refused(shell, arguments, message):
    before = shell.read("glossary/terms.yaml")
    assert message in shell.fails("glossary", *arguments).replace(f"{shell.root}/", "")
    assert shell.read("glossary/terms.yaml") == before


def test_the_english_is_shown_left_changed_and_changed_back(said):
    park, garden = (["glossary", "set", "花园", "translation", noun] for noun in ("park", "garden"))
    names = ("glossary/terms.yaml", "en.md", "en.po")
    before = {name: said.read(name) for name in names}
    english = before["en.md"]

    out = said(*park, "--update-english", "--dry-run")
    assert "+    translation: park" in out
    assert "  + A park in spring" in out
    assert {name: said.read(name) for name in names} == before

    out = said(*park)
    assert "zh.md:2 approved" in out
    assert "  - A garden in spring" in out
    assert "  + We go to the park to see flowers." in out
    assert "2 sentences in 1 post would change, 2 of them approved" in out
    assert "duizhao glossary set 花园 translation garden --no-update-english" in out
    assert said.read("en.md") == english

    assert said(*garden, "--no-update-english").count("\n") == 3
    assert "the English of 1 post was changed" in said(*park, "--update-english")
    assert said.read("en.md") == english.replace("garden", "park")
    said(*garden, "--update-english")
    assert {name: said.read(name) for name in names[:2]} == {name: before[name] for name in names[:2]}
    texts = [[line for line in text.splitlines() if "msgstr" in line] for text in (before["en.po"], said.read("en.po"))]
    assert texts[0] == texts[1]


def on_a_terminal(shell, answer, *arguments):
    """Run a command on a terminal where somebody answers; gives what the screen shows."""
    leader, follower = pty.openpty()
    ends = {"stdin": follower, "stdout": follower, "stderr": follower}
    command = [sys.executable, "-m", "translator", *arguments]
    with subprocess.Popen(command, cwd=shell.root, env={**shell.environment, "TERM": "xterm"}, **ends) as process:
        os.close(follower)
        os.write(leader, answer)
        out = b""
        while True:
            try:
                out += os.read(leader, 4096)
            except OSError:  # the other side is closed
                break
        assert process.wait(timeout=60) == 0
    os.close(leader)
    return out.decode()


def test_a_terminal_asks(said):
    english = said.read("en.md")
    out = on_a_terminal(said, b"\n", "glossary", "set", "花园", "translation", "park")
    assert "Change the English too? [y/N]" in out
    assert "\x1b[32mpark\x1b[0m" in out
    assert said.read("en.md") == english
    said("glossary", "set", "花园", "translation", "garden", "--no-update-english")
    on_a_terminal(said, b"y\n", "glossary", "set", "花园", "translation", "park")
    assert said.read("en.md") == english.replace("garden", "park")
