"""The markup inside prose: one linear scan, after the CommonMark specification's own parsing strategy (its appendix).

The delimiter and bracket stacks are those of the specification; what Chinese blogs add (math, tags, roles, footnotes,
bare addresses, emphasis beside Chinese punctuation) is a row in `_HANDLERS`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from html.entities import html5
from typing import TYPE_CHECKING, NamedTuple

from translator.markdown.characters import HAN, PUNCTUATION, classify
from translator.model import Inline, InlineKind, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

_BRACED = r"\{(?:[^{}]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*+\})*+\})*+\})*+\}"
"""A JSX expression, four deep."""
_EXPRESSION = re.compile(_BRACED)
_ATTRIBUTE = rf"""\s++[A-Za-z_:@{{][\w:.@{{}}-]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|{_BRACED}|[^\s"'=<>`]++))?+"""
_NAME = r"(?:[A-Z][\w.-]*+|[a-z][\w-]*+)"
TAG = re.compile(
    rf"<(?:(?P<close>/)(?P<end>{_NAME})\s*+|(?P<name>{_NAME})(?:{_ATTRIBUTE})*+\s*+(?P<void>/?))>", re.ASCII
)
"""An opening or closing tag; JSX values in braces and Vue's `@click` are let in too."""
_DECLARATION = re.compile(r"<![A-Za-z][^>]*+>")
_PROSE_ATTRIBUTE = re.compile(
    r"""(?<=\s)(?P<key>alt|title)\s*+=\s*+(?P<quote>["'])(?P<value>.*?)(?P=quote)""", re.IGNORECASE | re.DOTALL
)
HREF = re.compile(r"""(?<=\s)(?:href|src)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'=<>`]++))""", re.IGNORECASE)

VOID = frozenset(
    re.findall(
        r"\S+",
        "area base br col embed hr img input link meta param source track wbr",
    )
)
VERBATIM = frozenset(
    re.findall(
        r"\S+",
        "code pre script style svg math textarea samp kbd var tt",
    )
)
"""Elements whose inside is no prose."""

ENTITY = re.compile(r"&(?:#[xX][0-9a-fA-F]{1,6}|#[0-9]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});")
_ANGLE = re.compile(
    r"<(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>\x00-\x20]*+"
    r"|[\w.!#$%&'*+/=?^`{|}~-]++@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)>",
    re.ASCII,
)
_MATH = re.compile(r"\$\$(?:[^$\\]++|\\.|\$(?!\$))++\$\$|\$(?![\s$])(?:[^$\\]++|\\.)*+(?<!\s)\$(?!\d)", re.DOTALL)
_WORD = re.compile(r"[^\W_]")
_FORMULA = re.compile(r"\\[A-Za-z]|[\^_=]")
_CHINESE = re.compile(f"{HAN.pattern}|[，。；：、！？（）“”‘’「」《》]")
_PAIR = r"""(?:[#.][^\s{}#.]++|[A-Za-z][\w-]*+=(?:"[^"]*+"|'[^']*+'|[^\s{}"']++))"""
_ATTRIBUTES = re.compile(rf"\{{:?[ \t]*+{_PAIR}(?:[ \t]*+{_PAIR})*+[ \t]*+\}}|\{{:toc\}}")
_ROLE = re.compile(r":(?:[A-Za-z][\w.+-]*+:)++(?=`)|\{[A-Za-z][\w:.+-]*+\}(?=`)", re.ASCII)
_EMOJI = re.compile(r":(?:[a-z][a-z0-9_+-]*+|\+1|-1):(?![:\w`])", re.ASCII)
_FOOTNOTE = re.compile(r"\[\^[^\s\[\]^]++\]")
_LETTERS = "\u00c0-\u024f\u0370-\u052f"
_ADDRESS = re.compile(rf"(?:[!-;=?-Z\\^_a-z{{}}~{_LETTERS}]++|\[[!-;=?-Z\\^_a-z{{}}~]*+\](?!\())++")
_HOST = re.compile(rf"(?:[\w-]++\.)*+[\w{_LETTERS}-]+|\[[0-9a-fA-F:.]++\]", re.ASCII)
_SCHEMES = ("https", "http", "ftp")
_MAIL_HOST = re.compile(r"[A-Za-z0-9_-]++(?:\.[A-Za-z0-9_-]++)++")
_LOCAL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_+")
_TAGS = (("{{<", ">}}"), ("{{%", "%}}"), ("{{", "}}"), ("{%", "%}"), ("{#", "#}"))
_RAW_TAG = re.compile(r"\{%-?\s*raw\s*-?%\}")
_END_RAW = re.compile(r"\{%-?\s*endraw\s*-?%\}")

_SPACE = re.compile(r"[ \t\n]*+")
_TITLES = tuple(
    (mark, re.compile(rf"{mark}((?:[^{inside}\\]|\\.)*+){end}", re.DOTALL))
    for mark, inside, end in (('"', '"', '"'), ("'", "'", "'"), (r"\(", "()", r"\)"))
)
_TITLE = re.compile("|".join(pattern.pattern for _, pattern in _TITLES), re.DOTALL)
_POINTY = re.compile(r"<((?:[^<>\n\\]|\\.)*+)>")
_BARE = re.compile(r"(?:[^\\()\x00-\x20\x7f]|\\[^\x00-\x20\x7f]|\\(?=[\x00-\x20\x7f]|\Z))++|[()]")
_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){0,999}+)\]", re.DOTALL)

