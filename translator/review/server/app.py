"""The table of routes, and the application made of it."""

from __future__ import annotations

import errno
import hashlib
import sys
import traceback
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from translator.errors import ConflictError, DuizhaoError, EngineError
from translator.review import shell
from translator.review.server import messages, routes
from translator.review.server.guard import guarded
from translator.review.server.messages import RequestError
from translator.review.server.password import Password, Throttle
from translator.review.server.routes import Call
from translator.review.server.served import MissingError, Served
from translator.review.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request
    from starlette.types import ASGIApp

    from translator.pipeline.session import Session
    from translator.review.server.guard import Access
    from translator.review.server.routes import Answer
    from translator.review.words import Language

READ: Mapping[str, Callable[[Call], Answer]] = {
    "/": routes.start,
    "/post/{n:int}": routes.post,
    "/preview/{n:int}": routes.preview,
    "/api/post/{n:int}": routes.model,
    "/api/post/{n:int}/chunk/{k:int}": routes.chunk,
    "/api/post/{n:int}/changes": routes.changes,
    "/api/post/{n:int}/rows": routes.rows,
    "/api/post/{n:int}/segment/{key}": routes.segment,
}
CHANGE: Mapping[str, Callable[[Call], Answer]] = {
    "/api/post/{n:int}/decide": routes.decide,
    "/api/post/{n:int}/act": routes.act,
    "/api/post/{n:int}/replace": routes.replace,
    "/api/post/{n:int}/term": routes.term,
    "/api/post/{n:int}/publish": routes.publish,
}
WRONG = (
    (RequestError, 400, 400),
    (MissingError, 404, 404),
    (EngineError, 422, 422),
    (ConflictError, 503, 503),
    (DuizhaoError, 422, 503),
)
"""The status of each kind of error, for questions and for changes: from 500 on a browser keeps what is not saved."""
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def application(session: Session, access: Access, password: str = "") -> ASGIApp:
    """Make the review of a session's posts, guarded; a password lets in browsers that do not have the address."""
    served = Served(session)
    table = [Route(path, _answered(served, answer), methods=["GET"]) for path, answer in READ.items()]
    table += [Route(path, _answered(served, answer), methods=["POST"]) for path, answer in CHANGE.items()]
    table += [Route("/static/{name}", _asset), Route("/favicon.ico", _nothing)]
    if password:
        table.append(Route("/login", _login(access, Password(password)), methods=["GET", "POST"]))
    return guarded(Starlette(routes=table, exception_handlers={HTTPException: _no_route}), access)


async def _no_route(request: Request, error: Exception) -> Response:
    """Say that there is nothing at an address, or that it is not asked for so."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    return _refused(request, status, {404: "there is nothing at this address"}.get(status, "this is not asked for so"))


# ── From a request to an answer ───────────────────────────────────────────────────────────────────────────────────────


def _answered(served: Served, answer: Callable[[Call], Answer]) -> Callable[[Request], object]:
    async def endpoint(request: Request) -> Response:
        body = await request.body()
        return await run_in_threadpool(_said, served, answer, request, body)

    return endpoint


def _said(served: Served, answer: Callable[[Call], Answer], request: Request, body: bytes) -> Response:
    try:
        given = messages.read(body) if request.method == "POST" else {}
        said = answer(Call(served, _language(request), request.path_params, request.query_params, given))
    except Exception as error:  # noqa: BLE001  # whatever went wrong, the page is told and keeps what is not saved
        status, why = _wrong(error, is_change=request.method == "POST")
        return _refused(request, status, why)
    return said if isinstance(said, Response) else _json(said)


def _refused(request: Request, status: int, why: str) -> Response:
    is_for_scripts = request.scope["path"].startswith("/api/")
    return _json({"error": why}, status) if is_for_scripts else PlainTextResponse(why + "\n", status)


def _json(value: object, status: int = 200) -> Response:
    return Response(messages.written(value), status, media_type="application/json")


def _wrong(error: Exception, *, is_change: bool) -> tuple[int, str]:
    """Give an error's status, and what is said of it; what nobody foresaw goes to the terminal."""
    if is_full(error):
        return 507, "the disk is full; nothing was changed. Make room, and it is saved by itself"
    for kind, reading, changing in WRONG:
        if isinstance(error, kind):
            return changing if is_change else reading, str(error)
    traceback.print_exception(error, file=sys.stderr)
    return 500, "something went wrong in Duizhao itself; nothing was changed. The terminal says what"


def is_full(error: BaseException | None) -> bool:
    """Whether an error comes of a disk, or a person's share of it, that is full."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in FULL:
            return True
        error = error.__cause__ or error.__context__
    return False


def _language(request: Request) -> Language:
    """Choose the interface's language: as it was chosen on the page, else as the browser asks for it."""
    asked = [request.cookies.get("language", "")]
    asked += [part.partition(";")[0].strip() for part in request.headers.get("accept-language", "").split(",")]
    known = (language for tag in asked for language in LANGUAGES if tag.lower().partition("-")[0] == language)
    return next(known, "en")


# ── What ships with the program ───────────────────────────────────────────────────────────────────────────────────────


class Asset(NamedTuple):
    """A file of `translator/review/web`."""

    data: bytes
    kind: str
    tag: str


@cache
def assets() -> Mapping[str, Asset]:
    """Read every script and style: a fixed table, so that no name leads anywhere else."""
    kinds = {".css": "text/css", ".js": "text/javascript"}
    found = {}
    for file in files("translator.review").joinpath("web").iterdir():
        kind = kinds.get(file.name[file.name.rfind(".") :])
        if kind:
            data = file.read_bytes()
            found[file.name] = Asset(data, kind, f'"{hashlib.sha256(data).hexdigest()[:32]}"')
    return found


async def _asset(request: Request) -> Response:
    found = assets().get(request.path_params["name"])
    if found is None:
        return PlainTextResponse("There is no such file.\n", 404)
    headers = {"ETag": found.tag, "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == found.tag:
        return Response(status_code=304, headers=headers)
    return Response(found.data, headers=headers, media_type=found.kind)


async def _nothing(_: Request) -> Response:
    return Response(status_code=204)


# ── The way in with a password ────────────────────────────────────────────────────────────────────────────────────────


def _login(access: Access, password: Password) -> Callable[[Request], object]:
    throttle = Throttle()

    async def endpoint(request: Request) -> Response:
        language = _language(request)
        if request.method != "POST":
            return HTMLResponse(shell.login_page(language))
        peer = request.client.host if request.client else ""
        wait = throttle.begin(peer)
        if wait:
            headers = {"Retry-After": str(int(wait) + 1)}
            return HTMLResponse(shell.login_page(language, "wait"), 429, headers)
        given = parse_qs((await request.body()).decode("utf-8", "replace")).get("password", [""])[0]
        if not await run_in_threadpool(password.fits, given):
            return HTMLResponse(shell.login_page(language, "wrong"), 401)
        throttle.succeed(peer)
        return RedirectResponse("/", 303, {"Set-Cookie": access.cookie_header})

    return endpoint
