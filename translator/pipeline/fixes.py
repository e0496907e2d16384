"""What mends a finding: one target for each that can surely be mended.

    finding ─MENDERS→ candidates ─findings again→ the first that is better and no worse

A candidate is only a guess. It is taken where the pipeline's own checks, run over it, no longer have the finding and
have no other that was not there before.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property
from typing import TYPE_CHECKING

from translator.checks.chinese import HAN
from translator.checks.links import COUNTED
from translator.checks.punctuation import FULL_WIDTH
from translator.glossary import edits, judge
from translator.glossary.enforce import Became
from translator.glossary.repairs import replaced
from translator.markdown import MarkError, parse, plain, restore, skeleton
from translator.model import JOINED, Codec, Edit, InlineKind, Span, State
from translator.pipeline.readings import Target
from translator.pipeline.sides import side
from translator.pipeline.work import findings
from translator.splice import splice
from translator.text import literals, tidy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from translator.glossary import Said
    from translator.model import Entry, Finding, Inline, Mention, Protected
    from translator.pipeline.readings import Wording
    from translator.pipeline.sides import Side
    from translator.pipeline.work import Work

TIMES = 3
"""How often terms are judged again: what was put right can show what else is wrong."""
MOST = 12
"""How many candidates are tried for a finding."""


def fixes(work: Work, entries: Sequence[Entry], i: int) -> list[str]:
    """Give, for each finding of a segment, the target that mends it; empty where none surely does.

    Laws: with the target in the entry the finding is gone, no new one came, and the block's Markdown is what it was.
    """
    entry = entries[i]
    if not entry.findings or entry.state in {State.JOINED, State.CONFLICT} or entry.target == JOINED:
        return [""] * len(entry.findings)
    case = Case(work, tuple(entries), i)
    return [case.mended(finding) for finding in entry.findings]


@dataclass(frozen=True)
class Case:
    """A segment with findings, and all that is known of it."""

    work: Work
    entries: tuple[Entry, ...]
    i: int

    @property
    def entry(self) -> Entry:
        """As it stands."""
        return self.entries[self.i]

    @cached_property
    def side(self) -> Side | None:
        """Both sides; None where nothing is said."""
        return side(self.work, self.entries, self.i)

    @cached_property
    def target(self) -> Target:
        """The words of its target."""
        return Target.of(self.work, self.i, self.entry.target)

    @cached_property
    def now(self) -> Counter[tuple[str, str]]:
        """What is found by now."""
        return _told(findings(self.work, self.entries, self.i))

    def mended(self, finding: Finding) -> str:
        """Give the first candidate that mends a finding; empty: none does."""
        mender = MENDERS.get(finding.check)
        tried: set[str] = {"", self.entry.target}
        for text in mender(self, finding) if mender else ():
            if text and text not in tried and self.is_better(text, finding):
                return text
            tried.add(text)
            if len(tried) > MOST:
                break
        return ""

    def is_better(self, text: str, finding: Finding) -> bool:
        """Tell whether the finding is gone with a text, and nothing else came."""
        entry = self.entry
        state = State.DRAFT if entry.state is State.UNTRANSLATED else entry.state
        changed = (*self.entries[: self.i], replace(entry, target=text, state=state), *self.entries[self.i + 1 :])
        then = _told(findings(self.work, changed, self.i))
        name = finding.check, finding.message
        return then <= self.now and then[name] < self.now[name] and self.is_same_shape(text)

    def is_same_shape(self, text: str) -> bool:
        """Tell whether the lines of the block are still the same block with the text in them."""
        post = self.work.post
        segment = post.segments[self.i]
        block = post.document.blocks[segment.block]
        if block.codec is not Codec.MARKDOWN:
            return True
        before = block.lines.of(post.document.text)
        after = splice(before, [Edit(segment.span.shift(-block.lines.start), text)])
        return skeleton(parse(before)) == skeleton(parse(after))

    def said(self, wanted: Iterable[tuple[Wording, Sequence[Edit]]]) -> str:
        """Give the target with words changed; empty where they cannot be spelled."""
        out: list[Edit] = []
        for wording, some in wanted:
            spelled = self.target.spelled(wording, some)
            if spelled is None:
                return ""
            out += spelled
        return splice(self.target.text, out)

    def put(self, span: Span, text: str) -> str:
        """Give the target with something else in a place."""
        return splice(self.target.text, [Edit(span, text)])


def _told(some: Iterable[Finding]) -> Counter[tuple[str, str]]:
    return Counter((finding.check, finding.message) for finding in some)


# ── Terms ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _terms(case: Case, finding: Finding) -> Iterator[str]:
    """Put the rendering right that the finding is about, else every one that is surely wrong."""
    texts = list(_term_texts(case))
    for every in (False, True):
        wanted = []
        for wording, said in texts:
            some = [one for one in said if one.span and (every or _is_about(one, wording.text, finding.message))]
            wanted.append((wording, edits(wording.text, some)))
        yield case.said((wording, some) for wording, some in wanted if some)


def _is_about(one: Said, text: str, message: str) -> bool:
    if one.became is not Became.WRONG or one.span is None:
        return False
    return message.startswith(f"“{one.span.of(text)}” stands for {one.mention.surface};")


def _term_texts(case: Case) -> Iterator[tuple[Wording, tuple[Said, ...]]]:
    """Give each text of the target with what its terms became: all of it, then each alternative text and title."""
    both = case.side
    if both is None:
        return
    whole = case.target.whole
    yield whole, judge(plain(both.source.text), both.mentions, whole.text)
    inside = case.target.parts[1]
    if len(both.source.inners) == len(inside):
        for inner, wording in zip(both.source.inners, inside, strict=True):
            yield wording, judge(inner.text, case.work.mentions_in(case.i, inner.text), wording.text)


def _chinese(case: Case, _: Finding) -> Iterator[str]:
    """Say in English what the glossary knows; a term in brackets behind its own English goes."""
    wanted = []
    for wording in (case.target.parts[0], *case.target.parts[1]):
        mentions = case.work.mentions_in(case.i, wording.text)
        some = [_in_english(wording.text, one) for one in mentions if HAN.search(one.surface)]
        if some:
            wanted.append((wording, some))
    if wanted:
        yield case.said(wanted)
    yield from _terms(case, _)


def _in_english(text: str, mention: Mention) -> Edit:
    start, end = mention.span
    before = re.search(r"\s*[(（]\s*\Z", text[:start])
    after = re.match(r"\s*[)）]", text[end:])
    if before and after and text[: before.start()].lower().endswith(mention.wanted.lower()):
        return Edit(Span(before.start(), end + after.end()), "")
    new = replaced(text, mention.span, mention)
    first = next((n for n in range(start) if new[n] != text[n]), start)
    last = len(text) - end
    same = next((n for n in range(last) if new[len(new) - 1 - n] != text[len(text) - 1 - n]), last)
    return Edit(Span(first, len(text) - same), new[first : len(new) - same])


# ── Punctuation ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _punctuation(case: Case, _: Finding) -> Iterator[str]:
    """Write the full-width signs as English does, with the spaces beside them; nothing else changes."""
    both = case.side
    if both is None:
        return
    text = both.target.text
    tidied = tidy(text, case.work.means.settings.quotes)
    near = [edit for edit in _by_character(text, tidied) if _is_of_a_sign(text, edit)]
    for new in (splice(text, near), tidied):
        yield _restored(both.target, new, both.block.codec)


def _by_character(before: str, after: str) -> Iterator[Edit]:
    """Give what makes one text the other, character by character where as many stand there."""
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "replace" and b - a == d - c:
            yield from (Edit(Span(n, n + 1), after[n + c - a]) for n in range(a, b))
        elif tag != "equal":
            yield Edit(Span(a, b), after[c:d])


def _is_of_a_sign(text: str, edit: Edit) -> bool:
    """Tell whether a full-width sign changes, or a space beside one."""
    (start, end), here = edit.span, edit.span.of(text)
    is_space = not (here + edit.text).strip()
    return bool(FULL_WIDTH.search(text[start - 1 if is_space and start else start : end + is_space]))


def _restored(protected: Protected, text: str, codec: Codec) -> str:
    try:
        return restore(protected, text, codec=codec)
    except MarkError:
        return ""


# ── Links, code, images, math ─────────────────────────────────────────────────────────────────────────────────────────


def _links(case: Case, finding: Finding) -> Iterator[str]:
    """Put a lost mark where its like or its own words stand, a footnote or picture at the end; unwrap a new one."""
    both = case.side
    if both is None or both.block.codec is not Codec.MARKDOWN:
        return
    lost, new = _lost(both.source, both.target), _lost(both.target, both.source)
    for mark in (one for one in lost if _is_named(one, both.source.source, finding)):
        alike = [one for one in new if one.kind is mark.kind]
        if len(alike) == len([one for one in lost if one.kind is mark.kind]) == 1:
            yield _swapped(case, alike[0], mark, both.source.source)
        yield from _wrapped(case, mark, both.source.source)
        if mark.kind in _AT_END:
            yield _appended(case.target.text, mark.span.of(both.source.source))
    for mark in (one for one in new if _is_named(one, case.target.text, finding)):
        alike = [one for one in lost if one.kind is mark.kind]
        if len(alike) == len([one for one in new if one.kind is mark.kind]) == 1:
            yield _swapped(case, mark, alike[0], both.source.source)
        if words := _words_of(mark, case.target.text):
            yield case.put(mark.span, words)


_AT_END = frozenset({InlineKind.FOOTNOTE, InlineKind.IMAGE, InlineKind.ROLE, InlineKind.TAG})
"""What may stand at a sentence's end and read right."""


