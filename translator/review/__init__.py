"""The review: a post and its translation side by side, on a page that a server gives or that is one file.

    Work, Outcome ─build→ Review ─Shaper→ forms ─Printer, rows.html→ chunks and rows of HTML ─shell, standalone→ a page

A page in a file holds its styles and scripts, asks the network for nothing, and reads without a script.
"""

from translator.review.page import Item, Review, Row, TermSpan

__all__ = ["Item", "Review", "Row", "TermSpan"]
