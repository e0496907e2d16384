"""Terms in a Chinese text: all at once, longest first, whole words only.

The text and the terms are compared folded (half-width, simplified, lower case), which keeps every offset. A Latin term
ends where Latin words end. A Chinese term is refused only where a word of Jieba's dictionary straddles its edge.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from translator.glossary.compiled import Head, Packed
from translator.model import Mention, Span
from translator.text import fold, frequency, is_han
from translator.text.words import path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ahocorasick_rs import AhoCorasick

    from translator.model import Term

ALWAYS = frozenset({"person"})
"""Kinds whose terms are never refused for a word that straddles them."""

LEAST = 500
"""How frequent a term is taken to be, at the least, in the corpus of Jieba's words, where 显存 stands eight times."""

_VERSION = re.compile(r"[-_]?v?\d+(?:\.\d+)*(?![a-z0-9_])")
_PLURAL = re.compile(r"(?:s|es)(?![a-z0-9_])")
_ADDRESS = re.compile(
    r"[a-z][a-z0-9+.-]*://|www\.|(?:[a-z0-9-]+\.)+(?:com|org|net|io|cn|edu|gov|ai|dev)[:/]|[a-z]:\\|[^@]*[a-z0-9_]@[a-z0-9]|.*/[^/]*\.[a-z]\w{0,4}$"
)
_PATH = re.compile(r"[~/\\]|\.{1,2}/")
_POINTING = re.compile("[这那每某各哪该此]|第[一二三四五六七八九十百千几]+")
"""Before a counter: 第三层, 每层."""
_OPTION = re.compile("--[a-z]")
_HEAD = re.compile(r"(?<![A-Za-z0-9])(?!(?:multi|single|non|pre|post|cross|self|semi)-)[a-z0-9]*[a-z][a-z0-9]*-$")
_TAIL = re.compile(
    r"-(?!(?:based|like|style|only|free|bound|native|level|specific|compatible)(?![a-z0-9]))(?!v?\d)[a-z]"
)
"""What makes a command or a package of a name in small letters, mxnet-cu90, incubator-mxnet, and no mere adjective."""
_MAKERS = frozenset("者员家师工手所院馆厅局室店班")
"""Endings that name a person or a place: a 学习者 is a learner, no learning."""
_LETTERS = re.compile(r"[^\W_]+")


class Hit(NamedTuple):
    """A pattern found in a folded text."""

    start: int
    end: int
    pattern: int


@dataclass(frozen=True)
class Place:
    """Where a text stands, for terms that are terms in some places only."""

    kinds: frozenset[str] = frozenset({"paragraph"})
    """Those of `model.PLACES` that hold."""
    around: str = ""
    """The plain text of the block it stands in; the text itself is always looked at."""

    @cached_property
    def folded(self) -> str:
        """Give what stands around in the form that is compared."""
        return fold(self.around)


PLAIN = Place()
"""An ordinary paragraph of its own."""


class Claim(NamedTuple):
    """A term's right to a form: several may claim the same form under different conditions."""

    owner: int
    """The term's place in the glossary."""
    form: str
    """As it is written in the glossary."""
    head: Head

    @property
    def is_bound(self) -> bool:
        """Whether there are conditions."""
        return bool(self.head.case or self.head.only or self.head.beside)