def _lost(one: Protected, other: Protected) -> list[Inline]:
    """List the marks of one text that the other has not, or not so often."""
    there = Counter(_name(mark, other.source) for mark in other.marks if mark.kind in COUNTED)
    out = []
    for mark in one.marks:
        name = _name(mark, one.source)
        if mark.kind in COUNTED:
            if not there[name]:
                out.append(mark)
            there[name] -= there[name] > 0
    return out


def _name(mark: Inline, text: str) -> tuple[InlineKind, str]:
    """Name a mark by what makes it this one: where it leads, or all of it."""
    if mark.destination:
        return mark.kind, mark.destination.of(text)
    if mark.inner:
        return mark.kind, text[mark.inner.end : mark.span.end].strip("[] ") or mark.inner.of(text)
    return mark.kind, mark.span.of(text)


def _is_named(mark: Inline, text: str, finding: Finding) -> bool:
    kind, name = _name(mark, text)
    return finding.message.startswith((f"{kind.value} {name} is missing", f"{kind.value} {name} is not in the source"))


def _swapped(case: Case, there: Inline, mark: Inline, source: str) -> str:
    """Put a mark in the place of another of its kind; a link keeps its words."""
    if there.destination and mark.destination:
        return case.put(there.destination, mark.destination.of(source))
    if there.inner is None and mark.inner is None:
        return case.put(there.span, mark.span.of(source))
    return ""


