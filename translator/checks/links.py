"""Links, code, images, math and tags are those of the source."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from translator.checks.check import Check, found
from translator.model import InlineKind, Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from translator.model import Draft, Finding, Inline, Protected

COUNTED = frozenset(
    {
        InlineKind.LINK,
        InlineKind.IMAGE,
        InlineKind.AUTOLINK,
        InlineKind.CODE,
        InlineKind.MATH,
        InlineKind.TAG,
        InlineKind.ROLE,
        InlineKind.FOOTNOTE,
    }
)


def run(draft: Draft) -> Iterator[Finding]:
    """Note each one that is lost and each one that was added; bold and italics are the writer's."""
    before, after = _marks(draft.source), _marks(draft.target)
    for (kind, text), times in (before - after).items():
        yield found(f"{kind.value} {text} is missing" + (f" {times} times" if times > 1 else ""))
    for kind, text in after - before:
        yield found(f"{kind.value} {text} is not in the source")


def _marks(protected: Protected) -> Counter[tuple[InlineKind, str]]:
    return Counter((m.kind, _name(m, protected.source)) for m in protected.marks if m.kind in COUNTED)


def _name(mark: Inline, text: str) -> str:
    if mark.destination:
        return mark.destination.of(text)
    if mark.inner:  # a reference: the label behind its text, or the text itself
        return text[mark.inner.end : mark.span.end].strip("[] ") or mark.inner.of(text)
    return mark.span.of(text)


CHECK = Check("links", Level.ERROR, "A link that leads elsewhere is worse than none.", run)
