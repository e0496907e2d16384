"""`duizhao glossary …`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from translator.cli.output import say, say_json, shorten, stdin_text, table
from translator.config import Project
from translator.glossary import Glossary, load
from translator.markdown import plain
from translator.pipeline.files import read_if_there
from translator.pipeline.work import Means, Texts, prepare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from translator.model import Mention, Term


def _load(files: Sequence[Path], place: Path) -> Glossary:
    return load(list(files) or Project.of(place).glossary_files())


def list_terms(files: Sequence[Path], *, as_json: bool) -> None:
    """List every term."""
    terms = _load(files, Path.cwd()).terms
    if as_json:
        say_json(terms)
        return
    if not terms:
        say("there are no terms yet; `duizhao init` writes a file that shows how they are written")
        return
    table(
        [[t.term, t.translation, shorten(", ".join(t.aliases), 40), t.kind, _where(t)] for t in terms],
        ["term", "English", "aliases", "kind", "where"],
    )


def _where(term: Term) -> str:
    if not term.path:
        return ""
    here = Path.cwd()
    path = term.path.relative_to(here) if term.path.is_relative_to(here) else term.path
    return f"{path}:{term.line}"


def find(text: str, files: Sequence[Path], *, as_json: bool) -> None:
    """Find the terms in a text or a post."""
    rows = list(_found(text, files))
    if as_json:
        say_json(
            [
                {
                    "line": n,
                    "term": m.term.term,
                    "surface": m.surface,
                    "english": m.wanted,
                    "start": m.span.start,
                    "end": m.span.end,
                }
                for n, m, _ in rows
            ]
        )
        return
    table(
        [[str(n), m.surface, m.term.term, m.wanted, shorten(context, 50)] for n, m, context in rows],
        ["line", "found", "term", "English", "in"],
    )


def _found(text: str, files: Sequence[Path]) -> list[tuple[int, Mention, str]]:
    path = Path(text)
    is_file = len(text) < 4096 and path.suffix in {".md", ".markdown"} and path.is_file()
    glossary = _load(files, path if is_file else Path.cwd())
    if is_file:
        work = prepare(Texts(read_if_there(path) or ""), Means(glossary=glossary), path)
        rows = zip(work.post.lines, work.mentions, work.protected, strict=True)
        return [(line, m, plain(p.text)) for line, mentions, p in rows for m in mentions]
    lines = (stdin_text() if text == "-" else text).splitlines()
    return [(n, m, line) for n, line in enumerate(lines, 1) for m in glossary.mentions(line)]
