"""What is said stands in the source."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from translator.align.english import stem
from translator.checks.check import Check, found
from translator.checks.cover import is_led_to, meant
from translator.checks.terms import place
from translator.markdown import plain
from translator.model import Level
from translator.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from translator.align.english import Word
    from translator.model import Draft, Finding

APART = re.compile(r"[^\w\s'’-]|(?<= )[A-Z]")
"""What ends a run: punctuation, names."""
LEAST = 2
"""Words of meaning in a row to which nothing in the source leads: one alone may be free translation."""
LIGHT = frozenset(
    stem(word)
    for word in (  # noqa: SIM905  # a table to be read
        "one two three four five six seven eight nine ten first second third half more most much many few little "
        "less least some any all each every both other another same different such only just even still also too "
        "very quite rather well back again up out off over down away along around through under after before until "
        "since without within upon per like yes please get got take make give go come came put set let use used do "
        "done keep see look find found know say show want need try start begin end happen become work run call way "
        "thing time case part point side kind sort lot number amount new own next last right good better best able "
        "possible available useful helpful thus instead however therefore moreover finally together whenever "
        "whether"
    ).split()
)
"""Words that stand for so much in Chinese that no lexicon has it all."""


def run(draft: Draft) -> Iterator[Finding]:
    """Note the longest run of words of a draft to which, by the lexicon, nothing in the source leads; names aside."""
    if draft.state.is_done:
        return
    target = plain(draft.target.text)
    source = fold(" ".join([plain(draft.source.text), *(mention.wanted for mention in draft.mentions)]))
    longest = max(_runs(source, target), key=len)
    if len(longest) >= LEAST:
        made = target[longest[0].start : longest[-1].end]
        yield found(f"nothing leads to “{made}”", target=place(draft.target.source, made))


def _own(target: str) -> Iterator[Word]:
    """Give the words that mean something of their own."""
    for word in meant(target):
        is_name = word.start > 0 and target[word.start].isupper()
        if not is_name and word.stem.isalpha() and len(word.stem) > 2 and word.stem not in LIGHT:
            yield word


def _runs(source: str, target: str) -> list[list[Word]]:
    """Give the words that nothing leads to, together where nothing but small words stands between them."""
    runs: list[list[Word]] = [[]]
    for word in _own(target):
        if runs[-1] and APART.search(target, runs[-1][-1].end, word.start):
            runs.append([])
        if not is_led_to(word.stem, source):
            runs[-1].append(word)
        elif runs[-1]:
            runs.append([])
    return runs


CHECK = Check("invented", Level.WARNING, "What no one wrote, no author stands for.", run)
