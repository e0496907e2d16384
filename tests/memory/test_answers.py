"""Answers are kept by engine and question, from any thread and process, and never get in the way."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.memory.answers import FILE, Answers
from translator.model import Answer, Candidate

SOME = Answer((Candidate("A <t1>word</t1>.", -0.25), Candidate("另一个", 0.0)))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def test_what_is_kept_is_found_again(tmp_path):
    Answers(tmp_path).keep("openai", "k", SOME)
    assert Answers(tmp_path).find(["k", "l"]) == {"k": SOME}


@given(
    st.dictionaries(
        TEXTS, st.lists(st.builds(Candidate, TEXTS, st.floats(-9, 0), st.floats(0, 1)), min_size=1).map(tuple)
    )
)
def test_any_text(tmp_path_factory, found):
    answers = Answers(tmp_path_factory.mktemp("kept"))
    for key, candidates in found.items():
        answers.keep("e", key, Answer(candidates))
    assert answers.find([*found]) == {key: Answer(candidates) for key, candidates in found.items()}


def test_thousands_at_once(tmp_path):
    answers = Answers(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: answers.keep("e", str(n), SOME), range(2000)))
    assert len(Answers(tmp_path).find([str(n) for n in range(3000)])) == 2000


def test_two_processes(tmp_path):
    script = (
        "import sys; from pathlib import Path; from translator.memory.answers import Answers;"
        "from translator.model import Answer, Candidate; a = Answers(Path(sys.argv[1]));"
        "[a.keep('e', sys.argv[2] + str(n), Answer((Candidate('x'),))) for n in range(200)]"
    )
    running = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path), name]) for name in "ab"]
    assert [one.wait(60) for one in running] == [0, 0]
    assert [kept.answers for kept in Answers(tmp_path).count()] == [400]


def test_counted_and_forgotten_by_engine(tmp_path):
    answers = Answers(tmp_path)
    for engine, key in (("deepl", "1"), ("openai", "2"), ("openai", "3")):
        answers.keep(engine, key, SOME)
    assert [(kept.engine, kept.answers) for kept in answers.count()] == [("deepl", 1), ("openai", 2)]
    assert all(0 < kept.oldest <= kept.newest for kept in answers.count())
    assert answers.clear("openai") == 2
    assert [kept.engine for kept in answers.count()] == ["deepl"]
    assert answers.clear() == 1
    assert not answers.count()


def test_a_damaged_file_is_made_anew(tmp_path):
    (tmp_path / FILE).write_bytes(b"this is no database" * 100)
    answers = Answers(tmp_path)
    answers.keep("e", "k", SOME)
    assert answers.find(["k"]) == {"k": SOME}


@pytest.mark.parametrize("cache", [None, "file"])
def test_where_nothing_can_be_written_nothing_is_kept(tmp_path, cache):
    if cache:
        (tmp_path / "file").write_text("in the way")
    answers = Answers(tmp_path / cache / "deep" if cache else None)
    answers.keep("e", "k", SOME)
    assert answers.find(["k"]) == {}
    assert answers.count() == []
    assert answers.clear() == 0


def test_no_question_is_in_the_file(tmp_path):
    answers = Answers(tmp_path)
    answers.keep("e", "0123", SOME)
    with sqlite3.connect(tmp_path / FILE) as database:
        columns = [row[1] for row in database.execute("pragma table_info(answers)")]
    assert columns == ["key", "engine", "said", "at"]
