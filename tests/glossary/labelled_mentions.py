"""Labelled sentences: what a careful reader would call a mention, beside what is found."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from translator.config import DEFAULTS
from translator.glossary import Glossary, load
from translator.pipeline.work import Means, Texts, prepare

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LABEL = re.compile("⟦([^⟦⟧→]*)(?:→([^⟦⟧]*))?⟧")
MARKUP = re.compile(r"\*|~~|\s|\[|\]\([^)]*\)")


@dataclass(frozen=True)
class Sentence:
    """One line of a labelled file."""

    file: str
    line: int
    marked: str
    is_hard: bool
    """Known to go wrong."""

    @property
    def is_markdown(self) -> bool:
        return self.file == "mentions_markdown.txt"

    @property
    def text(self) -> str:
        return LABEL.sub(r"\1", self.marked).replace("⏎", "\n")

    def wanted(self) -> Counter[tuple[object, ...]]:
        """Give the labelled mentions: their places, or in Markdown their surfaces without markup; and their English."""
        found: Counter[tuple[object, ...]] = Counter()
        cut = 0
        for label in LABEL.finditer(self.marked):
            start = label.start() - cut
            cut += len(label[0]) - len(label[1])
            surface = MARKUP.sub("", label[1].replace("⏎", "\n"))
            found[(surface if self.is_markdown else start, surface, label[2] or "")] += 1
        return found

    @property
    def glossary(self) -> Glossary:
        return fresh() if self.file == "mentions_fresh.txt" else shipped()

    def found(self) -> Counter[tuple[object, ...]]:
        """Give the mentions that are found, in the same form; English is compared only where the label has it."""
        if self.is_markdown:
            work = prepare(Texts(self.text), Means(settings=replace(DEFAULTS, breaks="join"), glossary=self.glossary))
            mentions = [mention for several in work.mentions for mention in several]
            mentions += [
                mention
                for i, protected in enumerate(work.protected)
                for inner in protected.inners
                for mention in work.mentions_in(i, inner.text)
            ]
        else:
            mentions = list(self.glossary.mentions(self.text))
        told = {(place, surface) for place, surface, english in self.wanted() if english}
        found: Counter[tuple[object, ...]] = Counter()
        for mention in mentions:
            surface = MARKUP.sub("", mention.surface)
            place = surface if self.is_markdown else mention.span.start
            found[(place, surface, mention.term.translation if (place, surface) in told else "")] += 1
        return found


def sentences(name: str) -> list[Sentence]:
    """Read a labelled file."""
    lines = enumerate((HERE / name).read_text(encoding="utf-8").splitlines(), 1)
    return [
        Sentence(name, n, line.removeprefix("? "), line.startswith("? "))
        for n, line in lines
        if line and not line.startswith("% ")
    ]


@cache
def shipped() -> Glossary:
    """Give the shipped glossary with everyday words on top."""
    return load([*sorted((ROOT / "glossary").glob("*.yaml")), HERE / "terms.yaml"])


@cache
def fresh() -> Glossary:
    """Give the terms that were chosen after the matcher was done."""
    return load([HERE / "terms_fresh.yaml"])


FILES = ("mentions.txt", "mentions_markdown.txt", "mentions_fresh.txt", "mentions_everyday.txt")
EVERY = [sentence for name in FILES for sentence in sentences(name)]


@dataclass(frozen=True)
class Score:
    """How many mentions are right, found and labelled, over some sentences."""

    right: int
    found: int
    wanted: int

    @property
    def precision(self) -> float:
        return self.right / self.found

    @property
    def recall(self) -> float:
        return self.right / self.wanted


def score(some: list[Sentence]) -> Score:
    """Count over sentences."""
    pairs = [(sentence.wanted(), sentence.found()) for sentence in some]
    return Score(
        *(
            sum(map(Counter.total, each))
            for each in ([a & b for a, b in pairs], [b for _, b in pairs], [a for a, _ in pairs])
        )
    )


def faults(some: list[Sentence]) -> list[tuple[str, str, str]]:
    """List the sentences that go wrong: the labelled sentence, what is found too much, what is missing."""
    rows = []
    for sentence in some:
        wanted, found = sentence.wanted(), sentence.found()
        much, less = found - wanted, wanted - found
        if much or less:
            rows.append(
                (
                    sentence.marked,
                    *(
                        " ".join(f"{each[1]}{each[2] and '→'}{each[2]}" for each in side.elements())
                        for side in (much, less)
                    ),
                )
            )
    return rows
