"""A server that speaks DeepL's API: /v2/translate, /v2/usage, /v2/glossaries and /v3/glossaries.

Written from the vendor's public descriptions: its OpenAPI 3.5 to 3.10 (2025 to January 2026), and its pages on XML with
tag handling v2, which parses strictly, on glossaries and on errors, as they stood then.
"""

from __future__ import annotations

import itertools
import json
import re
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from loopback import Loopback, Reply, Request
from speaking import wrong

KEY = "canary-5f0c-deepl-key-93b1"
ENV = {"DEEPL_API_KEY": KEY}
MOST_TEXTS = 50
MOST_BYTES = 128 * 1024
MESSAGES = {
    400: "Bad request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not found",
    413: "Request Entity Too Large",
    429: "Too many requests",
    456: "Quota Exceeded",
    503: "Service Unavailable",
}
LESS, MORE = "\ue000", "\ue001"
"""The author's own `<` and `>` while a text is put into English."""
FORBIDDEN = re.compile("[\\0-\\x1f\\x80-\\x9f\\u2028\\u2029]")


def settings(server: DeepLServer) -> dict[str, str]:
    """Give the settings under which the engine talks to a server."""
    return {"base_url": server.url}


class RefusedError(Exception):
    """An answer that is an error: its status, and what it says."""

    def __init__(self, status: int, message: str = "", detail: str = "") -> None:
        self.status, self.message, self.detail = status, message or MESSAGES.get(status, ""), detail


