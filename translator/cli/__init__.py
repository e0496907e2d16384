"""The command line: the only part that prints, and the only one that knows exit codes.

0 it did its work, 1 `check` and the like found something, 2 usage or the world, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import os
import sys

from translator.errors import DuizhaoError

__all__ = ["main"]


def main() -> None:
    """Run `duizhao`."""
    from translator.cli.app import app  # noqa: PLC0415  # a broken pipe or an interrupt is caught here, whenever it comes

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        app(prog_name="duizhao", standalone_mode=True)
    except DuizhaoError as error:
        print(f"duizhao: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("\nduizhao: stopped; what was drafted until now is kept, and the next run goes on from it", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
