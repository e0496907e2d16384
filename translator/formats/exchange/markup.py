"""XML into a small tree with lines, safely: no document type brings entities of its own, nothing is fetched."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from translator.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEEPEST = 64
"""Levels of elements: TBX has ten."""


@dataclass(frozen=True)
class Element:
    """An element: its name without the namespace, its attributes, what it holds, and its line."""

    name: str
    space: str
    attributes: dict[str, str]
    line: int
    children: list[Element] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Give the text directly inside and that of the elements inside, in no order but their own."""
        return "".join([*self.pieces, *(child.text for child in self.children)])

    def walk(self) -> Iterator[Element]:
        """Give the element and all that it holds."""
        yield self
        for child in self.children:
            yield from child.walk()

    def all(self, *names: str) -> Iterator[Element]:
        """Give the elements inside that have one of the names."""
        return (element for element in self.walk() if element.name in names)


def parse(text: str, path: Path | None = None) -> Element:
    """Read XML; raises `InputError` with line and column where it is none, is too deep, or declares entities."""
    parser = expat.ParserCreate(encoding="utf-8", namespace_separator="}")
    parser.buffer_text = True
    root = Element("", "", {}, 0)
    open_ones = [root]

    def refuse(message: str) -> InputError:
        return InputError(message, path, parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(open_ones) > DEEPEST:
            raise refuse(f"more than {DEEPEST} elements inside each other")
        space, _, local = name.rpartition("}")
        named = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        element = Element(local, space, named, parser.CurrentLineNumber)
        open_ones[-1].children.append(element)
        open_ones.append(element)

    def declare(name: str, *_: object) -> None:
        raise refuse(f"declares the entity “{name}”; take the declaration out, and write its text where it stands")

    def skip(name: str, *_: object) -> None:
        raise refuse(f"the entity “{name}” is not known; write its text where it stands")

    def data(text: str) -> None:
        open_ones[-1].pieces.append(text)

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: open_ones.pop()
    parser.CharacterDataHandler = data
    parser.EntityDeclHandler = declare
    parser.SkippedEntityHandler = skip
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        message = f"is not XML: {expat.errors.messages[error.code]}"
        raise InputError(message, path, error.lineno, error.offset + 1) from error
    return root.children[0]
