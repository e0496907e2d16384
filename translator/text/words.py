"""Chinese words, by Jieba's dictionary and its most probable path, without its guesses at unknown words.

Only Jieba's dictionary is used: its word frequencies are read once, kept in the user's cache folder, and never
changed, so words that a caller adds live for that one call.
"""

from __future__ import annotations

import marshal
import os
import re
import tempfile
import warnings
from functools import cache
from itertools import accumulate, pairwise
from math import log
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from translator.text.han import HAN, fold, is_han

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_RUN = re.compile(f"(?<![A-Za-z0-9])[A-Za-z0-9]*[{HAN}][{HAN}A-Za-z0-9]*")
_PIECE = re.compile(rf"[{HAN}]|[A-Za-z0-9]+(?:[-_.'][A-Za-z0-9]+)*|\s+|.", re.DOTALL)


class Dictionary(NamedTuple):
    """Words with their frequencies; every beginning of a word stands there too, with frequency 0."""

    frequencies: dict[str, int]
    """Of folded words."""
    total: int

    def cost(self, word: str) -> float:
        """Give minus the log-probability of a word; of an unknown one, that of a word seen once."""
        return log(self.total / (self.frequencies.get(word) or 1))


def frequency(word: str) -> int:
    """Tell how often a word stands in the dictionary's corpus; 0 where no dictionary knows it."""
    return _dictionary().frequencies.get(fold(word), 0)


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
    edges = _edges(run, dictionary.frequencies)
    rare = log(dictionary.total / least)
    added: dict[int, list[int]] = {}
    for start, end in extra:
        added.setdefault(start, []).append(end)
    costs = [0.0] * (len(run) + 1)
    steps = [0] * len(run)
    for start in range(len(run) - 1, -1, -1):
        options = [(dictionary.cost(run[start:end]) + costs[end], end) for end in edges[start]]
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


def _edges(run: str, frequencies: Mapping[str, int]) -> list[list[int]]:
    """Give, for each place, where the words that start there end; a Latin word is one word."""
    latin = {match.start(): match.end() for match in re.finditer("[a-z0-9]+", run)}
    edges = []
    for start, ch in enumerate(run):
        ends = [latin.get(start, start + 1)]
        end = start + 1
        while end <= len(run) and (known := frequencies.get(run[start:end])) is not None:
            if known and end not in ends and (is_han(ch) or start in latin):
                ends.append(end)
            end += 1
        edges.append(ends)
    return edges


def _bound(dictionary: Dictionary, run: str, start: int, end: int) -> float:
    """Give the cost of an added word: just under that of its likeliest parts, as Jieba suggests."""
    word = run[start:end]
    return sum(dictionary.cost(word[a:b]) for a, b in path(word)) - 0.01


@cache
def _dictionary() -> Dictionary:
    stored = _cache_file()
    try:
        return _read(stored)
    except (OSError, ValueError, EOFError, TypeError):
        built = _build()
        _write(stored, built)
        return built


def _read(path: Path) -> Dictionary:
    frequencies, total = marshal.loads(path.read_bytes())  # noqa: S302  # our own file, in the user's own folder
    if not (isinstance(frequencies, dict) and isinstance(total, int) and total > 0):
        raise ValueError(path)
    return Dictionary(frequencies, total)


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


def _build() -> Dictionary:
    tokenizer = _tokenizer()
    read, total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    frequencies: dict[str, int] = {}
    for word, count in cast(dict[str, int], read).items():
        folded = fold(word)
        frequencies[folded] = max(count, frequencies.get(folded, 0))
    return Dictionary(frequencies, cast(int, total))


def _write(path: Path, dictionary: Dictionary) -> None:
    """Keep the dictionary for the next run; where that is not possible, the next run builds it again."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        with os.fdopen(handle, "wb") as file:
            marshal.dump((dictionary.frequencies, dictionary.total), file)
        Path(name).replace(path)  # whole or not at all, however many runs start at once
    except OSError:
        return


def _cache_file() -> Path:
    from importlib import metadata  # noqa: PLC0415  # 25 ms

    from platformdirs import user_cache_path  # noqa: PLC0415

    return user_cache_path("duizhao", appauthor=False) / f"jieba-{metadata.version('jieba')}.words"
