"""One post, from its three texts to its two: pure, nothing here reads or writes a file.

texts ─prepare→ Work ─draft→ … ─complete→ Outcome
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, NamedTuple

from translator.checks import run_checks
from translator.config import DEFAULTS, Project, Settings
from translator.errors import InputError
from translator.formats import Record, dump, load
from translator.glossary import Glossary, verify, with_first
from translator.markdown import parse, plain, protect, unspell
from translator.memory.habits import habits as habits_of
from translator.memory.index import NOTHING, Memory
from translator.memory.similar import similar
from translator.model import (
    NOWHERE,
    BlockKind,
    Draft,
    Entry,
    Finding,
    JobTerm,
    Level,
    Mention,
    Protected,
    Span,
    State,
)
from translator.pipeline.around import arounds
from translator.pipeline.carry import approved, carry
from translator.pipeline.close import CHECK, Sentence, put_right
from translator.pipeline.draft import Ask, Drafted, Task, task
from translator.pipeline.english import Post, Rendered, is_persons, render
from translator.pipeline.files import digest
from translator.pipeline.learn import HIDDEN, MARK, Learnt, assemble, is_untouched, learn
from translator.pipeline.places import find, places
from translator.pipeline.sides import joined, side
from translator.text import segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from translator.glossary import Place
    from translator.model import Around, Block
    from translator.pipeline.sides import Side

TAGS = frozenset({"tags", "categories", "category", "keywords"})
"""Front-matter keys whose values name pages of the site: put into English by the glossary alone."""
SETTLING = 4
"""How often a file with kept stretches is looked at again."""
EXAMPLES = 2
"""How many of the memory's close matches go along with a sentence."""


class Texts(NamedTuple):
    """What stands on disk."""

    source: str
    english: str | None = None
    record: str | None = None


@dataclass(frozen=True)
class Means:
    """With what a post is worked on: read once, the same for every post of a run."""

    project: Project | None = None
    settings: Settings = DEFAULTS
    glossary: Glossary = field(default_factory=Glossary)
    memory: Memory = NOTHING
    person: str = "somebody"


@dataclass(frozen=True)
class Seen:
    """What is seen in a post's Chinese, whatever becomes of it: found when asked for, and only once."""

    post: Post
    glossary: Glossary

    @cached_property
    def protected(self) -> tuple[Protected, ...]:
        """Each segment with its markup as marks."""
        blocks = self.post.document.blocks
        return tuple(protect(s.source, s.marks, blocks[s.block].codec) for s in self.post.segments)

    @cached_property
    def mentions(self) -> tuple[tuple[Mention, ...], ...]:
        """The terms of each segment, spans counted in its plain text."""
        texts = [plain(protected.text) for protected in self.protected]
        blocks = [self.post.document.blocks[s.block] for s in self.post.segments]
        eligible = [block.kind in {BlockKind.PARAGRAPH, BlockKind.CELL, BlockKind.HTML} for block in blocks]
        pairs = zip(self.protected, self.places, strict=True)
        return tuple(with_first([find(self.glossary, *pair) for pair in pairs], texts, eligible))

    @cached_property
    def introduced(self) -> dict[str, int]:
        """Which segment mentions a term first."""
        return {m.term.term: i for i in reversed(range(len(self.mentions))) for m in self.mentions[i]}

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Where each segment stands, for terms with conditions."""
        return places(self.post.document, self.post.segments, self.protected)


@dataclass(frozen=True)
class Work:
    """A post as it stands: what is known of each segment, before anything is drafted."""

    post: Post
    means: Means
    entries: tuple[Entry, ...]
    obsolete: tuple[Entry, ...]
    record: Record
    learnt: Learnt
    texts: Texts
    seen: Seen

    @property
    def protected(self) -> tuple[Protected, ...]:
        """Each segment with its markup as marks."""
        return self.seen.protected

    @property
    def mentions(self) -> tuple[tuple[Mention, ...], ...]:
        """The terms of each segment, spans counted in its plain text."""
        return self.seen.mentions

    @property
    def introduced(self) -> dict[str, int]:
        """Which segment mentions a term first."""
        return self.seen.introduced

    @property
    def places(self) -> tuple[Place, ...]:
        """Where each segment stands, for terms with conditions."""
        return self.seen.places

    def under(self, glossary: Glossary) -> Work:
        """Give the same work under another glossary."""
        return replace(self, means=replace(self.means, glossary=glossary), seen=Seen(self.post, glossary))

    def mentions_in(self, i: int, text: str) -> tuple[Mention, ...]:
        """Find the terms of a text inside a segment's marks, an alternative text or a title, spans counted in it."""
        return self.means.glossary.mentions(text, self.places[i])

    def wanting(self, *, force: bool = False) -> list[int]:
        """List the segments a machine may draft: what is untranslated, and its own drafts of changed sources."""
        return [i for i, entry in enumerate(self.entries) if _is_wanting(entry, force=force)]

    def tasks(self, some: Sequence[int], *, context: bool = False, habits: bool = False) -> list[Task]:
        """Prepare segments for an engine; where one reads context, with that and with the memory's close matches.

        With `habits`, also with what the memory says for words that are no terms.
        """
        places = arounds(self.post) if context else ()
        return [self._task(i, places[self.post.segments[i].block] if places else NOWHERE, habits=habits) for i in some]

    def _task(self, i: int, around: Around, *, habits: bool) -> Task:
        one, protected = self.post.segments[i], self.protected[i]
        examples = self._examples(i) if around.post else ()
        ask = Ask(protected.text, self.mentions[i], around, examples, habits=self._habits(i) if habits else ())
        codec = self.post.document.blocks[one.block].codec
        return task(protected, codec, ask, partial(self.mentions_in, i))

    def _examples(self, i: int) -> tuple[tuple[str, str], ...]:
        found = similar(self.means.memory, self.post.segments[i].source, EXAMPLES)
        return tuple((match.source, match.target) for match in found)

    def _habits(self, i: int) -> tuple[JobTerm, ...]:
        """Find what approved sentences say for the words of a segment that are no terms."""
        text, taken = plain(self.protected[i].text), [mention.span for mention in self.mentions[i]]
        return tuple(JobTerm(*habit) for habit in habits_of(self.means.memory, text, taken))

    def close(self, i: int) -> Drafted | None:
        """Draft a segment from an approved sentence that differs only in what can be put right for certain."""
        codec = self.post.document.blocks[self.post.segments[i].block].codec
        one = Sentence(self.protected[i], self.mentions[i], codec, self.post.document.references)
        return put_right(self.means.memory, self.means.glossary, one)

    def by_glossary(self, i: int) -> str | None:
        """Give a tag's English: the glossary's, or nothing. None where the segment is no tag."""
        if self.post.document.blocks[self.post.segments[i].block].key.split(".")[0] not in TAGS:
            return None
        whole = Span(0, len(plain(self.protected[i].text)))
        return next((mention.wanted for mention in self.mentions[i] if mention.span == whole), "")