_MARKDOWN = re.compile(r"[\\`*_~\[\]<&${:\n@]")
_MARKDOWN_WWW = re.compile(r"[\\`*_~\[\]<&${:\n@]|www\.")
_HTML = re.compile(r"[<&${:\n@]")


class Content(NamedTuple):
    """The text of a block without its continuation prefixes, and where each of its lines stands in the document."""

    text: str
    starts: tuple[int, ...]
    """Where each line starts in `text`."""
    places: tuple[int, ...]
    """Where each line starts in the document."""

    def at(self, offset: int) -> int:
        """Give the document's offset for one in `text`."""
        line = bisect_right(self.starts, offset) - 1
        return self.places[line] + offset - self.starts[line]

    def span(self, start: int, end: int) -> Span:
        """Give the document's span for one in `text`."""
        return Span(self.at(start), self.at(end))


class Node(NamedTuple):
    """An inline found by the scan, in offsets of the scanned text."""

    kind: InlineKind
    start: int
    end: int
    inner: Span | None = None
    prose: tuple[Span, ...] = ()
    destination: Span | None = None


@dataclass(slots=True, eq=False)
class _Delimiter:
    """A run of `*`, `_` or `~` on the stack; what is left of it shrinks as pairs are found."""

    mark: str
    start: int
    end: int
    length: int
    opens: bool
    closes: bool
    before: _Delimiter | None = None
    after: _Delimiter | None = None


class _Bracket(NamedTuple):
    """A `[`, `![` or `^[` that may open a link, image or footnote."""

    start: int
    text: int
    kind: InlineKind
    below: _Delimiter | None
    """The last delimiter before it."""
    nodes: int
    tags: int


class _Tag(NamedTuple):
    start: int
    end: int
    name: str
    closes: bool
    void: bool


class Tail(NamedTuple):
    """What follows a link's text: `(destination "title")`."""

    end: int
    destination: Span
    title: Span | None


def scan_nodes(
    text: str, references: Mapping[str, str], *, html: bool = False, friendly: bool = True, mdx: bool = False
) -> list[Node]:
    """Find all markup of a text, sorted by start, outer before inner, never crossing."""
    scanner = _Scanner(text, references, html=html, friendly=friendly, mdx=mdx)
    scanner.run()
    return _nest(scanner.nodes, scanner.tags, text)


def place(nodes: Iterable[Node], content: Content) -> tuple[Inline, ...]:
    """Give the inlines of a block with spans in its document."""
    if len(content.starts) == 1:
        by = content.places[0] - content.starts[0]
        return tuple(_shifted(node, by) for node in nodes)
    return tuple(_placed(node, content.span) for node in nodes)


def scan(fragment: str, references: Mapping[str, str] | None = None) -> tuple[Inline, ...]:
    """Find the markup of a stand-alone fragment of Markdown; spans count in the fragment. Linear."""
    return place(scan_nodes(fragment, references or {}), Content(fragment, (0,), (0,)))


