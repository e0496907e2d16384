"""Every command, run as a user runs it."""

import json
import re
import shutil
import subprocess
import sys

import pytest
from cli_shell import POST, TERMS

from translator.formats import load

FLOWERS = "我们去花园看花。"


def entries(shell):
    return {entry.source: entry for entry in load(shell.read("en.po")).entries}


def by_hand(shell):
    """Let a person write all of the English."""
    shell("translate", "-e", "none")
    text = shell.read("en.md")
    said = {
        "春天的花园": "A Garden in Spring", "第一章": "Chapter 1",
        FLOWERS: "We went to the garden.", "花开得很好！": "It bloomed!",
        "引用里的**一句**话。": "A **quoted** one.",
        "最后一段话，在[这里](https://a.example/)。": "The end is [here](https://a.example/).",
    }  # fmt: skip
    for chinese, english in said.items():
        assert chinese in text
        text = text.replace(chinese, english)
    shell.write("en.md", text.replace("It bloomed!", " It bloomed!"))
    shell("translate", "-e", "none")


def test_the_installed_command_is_the_module(shell):
    command = shutil.which("duizhao", path=f"{shell.environment['PATH']}:{sys.prefix}/bin")
    done = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == shell("--version")
    assert done.stdout.startswith("duizhao 0.")


# ── init ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_init_writes_what_the_other_commands_read(shell):
    out = shell("init", "new")
    assert "wrote new/duizhao.yaml\nwrote new/glossary/terms.yaml\n" in out
    before = shell.read("new/duizhao.yaml")
    assert "left as it is" in shell("init", "new")
    assert shell.read("new/duizhao.yaml") == before
    shell.write("new/zh.md", POST)
    shell("translate", "new", "-e", "echo")
    assert shell.read("new/en.md") == POST
    taught = "\n".join(line[2:] for line in shell.read("new/glossary/terms.yaml").splitlines()[3:-1])
    for exclusive in ("keep: true  ", "only: [heading, code]  "):
        taught = taught.replace(exclusive, "# ")
    shell.write("new/glossary/terms.yaml", "terms:\n" + taught)
    assert "Mu Li" in shell("glossary", "find", "沐神", "-g", "new/glossary/terms.yaml")


def test_init_in_this_folder(shell):
    assert "glossary/terms.yaml is there already" in shell("init")
    assert shell.read("glossary/terms.yaml") == TERMS


# ── translate ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("arguments", [["zh.md"], ["."], [], ["./zh.md", "zh.md"]])
def test_translate_a_file_a_folder_or_the_project(shell, arguments):
    out = shell("translate", *arguments, "--engine", "echo")
    assert "zh.md → en.md\n" in out.replace(str(shell.root) + "/", "").replace("./", "")
    assert "6 segments: 6 drafted by echo" in out
    assert shell.read("en.md") == POST
    assert "(unchanged)" in shell("translate", *arguments, "--engine", "echo")


def test_translate_with_no_engine_leaves_it_to_a_person(shell):
    out = shell("translate", "zh.md", "-e", "none")
    assert "6 untranslated" in out
    assert "next: read it beside the Chinese with `duizhao review" in out


def test_translate_standard_input(shell):
    assert shell("translate", "-", "-e", "echo", stdin=POST.encode()) == POST
    assert shell("translate", "-", "-e", "echo", stdin=b"") == ""
    assert not (shell.root / "en.po").exists()


def test_translate_to_standard_output_or_another_file_keeps_no_record(shell):
    assert shell("translate", "zh.md", "-e", "echo", "--output", "-") == POST
    assert shell.err == ""
    shell("translate", "zh.md", "-e", "echo", "-o", "other/out.md")
    assert shell.read("other/out.md") == POST
    assert "zh.md → other/out.md: 6 segments" in shell.err
    assert not (shell.root / "en.po").exists()


def test_dry_run_writes_nothing(shell):
    out = shell("translate", "--dry-run", "-e", "builtin")
    assert "6 of 6 segments would be drafted, 6 of them by builtin" in out
    assert "nothing was written" in out
    assert sorted(path.name for path in shell.root.iterdir() if path.name[0] != ".") == [
        "gitconfig",
        "glossary",
        "zh.md",
    ]


def test_the_model_that_ships_obeys_the_glossary(shell):
    out = shell("translate", "zh.md", "-e", "builtin")
    assert "6 drafted by builtin" in out
    assert "garden" in shell.read("en.md").lower()
    assert "https://a.example/" in shell.read("en.md")


# ── check, approve, publish ───────────────────────────────────────────────────────────────────────────────────────────


def test_check_says_where_and_ends_with_1(shell):
    shell("translate", "-e", "none")
    before = shell.read("en.po")
    out = shell("check", code=1)
    assert "zh.md:7: error untranslated: nothing is said in English yet" in out
    rows = json.loads(shell("check", "--json", code=1))
    assert {row["check"] for row in rows} == {"untranslated"}
    assert set(rows[0]) >= {"post", "line", "key", "state", "check", "level", "message", "source", "target"}
    assert shell.read("en.po") == before


