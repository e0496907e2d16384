"""Two files that change together: `en.md` and `en.po` are whole at every moment, also when the program is killed.

A write is announced first: `.duizhao/pending/…` holds what both files are to become. Then the record is replaced, then
the English; then the announcement goes. Whoever comes next and finds an announcement finishes the write, or, where
somebody has edited the old English since, takes the record back so that the edit is seen for what it is.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import sys
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from translator.errors import ConflictError, InputError
from translator.markdown import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


PLAN = ("english before", "record before", "english", "record")
"""What an announcement says."""


def digest(text: str, size: int = 8) -> str:
    """Hash a text, in hexadecimal digits."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()[:size]


def read_if_there(path: Path) -> str | None:
    """Read a text with its line endings as they are; None where there is no file."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", path) from error
    return decode(data, path)


def write(path: Path, text: str, *, sync: bool = True, unless: Callable[[], bool] = lambda: False) -> bool:
    """Replace a file at once: a temporary file beside it, flushed to disk unless told otherwise, then renamed.

    `unless` is asked at the last moment; where it says so, nothing is changed and False is given.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", path) from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            if sync:
                os.fsync(file.fileno())
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        Path(name).chmod(mode)
        if unless():
            return False
        Path(name).replace(path)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}; nothing was changed", path) from error
    finally:
        with suppress(OSError):
            Path(name).unlink()
    return True


def _clear(path: Path) -> None:
    """Take away the temporary files of writes that were cut off."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.tmp"):
        with suppress(OSError):
            left.unlink()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextmanager
def locked(path: Path, cache: Path) -> Iterator[None]:
    """Hold a file against other runs of this program; the system lets go of it when we die."""
    folder = cache / "locks"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        ignored = cache / ".gitignore"
        if not ignored.exists():
            ignored.write_text("*\n", encoding="utf-8")
        handle = (folder / digest(str(path.absolute()), 16)).open("a+b")
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", folder) from error
    with handle:
        _lock(handle)
        yield


@dataclass(frozen=True)
class Pair:
    """The two files of a post's translation, and where their announcement stands."""

    english: Path
    record: Path
    cache: Path

    @property
    def pending(self) -> Path:
        """Where a write is announced."""
        return self.cache / "pending" / f"{digest(str(self.english.absolute()), 16)}.json"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the pair against other runs of this program; the system lets go of it when we die."""
        with locked(self.english, self.cache):
            self.recover()
            yield

    def settle(self) -> None:
        """See to a write that was cut off, if there is one."""
        if self.pending.exists():
            with self.locked():
                pass

    def recover(self) -> None:
        """Finish a write that was cut off, or take it back where the English was edited since."""
        _clear(self.pending)
        if not self.pending.exists():
            return
        _clear(self.english)
        _clear(self.record)
        plan = self._announced()
        if plan and read_if_there(self.record) == plan["record"]:
            now = read_if_there(self.english)
            before, after = plan["english before"], plan["english"]
            if now == before:
                write(self.english, after)
            elif not _comes_from(now or "", after, before or ""):
                self._take_back(plan["record before"])
        self.pending.unlink()

    def _take_back(self, record: str | None) -> None:
        if record is None:
            self.record.unlink()
        else:
            write(self.record, record)

    def _announced(self) -> dict[str, Any]:
        """Read the announcement; nothing where it was cut off: then nothing else had begun."""
        try:
            plan = json.loads(self.pending.read_bytes())
        except ValueError:
            return {}
        return plan if isinstance(plan, dict) and plan.keys() >= {*PLAN} else {}

    def replace(self, before: tuple[str | None, str | None], after: tuple[str, str]) -> bool:
        """Write the English and the record where they differ from `before`; say whether anything was.

        Raises `ConflictError` where a file is not what it was when `before` was read.
        """
        if before == after:
            return False
        if (read_if_there(self.english), read_if_there(self.record)) != before:
            raise ConflictError(f"{self.english} or {self.record.name} was changed by another program meanwhile")
        (english_before, record_before), (english, record) = before, after
        plan = dict(zip(PLAN, (english_before, record_before, english, record), strict=True))
        write(self.pending, json.dumps(plan, ensure_ascii=False), sync=False)
        if record != record_before:
            write(self.record, record)
        if english != english_before:
            write(self.english, english)
        self.pending.unlink()
        return True


def _comes_from(now: str, text: str, other: str) -> bool:
    """Tell whether a text was edited from one rather than from another: by what only one of them says."""
    lines, ours, others = (set(each.splitlines()) for each in (now, text, other))
    mine, theirs = ours - others, others - ours
    return now == text or len(mine & lines) / (len(mine) or 1) > (len(theirs & lines) / len(theirs) if theirs else 0.5)


if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    def _lock(handle: Any) -> None:  # noqa: ANN401  # a file
        msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
else:
    import fcntl

    def _lock(handle: Any) -> None:  # noqa: ANN401  # a file
        fcntl.flock(handle, fcntl.LOCK_EX)
