"""`duizhao compare`: a post as several engines say it, side by side, on a page and in figures."""

from __future__ import annotations

import hashlib
import sys
from typing import TYPE_CHECKING, Any

from translator.cli.costs import allow, receipt, receipt_json, warn
from translator.cli.evaluate import open_chains
from translator.cli.output import counted, entry_json, say, say_json, short, table
from translator.cli.translate import Bar
from translator.config import Project
from translator.errors import DuizhaoError, EngineError
from translator.meter import Meter
from translator.pipeline.compare import Compared, compare, foretell, open_fresh
from translator.pipeline.files import write
from translator.pipeline.verbs import Desk, Options

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from translator.pipeline.chain import Chain
    from translator.pipeline.work import Work


def run(  # each an option of the command
    post: Path, engines: Sequence[str], output: Path | None, max_cost: float | None, *, as_json: bool, no_open: bool
) -> None:
    """Draft a post with each engine and show what they say; nothing of it is written to the post's files."""
    desk = Desk(Project.of(post), Options())
    chains = open_chains(desk.project, engines)
    work = open_fresh(desk, post)
    done: list[Compared] = []
    for name, chain in chains:
        spent = sum(one.meter.taken.cost for one in done)
        meter = Meter(None if max_cost is None else max(max_cost - spent, 0.0))
        done.append(_compared(desk, name, chain, work, meter))
    page = _page(done, post, output or _place(desk.project, post))
    if as_json:
        say_json({"post": str(post), "page": str(page), "engines": [_json(one) for one in done]})
    else:
        _show(done, post, page)
        _open(page, no_open=no_open)
    failed = sum(bool(one.error) for one in done)
    if failed:
        raise DuizhaoError(f"{failed} of {counted(len(done), 'engine')} could not go on")


def _compared(desk: Desk, name: str, chain: Chain, work: Work, meter: Meter) -> Compared:
    post = work.post.path
    assert post is not None  # noqa: S101  # it was opened by its name
    warn(desk.project, chain)
    record = desk.project.record(post)
    if chain[0].abilities.remote:
        try:
            allow(chain[0], foretell(chain, work, record), meter.limit)
        except EngineError as error:
            raise EngineError(f"{name}: {error}") from error
    with Bar(meter) as bar:
        one = compare(name, chain, work, record, bar)
    if one.error:
        say(f"duizhao: {name}: {one.error}", to_stderr=True)
    return one


def _place(project: Project, post: Path) -> Path:
    """Name the page in the project's cache: one for each post."""
    name = hashlib.sha256(str(post.absolute()).encode()).hexdigest()[:8]
    return project.cache / f"compare-{post.stem}-{name}.html"


def _page(done: Sequence[Compared], post: Path, place: Path) -> Path:
    from translator.review.comparison import comparison  # noqa: PLC0415  # Jinja2

    place.parent.mkdir(parents=True, exist_ok=True)
    write(place, comparison(done, [receipt(one.meter, one.seconds) for one in done], post))
    return place


def _open(page: Path, *, no_open: bool) -> None:
    from translator.review.window import has_window, show  # noqa: PLC0415  # Jinja2's part of the package

    if not no_open and sys.stdout.isatty() and has_window():
        show(page)


def _show(done: Sequence[Compared], post: Path, page: Path) -> None:
    from translator.review.comparison import figures  # noqa: PLC0415  # Jinja2

    every = [figures(one, "") for one in done]
    rows = [[one.name, one.terms, str(one.refused), *(str(n) for _, n in one.findings), one.seconds] for one in every]
    table(rows, ["engine", "terms", "refused", *(level for level, _ in every[0].findings), "time"])
    for one in done:
        if taken := receipt(one.meter, one.seconds):
            say(f"{one.name}: {taken}")
    say(f"{counted(len(done[0].work.entries), 'segment')} of {short(post)} side by side: {short(page)}")


def _json(one: Compared) -> dict[str, Any]:
    return {
        "name": one.name,
        "error": one.error,
        "terms": {
            "mentions": one.terms.mentions,
            "obeyed": one.terms.obeyed,
            "strict": one.terms.strict,
            "public": one.terms.public,
        },
        "refused": one.refused,
        "findings": {level.value: n for level, n in one.levels.items()},
        "receipt": receipt_json(one.meter, one.seconds),
        "segments": [entry_json(entry) for entry in one.outcome.entries],
    }
