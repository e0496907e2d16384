"""The contract: whatever stands on the other side of an engine does, the laws of a post hold.

What is expected is `contract.tsv`; `contract.py` measures it and tells what the laws are.
"""

import json
import os
import signal
import subprocess
import sys
import time

import contract
import pytest
import yaml
from openai_server import ENV, OpenAIServer, settings

from translator.engines import ENGINES
from translator.formats import load
from translator.model import State

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""Vendors' libraries leave their sockets to the collector, and engines live as long as the process."""

QUICK = {"401", "429", "cut", "echoed", "marks lost", "refusal", "one missing", "dies", "garbage"}
"""Faults that are tried every time; all of them by `make test-long`."""
TABLE = contract.table()
CASES = [
    pytest.param(row, marks=() if row.fault in QUICK and row.when == "once" else pytest.mark.long, id=" ".join(row[:3]))
    for row in TABLE
]
LOCAL = [name for name, row in ENGINES.items() if row.abilities.drafts and not contract.faults_of(name)]


def test_the_table_has_every_engine_and_every_fault():
    wanted = {(name, fault, when) for name in ENGINES for fault in contract.faults_of(name) for when in contract.WHEN}
    assert {row[:3] for row in TABLE} == wanted
    assert {row.outcome for row in TABLE} <= {"recovered", "said", "stopped", "unseen"}


@pytest.mark.parametrize("row", CASES)
def test_whatever_goes_wrong_the_laws_hold(row, tmp_path):
    ran, _, broken = contract.case(row.engine, row.fault, row.when, tmp_path)
    assert not broken
    assert (ran.outcome, ran.requests <= row.most) == (row.outcome, True), (ran.error, ran.requests)
    assert ran.seconds < 20


@pytest.mark.parametrize("name", LOCAL)
def test_engines_that_run_here_keep_the_laws(name, tmp_path):
    first, second, broken = contract.case(name, "", "", tmp_path)
    assert not broken
    assert not first.error
    assert len(first.entries) == len(second.entries) > 5


def test_echo_gives_the_bytes_back_and_none_leaves_all_to_a_person(tmp_path):
    contract.case("echo", "", "", tmp_path / "echo")
    assert (tmp_path / "echo" / "site" / "en.md").read_text() == contract.POST
    first, _, _ = contract.case("none", "", "", tmp_path / "none")
    assert {entry.state for entry in first.entries} == {State.UNTRANSLATED}


# ── Stopped by the user, and killed ───────────────────────────────────────────────────────────────────────────────────

SENTENCE = "第{}段讲的是**梯度下降**，细节可以参见[这篇文档](https://docs.example/fit)里的`fit()`函数。"
PARAGRAPHS = 24
CONCURRENCY = 4


@pytest.fixture
def slow(tmp_path):
    """Give a server that takes its time, and a project of one long post."""
    with OpenAIServer(delay=0.3) as server:
        (tmp_path / "zh.md").write_text("\n\n".join(SENTENCE.format(n) for n in range(PARAGRAPHS)) + "\n")
        own = settings(server) | {"batch_tokens": "60", "concurrency": str(CONCURRENCY)}
        (tmp_path / "duizhao.yaml").write_text(yaml.safe_dump({"engine": "openai", "engines": {"openai": own}}))
        yield server, tmp_path


def begin(folder, **more):
    command = [sys.executable, "-m", "translator", "translate", "zh.md", "--json"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, cwd=folder, env=os.environ | ENV | more, **pipes)


def until_asked(server, times):
    until = time.monotonic() + 60
    while len(server.requests) < times:
        assert time.monotonic() < until
        time.sleep(0.01)


def finish(folder):
    run = begin(folder)
    said, told = run.communicate(timeout=120)
    assert run.returncode == 0, told
    return json.loads(said)