class Glossary:
    """Terms, compiled for matching when they are first asked for; equal where their terms are."""

    def __init__(self, terms: Sequence[Term] | Packed = ()) -> None:
        self._packed = terms if isinstance(terms, Packed) else tuple(terms)
        self._made: dict[int, Term] = {}

    def __eq__(self, other: object) -> bool:
        """Tell whether another glossary has the same terms, from the same places."""
        return self.terms == other.terms if isinstance(other, Glossary) else NotImplemented

    def __hash__(self) -> int:
        """Hash the terms."""
        return hash(self.terms)

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """Give all terms in order."""
        return tuple(map(self._term, range(len(self._packed))))

    def _term(self, index: int) -> Term:
        if index not in self._made:
            self._made[index] = self._packed[index]
        return self._made[index]

    @cached_property
    def signature(self) -> str:
        """Give a hash of everything that can change a match or a verdict; where a term stands is not part of it."""
        digest = hashlib.sha256()
        for term in self.terms:
            lists = (term.aliases, term.also, term.forbidden, term.only, term.beside)
            words = (term.term, term.translation, term.first, term.kind)
            digest.update(repr((*words, *lists, term.keep, term.case)).encode())
        return digest.hexdigest()[:16]

    def mentions(self, text: str, place: Place = PLAIN) -> tuple[Mention, ...]:
        """Find every term in a plain text, in order and disjoint: the longest where several share a place.

        A term hits only where its conditions hold, so it never stands in the way of one whose conditions do. Of several
        terms with the same form the first whose conditions hold is meant, one without conditions last.
        """
        if not self._claims:
            return ()
        folded = fold(text)
        found = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        hits = {
            Hit(start, end, number): claim
            for number, start, end in found
            if _ends_words(text, folded, start, end) and (claim := self._meant(number, text[start:end], folded, place))
        }
        chosen = self._choose(folded, hits)
        return tuple(self._mention(text, hit, hits[hit]) for hit in sorted(chosen))

    def _meant(self, number: int, surface: str, folded: str, place: Place) -> Claim | None:
        claims = self._claims[number][1]
        return next((claim for claim in claims if not claim.is_bound or _holds(claim, surface, folded, place)), None)

    def _mention(self, text: str, hit: Hit, claim: Claim) -> Mention:
        term = self._term(claim.owner)
        surface = text[hit.start : hit.end]
        return Mention(term, Span(hit.start, hit.end), surface, surface if term.keep else term.translation)

    def _choose(self, folded: str, hits: dict[Hit, Claim]) -> Iterator[Hit]:
        """Leave out the hits a word straddles; of the rest take those that share no character and cover the most."""
        words = _Words(folded, list(hits))
        allowed = (hit for hit in sorted(hits) if self._term(hits[hit].owner).kind in ALWAYS or words.allow(hit))
        for cluster in _clusters(allowed):
            yield from _cover(cluster) if len(cluster) > 1 else cluster

    @cached_property
    def _claims(self) -> list[tuple[str, list[Claim]]]:
        """Give every folded form once with who claims it: conditions first, a term before an alias, then by order."""
        packed = self._packed
        heads = packed.heads() if isinstance(packed, Packed) else map(Head.of, packed)
        claims: list[list[Claim]] = [[], []]
        for index, head in enumerate(heads):
            claims[0].append(Claim(index, head.term, head))
            claims[1] += [Claim(index, alias, head) for alias in head.aliases]
        every = [*claims[0], *claims[1]]
        forms: dict[str, list[Claim]] = {}
        for form, claim in zip(_folded([claim.form for claim in every]), every, strict=True):
            forms.setdefault(form, []).append(claim)
        forms.pop("", None)
        for several in forms.values():
            if len(several) > 1:
                several.sort(key=lambda claim: not claim.is_bound)
        return list(forms.items())

    @cached_property
    def _automaton(self) -> AhoCorasick:
        from ahocorasick_rs import AhoCorasick, MatchKind  # noqa: PLC0415

        forms = (form for form, _ in self._claims)
        return AhoCorasick(forms, matchkind=MatchKind.Standard, store_patterns=False)


def claims(heads: Iterable[Head]) -> list[list[str]]:
    """Give, for each form of each term, what no other term may claim: the folded form, with the conditions."""
    several = list(heads)
    folded = iter(_folded([form for head in several for form in (head.term, *head.aliases)]))
    return [[next(folded) + _conditions(head, form) for form in (head.term, *head.aliases)] for head in several]


def _conditions(head: Head, form: str) -> str:
    if not (head.case or head.only or head.beside):
        return ""
    capital = capitals(form) if head.case else None
    return "\n" + repr((capital, sorted(set(head.only)), sorted(set(map(fold, head.beside)))))


def _clusters(hits: Iterable[Hit]) -> Iterator[list[Hit]]:
    """Part hits, given in order, into those that hang together by shared characters."""
    cluster: list[Hit] = []
    end = 0
    for hit in hits:
        if cluster and hit.start >= end:
            yield cluster
            cluster = []
        cluster.append(hit)
        end = max(end, hit.end) if len(cluster) > 1 else hit.end
    if cluster:
        yield cluster


