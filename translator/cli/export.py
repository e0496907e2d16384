"""`duizhao export`: a post in both languages, for readers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from translator.cli.output import counted, say
from translator.config import Project, english_name
from translator.errors import InputError
from translator.pipeline.bilingual import bilingual
from translator.pipeline.files import write
from translator.pipeline.verbs import Desk, Options, look, pair_of

if TYPE_CHECKING:
    from collections.abc import Sequence


def export(posts: Sequence[Path], output: str, *, html: bool) -> None:
    """Write each post in both languages; `-` prints one."""
    desk = Desk(Project.of(posts[0]), Options(memory=False))
    places = _places(posts, output, html=html)
    for post, place in zip(posts, places, strict=True):
        text, left = _made(desk, post, html=html)
        if place is None:
            print(text, end="")
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            write(place, text)
            say(f"{post} → {place}")
        if left:
            what = f"{counted(left, 'block')} whose English would have changed the post's shape"
            say(f"{post}: {what} stayed Chinese only", to_stderr=place is None)


def _made(desk: Desk, post: Path, *, html: bool) -> tuple[str, int]:
    work, outcome = look(desk, post)
    if html:
        from translator.review.reading import reading  # noqa: PLC0415  # Jinja2

        return reading(work, outcome, post, pair_of(desk.project, post).english), 0
    made = bilingual(work, outcome.entries)
    return made.text, len(made.left)


def _places(posts: Sequence[Path], output: str, *, html: bool) -> list[Path | None]:
    """Say where each post goes: beside it, to a file, or into a folder, as the posts stand to each other."""
    if output == "-" and len(posts) == 1:
        return [None]
    if not output:
        return [post.with_name(bilingual_name(post.name, html=html)) for post in posts]
    place, one = Path(output), len(posts) == 1
    if one and not place.is_dir() and not output.endswith("/"):
        if place.resolve() == posts[0].resolve():
            raise InputError("this is the post itself; name another file with --output", place)
        return [place]
    if output == "-" or (place.exists() and not place.is_dir()):
        raise InputError(f"{counted(len(posts), 'post')} need a folder, and this is none", place)
    folders = [post.resolve().parent for post in posts]
    top = Path(os.path.commonpath(folders))
    return [
        place / folder.relative_to(top) / bilingual_name(post.name, html=html)
        for post, folder in zip(posts, folders, strict=True)
    ]


def bilingual_name(name: str, *, html: bool) -> str:
    """Name the file: `zh.md` → `en-zh.md`, `foo.md` → `foo.en-zh.md`: by its name no Chinese post."""
    stem, _, suffix = english_name(name).rpartition(".")
    return f"{stem}-zh.{'html' if html else suffix}"
