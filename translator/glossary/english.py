"""English forms: the ways one word or phrase may rightly look in a sentence.

Only what spelling tells: endings, hyphens, capitals. No dictionary.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from translator.model import Term

NAMES = frozenset({"person", "project", "product", "organisation", "organization", "company", "place", "name", "brand"})
"""Kinds whose capitals are part of the name."""

_TOKEN = re.compile(r"[A-Za-z]+|[^A-Za-z\s]+|\s+")
_IRREGULAR = {
    "corpus": "corpora", "maximum": "maxima", "minimum": "minima", "optimum": "optima", "criterion": "criteria",
    "phenomenon": "phenomena", "datum": "data", "child": "children", "person": "people", "locus": "loci",
    "index": "indices", "vertex": "vertices", "appendix": "appendices",
}  # fmt: skip
_REGULAR = {plural: one for one, plural in _IRREGULAR.items()}
_SPELLED = re.compile(r"(?:MIT|[A-Z](?![a-z])(?![AEIOU][A-Z]{1,})[A-Za-z0-9-]*)$")
"""Said letter by letter: LSTM, MXNet, L1; not MATLAB or NASA, whose second letter is a vowel."""
_SOUNDS_YOU = re.compile(r"(?:one|once|eu|ew|uni(?!n|m)|us[aeiu]|uti|ubi|u[rkt][aiou])", re.IGNORECASE)
_SOUNDS_OPEN = re.compile(r"(?:[aeiou]|hour|honest|hono|heir|8|11(?!\d)|18(?!\d))", re.IGNORECASE)


def is_name(term: Term) -> bool:
    """Tell whether a term's spelling is part of it: by its kind, or since each of its words has unusual capitals."""
    words = term.translation.split()
    return term.kind in NAMES or term.keep or (bool(words) and all(map(_is_unusual, words)))


def _is_unusual(word: str) -> bool:
    return re.search("[A-Z]", word[1:]) is not None


def is_ordinary(phrase: str) -> bool:
    """Tell whether a phrase is of ordinary words, none with a capital or a figure."""
    return phrase[:1].isalpha() and phrase == phrase.lower() and not re.search(r"\d", phrase)


@lru_cache(maxsize=16384)
def pattern(phrase: str, *, exact: bool = False, loose: bool = False) -> re.Pattern[str]:
    """Compile a phrase into an expression for its accepted forms, as whole words.

    An `exact` phrase (a name) keeps its capitals and hyphens; another may have its capitals, take simple endings, and
    have hyphens for spaces. A `loose` one may have any capitals.
    """
    body = "".join(_piece(token, exact=exact) for token in _TOKEN.findall(phrase))
    if exact and _is_word(phrase[-1:]) and phrase[-1].isalpha():
        body += "(?:s|es)?"
    return re.compile(_start(phrase) + body + _end(phrase, exact=exact), re.IGNORECASE if loose else 0)


def _start(phrase: str) -> str:
    return r"(?<![A-Za-z0-9_])" if _is_word(phrase[:1]) else ""


def _end(phrase: str, *, exact: bool) -> str:
    """Give what may not follow; a name may be followed by its version (MXNet1.0), no C is the C of C++."""
    if not _is_word(phrase[-1:]):
        return ""
    letters = "A-Za-z_" if exact and phrase[-1].isalpha() else "A-Za-z0-9_"
    return rf"(?![{letters}]|\+\+|#|\.(?:io|com|org|net|ai|cn|py)\b)"


def _is_word(ch: str) -> bool:
    return ch.isascii() and ch.isalnum()


def _piece(token: str, *, exact: bool) -> str:
    if token.isspace():
        return r"\s+" if exact else r"[\s-]*"
    if not token.isalpha():
        sign = re.escape(token).replace("'", "['’]")
        return sign if exact else sign.replace(r"\-", r"[\s-]?").replace("–", r"[\s–-]?")
    if exact:
        return re.escape(token)
    if token != token.lower():
        return _capital(token)
    return f"(?i:{'|'.join(_inflected(token))})"


def _capital(token: str) -> str:
    """Give a word with capitals as it is, a proper noun also all in capitals; it may be plural."""
    return f"(?:{token}(?:s|es)?|{token.upper()}S?)" if token.istitle() else f"{token}(?:s|es)?"


@lru_cache(maxsize=16384)
def _inflected(word: str) -> tuple[str, ...]:
    found = [word, plural(word), _regular(word), *_singular(word), *_verbal(word)]
    return tuple(_spell(form) for form in sorted(dict.fromkeys(found), key=len, reverse=True))


def _spell(word: str) -> str:
    """Allow British spelling, and in a long word hyphens or blanks anywhere (mini-batch, mini batch)."""
    joined = "[- ]?".join(word) if len(word) > 7 else word
    return re.sub(r"(?<=i)((?:\[- \]\?)?)z(?=(?:\[- \]\?)?[aei])", r"\1[sz]", joined)


