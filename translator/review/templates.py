"""The templates of `web/` and the words they say: whatever they print is escaped, unseen characters spelled out."""

from __future__ import annotations

import json
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from translator.review.text import seen
from translator.review.view import Said
from translator.review.words import LANGUAGES, WORDS, word

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.environment import TemplateModule

    from translator.review.words import Language

TAGS = {"en": "en", "zh": "zh-Hans"}
"""What `lang` says of the interface."""


def own(name: str) -> str:
    """Read a file of `web/`, its line ends as a browser counts them."""
    return files("translator.review").joinpath("web", name).read_text(encoding="utf-8").replace("\r\n", "\n")


@cache
def environment(language: Language) -> Environment:
    """Give the templates, speaking a language."""
    made = Environment(
        loader=FunctionLoader(own),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_seen,
    )
    say = partial(word, language=language)
    made.globals |= {
        "Markup": Markup,
        "language": language,
        "lang": TAGS[language],
        "w": say,
        "data": _data,
        "said": partial(_said, language),
        "tell": partial(_tell, language),
        "check": partial(_check, language),
        "both": partial(_both, language),
        "labelled": partial(_attribute, language, "aria-label", "data-w-label"),
        "titled": partial(_attribute, language, "title", "data-w-title"),
        "held": partial(_attribute, language, "placeholder", "data-w-placeholder"),
        "button": partial(_button, language),
        "spoken": Markup('lang="{}"').format(TAGS[language]),
    }
    return made


def template(name: str, language: Language = "en") -> Template:
    """Give a template of `web/`."""
    return environment(language).get_template(name)


@cache
def rows(language: Language) -> TemplateModule:
    """Give the macros that print blocks and rows."""
    return template("rows.html", language).module


def _seen(value: object) -> object:
    """Spell out unseen characters in whatever a template prints; HTML made here is past that."""
    return seen(value) if type(value) is str else value


# ── Words, and what the scripts need to say them in the other language ────────────────────────────────────────────────


def _values(values: dict[str, object]) -> Markup:
    """Give what fills a word; in single quotes, since JSON is full of the others."""
    if not values:
        return Markup("")
    told = json.dumps({key: seen(str(value)) for key, value in values.items()}, ensure_ascii=False)
    return Markup(" data-w-values='{}'").format(Markup(_in_single_quotes(told)))  # noqa: S704 - escaped for its place


def _in_single_quotes(text: str) -> str:
    for sign, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("'", "&#39;")):
        text = text.replace(sign, name)
    return text


def _data(name: str, **values: object) -> Markup:
    """Give the attributes that name an element's word."""
    if name not in WORDS:
        raise KeyError(name)
    return Markup('data-w="{}"{}').format(name, _values(values))


def _said(language: Language, name: str, tag: str = "span", **values: object) -> Markup:
    """Give a word in an element of its own."""
    text = seen(word(name, language, **values))
    return Markup("<{0} {1}>{2}</{0}>").format(Markup(tag), _data(name, **values), text)  # noqa: S704 - a template's own


def _explained(language: Language, part: Said) -> Markup:
    """Give a word with what explains it, both filled with the same values."""
    text, title = (seen(word(name, language, **part.values)) for name in (part.name, part.title))
    marks = Markup('{} title="{}" data-w-title="{}"').format(_data(part.name, **part.values), title, part.title)
    return Markup("<span {}>{}</span>").format(marks, text)


def _tell(language: Language, part: Said | str) -> Markup:
    """Give a word with its values, or a text that is the same in every language."""
    if isinstance(part, Said) and part.title:
        return _explained(language, part)
    if isinstance(part, Said):
        return _said(language, part.name, "span", **part.values)
    return Markup("{}").format(seen(part))


def _check(language: Language, name: str) -> Markup:
    """Name a check."""
    return _said(language, f"check_{name}") if f"check_{name}" in WORDS else _tell(language, name)


def _both(language: Language, english: str, chinese: str) -> Markup:
    """Give a text that the scripts can change into its other language."""
    told = (english, chinese)[LANGUAGES.index(language)]
    return _tell(language, told) if english == chinese else _said(language, "verbatim", en=english, zh=chinese)


def _attribute(language: Language, attribute: str, mark: str, name: str, **values: object) -> Markup:
    """Give a word as an attribute."""
    text = seen(word(name, language, **values))
    pair = Markup('{}="{}" {}="{}"').format(Markup(attribute), text, Markup(mark), name)  # noqa: S704 - constants
    return pair + _values(values)


def _button(language: Language, act: str) -> Markup:
    """Give the button of an act on a row."""
    name = act.replace("-", "_") if act != "draft" else "redraft"
    made = Markup('<button type="button" data-act="{}" {}>{}</button>')
    return made.format(act, _data(name), word(name, language))
