"""Characters that would change what a reader sees without being seen are spelled out."""

from __future__ import annotations

import re
import unicodedata

UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]",
)
"""Controls, zero-width spaces, bidirectional marks, lone surrogates; not joiners, which emoji are made with."""


def name(character: str) -> str:
    """Give a character's code point and name."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip()


def seen(text: str) -> str:
    """Give the text with every unseen character spelled as its code point."""
    return UNSEEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)
