"""`duizhao evaluate` and `duizhao compare`, as they are called."""

import json
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parents[1] / "engines" / "command_program.py"
ROWS = """id\tzh\ten
a\t我们去花园看花。\tWe go to the garden.
b\t他不在家。\tHe is not at home.
c\t今天下雨。\tIt rains.
"""


@pytest.fixture
def paid(shell):
    """A project with an engine that another program is: its answers are kept."""
    folder = shell.root.parent / "program"
    folder.mkdir()
    command = json.dumps(f"{sys.executable} {PROGRAM} {folder}")
    shell.write("duizhao.yaml", f"engines:\n  command: {{command: {command}, timeout: '5'}}\n")
    shell.write("rows.tsv", ROWS)
    shell.folder = folder
    return shell


def asked(shell):
    path = shell.folder / "asked"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def told(shell):
    return json.dumps(asked(shell), ensure_ascii=False)


def test_rows_are_measured_and_a_second_run_asks_nobody(paid):
    first = json.loads(paid("evaluate", "rows.tsv", "-e", "command", "--json"))
    (one,) = first["engines"]
    assert (first["sentences"], one["refused"], one["terms"]["mentions"], one["terms"]["obeyed"]) == (3, 0, 1, 1)
    assert [segment["name"] for segment in first["segments"]] == ["a", "b", "c"]
    assert "garden" in first["segments"][0]["targets"]["command"]
    assert one["characters_per_second"] > 0
    count = len(asked(paid))
    assert count == 3
    (again,) = json.loads(paid("evaluate", "rows.tsv", "-e", "command", "--json"))["engines"]
    assert len(asked(paid)) == count
    assert (again["receipt"]["requests"], again["receipt"]["answers_kept"]) == (0, 3)
    assert again["characters_per_second"] is None
    assert (again["bleu"], again["chrf2"]) == (one["bleu"], one["chrf2"])


def test_it_is_told_in_a_table(paid):
    out = paid("evaluate", "rows.tsv", "-e", "command", "-e", "echo")
    assert out.startswith("3 rows of rows.tsv, ")
    assert "1 mention of terms" in out
    assert "with 3 sentences the figures are rough" in out
    for name in ("command  ", "echo  ", "BLEU: nrefs:1|bs:1000|seed:12345|", "chrF2: nrefs:1|", "command: receipt: "):
        assert f"\n{name}" in out
    assert "(p 0." in out
    assert "the difference to command is by chance" in out


def test_what_is_refused_is_said(paid):
    (paid.folder / "always").write_text("says an error")
    out = paid("evaluate", "rows.tsv", "-e", "command")
    assert "command: 3 of 3 refused, counted as empty: 3 × " in out
    assert "this sentence is not for me" in out


def test_an_engine_that_dies_does_not_take_the_others_along(paid):
    (paid.folder / "always").write_text("complains and dies")
    paid("evaluate", "rows.tsv", "-e", "command", "-e", "echo", code=2)
    assert "\necho  " in paid.out
    assert "duizhao: 1 of 2 engines could not be measured" in paid.err
    assert "no memory left" in paid.err


def test_fewer_are_drawn_by_chance_and_the_same_again(paid):
    some = [json.loads(paid("evaluate", "rows.tsv", "-e", "echo", "--json", "--limit", "2")) for _ in range(2)]
    assert some[0]["sentences"] == 2
    assert [one["name"] for one in some[0]["segments"]] == [one["name"] for one in some[1]["segments"]]
    assert "2 rows of rows.tsv, drawn by chance" in paid("evaluate", "rows.tsv", "-e", "echo", "--limit", "2")


def test_without_the_glossary(paid):
    paid("evaluate", "rows.tsv", "-e", "command", "--no-glossary")
    assert not any(question["terms"] for question in asked(paid))
    paid("evaluate", "rows.tsv", "-e", "command")
    assert any(question["terms"] for question in asked(paid))


