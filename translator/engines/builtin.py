"""The model that ships in the package: a small Transformer, offline.

Job ─cut→ Part* ─ask→ source strings ─beam→ candidates ─restore, rank→ ask again where something is lost ─join→ Answer
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from translator.engines import ENGINES, confidence, informal, marks, rare, trained
from translator.engines.ask import HAN, MOST_MARKS, Ask, Hint, finished, missed, ranked, restore, weigh
from translator.engines.cut import Part, cut
from translator.engines.decoder import GREEDY, MOST, Decoding, Model
from translator.engines.join import joined
from translator.errors import EngineError
from translator.model import NO_USAGE, Answer, Candidate, Span
from translator.text import literals, names
from translator.text.literals import Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from translator.meter import Meter
    from translator.model import Job, Usage

FOLDER = Path(__file__).parent / "model"
FILES = ("model.bin", "config.json", "source_vocabulary.json", "target_vocabulary.json", "spm.model")
REFUSED = "the model gave no sound answer; translate this one by hand or with another engine"
WINDOW = 96
"""Jobs decoded together: enough to sort by length, few enough to show progress."""
LONGEST = 60
"""Pieces of one source: the model was trained on up to 160, but says short ones better."""
CONTROLS = ("<hint>", "<is>", "</hint>")
"""The model's own pieces: in an author's text they are holes from the first."""


class Builtin:
    """Our own model, with hints, holes for literals, and a ladder of second tries."""

    name = "builtin"
    abilities = ENGINES["builtin"].abilities

    def __init__(self, folder: Path = FOLDER, threads: int = 2) -> None:
        self._model, self._how = Model(folder, threads), Decoding()
        self._calibration = confidence.load(folder) or confidence.load(FOLDER)  # what went on learning is much like it
        self.signature = f"builtin {_fingerprint(folder)} {self._how} {AGAIN}"

    def draft(self, jobs: Sequence[Job], _: Meter) -> Iterator[tuple[int, Answer]]:
        """Answer every job, in order, a window at a time."""
        for start in range(0, len(jobs), WINDOW):
            yield from enumerate(self._window(jobs[start : start + WINDOW]), start)

    def expect(self, _: Sequence[Job]) -> Usage:
        """Expect nothing to be taken."""
        return NO_USAGE

    def _window(self, jobs: Sequence[Job]) -> list[Answer]:
        cuts = [self._cut(job) for job in jobs]
        said = iter(self._answer([ask for asks in cuts for ask in asks if ask.is_asked]))
        answers = [joined(asks, [next(said) if ask.is_asked else ask.kept() for ask in asks]) for asks in cuts]
        sure = [self._weighed(job, each) for job, each in zip(jobs, answers, strict=True)]
        return [Answer(tuple(each)) if each else Answer(error=REFUSED) for each in sure]

    def _weighed(self, job: Job, candidates: Sequence[Candidate]) -> list[Candidate]:
        return confidence.weighed(self._calibration, job.text, candidates, self.size)

    def size(self, text: str) -> int:
        """Count a text's pieces."""
        return self._model.size(text)

    def _cut(self, job: Job) -> list[Ask]:
        told = (each.span for each in (*job.terms, *job.habits))
        whole = [*told, *(each.span for each in literals.find(job.text))]
        shown = dict(_shown(job))
        parts = cut(job.text, lambda text: self._fits(marks.swap(text, shown)), whole) or (Part(Span(0, 0)),)
        return [_ask(job, part.span) for part in parts]

    def _fits(self, text: str) -> bool:
        return marks.count(text) <= MOST_MARKS and (len(text) * 4 < LONGEST or self._model.size(text) <= LONGEST)

    def _answer(self, asks: Sequence[Ask]) -> list[list[Candidate]]:
        """Ask once, then down the ladder for the answers that lost something."""
        found = self._try(asks, self._how)
        for step, how in LADDER:
            again = [(n, new) for n, ask in enumerate(asks) if (new := step(ask, found[n]))]
            for (n, _), more in zip(again, self._try([new for _, new in again], how or AGAIN), strict=True):
                found[n] = ranked(asks[n], [*found[n], *more])[:MOST]
        broken = [n for n, ask in enumerate(asks) if not is_kept(ask, found[n])]
        for n, mended in zip(broken, self._in_parts([asks[n] for n in broken]), strict=True):
            found[n] = mended
        lost = {n: gone for n, ask in enumerate(asks) if found[n] and (gone := _lost(ask, found[n][0]))}
        for n, exact in zip(lost, self._around([(asks[n], gone) for n, gone in lost.items()]), strict=True):
            found[n] = ranked(asks[n], [*exact, *found[n]])
        return [[*known(ask), *_unbroken(ask, each)][:MOST] for ask, each in zip(asks, found, strict=True)]

    def _try(self, asks: Sequence[Ask], how: Decoding) -> list[list[Candidate]]:
        written = [ask.source() for ask in asks]
        said = self._model.decode([source for source, _ in written], how) if asks else []
        return [
            ranked(ask, [Candidate(restore(ask, stands_for, each.text), each.score) for each in candidates])
            for ask, (_, stands_for), candidates in zip(asks, written, said, strict=True)
        ]

    def _in_parts(self, asks: Sequence[Ask]) -> list[list[Candidate]]:
        """Translate what stands between the marks: the marks are then certain."""
        if not asks:
            return []
        cuts = [[_slice(ask, part.span) for part in cut(ask.text, _is_unmarked, _whole(ask))] for ask in asks]
        asked = iter(self._answer([part for parts in cuts for part in parts if part.is_asked]))
        said = [[(next(asked) or _particle(p)) if p.is_asked else p.kept() for p in parts] for parts in cuts]
        return [joined(parts, each) for parts, each in zip(cuts, said, strict=True)]

    def _around(self, asks: Sequence[tuple[Ask, Sequence[Literal]]]) -> list[list[Candidate]]:
        """Translate what stands between the literals that are lost: they are then certain."""
        opened = [ask.open(lost) for ask, lost in asks]
        said = self._in_parts([ask for ask, _ in opened])
        return [
            [Candidate(finished(ask, marks.swap(each.text, wanted)), each.score) for each in candidates]
            for (ask, _), (_, wanted), candidates in zip(asks, opened, said, strict=True)
        ]


