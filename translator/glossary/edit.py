"""Change a glossary file by verbs, as a careful person would by hand: a text in, the smallest splices out.

    text ─parse→ terms ─verb→ terms that are wanted
      └── Sheet ─splices→ new text ─parse→ terms that are found: the same, or the edit is refused

Every verb raises `InputError`, with the line and the reason, where a word is no term, where the file would be no
glossary any more, and where it cannot be edited safely. `splice(change.after, change.inverse)` gives the former bytes.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, fields, replace
from itertools import takewhile
from operator import attrgetter
from typing import TYPE_CHECKING, Any, cast

from yaml.reader import Reader

from translator.errors import InputError
from translator.glossary.files import forms, parse
from translator.glossary.yaml_edit import Sheet
from translator.glossary.yaml_sheet import tidy
from translator.model import PROPOSED, Edit, Span, Term
from translator.splice import splice
from translator.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from translator.glossary.yaml_edit import Value

    _Pair = tuple[int | None, int | None]
    """A term's index before and after; None: not there."""

WORDS = ("translation", "first", "kind", "note", "status")
LISTS = ("aliases", "also", "forbidden", "only", "with")
TRUTHS = ("keep", "case")
FIELDS = (*WORDS, *LISTS, *TRUTHS)
"""What `set_field` may set; the term itself is renamed."""
_TRUTHS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_SAID = attrgetter(*(field.name for field in fields(Term) if field.name not in {"path", "line"}))
"""Everything of a term but where it stands."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a verb makes of a glossary file."""

    before: str
    edits: tuple[Edit, ...]
    """Disjoint, in order, in `before`; none where nothing is to be done."""
    terms: tuple[tuple[Term | None, Term | None], ...] = ()
    """The terms that are touched, as they were and as they are; None: not there."""
    notes: tuple[str, ...] = ()
    """What a person should know besides."""

    @property
    def after(self) -> str:
        """Give the new text."""
        return splice(self.before, self.edits)

    @property
    def inverse(self) -> tuple[Edit, ...]:
        """Give the edits of `after` that bring `before` back, byte for byte."""
        out, moved = [], 0
        for span, text in self.edits:
            start = span.start + moved
            out.append(Edit(Span(start, start + len(text)), span.of(self.before)))
            moved += len(text) - (span.end - span.start)
        return tuple(out)

    def diff(self, name: str = "glossary.yaml") -> str:
        """Give the change as a unified diff; empty where there is none."""
        return diff(self.before, self.after, name)


def diff(before: str, after: str, name: str) -> str:
    """Give a unified diff of two texts that are mostly the same; linear in what they share."""
    old, new = before.splitlines(), after.splitlines()
    head = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
    rest = zip(reversed(old[head:]), reversed(new[head:]), strict=False)
    tail = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], rest))
    first, last = max(head - 3, 0), max(tail - 3, 0)
    lines = difflib.unified_diff(old[first : len(old) - last], new[first : len(new) - last], name, name, lineterm="")
    moved = (re.sub(r"^@@ -(\d+)(.*) \+(\d+)", lambda m: _moved(m, first), line) for line in lines)
    return "".join(line + "\n" for line in moved)


def _moved(found: re.Match[str], by: int) -> str:
    return f"@@ -{int(found[1]) + by}{found[2]} +{int(found[3]) + by}"


# ── The verbs ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def add_term(text: str, term: Term, path: Path | None = None) -> Change:
    """Put a new term behind the last one."""
    file = _File.of(text, path)
    term = _tidy(term)
    file.refuse_taken(term)
    values: dict[str, Value] = {name: _get(term, name) for name in ("term", *FIELDS)}
    if term.keep and term.translation in {"", term.term}:
        values["translation"] = ""
        term = replace(term, translation=term.term)
    return file.proven(file.sheet.put_item(values), [*file.terms, term], [(None, len(file.terms))])


def set_field(text: str, word: str, field: str, values: Sequence[str], path: Path | None = None) -> Change:
    """Give a field of a term its value, or a list its words; without any, or with an empty one, the field goes."""
    file = _File.of(text, path)
    return file.rewrite(find(file.terms, word, path), {field: _value(field, values, path)})


