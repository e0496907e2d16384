"""The page itself: template, style and script in one file that the network cannot touch."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from markupsafe import Markup

from translator.review.templates import own, template
from translator.review.view import view

if TYPE_CHECKING:
    from translator.review.page import Review


def page(post: Review) -> str:
    """Give a review as one HTML file: the same review, the same page, character for character.

    The page's own policy lets it load nothing and run only the script it was made with.
    """
    style, script = own("page.css"), own("page.js")
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    inside = {"style": Markup(style), "script": Markup(script)}  # noqa: S704 - the package's own files
    return template("page.html").render(post=post, view=view(post), policy=policy, **inside)


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
