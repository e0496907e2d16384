"""Every type that crosses a boundary.

    text ─parse→ Document ─segment→ Segment* ─protect→ Protected ─→ Job ─engine→ Answer ─restore→ target ─→ Finding*

All offsets count characters of Python strings; all spans are half-open.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from translator.meter import Meter


class Span(NamedTuple):
    """Where something stands: half-open, in characters."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Give the text that stands here."""
        return text[self.start : self.end]

    def shift(self, by: int) -> Span:
        """Give the same span, moved."""
        return Span(self.start + by, self.end + by)


class Edit(NamedTuple):
    """New text for a span; an empty span is an insertion."""

    span: Span
    text: str


# ── Markdown ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class BlockKind(StrEnum):
    """What a leaf block is. The first six are prose, the rest stand as they are."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    CELL = "cell"
    FRONT = "front"
    """The value of a front-matter key that is prose."""
    HTML = "html"
    """Text between the tags of an HTML block, or one of its `alt` and `title` attributes."""
    TITLE = "title"
    """The title of a link reference definition, of a `:::`/`!!!` container or of a paired tag."""

    CODE = "code"
    MATH = "math"
    RULE = "rule"
    RAW = "raw"
    """Tags, HTML without prose, definitions, switched-off stretches, front matter as a whole: bytes kept."""

    @property
    def is_prose(self) -> bool:
        """Whether blocks of this kind are translated."""
        return self in _PROSE


_PROSE = frozenset(
    {
        BlockKind.PARAGRAPH,
        BlockKind.HEADING,
        BlockKind.CELL,
        BlockKind.FRONT,
        BlockKind.HTML,
        BlockKind.TITLE,
    }
)


class Codec(StrEnum):
    """How prose is spelled where it stands; only Markdown has inline marks."""

    MARKDOWN = "markdown"
    HTML = "html"
    """Text of HTML: inline tags are marks, entities stay spelled as they are."""
    ATTRIBUTE = "attribute"
    """The value of an HTML attribute, without its quotation marks."""
    LINK_TITLE = "link title"
    """The title of a link or definition, without its delimiters."""
    YAML = "yaml"
    TOML = "toml"
    JSON = "json"
    """A whole scalar with its quotation marks, if any."""
    PLAIN = "plain"
    """As it is, on one line: titles of containers."""


class InlineKind(StrEnum):
    """What stands inside prose and is not words."""

    STRONG = "strong"
    EM = "em"
    STRIKE = "strike"
    LINK = "link"
    IMAGE = "image"
    AUTOLINK = "autolink"
    CODE = "code"
    MATH = "math"
    HTML = "html"
    TAG = "tag"
    """Hexo `{% %}`, Hugo `{{< >}}` and `{{% %}}`, `{{ }}`."""
    ROLE = "role"
    """`:label:`…, `:numref:`…, emoji short codes."""
    FOOTNOTE = "footnote"
    ATTRIBUTES = "attributes"
    """`{#id .class}`, `{: .class}`."""
    BREAK = "break"
    """The end of a line inside a block, with the next line's indentation and quote marks; hard or soft."""
    ESCAPE = "escape"
    """A backslash escape: not a mark, only a spelling."""
    ENTITY = "entity"
    """A character reference: not a mark, only a spelling."""


@dataclass(frozen=True, slots=True)
class Inline:
    """A piece of markup inside prose."""

    kind: InlineKind
    span: Span
    """All of it, delimiters included."""
    inner: Span | None = None
    """What stands between the delimiters and is prose; None for an atom, which is kept whole."""
    prose: tuple[Span, ...] = ()
    """Prose inside the markup itself (an image's alt text, a title, an `alt` attribute): outside `inner`, in order."""
    destination: Span | None = None
    """Where a link or image leads, as spelled; None for a reference, whose destination stands elsewhere."""


