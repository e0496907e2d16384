"""What a person decides about segments, merged with what stands by then.

    Entry ─of→ Stand;  Decision(before, after) + Entry as it stands ─merge→ Entry, Fate

A decision says what the person saw and what it is to be. Where somebody else decided meanwhile, both texts are kept.
Laws: taking a decision twice is taking it once; a decision with `before` and `after` swapped takes it back; no text of
a person is lost: it stands in the entry's `target` or `other`, or the decision is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from translator.model import JOINED, Entry, State
from translator.pipeline.carry import approved
from translator.pipeline.draft import on_one_line
from translator.pipeline.english import is_persons

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Stand:
    """What can be decided about a segment; the fields mean what they mean in `Entry`."""

    target: str = ""
    state: State = State.UNTRANSLATED
    origin: str = ""
    by: str = ""
    score: float | None = None
    other: str = ""
    former: str = ""
    note: str = ""

    @classmethod
    def of(cls, entry: Entry) -> Stand:
        """Give what is decided about a segment by now."""
        return cls(**{name: getattr(entry, name) for name in _NAMES})

    def on(self, entry: Entry) -> Entry:
        """Give the entry with this decided about it."""
        return replace(entry, **{name: getattr(self, name) for name in _NAMES})


_NAMES = tuple(field.name for field in fields(Stand))
_TEXT = ("target", "state", "origin", "by", "score", "other", "former")
"""What changes together; a note is by itself."""
_BOTH = "somebody else changed this sentence meanwhile; both texts are kept"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person saw of a segment, and what it is to be."""

    key: str
    source: str
    """The author's sentence as the person saw it."""
    before: Stand
    after: Stand
    id: str = ""
    """Whatever the person's program calls it."""

    @property
    def undone(self) -> Decision:
        """Give the decision that takes this one back."""
        return replace(self, before=self.after, after=self.before)


class Fate(StrEnum):
    """What became of a decision."""

    DONE = "done"
    SAME = "same"
    """It stood so already, or there was nothing left to decide."""
    STALE = "stale"
    """Taken, but the author has changed the sentence: a person must look again."""
    CONFLICT = "conflict"
    """Somebody else wrote another text meanwhile: both are kept."""
    REFUSED = "refused"
    """Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a decision, and why."""

    id: str
    key: str
    fate: Fate
    why: str = ""


def decide(
    entries: Sequence[Entry], decisions: Sequence[Decision], person: str
) -> tuple[tuple[Entry, ...], tuple[Result, ...]]:
    """Take decisions one after the other; `person` signs approvals that nobody signed."""
    out, places = list(entries), {entry.key: i for i, entry in enumerate(entries)}
    results = []
    for decision in decisions:
        i = places.get(decision.key)
        if i is None:
            results.append(Result(decision.id, decision.key, Fate.REFUSED, "this sentence is no longer in the post"))
            continue
        out[i], fate, why = merge(out[i], decision, person)
        results.append(Result(decision.id, decision.key, fate, why))
    return tuple(out), tuple(results)


def merge(entry: Entry, decision: Decision, person: str) -> tuple[Entry, Fate, str]:
    """Take one decision about a segment as it stands; gives the segment, what became of the decision, and why."""
    now, before = Stand.of(entry), decision.before
    after = _settled(decision, person)
    if wrong := _wrong(after):
        return entry, Fate.REFUSED, wrong
    noted = replace(now, note=_note(now, before, after))
    if noted == now and _is_same(now, after):
        return entry, Fate.SAME, ""
    is_as_it_was = all(getattr(before, name) == getattr(after, name) for name in _TEXT)
    if is_as_it_was and (before.note != after.note or now.target == before.target):
        return noted.on(entry), Fate.DONE, ""
    if (now.target, now.other) == (before.target, before.other):
        return _of_this_source(entry, decision, _changed(noted, before, after), person)
    return _against(entry, decision, noted, replace(after, note=noted.note), person)


