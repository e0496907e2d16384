"""The block parser: markdown-it's, with what Chinese blogs add, told to note where each line of a block stands.

A rule of markdown-it leaves `bMarks` and `tShift` as its containers set them, so right after it ran they say where the
content of each of its lines starts, whatever quote marks and list indents stand before it: `_noting` keeps that in
`token.meta["lines"]`. Nothing is aligned afterwards.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import (
    code,
    fence,
    heading,
    hr,
    html_block,
    lheading,
    paragraph,
    reference,
    table,
)
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

    Rule = Callable[[StateBlock, int, int, bool], bool]

NESTING = 100
"""Quotes and lists deeper than this stay as they are: far below Python's own limit."""

VERBATIM_TAGS = frozenset(
    re.findall(
        r"\S+",
        "codeblock code highlight raw mermaid math katex mathjax latex tex plantuml echarts chart chartjs "
        "graphviz dot viz flow flowchart sequence wavedrom vega abc swig diagram gist script style rawhtml d2 "
        "geogebra markmap",
    )
)
"""Tags of Hexo and Hugo whose inside is no Markdown."""

_TAG_LINE = re.compile(
    r"(?:(?:\{%-?(?:[^%\n]|%(?!\}))*+%\}|\{\{<(?:[^>\n]|>(?!\}))*+>\}\}|\{\{%(?:[^%\n]|%(?!\}\}))*+%\}\})[ \t]*+)++"
)
_TAG_OPEN = re.compile(r"\{%-?|\{\{[<%]")
TAG_NAME = re.compile(r"(?:\{%-?|\{\{[<%])\s*(?P<end>end(?=\w)|/\s*)?(?P<name>[\w./-]+)")
_TAG_END = re.compile(r"\{%-?\s*end(\w+)|\{\{[<%]\s*/\s*([\w./-]+)")
_ROLES = re.compile(r"(?::[a-z_][\w+-]*:(?:`[^`]*`)?[ \t]*)+")
COLONS = re.compile(r":{3,}[ \t]*(?P<name>[^\s:\[{]*)")
ADMONITION = re.compile(
    r"""(?:!!!|\?\?\?\+?|={3}[!+]{0,2})[ \t]+(?:[A-Za-z][\w-]*(?:[ \t]+[\w-]+)*)?[ \t]*"""
    r"""(?:"(?P<title>(?:[^"\\]|\\.)*)")?[ \t]*"""
)
_TIGHT_HEADING = re.compile(
    r"#{1,6}(?![#!/]|(?:include|define|undef|if|ifdef|ifndef|else|endif|pragma)\b|\d+[ \t]*$|[0-9a-fA-F]{6}\b)"
    r"(?=[^\W_]|[《“「【\"'(*`\[])(?!.*\s#\S)"
)
_FORMULA = ((re.compile(r"\$\$"), "$$"), (re.compile(r"\\\["), r"\]"), (re.compile(r"\\\\\["), r"\\]"))
_ENVIRONMENT = re.compile(r"\\begin\{([A-Za-z]+\*?)\}")
_AFTER_FORMULA = re.compile(r"[ \t]*(?:\{?[ \t]*(?:#\S+|\(\S+\))[ \t]*\}?)?[ \t]*")
_MDX_LINE = re.compile(r"(?:import|export)[ \t{*]")
_JSX = re.compile(r"</?[A-Z][\w.]*|<>|</>|\{")

_ALL = ["paragraph", "reference", "blockquote", "list"]
_MOST = ["paragraph", "reference", "blockquote"]


@cache
def block_parser(*, mdx: bool) -> MarkdownIt:
    """Give the parser; made once, never changed afterwards."""
    parser = MarkdownIt("commonmark", {"maxNesting": NESTING, "inline_definitions": True}).enable("table")
    footnote_plugin(parser, inline=False, move_to_end=False)
    deflist_plugin(parser)
    ruler = parser.block.ruler
    for name, rule, also in _NOTED:
        ruler.at(name, _noting(rule), {"alt": also})
    ruler.at("deflist", _noting(_rule(parser, "deflist")), {"alt": _MOST})
    ruler.before("table", "blog", _noting(_blog), {"alt": _ALL})
    if mdx:
        ruler.before("table", "esm", _noting(_esm), {"alt": []})
        ruler.before("table", "jsx", _noting(_jsx), {"alt": _MOST})
        ruler.disable("code")
    return parser


def _rule(parser: MarkdownIt, name: str) -> Rule:
    """Give a plugin's rule: the ruler names its rules in the order in which it runs them."""
    active = parser.block.ruler.get_active_rules()
    return parser.block.ruler.getRules("")[active.index(name)]


