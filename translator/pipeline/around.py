"""What stands around each block of a post: for engines that read context."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from translator.model import Around, BlockKind
from translator.pipeline.files import digest

if TYPE_CHECKING:
    from translator.model import Block, Document
    from translator.pipeline.english import Post

OWN = 600
"""How many characters of its own block go along with a sentence."""
BESIDE = 240
"""How many of the block before it, its end, and of the one after it, its beginning."""
ABOUT = 600
SUMMARIES = ("title", "subtitle", "description", "summary", "excerpt")
"""Front-matter keys that say what a post is."""


def arounds(post: Post) -> list[Around]:
    """Give what stands around each block of a post; only for blocks of prose is it worth anything."""
    document, titles = post.document, _headings(post.document)
    about, name = _about(document), digest(document.text)
    texts = [block.span.of(document.text) for block in document.blocks]
    prose = sorted({one.block for one in post.segments if document.blocks[one.block].kind is not BlockKind.FRONT})
    before, after = dict(zip(prose[1:], prose, strict=False)), dict(pairwise(prose))
    return [
        Around(
            post=name,
            number=n,
            block=texts[n][:OWN],
            before=texts[before[n]][-BESIDE:] if n in before else "",
            after=texts[after[n]][:BESIDE] if n in after else "",
            headings=titles[n],
            about=about,
        )
        for n in range(len(document.blocks))
    ]


def _about(document: Document) -> str:
    """Say what a post is, by its front matter and, where that has no summary, by its headings."""
    told = {
        block.key: " ".join(block.span.of(document.text).split())
        for block in document.blocks
        if block.kind is BlockKind.FRONT and block.key in SUMMARIES
    }
    lines = [f"{key}: {told[key]}" for key in SUMMARIES if key in told]
    if not told.keys() - {"title", "subtitle"}:
        headings = [_title(document, block) for block in document.blocks if block.kind is BlockKind.HEADING]
        lines += [f"headings: {' · '.join(headings)}"] if headings else []
    return "\n".join(lines)[:ABOUT]


def _title(document: Document, block: Block) -> str:
    return " ".join(block.span.of(document.text).split())


def _headings(document: Document) -> list[tuple[str, ...]]:
    """Give the headings above each block, outermost first."""
    out, path = [], [""] * 7
    for block in document.blocks:
        out.append(tuple(title for title in path if title))
        if block.kind is BlockKind.HEADING:
            path[block.level :] = [_title(document, block)] + [""] * (6 - block.level)
    return out
