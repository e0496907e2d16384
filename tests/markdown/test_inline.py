"""The markup in a line, construct by construct."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from translator.markdown import parse, scan, units
from translator.markdown.inline import scan_nodes

SPEC = [
    place
    for place in (
        Path(__file__).parents[1] / ".spec/commonmark.json",
        Path(__file__).parents[2] / ".cache/spec/commonmark.json",
    )
    if place.exists()
]

TABLE = {
    "**“按部就班地学习”**的": "strong **“按部就班地学习”** = “按部就班地学习”",
    "*“自我介绍”*：": "em *“自我介绍”* = “自我介绍”",
    "词**（甲）**乙": "strong **（甲）** = （甲）",
    "a**“b”**c": "",
    "~~“删”~~的": "strike ~~“删”~~ = “删”",
    "好~来~": "",
    "__version__给出": "",
    "_“引”_的": "",
    "_甲_ 乙": "em _甲_ = 甲",
    "snake_case_name": "",
    "** 甲 **": "",
    "***甲***": "em ***甲*** = **甲** | strong **甲** = 甲",
    "[甲](http://a.b )": "link [甲](http://a.b ) = 甲 → http://a.b",
    "[甲](<a b> '题')": "link [甲](<a b> '题') = 甲 + 题 → a b",
    "[a](b(c)d)": "link [a](b(c)d) = a → b(c)d",
    "[a](b c)": "",
    "[甲](http://x）": "autolink http://x → http://x",
    "[a[b](c)](d)": "link [b](c) = b → c",
    '![图](a.png "题")': 'image ![图](a.png "题") + 图 + 题 → a.png',
    "![**图** [x](y)](a)": "image ![**图** [x](y)](a) + **图** [x](y) → a",
    "[![图](a)](b)": "link [![图](a)](b) = ![图](a) → b | image ![图](a) + 图 → a",
    "\\![图](a)": "escape \\! | link [图](a) = 图 → a",
    "[甲][r] [r][] [r] [s]": "link [甲][r] = 甲 | link [r][] = r | link [r] = r",
    "![甲][r]": "image ![甲][r] + 甲",
    "http://localhost:8080/就行了": "autolink http://localhost:8080/ → http://localhost:8080/",
    "见https://a.b/c。": "autolink https://a.b/c → https://a.b/c",
    "(https://a.b/(c))": "autolink https://a.b/(c) → https://a.b/(c)",
    "https://a.b/c_d_e, x": "autolink https://a.b/c_d_e → https://a.b/c_d_e",
    "**https://a.b**": "strong **https://a.b** = https://a.b | autolink https://a.b → https://a.b",
    "https://a.b&amp;": "autolink https://a.b → https://a.b | entity &amp;",
    "www.a.b/c": "autolink www.a.b/c → www.a.b/c",
    "awww.a.b xhttp://a.b": "",
    "<https://a.b/c>": "autolink <https://a.b/c> → https://a.b/c",
    "a_b@c.de": "autolink a_b@c.de → a_b@c.de",
    "_a@c.de": "autolink _a@c.de → _a@c.de",
    "@某人 a@b": "",
    "`a*b*` ``c`d``": "code `a*b*` | code ``c`d``",
    "`a": "",
    "$O(m \\log m)$": "math $O(m \\log m)$",
    "$5 和 $6": "",
    "花了$5，又花了$6。": "",
    "$x$和$y$": "math $x$ | math $y$",
    "$准确率 = a$": "math $准确率 = a$",
    "\\$5 $x$": "escape \\$ | math $x$",
    "$$x$$ 后": "math $$x$$",
    "\\(x+y\\) \\(中\\)": "math \\(x+y\\) | escape \\( | escape \\)",
    "\\\\(x\\\\)": "math \\\\(x\\\\)",
    "<b>甲*乙*</b>": "html <b>甲*乙*</b> = 甲*乙* | em *乙* = 乙",
    "<b>甲*乙</b>丙*": "html <b> | em *乙</b>丙* = 乙</b>丙 | html </b>",
    "<a href=\"x\" title='题'>甲</a>": "html <a href=\"x\" title='题'>甲</a> = 甲 + 题 → x",
    "甲<br>乙<img alt='图' src=a />": "html <br> | html <img alt='图' src=a /> + 图 → a",
    "<code>*甲*</code> <kbd>键</kbd>": "html <code>*甲*</code> | html <kbd>键</kbd>",
    "<b><i>甲</b>": "html <b><i>甲</b> = <i>甲 | html <i>",
    "a<b 且 c>d": "",
    "甲<!-- *注* -->": "html <!-- *注* -->",
    "{% asset_img a.png *图* %}": "tag {% asset_img a.png *图* %}",
    "{% raw %}*{{ a }}{% endraw %}*": "tag {% raw %}*{{ a }}{% endraw %}",
    '[链]({{< ref "a b" >}})': 'tag {{< ref "a b" >}}',
    "{{ a*b }} {{% c %}}": "tag {{ a*b }} | tag {{% c %}}",
    "{{ 未闭合": "",
    "甲[^1]乙[^长-注]": "footnote [^1] | footnote [^长-注]",
    "甲^[注*重*]": "footnote ^[注*重*] = 注*重* | em *重* = 重",
    "甲 {#id .c k=v} {: .b}": "attributes {#id .c k=v} | attributes {: .b}",
    "{甲} {a}": "",
    ":numref:`a_b` {ref}`c`": "role :numref:`a_b` | role {ref}`c`",
    "好:smile: :+1: 12:30:45 a::b::c": "role :smile: | role :+1:",
    "\\*甲\\*": "escape \\* | escape \\*",
    "&nbsp;&#20013;&zzz;": "entity &nbsp; | entity &#20013;",
    "甲  \n  乙\\\n丙": "break '  \\n  ' | break '\\\\\\n'",
}


def told(inline, text):
    said = f"{inline.kind} {inline.span.of(text) if inline.kind != 'break' else repr(inline.span.of(text))}"
    if inline.inner is not None:
        said += f" = {inline.inner.of(text)}"
    said += "".join(f" + {span.of(text)}" for span in inline.prose)
    return said + (f" → {inline.destination.of(text)}" if inline.destination else "")


@pytest.mark.parametrize("text", TABLE)
def test_inline(text):
    assert " | ".join(told(inline, text) for inline in scan(text, {"R": "http://r"})) == TABLE[text]


# ── CommonMark ──

KINDS = {
    "em_open": "em",
    "strong_open": "strong",
    "link_open": "link",
    "image": "image",
    "code_inline": "code",
    "html_inline": "html",
    "softbreak": "break",
    "hardbreak": "break",
}
OURS = {12: "math", 602: "bare address", 608: "bare address", 611: "bare address", 612: "bare address"}


@pytest.mark.skipif(not SPEC, reason="CommonMark's examples are not here: `make spec` fetches them")
def test_commonmark_examples():
    reader = MarkdownIt("commonmark")
    for example in json.loads(SPEC[0].read_text(encoding="utf-8")):
        text, env = example["markdown"], {}
        document = parse(text)
        assert "".join(unit.span.of(text) for unit in units(document)) == text
        tokens = [token for token in reader.parse(text, env) if token.type == "inline"]
        for token in tokens if example["example"] not in OURS else ():
            assert events(token.content.strip(), env) == [
                KINDS[child.type] for child in token.children if child.type in KINDS
            ], example


def events(text, env):
    found = []
    for node in scan_nodes(text, env.get("references", {}), friendly=False):
        kind = {"autolink": "link"}.get(node.kind, node.kind.value)
        if kind not in {"escape", "entity"}:
            found.append((node.start, kind))
        if kind == "html" and node.inner:
            found.append((node.inner.end, kind))
    return [kind for _, kind in sorted(found, key=lambda each: each[0])]


# ── Hard inputs ──


@pytest.mark.parametrize(
    "unit", ["*a ", "a* ", "*a_ ", "[", "[a](b", "![", "`a``b", "<a ", "<b>", "$a ", "{{< ", "\\(a ", "<!-- ", "a_@"]
)
def test_hard_inputs_end(unit):
    parse(unit * (60_000 // len(unit)))


def test_deep_nesting_is_no_recursion():
    for text in (
        ">" * 5000 + " 深",
        "- " * 5000 + "深",
        "*a " * 3000 + "b* " * 3000,
        "[" * 5000 + "a" + "](b)" * 5000,
        "<b>" * 5000,
    ):
        document = parse(text)
        assert re.search("[深ab]", "".join(block.span.of(text) for block in document.blocks))