def _unbroken(ask: Ask, found: Sequence[Candidate]) -> list[Candidate]:
    return [each for each in found if marks.are_kept(ask.text, each.text)]


def _particle(part: Ask) -> list[Candidate]:
    """Leave out a single character between marks of which the model says nothing: 所 of 所有."""
    return [Candidate("")] if len(HAN.findall(part.text)) == 1 else []


def _is_unmarked(text: str) -> bool:
    return not marks.count(text)


def _whole(ask: Ask) -> list[Span]:
    """List what may not be cut at marks: what has none inside, else the whole would be asked again for ever."""
    spans = (*(each.span for each in ask.literals), *(each.span for each in ask.hints))
    return [span for span in spans if _is_unmarked(span.of(ask.text))]


def _lost(ask: Ask, candidate: Candidate) -> tuple[Literal, ...]:
    return literals.lost(ask.literals, marks.without(candidate.text))


def _hide(ask: Ask, found: Sequence[Candidate]) -> Ask | None:
    """Ask without showing what the holes stand for."""
    return ask.hide() if ask.shown and not (found and is_kept(ask, found)) else None


def _hold_lost(ask: Ask, found: Sequence[Candidate]) -> Ask | None:
    """Ask with the lost literals and terms as holes."""
    words = marks.without(found[0].text) if found else ""
    missing: list[Literal | Hint] = [
        *literals.lost(ask.literals, words),
        *(hint for hint in missed(ask, words) if hint.is_term),
    ]
    return ask.hold(missing) if found and missing else None


def _hold_all(ask: Ask, found: Sequence[Candidate]) -> Ask | None:
    """Ask with every literal and term as a hole."""
    fixed: list[Literal | Hint] = [*ask.literals, *(hint for hint in ask.hints if hint.is_term)]
    return ask.hold(fixed) if fixed and not is_whole(ask, found) else None


def _bare(ask: Ask, found: Sequence[Candidate]) -> Ask | None:
    """Ask without hints of our own."""
    return None if is_whole(ask, found) else ask.plain()


def _bare_if_none(ask: Ask, found: Sequence[Candidate]) -> Ask | None:
    return None if found else replace(ask, hints=())


AGAIN = Decoding(beam_size=2)
"""How all further tries are asked: they have less to find."""
LADDER: tuple[tuple[Callable[[Ask, Sequence[Candidate]], Ask | None], Decoding | None], ...] = (
    (_hide, None),
    (_hold_lost, None),
    (_hold_all, None),
    (_bare, None),
    (_bare_if_none, GREEDY),
)
"""How to ask again, in this order; a step says None where there is nothing to mend."""


