"""What a rule of lint is, and what it looks at: every term as it is written, with the place of every word."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from translator.errors import InputError
from translator.glossary.files import parse
from translator.glossary.yaml_edit import Sheet
from translator.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from translator.model import Level, Term


class Fix(NamedTuple):
    """What is surely right in a word's place."""

    term: int
    """The term's index in its file."""
    field: str
    """As the file names it."""
    item: int
    """The word's index in a list; 0 where the field is no list."""
    text: str | None
    """None: the word goes."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something in a glossary that is wrong, or worth a look: a value, never raised."""

    message: str
    path: Path | None
    line: int
    fix: Fix | None = None
    level: Level | None = None
    """If it is not its rule's."""
    rule: str = ""
    """Filled in by `lint`."""


@dataclass(frozen=True)
class Rule:
    """One thing that can be wrong with a glossary."""

    id: str
    level: Level
    why: str
    """A sentence for the documentation."""
    run: Callable[[Library], Iterator[Flaw]]


class Word(NamedTuple):
    """A word as it is written in a file."""

    raw: str
    line: int


@dataclass(frozen=True)
class Listed:
    """A term where it is listed."""

    term: Term
    index: int
    """In its file."""
    words: Mapping[str, tuple[Word, ...]]
    """By field, as the file names it; what the file does not write is not there."""
    shelf: str = ""
    """Files of one shelf are read together; a post's own glossary is a shelf of its own, and may override."""

    def line(self, field: str, item: int = 0) -> int:
        """Say in which line a word stands."""
        words = self.words.get(field, ())
        return words[item].line if item < len(words) else self.term.line

    def flaw(self, message: str, field: str = "term", item: int = 0, **more: Any) -> Flaw:  # noqa: ANN401  # a Flaw's
        """Note something about one of the term's words."""
        return Flaw(message, self.term.path, self.line(field, item), **more)

    def fix(self, field: str, item: int, text: str | None = None) -> Fix:
        """Say what belongs in a word's place."""
        return Fix(self.index, field, item, text)

    @property
    def place(self) -> str:
        """Say where the term stands, for messages."""
        return f"{self.term.path.name}:{self.term.line}" if self.term.path else f"line {self.term.line}"


class Form(NamedTuple):
    """One way the author writes a term."""

    listed: Listed
    text: str
    item: int
    """-1: the term itself; otherwise which of the aliases."""

    @property
    def field(self) -> str:
        """Name the field it stands in."""
        return "term" if self.item < 0 else "aliases"

    @property
    def line(self) -> int:
        """Say where it stands."""
        return self.listed.line(self.field, max(self.item, 0))


@dataclass(frozen=True)
class Library:
    """All that is looked at together."""

    listed: tuple[Listed, ...]
    used: frozenset[str] | None = None
    """The folded surfaces found in the posts; None where there are no posts."""

    @cached_property
    def forms(self) -> Mapping[str, list[Form]]:
        """Give every way the author writes anything, by its folded form."""
        found: dict[str, list[Form]] = {}
        for one in self.listed:
            for item, text in enumerate((one.term.term, *one.term.aliases), -1):
                found.setdefault(fold(text), []).append(Form(one, text, item))
        return found

    def meetings(self) -> Iterator[tuple[Form, Form]]:
        """Give each two forms of different terms that claim the same words under the same conditions."""
        for forms in self.forms.values():
            if len(forms) > 1:
                yield from ((a, b) for a, b in combinations(forms, 2) if a.listed is not b.listed and _meet(a, b))


def _meet(a: Form, b: Form) -> bool:
    one, two = a.listed.term, b.listed.term
    if a.listed.shelf != b.listed.shelf or one.case != two.case or (one.case and a.text != b.text):
        return False
    return all(
        bool(x) == bool(y) and (not x or not {*map(fold, x)}.isdisjoint(map(fold, y)))
        for x, y in ((one.only, two.only), (one.beside, two.beside))
    )


def read(text: str, path: Path | None = None, shelf: str = "") -> Iterator[Listed]:
    """Read a glossary file, twins and all, with the place of every word; raises `InputError`."""
    terms = parse(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"), path, twins=True)
    listing = Sheet(text, path).listing
    nodes: Sequence[Any] = listing.value if listing else ()
    if len(nodes) != len(terms):
        raise InputError("is read in two ways; is an ending of a line odd?", path)
    for index, (term, node) in enumerate(zip(terms, nodes, strict=True)):
        yield Listed(term, index, dict(_words(node)), shelf)


def _words(node: Any) -> Iterator[tuple[str, tuple[Word, ...]]]:  # noqa: ANN401  # a YAML node or two
    if isinstance(node, tuple):
        yield "term", (_word(node[0]),)
        yield "translation", (_word(node[1]),)
        return
    for key, value in node.value:
        yield key.value, tuple(map(_word, value.value if isinstance(value, yaml.SequenceNode) else (value,)))


def _word(node: yaml.ScalarNode) -> Word:
    return Word(node.value, node.start_mark.line + 1)