@dataclass(frozen=True, slots=True)
class Block:
    """A leaf block: prose to be translated, or something that is kept."""

    kind: BlockKind
    span: Span
    """The content, from its first to its last character (continuation prefixes are breaks inside it)."""
    lines: Span
    """The whole lines that it touches, last line ending included."""
    codec: Codec = Codec.MARKDOWN
    level: int = 0
    """Of a heading, 1 to 6."""
    containers: tuple[str, ...] = ()
    """Outermost first: `quote`, `bullet`, `ordered`, `item`, `table`, `row`, `header`, `footnote`, `container`, `tag`,
    `dl`, `dt`, `dd`, `front`."""
    key: str = ""
    """Front matter: the key's path; HTML: the attribute's name; code: its language."""
    inlines: tuple[Inline, ...] = ()
    """By start, outer before inner; nested properly, never crossing."""


@dataclass(frozen=True, slots=True)
class Document:
    """A text and where its blocks stand: every character of the file, byte order mark and line endings included."""

    text: str
    blocks: tuple[Block, ...]
    """In order, prose spans disjoint."""
    references: Mapping[str, str] = field(default_factory=dict)
    """Link reference definitions: normalised label to destination."""
    front: Span | None = None
    """The front matter, delimiters included."""
    newline: str = "\n"
    """The line ending most lines have."""


# ── Segments ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence: the unit that is translated, recorded and reviewed."""

    block: int
    """Its block's index in the document."""
    outer: Span
    """In the document: the sentence with the marks that enclose it whole (`**` of a sentence all in bold)."""
    span: Span
    """In the document: what its translation replaces; inside `outer`."""
    source: str
    """What stands there, as Markdown on one line (lines of a hard-wrapped paragraph are joined); decoded where the
    codec is neither Markdown nor HTML."""
    marks: tuple[Inline, ...] = ()
    """The markup in `source`, spans counted in `source`."""


class Inner(NamedTuple):
    """Prose inside a mark's own delimiters: an alt text, a title. Translated as a job of its own."""

    mark: int
    """Which mark, counted from 1."""
    span: Span
    """In the protected source."""
    text: str


@dataclass(frozen=True, slots=True)
class Protected:
    """A segment's text with its markup as marks: `<t1>…</t1>` around words, `<x1>` for what is kept whole."""

    source: str
    text: str
    """With marks, numbered from 1 in order of appearance over both kinds; spellings (escapes, entities) undone."""
    marks: tuple[Inline, ...]
    """Mark n is `marks[n - 1]`, spans counted in `source`."""
    inners: tuple[Inner, ...] = ()


# ── Glossary ──────────────────────────────────────────────────────────────────────────────────────────────────────────


PLACES = ("heading", "paragraph", "cell", "front", "quote", "list", "code")
"""What `only:` may say of a term: the kind of its block, what the block stands in, or that inline code stands in the
same sentence."""
PROPOSED = "proposed"


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of a glossary."""

    term: str
    """As the author writes it."""
    translation: str
    """What we write; the term itself where `keep` is true."""
    aliases: tuple[str, ...] = ()
    """Other ways the author writes it."""
    also: tuple[str, ...] = ()
    """Accepted, never produced."""
    forbidden: tuple[str, ...] = ()
    """Never accepted."""
    first: str = ""
    """What we write at its first mention in a post, if not `translation`."""
    kind: str = ""
    """`person`, `project`, `organisation`, …; a person always hits."""
    note: str = ""
    keep: bool = False
    """Leave exactly as the author wrote it."""
    case: bool = False
    """Only with the author's own capitals: Go, never go."""
    only: tuple[str, ...] = ()
    """Where it is a term, one of `PLACES`; empty: everywhere."""
    beside: tuple[str, ...] = ()
    """Words (`with:` in the file) of which one must stand in the same block; empty: none need to."""
    status: str = ""
    """`proposed`: found by `mine`, not used until a person approves it."""
    path: Path | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Mention:
    """A term found in a source text."""

    term: Term
    span: Span
    surface: str
    """As it stands there."""
    wanted: str
    """What must stand in the translation: the translation, the `first` form, or the surface where the term is kept."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of each mention in a translation."""

    obeyed: tuple[tuple[Mention, Span], ...] = ()
    """With the one span of the target that satisfies it."""
    missing: tuple[Mention, ...] = ()
    forbidden: tuple[tuple[Mention, Span], ...] = ()
    """Spans of the target where a form stands that the mention's term forbids."""

    @property
    def is_clean(self) -> bool:
        """Whether every mention is obeyed and nothing forbidden stands there."""
        return not self.missing and not self.forbidden


