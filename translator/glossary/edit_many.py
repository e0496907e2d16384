"""Many changes of a glossary file at once: proven once, so that ten thousand terms take seconds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from translator.errors import InputError
from translator.glossary.edit import FIELDS, Change
from translator.glossary.files import parse
from translator.glossary.yaml_edit import Sheet
from translator.model import Edit, Span, Term
from translator.splice import splice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path


def add_terms(text: str, terms: Sequence[Term], path: Path | None = None) -> Change:
    """Put new terms behind the last one; raises `InputError` where the file would not say just that then."""
    if not terms:
        return Change(text, ())
    sheet = Sheet(text, path)
    if not sheet.listing:  # the first one decides how the others are spelled
        first = _proven(sheet, sheet.put_item(_values(terms[0])), lambda old: [*old, terms[0]])
        return _joined(text, first, add_terms(first.after, terms[1:], path))
    edits = [edit for term in terms for edit in sheet.put_item(_values(term))]
    return _proven(sheet, edits, lambda old: [*old, *terms])


def rewrite_terms(text: str, values: Mapping[int, Mapping[str, Any]], path: Path | None = None) -> Change:
    """Give fields of several terms, by index, new values; an empty value goes. Raises `InputError`."""
    sheet = Sheet(text, path)
    edits = [edit for index, fields in values.items() for edit in sheet.write(index, fields)]

    def wanted(old: Sequence[Term]) -> Iterator[Term]:
        for index, term in enumerate(old):
            fields = {"beside" if name == "with" else name: value for name, value in values.get(index, {}).items()}
            yield replace(term, **fields)

    return _proven(sheet, edits, wanted)


def _values(term: Term) -> dict[str, Any]:
    values = {name: getattr(term, "beside" if name == "with" else name) for name in ("term", *FIELDS)}
    if term.keep and term.translation == term.term:
        values["translation"] = ""
    return values


def _proven(sheet: Sheet, edits: Sequence[Edit], wanted: Callable[[Sequence[Term]], Any]) -> Change:
    finished = sheet.finished(edits)
    change = Change(sheet.whole, finished)
    before, after = (parse(_plain(one), sheet.path) for one in (sheet.whole, change.after))
    expected = [replace(term, path=None, line=0) for term in wanted(before)]
    found = [replace(term, path=None, line=0) for term in after]
    if found != expected:
        wrong = next((b.term for a, b in zip(found, expected, strict=False) if a != b), "the last term")
        raise InputError(
            f"cannot be changed safely: “{wrong}” would be read otherwise; nothing was changed", sheet.path
        )
    return change


def _plain(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _joined(text: str, first: Change, then: Change) -> Change:
    """Make one change of two that follow each other."""
    after = splice(first.after, then.edits)
    head = next((n for n, (a, b) in enumerate(zip(text, after, strict=False)) if a != b), min(len(text), len(after)))
    rest = zip(reversed(text[head:]), reversed(after[head:]), strict=False)
    tail = next((n for n, (a, b) in enumerate(rest) if a != b), min(len(text), len(after)) - head)
    return Change(text, (Edit(Span(head, len(text) - tail), after[head : len(after) - tail]),))