def _shifted(node: Node, by: int) -> Inline:
    kind, start, end, inner, prose, destination = node
    return Inline(
        kind,
        Span(start + by, end + by),
        inner and inner.shift(by),
        tuple(span.shift(by) for span in prose),
        destination and destination.shift(by),
    )


def _placed(node: Node, span: Callable[[int, int], Span]) -> Inline:
    kind, start, end, inner, prose, destination = node
    return Inline(
        kind,
        span(start, end),
        inner and span(*inner),
        tuple(span(*each) for each in prose),
        destination and span(*destination),
    )


class _Scanner:
    """One scan over one text: the position, the stacks and what was found."""

    def __init__(self, text: str, references: Mapping[str, str], *, html: bool, friendly: bool, mdx: bool) -> None:
        self.text = text
        self.references = references
        self.html = html
        self.friendly = friendly
        self.mdx = mdx
        self.nodes: list[Node] = []
        self.tags: list[_Tag] = []
        self.brackets: list[_Bracket] = []
        self.dead = 0
        """Brackets of links below this height of the stack are inactive: a link holds no link."""
        self.last: _Delimiter | None = None
        self.done = 0
        """Where the last token ended."""
        self.absent: dict[str, int] = {}
        """From where on a terminator is known not to occur: keeps failing searches linear."""
        self.ticks: dict[int, list[int]] | None = None

    def run(self) -> None:
        """Walk from special character to special character."""
        text, handlers, size = self.text, _HANDLERS, len(self.text)
        special = _HTML if self.html else _MARKDOWN_WWW if "www." in text else _MARKDOWN
        search = special.search
        found = search(text, 0)
        while found:
            position = found.start()
            end = handlers[text[position]](self, position)
            if end > position:
                self.done = end
            else:
                end = position + 1
            found = search(text, end) if end < size else None
        self.pair(None)

    def add(self, kind: InlineKind, start: int, end: int) -> int:
        """Note an atom."""
        self.nodes.append(Node(kind, start, end))
        return end

    def find(self, what: str, start: int) -> int:
        """Find a terminator; -1 if there is none."""
        if start >= self.absent.get(what, len(self.text) + 1):
            return -1
        found = self.text.find(what, start)
        if found < 0:
            self.absent[what] = min(start, self.absent.get(what, start))
        return found

    # ── Emphasis ──

    def delimiter(self, start: int) -> int:
        """Push a run of `*`, `_` or `~~`."""
        text, mark = self.text, self.text[start]
        end = start + 1
        size = len(text)
        while end < size and text[end] == mark:
            end += 1
        if mark == "~" and end - start != 2:
            return end
        opens, closes = self.flanking(start, end, mark)
        if opens or closes:
            run = _Delimiter(mark, start, end, end - start, opens, closes, self.last)
            if self.last:
                self.last.after = run
            self.last = run
        return end

    def flanking(self, start: int, end: int, mark: str) -> tuple[bool, bool]:
        """Say whether a run can open and can close emphasis.

        CommonMark's rule; for `*` and `~` a Chinese neighbour outside excuses punctuation inside (the
        markdown-cjk-friendly rule).
        """
        before = classify(self.text[start - 1] if start else " ")
        after = classify(self.text[end] if end < len(self.text) else " ")
        if mark == "_" or not self.friendly:
            left = not after.is_space and (not after.is_punctuation or before.is_space or before.is_punctuation)
            right = not before.is_space and (not before.is_punctuation or after.is_space or after.is_punctuation)
        else:
            hard_after = after.is_punctuation and not after.is_wide
            hard_before = before.is_punctuation and not before.is_wide
            left = not after.is_space and (not hard_after or before.is_space or before.is_punctuation or before.is_wide)
            right = not before.is_space and (not hard_before or after.is_space or after.is_punctuation or after.is_wide)
        if mark != "_":
            return left, right
        return left and (not right or before.is_punctuation), right and (not left or after.is_punctuation)

    def pair(self, bottom: _Delimiter | None) -> None:
        """Pair the delimiters above `bottom`, then drop them."""
        floor = bottom.start + 1 if bottom else 0
        floors: dict[tuple[str, bool, int], int] = {}
        closer = self.first_above(bottom)
        while closer:
            if not closer.closes:
                closer = closer.after
                continue
            key = (closer.mark, closer.opens, closer.length % 3)
            opener = self.opener(closer, max(floor, floors.get(key, 0)))
            if opener:
                closer = self.match(opener, closer)
                continue
            floors[key] = closer.start
            following = closer.after
            if not closer.opens:
                self.remove(closer)
            closer = following
        self.last = bottom
        if bottom:
            bottom.after = None

    def first_above(self, bottom: _Delimiter | None) -> _Delimiter | None:
        """Give the lowest delimiter above `bottom`."""
        if bottom:
            return bottom.after
        first = self.last
        while first and first.before:
            first = first.before
        return first

    @staticmethod
    def opener(closer: _Delimiter, floor: int) -> _Delimiter | None:
        """Find the delimiter that a closing one closes."""
        opener = closer.before
        while opener and opener.start >= floor:
            if opener.mark == closer.mark and opener.opens and not _is_odd(opener, closer):
                return opener
            opener = opener.before
        return None

    def match(self, opener: _Delimiter, closer: _Delimiter) -> _Delimiter | None:
        """Note one pair; give the delimiter to go on with."""
        used = 2 if opener.end - opener.start >= 2 and closer.end - closer.start >= 2 else 1
        opener.after, closer.before = closer, opener
        opener.end -= used
        inner = Span(opener.end + used, closer.start)
        kind = InlineKind.STRIKE if closer.mark == "~" else InlineKind.STRONG if used == 2 else InlineKind.EM
        closer.start += used
        if inner.end > inner.start:
            self.nodes.append(Node(kind, opener.end, closer.start, inner))
        if opener.end == opener.start:
            self.remove(opener)
        if closer.end > closer.start:
            return closer
        following = closer.after
        self.remove(closer)
        return following

    def remove(self, run: _Delimiter) -> None:
        """Take a delimiter off the stack."""
        if run.before:
            run.before.after = run.after
        if run.after:
            run.after.before = run.before
        else:
            self.last = run.before

    # ── Links ──

    def bracket(self, start: int) -> int:
        """Push a bracket, or note a footnote's reference."""
        text = self.text
        if text.startswith("[^", start) and (note := _FOOTNOTE.match(text, start)):
            return self.add(InlineKind.FOOTNOTE, start, note.end())
        if text.startswith("[[", start) and (wiki := _WIKI.match(text, start)):
            return self.add(InlineKind.TAG, start, wiki.end())
        kind, opening = InlineKind.LINK, start
        if start - 1 >= self.done and text[start - 1] in "!^":
            kind, opening = (InlineKind.IMAGE if text[start - 1] == "!" else InlineKind.FOOTNOTE), start - 1
        self.brackets.append(_Bracket(opening, start + 1, kind, self.last, len(self.nodes), len(self.tags)))
        return start + 1

    def close_bracket(self, start: int) -> int:
        """Close a link, an image or an inline footnote, if there is one to close."""
        if not self.brackets:
            return start + 1
        opener = self.brackets.pop()
        active = opener.kind != InlineKind.LINK or len(self.brackets) >= self.dead
        self.dead = min(self.dead, len(self.brackets))
        if not active:
            return start + 1
        if opener.kind == InlineKind.FOOTNOTE:
            return self.note(opener, start)
        tail = link_tail(self.text, start + 1)
        if tail:
            return self.link(opener, start, tail.end, tail)
        end = self.reference(opener, start)
        return self.link(opener, start, end, None) if end else start + 1

    def note(self, opener: _Bracket, close: int) -> int:
        """Note a footnote written where it is referred to."""
        self.pair(opener.below)
        self.nodes.append(Node(InlineKind.FOOTNOTE, opener.start, close + 1, Span(opener.text, close)))
        return close + 1

    def reference(self, opener: _Bracket, close: int) -> int:
        """Give the end of a full, collapsed or shortcut reference, if it is defined; else 0."""
        if not self.references:
            return 0
        label, end = None, close + 1
        if named := _LABEL.match(self.text, close + 1):
            label, end = named[1], named.end()
        if not label:
            if close - opener.text > 999:
                return 0
            label = self.text[opener.text : close]
        return end if normal_label(label) in self.references else 0

    def link(self, opener: _Bracket, close: int, end: int, tail: Tail | None) -> int:
        """Note a link or image."""
        inner = Span(opener.text, close)
        title = (tail.title,) if tail and tail.title and tail.title.end > tail.title.start else ()
        destination = tail.destination if tail else None
        if opener.kind == InlineKind.IMAGE:
            self.forget(opener)
            alt = (inner,) if close > opener.text else ()
            self.nodes.append(Node(InlineKind.IMAGE, opener.start, end, None, alt + title, destination))
            return end
        self.pair(opener.below)
        self.nodes.append(Node(InlineKind.LINK, opener.start, end, inner, title, destination))
        self.dead = len(self.brackets)
        return end

    def forget(self, opener: _Bracket) -> None:
        """Drop what was found since a bracket: an image is an atom."""
        del self.nodes[opener.nodes :], self.tags[opener.tags :]
        self.last = opener.below
        if self.last:
            self.last.after = None

    # ── Atoms ──

    def escape(self, start: int) -> int:
        r"""Note `\x`, a hard break, or math in `\(…\)`."""
        text = self.text
        following = text[start + 1 : start + 2]
        if following == "\n":
            return self.add(InlineKind.BREAK, start, _SPACE.match(text, start + 1).end())  # type: ignore[union-attr]
        if following in {"(", "["} and (end := self.formula(start, 1)):
            return self.add(InlineKind.MATH, start, end)
        if text.startswith(("\\\\(", "\\\\["), start) and (end := self.formula(start, 2)):
            return self.add(InlineKind.MATH, start, end)
        if following and following in PUNCTUATION:
            return self.add(InlineKind.ESCAPE, start, start + 2)
        return start

    def formula(self, start: int, slashes: int) -> int:
        r"""Give the end of `\(…\)` or `\\(…\\)`, or 0; escaped brackets around Chinese words are no formula."""
        opening = self.text[start : start + slashes + 1]
        closing = opening[:-1] + {"(": ")", "[": "]"}[opening[-1]]
        end = self.find(closing, start + slashes + 1)
        if not 0 < end < start + 2000:
            return 0
        inside = self.text[start + slashes + 1 : end]
        return end + slashes + 1 if _WORD.search(inside) and not HAN.search(inside) else 0

    def code(self, start: int) -> int:
        """Note a code span, or step over backticks that open none."""
        if self.ticks is None:
            self.ticks = _backticks(self.text)
        end = start + 1
        while self.text.startswith("`", end):
            end += 1
        runs = self.ticks.get(end - start, [])
        following = bisect_left(runs, end)
        if following == len(runs):
            return end
        return self.add(InlineKind.CODE, start, runs[following] + end - start)

    def entity(self, start: int) -> int:
        """Note a character reference."""
        found = ENTITY.match(self.text, start)
        if not found or (found[0][1] != "#" and found[0][1:] not in html5):
            return start
        return self.add(InlineKind.ENTITY, start, found.end())

    def line_end(self, start: int) -> int:
        """Note a break with the blanks around it."""
        text = self.text
        first = start
        while first > self.done and text[first - 1] in " \t":
            first -= 1
        end = start + 1
        while end < len(text) and text[end] in " \t\n":
            end += 1
        return self.add(InlineKind.BREAK, first, end)

    def math(self, start: int) -> int:
        """Note `$…$` or `$$…$$`; `$5 和 $6` is money."""
        text = self.text
        found = _MATH.match(text, start)
        if not found:
            return start + 2 if text.startswith("$$", start) else start + 1
        inside = found[0].strip("$")
        is_money = _CHINESE.search(inside) and not _FORMULA.search(inside)
        if not found[0].startswith("$$") and (is_money or not inside.strip()):
            return start + 1
        return self.add(InlineKind.MATH, start, found.end())

    def brace(self, start: int) -> int:
        """Note a tag of Hexo or Hugo, a list of attributes, a role."""
        text = self.text
        if text.startswith("{%", start) and _RAW_TAG.match(text, start) and (raw := self.raw(start)):
            return self.add(InlineKind.TAG, start, raw)
        if found := _ATTRIBUTES.match(text, start):
            return self.add(InlineKind.ATTRIBUTES, start, found.end())
        for opening, closing in _TAGS:
            if text.startswith(opening, start) and (end := self.find(closing, start + len(opening))) > 0:
                return self.add(InlineKind.TAG, start, end + len(closing))
        if self.mdx and (found := _EXPRESSION.match(text, start)):
            return self.add(InlineKind.TAG, start, found.end())
        return self.role(start)

    def raw(self, start: int) -> int:
        """Give the end of `{% raw %}…{% endraw %}`, or 0."""
        end = self.find("endraw", start)
        found = _END_RAW.search(self.text, max(start, end - 40)) if end > 0 else None
        return found.end() if found else 0

    def role(self, start: int) -> int:
        """Note a role with the code after it."""
        found = _ROLE.match(self.text, start)
        if not found:
            return start
        tick = found.end()
        end = self.code(tick)
        if self.nodes and self.nodes[-1].start == tick:
            self.nodes[-1] = Node(InlineKind.ROLE, start, end)
            return end
        return start

    def colon(self, start: int) -> int:
        """Note a bare address, a role or an emoji's short code."""
        text = self.text
        if text.startswith("://", start):
            return self.address(start)
        if not self.html and (end := self.role(start)) > start:
            return end
        before = text[start - 1] if start else " "
        if (before.isascii() and before.isalnum()) or before == ":":
            return start
        found = _EMOJI.match(text, start)
        return self.add(InlineKind.ROLE, start, found.end()) if found else start

    def address(self, colon: int) -> int:
        """Note a bare address, from its scheme to the last character that can be its own."""
        scheme = next((s for s in _SCHEMES if self.text[:colon].endswith(s)), "") if colon < 6 else ""
        if not scheme:
            head = self.text[max(0, colon - 5) : colon].lower()
            scheme = next((s for s in _SCHEMES if head.endswith(s)), "")
        start = colon - len(scheme)
        if not scheme or start < self.done or _is_word(self.text, start - 1) or not _HOST.match(self.text, colon + 3):
            return colon
        return self.bare(start, colon + 3)

    def www(self, start: int) -> int:
        """Note a bare address that starts with `www.`."""
        if _is_word(self.text, start - 1) or not _HOST.match(self.text, start + 4):
            return start + 3
        return self.bare(start, start + 4)

    def bare(self, start: int, after: int) -> int:
        """Note an address that is known to start here."""
        found = _ADDRESS.match(self.text, after)
        end = _trim(self.text, start, found.end()) if found else after
        if end <= after:
            return after
        self.nodes.append(Node(InlineKind.AUTOLINK, start, end, destination=Span(start, end)))
        return end

    def mail(self, at: int) -> int:
        """Note a bare mail address."""
        text = self.text
        start = at
        while start > self.floor() and text[start - 1] in _LOCAL:
            start -= 1
        host = _MAIL_HOST.match(text, at + 1)
        if start == at or not host or text[host.end() - 1] in "-_":
            return at
        while self.last and self.last.start >= start:
            self.remove(self.last)
        self.nodes.append(Node(InlineKind.AUTOLINK, start, host.end(), destination=Span(start, host.end())))
        return host.end()

    def floor(self) -> int:
        """Give the offset before which everything is taken: underscores alone are not."""
        return self.nodes[-1].end if self.nodes and self.nodes[-1].end <= self.done else 0

    def angle(self, start: int) -> int:
        """Note an autolink, a comment or a tag."""
        text = self.text
        if found := _ANGLE.match(text, start):
            self.nodes.append(
                Node(InlineKind.AUTOLINK, start, found.end(), destination=Span(start + 1, found.end() - 1))
            )
            return found.end()
        for opening, closing in _LONG:
            if text.startswith(opening, start):
                return self.comment(start, opening, closing)
        if text.startswith("<!", start):
            found = _DECLARATION.match(text, start) if self.find(">", start) > 0 else None
            return self.add(InlineKind.HTML, start, found.end()) if found else start
        return self.tag(start)

    def comment(self, start: int, opening: str, closing: str) -> int:
        """Note a comment, a processing instruction or a CDATA section."""
        if opening == "<!--" and (short := _SHORT_COMMENT.match(self.text, start)):
            return self.add(InlineKind.HTML, start, short.end())
        end = self.find(closing, start + len(opening))
        return self.add(InlineKind.HTML, start, end + len(closing)) if end > 0 else start

    def tag(self, start: int) -> int:
        """Put a tag aside until all others are known: pairs must not cross other markup."""
        found = TAG.match(self.text, start)
        if not found:
            return start
        name = (found["end"] or found["name"]).lower()
        void = bool(found["void"]) or name in VOID
        self.tags.append(_Tag(start, found.end(), name, bool(found["close"]), void))
        return found.end()


