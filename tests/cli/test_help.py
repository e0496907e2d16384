"""The help teaches: every command has a sentence, every option and argument a meaning."""

import re

import pytest
import typer.main

from translator.cli.app import app


def commands(command=None, path=()):
    command = command or typer.main.get_command(app)
    yield path, command
    for name in command.list_commands(None) if hasattr(command, "list_commands") else ():
        yield from commands(command.get_command(None, name), (*path, name))


EVERY = list(commands())


@pytest.mark.parametrize(("path", "command"), EVERY, ids=[" ".join(path) or "duizhao" for path, _ in EVERY])
def test_every_command_teaches(path, command, shell):
    first = (command.help or "").strip().split("\n\n")[0].rstrip()
    assert len(first) > 30, "a sentence says what it does"
    assert first.endswith(".")
    for one in command.params:
        assert len(getattr(one, "help", None) or "") > 8, one.name
    out = shell(*path, "--help")
    assert out == shell(*path, "-h")
    assert out.startswith(f"Usage: duizhao {' '.join(path)}".rstrip())
    flat = " ".join(out.split())
    assert " ".join(first.split()) in flat
    for one in command.params:
        for option in one.opts if one.param_type_name == "option" else ():
            assert option in out
    assert max(map(len, out.splitlines())) <= 100
    assert "..." not in re.sub(r"\]\.\.\.|\}\.\.\.", "", out), "short help is whole"


def test_without_a_command_it_teaches_too(shell):
    shell(code=2)
    assert "Start with `duizhao translate POST`" in " ".join((shell.out + shell.err).split())