def _cover(hits: list[Hit]) -> list[Hit]:
    """Choose disjoint hits that cover the most characters, of several choices the fewest hits, then the earliest."""
    best: dict[int, tuple[int, int, list[Hit]]] = {}
    ends = sorted({hit.end for hit in hits})
    by_end: dict[int, list[Hit]] = {}
    for hit in hits:
        by_end.setdefault(hit.end, []).append(hit)
    for n, end in enumerate(ends):
        best[end] = best[ends[n - 1]] if n else (0, 0, [])
        for hit in by_end[end]:
            before = bisect_right(ends, hit.start) - 1
            covered, count, chosen = best[ends[before]] if before >= 0 else (0, 0, [])
            option = covered + end - hit.start, count - 1, [*chosen, hit]
            best[end] = max(best[end], option, key=lambda one: one[:2])
    return best[ends[-1]][2]


def _folded(forms: list[str]) -> list[str]:
    """Fold many forms at once."""
    return fold("\n".join(forms)).split("\n") if forms else []


def _holds(claim: Claim, surface: str, folded: str, place: Place) -> bool:
    """Tell whether a term's conditions hold for a surface."""
    head = claim.head
    if head.case and capitals(surface) != capitals(claim.form):
        return False
    if head.only and place.kinds.isdisjoint(head.only):
        return False
    return not head.beside or any(_stands(fold(word), text) for word in head.beside for text in (folded, place.folded))


def capitals(text: str) -> list[int]:
    """Give where a text has capital letters, of whatever width."""
    return [at for at, ch in enumerate(text) if ch.isupper()]


def _stands(word: str, text: str) -> bool:
    """Tell whether a folded word stands in a folded text; a Latin one not as a part of another."""
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        left = _is_latin(word[0]) and _is_latin(text[at - 1 : at])
        if not left and not (_is_latin(word[-1]) and _is_latin(text[end : end + 1])):
            return True
        at = text.find(word, at + 1)
    return False


def _ends_words(raw: str, text: str, start: int, end: int) -> bool:
    """Tell whether a hit is made of whole Latin words, in no identifier, path or address; Chinese edges always pass."""
    left, right = text[start - 1 : start], text[end : end + 1]
    if (_is_latin(text[start]) and left == "_") or (text[start].isascii() and _is_latin(left)):
        return False
    if _is_latin(text[end - 1]) and not _may_follow(text, end):
        return False
    if not (_is_token(left) or _is_token(right)):
        return True
    return not _in_address(raw, text, start, end)


def _may_follow(text: str, end: int) -> bool:
    """Tell whether a Latin term may end here: no C of C++; GPUs and MXNet1.0 do."""
    right = text[end : end + 1]
    if right in {"_", "#"} or text.startswith("++", end):
        return False
    if not _is_latin(right):
        return True
    return text[end - 1].isalpha() and bool(_VERSION.match(text, end) or _PLURAL.match(text, end))


def _in_address(raw: str, text: str, start: int, end: int) -> bool:
    """Tell whether the token around a hit is an address, a path, or has the hit as a member (`a.mxnet.b`)."""
    left, right = text[start - 1 : start], text[end : end + 1]
    first, last = start, end
    while first > 0 and _is_token(text[first - 1]) and start - first < 100:
        first -= 1
    while last < len(text) and _is_token(text[last]) and last - end < 100:
        last += 1
    token = text[first:last].rstrip("/.")
    if _is_latin(text[start]) and (_OPTION.match(token) or _is_joined(raw, start, end)):
        return True
    if _ADDRESS.match(token) or (_PATH.match(token) and not text[first - 1 : first].isalnum()):
        return True
    dotted_left = left == "." and _is_latin(text[start - 2 : start - 1])
    dotted_right = right == "." and _is_latin(text[end + 1 : end + 2])
    return (dotted_left and _is_latin(text[start])) or (dotted_right and _is_latin(text[end - 1]))


def _is_joined(raw: str, start: int, end: int) -> bool:
    """Tell whether a name in small letters is joined by a hyphen to a command's or a package's name."""
    if not raw[start:end].islower():
        return False
    before = raw[max(0, start - 40) : start]
    return _TAIL.match(raw, end) is not None or (before.endswith("-") and _HEAD.search(before) is not None)


