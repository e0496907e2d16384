"""The review: a post and its translation side by side, on one self-contained page.

    Review ─view→ blocks, counts, terms ─page.html→ HTML

The page holds its style and script, asks the network for nothing, and reads without a script.
"""

from translator.review.page import Item, Review, Row, TermSpan
from translator.review.render import page

__all__ = ["Item", "Review", "Row", "TermSpan", "page"]
