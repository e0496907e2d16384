"""A sentence that differs from an approved one only in what can be put right for certain, and its English put right.

    sentence ─shape→ skeleton ─memory→ approved sentences ─pieces that differ→ their places in the English ─set→ draft

Certain is: every piece that goes stands in the English exactly as often as in its sentence and can be nothing else
there; what comes is of the same kind and number; the result obeys the glossary, has all literals and the marks. What is
not certain is left to the engine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from translator.glossary import article, verify
from translator.glossary.english import capitalised, is_noun, is_ordinary
from translator.glossary.repairs import ARTICLE, is_start, several
from translator.glossary.verdicts import accepted, bare
from translator.glossary.verdicts import find as find_form
from translator.markdown import MarkError, plain, protect, restore, scan
from translator.memory.figures import pattern_of
from translator.memory.near import near
from translator.memory.shape import MARK, Shape, protected_of, shape
from translator.model import Codec, Finding, Level, Mention, Span
from translator.pipeline.draft import Drafted
from translator.pipeline.sound import unsound
from translator.text import has_han

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from translator.glossary import Glossary
    from translator.memory import Memory
    from translator.memory.figures import Figure
    from translator.memory.shape import Piece
    from translator.model import Inline, Protected

CHECK = "memory"
"""The check whose finding tells a reviewer from which sentence a draft was made."""
SHOWN = 60
"""Characters of that sentence."""


@dataclass(frozen=True)
class Sentence:
    """A sentence that is to be said."""

    protected: Protected
    mentions: tuple[Mention, ...]
    """As they are where it stands."""
    codec: Codec = Codec.MARKDOWN
    references: Mapping[str, str] | None = None


def put_right(memory: Memory, glossary: Glossary, one: Sentence) -> Drafted | None:
    """Draft a sentence from a close one of the memory; None where nothing is close, or not certain.

    Of several the one is taken of which the least is changed, then the one approved most often.
    """
    if memory.database is None:
        return None
    new = shape(one.protected, glossary.mentions(plain(one.protected.text)))
    best: tuple[int, Drafted] | None = None
    for each in near(memory, glossary, new.skeleton):
        told = _changed(glossary, one, new, (each.source, each.target))
        if told and (best is None or told[0] < best[0]):
            best = told
    return best[1] if best else None


def _changed(glossary: Glossary, one: Sentence, new: Shape, pair: tuple[str, str]) -> tuple[int, Drafted] | None:
    """Say an approved pair's English for another sentence, and how many kinds of pieces changed."""
    source, target = pair
    protected = protected_of(source)
    mentions = glossary.mentions(plain(protected.text))
    old = shape(protected, mentions)
    said = _English.of(protected, target, one)
    swaps = _swaps(old.pieces, new.pieces)
    if old.skeleton != new.skeleton or said is None or swaps is None:
        return None
    inners = said.inners(protected, one.protected)
    text = _ended(_set(said.text, swaps, mentions, protected.text), old.end, new.end)
    if text is None or inners is None or not _is_right(one, text, swaps):
        return None
    try:
        english = restore(one.protected, text, inners, codec=one.codec)
    except MarkError:
        return None
    changed = [swap for swap in swaps if swap.is_change]
    told = [(swap.old.text, swap.new.text) for swap in changed]
    told += [*_other_marks(protected, one.protected), (old.end, new.end)]
    return len(changed), Drafted(english, origin=CHECK, findings=(_finding(source, told),))


def _other_marks(old: Protected, new: Protected) -> Iterator[tuple[str, str]]:
    """Give what the marks hold on both sides: code, or where a link leads."""
    for one, other in zip(old.marks, new.marks, strict=True):
        there = one.inner and one.destination, other.inner and other.destination
        yield (there[0] or one.span).of(old.source), (there[1] or other.span).of(new.source)


def _finding(source: str, told: Iterable[tuple[str, str]]) -> Finding:
    """Tell from which sentence a draft was made, and what was put right."""
    near_ = source if len(source) <= SHOWN else source[: SHOWN - 1] + "…"
    what = ", ".join(f"{one or 'nothing'} → {other or 'nothing'}" for one, other in told if one != other)
    return Finding(CHECK, Level.INFO, f"said as “{near_}” was" + (f", with {what}" if what else ""))


# ── What differs ──────────────────────────────────────────────────────────────────────────────────────────────────────


class _Swap(NamedTuple):
    """The same piece wherever it stands in the old sentence, and what stands for it in the new one."""

    old: Piece
    new: Piece
    times: int

    @property
    def is_change(self) -> bool:
        return self.old.wanted != self.new.wanted