_LONG = (("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>"))
_SHORT_COMMENT = re.compile(r"<!--?-?>")
_WIKI = re.compile(r"\[\[(?:toc|TOC)\]\]")
_HANDLERS: Mapping[str, Callable[[_Scanner, int], int]] = {
    "\\": _Scanner.escape,
    "`": _Scanner.code,
    "*": _Scanner.delimiter,
    "_": _Scanner.delimiter,
    "~": _Scanner.delimiter,
    "[": _Scanner.bracket,
    "]": _Scanner.close_bracket,
    "<": _Scanner.angle,
    "&": _Scanner.entity,
    "$": _Scanner.math,
    "{": _Scanner.brace,
    ":": _Scanner.colon,
    "\n": _Scanner.line_end,
    "@": _Scanner.mail,
    "w": _Scanner.www,
}


def _is_odd(opener: _Delimiter, closer: _Delimiter) -> bool:
    """Tell CommonMark's rule of three; strikethrough has none."""
    if closer.mark == "~" or not (closer.opens or opener.closes):
        return False
    return closer.length % 3 != 0 and (opener.length + closer.length) % 3 == 0


def _is_word(text: str, at: int) -> bool:
    return at >= 0 and text[at].isascii() and text[at].isalnum()


def _backticks(text: str) -> dict[int, list[int]]:
    """Give where runs of backticks stand, by their length."""
    runs: dict[int, list[int]] = {}
    for run in re.finditer(r"`++", text):
        runs.setdefault(run.end() - run.start(), []).append(run.start())
    return runs


