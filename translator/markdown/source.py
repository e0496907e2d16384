"""The bytes of a post and its text: one for one."""

from __future__ import annotations

from pathlib import Path

from translator.errors import InputError


def read(path: Path | str) -> str:
    """Read a post; byte order mark and line endings stay. Raises `InputError` where it is no UTF-8."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", path) from error
    return decode(data, path)


def decode(data: bytes, path: Path | str) -> str:
    """Give the text of a post. Law: `decode(data, path).encode() == data`."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        line = before.count("\n") + 1
        column = len(before) - before.rfind("\n")
        raise InputError(f"not UTF-8: {_advice(data)}", path, line, column) from error


def _advice(data: bytes) -> str:
    """Say how to mend it, naming the encoding it seems to have."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return "it seems to be UTF-16; convert it: iconv -f UTF-16 -t UTF-8"
    for name in ("gb18030", "big5"):
        try:
            data.decode(name)
        except UnicodeDecodeError:
            continue
        return f"it reads as {name}; convert it: iconv -f {name.upper()} -t UTF-8"
    return "convert it to UTF-8"
