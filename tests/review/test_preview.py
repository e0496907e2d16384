# ruff: noqa: E501 - rows of a table read best on one line
"""The English as a page: everything of it is shown, nothing of it lives."""

import base64
import hashlib
import re
from dataclasses import replace
from pathlib import Path

import pytest
from html_tree import Tree
from hypothesis import given, settings
from hypothesis import strategies as st
from opened import HOSTILE, NASTY, PIECES, POST, opened

from translator.markdown.preview import html
from translator.model import State
from translator.review.preview import preview

ATTRIBUTES = {"class", "id", "title", "start", "role", "tabindex", "aria-label"}
ALLOWED = set(
    "p h1 h2 h3 h4 h5 h6 blockquote ul ol li table thead tbody tr th td dl dt dd pre code hr br div span strong em s sup".split()  # noqa: SIM905 - a list of words
)
POSTS = Path(__file__).parents[2] / "posts"
quick = settings(deadline=None, max_examples=60)  # a first example may find the machine busy


def body(page):
    return page[page.index("<main>") + 6 : page.index("</main>")]


@quick
@given(st.one_of(HOSTILE, st.lists(st.sampled_from(NASTY), max_size=8).map("\n\n".join), st.text(max_size=80)))
def test_only_known_elements_come_out(text):
    tree = Tree(html(text, {0: '"><i'}, text))
    assert {tag for tag, _ in tree.tags} <= ALLOWED
    for _, attributes in tree.tags:
        assert set(attributes) <= ATTRIBUTES
        assert not re.match(r"\s*(javascript|data|vbscript):", attributes.get("title", ""), re.IGNORECASE)


@quick
@given(HOSTILE, st.lists(PIECES, min_size=12, max_size=12))
def test_a_hostile_post_has_a_calm_page(text, words):
    post = opened(text, {i: (said, State.APPROVED) for i, said in enumerate(words) if said.strip()})
    page, policy = preview(post.work, post.outcome)
    tree = Tree(body(page))
    ids = tree.all("id")
    assert len(ids) == len(set(ids))
    assert set(ids) <= {f"b{i}" for i in range(len(post.outcome.entries))}
    assert {tag for tag, _ in tree.tags} <= ALLOWED
    assert not {"\u202e", "\u2066"} & set(page)
    assert "unsafe" not in policy
    assert "script" not in policy


def test_the_policy_lets_in_its_own_style_and_nothing_else():
    post = opened(POST)
    page, policy = preview(post.work, post.outcome)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    assert f"style-src 'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert policy.endswith("; sandbox allow-same-origin")
    assert not re.search(r"url\(|@import|https?:", style)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_block_is_named_by_its_first_segment(end):
    post = opened(POST.replace("\n", end))
    page, _ = preview(post.work, post.outcome)
    ids = Tree(body(page)).all("id")
    blocks = [segment.block for segment in post.work.post.segments]
    kinds = [post.work.post.document.blocks[block] for block in blocks]
    firsts = [i for i in range(len(blocks)) if i == 0 or blocks[i] != blocks[i - 1]]
    lines = {}
    for i in firsts:  # of the cells of one line the first has the name, of an attribute the text that is before it
        lines.setdefault((kinds[i].lines, kinds[i].kind), f"b{i}")
    assert set(ids) <= {f"b{i}" for i in firsts}
    assert set(ids) >= {name for (_, kind), name in lines.items() if kind != "html"}


def test_a_block_that_was_added_by_hand_has_no_name_and_the_others_keep_theirs():
    post = opened("# 一\n\n二。\n\n三。\n\n四。\n")
    shaped = replace(post.outcome, english="# One\n\nTwo.\n\n- a list\n- of two\n\nFour.\n")
    page, _ = preview(post.work, shaped)
    found = dict(re.findall(r'id="(b\d+)">([^<]+)', page))
    assert found == {"b0": "One", "b1": "Two.", "b3": "Four."}


SHOWN = [
    ("**bold** and *em* ~~gone~~", "<p><strong>bold</strong> and <em>em</em> <s>gone</s></p>"),
    ("[a](https://x.example/ 't')", '<p><span class="link" title="https://x.example/">a</span></p>'),
    ("[a](javascript:x)", '<p><span class="link">a</span></p>'),
    ("[a][r]\n\n[r]: mailto:a@b.example", '<p><span class="link">a</span></p>'),
    ("![pic *x*](a.png)", '<p><span class="image" role="img" aria-label="pic x">pic x</span></p>'),
    ("`` a`b ``", "<p><code>a`b</code></p>"),
    ("$x<y$", '<p><code class="math">$x&lt;y$</code></p>'),
    ("{% img a.png %}", '<p class="tag">{% img a.png %}</p>'),
    ("see {% post_link a %}", '<p>see <code class="tag">{% post_link a %}</code></p>'),
    ("<b onclick=x>y</b>", '<p><code class="raw">&lt;b onclick=x&gt;</code>y<code class="raw">&lt;/b&gt;</code></p>'),
    ("<div>\nx\n</div>", '<pre class="raw" tabindex="0">&lt;div&gt;\nx\n&lt;/div&gt;</pre>'),
    ("a\\*b &amp; c", "<p>a*b &amp; c</p>"),
    ("a  \nb\nc", "<p>a<br>b c</p>"),
    ("3. x", '<ol start="3"><li>x </li>\n</ol>'),
    ("- [x] done", "<ul><li>☑ done </li>\n</ul>"),
    ("```py\na<b\n```", '<pre tabindex="0"><code>a&lt;b\n</code></pre>'),
    ("|a|b|\n|:-:|-|\n|1|2|", '<th class="center">a</th>'),
    ("#标题", "<h1>标题</h1>"),
]  # fmt: skip


@pytest.mark.parametrize(("markdown", "shown"), SHOWN)
def test_markdown_is_shown_as_its_readers_see_it(markdown, shown):
    assert shown in html(markdown, {})


def test_the_front_matters_title_is_the_heading_and_the_rest_of_it_is_not_shown():
    post = opened("---\ntitle: 题目\ndate: 2016-03-02\n---\n\n正文。\n", {0: ("The <Title>", State.APPROVED)})
    page, _ = preview(post.work, post.outcome)
    assert '<h1 class="title"><span id="b0"></span>The &lt;Title&gt;</h1>' in page
    assert "2016" not in page


@pytest.mark.parametrize("text", [">" * 5000 + " x", "- " * 3000 + "x", "[" * 5000, "*a_" * 3000, "<a" * 5000])
def test_hostile_nesting_has_a_page(text):
    assert Tree(html(text, {0: "b0"})).text.strip()


@pytest.mark.skipif(not POSTS.exists(), reason="the posts are not in this distribution")
@pytest.mark.parametrize("path", sorted(POSTS.glob("*/en.md")), ids=lambda path: path.parent.name)
def test_a_real_post_is_shown_without_its_delimiters(path):
    tree = Tree(html(path.read_text(encoding="utf-8"), {}))
    assert "**" not in tree.text
    assert "](" not in tree.text
    assert len(tree.text) > 1000
