"""What browsers send and are sent: JSON to dataclasses, strictly, and back.

A request that is not exactly what it should be is refused with the place and what was expected there; nothing in it is
guessed or left aside.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from translator.errors import DuizhaoError
from translator.model import State, Term
from translator.pipeline.decide import Decision, Stand

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from translator.pipeline.decide import Result

LONGEST = 100_000
"""Characters of a text."""
SHORT = 500
"""Characters of a name, a key, a word that is looked for."""
MOST = 5_000
"""Decisions, or keys, of one request."""
DEEPEST = 6
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{}]', re.DOTALL)
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
"""What no file in UTF-8 holds, and what ends a text for other programs."""


class RequestError(DuizhaoError):
    """A request that is not what it should be."""


# ── Reading ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def read(body: bytes) -> dict[str, Any]:
    """Read a body: a JSON object, without what JSON allows and nobody means."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RequestError(f"the request is not UTF-8, at byte {error.start}") from error
    if _depth(text) > DEEPEST:
        raise RequestError(f"the request is nested more than {DEEPEST} deep")
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except ValueError as error:
        raise RequestError(f"the request is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise RequestError("the request must be a JSON object")
    return value


def _depth(text: str) -> int:
    deepest = depth = 0
    for token in _TOKEN.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token[0], 0)
        deepest = max(deepest, depth)
    return deepest


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a field stands twice in an object")
    return made


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _fields(value: object, where: str, must: Sequence[str], may: Sequence[str] = ()) -> dict[str, Any]:
    """Take an object that has the fields it must have, and none but those it may have."""
    if not isinstance(value, dict):
        raise RequestError(f"{where} must be an object")
    if missing := [name for name in must if name not in value]:
        raise RequestError(f"{where} lacks `{missing[0]}`")
    if unknown := [name for name in value if name not in {*must, *may}]:
        known = ", ".join(f"`{name}`" for name in (*must, *may))
        raise RequestError(f"{where} has a field {unknown[0][:50]!r} that is not known; known are {known}")
    return value


def _text(value: object, where: str, most: int = SHORT) -> str:
    if not isinstance(value, str):
        raise RequestError(f"{where} must be a text")
    if len(value) > most:
        raise RequestError(f"{where} has {len(value):,} characters; at most {most:,} are taken")
    if found := _UNWRITABLE.search(value):
        raise RequestError(f"{where} has the character U+{ord(found[0]):04X}, which cannot be written")
    return value


