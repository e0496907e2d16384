"""The record of a review as a gettext PO file, readable and editable in Poedit and Weblate.

msgctxt is an entry's key, msgid its source, msgstr its target. `fuzzy` is a draft that nobody approved, no flag is
approved, an empty msgstr untranslated, "⤴" said in the neighbouring segment. What else an entry knows stands in its
extracted comments (`#.`), one `name: value` a line. Law: `load(dump(record)) == record`, and `dump` of that is the
same text.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from translator.errors import InputError
from translator.model import JOINED, Entry, Finding, Level, State

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import polib

HEADER = ("Project-Id-Version", "Language", "MIME-Version", "Content-Type", "Content-Transfer-Encoding")
COMMENT = """The review of a translation: msgid is the author's sentence, msgstr ours.
"fuzzy" is a draft that nobody approved; take it away to approve. An empty msgstr is untranslated, "⤴" is said next \
door."""
WRITTEN = "X-Duizhao-Written"
SOURCE = "X-Duizhao-Source"

# PO files are read line by line, so what Python takes for a line's end (and what gettext refuses) stands in the
# last private use area there.
_HIDDEN = {chr(c): chr(0x10F700 + (c & 0xFF)) for c in (0, 4, 28, 29, 30, 0x85, 0x2028, 0x2029)}
_SHOWN = {there: here for here, there in _HIDDEN.items()}
_RARE = re.compile(f"[{''.join(map(re.escape, (*_HIDDEN, *_SHOWN)))}]")


@dataclass(frozen=True)
class Record:
    """All that is known of a post's review."""

    source: str = ""
    """The post's file name, as the record's header says it."""
    entries: tuple[Entry, ...] = ()
    """One a segment, in the order of the post."""
    obsolete: tuple[Entry, ...] = ()
    """Of segments that are gone: they come back when the text does."""
    written: str = ""
    """What the English file looked like when it was last written, unit by unit."""
    extra: dict[str, str] = field(default_factory=dict)
    """Header fields of other programs, kept."""
    comment: str = COMMENT
    """The comment at the top of the file, kept."""


def dump(record: Record) -> str:
    """Write a record as the text of a PO file."""
    import polib  # noqa: PLC0415  # start-up

    po = polib.POFile(wrapwidth=0)
    po.header = record.comment
    po.metadata = {
        "Project-Id-Version": record.source,
        "Language": "en",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        SOURCE: record.source,
        WRITTEN: record.written,
        **record.extra,
    }
    po.extend(_written(entry, record.source, after) for entry, after in _with_place(record.entries))
    po.extend(_gone(entry) for entry in record.obsolete)
    return _RARE.sub(lambda found: _HIDDEN.get(found[0], found[0]), str(po))


def _show(text: str | None) -> str:
    return _RARE.sub(lambda found: _SHOWN.get(found[0], found[0]), text or "")


def _with_place(entries: tuple[Entry, ...]) -> Iterator[tuple[Entry, str]]:
    """Say of each entry where it stands: its block, and which sentence of it."""
    number, before = 0, None
    for entry in entries:
        number = number + 1 if entry.group == before else 1
        before = entry.group
        yield entry, _place(entry, number)


def _place(entry: Entry, number: int) -> str:
    return f"{entry.place}, sentence {number}" if number > 1 else entry.place


def _written(entry: Entry, source: str, place: str) -> polib.POEntry:
    import polib  # noqa: PLC0415  # start-up

    return polib.POEntry(
        msgctxt=entry.key,
        msgid=entry.source,
        msgstr=entry.target,
        comment="\n".join(_comments(entry, place)),
        tcomment=entry.note,
        occurrences=[(source.replace(" ", "%20"), str(entry.line))] if entry.line else [],
        flags=["fuzzy"] if entry.state in {State.DRAFT, State.STALE, State.CONFLICT} else [],
        previous_msgid=entry.former or None,
    )


GONE = "duizhao: "
"""Before what stands in `#.` elsewhere: gettext keeps no `#.` of an obsolete entry, but a translator's comment."""


def _gone(entry: Entry) -> polib.POEntry:
    one = _written(replace(entry, line=0), "", entry.place)
    lines = [GONE + line for line in one.comment.split("\n")]
    if entry.former:  # polib reads no `#~|`
        lines.append(f"{GONE}former: {json.dumps(entry.former, ensure_ascii=False)}")
    one.previous_msgid = None
    one.comment, one.tcomment, one.obsolete = "", "\n".join([*filter(None, [entry.note]), *lines]), True
    return one


