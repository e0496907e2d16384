"""Candidates for the glossary, found in posts: words and phrases by their figures, names by their form.

    lines ─runs→ phrases ─counts, C-value, entropy, background→ score ┐
    lines ─names→ persons, titles, Latin names, terms with English ───┴→ Candidate*, best first ─align→ with its English

Texts in, candidates out: nothing here knows files or Markdown.
"""

from translator.glossary.mine.background import NOTHING, Background, background
from translator.glossary.mine.candidates import Candidate, Line, Place, Rendered, mine
from translator.glossary.mine.score import Evidence

__all__ = ["NOTHING", "Background", "Candidate", "Evidence", "Line", "Place", "Rendered", "background", "mine"]
