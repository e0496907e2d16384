"""`duizhao engines`: what is there, what each one can do and takes, and the models that are fetched."""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from translator.cli.output import duration, say, say_json, shorten, table
from translator.config import Project
from translator.engines import ENGINES, choose_auto, describe, row_of, warning
from translator.engines.keys import shown
from translator.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from translator.engines import Described, Row, Setting
    from translator.model import Abilities

HEAD = ("engine", "", "terms", "marks", "context", "paid by", "what it is")


def engines(*, as_json: bool) -> None:
    """List the engines, and the names that this project gives to some."""
    project = Project.of(Path.cwd())
    rows, best = describe(project.engines), _best(project.engines)
    if as_json:
        say_json([_json(row, best) for row in rows])
        return
    lines = [_line(row) for row in rows]
    most = shutil.get_terminal_size((10_000, 0)).columns if sys.stdout.isatty() else 10_000
    room = max(24, most - sum(max(len(line[n]) for line in (HEAD, *lines)) + 2 for n in range(len(HEAD) - 1)))
    table([[*line[:-1], shorten(line[-1], room)] for line in lines], HEAD)
    say()
    say(f"auto takes {best}" if best else "auto finds none that is ready")
    if project.settings.engine != ["auto"]:
        say(f"this project drafts with {', then '.join(project.settings.engine)}")
    for row in rows:
        if row.missing:
            say(f"{row.name}: {row.missing}")
    say("more about one: duizhao engines NAME")


def _best(settings: Mapping[str, Mapping[str, str]]) -> str:
    try:
        return choose_auto(settings)
    except EngineError:
        return ""


def _line(row: Described) -> list[str]:
    can = row.abilities
    what = row.what if row.kind == row.name else f"{row.kind}, as this project names it"
    state = "not ready" if row.missing else "ready"
    return [row.name, state, _terms(can), can.marks or "–", "yes" if can.context else "–", can.price or "–", what]


def _terms(can: Abilities) -> str:
    """Say how terms come into the English."""
    if can.glossary:
        return "glossary"
    if can.hints:
        return "hints"
    return "holes" if can.drafts else "–"


def _json(row: Described, best: str) -> dict[str, Any]:
    can = row.abilities
    return {
        "name": row.name,
        "engine": row.kind,
        "what": row.what,
        "ready": not row.missing,
        "missing": row.missing,
        "auto": row.name == best,
        "terms": _terms(can).replace("–", ""),
        "marks": can.marks,
        "context": can.context,
        "batch": can.batch,
        "price": can.price,
        "remote": can.remote,
        "drafts": can.drafts,
    }


# ── One of them ───────────────────────────────────────────────────────────────────────────────────────────────────────


def show(name: str, *, as_json: bool) -> None:
    """Tell everything about one engine: what it can do, its settings, where its key comes from."""
    settings = Project.of(Path.cwd()).engines
    name = choose_auto(settings) if name == "auto" else name
    own = settings.get(name, {})
    if name not in settings:
        row_of(name)  # raises for a name that nobody knows
    row = next(each for each in describe(settings) if each.name == name)
    known = ENGINES.get(row.kind)
    if as_json:
        say_json(_json(row, _best(settings)) | _more_json(known, own))
        return
    say(f"{name}: {row.what if known else 'no engine'}")
    if row.kind != name:
        say(f"  it is {row.kind}, as this project names it")
    say(f"  {'not ready: ' + row.missing if row.missing else 'ready'}")
    for line in (*_can(row.abilities), *(_needs(known, own) if known else ())):
        say(f"  {line}")
    if known and not row.missing and (unsafe := warning(name, own)):
        say(f"  {unsafe}")
    if known and known.settings:
        say()
        say(f"settings, under `engines: {{{name}: …}}` in duizhao.yaml:")
        table([[each, value, doc] for each, value, doc in _settings(known, own)], ("setting", "is", "what it is"))
    elif known:
        say("  it has no settings")


def _more_json(row: Row | None, own: Mapping[str, str]) -> dict[str, Any]:
    if not row:
        return {"settings": [], "keys": [], "extra": ""}
    rows = [
        {"name": s.name, "value": _value(s, own), "default": s.default, "variable": s.variable, "doc": s.doc}
        for s in row.settings
    ]
    return {"settings": rows, "keys": list(_variables(row, own)), "extra": row.extra}


