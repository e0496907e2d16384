"""The glossary: its files, its terms in a text, and whether a translation obeys them.

The home of ahocorasick_rs and PyYAML. Everything is a pure function of what it is given, files apart.
"""

from translator.glossary.edit import (
    Change,
    add_term,
    add_words,
    approve_terms,
    merge_terms,
    remove_term,
    remove_words,
    rename_term,
    set_field,
)
from translator.glossary.enforce import Became, Said, corrected, edits, imply, judge
from translator.glossary.english import article, is_name
from translator.glossary.files import load, merge, parse, read
from translator.glossary.first import with_first
from translator.glossary.matching import PLAIN, Glossary, Place
from translator.glossary.repairs import fill
from translator.glossary.verdicts import accepted, verify

__all__ = [
    "PLAIN",
    "Became",
    "Change",
    "Glossary",
    "Place",
    "Said",
    "accepted",
    "add_term",
    "add_words",
    "approve_terms",
    "article",
    "corrected",
    "edits",
    "fill",
    "imply",
    "is_name",
    "judge",
    "load",
    "merge",
    "merge_terms",
    "parse",
    "read",
    "remove_term",
    "remove_words",
    "rename_term",
    "set_field",
    "verify",
    "with_first",
]