def test_check_ends_with_0_where_nothing_is_wrong(shell):
    by_hand(shell)
    assert ", 0 errors, 0 warnings" in shell("check")
    assert json.loads(shell("check", "--json")) == []
    shell.write("en.md", shell.read("en.md").replace("to the garden", "to the park"))
    assert "花园 must be “garden”" in shell("check", code=1)


def test_approve_by_key_prefix_and_undo(shell):
    shell("translate", "-e", "echo")
    keys = {entry.source: entry.key for entry in entries(shell).values()}
    assert "2 segments approved; 2 of 6" in shell("approve", "zh.md", keys[FLOWERS], keys["第一章"][:6])
    assert entries(shell)[FLOWERS].by == "Seed"
    assert "1 segment taken back; 1 of 6" in shell("approve", "zh.md", keys[FLOWERS], "--undo")
    assert "5 segments approved; 6 of 6" in shell("approve", "zh.md", "--all")
    assert "6 segments taken back; 0 of 6" in shell("approve", "zh.md", "--all", "--undo")


def test_approve_clean_says_what_is_left(shell):
    shell("translate", "-e", "echo")
    out = shell("approve", "zh.md", "--clean")
    assert "0 segments approved; 0 of 6" in out
    assert "the others have findings: duizhao check zh.md" in out


def test_a_conflict_is_shown_and_decided(shell):
    by_hand(shell)
    shell.write("en.md", shell.read("en.md").replace("to the garden", "into the garden"))
    shell.write("en.po", shell.read("en.po").replace("to the garden", "towards the garden"))
    assert "1 in conflict" in shell("translate", "-e", "none")
    out = shell("status")
    assert "en.po: We went towards the garden." in out
    assert "en.md: We went into the garden." in out
    assert "in conflict" in shell.fails("publish")
    shell("approve", "zh.md", entries(shell)[FLOWERS].key, "--take", "record")
    assert "We went towards the garden." in shell.read("en.md")


def test_publish(shell):
    shell("translate", "-e", "none")
    assert "6 of 6 segments are untranslated, the first on line 2" in shell.fails("publish")
    assert "zh.md → " in shell("publish", "--allow-untranslated")
    by_hand(shell)
    assert ": reviewed" in shell("publish")
    assert "translation: reviewed" in shell.read("en.md")


# ── looking ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_status(shell):
    out = shell("status")
    assert "zh.md" in out
    (row,) = json.loads(shell("status", "--json"))
    assert (row["segments"], row["untranslated"], row["approved"]) == (6, 6, 0)
    by_hand(shell)
    (row,) = json.loads(shell("status", "zh.md", "--json"))
    assert (row["untranslated"], row["approved"]) == (0, 6)


def test_status_lists_the_least_sure_drafts_with_their_lines(shell):
    shell("translate", "-e", "builtin")
    known = sorted(entry.score for entry in entries(shell).values() if entry.score is not None)
    out = shell("status", "--least-sure", "2")
    assert re.findall(r"zh\.md:\d+  (\d+) % sure", out) == [f"{100 * score:.0f}" for score in known[:2]]
    (row,) = json.loads(shell("status", "--least-sure", "2", "--json"))
    assert [one["score"] for one in row["least_sure"]] == known[:2]
    assert "sure" not in shell("status")


def test_segments(shell):
    shell("translate", "-e", "echo")
    out = shell("segments", "zh.md")
    rows = json.loads(shell("segments", "zh.md", "--json"))
    assert [row["source"] for row in rows] == list(entries(shell))
    assert all(row["key"] in out and row["source"] in out for row in rows)
    assert rows[2]["terms"] == ["花园 → garden"]


def test_engines(shell):
    out = shell("engines")
    rows = json.loads(shell("engines", "--json"))
    assert {row["name"] for row in rows} >= {"builtin", "echo", "none"}
    assert [row["name"] for row in rows if row["auto"]] == ["builtin"]
    assert all(row["name"] in out and row["what"] in out for row in rows)


def test_glossary_list_and_find(shell):
    assert "glossary/terms.yaml:2" in shell("glossary", "list")
    (row,) = json.loads(shell("glossary", "list", "--json"))
    assert (row["term"], row["translation"], row["line"]) == ("花园", "garden", 2)
    rows = json.loads(shell("glossary", "find", "zh.md", "--json"))
    assert [(row["line"], row["english"]) for row in rows] == [(2, "garden"), (7, "garden")]
    assert "garden" in shell("glossary", "find", "看花园")
    assert json.loads(shell("glossary", "find", "-", "--json", stdin="一\n花园".encode()))[0]["line"] == 2
    assert json.loads(shell("glossary", "find", "没有", "--json")) == []
    shell.write("glossary/terms.yaml", "terms: []\n")
    assert "there are no terms yet" in shell("glossary", "list")


def test_review(shell):
    shell("translate", "-e", "echo")
    assert "zh.md → out/review.html: open it" in shell("review", "zh.md", "--html", "out/review.html")
    page = shell.read("out/review.html")
    assert FLOWERS in page
    assert page.lstrip().lower().startswith("<!doctype html>")
