"""A glossary is the same however it was read: as YAML, line by line, or from what an earlier run kept."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.errors import InputError
from translator.glossary import Glossary, compiled, files, load, merge, parse
from translator.glossary.lines import quickly
from translator.model import PLACES, Term

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
SHIPPED = sorted((ROOT / "glossary").glob("*.yaml"))


def carefully(text):
    """Read by YAML alone; an error as what it says."""
    try:
        return files._carefully(text, None)
    except InputError as error:
        return str(error)


# ── Line by line ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", [*SHIPPED, HERE / "terms.yaml", HERE / "terms_fresh.yaml"], ids=lambda path: path.name)
def test_a_hand_written_file_is_read_line_by_line_and_is_the_same(path):
    text = path.read_text(encoding="utf-8")
    assert quickly(text) == carefully(text)


KEYS = st.sampled_from(
    ["term", "translation", "aliases", "also", "first", "note", "only", "with", "keep", "case", "status", "x"]
)
ODD = st.text("ab词 ,:;#-'\"[]{}()&*!|>%@`~.+/=?\\\t\r\x85\u2028\ufeff、：NULnul1", max_size=8)
PLAIN = st.text("ab词元C+1 .-", min_size=1, max_size=6).map(str.strip)
SCALARS = st.one_of(
    PLAIN,
    PLAIN,
    ODD,
    st.sampled_from(["null", "Null x", "~", "true", "no", "heading", "proposed", "C#", "a #b", "a: b", "a:b", "- a"]),
    ODD.map(lambda text: f'"{text}"'),
    ODD.map(lambda text: f"'{text}'"),
    st.just("长" * 201),
)
VALUES = st.one_of(SCALARS, st.lists(SCALARS, max_size=3).map(lambda some: f"[{', '.join(some)}]"))
PAIRS = st.tuples(KEYS, VALUES).map(": ".join)
ENDS = st.sampled_from(["", "", "", " ", " # why", "#no", " #\x07"])
FLOW = st.builds(lambda pairs, end: f"- {{{', '.join(pairs)}}}{end}", st.lists(PAIRS, min_size=1, max_size=4), ENDS)
TERM = st.tuples(PLAIN, PLAIN, ENDS).map(lambda three: f"- {{term: {three[0]}, translation: {three[1]}}}{three[2]}")
BLOCK = st.builds(
    lambda first, more, gap, end: "\n".join(["- " + first + end, *(gap + pair for pair in more)]),
    PAIRS,
    st.lists(PAIRS, max_size=3),
    st.sampled_from(["  ", "  ", "  ", " ", "   "]),
    ENDS,
)
GOOD = st.builds(
    lambda term, english, more: "\n  ".join([f"- term: {term}", f"translation: {english}", *more]),
    PLAIN,
    PLAIN,
    st.lists(
        st.one_of(
            PLAIN.map("note: ".__add__), st.lists(PLAIN, max_size=3).map(lambda some: f"also: [{', '.join(some)}]")
        ),
        max_size=1,
    ),
)
LINES = st.one_of(TERM, TERM, GOOD, GOOD, FLOW, BLOCK, st.sampled_from(["", "# note", "   # deep", " "]))


@st.composite
def texts(draw):
    """Write files that are plain, nearly plain, and not plain at all."""
    indent = draw(st.sampled_from(["", "  ", "    "]))
    items = [indent + item.replace("\n", "\n" + indent) for item in draw(st.lists(LINES, max_size=5))]
    begin = draw(
        st.sampled_from(["terms:", "terms:", "terms:", "# x\nterms: ", "terms: # x", "---\nterms:", "terms: []"])
    )
    return "\n".join([begin, *items]) + draw(st.sampled_from(["", "\n"]))


@given(texts())
def test_what_is_read_line_by_line_yaml_reads_just_so(text):
    read = quickly(text)
    if read is not None:
        assert read == carefully(text)


CLEAN = st.text("ab词元C1+（）", min_size=1, max_size=6).map("x".__add__)


@given(st.lists(st.tuples(CLEAN, CLEAN, st.lists(CLEAN, max_size=3).map(", ".join)), min_size=1, max_size=5))
def test_plain_files_are_read_line_by_line(items):
    flow = [f"- {{term: {term}, translation: {english}, also: [{also}]}}" for term, english, also in items]
    block = [f"  - term: {term}\n    translation: {english}  # why\n" for term, english, _ in items]
    for lines in (flow, block):
        text = "# x\n\nterms:\n" + "\n".join(lines)
        assert quickly(text) == carefully(text) is not None


# ── Rows ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8).map(lambda text: " ".join(text.split()))
SOME = st.lists(WORDS.filter(bool), max_size=3).map(tuple)
TERMS = st.builds(
    Term,
    WORDS.filter(bool),
    WORDS.filter(bool),
    aliases=SOME,
    also=SOME,
    forbidden=SOME,
    first=WORDS,
    kind=WORDS,
    note=WORDS,
    keep=st.booleans(),
    case=st.booleans(),
    only=st.lists(st.sampled_from(PLACES), max_size=2).map(tuple),
    beside=SOME,
    path=st.just(Path("a.yaml")),
    line=st.integers(0, 10**6),
)


@given(TERMS)
def test_unpacking_undoes_packing(term):
    assert compiled.unpack(compiled.pack(term), term.path) == term


def test_no_field_of_a_term_is_forgotten():
    fields = {field.name for field in dataclasses.fields(Term)}
    assert len(compiled.pack(Term("a", "b")).split("\t")) == len(fields - {"path", "status"})


# ── Files ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def long_file(tmp_path, count=1000):
    path = tmp_path / "long.yaml"
    rows = [f"  - {{term: 词{n}, translation: word {n}, aliases: [语{n}]}}" for n in range(count)]
    path.write_text("terms:\n" + "\n".join(rows), encoding="utf-8")
    return path


def test_a_warm_load_gives_the_same_glossary(tmp_path):
    path, cache = long_file(tmp_path), tmp_path / "cache"
    plain, cold, warm = load([path]), load([path], cache), load([path], cache)
    assert plain == cold == warm
    assert [(term.path, term.line) for term in warm.terms[:2]] == [(path, 2), (path, 3)]
    text = "词7和语12，词 元"
    assert plain.mentions(text) == warm.mentions(text) != ()
    assert plain.signature == warm.signature


def test_several_files_come_from_the_cache_as_they_were(tmp_path):
    path, cache, own = long_file(tmp_path), tmp_path / "cache", tmp_path / "glossary.yaml"
    own.write_text("terms: [{term: 词7, translation: seven}, {term: 新, aliases: [语9], translation: new}]", "utf-8")
    paths = [*SHIPPED, path, own]
    assert load(paths, cache) == load(paths, cache) == merge([files.read(path) for path in paths])
    found = {mention.surface: mention.wanted for mention in load(paths, cache).mentions("词7，语7，语9，词9，沐神")}
    assert found == {"词7": "seven", "语9": "new", "词9": "word 9", "沐神": "Mu Li"}


def test_a_changed_file_is_read_again(tmp_path):
    path, cache = long_file(tmp_path), tmp_path / "cache"
    load([path], cache)
    path.write_text(path.read_text(encoding="utf-8").replace("word 7}", "seven}").replace("word 7,", "seven,"), "utf-8")
    assert load([path], cache).terms[7].translation == "seven"


@settings(max_examples=30)
@given(cut=st.integers(0, 20_000), put=st.sampled_from([b"", b"x", b"\n", b"\t", b"\xff"]))
def test_a_damaged_cache_is_made_anew(tmp_path_factory, cut, put):
    folder = tmp_path_factory.mktemp("damaged")
    path, cache = long_file(folder, 400), folder / "cache"
    whole = load([path], cache)
    (kept,) = cache.rglob("*.rows")
    right = kept.read_bytes()
    kept.write_bytes(right[:cut] + put)
    assert load([path], cache) == whole
    assert kept.read_bytes() == right


def test_an_error_is_not_kept(tmp_path):
    path, cache = long_file(tmp_path), tmp_path / "cache"
    path.write_text(path.read_text(encoding="utf-8") + "\n  - {term: 词7, translation: again}", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(InputError, match="stands here and in line 9"):
            load([path], cache)


def test_a_cache_that_cannot_be_written_is_no_matter(tmp_path):
    path = long_file(tmp_path)
    (tmp_path / "cache").write_text("a file")
    assert len(load([path], tmp_path / "cache").terms) == 1000


def test_many_at_once(tmp_path):
    path, cache = long_file(tmp_path), tmp_path / "cache"
    with ThreadPoolExecutor(8) as pool:
        several = list(pool.map(lambda _: load([path], cache), range(16)))
    assert all(one == several[0] for one in several)
    assert [kept.suffix for kept in cache.rglob("*") if kept.is_file()] == [".rows"]


def test_a_short_file_is_not_kept(tmp_path):
    path = tmp_path / "short.yaml"
    path.write_text("terms: [{term: 沐神, translation: Mu Li}]", encoding="utf-8")
    load([path], tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


# ── Conditions ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_form_under_other_conditions_is_another_term():
    terms = parse("""