def _wrapped(case: Case, mark: Inline, source: str) -> Iterator[str]:
    """Put a mark around its own words, where they stand once as ordinary text."""
    words, wording = _words_of(mark, source), case.target.parts[0]
    if not words or HAN.search(words):
        return
    found = [*re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", wording.text)]
    place = wording.span(Span(*found[0].span())) if len(found) == 1 else None
    if place:
        yield case.put(place, mark.span.of(source))


def _words_of(mark: Inline, text: str) -> str:
    """Give the words that a mark shows; empty where it shows none, or other than its own."""
    if mark.kind is InlineKind.LINK and mark.inner:
        return mark.inner.of(text)
    return mark.span.of(text).strip("`$ ") if mark.kind in {InlineKind.CODE, InlineKind.MATH} else ""


def _appended(target: str, mark: str) -> str:
    """Put a mark at the end, a footnote against the last word or sign."""
    return target.rstrip() + ("" if mark.startswith("[^") else " ") + mark


# ── Names and numbers ─────────────────────────────────────────────────────────────────────────────────────────────────


def _names(case: Case, finding: Finding) -> Iterator[str]:
    """Spell a Latin name as the author does, where it plainly is the one that stands there."""
    name = finding.message.removesuffix(" is missing")
    wording = case.target.parts[0]
    if name != finding.message:
        mended = literals.mend([literals.Literal(Span(0, 0), name, is_name=True)], wording.text)
        yield case.said([(wording, _changes(wording.text, mended))])
        for found in _near(name, wording.text):
            yield case.said([(wording, [Edit(found, name)])])


def _near(name: str, text: str) -> list[Span]:
    """Find the one place where a name's letters stand otherwise: in parts, in other capitals, by a slip; else none."""
    wanted = _letters(name)
    words = [found.span() for found in re.finditer(r"[A-Za-z0-9][\w.+#'’-]*(?<![.'’])", text)]
    stretches = [Span(words[a][0], words[b][1]) for a in range(len(words)) for b in range(a, min(a + 3, len(words)))]
    same = [span for span in stretches if _letters(span.of(text)) == wanted]
    if not same and len(wanted) >= 5:
        same = [s for s in stretches if SequenceMatcher(None, _letters(s.of(text)), wanted).ratio() >= 0.85]
        best = max((SequenceMatcher(None, s.of(text), name).ratio() for s in same), default=0)
        same = [s for s in same if SequenceMatcher(None, s.of(text), name).ratio() == best]
    return same if len(same) == 1 else []


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).lower()


