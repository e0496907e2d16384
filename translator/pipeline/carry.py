"""Carry a record over to a post as it is now: what was decided about a sentence stays with it."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from translator.model import JOINED, Entry, Segment, State
from translator.pipeline.english import is_persons
from translator.pipeline.files import digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SIMILAR = 0.5
"""From which similarity on a new sentence is an old one, changed (1 is equal)."""
MOST_COMPARED = 20_000
"""Pairs of sentences compared in one changed stretch; a larger one is a new text."""


def carry(
    old: Sequence[Entry], obsolete: Sequence[Entry], segments: Sequence[Segment]
) -> tuple[list[Entry], list[Entry]]:
    """Give one entry a segment, in order, and the entries that are left over.

    Old and new sources are matched by diff; then what moved or came back; then, inside a changed stretch, what is
    similar: that alone becomes stale, its former source kept. Every text of a person is in one of the two lists; keys
    are unique over both.
    """
    found: list[Entry | None] = [None] * len(segments)
    left: dict[int, Entry] = dict(enumerate(old))
    changed = []
    for tag, a, b, c, d in _stretches([e.source for e in old], [s.source for s in segments]):
        if tag == "equal":
            found[c:d] = [left.pop(i) for i in range(a, b)]
        else:
            changed.append((range(a, b), range(c, d)))
    _moved(found, left, segments)
    gone = list(obsolete)
    _returned(found, gone, segments)
    for before, after in changed:
        _similar(found, left, segments, before, after)
    rest = [kept for entry in left.values() for kept in _left_over(entry)] + gone
    keys = {"": 0}
    known = [e and _keyed(_restored(e, s), keys) for e, s in zip(found, segments, strict=True)]
    rest = [_keyed(entry, keys) for entry in rest]
    return [e or Entry(_key(s.source, "", keys), s.source) for e, s in zip(known, segments, strict=True)], rest


def _stretches(a: list[str], b: list[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """Diff two lists; equal ends are cut off first, so an edit costs no more than its neighbourhood."""
    head = 0
    while head < min(len(a), len(b)) and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    yield "equal", 0, head, 0, head
    inner = SequenceMatcher(None, a[head : len(a) - tail], b[head : len(b) - tail], autojunk=False)
    for tag, i, j, k, m in inner.get_opcodes():
        yield tag, i + head, j + head, k + head, m + head
    yield "equal", len(a) - tail, len(a), len(b) - tail, len(b)


def _moved(found: list[Entry | None], left: dict[int, Entry], segments: Sequence[Segment]) -> None:
    by_source: dict[str, deque[int]] = defaultdict(deque)
    for i, entry in left.items():
        by_source[entry.source].append(i)
    for n, segment in enumerate(segments):
        if found[n] is None and by_source.get(segment.source):
            found[n] = left.pop(by_source[segment.source].popleft())


def _returned(found: list[Entry | None], gone: list[Entry], segments: Sequence[Segment]) -> None:
    by_source: dict[str, deque[int]] = defaultdict(deque)
    for i, entry in sorted(enumerate(gone), key=lambda one: not is_persons(one[1])):
        by_source[entry.source].append(i)
    back = set()
    for n, segment in enumerate(segments):
        if found[n] is None and by_source.get(segment.source):
            i = by_source[segment.source].popleft()
            found[n] = replace(gone[i], written="")  # the English file does not say it
            back.add(i)
    gone[:] = [entry for i, entry in enumerate(gone) if i not in back]


def _similar(
    found: list[Entry | None], left: dict[int, Entry], segments: Sequence[Segment], before: range, after: range
) -> None:
    olds = [i for i in before if i in left]
    news = [n for n in after if found[n] is None]
    if not olds or len(olds) * len(news) > MOST_COMPARED:
        return
    pairs = sorted(_alike(left, segments, olds, news), reverse=True)
    for _, i, n in pairs:
        if i in left and found[n] is None:
            entry = left.pop(i)
            found[n] = _changed(entry, segments[n].source)


def _alike(
    left: dict[int, Entry], segments: Sequence[Segment], olds: Iterable[int], news: Iterable[int]
) -> Iterator[tuple[float, int, int]]:
    for n in news:
        matcher = SequenceMatcher(None, "", segments[n].source, autojunk=False)
        for i in olds:
            matcher.set_seq1(left[i].source)
            if matcher.real_quick_ratio() < SIMILAR or matcher.quick_ratio() < SIMILAR:
                continue
            if (ratio := matcher.ratio()) >= SIMILAR:
                yield ratio, i, n


def approved(target: str) -> State:
    """Say what a target is once a person has approved it."""
    return State.JOINED if target == JOINED else State.APPROVED


def _changed(entry: Entry, source: str) -> Entry:
    if not entry.target:
        return replace(entry, source=source)
    state = State.CONFLICT if entry.state is State.CONFLICT else State.STALE
    return replace(entry, source=source, former=entry.former or entry.source, state=state)


def _left_over(entry: Entry) -> Iterator[Entry]:
    """Give what is kept of an entry whose sentence is gone; of a conflict, each text by itself."""
    gone = replace(entry, line=0, group=0)
    if entry.state is State.CONFLICT:
        gone = replace(gone, other="", written="")
        yield from (replace(gone, target=text, state=approved(text)) for text in (entry.target, entry.other))
    elif entry.target or entry.note:
        yield gone


def _restored(entry: Entry, segment: Segment) -> Entry:
    """Take a stale entry for what it was where the author took the change back."""
    if entry.state is State.STALE and entry.former == segment.source:
        return replace(entry, former="", state=approved(entry.target) if entry.by else State.DRAFT)
    return entry


def _keyed(entry: Entry, keys: dict[str, int]) -> Entry:
    key = _key(entry.source, entry.key, keys)
    return entry if key == entry.key else replace(entry, key=key)


def _key(source: str, own: str, keys: dict[str, int]) -> str:
    """Give a key that no other entry has; its own, if it has one. `keys` counts how often each was wanted."""
    first = key = own or digest(source)
    while key in keys:
        keys[first] += 1
        key = digest(f"{source}\0{keys[first] + 1}")
    keys[key] = 0
    return key