def _is_wanting(entry: Entry, *, force: bool) -> bool:
    if is_persons(entry):
        return False
    return entry.state in {State.UNTRANSLATED, State.STALE} or (force and entry.state is State.DRAFT)


# ── Before ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def open_post(
    text: str, settings: Settings = DEFAULTS, path: Path | None = None, project: Project | None = None
) -> Post:
    """Parse a source and cut it into segments."""
    keys = tuple(settings.front)
    try:
        document = parse(text, mdx=path is not None and path.suffix == ".mdx", front_keys=keys)
    except InputError as error:
        raise InputError(str(error.args[0]).split(": ", 1)[-1], path, error.line, error.column) from error
    segments = segment(document, settings.breaks, unspell)
    return Post(document, tuple(segments), path, project, settings.slugs, keys)


def prepare(texts: Texts, means: Means, path: Path | None = None) -> Work:
    """Bring together what the source, the record and the English file say."""
    post = open_post(texts.source, means.settings, path, means.project)
    record = (
        load(texts.record, means.project.record(path) if means.project and path else None) if texts.record else Record()
    )
    old = [_as_decided(entry, means.person) for entry in record.entries]
    gone = [_as_decided(entry, means.person) for entry in record.obsolete]
    entries, obsolete = carry(old, gone, post.segments)
    learnt = Learnt(tuple(entries))
    if texts.english and texts.english.strip("\ufeff \t\r\n") and not is_untouched(record, texts.english):
        front = _front(entries, means.settings)
        rendered = render(post, entries, front)
        learnt = learn(post, entries, record, rendered, texts.english, means.person, front)
    return Work(
        post, means, learnt.entries, (*obsolete, *learnt.gone), record, learnt, texts, Seen(post, means.glossary)
    )


def _as_decided(entry: Entry, person: str) -> Entry:
    """See in an entry of the record what a person decided there: a changed target, a flag that was taken away."""
    if not entry.target and entry.other:  # of a conflict's two texts the record's was taken away
        entry = replace(entry, target=entry.other, state=approved(entry.other), origin="person", by=person, score=None)
    if not entry.target:
        return replace(entry, state=State.UNTRANSLATED, origin="", by="", score=None, former="")
    if entry.state is State.CONFLICT:
        agreed = entry.target == entry.other
        return replace(entry, state=approved(entry.target), other="", by=person, former="") if agreed else entry
    if not entry.written and not entry.state.is_done:  # no text of ours: typed, or come from another program
        return replace(entry, origin="person", score=None)
    if entry.written and digest(entry.target) != entry.written.lstrip(HIDDEN):
        state = approved(entry.target)
        return replace(entry, state=state, origin="person", by=person, score=None, former="", other="")
    if entry.state.is_done:
        return replace(entry, by=entry.by or person, former="", other="")
    return entry


