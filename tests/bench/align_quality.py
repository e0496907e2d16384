"""How well mentions are found in a translation: by the lexicon, by the builtin model's attention, and by both.

    python tests/bench/align_quality.py [PAIRS.txt]

Over a list of sentences labelled by hand (`tests/align/pairs.txt`); the even ones are for tuning, the odd held out.
*exact*: the answer is the labelled span; *touching*: it overlaps it; *recall* is of the mentions that are said.
"""

from __future__ import annotations

import re
import sys
import time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from translator.align import rendering
from translator.align.english import Word, words
from translator.align.lexicon import PACKAGED, Lexicon
from translator.model import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).parents[2]
PAIRS = ROOT / "tests" / "align" / "pairs.txt"
MARK = re.compile(r"⟦(\d+):(.*?)⟧")
SURE = 0.8
"""The score from which an answer may be acted on."""


SHARE = 0.3
"""Of a word's attention that lies on a mention where the word says it."""


class Case(NamedTuple):
    """A mention, and where it is said: nowhere where `said` is empty."""

    pair: int
    source: str
    span: Span
    target: str
    said: tuple[Span, ...]


class Answer(NamedTuple):
    """Where an aligner thinks that a mention is said, and how sure it is."""

    span: Span
    score: float


class Figures(NamedTuple):
    """What answers are worth."""

    mentions: int
    said: int
    given: int
    exact: int
    touching: int

    @property
    def precision(self) -> float:
        """Exact answers of those given."""
        return self.exact / max(1, self.given)

    @property
    def recall(self) -> float:
        """Exact answers of the mentions that are said."""
        return self.exact / max(1, self.said)

    def row(self) -> str:
        """Give the figures as cells of a table."""
        given, said = max(1, self.given), max(1, self.said)
        cells = (self.exact / given, self.touching / given, self.exact / said, self.touching / said)
        return (
            f"{self.given:>5} | " + " | ".join(f"{cell:.3f}" for cell in cells) + f" | {self.mentions - self.given:>4}"
        )


def plain(line: str) -> tuple[str, dict[str, list[Span]]]:
    """Take the marks out of a line; gives the text and the spans of each number."""
    text, at, spans = "", 0, dict[str, list[Span]]()
    for mark in MARK.finditer(line):
        text += line[at : mark.start()]
        spans.setdefault(mark[1], []).append(Span(len(text), len(text) + len(mark[2])))
        text += mark[2]
        at = mark.end()
    return text + line[at:], spans


