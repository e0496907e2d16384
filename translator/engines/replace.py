"""Replaces the model that ships by another one: `python -m translator.engines.replace MODEL_DIR`.

The folder is one of CTranslate2 with its SentencePiece model beside it. It is loaded and asked first; only a model that
answers takes the place, in one rename, and the card's line of figures is written anew.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
from pathlib import Path

from translator.engines.builtin import FILES, FOLDER, Builtin
from translator.engines.confidence import FILE as CALIBRATION
from translator.engines.marks import are_kept
from translator.errors import DuizhaoError, EngineError
from translator.meter import Meter
from translator.model import Job

SMOKE = (
    "机器学习能从数据中学习。",
    "这个函数接受<t1>两个参数</t1>，返回<x2>。",
    "首先，我们需要安装 Python 3.11。",
)
"""What any model must answer, marks and names kept."""
KEPT = ("CARD.md", "sources.tsv")
"""Files of the old folder that stay; its calibration does not, which is of the old model alone."""
NEXT = "now fit its confidence: python tests/bench/confidence.py DEV.tsv --fit --diagram docs/confidence.svg\n"


def check(folder: Path) -> str:
    """Load a model and ask it; gives its signature. `EngineError` says what is wrong with it."""
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise EngineError(f"{folder} is no model: it lacks {', '.join(missing)}")
    _check_vocabulary(folder)
    engine = Builtin(folder)
    for at, answer in engine.draft([Job(text) for text in SMOKE], Meter()):
        text = SMOKE[at]
        if not answer.candidates or not are_kept(text, answer.candidates[0].text):
            raise EngineError(f"{folder} does not answer {text!r}: {answer.error or answer.candidates[0].text}")
    return engine.signature


def _check_vocabulary(folder: Path) -> None:
    known = set(json.loads((folder / "source_vocabulary.json").read_text("utf-8")))
    wanted = {"<hint>", "<is>", "</hint>", *(f"<{kind}{n}>" for kind in ("x", "t", "/t") for n in range(1, 10))}
    lacking = wanted - known
    if lacking:
        raise EngineError(
            f"the vocabulary of {folder} lacks {', '.join(sorted(lacking))}: marks and hints would be lost"
        )


def replace(folder: Path, place: Path = FOLDER, figures: str = "") -> str:
    """Put a model in the place of the one that ships; gives its signature."""
    signature = check(folder)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix="model-") as temporary:
        new, old = Path(temporary, "new"), Path(temporary, "old")
        new.mkdir()
        brought = [folder / name for name in (*FILES, CALIBRATION) if (folder / name).exists()]
        for path in [*brought, *(place / name for name in KEPT if (place / name).exists())]:
            shutil.copy(path, new)
        _note(new / "CARD.md", f"{signature.split()[1]}: {figures or 'not measured'}")
        place.rename(old)
        new.rename(place)
    return signature


def _note(card: Path, line: str) -> None:
    """Write the card's line of figures."""
    if card.exists():
        text = card.read_text("utf-8")
        card.write_text(re.sub(r"(?m)^Model .*$", lambda _: f"Model {line}", text, count=1), "utf-8")


def main(arguments: list[str]) -> int:
    """Replace the model; the second argument, if any, is its line of figures."""
    if not 1 <= len(arguments) <= 2:
        sys.stderr.write(f"{__doc__}\n    python -m translator.engines.replace MODEL_DIR [FIGURES]\n")
        return 2
    try:
        sys.stdout.write(f"{replace(Path(arguments[0]), figures=''.join(arguments[1:]))}\n")
        sys.stdout.write("" if (FOLDER / CALIBRATION).exists() else NEXT)
    except DuizhaoError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
