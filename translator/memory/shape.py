"""What is left of a sentence when all is taken out that can be put right in its translation.

    sentence with marks ─mentions, figures→ pieces ─kind of each→ skeleton

Two sentences with one skeleton say the same of other things: numbers, dates, names, terms, what a mark holds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from translator.glossary import is_name
from translator.markdown import plain_map, protect, scan
from translator.memory import figures
from translator.model import Codec, Mention, Span
from translator.text import fold, has_han

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from translator.memory.figures import Figure
    from translator.model import Inline, Protected

MARK = re.compile(r"<(?P<close>/?)[tx](?P<number>\d+)>")
ENDS = ("。", ".", "!", "！", ":", "：", ";", "；", "．")
"""What may stand at the end of one sentence and not of the other."""
LEAST = 2
"""Chinese characters that must be left: fewer say nothing."""
_PLAIN = re.compile(r"[^\\`*_\[\]<>&!$~:{}^|@/=+#]*")
_BLANK = re.compile(r"\s+")
_QUOTES = str.maketrans("“”「」『』‘’", '""""""\'\'')
_HAN_DIGITS = "一二两三四五六七八九"
_COUNTED = "个种次层步条张台块项类组份页章节位名行列倍轮批篇"


class Piece(NamedTuple):
    """Something in a sentence for which something else may stand."""

    span: Span
    """In the text with marks; within no mark, and no mark within it."""
    kind: str
    """`term`, `person`, or a figure's: only what is of one kind may stand for the other."""
    text: str
    """As it stands there."""
    said: Figure | Mention

    @property
    def wanted(self) -> str:
        """What English says for it."""
        return self.said.wanted


class Shape(NamedTuple):
    """A sentence, taken apart."""

    skeleton: str
    """Folded, without blanks, a sign of its kind for each piece and mark; its end mark is left out. Empty: too little
    is left to compare."""
    pieces: tuple[Piece, ...]
    end: str
    """The end mark, half-width; empty: none."""


def protected_of(source: str) -> Protected:
    """Protect a sentence of the memory, of which no post is known."""
    return protect(source, () if _PLAIN.fullmatch(source) else scan(source), Codec.MARKDOWN)


def shape(protected: Protected, mentions: Sequence[Mention]) -> Shape:
    """Take a sentence apart; mentions are counted in its plain text, one that a mark crosses is no piece."""
    text = protected.text
    pieces = tuple(sorted((*(taken := list(_terms(text, mentions))), *_figures(text, taken))))
    body, end = _end(text)
    if pieces and pieces[-1].span.end > len(body):
        body, end = text, ""
    parts, at = [], 0
    for piece in pieces:
        parts += [_bare(body[at : piece.span.start], protected.marks), f"\0{piece.kind}\0"]
        at = piece.span.end
    parts.append(_bare(body[at:], protected.marks))
    left = sum(map(has_han, "".join(parts[::2])))
    return Shape("".join(parts) if left >= LEAST else "", pieces, end)


def _end(text: str) -> tuple[str, str]:
    body = text.rstrip()
    if body.endswith(ENDS) and not body[:-1].endswith((*ENDS, "…")):
        return body[:-1], fold(body[-1]).replace("。", ".")
    return body, ""


def _bare(text: str, marks: Sequence[Inline]) -> str:
    """Write what stands between pieces: a mark as its kind, whatever it holds."""
    out, at = [], 0
    for found in MARK.finditer(text):
        out += [_folded(text[at : found.start()]), f"\1{found['close']}{marks[int(found['number']) - 1].kind}\1"]
        at = found.end()
    return "".join((*out, _folded(text[at:])))


def _folded(text: str) -> str:
    return _BLANK.sub("", fold(text.translate(_QUOTES)))


def _terms(text: str, mentions: Sequence[Mention]) -> Iterator[Piece]:
    _, offsets = plain_map(text) if mentions else ("", ())
    for mention in mentions:
        span = Span(offsets[mention.span.start], offsets[mention.span.end - 1] + 1)
        if not MARK.search(span.of(text)):
            name = "person" if mention.term.kind == "person" else "name"
            yield Piece(span, name if is_name(mention.term) else "term", span.of(text), mention)


def _figures(text: str, taken: Sequence[Piece]) -> Iterator[Piece]:
    """Find what stands beside the terms."""
    rest = text
    for piece in taken:
        rest = rest[: piece.span.start] + "\ufffc" * len(piece.text) + rest[piece.span.end :]
    for each in figures.find(rest):
        yield Piece(each.span, each.kind, each.span.of(text), each)
