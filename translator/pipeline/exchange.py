"""Terms out of the glossary's files and into them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from translator.errors import ConflictError, InputError
from translator.formats.exchange import LARGEST, Found, Kept, TermFormat, decode, dump, keep, load
from translator.formats.exchange.plan import Clash, Plan, plan
from translator.glossary import merge, read
from translator.glossary.edit_many import add_terms, rewrite_terms
from translator.glossary.files import parse
from translator.model import PROPOSED
from translator.pipeline.edit_terms import Shelf
from translator.pipeline.files import write
from translator.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from translator.config import Project
    from translator.glossary.edit import Change
    from translator.model import Term

HEADER = "# Terms that came from other programs, by `duizhao glossary import`.\n"
"""How a new file for them begins."""


def terms_to_export(files: Sequence[Path], words: Sequence[str] = ()) -> list[Term]:
    """Give the terms in force and those that are proposed, or the ones that are named; raises `InputError`."""
    read_ones = [read(path) for path in files]
    proposed = [term for terms in read_ones for term in terms if term.status == PROPOSED]
    every = [*merge(read_ones).terms, *proposed]
    if not words:
        return every
    named = {fold(word): word for word in words}
    found = [term for term in every if not named.keys().isdisjoint(map(fold, (term.term, *term.aliases)))]
    there = {fold(form) for term in found for form in (term.term, *term.aliases)}
    if missing := [word for folded, word in named.items() if folded not in there]:
        raise InputError(f"there is no term “{missing[0]}”")
    return found


def export(terms: Sequence[Term], form: TermFormat, path: Path | None = None) -> tuple[str, list[Kept]]:
    """Give terms in a format, and what of each the format holds; with a path, write them there too."""
    text, kept = dump(terms, form), keep(terms, form)
    if path:
        write(path, ("\ufeff" if form.has_mark else "") + text)
    return text, kept


@dataclass(frozen=True)
class Imported:
    """What an import did, or would do."""

    plan: Plan
    into: Path
    replaced: tuple[Clash, ...] = ()
    conflicts: tuple[Clash, ...] = ()
    """Terms of which the glossary's own stand."""


def read_bytes(path: Path) -> str:
    """Read a file of another program, up to the size that is allowed; raises `InputError`."""
    try:
        with path.open("rb") as file:
            return decode(file.read(LARGEST + 1), path)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", path) from error


def read_terms(path: Path, form: TermFormat) -> Found:
    """Read a file of another program; raises `InputError` where it is none."""
    return load(read_bytes(path), form, path)


@dataclass(frozen=True)
class Wishes:
    """How terms are to come in."""

    into: Path
    """The file that takes the new ones."""
    replace: bool = False
    """Take what comes in where the glossary says something else."""
    is_dry: bool = False
    """Say what would be done; write nothing."""


def import_terms(project: Project, found: Found, form: TermFormat, wishes: Wishes) -> Imported:
    """Put terms into the glossary: new ones behind the last of a file, others only where that is wished.

    Where several files change, all is tried before anything is written. Raises `InputError` where a file cannot be
    changed safely.
    """
    files = project.glossary_files()
    is_known = wishes.into.resolve() in {path.resolve() for path in files}
    files += [] if is_known or not wishes.into.exists() else [wishes.into]
    done = plan(found, form, [term for path in files for term in read(path)])
    replaced = tuple(clash for clash in done.clashes if wishes.replace and not clash.is_alias)
    conflicts = tuple(clash for clash in done.clashes if not wishes.replace or clash.is_alias)
    paths = {clash.other.path for clash in replaced} | ({wishes.into} if done.added else set())
    if wishes.is_dry or len(paths) > 1:
        _put(Shelf(project, is_dry=True), done.added, wishes.into, replaced)
    if not wishes.is_dry:
        _put(Shelf(project), done.added, wishes.into, replaced)
    return Imported(done, wishes.into, replaced, conflicts)


def _put(shelf: Shelf, added: Sequence[Term], into: Path, replaced: Sequence[Clash]) -> None:
    files: dict[Path, list[Clash]] = {}
    for clash in replaced:
        files.setdefault(clash.other.path or into, []).append(clash)
    for path, clashes in files.items():
        shelf.apply(path, lambda text, path=path, clashes=clashes: _rewritten(text, clashes, path))  # type: ignore[misc]  # mypy and defaults
    if added:
        is_new = not into.exists()
        shelf.apply(into, lambda text: add_terms(HEADER if is_new else text, added, into))


def _rewritten(text: str, clashes: Sequence[Clash], path: Path) -> Change:
    terms = parse(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"), path)
    places = {_identity(term): index for index, term in enumerate(terms)}
    values: dict[int, Mapping[str, Any]] = {}
    for clash in clashes:
        if (index := places.get(_identity(clash.other))) is None:
            raise ConflictError(f"{path}: “{clash.other.term}” was changed by another program meanwhile")
        values[index] = clash.values()
    return rewrite_terms(text, values, path)


def _identity(term: Term) -> tuple[object, ...]:
    return term.term, term.translation, term.case, term.only, term.beside


def home(project: Project) -> Path:
    """Say where imported terms go: `imported.yaml` in the first folder of the glossary, else its first file."""
    places = [project.root / name for name in project.settings.glossary] or [project.root / "glossary"]
    folder = next((place for place in places if place.is_dir() or place.suffix not in {".yaml", ".yml"}), None)
    return folder / "imported.yaml" if folder else places[0]
