"""Posts as wild as real ones: the laws hold for each."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from translator.markdown import headings, inventory, links, parse, protect, read, restore, scan, skeleton, slugs, units
from translator.model import BlockKind, Codec, Edit, InlineKind
from translator.splice import splice

ROOT = Path(__file__).parents[2]
NASTY = sorted((ROOT / "tests/data/nasty").glob("*.md"))
ASKED = Path(os.environ.get("DUIZHAO_ASKED_POST", ROOT / "../shared/posts/huigui-mxnet.zh.md"))
POSTS = [*NASTY, *sorted((ROOT / "posts").rglob("*.md"))]
MARKERS = re.compile(r"(?:[\s>*+\-#=|:~\ufeff\u200b]|\d+[.)]|\[[ xX]\]|\[\^[^\]]+\]:)*")


@pytest.fixture(params=POSTS, ids=lambda path: str(path.relative_to(ROOT)))
def document(request):
    return parse(read(request.param), mdx=request.param.stem == "mdx")


def test_there_are_two_dozen():
    assert len(NASTY) >= 24


def test_reading_is_lossless(document):
    text = document.text
    assert splice(text, [Edit(block.span, block.span.of(text)) for block in document.blocks]) == text
    assert "".join(unit.span.of(text) for unit in units(document)) == text


def test_blocks_cover_all_but_markers(document):
    end = 0
    for block in document.blocks:
        assert end <= block.span.start < block.span.end
        between = document.text[end : block.span.start]
        assert MARKERS.fullmatch(between), between
        end = block.span.end
    assert MARKERS.fullmatch(document.text[end:])


def test_every_block_survives_its_marks(document):
    for block in document.blocks:
        if block.kind.is_prose and block.codec in {Codec.MARKDOWN, Codec.HTML}:
            source = block.span.of(document.text)
            marks = [_moved(inline, -block.span.start) for inline in block.inlines]
            protected = protect(source, marks, block.codec)
            assert restore(protected, protected.text, codec=block.codec) == source


def _moved(inline, by):
    return replace(
        inline,
        span=inline.span.shift(by),
        inner=inline.inner and inline.inner.shift(by),
        prose=tuple(span.shift(by) for span in inline.prose),
        destination=inline.destination and inline.destination.shift(by),
    )


def test_prose_in_english_leaves_the_skeleton(document):
    text = document.text
    plain = (b for b in document.blocks if b.kind.is_prose and b.codec is Codec.MARKDOWN and not b.inlines)
    edits = [Edit(block.span, "Some plain words") for block in plain]
    english = splice(text, edits)
    assert skeleton(parse(english, mdx="import Tabs" in text)) == skeleton(document)
    assert inventory(parse(english, mdx="import Tabs" in text)) == inventory(document)


def test_chinese_outside_prose_is_meant_to_stay(document):
    kept = {BlockKind.RAW, BlockKind.CODE, BlockKind.MATH, BlockKind.RULE}
    covered = [block.span for block in document.blocks if block.kind.is_prose or block.kind in kept]
    outside = splice(document.text, [Edit(span, "") for span in covered])
    assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"\[\^[^\]]+\]:", "", outside))


def test_the_rest_works(document):
    assert len(headings(document)) == len(slugs(document, "hexo")) == len(slugs(document, "hugo"))
    assert all(link.destination.of(document.text) is not None for link in links(document))


@pytest.mark.skipif(not ASKED.exists(), reason="the post that was asked for is not here")
def test_the_asked_post():
    document = parse(read(ASKED))
    strong = [i.inner.of(document.text) for b in document.blocks for i in b.inlines if i.kind is InlineKind.STRONG]
    assert "“按部就班地学习”" in strong
    assert [heading.text for heading in headings(document)] == ["简单介绍下MXNET", "为什么选择MXNET？"]
    assert sum(block.containers[:1] == ("quote",) for block in document.blocks) == 8
    assert scan("*“自我介绍”*：")[0].kind is InlineKind.EM
