"""One address that speaks Chat Completions, by the official SDK: a question, its answer, and what its failures mean.

Everything that knows the vendor's exceptions is here.
"""

from __future__ import annotations

import json
import re
import time
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit

from translator.engines.insist import EndedError, Failure, retry_after
from translator.engines.keys import Key, is_loopback

if TYPE_CHECKING:
    from collections.abc import Mapping
    from threading import Event

    import openai

BASE_URL = "https://api.openai.com/v1"
CONNECT = 15.0
"""Seconds in which a connection must stand."""
BODY = 20_000_000
"""Bytes of an answer that are read before it is taken for none."""


class UnknownFormError(Exception):
    """The server does not know the form of answer that was asked for."""


class _NoAnswerError(Exception):
    """A body that is no completion."""


class Reply(NamedTuple):
    """What came back."""

    said: str = ""
    cut: bool = False
    """It broke off, or there was no room for it."""
    refused: str = ""
    usage: Mapping[str, Any] = {}
    """As the server counts; empty where it does not say."""


class Chat:
    """Where a model is asked; opened when it is asked first."""

    def __init__(self, base_url: str, model: str, key_env: str, key: Key | None, timeout: float) -> None:
        parts = urlsplit(base_url)
        self.place = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        """The address as it may be shown and signed: without a name and a password."""
        self.model, self.timeout = model, timeout
        self._base_url, self._key_env, self._key = base_url, key_env, key
        self._client: openai.OpenAI | None = None
        self._lock = Lock()

    def ask(self, body: Mapping[str, Any], ended: Event) -> Reply:
        """Make one request. What the server will not do for these sentences is a reply, any other failure is raised."""
        import openai  # noqa: PLC0415

        try:
            return _reply(self._exchange(body, ended))
        except openai.APIStatusError as error:
            return _of_these_sentences(error, has_form="response_format" in body)

    def _exchange(self, body: Mapping[str, Any], ended: Event) -> Mapping[str, Any]:
        """Send and read; an answer that trickles is given up when its time is over."""
        until = time.monotonic() + self.timeout
        create = self._opened().chat.completions.with_streaming_response.create
        whole = bytearray()
        with create(model=body["model"], messages=body["messages"], extra_body=body) as response:
            for chunk in response.iter_bytes():
                whole += chunk
                if ended.is_set():
                    raise EndedError("nothing more was asked")
                if time.monotonic() > until:
                    raise TimeoutError
                if len(whole) > BODY:
                    raise _NoAnswerError
        try:
            answer = json.loads(whole)
        except ValueError:
            raise _NoAnswerError from None
        if not isinstance(answer, dict) or not answer.get("choices"):
            raise _NoAnswerError(_message(answer))
        return answer

    def _opened(self) -> openai.OpenAI:
        with self._lock:
            self._client = self._client or self._open()
            return self._client

    def _open(self) -> openai.OpenAI:
        """Open the SDK: its own retries off, the environment's proxies and certificates in force.

        A server on this machine is asked without a proxy. What the SDK reads from the environment besides, the
        organisation and the project, goes to OpenAI alone.
        """
        import openai  # noqa: PLC0415

        here = is_loopback(self._base_url) and self._base_url.startswith("http:")
        client = openai.OpenAI(
            api_key=self._key or "none",
            base_url=self._base_url,
            timeout=openai.Timeout(self.timeout, connect=min(CONNECT, self.timeout)),
            max_retries=0,
            http_client=openai.DefaultHttpxClient(trust_env=False) if here else None,
        )
        if urlsplit(self._base_url).hostname != urlsplit(BASE_URL).hostname:
            client.organization = client.project = None
        return client

    def judge(self, error: Exception) -> Failure | None:
        """Say what a failed request means: the only place that knows the vendor's exceptions."""
        import openai  # noqa: PLC0415

        kinds = {kind.__name__ for each in (error, error.__cause__) for kind in type(each).__mro__}
        if isinstance(error, openai.APIStatusError):
            return self._refused(error)
        if isinstance(error, _NoAnswerError):
            said = f" ({_clean(str(error))})" if str(error) else ""
            return Failure(
                f"{self.place} answered with something that is no completion{said}: is base_url right?", True
            )
        if kinds & {"TimeoutError", "TimeoutException"}:
            return Failure(f"{self.place} did not answer within {self.timeout:g} seconds", passes=True)
        if kinds & {"ConnectError", "ProxyError", "UnsupportedProtocol", "InvalidURL", "LocalProtocolError"}:
            return Failure(f"{self.place} cannot be reached: is the address right, and does the server run?")
        if kinds & {"APIConnectionError", "TransportError", "StreamError", "DecodingError"}:
            return Failure(f"{self.place} broke the connection off", passes=True)
        return None

    def _refused(self, error: openai.APIStatusError) -> Failure:
        """Say what a status means."""
        status, said = error.status_code, _clean(_message(error.body))
        quoted = f": {said}" if said else ""
        if status == 401:
            return Failure(f"{self.place} does not accept the key (401): look at {self._key_env}")
        if status == 402 or "insufficient_quota" in (error.code, error.type):
            return Failure(f"the quota or the balance at {self.place} is used up ({status}); see your account there")
        if status == 403:
            return Failure(
                f"{self.place} forbids this (403): may your key use {self.model}?{quoted and f' It says{quoted}'}"
            )
        if status == 404:
            return Failure(f"there is no model {self.model} at {self.place}, or the address is wrong (404){quoted}")
        if status in PASSING or (status >= 500 and status != 501):
            wait = retry_after(error.response.headers.get("retry-after"))
            why = "asks to be asked less often" if status == 429 else "has a failure of its own"
            return Failure(f"{self.place} {why} ({status})", True, wait)
        return Failure(f"{self.place} does not take the request ({status}){quoted}")


