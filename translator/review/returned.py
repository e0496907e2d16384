"""What comes back from a page in a file: read with care, and brought into the record by segment.

    page or NAME.review.json ─read→ Returned ─merge→ record, and what of it was taken, met another text, or is left

Laws: every text of the page is afterwards in the record, as its text or the other one of a conflict, or listed and
written to `NAME.left.json`, which can be merged again; merging twice changes nothing.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from translator.config import Project
from translator.errors import InputError
from translator.model import JOINED, State
from translator.pipeline.decide import Decision, Fate, Result
from translator.pipeline.files import write
from translator.pipeline.session import Session
from translator.review.server.messages import RequestError, change_json, decisions
from translator.review.server.messages import read as read_json
from translator.review.standalone import KIND, VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from translator.model import Entry
    from translator.pipeline.decide import Stand
    from translator.pipeline.work import Work

    Show = Callable[[Decision, Result, Entry | None], Iterator[str]]

LARGEST = 100_000_000
"""Bytes of a page; one of 5,000 segments has about fifteen million."""
AT_ONCE = 5_000
BLOCK = re.compile(r'<script\b[^>]*\bid="returned"[^>]*>(?P<json>.*?)</script>', re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True)
class Returned:
    """What was decided on a page."""

    path: Path
    post: str
    """The source's path in its project, as the page knows it."""
    name: str
    """The source's file name."""
    decisions: tuple[Decision, ...]
    person: str = ""
    """As they call themselves."""


@dataclass(frozen=True)
class Merged:
    """What became of each decision."""

    returned: Returned
    post: Path
    fates: tuple[tuple[Decision, Result, Entry | None], ...]
    """With the segment as it stands now; None: it is no longer in the post."""
    left: Path | None = None
    """The file with what could not be taken."""

    def of(self, fate: Fate) -> list[tuple[Decision, Result, Entry | None]]:
        """List what had one fate."""
        return [one for one in self.fates if one[1].fate is fate]


# ── Reading ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def read(path: Path) -> Returned:
    """Read a page that came back, or the small file of its changes.

    Raises `InputError` for what is neither, was cut off on its way, or was made by another version.
    """
    text = _text(path)
    is_page = text.lstrip("\ufeff \t\r\n").startswith("<")
    body = _block(text, path) if is_page else text
    try:
        given = read_json(body.encode())
    except RequestError as error:
        what = "it is no review page and no changes of one" if not is_page else "what it holds is broken"
        raise InputError(f"{what}: {error}", path) from error
    return _returned(given, path)


def _text(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise InputError(f"it has {size:,} bytes; a review page has at most {LARGEST:,}", path)
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError as error:
        raise InputError("there is no such file", path) from error
    except OSError as error:
        raise InputError(f"it cannot be read: {error.strerror}", path) from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"it is not UTF-8, at byte {error.start}; it is no review page, or was damaged", path
        ) from error


def _block(text: str, path: Path) -> str:
    found = BLOCK.search(text)
    if found and text.rstrip().lower().endswith("</html>"):
        return found["json"]
    if found or 'id="boot"' in text:
        raise InputError("the page was cut off on its way; ask for it again", path)
    raise InputError("this is no page that `duizhao review --html` made", path)


def _returned(given: Mapping[str, Any], path: Path) -> Returned:
    if given.get("kind") != KIND:
        raise InputError("this is no page that `duizhao review --html` made, and no changes of one", path)
    if given.get("version") != VERSION:
        form = f"its form is {given.get('version')!r}, this one reads {VERSION}"
        raise InputError(f"it was made by another version of duizhao ({form})", path)
    page, all_ = given.get("page"), given.get("decisions")
    if not isinstance(page, dict) or not isinstance(all_, list):
        raise InputError("what it holds is broken: it does not say which post it is of", path)
    place, name = page.get("path"), page.get("source")
    if not isinstance(place, str) or not isinstance(name, str):
        raise InputError("what it holds is broken: it does not say which post it is of", path)
    person = given.get("person")
    try:
        made = [one for n in range(0, len(all_), AT_ONCE) for one in decisions(_known(all_[n : n + AT_ONCE]))]
    except RequestError as error:
        raise InputError(f"what it holds is broken: {error}", path) from error
    return Returned(path, place, name, tuple(made), person[:100] if isinstance(person, str) else "")


def _known(some: list[Any]) -> dict[str, Any]:
    """Leave out what only the page's own script needs."""
    own = ("at", "sent")
    return {"decisions": [{k: v for k, v in o.items() if k not in own} if isinstance(o, dict) else o for o in some]}


# ── Merging ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def merge(path: Path, posts: Sequence[Path]) -> list[str]:
    """Bring back what was decided on a page, and say what became of it."""
    return list(told(merged(read(path), posts)))


