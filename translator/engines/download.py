"""One file from an address or a folder: goes on after a cut, and is what its hash says or is not there.

Wanted ─bring→ a part, grown by ranges ─prove→ the file
"""

from __future__ import annotations

import errno
import hashlib
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from translator.engines import keys
from translator.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from httpx import Client, Response

TRIES = 4
"""How often a download that is cut goes on within one run."""
PAUSE = 0.5
"""Seconds before the first of these; each next one waits twice as long."""
MOST = 8 << 30
"""Bytes of one file; no model is larger."""
ABOUT = 64 << 20
"""Bytes of an answer that is read as text."""


class Tell(Protocol):
    """Hears how far something has come; `total` is 0 where it is not known."""

    def __call__(self, what: str, done: int = 0, total: int = 0) -> None:
        """Take note."""
        ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """One file that is to be had."""

    name: str
    """Its path in the folder it will stand in, with `/`."""
    where: str
    """An address, or a path on this machine."""
    size: int = 0
    """In bytes, as it travels; 0 where nobody says."""
    sha256: str = ""
    """Of the same bytes."""
    packed: str = ""
    """`zst` or `gz`, where it travels packed."""
    whole: str = ""
    """The SHA-256 of what is in it, where it is packed."""

    @property
    def is_proved(self) -> bool:
        """Whether its bytes are known beforehand."""
        return bool(self.sha256 or self.whole)


class NetworkError(EngineError):
    """A server that cannot be reached, or not now; what came stays, and the next fetch goes on from there."""


class CutError(NetworkError):
    """An answer that ended too early, or a server that has trouble: trying again at once may help."""


def is_address(where: str) -> bool:
    """Tell an address from a path."""
    return where.startswith(("http://", "https://"))


def shown(where: str) -> str:
    """Give a place as it may be said: no account, password or token of its address."""
    return keys.shown(where) if is_address(where) else where


@contextmanager
def client() -> Iterator[Client]:
    """Open a client of HTTP; proxies and `SSL_CERT_FILE` of the environment are heeded."""
    try:
        import httpx  # noqa: PLC0415  # start-up
    except ImportError:
        raise EngineError("downloads need httpx: pip install 'duizhao[firefox]' or 'duizhao[local]'") from None
    limits = httpx.Timeout(30.0, connect=15.0)
    headers = {"Accept-Encoding": "identity", "User-Agent": "duizhao"}
    with httpx.Client(timeout=limits, follow_redirects=True, headers=headers) as one:
        yield one


def text(http: Client, url: str) -> str | None:
    """Get a small text; None where there is none (404)."""
    with _answer(http, url, {}) as answer:
        if answer.status_code == 404:
            return None
        _accept(answer, url)
        whole = b""
        for chunk in _chunks(answer, url):
            whole += chunk
            if len(whole) > ABOUT:
                raise EngineError(f"{shown(url)} is too long to be what it should be")
    return whole.decode("utf-8", "replace")


def is_there(http: Client, url: str) -> bool:
    """Ask whether a server has a file."""
    with _answer(http, url, {}) as answer:
        return answer.status_code == 200


def bring(http: Client, wanted: Wanted, part: Path, tell: Tell) -> None:
    """Have all bytes of a file in `part`, going on with what is there; proved by size and hash where they are known."""
    with writing(part.parent):
        part.parent.mkdir(parents=True, exist_ok=True)
        if is_address(wanted.where):
            had = part.stat().st_size if part.exists() else 0
            _download(http, wanted, part, tell)
            if had and not _is_right(wanted, part):  # the server has other bytes by now: once more, from the start
                part.unlink()
                _download(http, wanted, part, tell)
        else:
            _copy(Path(wanted.where), wanted, part, tell)
        if not _is_right(wanted, part):
            found = _said(part.stat().st_size, digest(part))
            part.unlink()
            raise EngineError(
                f"{shown(wanted.where)} is not the file it should be ({found}; expected"
                f" {_said(wanted.size, wanted.sha256)}); it was thrown away. Try again later, or take another copy with"
                " --from"
            )


def _said(size: int, sha256: str) -> str:
    return ", ".join([f"{size:,} bytes"] * bool(size) + [f"SHA-256 {sha256[:16]}…"] * bool(sha256))


