"""The page in one file: a post under review, to be read, edited, approved and sent back without this tool.

    Shown ─Sheet→ rows and model ─static.html→ HTML ─a person, anywhere→ the same file with decisions ─returned→ record

The network cannot touch it. What is decided in it stands in its `returned` block; see `returned.py`.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from translator.review import shell
from translator.review.policy import policy
from translator.review.rows import Sheet
from translator.review.templates import own, template
from translator.review.view import ACTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from translator.pipeline.work import Outcome, Work
    from translator.review.rows import Shown
    from translator.review.words import Language


@dataclass(frozen=True, slots=True)
class Seen:
    """A post as it was read once."""

    path: Path
    english: Path
    work: Work
    outcome: Outcome


KIND = "duizhao review"
VERSION = 1
ACTS_OF_ROW = re.compile(r'(?<=<div class="acts">)(?:<button\b[^<>]*>[^<>]*</button>)+(?=</div>)')
"""The script makes a row's buttons when somebody comes near it; of 5,000 rows they would be a third of the page."""
SCRIPTS = ("kept.js", "store.js", "rows.js", "editor.js", "dialogs.js", "app.js", "static.js")
STYLES = ("page.css", "static.css")


def page(post: Shown, place: str = "", language: Language = "en") -> str:
    """Give a post under review as one HTML file: the same post, the same page, character for character.

    `place` is the source's path in its project. The page's own policy lets it load nothing and run only the scripts it
    was made with.
    """
    return printed(Sheet(post, language), empty(post, place), language)


def printed(sheet: Sheet, returned: Mapping[str, Any], language: Language = "en") -> str:
    """Print a sheet whole; `returned` is what it sends back so far."""
    styles, scripts = [own(name) for name in STYLES], [own(name) for name in SCRIPTS]
    return template("static.html", language).render(
        sheet=sheet,
        chunk=lambda n: Markup(ACTS_OF_ROW.sub("", sheet.chunk_html(n))),  # noqa: S704 - printed by our own templates
        boot=shell.boot(1, language, model=_model(sheet), acts=ACTS),
        returned=shell.in_script(returned),
        policy=policy(styles, scripts),
        styles=list(map(Markup, styles)),
        scripts=list(map(Markup, scripts)),
        **shell.counts(sheet),
    )


def empty(post: Shown, place: str) -> Mapping[str, Any]:
    """Give what a page sends back while nothing is decided in it: which post it shows, as it stood when."""
    stood = f"{place}\0{post.work.texts.source}\0{post.outcome.record}"
    made = hashlib.sha256(stood.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    about = {"path": place or post.path.name, "source": post.path.name, "target": post.english.name, "made": made}
    return {"kind": KIND, "version": VERSION, "page": about, "person": "", "decisions": []}


def _model(sheet: Sheet) -> Mapping[str, Any]:
    name = {"n": 1, "title": sheet.title, "source_name": sheet.source_name, "target_name": sheet.target_name}
    return {
        "post": {**name, "version": 1, "shape": 1},
        "posts": [],
        "person": "",
        "engines": [],
        "engine": "",
        **sheet.model(),
    }
