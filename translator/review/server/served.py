"""What the server shows: the posts of a session, and a sheet of each for every language that is asked for."""

from __future__ import annotations

import secrets
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from translator.engines import Described, choose_auto, describe
from translator.errors import DuizhaoError, EngineError
from translator.review.build import title
from translator.review.rows import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from translator.pipeline.session import Moment, OpenPost, Session
    from translator.pipeline.work import Outcome, Work
    from translator.review.words import Language


class MissingError(DuizhaoError):
    """Something that is asked for by a number or a key that nothing has."""


@dataclass(frozen=True)
class Shown:
    """A post at one moment, as a sheet is made from it."""

    path: Path
    english: Path
    number: int
    work: Work
    outcome: Outcome
    version: int
    shape: int


class Page(NamedTuple):
    """A sheet that is up to date, and the moment it shows."""

    sheet: Sheet
    moment: Moment
    post: OpenPost


@dataclass
class Served:
    """The posts of a session, as browsers see them."""

    session: Session
    run: int = field(default_factory=lambda: secrets.randbits(32) << 16)
    """Added to a post's shape, so that a page that another run has given is read anew."""
    _sheets: dict[tuple[int, Language], tuple[Sheet, Moment]] = field(default_factory=dict)
    _locks: dict[int, threading.Lock] = field(default_factory=dict)
    _drafting: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Make a lock for the sheets of each post."""
        self._locks = {post.number: threading.Lock() for post in self.session.posts}

    def post(self, number: int) -> OpenPost:
        """Give a post by its number."""
        if 1 <= number <= len(self.session.posts):
            return self.session.posts[number - 1]
        raise MissingError(f"there is no post number {number} here")

    @contextmanager
    def page(self, post: OpenPost, language: Language) -> Iterator[Page]:
        """Give a post's sheet as the post stands; nobody else has it meanwhile."""
        with self._locks[post.number]:
            moment = post.seen
            sheet, shown = self._sheets.get((post.number, language), (None, None))
            if sheet is None or shown is None or shown.shape != moment.shape:
                sheet = Sheet(_shown(post, moment), language)
            elif shown.version != moment.version or shown.outcome is not moment.outcome:
                sheet.update(moment.work, moment.outcome)
            self._sheets[post.number, language] = sheet, moment
            yield Page(sheet, moment, post)

    def shape(self, moment: Moment) -> int:
        """Give what a post's shape is called outside."""
        return self.run + moment.shape

    @contextmanager
    def drafting(self) -> Iterator[None]:
        """Let one request at a time have the engine."""
        with self._drafting:
            yield

    def posts_json(self) -> list[dict[str, Any]]:
        """Give the list of posts, each with its progress."""
        return [self._post_json(post) for post in self.session.posts]

    def _post_json(self, post: OpenPost) -> dict[str, Any]:
        outcome, root = post.seen.outcome, self.session.project.root
        return {
            "n": post.number,
            "title": title(outcome, post.path),
            "path": str(post.path.relative_to(root) if post.path.is_relative_to(root) else post.path),
            "total": len(outcome.entries),
            "done": sum(entry.state.is_done for entry in outcome.entries),
            "states": {state.value: count for state, count in outcome.counts.items()},
            "url": f"/post/{post.number}",
        }

    def engines_json(self) -> list[dict[str, Any]]:
        """Give the engines that segments can be drafted with again."""
        return [
            {"name": one.name, "what": one.what, "ready": not one.missing}
            for one in self._described()
            if one.abilities.drafts
        ]

    def _described(self) -> list[Described]:
        return describe(self.session.project.engines)

    @property
    def engine(self) -> str:
        """Name the engine that is used where none is named; empty where none is ready."""
        first = self.session.engine.partition(",")[0]
        if first != "auto":
            return first
        try:
            return choose_auto(self.session.project.engines)
        except EngineError:
            return ""


def _shown(post: OpenPost, moment: Moment) -> Shown:
    return Shown(post.path, post.english, post.number, moment.work, moment.outcome, moment.version, moment.shape)
