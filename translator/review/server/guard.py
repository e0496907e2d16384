"""Who may ask: what stands between the socket and the routes.

    Headers ─→ Guard ─→ Sized ─→ routes

`Headers` tells the browser what a page of ours may do. `Guard` refuses whoever is not a browser of the person who
started the server: each rule of `RULES` looks at a request and says why not. `Sized` refuses what is too long.
"""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LONGEST = 2_000_000
"""Bytes of a request's body."""
LONGEST_LOGIN = 4_096
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
"""On every answer that does not say otherwise. By the policy `no-referrer` a form would go out without its origin."""
MOVED_ON = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Duizhao</title><meta http-equiv="refresh" content="0;url=/"></head>
<body><p><a href="/">Go on · 继续</a></p></body></html>
"""
"""A redirect would go out without the new cookie where the address was followed from elsewhere (SameSite=Strict)."""


@dataclass(frozen=True)
class Access:
    """Who may ask: where the server stands, and what its person's browser shows."""

    port: int
    hosts: frozenset[str] = frozenset({"127.0.0.1", "localhost", "[::1]"})
    """What an address may name, as it stands in an address."""
    is_everywhere: bool = False
    """Whether the server stands at every address of the machine: an address may name any of them, by its number."""
    has_password: bool = False
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    """Stands in the address that is printed, and nowhere else."""
    cookie: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    @property
    def cookie_name(self) -> str:
        """Name the cookie: browsers keep one jar for all ports of a host."""
        return f"duizhao_{self.port}"

    @property
    def cookie_header(self) -> str:
        """Give what makes a browser the person's own, until it is closed."""
        return f"{self.cookie_name}={self.cookie}; HttpOnly; SameSite=Strict; Path=/"

    def admits(self, host: str) -> bool:
        """Whether a request was sent to us by one of our own names, and not by one that was pointed at us."""
        name, colon, port = host.lower().rpartition(":")
        if not colon or port.endswith("]"):
            name, port = host.lower(), "80"
        return port == str(self.port) and (name in self.hosts or (self.is_everywhere and _is_number(name)))


def _is_number(name: str) -> bool:
    """Whether a host is an address itself: a name can be pointed anywhere, a number cannot."""
    try:
        ipaddress.ip_address(name[1:-1] if name.startswith("[") and name.endswith("]") else name)
    except ValueError:
        return False
    return True


def is_loopback(address: str) -> bool:
    """Whether a peer's address is this machine's own."""
    try:
        peer = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = peer.ipv4_mapped if isinstance(peer, ipaddress.IPv6Address) else None
    return (mapped or peer).is_loopback


class Refusal(NamedTuple):
    """Why a request is refused."""

    status: int
    why: str


@dataclass(frozen=True)
class Asked:
    """What the rules look at of a request."""

    method: str
    path: str
    headers: dict[str, str]
    """Names in lower case. A header that came several times is joined by commas, and so is none of ours."""
    peer: str
    token: str

    @classmethod
    def of(cls, scope: Scope) -> Asked:
        """Read a request's head."""
        headers: dict[str, str] = {}
        for raw, value in scope["headers"]:
            name, text = raw.decode("latin-1").lower(), value.decode("latin-1")
            joint = "; " if name == "cookie" else ", "
            headers[name] = f"{headers[name]}{joint}{text}" if name in headers else text
        query = parse_qs(scope["query_string"].decode("latin-1"))
        peer = scope["client"][0] if scope.get("client") else ""
        return cls(scope["method"], scope["path"], headers, peer, query.get("token", [""])[0])

    @property
    def is_reading(self) -> bool:
        """Whether nothing is to be changed."""
        return self.method in {"GET", "HEAD"}

    @property
    def is_for_scripts(self) -> bool:
        """Whether only our own scripts ask for this."""
        return self.path.startswith("/api/")

    @property
    def is_open(self) -> bool:
        """Whether anyone may have this: what ships with the program, and the way in."""
        return self.path.startswith("/static/") or self.path in {"/favicon.ico", "/login"}

    def shows(self, access: Access) -> bool:
        """Whether the cookie is there. Other ports of the host may have set one of the same name: any will do."""
        parts = (part.strip().partition("=") for part in self.headers.get("cookie", "").split(";"))
        return any(name == access.cookie_name and same(value, access.cookie) for name, _, value in parts)

    def has_token(self, access: Access) -> bool:
        """Whether this is the address that was printed, and it was opened where it was printed."""
        return self.path == "/" and same(self.token, access.token) and is_loopback(self.peer)


def same(one: str, other: str) -> bool:
    """Compare two secrets in a time that tells nothing."""
    return secrets.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


