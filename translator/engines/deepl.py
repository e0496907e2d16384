"""DeepL: marks as XML, terms as a glossary of the account, and what stands around as context.

jobs ─group→ batches, each with one context ─to_xml→ /v2/translate ─from_xml→ answers

Terms that the glossary does not have (it says something else of the word, or there is none to be had) stand in the text
in English already, as words that are to be left alone.
DeepL drops a glossary without a word where it gets a context for some pairs of languages. So what is asked again goes
without context, and so does all that has terms, once it shows that they are lost with it.
"""

from __future__ import annotations

import json
import math
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from translator.engines import ENGINES
from translator.engines.deepl_glossary import Glossaries, Glossary, entries_of
from translator.engines.deepl_line import VARIABLES, Line, RefusedError, UnreadableError, judge
from translator.engines.deepl_xml import KEPT, from_xml, paid, to_xml
from translator.engines.insist import Patience, insist
from translator.engines.keys import find_key, how_to_set
from translator.engines.marks import MARK, without
from translator.engines.pool import spread
from translator.errors import EngineError
from translator.model import NO_USAGE, Answer, Candidate, Usage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from threading import Event

    from translator.engines.keys import Key
    from translator.meter import Meter
    from translator.model import Around, Job, JobTerm

TARGETS = ("en-US", "en-GB")
MODELS = ("prefer_quality_optimized", "quality_optimized", "latency_optimized")
CONTEXTS = ("auto", "on", "off")
PRICE = 25.0
"""US dollars for a million characters with DeepL API Pro, the monthly fee aside; looked up on 2026-11-28, in
https://chatscontrol.com/blog/deepl-api-pricing-plans-limits-2026: the vendor's own page shows it by country only."""
FREE = ":fx"
"""How keys end that cost nothing; the client finds their server by it."""
MOST_BYTES = 124 * 1024
"""Of a request's texts and context as JSON; DeepL takes 128 KiB in all."""
MOST_CONTEXT = 2000
"""Characters; they are not paid for."""
TOO_LONG = Answer(error="it is longer than DeepL takes in one request")
UNREADABLE = Answer(error="DeepL's answer was not to be read")
SEEN = 5
"""Terms that were asked for with a context, before it is judged whether the glossary is heeded there."""


@dataclass(frozen=True)
class Settings:
    """What `duizhao.yaml` says, read once."""

    target: str
    model: str
    context: str
    base_url: str
    price: float
    glossaries: int
    concurrency: int
    timeout: float
    patience: float


@dataclass(frozen=True)
class Batch:
    """What goes in one request."""

    jobs: tuple[int, ...]
    context: str = ""
    glossary: Glossary | None = None


