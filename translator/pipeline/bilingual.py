"""A post in both languages, for readers: each block, and its English behind it.

    Work, entries ─said→ the English of each block ─placed→ edits of the source ─splice→ text ─gate→ Bilingual

Where the English goes: a paragraph of its own below a paragraph; a bold line below a heading, so that anchors and the
outline stay the source's; behind a `<br>` in a cell, an HTML block and a list without empty lines, which stays one;
behind ` / ` in front matter, titles and the words of an image. What stands once stays once: code, formulas, rules,
tags, images that stand by themselves. What is untranslated stays Chinese only; in a block that is translated in part
`…` stands for it.

Laws: outside the edits every byte is the source's; parsed again, the source's blocks are all there, in order, in the
same containers, beginning with the same text and marks, lists as tight as they were; each English paragraph is the
block directly behind its own. What cannot be placed so is left out and listed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from translator.errors import InputError
from translator.markdown import scan, set_front, skeleton, spell
from translator.markdown.tight import tight
from translator.model import BlockKind, Codec, Edit, InlineKind, Span
from translator.pipeline.english import is_persons, render, reparse, shown
from translator.pipeline.learn import MARK
from translator.pipeline.work import TAGS
from translator.splice import splice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from translator.model import Block, Document, Entry, Inline, Segment
    from translator.pipeline.english import Post, Rendered
    from translator.pipeline.work import Work

MISSING = "…"
LABEL = re.compile(r":label:`[^`]*`")
LETTER = re.compile(r"[^\W_]")
HAN = "\u3000-\u303f\u3400-\u9fff\uff00-\uffef"
JOINT = re.compile(rf"(?<=[{HAN}])\n(?=[{HAN}])")
TWICE = re.compile(rf"{MISSING}(?:\s*{MISSING})+")


class Way(Enum):
    """How the English of a block is placed; the next is tried where one changes the post."""

    BELOW = "below"
    INSIDE = "inside"
    NOT = "not"


@dataclass(frozen=True)
class Bilingual:
    """A post in both languages."""

    text: str
    edits: tuple[Edit, ...]
    """What was done to the source: insertions, but for the front matter and respelled titles."""
    left: tuple[int, ...] = ()
    """Blocks whose English could not be placed without changing the post."""


def bilingual(work: Work, entries: Sequence[Entry]) -> Bilingual:
    """Put the English of each block behind it."""
    maker = _Maker(work, entries)
    ways = {block: maker.first_way(block) for block in maker.english}
    while wrong := maker.culprits(list(ways), ways):
        for block in wrong:
            ways[block] = Way.INSIDE if ways[block] is Way.BELOW else Way.NOT
        ways = {block: way for block, way in ways.items() if way is not Way.NOT}
    edits = tuple(maker.edits(ways))
    left = tuple(sorted(maker.english.keys() - ways.keys()))
    return Bilingual(splice(work.post.document.text, edits), edits, left)


def sides(work: Work, entries: Sequence[Entry]) -> dict[int, tuple[str, str]]:
    """Give each prose block on one line, in Chinese and in English; hard breaks stay, nothing translated is empty."""
    said, document = _Said(work.post, entries), work.post.document
    out = {}
    for index, block in enumerate(document.blocks):
        if block.kind.is_prose:
            english = said.whole(index)
            out[index] = (said.line(index), english if english is not None else "")
    return out


def unreviewed(entries: Sequence[Entry]) -> int:
    """Count the sentences that say what a machine wrote and nobody approved."""
    return sum(bool(shown(e)) and not e.state.is_done and not is_persons(e) for e in entries)


def notice(entries: Sequence[Entry]) -> str:
    """Say that a machine wrote this; empty where a person approved everything that is said."""
    count = unreviewed(entries)
    return f"Machine draft, not reviewed: {count} of {len(entries)} sentences. 机器草稿，未经审校。" if count else ""


# ── What is said ──────────────────────────────────────────────────────────────────────────────────────────────────────


class _Said:
    """The English of a post, block by block."""

    def __init__(self, post: Post, entries: Sequence[Entry]) -> None:
        self.post, self.document, self.entries = post, post.document, entries
        self.rendered: Rendered = render(post, entries, {})
        self.inside: dict[int, list[int]] = {}
        for i, segment in enumerate(post.segments):
            self.inside.setdefault(segment.block, []).append(i)

    def target(self, i: int) -> str | None:
        """Give what is said of a segment; None: nothing yet, or nothing that may stand in the post."""
        return None if i in self.rendered.refused else shown(self.entries[i])

    def is_caption(self, i: int) -> bool:
        """Whether a segment is the words of an image or a link's title, and not of the text."""
        segment = self.post.segments[i]
        return any(
            prose.start <= segment.span.start and segment.span.end <= prose.end
            for inline in self.document.blocks[segment.block].inlines
            for prose in inline.prose
        )

    def value(self, index: int) -> str:
        """Give the English of a block that is one value."""
        block = self.document.blocks[index]
        if block.kind is BlockKind.FRONT and block.key.split(".")[0] in TAGS:
            return ""  # they name pages of a site
        (i,) = self.inside[index]
        target = self.target(i)
        return target if target and target != self.post.segments[i].source else ""

    def captions(self, index: int) -> Iterator[Edit]:
        """Say the words of images behind the Chinese ones."""
        for i in self.inside[index]:
            if self.is_caption(i) and (target := self.target(i)):
                end = self.post.segments[i].span.end
                if target != self.post.segments[i].source:
                    yield Edit(Span(end, end), f" / {self.rendered.unlead(target)}")

    def paragraph(self, index: int) -> str:
        """Give the English of a block that is read, on the lines it has in the source; empty: there is none."""
        block = self.document.blocks[index]
        words = [i for i in self.inside[index] if not self.is_caption(i)]
        if not any(self.target(i) not in {None, "", self.post.segments[i].source} for i in words):
            return ""
        segments = [self.post.segments[i] for i in words]
        edits = [edit for i in words for edit in self._edits(i)]
        edits += _images(block, segments)
        text = _without_marks_of_places("".join(self._lines(block, edits)).strip())
        return text if LETTER.search(text.replace(MISSING, "")) else ""

    def _edits(self, i: int) -> Iterator[Edit]:
        if self.target(i) is None:
            yield Edit(self.post.segments[i].span, MISSING)
        for edit in self.rendered.edits.get(i, ()):
            yield Edit(edit.span, self.rendered.unlead(edit.text))

    def _lines(self, block: Block, edits: Sequence[Edit]) -> Iterator[str]:
        """Give the block's lines, each with the break before it; those with nothing left are left out."""
        text, breaks = self.document.text, _breaks(block, edits)
        at, before, n = block.span.start, "", 0
        edits = sorted(edits)
        for end in (*breaks, Span(block.span.end, block.span.end)):
            first = n
            while n < len(edits) and edits[n].span.end <= end.start:
                n += 1
            here = [Edit(edit.span.shift(-at), edit.text) for edit in edits[first:n]]
            if said := TWICE.sub(MISSING, splice(text[at : end.start], here)).strip():
                yield before + said
                before = end.of(text)
            at = end.end

    # ── On one line ──

    def line(self, index: int) -> str:
        """Give a block's Chinese on one line."""
        block, some = self.document.blocks[index], self.inside.get(index)
        if block.codec not in {Codec.MARKDOWN, Codec.HTML}:
            return self.post.segments[some[0]].source if some else block.span.of(self.document.text)
        return JOINT.sub("", _flat(block, self.document.text, ())).replace("\n", " ").replace("\0", "\n")

    def whole(self, index: int) -> str | None:
        """Give a block's English on one line, images and all; None: nothing is said of it."""
        block, some = self.document.blocks[index], self.inside.get(index, [])
        if not any(self.target(i) is not None for i in some):
            return None if some else self.line(index)
        if block.codec not in {Codec.MARKDOWN, Codec.HTML}:
            return self.target(some[0])
        edits = [edit for i in some for edit in self._edits(i)]
        text = TWICE.sub(MISSING, _flat(block, self.document.text, edits))
        return text.replace("\n", " ").replace("\0", "\n").strip()


