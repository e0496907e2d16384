"""Glossaries at DeepL: made from the terms of the jobs, found again by their name, the old ones cleared away.

A glossary's name tells its content, so that another run finds it. Only what has such a name is ours: other glossaries
of the account are never touched. Whatever cannot be had is done without.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, partial
from threading import Event, Lock
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from translator.engines.deepl_line import PASSING, RefusedError, UnreadableError, judge
from translator.engines.insist import Failure, Patience, insist
from translator.engines.marks import MARK, without
from translator.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    import deepl

    from translator.engines.deepl_line import Line
    from translator.meter import Meter
    from translator.model import Job

T = TypeVar("T")
SOURCE, TARGET = "ZH", "EN"
OURS = re.compile(r"duizhao-[0-9a-f]{16}")
NEVER = re.compile('[\\0-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ud800-\\udfff"]')
"""What an entry may not have: control characters, line ends, and the quotation mark, which means something there."""
LONGEST = 1024
"""Bytes of one side of an entry."""
LARGEST = 10 * 1024 * 1024
"""Bytes of a glossary."""
WAITS = 10
"""Seconds that a new glossary has to get ready."""


# ── Entries ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def entries_of(jobs: Iterable[Job]) -> dict[str, str]:
    """Give what a glossary for these jobs says; of two translations of a source, the one that is wanted more often.

    Entries that DeepL does not take are left out, and the rarest where they are too many.
    """
    wanted = Counter((term.span.of(job.text).strip(), term.translation.strip()) for job in jobs for term in job.terms)
    entries: dict[str, str] = {}
    size = 0
    for (source, translation), _ in wanted.most_common():
        size += len(source.encode("utf-8", "replace")) + len(translation.encode("utf-8", "replace")) + 2
        if source not in entries and _fits(source) and _fits(translation) and size <= LARGEST:
            entries[source] = translation
    return entries


def _fits(text: str) -> bool:
    return bool(text) and not NEVER.search(text) and not MARK.search(text) and len(text.encode()) <= LONGEST


@dataclass(frozen=True)
class Glossary:
    """One that DeepL has."""

    id: str
    entries: Mapping[str, str]

    def holds(self, entries: Mapping[str, str]) -> bool:
        """Whether it says all that is asked for."""
        return entries.items() <= self.entries.items()

    def strikes(self, job: Job) -> bool:
        """Whether it would change words of a job that are no terms there: 苹果 the fruit, where the term is a firm."""
        text, at = "", 0
        for term in job.terms:
            text += job.text[at : term.span.start] + "\n"
            at = term.span.end
        text = without(text + job.text[at:]).casefold()
        return any(self._begins(text, n) for n in range(len(text)))

    def _begins(self, text: str, n: int) -> bool:
        here = (each for each in self._heads.get(text[n], ()) if text.startswith(each, n))
        return any(_is_word(text, n, n + len(each)) for each in here)

    @cached_property
    def _heads(self) -> dict[str, list[str]]:
        heads: dict[str, list[str]] = {}
        for source in self.entries:
            heads.setdefault(source.casefold()[0], []).append(source.casefold())
        return heads


def _is_word(text: str, start: int, end: int) -> bool:
    """Whether a find in Latin letters is no part of a longer word."""
    return not (_latin(text[start]) and start and _latin(text[start - 1])) and not (
        _latin(text[end - 1]) and end < len(text) and _latin(text[end])
    )


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


# ── DeepL's two interfaces ────────────────────────────────────────────────────────────────────────────────────────────


class Kept(NamedTuple):
    """A glossary of the account."""

    made: datetime
    id: str
    name: str


class Shelf(NamedTuple):
    """One of the interfaces to the account's glossaries."""

    show: Callable[[], list[Kept]]
    add: Callable[[str, dict[str, str]], Kept]
    remove: Callable[[str], None]


def shelves(client: deepl.DeepLClient) -> list[Shelf]:
    """Give the interfaces that the client has: v3, whose glossaries hold several languages, before v2."""
    found = [Shelf(partial(_show_2, client), partial(_add_2, client), client.delete_glossary)]
    if hasattr(client, "create_multilingual_glossary"):
        remove = client.delete_multilingual_glossary
        found.insert(0, Shelf(partial(_show_3, client), partial(_add_3, client), remove))
    return found


def _show_3(client: deepl.DeepLClient) -> list[Kept]:
    return [Kept(one.creation_time, one.glossary_id, one.name) for one in client.list_multilingual_glossaries()]


def _add_3(client: deepl.DeepLClient, name: str, entries: dict[str, str]) -> Kept:
    from deepl.api_data import MultilingualGlossaryDictionaryEntries  # noqa: PLC0415  # heavy

    made = client.create_multilingual_glossary(name, [MultilingualGlossaryDictionaryEntries(SOURCE, TARGET, entries)])
    return Kept(made.creation_time, made.glossary_id, made.name)