def is_whole(ask: Ask, found: Sequence[Candidate]) -> bool:
    """Tell whether the best candidate kept all that was to be kept."""
    return bool(found) and weigh(ask, found[0]).is_whole


def is_kept(ask: Ask, found: Sequence[Candidate]) -> bool:
    """Tell whether the best candidate has the marks, or there is no other way to get them."""
    return not marks.count(ask.text) or (bool(found) and not weigh(ask, found[0]).marks_broken)


def known(ask: Ask) -> list[Candidate]:
    """Give what the table says to a text that is one of its lines."""
    english = "" if any(hint.is_term for hint in ask.hints) else informal.whole(ask.text)
    return [Candidate(english)] if english else []


def _ask(job: Job, span: Span) -> Ask:
    """Put one part of a job as a question; where two know a stretch, the first of terms, rules, names, table has it."""
    text = span.of(job.text)
    inside = (t for t in job.terms if span.start <= t.span.start and t.span.end <= span.end)
    hints = [Hint(t.span.shift(-span.start), t.translation, is_term=True) for t in inside]
    usual = (h for h in job.habits if span.start <= h.span.start and h.span.end <= span.end)
    hints += [Hint(h.span.shift(-span.start), h.translation) for h in usual]
    fixed: list[Literal] = []
    for each in (*literals.find(text), *names.find(text), *informal.find(text), *rare.find(text)):
        if is_free(each.span, [*hints, *fixed]):
            fixed += [each] if isinstance(each, Literal) else []
            hints += [Hint(each.span, each.wanted)] if _is_hint(each, text) else []
    ask = Ask(
        text,
        tuple(sorted(hints)),
        tuple(sorted(fixed)),
        is_asked=bool(HAN.search(text)),
        shown=_inside(_shown(job), text),
    )
    return ask.hold(each for each in fixed if each.wanted in CONTROLS)


def _is_hint(each: Hint | Literal, text: str) -> bool:
    """Tell whether the model should be told: not what it says well, and not what has no Chinese."""
    return HAN.search(each.span.of(text)) is not None and not (isinstance(each, Literal) and each.is_plain)


def _slice(ask: Ask, span: Span) -> Ask:
    """Put a part of a question as a question."""
    text = span.of(ask.text)
    hints = tuple(each._replace(span=each.span.shift(-span.start)) for each in ask.hints if _is_inside(each, span))
    fixed = tuple(each._replace(span=each.span.shift(-span.start)) for each in ask.literals if _is_inside(each, span))
    return Ask(text, hints, fixed, is_asked=bool(HAN.search(text)), shown=_inside(ask.shown, text))


def _shown(job: Job) -> tuple[tuple[str, str], ...]:
    """Give the holes whose text the model may see: none that it would take for marks or controls of its own."""
    return tuple(
        (mark, text) for mark, text in job.kept if not marks.MARK.search(text) and not any(c in text for c in CONTROLS)
    )


def _inside(shown: Iterable[tuple[str, str]], text: str) -> tuple[tuple[str, str], ...]:
    return tuple((mark, spelled) for mark, spelled in shown if mark in text)


def _is_inside(each: Hint | Literal, span: Span) -> bool:
    return span.start <= each.span.start and each.span.end <= span.end


def is_free(span: Span, taken: Sequence[Hint | Literal]) -> bool:
    """Tell whether a span overlaps none that is taken."""
    return all(span.end <= each.span.start or each.span.end <= span.start for each in taken)


def _fingerprint(folder: Path) -> str:
    return hashlib.sha256((folder / "model.bin").read_bytes()).hexdigest()[:12]


def ready(settings: Mapping[str, str]) -> str:
    """Say which file of the model is missing."""
    try:
        _folder(settings)
    except EngineError as error:
        return str(error)
    return ""


def open_engine(settings: Mapping[str, str]) -> Builtin:
    """Open the model that ships in the package, or one that went on learning, on two threads unless told."""
    threads = int(settings.get("threads", min(2, os.cpu_count() or 1)))
    return Builtin(_folder(settings), threads)


def _folder(settings: Mapping[str, str]) -> Path:
    if name := settings.get("model"):
        return trained.find(name, FILES)
    missing = [name for name in FILES if not (FOLDER / name).exists()]
    if missing:
        raise EngineError(f"{FOLDER} lacks {', '.join(missing)}; reinstall the package")
    return FOLDER
