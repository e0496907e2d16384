"""Lint over a project's files: which are read together, what its posts mention, and mending in place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from translator.errors import InputError
from translator.glossary import Glossary
from translator.glossary.edit import Change
from translator.glossary.files import parse
from translator.glossary.lint import Page, mend
from translator.model import Edit, Span
from translator.pipeline.edit_terms import Shelf
from translator.pipeline.files import read_if_there
from translator.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from translator.config import Project


def glossary_pages(project: Project, files: Sequence[Path] = ()) -> list[Page]:
    """Read glossary files to be looked at together; without any, the project's and those beside its posts."""
    if files:
        return [Page(_text(path), path) for path in files]
    shared = [Page(_text(path), path) for path in project.glossary_files()]
    known = {page.path.resolve() for page in shared if page.path}
    beside = sorted({post.parent / "glossary.yaml" for post in _posts(project)})
    own = [path for path in beside if path.exists() and path.resolve() not in known]
    return [*shared, *(Page(_text(path), path, str(path)) for path in own)]


def _text(path: Path) -> str:
    text = read_if_there(path)
    if text is None:
        raise InputError("there is no such file", path)
    return text


def _posts(project: Project) -> list[Path]:
    return project.posts([project.root / name for name in project.settings.sources or ["."]])


def used_surfaces(project: Project, pages: Sequence[Page]) -> frozenset[str] | None:
    """Give the folded surfaces of terms in the posts, code included; None where there are no posts."""
    posts = _posts(project)
    if not posts:
        return None
    terms = [term for page in pages for term in parse(_plain(page.text), page.path, twins=True)]
    # A term that another one hides, or whose conditions hold nowhere, is not unused for that.
    glossary = Glossary(tuple(replace(term, case=False, only=(), beside=()) for term in terms))
    return frozenset(fold(m.surface) for post in posts for m in glossary.mentions(read_if_there(post) or ""))


def _plain(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def mend_page(page: Page, project: Project) -> int:
    """Mend what is safe in a file, in place; gives how many words were mended."""
    if page.path is None:
        return 0
    counts = []

    def verb(text: str) -> Change:
        after, count = mend(page._replace(text=text))
        counts.append(count)
        return Change(text, (Edit(Span(0, len(text)), after),) if count else ())

    Shelf(project).apply(page.path, verb)
    return counts[-1]
