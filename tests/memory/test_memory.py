"""The memory: what the records say, found again, whatever happens to its index."""

import multiprocessing
import os
import sqlite3

import pytest

from translator.formats import Record, dump, load
from translator.memory import open_memory
from translator.model import JOINED, Entry, State


def read(path):
    return load(path.read_text(encoding="utf-8"), path).entries


def record(path, *pairs):
    """Write a record of (source, target, state, group)."""
    entries = [
        Entry(f"{n:08x}", s, t, state, group=group, place="paragraph") for n, (s, t, state, group) in enumerate(pairs)
    ]
    path.write_text(dump(Record("zh.md", tuple(entries))), encoding="utf-8")
    return path


def approved(path, *pairs):
    return record(path, *((s, t, State.APPROVED, n) for n, (s, t) in enumerate(pairs, 1)))


@pytest.fixture
def cache(tmp_path):
    return tmp_path / ".duizhao"


def test_what_is_approved_is_found_and_nothing_else(tmp_path, cache):
    post = record(
        tmp_path / "a.po",
        ("一。", "One.", State.APPROVED, 1),
        ("二。", "Two.", State.DRAFT, 2),
        ("三。", "", State.UNTRANSLATED, 3),
    )
    memory = open_memory(cache, [post], read)
    assert [memory.find(source) for source in ("一。", "二。", "三。", "四。", "一", "一。 ")] == ["One.", *[None] * 5]
    assert (cache / ".gitignore").read_text() == "*\n"


def test_the_same_neighbour_wins_then_the_most_frequent_then_the_first_path(tmp_path, cache):
    records = [
        approved(tmp_path / "a.po", ("甲。", "A."), ("好。", "Fine.")),
        approved(tmp_path / "b.po", ("乙。", "B."), ("好。", "Good.")),
        approved(tmp_path / "c.po", ("丙。", "C."), ("好。", "Good."), ("对。", "Right.")),
        approved(tmp_path / "d.po", ("对。", "True.")),
    ]
    for order in (records, records[::-1]):
        memory = open_memory(cache, order, read)
        assert memory.find("好。", "甲。") == "Fine."
        assert memory.find("好。", "丙。") == "Good."
        assert memory.find("好。", "丁。") == "Good."
        assert memory.find("对。", "丁。") == "Right."
        assert memory.find("对。") == "True."  # at the beginning of a post, as in d.po


def test_a_block_with_a_joined_sentence_is_not_reused(tmp_path, cache):
    post = record(
        tmp_path / "a.po",
        ("一。", "One and two.", State.APPROVED, 1),
        ("二。", JOINED, State.JOINED, 1),
        ("三。", "Three.", State.APPROVED, 2),
    )
    memory = open_memory(cache, [post], read)
    assert [memory.find(source) for source in ("一。", "二。", "三。")] == [None, None, "Three."]


def test_only_what_changed_is_read_again(tmp_path, cache):
    one, two = approved(tmp_path / "a.po", ("一。", "One.")), approved(tmp_path / "b.po", ("二。", "Two."))
    seen = []

    def noting(path):
        seen.append(path.name)
        return read(path)

    for expected in (["a.po", "b.po"], []):
        open_memory(cache, [one, two], noting)
        assert seen == expected
        seen.clear()
    approved(one, ("一。", "The first."))
    memory = open_memory(cache, [one, two], noting)
    assert (seen, memory.find("一。"), memory.find("二。")) == (["a.po"], "The first.", "Two.")
    one.unlink()
    memory = open_memory(cache, [one, two], noting)
    assert (memory.find("一。"), memory.find("二。")) == (None, "Two.")


def test_a_change_of_the_same_size_is_seen(tmp_path, cache):
    post = approved(tmp_path / "a.po", ("一。", "One."))
    open_memory(cache, [post], read)
    approved(post, ("一。", "Uno."))
    os.utime(post, ns=(1, 1))
    assert open_memory(cache, [post], read).find("一。") == "Uno."


def test_a_record_that_cannot_be_read_is_left_out(tmp_path, cache):
    good, broken = approved(tmp_path / "a.po", ("一。", "One.")), tmp_path / "b.po"
    broken.write_text("msgid 没有引号\n", encoding="utf-8")
    assert open_memory(cache, [broken, good, tmp_path / "none.po"], read).find("一。") == "One."
    broken.write_bytes("二。".encode("gb18030"))
    assert open_memory(cache, [broken, good], read).find("一。") == "One."


@pytest.mark.parametrize("damage", ["nonsense", "truncated", "other version", "middle"])
def test_a_broken_index_is_made_again(tmp_path, cache, damage):
    post = approved(tmp_path / "a.po", *((f"第{n}句。", f"Sentence {n}.") for n in range(300)))
    open_memory(cache, [post], read)
    index = cache / "memory.sqlite"
    data = index.read_bytes()
    if damage == "nonsense":
        index.write_bytes(b"not a database at all" * 100)
    elif damage == "truncated":
        index.write_bytes(data[: len(data) // 2])
    elif damage == "middle":
        index.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    else:
        database = sqlite3.connect(index)
        database.execute("pragma user_version = 99")
        database.close()
    os.utime(post)
    for _ in range(2):
        assert open_memory(cache, [post], read).find("第7句。") == "Sentence 7."


def test_without_a_place_or_where_it_cannot_be_written_it_is_in_memory(tmp_path):
    post = approved(tmp_path / "a.po", ("一。", "One."))
    assert open_memory(None, [post], read).find("一。") == "One."
    (tmp_path / "file").write_text("")
    assert open_memory(tmp_path / "file" / "cache", [post], read).find("一。") == "One."


def _open_often(cache, posts, said):
    found = {open_memory(cache, posts, read).find("第3句。") for _ in range(8)}
    said.put(found)


def test_several_programs_open_it_at_once(tmp_path, cache):
    posts = [approved(tmp_path / f"{n}.po", *((f"第{i}句。", f"Sentence {i}.") for i in range(20))) for n in range(5)]
    context = multiprocessing.get_context("spawn")
    said = context.Queue()
    some = [context.Process(target=_open_often, args=(cache, posts, said)) for _ in range(3)]
    for one in some:
        one.start()
    assert [said.get(timeout=60) for _ in some] == [{"Sentence 3."}] * 3
    for one in some:
        one.join()
    assert open_memory(cache, posts, read).find("第3句。") == "Sentence 3."
