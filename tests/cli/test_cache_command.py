"""`duizhao cache`: what is kept is shown, and forgotten when asked; with a broken file only the cache is lost."""

import json
import sqlite3
import time

import pytest

from translator.memory.answers import FILE, Answers, State, state_of
from translator.model import Answer, Candidate


def keep(shell, **counts):
    answers = Answers(shell.root / ".duizhao")
    for engine, number in counts.items():
        for n in range(number):
            answers.keep(engine, f"{engine} {n}", Answer((Candidate("A garden."),)))


@pytest.fixture
def kept(shell):
    keep(shell, deepl=2, openai=3)
    shell.file = shell.root / ".duizhao" / FILE
    return shell


def engines(shell):
    told = json.loads(shell("cache", "show", "--json"))
    assert told["file"] == str(shell.root / ".duizhao" / FILE)
    return {one["engine"]: one["answers"] for one in told["engines"]}


def test_nothing_is_kept(shell):
    assert shell("cache", "show").startswith("no answers are kept; they would stand in .duizhao/answers.sqlite")
    assert engines(shell) == {}
    assert "0 answers forgotten" in shell("cache", "clear")
    assert not (shell.root / ".duizhao" / FILE).exists()


def test_what_is_kept_is_shown_by_engine(kept):
    out = kept("cache", "show")
    today = time.strftime("%Y-%m-%d")
    assert [line.split()[:2] for line in out.splitlines()[1:3]] == [["deepl", "2"], ["openai", "3"]]
    assert out.count(today) == 4
    assert "5 answers in .duizhao/answers.sqlite, 0.0 MB" in out
    assert engines(kept) == {"deepl": 2, "openai": 3}


def test_one_engine_is_forgotten_or_all(kept):
    assert "2 answers forgotten of deepl" in kept("cache", "clear", "--engine", "deepl")
    assert engines(kept) == {"openai": 3}
    assert "there are answers of openai" in kept.fails("cache", "clear", "-e", "deepl")
    assert json.loads(kept("cache", "clear", "--json"))["forgotten"] == 3
    assert engines(kept) == {}


def test_what_is_forgotten_is_gone_from_the_disk(kept):
    Answers(kept.root / ".duizhao").keep("deepl", "k", Answer((Candidate("Heliotropes whisper."),)))
    kept("cache", "clear")
    left = b"".join(path.read_bytes() for path in (kept.root / ".duizhao").iterdir())
    assert b"Heliotropes" not in left
    assert b"A garden" not in left


@pytest.mark.parametrize("damage", [b"this is no database", b"SQLite format 3\0" + bytes(range(256)) * 40])
def test_a_damaged_file_is_said_and_taken_away_when_asked(kept, damage):
    kept.write("en.po", "")
    for end in ("-wal", "-shm"):
        kept.file.with_name(FILE + end).unlink(missing_ok=True)
    kept.file.write_bytes(damage)
    assert state_of(kept.file.parent) is State.DAMAGED
    assert "is damaged; `duizhao cache clear` takes it away" in kept.fails("cache", "show")
    assert kept.file.read_bytes() == damage
    assert "was damaged and is gone" in kept("cache", "clear")
    assert not kept.file.exists()
    assert (kept.root / "en.po").exists()
    keep(kept, openai=1)
    assert engines(kept) == {"openai": 1}


def test_a_file_that_another_program_holds_is_shown_and_not_cleared(kept):
    other = sqlite3.connect(kept.file)
    other.execute("begin immediate")
    assert state_of(kept.file.parent) is State.HELD
    begun = time.monotonic()
    assert engines(kept) == {"deepl": 2, "openai": 3}
    assert "nothing was forgotten" in kept.fails("cache", "clear")
    assert time.monotonic() - begun < 20
    other.rollback()
    other.close()
    assert engines(kept) == {"deepl": 2, "openai": 3}
    assert "5 answers forgotten" in kept("cache", "clear")


def test_it_can_be_cleared_while_somebody_reads(kept):
    other = sqlite3.connect(kept.file)
    other.execute("begin")
    other.execute("select * from answers").fetchone()
    begun = time.monotonic()
    assert "5 answers forgotten" in kept("cache", "clear")
    assert time.monotonic() - begun < 15
    other.close()
    assert engines(kept) == {}