class DeepLServer(Loopback):
    """Translates at once, keeps glossaries, and can be told what plan it is on.

    `faults` and `always` fall on translations only: HTTP's, or one of `speaking.ONE_FAULTS`, which strikes every text.
    """

    def __init__(
        self,
        delay: float = 0.0,
        *,
        drops_glossary_with_context: bool = False,
        has_v3: bool = True,
        has_v2: bool = True,
        refuses_glossaries: int = 0,
        takes_glossaries: bool = True,
        slow_glossaries: int = 0,
        echoes_key: bool = False,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        super().__init__(delay)
        self.drops_glossary_with_context = drops_glossary_with_context
        self.has_v3, self.has_v2 = has_v3, has_v2
        self.refuses_glossaries = refuses_glossaries
        """The status with which a new glossary is refused; 0: none is."""
        self.takes_glossaries = takes_glossaries
        """Whether a translation may name a glossary; else it is told that there is none."""
        self.slow_glossaries = slow_glossaries
        """How often one of v2 is looked at before it is ready."""
        self.echoes_key = echoes_key
        """Whether error messages hold the key, as a careless gateway's do."""
        self.most_bytes = most_bytes
        self.glossaries: dict[str, dict] = {}
        self.billed = 0
        self._ids = itertools.count(1)

    def counts(self, request: Request) -> bool:
        return request.path == "/v2/translate"

    def refusal(self, status: int) -> bytes:
        said = MESSAGES.get(status, f"status {status}") + (f", key {KEY}" if self.echoes_key else "")
        return json.dumps({"message": said}).encode()

    def reply(self, request: Request, fault: str) -> Reply:
        try:
            return self._routed(request, fault)
        except RefusedError as error:
            said = {"message": error.message} | ({"detail": error.detail} if error.detail else {})
            return Reply(json.dumps(said).encode(), error.status)

    def translations(self) -> list[dict]:
        """Give the bodies of the translations that were asked for."""
        return [json.loads(one.body) for one in self.requests if one.path == "/v2/translate"]

    def texts(self) -> list[str]:
        """Give the texts that were asked for."""
        return [text for body in self.translations() for text in body["text"]]

    def add_glossary(self, name: str, pairs: dict[str, str], made: str = "", source: str = "zh") -> str:
        """Keep a glossary; gives its identifier."""
        number = next(self._ids)
        name_of = f"{number:08x}-0000-4000-8000-{number:012x}"
        made = made or datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        self.glossaries[name_of] = {"name": name, "made": made, "pairs": {(source, "en"): pairs}}
        return name_of

    def names(self) -> list[str]:
        """Name the glossaries that are kept, the oldest first."""
        return [one["name"] for one in self.glossaries.values()]

    # ── Routes ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _routed(self, request: Request, fault: str) -> Reply:
        if request.headers.get("Authorization") != f"DeepL-Auth-Key {KEY}":
            raise RefusedError(403)
        version, kind, *rest = urlsplit(request.path).path.strip("/").split("/")
        if (version, kind) == ("v2", "translate"):
            return self._translated(request, fault)
        if (version, kind) == ("v2", "usage"):
            return _json({"character_count": self.billed, "character_limit": 500_000})
        if kind == "glossaries" and (self.has_v3 if version == "v3" else self.has_v2):
            return self._shelf(request, version, rest)
        raise RefusedError(404)

    def _translated(self, request: Request, fault: str) -> Reply:
        if len(request.body) > self.most_bytes:
            raise RefusedError(413)
        body = _body(request)
        texts = body.get("text")
        if not texts or not isinstance(texts, list) or len(texts) > MOST_TEXTS or not all(texts):
            raise RefusedError(400, "Parameter 'text' not specified or too many texts.")
        if str(body.get("target_lang", "")).upper() not in {"EN-US", "EN-GB"}:
            raise RefusedError(400, "Value for 'target_lang' not supported.")
        terms = self._terms(body)
        said = [self._said(text, terms, fault, body) for text in texts]
        return _json({"translations": said})

    def _terms(self, body: dict) -> dict[str, str]:
        wanted = body.get("glossary_id")
        if not wanted:
            return {}
        if not body.get("source_lang"):
            raise RefusedError(400, "Parameter 'source_lang' is required with 'glossary_id'.")
        if wanted not in self.glossaries or not self.takes_glossaries:
            raise RefusedError(404, "Glossary not found")
        pair = (body["source_lang"].lower(), body["target_lang"].lower()[:2])
        if pair not in self.glossaries[wanted]["pairs"]:
            raise RefusedError(400, "Glossary does not have this language pair.")
        return (
            {} if body.get("context") and self.drops_glossary_with_context else self.glossaries[wanted]["pairs"][pair]
        )

    def _said(self, text: str, terms: dict[str, str], fault: str, body: dict) -> dict:
        if body.get("tag_handling") == "xml":
            marked, size, kept = read_xml(text, body.get("ignore_tags") or [])
            said = write_xml(wrong(marked, fault, terms), kept)
        else:
            said, size = wrong(text, fault, terms), len(text)
        self.billed += size
        out = {"detected_source_language": "ZH", "text": said}
        if body.get("show_billed_characters"):
            out["billed_characters"] = size
        if body.get("model_type"):
            out["model_type_used"] = "quality_optimized"
        return out

    def _shelf(self, request: Request, version: str, rest: list[str]) -> Reply:
        if request.method == "POST" and not rest:
            return self._made(_body(request), version)
        if request.method == "GET" and not rest:
            shown = [self._shown(one, version) for one in self.glossaries]
            return _json({"glossaries": [one for one in shown if one]})
        if not rest or rest[0] not in self.glossaries:
            raise RefusedError(404, "Glossary not found")
        if request.method == "DELETE":
            del self.glossaries[rest[0]]
            return Reply(b"", 204)
        if rest[1:] == ["entries"]:
            (pairs,) = self.glossaries[rest[0]]["pairs"].values()
            tsv = "\n".join("\t".join(pair) for pair in pairs.items())
            return Reply(tsv.encode(), headers={"Content-Type": "text/tab-separated-values"})
        return _json(self._shown(rest[0], version))

    def _made(self, body: dict, version: str) -> Reply:
        if self.refuses_glossaries:
            detail = "Your plan has no glossaries" + (f", key {KEY}" if self.echoes_key else "")
            raise RefusedError(self.refuses_glossaries, detail=detail)
        parts = body["dictionaries"] if version == "v3" else [body]
        if not body.get("name") or len(parts) != 1 or parts[0]["entries_format"] != "tsv":
            raise RefusedError(400, "Bad request", "Invalid glossary")
        pairs = _pairs(parts[0]["entries"])
        made = self.add_glossary(body["name"], pairs, source=parts[0]["source_lang"].lower())
        return _json(self._shown(made, version), 201)

    def _shown(self, one: str, version: str) -> dict:
        kept = self.glossaries[one]
        head = {"glossary_id": one, "name": kept["name"], "creation_time": kept["made"]}
        parts = [
            {"source_lang": source, "target_lang": target, "entry_count": len(pairs)}
            for (source, target), pairs in kept["pairs"].items()
        ]
        if version == "v3":
            return head | {"dictionaries": parts}
        self.slow_glossaries -= 1
        return head | {"ready": self.slow_glossaries < 0, **parts[0]}


# ── What is read, and what is written ─────────────────────────────────────────────────────────────────────────────────


def read_xml(text: str, ignored: list[str]) -> tuple[str, int, dict[str, str]]:
    """Parse a text strictly; gives it with marks as `<tN>` and `<xN>`, what is paid for, and what stays as it is."""
    try:
        root = ET.fromstring(f"<r>{text}</r>")  # noqa: S314  # it comes from the engine under test
    except (ET.ParseError, UnicodeEncodeError) as error:
        raise RefusedError(400, "Tag handling parsing failed, please check input.") from error
    size = len("".join(root.itertext()))
    kept = {f"<kept{n}>": one for n, one in enumerate(root.iter()) if one.tag in ignored}
    for token, one in kept.items():
        whole = f"<{one.tag}>{escape(one.text or '')}</{one.tag}>"
        one.tag, one.text = token[1:-1], ""
        kept[token] = whole
    return _marked(root), size, kept


def _marked(one: ET.Element) -> str:
    def plain(text: str | None) -> str:
        return (text or "").replace("<", LESS).replace(">", MORE)

    out = plain(one.text)
    for child in one:
        inner = _marked(child)
        is_empty = not inner and not child.tag.startswith("t")
        out += f"<{child.tag}>" if is_empty else f"<{child.tag}>{inner}</{child.tag}>"
        out += plain(child.tail)
    return out


def write_xml(text: str, kept: dict[str, str]) -> str:
    """Write what `wrong` made of a text: what stands between tags is escaped, tags as they came, right or wrong."""

    def spell(part: str) -> str:
        if part in kept:
            return kept[part]
        if re.fullmatch(r"<[^<>/]+>", part) and not part.startswith("<t"):
            return f"{part[:-1]}/>"
        return part if re.fullmatch(r"<[^<>]+>", part) else escape(part)

    return "".join(spell(part) for part in re.split(r"(<[^<>]+>)", text)).replace(LESS, "&lt;").replace(MORE, "&gt;")


def _pairs(tsv: str) -> dict[str, str]:
    """Read the entries of a glossary as strictly as the vendor does."""
    pairs: dict[str, str] = {}
    for line in tsv.split("\n"):
        source, tab, target = line.partition("\t")
        if not source.strip() or not target.strip() or not tab or FORBIDDEN.search(source + target):
            raise RefusedError(400, "Bad request", f"Invalid glossary entries: {line!r}")
        if source in pairs:
            raise RefusedError(400, "Bad request", f"Duplicate source entry {source!r}")
        if '"' in line or max(len(source.encode()), len(target.encode())) > 1024:
            raise RefusedError(400, "Bad request", f"Entry cannot be read: {line!r}")
        pairs[source] = target
    if not pairs:
        raise RefusedError(400, "Bad request", "No entries")
    return pairs


def _body(request: Request) -> dict:
    if "json" in request.headers.get("Content-Type", ""):
        return json.loads(request.body)
    form = parse_qs(request.body.decode())
    return {key: values if key == "text" else values[0] for key, values in form.items()}


def _json(said: object, status: int = 200) -> Reply:
    return Reply(json.dumps(said, ensure_ascii=False).encode(), status)
