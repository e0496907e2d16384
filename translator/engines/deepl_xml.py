"""A job's text as XML, as DeepL takes marks: `<t1>…</t1>` and `<x1/>`, everything else escaped.

Law: `from_xml(to_xml(text)) == text`, for any text. What XML cannot hold (control characters, halves of characters)
travels as an empty element that names it, `<c7/>`; a tag that is not closed is the author's words. English that must
stand there as it is goes as `<k>…</k>`, which DeepL is told to leave alone.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING
from xml.parsers import expat

from translator.engines.marks import MARK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from translator.model import Span

KEPT = "k"
"""The element whose words stay."""

FORBIDDEN = re.compile("[\\0-\\x08\\x0b-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")
"""What XML 1.0 has no character for, and the carriage return, which a parser makes a line feed."""
NAME = re.compile(r"(?P<mark>[tx][1-9][0-9]*)|c(?P<code>[0-9a-f]{1,4})|k")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


class _BrokenError(Exception):
    """XML that is none of ours."""


def to_xml(text: str, kept: Sequence[tuple[Span, str]] = ()) -> str:
    """Write a job's text as XML that is well-formed without a root, with words of ours in place of some spans."""
    marks = list(MARK.finditer(text))
    stand = _nested([mark[0] for mark in marks])
    parts = [(mark.start(), mark.end(), _tag(mark[0])) for mark, stands in zip(marks, stand, strict=True) if stands]
    parts += [(span.start, span.end, f"<{KEPT}>{_escaped(words)}</{KEPT}>") for span, words in kept]
    out, at = [], 0
    for start, end, spelled in sorted(parts):
        out += [_escaped(text[at:start]), spelled]
        at = end
    return "".join(out) + _escaped(text[at:])


def _tag(mark: str) -> str:
    return mark.replace(">", "/>") if mark[1] == "x" else mark


def _nested(marks: list[str]) -> list[bool]:
    """Say of each mark whether it stands alone or is one of a pair that encloses nothing by half."""
    kept = [mark[1] == "x" for mark in marks]
    open_: list[int] = []
    for n, mark in enumerate(marks):
        if mark[1] == "t":
            open_.append(n)
        elif mark[1] == "/" and open_ and marks[open_[-1]][2:] == mark[3:]:
            kept[open_.pop()] = kept[n] = True
    return kept


def _escaped(text: str) -> str:
    return FORBIDDEN.sub(lambda found: f"<c{ord(found[0]):x}/>", text.translate(_ESCAPES))


def paid(xml: str) -> int:
    """Count the characters that DeepL counts: all but tags."""
    return len(html.unescape(re.sub("<[^<>]*>", "", xml)))


def from_xml(said: str) -> str | None:
    """Read an answer as a job's text; None where it is not well-formed, or has an element or attribute that is new."""
    out: list[str] = []
    inside: list[str] = []

    def begin(name: str, attributes: dict[str, str]) -> None:
        if not inside:
            inside.append(name)
            return
        found = NAME.fullmatch(name)
        if not found or attributes or inside[-1][0] in "xc" or (inside[-1] == KEPT and found["mark"]):
            raise _BrokenError
        inside.append(name)
        if name != KEPT:
            out.append(f"<{name}>" if found["mark"] else chr(int(found["code"], 16)))

    def end(name: str) -> None:
        if inside.pop()[0] == "t":
            out.append(f"</{name}>")

    def words(text: str) -> None:
        if inside[-1][0] in "xc":
            raise _BrokenError
        out.append(text)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, end, words
    try:
        parser.Parse(f"<r>{said}</r>", True)
    except (expat.ExpatError, UnicodeEncodeError, _BrokenError):
        return None
    return "".join(out)
