"""Close matches: what comparing with every sentence would find, in a fixed order, whatever happened to the index."""

import os
import re
import threading
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.formats import Record, dump, load
from translator.memory import open_memory
from translator.memory.index import NOTHING
from translator.memory.similar import STALE, Match, grams, ratio, similar
from translator.model import Entry, State
from translator.text import fold, has_han

POSTS = sorted(Path(__file__).parents[2].glob("posts/*/zh.md"))


def read(path):
    return load(path.read_text(encoding="utf-8"), path).entries


def approved(path, *pairs):
    entries = [Entry(f"{n:08x}", s, t, State.APPROVED, group=n) for n, (s, t) in enumerate(pairs, 1)]
    path.write_text(dump(Record("zh.md", tuple(entries))), encoding="utf-8")
    return path


def sentences():
    """Give the sentences of the sample posts."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in POSTS)
    return list(dict.fromkeys(one.strip() for one in re.findall("[^。！？\n]+[。！？]?", text) if has_han(one)))


@pytest.fixture
def cache(tmp_path):
    return tmp_path / ".duizhao"


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """The sample posts' sentences, approved."""
    root = tmp_path_factory.mktemp("memory")
    some = sentences()
    return open_memory(root / "cache", [approved(root / "a.po", *((s, f"[{s}]") for s in some))], read), some


# ── The ratio ─────────────────────────────────────────────────────────────────────────────────────────────────────────

TEXT = st.text("的一模型训练很好abc，。 ", max_size=80)


@given(TEXT, TEXT)
def test_the_ratio_is_that_of_the_longest_common_subsequence(one, other):
    table = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            table[i + 1][j + 1] = table[i][j] + 1 if a == b else max(table[i][j + 1], table[i + 1][j])
    total = len(one) + len(other)
    assert ratio(one, other) == (2 * table[-1][-1] / total if total else 1)
    assert ratio(one, other) == ratio(other, one) >= SequenceMatcher(None, one, other, autojunk=False).ratio() - 1e-9
    assert (ratio(one, other) == 1) == (one == other)


