"""What is answered: one function for each route, from a call to JSON or a page.

They run in threads, several at a time; what they need of each other's work is locked where it stands.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse, RedirectResponse, Response

from translator.errors import DuizhaoError
from translator.memory.similar import similar
from translator.model import State
from translator.pipeline.chain import open_chain
from translator.pipeline.decide import Fate
from translator.pipeline.new_term import add, consequences, refusal
from translator.pipeline.redraft import clean, redraft, repeat
from translator.pipeline.search import Query, replacements
from translator.review import preview as previews
from translator.review import shell
from translator.review.diff import change as difference
from translator.review.server import messages
from translator.review.server.links import linked
from translator.review.server.served import MissingError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from translator.model import Entry
    from translator.pipeline.decide import Decision, Result
    from translator.pipeline.session import Moment, OpenPost
    from translator.review.server.served import Page, Served
    from translator.review.words import Language

Answer = Response | dict[str, Any]
ANY = 5
"""Matches of the memory that are shown."""
MANY = 200
"""Of more rows than these no HTML is sent: the page reads what of them it shows."""


@dataclass(frozen=True)
class Call:
    """One request, past the guard."""

    served: Served
    language: Language
    path: Mapping[str, Any]
    """What the address names: a post's number, a chunk's, a segment's key."""
    query: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def post(self) -> OpenPost:
        """Give the post that is meant."""
        return self.served.post(self.path["n"])


# ── Pages ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def start(call: Call) -> Answer:
    """Show the posts, or the only one."""
    posts = call.served.session.posts
    if len(posts) == 1:
        return RedirectResponse("/post/1", 303)
    for post in posts:
        with suppress(DuizhaoError):  # its own page says what is wrong with it
            post.refresh()
    return HTMLResponse(shell.start_page(call.served.posts_json(), call.language))


def post(call: Call) -> Answer:
    """Show a post: its first chunk, and places for the others."""
    call.post.refresh()
    with call.served.page(call.post, call.language) as page:
        return HTMLResponse(shell.app_page(page.sheet, call.post.number, call.served.posts_json(), call.language))


def preview(call: Call) -> Answer:
    """Show the English as its readers will see it, with nothing alive in it."""
    _, _, work, outcome = call.post.seen
    page, policy = previews.preview(work, outcome)
    return HTMLResponse(page, headers={"Content-Security-Policy": policy, "X-Frame-Options": "SAMEORIGIN"})


# ── A post as JSON ────────────────────────────────────────────────────────────────────────────────────────────────────


def model(call: Call) -> Answer:
    """Give everything about a post that is no HTML."""
    served = call.served
    call.post.refresh()
    with served.page(call.post, call.language) as page:
        part, moment = page.sheet.model(), page.moment
    posts = served.posts_json()
    (one,) = (each for each in posts if each["n"] == call.post.number)
    return {
        "post": {
            "n": call.post.number,
            "title": one["title"],
            "source_name": call.post.path.name,
            "target_name": call.post.english.name,
            "version": moment.version,
            "shape": served.shape(moment),
        },
        "posts": posts,
        "person": served.session.person,
        "language": call.language,
        "engines": served.engines_json(),
        "engine": served.engine,
        **part,
    }


def chunk(call: Call) -> Answer:
    """Give the blocks of a chunk."""
    with call.served.page(call.post, call.language) as page:
        if not call.path["k"] < len(page.sheet.chunks):
            raise MissingError(f"there is no chunk number {call.path['k']}; the post has {len(page.sheet.chunks)}")
        return HTMLResponse(page.sheet.chunk_html(call.path["k"]))


def changes(call: Call) -> Answer:
    """Give what changed since a version, whoever changed it."""
    version = messages.number(call.query.get("version"), "version")
    shape = messages.number(call.query.get("shape"), "shape")
    call.post.refresh()
    with call.served.page(call.post, call.language) as page:
        some = call.post.changed_since(version, shape - call.served.run)
        if some is None or version > page.moment.version:
            return {**_head(call, page.moment), "reload": True}
        return {**_head(call, page.moment), "rows": _rows(page, some, html=len(some) <= MANY)}


def rows(call: Call) -> Answer:
    """Give some rows as they stand, by their numbers: what a filter leaves of a post."""
    with call.served.page(call.post, call.language) as page:
        there = range(len(page.moment.outcome.entries))
        some = [i for i in messages.numbers(call.query.get("i"), "i") if i in there]
        return {**_head(call, page.moment), "rows": _rows(page, some)}


def segment(call: Call) -> Answer:
    """Give what the memory knows that is near a segment, and which of its words say which."""
    _, _, work, outcome = call.post.seen
    i = _place(outcome.entries, call.path["key"])
    entry = outcome.entries[i]
    block = work.post.document.blocks[work.post.segments[i].block]
    return {
        "matches": list(_matches(call, entry.source)),
        "links": linked(work.post.segments[i], entry.target, block.codec, work.post.document.references),
    }


def _place(entries: Sequence[Entry], key: str) -> int:
    found = next((i for i, entry in enumerate(entries) if entry.key == key), None)
    if found is None:
        raise MissingError("this sentence is no longer in the post")
    return found


