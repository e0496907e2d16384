"""Firefox's own model from Chinese into English, by `fxtranslate`: one sentence at a time, no marks, no network.

Job ─plain→ Chinese with placeholders ─Voice→ English ─plain→ Answer

A damaged file ends the whole process inside the library, with no exception to catch: so its files are compared with
their hashes before it sees them.
"""

from __future__ import annotations

import json
import os
import re
import threading
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from translator.engines import ENGINES
from translator.engines.cut import SHORTEST
from translator.engines.fetched import damage, fingerprint, folder_of, home
from translator.engines.marks import PLAIN, without
from translator.errors import EngineError
from translator.model import NO_USAGE, Answer, Candidate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from translator.engines.plain import Form
    from translator.meter import Meter
    from translator.model import Job, Usage

NAME = "firefox"
WINDOW = 16
"""Jobs that are answered before the next ones are begun."""
LONGEST = 100
"""Characters of one sentence: the model was trained on 128 pieces, and a Chinese character is one or less."""
TWO = re.compile(f"(?s).{{{SHORTEST},}}[。！？!?；;…][”」』）)]*.{{{SHORTEST},}}")
"""Two sentences, both long enough to be cut apart: the model may leave out the second."""
REFUSED = "the model gave no answer; translate this one by hand or with another engine"


class Firefox:
    """A model that says sentences; terms and code travel as placeholders that it was seen to keep."""

    name = NAME
    abilities = ENGINES[NAME].abilities

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        is_short = _is_on(settings, "shortlist")
        self._voice = Voice(folder, is_short=is_short)
        self._forms = _forms(self._voice, folder, settings.get("placeholders", "auto"), is_short=is_short)
        written = ",".join(form.written for form in self._forms) or "none"
        short = " shortlist" if is_short else ""
        self.signature = f"{NAME} {fingerprint(folder)} fxtranslate {_version()} plain {PLAIN} {written}{short}"

    def draft(self, jobs: Sequence[Job], _: Meter) -> Iterator[tuple[int, Answer]]:
        """Answer every job, in order, a window at a time."""
        from translator.engines.plain import drafted  # noqa: PLC0415  # start-up

        for start in range(0, len(jobs), WINDOW):
            texts = [job.text for job in jobs[start : start + WINDOW]]
            for n, found in enumerate(drafted(texts, self._voice.say, _fits, self._forms), start):
                yield n, Answer(tuple(found)) if found else Answer(error=REFUSED)

    def expect(self, _: Sequence[Job]) -> Usage:
        """Expect nothing to be taken."""
        return NO_USAGE


def _fits(text: str) -> bool:
    """Tell whether the model can hold it: one sentence, not too long."""
    words = without(text)
    return len(words) <= LONGEST and not TWO.match(words)


class Voice:
    """The library's translator, in the one thread that may touch it."""

    def __init__(self, folder: Path, *, is_short: bool = False) -> None:
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  # start-up

        self._pool = ThreadPoolExecutor(1, "duizhao-firefox", _load, (folder, is_short))
        failed = self._pool.submit(lambda: _OWN.error).result()
        if failed:
            raise EngineError(
                f"{folder} cannot be used by fxtranslate {_version()} ({failed}); get it anew:"
                f" duizhao engines fetch {NAME}"
            )

    def say(self, texts: Sequence[str]) -> list[list[Candidate]]:
        """Put plain sentences into English; nothing where nothing came."""
        return [[Candidate(said)] if said else [] for said in self._pool.map(_say, texts)]


_OWN = threading.local()
"""What a voice's thread has: the translator, dropped where it was made, or why there is none."""


def _load(folder: Path, is_short: bool) -> None:
    _OWN.error, _OWN.translator = "", None
    try:
        _OWN.translator = _translator(folder, is_short=is_short)
    except BaseException as error:  # noqa: BLE001  # the library's panics are no Exceptions
        _OWN.error = str(error) or type(error).__name__


