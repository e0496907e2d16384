"""`duizhao glossary uses`: where a term is mentioned, what stands there in English, and whether that is right."""

from __future__ import annotations

import shutil
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Any

from translator.cli.output import counted, paint, say, say_json, short
from translator.glossary.enforce import Became
from translator.pipeline.uses import UNTRANSLATED, uses
from translator.text import width

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from translator.model import Span
    from translator.pipeline.uses import Use

COLOURS = {
    Became.OBEYED.value: "green",
    Became.IMPLIED.value: "dim",
    Became.WRONG.value: "red",
    Became.MISSING.value: "yellow",
    UNTRANSLATED: "dim",
}
WRONG = frozenset({Became.WRONG.value, Became.MISSING.value})
_INDENT = 21
"""Cells before a sentence: the line's number, and what the mention became."""


def show_uses(word: str, posts: Sequence[Path], *, only_wrong: bool, as_json: bool) -> None:
    """Show every mention of a term in posts, in both languages."""
    found = list(uses(posts, word))
    shown = [use for use in found if use.became in WRONG] if only_wrong else found
    if as_json:
        say_json([_json(use) for use in shown])
        return
    for path, some in groupby(shown, lambda use: use.path):
        say(paint(short(path), "bold"))
        for use in some:
            _show(use)
    for line in summary(found, len(posts)):
        say(line)


def _show(use: Use) -> None:
    room = max(shutil.get_terminal_size((100, 24)).columns - _INDENT, 30)
    word = paint(f"{use.became:<12}", COLOURS[use.became])
    say(f"{use.line:>6}  {word} {_marked(use.source, use.span, room, 'bold')}")
    if use.english:
        said = _marked(use.english, use.target, room, COLOURS[use.became])
        say(" " * _INDENT + said)
    if use.became in WRONG:
        why = f" ({use.proof})" if use.proof else ""
        say(" " * _INDENT + paint(f"{use.surface} must be “{use.wanted}”{why}", "dim"))


def _marked(text: str, span: Span | None, room: int, colour: str) -> str:
    """Cut a text to so many cells around a span, and mark it: by colour on a terminal, else by ⟦ and ⟧."""
    text = text.replace("\n", " ")
    if span is None:
        return _cut(text, room)
    inside = span.of(text)
    painted = paint(inside, colour)
    marked = f"⟦{inside}⟧" if painted == inside else painted
    left = room - width(inside) - (4 if painted == inside else 0)
    before, after = text[: span.start], text[span.end :]
    half = max(left - width(after), left // 2)
    before = _cut(before[::-1], half)[::-1]
    return before + marked + _cut(after, left - width(before))


def _cut(text: str, room: int) -> str:
    """Cut a text to so many cells, an ellipsis where something is missing."""
    if width(text) <= room:
        return text
    end, used = 0, 1
    while end < len(text) and used + width(text[end]) <= room:
        used += width(text[end])
        end += 1
    return text[:end] + "…"


def summary(found: Iterable[Use], posts: int) -> list[str]:
    """Count what a term is said as, a line for each term: a post's own glossary may have another one."""
    terms: dict[tuple[str, str], list[Use]] = {}
    for use in found:
        terms.setdefault((use.term.term, use.term.translation), []).append(use)
    out = []
    for (term, english), some in terms.items():
        where = f"{counted(len(some), 'mention')} in {len({use.path for use in some})} of {counted(posts, 'post')}"
        said = ", ".join(f"{name} ×{n}" + (f" ({note})" if note else "") for (name, note), n in renderings(some))
        out.append(f"{term} → {english}: {where}: {said}")
    return out or [f"no mention in {counted(posts, 'post')}"]


def renderings(found: Iterable[Use]) -> list[tuple[tuple[str, str], int]]:
    """Count what stands for a term, each with what is to be said of it, the most frequent first."""
    return Counter(_rendering(use) for use in found).most_common()


def _rendering(use: Use) -> tuple[str, str]:
    if use.became == Became.OBEYED.value:
        is_ours = use.term.keep or use.form in {use.wanted, use.term.translation, use.term.first}
        return use.form, "" if is_ours else "accepted"
    if use.became == Became.WRONG.value and use.target:
        return use.target.of(use.english), "wrong"
    return use.became, ""


def _json(use: Use) -> dict[str, Any]:
    return {
        "post": short(use.path),
        "line": use.line,
        "key": use.key,
        "state": use.state.value,
        "term": use.term.term,
        "surface": use.surface,
        "wanted": use.wanted,
        "became": use.became,
        "form": use.form,
        "proof": use.proof,
        "source": use.source,
        "span": use.span,
        "english": use.english,
        "target": use.target,
    }
