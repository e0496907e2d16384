"""The engines: a table of names, what each can do, and the one way to open them.

Every engine is a module with `ready(settings) -> str` and `open_engine(settings) -> Engine`, imported when it is asked
for.
"""

from __future__ import annotations

import difflib
import os
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from translator.engines.keys import can_be_read, has_password, is_open_road, shown
from translator.errors import EngineError
from translator.model import Abilities

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from translator.model import Engine, Job

__all__ = [
    "ENGINES",
    "Described",
    "Row",
    "choose_auto",
    "describe",
    "open_engine",
    "ready",
    "row_of",
    "show_prompt",
    "warning",
]

NOTHING: Mapping[str, str] = {}


class Setting(NamedTuple):
    """One setting of an engine, under `engines: NAME:` in `duizhao.yaml`."""

    name: str
    doc: str
    default: str = ""
    variable: str = ""
    """The environment variable that is read where the settings do not say it."""


class Row(NamedTuple):
    """One line of the table."""

    module: str
    what: str
    abilities: Abilities
    auto: bool = False
    """Whether `auto` may choose it: it drafts, and needs no network and no account."""
    extra: str = ""
    """What `pip install 'duizhao[…]'` brings it."""
    settings: tuple[Setting, ...] = ()
    keys: tuple[str, ...] = ()
    """Environment variables that may have its key, by default."""


class Described(NamedTuple):
    """One engine, as `duizhao engines` shows it."""

    name: str
    what: str
    missing: str
    """Empty when it is ready, else what is missing and how to mend it."""
    abilities: Abilities
    kind: str
    """The engine of the table that it is; its own name, but for names of the user's."""


