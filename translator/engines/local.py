"""A CTranslate2 model of the user's own: OPUS-MT, Argos, NLLB-200, M2M100, or any with one SentencePiece model.

Job ─plain→ Chinese with placeholders ─decoder→ English, asked again where it ran on ─plain→ Answer
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from translator.engines import ENGINES
from translator.engines.decoder import Decoding, Model
from translator.engines.families import check_archive, fingerprint, recognise, unpacked
from translator.engines.fetched import NAME as FETCHED
from translator.engines.fetched import folder_of
from translator.engines.marks import PLAIN, without
from translator.errors import EngineError
from translator.model import NO_USAGE, Answer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from translator.engines.decoder import Said
    from translator.engines.families import Known
    from translator.engines.plain import Form
    from translator.meter import Meter
    from translator.model import Candidate, Job, Usage

NAME = "ctranslate2"
LONGEST = 150
"""Pieces of one source: such models were trained on sentences, and few of those are longer."""
COMPUTE = ("int8", "auto", "default", "int8_float32", "int8_bfloat16", "int16", "bfloat16", "float16", "float32")
AGAIN = Decoding(beam_size=2, repetition_penalty=1.3, length_penalty=1.0, no_repeat_ngram_size=3)
"""The second try, where an answer ran on without an end."""
REFUSED = (
    "the model's answer was empty, or cut off where it ran on without an end; translate this one by hand or with"
    " another engine"
)


@dataclass(frozen=True, slots=True)
class Options:
    """The settings, read."""

    model: str
    threads: int
    beam: int
    compute: str
    family: str


class Local:
    """A model that says sentences and knows no marks: terms and code travel as placeholders that it keeps."""

    name = NAME
    abilities = ENGINES[NAME].abilities

    def __init__(self, known: Known, options: Options) -> None:
        self._known = known
        self._model = _model(known, options.threads, options.compute)
        self._how = Decoding(options.beam, repetition_penalty=1.0, length_penalty=1.0, no_repeat_ngram_size=0)
        model = f"{known.family} {fingerprint(known.files)} {known.spelling} {options.compute}"
        self.signature = f"{NAME} {model} {self._how} {AGAIN} plain {PLAIN}"

    def draft(self, jobs: Sequence[Job], _: Meter) -> Iterator[tuple[int, Answer]]:
        """Answer every job, in order, a window at a time."""
        from translator.engines.plain import drafted  # noqa: PLC0415  # start-up

        window = self.abilities.batch
        for start in range(0, len(jobs), window):
            texts = [job.text for job in jobs[start : start + window]]
            for n, found in enumerate(drafted(texts, self._say, self._fits, self._forms), start):
                yield n, Answer(tuple(found)) if found else Answer(error=REFUSED)

    def expect(self, _: Sequence[Job]) -> Usage:
        """Expect nothing to be taken."""
        return NO_USAGE

    @cached_property
    def _forms(self) -> tuple[Form, ...]:
        from translator.engines.plain import surviving  # noqa: PLC0415  # start-up

        return surviving(self._say)

    def _fits(self, text: str) -> bool:
        words = without(text)
        return len(words) * 4 < LONGEST or self._ready.size(words) <= LONGEST

    def _say(self, texts: Sequence[str]) -> list[list[Candidate]]:
        """Put plain texts into English; once more what had no end."""
        found = [_whole(each) for each in self._asked(texts, self._how)]
        lost = [n for n, each in enumerate(found) if not each]
        for n, each in zip(lost, self._asked([texts[n] for n in lost], AGAIN), strict=True):
            found[n] = _whole(each)
        return found

    def _asked(self, texts: Sequence[str], how: Decoding) -> list[list[Said]]:
        if not texts:
            return []
        try:
            return self._ready.say(texts, how)
        except (RuntimeError, ValueError) as error:
            raise EngineError(
                f"the model {self._known.folder} failed: {_first_line(error)}; its files may not belong together"
            ) from None

    @cached_property
    def _ready(self) -> Model:
        """The model, loaded; raises `EngineError` where its files are no model."""
        try:
            self._model.load()
        except (RuntimeError, ValueError, OSError, KeyError) as error:
            raise EngineError(
                f"the model {self._known.folder} cannot be loaded: {_first_line(error)}; if it was copied or fetched,"
                " get it again"
            ) from None
        return self._model


def _whole(said: Sequence[Said]) -> list[Candidate]:
    """Give what came to its end and says something."""
    found = [each.candidate for each in said if not each.is_cut and each.candidate.text.strip()]
    return [each._replace(text=" ".join(each.text.split())) for each in found]


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0].rstrip(".") or type(error).__name__


@cache
def _model(known: Known, threads: int, compute: str) -> Model:
    """Give the one model of a folder that this process has."""
    return Model(known.folder, threads, known.spelling, compute)


# ── Opening ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _options(settings: Mapping[str, str]) -> Options:
    compute = settings.get("compute_type", COMPUTE[0])
    if compute not in COMPUTE:
        raise EngineError(f"engines.{NAME}.compute_type: {compute!r} is none of {', '.join(COMPUTE)}")
    threads = _number(settings, "threads", min(2, os.cpu_count() or 1), 256)
    return Options(
        settings.get("model", ""), threads, _number(settings, "beam", 4, 64), compute, settings.get("family", "auto")
    )


def _number(settings: Mapping[str, str], name: str, default: int, most: int) -> int:
    said = settings.get(name, str(default))
    if not said.isdecimal() or not 1 <= int(said) <= most:
        raise EngineError(f"engines.{NAME}.{name}: {said!r} is no number from 1 to {most}")
    return int(said)


def _place(model: str) -> Path:
    """Find a model: a path on this machine, or the name of one that was fetched."""
    path = Path(model).expanduser()
    if path.exists():
        return path
    fetched = folder_of(model)
    if fetched:
        return fetched
    if FETCHED.fullmatch(model):
        raise EngineError(
            f"there is no folder {path.absolute()}, and no model {model} was fetched: duizhao engines fetch {model}"
        )
    raise EngineError(f"there is no {path.absolute()}")


def _found(options: Options) -> Known:
    place = _place(options.model)
    return recognise(unpacked(place) if place.is_file() else place, options.family)


def ready(settings: Mapping[str, str]) -> str:
    """Say what is missing, from the files alone; an archive is not unpacked for that."""
    if not settings.get("model"):
        return (
            f"say which model: `engines: {{{NAME}: {{model: FOLDER}}}}` in duizhao.yaml; `duizhao engines fetch argos`"
            " gets one, which is then `model: argos`"
        )
    try:
        options = _options(settings)
        place = _place(options.model)
        if place.is_file():
            check_archive(place)
        else:
            recognise(place, options.family)
    except EngineError as error:
        return str(error)
    return ""


def open_engine(settings: Mapping[str, str]) -> Local:
    """Open a model; its weights are loaded when it is first asked."""
    options = _options(settings)
    return Local(_found(options), options)