def _swaps(old: Sequence[Piece], new: Sequence[Piece]) -> list[_Swap] | None:
    """Pair the pieces of two sentences by their places; None where one became two different ones, or two the same.

    Two that become one may have been told apart by words that are now wrong (`the former`, `respectively`).
    """
    found: dict[tuple[str, str], list[tuple[Piece, Piece]]] = {}
    for one, other in zip(old, new, strict=False):
        found.setdefault((one.kind, one.wanted), []).append((one, other))
    became = [pairs[0][1].wanted for pairs in found.values()]
    if len(set(became)) != len(became) or any(len({b.wanted for _, b in pairs}) > 1 for pairs in found.values()):
        return None
    return [_Swap(*pairs[0], len(pairs)) for pairs in found.values()]


# ── The approved English ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _English:
    """An approved target with its marks numbered as its source's."""

    text: str
    said: Mapping[int, tuple[str, ...]]
    """By mark: the prose inside its delimiters."""

    @classmethod
    def of(cls, source: Protected, target: str, one: Sentence) -> _English | None:
        """Give a target's marks their source's numbers; None where they are others, or it is open which is which."""
        marks = scan(target, one.references) if one.codec is Codec.MARKDOWN else ()
        there = protect(target, marks, one.codec)
        numbers = _numbers(source, there, one.protected)
        if numbers is None:
            return None
        text = MARK.sub(lambda found: _numbered(found, numbers), there.text)
        return cls(text, {numbers[n]: words for n, words in _inners(there).items()})

    def inners(self, old: Protected, new: Protected) -> list[str] | None:
        """Give the English of what the new marks hold: as it was said before, or where it has no Chinese, itself."""
        before = _inners(old)
        out: list[str] = []
        for number, words in _inners(new).items():
            for n, word in enumerate(words):
                same = before.get(number, ())[n : n + 1] == (word,) and len(self.said.get(number, ())) == len(words)
                if has_han(word) and not same:
                    return None
                out.append(self.said[number][n] if same else word)
        return out


def _inners(one: Protected) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for inner in one.inners:
        found[inner.mark] = (*found.get(inner.mark, ()), inner.text)
    return found


def _numbered(found: re.Match[str], numbers: Mapping[int, int]) -> str:
    return found[0].replace(found["number"], str(numbers[int(found["number"])]))


def _numbers(old: Protected, there: Protected, new: Protected) -> dict[int, int] | None:
    """Give for each mark of a target its number in the source; marks that look the same must become the same."""
    places: dict[tuple[str, ...], list[int]] = {}
    for n, mark in enumerate(old.marks, 1):
        places.setdefault(_look(mark, old.source), []).append(n)
    here: dict[tuple[str, ...], list[int]] = {}
    for n, mark in enumerate(there.marks, 1):
        here.setdefault(_look(mark, there.source), []).append(n)
    if {look: len(some) for look, some in places.items()} != {look: len(some) for look, some in here.items()}:
        return None
    if len(new.marks) != len(old.marks):
        return None
    for some in places.values():
        if len({_look(new.marks[n - 1], new.source) for n in some}) > 1:
            return None
    return {n: number for look, some in here.items() for n, number in zip(some, places[look], strict=True)}


def _look(mark: Inline, text: str) -> tuple[str, ...]:
    """Give what tells a mark from others: its kind and its delimiters, the prose in it left out."""
    inside = sorted(span for span in (mark.inner, *mark.prose) if span)
    edges = [mark.span.start, *(at for span in inside for at in span), mark.span.end]
    return mark.kind, *(text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True))


# ── Setting pieces ────────────────────────────────────────────────────────────────────────────────────────────────────


class _Place(NamedTuple):
    """Where in the English a piece stands that goes."""

    span: Span
    text: str
    """What comes instead."""
    is_name: bool


def _set(text: str, swaps: Sequence[_Swap], mentions: Sequence[Mention], source: str) -> str | None:
    """Put what is new in the place of what it replaces; None where it is not certain."""
    taken: list[Span] = []
    places: list[_Place] = []
    by_size = sorted(swaps, key=lambda swap: -max(map(len, _forms(swap.old))))
    for swap in by_size:
        found = [span for span in _spans(swap.old, text) if all(_apart(span, other) for other in taken)]
        taken += found
        if not swap.is_change:
            continue
        new = _placed(swap, text, found, source)
        if len(found) != swap.times or new is None or not _is_bound(swap, mentions, text):
            return None
        places += new
    for place in sorted(places, reverse=True):
        text = _put(text, place)
    return text