def merged(returned: Returned, posts: Sequence[Path]) -> Merged:
    """Bring decisions into the record of the post they are about, found among some."""
    post = _post_of(returned, posts)
    session = Session(Project.of(post), [post])
    (open_,) = session.posts
    wanted = [replace(one, after=_signed(one.after, returned.person)) for one in returned.decisions]
    met: list[Decision] = []

    def make(_: Work, entries: Sequence[Entry]) -> Sequence[Decision]:
        stands = {entry.key: entry for entry in entries}
        met[:] = [one for one in wanted if _is_met(one, stands.get(one.key))]
        known = {id(one) for one in met}
        return [one for one in wanted if id(one) not in known]

    results = open_.change(make)
    now = {entry.key: entry for entry in open_.outcome.entries}
    fates = [(decision, result, now.get(decision.key)) for decision, result in results]
    fates += [(one, Result(one.id, one.key, Fate.SAME), now.get(one.key)) for one in met]
    order = {id(one): n for n, one in enumerate(wanted)}
    fates.sort(key=lambda fate: order[id(fate[0])])
    lost = [decision for decision, result, _ in fates if result.fate is Fate.REFUSED and _has_words(decision)]
    return Merged(returned, post, tuple(fates), _write_left(returned, lost) if lost else None)


def _post_of(returned: Returned, posts: Sequence[Path]) -> Path:
    """Find the post by its place in the project; else by its name, where only one has it."""
    placed = [post for post in posts if _place(post) == returned.post]
    named = placed or [post for post in posts if post.name == returned.name]
    if len(named) == 1:
        return named[0]
    if named:
        raise InputError(f"it may be of any of {', '.join(map(str, named))}; name the one post it is of", returned.path)
    raise InputError(f"it is of {returned.post}, which is not among the posts; name that post", returned.path)


def _place(post: Path) -> str:
    return place_of(Project.of(post), post)


def place_of(project: Project, post: Path) -> str:
    """Give a post's path in its project, the same on every machine."""
    there, root = post.resolve(), project.root.resolve()
    return there.relative_to(root).as_posix() if there.is_relative_to(root) else post.name


def _signed(stand: Stand, person: str) -> Stand:
    return replace(stand, by=person) if person and stand.state.is_done and not stand.by else stand


def _is_met(decision: Decision, entry: Entry | None) -> bool:
    """Whether a decision was brought back before, and what it met is still undecided."""
    if entry is None or not decision.after.target:
        return False
    if entry.state is State.CONFLICT and decision.before.state is not State.CONFLICT:
        return decision.after.target in {entry.target, entry.other}
    return entry.state is State.STALE and (entry.target, entry.former) == (decision.after.target, decision.source)


def _has_words(decision: Decision) -> bool:
    after, before = decision.after, decision.before
    return bool(after.target and after.target != before.target) or bool(after.note and after.note != before.note)


def _write_left(returned: Returned, lost: Sequence[Decision]) -> Path:
    """Write what could not be taken, in the form of a page's changes."""
    stem = returned.path.name.removesuffix(returned.path.suffix).removesuffix(".left")
    path = returned.path.with_name(f"{stem}.left.json")
    told_ = {
        "kind": KIND,
        "version": VERSION,
        "page": {"path": returned.post, "source": returned.name},
        "person": returned.person,
        "decisions": [{"id": one.id, **change_json(one)} for one in lost],
    }
    write(path, json.dumps(told_, ensure_ascii=False, indent=1) + "\n")
    return path


# ── Telling ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def told(merged_: Merged) -> Iterator[str]:
    """Say what became of what was decided, line by line."""
    count = len(merged_.fates)
    by = f" by {merged_.returned.person}" if merged_.returned.person else ""
    yield f"{merged_.returned.path} → {merged_.post}: {count} segment{'' if count == 1 else 's'} decided{by}"
    if done := len(merged_.of(Fate.DONE)):
        yield f"{done} taken"
    turned_down = [one for one in merged_.of(Fate.SAME) if one[1].why]
    if same := len(merged_.of(Fate.SAME)) - len(turned_down):
        yield f"{same} the same already"
    yield from _listed(turned_down, "turned down on the page, and replaced meanwhile", _refused)
    yield from _listed(merged_.of(Fate.CONFLICT), "in conflict, both texts kept; decide with `duizhao review`", _fight)
    yield from _listed(merged_.of(Fate.STALE), "taken as stale: the source has changed since the page was made", _stale)
    yield from _listed(merged_.of(Fate.REFUSED), "not taken", _refused)
    if merged_.left:
        yield f"what was not taken is in {merged_.left}, which `--merge` reads too"


def _listed(some: Sequence[tuple[Decision, Result, Entry | None]], what: str, show: Show) -> Iterator[str]:
    if some:
        yield f"{len(some)} {what}:"
    for decision, result, entry in some:
        line = f":{entry.line}" if entry else ""
        yield f"  {decision.key}{line}  {decision.source}"
        yield from (f"    {shown}" for shown in show(decision, result, entry))


def _fight(decision: Decision, _: Result, entry: Entry | None) -> Iterator[str]:
    if entry:
        yield f"here: {entry.target}"
    yield f"page: {decision.after.target}"


def _stale(decision: Decision, _: Result, entry: Entry | None) -> Iterator[str]:
    if entry:
        yield f"now: {entry.source}"
    yield f"page: {decision.after.target}"


def _refused(decision: Decision, result: Result, _: Entry | None) -> Iterator[str]:
    yield result.why
    if decision.after.target not in {"", JOINED}:
        yield f"page: {decision.after.target}"
    if decision.after.note:
        yield f"note: {decision.after.note}"
