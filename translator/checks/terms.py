"""The glossary is obeyed, mention by mention."""

from __future__ import annotations

from typing import TYPE_CHECKING

from translator.checks.check import Check, found
from translator.glossary import verify
from translator.markdown import plain
from translator.model import Level, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from translator.model import Draft, Finding


def run(draft: Draft) -> Iterator[Finding]:
    """Note each mention that is not rendered as the glossary says, and each form it forbids."""
    text = " ".join([plain(draft.target.text), *(inner.text for inner in draft.target.inners)])
    verdict = verify(draft.mentions, text)
    wrong = {id(mention) for mention, _ in verdict.forbidden}
    for mention in (one for one in verdict.missing if id(one) not in wrong):
        yield found(f"{mention.surface} must be “{mention.wanted}”", source=_place(draft, mention.surface))
    for mention, span in verdict.forbidden:
        form = span.of(text)
        at = draft.target.source.find(form)
        yield found(
            f"“{form}” stands for {mention.surface}; say “{mention.wanted}”",
            target=span._replace(start=at, end=at + len(form)) if at >= 0 else None,
        )


def _place(draft: Draft, surface: str) -> Span | None:
    at = draft.source.source.find(surface)
    return Span(at, at + len(surface)) if at >= 0 else None


CHECK = Check("terms", Level.ERROR, "A name that changes from sentence to sentence is another person.", run)
