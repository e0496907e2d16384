"""A LibreTranslate server: `POST /translate` in HTML mode, several sentences a request.

Written for LibreTranslate 1.6 and 1.7, whose HTML mode parses a text, keeps what stands in `<code>`, translates the
rest, and undoes character references in what it gives back.
"""

from __future__ import annotations

import html
import json
import re
import time
import weakref
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from translator.engines import ENGINES
from translator.engines.insist import Failure, Patience, insist, retry_after
from translator.engines.keys import find_key, how_to_set
from translator.engines.pool import DEADLINE, spread
from translator.errors import EngineError
from translator.model import Answer, Candidate, Usage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from threading import Event

    import httpx

    from translator.engines.keys import Key
    from translator.meter import Meter
    from translator.model import Job

KEY = "LIBRETRANSLATE_API_KEY"
MARK = re.compile(r"<(/?)([tx])([1-9][0-9]*)>")
TAG = re.compile(
    r'<code id="x(?P<hole>[0-9]+)"\s*>[^<]*</code>|<b id="t(?P<begin>[0-9]+)"\s*>|(?P<end></b>)'
    r"|</?[a-z][a-z0-9]*(?:\s[^<>]*=[^<>]*)?/?>",
    re.IGNORECASE,
)
"""Our tags, and any other."""
REFERENCE = re.compile(r"&(?:amp|lt|gt|quot|#x27|#39);")
MOST = 4000
"""Characters of a request, markup included: many servers take no more."""
TOO_LONG = re.compile(r"exceeds (?:the )?(?:text|character) limit", re.IGNORECASE)
BODY = 20_000_000
"""Bytes of an answer that are read before it is taken for none."""
PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504})


class _RefusedError(Exception):
    """An answer whose status says no."""

    def __init__(self, status: int, said: str, wait: float | None) -> None:
        super().__init__(status)
        self.status, self.said, self.wait = status, said, wait


class _SlowError(Exception):
    """An answer that does not come to its end."""


class _NoJsonError(Exception):
    """An answer that is no JSON."""


# ── Marks ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def to_html(text: str) -> str:
    """Write a job's text as HTML: `<t1>` as `<b id="t1">`, `<x1>` as `<code id="x1">X1</code>`, the rest escaped.

    A hole has words of its own: an empty element would be moved to the front.
    """
    out, at = [], 0
    for found in MARK.finditer(text):
        out.append(html.escape(text[at : found.start()], quote=False))
        closing, kind, number = found.groups()
        if kind == "x" and not closing:
            out.append(f'<code id="x{number}">X{number}</code>')
        else:
            out.append("</b>" if closing else f'<b id="t{number}">')
        at = found.end()
    return "".join(out) + html.escape(text[at:], quote=False)


def from_html(said: str, text: str) -> str | None:
    """Read an answer back; None where it has tags that were not sent, or closes what is not open.

    References are undone only where the job's own text has none: the server undoes them itself, older ones do not.
    """
    out, at, open_ = [], 0, []
    for found in TAG.finditer(said):
        mark = ""
        if found["hole"]:
            mark = f"<x{found['hole']}>"
        elif found["begin"]:
            open_.append(found["begin"])
            mark = f"<t{found['begin']}>"
        elif found["end"] and open_:
            mark = f"</t{open_.pop()}>"
        elif found[0] not in text:
            return None
        out += [_unescaped(said[at : found.start()], text), mark or found[0]]
        at = found.end()
    return None if open_ else "".join(out) + _unescaped(said[at:], text)


def _unescaped(said: str, text: str) -> str:
    return said if REFERENCE.search(text) else REFERENCE.sub(lambda found: html.unescape(found[0]), said)


# ── The engine ────────────────────────────────────────────────────────────────────────────────────────────────────────


class _Settings(NamedTuple):
    """What `duizhao.yaml` says, read once."""

    url: str
    source: str
    timeout: float
    patience: float
    concurrency: int


