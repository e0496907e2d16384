"""Tables of words and patterns, our own, from which pairs are made."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent


def table(name: str) -> list[list[str]]:
    """Read a table: its rows' cells; lines that begin with # are none."""
    lines = (FOLDER / f"{name}.tsv").read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]