def _matches(call: Call, source: str) -> Iterable[dict[str, Any]]:
    root = call.served.session.project.root
    for match in similar(call.served.session.memory(), source, ANY):
        path = match.path.removeprefix(f"{root}/")
        html = str(difference(match.source, source))
        yield {"source_html": html, "target": match.target, "ratio": match.ratio, "path": path}


# ── Decisions ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def decide(call: Call) -> Answer:
    """Take decisions; they are on the disk when the answer goes out."""
    given, before = messages.decisions(call.body), call.post.seen
    results = call.post.decide(given)
    answer = _changed(call, before, [one.key for one in given])
    return {**answer, "results": [messages.result_json(result) for result in results]}


def act(call: Call) -> Answer:
    """Do one of the verbs over many segments."""
    wanted, before = messages.act(call.body), call.post.seen
    match wanted.verb:
        case "clean":
            made = call.post.change(lambda _, entries: clean(entries))
        case "repeat":
            made = call.post.change(lambda _, entries: repeat(entries, wanted.keys[0]))
        case _:
            decisions = _drafts(call, wanted, before)
            made = list(zip(decisions, call.post.decide(decisions), strict=True))
    return {**_changed(call, before), **_made(made)}


def _drafts(call: Call, wanted: messages.Act, moment: Moment) -> Sequence[Decision]:
    """Draft segments again; the engine may take its time, so what it says is decided like anything else."""
    engine = open_chain(call.served.session.project, wanted.engine or call.served.session.engine)
    with call.served.drafting():
        return redraft(moment.work, moment.outcome.entries, wanted.keys, engine)


def replace(call: Call) -> Answer:
    """Show what a search and replacement would change, or change it."""
    wanted, before = messages.replacing(call.body), call.post.seen
    query = Query(wanted.find, wanted.replacement, wanted.case, wanted.word)
    if not wanted.apply:
        return _would(replacements(before.work, before.outcome.entries, query))
    made = call.post.change(lambda work, entries: replacements(work, entries, query))
    return {**_changed(call, before), **_made(made)}


def term(call: Call) -> Answer:
    """Show what a new term would change, or add it and change that."""
    (one, is_wanted), before = messages.new_term(call.body), call.post.seen
    project = call.served.session.project
    why = refusal(project, one)
    found, left = consequences(before.work, before.outcome.entries, one)
    beside = {"refusal": why, "left": [{"key": each.key, "why": each.why} for each in left]}
    if why or not is_wanted:
        return {**_would(found), **beside}
    path = add(project, one)
    made = list(zip(found, call.post.decide(found), strict=True))
    return {**_changed(call, before), **_made(made), **beside, "path": _named(call, path)}


def _named(call: Call, path: Path) -> str:
    root = call.served.session.project.root
    return str(path.relative_to(root) if path.is_relative_to(root) else path)


def publish(call: Call) -> Answer:
    """Say what would go out, or write it."""
    wanted = messages.publishing(call.body)
    call.post.refresh()
    counts = call.post.seen.outcome.counts
    said = {
        "total": counts.total(),
        "approved": sum(n for state, n in counts.items() if state.is_done),
        "drafts": counts[State.DRAFT],
        "stale": counts[State.STALE],
        "untranslated": counts[State.UNTRANSLATED],
        "conflicts": counts[State.CONFLICT],
        "english": _named(call, call.post.english),
        "refusal": _refusal(counts, wanted),
    }
    if said["refusal"] or not wanted.apply:
        return said
    return {**said, "written": call.post.publish(allow_untranslated=wanted.allow_untranslated).changed}


def _refusal(counts: Mapping[State, int], wanted: messages.Publish) -> str:
    if n := counts[State.CONFLICT]:
        return f"{n} segments are in conflict; decide each of them first"
    if (n := counts[State.UNTRANSLATED]) and not wanted.allow_untranslated:
        return f"{n} segments are untranslated; translate them, or allow their Chinese to stay"
    return ""


# ── Parts of answers ──────────────────────────────────────────────────────────────────────────────────────────────────


def _head(call: Call, moment: Moment) -> dict[str, Any]:
    return {"version": moment.version, "shape": call.served.shape(moment)}


def _rows(page: Page, some: Iterable[int], *, html: bool = True) -> list[dict[str, Any]]:
    return [page.sheet.row(i, html=html) for i in some]


def _changed(call: Call, before: Moment, keys: Iterable[str] = ()) -> dict[str, Any]:
    """Give the rows that changed since a moment, and those of some keys in any case."""
    with call.served.page(call.post, call.language) as page:
        some = call.post.changed_since(before.version, before.shape)
        if some is None:
            return {**_head(call, page.moment), "rows": [], "reload": True}
        asked = set(keys)
        also = {i for i, entry in enumerate(page.moment.outcome.entries) if entry.key in asked}
        head = {**_head(call, page.moment), "since": before.version}
        changed = sorted(also.union(some))
        return {**head, "rows": _rows(page, changed, html=len(changed) <= MANY)}


def _would(decisions: Iterable[Decision]) -> dict[str, Any]:
    return {"changes": [messages.change_json(one) for one in decisions]}


def _made(made: Iterable[tuple[Decision, Result]]) -> dict[str, Any]:
    """Give the changes that were made, and why others were not."""
    done = [decision for decision, result in made if result.fate is Fate.DONE]
    notes = dict.fromkeys(result.why for _, result in made if result.why)
    return {**_would(done), "notes": list(notes)}
