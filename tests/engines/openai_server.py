"""Speaks `POST /v1/chat/completions` as OpenAI documents it, and does what models and vendors do wrong with it.

Written from the public API reference of Chat Completions (`choices[].message.content`, `refusal`, `finish_reason`,
`usage.prompt_tokens_details.cached_tokens`, `response_format` of `json_schema` and `json_object`) and the guide to
error codes, as they stood in 2026, and from the types of the SDK 3.57. Its "model" reads the prompt that the engine
writes.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from loopback import Loopback, Reply
from speaking import MARK, english, wrong

if TYPE_CHECKING:
    from loopback import Request

MODEL = "test-model"
ENV = {"OPENAI_API_KEY": "sk-loopback-0123456789"}
FORMS = ("schema", "object", "text")
MORE_FAULTS = (
    "length",
    "refused",
    "filtered",
    "filtered 400",
    "quota",
    "balance",
    "too long",
    "nonsense",
    "no usage",
    "other order",
    "swapped texts",
    "list",
    "map",
)
"""What this vendor's models and servers do besides what any does.

`length`: cut in the middle, and said so; `refused`: in the field for it; `filtered`: by a content filter, in the answer
or by status 400; `quota`, `balance`: used up; `too long`: for the model's context; `swapped texts`: two translations
exchanged, each under the other's id and beginning; `list`, `map`: JSON of another shape.
"""
ERRORS = {
    400: ("invalid_request_error", None, "Bad request."),
    401: ("invalid_request_error", "invalid_api_key", "Incorrect API key provided: sk-loop****6789."),
    402: ("unknown_error", "invalid_request_error", "Insufficient Balance"),
    403: ("invalid_request_error", "model_not_found", "Project does not have access to model."),
    404: ("invalid_request_error", "model_not_found", f"The model `{MODEL}` does not exist."),
    429: ("requests", "rate_limit_exceeded", "Rate limit reached for requests per min."),
    500: ("server_error", None, "The server had an error while processing your request."),
    503: ("server_error", None, "The engine is currently overloaded."),
}


def settings(server: Loopback) -> dict[str, str]:
    """Give everything the engine needs to talk to a server."""
    return {"base_url": f"{server.url}/v1", "model": MODEL}


class OpenAIServer(Loopback):
    """Knows `response_format` up to a form: `schema`, `object` (no `json_schema`), or `text` (neither)."""

    def __init__(self, delay: float = 0.0, knows: str = "schema", key: str = "") -> None:
        super().__init__(delay)
        self.knows = knows
        self.key = key
        """The only key it takes; empty: any, and none."""
        self.hit = ""
        """Only sentences with this in them are spoken wrong; empty: every one."""

    def refusal(self, status: int) -> bytes:
        kind, code, message = ERRORS.get(status, ERRORS[400])
        return error(message, kind, code)

    def reply(self, request: Request, fault: str) -> Reply:
        if not request.path.endswith("/chat/completions") or request.method != "POST":
            return Reply(error(f"Invalid URL ({request.method} {request.path})"), 404)
        if self.key and authorization(request) != f"Bearer {self.key}":
            return Reply(self.refusal(401), 401)
        body = json.loads(request.body)
        form = form_of(body)
        if FORMS.index(form) < FORMS.index(self.knows):
            message = f"Invalid parameter: 'response_format' of type '{form}' is not supported with this model."
            return Reply(error(message, param="response_format"), 400)
        if fault in _STATUSES and any(self.hit in one["zh"] for one in sentences(body)):
            status, *rest = _STATUSES[fault]
            return Reply(error(*rest), status)
        return Reply(json.dumps(self._completion(body, form, fault), ensure_ascii=False).encode())

    def _completion(self, body: dict[str, Any], form: str, fault: str) -> dict[str, Any]:
        asked = sentences(body)
        touched = [one for one in asked if self.hit in one["zh"]]
        message: dict[str, Any] = {"role": "assistant", "content": None, "refusal": None}
        finish = "stop"
        if fault == "refused" and touched:
            message["refusal"] = "I'm sorry, I cannot assist with that request."
        elif fault == "filtered" and touched:
            finish = "content_filter"
        elif fault == "nonsense":
            message["content"] = "Certainly! The river runs past the garden, and the candles are lit."
        else:
            entries = [entry(one, fault if one in touched else "") for one in asked]
            fault = fault if touched else ""
            message["content"] = written(told(entries, fault), form, fault)
            finish = "length" if fault == "length" else "stop"
        said = message["content"] or ""
        sent = sum(len(each["content"]) for each in body["messages"]) // 2
        usage = {
            "prompt_tokens": sent,
            "completion_tokens": len(said) // 4 + 1,
            "total_tokens": sent + len(said) // 4 + 1,
            "prompt_tokens_details": {"cached_tokens": sent // 2, "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
        }
        return {
            "id": "chatcmpl-0",
            "object": "chat.completion",
            "created": 1_790_000_000,
            "model": body["model"],
            "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": finish}],
        } | ({} if fault == "no usage" else {"usage": usage})


def error(
    message: str, kind: str = "invalid_request_error", code: str | None = None, param: str | None = None
) -> bytes:
    """Write an error as OpenAI does."""
    return json.dumps({"error": {"message": message, "type": kind, "param": param, "code": code}}).encode()


_STATUSES: dict[str, tuple[Any, ...]] = {
    "quota": (
        429,
        "You exceeded your current quota, please check your plan.",
        "insufficient_quota",
        "insufficient_quota",
    ),
    "balance": (402, "Insufficient Balance", "unknown_error", "invalid_request_error"),
    "too long": (
        400,
        "This model's maximum context length is 4096 tokens.",
        "invalid_request_error",
        "context_length_exceeded",
        "messages",
    ),
    "filtered 400": (400, "Content Exists Risk", "invalid_request_error", "invalid_request_error"),
}


def form_of(body: dict[str, Any]) -> str:
    """Name the form of answer that a request asks for."""
    kind = body.get("response_format", {}).get("type", "text")
    return {"json_schema": "schema", "json_object": "object"}.get(kind, "text")


def sentences(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Read the sentences that a request asks for."""
    material = json.loads(body["messages"][-1]["content"])
    return [one for section in material["sections"] for block in section["blocks"] for one in block["sentences"]]


