"""Sheets: chunks hold every block once, a row is what stands in its chunk, JSON says what the record says."""

import json
from dataclasses import replace

import pytest
from html_tree import Tree
from hypothesis import given, settings
from hypothesis import strategies as st
from opened import HOSTILE, PIECES, POST, hostile, opened

from translator.model import JOINED, State
from translator.pipeline.decide import Stand
from translator.review import rows
from translator.review.rows import Sheet

ALLOWED = set(
    "article section div span p ul li b i strong em s code sup a mark del ins button pre details summary hr".split()  # noqa: SIM905 - a list of words
)
TEXTS = st.lists(PIECES, min_size=12, max_size=12)
STATES = st.lists(st.sampled_from(State), min_size=12, max_size=12)
LANGUAGES = st.sampled_from(("en", "zh"))
quick = settings(deadline=None, max_examples=25)  # a first example may find the machine busy


def long_post(count):
    return "\n\n".join(f"第{n}段，**沐神**说。还有一句[话](a{n}.md)。" for n in range(count))


def whole(sheet):
    return "".join(sheet.chunk_html(n) for n in range(len(sheet.chunks)))


# ── HTML ──


@quick
@given(HOSTILE, TEXTS, STATES, LANGUAGES)
def test_nothing_of_a_post_becomes_markup(text, words, states, language):
    sheet = Sheet(hostile(text, words, states), language)
    tree = Tree(whole(sheet))
    assert {tag for tag, _ in tree.tags} <= ALLOWED
    for tag, attributes in tree.tags:
        assert not any(name.startswith("on") or name in {"style", "src", "srcset"} for name in attributes)
        assert "href" not in attributes or (
            tag == "a" and attributes["href"].startswith(("http://", "https://", "mailto:"))
        )
        assert "data-w-values" not in attributes or isinstance(json.loads(attributes["data-w-values"]), dict)
    assert not {"\u202e", "\u2066"} & set(tree.text)


@quick
@given(HOSTILE, TEXTS, STATES, LANGUAGES)
def test_a_row_is_what_stands_in_its_chunk(text, words, states, language):
    sheet = Sheet(hostile(text, words, states), language)
    for i in range(len(sheet.outcome.entries)):
        one = sheet.row(i, html=True)
        assert one["html"] == sheet.row_html(i)
        assert one["html"] in sheet.chunk_html(one["chunk"])
        assert i in sheet.chunks[one["chunk"]]


@pytest.mark.parametrize(
    "text", [POST, long_post(130), "", "```\ncode\n```\n", "| 甲 | 乙 |\n|---|---|\n" + "| 一 | 二 |\n" * 90]
)
def test_chunks_together_are_the_whole(text, monkeypatch):
    post = opened(text)
    sheet = Sheet(post)
    assert [i for chunk in sheet.chunks for i in chunk] == list(range(len(post.outcome.entries)))
    assert Tree(whole(sheet)).all("data-key") == [entry.key for entry in post.outcome.entries]
    assert [one for one in Tree(whole(sheet)).all("id") if one[0] == "s"] == [
        f"s{i + 1}" for i in range(len(post.outcome.entries))
    ]
    monkeypatch.setattr(rows, "CHUNK", 10**9)
    assert Sheet(post).chunk_html(0) == whole(sheet)
    assert len(Sheet(post).chunks) == 1


def test_chunks_are_of_about_forty_segments():
    sheet = Sheet(opened(long_post(130)))
    assert {len(chunk) for chunk in sheet.chunks[:-1]} == {rows.CHUNK}


def test_both_languages_name_the_same_words():
    texts = {0: ("x", State.DRAFT), 3: ("y", State.STALE), 4: (JOINED, State.JOINED)}
    one, two = (Tree(whole(Sheet(opened(POST, texts), language))) for language in ("en", "zh"))
    for name in ("data-w", "data-w-label", "data-w-values", "data-act"):
        assert one.all(name) == two.all(name)
    assert "机器草稿" in two.text
    assert "machine draft" in one.text


ACTS = [
    (State.DRAFT, {"accept", "edit", "reject", "draft", "note"}, {"split", "take-record"}),
    (State.STALE, {"accept", "edit", "reject"}, {"split"}),
    (State.APPROVED, {"edit", "reject", "note", "term", "repeat"}, {"accept", "split"}),
    (State.JOINED, {"split", "note"}, {"accept", "edit", "join"}),
    (State.CONFLICT, {"take-record", "take-english", "edit"}, {"accept", "reject"}),
    (State.UNTRANSLATED, {"edit", "draft"}, {"accept", "reject"}),
]


