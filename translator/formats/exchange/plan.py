"""What becomes of terms that come in: added, there already, in conflict, or taken in a term's place. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from translator.formats.exchange.term_format import FIELDS, Found, Remark, TermFormat, field_name, words_of
from translator.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from translator.model import Term


class Clash(NamedTuple):
    """A term that says something else than the glossary does."""

    term: Term
    """As it came in, with its place there."""
    other: Term
    """As the glossary has it, with its place."""
    fields: tuple[str, ...]
    """The model's fields in which they differ."""
    is_alias: bool
    """Whether the glossary has it as an alias of the other: then it is never replaced."""

    def values(self) -> Mapping[str, Any]:
        """Give what the other term takes over, by fields as files name them."""
        return {field_name(name): getattr(self.term, name) for name in self.fields}

    @property
    def message(self) -> str:
        """Say what differs."""
        where = f"{self.other.path.name}:{self.other.line}" if self.other.path else f"line {self.other.line}"
        if self.is_alias:
            return f"“{self.term.term}” → “{self.term.translation}” is an alias of “{self.other.term}” ({where})"
        shown = "; ".join(
            f"{field_name(name)} {_shown(getattr(self.term, name))} here, {_shown(getattr(self.other, name))} there"
            for name in self.fields
        )
        return f"“{self.term.term}” stands in {where}: {shown}"


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(value)}]"
    return str(value).lower() if isinstance(value, bool) else f"“{value}”"


@dataclass
class Plan:
    """What an import would do."""

    added: list[Term] = field(default_factory=list)
    same: list[Term] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    """What the file says and the glossary cannot hold."""


def plan(found: Found, form: TermFormat, glossary: Iterable[Term]) -> Plan:
    """Compare what came in with the glossary, in what the format holds and the file speaks of.

    A term that is there with other conditions is another term, where the format knows conditions at all.
    """
    out = Plan(remarks=list(found.remarks))
    shelf = _Shelf(form, found.fields)
    for term in glossary:
        shelf.put(term)
    for row in found.terms:
        others = shelf.others(row, row.term)
        if any(not shelf.differences(row, other) for other in others):
            out.same.append(row)
        elif others:
            out.clashes.append(shelf.clash(row, others))
        else:
            term, remarks = shelf.fit(row)
            out.remarks += remarks
            out.added.append(term)
            shelf.put(term)
    return out


@dataclass
class _Shelf:
    """The terms there are, by every way the author writes them."""

    form: TermFormat
    fields: frozenset[str]
    """What the file speaks of."""
    forms: dict[str, list[Term]] = field(default_factory=dict)

    def put(self, term: Term) -> None:
        for form in dict.fromkeys(map(fold, (term.term, *term.aliases))):
            self.forms.setdefault(form, []).append(term)

    def others(self, row: Term, form: str) -> list[Term]:
        """Give the terms that have this form under the same conditions."""
        knows = {"case", "only", "beside"} & self.fields
        return [
            other
            for other in self.forms.get(fold(form), ())
            if all(_alike(getattr(row, name), getattr(other, name)) for name in knows)
        ]

    def differences(self, row: Term, other: Term) -> tuple[str, ...]:
        """Give the fields in which a row differs from what the format would hold of a term there."""
        if fold(other.term) != fold(row.term):  # what is said of an alias is what is said of its term
            other = replace(other, term=row.term, aliases=row.aliases)
        held = self.form.held(other if "status" in self.fields else replace(other, status=""))
        if not held:
            return ("term",)
        names = (name for name in FIELDS if name in self.fields - {"term"})
        return tuple(name for name in names if not _alike(getattr(row, name), getattr(held[0], name)))

    def clash(self, row: Term, others: Sequence[Term]) -> Clash:
        own = [other for other in others if fold(other.term) == fold(row.term)]
        other = (own or others)[0]
        return Clash(row, other, self.differences(row, other), is_alias=not own)

    def fit(self, row: Term) -> tuple[Term, list[Remark]]:
        """Give a new term as a glossary file may hold it: its note on one line, no alias that is another's.

        What is accepted and forbidden at once is accepted.
        """
        taken = {alias: others[0] for alias in row.aliases if (others := self.others(row, alias))}
        both = {row.translation, row.first, *row.also} & {*row.forbidden}
        said = [f"the alias “{alias}” is left out: it is “{other.term}” already" for alias, other in taken.items()]
        said += [f"“{form}” is forbidden and accepted for “{row.term}”: it is accepted" for form in sorted(both)]
        if "\n" in row.note:
            said.append(f"the note of “{row.term}” is put on one line")
        aliases = tuple(alias for alias in row.aliases if alias not in taken)
        forbidden = tuple(form for form in row.forbidden if form not in both)
        term = replace(row, aliases=aliases, forbidden=forbidden, note=words_of(row.note))
        return term, [Remark(row.line, one) for one in said]


def _alike(one: object, other: object) -> bool:
    """Tell whether two values say the same: the order of a list, and the lines of a note, say nothing."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return {*one} == {*other}
    if isinstance(one, str) and isinstance(other, str):
        return one.split() == other.split()
    return one == other
