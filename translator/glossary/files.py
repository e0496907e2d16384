"""Glossary files: YAML into terms, each with its place, and a plain word where a file is not as it should be.

The YAML tree is read as written (`NO` is the word NO, `1.10` is 1.10) and each error says where it stands and what was
expected there.
"""

from __future__ import annotations

import difflib
import gc
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, NoReturn

import yaml

from translator.errors import InputError
from translator.glossary.compiled import Head, Packed, keep, pack, recall, unpack
from translator.glossary.lines import CHOICES, LISTS, LONGEST, ONE_WILL_DO, TRUE_OR_FALSE, TRUTHS, WORDS, quickly
from translator.glossary.matching import Glossary, claims
from translator.model import PROPOSED, Term
from translator.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

_KEYS = (*WORDS, *LISTS, *TRUE_OR_FALSE)
COMPILED = 16_384
"""Bytes of a file from which on it is worth being compiled."""
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(paths: Sequence[Path], cache: Path | None = None) -> Glossary:
    """Read glossary files into one glossary; where two name the same term, the later file's stands.

    With a `cache` folder, what was read of a long file is kept there for the next time. Raises `InputError` with file,
    line and column for what is no glossary, and for a term that one file has twice.
    """
    return Glossary(_merged([_packed(path, cache) for path in paths]))


def _packed(path: Path, cache: Path | None) -> Packed:
    """Give a file's used terms: from the cache where its bytes are known there."""
    data = _bytes(path)
    worth = cache if len(data) >= COMPILED else None
    known = recall(worth, path, data) if worth else None
    if known is None:
        used = [term for term in parse(_text(data, path), path) if term.status != PROPOSED]
        known = Packed([pack(term) for term in used], [path] * len(used))
        if worth:
            keep(worth, path, data, known.rows)
    return known


def merge(files: Sequence[Sequence[Term]]) -> Glossary:
    """Put the terms of several files together: a later term replaces an earlier one, a later alias is taken away.

    Only terms with the same conditions replace each other. Terms that are only proposed are left out.
    """
    used = [[term for term in terms if term.status != PROPOSED] for terms in files]
    return Glossary(_merged([Packed([*map(pack, terms)], [term.path for term in terms]) for terms in used]))


def _merged(files: Sequence[Packed]) -> Packed:
    if len(files) == 1:
        return files[0]
    taken: set[str] = set()
    kept: list[Packed] = []
    for packed in reversed(files):
        own = claims(packed.heads())
        kept.append(packed if taken.isdisjoint(chain(*own)) else _left(packed, own, taken))
        taken.update(*own)
    kept.reverse()
    return Packed([row for packed in kept for row in packed.rows], [path for packed in kept for path in packed.paths])


def _left(packed: Packed, own: list[list[str]], taken: set[str]) -> Packed:
    """Leave out the terms and aliases that are taken."""
    rows, paths = [], []
    for row, path, (first, *others) in zip(packed.rows, packed.paths, own, strict=True):
        if first in taken:
            continue
        if not taken.isdisjoint(others):
            term = unpack(row, path)
            left = (alias for alias, claim in zip(term.aliases, others, strict=True) if claim not in taken)
            row = pack(replace(term, aliases=tuple(left)))  # noqa: PLW2901  # the same row, shorter
        rows.append(row)
        paths.append(path)
    return Packed(rows, paths)


def forms(term: Term) -> set[str]:
    """Give all ways the author writes a term, folded."""
    return {fold(form) for form in (term.term, *term.aliases)}


def read(path: Path) -> tuple[Term, ...]:
    """Read one glossary file; raises `InputError`."""
    return parse(_text(_bytes(path), path), path)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", path) from error


def _text(data: bytes, path: Path) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"is not UTF-8 (byte {error.start}); save it as UTF-8", path) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse(text: str, path: Path | None = None, *, twins: bool = False) -> tuple[Term, ...]:
    """Read the text of a glossary file; with `twins` also one that has a term twice. Raises `InputError`."""
    with undisturbed():
        terms = quickly(text, path)
        if terms is None:
            terms = _carefully(text, path)
        if not twins:
            _refuse_twins(terms, path)
    return terms