@pytest.mark.parametrize(("state", "has", "has_not"), ACTS, ids=[state.value for state, *_ in ACTS])
def test_a_row_offers_what_can_be_done_with_it(state, has, has_not):
    post = opened(POST)
    entries = list(post.outcome.entries)
    target = {State.JOINED: JOINED, State.UNTRANSLATED: ""}.get(state, "said")
    entries[3] = replace(entries[3], state=state, target=target, other="other" if state is State.CONFLICT else "")
    acts = set(Tree(Sheet(post.deciding(entries)).row_html(3)).all("data-act"))
    assert has <= acts
    assert not has_not & acts


def test_only_a_segment_with_one_above_it_in_its_block_can_be_joined():
    sheet = Sheet(opened(POST))
    can = [i for i in range(len(sheet.outcome.entries)) if "join" in Tree(sheet.row_html(i)).all("data-act")]
    blocks = [segment.block for segment in sheet.work.post.segments]
    assert can == [i for i in range(1, len(blocks)) if blocks[i] == blocks[i - 1]]
    assert can


def test_a_finding_that_can_be_mended_has_its_button():
    sheet = Sheet(opened("符号式编程很好。", {0: ("Symbol-programming，is good.", State.DRAFT)}))
    findings = sheet.row(0, html=False)["findings"]
    fixed = [n for n, finding in enumerate(findings) if "fix" in finding]
    assert fixed
    assert Tree(sheet.row_html(0)).all("data-fix") == [str(n) for n in fixed]


# ── JSON ──


@quick
@given(HOSTILE, TEXTS, STATES)
def test_the_model_says_what_the_record_says(text, words, states):
    post = hostile(text, words, states)
    model = json.loads(json.dumps(Sheet(post).model()))
    assert [row["i"] for row in model["segments"]] == list(range(len(post.outcome.entries)))
    for row, entry in zip(model["segments"], post.outcome.entries, strict=True):
        assert (row["key"], row["source"], row["line"]) == (entry.key, entry.source, entry.line)
        stand = dict(row["stand"])
        state = State(stand.pop("state", "untranslated"))
        assert Stand(state=state, **stand) == Stand.of(entry)
        assert len(row["findings"]) == len(entry.findings)
    assert [n for chunk in model["chunks"] for n in range(*chunk)] == list(range(len(post.outcome.entries)))


@quick
@given(HOSTILE, TEXTS)
def test_marks_count_as_a_browser_does(text, words):
    sheet = Sheet(hostile(text, words, [State.DRAFT] * 12))
    for row in sheet.model()["segments"]:
        for marks, shown in ((row["marks"], row["stand"].get("target", "")), (row["sourceMarks"], row["source"])):
            units = shown.encode("utf-16-le", "surrogatepass")
            for kind, start, end, inner, last in marks:
                assert 0 <= start <= end <= len(units) // 2
                assert (inner, last) == (-1, -1) or start <= inner <= last <= end
                piece = units[2 * start : 2 * end].decode("utf-16-le", "surrogatepass")
                assert kind != "strong" or (piece[:2] == piece[-2:] and piece[0] in "*_")


def test_terms_are_numbered_once_as_they_appear():
    model = Sheet(opened(POST)).model()
    assert [(term["n"], term["term"]) for term in model["terms"]] == [(1, "沐神"), (2, "深盟"), (3, "符号式编程")]
    assert [term["uses"] for term in model["terms"]] == [4, 2, 1]
    assert [row["terms"] for row in model["segments"] if "沐神" in row["source"]] == [[1], [1, 2], [1], [1]]
    pages = [Tree(Sheet(opened(POST)).row_html(i)).all("data-g") for i in range(3)]
    assert pages[0][0] == "1"


def test_terms_that_are_not_obeyed_are_counted_as_they_stand():
    wrong, right = ({2: (f"{name} said that DMLC began small.", State.DRAFT)} for name in ("Mushen", "Mu Li"))
    sheet = Sheet(opened(POST, wrong))
    assert [entry.broken for entry in sheet.entries] == [1, 0, 0]
    after = opened(POST, right)
    sheet.update(after.work, after.outcome)
    assert [entry.broken for entry in sheet.entries] == [0, 0, 0]


def test_an_update_changes_the_rows_that_changed_and_no_other():
    post = opened(POST)
    sheet = Sheet(post)
    before = [sheet.row_html(i) for i in range(len(post.outcome.entries))]
    entries = list(post.outcome.entries)
    entries[2] = replace(entries[2], target="Mu Li said so.", state=State.APPROVED, by="Lin Wei", origin="person")
    later = post.deciding(entries)
    sheet.update(later.work, later.outcome)
    after = [sheet.row_html(i) for i in range(len(entries))]
    assert [i for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b] == [2]
    assert sheet.row(2, html=False)["stand"]["by"] == "Lin Wei"


def test_a_headless_table_and_one_with_more_cells_than_heads_have_rows():
    sheet = Sheet(opened("| 甲 |\n|---|\n| 一 | 二 |\n"))
    assert Tree(whole(sheet)).all("data-key")
