"""A server on this machine that speaks a vendor's wire format, and misbehaves when told to.

What any HTTP server can do wrong is done here; a vendor's server says how its answers look, and what a model behind it
may do wrong (`speaking`).
"""

from __future__ import annotations

import socket
import struct
import time
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any, Self

HTTP_FAULTS = ("401", "403", "404", "429", "429+1", "429+3600", "500", "503", "cut", "trickle", "empty", "no json")
"""Statuses; `429+1`: with `Retry-After: 1`; `cut`: closed in the middle of the body; `trickle`: a byte a second."""


@dataclass
class Request:
    """What a client sent."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at: float = field(default_factory=time.monotonic)


@dataclass
class Reply:
    """What it gets."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})


class Loopback:
    """Counts and keeps requests; faults are used up one a request, then `always` holds.

    A vendor's server overrides `reply`, and `refusal` for the shape of its errors. A fault that is none of HTTP's is
    handed to `reply`.
    """

    def __init__(self, delay: float = 0.0) -> None:
        self.requests: list[Request] = []
        self.faults: deque[str] = deque()
        self.always = ""
        self.delay = delay
        """Seconds before each reply."""
        self.under_way = self.most_under_way = 0
        self._lock = Lock()

    def __enter__(self) -> Self:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do(self) -> None:
                outer._serve(self)

            do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do  # noqa: N815

            def log_message(self, *_: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, *_: Any) -> None:
                """Clients may leave."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def reply(self, request: Request, fault: str) -> Reply:
        raise NotImplementedError

    def refusal(self, status: int) -> bytes:
        return b'{"message": "status %d"}' % status

    def counts(self, request: Request) -> bool:  # noqa: ARG002  # a vendor's server looks at it
        """Whether a fault may fall on this request; those that only look around may be left out."""
        return True

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        size = int(handler.headers.get("Content-Length") or 0)
        request = Request(handler.command, handler.path, dict(handler.headers), handler.rfile.read(size))
        with self._lock:
            self.requests.append(request)
            fault = (self.faults.popleft() if self.faults else self.always) if self.counts(request) else ""
            self.under_way += 1
            self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            time.sleep(self.delay)
            self._answer(handler, request, fault)
        finally:
            with self._lock:
                self.under_way -= 1

    def _answer(self, handler: BaseHTTPRequestHandler, request: Request, fault: str) -> None:
        if fault == "cut":
            whole = self.reply(request, "").body
            _send(handler, Reply(whole), whole[: len(whole) // 2])
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            handler.close_connection = True
            handler.connection.close()
        elif fault == "trickle":
            whole = self.reply(request, "").body
            _send(handler, Reply(whole), b"")
            for byte in whole:
                time.sleep(1)
                handler.wfile.write(bytes([byte]))
                handler.wfile.flush()
        elif fault == "empty":
            _send(handler, Reply(b""))
        elif fault == "no json":
            _send(handler, Reply(b"<html><body>Bad gateway</body></html>", headers={"Content-Type": "text/html"}))
        elif fault[:3].isdigit():
            status, _, wait = fault.partition("+")
            headers = {"Content-Type": "application/json"} | ({"Retry-After": wait} if wait else {})
            _send(handler, Reply(self.refusal(int(status)), int(status), headers))
        else:
            _send(handler, self.reply(request, fault))


def _send(handler: BaseHTTPRequestHandler, reply: Reply, body: bytes | None = None) -> None:
    handler.send_response(reply.status)
    for name, value in reply.headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(reply.body)))
    handler.end_headers()
    handler.wfile.write(reply.body if body is None else body)
    handler.wfile.flush()
