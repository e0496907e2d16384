"""Lays marks into English that has none of them, or only the holes: where alignment says that their words are.

    source ─tree→ Node* ;  English ─read→ Token*, each with what it says ─take→ a stretch for each node ─write→ marked

A tag takes the heaviest stretch of words: each word weighs what its link weighs, for it where it says what the tag
encloses, against it where it says something else (Kadane's algorithm); inside its parent's stretch, beside its
siblings'. Where no link knows what it encloses, it takes the words that nothing else says, between its neighbours'.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from translator.align import links
from translator.align.english import FUNCTION
from translator.engines.marks import MARK
from translator.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TOKEN = re.compile(r"<x[1-9][0-9]*>|\w+(?:['’.\-]\w+)*|[^\w\s]")
CLOSING = re.compile(r"[.,;:!?)\]}”’%…]|$|\s")
"""What no blank is put before."""
HOLE_WEIGHS, LINK_WEIGHS, IDLE = 2.0, 0.3, -0.05
"""A hole that came back; a link, beside its score; a word that nothing says."""


class Laid(NamedTuple):
    """English with all the marks of its source."""

    text: str
    is_sure: bool
    """Whether every mark stands where a link or a placeholder says."""


@dataclass
class Node:
    """A tag of the source with what it encloses, or a hole that did not come back."""

    mark: str
    """`t1`, `x2`; empty for the text as a whole."""
    span: Span
    """In the source without tags."""
    inside: list[Node] = field(default_factory=list)
    first: int = 0
    last: int = 0
    """The tokens of the English that it takes, half-open; equal for a place between two."""
    is_sure: bool = True

    @property
    def is_tag(self) -> bool:
        """Whether it may enclose something."""
        return not self.mark.startswith("x")


@dataclass(frozen=True)
class Token:
    """A word, a sign or a hole of the English."""

    text: str
    span: Span
    says: Span | None = None
    """What of the source it says."""
    weight: float = 0.0

    @property
    def is_word(self) -> bool:
        """Whether a tag may begin or end with it."""
        return self.text[0].isalnum() or self.text[0] in "<_"


@dataclass(frozen=True)
class Pair:
    """The source without tags and its English."""

    plain: str
    english: str

    @cached_property
    def tokens(self) -> list[Token]:
        """The English, and what of it says what of the source."""
        return self.read(None)

    def read(self, asked: Span | None) -> list[Token]:
        """Read the English with an eye on a span of the source: no link stands across its ends."""
        found = sorted((each.target, each.source, each.score) for each in links(self.plain, self.english, asked))
        tokens, at = [], 0
        for match in TOKEN.finditer(self.english):
            span, text = Span(*match.span()), match.group()
            while at < len(found) and found[at][0].end <= span.start:
                at += 1
            if text.startswith("<x"):
                place = self.plain.index(text)
                tokens.append(Token(text, span, Span(place, place + len(text)), HOLE_WEIGHS))
            elif at < len(found) and found[at][0].start < span.end:
                tokens.append(Token(text, span, found[at][1], LINK_WEIGHS + found[at][2]))
            else:
                tokens.append(Token(text, span))
        return tokens


def lay(source: str, english: str) -> Laid:
    """Put every mark of the source into the English, once each and properly nested, whatever the English says.

    Holes that the English has already stay where they are; other marks it must not have.
    """
    came = set(MARK.findall(english))
    root, plain = _tree(source, came)
    if not root.inside:
        return Laid(english, is_sure=True)
    pair = Pair(plain, english)
    root.last = len(pair.tokens)
    _fill(root, pair)
    return Laid("".join(_write(root, english, pair.tokens)), all(node.is_sure for node in _nodes(root)))


def _tree(source: str, came: set[str]) -> tuple[Node, str]:
    """Give the marks that are to be laid as a tree, and the source without them."""
    root = Node("", Span(0, 0))
    open_, out, size, at = [root], [], 0, 0
    for found in MARK.finditer(source):
        text = source[at : found.start()] + (found.group() if found.group() in came else "")
        out.append(text)
        size, at = size + len(text), found.end()
        mark = found.group().strip("<>")
        if found.group() in came:
            continue
        if mark.startswith("/"):
            node = open_.pop()
            node.span = Span(node.span.start, size)
            continue
        node = Node(mark, Span(size, size))
        open_[-1].inside.append(node)
        if node.is_tag:
            open_.append(node)
    plain = "".join((*out, source[at:]))
    root.span = Span(0, len(plain))
    return root, plain


def _nodes(root: Node) -> Iterator[Node]:
    for node in root.inside:
        yield node
        yield from _nodes(node)


# ── Taking ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _fill(parent: Node, pair: Pair) -> None:
    """Let each mark inside a tag take its stretch or place: known ones first, longer ones before, each token once."""
    free = set(range(parent.first, parent.last))
    guessed = []
    for node in sorted(parent.inside, key=lambda node: node.span.start - node.span.end):
        if node.span.start < node.span.end and (known := _known(node, parent, pair, free)):
            _take(node, known, free)
        else:
            guessed.append(node)
    for node in sorted(guessed, key=lambda node: not node.is_tag):
        node.is_sure, tokens = False, pair.read(node.span)
        place = _beside(parent, _place(node.span, parent, tokens))
        words = node.span.start < node.span.end and _unsaid(node.span, parent, tokens, free)
        _take(node, words or (place, place), free)
    for node in parent.inside:
        _fill(node, pair)


def _take(node: Node, stretch: tuple[int, int], free: set[int]) -> None:
    node.first, node.last = stretch
    free -= set(range(*stretch))


def _known(node: Node, parent: Node, pair: Pair, free: set[int]) -> tuple[int, int] | None:
    """Find the tokens of a tag by its links, or because there is nothing beside it."""
    outside = pair.plain[parent.span.start : node.span.start] + pair.plain[node.span.end : parent.span.end]
    if not any(map(str.isalnum, outside)) and len(free) == parent.last - parent.first:
        return _trimmed(node, parent, pair.plain, pair.tokens)
    tokens = pair.read(node.span)
    found = _heaviest(node.span, tokens, free)
    return found and _with_signs(node, pair.plain, tokens, free, found)


def _trimmed(node: Node, parent: Node, plain: str, tokens: Sequence[Token]) -> tuple[int, int] | None:
    """Take all that the parent has, without the signs that the tag leaves out."""
    first, last = parent.first, parent.last
    while plain[parent.span.start : node.span.start].strip() and first < last and not tokens[first].is_word:
        first += 1
    while plain[node.span.end : parent.span.end].strip() and first < last and not tokens[last - 1].is_word:
        last -= 1
    return (first, last) if first < last else None


def _heaviest(span: Span, tokens: Sequence[Token], free: set[int]) -> tuple[int, int] | None:
    """Find the stretch of free tokens that weighs most; None where nothing speaks for any."""
    best, found, total, start = 0.0, None, 0.0, -1
    for n in sorted(free):
        if total <= 0 or n - 1 not in free:
            total, start = 0.0, n
        total += _weight(tokens[n], span)
        if total > best:
            best, found = total, (start, n + 1)
    return found


def _weight(token: Token, span: Span) -> float:
    if token.says is None:
        return IDLE if token.is_word else 2 * IDLE
    return token.weight if span.start <= token.says.start and token.says.end <= span.end else -token.weight


def _with_signs(
    node: Node, plain: str, tokens: Sequence[Token], free: set[int], found: tuple[int, int]
) -> tuple[int, int]:
    """Take in a sign at either end where the tag encloses one there."""
    first, last = found
    inner = node.span.of(plain)
    if last in free and _is_sign(inner[-1]) and not tokens[last].is_word:
        last += 1
    if first - 1 in free and _is_sign(inner[0]) and not tokens[first - 1].is_word:
        first -= 1
    return first, last


def _is_sign(character: str) -> bool:
    return not character.isalnum() and character not in "<>"


def _unsaid(span: Span, parent: Node, tokens: Sequence[Token], free: set[int]) -> tuple[int, int] | None:
    """Find the words that nothing says where the tag is to be expected, else the free word that is nearest."""
    runs: list[list[int]] = [[]]
    for n in range(*_between(span, parent, tokens)):
        if n in free and tokens[n].says is None and tokens[n].is_word:
            runs[-1].append(n)
        elif runs[-1]:
            runs.append([])
    longest = max((_without_small(run, tokens) for run in runs), key=len) or max(runs, key=len)
    if longest:
        return longest[0], longest[-1] + 1
    words, expected = [n for n in sorted(free) if tokens[n].is_word], _expected(span, parent)
    nearest = min(words, key=lambda n: abs(n - expected), default=None)
    return None if nearest is None else (nearest, nearest + 1)


def _without_small(run: list[int], tokens: Sequence[Token]) -> list[int]:
    big = [n for n in run if tokens[n].text.lower() not in FUNCTION]
    return list(range(big[0], big[-1] + 1)) if big else []


def _neighbours(span: Span, parent: Node, tokens: Sequence[Token]) -> tuple[int | None, int | None]:
    """Give the tokens that say what stands next to a span, before it and behind it."""
    said = [(n, tokens[n].says) for n in range(parent.first, parent.last)]
    left = [(says.end, n) for n, says in said if says and says.end <= span.start]
    right = [(says.start, n) for n, says in said if says and says.start >= span.end]
    return (max(left)[1] if left else None), (min(right)[1] if right else None)


def _between(span: Span, parent: Node, tokens: Sequence[Token]) -> tuple[int, int]:
    """Give the tokens between those of the neighbours; where they changed places, those behind the left one."""
    left, right = _neighbours(span, parent, tokens)
    low = parent.first if left is None else left + 1
    high = parent.last if right is None else right
    if low <= high:
        return low, high
    return low, next((n for n in range(low, parent.last) if tokens[n].says), parent.last)


def _place(span: Span, parent: Node, tokens: Sequence[Token]) -> int:
    """Find the place of a mark that encloses nothing: before the right neighbour's token, if that is no farther."""
    left, right = _neighbours(span, parent, tokens)
    if left is None and right is None:
        return _expected(span, parent)
    if left is None or right is None:
        return right if right is not None else (left or 0) + 1
    before, behind = tokens[left].says, tokens[right].says
    if before and behind and behind.start - span.end <= span.start - before.end and left < right:
        return right
    return left + 1


