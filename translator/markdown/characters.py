"""What a character is to Markdown: a blank, a punctuation mark, Chinese."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple
from unicodedata import category, east_asian_width

HAN = re.compile("[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
"""What a backslash can escape."""

BLANKS = (
    "\t\n\x0b\x0c\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005"
    "\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
"""What markdown-it trims from the ends of a paragraph."""


class Character(NamedTuple):
    """What flanking rules ask about a character."""

    is_space: bool
    is_punctuation: bool
    is_wide: bool
    """Chinese, Japanese or Korean, their punctuation included; emoji are not."""


@cache
def classify(character: str) -> Character:
    """Say what a character is to CommonMark 0.31 and to the markdown-cjk-friendly rule."""
    kind = category(character)
    return Character(
        is_space=kind == "Zs" or character in "\t\n\x0c\r",
        is_punctuation=character in PUNCTUATION or kind[0] in "PS",
        is_wide=east_asian_width(character) in "WFH" and kind != "So",
    )
