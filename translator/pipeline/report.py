"""How well the English of posts obeys the glossary: counted from the posts' own records."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from translator.config import Project
from translator.glossary.enforce import Became, Said, imply, judge
from translator.glossary.score import Tally, tally, total
from translator.markdown import plain
from translator.pipeline.sides import sides
from translator.pipeline.verbs import Desk, Options, look

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from translator.model import Entry, State
    from translator.pipeline.sides import Side
    from translator.pipeline.work import Work


class Heard(NamedTuple):
    """What a segment says of the terms it mentions."""

    side: Side
    said: tuple[Said, ...]
    """Spans counted in the marked target."""


class Trouble(NamedTuple):
    """A mention that is not as the glossary says."""

    post: Path
    line: int
    key: str
    said: Said
    source: str
    target: str


@dataclass
class Obedience:
    """What became of every mention in some posts."""

    terms: dict[str, Tally] = field(default_factory=dict)
    """By term, in order of appearance."""
    posts: dict[Path, Tally] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)
    """Wrong and missing mentions, and those that are implied, in order."""
    states: Counter[State] = field(default_factory=Counter)
    """Segments by their state; what is untranslated has no part in the figures."""

    @property
    def total(self) -> Tally:
        """All terms together."""
        return total(self.terms)


def heard(work: Work, entries: Sequence[Entry]) -> list[Heard]:
    """Tell what became of every mention in a post, segment by segment, the whole post in view."""
    some = list(sides(work, entries))
    judged = [judge(plain(one.source.text), one.mentions, one.target.text) for one in some]
    implied = imply(judged, [one.target.text for one in some])
    return [Heard(one, said) for one, said in zip(some, implied, strict=True)]


def report(paths: Sequence[Path]) -> Obedience:
    """Count what became of every mention in posts (at least one), as their English stands."""
    out = Obedience()
    desk = Desk(Project.of(paths[0]), Options(memory=False))
    for path in paths:
        work, outcome = look(desk, path)
        some = [one for one in heard(work, outcome.entries) if one.side.mentions]
        counts = tally([one.said for one in some], [one.side.target.text for one in some])
        for name, one in counts.items():
            out.terms.setdefault(name, Tally()).add(one)
        out.posts[path] = total(counts)
        out.states += outcome.counts
        out.troubles += _troubles(path, work, outcome.entries, some)
    return out


def _troubles(path: Path, work: Work, entries: Sequence[Entry], some: Sequence[Heard]) -> Iterator[Trouble]:
    for side, every in some:
        for said in every:
            if said.became is not Became.OBEYED:
                i = side.index
                yield Trouble(path, work.post.lines[i], entries[i].key, said, side.source.text, side.target.text)
