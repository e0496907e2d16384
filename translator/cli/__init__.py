"""The command line: the only part that prints, and the only one that knows exit codes.

0 it did its work, 1 `check` and the like found something, 2 usage or the world, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run `duizhao`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    from translator.cli.app import app  # noqa: PLC0415  # after the streams can say what goes wrong in it

    app(prog_name="duizhao")
