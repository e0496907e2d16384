"""Models that `duizhao train` made: where they stand, and how the builtin engine is told of one.

They stand beside the fetched ones, with a list of their files that says whether they are whole.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from translator.engines.fetched import MANIFEST, NAME, damage, files_of, home
from translator.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TRAINED = "trained"
"""The key in the list of files that tells a model of ours from a fetched one."""


def place_of(name: str) -> Path:
    """Name the folder of a model to be trained; raises `EngineError` where it would be another model's."""
    if not NAME.fullmatch(name):
        raise EngineError(f"a model cannot be called {name!r}: letters, digits, and . _ + - behind the first")
    place = home() / name
    if place.exists() and TRAINED not in _told(place):
        raise EngineError(f"{place} is a model that was fetched, or something else; choose another name: --name NAME")
    return place


def _told(folder: Path) -> Mapping[str, Any]:
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def keep(place: Path, write: Callable[[Path], None], facts: Mapping[str, Any]) -> None:
    """Have a model written, and put it in its place; what stood there stays until the new one is whole."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".new-") as temporary:
        new, old = Path(temporary, "new"), Path(temporary, "old")
        new.mkdir()
        write(new)
        files = {path.name: _row(path) for path in sorted(new.iterdir())}
        told = {"name": place.name, TRAINED: dict(facts), "files": files}
        (new / MANIFEST).write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        if place.exists():
            place.rename(old)
        new.rename(place)


def _row(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"size": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def find(model: str, wanted: tuple[str, ...]) -> Path:
    """Find a model by its name, or its folder; raises `EngineError` where it is none, or not whole."""
    path = Path(model).expanduser()
    folder = path if path.is_dir() else home() / model if NAME.fullmatch(model) else path
    if not folder.is_dir():
        raise EngineError(f"there is no model {model}; `duizhao train --name NAME` makes one")
    missing = [name for name in wanted if not (folder / name).is_file()]
    if missing:
        raise EngineError(f"{folder} is no model of the builtin engine: it lacks {', '.join(missing)}; train it again")
    if files_of(folder) and (wrong := damage(folder)):
        raise EngineError(f"{folder / wrong} is not what was written; train the model again")
    return folder