@contextmanager
def undisturbed() -> Iterator[None]:
    """Keep the collector of cycles away while many objects are made that all stay: it looks at each again and again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _carefully(text: str, path: Path | None) -> tuple[Term, ...]:
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise InputError(f"is not YAML: {error.problem}", path, *place) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise InputError(f"is not YAML: {error}".splitlines()[0], path) from error
    if root is None or _is_null(root):
        return ()
    return tuple(_Reader(path).terms(root))


def _refuse_twins(terms: tuple[Term, ...], path: Path | None) -> None:
    """Refuse a form that two terms have under the same conditions."""
    own = claims(map(Head.of, terms))
    if len(set(chain(*own))) == sum(map(len, own)):
        return
    seen: dict[str, Term] = {}
    for term, several in zip(terms, own, strict=True):
        for form, claim in zip((term.term, *term.aliases), several, strict=True):
            twin = seen.setdefault(claim, term)
            if twin is not term:
                message = f"“{form}” stands here and in line {twin.line} (“{twin.term}”); keep one of them"
                raise InputError(message, path, term.line)


@dataclass(frozen=True)
class _Reader:
    """A walk over one file's YAML nodes."""

    path: Path | None

    def terms(self, root: yaml.Node) -> Iterator[Term]:
        listing = self.listing(root)
        if isinstance(listing, yaml.MappingNode):
            for name, value in self.pairs(listing):
                yield Term(
                    self.word(name, "a term"),
                    self.word(value, "its translation"),
                    path=self.path,
                    line=name.start_mark.line + 1,
                )
        elif isinstance(listing, yaml.SequenceNode):
            for item in listing.value:
                yield self.term(item)
        elif not _is_null(listing):
            self.fail(listing, "expected a list of terms (`- term: …`) or `term: translation` lines")

    def listing(self, root: yaml.Node) -> yaml.Node:
        if not isinstance(root, yaml.MappingNode):
            self.fail(root, "expected `terms:` and a list below it")
        listing = None
        for key, value in self.pairs(root):
            if key.value != "terms":
                self.fail(key, f"unknown key “{key.value}”{_guess(key.value, ('terms',))}; expected `terms:`")
            listing = value
        return listing or self.fail(root, "expected `terms:` and a list below it")

    def term(self, node: yaml.Node) -> Term:
        if not isinstance(node, yaml.MappingNode):
            self.fail(node, "expected `term: …` with `translation: …` below it")
        values = {key.value: (key, value) for key, value in self.pairs(node)}
        for name, (key, _) in values.items():
            if name not in _KEYS:
                self.fail(key, f"unknown key “{name}”{_guess(name, _KEYS)}; known are {', '.join(_KEYS)}")
        if "term" not in values:
            self.fail(node, "`term:` is missing")
        words = {name: self.word(values[name][1], f"`{name}`") for name in WORDS if name in values}
        lists = {name: tuple(self.words(values[name][1], name)) for name in LISTS if name in values}
        truths = {name: self.truth(values[name][1], name) for name in TRUE_OR_FALSE if name in values}
        self.choices(values)
        keep = truths.get("keep", False)
        if not keep and "translation" not in words:
            self.fail(node, f"“{words['term']}” needs `translation:` or `keep: true`")
        if keep:
            words["translation"] = words.get("translation") or words["term"]
        lists["beside"] = lists.pop("with", ())
        return Term(**words, **lists, **truths, path=self.path, line=node.start_mark.line + 1)  # type: ignore[arg-type]

    def choices(self, values: Mapping[str, tuple[yaml.ScalarNode, yaml.Node]]) -> None:
        """Refuse a value that is none of those a key may have."""
        for name, known in CHOICES.items():
            node = values[name][1] if name in values else None
            for item in node.value if isinstance(node, yaml.SequenceNode) else [node] if node else []:
                if _is_scalar(item) and item.value not in known and not _is_null(item):
                    self.fail(item, f"`{name}` is {' or '.join(known)}{_guess(item.value, known)}")

    def pairs(self, node: yaml.MappingNode) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
        seen: dict[str, int] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.fail(key, "expected a word before the colon")
            if key.value in seen:
                self.fail(key, f"“{key.value}” stands here and in line {seen[key.value]}; keep one of them")
            seen[key.value] = key.start_mark.line + 1
            yield key, value

    def words(self, node: yaml.Node, name: str) -> Iterator[str]:
        if _is_null(node):
            return
        if not isinstance(node, yaml.SequenceNode):
            if name in ONE_WILL_DO and _is_scalar(node):
                yield self.word(node, f"`{name}`")
                return
            self.fail(node, f"`{name}` is a list; write [{getattr(node, 'value', '…') if _is_scalar(node) else '…'}]")
        for item in node.value:
            yield self.word(item, f"a word of `{name}`")

    def word(self, node: yaml.Node, what: str) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self.fail(node, f"expected one word or phrase for {what}")
        value = "" if _is_null(node) else " ".join(node.value.split())
        if not value:
            self.fail(node, f"{what} is empty")
        if len(value) > LONGEST and what != "`note`":
            self.fail(node, f"{what} is {len(value)} characters long; {LONGEST} is the most")
        return value

    def truth(self, node: yaml.Node, name: str) -> bool:
        if _is_scalar(node) and node.value.lower() in TRUTHS:
            return TRUTHS[node.value.lower()]
        return self.fail(node, f"`{name}` is true or false")

    def fail(self, node: yaml.Node, message: str) -> NoReturn:
        raise InputError(message, self.path, node.start_mark.line + 1, node.start_mark.column + 1)


def _is_scalar(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode)


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"


def _guess(word: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(word, known, 1)
    return f" (did you mean “{close[0]}”?)" if close else ""