def needed(tmp_path):
    """Count the requests of a run that nobody disturbs."""
    with OpenAIServer() as server:
        other = tmp_path / "undisturbed"
        other.mkdir()
        (other / "zh.md").write_text((tmp_path / "zh.md").read_text())
        text = yaml.safe_load((tmp_path / "duizhao.yaml").read_text())
        text["engines"]["openai"]["base_url"] = f"{server.url}/v1"
        (other / "duizhao.yaml").write_text(yaml.safe_dump(text))
        finish(other)
        return len(server.requests)


@pytest.mark.long
def test_control_c_ends_it_at_once_and_keeps_what_is_done(slow):
    server, folder = slow
    run = begin(folder)
    until_asked(server, 10)
    begun = time.monotonic()
    run.send_signal(signal.SIGINT)
    _, told = run.communicate(timeout=20)
    seconds, before = time.monotonic() - begun, len(server.requests)
    record = folder / "en.po"
    done = sum(bool(entry.target) for entry in load(record.read_text(), record).entries)
    server.delay = 0.0
    finish(folder)
    total, alone = len(server.requests), needed(folder)
    print(f"Ctrl-C after {before} requests: ended in {seconds:.2f} s with {run.returncode}, {done} segments kept")
    print(f"  then {total} requests in all, {alone} needed")
    assert run.returncode == 130
    assert seconds < 2
    assert "Traceback" not in told
    assert done > 0
    assert total <= alone + CONCURRENCY


@pytest.mark.long
def test_killed_it_pays_for_nothing_twice(slow):
    server, folder = slow
    run = begin(folder)
    until_asked(server, 14)
    run.kill()
    run.communicate(timeout=20)
    time.sleep(0.5)
    before = len(server.requests)
    assert not (folder / "en.md").exists()
    server.delay = 0.0
    report = finish(folder)
    total, alone = len(server.requests), needed(folder)
    kept = report["receipt"]["answers_kept"]
    print(f"kill -9 after {before} requests: {total} in all, {alone} needed, {kept} answers kept")
    assert total <= alone + CONCURRENCY
    assert kept > 0
    assert report["posts"][0]["states"] == {"draft": PARAGRAPHS}


# ── The program of the engine `command` ───────────────────────────────────────────────────────────────────────────────


def alive(number):
    """Whether a process runs, or is a zombie."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.long
@pytest.mark.parametrize("fault", ["", "silent", "closes its output", "dies"])
def test_no_program_is_left(fault, tmp_path):
    program = [sys.executable, contract.command_program.__file__, str(tmp_path)]
    own = {"command": " ".join(program), "timeout": "0.5"}
    (tmp_path / "zh.md").write_text(contract.POST)
    (tmp_path / "duizhao.yaml").write_text(yaml.safe_dump({"engine": "command", "engines": {"command": own}}))
    (tmp_path / "always").write_text(fault)
    run = begin(tmp_path)
    run.communicate(timeout=60)
    assert run.returncode == (2 if fault else 0)
    started = [int(line) for line in (tmp_path / "started").read_text().split()]
    assert len(started) == (3 if fault else 1)
    assert not any(alive(each) for each in started)


def test_control_c_ends_the_program_too(tmp_path):
    program = [sys.executable, contract.command_program.__file__, str(tmp_path)]
    (tmp_path / "zh.md").write_text(contract.POST)
    own = {"command": {"command": " ".join(program)}}
    (tmp_path / "duizhao.yaml").write_text(yaml.safe_dump({"engine": "command", "engines": own}))
    (tmp_path / "always").write_text("silent")
    run = begin(tmp_path)
    until = time.monotonic() + 30
    while not (tmp_path / "asked").exists() and time.monotonic() < until:
        time.sleep(0.02)
    begun = time.monotonic()
    run.send_signal(signal.SIGINT)
    run.communicate(timeout=20)
    assert run.returncode == 130
    assert time.monotonic() - begun < 3
    assert not alive(int((tmp_path / "started").read_text()))
