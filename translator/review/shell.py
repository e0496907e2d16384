"""The pages around the posts: the review of one, the list of all, the way in with a password."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Literal

from markupsafe import Markup

from translator.model import State
from translator.review.page import is_machines, needs_person
from translator.review.templates import template
from translator.review.view import ICONS, percent
from translator.review.words import LANGUAGES, column

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from translator.review.rows import Sheet
    from translator.review.words import Language

SCRIPTS = ("store.js", "rows.js", "editor.js", "dialogs.js", "app.js")
Wrong = Literal["", "wrong", "wait"]


def app_page(sheet: Sheet, number: int, posts: Sequence[Mapping[str, Any]], language: Language) -> str:
    """Give the page of one post, its first chunk printed; `posts` are all that are open, as the model lists them."""
    first = Markup(sheet.chunk_html(0))  # noqa: S704 - printed by our own templates
    return template("app.html", language).render(
        sheet=sheet, posts=posts, first=first, entries=sheet.entries, boot=boot(number, language), scripts=SCRIPTS,
        **counts(sheet),
    )  # fmt: skip


def start_page(posts: Sequence[Mapping[str, Any]], language: Language) -> str:
    """Give the list of posts: title and progress of each, and what else is known: its path, its counts by state."""
    shown = [{**post, "percent": percent(post["done"], post["total"]), "states": _states(post)} for post in posts]
    return template("start.html", language).render(posts=shown)


def login_page(language: Language, wrong: Wrong = "") -> str:
    """Give the form for the password; `wrong`: the last one was, or there were too many."""
    return template("login.html", language).render(wrong=wrong)


def boot(number: int, language: Language, **more: object) -> Markup:
    """Give what the scripts begin with, as JSON that stands safely in a script element."""
    other = next(one for one in LANGUAGES if one != language)
    told = {"n": number, "language": language, "words": column(language), "other": column(other), **more}
    return in_script(told)


def in_script(value: object) -> Markup:
    """Give JSON that ends no script element and begins no comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - JSON without any tag


def counts(sheet: Sheet) -> dict[str, Any]:
    """Count what the head of a page says of a post."""
    entries = sheet.outcome.entries
    states = Counter(entry.state for entry in entries)
    done = sum(count for state, count in states.items() if state.is_done)
    return {
        "total": len(entries),
        "done": done,
        "percent": percent(done, len(entries)),
        "states": [(state, icon, states[state]) for state, icon in ICONS.items()],
        "needs": sum(map(needs_person, entries)),
        "found": sum(bool(entry.findings) for entry in entries),
        "noted": sum(bool(entry.note) for entry in entries),
        "machine": sum(map(is_machines, entries)),
        "engine": ", ".join(sorted({e.origin for e in entries if is_machines(e) and e.state is State.DRAFT} - {""})),
    }


def _states(post: Mapping[str, Any]) -> list[tuple[State, str, int]]:
    """List the states of a post's segments that occur; a post that does not say is done or a draft."""
    known = post.get("states") or {"approved": post["done"], "draft": post["total"] - post["done"]}
    return [(state, icon, int(known.get(state.value, 0))) for state, icon in ICONS.items() if known.get(state.value)]