def _trim(text: str, start: int, end: int) -> int:
    """Leave out what ends an address but belongs to the sentence around it (GFM's rule)."""
    surplus = 0
    counted = False
    while end > start:
        last = text[end - 1]
        if last == ")":
            if not counted:
                surplus, counted = text.count(")", start, end) - text.count("(", start, end), True
            if surplus <= 0:
                break
            surplus -= 1
        elif last == ";":
            entity = text.rfind("&", max(start, end - 33), end)
            if entity > start and text[entity + 1 : end - 1].isalnum():
                end = entity + 1
        elif last not in "?!.,:*_~'\"\\{}^":
            break
        end -= 1
    return end


def normal_label(label: str) -> str:
    """Give the form in which labels of references are compared."""
    return re.sub(r"\s+", " ", label.strip()).lower().upper()


def link_tail(text: str, start: int) -> Tail | None:
    """Read `(destination "title")`."""
    if not text.startswith("(", start):
        return None
    position = _after_space(text, start + 1)
    goal = destination_at(text, position)
    if goal is None:
        return Tail(position + 1, Span(position, position), None) if text.startswith(")", position) else None
    end, destination = goal
    position = _after_space(text, end)
    title = title_at(text, position) if position > end else None
    if title:
        position = _after_space(text, title.end + 1)
    return Tail(position + 1, destination, title) if text.startswith(")", position) else None


