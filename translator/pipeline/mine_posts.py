"""Mine posts: their sentences, with the English where it is recorded, and the glossary that candidates go to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from translator.glossary import Glossary, read
from translator.glossary.mine import Line
from translator.glossary.mine.names import PERSON
from translator.glossary.mine.runs import GAP
from translator.glossary.verdicts import bare
from translator.model import PROPOSED, Term
from translator.pipeline.edit_terms import Shelf, home
from translator.pipeline.files import write
from translator.pipeline.sides import side
from translator.pipeline.work import Means, Texts, prepare

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from translator.config import Project
    from translator.glossary.mine import Candidate, Place
    from translator.pipeline.verbs import Desk
    from translator.pipeline.work import Work

HEADER = """\
# Terms that `duizhao glossary mine` found in the posts. They are proposed, and not used before a person approves them:
# `duizhao glossary approve TERM`, or take away `status: proposed`. What is no term may be deleted.
"""
CONTEXTS = 2
"""How many a proposed term's note has."""
AROUND = 12
"""Characters of a context on either side."""


def lines_of_posts(desk: Desk, posts: Sequence[Path]) -> list[Line]:
    """Read posts and their records; raises `InputError` for one that is none."""
    return [line for path in posts for line in lines_of(desk.prepare(path), str(path))]


def lines_of_text(text: str, name: str = "") -> list[Line]:
    """Give the sentences of a post that stands nowhere."""
    return list(lines_of(prepare(Texts(text), Means()), name))


def lines_of(work: Work, name: str) -> Iterator[Line]:
    """Give a post's sentences without markup; alt texts and titles inside them are sentences of their own."""
    for i, (protected, number) in enumerate(zip(work.protected, work.post.lines, strict=True)):
        said = side(work, work.entries, i)
        yield Line(bare(protected.text).text, name, bare(said.target.text).text if said else "", number)
        for inner in protected.inners:
            yield Line(inner.text, name, "", number)


# ── Proposals ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Proposal:
    """What became of candidates."""

    path: Path
    """The file they were proposed in."""
    terms: tuple[Term, ...]
    untold: tuple[Candidate, ...]
    """Those that nobody has said in English: a person must."""


def known_terms(project: Project, posts: Sequence[Path], *more: Path) -> Glossary:
    """Read all that glossaries know, the posts' own and what is only proposed included."""
    own = [path.parent / "glossary.yaml" for path in posts]
    files = [*project.glossary_files(), *own, *more]
    return Glossary([term for path in dict.fromkeys(files) if path.exists() for term in read(path)])


def proposals_file(project: Project) -> Path:
    """Name the file that proposed terms go to: `proposed.yaml` in the glossary's folder, else the one file there is."""
    place = home(project, "")
    return place if place.resolve() in _named(project) else place.with_name("proposed.yaml")


def _named(project: Project) -> set[Path]:
    return {(project.root / name).resolve() for name in project.settings.glossary}


def propose(project: Project, found: Sequence[Candidate], lines: Sequence[Line], file: Path | None = None) -> Proposal:
    """Write the candidates that have a translation into the glossary as proposed: not used before they are approved."""
    path = file or proposals_file(project)
    told = [each for each in found if each.translation]
    terms = tuple(_term(each, lines) for each in told)
    if terms and not path.exists():
        write(path, HEADER)
    shelf = Shelf(project, path)
    for term in terms:
        shelf.add(term)
    return Proposal(path, terms, tuple(each for each in found if not each.translation))


def _term(found: Candidate, lines: Sequence[Line]) -> Term:
    translation, short = found.translation, found.short
    has_short = bool(short) and short.casefold() != translation.casefold()
    return Term(
        found.term,
        translation,
        also=(short,) if has_short else (),
        first=f"{translation} ({short})" if has_short else "",
        kind="person" if PERSON in found.why else "",
        note=_note(found, lines),
        status=PROPOSED,
    )


def _note(found: Candidate, lines: Sequence[Line]) -> str:
    """Say where the term stands, and how else it was translated."""
    others = ", ".join(f"{each.english} ×{each.times}" for each in found.renderings[1:])
    said = [f"also translated as {others}."] if others else []
    said += ["The translation is the lexicon's: nobody has used it here."] * (found.source == "lexicon")
    contexts = [f"{_name(lines[place.line])}: {context(lines, place)}" for place in found.places[:CONTEXTS]]
    return " ".join([*said, *contexts])


def _name(line: Line) -> str:
    return f"{Path(line.post).parent.name or '.'}/{Path(line.post).name}:{line.number}"


def context(lines: Sequence[Line], place: Place, around: int = AROUND) -> str:
    """Give what stands around a place, the term itself between ⟨ and ⟩."""
    text, (start, end) = lines[place.line].text.replace(GAP, "…"), place.span
    first, last = max(0, start - around), min(len(text), end + around)
    left, right = "…" * (first > 0) + text[first:start], text[end:last] + "…" * (last < len(text))
    return " ".join(f"{left}⟨{text[start:end]}⟩{right}".split())