def _apart(one: Span, other: Span) -> bool:
    return one.end <= other.start or other.end <= one.start


def _forms(piece: Piece) -> tuple[str, ...]:
    """Give all that English may say for a piece."""
    if isinstance(piece.said, Mention):
        return tuple(accepted(piece.said))
    return (piece.wanted, *piece.said.accepted)


def _spans(piece: Piece, text: str) -> list[Span]:
    """Find all that may say a piece, the longest first, disjoint."""
    if isinstance(piece.said, Mention):
        words = bare(text)
        some = [words.span(*s) for form in _forms(piece) for s in find_form(form, piece.said.term, words.text)]
    else:
        forms = sorted(set(_forms(piece)), key=len, reverse=True)
        many = "s?" if _is_initials(piece.text) else ""
        alone = r"(?<![A-Za-z0-9_])(?<![0-9][.,])(?:{})" + many + "(?![A-Za-z0-9_]|[.,][0-9])"
        body = "|".join(map(re.escape, forms))
        some = [Span(*found.span()) for found in re.finditer(alone.format(body), text, re.IGNORECASE)]
    out: list[Span] = []
    for span in sorted(some, key=lambda span: (span.start - span.end, span)):
        out += [span] if all(_apart(span, other) for other in out) else []
    return sorted(out)


def _is_bound(swap: _Swap, mentions: Sequence[Mention], text: str) -> bool:
    """Tell whether a term that goes was obeyed wherever it was mentioned."""
    if not isinstance(swap.old.said, Mention):
        return True
    return not any(missing.wanted == swap.old.wanted for missing in verify(mentions, text).missing)


def _placed(swap: _Swap, text: str, found: Sequence[Span], source: str) -> list[_Place] | None:
    """Say what comes in each place; None where one of them is not certain."""
    if swap.old.kind in {"term", "person", "name"}:
        said = [_word(swap, text, span, source) for span in found]
    else:
        said = [_figure(swap, text, span, source) for span in found]
    if None in said:
        return None
    name = swap.new.kind != "term"
    return [_Place(span, each, name) for span, each in zip(found, said, strict=True) if each is not None]


def _put(text: str, place: _Place) -> str:
    """Set one piece; the article before it agrees, an ordinary word that begins a sentence gets its capital."""
    before, after, new = text[: place.span.start], text[place.span.end :], place.text
    if not place.is_name and is_ordinary(new) and is_start(before):
        new = capitalised(new)
    return ARTICLE.sub(lambda found: found[1] + article(new)[1:] + found[2], before) + new + after


# ── Figures ───────────────────────────────────────────────────────────────────────────────────────────────────────────

_LABEL = re.compile(r"(?:第|图|表|式|例|附录|步骤|练习|章|节|版本|级别|编号|问题|阶段|版)\s*$")
"""What a number behind it only numbers: one is no fewer than two."""


def _figure(swap: _Swap, text: str, span: Span, source: str) -> str | None:
    """Say a number or the like in the form in which the old one stands."""
    old, new, here = swap.old, swap.new, span.of(text)
    if isinstance(old.said, Mention) or isinstance(new.said, Mention):
        return None
    if old.said.is_name:
        return new.wanted if here == old.wanted else None
    if _is_one(old) != _is_one(new) and not _LABEL.search(source[: old.span.start]):
        return None
    return new.wanted if here == old.wanted else _alike(new.said, here)


def _is_one(piece: Piece) -> bool:
    return piece.kind == "number" and piece.wanted == "1"


def _alike(new: Figure, here: str) -> str | None:
    """Give the form of a figure that is written as another one was."""
    forms = [form for form in (new.wanted, *new.accepted) if pattern_of(form) == pattern_of(here)]
    if not forms:
        return None
    grouped = [form for form in forms if "," in form]
    if grouped and re.search("[0-9],[0-9]", here):
        return grouped[0]
    single = [form for form in forms if not re.search("[0-9],[0-9]", form)]
    form = single[0] if single and re.search("[0-9]{4}", here) else forms[0]
    return capitalised(form) if here[0].isupper() else form


# ── Words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

_DETERMINER = re.compile(r"\b(the|this|that|its|our|their|your|my|a|an|each|every|another|any|no)\s+$", re.IGNORECASE)
_COUNTING = frozenset({"a", "an", "each", "every", "another"})
_PRONOUN = re.compile(r"\b(?:he|him|his|himself|she|hers?|herself)\b", re.IGNORECASE)
_MASS = re.compile(r"(?:ing|tion|sion|ment|ness|ity|ence|ance|ism|ship|ics|ware|data|noise|entropy|descent|memory)$")
_COUNT = re.compile(
    r"(?:function|distribution|section|question|position|option|transition|equation|iteration|dimension|embedding|segment"
    r"|element|environment|experiment|argument|component|gradient|mapping|setting|exponent|moment)$"
)