def destination_at(text: str, start: int) -> tuple[int, Span] | None:
    """Read a link's destination; give its end, brackets included, and where it stands."""
    if text.startswith("<", start):
        found = _POINTY.match(text, start)
        return (found.end(), Span(*found.span(1))) if found else None
    depth, end = 0, start
    while piece := _BARE.match(text, end):
        if piece[0] == "(":
            depth += 1
            if depth > 32:
                return None
        elif piece[0] == ")":
            if depth == 0:
                break
            depth -= 1
        end = piece.end()
    return (end, Span(start, end)) if end > start and depth == 0 else None


def title_at(text: str, start: int) -> Span | None:
    """Read a link's title; give where it stands without its quotation marks."""
    found = _TITLE.match(text, start)
    return Span(found.start() + 1, found.end() - 1) if found else None


def _after_space(text: str, start: int) -> int:
    found = _SPACE.match(text, start)
    return found.end() if found else start


# ── Tags ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


class _Level:
    """The tags still open directly inside one inline."""

    def __init__(self, end: float) -> None:
        self.end = end
        self.open: list[_Tag] = []
        self.names: Counter[str] = Counter()

    def take(self, tag: _Tag) -> tuple[_Tag | None, list[_Tag]]:
        """Give the opening tag that a closing one closes, and those in between that nothing closes."""
        if not self.names[tag.name]:
            return None, []
        lost: list[_Tag] = []
        while (top := self.open.pop()).name != tag.name:
            self.names[top.name] -= 1
            lost.append(top)
        self.names[top.name] -= 1
        return top, lost