def rename_term(text: str, old: str, new: str, path: Path | None = None, *, keep_alias: bool = False) -> Change:
    """Give a term another spelling as the author writes it; the former one stays as an alias if that is asked for."""
    file = _File.of(text, path)
    index = find(file.terms, old, path)
    term, new = file.terms[index], _word(new, "a term", path)
    aliases = tuple(alias for alias in term.aliases if alias != new)
    if keep_alias and term.term not in {new, *aliases}:
        aliases = (*aliases, term.term)
    return file.rewrite(index, {"term": new} if aliases == term.aliases else {"term": new, "aliases": aliases})


def remove_term(text: str, word: str, path: Path | None = None) -> Change:
    """Take a term out of the file; comments around it stay."""
    file = _File.of(text, path)
    index = find(file.terms, word, path)
    wanted = [*file.terms[:index], *file.terms[index + 1 :]]
    return file.proven(file.sheet.cut_terms({index}), wanted, [(index, None)], file.left_standing(index))


def merge_terms(text: str, word: str, other: str | Term, path: Path | None = None) -> Change:
    """Make one term of two: the other's spellings become aliases, its translation is accepted too.

    `other` names a term of the same file, which goes, or is a term of another file, which stays there.
    """
    file = _File.of(text, path)
    index = find(file.terms, word, path)
    gone = find(file.terms, other, path) if isinstance(other, str) else None
    if gone == index:
        raise InputError(f"“{word}” and “{other}” are one term already", path, file.terms[index].line)
    values, notes = _united(file.terms[index], file.terms[gone] if gone is not None else cast(Term, other))
    wanted = [*file.terms]
    wanted[index] = file.with_values(index, values)
    edits = file.sheet.write(index, values)
    if gone is None:
        file.refuse_taken(wanted[index], index)
        return file.proven(edits, wanted, [(index, index)], notes)
    del wanted[gone]
    notes += file.left_standing(gone)
    pairs = [(index, index - (gone < index)), (gone, None)]
    return file.proven([*edits, *file.sheet.cut_terms({gone})], wanted, pairs, notes)


def add_words(text: str, word: str, field: str, words: Iterable[str], path: Path | None = None) -> Change:
    """Put words behind those a list of a term has; those that are there stay where they are."""
    file = _File.of(text, path)
    index = find(file.terms, word, path)
    term = file.terms[index]
    there = {*_get(term, field), *([term.term] if field == "aliases" else [])}
    fresh = [one for one in dict.fromkeys(_word(w, f"a word of `{field}`", path) for w in words) if one not in there]
    if not fresh:
        return Change(text, (), ((term, term),), (f"“{term.term}” has all of that already",))
    return file.rewrite(index, {field: (*_get(term, field), *fresh)})


def remove_words(text: str, word: str, field: str, words: Iterable[str], path: Path | None = None) -> Change:
    """Take words out of a list of a term; raises `InputError` for a word that is not there."""
    file = _File.of(text, path)
    index = find(file.terms, word, path)
    term, left = file.terms[index], [*_get(file.terms[index], field)]
    for one in map(tidy, words):
        near = [there for there in left if there == one] or [there for there in left if fold(there) == fold(one)]
        if not near:
            raise InputError(f"“{one}” is not among the `{field}` of “{term.term}”", path, term.line)
        left.remove(near[0])
    return file.rewrite(index, {field: tuple(left)})


def approve_terms(text: str, words: Sequence[str] | None = None, path: Path | None = None) -> Change:
    """Take `status: proposed` away from terms; without any named, from all."""
    file = _File.of(text, path)
    terms, everything = file.terms, range(len(file.terms))
    named = everything if words is None else [*dict.fromkeys(find(terms, word, path) for word in words)]
    indexes = [n for n in named if terms[n].status == PROPOSED]
    notes = [] if words is None else [f"“{terms[n].term}” is in use already" for n in named if n not in indexes]
    wanted = [replace(term, status="") if n in {*indexes} else term for n, term in enumerate(terms)]
    edits = [edit for n in indexes for edit in file.sheet.write(n, {"status": ""})]
    return file.proven(edits, wanted, [(n, n) for n in indexes], notes)


