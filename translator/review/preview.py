"""The English as a page of its own, beside the review: nothing in it is loaded, followed or run."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from markupsafe import Markup

from translator.markdown import parse
from translator.markdown.preview import html
from translator.model import BlockKind
from translator.review.templates import own
from translator.review.text import seen

if TYPE_CHECKING:
    from translator.model import Block
    from translator.pipeline.work import Outcome, Work

PAGE = Markup("""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
{body}</main>
</body>
</html>
""")


def preview(work: Work, outcome: Outcome) -> tuple[str, str]:
    """Give the English as HTML, and the policy it must be sent with.

    A block's id is `b` and the index of its first segment: in order where the English has the shape of the source,
    from both ends where somebody gave it another.
    """
    text = seen(outcome.english.removeprefix("\ufeff"))
    path = work.post.path
    mdx = path is not None and path.suffix == ".mdx"
    document = parse(text, mdx=mdx, front_keys=work.post.front_keys)
    said = [block for block in document.blocks if block.kind.is_prose]
    ids = {block.span.start: name for block, name in zip(said, _names(work, said), strict=True) if name}
    style = own("preview.css")
    body = html(text, ids, _title(work, outcome), mdx=mdx)
    page = PAGE.format(title=seen(_title(work, outcome)), style=Markup(style), body=Markup(body))  # noqa: S704 - escaped there
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return str(page), (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self'; sandbox allow-same-origin"
    )


def _title(work: Work, outcome: Outcome) -> str:
    """Give the front matter's title in English, or as it is."""
    segments, blocks = work.post.segments, work.post.document.blocks
    for segment, entry in zip(segments, outcome.entries, strict=True):
        block = blocks[segment.block]
        if block.kind is BlockKind.FRONT and block.key == "title":
            return seen(entry.target or entry.source)
    return ""


def _names(work: Work, said: list[Block]) -> list[str]:
    """Name the English file's blocks of prose by the segments they are the English of."""
    first: dict[int, int] = {}
    for i, segment in enumerate(work.post.segments):
        first.setdefault(segment.block, i)
    source = [(number, block) for number, block in enumerate(work.post.document.blocks) if block.kind.is_prose]
    names = [f"b{first[number]}" if number in first else "" for number, _ in source]
    shapes, others = [_shape(block) for _, block in source], [_shape(block) for block in said]
    if shapes == others:
        return names
    same = next(
        (n for n, (a, b) in enumerate(zip(shapes, others, strict=False)) if a != b), min(len(shapes), len(others))
    )
    back = 0
    while back < min(len(shapes), len(others)) - same and shapes[-1 - back] == others[-1 - back]:
        back += 1
    middle = [""] * (len(said) - same - back)
    return [*names[:same], *middle, *names[len(names) - back :]]


def _shape(block: Block) -> tuple[str, int, tuple[str, ...]]:
    return block.kind.value, block.level, block.containers