class DeepL:
    """Asks DeepL, by its own client."""

    name = "deepl"
    abilities = ENGINES["deepl"].abilities

    def __init__(self, settings: Settings, key: Key) -> None:
        self._settings = settings
        if not settings.price:
            self.abilities = replace(self.abilities, price="")
        self._patience = Patience(seconds=settings.patience)
        self._line = Line(key, settings.base_url, settings.timeout, settings.concurrency)
        self._glossaries = Glossaries(self._line, settings.glossaries, self._patience)
        self._heed = _Heed()
        self.signature = (
            f"deepl {settings.base_url or 'api'} {settings.target} {settings.model} context={settings.context} xml v2 1"
        )

    def draft(self, jobs: Sequence[Job], meter: Meter) -> Iterator[tuple[int, Answer]]:
        """Answer every job; what has no words is its own answer."""
        yield from ((n, Answer((Candidate(job.text),))) for n, job in enumerate(jobs) if not _has_words(job))
        glossary = self._glossaries.open(jobs, meter)
        calls = [partial(self._asked, jobs, batch, meter) for batch in self._batches(jobs, glossary)]
        deadline = 2 * (self._settings.patience + self._settings.timeout)
        for _, answers in spread(calls, self._settings.concurrency, deadline):
            yield from answers

    def expect(self, jobs: Sequence[Job]) -> Usage:
        """Count the requests for translations, and the characters that are paid for: all but marks."""
        entries = entries_of(jobs)
        batches = self._batches(jobs, Glossary("", entries) if entries else None)
        size = sum(paid(_sent(jobs[n], batch.glossary)) for batch in batches for n in batch.jobs)
        return Usage(requests=len(batches), characters=size, cost=self._cost(size))

    def _cost(self, characters: int) -> float:
        return characters * self._settings.price / 1_000_000

    # ── What goes together ────────────────────────────────────────────────────────────────────────────────────────────

    def _batches(self, jobs: Sequence[Job], glossary: Glossary | None) -> list[Batch]:
        """Group jobs that share context and glossary; a request takes 50 texts and 128 KiB."""
        groups: dict[tuple[str, bool], list[int]] = {}
        for n, job in enumerate(jobs):
            if _has_words(job):
                helped = glossary is not None and not glossary.strikes(job)
                groups.setdefault((self._context(job), helped), []).append(n)
        return [
            Batch(part, context, glossary if helped and any(jobs[n].terms for n in part) else None)
            for (context, helped), group in groups.items()
            for part in _parts(jobs, group, MOST_BYTES - _bytes(context), self.abilities.batch)
        ]

    def _context(self, job: Job) -> str:
        """Say what stands around a job; nothing where it is asked again, for the same question has the same answer."""
        if self._settings.context == "off" or (self._settings.context == "auto" and job.again):
            return ""
        return context_of(job.around)

    # ── One request ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _asked(self, jobs: Sequence[Job], batch: Batch, meter: Meter, ended: Event) -> list[tuple[int, Answer]]:
        """Ask a batch; what came back broken is asked once more, without context.

        What is good is paid for, and not lost where the second request fails.
        """
        answers = self._answers(jobs, batch, meter, ended)
        broken = tuple(n for n, one in answers.items() if one.error and one is not TOO_LONG and not jobs[n].again)
        if broken and not ended.is_set():
            meter.retry("an answer of DeepL's came back broken")
            context = batch.context if self._settings.context == "on" else ""
            with suppress(EngineError):  # whatever is asked next says it
                answers |= self._answers(jobs, replace(batch, jobs=broken, context=context), meter, ended)
        return list(answers.items())

    def _answers(self, jobs: Sequence[Job], batch: Batch, meter: Meter, ended: Event) -> dict[int, Answer]:
        """Ask a batch; one that is too large for the server is asked in halves."""
        batch = replace(batch, glossary=self._glossaries.now(batch.glossary))
        try:
            said = self._said(jobs, batch, meter, ended)
        except UnreadableError:
            return dict.fromkeys(batch.jobs, UNREADABLE)
        except RefusedError as error:
            if error.status != 413:
                return self._renewed(jobs, batch, meter, ended)
            if len(batch.jobs) == 1:
                return {batch.jobs[0]: TOO_LONG}
            middle = len(batch.jobs) // 2
            halves = (replace(batch, jobs=part) for part in (batch.jobs[:middle], batch.jobs[middle:]))
            return {n: answer for half in halves for n, answer in self._answers(jobs, half, meter, ended).items()}
        return {n: _answer(jobs[n], batch.glossary, text) for n, text in zip(batch.jobs, said, strict=True)}

    def _renewed(self, jobs: Sequence[Job], batch: Batch, meter: Meter, ended: Event) -> dict[int, Answer]:
        """Ask again where DeepL has the glossary no more: with another, or with none."""
        if not batch.glossary:
            raise EngineError("DeepL speaks of a glossary that it was not asked for; look at engines.deepl.base_url")
        meter.retry("DeepL had the glossary no more")
        self._glossaries.renew(batch.glossary, meter)
        return self._answers(jobs, batch, meter, ended)

    def _said(self, jobs: Sequence[Job], batch: Batch, meter: Meter, ended: Event) -> list[str]:
        """Make one request for a translation, and count it; gives as many texts as were asked for."""
        context = batch.context
        if batch.glossary and self._settings.context == "auto" and self._heed.is_lost:
            context = ""
        texts = [_sent(jobs[n], batch.glossary) for n in batch.jobs]
        size = sum(map(paid, texts))
        expected = Usage(requests=1, characters=size, cost=self._cost(size))
        meter.may(expected)
        used = NO_USAGE
        try:
            asked = partial(self._translated, texts, context, batch.glossary)
            found = insist(partial(self._line.call, asked), judge, meter, ended, self._patience)
            billed = sum(one.billed_characters for one in found) if len(found) == len(texts) else size
            used = Usage(requests=1, characters=billed, cost=self._cost(billed))
        except UnreadableError:
            used = expected
            raise
        finally:
            meter.add(used, expected)
        if len(found) != len(texts):
            raise UnreadableError
        said = [one.text for one in found]
        if batch.glossary and context:
            self._heed.look(jobs, batch, said)
        return said

    def _translated(self, texts: list[str], context: str, glossary: Glossary | None) -> list[Any]:
        """Call the client; `formality` is not among what is said, for English has none there."""
        found = self._line.client.translate_text(
            texts,
            source_lang="ZH",
            target_lang=self._settings.target.upper(),
            context=context or None,
            split_sentences="0",
            preserve_formatting=True,
            glossary=glossary.id if glossary else None,
            tag_handling="xml",
            tag_handling_version="v2",
            outline_detection=False,
            ignore_tags=[KEPT] if any(f"<{KEPT}>" in text for text in texts) else None,
            model_type=self._settings.model,
        )
        if not isinstance(found, list) or not all(isinstance(one.text, str) for one in found):
            raise TypeError
        return found


