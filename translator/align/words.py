"""Links for a reader's eye: word by word, function words too.

Phrases are what the lexicon knows best and where a term is found by; a reader who points at a word wants that word. So
a bond of phrases is taken apart where its parts say all of it, and what is left of both texts is linked by a table of
function words, the nearest first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from translator.align.alignment import Alignment, compete
from translator.align.order import Bond, characters_of, words_of
from translator.align.renderings import Link
from translator.align.sentence import Sentence
from translator.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LOOSE = frozenset("的了着过地得之所就都也还才又便会将把被给来去个张块条台种次在上下里中时")
"""Characters that may go unsaid where a phrase is taken apart."""
NEAR = 0.34
"""Of a sentence's length: function words farther from where they are expected say something else."""
SMALL = {
    "我们|咱们": "we us our ours",
    "你们|您|你": "you your yours",
    "他们|她们|它们": "they them their theirs",
    "我": "i me my mine",
    "他": "he him his",
    "她": "she her hers",
    "它": "it its",
    "这个|这些|这种|这|此": "this these that it",
    "那个|那些|那": "that those the it",
    "没有|没|不会|不能|不要|不|别|无": "not no don't doesn't didn't isn't can't cannot without",
    "一个|一种|一条|一": "a an one",
    "可以|能够|能": "can could may",
    "无法": "cannot can't",
    "必须": "must",
    "应该|应": "should",
    "会|将": "will would",
    "是": "is are was were be",
    "有": "has have had there",
    "在": "in at on during into",
    "从": "from",
    "到": "to into",
    "对": "to for on",
    "为了": "to for",
    "为": "for as to",
    "以及|和|与|跟": "and with",
    "用": "with by",
    "如何|怎么|怎样": "how",
    "什么": "what",
    "哪里": "where",
    "哪个": "which",
    "谁": "who",
    "如果|要是": "if",
    "或者|或": "or",
    "但是|但|却": "but",
    "然后|再|就": "then",
    "时候|时": "when while",
    "这里": "here",
    "那里": "there",
    "关于": "about",
    "作为": "as",
    "被": "by",
    "与其|不如|有的|是否|不但|不过|对于|以为|从来|一遍|一样|一起": "",
}
"""Function words, each with those of English that say it."""
_WORDS = {word: frozenset(said.split()) for some, said in SMALL.items() for word in some.split("|")}
_ANY = re.compile("|".join(sorted(_WORDS, key=len, reverse=True)))


def word_links(source: str, target: str) -> list[Link]:
    """Link words of a sentence and its translation, as small as can be told; disjoint on both sides, in order."""
    fine = _Fine(Sentence(source, target))
    return [Link(bond.source, fine.sentence.span(*bond.words), bond.strength) for bond in fine.bonds()]


class _Fine:
    """The links of a pair of texts, made finer."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence, self.alignment = sentence, Alignment(sentence)
        self.starting: dict[int, list[Bond]] = {}
        for bond in sentence.proposed:
            self.starting.setdefault(bond.source.start, []).append(bond)

    def bonds(self) -> list[Bond]:
        """Take all bonds apart, and add those of function words."""
        parts = [part for bond in self.alignment.bonds for part in self.parts(bond)]
        bend = self.alignment.order.bend
        small = (bond for bond in self.small(parts) if bend(bond) <= NEAR)
        return sorted(compete(small, parts, bend))

    def parts(self, bond: Bond) -> list[Bond]:
        """Take a bond apart, again and again, as long as the parts say all that it says."""
        inside = [one for at in range(*bond.source) for one in self.starting.get(at, ()) if _is_part(one, bond)]
        chosen = compete(inside, [], lambda one: -one.strength)
        said, taken = words_of(chosen), characters_of(chosen)
        rest = _rest(self.sentence.source, bond.source, taken)
        unsaid = [at for at in range(*bond.words) if at not in said and not self.sentence.words[at].is_small]
        if not chosen or bool(rest) != bool(unsaid) or not (_is_run(rest) and _is_run(unsaid)):
            return [bond]
        last = [Bond(Span(rest[0], rest[-1] + 1), unsaid[0], unsaid[-1] + 1, bond.strength, "rest")] if rest else []
        return [part for one in chosen for part in self.parts(one)] + last

    def small(self, parts: Sequence[Bond]) -> Iterator[Bond]:
        """Propose bonds between function words that nothing says."""
        said, taken = words_of(parts), characters_of(parts)
        left: dict[str, list[tuple[int, int]]] = {}
        for at, word in enumerate(self.sentence.words):
            if at not in said:
                left.setdefault(self.sentence.target[word.start : word.end].lower(), []).append((at, at + 1))
        for found in _ANY.finditer(self.sentence.source):
            span = Span(*found.span())
            places = sorted(place for word in _WORDS[found.group()] for place in left.get(word, ()))
            if taken.isdisjoint(range(*span)):
                yield from (Bond(span, *place, 0.5, "small") for place in self.sentence.nearest(places, span))


def _rest(source: str, span: Span, taken: set[int]) -> list[int]:
    """Give the characters of a span that are not said and may not go unsaid: none of a function word, no particle."""
    text = "".join("\n" if at in taken else source[at] for at in range(*span))
    small = {at for found in _ANY.finditer(text) for at in range(*found.span())}
    return [span.start + at for at, char in enumerate(text) if char not in LOOSE and char != "\n" and at not in small]


def _is_run(places: Sequence[int]) -> bool:
    return not places or places[-1] - places[0] == len(places) - 1


def _is_part(one: Bond, bond: Bond) -> bool:
    is_inside = bond.source.start <= one.source.start and one.source.end <= bond.source.end
    return is_inside and one.source != bond.source and bond.first <= one.first and one.last <= bond.last
