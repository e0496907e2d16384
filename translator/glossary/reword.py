"""A rendering in a sentence, said otherwise: the new form takes over the old one's number, capitals and hyphens.

Sure is what can be taken back: a form that could not be turned into the old one again to the letter is none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from translator.glossary.english import article
from translator.glossary.repairs import ARTICLE, is_start, several
from translator.model import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_CAPITALS = ("none", "first", "title", "every", "all")
"""Which letters are capitals: none, the first, each greater word's, those behind hyphens too, all."""
_SMALL = frozenset({"a", "an", "the", "of", "in", "on", "to", "and", "or", "for", "with", "by", "at", "from", "as"})
"""Words that a title leaves small."""


class Place(NamedTuple):
    """Where a rendering stands."""

    text: str
    """The sentence, without markup."""
    span: Span

    @property
    def is_first(self) -> bool:
        """Whether a sentence begins here."""
        return is_start(self.text[: self.span.start])

    @property
    def is_in_title(self) -> bool:
        """Whether the words around it all have capitals, as those of titles have; the text's first always has."""
        around = re.findall(r"[A-Za-z][\w'’-]+", self.text[: self.span.start])[1:]
        around += re.findall(r"[A-Za-z][\w'’-]+", self.text[self.span.end :])
        great = [word for word in around if word.lower() not in _SMALL]
        return bool(great) and all(word[0].isupper() for word in great)


class _Look(NamedTuple):
    """How a form looks in a sentence."""

    many: bool = False
    hyphens: bool = False
    capitals: str = "none"
    """One of `_CAPITALS`."""


def reword(place: Place, forms: tuple[str, str], names: tuple[bool, bool] = (False, False)) -> str | None:
    """Give the new one of two forms as the old one stands in its place; None where that is not sure.

    `names` says of each whether it is a name, which keeps its own capitals. Law: what is given, put there and reworded
    by the forms the other way round, is what stood there.
    """
    old = place.span.of(place.text)
    new = _reworded(place, old, forms, names)
    back = new and _reworded(place, new, forms[::-1], names[::-1])
    return new if back == old else None


def _reworded(place: Place, old: str, forms: tuple[str, str], names: tuple[bool, bool]) -> str | None:
    look = _look(old, forms[0], name=names[0])
    if look is None:
        return None
    if names[0] or not forms[0][:1].islower():  # its own capitals say nothing of its place
        look = look._replace(capitals="title" if place.is_in_title else "first" if place.is_first else "none")
    elif look.capitals == "first" and " " not in old and place.is_in_title:
        look = look._replace(capitals="title")
    return _dressed(forms[1], look, name=names[1])


def _look(text: str, form: str, *, name: bool) -> _Look | None:
    some = (_Look(many, hyphens, c) for hyphens in (False, True) for many in (False, True) for c in _CAPITALS)
    return next((look for look in some if _dressed(form, look, name=name) == text), None)


def _dressed(form: str, look: _Look, *, name: bool) -> str:
    if look.many:
        form = several(form, name=name)
    if look.hyphens:
        form = form.replace(" ", "-")
    return form if name else _with_capitals(form, look.capitals)


def _with_capitals(form: str, which: str) -> str:
    if which == "all":
        return form.upper()
    ends = {"none": None, "first": "", "title": " ", "every": " -"}[which]
    return form if ends is None else re.sub(r"[^\s-]+", lambda found: _great(found, ends), form)


def _great(found: re.Match[str], ends: str) -> str:
    """Give a word its capital, at the start and behind one of the ends; what is no ordinary word stays."""
    word, before = found[0], found.string[: found.start()][-1:]
    is_great = not before or (before in ends and word not in _SMALL)
    return word[0].upper() + word[1:] if is_great and word.islower() and word.isalpha() else word


def reword_article(text: str, edit: Edit) -> Iterator[Edit]:
    """Give the change of the article before a rendering, where the new one wants another."""
    found = ARTICLE.search(text, 0, edit.span.start)
    if not found or not found[2] or article(edit.span.of(text)) == article(edit.text):
        return
    span, new = Span(found.start(), found.start(2)), found[1] + article(edit.text)[1:]
    if span.of(text) != new:
        yield Edit(span, new)
