"""One address that speaks Chat Completions, by the official SDK: a question, its answer, and what its failures mean.

Everything that knows the vendor's exceptions is here.
"""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from urllib.parse import urlsplit, urlunsplit

from translator.engines.insist import EndedError, Failure, retry_after
from translator.engines.keys import is_loopback

if TYPE_CHECKING:
    from collections.abc import Mapping
    from threading import Event

    import openai

    from translator.engines.keys import Key

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
    """Where a model is asked; its connections are kept while it is open."""

    def __init__(self, base_url: str, model: str, key_env: str, key: Key | None, timeout: float) -> None:
        self.place = shown(base_url)
        self.model, self.key_env, self.timeout = model, key_env, timeout
        self._key, self._client = key, _client(base_url, key, timeout)

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close its connections."""
        self._client.close()

    def ask(self, body: Mapping[str, Any], ended: Event) -> Reply:
        """Make one request. What the server will not do for these sentences is a reply, any other failure is raised."""
        import openai  # noqa: PLC0415

        try:
            return _reply(self._exchange(body, ended), self._key)
        except openai.APIStatusError as error:
            return _of_these_sentences(error, self._key, has_form="response_format" in body)

    def _exchange(self, body: Mapping[str, Any], ended: Event) -> Mapping[str, Any]:
        """Send and read; an answer that trickles is given up when its time is over."""
        until = time.monotonic() + self.timeout
        create = self._client.chat.completions.with_streaming_response.create
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

    def judge(self, error: Exception) -> Failure | None:
        """Say what a failed request means: the only place that knows the vendor's exceptions."""
        import openai  # noqa: PLC0415

        kinds = {kind.__name__ for each in (error, error.__cause__) for kind in type(each).__mro__}
        if isinstance(error, openai.APIStatusError):
            return self._refused(error)
        if isinstance(error, _NoAnswerError):
            said = f" ({_clean(str(error), self._key)})" if str(error) else ""
            return Failure(
                f"{self.place} answered with something that is no completion{said}: is base_url right?", True
            )
        if kinds & {"TimeoutError", "TimeoutException"}:
            return Failure(f"{self.place} did not answer within {self.timeout:g} seconds", passes=True)
        if kinds & {"ConnectError", "ProxyError", "UnsupportedProtocol", "InvalidURL", "LocalProtocolError"}:
            known = "SSLCertVerificationError" not in _causes(error)
            return Failure(f"{self.place} cannot be reached: {SILENT if known else UNKNOWN}")
        if kinds & {"APIConnectionError", "TransportError", "StreamError", "DecodingError"}:
            return Failure(f"{self.place} broke the connection off", passes=True)
        return None

    def _refused(self, error: openai.APIStatusError) -> Failure:
        """Say what a status means."""
        status, said = error.status_code, _clean(_message(error.body), self._key)
        quoted = f": {said}" if said else ""
        if status == 401:
            return Failure(f"{self.place} does not accept the key (401): look at {self.key_env}")
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


def shown(base_url: str) -> str:
    """Give an address as it may be shown and signed: without a name and a password."""
    parts = urlsplit(base_url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _client(base_url: str, key: Key | None, timeout: float) -> openai.OpenAI:
    """Open the SDK: its own retries off, the environment's proxies and certificates in force.

    A server on this machine is asked without a proxy. What the SDK reads from the environment besides, the organisation
    and the project, goes to OpenAI alone.
    """
    import openai  # noqa: PLC0415

    here = is_loopback(base_url) and base_url.startswith("http:")
    client = openai.OpenAI(
        api_key=key or "none",
        base_url=base_url,
        timeout=openai.Timeout(timeout, connect=min(CONNECT, timeout)),
        max_retries=0,
        http_client=openai.DefaultHttpxClient(trust_env=False) if here else None,
    )
    if urlsplit(base_url).hostname != urlsplit(BASE_URL).hostname:
        client.organization = client.project = None
    return client


SILENT = "is the address right, and does the server run?"
UNKNOWN = "its certificate is of nobody that is known here; SSL_CERT_FILE names a file of those that are"


def _causes(error: BaseException | None) -> set[str]:
    """Name the kinds of all that led to an exception."""
    names = set()
    while error is not None:
        names.add(type(error).__name__)
        error = error.__cause__ or error.__context__
    return names


# ── What the server says ──────────────────────────────────────────────────────────────────────────────────────────────

UNKNOWN_FORM = re.compile(
    r"response[ _]?format|json[ _]?(?:schema|object|mode)|structured output|requested parameters", re.IGNORECASE
)
TOO_LONG = re.compile(
    r"context[ _](?:length|window|size)|(?:prompt|input|request) is too (?:long|large)|too many tokens", re.IGNORECASE
)
FILTERED = re.compile(
    r"content[ _]filter|content exists risk|content management policy|content[ _]policy|data_inspection_failed"
    r"|inappropriate content|sensitive (?:content|information|words?)",
    re.IGNORECASE,
)
PASSING = frozenset({408, 409, 425, 429})
SECRET = re.compile(r"\b(?:sk|key|pk|gsk|xai)-[\w*.-]{4,}|[Bb]earer +\S+|\b[A-Za-z0-9_-]{32,}\b|\S*\*{3,}\S*")
"""What may be a key, or a part of one, in what a server says."""


def _of_these_sentences(error: openai.APIStatusError, key: Key | None, *, has_form: bool) -> Reply:
    """Tell what is refused for these sentences or this form alone; anything else goes on as it is."""
    said = _message(error.body) + " " + str(error.code or "")
    if error.status_code not in {400, 404, 413, 415, 422, 500, 501}:
        raise error
    if TOO_LONG.search(said):
        return Reply(cut=True)
    if has_form and UNKNOWN_FORM.search(f"{said} {error.param}"):
        raise UnknownFormError(_clean(_message(error.body), key))
    if FILTERED.search(said):
        return Reply(refused=_clean(_message(error.body), key))
    raise error


def _message(body: object) -> str:
    """Find what an error says: `{"error": {"message": …}}`, `{"message": …}`, `{"detail": …}`, or a text."""
    if isinstance(body, dict):
        inner = next((body[key] for key in ("error", "message", "detail", "msg") if body.get(key)), "")
        return _message(inner)
    return body if isinstance(body, str) and not body.lstrip().startswith("<") else ""


def _clean(said: str, key: Key | None) -> str:
    """Make one short line of what a server says, without the key and what may be one."""
    return SECRET.sub("‹key›", " ".join((key.hidden_in(said) if key else said).split()))[:200]


def _content(answer: Mapping[str, Any]) -> str:
    content = (answer["choices"][0].get("message") or {}).get("content") or ""
    if isinstance(content, list):
        return "".join(str(part.get("text") or "") for part in content if isinstance(part, dict))
    return str(content)


def _reply(answer: Mapping[str, Any], key: Key | None) -> Reply:
    choice = answer["choices"][0]
    ending, refusal = choice.get("finish_reason"), (choice.get("message") or {}).get("refusal") or ""
    if ending == "content_filter":
        refusal = refusal or "a content filter"
    usage = answer.get("usage")
    return Reply(_content(answer), ending == "length", _clean(refusal, key), usage if isinstance(usage, dict) else {})
