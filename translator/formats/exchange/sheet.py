r"""CSV and TSV: one term a row, one field a column, for Excel, Numbers and LibreOffice.

The first row names the columns as glossary files name the fields, in any order and in small or capital letters. Lists
stand in one cell with `|` between, a `|` of their own as `\|`. A cell that a spreadsheet would take for a formula
(`=`, `+`, `-` or `@` at its start) has a `'` before it, which is taken away again when it is read (OWASP, “CSV
Injection”). A `;` or a tab may stand for the comma: that is what Excel writes in half of Europe.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from translator.errors import InputError
from translator.formats.exchange.term_format import (
    FIELDS,
    LISTS,
    Found,
    Remark,
    TermFormat,
    admit,
    field_name,
    held_whole,
)
from translator.model import Term

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

_TRUTHS = ("keep", "case")
_YES = frozenset({"true", "yes", "on", "1", "x", "wahr", "是"})
_NO = frozenset({"", "false", "no", "off", "0", "falsch", "否"})
"""What spreadsheets make of a tick, in some of their languages."""
_SYNONYMS = {
    "source": "term", "chinese": "term", "zh": "term", "中文": "term", "术语": "term",
    "target": "translation", "english": "translation", "en": "translation", "英文": "translation",
    "译文": "translation", "notes": "note", "alias": "aliases", "备注": "note", "别名": "aliases",
}  # fmt: skip
_COLUMNS = {field_name(name): name for name in FIELDS}
_FORMULA = re.compile(r"'*[=+\-@]")


def dump(terms: Sequence[Term], delimiter: str) -> str:
    """Write terms as rows below the names of the columns."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for term in terms:
        writer.writerow([_guard(_cell(getattr(term, name))) for name in FIELDS])
    return out.getvalue()


def _cell(value: str | bool | tuple[str, ...]) -> str:
    if isinstance(value, bool):
        return "true" if value else ""
    return value if isinstance(value, str) else join(value)


def _guard(cell: str) -> str:
    return "'" + cell if _FORMULA.match(cell) else cell


def _unguard(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def join(items: Sequence[str]) -> str:
    """Put a list into one cell; `split` is the way back."""
    return "|".join(item.replace("\\", "\\\\").replace("|", "\\|") for item in items)


def split(cell: str) -> tuple[str, ...]:
    """Take a cell apart at its `|`; a backslash before anything else is itself."""
    items = re.findall(r"(?:\\[\\|]|[^|])+", cell)
    return tuple(re.sub(r"\\([\\|])", r"\1", item) for item in items)


def load(text: str, path: Path | None, delimiter: str = "") -> Found:
    """Read rows; without a delimiter it is the one of `,`, `;` and tab that parts the first row most."""
    rows = _rows(text, delimiter or _delimiter(text), path)
    line, head = next(rows, (0, []))
    columns, remarks = _columns(head, line, path)
    terms = []
    for number, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if any(cell.strip() for cell in row[len(head) :]):
            message = f"this row has {len(row)} cells and the first {len(head)}; put cells with commas in quotes"
            raise InputError(message, path, number)
        cells = {name: row[n] for n, name in columns.items() if n < len(row)}
        try:
            terms.append(_term(cells, path, number))
        except ValueError as error:
            remarks.append(Remark(number, f"left out: {error}"))
    return admit(terms, remarks, frozenset(columns.values()))


def _delimiter(text: str) -> str:
    head = text.lstrip("\n").split("\n", 1)[0]
    return max(",;\t", key=head.count)


def _rows(text: str, delimiter: str, path: Path | None) -> Iterator[tuple[int, list[str]]]:
    """Give each row with the line it starts in, blank ones before the first left out."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line, began = 1, False
    try:
        for row in reader:
            began = began or any(cell.strip() for cell in row)
            if began:
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        message = str(error).replace("unexpected end of data", "a quotation mark is not closed")
        raise InputError(f"is no table: in the row that starts here {message}", path, line) from error


def _columns(head: Sequence[str], line: int, path: Path | None) -> tuple[dict[int, str], list[Remark]]:
    names = [" ".join(_unguard(cell).split()).casefold() for cell in head]
    known = {**_COLUMNS, **_SYNONYMS}
    columns = {n: known[name] for n, name in enumerate(names) if name in known}
    wanted = f"expected a first row like {','.join(list(_COLUMNS)[:6])}"
    if "term" not in columns.values():
        hint = "; a list without it is read by --format deepl or list" if len(head) == 2 else ""
        raise InputError(f"no column is called `term`; {wanted}{hint}", path, line or 1)
    if not {"translation", "keep"} & set(columns.values()):
        raise InputError(f"no column is called `translation`; {wanted}", path, line)
    for name in columns.values():
        if list(columns.values()).count(name) > 1:
            raise InputError(f"two columns are the `{field_name(name)}` of a term; rename one", path, line)
    unknown = [head[n].strip() for n, name in enumerate(names) if name and n not in columns]
    return columns, [Remark(line, f"the column “{name}” is no field of a term: left out") for name in unknown]


def _term(cells: Mapping[str, str], path: Path | None, line: int) -> Term:
    plain = {name: _unguard(cell) for name, cell in cells.items()}
    lists = {name: split(plain.pop(name)) for name in LISTS if name in plain}
    truths = {name: _truth(plain.pop(name), name) for name in _TRUTHS if name in plain}
    words = {"translation": "", **plain}
    return Term(**words, **lists, **truths, path=path, line=line)  # type: ignore[arg-type]


def _truth(cell: str, name: str) -> bool:
    said = cell.strip().casefold()
    if said not in _YES | _NO:
        raise ValueError(f"`{name}` is true or false, not “{cell.strip()}”")
    return said in _YES


CSV = TermFormat(
    "csv",
    (".csv",),
    "One term a row, every field a column, for spreadsheets.",
    lambda terms: dump(terms, ","),
    load,
    held_whole,
    has_mark=True,
)
TSV = TermFormat(
    "tsv",
    (".tsv", ".tab"),
    "The same with tabs.",
    lambda terms: dump(terms, "\t"),
    lambda text, path: load(text, path, "\t"),
    held_whole,
)
