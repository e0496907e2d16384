"""`duizhao engines`: the list, one engine, and a model fetched from a server on this machine."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from translator.engines import ENGINES
from translator.text import width

sys.path.append(str(Path(__file__).parent.parent / "engines"))
from records_server import Records

NAMED = """\
engines:
  深度求索: {engine: openai, base_url: "https://api.example/v1", model: deepseek-chat, key_env: DEEPSEEK_KEY}
  firefox: {placeholders: "X{}"}
engine: [深度求索, auto]
"""


def test_the_list_says_what_each_is_and_lacks(shell):
    out = shell("engines")
    lines = out.splitlines()
    table, below = lines[: len(ENGINES) + 1], lines[len(ENGINES) + 2 :]
    assert [line.split()[0] for line in table] == ["engine", *ENGINES]
    assert "auto takes builtin" in below
    assert re.search(r"^firefox +not ready +holes +placeholders", out, re.MULTILINE)
    assert re.search(r"^builtin +ready +hints +tags", out, re.MULTILINE)
    assert re.search(r"^deepl +\w+ ?\w* +glossary +tags +yes +characters", out, re.MULTILINE)
    assert "firefox: its model is not here yet: duizhao engines fetch firefox" in out
    lacking = [line.split(":")[0] for line in below if ": " in line][:-1]
    assert lacking == [line.split()[0] for line in table if " not ready " in line]


def test_names_of_the_project_are_listed_in_straight_columns(shell):
    shell.write("duizhao.yaml", NAMED)
    lines = shell("engines").splitlines()
    (row,) = [line for line in lines if line.startswith("深度求索 ")]
    head = lines[0]
    for word, said in (("terms", "hints"), ("marks", "tags"), ("context", "yes"), ("paid by", "tokens")):
        assert width(row[: row.index(said)]) == width(head[: head.index(word)])
    assert "openai, as this project names it" in row
    assert "this project drafts with 深度求索, then auto" in lines
    assert any(line.startswith("深度求索: ") and "DEEPSEEK_KEY" in line for line in lines)


def test_json_says_the_same(shell):
    shell.write("duizhao.yaml", NAMED)
    rows = {row["name"]: row for row in json.loads(shell("engines", "--json"))}
    assert list(rows) == [*ENGINES, "深度求索"]
    assert [name for name, row in rows.items() if row["auto"]] == ["builtin"]
    assert rows["深度求索"]["engine"] == "openai"
    assert not rows["深度求索"]["ready"]
    assert rows["builtin"] | {"what": ""} == {
        "name": "builtin",
        "engine": "builtin",
        "what": "",
        "ready": True,
        "missing": "",
        "auto": True,
        "terms": "hints",
        "marks": "tags",
        "context": False,
        "batch": 96,
        "price": "",
        "remote": False,
        "drafts": True,
    }


@pytest.mark.parametrize("name", ENGINES)
def test_one_engine_is_told_whole(shell, name):
    out = shell("engines", name)
    assert out.startswith(f"{name}: {ENGINES[name].what}")
    for setting in ENGINES[name].settings:
        assert re.search(rf"^{setting.name} .*{re.escape(setting.doc)}", out, re.MULTILINE)
        assert setting.default in out
    assert all(variable in out for variable in ENGINES[name].keys)


def test_one_engine_as_json(shell):
    told = json.loads(shell("engines", "show", "deepl", "--json"))
    assert told == json.loads(shell("engines", "--json", "deepl"))
    assert [each["name"] for each in told["settings"]] == [each.name for each in ENGINES["deepl"].settings]
    assert told["keys"] == ["DEEPL_API_KEY", "DEEPL_AUTH_KEY"]


def test_a_name_of_the_project_is_told_without_its_secrets(shell):
    shell.write("duizhao.yaml", NAMED.replace("https://", "https://me:hunter2@"))
    shell.environment["DEEPSEEK_KEY"] = "sk-canary"
    for out in (shell("engines", "深度求索"), shell("engines", "深度求索", "--json"), shell("engines")):
        assert "hunter2" not in out
        assert "sk-canary" not in out
    out = shell("engines", "深度求索")
    assert "it is openai, as this project names it" in out
    assert "its key comes from DEEPSEEK_KEY in the environment, or the system's keyring; DEEPSEEK_KEY is set" in out
    assert re.search(r"^model +deepseek-chat", out, re.MULTILINE)
    assert re.search(r"^placeholders +X\{\} .*\(by default auto\)", shell("engines", "firefox"), re.MULTILINE)


def test_what_is_wrong_is_one_line(shell):
    assert "did you mean firefox?" in shell.fails("engines", "firefux")
    assert "no model nosuch is known" in shell.fails("engines", "fetch", "nosuch")
    shell.write("duizhao.yaml", "engines: {mine: {engine: opnai}}\n")
    assert re.search("^mine: there is no engine opnai; did you mean openai", shell("engines"), re.MULTILINE)
    assert "there is no engine opnai" in shell("engines", "mine")


def test_a_model_is_fetched_and_used(shell):
    with Records() as server:
        shell.environment["FXTRANSLATE_RECORDS_URL"] = server.records_url
        out = shell("engines", "fetch", "firefox")
        assert re.match(r"fetched firefox in .* s: [\d.]+ MB in .*/duizhao/engines/firefox\n", out)
        assert shell.err == "trying firefox\n"
        assert "is there already, the same" in shell("engines", "fetch", "firefox")
    assert "firefox cannot" not in shell("engines")
    assert "auto takes firefox" in shell.out
    assert "cannot be reached" in shell.fails("engines", "fetch", "firefox")
    out = shell("translate", "zh.md")
    assert "flowers" in shell.read("en.md")


def test_a_model_of_ones_own(shell):
    shell.write("opus/model.bin", b"weights")
    out = shell("engines", "fetch", "opus", "--from", "opus")
    assert "`engines: {opus: {engine: ctranslate2, model: opus}}`" in out
    assert "nobody's hash was there" in shell.err
    assert "takes the 64 hexadecimal digits" in shell.fails("engines", "fetch", "a", "--from", "opus", "--sha256", "1")


def test_progress_is_for_a_terminal(shell):
    pty = pytest.importorskip("pty")
    with Records() as server:
        environment = shell.environment | {"FXTRANSLATE_RECORDS_URL": server.records_url, "COLUMNS": "70"}
        ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "translator", "engines", "fetch", "firefox"]
        run = subprocess.Popen(command, env=environment, cwd=shell.root, stdout=subprocess.PIPE, stderr=theirs)
        os.close(theirs)
        said = b""
        while True:
            try:
                chunk = os.read(ours, 4096)
            except OSError:  # the other end is closed
                break
            if not chunk:
                break
            said += chunk
        run.communicate()
        os.close(ours)
    assert run.returncode == 0
    lines = [line.rstrip() for line in re.split(r"[\r\n]+", said.decode())]
    assert any(
        re.fullmatch(r"  model\.zhen\.intgemm\.alphas\.bin: 0\.\d of 0\.\d MB, [\d.]+ MB/s", line) for line in lines
    )
    assert max(map(len, lines)) < 80
