"""Wrong renderings that are plain to see, how they are put right, and terms put into the holes left for them.

A repair changes only what is plainly a rendering of the term: a forbidden form, Chinese left standing, pinyin, wrong
capitals. Everything else is somebody else's decision. Marks are never touched.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from translator.glossary.english import article, capitalised, is_name, is_ordinary, plural
from translator.glossary.verdicts import accepted, bare
from translator.model import Mention, Span, Verdict
from translator.text import fold, has_han, syllables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MARK = re.compile(r"</?[tx]\d+>")
ARTICLE = re.compile(r"(?<![\w'])([Aa])n?((?:\s|<t\d+>)*)$")
_THE = re.compile(r"\b[Tt]he\s+$")
_SUFFIX = re.compile(r"(?:es|ed)(?![A-Za-z0-9_])")
_NO_END = re.compile(r"\b(?:e\.g|i\.e|vs|etc|cf|al|Dr|Mr|Ms|Mrs|Prof)\.$")


class Wrong(NamedTuple):
    """Something in a target that is plainly a rendering of a mention, and not the wanted one."""

    mention: Mention
    span: Span
    """In the target, marks included."""
    many: bool = False
    """Whether it is a plural."""
    proof: str = ""
    """`forbidden`, `untranslated`, `spelling`, `pinyin`, `short first mention`."""


def replaced(target: str, span: Span, mention: Mention, *, many: bool = False) -> str:
    """Give the target with the wanted form of a mention in the place of a span; article and capital agree."""
    name = is_name(mention.term)
    wanted = several(mention.wanted, name=name) if many else mention.wanted
    before, after = target[: span.start], target[span.end :]
    if mention.term.kind == "person":
        before = _THE.sub("", before)
    return _place(before, wanted, after, ordinary=is_ordinary(mention.wanted) and not name)


def wrongs(target: str, mentions: Sequence[Mention], verdict: Verdict) -> Iterator[Wrong]:
    """Find what is plainly a wrong rendering of a mention, disjoint, by the verdict on the target."""
    taken = [span for _, span in verdict.obeyed]
    missing = list(verdict.missing)
    for mention, span in verdict.forbidden:
        if is_clear(target, span, taken):
            taken.append(span)
            yield Wrong(mention, span, _is_plural(span.of(target), mention.term.forbidden), "forbidden")
            if mention in missing:
                missing.remove(mention)
    for mention in missing:
        for span, many, proof in _renderings(mention, target):
            if is_clear(target, span, taken):
                taken.append(span)
                yield Wrong(mention, span, many, proof)
                break
    for mention, span in verdict.obeyed:
        if mention in mentions and _is_short(mention, span, target):
            yield Wrong(mention, span, proof="short first mention")


def is_clear(target: str, span: Span, taken: Sequence[Span]) -> bool:
    """Tell whether a span touches none of those taken and has no mark in it."""
    free = all(span.end <= other.start or other.end <= span.start for other in taken)
    return free and not _MARK.search(span.of(target))


def _is_short(mention: Mention, span: Span, target: str) -> bool:
    """Tell whether a first mention stands there without what belongs to it."""
    term = mention.term
    first = mention.wanted == term.first != term.translation
    return first and span.of(target) == term.translation and not re.match(r"\s*[(（]", target[span.end :])


def _is_plural(text: str, forms: Sequence[str]) -> bool:
    low = text.lower()
    return any(low in {plural(form).lower(), form.lower() + "s"} and low != form.lower() for form in forms)


def _renderings(mention: Mention, target: str) -> Iterator[tuple[Span, bool, str]]:
    """Give where something that is plainly the term stands, the surest first, whether it is a plural, and why."""
    plain = bare(target)
    term = mention.term
    written = list(dict.fromkeys((mention.surface, term.term, *term.aliases)))
    for form in sorted(filter(has_han, written), key=lambda form: (form != mention.surface, -len(form))):
        for match in re.finditer(re.escape(fold(form)), fold(plain.text)):
            yield plain.span(*match.span()), False, "untranslated"
    for form in dict.fromkeys((*accepted(mention), *written)):
        if not has_han(form):
            yield from ((plain.span(*span), many, "spelling") for span, many in _spellings(form, plain.text))
    for form in filter(has_han, written):
        yield from ((plain.span(*match.span()), False, "pinyin") for match in _sounds(form, plain.text))


def _spellings(form: str, text: str) -> Iterator[tuple[Span, bool]]:
    """Find a Latin form with any capitals, its parts apart or together: mxnet, Mx-Net, XG Boost."""
    letters = re.findall(r"[A-Za-z0-9]|[^A-Za-z0-9\s-]", form)
    body = r"[ -]?".join(map(re.escape, letters))
    many = "(?P<many>s)?" if letters and letters[-1].isalpha() else ""
    for match in re.finditer(rf"(?<![A-Za-z0-9_./@-]){body}{many}(?![A-Za-z0-9_@/-]|\.\w)", text, re.IGNORECASE):
        if len(letters) > 1:
            yield Span(*match.span()), bool(many and match["many"])


def _sounds(form: str, text: str) -> Iterator[re.Match[str]]:
    """Find a Chinese form spelled in pinyin, however its syllables are put together: Mushen, Mu Shen, Mu-shen."""
    parts = [re.escape(syllable.replace("ü", "u")) for syllable in syllables(form)]
    if len(parts) < 2 or len(parts) != len(form):
        return
    body = r"[\s'’-]*".join(parts)
    for match in re.finditer(rf"(?<![A-Za-z0-9_-])(?:{body})(?![A-Za-z0-9_-])", text, re.IGNORECASE):
        if match[0][0].isupper() or match[0].isalpha():
            yield match


def _place(before: str, text: str, after: str, *, ordinary: bool) -> str:
    """Set a term between two texts: capital, article, and a space where words would touch."""
    if ordinary and is_start(before):
        text = capitalised(text)
    before = ARTICLE.sub(lambda match: match[1] + article(text)[1:] + match[2], before)
    left = " " if _touches(before[-1:], text[:1]) else ""
    right = " " if _touches(text[-1:], after[:1]) and not _SUFFIX.match(after) else ""
    return before + left + text + right + after


def _touches(left: str, right: str) -> bool:
    return (left.isalnum() or left == ")") and (right.isalnum() or right == "(")


def is_start(before: str) -> bool:
    """Tell whether a sentence starts after this text."""
    said = _MARK.sub("", before).rstrip(" \t\"“‘'([")
    return not said or (said[-1] in ".!?。！？…" and not _NO_END.search(said))


def fill(text: str, hole: str, wanted: str, *, name: bool = False) -> str:
    """Put a term into its hole; the text as it is where there is no such hole.

    An article before it agrees, a sentence's first word gets its capital (never a `name`'s), a word that the text
    already has beside the hole is not doubled, and `s` after the hole makes the right plural.
    """
    at = text.find(hole)
    if at < 0:
        return text
    before, after = text[:at], text[at + len(hole) :]
    before, after = _without_twins(before, after, wanted)
    ordinary = is_ordinary(wanted) and not name
    if match := re.match(r"e?s(?![A-Za-z0-9_])", after):
        wanted, after = several(wanted, name=name), after[match.end() :]
    return _place(before, wanted, after, ordinary=ordinary)


def several(wanted: str, *, name: bool) -> str:
    """Give the plural; a name only gets an s, and what is plural or ends in a sign stays."""
    last = wanted.rpartition(" ")[2]
    if not last[-1:].isalpha() or re.search(r"[^su]s$", last):
        return wanted
    return wanted + "s" if name or not last.islower() else plural(wanted)


def _without_twins(before: str, after: str, wanted: str) -> tuple[str, str]:
    """Take away words beside the hole that the term brings itself: `deep` of `deep ⟨deep learning⟩`."""
    words = wanted.split()
    for count in range(len(words), 0, -1):
        twin = r"\s+".join(map(re.escape, words[:count]))
        if match := re.search(rf"(?<![\w-]){twin}\s+$", before, re.IGNORECASE):
            before = before[: match.start()]
            break
    for count in range(len(words), 0, -1):
        twin = r"\s+".join(map(re.escape, words[-count:]))
        if match := re.match(rf"\s+{twin}(?![\w-])", after, re.IGNORECASE):
            after = after[match.end() :]
            break
    return before, after
