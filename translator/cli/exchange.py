"""`duizhao glossary export` and `import`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from translator.cli.output import counted, say, say_json, short, shorten
from translator.config import Project
from translator.errors import InputError
from translator.formats.exchange import TERM_FORMATS, find_format
from translator.pipeline.exchange import Wishes, export, home, import_terms, read_terms, terms_to_export

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from translator.formats.exchange import Kept, Remark
    from translator.formats.exchange.plan import Clash
    from translator.pipeline.exchange import Imported

_SHOWN = 10
"""Lines of one kind: the rest is counted."""


def export_terms(words: Sequence[str], files: Sequence[Path], name: str, output: Path | None) -> None:
    """Write terms for another program, and say what its format cannot hold."""
    form = find_format(name, output) if name or output else TERM_FORMATS[0]
    terms = terms_to_export(list(files) or Project.of(Path.cwd()).glossary_files(), words)
    if not terms:
        raise InputError("there are no terms to export")
    text, kept = export(terms, form, output)
    if output:
        say(f"{output}: {counted(sum(bool(one.rows) for one in kept), 'term')} as {form.name}")
    else:
        print(text, end="")
    _say_some([f"{form.name}: {line}" for line in _lost(kept)], to_stderr=True)


def _lost(kept: Sequence[Kept]) -> Iterator[str]:
    """Say what a format cannot hold, one line for each kind of loss."""
    kinds: dict[str, list[tuple[str, str]]] = {}
    for one in kept:
        for said in one.lost:
            what, _, value = said.partition(": ")
            kinds.setdefault(what, []).append((one.term.term, value))
    for what, terms in kinds.items():
        if len(terms) == 1:
            yield f"{what}: “{terms[0][0]}”: {shorten(terms[0][1], 100)}"
        else:
            yield f"{what} for {counted(len(terms), 'term')}: {shorten(', '.join(term for term, _ in terms), 80)}"


def _say_some(lines: Sequence[str], *, to_stderr: bool = False) -> None:
    for line in lines[:_SHOWN]:
        say(line, to_stderr=to_stderr)
    if len(lines) > _SHOWN:
        say(f"… and {len(lines) - _SHOWN:,} more like these", to_stderr=to_stderr)


def take_terms(source: Path, name: str, into: Path | None, *, replace: bool, is_dry: bool, as_json: bool) -> None:
    """Take the terms of a file into the glossary, and say what became of each."""
    form = find_format(name, source)
    project = Project.of(into or Path.cwd())
    done = import_terms(project, read_terms(source, form), form, Wishes(into or home(project), replace, is_dry))
    if as_json:
        say_json(_as_json(done))
        return
    _report(done, source, is_dry=is_dry)
    known = {path.resolve() for path in Project.of(Path.cwd()).glossary_files()}
    if not is_dry and done.plan.added and done.into.resolve() not in known:
        say(f"{short(done.into)} is none of the project's glossary files; name it under `glossary:` in duizhao.yaml")


def _as_json(done: Imported) -> dict[str, object]:
    return {
        "into": short(done.into),
        "added": done.plan.added,
        "same": [term.term for term in done.plan.same],
        "replaced": list(map(_clash_json, done.replaced)),
        "conflicts": list(map(_clash_json, done.conflicts)),
        "remarks": [remark._asdict() for remark in done.plan.remarks],
    }


def _clash_json(clash: Clash) -> dict[str, object]:
    return {"line": clash.term.line, "message": clash.message, "term": clash.term, "other": clash.other}


def _report(done: Imported, source: Path, *, is_dry: bool) -> None:
    would = "would be " if is_dry else ""
    say(f"{short(done.into)}: {counted(len(done.plan.added), 'term')} {would}added")
    if done.plan.same:
        say(f"{counted(len(done.plan.same), 'term')} there already and the same")
    if done.replaced:
        say(f"{counted(len(done.replaced), 'term')} {would}replaced:")
        _say_some(_lines(done.replaced, source))
    if done.conflicts:
        say(f"{counted(len(done.conflicts), 'conflict')}, in which the glossary's own stands:")
        _say_some(_lines(done.conflicts, source))
        if any(not clash.is_alias for clash in done.conflicts):
            say("--replace takes what comes in")
    if done.plan.remarks:
        say(f"{counted(len(done.plan.remarks), 'thing')} that the glossary cannot hold:")
        _say_some([f"  {_place(source, remark)}: {shorten(remark.message, 160)}" for remark in done.plan.remarks])


def _lines(clashes: Sequence[Clash], source: Path) -> list[str]:
    return [f"  {source}:{clash.term.line}: {shorten(clash.message, 200)}" for clash in clashes]


def _place(source: Path, remark: Remark) -> str:
    return f"{source}:{remark.line}" if remark.line else str(source)