def _word(swap: _Swap, text: str, span: Span, source: str) -> str | None:
    """Say a name or term as the old one stands; None where another word might need another sentence around it."""
    old, new, here = swap.old, swap.new, span.of(text)
    if old.kind == "term":
        return _noun(old.wanted, new.wanted, text, span)
    if old.kind == "person":
        return new.wanted if here == old.wanted and not _PRONOUN.search(text) else None
    many = here == old.wanted + "s" and _is_initials(old.wanted)
    if not (here == old.wanted or many) or _is_initials(old.wanted) != _is_initials(new.wanted):
        return None
    if _may_be_word(old.wanted, source.replace(old.text, "")):
        return None
    if _DETERMINER.search(text[: span.start]) and not _is_initials(new.wanted) and not _is_before_noun(text, span):
        return None
    return new.wanted + "s" * many


def _is_initials(name: str) -> bool:
    return re.fullmatch("[A-Z0-9]{2,}", name) is not None and not name.isdigit()


def _is_before_noun(text: str, span: Span) -> bool:
    """Tell whether a name stands before the noun that its article is for: the MXNet library."""
    return re.match(r"\s+(?!is\b|was\b|and\b|or\b|of\b|in\b|on\b|to\b)[a-z]", text[span.end :]) is not None


def _may_be_word(name: str, source: str) -> bool:
    """Tell whether a Latin name is also the English for something that the Chinese says: `train` beside 训练."""
    if not name.isalpha():
        return False
    from translator.align.english import normal  # noqa: PLC0415  # only where a name changes
    from translator.align.lexicon import packaged  # noqa: PLC0415

    lexicon = packaged()
    place = lexicon.place(normal(name))
    return place >= 0 and any(word in source for word in lexicon.origins(place) if has_han(word))


def _noun(old: str, new: str, text: str, span: Span) -> str | None:
    """Say another noun; None where it might need another article, number or form."""
    here, before = span.of(text), text[: span.start]
    if here[:1] != old[:1] and is_start(before) and is_ordinary(old):
        here = old[:1] + here[1:]
    many = several(old, name=False)
    if here not in {old, many} or _is_many(old) != _is_many(new) or not (is_noun(old) and is_noun(new)):
        return None
    head, other = old.rpartition(" ")[2], new.rpartition(" ")[2]
    found = _DETERMINER.search(before)
    counted = here != old or (found is not None and found[1].lower() in _COUNTING)
    if head == other or (found and not counted):
        sure = True
    elif counted:
        sure = _is_counted(old) and _is_counted(new)
    else:
        sure = not _is_counted(old) and not _is_counted(new)
    if not sure:
        return None
    return several(new, name=False) if here != old else new


def _is_many(phrase: str) -> bool:
    return re.search(r"[^sui]s$", phrase) is not None


def _is_counted(phrase: str) -> bool:
    """Tell whether a noun has a plural, by its last word's ending."""
    last = phrase.rpartition(" ")[2].lower()
    return _COUNT.search(last) is not None or _MASS.search(last) is None


# ── The result ────────────────────────────────────────────────────────────────────────────────────────────────────────

_ENGLISH_END = re.compile(r"(?<![.!?:;])[.!:;]$")


def _ended(text: str | None, old: str, new: str) -> str | None:
    """End as the new sentence does; None where the old English does not end as its own sentence."""
    if text is None or old == new:
        return text
    found = _ENGLISH_END.search(text)
    if (found[0] if found else "") != old or (not found and not text[-1:].isalnum()):
        return None
    return (text[:-1] if found else text) + new


def _is_right(one: Sentence, text: str, swaps: Sequence[_Swap]) -> bool:
    """Tell whether a draft says all that its sentence has and nothing that went."""
    if not verify(one.mentions, text).is_clean or unsound(one.protected.text, text):
        return False
    changed = [swap for swap in swaps if swap.is_change]
    if not changed:
        return True
    stays = {swap.new.wanted for swap in swaps}
    gone = [swap for swap in changed if swap.old.wanted not in stays]
    return not any(_spans(swap.old, text) for swap in gone) and all(
        len(_spans(swap.new, text)) >= swap.times for swap in changed
    )
