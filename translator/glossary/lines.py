"""Glossary files in their plain form, read line by line: several times faster than by a YAML parser.

Plain is `terms:` and below it one term a line, `- {term: x, translation: y}`, or one key a line. Where any line is
something else, or says what might be wrong, nothing is read here: YAML decides, and says what is wrong. What is read
here is read there just so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from translator.model import PLACES, PROPOSED, Term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

WORDS = ("term", "translation", "first", "kind", "note", "status")
LISTS = ("aliases", "also", "forbidden", "only", "with")
TRUE_OR_FALSE = ("keep", "case")
ONE_WILL_DO = ("only", "with")
CHOICES = {"only": PLACES, "status": (PROPOSED,)}
LONGEST = 200
"""Characters of a term: what is longer is a sentence, and belongs to the memory."""
TRUTHS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}

# A plain scalar that is the same text inside brackets and outside: no comma, colon, bracket, quotation mark, no ` #`.
_WORD = r"[\w+/()&;@=*%'’（）“”《》·、，。：；！？…—–.-][\w+/()&;@=*%'’（）“”《》·、，。：；！？…—–.#-]*"
_FIRST = r"(?![Nn]ull\b|NULL\b)(?=[\w.(（《])"
_PLAIN = rf"{_FIRST}{_WORD}(?: {_WORD})*"
_QUOTED = r""""[\w .,:;+/()#&'-]+"|'[\w .,:;+/()#&"-]+'"""
_SCALAR = f"(?:{_PLAIN}|{_QUOTED})"
_LIST = rf"\[(?:{_SCALAR}(?:, ?{_SCALAR})*)?\]"
_KEY = f"(?:{'|'.join((*WORDS, *LISTS, *TRUE_OR_FALSE))})"
_PAIR = f"{_KEY}: (?:{_LIST}|{_SCALAR})"
_PROSE = _PLAIN.replace("…—–.", "…—–.,")
"""What stands on a line of its own may have commas."""
_COMMENT = r"#[^\x00-\x1f\x7f-\xa0\ud800-\udfff\u2028\u2029\ufeff\ufffe\uffff]*"
_END = rf" *(?: {_COMMENT})?"

_BLANK = re.compile(rf" *(?:{_COMMENT})?")
_BEGIN = re.compile(f"terms:{_END}")
_ITEM = re.compile(rf"( *)(?:- \{{({_PAIR}(?:, ?{_PAIR})*)\}}|(- |  )({_KEY}): ({_LIST}|{_PROSE}|{_QUOTED})){_END}")
_PAIRS = re.compile(rf"(\w+): ({_LIST}|{_SCALAR})")
_SCALARS = re.compile(_SCALAR)


class _UnusualError(ValueError):
    """What is not in plain form, or not right."""


def quickly(text: str, path: Path | None = None) -> tuple[Term, ...] | None:
    """Read a file that is in plain form throughout and has no error; None for any other."""
    try:
        return tuple(_term(pairs, path, line) for line, pairs in _items(text.split("\n")))
    except _UnusualError:
        return None


def _items(lines: Iterable[str]) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """Give the line each term begins in, and its keys and values as they are written."""
    rows = ((n, line) for n, line in enumerate(lines, 1) if not _BLANK.fullmatch(line))
    if not _BEGIN.fullmatch(next(rows, (0, ""))[1]):
        raise _UnusualError
    indent, begun = None, 0
    pairs: list[tuple[str, str]] = []
    for n, line in rows:
        found = _ITEM.fullmatch(line)
        if not found or indent not in {None, found[1]}:
            raise _UnusualError
        indent, flow, dash, key, value = found.groups()
        if dash == "  ":
            if not pairs:
                raise _UnusualError
            pairs.append((key, value))
            continue
        if pairs:
            yield begun, pairs
        begun, pairs = n, [(key, value)] if key else []
        if flow:
            yield n, _PAIRS.findall(flow)
    if pairs:
        yield begun, pairs
    if not begun:
        raise _UnusualError


def _term(pairs: Iterable[tuple[str, str]], path: Path | None, line: int) -> Term:
    fields: dict[str, str | tuple[str, ...] | bool] = {}
    for key, written in pairs:
        if key in fields:
            raise _UnusualError
        fields[key] = _READERS[key](written, key)
    if fields.get("keep") and "term" in fields:
        fields.setdefault("translation", fields["term"])
    if "term" not in fields or "translation" not in fields:
        raise _UnusualError
    if "with" in fields:
        fields["beside"] = fields.pop("with")
    return Term(**fields, path=path, line=line)  # type: ignore[arg-type]


def _word(written: str, key: str) -> str:
    value = written
    if written[0] in "\"'":
        written = written[1:-1]
        value = " ".join(written.split())
    too_long = len(value) > LONGEST and key != "note"
    if not value or written[0] == "[" or too_long or (key in CHOICES and written not in CHOICES[key]):
        raise _UnusualError
    return value


def _words(written: str, key: str) -> tuple[str, ...]:
    if written[0] == "[":
        return tuple(_word(each, key) for each in _SCALARS.findall(written[1:-1]))
    if key not in ONE_WILL_DO:
        raise _UnusualError
    return (_word(written, key),)


def _truth(written: str, _: str) -> bool:
    truth = TRUTHS.get(written.strip("\"'").lower())
    if truth is None:
        raise _UnusualError
    return truth


_READERS: dict[str, Callable[[str, str], str | tuple[str, ...] | bool]] = {
    **dict.fromkeys(WORDS, _word),
    **dict.fromkeys(LISTS, _words),
    **dict.fromkeys(TRUE_OR_FALSE, _truth),
}
