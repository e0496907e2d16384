"""The page itself: template, style and script in one file that the network cannot touch."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from translator.review.text import seen
from translator.review.view import view

if TYPE_CHECKING:
    from jinja2 import Template

    from translator.review.page import Review


def page(post: Review) -> str:
    """Give a review as one HTML file: the same review, the same page, character for character.

    The page's own policy lets it load nothing and run only the script it was made with.
    """
    style, script = _own("page.css"), _own("page.js")
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    own = {"style": Markup(style), "script": Markup(script)}  # noqa: S704 - the package's own files
    return _template().render(post=post, view=view(post), policy=policy, **own)


@cache
def _template() -> Template:
    loader = DictLoader({"page.html": _own("page.html")})
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_seen
    )
    return environment.get_template("page.html")


def _seen(value: object) -> object:
    """Spell out unseen characters in whatever the template prints; HTML made here is past that."""
    return seen(value) if type(value) is str else value


def _own(name: str) -> str:
    """Read a file of `web/`, its line ends as a browser counts them."""
    return files("translator.review").joinpath("web", name).read_text(encoding="utf-8").replace("\r\n", "\n")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
