"""The glossary is obeyed, mention by mention."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from translator.checks.check import Check, found
from translator.glossary.enforce import Became, imply, judge
from translator.markdown import plain
from translator.model import Level, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from translator.glossary.enforce import Said
    from translator.model import Draft, Finding, Mention


def run(draft: Draft) -> Iterator[Finding]:
    """Note each mention that is not rendered as the glossary says, and each form it forbids.

    A mention that is said as “it” after a right first one is none of them: see `implied`.
    """
    text = full_text(draft)
    for said in became(draft, text):
        mention = said.mention
        if said.became is Became.WRONG and said.span:
            form = said.span.of(text)
            message = f"“{form}” stands for {mention.surface}; say “{mention.wanted}”"
            yield found(message, target=place(draft.target.source, form))
        elif said.became is Became.MISSING:
            yield found(
                f"{mention.surface} must be “{mention.wanted}”", source=place(draft.source.source, mention.surface)
            )


def full_text(draft: Draft) -> str:
    """Give everything a target says, alt texts and titles included."""
    return " ".join([plain(draft.target.text), *(inner.text for inner in draft.target.inners)])


def became(draft: Draft, text: str) -> tuple[Said, ...]:
    """Tell what became of each mention, with what is known of the post's earlier segments."""
    if not draft.mentions:
        return ()
    return _became(plain(draft.source.text), draft.mentions, text, tuple(draft.first.items()))


@lru_cache(maxsize=1)  # two checks ask the same of each segment, one after the other
def _became(
    source: str, mentions: tuple[Mention, ...], text: str, first: tuple[tuple[str, bool], ...]
) -> tuple[Said, ...]:
    return imply([judge(source, mentions, text)], [text], dict(first))[0]


def place(source: str, form: str) -> Span | None:
    """Find a form in a text with markup."""
    at = source.find(form)
    return Span(at, at + len(form)) if at >= 0 else None


CHECK = Check("terms", Level.ERROR, "A name that changes from sentence to sentence is another person.", run)