def find(terms: Sequence[Term], word: str, path: Path | None = None) -> int:
    """Find the term that a word names, by itself or as an alias; raises `InputError`."""
    folded = fold(tidy(word))
    for index, term in enumerate(terms):
        if fold(term.term) == folded or any(fold(alias) == folded for alias in term.aliases):
            return index
    near = difflib.get_close_matches(word, [term.term for term in terms[:5000]], 1)
    raise InputError(f"there is no term “{word}”" + (f"; did you mean “{near[0]}”?" if near else ""), path)


# ── What is done, and proven ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _File:
    """A glossary file that is being changed."""

    sheet: Sheet
    terms: tuple[Term, ...]

    @classmethod
    def of(cls, text: str, path: Path | None) -> _File:
        sheet = Sheet(text, path)
        return cls(sheet, parse(sheet.text, path))

    def rewrite(self, index: int, values: Mapping[str, Value]) -> Change:
        """Give fields of one term new values."""
        wanted = self.with_values(index, values)
        self.refuse_taken(wanted, index)
        changed = {name: value for name, value in values.items() if self.sheet.value(index, name) != value}
        edits = self.sheet.write(index, changed) if changed else []
        return self.proven(edits, [*self.terms[:index], wanted, *self.terms[index + 1 :]], [(index, index)])

    def with_values(self, index: int, values: Mapping[str, Value]) -> Term:
        """Give the term that the file says once its fields have these values."""
        term = self.terms[index]
        changed: dict[str, Any] = {"beside" if name == "with" else name: value for name, value in values.items()}
        for name in {*TRUTHS} & changed.keys():
            changed[name] = bool(changed[name])
        found = replace(term, **changed)
        written = values.get("translation", self.sheet.value(index, "translation"))
        if not written and not found.keep:
            message = f"“{found.term}” would have no translation, nor be kept as it is"
            raise InputError(message, self.sheet.path, term.line)
        return replace(found, translation=str(written or found.term))

    def refuse_taken(self, wanted: Term, index: int | None = None) -> None:
        """Refuse a term with a form that another term of the file has, or that begins to contradict itself."""
        path, mine = self.sheet.path, {fold(form): form for form in (wanted.term, *wanted.aliases)}
        for n, term in enumerate(self.terms):
            if n != index and not mine.keys().isdisjoint(theirs := forms(term)):
                form = next(mine[one] for one in mine if one in theirs)
                raise InputError(
                    f"“{form}” stands here already (“{term.term}” → “{term.translation}”)", path, term.line
                )
        before = self.terms[index] if index is not None else None
        fresh = _contradictions(wanted) - (_contradictions(before) if before else set())
        if fresh:
            message = f"“{min(fresh)}” would be both accepted and forbidden for “{wanted.term}”"
            raise InputError(message, path, before.line if before else 0)

    def left_standing(self, index: int) -> list[str]:
        """Say that a comment stays which may have been about a term that goes."""
        line = self.sheet.comment_above(index)
        return [f"the comment above “{self.terms[index].term}”, in line {line}, was left standing"] if line else []

    def proven(
        self, edits: Iterable[Edit], wanted: Sequence[Term], pairs: Iterable[_Pair], notes: Iterable[str] = ()
    ) -> Change:
        """Read the new text again: it must say what is wanted and nothing else; raises `InputError` otherwise."""
        sheet, pairs, finished = self.sheet, [*pairs], self.sheet.finished(edits)
        place = finished[0].span.start - sheet.shift if finished else 0
        try:
            found = parse(splice(sheet.whole, finished).removeprefix("\ufeff"))
        except InputError as error:
            reason = re.sub(r"^[\d:]+ ", "", str(error))
            if "is not YAML" in reason or "unknown key" in reason:
                sheet.fail(place, f"it would be no glossary any more ({reason})")
            line = next((self.terms[a].line for a, _ in pairs if a is not None), 0)
            raise InputError(f"that cannot be: {reason}", sheet.path, line) from error
        wrong = [a.term for a, b in zip(found, wanted, strict=False) if _SAID(a) != _SAID(b)]
        if wrong or len(found) != len(wanted):
            sheet.fail(place, f"“{wrong[0]}” would be read otherwise" if wrong else "terms would come or go")
        both = ((self.terms[a] if a is not None else None, found[b] if b is not None else None) for a, b in pairs)
        return Change(
            sheet.whole, finished, tuple((a, replace(b, path=sheet.path) if b else b) for a, b in both), tuple(notes)
        )


