"""The glossary: its files, its terms in a text, and whether a translation obeys them.

The home of ahocorasick_rs and PyYAML. Everything is a pure function of what it is given, files apart.
"""

from translator.glossary.english import article, is_name
from translator.glossary.files import load, merge, parse, read
from translator.glossary.first import with_first
from translator.glossary.matching import PLAIN, Glossary, Place
from translator.glossary.repairs import fill, repair
from translator.glossary.verdicts import accepted, verify

__all__ = [
    "PLAIN",
    "Glossary",
    "Place",
    "accepted",
    "article",
    "fill",
    "is_name",
    "load",
    "merge",
    "parse",
    "read",
    "repair",
    "verify",
    "with_first",
]
