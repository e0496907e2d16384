"""A post as its readers will see it, with nothing alive in it: no address is loaded or led to, no HTML is taken.

    text ─block_tokens→ tokens ─print→ HTML;  prose ─scan→ marks ─inline→ HTML

Every character of the post is escaped; tags, of HTML and of blogs, are shown as text. The elements are ours, with no
attribute but `class`, `id`, `title`, `start`, `role` and `aria-label`.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING

from translator.markdown.front import find_front
from translator.markdown.inline import normal_label, scan
from translator.markdown.parse import normalised
from translator.markdown.rules import NESTING, block_tokens
from translator.model import InlineKind, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from markdown_it.token import Token

    from translator.model import Inline

WEB = re.compile(r"(?:https?://|mailto:)\S+", re.IGNORECASE)
TAGS = frozenset(
    "p h1 h2 h3 h4 h5 h6 blockquote ul ol li table thead tbody tr th td dl dt dd pre code hr".split()  # noqa: SIM905 - a list of words
)
PLACES = frozenset({"heading_open", "paragraph_open", "tr_open", "list_item_open", "dt_open", "dd_open"})
"""Tokens that may take the id of the block on their first line."""
QUIET = frozenset({"tag", "verbatim", "colons", "jsx", "admonition"})
_TASK = re.compile(r"\[([ xX])\][ \t]+(?=\S)")
_EMPHASIS = {InlineKind.STRONG: "strong", InlineKind.EM: "em", InlineKind.STRIKE: "s"}
_CHIPS = {
    InlineKind.TAG: "tag",
    InlineKind.ROLE: "tag",
    InlineKind.ATTRIBUTES: "tag",
    InlineKind.HTML: "raw",
    InlineKind.MATH: "math",
}


def html(text: str, ids: Mapping[int, str], title: str = "", *, mdx: bool = False) -> str:
    """Give a post's body as HTML; `ids` say where in the text blocks begin, and what each is called.

    The front matter is not shown but for its `title`, which the caller gives. Each id is given once; of blocks that
    begin on one line the first has it.
    """
    front = find_front(text)
    start = front.end if front else int(text.startswith("\ufeff"))
    source, lines = normalised(text)[start:], dict[int, str]()
    anchors = "".join(f'<span id="{escape(name)}"></span>' for at, name in ids.items() if at < start)
    for at, name in sorted(ids.items()):
        if at >= start:
            lines.setdefault(source.count("\n", 0, at - start), escape(name))
    body = _Printer(source, lines, mdx=mdx)
    heading = f'<h1 class="title">{anchors}{escape(title)}</h1>\n' if title else anchors
    return heading + "".join(body.print())


class _Printer:
    """Prints tokens; every id is given once."""

    def __init__(self, source: str, ids: dict[int, str], *, mdx: bool) -> None:
        self.source, self.ids = source, ids
        self.tokens, env = block_tokens(source, mdx=mdx)
        self.references = _references(env)

    def print(self) -> Iterator[str]:
        """Give the HTML of all tokens."""
        if any(token.level >= NESTING - 2 for token in self.tokens):
            yield f'<pre tabindex="0">{escape(self.source)}</pre>'
            return
        for token in self.tokens:
            yield from self.token(token)

    def token(self, token: Token) -> Iterator[str]:
        """Give the HTML of one token."""
        if token.hidden:
            yield self.anchor(token) if token.nesting > 0 else " "
        elif token.type == "inline":
            yield self.anchor(token) + self.prose(token)
        elif token.nesting:
            yield from self.container(token)
        else:
            yield self.leaf(token)

    def container(self, token: Token) -> Iterator[str]:
        """Open or close an element."""
        name = token.tag if token.tag in TAGS else "div"
        if token.nesting < 0:
            yield f"</{name}>\n"
            return
        kind = "" if token.tag in TAGS else token.type.removesuffix("_open").split("_")[0]
        align = str(token.attrs.get("style", "")).rpartition(":")[2]
        style = kind or (align if align in {"center", "right"} else "")
        number = token.attrs.get("start", 1)
        numbered = f' start="{int(number)}"' if token.type == "ordered_list_open" and number != 1 else ""
        yield f"<{name}{self.place(token)}" + (f' class="{style}"' if style else "") + f"{numbered}>"

    def place(self, token: Token) -> str:
        """Give a token the id of its line, if it has not been given yet."""
        if token.type not in PLACES or not token.map:
            return ""
        name = self.ids.pop(token.map[0], "")
        return f' id="{name}"' if name else ""

    def anchor(self, token: Token) -> str:
        """Give an empty element with the id of a token's line, where nothing else took it."""
        name = self.ids.pop(token.map[0], "") if token.map else ""
        return f'<span id="{name}"></span>' if name else ""

    def prose(self, token: Token) -> str:
        """Give the words of a block."""
        text = token.content or self.whole(token).lstrip("#").strip()
        task = _TASK.match(text)
        box = ("☐ " if task[1] == " " else "☑ ") if task else ""
        return box + inline(text[task.end() :] if task else text, self.references)

    def leaf(self, token: Token) -> str:
        """Give what is shown as it is."""
        whole = token.content or self.whole(token)
        at = f"{self.anchor(token)}"
        match token.type:
            case "hr":
                return "<hr>\n"
            case "fence" | "code_block":
                return f'{at}<pre tabindex="0"><code>{escape(token.content)}</code></pre>\n'
            case "math":
                return f'{at}<pre class="math" tabindex="0">{escape(whole)}</pre>\n'
            case "html_block":
                return f'{at}<pre class="raw" tabindex="0">{escape(whole.rstrip())}</pre>\n'
            case kind if kind in QUIET:
                return f'{at}<p class="tag">{escape(whole.strip())}</p>\n'
        return at

    def whole(self, token: Token) -> str:
        """Give a token's lines, without what its containers put before them."""
        return "\n".join(self.source[start:end] for start, end in token.meta.get("lines", ()))


