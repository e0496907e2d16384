"""The line to DeepL: its client, set up once, and what its failures mean.

Every exception of the vendor's ends here: none goes further, for it may hold the key.
"""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING, Any, TypeVar

from translator.engines.insist import Failure, retry_after

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import deepl

    from translator.engines.keys import Key

T = TypeVar("T")
VARIABLES = ("DEEPL_API_KEY", "DEEPL_AUTH_KEY")
BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
"""Where a user says whom to trust; the vendor's client looks at none of them."""
NO_KEY = "DeepL does not accept the key (STATUS): copy it again from deepl.com/your-account/keys into " + VARIABLES[0]
SAID = {
    401: NO_KEY,
    403: NO_KEY,
    404: "DeepL has nothing at this address (404): look at engines.deepl.base_url",
    429: "DeepL asks to be asked less often (429); a lower engines.deepl.concurrency helps",
    456: "the characters of this DeepL account are used up (456): raise its limit, or wait for the next month",
}
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504, 529})
UNREACHED = {
    "NewConnectionError": "DeepL cannot be reached: the connection was refused; look at the network",
    "NameResolutionError": "DeepL cannot be reached: nobody knows its name; look at the network",
    "SSLError": f"DeepL cannot be trusted: its certificate is not known; {BUNDLES[-1]} names a file of those that are",
    "ProxyError": "DeepL cannot be reached through the proxy; look at HTTPS_PROXY",
    "OSError": f"the file of certificates that {' or '.join(BUNDLES)} names cannot be read",
    "InvalidURL": "this is no address: look at engines.deepl.base_url",
    "InvalidSchema": "this is no address: look at engines.deepl.base_url",
    "MissingSchema": "this is no address: look at engines.deepl.base_url",
}
"""By the name of what the network's library raised; none of these passes. The others do: cut, or too slow."""


class RefusedError(Exception):
    """An answer whose status says no."""

    def __init__(self, status: int, said: str = "", wait: float | None = None) -> None:
        super().__init__(status)
        self.status, self.said, self.wait = status, said, wait


class UnreachedError(Exception):
    """No answer, or not all of it."""


class UnreadableError(Exception):
    """An answer in which nothing is what DeepL would say."""


def judge(error: Exception) -> Failure | None:
    """Say what a failure means; None: it is for whoever asked to deal with."""
    if isinstance(error, UnreachedError):
        why = UNREACHED.get(str(error))
        return Failure(why) if why else Failure("the connection to DeepL broke off", passes=True)
    if not isinstance(error, RefusedError) or error.status == 413 or _is_about_glossary(error):
        return None
    said = SAID.get(error.status, f"DeepL refuses the request (STATUS): {error.said[:200]}")
    if error.status >= 500:
        said = "DeepL is down or busy (STATUS)"
    return Failure(said.replace("STATUS", str(error.status)), error.status in PASSING, error.wait)


def _is_about_glossary(error: RefusedError) -> bool:
    return error.status in {400, 404} and "glossar" in error.said.casefold()


class Line:
    """One client, used from several threads at once."""

    def __init__(self, key: Key, url: str, timeout: float, most: int) -> None:
        self._key, self._url, self._most = key, url, most
        self.timeout = timeout
        """Seconds for one request, its whole answer included."""
        self._lock = threading.Lock()
        self._heard = threading.local()
        self._made: deepl.DeepLClient | None = None

    @property
    def client(self) -> deepl.DeepLClient:
        """Open the vendor's client, its own retries off; its timeout is one for the whole process."""
        import deepl  # noqa: PLC0415  # heavy
        from deepl import http_client  # noqa: PLC0415  # likewise

        with self._lock:
            http_client.max_network_retries = 0
            http_client.min_connection_timeout = self.timeout
            if not self._made:
                trusted = next((os.environ[each] for each in BUNDLES if os.environ.get(each)), None)
                self._made = deepl.DeepLClient(
                    self._key, server_url=self._url or None, send_platform_info=False, verify_ssl=trusted
                )
                self._listen(self._made)
            return self._made

    def _listen(self, client: deepl.DeepLClient) -> None:
        """Hear `Retry-After`, which the client keeps to itself, and limit whole answers, not waits between bytes.

        Where its session is not found, do without.
        """
        session = getattr(getattr(client, "_client", None), "_session", None)
        if session is not None:
            for prefix, adapter in list(session.adapters.items()):
                session.mount(prefix, _Listening(type(adapter)(pool_maxsize=self._most), self))

    def hear(self, wait: str | None) -> None:
        """Note, in the thread that asked, how long an answer says to wait."""
        self._heard.wait = wait

    def call(self, asked: Callable[[], T]) -> T:
        """Make one request; what goes wrong comes out as one of our own exceptions, without the key."""
        import deepl  # noqa: PLC0415  # heavy

        self._heard.wait = None
        try:
            return asked()
        except deepl.ConnectionException as error:
            failed: Exception = UnreachedError(_root(error))
        except deepl.DeepLException as error:
            said = str(error).rpartition("message: ")[2].replace(self._key, "‹key›")
            failed = RefusedError(error.http_status_code or 0, said, retry_after(self._heard.wait))
        except (AttributeError, KeyError, TypeError, ValueError):  # the client read what is not there
            failed = UnreadableError()
        raise failed from None


class _Listening:
    """What carries requests, and sees each answer before the client does."""

    def __init__(self, adapter: Any, line: Line) -> None:  # noqa: ANN401  # of the network's library
        self._adapter, self._line = adapter, line
        self.close = adapter.close

    def send(self, *told: Any, **how: Any) -> Any:  # noqa: ANN401  # passed on
        begun = time.monotonic()
        response = self._adapter.send(*told, **how)
        self._line.hear(response.headers.get("Retry-After"))
        if hasattr(response.raw, "read1"):
            response.raw = _Timed(response.raw, begun + self._line.timeout)
        return response


class _Timed:
    """The body of an answer, given up where all of it takes too long."""

    def __init__(self, raw: Any, until: float) -> None:  # noqa: ANN401  # of the network's library
        self._raw, self._until = raw, until

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever it is
        return getattr(self._raw, name)

    def stream(self, size: int, **_: object) -> Iterator[bytes]:
        while part := self._raw.read1(size, decode_content=True):
            if time.monotonic() > self._until:
                self._raw.close()
                raise TimeoutError
            yield part


def _root(error: Exception) -> str:
    """Name what the network's library raised: the outermost name that we know, else that of the innermost."""
    cause: BaseException | None = error.__cause__
    name = ""
    while cause is not None:
        name = type(cause).__name__
        if name in UNREACHED:
            return name
        inner = getattr(cause, "reason", None) or next(iter(cause.args), None)
        cause = inner if isinstance(inner, BaseException) else None
    return name
