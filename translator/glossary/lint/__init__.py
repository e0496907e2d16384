"""Lint: what is wrong with a glossary, or worth a look, and what of it is mended surely.

    texts ─read→ Library ─RULES→ flaws ─mend→ texts

A rule is a value: an id, a level, a sentence saying why, and a function; each has a file of good and bad examples in
tests/glossary/lint.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from translator.errors import InputError
from translator.glossary.lint import english, inside, spelling, twins, use
from translator.glossary.lint.rule import Flaw, Library, Rule, read
from translator.glossary.yaml_edit import Sheet
from translator.model import Level
from translator.splice import splice

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from translator.glossary.lint.rule import Fix
    from translator.model import Edit

__all__ = ["RULES", "Flaw", "Library", "Page", "Rule", "lint", "mend", "open_library"]

RULES: tuple[Rule, ...] = (
    twins.CONFLICT,
    twins.ALIAS,
    twins.DUPLICATE,
    english.FORBIDDEN,
    english.EXPANDS,
    english.CHINESE,
    english.FIRST,
    english.KEEP,
    inside.INSIDE,
    spelling.SHORT,
    spelling.UNTIDY,
    spelling.REPEATED,
    english.SHARED,
    use.UNUSED,
)
_ORDER = (Level.ERROR, Level.WARNING, Level.INFO)


class Page(NamedTuple):
    """A glossary file."""

    text: str
    path: Path | None = None
    shelf: str = ""
    """Empty: the project's; otherwise a name for the post whose own it is."""


def open_library(pages: Sequence[Page], used: frozenset[str] | None = None) -> Library:
    """Read glossary files to be looked at together; raises `InputError` for what is no glossary at all."""
    return Library(tuple(one for page in pages for one in read(*page)), used)


def lint(library: Library, rules: Sequence[Rule] = RULES) -> list[Flaw]:
    """Give what is wrong, file by file and line by line."""
    found = [
        replace(flaw, rule=rule.id, level=flaw.level or rule.level) for rule in rules for flaw in rule.run(library)
    ]
    files = {path: n for n, path in enumerate(dict.fromkeys(one.term.path for one in library.listed))}
    return sorted(found, key=lambda flaw: (files[flaw.path], flaw.line, _ORDER.index(flaw.level or Level.INFO)))


def mend(page: Page) -> tuple[str, int]:
    """Do what is safe in a file, and count it; nothing else of it changes.

    What a rule calls safe changes neither what is found in a post nor what must stand in its English. A field that
    cannot be changed safely where it stands, as one with an anchor, is left to a person.
    """
    text, done, left = page.text, 0, frozenset[tuple[int, str]]()
    while fixes := _fixes(
        page._replace(text=text), left
    ):  # what is mended may show another flaw: twins but for a blank
        sheet, edits = Sheet(text, page.path), []
        for (index, field), several in fixes.items():
            try:
                edits += _edits(sheet, several)
            except InputError:
                left |= {(index, field)}
            else:
                done += len(several)
        text = splice(sheet.whole, sheet.finished(edits))
    return text, done


def _fixes(page: Page, left: frozenset[tuple[int, str]]) -> dict[tuple[int, str], list[Fix]]:
    """Give what can be done at once, by field: of each term one field, and in it either words go or they change."""
    flaws = lint(open_library([page]), [rule for rule in RULES if rule.id in MENDED])
    fixes = dict.fromkeys(flaw.fix for flaw in flaws if flaw.fix and (flaw.fix.term, flaw.fix.field) not in left)
    chosen: dict[int, tuple[str, bool]] = {}
    out: dict[tuple[int, str], list[Fix]] = {}
    for fix in sorted(fixes, key=lambda fix: fix.text is not None):
        what = (fix.field, fix.text is None)
        if chosen.setdefault(fix.term, what) == what:
            out.setdefault((fix.term, fix.field), []).append(fix)
    return out


MENDED = frozenset({"untidy", "repeated"})
"""Rules whose flaws may have a fix."""


def _edits(sheet: Sheet, fixes: Sequence[Fix]) -> list[Edit]:
    """Give the splices that mend one field; raises `InputError` where it cannot be changed safely."""
    index, field = fixes[0].term, fixes[0].field
    if fixes[0].text is not None:
        return [edit for fix in fixes for edit in _respelled(sheet, fix, fix.text or "")]
    words, gone = sheet.value(index, field), {fix.item for fix in fixes}
    left = tuple(word for n, word in enumerate(words) if n not in gone) if isinstance(words, tuple) else ""
    return sheet.write(index, {field: left})


def _respelled(sheet: Sheet, fix: Fix, text: str) -> list[Edit]:
    """Write a word anew just where it stands."""
    node = sheet.listing.value[fix.term]
    if isinstance(node, tuple):
        return sheet.write(fix.term, {fix.field: text})
    field = next(field for field in sheet.fields(node) if field.name == fix.field)
    is_list = hasattr(field.node, "flow_style")
    if is_list and field.is_alias:
        sheet.fail(field.value.start, "the list stands elsewhere")
    spot = sheet.items(field.node)[fix.item] if is_list else field.value
    word = field.node.value[fix.item] if is_list else field.node
    in_flow = bool(field.node.flow_style if is_list else node.flow_style)
    return [sheet.replace(spot, word, text, in_flow=in_flow, is_alias=word.start_mark.index < spot.start)]