def _expected(span: Span, parent: Node) -> int:
    """Give the token that stands where the span stands, in proportion."""
    share = (span.start - parent.span.start) / max(1, parent.span.end - parent.span.start)
    return parent.first + round(share * (parent.last - parent.first))


def _beside(parent: Node, place: int) -> int:
    """Move a place out of the stretches that its siblings took, to the nearer end."""
    for each in parent.inside:
        if each.first < place < each.last:
            return each.first if place - each.first < each.last - place else each.last
    return place


# ── Writing ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _write(parent: Node, english: str, tokens: Sequence[Token]) -> Iterator[str]:
    """Give the English of a stretch, piece by piece, with the marks inside it."""
    is_root = not parent.mark
    at, end = (0, len(english)) if is_root else _span(parent, tokens)
    for node in sorted(parent.inside, key=lambda node: (node.first, node.last)):
        start, stop = _span(node, tokens)
        start, stop = max(at, start), max(at, stop)
        yield english[at:start]
        yield from _marked(node, english, tokens, start)
        at = stop
    yield english[at:end]


def _marked(node: Node, english: str, tokens: Sequence[Token], at: int) -> Iterator[str]:
    if node.is_tag:
        yield f"<{node.mark}>"
        yield from _write(node, english, tokens)
        yield f"</{node.mark}>"
    else:
        before = "" if at == 0 or english[at - 1] in " ([{“‘" else " "
        yield f"{before}<{node.mark}>" + ("" if CLOSING.match(english, at) else " ")


def _span(node: Node, tokens: Sequence[Token]) -> Span:
    """Tell where a node's tokens stand in the English."""
    if node.first < node.last:
        return Span(tokens[node.first].span.start, tokens[node.last - 1].span.end)
    behind = node.first < len(tokens) and tokens[node.first].is_word
    place = tokens[node.first].span.start if behind else (tokens[node.first - 1].span.end if node.first else 0)
    return Span(place, place)