# ── What is wanted ────────────────────────────────────────────────────────────────────────────────────────────────────


def _word(value: str, what: str, path: Path | None = None) -> str:
    """Make a word one that a file can hold: spaces tidied."""
    word = tidy(value)
    if not word:
        raise InputError(f"{what} is empty", path)
    if Reader.NON_PRINTABLE.search(word):
        raise InputError(f"{what} holds a control character: {word!r}", path)
    return word


def _get(term: Term, field: str) -> Any:  # noqa: ANN401  # each field has its own type
    return getattr(term, "beside" if field == "with" else field)


def _tidy(term: Term) -> Term:
    found: dict[str, Any] = {name: _get(term, name) and _word(_get(term, name), f"`{name}`") for name in WORDS}
    found |= {name: tuple(_word(one, f"a word of `{name}`") for one in _get(term, name)) for name in LISTS}
    found["beside"] = found.pop("with")
    if not found["translation"] and not term.keep:
        raise InputError(f"“{term.term}” needs a translation, or to be kept as it is", term.path)
    return replace(term, term=_word(term.term, "a term"), **found)


def _contradictions(term: Term) -> set[str]:
    return {term.translation, term.first, *term.also} & {*term.forbidden}


def _value(field: str, values: Sequence[str], path: Path | None) -> Value:
    """Read the words given for a field as what it holds."""
    if field not in FIELDS:
        near = difflib.get_close_matches(field, FIELDS, 1)
        guess = f": did you mean `{near[0]}`?" if near else f"; known are {', '.join(FIELDS)}"
        hint = "; a term gets another spelling by `rename`" if field == "term" else guess
        raise InputError(f"a term has no field `{field}` to be set{hint}", path)
    given = [value for value in values if value.strip()]
    if field in LISTS:
        return tuple(dict.fromkeys(_word(value, f"a word of `{field}`", path) for value in given))
    if len(given) > 1:
        raise InputError(f"`{field}` holds one value, not {len(given)}; put quotation marks around words", path)
    if not given:
        return ""
    if field in WORDS:
        return _word(given[0], f"`{field}`", path)
    if given[0].lower() not in _TRUTHS:
        raise InputError(f"`{field}` is true or false, not “{given[0]}”", path)
    return _TRUTHS[given[0].lower()]


def _united(term: Term, other: Term) -> tuple[dict[str, Value], list[str]]:
    """Give what a term is once it has taken another one over, and what is to be said about it."""
    notes = []
    also = [*term.also]
    candidates = [] if other.keep else [other.translation, *other.also]
    for form in candidates:
        if form in term.forbidden:
            notes.append(f"“{form}”, accepted for “{other.term}”, stays forbidden")
        elif form != term.translation and form not in also:
            also.append(form)
            if form == other.translation:
                notes.append(f"“{form}”, so far the English of “{other.term}”, is accepted beside “{term.translation}”")
    forbidden = [*term.forbidden]
    for form in other.forbidden:
        if form in {term.translation, term.first, *also}:
            notes.append(f"“{form}”, forbidden for “{other.term}”, is accepted now")
        elif form not in forbidden:
            forbidden.append(form)
    aliases = dict.fromkeys((*term.aliases, other.term, *other.aliases))
    aliases.pop(term.term, None)
    for name in ("first", "kind", "note", "only", "with"):
        lost = _get(other, name)
        if lost and lost != _get(term, name):
            said = lost if isinstance(lost, str) else ", ".join(lost)
            notes.append(f"`{name}: {said}` of “{other.term}” goes with it")
    wanted: dict[str, Value] = {"aliases": tuple(aliases), "also": tuple(also), "forbidden": tuple(forbidden)}
    return {name: value for name, value in wanted.items() if value != getattr(term, name)}, notes