def _flat(block: Block, text: str, edits: Sequence[Edit]) -> str:
    r"""Give a block without its containers' prefixes: `\n` where a line ends, `\0` where it must."""
    breaks = _breaks(block, edits)
    ends = [Edit(span, "\0" if re.match(r"\\|  ", span.of(text)) else "\n") for span in breaks]
    return _spliced(block, text, [*edits, *ends])


def _breaks(block: Block, edits: Sequence[Edit]) -> list[Span]:
    """Give the ends of lines in a block that no edit replaces."""
    taken = sorted(edit.span for edit in edits if edit.span.end > edit.span.start)
    found, n = [], 0
    for span in (inline.span for inline in block.inlines if inline.kind is InlineKind.BREAK):
        while n < len(taken) and taken[n].end <= span.start:
            n += 1
        if n == len(taken) or taken[n].start >= span.end:
            found.append(span)
    return found


def _spliced(block: Block, text: str, edits: Iterable[Edit]) -> str:
    moved = [Edit(edit.span.shift(-block.span.start), edit.text) for edit in edits]
    return splice(block.span.of(text).replace("\0", "\ufffd"), moved)


def _images(block: Block, segments: Sequence[Segment]) -> Iterator[Edit]:
    """Leave out the images that stand by themselves, with the links around them: they are seen once."""
    end = -1
    for inline in block.inlines:
        alone = not any(s.span.start < inline.span.end and inline.span.start < s.span.end for s in segments)
        if alone and inline.span.start >= end and (inline.kind is InlineKind.IMAGE or _frames(inline, block)):
            end = inline.span.end
            yield Edit(inline.span, "")


