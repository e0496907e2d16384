"""Alignment: where in an English sentence a Chinese word was said, and how sure that is.

Pure functions of two plain texts and the lexicon that ships (`lexicon.bin`, mapped into memory; `CARD.md` says what it
was counted from). They know nothing of a glossary: what a term should be called is told to no one here.
"""

from translator.align.renderings import Link, Rendering, links, rendering, renderings
from translator.align.words import word_links

__all__ = ["Link", "Rendering", "links", "rendering", "renderings", "word_links"]
