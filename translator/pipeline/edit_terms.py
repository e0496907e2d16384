"""Change the glossary's files on disk: which file is meant, under a lock, replaced whole, nobody's change lost.

A file is read again inside its lock, which every run of this program takes; where an editor saved it between that
reading and our replacing it, the verb starts over from the new text.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from translator.errors import ConflictError, InputError
from translator.glossary import read
from translator.glossary.edit import (
    Change,
    add_term,
    add_words,
    approve_terms,
    find,
    merge_terms,
    remove_term,
    remove_words,
    rename_term,
    set_field,
)
from translator.glossary.files import forms
from translator.model import PROPOSED, Term
from translator.pipeline.files import locked, read_if_there, write

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from translator.config import Project

HEADER = "# The terms that are the same in every sentence of every post.\n"
"""How a new glossary file begins."""
_TIMES = 20
"""How often a verb starts over while somebody else keeps saving the file."""


class Edited(NamedTuple):
    """A file and what was changed in it."""

    path: Path
    change: Change


@dataclass(frozen=True)
class Shelf:
    """The glossary's files, and the way into them."""

    project: Project
    file: Path | None = None
    """The one file that is meant; None: whichever has the term."""
    is_dry: bool = False
    """Say what would be changed; write nothing."""

    # ── The verbs ─────────────────────────────────────────────────────────────────────────────────────────────────

    def add(self, term: Term) -> Edited:
        """Add a term to the file that is named, else where its kind is kept, else to `glossary/terms.yaml`."""
        path = self.file or home(self.project, term.kind)
        self._refuse_taken(term)
        return self._edit(path, lambda text: add_term(text, term, path))

    def set(self, word: str, field: str, values: Sequence[str]) -> Edited:
        """Set a field of a term."""
        path = self.place(word)
        if field == "aliases":
            self._refuse_taken(Term(word, "", tuple(values)), path)
        return self._edit(path, lambda text: set_field(text, word, field, values, path))

    def rename(self, old: str, new: str, *, keep_alias: bool = False) -> Edited:
        """Give a term another spelling."""
        path = self.place(old)
        self._refuse_taken(Term(new, ""), path)
        return self._edit(path, lambda text: rename_term(text, old, new, path, keep_alias=keep_alias))

    def remove(self, word: str) -> Edited:
        """Take a term out."""
        path = self.place(word)
        return self._edit(path, lambda text: remove_term(text, word, path))

    def merge(self, word: str, other: str) -> list[Edited]:
        """Make one term of two, which may stand in two files; the one that stays is written first."""
        path, there = self.place(word), self.place(other)
        if path == there:
            return [self._edit(path, lambda text: merge_terms(text, word, other, path))]
        terms = read(there)
        gone = terms[find(terms, other, there)]
        self._refuse_taken(Term(gone.term, "", gone.aliases), path, there)
        kept = self._edit(path, lambda text: merge_terms(text, word, gone, path))
        return [kept, self._edit(there, lambda text: remove_term(text, other, there))]

    def put(self, word: str, field: str, words: Sequence[str]) -> Edited:
        """Put words into a list of a term."""
        path = self.place(word)
        if field == "aliases":
            self._refuse_taken(Term(word, "", tuple(words)), path)
        return self._edit(path, lambda text: add_words(text, word, field, words, path))

    def take(self, word: str, field: str, words: Sequence[str]) -> Edited:
        """Take words out of a list of a term."""
        path = self.place(word)
        return self._edit(path, lambda text: remove_words(text, word, field, words, path))

    def approve(self, words: Sequence[str] | None) -> list[Edited]:
        """Approve proposed terms; None: all of them, in every file."""
        if words is None:
            files = [path for path in self.files if any(term.status == PROPOSED for term in read(path))]
            return [self._edit(path, lambda text, path=path: approve_terms(text, None, path)) for path in files]  # type: ignore[misc]  # mypy and defaults
        named: dict[Path, list[str]] = {}
        for word in words:
            named.setdefault(self.place(word), []).append(word)
        return [
            self._edit(path, lambda text, path=path, some=some: approve_terms(text, some, path))  # type: ignore[misc]  # mypy and defaults
            for path, some in named.items()
        ]

    def apply(self, path: Path, verb: Callable[[str], Change]) -> Edited:
        """Change a file by any verb."""
        return self._edit(path, verb)

    # ── Which file ────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def files(self) -> list[Path]:
        """Give the files that are looked at."""
        return [self.file] if self.file else self.project.glossary_files()

    def place(self, word: str) -> Path:
        """Find the file that has a term; raises `InputError` where none has it, or more than one."""
        found = [(path, term) for path in self.files if (term := _term_of(path, word))]
        if len(found) == 1:
            return found[0][0]
        if found:
            places = " and ".join(f"{path}:{term.line}" for path, term in found)
            raise InputError(f"“{word}” stands in {places}; say with --file which is meant")
        if len(self.files) == 1:
            find(read(self.files[0]), word, self.files[0])
        every = [term for path in self.files for term in read(path)]
        find(every, word)
        raise AssertionError  # pragma: no cover  # `find` has said that there is no such term

    def _refuse_taken(self, term: Term, *but: Path) -> None:
        """Refuse a form that a term of another file has; whoever names the file means to override it."""
        for path in [] if self.file else self.files:
            for other in () if path in but else read(path):
                if forms(term) & forms(other):
                    message = f"“{other.term}” stands here already (“{other.translation}”)"
                    hint = "change it with `duizhao glossary set`, or override it with --file in another file"
                    raise InputError(f"{message}; {hint}", path, other.line)

    # ── Onto the disk ─────────────────────────────────────────────────────────────────────────────────────────────

    def _edit(self, path: Path, verb: Callable[[str], Change]) -> Edited:
        """Change a file by a verb; starts over where somebody else saved it meanwhile."""
        if self.is_dry:
            return Edited(path, verb(_text(path)))
        place = Path(path).resolve()
        with locked(place, self.project.cache):
            for _ in range(_TIMES):
                there = read_if_there(place)
                change = verb(HEADER if there is None else there)
                if not change.edits:
                    return Edited(path, change)
                if write(place, change.after, unless=lambda there=there: read_if_there(place) != there):  # type: ignore[misc]  # mypy and defaults
                    return Edited(path, change)
        raise ConflictError(f"{path} is being changed by another program all the time; nothing was changed")


def home(project: Project, kind: str) -> Path:
    """Say which file a new term belongs in: where most are of its kind, or named for it, else `terms.yaml`."""
    files = project.glossary_files()
    if kind:
        named = [path for path in files if path.stem.lower() in _names(kind)]
        mostly = [path for path in files if _is_mostly(path, kind)]
        for path in (*mostly, *named):
            return path
    folders = [project.root / name for name in project.settings.glossary]
    first = next((place for place in folders if place.is_dir()), folders[0] if folders else project.root / "glossary")
    if first.suffix in {".yaml", ".yml"} and not first.is_dir():
        return first
    return first / "terms.yaml"


def _names(kind: str) -> set[str]:
    kind = kind.lower()
    return {kind, f"{kind}s", f"{kind}es"} | ({"people"} if kind == "person" else set())


def _is_mostly(path: Path, kind: str) -> bool:
    kinds = Counter(term.kind for term in read(path))
    return kinds[kind] * 2 > kinds.total()


def _term_of(path: Path, word: str) -> Term | None:
    try:
        terms = read(path)
        return terms[find(terms, word)]
    except InputError as error:
        if error.path:
            raise
        return None


def _text(path: Path) -> str:
    text = read_if_there(path)
    return HEADER if text is None else text