# ── What is found ─────────────────────────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=60)
@given(st.data())
def test_as_good_as_comparing_with_every_sentence(known, data):
    memory, some = known
    text = data.draw(st.sampled_from(some))
    for _ in range(data.draw(st.integers(0, max(1, len(text) // 6)))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(st.sampled_from(["", "很", "新的", "GPU"])) + text[at + 1 :]
    found = similar(memory, text)
    every = sorted((value for one in some if (value := ratio(fold(text), fold(one))) >= 0.6), reverse=True)
    share = set(grams(fold(text)))
    reachable = sorted(
        (v for one in some if share & set(grams(fold(one))) and (v := ratio(fold(text), fold(one))) >= 0.6),
        reverse=True,
    )
    assert [match.ratio for match in found] == reachable[:5]
    assert every[:1] == reachable[:1] or every[0] < 0.75
    assert all(match.target == f"[{match.source}]" and match.ratio >= 0.6 for match in found)
    assert len({(match.source, match.target) for match in found}) == len(found)


def test_the_very_same_sentence_comes_first(known):
    memory, some = known
    for text in some[::7]:
        assert similar(memory, text, most=3)[0] == Match(text, f"[{text}]", 1.0, similar(memory, text)[0].path)


FOUND = [
    ("训练数据就是新的代码。", ["训练数据就是新的代码。"]),
    ("训练数据就是代码。", ["训练数据就是新的代码。"]),
    ("訓練數據就是新的代碼。", ["训练数据就是新的代码。"]),
    ("我们用PyTorch训练模型。", ["我们用 MXNet 训练模型。"]),
    ("我们用ｍｘｎｅｔ训练模型。", ["我们用 MXNet 训练模型。"]),
    ("好的", ["好的。"]),
    ("完全不同的一句话。", []),
    ("。", []),
    (" ", []),
    ("", []),
]


@pytest.mark.parametrize(("source", "expected"), FOUND)
def test_close_ones_are_found(tmp_path, cache, source, expected):
    some = ["训练数据就是新的代码。", "我们用 MXNet 训练模型。", "好的。", "今天天气不错。"]
    memory = open_memory(cache, [approved(tmp_path / "a.po", *((s, "English.") for s in some))], read)
    assert [match.source for match in similar(memory, source)] == expected


def test_each_pair_once_the_most_frequent_first_then_by_path(tmp_path, cache):
    records = [
        approved(tmp_path / "a.po", ("好的模型。", "Fine."), ("好的模型。", "Good.")),
        approved(tmp_path / "b.po", ("好的模型。", "Good."), ("好模型。", "Better."), ("好的模型吗？", "Is it?")),
    ]
    for order in (records, records[::-1]):
        found = similar(open_memory(cache, order, read), "好的模型。")
        assert [(match.target, Path(match.path).name) for match in found] == [
            ("Good.", "a.po"),
            ("Fine.", "a.po"),
            ("Better.", "b.po"),
            ("Is it?", "b.po"),
        ]
        assert similar(open_memory(cache, order, read), "好的模型。", most=1) == found[:1]
        assert similar(open_memory(cache, order, read), "好的模型。", least=0.9) == found[:2]
        for file in cache.glob("memory.sqlite*"):
            file.unlink()


def test_drafts_are_not_found(tmp_path, cache):
    path = tmp_path / "a.po"
    path.write_text(dump(Record("zh.md", (Entry("0" * 8, "一句话。", "One.", State.DRAFT, group=1),))))
    assert similar(open_memory(cache, [path], read), "一句话。") == []
    assert similar(NOTHING, "一句话。") == []


def test_a_long_sentence_of_every_kind_of_character(tmp_path, cache):
    text = "".join(chr(0x4E00 + n) for n in range(3000)) + " ".join(f"word{n}" for n in range(3000)) + "'\"%_"
    memory = open_memory(cache, [approved(tmp_path / "a.po", (text, "Long."))], read)
    assert [match.target for match in similar(memory, text[:-9])] == ["Long."]


# ── The index ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def targets(memory, source="第一千句话。"):
    return [match.target for match in similar(memory, source)]


def test_what_changed_is_found_and_what_is_gone_is_not(tmp_path, cache):
    post = approved(tmp_path / "a.po", ("第一千句话。", "One."), ("第一万句话。", "Two."))
    memory = open_memory(cache, [post], read)
    assert targets(memory) == ["One.", "Two."]
    approved(post, ("第一百句话。", "Three."), ("别的。", "Else."))
    os.utime(post, ns=(1, 1))
    assert targets(open_memory(cache, [post], read)) == targets(memory) == ["Three."]
    assert targets(open_memory(cache, [], read)) == []


def test_much_that_is_gone_is_thrown_away(tmp_path, cache):
    post = tmp_path / "a.po"
    for n in range(4):
        approved(post, *((f"第{n}篇第{k}句话。", f"{n} {k}") for k in range(600)))
        os.utime(post, ns=(n, n))
        memory = open_memory(cache, [post], read)
        assert targets(memory, f"第{n}篇第7句话。")[0] == f"{n} 7"
    (phrases,) = memory.database.execute("select count(*) from phrases").fetchone()
    assert phrases <= STALE * 600 + 1000


@pytest.mark.parametrize("damage", ["nonsense", "cut short"])
def test_a_broken_index_is_made_again(tmp_path, cache, damage):
    post = approved(tmp_path / "a.po", *((f"第{n}句话在这里。", f"{n}") for n in range(400)))
    assert targets(open_memory(cache, [post], read), "第7句话在这里。")[0] == "7"
    index = cache / "memory.sqlite"
    data = index.read_bytes()
    index.write_bytes(b"not a database" * 500 if damage == "nonsense" else data[: len(data) // 2])
    os.utime(post)
    assert targets(open_memory(cache, [post], read), "第7句话在这里。")[0] == "7"


def test_a_damage_met_while_looking_up_is_no_match(tmp_path, cache):
    memory = open_memory(cache, [approved(tmp_path / "a.po", ("一句话。", "One."))], read)
    memory.database.execute("drop table pairs")
    assert similar(memory, "一句话。") == []


def test_many_threads_and_several_openings_at_once(tmp_path, cache):
    posts = [
        approved(tmp_path / f"{n}.po", *((f"第{n}篇第{k}句话。", f"{n} {k}") for k in range(60))) for n in range(6)
    ]
    memories = [open_memory(cache, posts, read) for _ in range(3)]
    found, wrong = [], []

    def ask(n):
        try:
            found.extend(targets(memories[n % 3], f"第{n % 6}篇第{k}句话。")[0] == f"{n % 6} {k}" for k in range(20))
        except Exception as error:  # noqa: BLE001  # whatever it is, the test fails with it
            wrong.append(error)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(found), all(found), wrong) == (240, True, [])