def plural(word: str) -> str:
    """Give the plural of a noun, by its spelling."""
    low = word.lower()
    if low in _IRREGULAR:
        return _IRREGULAR[low] if word == low else word[0] + _IRREGULAR[low][1:]
    for ending, cut, new in (("sis", 2, "es"), ("trix", 1, "ces")):
        if low.endswith(ending):
            return word[:-cut] + new
    return _regular(word)


def _regular(word: str) -> str:
    low = word.lower()
    if re.search(r"(?:s|x|z|sh|(?<!epo)(?<!ma)ch)$", low):  # said k in epoch and stomach
        return word + "es"
    return word[:-1] + "ies" if re.search(r"[^aeiou]y$", low) else word + "s"


def _singular(word: str) -> list[str]:
    if word in _REGULAR:
        return [_REGULAR[word]]
    if word.endswith("ies"):
        return [word[:-3] + "y"]
    return [word[:-1]] if re.search(r"[^sui]s$", word) and len(word) > 3 else []


def _verbal(word: str) -> list[str]:
    if len(word) < 3 or word.endswith("ing"):
        return []
    if word.endswith("e"):
        return [word + "d", word[:-1] + "ing"]
    if re.search(r"[^aeiou]y$", word):
        return [word[:-1] + "ied", word + "ing"]
    last = word[-1] if re.search(r"[^aeiou][aeiou][bdgklmnprt]$", word) else ""
    return [word + "ed", word + "ing", word + last + "ed", word + last + "ing"]


def article(phrase: str) -> str:
    """Give the indefinite article that a phrase takes, by its sound: an MXNet model, a unigram, an hour."""
    word = (re.findall(r"[A-Za-z0-9-]+", phrase) or [""])[0]
    if re.match("[a-z]-", word):
        return "an" if word[0] in "aefhilmnorsx" else "a"
    if _SPELLED.match(word):
        return "an" if word[0] in "AEFHILMNORSX" else "a"
    return "an" if _SOUNDS_OPEN.match(word) and not _SOUNDS_YOU.match(word) else "a"


def capitalised(phrase: str) -> str:
    """Give an ordinary phrase with its first letter a capital."""
    return phrase[:1].upper() + phrase[1:]


_BEFORE_NOUN = frozenset(
    (  # noqa: SIM905  # a table to be read
        "a an the this that these those its their our your his her my each every some any no all both many few several "
        "most other another such same different new old first second last next two three one of in on at by for from "
        "with without into onto about between under over through via per as like than using called named"
    ).split()
)
_BEFORE_VERB = frozenset(
    (  # noqa: SIM905  # a table to be read
        "to will would can could may might must shall should do does did not we you they i it he she who that which "
        "let lets please be is are was were been then never always often also only just"
    ).split()
)
_AFTER_NOUN = frozenset(
    (  # noqa: SIM905  # a table to be read
        "is are was were has have had can could will would may must should of in on at by for from with that which who "
        "to and or but than as into when while if so because do does did"
    ).split()
)
_NO_NOUN = re.compile(
    r"(?:i[sz]e|ify|ed|able|ible|ous|ful|less|ly|verge|(?<!object)(?<!derivat)(?<!alternat)ive|(?:log|ph|met|st)ical)$"
)
"""Endings of words that are hardly ever nouns."""


def is_noun(phrase: str) -> bool:
    """Tell whether a phrase may be a noun, by its last word's ending."""
    return not _NO_NOUN.search(phrase.lower())


def stands_as_noun(before: str, phrase: str, after: str) -> bool:
    """Tell whether a phrase is plainly a noun where it stands, so that another noun can take its place.

    Only what stands beside it tells: `the assumption`, `line arguments are`; not `assume that`, `it pads text`.
    """
    if not is_noun(phrase) or phrase.lower().endswith("ing"):
        return False
    left = (re.findall(r"[\w'-]+\s*$", before) or [""])[0].strip().lower()
    right = re.match(r"\s*([\w'-]+)?", after)
    follows = (right[1] or "").lower() if right else ""
    if left in _BEFORE_VERB and left not in _BEFORE_NOUN:
        return False
    ends = not follows or follows in _AFTER_NOUN or re.match(r"['’]s|[^\w\s'’-]", after) is not None
    return left in _BEFORE_NOUN or (ends and bool(left) and re.search(r"[^su]s$", phrase) is not None)


def is_akin(phrase: str, wanted: str) -> bool:
    """Tell whether a phrase says the wanted one in another form: derived (tokenization), initials (CNN), or a part."""
    words, wanted_words = re.findall(r"[a-z]+", phrase.lower()), re.findall(r"[a-z]+", wanted.lower())
    if len(wanted_words) > 1 and phrase.lower().removesuffix("s") == "".join(word[0] for word in wanted_words):
        return True
    return any(a[: max(5, len(a) - 4)] == b[: max(5, len(a) - 4)] for a in words for b in wanted_words if len(a) > 3)
