"""The documentation says what the code does."""

import subprocess
import sys
from pathlib import Path

from translator.checks import CHECKS
from translator.engines import ENGINES
from translator.formats import load

ROOT = Path(__file__).parent.parent


def test_the_generated_pages_are_fresh():
    command = [sys.executable, "docs/generate.py", "--check"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_readme_begins_with_the_two_commands():
    block = (ROOT / "README.md").read_text(encoding="utf-8").split("```console\n")[1].split("```")[0]
    assert [line.split("#")[0].strip() for line in block.strip().splitlines()] == ["$ make demo", "$ make test"]


def test_every_check_and_engine_is_explained():
    text = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    for name in [*(check.id for check in CHECKS), *ENGINES]:
        assert f"| `{name}` |" in text


def test_the_post_that_ships_is_finished():
    """Its record is approved whole, and running again changes no byte."""
    entries = load((ROOT / "posts/mxnet/en.po").read_text(encoding="utf-8")).entries
    assert entries
    assert all(entry.state.is_done and not entry.findings for entry in entries)