# ── What the server says ──────────────────────────────────────────────────────────────────────────────────────────────

UNKNOWN_FORM = re.compile(
    r"response[ _]?format|json[ _]?(?:schema|object|mode)|structured output|requested parameters", re.IGNORECASE
)
TOO_LONG = re.compile(
    r"context[ _](?:length|window|size)|(?:prompt|input|request) is too (?:long|large)|too many tokens", re.IGNORECASE
)
FILTERED = re.compile(
    r"content[ _]filter|content exists risk|content management policy|content[ _]policy|data_inspection_failed"
    r"|inappropriate content|sensitive",
    re.IGNORECASE,
)
PASSING = frozenset({408, 409, 425, 429})
SECRET = re.compile(r"\b(?:sk|key|pk|gsk|xai)-[\w*.-]{4,}|[Bb]earer +\S+|\b[A-Za-z0-9_-]{32,}\b|\S*\*{3,}\S*")
"""What may be a key, or a part of one, in what a server says."""


def _of_these_sentences(error: openai.APIStatusError, *, has_form: bool) -> Reply:
    """Tell what is refused for these sentences or this form alone; anything else goes on as it is."""
    said = _message(error.body) + " " + str(error.code or "")
    if error.status_code not in {400, 404, 413, 415, 422, 500, 501}:
        raise error
    if TOO_LONG.search(said):
        return Reply(cut=True)
    if has_form and UNKNOWN_FORM.search(f"{said} {error.param}"):
        raise UnknownFormError(_clean(_message(error.body)))
    if FILTERED.search(said):
        return Reply(refused=_clean(_message(error.body)))
    raise error


def _message(body: object) -> str:
    """Find what an error says: `{"error": {"message": …}}`, `{"message": …}`, `{"detail": …}`, or a text."""
    if isinstance(body, dict):
        inner = next((body[key] for key in ("error", "message", "detail", "msg") if body.get(key)), "")
        return _message(inner)
    return body if isinstance(body, str) and not body.lstrip().startswith("<") else ""


def _clean(said: str) -> str:
    """Make one short line of what a server says, without what may be a key."""
    return SECRET.sub("‹key›", " ".join(said.split()))[:200]


def _content(answer: Mapping[str, Any]) -> str:
    content = (answer["choices"][0].get("message") or {}).get("content") or ""
    if isinstance(content, list):
        return "".join(str(part.get("text") or "") for part in content if isinstance(part, dict))
    return str(content)


def _reply(answer: Mapping[str, Any]) -> Reply:
    choice = answer["choices"][0]
    ending, refusal = choice.get("finish_reason"), (choice.get("message") or {}).get("refusal") or ""
    if ending == "content_filter":
        refusal = refusal or "a content filter"
    usage = answer.get("usage")
    return Reply(_content(answer), ending == "length", _clean(refusal), usage if isinstance(usage, dict) else {})
