"""What the source says is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from translator.checks.check import Check, found
from translator.checks.cover import meaning, unsaid
from translator.checks.terms import place
from translator.markdown import plain
from translator.model import Level
from translator.text import fold, names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from translator.model import Draft, Finding, Span

LEAST, FEW, PART = 4, 2, 0.15
"""Characters that carry meaning: so many, and so many with that part of all, may be unsaid by accident."""
SHOWN, MOST = 2, 5
"""Characters of a stretch that is worth showing, and how many stretches are shown."""


def run(draft: Draft) -> Iterator[Finding]:
    """Note the stretches of the source of which a draft has no word, by the lexicon: left out, or wrongly said."""
    if draft.state.is_done:
        return
    source = plain(draft.source.text)
    spans = unsaid(source, plain(draft.target.text), LEAST)
    if not spans:
        return
    meant = meaning(fold(source))
    sizes = {span: len(meant.intersection(range(*span))) for span in _not_named(draft, source, spans)}
    if sum(sizes.values()) >= max(LEAST, FEW + PART * len(meant)):
        shown = [span.of(source) for span, size in sizes.items() if size >= min(SHOWN, max(sizes.values()))]
        listed = ", ".join(f"“{each}”" for each in list(dict.fromkeys(shown))[:MOST])
        yield found(f"left out or wrongly said: {listed}", source=place(draft.source.source, shown[0]))


def _not_named(draft: Draft, source: str, spans: Iterable[Span]) -> list[Span]:
    """Leave aside what other checks speak of: terms, and names, which no lexicon has."""
    others = [mention.span for mention in draft.mentions] + [name.span for name in names.find(source)]
    return [span for span in spans if not any(each.start < span.end and span.start < each.end for each in others)]


CHECK = Check("omission", Level.WARNING, "What is left out of good English, nobody misses.", run)
