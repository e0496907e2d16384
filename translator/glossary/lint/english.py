"""What is wrong with the English side of a term."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from translator.glossary.lint.rule import Rule
from translator.glossary.matching import Glossary
from translator.glossary.verdicts import find
from translator.model import Level
from translator.text import fold, has_han

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from translator.glossary.lint.rule import Flaw, Library, Listed
    from translator.model import Term


def accepted(term: Term) -> tuple[str, ...]:
    """Give the forms that satisfy a term, the first mention's apart."""
    return (term.translation, *term.also)


def _is_form_of(word: str, form: str, term: Term) -> bool:
    """Tell whether the check that a term is obeyed takes a word for one of the term's forms."""
    return word == form or any(span == (0, len(word)) for span in find(form, term, word))


def forbidden(library: Library) -> Iterator[Flaw]:
    """Note forbidden forms that are accepted too, also by inflection."""
    for one in library.listed:
        yield from _forbidden(one, one)
    for a, b in library.meetings():
        if a.item < 0 and b.item < 0:
            yield from (*_forbidden(a.listed, b.listed), *_forbidden(b.listed, a.listed))


def _forbidden(one: Listed, other: Listed) -> Iterator[Flaw]:
    wanted = [form for form in (*accepted(other.term), other.term.first) if form]
    where = "" if one is other else f" at {other.place}"
    for item, word in enumerate(one.term.forbidden):
        form = next((form for form in wanted if _is_form_of(word, form, other.term)), None)
        if form is not None:
            as_what = "accepted" if form == word else f"accepted as a form of “{form}”"
            yield one.flaw(f"“{word}” is forbidden here and {as_what}{where}", "forbidden", item)


def expands(library: Library) -> Iterator[Flaw]:
    """Note translations in which another term stands that is to be said otherwise."""
    latin = Glossary(tuple(_anywhere(one.term) for one in library.listed if not has_han(one.term.term)))
    places = {(one.term.path, one.term.line, one.term.term): one for one in library.listed}
    leads = {id(one): _others(one, latin) for one in library.listed}
    for one in library.listed:
        for found in leads[id(one)]:
            other = places[found.path, found.line, found.term]
            yield _expansion(one, other, is_circle=any(_same(back, one.term) for back in leads[id(other)]))


def _anywhere(term: Term) -> Term:
    return replace(term, only=(), beside=())


def _same(a: Term, b: Term) -> bool:
    return (a.path, a.line, a.term) == (b.path, b.line, b.term)


def _others(one: Listed, latin: Glossary) -> list[Term]:
    """Give the terms that stand in a translation and would be written otherwise there."""
    if one.term.keep:
        return []
    out: dict[tuple[str, int], Term] = {}
    for mention in latin.mentions(one.term.translation):
        forms = (*accepted(mention.term), mention.term.first)
        if fold(mention.wanted) != fold(mention.surface) and not any(
            _is_form_of(mention.surface, form, mention.term) for form in forms if form
        ):
            out[mention.term.term, mention.term.line] = mention.term
    return list(out.values())


def _expansion(one: Listed, other: Listed, *, is_circle: bool) -> Flaw:
    mine, theirs = one.term, other.term
    if one is other:
        message = f"“{mine.term}” stands in its own translation “{mine.translation}”: said twice, it grows"
    elif is_circle:
        message = f"“{mine.term}” leads to “{mine.translation}”, and that ({other.place}) back again"
    else:
        message = f"in “{mine.translation}”, “{theirs.term}” is to be “{theirs.translation}” ({other.place})"
    level = Level.ERROR if one is other or is_circle else None
    return one.flaw(message, "translation", level=level)


def chinese(library: Library) -> Iterator[Flaw]:
    """Note English with Chinese in it; a first mention may have it, in brackets."""
    for one in library.listed:
        if has_han(one.term.translation) and not one.term.keep:
            yield one.flaw(f"“{one.term.translation}” is not English; did you mean `keep: true`?", "translation")
        for item, form in enumerate(one.term.also):
            if has_han(form):
                yield one.flaw(f"“{form}” is accepted as English and is not", "also", item)


def first(library: Library) -> Iterator[Flaw]:
    """Note first mentions that do not say the term."""
    for one in library.listed:
        said = one.term.first
        if said and not any(next(find(form, one.term, said), None) for form in accepted(one.term)):
            yield one.flaw(f"“{said}” has neither “{one.term.translation}” in it nor what else is accepted", "first")


def keep(library: Library) -> Iterator[Flaw]:
    """Note terms that are kept and have a translation."""
    for one in library.listed:
        if one.term.keep and one.term.translation != one.term.term:
            message = f"“{one.term.term}” is kept as it is, so “{one.term.translation}” is never written"
            yield one.flaw(message, "translation")


def shared(library: Library) -> Iterator[Flaw]:
    """Note terms that are said alike, once for each English word."""
    groups: dict[tuple[str, str], list[Listed]] = {}
    for one in library.listed:
        if not one.term.keep:
            groups.setdefault((one.shelf, one.term.translation.lower()), []).append(one)
    for several in groups.values():
        last = several[-1]
        others = list(dict.fromkeys(one.term.term for one in several if fold(one.term.term) != fold(last.term.term)))
        if others:
            yield last.flaw(f"“{last.term.translation}” is also said for {_listing(others)}", "translation")


def _listing(words: Sequence[str]) -> str:
    shown = ", ".join(f"“{word}”" for word in words[:5])
    return shown if len(words) <= 5 else f"{shown} and {len(words) - 5} more"


FORBIDDEN = Rule("forbidden", Level.ERROR, "What is accepted and forbidden at once can only be wrong.", forbidden)
EXPANDS = Rule(
    "expands",
    Level.WARNING,
    "A translation that holds a term said otherwise grows, or goes in a circle.",
    expands,
)
CHINESE = Rule("chinese", Level.WARNING, "A reader of English cannot read it.", chinese)
FIRST = Rule("first", Level.WARNING, "A first mention that does not say the term does not count as one.", first)
KEEP = Rule("keep", Level.WARNING, "A translation that is never written misleads who reads the glossary.", keep)
SHARED = Rule("shared", Level.INFO, "Who comes from the English cannot tell which of two words it was.", shared)