def _flag(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise RequestError(f"{where} must be true or false")
    return value


def _list(value: object, where: str, most: int = MOST) -> list[Any]:
    if not isinstance(value, list):
        raise RequestError(f"{where} must be a list")
    if len(value) > most:
        raise RequestError(f"{where} has {len(value):,} items; at most {most:,} are taken at a time")
    return value


def _score(value: object, where: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1e9 < value < 1e9:
        raise RequestError(f"{where} must be a number or null")
    return float(value)


def _state(value: object, where: str) -> State:
    if not isinstance(value, str) or value not in {*State}:
        raise RequestError(f"{where} must be one of {', '.join(State)}")
    return State(value)


def _name(value: object, where: str) -> str:
    return _text(value, where)


def _long(value: object, where: str) -> str:
    return _text(value, where, LONGEST)


_STAND: dict[str, Callable[[object, str], Any]] = {
    "target": _long,
    "state": _state,
    "origin": _name,
    "by": _name,
    "score": _score,
    "other": _long,
    "former": _long,
    "note": _long,
}
"""How each field of a stand is read; one that is left out is at its default."""


def _stand(value: object, where: str) -> Stand:
    given = _fields(value, where, (), tuple(_STAND))
    return Stand(**{name: _STAND[name](one, f"{where}.{name}") for name, one in given.items()})


def decisions(body: Mapping[str, Any]) -> list[Decision]:
    """Read what `decide` is sent."""
    given = _list(_fields(body, "the request", ("decisions",))["decisions"], "decisions")
    return [_decision(one, f"decisions[{n}]") for n, one in enumerate(given)]


def _decision(value: object, where: str) -> Decision:
    given = _fields(value, where, ("id", "key", "source", "before", "after"))
    return Decision(
        _name(given["key"], f"{where}.key"),
        _long(given["source"], f"{where}.source"),
        _stand(given["before"], f"{where}.before"),
        _stand(given["after"], f"{where}.after"),
        _name(given["id"], f"{where}.id"),
    )


@dataclass(frozen=True)
class Act:
    """One verb over segments: `clean`, `repeat` with one key, `draft` with some keys and an engine."""

    verb: str
    keys: tuple[str, ...] = ()
    engine: str = ""


_ACTS = {"clean": (), "repeat": ("key",), "draft": ("keys", "engine")}


def act(body: Mapping[str, Any]) -> Act:
    """Read what `act` is sent."""
    verb = body.get("verb")
    if not isinstance(verb, str) or verb not in _ACTS:
        raise RequestError(f"`verb` must be one of {', '.join(_ACTS)}")
    given = _fields(body, "the request", ("verb", *_ACTS[verb]))
    keys = _list(given["keys"], "keys") if verb == "draft" else [given["key"]] if verb == "repeat" else []
    return Act(verb, tuple(_name(key, "a key") for key in keys), _name(given.get("engine", ""), "engine"))


@dataclass(frozen=True)
class Replace:
    """What is looked for and what is to stand there; `replacement` is None where it is only looked for."""

    find: str
    replacement: str | None
    case: bool
    word: bool
    apply: bool


def replacing(body: Mapping[str, Any]) -> Replace:
    """Read what `replace` is sent."""
    given = _fields(body, "the request", ("find",), ("replace", "case", "word", "apply"))
    wanted = given.get("replace")
    flags = {name: _flag(given.get(name, False), name) for name in ("case", "word", "apply")}
    found = Replace(_name(given["find"], "find"), None if wanted is None else _name(wanted, "replace"), **flags)
    if not found.find:
        raise RequestError("say what to look for: `find` is empty")
    return found


def new_term(body: Mapping[str, Any]) -> tuple[Term, bool]:
    """Read what `term` is sent: the term, and whether it is to be added."""
    given = _fields(body, "the request", ("term",), ("apply",))
    one = _fields(given["term"], "term", ("term", "translation"), ("aliases", "kind", "note"))
    aliases = [_name(alias, "an alias").strip() for alias in _list(one.get("aliases", []), "term.aliases", 100)]
    term = Term(
        _name(one["term"], "term.term").strip(),
        _name(one["translation"], "term.translation").strip(),
        tuple(filter(None, aliases)),
        kind=_name(one.get("kind", ""), "term.kind").strip(),
        note=_text(one.get("note", ""), "term.note", 5_000).strip(),
    )
    if not term.term or not term.translation:
        raise RequestError("a term needs what the author writes and what the English says")
    return term, _flag(given.get("apply", False), "apply")


@dataclass(frozen=True)
class Publish:
    """Whether to publish or only to say what would go out, and whether Chinese may stay."""

    apply: bool
    allow_untranslated: bool


def publishing(body: Mapping[str, Any]) -> Publish:
    """Read what `publish` is sent."""
    given = _fields(body, "the request", (), ("apply", "allow_untranslated"))
    return Publish(**{name: _flag(given.get(name, False), name) for name in ("apply", "allow_untranslated")})


def number(text: str | None, where: str) -> int:
    """Read a count out of an address."""
    if text is None or not re.fullmatch(r"[0-9]{1,15}", text):
        raise RequestError(f"`{where}` must be a number")
    return int(text)


def numbers(text: str | None, where: str) -> list[int]:
    """Read counts with commas between them out of an address."""
    given = (text or "").split(",")
    if len(given) > SHORT:
        raise RequestError(f"`{where}` has {len(given):,} numbers; at most {SHORT:,} are taken at a time")
    return [number(one, where) for one in given]


# ── Writing ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def stand_json(stand: Stand) -> dict[str, Any]:
    """Give a stand, without what is at its default. Law: reading gives it back."""
    given = {field.name: (getattr(stand, field.name), field.default) for field in fields(Stand)}
    return {name: _plain(value) for name, (value, default) in given.items() if value != default}


def _plain(value: object) -> object:
    return value.value if isinstance(value, State) else value


def change_json(decision: Decision) -> dict[str, Any]:
    """Give a change, as the browser keeps it for undoing."""
    return {
        "key": decision.key,
        "source": decision.source,
        "before": stand_json(decision.before),
        "after": stand_json(decision.after),
    }


def result_json(result: Result) -> dict[str, Any]:
    """Give what became of a decision."""
    return {"id": result.id, "key": result.key, "fate": result.fate.value, "why": result.why}


def written(value: object) -> bytes:
    """Write JSON; Chinese as it is, so that it is short."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass" if _UNWRITABLE.search(text) else "strict")