# ── After ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Outcome:
    """What a post has become."""

    english: str
    record: str
    entries: tuple[Entry, ...]
    post: Post
    learnt: Learnt
    by: Mapping[str, int] = field(default_factory=dict)
    """How many segments each engine drafted."""
    reused: int = 0
    """How many came from the memory or the glossary."""
    notes: tuple[str, ...] = ()
    """What concerns the whole file: stretches of the English that were kept as they are."""

    @property
    def drafted(self) -> int:
        """How many segments engines drafted."""
        return sum(self.by.values())

    @property
    def put_right(self) -> int:
        """How many drafts are the memory's for a close sentence, the difference put right."""
        return sum(any(finding.check == CHECK for finding in entry.findings) for entry in self.entries)

    @property
    def counts(self) -> Counter[State]:
        """How many segments are in each state."""
        return Counter(entry.state for entry in self.entries)


def complete(
    work: Work, said: dict[int, Drafted] | None = None, reused: Iterable[int] = (), *, marked: bool = True
) -> Outcome:
    """Record the drafts, check everything, and make the English file.

    `marked` is false for an engine that is the identity: nothing is set in the front matter then. What a person keeps
    may run into its new neighbours; it is looked at again until nothing changes any more.
    """
    outcome = _completed(work, said or {}, reused, marked=marked)
    for _ in range(SETTLING if work.learnt.is_shaped else 0):
        texts = Texts(work.texts.source, outcome.english, outcome.record)
        again = _completed(prepare(texts, work.means, work.post.path), {}, (), marked=marked)
        if (again.english, again.record) == (outcome.english, outcome.record):
            break
        learnt, notes = outcome.learnt, outcome.notes
        outcome = replace(again, by=outcome.by, reused=outcome.reused, learnt=learnt, notes=notes)
    return outcome


def _completed(work: Work, said: dict[int, Drafted], reused: Iterable[int], *, marked: bool) -> Outcome:
    entries = [_drafted(entry, said[i]) if i in said else entry for i, entry in enumerate(work.entries)]
    front = _front(entries, work.means.settings) if marked else {}
    rendered = render(work.post, entries, front)
    hidden = rendered.refused | _not_shown(work.learnt, rendered)
    first = _first_mentions(work, entries)
    entries = [_recorded(work, i, entries, rendered, said.get(i), first) for i in range(len(entries))]
    entries = [
        replace(e, written=HIDDEN + e.written) if i in hidden and e.written else e for i, e in enumerate(entries)
    ]
    name = work.post.path.name if work.post.path else ""
    english, written = assemble(work.post, rendered, work.learnt, entries, front.get(MARK, ""))
    record = replace(
        work.record,
        source=name,
        entries=tuple(entries),
        obsolete=work.obsolete,
        written=written,
    )
    again = set(reused)
    return Outcome(
        english,
        dump(record),
        tuple(entries),
        work.post,
        work.learnt,
        by=Counter(d.origin for i, d in said.items() if d.target and i not in again),
        reused=len(again),
        notes=tuple(_kept_note(kept.line, kept.text) for kept in work.learnt.kept),
    )


def _not_shown(learnt: Learnt, rendered: Rendered) -> set[int]:
    """List the segments in whose place something else is kept, be it only by empty lines."""
    out: set[int] = set()
    for kept in learnt.kept:
        some = [rendered.units[x] for x in kept.units]
        if kept.text.strip("\r\n") != "".join(unit.content + unit.gap for unit in some).strip("\r\n"):
            out.update(i for unit in some for i in unit.segments)
    return out


def _kept_note(line: int, text: str) -> str:
    first = next((part for part in text.splitlines() if part.strip()), "")
    what = f"“{first.strip()[:60]}” was shaped by hand" if first else "something was removed by hand"
    return f"line {line}: {what} and does not match the post block for block; it is left as it is"


def _front(entries: Sequence[Entry], settings: Settings) -> dict[str, str]:
    done = bool(entries) and all(entry.state.is_done for entry in entries)
    return {**settings.set, MARK: "reviewed" if done else "draft"}


def _drafted(entry: Entry, said: Drafted) -> Entry:
    if not said.target:
        return entry
    return replace(entry, target=said.target, state=State.DRAFT, origin=said.origin, score=said.score, by="", other="")


