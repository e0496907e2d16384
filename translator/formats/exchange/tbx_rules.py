"""What TBX-Basic in DCA style allows, and where a file breaks it.

The rules were written from the dialect's public grammar and its further constraints (TBX-Basic 1.2, ISO 30042:2019):
which elements may stand in which, in which order and how often; which attributes an element must and may have; which
data categories there are, at which level, and which values the closed ones have. Not looked at: whether a `target`
leads anywhere, inline codes taken over from XLIFF, languages' names, the contents of `back`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from translator.formats.exchange.markup import Element, parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

NAMESPACE = "urn:iso:std:iso:30042:ed-2"
_AUX = r"(?:(?:descrip|descripGrp|admin|adminGrp|transacGrp|note|ref|xref) )*"
_LINKS = r"(?:(?:admin|adminGrp|transacGrp|note|ref|xref) )*"
_NOTE_TEXT = r"(?:(?:hi|foreign|sc|ec|ph) )*"


class Rule(NamedTuple):
    """What an element holds: its children's names, each with a blank behind it, match `children`."""

    children: str
    must: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset({"id"})
    has_text: bool = False


_LANG = frozenset({"id", "lang"})
_TYPED = frozenset({"id", "lang", "target", "datatype", "module"})
_TYPE = frozenset({"type"})
ELEMENTS: Mapping[str, Rule] = {
    "tbx": Rule("tbxHeader text ", frozenset({"type", "style", "lang"})),
    "tbxHeader": Rule("fileDesc (?:encodingDesc )?(?:revisionDesc )?"),
    "fileDesc": Rule("(?:titleStmt )?(?:publicationStmt )?(?:sourceDesc )+"),
    "titleStmt": Rule("title (?:note )*", may=_LANG),
    "title": Rule("", may=_LANG, has_text=True),
    "publicationStmt": Rule("(?:p )+"),
    "sourceDesc": Rule("(?:p )+", may=_LANG),
    "encodingDesc": Rule("(?:p )+"),
    "revisionDesc": Rule("(?:change )+", may=_LANG),
    "change": Rule("(?:p )+", may=_LANG),
    "p": Rule(_NOTE_TEXT, may=_LANG | _TYPE, has_text=True),
    "text": Rule("body (?:back )?"),
    "body": Rule("(?:conceptEntry )+"),
    "back": Rule("(?:refObjectSec )*"),
    "conceptEntry": Rule(f"{_AUX}(?:langSec )+"),
    "langSec": Rule(f"{_AUX}(?:termSec )+", frozenset({"lang"})),
    "termSec": Rule(f"term (?:(?:termNote|termNoteGrp) )*{_AUX}"),
    "term": Rule("(?:hi )*", has_text=True),
    "termNote": Rule(_NOTE_TEXT, _TYPE, _TYPED, has_text=True),
    "termNoteGrp": Rule(f"termNote {_LINKS}"),
    "descrip": Rule(_NOTE_TEXT, _TYPE, _TYPED, has_text=True),
    "descripGrp": Rule(f"descrip {_LINKS}"),
    "admin": Rule(_NOTE_TEXT, _TYPE, _TYPED, has_text=True),
    "adminGrp": Rule("admin (?:(?:note|ref|xref) )*"),
    "transacGrp": Rule("transac (?:(?:transacNote|date|note|ref|xref) )*"),
    "transac": Rule("", _TYPE, _TYPED, has_text=True),
    "transacNote": Rule("", _TYPE, _TYPED, has_text=True),
    "date": Rule("", has_text=True),
    "note": Rule(_NOTE_TEXT, may=_LANG, has_text=True),
    "ref": Rule("", _TYPE, _TYPED, has_text=True),
    "xref": Rule("", _TYPE | {"target"}, frozenset({"id", "module"}), has_text=True),
    "hi": Rule("", may=frozenset({"id", "lang", "target", "type"}), has_text=True),
    "foreign": Rule(_NOTE_TEXT, may=_LANG, has_text=True),
}
_ENTRY, _LANGUAGE, _TERM = "conceptEntry", "langSec", "termSec"
_EVERYWHERE = (_ENTRY, _LANGUAGE, _TERM)
CATEGORIES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "admin": {"customerSubset": (_ENTRY, _TERM), "projectSubset": (_ENTRY, _TERM), "source": _EVERYWHERE},
    "descrip": {"subjectField": (_ENTRY,), "definition": (_ENTRY, _LANGUAGE), "context": (_TERM,)},
    "ref": {"crossReference": (_ENTRY, _TERM)},
    "termNote": dict.fromkeys(
        ("administrativeStatus", "geographicalUsage", "grammaticalGender", "partOfSpeech", "termLocation", "termType"),
        (_TERM,),
    ),
    "transac": {"transactionType": _EVERYWHERE},
    "transacNote": {"responsibility": _EVERYWHERE},
    "xref": {"externalCrossReference": _EVERYWHERE, "xGraphic": (_ENTRY, _LANGUAGE)},
}
"""The types an element may have, and at which levels."""
VALUES: Mapping[str, frozenset[str]] = {
    "administrativeStatus": frozenset(
        f"{status}Term-admn-sts" for status in ("preferred", "admitted", "deprecated", "superseded")
    ),
    "grammaticalGender": frozenset({"masculine", "feminine", "neuter", "other"}),
    "partOfSpeech": frozenset({"adjective", "adverb", "noun", "verb", "other"}),
    "termType": frozenset({"fullForm", "acronym", "abbreviation", "shortForm", "variant", "phrase"}),
    "transactionType": frozenset({"origination", "modification"}),
}


