"""What a run will take is said before, what it took after, and a limit is never passed: by the real command."""

import json
import os
import re
import subprocess
import sys

import pytest
from openai_server import ENV, MODEL, OpenAIServer

POST = """---
title: 春天的花园
---

# 第一章

我们去花园看花。花开得很好！

> 引用里的**一句**话。
"""


class Shell:
    """A project whose engine is a server on this machine, and the command in it."""

    def __init__(self, root, server, **settings):
        self.root, self.server = root, server
        own = {"base_url": f"{server.url}/v1", "model": MODEL, **settings}
        lines = "".join(f"    {name}: {value}\n" for name, value in own.items())
        self.settings = f"engines:\n  openai:\n{lines}"
        (root / "duizhao.yaml").write_text(f"engine: openai\n{self.settings}")
        (root / "zh.md").write_text(POST)

    def run(self, *arguments, code=0):
        done = subprocess.run(
            [sys.executable, "-m", "translator", *arguments],
            cwd=self.root,
            env={**os.environ, **ENV, "XDG_CACHE_HOME": str(self.root / ".cache"), "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout, done.stderr


@pytest.fixture
def server():
    with OpenAIServer() as running:
        yield running


@pytest.fixture
def shell(tmp_path, server):
    return Shell(tmp_path, server, price_in="1.5", price_out="6")


def test_before_during_and_after(shell):
    out, _ = shell.run("translate", "--dry-run")
    expected = re.search(r"about (\d+) requests?, ([\d,]+) tokens in and ([\d,]+) out, \$(\d+\.\d+)", out)
    assert expected
    assert "nothing was written" in out
    assert "5 of 5 segments would be drafted, 5 of them by openai, 4 blocks, " in out
    assert not shell.server.requests
    out, err = shell.run("translate")
    assert expected[0] in err
    taken = re.search(r"receipt: (\d+) requests? in .*, ([\d,]+) tokens in.* and ([\d,]+) out, \$(\d+\.\d+)", out)
    assert taken[1] == expected[1] == str(len(shell.server.requests))
    assert 0.5 < float(taken[4]) / float(expected[4]) < 2


def test_a_receipt_adds_up(shell):
    out, _ = shell.run("translate", "--json")
    said = json.loads(out)
    receipt, (post,) = said["receipt"], said["posts"]
    assert receipt["requests"] == len(shell.server.requests)
    held = receipt["tokens_held"]
    assert receipt["cost"] == pytest.approx(
        ((receipt["tokens_in"] - held) * 1.5 + held * 1.5 + receipt["tokens_out"] * 6) / 1e6
    )
    assert post["by"] == {"openai": post["drafted"]}
    assert (post["states"], post["changed"]) == ({"draft": 5}, True)


def test_a_second_run_costs_nothing(shell):
    shell.run("translate")
    asked = len(shell.server.requests)
    out, err = shell.run("translate", "--force", "--max-cost", "0")
    assert len(shell.server.requests) == asked
    assert "receipt: 0 requests" in out
    assert "answers kept from before" in out
    assert "expected" not in err


def test_what_costs_too_much_is_not_begun(shell):
    _, err = shell.run("translate", "--max-cost", "0.000001", code=2)
    assert re.search(r"would cost about \$0\.\d+, more than --max-cost 1e-06; nothing was asked", err)
    assert not shell.server.requests
    assert not (shell.root / "en.md").exists()


def test_without_a_price_a_limit_means_nothing_and_that_is_said(tmp_path, server):
    shell = Shell(tmp_path, server)
    _, err = shell.run("translate", "--max-cost", "1", code=2)
    assert "no price is known" in err
    assert "engines: openai:" in err
    assert not server.requests


def test_the_prompt_is_shown_and_nobody_asked(shell):
    out, err = shell.run("translate", "--show-prompt")
    assert '"zh": "引用里的<t1>一句</t1>话。"' in out
    assert "5 sentences to ask openai for" in err
    assert not shell.server.requests
    _, err = shell.run("translate", "--show-prompt", "-e", "builtin", code=2)
    assert "builtin is asked without a prompt" in err


def test_what_is_down_is_taken_over_and_said(shell):
    (shell.root / "duizhao.yaml").write_text(f"engine: [openai, builtin]\n{shell.settings}")
    shell.server.always = "401"
    out, err = shell.run("translate")
    assert re.search(r"openai cannot go on: .*builtin takes over", err)
    assert "5 drafted by builtin" in out
    record = (shell.root / "en.po").read_text()
    assert "machine draft by builtin" in record
    assert "openai" not in record


def test_standard_input_has_its_receipt_on_standard_error(shell):
    out, err = shell.run("translate", "zh.md", "-o", "-")
    assert "receipt" not in out
    assert "receipt: 1 request" in err
