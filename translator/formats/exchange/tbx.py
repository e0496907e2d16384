"""TBX, the exchange format of terminologists: ISO 30042:2019, dialect TBX-Basic, data categories as attributes (DCA).

An entry is a concept with a section for Chinese and one for English. The term and the translation are preferred there,
aliases and `also` admitted, forbidden forms deprecated (`administrativeStatus`); the kind is the `subjectField`, the
note a note. TBX-Basic has no place for the form at the first mention, for `keep` and for conditions. A proposed term is
left out, since whoever reads the file would use it.

What is read may be DCA or DCT, and also the older TBX of 2008 (`martif`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from translator.errors import InputError
from translator.formats.exchange.markup import Element, parse
from translator.formats.exchange.tbx_rules import NAMESPACE
from translator.formats.exchange.term_format import Found, Remark, TermFormat, admit, held_whole
from translator.model import PROPOSED, Term

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_PREFERRED, _ADMITTED, _DEPRECATED = (f"{status}Term-admn-sts" for status in ("preferred", "admitted", "deprecated"))
_WORST = ("deprecated", "superseded", "forbidden", "notRecommended")
"""How statuses begin that say: not this one."""
_HEAD = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<tbx type="TBX-Basic" style="dca" xml:lang="zh" xmlns="{NAMESPACE}">
  <tbxHeader>
    <fileDesc>
      <titleStmt>
        <title>Glossary</title>
      </titleStmt>
      <sourceDesc>
        <p>Written by duizhao: Chinese terms and their English.</p>
      </sourceDesc>
    </fileDesc>
  </tbxHeader>
  <text>
    <body>
"""
_TAIL = """\
    </body>
  </text>
</tbx>
"""


def held(term: Term) -> tuple[Term, ...]:
    """Give a term as TBX-Basic holds it."""
    fields = {"first": "", "keep": False, "case": False, "only": (), "beside": ()}
    return tuple(replace(whole, **fields) for whole in held_whole(term) if whole.status != PROPOSED)  # type: ignore[arg-type]


def dump(rows: Sequence[Term]) -> str:
    """Write terms as concepts."""
    lines = [line for number, row in enumerate(rows, 1) for line in _concept(row, number)]
    return _HEAD + "".join(f"      {line}\n" for line in lines) + _TAIL


def _concept(term: Term, number: int) -> Iterator[str]:
    yield f'<conceptEntry id="c{number}">'
    if term.kind:
        yield f'  <descrip type="subjectField">{escape(term.kind)}</descrip>'
    if term.note:
        yield f"  <note>{escape(term.note)}</note>"
    yield from _section("zh", [(term.term, _PREFERRED), *((form, _ADMITTED) for form in term.aliases)])
    english = [(term.translation, _PREFERRED), *((form, _ADMITTED) for form in term.also)]
    yield from _section("en", [*english, *((form, _DEPRECATED) for form in term.forbidden)])
    yield "</conceptEntry>"


def _section(language: str, forms: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield f'  <langSec xml:lang="{language}">'
    for form, status in forms:
        yield "    <termSec>"
        yield f"      <term>{escape(form)}</term>"
        yield f'      <termNote type="administrativeStatus">{status}</termNote>'
        yield "    </termSec>"
    yield "  </langSec>"


def load(text: str, path: Path | None = None) -> Found:
    """Read a TBX file; raises `InputError` with line and column where it is none."""
    root = parse(text, path)
    if root.name not in {"tbx", "martif"}:
        raise InputError(f"is no TBX: it begins with <{root.name}>", path, root.line)
    terms, remarks = [], []
    for concept in root.all("conceptEntry", "termEntry"):
        term = _term(concept, path)
        if isinstance(term, Remark):
            remarks.append(term)
        else:
            terms.append(term)
    fields = frozenset({"term", "translation", "aliases", "also", "forbidden", "kind", "note"})
    return admit(terms, remarks, fields)


def _term(concept: Element, path: Path | None) -> Term | Remark:
    """Read a concept; of several preferred forms the first is ours and the others are accepted too."""
    sections = list(concept.all("langSec", "langSet"))
    chinese, english = (
        [form for section in sections if _is_in(section, language) for form in _forms(section)]
        for language in ("zh", "en")
    )
    good = [form for form, is_bad in english if not is_bad]
    ours = [form for form, is_bad in chinese if not is_bad]
    if not (ours and good):
        missing = "Chinese" if not ours else "English"
        return Remark(concept.line, f"left out: this concept has no {missing} term")
    return Term(
        ours[0],
        good[0],
        tuple(ours[1:]),
        tuple(good[1:]),
        tuple(form for form, is_bad in english if is_bad),
        kind=next((" ".join(one.text.split()) for one in concept.walk() if _category(one) == "subjectField"), ""),
        note="\n".join(one.text for one in concept.children if one.name == "note"),
        path=path,
        line=concept.line,
    )


def _is_in(section: Element, language: str) -> bool:
    return section.attributes.get("lang", "").lower().replace("_", "-").split("-")[0] == language


def _forms(section: Element) -> list[tuple[str, bool]]:
    """Give a section's terms, the preferred first, each with whether it is one not to use."""
    found = []
    for one in section.all("termSec", "tig", "ntig"):
        status = next((e.text.strip() for e in one.walk() if _category(e) == "administrativeStatus"), "")
        form = next((" ".join(e.text.split()) for e in one.all("term")), "")
        found.append((not status.startswith("preferred"), form, status.startswith(_WORST)))
    return [(form, is_bad) for _, form, is_bad in sorted(found, key=lambda row: row[0]) if form]


def _category(element: Element) -> str:
    """Name a data category, in either style: an attribute (DCA), or the element itself (DCT)."""
    return element.attributes.get("type", element.name)


TBX = TermFormat(
    "tbx",
    (".tbx",),
    "TBX-Basic (ISO 30042:2019), for terminology databases; no first form, `keep` or conditions.",
    dump,
    load,
    held,
)