def test_approved_segments_are_asked_for_as_if_never_translated(paid):
    paid("translate", "zh.md", "-e", "command")
    english = paid.read("en.md")
    planted = "Heliotropes whisper to the zeppelin."
    last = english.strip().splitlines()[-1]
    paid.write("en.md", english.replace(last, planted))
    paid("translate", "zh.md", "-e", "none")
    paid("approve", "zh.md", "--all")
    paid.write("more.md", "# 另一篇\n\n最后一段话，在[这里](https://b.example/)。\n")
    (paid.folder / "asked").unlink()
    paid("cache", "clear")  # the same questions were answered already
    out = paid("evaluate", "zh.md", "-e", "command")
    assert "approved segments" in out
    assert "references are its own drafts, approved as they were" in out
    assert len(asked(paid)) >= 3
    assert planted not in told(paid)
    before = (paid.read("en.md"), paid.read("en.po"))
    paid("translate", "more.md", "-e", "command")
    assert planted in told(paid), "another post may learn from it"
    assert before == (paid.read("en.md"), paid.read("en.po"))


def test_without_anything_approved_it_says_what_to_do(paid):
    assert "no segment of 1 post is approved yet" in paid.fails("evaluate", "-e", "echo")


REFUSED = [
    (["missing.tsv", "-e", "echo"], "missing.tsv: there is no such file"),
    (["bad.tsv", "-e", "echo"], "bad.tsv:2: expected Chinese, a tab"),
    (["rows.tsv", "zh.md", "-e", "echo"], "name one file of rows, or posts"),
    (["rows.tsv", "-e", "ehco"], "did you mean echo?"),
]


@pytest.mark.parametrize(("arguments", "says"), REFUSED)
def test_what_is_wrong_is_said_in_a_line(paid, arguments, says):
    paid.write("bad.tsv", "一\tOne\n二\n")
    assert says in paid.fails("evaluate", *arguments)


def test_without_sacrebleu_it_says_how_to_get_it_before_anything_is_asked(paid):
    paid.write("shadow/sacrebleu/__init__.py", "raise ImportError('not here')\n")
    paid("evaluate", "rows.tsv", "-e", "command", code=2, env={"PYTHONPATH": str(paid.root / "shadow")})
    assert "pip install 'duizhao[evaluate]'" in paid.err
    assert asked(paid) == []


# ── compare ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_engines_are_compared_on_a_page_and_nothing_else_is_written(paid):
    there = {path: path.read_bytes() for path in paid.root.rglob("*") if path.is_file()}
    out = paid("compare", "zh.md", "-e", "command", "-e", "echo")
    assert "\ncommand  100.0 % (" in out
    assert "\necho  " in out
    page = paid.root / out.strip().splitlines()[-1].rpartition(": ")[2]
    assert page.parent.name == ".duizhao"
    assert "我们去" in page.read_text(encoding="utf-8")
    assert {path: path.read_bytes() for path in there} == there
    assert {path.parent.name for path in paid.root.rglob("*") if path.is_file()} - {
        path.parent.name for path in there
    } == {".duizhao"}


def test_a_page_goes_where_it_is_told_and_json_is_told_too(paid):
    out = json.loads(paid("compare", "zh.md", "-e", "command", "-o", "out/page.html", "--json"))
    assert (paid.root / "out" / "page.html").exists()
    (one,) = out["engines"]
    assert one["name"] == "command"
    assert one["receipt"]["requests"] == len(asked(paid)) > 3
    assert {"source", "target", "findings"} <= one["segments"][0].keys()
    paid("compare", "zh.md", "-e", "command", "--json")
    assert one["receipt"]["requests"] == len(asked(paid))


def test_one_that_dies_stands_on_the_page_and_the_command_says_so(paid):
    (paid.folder / "always").write_text("complains and dies")
    paid("compare", "zh.md", "-e", "echo", "-e", "command", code=2)
    assert "1 of 2 engines could not go on" in paid.err
    page = paid.root / paid.out.strip().splitlines()[-1].rpartition(": ")[2]
    assert "could not go on" in page.read_text(encoding="utf-8")


def test_there_must_be_a_post(paid):
    assert "there is no such file" in paid.fails("compare", "nix.md", "-e", "echo")
