"""English typography: a table of examples, and the laws."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.text import tidy

TABLE = [
    ("MXNet（CNN），good。Next", "MXNet (CNN), good. Next"),
    ("good！Really？Yes", "good! Really? Yes"),
    ("one、two、three", "one, two, three"),
    ("《Deep Learning》：the book", '"Deep Learning": the book'),
    ("called「self」here", 'called "self" here'),
    ("called“self”here", 'called "self" here'),
    ("wait……", "wait…"),
    ("this——that", "this—that"),
    ("ratio 3：4 and 10，000", "ratio 3:4 and 10,000"),
    ("Ｍ Ｘ １２％", "M X 12%"),
    ("a  b   c", "a b c"),
    ("See <t1> Zhihu </t1> , and", "See <t1>Zhihu</t1>, and"),
    ("use<t1>Zhihu</t1>and", "use <t1>Zhihu</t1> and"),
    ("<t1>GPU</t1>s and <t2>MXNet</t2>'s", "<t1>GPU</t1>s and <t2>MXNet</t2>'s"),
    ("use<x1>to", "use <x1> to"),
    ("many <x1>s here", "many <x1>s here"),
    ("word<x1>.", "word<x1>."),
    ("<t1>A</t1>（B）", "<t1>A</t1> (B)"),
    ("（<t1>A</t1>）is", "(<t1>A</t1>) is"),
    ("f(x) and a.b, 3.14", "f(x) and a.b, 3.14"),
    ("use .NET and std::vector", "use .NET and std::vector"),
    ("`a，b。` is code", "`a，b。` is code"),
    ("see http://x.cn/a，then", "see http://x.cn/a, then"),
    ("see http://x.cn/a,b;c", "see http://x.cn/a,b;c"),
    ("mail a@b.cn。", "mail a@b.cn."),
    ("don't", "don't"),
    ("don’t “say” so", 'don\'t "say" so'),
    (" edges ", "edges"),
    ('already fine, I think: (yes) "no" — done.', 'already fine, I think: (yes) "no" — done.'),
    ("你好，MXNet（中）", "你好, MXNet (中)"),
]


@pytest.mark.parametrize(("before", "after"), TABLE)
def test_straight(before, after):
    assert tidy(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('He said "yes" and don\'t', "He said “yes” and don’t"),
        ("called「self」here", "called “self” here"),
        ('("a")', "(“a”)"),
        ('<t1>"a"</t1>', "<t1>“a”</t1>"),
    ],
)
def test_curly(before, after):
    assert tidy(before, "curly") == after


PIECES = st.sampled_from(
    [
        *[
            "a",
            "MX",
            "3",
            "10",
            " ",
            "  ",
            "，",
            "。",
            "：",
            "（",
            "）",
            "“",
            "”",
            "「",
            "《",
            "》",
            "…",
            "—",
            ",",
            ".",
            "'",
            '"',
            "s",
        ],
        *[
            "<t1>",
            "</t1>",
            "<t2>",
            "</t2>",
            "<x3>",
            "<x4>",
            "`a，`",
            "http://a.cn/b，",
            "你",
            "\u3000",
            "(",
            ")",
            "\ue000",
            "\n",
        ],
    ],
)
TEXTS = st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=25)


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.sampled_from(["straight", "curly"]))
def test_laws(text, quotes):
    once = tidy(text, quotes)
    assert tidy(once, quotes) == once
    assert _letters(once) == _letters(text)
    assert re.findall(r"</?[tx]\d+>", once) == re.findall(r"</?[tx]\d+>", text)


def _letters(text: str) -> str:
    wide = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFF01, 0xFF5F)}
    return "".join(ch for ch in text.translate(wide) if ch.isalnum())