def _translator(folder: Path, *, is_short: bool) -> Any:  # noqa: ANN401  # fxtranslate.Translator
    from fxtranslate import Translator  # noqa: PLC0415  # start-up

    files = {path.name.split(".")[0]: path for path in folder.iterdir()}
    read = {
        kind: files[kind].read_bytes() for kind in ("model", "vocab", "srcvocab", "trgvocab", "lex") if kind in files
    }
    if "model" not in read or not ("vocab" in read or {"srcvocab", "trgvocab"} <= set(read)):
        raise EngineError("it lacks a model or a vocabulary")
    source, target = (read.get("vocab") or read[kind] for kind in ("srcvocab", "trgvocab"))
    return Translator(read["model"], source, target, read.get("lex") if is_short else None)


def _say(text: str) -> str:
    try:
        return str(_OWN.translator.translate(text)).strip()
    except BaseException:  # noqa: BLE001  # as above: this sentence has no answer
        return ""


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415  # start-up

    return version("fxtranslate")


def try_out(folder: str) -> None:
    """Load a model and ask it; raises where it is none. Run in a process of its own, which a bad file may end."""
    if not any(Voice(Path(folder)).say(["我们看花。", "今天天气很好。"])):
        raise EngineError("it answers nothing")


# ── Placeholders ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _forms(voice: Voice, folder: Path, chosen: str, *, is_short: bool) -> tuple[Form, ...]:
    """Give the forms of placeholders: as the settings say, or those that the model itself was seen to keep."""
    from translator.engines.plain import FORMS, Form, surviving  # noqa: PLC0415  # start-up

    if chosen == "none":
        return ()
    if chosen != "auto":
        if chosen.count("{}") != 1:
            raise EngineError(f"engines.{NAME}.placeholders: {chosen!r} has no {{}} for the number, as in `N{{}}`")
        return (Form(chosen),)
    asked = [form.written for form in FORMS]
    key = f"{fingerprint(folder)} {_version()} {is_short} {' '.join(asked)}"
    known = home() / f".{NAME}.placeholders.json"
    with suppress(OSError, ValueError, TypeError, KeyError):
        kept = json.loads(known.read_text("utf-8"))
        if kept["of"] == key:
            return tuple(Form(str(written)) for written in kept["forms"])
    found = surviving(voice.say)
    _keep(known, json.dumps({"of": key, "forms": [form.written for form in found]}))
    return found


def _keep(path: Path, text: str) -> None:
    """Write a small file whole, if it can be written at all: it only saves time."""
    with suppress(OSError):
        new = path.with_suffix(f".{os.getpid()}.tmp")
        new.write_text(text, encoding="utf-8")
        new.replace(path)


# ── Opening ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _is_on(settings: Mapping[str, str], name: str) -> bool:
    said = settings.get(name, "off")
    if said not in {"on", "off", "true", "false"}:
        raise EngineError(f"engines.{NAME}.{name}: {said!r} is neither on nor off")
    return said in {"on", "true"}


def ready(_: Mapping[str, str]) -> str:
    """Say what is missing, without importing the library."""
    if not find_spec("fxtranslate"):
        return f"pip install 'duizhao[{NAME}]', then duizhao engines fetch {NAME}"
    if not folder_of(NAME):
        return f"its model is not here yet: duizhao engines fetch {NAME} (once, about 70 MB; then it works offline)"
    return ""


def open_engine(settings: Mapping[str, str]) -> Firefox:
    """Open the fetched model, its files compared with their hashes first."""
    folder = folder_of(NAME)
    if not folder:
        raise EngineError(f"the model of {NAME} is not here: duizhao engines fetch {NAME}")
    if broken := damage(folder):
        raise EngineError(f"{folder / broken} is damaged; get it anew: duizhao engines fetch {NAME}")
    return Firefox(folder, settings)