def _recorded(  # noqa: PLR0913, PLR0917  # everything that is known of a segment
    work: Work, i: int, entries: Sequence[Entry], rendered: Rendered, said: Drafted | None, first: _First
) -> Entry:
    """Bring what an entry says for its readers up to date."""
    entry, post, one = entries[i], work.post, work.post.segments[i]
    block = post.document.blocks[one.block]
    refused = i in rendered.refused
    shown = entry.other if entry.state is State.CONFLICT else entry.target
    findings = [
        *(said.findings if said else filter(partial(_stays, entry), entry.findings)),
        *([_REFUSED] if refused else []),
        *_checked(work, i, entries, first),
    ]
    return replace(
        entry,
        written=digest(shown) if shown else "",
        place=place(block),
        line=post.lines[i],
        group=one.block + 1,
        terms=tuple(dict.fromkeys(f"{m.surface} → {m.wanted}" for m in work.mentions[i])),
        findings=tuple(findings),
    )


def _stays(entry: Entry, finding: Finding) -> bool:
    """Tell whether a finding of the drafting is still true: what the memory changed, while nobody has decided."""
    if finding.check == CHECK:
        return entry.state is State.DRAFT and entry.origin == CHECK
    return finding.check in {"engine", "markup"} and finding.message != _REFUSED.message


_REFUSED = Finding(
    "markup", Level.ERROR, "this text would change the post's Markdown; the English file keeps the source here"
)


def place(block: Block) -> str:
    """Say what a block is, for readers of the record."""
    names = [name for name in block.containers if name not in {"bullet", "ordered", "table", "row", "front"}]
    level = f" {block.level}" if block.level else ""
    key = f" {block.key}" if block.key and block.kind in {BlockKind.FRONT, BlockKind.HTML} else ""
    return " · ".join([*names, f"{block.kind.value}{level}{key}"])


_First = dict[str, tuple[int, bool]]
"""Of each term: which segment mentions it first, and whether it is rendered right there."""


def _first_mentions(work: Work, entries: Sequence[Entry]) -> _First:
    """See to the first mention of every term that is mentioned again."""
    where: dict[str, list[int]] = {}
    for i, mentions in enumerate(work.mentions):
        for name in {mention.term.term for mention in mentions}:
            where.setdefault(name, []).append(i)
    first = {name: some[0] for name, some in where.items() if len(some) > 1}
    right = {i: _right(side(work, entries, i)) for i in set(first.values())}
    return {name: (i, name in right[i]) for name, i in first.items()}


def _right(both: Side | None) -> set[str]:
    if both is None:
        return set()
    return {mention.term.term for mention, _ in verify(both.mentions, both.target.text).obeyed}


def findings(work: Work, entries: Sequence[Entry], i: int) -> tuple[Finding, ...]:
    """Check one segment as `complete` does, without making the English file: the same findings but for its gate's."""
    some = [i, *joined(work.post, entries, i)]
    names = {mention.term.term for n in some for mention in work.mentions[n]}
    where = {name: n for name in names if (n := work.introduced[name]) < i}
    right = {n: _right(side(work, entries, n)) for n in set(where.values())}
    return tuple(_checked(work, i, entries, {name: (n, name in right[n]) for name, n in where.items()}))


def _checked(work: Work, i: int, entries: Sequence[Entry], first: _First) -> Iterator[Finding]:
    """Check a segment together with those that are said in it."""
    entry = entries[i]
    both = side(work, entries, i)
    if both is None:
        if entry.state is not State.JOINED:
            block = work.post.document.blocks[work.post.segments[i].block]
            bare = Protected(entry.target, entry.target, ())
            yield from run_checks(Draft(Protected(entry.source, entry.source, ()), bare, (), entry.state, block))
        return
    names = {mention.term.term for mention in both.mentions} & first.keys()
    before = {name: first[name][1] for name in names if first[name][0] < i}
    yield from run_checks(Draft(both.source, both.target, both.mentions, entry.state, both.block, before))
    if len(both.source.inners) == len(both.target.inners):
        for inner, said in zip(both.source.inners, both.target.inners, strict=True):
            yield from _terms_inside(work, i, inner.text, said.text, entry.state)


def _terms_inside(work: Work, i: int, text: str, said: str, state: State) -> Iterator[Finding]:
    """Check the terms of an alt text or a title, which `plain` texts do not have."""
    mentions = work.mentions_in(i, text)
    for found in run_checks(Draft(Protected(text, text, ()), Protected(said, said, ()), mentions, state)):
        if found.check == "terms":
            yield replace(found, source=None, target=None)
