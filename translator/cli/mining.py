"""`duizhao glossary mine`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from translator.cli.output import counted, paint, say, say_json, short, shorten, table
from translator.config import Project
from translator.glossary.mine import mine as find
from translator.pipeline.mine_posts import context, known_terms, lines_of_posts
from translator.pipeline.mine_posts import propose as write_proposals
from translator.pipeline.verbs import Desk, Options

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from translator.glossary.mine import Candidate, Line
    from translator.pipeline.mine_posts import Proposal

CONTEXTS = 3
"""How many JSON has of each candidate."""


def mine(posts: Sequence[Path], *, top: int, least: int, propose: bool, file: Path | None, as_json: bool) -> None:
    """Show the candidates, and propose them if that is asked for."""
    project = Project.of(posts[0])
    lines = lines_of_posts(Desk(project, Options(memory=False)), posts)
    known = known_terms(project, posts, *([file] if file else []))
    found = find(lines, known, least=least, top=top)
    proposal = write_proposals(project, found, lines, file) if propose else None
    if as_json:
        say_json([_json(each, lines, proposal) for each in found])
        return
    _show(found, lines, posts)
    if proposal:
        _show_proposal(proposal)


def _json(found: Candidate, lines: Sequence[Line], proposal: Proposal | None) -> dict[str, Any]:
    proposed = proposal is not None and any(term.term == found.term for term in proposal.terms)
    return {
        "term": found.term,
        "why": found.why,
        "score": found.score,
        "count": found.count,
        "posts": found.posts,
        "translation": found.translation,
        "from": found.source,
        "short": found.short,
        "renderings": [{"english": each.english, "times": each.times} for each in found.renderings],
        "consistency": round(found.consistency, 2),
        "proposed": proposed,
        "contexts": [
            {"post": lines[place.line].post, "line": lines[place.line].number, "text": context(lines, place)}
            for place in found.places[:CONTEXTS]
        ],
    }


def _show(found: Sequence[Candidate], lines: Sequence[Line], posts: Sequence[Path]) -> None:
    if not found:
        say(f"nothing in {counted(len(posts), 'post')} looks like a term that the glossary lacks")
        return
    table(
        [
            [
                each.term,
                f"{each.count}",
                f"{each.posts}",
                f"{each.score:.1f}",
                ", ".join(each.why),
                shorten(_english(each), 40),
                shorten(context(lines, each.places[0]), 46),
            ]
            for each in found
        ],
        ["term", "times", "posts", "score", "found by", "English", "in"],
    )


def _english(found: Candidate) -> str:
    """Say what a candidate is in English: every rendering with its count, where there are several."""
    if len(found.renderings) < 2:
        return found.translation + "?" * (found.source == "lexicon")
    return ", ".join(f"{each.english} ×{each.times}" for each in found.renderings)


def _show_proposal(proposal: Proposal) -> None:
    say()
    if proposal.terms:
        count = counted(len(proposal.terms), "term")
        say(f"{short(proposal.path)}: {count} proposed; `duizhao glossary approve TERM` takes one into use")
    if proposal.untold:
        say(paint("without a translation, so not proposed: ", "dim") + ", ".join(each.term for each in proposal.untold))
