"""`duizhao glossary list | find | show`."""

from __future__ import annotations

import difflib
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from translator.cli.output import paint, say, say_json, short, shorten, stdin_text, table
from translator.cli.uses import renderings, summary
from translator.config import Project
from translator.errors import DuizhaoError, InputError
from translator.glossary import Glossary, load, merge, read
from translator.glossary.files import forms
from translator.markdown import plain
from translator.model import PROPOSED
from translator.pipeline.files import read_if_there
from translator.pipeline.uses import named, uses
from translator.pipeline.work import Means, Texts, prepare
from translator.text import fold, has_han, syllables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from translator.model import Mention, Term
    from translator.pipeline.uses import Use

USED = "used"
NOTHING = "there are no terms yet; `duizhao init` writes a file that shows how they are written"
_ALIKE = 0.6
"""How alike a word must be to what was asked for to be offered instead (1 is equal)."""


def _load(files: Sequence[Path], place: Path) -> Glossary:
    project = Project.of(place)
    return load(list(files) or project.glossary_files(), project.cache)


# ── list ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def list_terms(
    files: Sequence[Path], *, kind: str = "", file: Path | None = None, status: str = "", grep: str = "", as_json: bool
) -> None:
    """List the terms that are used or proposed, those alone that are asked for."""
    sources = list(files) or Project.of(Path.cwd()).glossary_files()
    every = _every([read(path) for path in sources])
    if file and not any(_is_same(path, file) for path in sources):
        raise InputError(f"is none of the glossary's files: {', '.join(short(p) for p in sources)}", file)
    terms = [term for term in every if _is_asked(term, kind, file, status, grep)]
    if as_json:
        say_json(terms)
    elif not every:
        say(NOTHING)
    elif not terms:
        kinds = sorted({term.kind for term in every if term.kind})
        say("no term is like that" + (f"; the kinds are {', '.join(kinds)}" if kind and kinds else ""))
    else:
        _show_list(terms)


def _every(files: Sequence[Sequence[Term]]) -> list[Term]:
    """Give what is used of each file, as it is used, and what is proposed, in the files' order."""
    left = {(term.path, term.line, term.term): term for term in merge(files).terms}
    out = []
    for term in (term for terms in files for term in terms):
        found = term if term.status == PROPOSED else left.get((term.path, term.line, term.term))
        out += [found] if found else []
    return out


def _is_asked(term: Term, kind: str, file: Path | None, status: str, grep: str) -> bool:
    words = (term.term, term.translation, term.first, term.note, *term.aliases, *term.also, *term.forbidden)
    return (
        (not kind or term.kind.casefold() == kind.casefold())
        and (not file or (term.path is not None and _is_same(term.path, file)))
        and (not status or (term.status == PROPOSED) == (status == PROPOSED))
        and (not grep or any(fold(grep) in fold(word) for word in words))
    )


def _is_same(path: Path, other: Path) -> bool:
    return path.resolve() == other.resolve()


def _show_list(terms: Sequence[Term]) -> None:
    rows = [[t.term, t.translation, shorten(", ".join(t.aliases), 40), t.kind, t.status, _where(t)] for t in terms]
    head = ["term", "English", "aliases", "kind", "status", "where"]
    if not any(term.status for term in terms):
        rows, head = [[*row[:4], row[5]] for row in rows], [*head[:4], head[5]]
    table(rows, head)


def _where(term: Term) -> str:
    return f"{short(term.path)}:{term.line}" if term.path else ""


# ── find ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


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


# ── show ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def show(word: str, files: Sequence[Path], *, as_json: bool) -> None:
    """Show all that is known of a term: what its files say, and what became of it in the project's posts."""
    project = Project.of(Path.cwd())
    posts = _posts(project)
    shared = list(files) or project.glossary_files()
    own = [] if files else _own(posts, shared)
    every = [(path, read(path)) for path in (*shared, *own)]
    term = find_term(word, [terms for _, terms in every])
    others = [(path, one) for path, terms in every for one in terms if forms(one) & forms(term)]
    in_force = _in_force(term, [terms for path, terms in every if path not in own])
    found = list(uses(posts, term.term)) if posts else []
    if as_json:
        say_json(_show_json(in_force, [one for _, one in others], found, len(posts)))
        return
    if fold(word) != fold(in_force.term):
        say(f"{word} is an alias of {in_force.term}")
    for name, value in _rows(in_force):
        say(f"{paint(f'{name:<14}', 'dim')}{value}")
    for path, one in others:
        if (one.path, one.line) != (in_force.path, in_force.line):
            say(f"{paint(f'{_relation(one, path, own):<14}', 'dim')}{one.term} → {one.translation}  {_where(one)}")
    for line in summary(found, len(posts)):
        say(paint("in the posts  ", "dim") + line)