def _is_latin(ch: str) -> bool:
    return ch.isalnum() and (ch.isascii() or "\u00c0" <= ch <= "\u024f")


def _is_token(ch: str) -> bool:
    return ch.isascii() and (ch.isalnum() or ch in "_./@:\\~%#?=&+-") if ch else False


class _Words:
    """The words around hits, cut when an edge needs them, one run of letters at a time."""

    def __init__(self, folded: str, hits: list[Hit]) -> None:
        self.text = folded
        self.hits = sorted(hits)
        self.cut: dict[tuple[int, int], list[tuple[int, int]]] = {}

    @cached_property
    def spans(self) -> set[tuple[int, int]]:
        return {(hit.start, hit.end) for hit in self.hits}

    @cached_property
    def runs(self) -> list[tuple[int, int]]:
        return [run.span() for run in _LETTERS.finditer(self.text)]

    def allow(self, hit: Hit) -> bool:
        """Tell whether no dictionary word straddles the hit's edges; of two terms that cross, `_cover` chooses."""
        if not (_meet(self.text, hit.start) or _meet(self.text, hit.end)):
            return True
        around = self.around(hit)
        holder = next((word for word in around if word[0] <= hit.start and hit.end <= word[1]), None)
        if holder == (hit.start, hit.end):
            return not self.is_begun(hit)
        if holder:
            return self.is_part(hit, holder)
        return not _straddled(hit, [word for word in around if word not in self.spans])

    def is_begun(self, hit: Hit) -> bool:
        """Tell whether a term's first part is rather the end of a word: no 线性模型 stands in 非线性模型.

        That word must be common, as 非线性 is beside 线性: 读数据 is in the dictionary too.
        """
        before = hit.start - 1
        if not _meet(self.text, hit.start) or self.around(Hit(before, hit.start, 0)) != [(before, hit.start)]:
            return False
        end = hit.start + path(self.text[hit.start : hit.end], whole=False)[0][1]
        return end > hit.start + 1 and 10 * frequency(self.text[before:end]) > frequency(self.text[hit.start : end])

    def is_part(self, hit: Hit, holder: tuple[int, int]) -> bool:
        """Tell whether the hit is part of a longer word (学习 in 学习机), not across its parts (均值 in 平均|值).

        A single character is none, or 人类 would have a 类, unless the word only points at it.
        """
        start, end = holder
        if hit.end - hit.start == 1:
            return hit.end == end and _POINTING.fullmatch(self.text, start, hit.start) is not None
        if hit.end == end - 1 and self.text[hit.end] in _MAKERS:
            return False
        parts = path(self.text[start:end], whole=False)
        return not _straddled(hit, [(a + start, b + start) for a, b in parts])

    def around(self, hit: Hit) -> list[tuple[int, int]]:
        """Give the words that the hit touches."""
        stretch = self.run(hit.start)[0], self.run(hit.end - 1)[1]
        if stretch not in self.cut:
            self.cut[stretch] = self.words(*stretch)
        words = self.cut[stretch]
        first = bisect_right(words, (hit.start, len(self.text))) - 1
        return words[first : bisect_left(words, (hit.end, 0))]

    def run(self, place: int) -> tuple[int, int]:
        """Give the run of letters around a place, or the place alone."""
        index = bisect_right(self.runs, (place, len(self.text))) - 1
        if index >= 0 and place < self.runs[index][1]:
            return self.runs[index]
        return place, place + 1

    def words(self, start: int, end: int) -> list[tuple[int, int]]:
        first, last = bisect_left(self.hits, (start, 0, 0)), bisect_left(self.hits, (end, 0, 0))
        inside = (hit for hit in self.hits[first:last] if hit.end <= end and hit.end - hit.start > 1)
        terms = [(hit.start - start, hit.end - start) for hit in inside]
        return [(a + start, b + start) for a, b in path(self.text[start:end], terms, least=LEAST)]


def _meet(text: str, edge: int) -> bool:
    return 0 < edge < len(text) and is_han(text[edge - 1]) and is_han(text[edge])


def _straddled(hit: Hit, words: list[tuple[int, int]]) -> bool:
    return any(start < edge < end for start, end in words for edge in (hit.start, hit.end))