class LibreTranslate:
    """Asks a server; terms travel as holes, for it knows no glossary."""

    name = "libretranslate"
    abilities = ENGINES["libretranslate"].abilities

    def __init__(self, settings: _Settings, key: Key | None) -> None:
        self._settings, self._key = settings, key
        self.signature = f"libretranslate {settings.url} {settings.source} html 1"
        self._client: httpx.Client | None = None

    def draft(self, jobs: Sequence[Job], meter: Meter) -> Iterator[tuple[int, Answer]]:
        """Answer every job; a batch that is too long, or answered wrong, is asked in halves."""
        batches = list(_batches([to_html(job.text) for job in jobs], self.abilities.batch))
        calls = [partial(self._batch, jobs, each, meter) for each in batches]
        deadline = max(DEADLINE, self._settings.patience + self._settings.timeout)
        for _, answers in spread(calls, self._settings.concurrency, deadline):
            yield from answers

    def expect(self, jobs: Sequence[Job]) -> Usage:
        """Count requests and characters."""
        texts = [to_html(job.text) for job in jobs]
        return Usage(len(list(_batches(texts, self.abilities.batch))), characters=sum(map(len, texts)))

    def _batch(self, jobs: Sequence[Job], some: Sequence[int], meter: Meter, ended: Event) -> list[tuple[int, Answer]]:
        texts = [to_html(jobs[n].text) for n in some]
        try:
            said = self._ask(texts, meter, ended)
        except _RefusedError as error:
            if len(some) == 1:
                return [(some[0], Answer(error=f"the server takes no sentence as long as this: {error.said}"))]
            said = None
        if said is not None:
            return [(n, _answer(one, jobs[n].text)) for n, one in zip(some, said, strict=True)]
        if len(some) == 1:
            return [(some[0], Answer(error="the server's answer has not the form that LibreTranslate gives"))]
        meter.retry("a batch that was too long or answered wrong, asked in halves")
        half = len(some) // 2
        return [
            *self._batch(jobs, some[:half], meter, ended),
            *self._batch(jobs, some[half:], meter, ended),
        ]

    def _ask(self, texts: Sequence[str], meter: Meter, ended: Event) -> list[str] | None:
        """Give the translations; None where the answer is not one for each text."""
        expected = Usage(1, characters=sum(map(len, texts)))
        first = min(0.5, self._settings.patience / 20)
        patience = Patience(seconds=self._settings.patience, first=first, jitter=2 * first)

        def call() -> Any:  # noqa: ANN401  # JSON
            meter.may(expected)
            try:
                return self._post(texts)
            finally:
                meter.add(expected, expected)

        said = insist(call, self._judge, meter, ended, patience)
        found = said.get("translatedText") if isinstance(said, dict) else None
        whole = isinstance(found, list) and len(found) == len(texts) and all(isinstance(one, str) for one in found)
        return found if whole else None

    def _post(self, texts: Sequence[str]) -> Any:  # noqa: ANN401  # JSON
        body = {"q": list(texts), "source": self._settings.source, "target": "en", "format": "html"}
        if self._key:
            body["api_key"] = str(self._key)
        until, parts, size = time.monotonic() + self._settings.timeout, [], 0
        with self._open().stream("POST", f"{self._settings.url}/translate", json=body) as reply:
            for part in reply.iter_bytes():
                parts.append(part)
                size += len(part)
                if time.monotonic() > until:
                    raise _SlowError
                if size > BODY:
                    raise _NoJsonError
        try:
            said = json.loads(b"".join(parts))
        except ValueError:
            said = None
        if reply.status_code != 200:
            why = said.get("error", "") if isinstance(said, dict) else ""
            wait = retry_after(reply.headers.get("Retry-After"))
            why = self._key.hidden_in(str(why)) if self._key else str(why)
            raise _RefusedError(reply.status_code, " ".join(why.split())[:200], wait)
        if said is None:
            raise _NoJsonError
        return said

    def _open(self) -> httpx.Client:
        if self._client is None:
            import httpx  # noqa: PLC0415  # only this engine needs it

            limits = httpx.Limits(max_connections=self._settings.concurrency)
            self._client = httpx.Client(timeout=self._settings.timeout, limits=limits)
            weakref.finalize(self, self._client.close)
        return self._client

    def _judge(self, error: Exception) -> Failure | None:
        """Say what a failed request means; a text that is too long goes on, for the batch is halved then."""
        import httpx  # noqa: PLC0415  # it is there: it raised this

        url = self._settings.url
        if isinstance(error, _RefusedError):
            return None if error.status == 400 and TOO_LONG.search(error.said) else _refused(error, url)
        meanings: tuple[tuple[type[Exception], str, bool], ...] = (
            (_SlowError, f"gave no whole answer within {self._settings.timeout:g} seconds", True),
            (_NoJsonError, "answers what is no JSON; see that base_url is LibreTranslate's", True),
            (httpx.ConnectError, _unreached(error), False),
            (httpx.InvalidURL, "is no address; see base_url", False),
            (httpx.TimeoutException, f"gave no answer within {self._settings.timeout:g} seconds", True),
            (httpx.HTTPError, "broke the connection off", True),
        )
        said = next(((said, passes) for kind, said, passes in meanings if isinstance(error, kind)), None)
        return Failure(f"{url} {said[0]}", said[1]) if said else None


