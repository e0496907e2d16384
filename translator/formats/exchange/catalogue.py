"""A glossary as a gettext PO file, as Weblate and Poedit keep one.

msgid is the term, msgstr what we write. A form that is forbidden is an entry of its own with the flag `forbidden`, a
term that is kept has the flag `read-only` (both flags are Weblate's), one that is only proposed is `fuzzy`. Kind and
conditions stand in msgctxt, since a term may stand there twice under different ones; other forms stand in extracted
comments (`#. alias: …`) and the note in the translator's.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from translator.formats.exchange.term_format import Found, Remark, TermFormat, admit, held_whole
from translator.formats.po import catalogue
from translator.model import PROPOSED, Term

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import polib

_FORBIDDEN = "forbidden"
_KEPT = "read-only"
_COMMENTS = {"alias": "aliases", "also": "also"}
_CONTEXT = {"kind": "kind", "only": "only", "with": "beside", "case": "case"}


def dump(rows: Sequence[Term]) -> str:
    """Write terms as a PO file."""
    import polib  # noqa: PLC0415  # start-up

    po = polib.POFile(wrapwidth=0)
    po.header = "A glossary: msgid is what the author writes, msgstr what the English says."
    po.metadata = {
        "Project-Id-Version": "glossary",
        "Language": "en",
        "X-Source-Language": "zh",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    po.extend(entry for row in rows for entry in _entries(row))
    return str(po)


def _entries(term: Term) -> Iterator[polib.POEntry]:
    import polib  # noqa: PLC0415  # start-up

    others = [f"{name}: {form}" for name, field in _COMMENTS.items() for form in getattr(term, field)]
    first = [f"first: {term.first}"] if term.first else []
    yield polib.POEntry(
        msgctxt=_context(term) or None,
        msgid=term.term,
        msgstr=term.translation,
        comment="\n".join([*others, *first]),
        tcomment=term.note,
        flags=["fuzzy"] * (term.status == PROPOSED) + [_KEPT] * term.keep,
    )
    for form in term.forbidden:
        context = "; ".join(filter(None, [_context(term), f"forbidden: {_escape(form)}"]))
        yield polib.POEntry(msgctxt=context, msgid=term.term, msgstr=form, flags=[_FORBIDDEN])


def _context(term: Term) -> str:
    """Say a term's kind and conditions; `_conditions` is the way back."""
    parts = [f"kind: {_escape(term.kind)}"] if term.kind else []
    parts += [f"only: {', '.join(map(_escape, term.only))}"] if term.only else []
    parts += [f"with: {', '.join(map(_escape, term.beside))}"] if term.beside else []
    return "; ".join([*parts, *(["case: true"] if term.case else [])])


def _escape(text: str) -> str:
    return re.sub(r"([\\;,])", r"\\\1", text)


def _conditions(context: str) -> dict[str, object]:
    """Read a msgctxt; where it is not one of ours, all of it is the kind."""
    found: dict[str, object] = {}
    for part in re.findall(r"(?:\\.|[^;\\])+", context):
        name, colon, value = part.strip().partition(": ")
        if not colon or name not in {*_CONTEXT, _FORBIDDEN}:
            return {"kind": context}
        items = [re.sub(r"\\(.)", r"\1", item).strip() for item in re.findall(r"(?:\\.|[^,\\])+", value)]
        if name in {"only", "with"}:
            found[_CONTEXT[name]] = tuple(items)
        elif name in _CONTEXT:
            found[name] = value == "true" if name == "case" else re.sub(r"\\(.)", r"\1", value)
    return found


def load(text: str, path: Path | None = None) -> Found:
    """Read a PO file; raises `InputError` with the line where it is none."""
    terms: dict[tuple[str, str], Term] = {}
    forbidden: list[tuple[polib.POEntry, Term]] = []
    remarks = []
    for entry in catalogue(text, path):
        term = _term(entry, path)
        if entry.obsolete or not entry.msgid:
            remarks.append(Remark(term.line, f"left out: “{entry.msgid}” is obsolete"))
        elif _FORBIDDEN in entry.flags:
            forbidden.append((entry, term))
        elif terms.setdefault((term.term, _context(term)), term) is not term:
            remarks.append(Remark(term.line, f"left out: “{term.term}” stands here a second time"))
    for entry, term in forbidden:
        key = (term.term, _context(term))
        owner = key if key in terms else next((other for other in terms if other[0] == term.term), None)
        if owner is None:
            remarks.append(
                Remark(term.line, f"left out: “{entry.msgstr}” is forbidden for “{term.term}”, which is not here")
            )
        else:
            terms[owner] = replace(terms[owner], forbidden=(*terms[owner].forbidden, entry.msgstr))
    return admit(list(terms.values()), remarks)


def _term(entry: polib.POEntry, path: Path | None) -> Term:
    said: dict[str, list[str]] = {}
    for line in entry.comment.split("\n"):
        name, colon, form = line.partition(": ")
        said.setdefault(name if colon else "", []).append(form or line)
    others = {field: tuple(said.get(name, ())) for name, field in _COMMENTS.items()}
    return Term(
        entry.msgid,
        entry.msgstr or entry.msgstr_plural.get(0, ""),
        first=said.get("first", [""])[0],
        note=entry.tcomment,
        keep=_KEPT in entry.flags,
        status=PROPOSED if entry.fuzzy else "",
        path=path,
        line=entry.linenum or 1,  # polib does not count to the first
        **others,  # type: ignore[arg-type]
        **_conditions(entry.msgctxt or ""),  # type: ignore[arg-type]
    )


PO = TermFormat(
    "po",
    (".po", ".pot"),
    "A gettext catalogue for Weblate and Poedit, with Weblate's flags `forbidden` and `read-only`.",
    dump,
    load,
    held_whole,
    key=lambda term: (term.term, _context(term)),
)
