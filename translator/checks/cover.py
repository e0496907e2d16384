"""What of a source its translation says, and what the translation says beside that, by the lexicon.

No order, no grammar: a Chinese word is said where an English word stands that renders it somewhere, or a character of
it. So what is found unsaid is rarely said, and much that is wrong is not found.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from translator.align.english import FUNCTION, stem, words
from translator.align.lexicon import packaged
from translator.model import Span
from translator.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from translator.align.english import Word

HAN = re.compile("[\u3400-\u9fff]+")
CLAUSE = re.compile("[^，。；：！？,;:!?()]+")
LATIN = re.compile("[A-Za-z]+")
LONGEST = 5
"""Characters of a Chinese word that is looked up."""
EMPTY = frozenset(
    "的了是在和与及或也都就还把被对从到以为而且但若则当将会要能可使让给向由于其之所这那它他她我你您们某各每该此个种"
    "些着过吗呢吧啊等有无不没未非很更最太再又才只并跟同比如即因用做作上下中里外时后前来去出起得地请〇零一二两三四五"
    "六七八九十百千万亿第几"
)
EMPTY_WORDS = frozenset(
    (  # noqa: SIM905  # a table to be read
        "如果 因为 所以 但是 因此 然而 并且 而且 以及 或者 可以 能够 需要 应该 应当 必须 可能 这个 那个 这些 那些 "
        "这种 那种 这样 那样 这里 那里 其中 他们 我们 你们 它们 自己 一个 一些 一种 一下 通过 使用 进行 对于 关于 "
        "由于 其他 任何 所有 每个 什么 怎么 如何 为了 作为 之后 之前 以后 以前 时候 就是 还是 只是 也是 不是 没有 "
        "已经 正在 之间 例如 比如 那么 虽然 尽管 除了 甚至 包括 提供 现在 然后 同时 此外 另外 而是 的话 来说 之类 "
        "非常 更加 比较 其实 一样 有关 参阅 以下 上面 下面"
    ).split()
)
"""What English says by its grammar, in many ways, or not at all; numbers have checks of their own."""


@lru_cache(maxsize=65536)
def origins(form: str) -> tuple[str, ...] | None:
    """Give the Chinese words that an English word renders; None where the lexicon does not know it."""
    place = packaged().place(form)
    return tuple(packaged().origins(place)) if place >= 0 else None


@lru_cache(maxsize=65536)
def _renderings(word: str) -> tuple[frozenset[str], ...]:
    """Give the words of each English rendering of a Chinese word."""
    lexicon = packaged()
    phrases = (lexicon.phrase(known.place) for known in lexicon.renderings(word))
    return tuple(filter(None, (frozenset(map(stem, LATIN.findall(phrase))) for phrase in phrases)))


@lru_cache(maxsize=4)  # several checks ask for the words of one target, one after the other
def words_of(text: str) -> tuple[Word, ...]:
    """Give the words of a text."""
    return tuple(words(text))


@lru_cache(maxsize=4)
def meant(text: str) -> tuple[Word, ...]:
    """Give the words of a text that carry meaning."""
    return tuple(word for word in words_of(text) if word.stem not in FUNCTION)


@lru_cache(maxsize=8192)  # a post is checked again after each decision, and most of it stays as it was
def unsaid(source: str, target: str, least: int) -> tuple[Span, ...]:
    """Give the stretches of a plain source that its plain target does not seem to say, each within a clause.

    There are none where fewer characters than `least` that carry meaning are left.
    """
    folded = fold(source)
    content = meaning(folded)
    stems = {word.stem for word in meant(target)}
    said = {at for form in stems for at in _rendered(form, folded)}
    if len(content - said) < least:
        return ()
    for start, end in _words_at(folded, content - said):
        if any(form <= stems for form in _renderings(folded[start:end])):
            said.update(range(start, end))
    if len(content - said) < least:
        return ()
    return tuple(span for clause in CLAUSE.finditer(folded) for span in _stretches(clause, content, said))


@lru_cache(maxsize=4)
def meaning(folded: str) -> frozenset[int]:
    """Give where Chinese characters stand that carry meaning."""
    found = {at for run in HAN.finditer(folded) for at in range(*run.span()) if folded[at] not in EMPTY}
    return frozenset(at for at in found if EMPTY_WORDS.isdisjoint((folded[at : at + 2], folded[at - 1 : at + 1])))


def _rendered(form: str, folded: str) -> Iterator[int]:
    """Give where a source has what an English word renders."""
    for origin in origins(form) or ():
        at = folded.find(origin)
        while at >= 0:
            yield from range(at, at + len(origin))
            at = folded.find(origin, at + 1)


def _words_at(folded: str, places: Iterable[int]) -> set[tuple[int, int]]:
    """Give the stretches across these places that may be words."""
    return {
        (start, end)
        for at in places
        for start in range(max(0, at - LONGEST + 1), at + 1)
        for end in range(at + 1, min(start + LONGEST, len(folded)) + 1)
        if HAN.fullmatch(folded, start, end)
    }


def _stretches(clause: re.Match[str], content: frozenset[int], said: set[int]) -> Iterator[Span]:
    """Give what is not said in a clause: from the first to the last character between two that are."""
    stretch: list[int] = []
    for at in range(*clause.span()):
        if at in said and stretch:
            yield Span(stretch[0], stretch[-1] + 1)
            stretch = []
        elif at in content and at not in said:
            stretch.append(at)
    if stretch:
        yield Span(stretch[0], stretch[-1] + 1)


def is_led_to(form: str, folded: str) -> bool:
    """Tell whether something in a source may lead to an English word: what it renders, or one character of that."""
    return (
        form in folded
        or (known := origins(form)) == ()
        or (known is not None and not _characters(form).isdisjoint(folded))
    )


@lru_cache(maxsize=65536)
def _characters(form: str) -> frozenset[str]:
    """Give the characters that carry the meaning of an English word; small ones where it has no others."""
    written = frozenset("".join(origins(form) or ()))
    return written - EMPTY or written