def _can(can: Abilities) -> list[str]:
    if not can.drafts:
        return ["it writes no English"]
    terms = {
        "glossary": "terms go into a glossary of the vendor's",
        "hints": "terms are told as hints",
        "holes": "terms travel as holes, which it does not see",
    }
    lines = [terms[_terms(can)], f"marks travel as {can.marks}" if can.marks != "alignment" else "marks by alignment"]
    lines.append("it reads what stands around a sentence" if can.context else "it sees one sentence at a time")
    if can.remote:
        lines.append("what it answered is kept, and not asked for twice (`duizhao cache`)")
    lines.append(f"it is paid by {can.price}" if can.price else "it costs nothing to ask")
    return lines


def _needs(row: Row, own: Mapping[str, str]) -> list[str]:
    lines = [f"it needs pip install 'duizhao[{row.extra}]'"] if row.extra else []
    variables = _variables(row, own)
    if variables:
        there = next((name for name in variables if os.environ.get(name, "").strip()), "")
        found = f"; {there} is set" if there else ""
        lines.append(f"its key comes from {' or '.join(variables)} in the environment, or the system's keyring{found}")
    return lines


def _variables(row: Row, own: Mapping[str, str]) -> tuple[str, ...]:
    return (own["key_env"],) if own.get("key_env") else row.keys


def _settings(row: Row, own: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Give each setting, what it is here or by default, and what it means."""
    rows = []
    for each in row.settings:
        value = _value(each, own)
        doc = each.doc if value is None or not each.default else f"{each.doc} (by default {each.default})"
        rows.append((each.name, each.default or "–" if value is None else value, doc))
    return rows


def _value(setting: Setting, own: Mapping[str, str]) -> str | None:
    """Give what a setting is here, an address without its password; None where nobody says."""
    value = own.get(setting.name) or os.environ.get(setting.variable or "-") or None
    return shown(value) if value and "://" in value else value


# ── Models ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def fetch(name: str, origin: str, sha256: str) -> None:
    """Fetch a model, with progress on a terminal."""
    from translator.engines.fetch import fetch as run  # noqa: PLC0415  # start-up

    progress = Progress()
    begun = time.monotonic()
    try:
        done = run(name, origin, sha256, progress)
    finally:
        progress.end()
    size = f"{done.size / 1e6:,.1f} MB in {done.folder}"
    if done.was_there:
        say(f"{name} is there already, the same: {size}")
    else:
        say(f"fetched {name} in {duration(time.monotonic() - begun)}: {size}")
        if not done.proved:
            say("nobody's hash was there to compare it with; give --sha256 if you know it", to_stderr=True)
    if name in ENGINES:
        say(f"it works without a network now: duizhao translate POST --engine {name}")
    else:
        say(f"in duizhao.yaml it is `engines: {{{name}: {{engine: ctranslate2, model: {name}}}}}`")


class Progress:
    """Shows how far a download is, on a terminal; elsewhere only what there is to know."""

    EVERY = 0.2
    """Seconds between two lines."""

    def __init__(self) -> None:
        self.is_terminal = bool(sys.stderr and sys.stderr.isatty())
        self.what, self.first, self.since, self.shown = "", 0, 0.0, 0.0
        self.is_open = False

    def __call__(self, what: str, done: int = 0, total: int = 0) -> None:
        """Show it."""
        if not (done or total):
            self.end()
            say(what, to_stderr=True)
            return
        now = time.monotonic()
        if what != self.what:
            self.end()
            self.what, self.first, self.since, self.shown = what, done, now, 0.0
        if not self.is_terminal or (now - self.shown < self.EVERY and done != total):
            return
        rate = (done - self.first) / max(now - self.since, 0.001)
        of = f" of {total / 1e6:,.1f}" if total else ""
        line = f"  {what}: {done / 1e6:,.1f}{of} MB, {rate / 1e6:,.1f} MB/s"
        width = shutil.get_terminal_size().columns - 1
        print(f"\r{shorten(line, width):<{width}}", end="", file=sys.stderr, flush=True)
        self.shown, self.is_open = now, True

    def end(self) -> None:
        """Leave the line as it is."""
        if self.is_open:
            print(file=sys.stderr)
            self.is_open = False