def _unreached(error: Exception) -> str:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return "has a certificate of nobody that is known here; SSL_CERT_FILE names a file of those that are"
    return f"cannot be reached ({error}); does the server run, is base_url right?"


def _refused(error: _RefusedError, url: str) -> Failure:
    status, said = error.status, f" (it says: {error.said})" if error.said else ""
    if status in {401, 403} or (status == 400 and "api key" in error.said.casefold()):
        how = how_to_set(KEY, "libretranslate")
        return Failure(f"{url} refused the key, or wants one{said}; {how}")
    if status == 404:
        return Failure(f"there is nothing at {url}/translate; see base_url")
    if status in range(300, 400):
        return Failure(f"{url} sends us elsewhere ({status}); set base_url to the address it leads to")
    if status == 400:
        return Failure(f"{url} does not take the request{said}; see the setting `source`")
    return Failure(f"{url} answers {status}{said}", status in PASSING, error.wait)


def _answer(said: str, text: str) -> Answer:
    read = from_html(said, text)
    if read is None:
        return Answer(error="its tags came back broken")
    return Answer((Candidate(read),)) if read.strip() else Answer(error="an empty answer")


def _batches(texts: Sequence[str], most: int) -> Iterator[list[int]]:
    """Part texts into batches that no server should find too long."""
    some: list[int] = []
    size = 0
    for n, text in enumerate(texts):
        if some and (len(some) == most or size + len(text) > MOST):
            yield some
            some, size = [], 0
        some.append(n)
        size += len(text)
    if some:
        yield some


# ── The door ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def ready(settings: Mapping[str, str]) -> str:
    """Say what is missing: the library, the address."""
    if not (find_spec("httpx") and find_spec("stamina")):
        return "pip install 'duizhao[libretranslate]'"
    if not settings.get("base_url"):
        return (
            "it needs the address of a server, as `engines: {libretranslate: {base_url: http://127.0.0.1:5000}}` in"
            " duizhao.yaml; `pip install libretranslate && libretranslate` runs one here, and a public one may want"
            f" a key ({how_to_set(KEY, 'libretranslate')})"
        )
    try:
        _read(settings)
    except EngineError as error:
        return str(error)
    return ""


def open_engine(settings: Mapping[str, str]) -> LibreTranslate:
    """Give the engine; nothing is asked yet."""
    return LibreTranslate(_read(settings), find_key((KEY,), "libretranslate"))


def _read(settings: Mapping[str, str]) -> _Settings:
    url = settings["base_url"].rstrip("/").removesuffix("/translate")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise EngineError("base_url must be an address, as http://127.0.0.1:5000")
    numbers = {each.name: each.default for each in ENGINES["libretranslate"].settings} | dict(settings)
    try:
        timeout, patience = float(numbers["timeout"]), float(numbers["patience"])
        concurrency = int(numbers["concurrency"])
    except ValueError:
        raise EngineError("timeout, patience and concurrency must be numbers") from None
    if min(timeout, patience) <= 0 or concurrency < 1:
        raise EngineError("timeout, patience and concurrency must be more than nothing")
    return _Settings(url, settings.get("source") or "zh", timeout, patience, concurrency)
