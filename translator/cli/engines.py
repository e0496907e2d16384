"""`duizhao engines`."""

from __future__ import annotations

from translator.cli.output import say, say_json, table
from translator.engines import choose_auto, describe


def engines(*, as_json: bool) -> None:
    """List the engines."""
    rows, best = describe(), choose_auto()
    if as_json:
        say_json(
            [
                {"name": r.name, "what": r.what, "ready": not r.missing, "missing": r.missing, "auto": r.name == best}
                for r in rows
            ]
        )
        return
    table(
        [
            [row.name, "ready" if not row.missing else "not ready", row.what + (" (auto)" if row.name == best else "")]
            for row in rows
        ],
        ["engine", "", "what it is"],
    )
    for row in rows:
        if row.missing:
            say(f"{row.name}: {row.missing}")