def _frames(inline: Inline, block: Block) -> bool:
    """Whether this is a link around an image and nothing else."""
    return inline.kind is InlineKind.LINK and any(
        other.kind is InlineKind.IMAGE and other.span == inline.inner for other in block.inlines
    )


def _without_marks_of_places(text: str) -> str:
    """Take out what names a place, which may be named once: `{#id}` and `:label:`."""
    gone = [
        Edit(inline.span, "")
        for inline in scan(text)
        if inline.kind is InlineKind.ATTRIBUTES
        or (inline.kind is InlineKind.ROLE and LABEL.fullmatch(inline.span.of(text)))
    ]
    return splice(text, gone).strip() if gone else text


# ── Where it is placed ────────────────────────────────────────────────────────────────────────────────────────────────


class _Maker:
    """Places the English of each block and sees that the post stays what it is."""

    def __init__(self, work: Work, entries: Sequence[Entry]) -> None:
        self.post, self.document, self.entries = work.post, work.post.document, entries
        self.said = _Said(work.post, entries)
        self.is_mdx = self.post.path is not None and self.post.path.suffix == ".mdx"
        self.line_end = "<br />" if self.is_mdx else "<br>"
        self.tight = tight(self.document, mdx=self.is_mdx)
        self.want = skeleton(self.document)
        self.english: dict[int, tuple[str, tuple[Edit, ...]]] = {}
        for index in self.said.inside:
            words, inside = self._english(index)
            if words or inside:
                self.english[index] = words, inside

    def _english(self, index: int) -> tuple[str, tuple[Edit, ...]]:
        block = self.document.blocks[index]
        if block.codec in {Codec.MARKDOWN, Codec.HTML}:
            return self.said.paragraph(index), tuple(self.said.captions(index))
        return self.said.value(index), ()

    def first_way(self, index: int) -> Way:
        """Choose how a block's English is placed."""
        block, words = self.document.blocks[index], self.english[index][0]
        if not words or index in self.tight or {"dt", "dd"} & {*block.containers}:
            return Way.INSIDE
        if block.kind is BlockKind.HEADING:
            return Way.INSIDE if "item" in block.containers else Way.BELOW
        return Way.BELOW if block.kind is BlockKind.PARAGRAPH else Way.INSIDE

    def edits(self, ways: Mapping[int, Way]) -> Iterator[Edit]:
        """Give the edits of the source that place the English of some blocks, and the notice before them."""
        text, front = self.document.text, self.document.front
        inside = list(self._all(ways))
        head = [edit for edit in inside if front and edit.span.start < front.end]
        if front:
            made = splice(front.of(text), [Edit(e.span.shift(-front.start), e.text) for e in head])
            state = "reviewed" if self.entries and all(e.state.is_done for e in self.entries) else "draft"
            yield Edit(front, set_front(made, {MARK: state}))
        yield from self._notice()
        yield from inside[len(head) :]

    def _all(self, ways: Mapping[int, Way]) -> Iterator[Edit]:
        for index in sorted(ways):
            words, captions = self.english[index]
            yield from captions
            if words:
                yield self._below(index, words) if ways[index] is Way.BELOW else self._inside(index, words)

    def _notice(self) -> Iterator[Edit]:
        said, nl = notice(self.entries), self.document.newline
        if not said:
            return
        text = self.document.text
        at = self.document.front.end if self.document.front else int(text.startswith("\ufeff"))
        opening = "" if not self.document.front else nl if text[at - 1] in "\r\n" else nl + nl
        closing = "" if not text[at:].strip() else nl if text[at:].startswith(("\r", "\n")) else nl + nl
        yield Edit(Span(at, at), f"{opening}> **{said}**{closing}")

    def _inside(self, index: int, words: str) -> Edit:
        block = self.document.blocks[index]
        if block.codec not in {Codec.MARKDOWN, Codec.HTML}:
            (i,) = self.said.inside[index]
            both = f"{self.post.segments[i].source} / {words}"
            return Edit(block.span, spell(both, block, self.document))
        return Edit(Span(block.span.end, block.span.end), self.line_end + words)

    def _below(self, index: int, words: str) -> Edit:
        block, nl, text = self.document.blocks[index], self.document.newline, self.document.text
        if block.kind is BlockKind.HEADING:
            words = f"**{words}**" if "*" not in words else f"<strong>{words}</strong>"
        lead = _lead(text, block)
        bare = lead.rstrip()
        at = block.lines.end
        while at > block.span.end and text[at - 1] in "\r\n":
            at -= 1
        following = re.match(r"[^\r\n]*", text[block.lines.end :])
        apart = nl + bare if following and following[0].strip("> \t") else ""
        return Edit(Span(at, at), f"{nl}{bare}{nl}{lead}{words}{apart}")

    # ── The gate ──

    def culprits(self, some: list[int], ways: Mapping[int, Way]) -> list[int]:
        """Halve until each block is found whose English changes the post; the first, where only several do."""
        if not self._changes({index: ways[index] for index in some}):
            return []
        if len(some) <= 1:
            return some
        middle = len(some) // 2
        found = [*self.culprits(some[:middle], ways), *self.culprits(some[middle:], ways)]
        return found or some[:1]

    def _changes(self, ways: Mapping[int, Way]) -> bool:
        """Whether the post reads otherwise than with the English of these blocks behind them."""
        if not ways:
            return False
        try:
            made = reparse(self.post, splice(self.document.text, self.edits(ways)))
        except InputError:  # front matter that cannot be read any more
            return True
        want, owners = self._expected(ways)
        if skeleton(made) != tuple(want):
            return True
        after = [block for block in made.blocks if not _is_front_raw(block)]
        pairs = [(i, block) for i, block in zip(owners, after, strict=True) if i is not None]
        if any(not self._begins(i, block, made) for i, block in pairs):
            return True
        loose = tight(made, mdx=self.is_mdx)
        numbers = {id(block): n for n, block in enumerate(made.blocks)}
        return any((i in self.tight) != (numbers[id(block)] in loose) for i, block in pairs)

    def _expected(self, ways: Mapping[int, Way]) -> tuple[list[tuple[object, ...]], list[int | None]]:
        """Give the skeleton with the English in it, and of each block which of the source it is; None: English."""
        want: list[tuple[object, ...]] = []
        owners: list[int | None] = []

        def add(bone: tuple[object, ...], owner: int | None) -> None:
            want.append(bone)
            owners.append(owner)

        told = not notice(self.entries)
        bones = iter(self.want)
        for index, block in enumerate(self.document.blocks):
            if _is_front_raw(block):
                continue
            if not told and "front" not in block.containers:
                add((BlockKind.PARAGRAPH, 0, ("quote",), "", ""), None)
                told = True
            add(next(bones), index)
            if ways.get(index) is Way.BELOW:
                add((BlockKind.PARAGRAPH, 0, block.containers, "", ""), None)
            elif ways.get(index) is Way.INSIDE and block.codec is Codec.HTML:
                add((BlockKind.RAW, 0, block.containers, "", self.line_end), None)
                add((BlockKind.HTML, 0, block.containers, "", ""), None)
        if not told:
            add((BlockKind.PARAGRAPH, 0, ("quote",), "", ""), None)
        return want, owners

    def _begins(self, index: int, after: Block, made: Document) -> bool:
        """Whether a block begins with what the source's has, words and marks."""
        before = self.document.blocks[index]
        english, captions = self.english.get(index, ("", ()))
        if before.codec not in {Codec.MARKDOWN, Codec.HTML} or captions:
            return True
        by = after.span.start - before.span.start
        here = before.span.of(self.document.text)
        kept = after.inlines[: len(before.inlines)] if english else after.inlines
        return after.span.of(made.text).startswith(here) and _shapes(before.inlines, by) == _shapes(kept, 0)


def _shapes(inlines: Iterable[Inline], by: int) -> list[tuple[InlineKind, Span]]:
    return [(inline.kind, inline.span.shift(by)) for inline in inlines]


def _is_front_raw(block: Block) -> bool:
    return block.kind is BlockKind.RAW and "front" in block.containers


def _lead(text: str, block: Block) -> str:
    """Give what a further paragraph of the same containers begins with: `> ` stays, markers become blanks."""
    start = max(text.rfind("\n", 0, block.span.start), text.rfind("\r", 0, block.span.start)) + 1
    lead = text[start : block.span.start].removeprefix("\ufeff")
    lead = re.sub(r"\[\^[^\]]+\]:[ \t]*", "    ", lead)
    lead = re.sub(r"(?:\[[ xX]\][ \t]+|#{1,6}[ \t]*)\Z", "", lead)
    return re.sub(r"[^>\s]", " ", lead)
