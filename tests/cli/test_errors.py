"""What goes wrong in the world is one clear line that ends with 2; never a traceback."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from cli_shell import POST

from translator.formats import load
from translator.model import State

if sys.platform != "win32":
    import pty


def test_a_file_that_is_not_there(shell):
    assert shell.fails("translate", "nix.md") == "duizhao: nix.md: there is no such file or folder"
    for command in ("check", "status", "publish"):
        assert "no such file" in shell.fails(command, "nix.md")
    for command in (["approve", "nix.md", "--all"], ["segments", "nix.md"], ["review", "nix.md", "--html", "x.html"]):
        assert "no such file" in shell.fails(*command)
    assert "no such file" in shell.fails("translate", "nix.md", "-o", "-")


def test_a_folder_without_posts(shell):
    (shell.root / "empty").mkdir()
    assert shell.fails("translate", "empty") == "duizhao: no Chinese post was found under empty"


def test_an_engine_that_is_not_there(shell):
    line = shell.fails("translate", "-e", "biultin")
    assert "there is no engine biultin; did you mean builtin?" in line
    shell.write("duizhao.yaml", "engine: nix\n")
    assert "there is no engine nix" in shell.fails("translate")
    assert not (shell.root / "en.po").exists()


def test_a_post_in_another_encoding(shell):
    shell.write("zh.md", POST.encode("gb18030"))
    for arguments in (["translate", "zh.md", "-e", "echo"], ["check", "zh.md"], ["translate", "zh.md", "-o", "-"]):
        shell(*arguments, code=2)
        assert "zh.md:2:8: not UTF-8: it reads as gb18030; convert it: iconv -f GB18030 -t UTF-8" in shell.err
    for arguments in (["translate", "-"], ["glossary", "find", "-"]):
        assert "standard input: this is not UTF-8" in shell.fails(*arguments, stdin=POST.encode("gb18030"))


@pytest.mark.parametrize(
    "command", [["translate", "zh.md", "-e", "echo"], ["check"], ["status"], ["segments", "zh.md"]]
)
def test_broken_front_matter(shell, command):
    shell.write("zh.md", "---\ntitle: [春天\ndate: 1\n---\n\n一句话。\n")
    shell(*command, code=2)
    assert "zh.md:" in shell.err
    assert not (shell.root / "en.md").exists()


def test_broken_settings(shell):
    shell.write("duizhao.yaml", "author: a\nengin: echo\n")
    for command in (["translate"], ["check"], ["status"], ["glossary", "list"], ["segments", "zh.md"]):
        assert "duizhao.yaml:2:1: there is no setting `engin`: did you mean `engine`?" in shell.fails(*command)


def test_a_broken_glossary(shell):
    shell.write("glossary/terms.yaml", "terms:\n  - term: 花园\n    translaton: garden\n")
    for command in (["translate", "-e", "echo"], ["check"], ["glossary", "list"], ["translate", "zh.md", "-o", "-"]):
        assert "terms.yaml:3" in shell.fails(*command)
    shell.write("duizhao.yaml", "glossary: missing.yaml\n")
    assert "missing.yaml" in shell.fails("check")


def test_a_broken_record_is_named_with_its_line_and_stays_as_it_is(shell):
    shell("translate", "-e", "echo")
    text = shell.read("en.po").replace('msgid "第一章"', "msgid 第一章", 1)
    line = text.split("\n").index("msgid 第一章") + 1
    shell.write("en.po", text)
    for command in (["translate", "-e", "echo"], ["check"], ["status"], ["approve", "zh.md", "--all"], ["publish"]):
        shell(*command, code=2)
        assert f"en.po:{line}: this is not a line of a PO file" in shell.err
    assert shell.read("en.po") == text


def test_usage(shell):
    for arguments, message in [
        (["approve", "zh.md"], "say what to approve"),
        (["approve", "zh.md", "--all", "--take", "mine"], "--take is `english` or `record`"),
        (["approve", "zh.md", "abc", "--all"], "give keys, or --clean, or --all"),
        (["translate", "zh.md", "glossary", "-o", "x"], "exactly one post"),
        (["translate", "-o", "x"], "say which post"),
        (["translate", "zh.md", "-o", "x", "--dry-run"], "--dry-run"),
        (["transalte"], "translate"),
        (["translate", "--engin", "echo"], "--engine"),
        (["review", "zh.md", "--html", "x", "--merge", "x"], "give one of them"),
        (["review", "zh.md", "--html", "x", "--port", "0"], "--port"),
        (["review", "zh.md", "--port", "70000"], "65535"),
        (["review", "zh.md", "--password", "secret12"], "--password"),
    ]:
        shell(*arguments, code=2)
        assert message in " ".join(shell.err.split()), shell.err
    assert not (shell.root / "x").exists()


def test_keys_that_fit_no_segment_or_several(shell):
    shell("translate", "-e", "echo")
    assert "is no segment's key" in shell.fails("approve", "zh.md", "zzzz")
    keys = [entry.key for entry in load(shell.read("en.po")).entries]
    shell.write("en.po", shell.read("en.po").replace(keys[0], "ab000001").replace(keys[1], "ab000002"))
    assert "ab fits 2 segments" in shell.fails("approve", "zh.md", "ab")


@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(shell):
    for path in (shell.root, shell.root / "glossary"):
        path.chmod(0o555)
    for path in shell.root.parents[: len(shell.root.parents) - len(Path(tempfile.gettempdir()).parents) - 1]:
        path.chmod(path.stat().st_mode | 0o555)
    become = ["setpriv", "--reuid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    for arguments in (["translate", "-e", "echo"], ["init", "new"], ["review", "zh.md", "--html", "x.html"]):
        done = subprocess.run(
            [*become, sys.executable, "-m", "translator", *arguments],
            cwd=shell.root, env=shell.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if "No module named" in done.stderr or "cannot execute" in done.stderr:
            pytest.skip("another user cannot run this Python")
        assert done.returncode == 2, done.stderr
        assert "Traceback" not in done.stderr
        assert "cannot be written: Permission denied" in done.stderr
    shell.root.chmod(0o755)
    assert not (shell.root / "en.md").exists()


# ── Pipes, locales, terminals ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "arguments",
    [
        ["segments", "zh.md"],
        ["translate", "-e", "echo"],
        ["--help"],
        ["check"],
        ["engines"],
        ["translate", "zh.md", "-e", "echo", "-o", "-"],
    ],
)
def test_a_reader_that_leaves_stops_nothing(shell, arguments):
    process = shell.start(*arguments)
    process.stdout.close()
    err = process.stderr.read().decode()
    process.stdin.close()
    process.stderr.close()
    assert "Traceback" not in err
    assert "Exception ignored" not in err
    assert process.wait(60) in {0, 1}
    if arguments == ["translate", "-e", "echo"]:
        assert shell.read("en.md") == POST


@pytest.mark.parametrize(
    "locale",
    [
        {"LANG": "C", "LC_ALL": "C"},
        {"LC_ALL": "POSIX"},
        {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"},
        {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"},
    ],
)
def test_chinese_under_any_locale(shell, locale):
    assert shell("translate", "-", "-e", "echo", stdin=POST.encode(), env=locale) == POST
    assert "春天的花园" in shell("segments", "zh.md", env=locale)
    assert "花园" in shell("glossary", "find", "-", stdin="花园".encode(), env=locale)


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are Unix's")
@pytest.mark.parametrize(("env", "is_coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_colour_on_a_terminal_alone(shell, env, is_coloured):
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "translator", "status"],
        cwd=shell.root, env=shell.environment | {"TERM": "xterm"} | env, stdout=theirs, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    process.wait(60)
    said = os.read(ours, 100_000)
    os.close(ours)
    os.close(theirs)
    assert b"zh.md" in said
    assert (b"\x1b[" in said) is is_coloured


# ── Ctrl-C ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are Unix's")
def test_ctrl_c_keeps_what_is_drafted_and_the_next_run_goes_on(shell):
    lines = "\n\n".join(f"第{n}段话讲的是花园里的第{n}朵花，它开得很好看。" for n in range(400))
    shell.write("zh.md", lines + "\n")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "translator", "translate", "zh.md", "-e", "builtin"],
        cwd=shell.root, env=shell.environment, stdout=subprocess.DEVNULL, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    said = b""
    while said.count(b"characters, ") < 3:  # some are drafted
        said += os.read(ours, 1000)
    process.send_signal(signal.SIGINT)
    try:
        while more := os.read(ours, 1000):
            said += more
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    err = said.decode()
    assert process.wait(60) == 130, err
    assert "Traceback" not in err
    assert "what was drafted until now is kept" in err
    assert err.rstrip().endswith("duizhao: stopped")
    states = [entry.state for entry in load(shell.read("en.po")).entries]
    assert 0 < states.count(State.DRAFT) < len(states)
    out = shell("translate", "zh.md", "-e", "builtin", "--dry-run")
    assert f"{states.count(State.UNTRANSLATED)} of {len(states)} segments would be drafted" in out
