"""Lint: what is wrong with a glossary, or worth a look, and what of it is mended surely.

    texts ─read→ Library ─RULES→ flaws ─mend→ texts

A rule is a value: an id, a level, a sentence saying why, and a function; each has a file of good and bad examples in
tests/glossary/lint.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from translator.glossary.lint import english, inside, spelling, twins, use
from translator.glossary.lint.rule import Flaw, Library, Rule, read
from translator.glossary.yaml_edit import Sheet
from translator.model import Level
from translator.splice import splice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
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

    What a rule calls safe changes neither what is found in a post nor what must stand in its English.
    """
    text, done = page.text, 0
    while fixes := _fixes(page._replace(text=text)):  # what is mended may show another flaw: twins but for a blank
        sheet = Sheet(text, page.path)
        drops = [fix for fix in fixes if fix.text is None]
        edits = list(_dropped(sheet, drops) if drops else _respelled(sheet, fixes))
        text = splice(sheet.whole, sheet.finished(edits))
        done += len(drops or fixes)
    return text, done


def _fixes(page: Page) -> list[Fix]:
    """Give what can be done at once: of each term, the words of one field."""
    flaws = lint(open_library([page]), [rule for rule in RULES if rule.id in MENDED])
    fixes = dict.fromkeys(flaw.fix for flaw in flaws if flaw.fix)
    fields: dict[tuple[int, bool], str] = {}
    return [fix for fix in fixes if fields.setdefault((fix.term, fix.text is None), fix.field) == fix.field]


MENDED = frozenset({"untidy", "repeated"})
"""Rules whose flaws may have a fix."""


def _dropped(sheet: Sheet, fixes: Sequence[Fix]) -> Iterator[Edit]:
    gone: dict[tuple[int, str], set[int]] = {}
    for fix in fixes:
        gone.setdefault((fix.term, fix.field), set()).add(fix.item)
    for (index, field), items in gone.items():
        words = sheet.value(index, field)
        left = tuple(word for n, word in enumerate(words) if n not in items) if isinstance(words, tuple) else ""
        yield from sheet.write(index, {field: left})


def _respelled(sheet: Sheet, fixes: Sequence[Fix]) -> Iterator[Edit]:
    """Write words anew just where they stand."""
    for fix in fixes:
        node = sheet.listing.value[fix.term]
        if isinstance(node, tuple):
            yield from sheet.write(fix.term, {fix.field: fix.text or ""})
            continue
        field = next(field for field in sheet.fields(node) if field.name == fix.field)
        is_list = hasattr(field.node, "flow_style")
        spot = sheet.items(field.node)[fix.item] if is_list else field.value
        word = field.node.value[fix.item] if is_list else field.node
        in_flow = bool(field.node.flow_style if is_list else node.flow_style)
        yield sheet.replace(spot, word, fix.text or "", in_flow=in_flow, is_alias=word.start_mark.index != spot.start)
