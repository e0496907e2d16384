"""`duizhao glossary enforce` and `report`: what they say, what they end with, what they leave alone."""

import json

import polib
import pytest

TERMS = """terms:
  - {term: 沐神, translation: Mu Li, forbidden: [Bath God], kind: person}
  - {term: mxnet, translation: MXNet, kind: project}
  - {term: 参数, translation: parameter}
"""
SOURCE = "# 沐神\n\n沐神用mxnet。沐神很忙，他说参数很多。\n\n`mxnet`\n"
TARGET = "# Bath God\n\nBath God uses mxnet. He is busy and says there are many arguments.\n\n`mxnet`\n"
RIGHT = "# Mu Li\n\nMu Li uses MXNet. He is busy and says there are many parameters.\n\n`mxnet`\n"


@pytest.fixture
def texts(shell):
    shell.write("terms.yaml", TERMS)
    shell.write("a.zh.md", SOURCE)
    shell.write("a.en.md", TARGET)
    return ("glossary", "enforce", "-s", "a.zh.md", "-t", "a.en.md", "-g", "terms.yaml")


def test_it_says_what_is_wrong_and_where(shell, texts):
    out = shell(*texts, code=1)
    assert "a.en.md:3:1: wrong: “Bath God” stands for 沐神 (forbidden); say “Mu Li”" in out
    assert "a.en.md:3:15: wrong: “mxnet” stands for mxnet (forbidden); say “MXNet”" in out
    assert "    a.zh.md:3:4: 沐神用mxnet。" in out
    assert "a.en.md:3:57: wrong: “arguments” stands for 参数 (lexicon: phrase); say “parameter”" in out
    assert "5 mentions: 4 wrong, 1 missing" in out
    assert "obeyed: 0.0 % strict" in out
    assert "4 renderings can be put right: --fix; --diff shows how" in out
    assert shell.read("a.en.md") == TARGET


def test_it_shows_what_it_would_do(shell, texts):
    out = shell(*texts, "--diff", code=1)
    assert "-# Bath God\n+# Mu Li\n" in out
    assert shell.read("a.en.md") == TARGET


def test_it_puts_right_what_is_sure(shell, texts):
    out = shell(*texts, "--fix")
    assert "4 renderings put right in a.en.md" in out
    assert shell.read("a.en.md") == RIGHT
    assert shell.read("a.zh.md") == SOURCE
    out = shell(*texts)
    assert "5 mentions: 4 obeyed, 1 implied" in out
    assert "沐神 is not said again here, “Mu Li” is understood" in out


def test_json(shell, texts):
    said = json.loads(shell(*texts, "--json", code=1))
    assert [one["became"] for one in said["mentions"]] == ["wrong", "wrong", "wrong", "missing", "wrong"]
    assert said["mentions"][1] == {
        "term": "沐神",
        "surface": "沐神",
        "wanted": "Mu Li",
        "became": "wrong",
        "proof": "forbidden",
        "source": "3:1",
        "target": "3:1",
        "stands": "Bath God",
    }
    assert (said["strict"], said["counts"]["wrong"], said["repairs"], said["fixed"]) == (0.0, 4, 4, False)


def test_plain_text_line_by_line(shell):
    shell.write("terms.yaml", TERMS)
    shell.write("zh.txt", "沐神来了\r\n用mxnet\r\n")
    shell.write("en.txt", "Bath God came\r\nUse mxnet.\r\n")
    arguments = ("glossary", "enforce", "--source", "zh.txt", "--target", "en.txt", "--glossary", "terms.yaml")
    shell(*arguments, "--fix")
    assert shell.read("en.txt") == "Mu Li came\r\nUse MXNet.\r\n"
    shell.write("en.txt", "Mu Li came\r\n")
    shell(*arguments, code=2)
    assert "en.txt: the source has 2 lines and the target 1" in shell.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-s", "no.md", "-t", "a.en.md", "-g", "terms.yaml"], "no.md: there is no such file"),
        (["-s", "a.zh.md", "-t", "en.txt", "-g", "terms.yaml"], "only one of a.zh.md and en.txt is Markdown"),
        (["-s", "a.zh.md", "-t", "a.en.md", "-g", "empty.yaml"], "there is no term in the glossary"),
        (["-s", "a.zh.md", "-t", "a.en.md", "-g", "no.yaml"], "no.yaml: cannot be read"),
        (["-s", "a.zh.md", "-t", "a.en.md", "--by", "word"], "--by is `line` or `block`"),
        (["-s", "a.zh.md", "-t", "a.en.md", "--fix", "--diff"], "--fix or --diff, not both"),
        (["-s", "gbk.md", "-t", "a.en.md", "-g", "terms.yaml"], "gbk.md:1:1: "),
    ],
)
@pytest.mark.usefixtures("texts")
def test_what_cannot_be_done_is_said(shell, arguments, message):
    shell.write("empty.yaml", "terms: []\n")
    shell.write("en.txt", "x\n")
    shell.write("gbk.md", "沐神来了".encode("gb18030"))
    shell("glossary", "enforce", *arguments, code=2)
    assert message in " ".join(shell.err.split())


def test_without_a_glossary_option_the_projects_is_taken(shell, texts):
    shell.write("glossary/terms.yaml", TERMS)
    assert "4 wrong" in shell(*texts[:-2], code=1)


# ── report ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def post(shell):
    shell.write("glossary/terms.yaml", TERMS)
    shell.write("a.zh.md", SOURCE)
    shell("translate", "a.zh.md", "-e", "none")
    return "a.zh.md"


def approve_all(shell):
    """Give every segment its English, as a person would in the record."""
    said = {
        "沐神": "Mu Li",
        "沐神用mxnet。": "Mu Li uses MXNet.",
        "沐神很忙，他说参数很多。": "He is busy and says there are many arguments.",
    }
    record = polib.pofile(str(shell.root / "a.en.po"))
    for entry in record:
        entry.msgstr = said[entry.msgid]
    record.save()


def test_the_report(shell, post):
    approve_all(shell)
    out = shell("glossary", "report", "a.zh.md")
    rows = [line.split() for line in out.splitlines()]
    assert rows[0] == ["term", "mentions", "obeyed", "implied", "wrong", "missing", "strict", "public", "said", "as"]
    assert rows[1][:6] == ["参数", "1", "0", "0", "1", "0"]
    assert rows[2][:6] == ["沐神", "3", "2", "1", "0", "0"]
    assert rows[4][:6] == ["all", "5", "3", "1", "1", "0"]
    assert "Mu Li ×2" in out
    assert "a.zh.md:3: wrong: “arguments” stands for 参数" in out
    assert "5 mentions, 60.0 % obeyed (strict), 60.0 % (public), 1 implied" in out
    assert "3 segments approved" in out
    said = json.loads(shell("glossary", "report", post, "--json"))
    assert said["all"]["strict"] == 0.6
    assert said["terms"]["沐神"]["said"] == {"Mu Li": 2}
    assert [one["became"] for one in said["troubles"]] == ["implied", "wrong"]


@pytest.mark.usefixtures("post")
def test_it_can_stand_in_ci(shell):
    approve_all(shell)
    shell("glossary", "report", "a.zh.md", "--fail-under", "80")
    shell("glossary", "report", "a.zh.md", "--fail-under", "81", code=1)
    assert "80.00 % are obeyed or implied; at least 81 % are asked for" in shell.err


@pytest.mark.usefixtures("post")
def test_nothing_to_report(shell):
    assert "no post that has English mentions a term" in shell("glossary", "report", "a.zh.md")
