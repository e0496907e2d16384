"""The record as a PO file: nothing is lost on the way there and back, also by way of other programs."""

import re
import shutil
import subprocess
import textwrap

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from translator.errors import InputError
from translator.formats import Record, dump, load
from translator.model import JOINED, Entry, Finding, Level, State

ODD = st.sampled_from(
    [
        "\n",
        "\r",
        "\t",
        "\0",
        "\x0b",
        "\x0c",
        "\x1b",
        "\x1c",
        "\x1d",
        "\x1e",
        "\x85",
        "\u2028",
        "\u2029",
        "\ufeff",
        "\u200b",
    ]
)
SIGNS = st.sampled_from(
    ["\\", '"', "\\n", "\\\\", "#", "#~ ", 'msgstr "', "…", "⤴", "%s", ": ", "\U0001f600", "，", " "]
)
TEXT = st.lists(
    ODD
    | SIGNS
    | st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters=[chr(c) for c in range(0x10F700, 0x10F800)]),
        max_size=8,
    ),
    max_size=8,
).map("".join)
SAID = TEXT.filter(bool)
WORD = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12)
FINDING = st.builds(Finding, WORD, st.sampled_from(Level), st.lists(WORD, min_size=1, max_size=4).map(" ".join))


@st.composite
def entries(draw):
    """Draw an entry as the pipeline could have made it: its state agrees with the rest."""
    state = draw(st.sampled_from(State))
    target = {State.UNTRANSLATED: "", State.JOINED: JOINED}.get(state)
    if target is None:
        target = draw(SAID.filter(lambda text: text != JOINED))
    origin = draw(
        st.sampled_from(
            ["person", "memory"] if state is State.STALE else ["", "builtin", "person", "memory", "glossary"]
        )
    )
    return Entry(
        key="",
        source=draw(SAID),
        target=target,
        state=state,
        origin=origin,
        by=draw(st.sampled_from(["", "李沐", "Mu Li: reviewer"])),
        score=draw(st.none() | st.integers(0, 100).map(lambda n: n / 100)) if origin else None,
        written=draw(st.sampled_from(["", "0a1b2c3d"])),
        former=draw(SAID) if state is State.STALE else "",
        other=draw(TEXT) if state is State.CONFLICT else "",
        place=draw(st.sampled_from(["paragraph", "quote · item · heading 2", "front title"])),
        line=draw(st.integers(1, 9999)),
        terms=tuple(draw(st.lists(st.just("沐神 → Mu Li") | WORD.map(lambda w: f"{w} → {w}: {w}"), max_size=2))),
        findings=tuple(draw(st.lists(FINDING, max_size=2))),
        note=draw(st.lists(WORD, max_size=3).map("\n".join)),
    )


@st.composite
def records(draw):
    live, group = [], 0
    for n, entry in enumerate(draw(st.lists(entries(), max_size=5))):
        group += 1 if not live else draw(st.integers(0, 1))
        live.append(Entry(**{**_fields(entry), "key": f"{n:08x}", "group": group}))
    gone = [
        Entry(**{**_fields(entry), "key": f"{n:08x}", "line": 0})
        for n, entry in enumerate(draw(st.lists(entries(), max_size=2)), 100)
    ]
    return Record(
        draw(st.sampled_from(["zh.md", "my post.md", "文章.md"])),
        tuple(live),
        tuple(gone),
        draw(st.sampled_from(["", "ab-cd ef"])),
    )


def _fields(entry):
    return {name: getattr(entry, name) for name in Entry.__dataclass_fields__}


def _normal(record):
    """Number blocks from 1 without gaps, as the file does."""
    numbers = {}
    return tuple(
        Entry(**{**_fields(e), "group": numbers.setdefault(e.group, len(numbers) + 1)}) for e in record.entries
    )


@given(records())
@settings(max_examples=60)
@example(Record("zh.md", (Entry("0" * 8, "\\", '"', State.APPROVED, place="paragraph", line=1, group=1),)))
@example(
    Record("zh.md", (Entry("0" * 8, "长" * 5000, "long " * 5000, State.DRAFT, place="paragraph", line=1, group=1),))
)
def test_load_after_dump_is_the_record(record):
    text = dump(record)
    again = load(text)
    assert again.entries == _normal(record)
    assert again.obsolete == record.obsolete
    assert (again.source, again.written, again.extra, again.comment) == (
        record.source,
        record.written,
        {},
        record.comment,
    )
    assert dump(again) == text


SAMPLE = Record(
    "zh.md",
    (
        Entry(
            "a" * 8,
            "跟沐神学习深度学习。",
            "Learn deep learning with Mu Li.",
            State.APPROVED,
            "person",
            "Seed",
            written="0a1b2c3d",
            place="front title",
            line=2,
            group=1,
            terms=("沐神 → Mu Li",),
        ),
        Entry(
            "b" * 8,
            "第一句很长，" * 12,
            "The first sentence is long, " * 12,
            State.DRAFT,
            "builtin",
            score=0.71,
            place="paragraph",
            line=5,
            group=2,
            findings=(Finding("terms", Level.ERROR, "沐神 must be “Mu Li”"),),
        ),
        Entry(
            "c" * 8,
            "第二句。",
            JOINED,
            State.JOINED,
            "person",
            "Seed",
            place="paragraph",
            line=5,
            group=2,
            note="said above",
        ),
        Entry(
            "d" * 8,
            "改过的“句子”。",
            'A "changed" one.\\',
            State.STALE,
            "person",
            former="从前的句子。",
            place="item · paragraph",
            line=7,
            group=3,
        ),
        Entry(
            "e" * 8,
            "争。",
            "From the record.",
            State.CONFLICT,
            "person",
            other='From\nthe "English".',
            place="heading 2",
            line=9,
            group=4,
        ),
        Entry("f" * 8, "没有。", place="paragraph", line=11, group=5),
    ),
    (Entry("9" * 8, "去了。", "It left.", State.APPROVED, "person", "Seed", place="paragraph"),),
    "x y z",
)