def entry(one: dict[str, Any], fault: str = "") -> dict[str, str]:
    """Answer one sentence."""
    return {
        "id": one["id"],
        "start": MARK.sub("", one["zh"]).strip()[:4],
        "en": wrong(one["zh"], fault, dict(one.get("terms", []))),
    }


def told(entries: list[dict[str, str]], fault: str) -> list[dict[str, str]]:
    """Put the entries together, or together wrong."""
    first, *rest = entries
    if fault == "one missing":
        return rest
    if fault == "doubled":
        return [first, first | {"en": english("另一个说法。") + " " + first["en"]}, *rest]
    if fault == "other order":
        return entries[::-1]
    return [*_mixed(first, rest[0], fault), *rest[1:]] if rest else entries


def _mixed(one: dict[str, str], other: dict[str, str], fault: str) -> tuple[dict[str, str], dict[str, str]]:
    """Take one sentence for another."""
    if fault == "swapped":
        return one | {"id": other["id"]}, other | {"id": one["id"]}
    if fault == "swapped texts":
        return one | {"en": other["en"]}, other | {"en": one["en"]}
    if fault == "merged":
        return one | {"en": f"{one['en']} {other['en']}"}, other | {"en": ""}
    return one, other


def written(entries: list[dict[str, str]], form: str, fault: str) -> str:
    """Write the entries down as asked, or in another way."""
    if form == "text":
        whole = "\n".join(f"[[{one['id']} {one['start']}]] {one['en']}" for one in entries)
    elif fault == "list":
        whole = json.dumps(entries, ensure_ascii=False)
    elif fault == "map":
        whole = json.dumps({one["id"]: one["en"] for one in entries}, ensure_ascii=False)
    else:
        whole = json.dumps({"translations": entries}, ensure_ascii=False, indent=1)
    if fault == "fenced":
        return f"```json\n{whole}\n```"
    if fault == "prose around":
        return f"Here are the translations you asked for:\n\n{whole}\n\nLet me know if you need anything else!"
    if fault in {"half json", "length"}:
        return whole[: len(whole) // 2]
    return whole


def authorization(request: Request) -> str:
    """Give the header with the key; names of headers know no case."""
    return next((value for name, value in request.headers.items() if name.casefold() == "authorization"), "")


def system_of(request: Request) -> str:
    """Give the instruction of a request."""
    return re.sub(r"\s+", " ", json.loads(request.body)["messages"][0]["content"])
