"""Posts as wild as real ones: the laws hold for each."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import pytest

from translator.markdown import (
    headings,
    inventory,
    links,
    parse,
    protect,
    read,
    restore,
    scan,
    skeleton,
    slugs,
    spell,
    units,
)
from translator.model import BlockKind, Codec, Edit, InlineKind
from translator.splice import splice

ROOT = Path(__file__).parents[2]
NASTY = sorted((ROOT / "tests/data/nasty").glob("*.md"))
ASKED = Path(os.environ.get("DUIZHAO_ASKED_POST", "none"))
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


HAN = re.compile(r"[\u3400-\u9fff，。、；：？！“”《》（）]+")


def english(block, document, words):
    """Say a block in made-up English."""
    source = block.span.of(document.text)
    if block.codec not in {Codec.MARKDOWN, Codec.HTML}:
        return spell('Some: value\'s "here"', block, document)
    protected = protect(source, [_moved(inline, -block.span.start) for inline in block.inlines], block.codec)
    said = HAN.sub(lambda _: next(words), protected.text)
    return restore(protected, said, ["alt [x] 'y' \"z\""] * len(protected.inners), codec=block.codec)


def test_english_leaves_the_skeleton_and_the_inventory(document):
    words = cycle([" word “x” ", "it's ", " a, ", "(b)", " 3. "])
    prose = [block for block in document.blocks if block.kind.is_prose]
    whole = [block for block in prose if all(inline.kind is not InlineKind.BREAK for inline in block.inlines)]
    said = splice(document.text, [Edit(block.span, english(block, document, words)) for block in whole])
    again = parse(said, mdx="import Tabs" in document.text)
    assert skeleton(again) == skeleton(document)
    assert inventory(again) == inventory(document)


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
