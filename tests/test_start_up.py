"""The command answers at once: what a command does not need is not imported."""

import subprocess
import sys

import pytest

HEAVY = (
    "ahocorasick_rs", "ctranslate2", "jieba", "jinja2", "markdown_it", "numpy", "opencc", "polib", "pypinyin", "rich",
    "sentencepiece", "sqlite3", "yaml", "translator.checks", "translator.engines", "translator.glossary",
    "translator.markdown", "translator.pipeline", "translator.review", "translator.text",
)  # fmt: skip
PROGRAM = """
import sys
sys.argv = ["duizhao", *sys.argv[1:]]
from translator.cli import main
try:
    main()
finally:
    print("\\n".join(sys.modules), file=sys.stderr)
"""


def loaded(*arguments):
    done = subprocess.run([sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, check=False)
    assert "translator.cli.app" in done.stderr
    return set(done.stderr.split("\n")) & set(HEAVY)


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["translate", "--help"], ["glossary", "--help"], ["nix"]]
)
def test_help_and_version_load_nothing_heavy(arguments):
    assert not loaded(*arguments)


def test_listing_engines_loads_no_model_nor_markdown(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert not loaded("engines") & {"translator.markdown", "translator.pipeline", "markdown_it", "jieba", "jinja2"}
