"""How things are said: plain text that pipes, colour only on a terminal, tables that know how wide Chinese is."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from translator.config import settings_table
from translator.errors import InputError
from translator.text import width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from translator.model import Entry

COLOURS = {"red": 31, "green": 32, "yellow": 33, "dim": 2, "bold": 1}


def say(text: str = "", *, to_stderr: bool = False) -> None:
    """Print a line; a reader who left does not stop the work."""
    with suppress(BrokenPipeError):
        print(text, file=sys.stderr if to_stderr else sys.stdout)


def counted(number: int, noun: str) -> str:
    """Say how many there are of something."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def duration(seconds: float) -> str:
    """Say how long something takes, as a person would."""
    if seconds < 90:
        return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def paint(text: str, colour: str) -> str:
    """Colour a text, on a terminal and unless NO_COLOR is set."""
    if not (sys.stdout and sys.stdout.isatty()) or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    return f"\x1b[{COLOURS[colour]}m{text}\x1b[0m"


def say_json(value: Any) -> None:  # noqa: ANN401  # whatever JSON can hold
    """Print JSON, Chinese as it is."""
    say(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: Any) -> Any:  # noqa: ANN401  # json's own contract
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return str(value)


def table(rows: Sequence[Sequence[str]], head: Sequence[str]) -> None:
    """Print a table; columns are as wide as their widest cell, Chinese counted double."""
    widths = [max(width(row[n]) for row in (head, *rows)) for n in range(len(head))]
    for number, row in enumerate((head, *rows)):
        cells = [cell + " " * (size - width(cell)) for cell, size in zip(row, widths, strict=True)]
        line = "  ".join(cells).rstrip()
        say(paint(line, "bold") if number == 0 else line)


def stdin_text() -> str:
    """Read standard input, which must be UTF-8 whatever the locale."""
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            "this is not UTF-8; convert it, e.g. with `iconv -f gb18030 -t utf-8`", "standard input"
        ) from error


def shorten(text: str, most: int) -> str:
    """Cut a text to so many terminal cells."""
    if width(text) <= most:
        return text
    out = ""
    for ch in text:
        if width(out + ch) >= most:
            break
        out += ch
    return out + "…"


def short(path: Path | None) -> str:
    """Name a file from where we are, if it is below; nothing where there is none."""
    if path is None:
        return ""
    absolute, here = path.absolute(), Path.cwd()
    return str(absolute.relative_to(here) if absolute.is_relative_to(here) else path)


def entry_json(entry: Entry) -> dict[str, Any]:
    """Give an entry as JSON has it."""
    out = asdict(entry)
    out["findings"] = [{k: v for k, v in asdict(finding).items() if v is not None} for finding in entry.findings]
    return out


def settings_text() -> str:
    """Give `duizhao.yaml` with every setting as a comment."""
    lines = ["# Every setting has a default; take the # away to change one.", ""]
    for name, default, doc in settings_table():
        lines += [f"# {doc}", f"# {name}: {_yaml(default)}", ""]
    return "\n".join(lines)


def _yaml(default: str) -> str:
    return {"True": "true", "False": "false", "''": '""'}.get(default, default.replace("'", ""))