def _references(env: Mapping[str, object]) -> dict[str, str]:
    known = env.get("references")
    if not isinstance(known, dict):
        return {}
    return {normal_label(label): str(one["href"]) for label, one in known.items()}


# ── Words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def inline(text: str, references: Mapping[str, str]) -> str:
    """Give prose as HTML."""
    marks = [mark for mark in scan(text, references) if mark.span.end > mark.span.start]
    return "".join(_emit(text, Span(0, len(text)), marks))


def _emit(text: str, span: Span, marks: Sequence[Inline]) -> Iterator[str]:
    """Give what stands in a span; marks are sorted, outer before inner."""
    at, n = span.start, 0
    while n < len(marks):
        mark = marks[n]
        last = n + 1
        while last < len(marks) and marks[last].span.start < mark.span.end:
            last += 1
        yield escape(text[at : mark.span.start])
        yield from _mark(text, mark, marks[n + 1 : last])
        at, n = mark.span.end, last
    yield escape(text[at : span.end])


def _mark(text: str, mark: Inline, inside: Sequence[Inline]) -> Iterator[str]:
    if mark.inner is None:
        yield _atom(text, mark)
        return
    words = [one for one in inside if mark.inner.start <= one.span.start and one.span.end <= mark.inner.end]
    before, after = _around(text, mark)
    yield before
    yield from _emit(text, mark.inner, words)
    yield after


def _around(text: str, mark: Inline) -> tuple[str, str]:
    """Give what stands before and after the words of a mark."""
    assert mark.inner is not None  # noqa: S101 - asked for pairs only
    if name := _EMPHASIS.get(mark.kind):
        return f"<{name}>", f"</{name}>"
    if mark.kind is InlineKind.LINK:
        return f'<span class="link"{_leads(mark.destination.of(text) if mark.destination else "")}>', "</span>"
    opening, closing = text[mark.span.start : mark.inner.start], text[mark.inner.end : mark.span.end]
    return _chip("raw", opening), _chip("raw", closing)


def _atom(text: str, mark: Inline) -> str:
    """Give what is kept whole."""
    printed = _ATOMS.get(mark.kind)
    return printed(text, mark) if printed else _chip(_CHIPS.get(mark.kind, "raw"), mark.span.of(text))


def _break(text: str, mark: Inline) -> str:
    return "<br>" if mark.span.of(text).startswith(("\\", "  ")) else " "


def _address(text: str, mark: Inline) -> str:
    shown = mark.destination.of(text) if mark.destination else mark.span.of(text)
    return f'<span class="link"{_leads(shown)}>{escape(shown)}</span>'


_ATOMS: Mapping[InlineKind, Callable[[str, Inline], str]] = {
    InlineKind.BREAK: _break,
    InlineKind.ESCAPE: lambda text, mark: escape(mark.span.of(text)[1:]),
    InlineKind.ENTITY: lambda text, mark: escape(unescape(mark.span.of(text))),
    InlineKind.CODE: lambda text, mark: f"<code>{escape(_without_ticks(mark.span.of(text)))}</code>",
    InlineKind.AUTOLINK: _address,
    InlineKind.IMAGE: lambda text, mark: _image(mark.prose[0].of(text) if mark.prose else ""),
    InlineKind.FOOTNOTE: lambda text, mark: f"<sup>{escape(mark.span.of(text).strip('[]^'))}</sup>",
}


def _image(alt: str) -> str:
    told = escape(re.sub(r"[*_`]", "", alt))
    return f'<span class="image" role="img" aria-label="{told}">{told or "—"}</span>'


def _chip(style: str, text: str) -> str:
    return f'<code class="{style}">{escape(text)}</code>' if text else ""


def _leads(destination: str) -> str:
    """Tell where a link leads, if it leads to the web; nothing follows it."""
    address = unescape(destination.strip("<>"))
    return f' title="{escape(address)}"' if WEB.fullmatch(address) else ""


def _without_ticks(code: str) -> str:
    width = len(code) - len(code.lstrip("`"))
    inside = code[width:-width]
    is_padded = len(inside) > 1 and inside[0] == inside[-1] == " " and inside.strip()
    return inside[1:-1] if is_padded else inside