def _against(entry: Entry, decision: Decision, now: Stand, after: Stand, person: str) -> tuple[Entry, Fate, str]:
    """Take a decision about a text that is no longer there: somebody else has written another one."""
    if now.state is State.CONFLICT:
        mine = after.target == now.other
        refused = entry, Fate.REFUSED, "two texts of others are in conflict here by now; decide that first"
        return (now.on(entry), Fate.CONFLICT, _BOTH) if mine else refused
    if after.target in {"", now.target} or (after.target == decision.before.target and not after.state.is_done):
        return _met(entry, now, after)
    if not now.target or not is_persons(entry):
        return _of_this_source(entry, decision, after, person)
    if not is_persons(after.on(entry)):
        return entry, Fate.REFUSED, "a person has written here meanwhile; a machine's text never replaces a person's"
    if (now.target, after.target) == (decision.before.target, decision.before.other):
        return entry, Fate.REFUSED, "somebody has decided between these two texts meanwhile; look at it again"
    fought = replace(now, state=State.CONFLICT, other=after.target, origin="person", score=None)
    return fought.on(entry), Fate.CONFLICT, _BOTH


def _met(entry: Entry, noted: Stand, after: Stand) -> tuple[Entry, Fate, str]:
    """Take a decision about a text that another has replaced meanwhile, where no text is at stake."""
    if after.target == noted.target:  # both wrote the same
        state, by = (after.state, after.by) if after.state.is_done else (noted.state, noted.by)
        return replace(noted, state=state, by=by, former="" if state.is_done else noted.former).on(entry), Fate.DONE, ""
    return noted.on(entry), Fate.SAME, "the text that you turned down has been replaced meanwhile"


def _changed(now: Stand, before: Stand, after: Stand) -> Stand:
    """Take the fields that a decision changes."""
    if before.target != after.target or before.state != after.state:
        return replace(after, note=now.note)
    return replace(
        now, **{name: getattr(after, name) for name in _TEXT if getattr(before, name) != getattr(after, name)}
    )


def _of_this_source(entry: Entry, decision: Decision, taken: Stand, person: str) -> tuple[Entry, Fate, str]:
    """Take a text, as stale where it was written for another sentence than the author's of today."""
    if entry.source == decision.source or not taken.target or taken.state is State.CONFLICT:
        return taken.on(entry), Fate.DONE, ""
    stale = replace(taken, state=State.STALE, former=decision.source, by=taken.by or person)
    return stale.on(entry), Fate.STALE, "the author has changed this sentence meanwhile; look at it again"


def _note(now: Stand, before: Stand, after: Stand) -> str:
    """Merge a note: two people's stand one under the other."""
    if after.note in {before.note, now.note}:
        return now.note
    if now.note == before.note or not now.note:
        return after.note
    return now.note if after.note in now.note.split("\n") else f"{now.note}\n{after.note}".strip("\n")


def _is_same(now: Stand, after: Stand) -> bool:
    """Whether a segment stands so already, whoever signed it; its note is another matter."""
    now, after = replace(now, score=None, note=""), replace(after, score=None, note="")
    return replace(now, by="") == replace(after, by="") and (not after.by or bool(now.by))


# ── What a segment can be ─────────────────────────────────────────────────────────────────────────────────────────────


def _settled(decision: Decision, person: str) -> Stand:
    """Give what a decision wants, without what its state cannot have."""
    one = replace(decision.after, note=_line_by_line(decision.after.note))
    if one.target != decision.before.target:
        one = replace(one, target=on_one_line(one.target), origin=one.origin or "person")
    if not one.target:
        return Stand(note=one.note)
    match one.state:
        case State.APPROVED | State.JOINED:
            return replace(one, state=approved(one.target), by=one.by or person, other="", former="")
        case State.CONFLICT:
            return one
        case State.STALE if one.former:
            return replace(one, other="")
        case State.UNTRANSLATED | State.STALE:
            return replace(one, state=State.DRAFT, by="", other="", former="")
    return replace(one, by="", other="")


def _line_by_line(note: str) -> str:
    return "\n".join(filter(None, (on_one_line(line) for line in note.splitlines())))


def _wrong(after: Stand) -> str:
    """Say why a segment cannot stand so; empty: it can."""
    if after.state is State.CONFLICT and after.other in {"", after.target}:
        return "a conflict needs two texts"
    if after.target == JOINED and after.state is not State.JOINED:
        return f"“{JOINED}” means that the sentence is said in its neighbour; it is approved or it is not there"
    return ""