def _same(record, other):
    assert (record.entries, record.obsolete, record.source, record.written) == (
        other.entries,
        other.obsolete,
        other.source,
        other.written,
    )


def test_the_sample_reads_as_it_should():
    text = dump(SAMPLE)
    _same(load(text), SAMPLE)
    assert (
        "#. front title\n#. from: person\n#. approved by: Seed\n#. term: 沐神 → Mu Li\n#. written: 0a1b2c3d\n" in text
    )
    assert '#: zh.md:2\nmsgctxt "aaaaaaaa"\n' in text
    assert "#. from: machine draft by builtin, 71% sure\n" in text
    assert '#| msgid "从前的句子。"\n' in text
    assert '#~ msgstr "It left."' in text


FIELDS = {
    "PO-Revision-Date": "2020-01-01 12:00+0800",
    "Last-Translator": "Mu Li <mu@example.org>",
    "Language-Team": "",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
    "X-Generator": "Poedit 3.4.2",
}
LONG = re.compile(r'(#~ |#\| |)(msgid|msgstr) "(.{60,})"')
PIECE = re.compile(r"(?:\\.|[^\\]){1,60}")


def as_poedit(text):
    """Write a record as Poedit does: texts wrapped at 79 columns, its own header fields; comments are left alone."""
    lines = []
    for line in text.split("\n"):
        if found := LONG.fullmatch(line):
            mark, word, said = found.groups()
            lines += [f'{mark}{word} ""', *(f'{mark}"{piece}"' for piece in PIECE.findall(said))]
        else:
            lines.append(line)
        if line.startswith('"Project-Id-Version:'):
            lines += [f'"{name}: {value}\\n"' for name, value in FIELDS.items()]
    return "\n".join(lines)


def test_what_poedit_rewrites_is_the_same_record_and_its_header_is_kept():
    other = as_poedit(dump(SAMPLE))
    assert other.count('msgstr ""\n"The first') == 1
    again = load(other)
    _same(again, SAMPLE)
    assert again.extra["X-Generator"] == "Poedit 3.4.2"
    kept = load(dump(again))
    assert kept.extra == again.extra


@given(records())
@settings(max_examples=40)
def test_any_record_survives_poedit(record):
    again = load(as_poedit(dump(record)))
    assert again.entries == _normal(record)
    assert again.obsolete == record.obsolete


@pytest.mark.parametrize(
    "change",
    [lambda t: t.replace("\n", "\r\n"), lambda t: "\ufeff" + t, str.strip, lambda t: t.replace("\n\n", "\n\n\n")],
)
def test_line_endings_byte_order_marks_and_blank_lines_do_not_matter(change):
    _same(load(change(dump(SAMPLE))), SAMPLE)


def test_reordered_flags_and_foreign_comments_do_not_matter():
    text = (
        dump(SAMPLE)
        .replace("#, fuzzy\n", "#, no-wrap, fuzzy\n")
        .replace("#. item · paragraph\n", "#. item · paragraph\n#. a comment of another program\n")
    )
    _same(load(text), SAMPLE)


BROKEN = {
    "no quotation mark": ('msgid ""\nmsgstr ""\n\nmsgctxt "aaaaaaaa"\nmsgid 没有引号\nmsgstr "x"\n', 5),
    "no closing quotation mark": ('msgid ""\nmsgstr ""\n\nmsgctxt "aaaaaaaa"\nmsgid "一。\nmsgstr "x"\n', 5),
    "an unknown word": ('msgid ""\nmsgstr ""\n\nmsgctxt "aaaaaaaa"\nmsgid "一。"\nmsgword "x"\n', 6),
    "a merge conflict": ('msgid ""\nmsgstr ""\n\n<<<<<<< HEAD\nmsgctxt "aaaaaaaa"\nmsgid "一。"\nmsgstr "x"\n', 4),
    "an inner quotation mark": ('msgid ""\nmsgstr ""\n\nmsgctxt "aaaaaaaa"\nmsgid "一。"\nmsgstr "say "x""\n', 6),
    "no PO file": ("# 标题\n\n一句话。\n", 3),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_an_error_with_its_line(case):
    text, line = BROKEN[case]
    with pytest.raises(InputError) as caught:
        load(text, "en.po")
    assert caught.value.line == line, caught.value
    assert str(caught.value).startswith(f"en.po:{line}: ")


def test_a_conflicts_text_that_an_editor_broke_is_kept():
    text = dump(SAMPLE).replace(r'"From\nthe \"English\"."', r'From the "English"')
    assert load(text).entries[4].other.startswith("From the")


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="gettext is not installed")
@given(record=records())
@example(record=SAMPLE)
@settings(max_examples=20)
def test_gettext_accepts_it(record):
    assume(not any(e.source.strip("\n") != e.source or e.target.strip("\n") != e.target for e in record.entries))
    text = dump(record)
    done = subprocess.run(
        ["msgfmt", "--check-format", "-o", "-", "-"], input=text.encode(), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.skipif(not shutil.which("msgcat"), reason="gettext is not installed")
@pytest.mark.parametrize("options", [[], ["--no-wrap"], ["--width=40"], ["--sort-by-file"]])
def test_what_gettext_rewrites_is_the_same_record(options):
    done = subprocess.run(["msgcat", *options, "-"], input=dump(SAMPLE).encode(), capture_output=True, check=True)
    _same(load(done.stdout.decode()), SAMPLE)


def test_the_comment_at_the_top_teaches():
    assert "take it away to approve" in textwrap.dedent(dump(SAMPLE))