ENGINES = {
    "firefox": Row(
        "firefox",
        "Firefox's own model: offline once it is fetched, better English than builtin",
        Abilities(marks="placeholders"),
        auto=True,
        extra="firefox",
        settings=(
            Setting(
                "placeholders",
                "how terms and code travel: `N{}` writes N1, N2 …; `auto`: as the model was seen to keep them best;"
                " `none`: not at all, alignment puts them back",
                "auto",
            ),
            Setting("shortlist", "on: only words that the model's own list allows for a sentence", "off"),
        ),
    ),
    "builtin": Row(
        "builtin",
        "a small neural model that ships in the package: offline, no account",
        Abilities(hints=True, marks="tags", habits=True, batch=96),
        auto=True,
        settings=(
            Setting("threads", "how many processor threads it takes; by default two at most"),
            Setting("model", "a model that `duizhao train` made, its name or folder; by default the one that ships"),
        ),
    ),
    "ctranslate2": Row(
        "local",
        "a CTranslate2 model of your own: OPUS-MT, Argos, NLLB-200, M2M100; offline",
        Abilities(marks="placeholders", batch=32, remote=True),
        extra="local",
        settings=(
            Setting("model", "its folder or .argosmodel, or the name under which `duizhao engines fetch` got it"),
            Setting("family", "what it is: auto, nllb, m2m100, opus, argos, single; `auto` finds out", "auto"),
            Setting("threads", "how many processor threads it takes; by default two at most"),
            Setting("beam", "how many translations are weighed at each word", "4"),
            Setting("compute_type", "how it counts: int8, int8_float32, int16, bfloat16, float32, auto", "int8"),
        ),
    ),
    "openai": Row(
        "llm",
        "a language model at any OpenAI-compatible address: OpenAI, DeepSeek, Qwen, Ollama, vLLM, llama.cpp",
        Abilities(hints=True, marks="tags", context=True, batch=64, price="tokens", remote=True),
        extra="llm",
        keys=("OPENAI_API_KEY",),
        settings=(
            Setting(
                "base_url",
                "the address; by default OPENAI_BASE_URL, else OpenAI's",
                "https://api.openai.com/v1",
                "OPENAI_BASE_URL",
            ),
            Setting("model", "the model's name, as the server knows it; there is no default"),
            Setting("key_env", "the environment variable that has the key", "OPENAI_API_KEY"),
            Setting(
                "tone",
                "how the English should sound",
                "the plain, natural English of a technical blog; American spelling",
            ),
            Setting("temperature", "0 to 2; by default it is not sent, for many models take only their own"),
            Setting("extra", 'more of the request\'s body, as JSON: `\'{"reasoning_effort": "low"}\'`'),
            Setting("structured", "how answers are structured: auto, schema, object, text; `auto` finds out", "auto"),
            Setting("batch_tokens", "tokens of source text in one request, at most", "1200"),
            Setting("concurrency", "how many requests are under way at once", "8"),
            Setting("timeout", "seconds that one request may take", "300"),
            Setting("patience", "seconds that a request is asked again, in all", "120"),
            Setting("price_in", "US dollars for a million tokens sent, where the table has no price or another"),
            Setting("price_held", "the same for tokens that the vendor has in its cache; by default price_in"),
            Setting("price_out", "the same for tokens of the answer"),
        ),
    ),
    "libretranslate": Row(
        "libretranslate",
        "a LibreTranslate server, your own or another's",
        Abilities(marks="tags", batch=20, remote=True),
        extra="libretranslate",
        keys=("LIBRETRANSLATE_API_KEY",),
        settings=(
            Setting("base_url", "where the server is, as `http://127.0.0.1:5000`; there is no default"),
            Setting("source", "its code for Chinese", "zh"),
            Setting("timeout", "seconds that one request may take", "60"),
            Setting("patience", "seconds that a request is asked again, in all", "120"),
            Setting("concurrency", "how many requests are under way at once", "4"),
        ),
    ),
    "command": Row(
        "command",
        "any program that reads JSON lines and writes JSON lines",
        Abilities(hints=True, marks="tags", context=True, batch=16, remote=True),
        settings=(
            Setting("command", "the program and its arguments, as `python3 translate.py`; no shell reads it"),
            Setting("timeout", "seconds in which some answer must come", "120"),
            Setting("version", "any word; another one forgets what the program answered before"),
        ),
    ),
    "deepl": Row(
        "deepl",
        "DeepL, with glossaries and context; it needs a key, free for half a million characters a month",
        Abilities(glossary=True, marks="tags", context=True, batch=50, price="characters", remote=True),
        extra="deepl",
        keys=("DEEPL_API_KEY", "DEEPL_AUTH_KEY"),
        settings=(
            Setting("target", "which English: en-US or en-GB", "en-US"),
            Setting(
                "model_type",
                "which of its models: prefer_quality_optimized, quality_optimized or latency_optimized",
                "prefer_quality_optimized",
            ),
            Setting(
                "context", "whether it is told what stands around: on, off, or auto, which heeds the terms", "auto"
            ),
            Setting("glossaries", "how many glossaries of ours are kept in the account; no others are touched", "3"),
            Setting("price", "US dollars for a million characters; by default 25, and 0 with a free key"),
            Setting("base_url", "another address than DeepL's own, as that of a gateway"),
            Setting("timeout", "seconds that one request may take", "60"),
            Setting("patience", "seconds that a request is asked again, in all", "120"),
            Setting("concurrency", "how many requests are under way at once", "4"),
        ),
    ),
    "echo": Row("echo", "the source itself: for tests", Abilities(marks="tags", drafts=False, identity=True)),
    "none": Row("none", "nothing: every segment is left to a person", Abilities(drafts=False)),
}
"""By name; `auto` takes the first that may be chosen and is ready, so better engines stand higher."""


