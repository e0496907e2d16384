"""A segment's Markdown, shown lightly: bold looks bold, a link tells where it leads.

    text ─TOKEN→ tokens ─brackets→ links ─emphasis→ nodes ─emit→ HTML

Nothing of the post reaches the page as markup: every character is escaped, tags are shown as tags, and only `http`,
`https` and `mailto` links become anchors. For reading only: what a segment's marks are, `translator.markdown` says.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass, field
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup, escape

from translator.review import text as characters

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

DESTINATION = r"<[^<>\n]{0,2000}>|(?:[^\s()<>]|\([^\s()<>]{0,500}\))*"
TITLE = r"""\s+(?:"[^"]{0,500}"|'[^']{0,500}'|\([^()]{0,500}\))"""
TOKEN = re.compile(
    rf"""
      (?P<math>\$\$.{{1,1000}}?\$\$ | \$(?![\s$])[^$\n]{{1,500}}?(?<![\s\\])\$(?!\d) | \\\(.{{1,500}}?\\\))
    | (?P<escape>\\[!-/:-@\[-`{{-~])
    | (?P<code>(?P<ticks>`+)(?!`).{{1,1000}}?(?<!`)(?P=ticks)(?!`))
    | (?P<tag>\{{%.{{0,500}}?%\}} | \{{\{{.{{0,500}}?\}}\}} | \{{[\#.:][^{{}}]{{0,200}}\}})
    | (?P<role>:[a-zA-Z][\w-]{{0,30}}:`[^`]{{1,200}}`)
    | (?P<autolink><[a-zA-Z][a-zA-Z0-9+.-]{{1,31}}:[^\s<>]{{0,2000}}> | <[\w.+-]{{1,64}}@[\w.-]{{1,255}}>)
    | (?P<html><!--.{{0,1000}}?--> | </?[a-zA-Z][^<>]{{0,2000}}>)
    | (?P<bare>\bhttps?://[\w\-.~:/?\#@!$&'*+,;=%]{{1,2000}}(?<![.,;:!?'*]))
    | (?P<footnote>\[\^[^\]\s]{{1,100}}\])
    | (?P<entity>&(?:\#\d{{1,7}}|\#[xX][0-9a-fA-F]{{1,6}}|[A-Za-z][A-Za-z0-9]{{1,31}});)
    | (?P<open>!?\[)
    | (?P<close>\](?:\(\s*(?P<destination>{DESTINATION})(?P<title>{TITLE})?\s*\) | \[(?P<label>[^\[\]]{{0,200}})\])?)
    | (?P<run>\*+|_+|~~+)
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
SAFE = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x1f]+", re.IGNORECASE)
NESTED = 40
"""Deeper markup than this is shown as it is spelled."""
RUNS = 1000
"""With more delimiters than this no emphasis is looked for."""


class Term(NamedTuple):
    """A term to be underlined."""

    start: int
    end: int
    ref: int
    """Its number in the page's list of terms."""
    told: str = ""
    """The entry in a line, for a page whose script does not run."""
    obeyed: bool = True


class Spot(NamedTuple):
    """Where a finding points."""

    start: int
    end: int
    level: str


@dataclass(frozen=True, slots=True)
class Node:
    """Markup in a text: what lies between `start` and `first`, and between `last` and `end`, is not shown."""

    kind: str
    start: int
    first: int
    last: int
    end: int
    children: tuple[Node, ...] = ()
    url: str = ""
    """Of a link or image; of an entity: the character it stands for."""
    title: str = ""


@dataclass(slots=True)
class Run:
    """Asterisks, underscores or tildes that may open or close emphasis; used up from the inside."""

    sign: str
    start: int
    end: int
    opens: bool
    closes: bool

    @property
    def count(self) -> int:
        """Give how many are left."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Bracket:
    """An opening bracket that waits for its other half."""

    at: int
    """How many nodes and runs there were before it."""
    start: int
    end: int
    image: bool


def render(
    text: str, terms: Iterable[Term] = (), spots: Iterable[Spot] = (), *, markdown: bool = True, image: str = "image"
) -> Markup:
    """Give a segment as HTML, terms underlined and findings' places marked; `image` is what a picture is called."""
    writer = Writer(text, tuple(terms), tuple(spots), image)
    return Markup("").join(writer.emit(0, len(text), nodes(text) if markdown else ()))


# ── Reading ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def nodes(text: str) -> tuple[Node, ...]:
    """Give the markup of a text, nested, in order."""
    items: list[Node | Run] = []
    brackets: list[Bracket] = []
    for token in TOKEN.finditer(text):
        match token.lastgroup:
            case "open":
                brackets.append(Bracket(len(items), token.start(), token.end(), token[0] == "!["))
            case "close":
                if brackets:
                    _close(text, brackets.pop(), token, items)
            case "run":
                items.append(_run(text, token))
            case _:
                items.append(_atom(token))
    return _emphasis(items)


def _close(text: str, opener: Bracket, token: re.Match[str], items: list[Node | Run]) -> None:
    """Make a link or image of what stands after the opener, where it is one."""
    inside = items[opener.at :]
    leads = token["destination"] is not None or token["label"] is not None
    nested = not opener.image and any(isinstance(item, Node) and item.kind in {"link", "autolink"} for item in inside)
    if not leads or nested:
        return
    label = token["label"]
    url = _url(token["destination"]) if label is None else f"[{label or text[opener.end : token.start()]}]"
    kind = "image" if opener.image else "link"
    title = (token["title"] or "").strip()[1:-1]
    node = Node(kind, opener.start, opener.end, token.start(), token.end(), _emphasis(inside), url, title)
    items[opener.at :] = [node]


def _url(destination: str) -> str:
    return html.unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", destination.removeprefix("<").removesuffix(">")))


def _atom(token: re.Match[str]) -> Node:
    """Give what is kept whole, with the delimiters that need not be seen taken off."""
    start, end, whole = token.start(), token.end(), token[0]
    match token.lastgroup:
        case "code":
            width = len(token["ticks"])
            pad = whole[width] == " " == whole[-width - 1] and bool(whole[width:-width].strip())
            node = Node("code", start, start + width + pad, end - width - pad, end)
        case "escape":
            node = Node("escape", start, start + 1, end, end)
        case "autolink":
            url = whole[1:-1] if ":" in whole else f"mailto:{whole[1:-1]}"
            node = Node("autolink", start, start + 1, end - 1, end, url=url)
        case "bare":
            node = Node("autolink", start, start, end, end, url=whole)
        case "entity":
            node = Node("entity", start, start, end, end, url=html.unescape(whole))
        case "footnote":
            node = Node("footnote", start, start + 2, end - 1, end)
        case kind:
            node = Node("math" if kind == "math" else "tag", start, start, end, end)
    return node


def _run(text: str, token: re.Match[str]) -> Run:
    """Tell whether a run opens or closes, by CommonMark's rule, or the CJK-friendly one for `*` and `~`."""
    before = text[token.start() - 1] if token.start() else " "
    after = text[token.end()] if token.end() < len(text) else " "
    left = not after.isspace() and (not _is_sign(after) or before.isspace() or _is_sign(before) or _is_wide(before))
    right = not before.isspace() and (not _is_sign(before) or after.isspace() or _is_sign(after) or _is_wide(after))
    if token[0][0] == "_":
        opens, closes = left and (not right or _is_sign(before)), right and (not left or _is_sign(after))
    else:
        opens, closes = left, right
    return Run(token[0][0], token.start(), token.end(), opens, closes)


def _is_sign(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _emphasis(items: Sequence[Node | Run]) -> tuple[Node, ...]:
    """Pair the runs among the items; a run that finds no partner stays text."""
    if sum(isinstance(item, Run) for item in items) > RUNS:
        return tuple(item for item in items if isinstance(item, Node))
    done: list[Node | Run] = []
    for item in items:
        if isinstance(item, Node):
            done.append(item)
            continue
        while item.closes and item.count and (at := _opener(done, item)) is not None:
            _pair(done, at, item)
        if item.opens and item.count:
            done.append(item)
    return tuple(item for item in done if isinstance(item, Node))


def _opener(done: Sequence[Node | Run], closer: Run) -> int | None:
    """Find the nearest run that the closer may close."""
    for at in range(len(done) - 1, -1, -1):
        run = done[at]
        if not isinstance(run, Run) or run.sign != closer.sign:
            continue
        both = run.closes or closer.opens
        if both and closer.sign != "~" and (run.count + closer.count) % 3 == 0 and run.count % 3:
            continue
        if closer.sign != "~" or min(run.count, closer.count) >= 2:
            return at
    return None


def _pair(done: list[Node | Run], at: int, closer: Run) -> None:
    """Make emphasis of what stands between a run and its closer."""
    opener = done[at]
    assert isinstance(opener, Run)  # noqa: S101 - `_opener` gives runs only
    width = 2 if min(opener.count, closer.count) >= 2 else 1
    kind = "strike" if closer.sign == "~" else "strong" if width == 2 else "em"
    children = tuple(item for item in done[at + 1 :] if isinstance(item, Node))
    node = Node(kind, opener.end - width, opener.end, closer.start, closer.start + width, children)
    opener.end -= width
    closer.start += width
    done[at + (opener.count > 0) :] = [node]


# ── Writing ───────────────────────────────────────────────────────────────────────────────────────────────────────────

ELEMENT = {
    "strong": ("<strong>", "</strong>"),
    "em": ("<em>", "</em>"),
    "strike": ("<s>", "</s>"),
    "code": ("<code>", "</code>"),
    "math": ('<code class="math">', "</code>"),
    "tag": ('<code class="tag">', "</code>"),
    "footnote": ("<sup>", "</sup>"),
    "escape": ("", ""),
}


@dataclass(slots=True)
class Writer:
    """Writes a text out, escaped, with its markup, terms and spots; each term can be focused once."""

    text: str
    terms: tuple[Term, ...]
    spots: tuple[Spot, ...]
    image: str = "image"
    reached: set[Term] = field(default_factory=set)
    """Terms that can be focused already."""

    def emit(
        self, start: int, end: int, inside: Sequence[Node], depth: int = 0, *, linked: bool = False
    ) -> Iterator[Markup]:
        """Give the text between two places, with the nodes that stand there."""
        for node in inside if depth < NESTED else ():
            yield from self.words(start, node.start, linked=linked)
            yield from self._node(node, depth, linked=linked)
            start = node.end
        yield from self.words(start, end, linked=linked)

    def _node(self, node: Node, depth: int, *, linked: bool) -> Iterator[Markup]:
        if node.kind == "entity":
            yield from self._piece(node.start, node.end, node.url, linked=linked)
            return
        is_link = node.kind in {"link", "autolink"}
        before, after = (
            _link(node) if is_link else _image(node, self.image) if node.kind == "image" else ELEMENT[node.kind]
        )
        yield Markup(before)  # noqa: S704 - made of constants and escaped values
        yield from self.emit(node.first, node.last, node.children, depth + 1, linked=linked or is_link)
        yield Markup(after)  # noqa: S704 - a constant

    def words(self, start: int, end: int, *, linked: bool) -> Iterator[Markup]:
        """Give plain text, cut where a term or a spot begins or ends."""
        edges = {edge for term in self.terms for edge in (term.start, term.end)}
        edges |= {edge for spot in self.spots for edge in (spot.start, spot.end)}
        for low, high in pairwise((start, *sorted(edge for edge in edges if start < edge < end), end)):
            if low < high:
                yield from self._piece(low, high, self.text[low:high], linked=linked)

    def _piece(self, start: int, end: int, shown: str, *, linked: bool) -> Iterator[Markup]:
        """Give a stretch that the same marks cover from end to end."""
        term = next((term for term in self.terms if term.start <= start and end <= term.end), None)
        spot = next((spot for spot in self.spots if spot.start <= start and end <= spot.end), None)
        body = _visible(shown)
        if spot:
            body = Markup('<mark class="{}">{}</mark>').format(spot.level, body)
        if not term:
            yield body
            return
        yield _term(term, body, focus=not linked and term not in self.reached)
        self.reached.add(term)


def _visible(text: str) -> Markup:
    """Escape a text; what cannot be seen becomes a small sign with its name."""
    chip = Markup('<span class="unseen" title="{}">U+{:04X}</span>')
    parts = (escape(part) for part in characters.UNSEEN.split(text))
    chips = (chip.format(characters.name(sign), ord(sign)) for sign in characters.UNSEEN.findall(text))
    return Markup("").join(piece for pair in zip_longest(parts, chips, fillvalue="") for piece in pair)


def _term(term: Term, body: Markup, *, focus: bool) -> Markup:
    broken = Markup("") if term.obeyed else Markup(" broken")
    described = Markup("g{0}").format(term.ref) if term.obeyed else Markup("g{0} broken").format(term.ref)
    reach = Markup(' tabindex="0"') if focus else Markup("")
    told = characters.seen(term.told)
    return Markup('<span class="term{}" role="term" data-g="{}" title="{}" aria-describedby="{}"{}>{}</span>').format(
        broken, term.ref, told, described, reach, body
    )


def _link(node: Node) -> tuple[str, str]:
    told = characters.seen(node.url[:300] + (f" · {node.title}" if node.title else ""))
    if SAFE.fullmatch(node.url) and characters.seen(node.url) == node.url:
        opening = Markup('<a href="{}" title="{}" target="_blank" rel="noopener noreferrer">').format(node.url, told)
        return opening, "</a>"
    return Markup('<span class="link" title="{}" tabindex="0">').format(told), "</span>"


def _image(node: Node, name: str) -> tuple[str, str]:
    told = characters.seen(node.url[:300] + (f" · {node.title}" if node.title else ""))
    called = Markup('<span class="word" data-w="image">{}</span> ').format(name)
    opening = Markup('<span class="image" title="{}" tabindex="0">{}').format(told, called)
    return opening, "</span>"
