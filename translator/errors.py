"""The error tree: what is wrong with the world, as opposed to a translation (a `Finding`) or the program (a bug).

DuizhaoError
├── InputError     a file that cannot be read as what it should be: where, and how to mend it
├── EngineError    an engine that cannot answer at all
└── ConflictError  a file that changed under our hands
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class DuizhaoError(Exception):
    """Something the user can mend: one clear sentence, caught once, at the door."""


class InputError(DuizhaoError):
    """A file that is not what it should be; says where (line and column count from 1)."""

    def __init__(self, message: str, path: Path | str | None = None, line: int = 0, column: int = 0) -> None:
        self.path, self.line, self.column = path, line, column
        where = ":".join(str(part) for part in (path, line or None, column or None) if part is not None)
        super().__init__(f"{where}: {message}" if where else message)


class EngineError(DuizhaoError):
    """An engine that is missing, misconfigured or down; says how to get it."""


class ConflictError(DuizhaoError):
    """A file was changed by another program between our reading and our writing of it."""