def _show_2(client: deepl.DeepLClient) -> list[Kept]:
    return [Kept(one.creation_time, one.glossary_id, one.name) for one in client.list_glossaries()]


def _add_2(client: deepl.DeepLClient, name: str, entries: dict[str, str]) -> Kept:
    made = client.create_glossary(name, SOURCE, TARGET, entries)
    for _ in range(WAITS):
        if made.ready:
            break
        Event().wait(1)
        made = client.get_glossary(made.glossary_id)
    return Kept(made.creation_time, made.glossary_id, made.name)


# ── Having one ────────────────────────────────────────────────────────────────────────────────────────────────────────


class Glossaries:
    """Finds or makes the glossary for some jobs; knows the last one, and whether there are any to be had."""

    def __init__(self, line: Line, keep: int, patience: Patience) -> None:
        self._line, self._keep = line, keep
        self._patience = Patience(min(patience.attempts, 3), patience.seconds, patience.first)
        """Less than for a translation: one can do without."""
        self._lock = Lock()
        self._last: Glossary | None = None
        self._gone: set[str] = set()
        self._refused = False

    def open(self, jobs: Sequence[Job], meter: Meter) -> Glossary | None:
        """Give a glossary that says what the jobs want; None: there is none, or nothing to say."""
        entries = entries_of(jobs)
        with self._lock:
            if self._last and self._last.holds(entries):
                return self._last if entries else None
            return self._opened(entries, meter) if entries else None

    def now(self, one: Glossary | None) -> Glossary | None:
        """Give a glossary, or what stands in its place since it is gone."""
        with self._lock:
            return self._last if one and one.id in self._gone else one

    def renew(self, gone: Glossary, meter: Meter) -> None:
        """Put another in the place of one that DeepL does not have: another run cleared it away."""
        with self._lock:
            if gone.id in self._gone:
                return
            self._gone.add(gone.id)
            self._last = None
            again = self._opened(dict(gone.entries), meter)
            if again and again.id in self._gone:
                self._do_without("it was there, and was not taken", meter)

    def _opened(self, entries: dict[str, str], meter: Meter) -> Glossary | None:
        if self._refused:
            return None
        try:
            self._last = self._made(entries, meter)
        except RefusedError as error:
            self._do_without(f"{error.status}", meter)
        except UnreadableError:
            self._do_without("its answer was not to be read", meter)
        except EngineError as error:
            self._do_without(str(error), meter)
        return self._last

    def _do_without(self, why: str, meter: Meter) -> None:
        """Say once that there are no glossaries, and never ask for one again."""
        self._last, self._refused = None, True
        meter.retry(f"DeepL gave no glossary ({why}); terms stand in the texts instead")

    def _made(self, entries: dict[str, str], meter: Meter) -> Glossary:
        """Find the glossary by its name, else make it.

        Two runs may make the same at once: both then use the older one, and each removes only what it made itself.
        """
        ask = partial(self._ask, meter=meter)
        shelf, all_ = self._shelf(meter)
        name = name_of(entries)
        ours = sorted(one for one in all_ if OURS.fullmatch(one.name))
        if same := [one for one in ours if one.name == name]:
            return Glossary(same[0].id, entries)
        for old in ours[: max(0, len(ours) - (self._keep - 1))]:
            self._remove(shelf, old, meter)
        made = ask(partial(shelf.add, name, entries))
        first = min((one for one in ask(shelf.show) if one.name == name), default=made)
        if first.id != made.id:
            self._remove(shelf, made, meter)
        return Glossary(first.id, entries)

    def _shelf(self, meter: Meter) -> tuple[Shelf, list[Kept]]:
        """Choose the newest interface that the server has, and see what is kept there."""
        *newer, oldest = shelves(self._line.client)
        for shelf in newer:
            try:
                return shelf, self._ask(shelf.show, meter)
            except RefusedError as error:
                if error.status != 404:
                    raise
        return oldest, self._ask(oldest.show, meter)

    def _remove(self, shelf: Shelf, one: Kept, meter: Meter) -> None:
        try:
            self._ask(partial(shelf.remove, one.id), meter)
        except (RefusedError, EngineError):
            return  # another run was quicker; what is left is cleared away the next time

    def _ask(self, call: Callable[[], T], meter: Meter) -> T:
        return insist(partial(self._line.call, call), _judge, meter, Event(), self._patience)


def _judge(error: Exception) -> Failure | None:
    """Let through what says that there is no glossary to be had."""
    return None if isinstance(error, RefusedError) and error.status not in PASSING else judge(error)


def name_of(entries: Mapping[str, str]) -> str:
    """Name a glossary by its content."""
    said = json.dumps([SOURCE, TARGET, sorted(entries.items())])
    return f"duizhao-{hashlib.blake2b(said.encode(), digest_size=8).hexdigest()}"
