"""Chinese words, by Jieba's dictionary and its most probable path, without its guesses at unknown words.

Only Jieba's dictionary is used: its word frequencies are read once, kept in the user's cache folder, and never
changed, so words that a caller adds live for that one call. They are kept as a trie: 350,000 words as a Python
dictionary take 85 MB and 0.15 s to read, as a trie 3 MB and 2 ms.
"""

from __future__ import annotations

import re
import struct
import warnings
from array import array
from functools import cache
from itertools import accumulate, pairwise
from math import log
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import marisa_trie

from translator.text.han import HAN, fold, is_han
from translator.text.stored import stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_RUN = re.compile(f"(?<![A-Za-z0-9])[A-Za-z0-9]*[{HAN}][{HAN}A-Za-z0-9]*")
_PIECE = re.compile(rf"[{HAN}]|[A-Za-z0-9]+(?:[-_.'][A-Za-z0-9]+)*|\s+|.", re.DOTALL)


_HEAD = struct.Struct("=QQ")
"""Before the table: the sum of all frequencies, and the number of words."""


class Dictionary(NamedTuple):
    """Folded words with their frequencies."""

    words: marisa_trie.Trie
    counts: array[int]
    """By the number of the word."""
    total: int

    def count(self, word: str) -> int:
        """Give the frequency of a folded word, 0 of an unknown one."""
        number = self.words.get(word)
        return 0 if number is None else self.counts[number]

    def cost(self, word: str) -> float:
        """Give minus the log-probability of a word; of an unknown one, that of a word seen once."""
        return log(self.total / (self.count(word) or 1))

    def starting(self, run: str, start: int) -> Iterator[tuple[int, float]]:
        """Give where the words that start at a place end, and what each costs."""
        for word, number in self.words.iter_prefixes_with_ids(run[start : start + LONGEST]):
            yield start + len(word), log(self.total / self.counts[number])


LONGEST = 24
"""No word of the dictionary has more characters."""


def frequency(word: str) -> int:
    """Tell how often a word stands in the dictionary's corpus; 0 where no dictionary knows it."""
    return _dictionary().count(fold(word))


def is_noun(word: str) -> bool:
    """Tell whether the dictionary has a word as a common noun."""
    return fold(word) in _nouns()


def cut(text: str, extra: Iterable[str] = ()) -> list[str]:
    """Cut a text into words, Latin words, blanks and single characters; put together they are the text.

    `extra` words count as words that are just likelier than their parts.
    """
    marks = sorted({0, len(text), *boundaries(text, frozenset(extra))})
    return [text[start:end] for start, end in pairwise(marks)]


def boundaries(text: str, extra: frozenset[str] = frozenset()) -> set[int]:
    """Give the offsets at which a word starts or ends, both ends of the text included."""
    folded = fold(text)
    found = {0, len(text)}
    done = 0
    for run in _RUN.finditer(folded):
        found.update(_plain(folded, done, run.start()))
        found.update(run.start() + end for end in [0, *accumulate(map(len, _words(run[0], extra)))])
        done = run.end()
    return found | _plain(folded, done, len(text))


def _plain(text: str, start: int, end: int) -> set[int]:
    return {edge for piece in _PIECE.finditer(text, start, end) for edge in piece.span()}


def _words(run: str, extra: frozenset[str]) -> list[str]:
    folded = {fold(word) for word in extra}
    longest = max(map(len, folded), default=0)
    size = len(run)
    spans = [
        (start, start + n)
        for start in range(size if folded else 0)
        for n in range(2, min(longest, size - start) + 1)
        if run[start : start + n] in folded
    ]
    return [run[start:end] for start, end in path(run, spans)]


def path(
    run: str, extra: Iterable[tuple[int, int]] = (), *, whole: bool = True, least: int = 1
) -> list[tuple[int, int]]:
    """Give the words of a folded stretch as spans: the most probable path through the dictionary.

    `extra` are spans that are words too, likelier than the words they are made of and than a word of which the corpus
    has `least`. Without `whole` the stretch itself is no word, only its parts are.
    """
    dictionary = _dictionary()
    edges = _edges(run, dictionary)
    rare = log(dictionary.total / least)
    added: dict[int, list[int]] = {}
    for start, end in extra:
        added.setdefault(start, []).append(end)
    costs = [0.0] * (len(run) + 1)
    steps = [0] * len(run)
    for start in range(len(run) - 1, -1, -1):
        options = [(cost + costs[end], end) for end, cost in edges[start].items()]
        options += [(min(rare, _bound(dictionary, run, start, end)) + costs[end], end) for end in added.get(start, ())]
        if start == 0 and not whole and len(options) > 1:
            options = [option for option in options if option[1] < len(run)]
        costs[start], steps[start] = min(options, key=lambda option: (option[0], -option[1]))
    return _walk(steps)


def _walk(steps: list[int]) -> list[tuple[int, int]]:
    spans, at = [], 0
    while at < len(steps):
        spans.append((at, steps[at]))
        at = steps[at]
    return spans


def _edges(run: str, dictionary: Dictionary) -> list[dict[int, float]]:
    """Give, for each place, where the words that start there end, and what each costs; a Latin word is one word."""
    latin = {match.start(): match.end() for match in re.finditer("[a-z0-9]+", run)}
    edges = []
    for start, ch in enumerate(run):
        first = latin.get(start, start + 1)
        known = dictionary.starting(run, start) if start in latin or is_han(ch) else ()
        edges.append({first: dictionary.cost(run[start:first]), **dict(known)})
    return edges


def _bound(dictionary: Dictionary, run: str, start: int, end: int) -> float:
    """Give the cost of an added word: just under that of its likeliest parts, as Jieba suggests."""
    word = run[start:end]
    return sum(dictionary.cost(word[a:b]) for a, b in path(word)) - 0.01


@cache
def _dictionary() -> Dictionary:
    table = stored("words", ("jieba", "OpenCC", "marisa-trie"), _build)
    total, size = _HEAD.unpack_from(table)
    counts = array("I")
    rest = _HEAD.size + size * counts.itemsize
    counts.frombytes(table[_HEAD.size : rest])
    return Dictionary(marisa_trie.Trie().frombytes(table[rest:]), counts, total)


def _build() -> bytes:
    """Read Jieba's dictionary as a table: head, frequencies, trie."""
    tokenizer = _tokenizer()
    read, total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    found: dict[str, int] = {}
    for word, count in cast("dict[str, int]", read).items():
        if count and len(folded := fold(word)) <= LONGEST:
            found[folded] = max(count, found.get(folded, 0))
    words = marisa_trie.Trie(found)
    counts = array("I", bytes(len(words) * array("I").itemsize))
    for word, count in found.items():
        counts[words[word]] = count
    return _HEAD.pack(total, len(words)) + counts.tobytes() + bytes(words.tobytes())


@cache
def _nouns() -> frozenset[str]:
    with _tokenizer().get_dict_file() as lines:
        rows = (line.decode("utf-8").split() for line in lines)
        return frozenset(fold(word) for word, _, kind in rows if kind in {"n", "nz"})


def _tokenizer() -> Any:  # noqa: ANN401  # Jieba ships no types
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Jieba 0.42.1: invalid escapes and pkg_resources
        import jieba  # noqa: PLC0415  # 250 ms
    return jieba.Tokenizer()