def row_of(name: str, settings: Mapping[str, str] = NOTHING) -> Row:
    """Give an engine's row; a name of the user's own says with `engine:` in its settings what it stands for."""
    kind = settings.get("engine", name)
    if kind not in ENGINES:
        near = difflib.get_close_matches(kind, ENGINES, 1)
        meant = f"; did you mean {near[0]}?" if near else "."
        raise EngineError(f"there is no engine {kind}{meant} There are: auto, {', '.join(ENGINES)}")
    row = ENGINES[kind]
    known = {"engine", *(each.name for each in row.settings)}
    for key in settings:
        if key in {"key", "api_key", "auth_key", "token", "password"} and key not in known:
            raise EngineError(
                f"engines.{name}.{key}: a key does not belong into a file that is shared; put it into the environment"
                " (`duizhao engines` says under which name)"
            )
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(known))}"
            raise EngineError(f"the engine {name} has no setting {key}: {hint}")
    if has_password(settings.get("base_url", "")):
        raise EngineError(f"engines.{name}.base_url: a name or a password does not belong into a file that is shared")
    if not can_be_read(url := _address(row, settings)):
        raise EngineError(f"engines.{name}.base_url: {shown(url)} is no address")
    return row


def _address(row: Row, settings: Mapping[str, str]) -> str:
    """Give the address that an engine's settings name, or the environment where they are silent; empty: neither."""
    known = next((each for each in row.settings if each.name == "base_url"), None)
    return "" if known is None else settings.get(known.name) or os.environ.get(known.variable or "-", "")


def ready(name: str, settings: Mapping[str, str] = NOTHING) -> str:
    """Say what an engine lacks and how to mend it; empty when it can be used."""
    return cast("str", _module(row_of(name, settings)).ready(settings))


def _module(row: Row) -> Any:  # noqa: ANN401  # a module
    return import_module(f"{__name__}.{row.module}")


def choose_auto(settings: Mapping[str, Mapping[str, str]] = {}) -> str:
    """Name the best engine that is ready on this machine without a network."""
    found = next(
        (name for name, row in ENGINES.items() if row.auto and not ready(name, settings.get(name, NOTHING))), ""
    )
    if not found:
        raise EngineError("no engine is ready on this machine; `duizhao engines` says what each one lacks")
    return found


def describe(settings: Mapping[str, Mapping[str, str]] = {}) -> list[Described]:
    """List every engine, and those that the settings name, with what each lacks; settings may be what is wrong."""
    rows = []
    for name in dict.fromkeys((*ENGINES, *settings)):
        own = settings.get(name, NOTHING)
        kind = own.get("engine", name)
        row = ENGINES.get(kind, ENGINES["none"])
        try:
            missing = ready(name, own)
        except EngineError as error:
            missing = str(error)
        rows.append(Described(name, row.what, missing, row.abilities, kind))
    return rows


def warning(name: str, settings: Mapping[str, str] = NOTHING) -> str:
    """Say what is unsafe about an engine's settings, and the environment's where they are silent; empty: nothing."""
    url = _address(row_of(name, settings), settings)
    if not is_open_road(url):
        return ""
    return f"{name}: {shown(url)} is plain HTTP to another machine; your post, and any key, can be read on the way"


def show_prompt(name: str, settings: Mapping[str, str], jobs: Sequence[Job]) -> str:
    """Write what an engine would be asked for some jobs, without asking it.

    Raises `EngineError` for an engine that is asked without a prompt.
    """
    module = _module(row_of(name, settings))
    if not hasattr(module, "show_prompt"):
        raise EngineError(f"the engine {name} is asked without a prompt")
    return cast("str", module.show_prompt(jobs, settings))


def open_engine(name: str, settings: Mapping[str, str] = NOTHING) -> Engine:
    """Open an engine; the same name and settings give the same engine for the life of the process."""
    name = choose_auto() if name == "auto" else name
    row_of(name, settings)
    return _open(name, tuple(sorted(settings.items())))


@cache
def _open(name: str, settings: tuple[tuple[str, str], ...]) -> Engine:
    own = dict(settings)
    missing = ready(name, own)
    if missing:
        raise EngineError(f"the engine {name} is not ready: {missing}")
    engine = cast("Engine", _module(row_of(name, own)).open_engine(own))
    engine.name = name
    return engine