_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_SCALE = r"(?:\s*(?:hundred|thousand|million|billion|trillion))?"
_MISSING = re.compile(r"(?P<surface>.+) is missing: “(?P<wanted>.+)”")


def _numbers(case: Case, finding: Finding) -> Iterator[str]:
    """Put the wanted number where the one wrong figure stands, or the source's bare digits without their unit."""
    missing = [found for one in case.now if one[0] == "numbers" and (found := _MISSING.fullmatch(one[1]))]
    invented = [one[1].removesuffix(" is not in the source") for one in case.now if one[0] == "numbers"]
    invented = [figure for figure in invented if _FIGURE.fullmatch(figure)]
    ours = _MISSING.fullmatch(finding.message) or (missing[0] if len(missing) == 1 else None)
    if ours is None or len(missing) != 1:
        return
    figures = invented if len(invented) == 1 else _FIGURE.findall(ours["surface"]) if not invented else []
    wording = case.target.parts[0]
    for figure in figures:
        spelled = rf"(?<![\d.,]){re.escape(figure)}{_SCALE}(?![\d]|[.,]\d)"
        there = [Span(*match.span()) for match in re.finditer(spelled, wording.text, re.IGNORECASE)]
        if len(there) == 1:
            yield case.said([(wording, [Edit(there[0], ours["wanted"])])])
            bare = Span(there[0].start, there[0].start + len(figure))
            yield case.said([(wording, [Edit(bare, ours["wanted"])])])


def _changes(before: str, after: str) -> list[Edit]:
    """Give what makes one text the other, word by word."""
    a, b = (re.findall(r"\w+|\W", text) for text in (before, after))
    starts = [0]
    for part in a:
        starts.append(starts[-1] + len(part))
    codes = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    return [Edit(Span(starts[i], starts[j]), "".join(b[k:m])) for tag, i, j, k, m in codes if tag != "equal"]


# ── What is not said ──────────────────────────────────────────────────────────────────────────────────────────────────


def _untranslated(case: Case, _: Finding) -> Iterator[str]:
    """Say what the glossary says of a tag, or what was approved for the same sentence."""
    yield case.work.by_glossary(case.i) or ""
    before = case.entries[case.i - 1].source if case.i else ""
    yield case.work.means.memory.find(case.entry.source, before) or ""


MENDERS: dict[str, Callable[[Case, Finding], Iterator[str]]] = {
    "untranslated": _untranslated,
    "terms": _terms,
    "chinese": _chinese,
    "punctuation": _punctuation,
    "links": _links,
    "names": _names,
    "numbers": _numbers,
}
"""What can be mended, by check; the others are for a person."""