# ── Engines ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class JobTerm(NamedTuple):
    """A term in a job's text that the engine should render as `translation`."""

    span: Span
    translation: str
    note: str = ""
    """What it means, as the glossary says it."""


@dataclass(frozen=True, slots=True)
class Around:
    """Where a sentence stands: read by engines that heed context, and never to be translated."""

    post: str = ""
    """Tells posts apart: jobs of one post have the same."""
    number: int = 0
    """Of its block in the post; jobs of one block are neighbours."""
    block: str = ""
    """Its block as the author wrote it, cut to a sensible length; so are the next two."""
    before: str = ""
    """The block of prose before it."""
    after: str = ""
    headings: tuple[str, ...] = ()
    """The titles above it, outermost first."""
    about: str = ""
    """What the post is: its title and its summary."""


NOWHERE = Around()


@dataclass(frozen=True, slots=True)
class Job:
    """What an engine is asked: one sentence with marks, never Markdown."""

    text: str
    """With `<tN>…</tN>` and `<xN>`, which must come back once each, properly nested."""
    terms: tuple[JobTerm, ...] = ()
    """Hints, in order, disjoint, none across a mark's edge."""
    around: Around = NOWHERE
    examples: tuple[tuple[str, str], ...] = ()
    """Approved pairs much like it, Chinese and English, the closest first."""
    again: str = ""
    """Why it is asked again, and the answer that would not do, for engines that can be told; empty the first time."""
    habits: tuple[JobTerm, ...] = ()
    """What approved sentences say for words that are no terms: to be followed where it fits, never insisted on.
    In order, disjoint from one another and from the terms; only for engines that take them."""
    kept: tuple[tuple[str, str], ...] = ()
    """Short inline code, math and addresses that some `<xN>` stand for: the mark, and its text as the author wrote it.
    For models that know such text and say a sentence better when they see it; the answer has the mark all the same."""


class Candidate(NamedTuple):
    """One possible translation, with the job's marks."""

    text: str
    score: float | None = None
    """A log-probability by token, higher is better; None: the engine does not say how sure it is."""
    sure: float | None = None
    """How often drafts that look like this one are good enough to keep, 0 to 1; None: that was never measured."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine said to one job: candidates, best first, or why there are none."""

    candidates: tuple[Candidate, ...] = ()
    error: str = ""


class Usage(NamedTuple):
    """What requests took, or are expected to take."""

    requests: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    tokens_held: int = 0
    """Of `tokens_in`, those that the vendor had in its own cache."""
    characters: int = 0
    """Of source text, for vendors that count those."""
    cost: float = 0.0
    """In US dollars, where a price is known."""

    def plus(self, other: Usage) -> Usage:
        """Add two."""
        return Usage(
            self.requests + other.requests,
            self.tokens_in + other.tokens_in,
            self.tokens_out + other.tokens_out,
            self.tokens_held + other.tokens_held,
            self.characters + other.characters,
            self.cost + other.cost,
        )


NO_USAGE = Usage()


