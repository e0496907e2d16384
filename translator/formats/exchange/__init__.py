"""Terms leave for other programs and come in from them: each format one row here.

Law: what is read from a file that was written is `held` of what was written; what a format does not hold is said
(`lost`).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from translator.errors import InputError
from translator.formats.exchange import catalogue, pairs, sheet, tbx
from translator.formats.exchange.term_format import FIELDS, Found, Remark, TermFormat, field_name, refusal, tidy
from translator.model import PROPOSED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from translator.model import Term

__all__ = [
    "FIELDS",
    "LARGEST",
    "TERM_FORMATS",
    "Found",
    "Kept",
    "Remark",
    "TermFormat",
    "decode",
    "dump",
    "field_name",
    "find_format",
    "keep",
    "load",
    "lost",
    "refusal",
    "tidy",
]

TERM_FORMATS: tuple[TermFormat, ...] = (sheet.CSV, sheet.TSV, tbx.TBX, pairs.DEEPL, catalogue.PO, pairs.LIST)

LARGEST = 32 * 1024 * 1024
"""Bytes of a file that is read: some 300,000 terms."""
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


class Kept(NamedTuple):
    """A term, and what of it a file holds."""

    term: Term
    rows: tuple[Term, ...]
    """None where it is left out."""
    lost: tuple[str, ...]
    """What is not there, or is there otherwise: sentences without a full stop."""


def find_format(name: str, path: Path | None = None) -> TermFormat:
    """Find a format by its name, else by a file's name; raises `InputError`."""
    known = ", ".join(form.name for form in TERM_FORMATS)
    if name:
        found = [form for form in TERM_FORMATS if form.name == name.lower()]
        message = f"there is no format “{name}”; known are {known}"
    else:
        ends = [(suffix, form) for form in TERM_FORMATS for suffix in form.suffixes]
        found = [form for suffix, form in sorted(ends, key=lambda end: -len(end[0])) if _ends(path, suffix)]
        message = f"its name does not say what format it is; add --format with one of {known}"
    if not found:
        raise InputError(message, None if name else path)
    return found[0]


def _ends(path: Path | None, suffix: str) -> bool:
    return path is not None and path.name.lower().endswith(suffix)


def lost(term: Term, form: TermFormat) -> list[str]:
    """Say what of a term a format cannot hold, one sentence a field."""
    whole, rows = tidy(term), form.held(term)
    if not rows:
        return [f"left out: {_why_not(whole)}"]
    return list(_differences(whole, rows))


def _why_not(whole: Term) -> str:
    if reason := refusal(whole):
        return reason
    if whole.status == PROPOSED:
        return f"“{whole.term}” is only proposed"
    return f"“{whole.term}” cannot be written in this format"


def _differences(whole: Term, rows: Sequence[Term]) -> list[str]:
    said = []
    for name in FIELDS:
        before, after = getattr(whole, name), getattr(rows[0], name)
        if before == after:
            continue
        if name == "aliases" and {row.term for row in rows[1:]} >= set(before):
            said.append(f"`aliases` stand as rows of their own: {_shown(before)}")
        elif isinstance(before, tuple) and (gone := [item for item in before if item not in after]):
            said.append(f"`{field_name(name)}` is not there: {_shown(tuple(gone))}")
        else:
            said.append(f"`{field_name(name)}` is {'not there' if not after else 'otherwise'}: {_shown(before)}")
    return said


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(value).lower() if isinstance(value, bool) else " ".join(str(value).split())


def keep(terms: Sequence[Term], form: TermFormat) -> list[Kept]:
    """Decide what of each term a file holds: with regard to the others, since some formats have no row twice."""
    seen: set[object] = set()
    out = []
    for term in terms:
        rows, said = [], lost(term, form)
        for row in form.held(term):
            key = form.key(row) if form.key else None
            if form.key and key in seen:
                said.append(f"a second row for “{row.term}” is left out: {row.translation}")
                continue
            seen.add(key)
            rows.append(row)
        out.append(Kept(term, tuple(rows), tuple(said)))
    return out


def dump(terms: Sequence[Term], form: TermFormat) -> str:
    """Write terms in a format; what it cannot hold is left out, and said by `keep`."""
    return form.dump([row for kept in keep(terms, form) for row in kept.rows])


def decode(data: bytes, path: Path | None = None) -> str:
    """Read the bytes of a file as text: UTF-8, or UTF-16 with its mark, as Excel's “Unicode text” is.

    Raises `InputError` with the line where it is neither, or too large.
    """
    if len(data) > LARGEST:
        raise InputError(f"has more than {LARGEST // 1024 // 1024} MB; split it", path)
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line, column = data.count(b"\n", 0, error.start) + 1, error.start - data.rfind(b"\n", 0, error.start)
        hint = "save it as UTF-8 (Excel: “CSV UTF-8”), or convert it, e.g. with `iconv -f gb18030 -t utf-8`"
        raise InputError(f"is not UTF-8; {hint}", path, line, column) from error


def load(text: str, form: TermFormat, path: Path | None = None) -> Found:
    """Read terms in a format, whatever the line endings; raises `InputError` with line and, where known, column."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if found := _CONTROL.search(plain):
        at = found.start()
        line, column = plain.count("\n", 0, at) + 1, at - plain.rfind("\n", 0, at)
        message = f"a control character (U+{ord(found[0]):04X}), which no text has; is this another kind of file?"
        raise InputError(message, path, line, column)
    read = form.load(plain, path)
    return read._replace(terms=tuple(replace(term, path=path) for term in read.terms))
