"""Marks and terms for engines that know none of either.

    text ─cut→ Ask* ─hide→ Chinese, its holes as placeholders ─say→ English ─show→ holes again ─lay→ tags around words

A hole stands for something: a term, code, an image. It travels as a placeholder that looks like a name; an answer that
lost one is asked for again with the next form of placeholder, and at last without any, and then alignment says where
the hole goes. Tags never travel: alignment says which English words they enclose (`lay`).

Law: whatever English comes, every mark of the text stands in it once, properly nested.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from translator.engines.ask import HAN, Ask
from translator.engines.cut import Part, cut
from translator.engines.join import joined
from translator.engines.lay import lay
from translator.engines.marks import MARK, without
from translator.model import Candidate, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Say = Callable[[Sequence[str]], Sequence[Sequence[Candidate]]]
    """Puts plain texts into English: candidates for each, best first; none where there is no sound answer."""

HOLE = re.compile(r"<x[1-9][0-9]*>")
LOOSE = re.compile("(?<=[（“《]) | (?=[，。；：！？、）”》])")
"""Blanks between a placeholder and a sign, which Chinese does not have."""
UNSURE = -0.7
"""Added to the score where a mark stands at a place that was guessed: half as sure."""
ENOUGH = 2
"""Candidates of one text: all obey its terms, so a second one is for where the first is unsound; laying tags costs."""
WORST = 0.25
"""A form that survives less often is not tried."""

TRIED = (
    "运行{0}之前，请先保存文件。",
    "如果没有设置{0}，程序就会使用{1}。",
    "我们把{0}传给函数，它返回{1}。",
    "作者在这一章介绍了{0}。",
    "{0}比其他方法快得多，但是也需要更多内存。",
    "首先打开{0}，然后选择{1}，最后点击{2}。",
    "这个问题可以用{0}来解决。",
    "请参考{0}和{1}里的说明。",
)
"""Sentences that show which form survives."""


class Form(NamedTuple):
    """How a hole is written for an engine that knows none."""

    written: str
    """With `{}` for its number."""

    def write(self, number: int) -> str:
        """Write a placeholder, apart from the words beside it."""
        return f" {self.written.format(number)} "

    def pattern(self) -> re.Pattern[str]:
        """Match any placeholder of this form, however it came back spaced or in which letters."""
        before, _, after = self.written.format("\0").partition("\0")
        parts = [*map(re.escape, before), "([0-9]+)", *map(re.escape, after)]
        edge = r"(?<![A-Za-z0-9])" if before.isalnum() else ""
        return re.compile(edge + r"\s?".join(parts) + ("" if after else r"(?![A-Za-z0-9])"), re.IGNORECASE)


FORMS = (Form("N{}"), Form("{{{}}}"), Form("#{}"), Form("<x{}>"))
"""In the order of trying; measured by `tests/bench/placeholders.py`."""


class Hidden(NamedTuple):
    """A text without marks."""

    text: str
    holes: dict[int, str]
    """By the number of its placeholder; empty where the holes were left out too."""


def drafted(
    texts: Sequence[str], say: Say, fits: Callable[[str], bool], forms: Sequence[Form] = FORMS
) -> list[list[Candidate]]:
    """Put texts with marks into English by an engine that knows none; no candidates where it had no answer.

    A text that does not fit is cut, its parts are said one by one and joined. What has no Chinese is not asked.
    """
    cuts = [[_ask(part.span.of(text)) for part in cut(text, fits) or (Part(Span(0, 0)),)] for text in texts]
    said = iter(_said([ask.text for asks in cuts for ask in asks if ask.is_asked], say, forms))
    return [joined(asks, [next(said) if ask.is_asked else ask.kept() for ask in asks]) for asks in cuts]


def _ask(text: str) -> Ask:
    return Ask(text, is_asked=bool(HAN.search(text)))


def _said(texts: Sequence[str], say: Say, forms: Sequence[Form]) -> list[list[Candidate]]:
    """Ask with each form in turn, again only what lost a hole, and at last with the holes left out."""
    found: list[list[Candidate]] = [[] for _ in texts]
    left = list(range(len(texts)))
    for form in (*forms, None):
        hidden = [hide(texts[n], form) for n in left]
        answers = say([each.text for each in hidden]) if hidden else []
        again = []
        for n, each, candidates in zip(left, hidden, answers, strict=True):
            shown = [(show(each, form, said.text), said.score) for said in candidates]
            kept = [(text, score) for text, score in shown if text and text.strip()]
            found[n] = [_laid(texts[n], text, score) for text, score in kept[:ENOUGH]]
            if each.holes and not found[n]:
                again.append(n)
        left = again
    return found


def surviving(say: Say, forms: Sequence[Form] = FORMS) -> tuple[Form, ...]:
    """Try forms on an engine: those that survive, the best first, and the same ones every time."""
    texts = [text.format(*(f"<x{n}>" for n in range(1, 4))) for text in TRIED]
    lived = []
    for form in forms:
        hidden = [hide(text, form) for text in texts]
        said = zip(hidden, say([each.text for each in hidden]), strict=True)
        whole = sum(bool(found) and show(each, form, found[0].text) is not None for each, found in said)
        lived.append((whole / len(texts), form))
    return tuple(form for share, form in sorted(lived, key=lambda one: -one[0]) if share >= WORST)


def hide(text: str, form: Form | None) -> Hidden:
    """Take the tags out of a text and write its holes in a form; without one they are taken out too."""
    if form is None:
        return Hidden(without(text), {})
    taken = {int(found[1]) for found in form.pattern().finditer(without(text))}
    free = (n for n in range(1, len(text) + 2 * len(taken) + 2) if n not in taken)
    holes = {next(free): found.group() for found in HOLE.finditer(text)}
    written = {hole: form.write(n) for n, hole in holes.items()}
    bare = MARK.sub(lambda m: written.get(m.group(), ""), text)
    return Hidden(LOOSE.sub("", re.sub(" {2,}", " ", bare)).strip(), holes)


def show(hidden: Hidden, form: Form | None, said: str) -> str | None:
    """Put holes for the placeholders in an answer; None where one is lost, doubled, new, or grown into a word."""
    if not hidden.holes or form is None:
        return without(said)
    pattern, left = form.pattern(), dict(hidden.holes)
    its_own = {found[1] for found in pattern.finditer(hidden.text) if int(found[1]) not in left}
    written = [form.written.format(n) for n in left]
    out = []
    for n, part in enumerate(pattern.split(said)):
        if n % 2 == 0 and not any(each in part for each in written):
            out.append(without(part))
        elif n % 2 and int(part) in left:
            out.append(left.pop(int(part)))
        elif n % 2 and part in its_own:
            out.append(form.written.format(part))
        else:
            return None
    return None if left else "".join(out)


def _laid(text: str, english: str, score: float | None) -> Candidate:
    laid = lay(text, english)
    return Candidate(laid.text, score if laid.is_sure else round((score or 0.0) + UNSURE, 4))
