"""A short term inside a longer one that is said quite otherwise there."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from translator.glossary.english import is_name
from translator.glossary.lint.rule import Rule
from translator.glossary.matching import Glossary
from translator.model import Level
from translator.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from translator.glossary.lint.rule import Flaw, Form, Library, Listed
    from translator.model import Term

_SMALL = frozenset({"a", "an", "and", "by", "for", "in", "of", "on", "the", "to", "with"})
_WORD = re.compile(r"[a-z0-9]+")


def inside(library: Library) -> Iterator[Flaw]:
    """Note each clash once; where the short term is the end of the longer one, its head, that is likely a slip."""
    seen = set()
    for one in library.listed:
        if is_name(one.term):
            continue
        for form in (one.term.term, *one.term.aliases):
            for short in _shorter(fold(form), one, library):
                key = (id(one), id(short.listed))
                if key not in seen and _clash(short.listed.term, one.term) and _is_found(short, form):
                    seen.add(key)
                    yield _flaw(one, short.listed, form, is_head=fold(form).endswith(fold(short.text)))


def _flaw(one: Listed, short: Listed, form: str, *, is_head: bool) -> Flaw:
    apart, together = short.term.translation, one.term.translation
    message = f"“{short.term.term}” is “{apart}” ({short.place}), but “{form}” is “{together}”"
    return one.flaw(message, "translation", level=Level.WARNING if is_head else Level.INFO)


def _shorter(form: str, one: Listed, library: Library) -> Iterator[Form]:
    """Give the terms that are a part of a form, two characters at least."""
    for size in range(2, len(form)):
        for start in range(len(form) - size + 1):
            for short in library.forms.get(form[start : start + size], ()):
                is_near = short.listed.shelf in {"", one.shelf} and short.listed is not one
                if is_near and not short.listed.term.keep and not is_name(short.listed.term):
                    yield short


def _is_found(short: Form, form: str) -> bool:
    """Tell whether the short term would be found there at all: not 均值 in 平均值."""
    alone = replace(short.listed.term, term=short.text, aliases=(), case=False, only=(), beside=())
    return bool(Glossary((alone,)).mentions(form))


def _clash(short: Term, long: Term) -> bool:
    """Tell whether no way to say the short term stands, by its stems, in a way to say the long one."""
    said = [_words(form) for form in (long.translation, long.first, *long.also)]
    return not any(
        all(any(_akin(word, other) for other in words) for word in _words(form))
        for form in (short.translation, *short.also)
        for words in said
    )


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.lower()) if word not in _SMALL]


def _akin(a: str, b: str) -> bool:
    """Tell whether two words have a stem in common: learn, learning; convolution, convolutional; batch, minibatch."""
    short, long = sorted((a, b), key=len)
    if len(short) < 4:
        return long.startswith(short)
    same = next((n for n, (x, y) in enumerate(zip(short, long, strict=False)) if x != y), len(short))
    return short in long or same >= max(4, len(short) - 3)


INSIDE = Rule(
    "inside", Level.WARNING, "A word that is said otherwise inside a longer one reads as a second word.", inside
)
