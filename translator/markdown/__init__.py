"""Markdown as spans: where the prose of a post stands, what is markup in it, and how new prose is spelled there.

    bytes ─read→ text ─parse→ Document ─protect→ Protected ─ … ─restore→ Markdown ─spell→ the bytes of a block's span

markdown-it parses the blocks; nothing is ever rendered. Everything outside a prose span keeps its bytes.
"""

from translator.markdown.front import FRONT_KEYS, set_front
from translator.markdown.inline import scan
from translator.markdown.parse import parse
from translator.markdown.protect import MarkError, Mended, append_lost, check_marks, plain, plain_map, protect, restore
from translator.markdown.shape import (
    Heading,
    Link,
    Unit,
    headings,
    inventory,
    links,
    skeleton,
    slug,
    slugs,
    units,
)
from translator.markdown.source import decode, read
from translator.markdown.spell import spell, unspell

__all__ = [
    "FRONT_KEYS",
    "Heading",
    "Link",
    "MarkError",
    "Mended",
    "Unit",
    "append_lost",
    "check_marks",
    "decode",
    "headings",
    "inventory",
    "links",
    "parse",
    "plain",
    "plain_map",
    "protect",
    "read",
    "restore",
    "scan",
    "set_front",
    "skeleton",
    "slug",
    "slugs",
    "spell",
    "units",
    "unspell",
]