def _nest(nodes: list[Node], tags: list[_Tag], text: str) -> list[Node]:
    """Sort, and pair the tags that stand directly inside the same inline."""
    nodes.sort(key=lambda node: (node.start, -node.end))
    if not tags:
        return nodes
    nodes = [*nodes, *_pair_tags(nodes, tags, text)]
    nodes.sort(key=lambda node: (node.start, -node.end))
    return list(_without_verbatim(nodes))


def _pair_tags(nodes: list[Node], tags: list[_Tag], text: str) -> Iterator[Node]:
    levels = [_Level(float("inf"))]
    inners = iter([node.inner for node in nodes if node.inner])
    coming = next(inners, None)
    for tag in tags:
        while coming and coming.start <= tag.start:
            while levels[-1].end <= coming.start:
                yield from (_atom(lost, text) for lost in levels.pop().open)
            levels.append(_Level(coming.end))
            coming = next(inners, None)
        while levels[-1].end <= tag.start:
            yield from (_atom(lost, text) for lost in levels.pop().open)
        yield from _take(levels[-1], tag, text)
    for level in levels:
        yield from (_atom(lost, text) for lost in level.open)


def _take(level: _Level, tag: _Tag, text: str) -> Iterator[Node]:
    if tag.void:
        yield _atom(tag, text)
    elif not tag.closes:
        level.open.append(tag)
        level.names[tag.name] += 1
    else:
        opening, lost = level.take(tag)
        yield from (_atom(each, text) for each in lost)
        yield _element(opening, tag, text) if opening else _atom(tag, text)