class Breach(NamedTuple):
    """Where a file is not TBX-Basic."""

    line: int
    message: str


def breaches(text: str, path: Path | None = None) -> list[Breach]:
    """Find where a TBX file is not TBX-Basic in DCA style; raises `InputError` where it is not XML."""
    root = parse(text, path)
    if root.name != "tbx":
        return [Breach(root.line, f"the outermost element is {root.name}, not tbx")]
    wanted = {"type": "TBX-Basic", "style": "dca"}
    found = [
        Breach(root.line, f"`{name}` of tbx is {value}, not “{root.attributes.get(name, '')}”")
        for name, value in wanted.items()
        if root.attributes.get(name) != value
    ]
    return [*found, *_twice(root), *_breaches(root, "")]


def _twice(root: Element) -> Iterator[Breach]:
    seen: set[str] = set()
    for element in root.walk():
        name = element.attributes.get("id")
        if name is not None and not re.fullmatch(r"[^\W\d][\w.\-·]*", name):
            yield Breach(element.line, f"“{name}” is no id: it begins with a letter and has no blank")
        if name in seen:
            yield Breach(element.line, f"the id “{name}” stands here a second time")
        seen |= {name} if name else set()


def _breaches(element: Element, level: str) -> Iterator[Breach]:
    rule = ELEMENTS.get(element.name)
    if element.space != NAMESPACE or rule is None:
        yield Breach(element.line, f"{element.name} is no element of TBX-Basic")
        return
    yield from (Breach(element.line, message) for message in (*_shape(element, rule), *_meaning(element, level)))
    for child in element.children:
        yield from _breaches(child, element.name if element.name in _EVERYWHERE else level)


def _shape(element: Element, rule: Rule) -> Iterator[str]:
    given = set(element.attributes)
    yield from (f"{element.name} needs `{name}`" for name in sorted(rule.must - given))
    yield from (f"{element.name} has no `{name}`" for name in sorted(given - rule.must - rule.may))
    if not re.fullmatch(rule.children, "".join(f"{child.name} " for child in element.children)):
        inside = ", ".join(child.name for child in element.children) or "nothing"
        yield f"{element.name} may not hold this, or not in this order: {inside[:120]}"
    if not rule.has_text and "".join(element.pieces).strip():
        yield f"{element.name} holds no text of its own"


def _meaning(element: Element, level: str) -> Iterator[str]:
    known = CATEGORIES.get(element.name)
    if known is None:
        return
    kind = element.attributes.get("type", "")
    if kind not in known:
        yield f"“{kind}” is no {element.name} of TBX-Basic"
    elif level and level not in known[kind]:
        yield f"{kind} stands in {' or '.join(known[kind])}, not in {level}"
    if (values := VALUES.get(kind)) and element.text not in values:
        yield f"{kind} is one of {', '.join(sorted(values))}, not “{element.text[:60]}”"