terms:
  - {term: 类, translation: kind}
  - {term: 类, translation: class, only: [code]}
  - {term: 类, translation: species, with: 物种}
  - {term: Go, translation: Go, case: true}
  - {term: GO, translation: GO, case: true}
  - {term: go, translation: go}
""")
    assert len(terms) == 6


@pytest.mark.parametrize(
    "more",
    ["only: [code]", "only: code", "only: [code, heading, code]", "with: [物种]", "with: ＡＢ", "case: true"],
)
def test_the_same_form_under_the_same_conditions_is_refused(more):
    twin = more.replace("[code, heading, code]", "[heading, code]").replace("ＡＢ", "ab").replace("[物种]", "物种")
    text = f"terms:\n  - {{term: ab, translation: a, {more}}}\n  - {{term: b, aliases: [ab], translation: b, {twin}}}"
    with pytest.raises(InputError, match="“ab” stands here and in line 2"):
        parse(text)


def test_a_later_file_replaces_the_same_form_under_the_same_conditions_alone():
    site = parse("terms: [{term: 类, translation: kind}, {term: 类, translation: class, only: [code]}]")
    post = parse("terms: [{term: 类, translation: type, only: [code]}]")
    glossary = merge([site, post])
    assert [(term.translation, term.only) for term in glossary.terms] == [("kind", ()), ("type", ("code",))]


def test_proposed_terms_are_not_used(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("terms:\n  - {term: 沐神, translation: Mu Li, status: proposed}\n", encoding="utf-8")
    assert load([path]) == Glossary()
    assert len(files.read(path)) == 1