def cases(path: Path = PAIRS) -> list[Case]:
    """Read the labelled mentions."""
    lines = [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    found = []
    for pair, (chinese, english) in enumerate(zip(lines[::2], lines[1::2], strict=True)):
        (source, asked), (target, said) = plain(chinese), plain(english)
        found += [Case(pair, source, span, target, tuple(said.get(number, ()))) for number, (span,) in asked.items()]
    return found


def measure(chosen: Sequence[Case], answer: Callable[[Case], Answer | None], least: float = 0.0) -> Figures:
    """Ask for each mention and count the answers of at least that score."""
    answers = [(case, answer(case)) for case in chosen]
    given = [(case, found.span) for case, found in answers if found and found.score >= least]
    exact = sum(span in case.said for case, span in given)
    touching = sum(any(span.start < said.end and said.start < span.end for said in case.said) for case, span in given)
    return Figures(len(chosen), sum(bool(case.said) for case in chosen), len(given), exact, touching)


def by_lexicon(case: Case) -> Answer | None:
    """Answer by `translator.align`."""
    found = rendering(case.source, case.span, case.target)
    return Answer(found[0].span, found[0].score) if found else None


class Attention:
    """The builtin model's cross-attention (last layer, heads averaged), the English forced as its own answer."""

    def __init__(self) -> None:
        from translator.engines.builtin import FOLDER  # noqa: PLC0415  # only where it is measured
        from translator.engines.decoder import Model  # noqa: PLC0415

        self.model = Model(FOLDER, 1)
        self.forced = lru_cache(maxsize=1)(self.force)

    def answer(self, case: Case) -> Answer | None:
        """Answer by the words whose attention lies on the mention: those of at least `SHARE` around the likeliest."""
        said = words(case.target)
        shares = [0.0 if word.is_small else self.share(case, word) for word in said]
        if not any(shares):
            return None
        best = max(range(len(said)), key=lambda at: shares[at])
        first = next((at + 1 for at in range(best - 1, -1, -1) if shares[at] < SHARE), 0)
        last = next((at for at in range(best + 1, len(said)) if shares[at] < SHARE), len(said))
        return Answer(Span(said[first].start, said[last - 1].end), shares[best])

    def share(self, case: Case, word: Word) -> float:
        """Give the part of a word's attention that lies on the mention."""
        source, target, rows = self.forced(case.source, case.target)
        own = [row for (start, end), row in zip(target, rows, strict=False) if start < word.end and word.start < end]
        inside = [n for n, (start, end) in enumerate(source) if start < case.span.end and case.span.start < end]
        return sum(row[n] for row in own for n in inside) / max(1, len(own))

    def force(self, source: str, target: str) -> tuple[list[Span], list[Span], list[list[float]]]:
        """Force the target; gives where the pieces of both stand, and a row of attention for each of the target."""
        encoded = [self.model._pieces.encode(text, out_type=str) for text in (source, target)]
        (result,) = self.model._translator.translate_batch(
            [encoded[0]],
            target_prefix=[encoded[1]],
            return_attention=True,
            beam_size=1,
            max_decoding_length=len(encoded[1]) + 1,
        )
        spans = [list(places(text, pieces)) for text, pieces in zip((source, target), encoded, strict=True)]
        return spans[0], spans[1], result.attention[0]


def places(text: str, pieces: Sequence[str]) -> Iterator[Span]:
    """Tell where pieces stand in a text; bytes of one character stand where it does."""
    at, left = 0, 0
    for piece in pieces:
        while at < len(text) and text[at].isspace():
            at += 1
        if re.fullmatch("<0x..>", piece):
            byte = int(piece[3:5], 16)
            left = left - 1 if 0x80 <= byte < 0xC0 else (byte >= 0xC0) + (byte >= 0xE0) + (byte >= 0xF0)
            yield Span(at, at + 1)
            at += left == 0
        else:
            size = len(piece.replace("▁", ""))
            yield Span(at, at + size)
            at += size


def main() -> None:
    """Print the table, and what it costs."""
    every = cases(Path(sys.argv[1]) if sys.argv[1:] else PAIRS)
    attention = Attention()

    def by_both(case: Case) -> Answer | None:
        return by_lexicon(case) or attention.answer(case)

    print("half     | aligner           | given | precision: exact | touching | recall: exact | touching | silent")
    for name, rest in (("tuning", 0), ("held out", 1)):
        half = [case for case in every if case.pair % 2 == rest]
        for aligner, answer, least in (
            ("lexicon", by_lexicon, 0.0),
            (f"lexicon ≥ {SURE}", by_lexicon, SURE),
            ("attention", attention.answer, SHARE),
            ("attention ≥ 0.5", attention.answer, 0.5),
            ("both", by_both, SHARE),
            (f"both ≥ {SURE}", by_both, SURE),
        ):
            print(f"{name:<8} | {aligner:<17} | {measure(half, answer, least).row()}")
        print(f"{name:<8} | {len(half)} mentions, {sum(bool(case.said) for case in half)} of them said")
    start = time.process_time()
    for _ in range(100):
        Lexicon(PACKAGED)
    print(f"load: {10 * (time.process_time() - start):.2f} ms of processor time; {PACKAGED.stat().st_size:,} bytes")
    start = time.process_time()
    for case in every:
        by_lexicon(case)
    took = 1000 * (time.process_time() - start) / len(every)
    size = sum(len(case.source) for case in every) / len(every)
    print(f"a mention in {size:.0f} characters (the list): {took:.2f} ms")
    source, target = (
        "我们用小批量样本来训练这个神经网络，",
        "we train this neural network with small batches of samples, ",
    )
    for times in (3, 30, 300):
        start = time.process_time()
        rendering(source * times, Span(3, 6), target * times)
        print(f"a mention in {len(source) * times:,} characters: {1000 * (time.process_time() - start):.1f} ms")


if __name__ == "__main__":
    main()