@dataclass(frozen=True, slots=True)
class Abilities:
    """What an engine can do; the pipeline reads this and nothing else."""

    hints: bool = False
    """Takes `Job.terms` and tries to obey them; without it every term travels as a hole."""
    glossary: bool = False
    """Obeys `Job.terms` by a glossary of the vendor's own."""
    marks: str = ""
    """How marks travel: as `tags`, as `placeholders`, by `alignment`."""
    context: bool = False
    """Reads `Job.around` and `Job.examples`."""
    habits: bool = False
    """Takes `Job.habits`."""
    batch: int = 1
    """How many sentences go in one request, at most."""
    price: str = ""
    """What is paid by: `tokens`, `characters`; empty: it costs nothing."""
    remote: bool = False
    """Answers come from another program or machine: they are kept, and not asked for twice."""
    drafts: bool = True
    """Writes English; without it terms, typography and links are left alone."""
    identity: bool = False
    """Answers with the job's own text."""

    @property
    def takes_terms(self) -> bool:
        """Whether it is told the terms."""
        return self.hints or self.glossary


class Engine(Protocol):
    """The seam every engine has."""

    name: str
    signature: str
    """Every setting that can change an answer."""
    abilities: Abilities

    def draft(self, jobs: Sequence[Job], meter: Meter) -> Iterator[tuple[int, Answer]]:
        """Answer every job, as answers become ready, each with its job's index.

        Raises `EngineError` when it cannot go on; what was given before stays valid. What requests take is told to the
        meter, which also says when to stop. When the iterator is closed nothing more is asked.
        """
        ...

    def expect(self, jobs: Sequence[Job]) -> Usage:
        """Estimate what these jobs would take, without asking anybody."""
        ...


# ── Record ────────────────────────────────────────────────────────────────────────────────────────────────────────────


JOINED = "⤴"
"""The target of a segment that is said in its neighbour: splices to nothing."""


class State(StrEnum):
    """Where a segment stands in its review."""

    UNTRANSLATED = "untranslated"
    DRAFT = "draft"
    STALE = "stale"
    """Its source changed since a person or a machine translated it."""
    CONFLICT = "conflict"
    """`en.md` and `en.po` were edited differently."""
    APPROVED = "approved"
    JOINED = "joined"
    """Approved, and said in the neighbouring segment: the target is `JOINED`."""

    @property
    def is_done(self) -> bool:
        """Whether no person is needed any more."""
        return self in {State.APPROVED, State.JOINED}


@dataclass(frozen=True, slots=True)
class Entry:
    """The record of one segment."""

    key: str
    """Eight hexadecimal digits of its source's hash at first sight; kept for life."""
    source: str
    target: str = ""
    state: State = State.UNTRANSLATED
    origin: str = ""
    """Who wrote the target: `builtin`, `memory`, `person`, …"""
    by: str = ""
    """Who approved it."""
    score: float | None = None
    """How sure the engine was, 0 to 1."""
    written: str = ""
    """Short hash of the target last written to the English file; empty: never."""
    former: str = ""
    """The source before it changed."""
    other: str = ""
    """In a conflict: the text in the English file."""
    place: str = ""
    """`heading 2`, `quote · item`, …: what the block is, for readers of the record."""
    line: int = 0
    """In the source file."""
    group: int = 0
    """The block's number: entries of one block are neighbours with the same number."""
    terms: tuple[str, ...] = ()
    """`沐神 → Mu Li`: for readers of the record."""
    findings: tuple[Finding, ...] = ()
    note: str = ""
    """The reviewer's own."""

    @property
    def is_troubled(self) -> bool:
        """Whether something is wrong with it; what is only worth knowing is not."""
        return any(finding.level is not Level.INFO for finding in self.findings)


# ── Checks ────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Level(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong with a translation: a value, never raised."""

    check: str
    level: Level
    message: str
    source: Span | None = None
    """Where in the segment's source."""
    target: Span | None = None
    """Where in its target."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a check looks at: one segment with its translation, both also without markup."""

    source: Protected
    target: Protected
    mentions: tuple[Mention, ...] = ()
    """Spans counted in `plain(source.text)`."""
    state: State = State.DRAFT
    block: Block | None = None
    first: Mapping[str, bool] = field(default_factory=dict)
    """Of the terms that earlier segments mention: whether the first mention is rendered right."""