def _comments(entry: Entry, place: str) -> Iterator[str]:
    yield place or "segment"
    if entry.origin:
        sure = "" if entry.score is None else f", {entry.score:.0%} sure"
        machine = "machine draft by " if entry.state is State.DRAFT and entry.origin != "person" else ""
        yield f"from: {machine}{entry.origin}{sure}"
    if entry.by:
        yield f"approved by: {entry.by}"
    yield from (f"term: {term}" for term in entry.terms)
    yield from (f"{found.level}: {found.check}: {_one_line(found.message)}" for found in entry.findings)
    if entry.state is State.CONFLICT:
        yield f"the English file says: {json.dumps(entry.other, ensure_ascii=False)}"
    if entry.written:
        yield f"written: {entry.written}"


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


_LINE = re.compile(
    r'(?:#~ *)?(?:(?:msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?)\s*)?"(?:[^"\\]|\\.)*"\s*$|#(?!~ )|(?:#~)?\s*$',
    re.DOTALL,
)


def catalogue(text: str, path: Path | str | None = None) -> polib.POFile:
    """Read any PO file; raises `InputError` with the line where it is none."""
    import polib  # noqa: PLC0415  # start-up

    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):  # polib would read on, a letter short
        if not _LINE.match(line):
            raise InputError(
                f"this is not a line of a PO file: {line.strip()[:60]}; mend it, or restore the file", path, number
            )
    try:
        # polib takes one line for a file's name.
        return polib.pofile(text.removeprefix("\ufeff") + "\n", wrapwidth=0, check_for_duplicates=False)
    except (OSError, ValueError, UnicodeError) as error:
        found = re.search(r"line (\d+)", str(error))
        message = "this is not a PO file: " + re.sub(
            r"\s*\(?line \d+\)?:?", "", str(error).replace("Syntax error in po file", "")
        ).strip(" :")
        raise InputError(
            message.strip(" :") + "; mend that line, or restore the file", path, int(found[1]) if found else 0
        ) from error


def load(text: str, path: Path | str | None = None) -> Record:
    """Read a record; raises `InputError` with the line where it is no PO file."""
    po = catalogue(text, path)
    metadata = dict(po.metadata)
    ours = {*HEADER, WRITTEN, SOURCE}
    group = 0
    live, gone = [], []
    for one in po:
        if one.obsolete:
            gone.append(_read(one, 0))
            continue
        group += not re.search(r", sentence \d+$", one.comment.split("\n")[0])
        live.append(_read(one, group))
    return Record(
        metadata.get(SOURCE, ""),
        tuple(live),
        tuple(gone),
        metadata.get(WRITTEN, ""),
        {key: value for key, value in metadata.items() if key not in ours},
        po.header,
    )


_ORIGIN = re.compile(r"from: (?:machine draft by )?(.*?)(?:, (\d+)% sure)?$")


def _read(one: polib.POEntry, group: int) -> Entry:
    source, target = _show(one.msgid), _show(one.msgstr)
    notes = one.tcomment.split("\n")
    ours = [line.removeprefix(GONE) for line in notes if line.startswith(GONE)]
    lines = [*filter(None, _show(one.comment).split("\n")), *map(_show, ours)]
    entry = Entry(
        one.msgctxt or "",
        source,
        target,
        former=_show(one.previous_msgid),
        place=re.sub(r", sentence \d+$", "", lines[0]) if lines else "",
        line=int(one.occurrences[0][1] or 0) if one.occurrences and one.occurrences[0][1].isdigit() else 0,
        group=group,
        note="\n".join(line for line in notes if not line.startswith(GONE)),
    )
    for line in lines[1:]:
        entry = _with_comment(entry, line)
    machine = any(line.startswith("from: machine draft by ") for line in lines)
    return replace(entry, state=_state(entry, fuzzy=one.fuzzy, machine=machine))


def _state(entry: Entry, *, fuzzy: bool, machine: bool) -> State:
    if not entry.target:
        return State.UNTRANSLATED
    if entry.state is State.CONFLICT and fuzzy:
        return State.CONFLICT
    if fuzzy:
        return State.STALE if entry.former and not machine else State.DRAFT
    return State.JOINED if entry.target == JOINED else State.APPROVED


def _with_comment(entry: Entry, line: str) -> Entry:
    """Take in one `name: value` line; one that we did not write is left out."""
    name, _, value = line.partition(": ")
    check, _, message = value.partition(": ")
    match name:
        case "from" if found := _ORIGIN.match(line):
            return replace(entry, origin=found[1], score=int(found[2]) / 100 if found[2] else None)
        case "approved by":
            return replace(entry, by=value)
        case "written":
            return replace(entry, written=value)
        case "former":
            return replace(entry, former=_said(value))
        case "term":
            return replace(entry, terms=(*entry.terms, value))
        case "the English file says":
            entry = replace(entry, other=_said(value), state=State.CONFLICT)
        case "error" | "warning" | "info":
            entry = replace(entry, findings=(*entry.findings, Finding(check, Level(name), message)))
    return entry


def _said(value: str) -> str:
    """Read a quoted text; one that an editor broke stands as it is."""
    try:
        return str(json.loads(value))
    except ValueError:
        return value.strip('"')