def _atom(tag: _Tag, text: str) -> Node:
    return Node(InlineKind.HTML, tag.start, tag.end, None, prose_attributes(text, tag.start, tag.end), _goal(text, tag))


def _element(opening: _Tag, closing: _Tag, text: str) -> Node:
    inner = Span(opening.end, closing.start)
    if opening.name in VERBATIM or inner.end == inner.start:
        return Node(InlineKind.HTML, opening.start, closing.end)
    prose = prose_attributes(text, opening.start, opening.end)
    return Node(InlineKind.HTML, opening.start, closing.end, inner, prose, _goal(text, opening))


def prose_attributes(text: str, start: int, end: int) -> tuple[Span, ...]:
    """Give where the values of `alt` and `title` stand in a tag."""
    found = _PROSE_ATTRIBUTE.finditer(text, start, end)
    return tuple(Span(*each.span("value")) for each in found if each["value"].strip() and "\n" not in each["value"])


def _goal(text: str, tag: _Tag) -> Span | None:
    found = HREF.search(text, tag.start, tag.end)
    return Span(*found.span(found.lastindex or 0)) if found else None


def _without_verbatim(nodes: Sequence[Node]) -> Iterator[Node]:
    """Leave out what stands inside an atom (`<code>*a*</code>`)."""
    end = 0
    for node in nodes:
        if node.start < end:
            continue
        if node.inner is None:
            end = node.end
        yield node
