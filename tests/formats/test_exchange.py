"""Terms go out and come back: each format gives back what it holds, says what it does not, and refuses what is none."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from translator.errors import InputError
from translator.formats.exchange import (
    FIELDS,
    LARGEST,
    TERM_FORMATS,
    decode,
    dump,
    find_format,
    keep,
    load,
    lost,
    refusal,
    tidy,
)
from translator.formats.exchange.tbx_rules import breaches
from translator.glossary import load as load_glossary
from translator.model import PLACES, PROPOSED, Term

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
DATA = yaml.safe_load((HERE / "exchange.yaml").read_text(encoding="utf-8"))
FORMATS = {form.name: form for form in TERM_FORMATS}
every_format = pytest.mark.parametrize("form", TERM_FORMATS, ids=lambda form: form.name)

PIECES = [
    "沐神", "学习", "词元", "Mu Li", "C++", "network", "(LSTM)", " (i.i.d.)", "😀", "é", "|", "\\", "'", '"', "=1+1",
    "+", "-", "@", ",", "，", ";", ":", "kind: x", "forbidden: y", "#", "# ", "#~", "<", "&amp;", "&", "]]>", "\t",
    "\n", "\r\n", "\r", " ", "  ", "\u3000", "\u2028", "\x85", "\x00", "\x1f", "\ufeff", "\ud800", "\uffff", "~",
    "%s", "{", "[a]", "msgid", "⤴", "`", "null", "true",
]  # fmt: skip
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=4).map("".join)
lists = st.lists(texts, max_size=3).map(tuple)
terms = st.builds(
    Term,
    term=texts,
    translation=texts,
    aliases=lists,
    also=lists,
    forbidden=lists,
    first=texts,
    kind=texts,
    note=texts | st.lists(texts, max_size=4).map("\n".join),
    keep=st.booleans(),
    case=st.booleans(),
    only=st.lists(st.sampled_from(PLACES), max_size=2).map(tuple),
    beside=lists,
    status=st.sampled_from(["", "", PROPOSED]),
)
FULL = Term(
    "长短期记忆", "long short-term memory", ("长期短期记忆",), ("LSTM", "LSTM memory"), ("long-term memory",),
    "long short-term memory (LSTM)", "idea", "Two lines,\n“quoted”.", only=("heading",), beside=("网络",), case=True,
)  # fmt: skip


def refused(text, form):
    try:
        load(text, form)
    except InputError as error:
        return error
    return None


def placeless(found):
    return [replace(term, path=None, line=0) for term in found]


@every_format
@given(written=st.lists(terms, max_size=4))
@example(written=[FULL])
@settings(max_examples=120)
def test_what_was_written_is_read_as_far_as_it_is_held(form, written):
    text = dump(written, form)
    found = load(text, form)
    assert placeless(found.terms) == [row for kept in keep(written, form) for row in kept.rows]
    assert not found.remarks
    assert dump(found.terms, form) == text


@every_format
@given(term=terms)
@settings(max_examples=60)
def test_what_is_held_differs_from_the_term_only_where_that_is_said(form, term):
    rows, said = form.held(term), lost(term, form)
    assert (not said) == (rows == (tidy(term),))
    if not rows:
        assert len(said) == 1
        assert said[0].startswith("left out: ")
        return
    named = {name for name in FIELDS if any(f"`{'with' if name == 'beside' else name}` " in line for line in said)}
    assert named >= {name for name in FIELDS if getattr(rows[0], name) != getattr(tidy(term), name)}
    assert all(form.held(row) == (row,) for row in rows), "what is held is held again"


@given(term=terms)
def test_tidy_is_idempotent(term):
    assert tidy(tidy(term)) == tidy(term)


def test_what_a_glossary_file_says_is_tidy_and_held_whole_where_a_format_holds_everything():
    for term in load_glossary(sorted((ROOT / "glossary").glob("*.yaml"))).terms:
        assert tidy(term) == replace(term, path=None, line=0)
        assert not refusal(term)
        for name in ("csv", "tsv", "po"):
            assert not lost(term, FORMATS[name])


@pytest.mark.parametrize(("name", "fields"), DATA["holds"].items())
def test_what_each_format_holds_of_an_ordinary_term(name, fields):
    (row, *others) = FORMATS[name].held(FULL)
    assert {field for field in FIELDS if getattr(row, field) == getattr(FULL, field)} - {"keep", "status"} == set(
        fields
    )
    assert [other.term for other in others] == (list(FULL.aliases) if "aliases" not in fields else [])


def test_every_format_has_its_row_and_its_examples():
    assert set(DATA["holds"]) == set(DATA["reads"]) == set(DATA["refuses"]) == set(FORMATS)
    for form in TERM_FORMATS:
        assert form.what.endswith(".")
        assert find_format("", Path(f"a{form.suffixes[0]}")) is find_format(form.name) is form


@pytest.mark.parametrize(
    ("name", "text", "wanted", "remarks"),
    [(name, *row) for name, rows in DATA["reads"].items() for row in rows],
)
def test_files_of_other_programs_are_read(name, text, wanted, remarks):
    found = load(text, FORMATS[name], Path("terms"))
    said = [
        {field: getattr(term, field) for field in FIELDS if getattr(term, field)} | {"line": term.line}
        for term in found.terms
    ]
    assert said == [{key: tuple(v) if isinstance(v, list) else v for key, v in one.items()} for one in wanted]
    assert [f"{remark.line}: {remark.message}" for remark in found.remarks] == remarks


@pytest.mark.parametrize(
    ("name", "text", "place", "message"), [(name, *row) for name, rows in DATA["refuses"].items() for row in rows]
)
def test_what_is_no_such_file_is_refused_with_its_place(name, text, place, message):
    with pytest.raises(InputError) as caught:
        load(text, FORMATS[name], Path("terms"))
    assert message in str(caught.value)
    assert f"{caught.value.line}:{caught.value.column}" == place


@every_format
@given(text=texts, lines=st.lists(texts, max_size=5))
@settings(max_examples=60)
def test_any_text_is_read_or_refused(form, text, lines):
    for one in (text, "\n".join(lines), "term,translation\n" + "\n".join(lines)):
        try:
            found = load(one, form)
        except InputError:
            continue
        assert all(not refusal(term) for term in found.terms)


@every_format
@given(written=st.lists(terms, min_size=1, max_size=2), data=st.data())
@settings(max_examples=40)
def test_a_file_cut_short_or_garbled_is_read_or_refused(form, written, data):
    text = dump(written, form)
    at = data.draw(st.integers(0, len(text)))
    for one in (text[:at], text[:at] + data.draw(texts) + text[at:]):
        reason = refused(one, form)
        assert reason is None or reason.line


@every_format
@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_endings_and_a_byte_order_mark_do_not_matter(form, newline):
    text = dump([FULL], form)
    assert load("\ufeff" + text.replace("\n", newline), form).terms == load(text, form).terms


def test_a_spreadsheet_sees_no_formula():
    term = Term("=SUM(A1)", "+1", ("@cmd",), note="-2", first="'=x", also=("x=1", "=y"))
    rows = list(csv.reader(io.StringIO(dump([term], FORMATS["csv"]))))
    assert not [cell for cell in rows[1] if cell[:1] in {"=", "+", "-", "@"}]
    assert placeless(load(dump([term], FORMATS["csv"]), FORMATS["csv"]).terms) == [term]


def test_deepl_never_gets_a_source_twice():
    one, two = Term("沐神", "Mu Li", ("李沐",)), Term("李沐", "Li Mu")
    kept = keep([one, two], FORMATS["deepl"])
    assert [row.term for each in kept for row in each.rows] == ["沐神", "李沐"]
    assert kept[1].lost == ("a second row for “李沐” is left out: Li Mu",)


def test_bytes():
    assert decode("中,a\n".encode("utf-8-sig")) == decode("中,a\n".encode("utf-16")) == "中,a\n"
    with pytest.raises(InputError, match="CSV UTF-8") as caught:
        decode("term\n中文".encode("gb18030"), Path("a.csv"))
    assert (caught.value.line, caught.value.column) == (2, 1)
    with pytest.raises(InputError, match="split it"):
        decode(b"a" * (LARGEST + 1))


@given(written=st.lists(terms, min_size=1, max_size=3))
@settings(max_examples=40)
def test_tbx_keeps_to_the_rules_of_its_dialect(written):
    if text := dump(written, FORMATS["tbx"]):
        rows = [row for kept in keep(written, FORMATS["tbx"]) for row in kept.rows]
        assert [breach.message for breach in breaches(text)] == (
            [] if rows else ["body may not hold this, or not in this order: nothing"]
        )


@pytest.mark.parametrize(("before", "after", "message"), DATA["breaches"])
def test_the_rules_of_tbx_basic_find_a_breach(before, after, message):
    text = dump([replace(FULL, kind="idea")], FORMATS["tbx"])
    assert before in text
    assert not breaches(text)
    found = breaches(text.replace(before, after, 1))
    assert message in " ".join(breach.message for breach in found)
    line = text[: text.index(before)].count("\n") + 1
    assert all(abs(breach.line - line) <= 1 for breach in found)


def test_a_bomb_of_entities_is_refused_at_once():
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 30))
    bomb = f'<?xml version="1.0"?><!DOCTYPE tbx [<!ENTITY l0 "ha">{levels}]><tbx>&l29;</tbx>'
    with pytest.raises(InputError, match="declares the entity"):
        load(bomb, FORMATS["tbx"])
    with pytest.raises(InputError, match="inside each other"):
        load("<tbx>" * 100_000, FORMATS["tbx"])