class _Heed:
    """Whether a glossary is heeded where there is a context too, counted over the answers."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._asked = self._heeded = 0

    @property
    def is_lost(self) -> bool:
        """Whether most terms were not said."""
        return self._asked >= SEEN and self._heeded * 2 < self._asked

    def look(self, jobs: Sequence[Job], batch: Batch, said: Sequence[str]) -> None:
        """Count the terms of a batch that its answers say."""
        found = [
            term.translation.casefold() in text.casefold()
            for n, text in zip(batch.jobs, said, strict=True)
            for term in jobs[n].terms
            if not _is_kept(jobs[n], term, batch.glossary)
        ]
        with self._lock:
            self._asked += len(found)
            self._heeded += sum(found)


def _sent(job: Job, glossary: Glossary | None) -> str:
    """Write what is sent for a job: its terms in English where the glossary does not see to them."""
    return to_xml(job.text, [(term.span, term.translation) for term in job.terms if _is_kept(job, term, glossary)])


def _is_kept(job: Job, term: JobTerm, glossary: Glossary | None) -> bool:
    source = term.span.of(job.text)
    has = glossary is not None and glossary.entries.get(source.strip()) == term.translation.strip()
    return not has and not MARK.search(source)


def _answer(job: Job, glossary: Glossary | None, said: str) -> Answer:
    text = from_xml(said)
    if text is None:
        return Answer(error="DeepL's answer has broken marks")
    if not without(text).strip():
        return Answer(error="DeepL's answer is empty")
    return Answer((Candidate(_begun(text, job, glossary)),))


def _begun(text: str, job: Job, glossary: Glossary | None) -> str:
    """Begin in upper case where a term that was left alone comes first; words that the author wrote so stay."""
    at = len(text) - len(text.lstrip())
    for term in job.terms:
        words, source = term.translation, term.span.of(job.text)
        if words.islower() and words != source and text.startswith(words, at) and _is_kept(job, term, glossary):
            return text[:at] + text[at].upper() + text[at + 1 :]
    return text


def context_of(around: Around) -> str:
    """Write what stands around a block: its headings, what comes before, itself, what comes after."""
    parts = (" › ".join(around.headings), around.before, around.block, around.after)
    return "\n\n".join(filter(None, map(str.strip, parts)))[:MOST_CONTEXT]


def _has_words(job: Job) -> bool:
    return any(map(str.isalnum, without(job.text)))


def _bytes(text: str) -> int:
    """Count the bytes of a text in a request: all but ASCII takes six there, or twelve."""
    return len(json.dumps(text))


def _parts(jobs: Sequence[Job], group: Sequence[int], most_bytes: int, most: int) -> Iterator[tuple[int, ...]]:
    """Cut a group where a request is full; a text that is too large for any stands alone."""
    part: list[int] = []
    full = 0
    for n in group:
        size = max(_bytes(_sent(jobs[n], None)), _bytes(to_xml(jobs[n].text))) + 2
        if part and (full + size > most_bytes or len(part) == most):
            yield tuple(part)
            part, full = [], 0
        part.append(n)
        full += size
    if part:
        yield tuple(part)


# ── Opening ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def ready(settings: Mapping[str, str]) -> str:
    """Say what is missing: the client, or a key."""
    if not find_spec("deepl") or not find_spec("stamina"):
        return "its client is not installed: pip install 'duizhao[deepl]'"
    key = find_key(VARIABLES, "deepl")
    if key is None:
        return f"it needs a key from deepl.com/pro-api: {how_to_set(VARIABLES[0], 'deepl')}"
    _read(settings, key)
    return ""


def open_engine(settings: Mapping[str, str]) -> DeepL:
    """Give the engine; nothing is asked yet."""
    key = find_key(VARIABLES, "deepl")
    if key is None:
        raise EngineError(f"deepl has no key: {how_to_set(VARIABLES[0], 'deepl')}")
    return DeepL(_read(settings, key), key)


def _read(settings: Mapping[str, str], key: Key) -> Settings:
    told = {each.name: each.default for each in ENGINES["deepl"].settings} | dict(settings)
    free = key.endswith(FREE)
    return Settings(
        target=_one_of(told, "target", TARGETS),
        model=_one_of(told, "model_type", MODELS),
        context=_one_of(told, "context", CONTEXTS),
        base_url=_url(told["base_url"]),
        price=_number(told, "price", 0) if told["price"] else 0.0 if free else PRICE,
        glossaries=int(_number(told, "glossaries", 1)),
        concurrency=int(_number(told, "concurrency", 1)),
        timeout=_number(told, "timeout", 0.1),
        patience=_number(told, "patience", 0.1),
    )


def _one_of(told: Mapping[str, str], name: str, known: Sequence[str]) -> str:
    found = next((each for each in known if each.casefold() == told[name].strip().casefold()), "")
    if not found:
        raise EngineError(f"engines.deepl.{name}: {told[name]!r} is none of {', '.join(known)}")
    return found


def _number(told: Mapping[str, str], name: str, least: float) -> float:
    try:
        number = float(told[name])
    except ValueError:
        number = math.nan
    if not least <= number < math.inf:
        raise EngineError(f"engines.deepl.{name}: {told[name]!r} is no number from {least:g} up")
    return number


def _url(said: str) -> str:
    """Check an address; gives it as a folder, for the client puts its own path behind the last slash."""
    if not said:
        return ""
    if "@" in said or "?" in said:
        raise EngineError(f"engines.deepl.base_url: a name or key does not belong there; {VARIABLES[0]} has the key")
    parts = urlsplit(said)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise EngineError(f"engines.deepl.base_url: {said!r} is no address like https://api.deepl.com")
    return said.rstrip("/") + "/"
