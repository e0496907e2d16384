"""Where Firefox's model is to be had: its own discovery, the records of Mozilla's Remote Settings.

One record is one file: model, vocabulary (one, or one for each language), shortlist. `attachment` has the hash and the
size of what travels (zstd), `decompressedHash` that of what is in it. Which versions can be read `fxtranslate` says.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from translator.engines.download import Wanted, shown, text
from translator.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from httpx import Client

SOURCES = ("zh-Hans", "zh", "zh-CN")
"""What the records call Chinese, the likeliest first."""
TARGET = "en"
CDN = "https://firefox-settings-attachments.cdn.mozilla.net/"
"""Where attachments are, if the server of the records does not say."""
KINDS = ("model", "vocab", "srcvocab", "trgvocab", "lex")
"""The types of files; their names begin so."""

Record = dict[str, Any]


def find(http: Client) -> list[Wanted]:
    """Ask the records what the newest model from Chinese into English consists of.

    `FXTRANSLATE_RECORDS_URL` names another server of records.
    """
    from fxtranslate import discovery  # noqa: PLC0415  # start-up

    url = discovery.records_url()
    body = text(http, url)
    records = _read(body, url)
    chosen = choose(records)
    if not chosen:
        raise EngineError(
            f"{shown(url)} lists no model from Chinese into English that this fxtranslate can read; a newer one may:"
            " pip install -U fxtranslate"
        )
    base = _attachments(http, url)
    return [_wanted(record, base) for record in chosen]


def _read(body: str | None, url: str) -> list[Record]:
    try:
        data = json.loads(body or "")["data"]
        return [record for record in data if _is_whole(record)]
    except (ValueError, TypeError, KeyError):
        raise EngineError(f"{shown(url)} does not answer with records of models; is it the right address?") from None


def _is_whole(record: Record) -> bool:
    attached = record.get("attachment")
    names = ("name", "fileType", "sourceLanguage", "targetLanguage")
    return isinstance(attached, dict) and "location" in attached and all(isinstance(record.get(n), str) for n in names)


def choose(records: Sequence[Record]) -> list[Record]:
    """Choose the files of one model: the newest released one that can be read, and what belongs to it."""
    for source in SOURCES:
        ours = [r for r in records if (r["sourceLanguage"], r["targetLanguage"]) == (source, TARGET)]
        models = sorted((r for r in ours if r["fileType"] == "model" and _is_readable(r)), key=_rank, reverse=True)
        for model in models:
            same = [r for r in ours if r.get("version") == model.get("version")]
            same = [r for r in same if r.get("architecture") == model.get("architecture")]
            files = {kind: max((r for r in same if r["fileType"] == kind), key=_rank, default=None) for kind in KINDS}
            files["model"] = model
            if files["vocab"] or (files["srcvocab"] and files["trgvocab"]):
                return [record for record in files.values() if record]
    return []


def _is_readable(record: Record) -> bool:
    """Ask the library whether it can read a version."""
    from fxtranslate import discovery  # noqa: PLC0415  # start-up

    return bool(discovery.model_pairs(json.dumps({"data": [record]})))


def _rank(record: Record) -> tuple[bool, list[int], bool, int]:
    """Order records: released to all, then the newest, then no preview, then the larger."""
    version = str(record.get("version", "0"))
    numbers = [int(found) for found in re.findall(r"(?:^|\.)(\d+)", version)]
    size = record["attachment"].get("size")
    return not record.get("filter_expression"), numbers, version.replace(".", "").isdigit(), int(size or 0)


def _attachments(http: Client, url: str) -> str:
    """Ask the server where its attachments are, as its protocol has it."""
    root = re.match(r"https?://.*?/v1(?=/)", url)
    try:
        body = text(http, f"{root[0] if root else urljoin(url, '/v1')}/")
        base = json.loads(body or "")["capabilities"]["attachments"]["base_url"]
        if urlsplit(base).scheme in {"http", "https"}:
            return str(base).rstrip("/") + "/"
    except (EngineError, ValueError, TypeError, KeyError):
        pass
    return CDN


def _wanted(record: Record, base: str) -> Wanted:
    attached = record["attachment"]
    name = str(record["name"])
    if not re.fullmatch(r"[A-Za-z0-9][\w.+-]*", name) or not name.startswith(KINDS):
        raise EngineError(f"the records name a file {name!r}; that is no file of a model")
    location = str(attached["location"])
    return Wanted(
        name,
        urljoin(base, location),
        int(attached.get("size") or 0),
        str(attached.get("hash") or ""),
        packing(location) or packing(str(attached.get("filename") or "")),
        str(record.get("decompressedHash") or ""),
    )


def packing(name: str) -> str:
    """Tell by a name how a file is packed."""
    found = re.search(r"\.(zst|gz)$", name)
    return found[1] if found else ""


def by_name(names: Iterator[str] | Sequence[str]) -> list[str]:
    """Pick, of the names of files, those of a model; empty where one is lacking."""
    found = {kind: name for name in names for kind in KINDS if re.match(rf"{kind}\.[\w.+-]+$", name)}
    if "model" in found and ("vocab" in found or {"srcvocab", "trgvocab"} <= set(found)):
        return list(found.values())
    return []
