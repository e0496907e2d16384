"""The models that were fetched: where they stand, what they consist of, whether they are whole.

Law: a model that `folder_of` gives has every file of its list, each as long as it was.
"""

from __future__ import annotations

import hashlib
import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = "duizhao.json"
"""The list of a fetched model's files, beside them."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,80}")
"""What a model may be called: it is the name of its folder."""


class File(NamedTuple):
    """What is known of one file."""

    size: int
    sha256: str


def home() -> Path:
    """Give the folder of all fetched models."""
    from platformdirs import user_data_path  # noqa: PLC0415  # start-up

    return user_data_path("duizhao", appauthor=False) / "engines"


def folder_of(name: str) -> Path | None:
    """Give a fetched model's folder; None where there is none, or a file of it is gone or has another length."""
    if not NAME.fullmatch(name):
        return None
    folder = home() / name
    files = files_of(folder)
    with suppress(OSError):
        if files and all((folder / each).stat().st_size == file.size for each, file in files.items()):
            return folder
    return None


def files_of(folder: Path) -> dict[str, File]:
    """Read the list of a model's files; empty where there is none."""
    try:
        return parse((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return {}


def parse(text: str) -> dict[str, File]:
    """Read such a list; empty where it is none."""
    try:
        files = json.loads(text)["files"]
        return {str(name): File(int(row["size"]), str(row["sha256"])) for name, row in files.items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}


def damage(folder: Path) -> str:
    """Name a file of a model that is not what was fetched, by reading all of them; empty where none is."""
    files = files_of(folder)
    for name, file in files.items():
        try:
            with (folder / name).open("rb") as data:
                if hashlib.file_digest(data, "sha256").hexdigest() != file.sha256:
                    return name
        except OSError:
            return name
    return "" if files else MANIFEST


def fingerprint(folder: Path) -> str:
    """Tell one fetched model from another."""
    return hashlib.sha256(repr(sorted(files_of(folder).items())).encode()).hexdigest()[:12]
