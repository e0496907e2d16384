"""Names that the glossary does not know: Chinese ones are guesses, Latin ones stay as the author wrote them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from translator.checks.check import Check, found
from translator.markdown import plain
from translator.model import Level, Span
from translator.text import literals, names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from translator.model import Draft, Finding


def run(draft: Draft) -> Iterator[Finding]:
    """Note each unknown Chinese name until its spelling is approved, and each Latin name that is lost."""
    source, target = plain(draft.source.text), plain(draft.target.text)
    known = [mention.span for mention in draft.mentions]
    for one in names.find(source):
        if not _meets(one.span, known) and not draft.state.is_done:
            surface = one.span.of(source)
            yield found(f"{surface} is in no glossary; is “{one.wanted}” right?", source=_place(draft, surface))
    latin = [
        one for one in literals.find(source) if one.is_name and _is_word(one.wanted) and not _meets(one.span, known)
    ]
    for one in literals.lost(latin, target):
        yield found(f"{one.wanted} is missing", source=_place(draft, one.wanted))


def _is_word(text: str) -> bool:
    return any(ch.isalpha() for ch in text)


def _meets(span: Span, others: list[Span]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)


def _place(draft: Draft, surface: str) -> Span | None:
    at = draft.source.source.find(surface)
    return Span(at, at + len(surface)) if at >= 0 else None


CHECK = Check("names", Level.WARNING, "A name that was guessed is a stranger's.", run)