def _posts(project: Project) -> list[Path]:
    return project.posts([project.root / name for name in project.settings.sources or ["."]])


def _own(posts: Iterable[Path], shared: Sequence[Path]) -> list[Path]:
    """Give the glossaries that posts have beside them."""
    known = {path.resolve() for path in shared}
    beside = dict.fromkeys(path.parent / "glossary.yaml" for path in posts)
    return [path for path in beside if path.exists() and path.resolve() not in known]


def _in_force(term: Term, files: Sequence[Sequence[Term]]) -> Term:
    """Give a term as the project uses it; as it stands where it is only proposed, or a post's own."""
    return next(iter(named(merge(files).terms, term.term)), term)


def _relation(term: Term, path: Path, own: Sequence[Path]) -> str:
    if term.status == PROPOSED:
        return "proposed"
    return "for its posts" if path in own else "overridden"


def _rows(term: Term) -> Iterator[tuple[str, str]]:
    """Give what a term says of itself, as in its file."""
    yield "term", term.term
    yield "translation", term.translation
    for name, value in _fields(term).items():
        if value and name not in {"term", "translation"}:
            yield name, "yes" if value is True else ", ".join(value) if isinstance(value, tuple) else str(value)
    yield "status", "proposed: not used until `duizhao glossary approve`" if term.status else USED
    yield "where", _where(term)


def _fields(term: Term) -> dict[str, Any]:
    """Give a term's fields by the names they have in a file; the place and the status are left out."""
    names = ("term", "translation", "aliases", "also", "forbidden", "first", "kind", "keep", "case", "only", "beside")
    return {"with" if name == "beside" else name: getattr(term, name) for name in (*names, "note")}


def _show_json(term: Term, others: Sequence[Term], found: Sequence[Use], posts: int) -> dict[str, Any]:
    counts = [{"said": name, "note": note, "times": n} for (name, note), n in renderings(found)]
    return {
        **_fields(term),
        "status": term.status or USED,
        "path": term.path,
        "line": term.line,
        "defined": [{**asdict(one), "status": one.status or USED} for one in others],
        "posts": posts,
        "mentions": len(found),
        "renderings": counts,
    }


# ── A term that is asked for ──────────────────────────────────────────────────────────────────────────────────────────


def find_term(word: str, files: Sequence[Sequence[Term]]) -> Term:
    """Find the term that a word names; raises `DuizhaoError` with those like it where there is none.

    Of several definitions the last one that is used counts, and one that is only proposed where there is no other.
    """
    every = [term for terms in reversed(files) for term in terms]
    if not every:
        raise DuizhaoError(NOTHING)
    used = [term for term in every if term.status != PROPOSED]
    if found := named(used, word) or named(every, word):
        return found[0]
    near = " or ".join(f"“{name}”" for name in _near(word, every)[:3])
    raise DuizhaoError(
        f"there is no term “{word}”" + (f"; did you mean {near}?" if near else "; `duizhao glossary list` shows all")
    )


def _near(word: str, terms: Sequence[Term]) -> list[str]:
    """Give the terms that a word may mean: its English, part of it, spelled like it, sounding like it."""
    said = fold(word)
    if english := [t.term for t in terms if said in {fold(form) for form in (t.translation, t.first, *t.also)}]:
        return list(dict.fromkeys(english))
    known = {fold(form): form for term in terms for form in (*reversed(term.aliases), term.term)}
    parts = [form for folded, form in known.items() if len(said) > 1 and (said in folded or folded in said)]
    alike = [known[folded] for folded in difflib.get_close_matches(said, known, 3, _ALIKE)]
    sound = _sound(word)
    alike += [form for form in known.values() if sound and has_han(form) and _sound(form) == sound]
    return list(dict.fromkeys((*parts, *alike)))


def _sound(word: str) -> str:
    """Spell a word in pinyin, without tones; nothing where it cannot be."""
    return "".join(syllables(word)) if has_han(word) else "".join(filter(str.isalpha, word.lower()))


def show_uses_of(word: str, posts: Sequence[Path], *, only_wrong: bool, as_json: bool) -> None:
    """Show every mention of a term in posts."""
    from translator.cli.uses import show_uses  # noqa: PLC0415

    project = Project.of(posts[0])
    shared = project.glossary_files()
    term = find_term(word, [read(path) for path in (*shared, *_own(posts, shared))])
    if term.status == PROPOSED:
        raise InputError(
            f"“{term.term}” is only proposed: nothing looks for it until `duizhao glossary approve {term.term}`",
            term.path and short(term.path),
            term.line,
        )
    show_uses(term.term, posts, only_wrong=only_wrong, as_json=as_json)
