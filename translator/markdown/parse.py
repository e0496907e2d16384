"""A text and where its blocks stand: front matter, then markdown-it's block tokens, each turned into leaf blocks."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from translator.markdown.characters import BLANKS
from translator.markdown.front import FRONT_KEYS, find_front, front_values
from translator.markdown.html import html_runs
from translator.markdown.inline import Content, destination_at, normal_label, place, scan_nodes, title_at
from translator.markdown.rules import ADMONITION, COLONS, NESTING, TAG_NAME, block_tokens
from translator.model import Block, BlockKind, Codec, Document, InlineKind, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from markdown_it.token import Token

_MARKER = re.compile(r"#{1,6}")
_TASK = re.compile(r"\[[ xX]\][ \t]+(?=\S)")
_CELL = re.compile(r"(?:[^|\\]|\\.)*", re.DOTALL)
_OFF = re.compile(r"<!--\s*duizhao:(on|off)\s*-->")
_ONLY = re.compile(r"TOC\s*\{:toc\}|\[\[?toc\]\]?|\{:[^{}]*\}|\{:toc\}|@\[toc\](?:\(.*\))?", re.IGNORECASE)
_ALERT = re.compile(r"(?P<line>\[!\w+\][+-]?[ \t]*(?P<title>[^\n]*?))[ \t]*(?:\n|\Z)")
_LETTER = re.compile(r"[^\W\d_]")
_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.)*+)\]:\s*", re.DOTALL)
_TITLE_KEYS = re.compile(
    r"""\b(?:title|summary|caption|alt|header|desc|description)\s*=\s*(["'])(?P<title>(?:(?!\1).)*)\1"""
)
_WORDS = re.compile(r"[\u3400-\u9fff]|^[^\W\d_a-z][^/=]*$|^[^/=]*[^\W\d_][^/=]* [^/=]*$")
"""What a quoted argument is if it is prose: Chinese, or English words that start with a capital or are several."""
_QUOTED = re.compile(r"""(["'])(?P<title>(?:(?!\1).)*)\1""")
_BARE_TITLE = re.compile(r"\[(?P<title>[^\[\]\n]*)\]")

_CONTAINERS = {
    "blockquote": "quote",
    "bullet_list": "bullet",
    "ordered_list": "ordered",
    "list_item": "item",
    "table": "table",
    "thead": "header",
    "footnote_reference": "footnote",
    "dl": "dl",
    "dt": "dt",
    "dd": "dd",
    "admonition": "container",
}


class _Open(NamedTuple):
    """A container that is open."""

    name: str
    tag: str = ""
    """The tag that closes it, where it is opened by a line and not by the block structure."""


def parse(text: str, *, mdx: bool = False, front_keys: Sequence[str] = FRONT_KEYS) -> Document:
    """Find the blocks of a post and the markup in them.

    Laws: blocks are in order and disjoint; every character that no block covers is blank, a marker of the block
    structure, or a line ending; splicing nothing gives the text back. Raises `InputError` (without its path) for front
    matter that is not what it says it is.
    """
    front = find_front(text)
    start = front.end if front else int(text.startswith("\ufeff"))
    reader = _Reader(text, start)
    if front:
        reader.front(front_values(text, front, front_keys))
    reader.body(mdx=mdx)
    blocks = tuple(_switched(reader.blocks, text))
    return Document(text, blocks, reader.references, front.span if front else None, newline(text))


def newline(text: str) -> str:
    """Give the line ending most lines have; the first of equals in the order LF, CRLF, CR."""
    pairs = text.count("\r\n")
    counts = {"\n": text.count("\n") - pairs, "\r\n": pairs, "\r": text.count("\r") - pairs}
    return max(counts, key=lambda ending: counts[ending])


def normalised(text: str) -> str:
    """Give a copy of the same length that has no NUL and ends its lines with line feeds."""
    if "\r" in text:
        text = text.replace("\r\n", " \n").replace("\r", "\n")
    return text.replace("\0", "\ufffd")


class _Reader:
    """Turns tokens into blocks, keeping track of the containers they stand in."""

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.start = start
        self.source = normalised(text)
        self.lines = _line_starts(self.source)
        self.blocks: list[Block] = []
        self.references: dict[str, str] = {}
        self.open: list[_Open] = []
        self.is_first = False
        """Whether nothing of a list item was read yet."""
        self.ends: Mapping[str, int] = {}

    # ── Where things stand ──

    def whole_lines(self, start: int, end: int) -> Span:
        """Give the whole lines that a span touches."""
        lines = self.lines
        last = bisect_right(lines, max(start, end - 1))
        return Span(lines[bisect_right(lines, start) - 1], lines[last] if last < len(lines) else len(self.text))

    def content(self, token: Token) -> Content | None:
        """Give a token's text without its containers' prefixes and without blanks at its ends; None if it has none."""
        return self.gather(token.meta["lines"])

    def gather(self, lines: Iterable[tuple[int, int]]) -> Content | None:
        """Join the lines of a block."""
        texts: list[str] = []
        places: list[int] = []
        for start, end in lines:
            first, last = start + self.start, end + self.start
            if last > first and self.text[last - 1] == "\r":
                last -= 1
            places.append(first)
            texts.append(self.text[first:last])
        while texts and not texts[-1].strip(BLANKS):
            texts.pop()
        skip = next((n for n, line in enumerate(texts) if line.strip(BLANKS)), len(texts))
        texts, places = texts[skip:], places[skip:]
        if not texts:
            return None
        places[0] += len(texts[0]) - len(texts[0].lstrip(BLANKS))
        texts[0] = texts[0].lstrip(BLANKS)
        texts[-1] = texts[-1].rstrip(BLANKS)
        return joined(texts, places)

    def add(self, kind: BlockKind, span: Span, **more: object) -> None:
        """Note a block."""
        containers = tuple(each.name for each in self.open)
        lines = self.whole_lines(*span)
        self.blocks.append(Block(kind, span, lines, containers=containers, **more))  # type: ignore[arg-type]

    def prose(self, kind: BlockKind, content: Content, level: int = 0) -> None:
        """Note prose; its markup is found once all references are known."""
        self.add(kind, Span(content.places[0], content.at(len(content.text))), level=level)
        self.pending.append((len(self.blocks) - 1, content))

    def kept(self, start: int, end: int, inside: Iterable[Block] = ()) -> None:
        """Note what stands as it is, around the prose inside it.

        A piece is cut where the lines of its neighbours end, so that each of these keeps its own lines.
        """
        follows = False
        for block in inside:
            self.pieces(self.cut(start, block.span.start, follows=follows, leads=True))
            self.blocks.append(block)
            start, follows = block.span.end, True
        self.pieces(self.cut(start, end, follows=follows, leads=False))

    def pieces(self, spans: Iterable[Span]) -> None:
        """Note raw text without the blanks around it."""
        for span in spans:
            inside = self.text[span.start : span.end]
            bare = inside.strip()
            if bare:
                first = span.start + len(inside) - len(inside.lstrip())
                self.add(BlockKind.RAW, Span(first, first + len(bare)))

    def cut(self, start: int, end: int, *, follows: bool, leads: bool) -> Iterator[Span]:
        """Cut a stretch that follows prose or leads to it into the rest of a line, whole lines, and a beginning."""
        if follows and (rest := self.whole_lines(start, start).end) < end:
            yield Span(start, rest)
            start = rest
        if leads and start < (last := self.whole_lines(end, end).start):
            yield Span(start, last)
            start = last
        yield Span(start, end)

    # ── Front matter ──

    def front(self, values: Iterable[Block]) -> None:
        """Note the front matter, around its prose."""
        self.open.append(_Open("front"))
        placed = (replace(value, lines=self.whole_lines(*value.span), containers=("front",)) for value in values)
        self.kept(int(self.text.startswith("\ufeff")), self.start, placed)
        self.open.pop()

    # ── Body ──

    def body(self, *, mdx: bool) -> None:
        """Read the tokens, then the markup of their prose."""
        self.pending: list[tuple[int, Content]] = []
        tokens, env = block_tokens(self.source[self.start :], mdx=mdx)
        self.ends = env["ends"]
        self.heading: Token | None = None
        for token in tokens:
            self.token(token)
        if any(token.level >= NESTING - 2 for token in tokens):
            self.fill()
        for index, content in self.pending:
            nodes = scan_nodes(content.text, self.references, mdx=mdx)
            if nodes:
                self.blocks[index] = replace(self.blocks[index], inlines=place(nodes, content))

    def fill(self) -> None:
        """Note what stands too deep to be read."""
        end, found = self.start, self.blocks
        self.blocks = []
        moved = {}
        for index, block in enumerate([*found, None]):
            start = block.span.start if block else len(self.text)
            if _LETTER.search(self.text, end, start):
                self.kept(end, start)
            if block:
                moved[index] = len(self.blocks)
                self.blocks.append(block)
                end = block.span.end
        self.pending = [(moved[index], content) for index, content in self.pending]

    def token(self, token: Token) -> None:
        """Read one token."""
        if token.nesting > 0:
            self.enter(token)
        elif token.nesting < 0:
            self.leave(token)
        else:
            _LEAVES[token.type](self, token)
            self.is_first = False

    def enter(self, token: Token) -> None:
        """Open a container."""
        kind = token.type.removesuffix("_open")
        if kind == "heading":
            self.heading = token
        elif kind == "tr":
            self.row: list[Content] | None = None
            if self.open[-1].name != "header":
                self.open.append(_Open("row"))
        elif name := _CONTAINERS.get(kind):
            self.open.append(_Open(name))
            self.is_first = kind == "list_item"

    def leave(self, token: Token) -> None:
        """Close a container, and what lines opened inside it."""
        kind = token.type.removesuffix("_close")
        self.is_first = False
        if kind == "heading":
            self.heading = None
            return
        name = "row" if kind == "tr" and self.open[-1].name == "row" else _CONTAINERS.get(kind)
        if name:
            while self.open.pop() != _Open(name):
                pass

    def inline(self, token: Token) -> None:
        """Read a paragraph, a heading or a cell."""
        if self.open and self.open[-1].name in {"header", "row"}:
            self.cells(token)
            return
        content = self.content(token)
        if content is None:
            return
        if self.heading:
            self.headline(content, int(self.heading.tag[1:]), is_atx=self.heading.markup[:1] not in {"=", "-"})
        elif self.is_first and (task := _TASK.match(content.text)):
            self.prose(BlockKind.PARAGRAPH, _from(content, task.end()))
        elif _ONLY.fullmatch(content.text):
            self.kept(content.places[0], content.at(len(content.text)))
        elif self.open and self.open[-1].name == "quote" and (alert := _ALERT.match(content.text)):
            self.alert(content, alert)
        else:
            self.prose(BlockKind.PARAGRAPH, content)

    def alert(self, content: Content, alert: re.Match[str]) -> None:
        """Note `[!NOTE] 标题` apart from the words below it."""
        title = [self.title(content.span(*alert.span("title")))] if alert["title"] else []
        self.kept(content.places[0], content.at(alert.end("line")), title)
        if alert.end() < len(content.text):
            self.prose(BlockKind.PARAGRAPH, _below(content))

    def headline(self, content: Content, level: int, *, is_atx: bool) -> None:
        """Note a heading without its marks."""
        if is_atx:
            inner = _inside_heading(content)
            if inner is None:
                self.kept(content.places[0], content.at(len(content.text)))
                return
            content = inner
        block = len(self.blocks)
        self.prose(BlockKind.HEADING, content, level)
        if not is_atx:
            lines = self.blocks[block].lines
            underline = self.whole_lines(lines.end, lines.end)
            self.blocks[block] = replace(self.blocks[block], lines=Span(lines.start, underline.end))

    def cells(self, token: Token) -> None:
        """Note all cells of a row at its first token."""
        if self.row is not None:
            return
        start, end = token.meta["lines"][0]
        self.row = list(_cells(self.text, start + self.start, end + self.start))
        for cell in self.row:
            self.prose(BlockKind.CELL, cell)
        if self.open[-1].name == "header":
            following = self.whole_lines(end + self.start, end + self.start).end
            rule = self.whole_lines(following, following)
            inside = self.text[rule.start : rule.end]
            start = rule.start + inside.index("-")
            while start > rule.start and self.text[start - 1] in "|: \t":
                start -= 1
            self.kept(start, rule.end)

    def leaf(self, token: Token, kind: BlockKind, key: str = "") -> None:
        """Note something that is kept whole."""
        lines = token.meta["lines"]
        first = lines[0][0] + self.start
        end = lines[-1][1] + self.start
        inside = self.text[first:end].rstrip()
        self.add(kind, Span(first, first + max(1, len(inside))), key=key)

    def code(self, token: Token) -> None:
        """Note code with its language."""
        self.leaf(token, BlockKind.CODE, key=token.info.strip().split(maxsplit=1)[0] if token.info.strip() else "")

    def math(self, token: Token) -> None:
        """Note a formula."""
        self.leaf(token, BlockKind.MATH)

    def rule(self, token: Token) -> None:
        """Note a thematic break."""
        self.leaf(token, BlockKind.RULE)

    def verbatim(self, token: Token) -> None:
        """Note what is kept from Markdown."""
        self.leaf(token, BlockKind.RAW)

    def markup(self, token: Token) -> None:
        """Note an HTML block around its prose."""
        content = self.content(token)
        if content is None:
            return
        start, end = content.places[0], content.at(len(content.text))
        self.kept(start, end, list(self.html_prose(content)))

    def jsx(self, token: Token) -> None:
        """Note JSX: an expression is kept, tags are read as those of HTML."""
        is_expression = self.text.startswith("{", token.meta["lines"][0][0] + self.start)
        (self.verbatim if is_expression else self.markup)(token)

    def html_prose(self, content: Content) -> Iterator[Block]:
        """Give the prose of an HTML block."""
        containers = tuple(each.name for each in self.open)
        for run in html_runs(content.text):
            span = content.span(*run.span)
            kind = BlockKind.HTML
            inside = Content(content.text, tuple(s - run.span.start for s in content.starts), content.places)
            inlines = place(run.nodes, inside) if run.nodes else ()
            yield Block(kind, span, self.whole_lines(*span), run.codec, 0, containers, run.key, inlines)

    def definition(self, token: Token) -> None:
        """Note a link reference definition, with its title."""
        content = self.content(token)
        label = _LABEL.match(content.text) if content else None
        goal = destination_at(content.text, label.end()) if content and label else None
        if not content or not label or not goal:
            return
        end, destination = goal
        self.references.setdefault(normal_label(label[1]), content.text[destination.start : destination.end])
        space = len(content.text) - len(content.text[end:].lstrip())
        title = title_at(content.text, space) if space > end else None
        inside = [self.title(content.span(*title), Codec.LINK_TITLE)] if title and title.end > title.start else []
        self.kept(content.places[0], content.at(len(content.text)), inside)

    def title(self, span: Span, codec: Codec = Codec.PLAIN) -> Block:
        """Give the block of a title."""
        containers = tuple(each.name for each in self.open)
        return Block(BlockKind.TITLE, span, self.whole_lines(*span), codec, containers=containers)

    def titled(self, token: Token, *titles: Span) -> None:
        """Note a line of structure with the titles in it."""
        lines = token.meta["lines"]
        inside = [self.title(title) for title in titles]
        self.kept(lines[0][0] + self.start, lines[-1][1] + self.start, inside)

    def admonition(self, token: Token) -> None:
        """Note the first line of an admonition."""
        start, end = token.meta["lines"][0]
        found = ADMONITION.match(self.text, start + self.start, end + self.start)
        self.titled(token, *([Span(*found.span("title"))] if found and found["title"] else []))

    def colons(self, token: Token) -> None:
        """Note a line of colons; it opens a container or closes one."""
        start, end = token.meta["lines"][0]
        start, end = start + self.start, end + self.start
        found = COLONS.match(self.text, start, end)
        if not found or not self.text[start:end].strip().strip(":"):
            self.close(":::")
            self.titled(token)
            return
        self.titled(token, *_container_title(self.text, found.end("name"), end))
        self.push("container", ":::")

    def tag(self, token: Token) -> None:
        """Note a line of tags; it opens a container if something closes it later."""
        lines = token.meta["lines"]
        start, end = lines[0][0] + self.start, lines[-1][1] + self.start
        name = TAG_NAME.match(self.text, start, end)
        if name and name["end"]:
            self.close(name["name"])
        self.titled(token, *_tag_titles(self.text, start, end))
        if name and not name["end"] and self.ends.get(name["name"], -1) + self.start > end:
            self.push("tag", name["name"])

    def push(self, name: str, tag: str) -> None:
        """Open a container that a line opens; those that nobody closes must not pile up."""
        if len(self.open) < NESTING:
            self.open.append(_Open(name, tag))

    def close(self, tag: str) -> None:
        """Close the container that a line opened, unless the block structure is in between."""
        for depth in range(len(self.open) - 1, -1, -1):
            if not self.open[depth].tag:
                return
            if self.open[depth].tag == tag:
                del self.open[depth:]
                return


_LEAVES: Mapping[str, Callable[[_Reader, Token], None]] = {
    "inline": _Reader.inline,
    "fence": _Reader.code,
    "code_block": _Reader.code,
    "math": _Reader.math,
    "hr": _Reader.rule,
    "html_block": _Reader.markup,
    "definition": _Reader.definition,
    "colons": _Reader.colons,
    "tag": _Reader.tag,
    "verbatim": _Reader.verbatim,
    "jsx": _Reader.jsx,
    "admonition": _Reader.admonition,
}


def joined(texts: Sequence[str], places: Sequence[int]) -> Content:
    """Join lines, noting where each starts."""
    if len(texts) == 1:
        return Content(texts[0], (0,), (places[0],))
    starts = [0]
    for text in texts[:-1]:
        starts.append(starts[-1] + len(text) + 1)
    return Content("\n".join(texts), tuple(starts), tuple(places))


def _from(content: Content, start: int, end: int | None = None) -> Content:
    """Cut characters off the first and the last line."""
    cut = content.text[start:end]
    starts = (0, *(place - start for place in content.starts[1:]))
    return Content(cut, starts, (content.places[0] + start, *content.places[1:]))


def _below(content: Content) -> Content:
    """Give all lines but the first."""
    by = content.starts[1]
    return Content(content.text[by:], tuple(start - by for start in content.starts[1:]), content.places[1:])


def _inside_heading(content: Content) -> Content | None:
    """Leave out the marks of an ATX heading; None if nothing is left."""
    text = content.text
    marker = _MARKER.match(text)
    start = marker.end() if marker else 0
    end = len(text)
    bare = text.rstrip("#")
    if len(bare) >= start and bare[-1:] in {" ", "\t"}:
        end = len(bare)
    inside = text[start:end]
    start += len(inside) - len(inside.lstrip(BLANKS))
    end = start + len(inside.strip(BLANKS))
    return _from(content, start, end) if end > start else None


def _cells(text: str, start: int, end: int) -> Iterator[Content]:
    """Give the cells of a row that hold something."""
    position = start
    while position < end:
        found = _CELL.match(text, position, end)
        inside = found[0] if found else ""
        bare = inside.strip()
        if bare:
            first = position + len(inside) - len(inside.lstrip())
            yield Content(bare, (0,), (first,))
        position += len(inside) + 1


def _container_title(text: str, start: int, end: int) -> Iterator[Span]:
    """Find the title of a `:::` container."""
    inside = text[start:end]
    found = _BARE_TITLE.match(inside) or _TITLE_KEYS.search(inside)
    if found:
        bare, first = found["title"].strip(), start + found.start("title")
    else:
        bare, first = inside.split("{")[0].strip(), start
    if bare:
        first = text.index(bare, first)
        yield Span(first, first + len(bare))


def _tag_titles(text: str, start: int, end: int) -> Iterator[Span]:
    """Find the titles among a tag's arguments: those that are named, or the first that is quoted and prose."""
    named = [found for found in _TITLE_KEYS.finditer(text, start, end) if _LETTER.search(found["title"])]
    quoted = (found for found in _QUOTED.finditer(text, start, end) if _WORDS.search(found["title"]))
    for found in named or islice(quoted, 1):
        if "\n" not in found["title"] and found["title"].strip():
            yield Span(*found.span("title"))


def _line_starts(source: str) -> list[int]:
    starts = [0]
    position = source.find("\n")
    while position >= 0:
        starts.append(position + 1)
        position = source.find("\n", position + 1)
    if starts[-1] == len(source) and len(starts) > 1:
        starts.pop()
    return starts


def _switched(blocks: Sequence[Block], text: str) -> Iterator[Block]:
    """Keep what stands between `<!-- duizhao:off -->` and `<!-- duizhao:on -->`."""
    if "duizhao:" not in text:
        yield from blocks
        return
    is_off = False
    for block in blocks:
        switches = list(_switches(block, text))
        if is_off or "off" in switches:
            block = Block(BlockKind.RAW, block.span, block.lines, containers=block.containers)  # noqa: PLW2901
        is_off = switches[-1] == "off" if switches else is_off
        yield block


def _switches(block: Block, text: str) -> Iterator[str]:
    """Give the switches that stand in a block as comments."""
    if block.kind is BlockKind.RAW:
        yield from (found[1] for found in _OFF.finditer(text, *block.span))
    for inline in block.inlines:
        if inline.kind is InlineKind.HTML and (found := _OFF.fullmatch(text, *inline.span)):
            yield found[1]