# ── The rules ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _host(asked: Asked, access: Access) -> Refusal | None:
    if access.admits(asked.headers.get("host", "")):
        return None
    return Refusal(421, "This address is not the server's own; open the one that `duizhao review` printed.")


def _site(asked: Asked, _: Access) -> Refusal | None:
    """Refuse what the page of another site asks for; only a link to our pages may be followed from there."""
    if asked.headers.get("sec-fetch-site", "none") in {"same-origin", "none"}:
        return None
    head = (asked.headers.get("sec-fetch-mode"), asked.headers.get("sec-fetch-dest"))
    is_page = not asked.is_for_scripts and not asked.path.startswith("/static/")
    if asked.is_reading and is_page and head == ("navigate", "document"):
        return None
    return Refusal(403, "This was asked for by the page of another site.")


def _origin(asked: Asked, _: Access) -> Refusal | None:
    """Let only our own pages change anything: a browser says whose page it was, and nobody can say it for ours."""
    if asked.is_reading or asked.headers.get("origin") == f"http://{asked.headers.get('host', '')}":
        return None
    return Refusal(403, "Changes are taken from the review's own page alone.")


def _form(asked: Asked, _: Access) -> Refusal | None:
    """Let nothing through that a plain form of another site could send."""
    if asked.is_reading or asked.path == "/login":
        return None
    kind = asked.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        return Refusal(415, "Changes are sent as application/json.")
    if asked.headers.get("x-duizhao") != "1":
        return Refusal(403, "Changes are sent with the header `X-Duizhao: 1`.")
    return None


def _key(asked: Asked, access: Access) -> Refusal | None:
    if asked.is_open or asked.shows(access) or asked.has_token(access):
        return None
    if asked.path == "/" and asked.token:
        return Refusal(
            401, "This address is of another run or another machine; open the one that `duizhao review` printed last."
        )
    return Refusal(401, "This browser is not known here; open the address that `duizhao review` printed.")


RULES: tuple[Callable[[Asked, Access], Refusal | None], ...] = (_host, _site, _origin, _form, _key)
"""In order: the first that refuses, refuses."""


# ── What stands around the routes ─────────────────────────────────────────────────────────────────────────────────────


def guarded(app: ASGIApp, access: Access) -> ASGIApp:
    """Put everything around an application that keeps others out."""
    return Headers(Guard(Sized(app), access))


@dataclass(frozen=True)
class Headers:
    """Puts `HEADERS` on every answer, whoever gives it."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; there is nothing but HTTP here."""
        if scope["type"] != "http":
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, dressed)


@dataclass(frozen=True)
class Guard:
    """Asks the rules, and lets in whoever shows the token."""

    app: ASGIApp
    access: Access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        asked = Asked.of(scope)
        refused = next((why for rule in RULES if (why := rule(asked, self.access))), None)
        if refused:
            await self.refuse(asked, refused)(scope, receive, send)
        elif asked.path == "/" and asked.token:
            await self.welcome(asked)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def welcome(self, asked: Asked) -> Response:
        """Give the cookie to whoever shows the token, and leave the token behind."""
        answer = HTMLResponse(MOVED_ON, headers={"Referrer-Policy": "no-referrer"})
        if asked.has_token(self.access):
            answer.headers["Set-Cookie"] = self.access.cookie_header
        return answer

    def refuse(self, asked: Asked, refused: Refusal) -> Response:
        """Say why not: in JSON to a script, in words to a person, who may have a password."""
        if asked.is_for_scripts:
            return JSONResponse({"error": refused.why}, refused.status)
        if refused.status == 401 and self.access.has_password and asked.is_reading:
            return RedirectResponse("/login", 303)
        return PlainTextResponse(refused.why + "\n", refused.status)


@dataclass(frozen=True)
class Sized:
    """Reads bodies, and refuses what is too long before it is all there; the routes get it whole."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        most = LONGEST_LOGIN if scope["path"] == "/login" else LONGEST
        body = None if _announced(scope["headers"]) > most else await _read(receive, most)
        if body is None:
            why = f"This is more than {most:,} bytes; send it in parts."
            await JSONResponse({"error": why}, 413, headers={"Connection": "close"})(scope, receive, send)
            return
        given: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def whole() -> Message:
            return given.pop() if given else await receive()

        await self.app(scope, whole, send)


def _announced(headers: Sequence[tuple[bytes, bytes]]) -> int:
    return max((int(value) for name, value in headers if name == b"content-length" and value.isdigit()), default=0)


async def _read(receive: Receive, most: int) -> bytes | None:
    """Read a body, however it comes; None where it is too long, or nobody sends the rest."""
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            return None
        more = message.get("more_body", False)
    return b"".join(parts)
