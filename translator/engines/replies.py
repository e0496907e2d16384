"""Reads what a language model answered, however it wrote it down, and says whose translation each one is.

A translation is taken only where it is plain that it belongs to its sentence. What is missing, doubled or under a wrong
name is asked again; so are the neighbours of what is missing, for one of them may hold it.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from translator.engines import marks
from translator.engines.prompt import name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from translator.model import Job


class Item(NamedTuple):
    """One translation, as the model wrote it."""

    id: str
    en: str
    start: str = ""
    """The beginning of the sentence that it says it translates."""


class Sorted(NamedTuple):
    """What an answer is worth, by the places of the sentences in their request."""

    taken: dict[int, str]
    wrong: dict[int, str]
    """Why each of the others is not taken."""


# ── Reading ───────────────────────────────────────────────────────────────────────────────────────────────────────────

_LINE = re.compile(
    r"^\W{0,4}\[\[\s*(s\d+)\b\s*([^\]\n]*)\]\]\s*(.*?)(?=\n\W{0,4}\[\[\s*s\d+\b|\n?```|\Z)", re.DOTALL | re.MULTILINE
)
_ID = re.compile(r"s\d+")
_OPENING = re.compile(r"[\[{]")


_THOUGHT = re.compile(r"\A.*?</think>", re.DOTALL)
"""What some local models think aloud before they answer."""


def read(said: str) -> list[Item]:
    """Find the translations in an answer: JSON of any shape, whole or cut, or lines that begin with `[[s1 …]]`."""
    said = _THOUGHT.sub("", said)
    items = list(_from_json(said))
    return items or [Item(id_, en.strip(), start.strip()) for id_, start, en in _LINE.findall(said)]


def _from_json(said: str) -> Iterator[Item]:
    """Read every JSON value that is whole; where an outer one is cut, the inner ones count."""
    decoder, at = json.JSONDecoder(strict=False), 0
    while (found := _OPENING.search(said, at)) is not None:
        try:
            value, at = decoder.raw_decode(said, found.start())
        except ValueError:
            at = found.start() + 1
            continue
        except RecursionError:
            return
        yield from _items(value)


def _items(value: Any) -> Iterator[Item]:  # noqa: ANN401  # whatever JSON holds
    if isinstance(value, list):
        yield from chain.from_iterable(map(_items, value))
    elif isinstance(value, dict) and isinstance(value.get("id"), str) and isinstance(value.get("en"), str):
        yield Item(value["id"].strip(), value["en"], str(value.get("start") or ""))
    elif isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, str) and _ID.fullmatch(key):
                yield Item(key, inner)
            elif isinstance(inner, dict) and _ID.fullmatch(key):
                yield from _items({"id": key, **inner})
            else:
                yield from _items(inner)


# ── Sorting ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def sort(jobs: Sequence[Job], items: Sequence[Item], *, cut: bool = False) -> Sorted:
    """Give each sentence of a request its translation, or say why it has none; `cut`: the answer broke off."""
    places = {name(n): n for n in range(len(jobs))}
    said: dict[int, list[Item]] = defaultdict(list)
    for item in items:
        if item.id in places:
            said[places[item.id]].append(item)
    wrong = _without_one(jobs, said)
    one = {n: said[n][0] for n in range(len(jobs)) if n not in wrong}
    if not cut:
        wrong |= {n: BESIDE for n in one if MISSING in (wrong.get(n - 1), wrong.get(n + 1))}
    wrong |= dict.fromkeys(_strayed(jobs, one), STRAYED)
    return Sorted({n: item.en.strip() for n, item in one.items() if n not in wrong}, wrong)


MISSING = "an empty answer"
DOUBLED = "it was answered twice, and differently"
BESIDE = "what stands beside it was not answered"
STRAYED = "the answers stood under each other's names"
REFUSED = "the model would not translate it"


def _without_one(jobs: Sequence[Job], said: dict[int, list[Item]]) -> dict[int, str]:
    wrong = {}
    for n, job in enumerate(jobs):
        texts = {item.en.strip() for item in said.get(n, ())}
        if len(texts) > 1:
            wrong[n] = DOUBLED
        elif not texts or (not any(texts) and marks.without(job.text).strip()):
            wrong[n] = MISSING
        elif is_refusal(job.text, *texts):
            wrong[n] = REFUSED
    return wrong


_SORRY = re.compile(
    r"\W*(?:(?:I['’]m|I am|we['’]re|we are) (?:very |so )?sorry|sorry|unfortunately|I apologi[sz]e|as an AI)\b.{0,40}?"
    r"\b(?:I|we)\b.{0,20}\b(?:can(?:no|['’])t|unable|won['’]t|not able)\b"
    r"|\W*I (?:can(?:no|['’])t|am unable to|won['’]t) (?:help|assist|translate|comply|provide|fulfil)",
    re.IGNORECASE | re.DOTALL,
)
_SAYS_SO = re.compile("抱歉|对不起|對不起|很遗憾|很遺憾|恕|不能|无法|無法|没法|沒法|不了|AI")


def is_refusal(text: str, said: str) -> bool:
    """Tell whether a model says that it will not, where the sentence says nothing like it."""
    return bool(_SORRY.match(marks.without(said))) and not _SAYS_SO.search(text)


# ── Whose it is ───────────────────────────────────────────────────────────────────────────────────────────────────────

_EVIDENCE = re.compile(r"[A-Za-z][A-Za-z0-9_.+#-]*[A-Za-z0-9+#]|\d+(?:[.,:]\d+)*")
_LEAST = 2
"""Characters of a beginning that say anything."""


def evidence(job: Job) -> frozenset[str]:
    """List what any translation of a sentence shows: its marks, names, numbers and the English of its terms."""
    words = marks.without(job.text)
    found = {each.casefold() for each in _EVIDENCE.findall(words)} | set(marks.MARK.findall(job.text))
    return frozenset(found | {term.translation.casefold() for term in job.terms})


def _shows(en: str, wanted: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", en, re.IGNORECASE) is not None


def _own(jobs: Sequence[Job]) -> list[frozenset[str]]:
    """Give for each sentence the evidence that no other of the request has."""
    found = [evidence(job) for job in jobs]
    times = Counter(chain.from_iterable(found))
    return [frozenset(each for each in some if times[each] == 1) for some in found]


def _strayed(jobs: Sequence[Job], one: dict[int, Item]) -> set[int]:
    """Find translations that may stand under another sentence's name.

    Where one does, by what it begins with or by what it shows, all are in doubt that do not show what only their own
    sentence has: models that slip by one slip on.
    """
    own = _own(jobs)
    shown = {n: {each for each in own[n] if _shows(item.en, each)} for n, item in one.items()}
    strayed = {n for n, item in one.items() if _begins_elsewhere(jobs, n, item.start)}
    for n in one:
        if own[n] and not shown[n]:
            others = {m for m, other in one.items() if m != n and all(_shows(other.en, each) for each in own[n])}
            strayed |= {n, *others} if others else set()
    sure = {n for n in one if own[n] and shown[n] == own[n]} - strayed
    return set(one) - sure if strayed else set()


def _begins_elsewhere(jobs: Sequence[Job], n: int, start: str) -> bool:
    begins = _folded(start)
    if len(begins) < _LEAST or _begins(jobs[n], begins):
        return False
    return any(_begins(job, begins) for m, job in enumerate(jobs) if m != n)


def _begins(job: Job, begins: str) -> bool:
    """Whether a sentence begins so, more or less: models drop a quotation mark, or count badly."""
    return begins[:_LEAST] in _folded(marks.without(job.text))[: 2 * len(begins)]


def _folded(text: str) -> str:
    return "".join(filter(str.isalnum, marks.without(text))).casefold()