def block_tokens(source: str, *, mdx: bool = False) -> tuple[list[Token], dict[str, Any]]:
    r"""Parse blocks; `source` has `\n` for line endings and no NUL. Prose keeps `meta["lines"]`."""
    env: dict[str, Any] = {"ends": _ends(source)}
    tokens: list[Token] = []
    parser = block_parser(mdx=mdx)
    parser.block.parse(source, parser, env, tokens)
    return tokens, env


def _ends(source: str) -> dict[str, int]:
    """Give where the last closing tag of each name stands."""
    return {found[1] or found[2]: found.start() for found in _TAG_END.finditer(source)}


def _noting(rule: Rule) -> Rule:
    """Let a rule note where the lines of its tokens stand."""

    def noted(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        if silent:
            return rule(state, start, end, silent)
        known = len(state.tokens)
        if not rule(state, start, end, silent):
            return False
        for token in state.tokens[known:]:
            if token.nesting == 0 and token.map and "lines" not in token.meta:
                first, last = token.map
                token.meta["lines"] = _lines(state, first, max(last, first + 1))
        return True

    return noted


def _lines(state: StateBlock, first: int, last: int) -> list[tuple[int, int]]:
    marks, shifts, ends = state.bMarks, state.tShift, state.eMarks
    return [(marks[line] + shifts[line], ends[line]) for line in range(first, last)]


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _leaf(state: StateBlock, kind: str, first: int, last: int) -> bool:
    """Push a token for whole lines."""
    token = state.push(kind, "", 0)
    token.map = [first, last]
    state.line = last
    return True


# ── Rules ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _colons(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    """Read a line `::: name title` or `:::`, or one of roles; what stands between such lines is parsed as usual."""
    text = _line(state, start)
    if not text.startswith(":::"):
        return bool(_ROLES.fullmatch(text)) and (silent or _leaf(state, "verbatim", start, start + 1))
    return silent or _leaf(state, "colons", start, start + 1)


def _tag(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a line of nothing but tags, or a tag with what it keeps from Markdown."""
    text = _line(state, start)
    if not _TAG_LINE.fullmatch(text):
        return _wide_tag(state, start, end, silent)
    if silent:
        return True
    closing = _verbatim_end(state, text, start, end)
    return _leaf(state, "verbatim" if closing else "tag", start, closing or start + 1)


def _wide_tag(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a tag over several lines: its arguments are no prose."""
    text = _line(state, start)
    if not (opening := _TAG_OPEN.match(text)):
        return False
    closing = {"{%": "%}", "{{<": ">}}", "{{%": "%}}"}[opening[0].rstrip("-")]
    if closing in text:
        return False
    for line in range(start + 1, min(end, start + 60)):
        if state.isEmpty(line):
            return False
        if _line(state, line).rstrip().endswith(closing):
            return silent or _leaf(state, "tag", start, line + 1)
    return False


def _verbatim_end(state: StateBlock, text: str, start: int, end: int) -> int:
    """Give the line after a verbatim tag's closing tag, or 0."""
    name = TAG_NAME.match(text)
    if not name or name["end"] or name["name"].lower() not in VERBATIM_TAGS:
        return 0
    if state.env["ends"].get(name["name"], -1) <= state.bMarks[start]:
        return 0
    closing = re.compile(rf"\{{%-?\s*end{re.escape(name['name'])}\b|\{{\{{[<%]\s*/\s*{re.escape(name['name'])}\b")
    if closing.search(text):
        return 0
    for line in range(start + 1, end):
        if closing.search(_line(state, line)):
            return line + 1
    return 0


def _math(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    r"""Read `$$…$$`, `\[…\]` and `\begin{…}…\end{…}` that fill their lines."""
    text = _line(state, start)
    opening, closing = _delimiters(text)
    last = _formula_end(state, text[opening:], closing, start, end) if closing else 0
    return bool(last) and (silent or _leaf(state, "math", start, last))


def _delimiters(text: str) -> tuple[int, str]:
    """Give the length of an opening delimiter and its closing one; empty if there is none."""
    for opening, closing in _FORMULA:
        if found := opening.match(text):
            return found.end(), closing
    if found := _ENVIRONMENT.match(text):
        return found.end(), f"\\end{{{found[1]}}}"
    return 0, ""


def _formula_end(state: StateBlock, rest: str, closing: str, start: int, end: int) -> int:
    """Give the line after a formula, or 0 if it has no end or something follows."""
    # The last place of a delimiter, once known, keeps a document of openers linear.
    last = state.env.setdefault(f"last {closing}", state.src.rfind(closing))
    line = start
    while closing not in rest:
        line += 1
        if (
            line >= end
            or state.bMarks[line] > last
            or (state.sCount[line] < state.blkIndent and not state.isEmpty(line))
        ):
            return 0
        rest = _line(state, line)
    return line + 1 if _AFTER_FORMULA.fullmatch(rest[rest.index(closing) + len(closing) :]) else 0


def _tight_heading(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    """Read `#标题`, a heading to many engines."""
    text = _line(state, start)
    if not _TIGHT_HEADING.match(text):
        return False
    if silent:
        return True
    opening = state.push("heading_open", f"h{len(text) - len(text.lstrip('#'))}", 1)
    opening.map = [start, start + 1]
    _leaf(state, "inline", start, start + 1)
    state.push("heading_close", opening.tag, -1)
    return True


def _admonition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read `!!! note "标题"` with its body, indented by four."""
    text = _line(state, start)
    found = ADMONITION.fullmatch(text) if text[:3] in {"!!!", "???", "==="} else None
    if not found or (text[0] == "=" and found["title"] is None):
        return False
    if silent:
        return True
    last = _indented(state, start + 1, end)
    state.push("admonition_open", "", 1)
    token = state.push("admonition", "", 0)
    token.map, token.meta = [start, start + 1], {"lines": _lines(state, start, start + 1)}
    _within(state, start + 1, last)
    state.push("admonition_close", "", -1)
    return True


def _indented(state: StateBlock, line: int, end: int) -> int:
    """Give the first line that stands less than four deeper than the block around it."""
    while line < end and (state.isEmpty(line) or state.sCount[line] - state.blkIndent >= 4):
        line += 1
    return line


def _within(state: StateBlock, first: int, last: int) -> None:
    """Parse lines as the body of a block four deeper."""
    limit, parent = state.lineMax, state.parentType
    state.blkIndent += 4
    # Paragraphs look for their continuation up to `lineMax`: here none goes on outside.
    state.lineMax, state.line, state.parentType = last, first, "admonition"
    if first < last:
        state.md.block.tokenize(state, first, last)
    state.blkIndent -= 4
    state.lineMax, state.line, state.parentType = limit, last, parent


def _esm(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read MDX's `import` and `export`, up to a blank line."""
    if state.level or silent or not _MDX_LINE.match(_line(state, start)):
        return False
    return _leaf(state, "verbatim", start, _until_blank(state, start, end))


def _until_blank(state: StateBlock, line: int, end: int) -> int:
    while line < end and not state.isEmpty(line):
        line += 1
    return line


def _jsx(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read lines of JSX tags or expressions; text between such lines is Markdown."""
    if not (found := _JSX.match(_line(state, start))):
        return False
    line = start
    balance = _Balance(braces_only=found[0] == "{")
    while line < end and not (line > start and state.isEmpty(line) and not balance.depth):
        if balance.feed(_line(state, line)):
            break
        line += 1
    if not balance.fits:
        return False
    return silent or _leaf(state, "jsx", start, line + 1)


class _Balance:
    """Tell when a JSX tag or expression that fills its lines ends."""

    def __init__(self, *, braces_only: bool) -> None:
        self.depth = 0
        self.fits = False
        self.inside = False
        self.braces_only = braces_only

    def feed(self, text: str) -> bool:
        """Read one line; true when it is the last."""
        for place, character in enumerate(text):
            if character == "{":
                self.depth += 1
            elif character == "}":
                self.depth = max(0, self.depth - 1)
            elif character == "<" and not self.depth:
                self.inside = True
            if not self.depth and character == ("}" if self.braces_only else ">"):
                self.fits = self.braces_only is False or not text[place + 1 :].strip()
                return True
        return False


_BLOG: Mapping[str, Rule] = {
    ":": _colons,
    "{": _tag,
    "$": _math,
    "\\": _math,
    "#": _tight_heading,
    "!": _admonition,
    "?": _admonition,
    "=": _admonition,
}
"""What Chinese blogs add, by its first character."""


def _blog(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read one of our own blocks."""
    rule = _BLOG.get(state.src[state.bMarks[start] + state.tShift[start]])
    return rule is not None and not state.is_code_block(start) and rule(state, start, end, silent)


_NOTED: tuple[tuple[str, Rule, list[str]], ...] = (
    ("table", table, ["paragraph", "reference"]),
    ("code", code, []),
    ("fence", fence, _ALL),
    ("hr", hr, _ALL),
    ("reference", reference, []),
    ("html_block", html_block, _MOST),
    ("heading", heading, _MOST),
    ("lheading", lheading, []),
    ("paragraph", paragraph, []),
)