def digest(path: Path) -> str:
    """Give the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Say what is wrong with the disk in one sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise EngineError(
                f"the disk is full: {folder} has no room for the model; make room there (a model takes 100 MB and"
                " more) and fetch it again. Nothing half was kept"
            ) from error
        raise EngineError(f"{error.filename or folder} cannot be read or written: {error.strerror}") from error


# ── By HTTP ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _download(http: Client, wanted: Wanted, part: Path, tell: Tell) -> None:
    for n in range(TRIES):
        before = part.stat().st_size if part.exists() else 0
        if wanted.size and before == wanted.size:
            tell(wanted.name, before, wanted.size)
            return
        try:
            _go_on(http, wanted, part, tell)
        except CutError:
            if n == TRIES - 1:
                raise
            time.sleep(PAUSE * 2**n)
        else:
            return


def _go_on(http: Client, wanted: Wanted, part: Path, tell: Tell) -> None:
    """Ask for the bytes that are lacking; a server that gives all of them again is taken at its word."""
    have = part.stat().st_size if part.exists() else 0
    with _answer(http, wanted.where, _lacking(wanted, part, have)) as answer:
        if answer.status_code == 416:  # what is there is no beginning of the file
            part.unlink()
            raise CutError(f"{shown(wanted.where)} has fewer bytes than were here already; starting again")
        _accept(answer, wanted.where)
        if answer.status_code != 206 or not answer.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
            have = 0
            tag_of(part).write_text(_tag(answer), encoding="utf-8")
        length = int(answer.headers.get("Content-Length") or 0)
        total = wanted.size or (have + length if length else 0)
        with part.open("ab" if have else "wb") as file:
            tell(wanted.name, have, total)
            for chunk in _chunks(answer, wanted.where):
                have += len(chunk)
                if have > (total or MOST):
                    file.truncate(0)
                    raise EngineError(
                        f"{shown(wanted.where)} sends more than the {total or MOST:,} bytes it should have"
                    )
                file.write(chunk)
                tell(wanted.name, have, total)
        if total and have < total:
            raise CutError(_cut(wanted.where))


def _lacking(wanted: Wanted, part: Path, have: int) -> dict[str, str]:
    """Ask for a range, if the file is still the same: the server knows by its tag, or the hash will tell."""
    tag = tag_of(part).read_text(encoding="utf-8") if have and tag_of(part).exists() else ""
    if not have or not (tag or wanted.is_proved):
        return {}
    return {"Range": f"bytes={have}-"} | ({"If-Range": tag} if tag else {})


def tag_of(part: Path) -> Path:
    """Name the file that says which version of a file a part is of."""
    return part.with_suffix(".tag")


def _tag(answer: Response) -> str:
    tag = str(answer.headers.get("ETag", ""))
    return tag if tag.startswith('"') else str(answer.headers.get("Last-Modified", ""))


@contextmanager
def _answer(http: Client, url: str, headers: dict[str, str]) -> Iterator[Response]:
    """Ask, with what may go wrong before the first byte in words."""
    import httpx  # noqa: PLC0415  # start-up

    try:
        with http.stream("GET", url, headers=headers) as answer:
            yield answer
    except httpx.TooManyRedirects:
        raise EngineError(f"{shown(url)} leads in circles") from None
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
        raise NetworkError(f"{shown(url)} cannot be reached ({error or 'no answer'})") from None
    except httpx.InvalidURL:
        raise EngineError(f"{shown(url)} is no address") from None
    except httpx.TransportError:
        raise CutError(_cut(url)) from None


def _cut(url: str) -> str:
    return f"the download of {shown(url)} was cut"


def _chunks(answer: Response, url: str) -> Iterable[bytes]:
    import httpx  # noqa: PLC0415  # start-up

    try:
        yield from answer.iter_raw()
    except httpx.TransportError:
        raise CutError(_cut(url)) from None


def _accept(answer: Response, url: str) -> None:
    status = answer.status_code
    if status in {200, 206}:
        return
    if status >= 500 or status in {408, 429}:
        raise CutError(f"{shown(url)} answers {status}")
    if status == 404:
        raise EngineError(f"there is no {shown(url)} (404)")
    raise EngineError(f"{shown(url)} answers {status}; it cannot be had from there without leave")


# ── From this machine ─────────────────────────────────────────────────────────────────────────────────────────────────


def _copy(source: Path, wanted: Wanted, part: Path, tell: Tell) -> None:
    total = source.stat().st_size
    with source.open("rb") as old, part.open("wb") as new:
        done = 0
        while chunk := old.read(1 << 20):
            new.write(chunk)
            done += len(chunk)
            tell(wanted.name, done, total)


def _is_right(wanted: Wanted, part: Path) -> bool:
    if wanted.size and part.stat().st_size != wanted.size:
        return False
    return not wanted.sha256 or digest(part) == wanted.sha256.lower()
