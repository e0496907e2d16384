"""`duizhao review`: the page that a server gives, the page in a file, and what comes back from one."""

from __future__ import annotations

import getpass
import itertools
import os
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING

from translator.cli.output import counted, say, short
from translator.config import Project
from translator.errors import DuizhaoError
from translator.pipeline.files import write
from translator.pipeline.verbs import Desk, Options, look, pair_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from translator.pipeline.session import OpenPost
    from translator.review.server.serve import Listening

EXTRA = "the review's server needs two more packages: pip install 'duizhao[review]'"
PASSWORD = "DUIZHAO_PASSWORD"  # noqa: S105  # the name of a variable
MANY = 5
"""Posts that take long enough to read to be counted."""
OUTSIDE = """\
--host {host}: from now on, whoever can reach this machine at port {port} and knows the password can read and
change these posts. The connection is not encrypted: others on the network can read along, the password too.
For more than a network you trust, tunnel instead: ssh -L {port}:127.0.0.1:{port} THIS-MACHINE
"""


def page(post: Path, html: Path) -> None:
    """Write the side-by-side page."""
    from translator.review.returned import place_of  # noqa: PLC0415  # Jinja2
    from translator.review.standalone import Seen  # noqa: PLC0415  # likewise
    from translator.review.standalone import page as whole  # noqa: PLC0415  # likewise

    desk = Desk(Project.of(post), Options(memory=False))
    work, outcome = look(desk, post)
    seen = Seen(post, pair_of(desk.project, post).english, work, outcome)
    write(html, whole(seen, place_of(desk.project, post)))
    say(f"{post} → {html}: open it in any browser; it needs no network")


def serve(posts: Sequence[Path], engine: str, host: str, port: int | None, *, no_open: bool) -> None:
    """Serve the review until Ctrl-C."""
    try:
        from translator.review.server import serve as server  # noqa: PLC0415  # an extra
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"starlette", "uvicorn"}:
            raise
        raise DuizhaoError(EXTRA) from error
    where = server.listen(host, port)
    try:
        _serve(posts, engine, where, host, no_open=no_open)
    except KeyboardInterrupt:
        say("\nstopped; everything that was decided is in the records", to_stderr=True)
    finally:
        where.close()


def _serve(posts: Sequence[Path], engine: str, where: Listening, host: str, *, no_open: bool) -> None:
    from translator.pipeline.session import Session  # noqa: PLC0415  # as below
    from translator.review.server import serve as server  # noqa: PLC0415  # an extra
    from translator.review.server.app import application  # noqa: PLC0415
    from translator.review.window import has_window  # noqa: PLC0415  # as the others

    secret = _password(host) if where.is_reached_from_outside else ""
    session = Session(Project.of(posts[0]), posts, engine, tell=_reading(len(posts)))
    who = server.access(where, has_password=bool(secret))
    app = application(session, who, secret)
    url = server.address(who)
    _hint(session.posts)
    _announce(posts, url, OUTSIDE.format(host=host, port=where.port) if secret else "")
    opens = not no_open and sys.stdout.isatty() and has_window()
    with server.opened_in_browser(url, session.project.cache) if opens else nullcontext():
        server.run(app, where)


def _announce(posts: Sequence[Path], url: str, warning: str) -> None:
    if warning:
        say(warning, to_stderr=True)
    say(f"{short(posts[0]) if len(posts) == 1 else counted(len(posts), 'post')}: {url}")
    say("what is decided there is saved at once; Ctrl-C stops the server")
    sys.stdout.flush()


def _hint(posts: Sequence[OpenPost]) -> None:
    """Say of posts that nothing is drafted in them; what the page shows then would be a surprise."""
    empty = [post for post in posts if not any(entry.target for entry in post.outcome.entries)]
    if empty:
        others = f" and {len(empty) - 1} more" if len(empty) > 1 else ""
        name = short(empty[0].path)
        say(f"{name}{others}: nothing is drafted yet; `duizhao translate {name}` does that", to_stderr=True)


def _reading(total: int) -> Callable[[str], None]:
    """Tell on a terminal which of many posts is being read."""
    if total < MANY or not sys.stderr.isatty():
        return lambda _: None
    count = itertools.count(1)
    return lambda _: print(f"\r\x1b[Kreading posts: {next(count)}/{total}\r", end="", file=sys.stderr, flush=True)


def _password(host: str) -> str:
    """Ask for the password without showing it; a program gives it in the environment, where others do not see it."""
    from translator.review.server.password import SHORTEST  # noqa: PLC0415  # an extra

    found = os.environ.pop(PASSWORD, "")  # nothing that is started from here needs to know it
    if not found and not sys.stdin.isatty():
        raise DuizhaoError(f"--host {host} needs a password; set {PASSWORD}, or run this in a terminal to be asked")
    if not found:
        found = getpass.getpass("Password for browsers on other machines: ")
        if found and getpass.getpass("The same again: ") != found:
            raise DuizhaoError("the two passwords differ; nothing was started")
    if len(found) < SHORTEST:
        raise DuizhaoError(f"the password has fewer than {SHORTEST} characters; nothing was started")
    return found


def merge(posts: Sequence[Path], html: Path) -> None:
    """Bring back what was decided on a page in a file."""
    from translator.review.returned import merge as bring_back  # noqa: PLC0415  # Jinja2

    for line in bring_back(html, posts):
        say(line)
