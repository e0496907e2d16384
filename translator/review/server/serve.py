"""Where the server stands, who may come in, and how it starts and ends.

The sockets are opened first, so that the port is known before anything is said or made that depends on it.
"""

from __future__ import annotations

import errno
import os
import secrets
import socket
import threading
import webbrowser
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvicorn

from translator.errors import DuizhaoError
from translator.review.server.guard import Access, is_loopback

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from starlette.types import ASGIApp

HOME = "127.0.0.1"
PREFERRED = 8420
"""The port where none is asked for, if it is free: so that an address in the browser's history works again."""
GRACE = 3
"""Seconds that answers on their way have when the server ends; what is decided is on the disk or was not answered."""
_EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104  # asked for by name, with a password


@dataclass(frozen=True)
class Listening:
    """The sockets of a server, open and listening."""

    sockets: tuple[socket.socket, ...]
    port: int
    hosts: frozenset[str]
    """What an address may name to get here."""
    is_everywhere: bool
    is_reached_from_outside: bool

    def close(self) -> None:
        """Give the sockets back."""
        for one in self.sockets:
            one.close()


# ── Sockets ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def listen(host: str = "", port: int | None = None) -> Listening:
    """Open the sockets: at this machine's own address, and at the one that is asked for.

    Without a port the preferred one is taken if it is free, else any; 0 is any. Raises `DuizhaoError` where the port is
    taken or the address is not this machine's.
    """
    addresses = list(dict.fromkeys([HOME, *_addresses(host)])) if host else [HOME]
    if _EVERYWHERE.intersection(addresses):
        addresses = [one for one in addresses if one in _EVERYWHERE or (one == HOME and "0.0.0.0" not in addresses)]  # noqa: S104  # as above
    sockets = _opened(addresses, port)
    names = {HOME, "localhost", "[::1]"} | {_in_an_address(one) for one in (host.lower(), *addresses) if one}
    return Listening(
        sockets,
        sockets[0].getsockname()[1],
        frozenset(names),
        bool(_EVERYWHERE.intersection(addresses)),
        not all(is_loopback(one) for one in addresses),
    )


def _addresses(host: str) -> list[str]:
    """Look a host up; its addresses as numbers."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise DuizhaoError(f"--host {host}: this names no address: {_reason(error)}") from error
    return list(dict.fromkeys(str(row[4][0]) for row in found))


def _in_an_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _opened(addresses: Sequence[str], port: int | None) -> tuple[socket.socket, ...]:
    """Open a socket at each address, all at the same port."""
    if port is not None:
        return _all_at(addresses, port)
    with suppress(DuizhaoError):
        return _all_at(addresses, PREFERRED)
    return _all_at(addresses, 0)


def _all_at(addresses: Sequence[str], port: int) -> tuple[socket.socket, ...]:
    sockets: list[socket.socket] = []
    try:
        for address in addresses:
            sockets.append(_socket(address, port))
            port = sockets[0].getsockname()[1]
    except OSError as error:
        for one in sockets:
            one.close()
        if error.errno == errno.EADDRINUSE:
            raise DuizhaoError(
                f"port {port} is in use, perhaps by another `duizhao review`; stop that one, or give another --port "
                "(0: any that is free)"
            ) from error
        if error.errno in {errno.EACCES, errno.EPERM}:
            raise DuizhaoError(f"port {port} is not ours to take; give --port one above 1023") from error
        raise DuizhaoError(f"cannot be served at {address}, port {port}: {_reason(error)}") from error
    return tuple(sockets)


def _socket(address: str, port: int) -> socket.socket:
    one = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name != "nt":  # there it would let another program take the port as well
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if ":" in address:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        one.bind((address, port))
        one.listen(128)
    except OSError:
        one.close()
        raise
    one.set_inheritable(False)
    return one


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


# ── Serving ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def access(where: Listening, *, has_password: bool = False) -> Access:
    """Say who may ask there: a new token and a new cookie each time."""
    return Access(where.port, where.hosts, where.is_everywhere, has_password)


def address(who: Access) -> str:
    """Give the address that lets a browser of this machine in."""
    return f"http://{HOME}:{who.port}/?token={who.token}"


def run(app: ASGIApp, where: Listening) -> None:
    """Serve until Ctrl-C, which is raised again as `KeyboardInterrupt` when all is closed.

    Headers of a proxy are not believed, and nothing is logged but what goes wrong here.
    """
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE,
    )
    try:
        uvicorn.Server(config).run(sockets=list(where.sockets))
    finally:
        where.close()


@contextmanager
def opened_in_browser(url: str, folder: Path) -> Iterator[None]:
    """Open an address in the person's browser, and clean up at the end.

    The browser is given a file that only its owner can read, not the address itself: what a program is started with is
    shown to everybody on the machine, and whoever sees the token is let in.
    """
    page = folder / f"review-{secrets.token_hex(8)}.html"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(page, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(_LEADS.format(url=url))
        threading.Thread(target=webbrowser.open, args=(page.absolute().as_uri(),), daemon=True).start()
        yield
    finally:
        with suppress(OSError):
            page.unlink()


_LEADS = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Duizhao</title><meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0;url={url}"></head><body><p><a href="{url}">Go on · 继续</a></p></body></html>
"""
