"""Two texts, and what differs between them: Han by character, everything else by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from markupsafe import Markup

from translator.model import Span
from translator.review.text import seen

PIECE = re.compile(r"[0-9A-Za-z_\u00c0-\u024f]+|\s+|.", re.DOTALL)
LARGE = 4_000_000
"""Beyond this many pairs of pieces the texts are shown whole."""


def change(before: str, after: str) -> Markup:
    """Give one text that shows how `before` became `after`, in `<del>` and `<ins>`."""
    old, new = PIECE.findall(before), PIECE.findall(after)
    out: list[Markup] = []
    for same, a, b in _runs(old, new):
        if same:
            out.append(Markup("{}").format(seen(b)))
            continue
        out += [Markup("<del>{}</del>").format(seen(a))] if a else []
        out += [Markup("<ins>{}</ins>").format(seen(b))] if b else []
    return Markup("").join(out)


def apart(one: str, two: str) -> tuple[Markup, Markup]:
    """Give both texts, each with what the other has not in `<em class="own">`."""
    runs = list(_runs(PIECE.findall(one), PIECE.findall(two)))
    return _own([(same, a) for same, a, _ in runs]), _own([(same, b) for same, _, b in runs])


def spans(one: str, two: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Give the stretches of each text that the other has not, blanks alone left out."""
    found: tuple[list[Span], list[Span]] = [], []
    at = [0, 0]
    for same, *pair in _runs(PIECE.findall(one), PIECE.findall(two)):
        for n, text in enumerate(pair):
            if text.strip() and not same:
                found[n].append(Span(at[n], at[n] + len(text)))
            at[n] += len(text)
    return tuple(found[0]), tuple(found[1])


def _own(runs: list[tuple[bool, str]]) -> Markup:
    alike, own = Markup("{}"), Markup('<em class="own">{}</em>')
    return Markup("").join((alike if same else own).format(seen(text)) for same, text in runs if text)


def _runs(old: list[str], new: list[str]) -> list[tuple[bool, str, str]]:
    """Give stretches in order: whether both texts have it, and how each reads there."""
    if len(old) * len(new) > LARGE:
        return [(old == new, "".join(old), "".join(new))]
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(tag == "equal", "".join(old[a:b]), "".join(new[c:d])) for tag, a, b, c, d in codes]
