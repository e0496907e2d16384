"""Habits: what approved sentences agree to say for a word is told again, and nothing else is."""

import random

import pytest

from translator.formats import Record, dump, load
from translator.memory import open_memory
from translator.memory.habits import habits
from translator.model import Entry, Span, State

HEAT = [
    ("下面的热图显示了结果。", "The heat map below shows the results."),
    ("我们先画一张热图。", "We first draw a heat map."),
    ("这张热图非常清楚。", "This heat map is very clear."),
]
OTHERS = [
    ("先安装这个软件。", "Install the software first."),
    ("他回家之后才看到消息。", "He saw the message only after he got home."),
    ("训练用了三天时间。", "Training took three days."),
]


def read(path):
    return load(path.read_text(encoding="utf-8"), path).entries


def approve(path, pairs, state=State.APPROVED):
    entries = [Entry(f"{n:08x}", s, t, state, group=n) for n, (s, t) in enumerate(pairs, 1)]
    path.write_text(dump(Record("zh.md", tuple(entries))), encoding="utf-8")
    return path


def told(memory, text, taken=()):
    return [(each.span.of(text), each.english) for each in habits(memory, text, taken)]


def test_what_sentences_agree_on_is_a_habit(tmp_path):
    memory = open_memory(None, [approve(tmp_path / "a.po", [*HEAT, *OTHERS])], read)
    assert told(memory, "从热图里可以看到一切。") == [("热图", "heat map")]
    assert told(memory, "这里没有什么可说的。") == []


@pytest.mark.parametrize(
    "pairs",
    [
        HEAT[:1],
        [HEAT[0], ("我们先画一张热图。", "We first draw a thermal image.")],
        [*HEAT, ("把热图保存成文件。", "Save the temperature chart to a file.")],
        [("下面的热图显示了结果。", "What you see below shows the results."), ("我们先画一张热图。", "We draw first.")],
    ],
    ids=["once", "two ways", "three against one", "not said"],
)
def test_where_they_do_not_agree_there_is_none(tmp_path, pairs):
    assert told(open_memory(None, [approve(tmp_path / "a.po", [*pairs, *OTHERS])], read), "从热图里看。") == []


def test_drafts_teach_nothing(tmp_path):
    memory = open_memory(None, [approve(tmp_path / "a.po", HEAT, State.DRAFT)], read)
    assert told(memory, "从热图里可以看到一切。") == []


def test_what_anybody_would_say_needs_no_hint(tmp_path):
    pairs = [("这个梯度很大。", "This gradient is large."), ("我们来看梯度。", "Let us look at the gradient.")]
    assert told(open_memory(None, [approve(tmp_path / "a.po", pairs)], read), "那个梯度很小。") == []


def test_what_is_taken_stays_free(tmp_path):
    memory = open_memory(None, [approve(tmp_path / "a.po", HEAT)], read)
    text = "热图和热图。"
    assert told(memory, text) == [("热图", "heat map")] * 2
    assert [each.span for each in habits(memory, text, [Span(1, 3)])] == [Span(3, 5)]


def test_the_order_of_records_does_not_matter(tmp_path):
    records = [approve(tmp_path / f"{n}.po", [pair]) for n, pair in enumerate([*HEAT, *OTHERS])]
    text = "从热图里可以看到软件和消息。"
    wanted = told(open_memory(None, records, read), text)
    for seed in range(5):
        some = random.Random(seed).sample(records, len(records))  # noqa: S311  # the same every time
        assert told(open_memory(None, some, read), text) == wanted


def test_it_follows_the_records(tmp_path):
    cache, record = tmp_path / ".duizhao", tmp_path / "a.po"
    text = "从热图里可以看到一切。"
    for pairs, wanted in ((HEAT[:1], []), (HEAT, [("热图", "heat map")]), (OTHERS, [])):
        approve(record, pairs)
        for _ in range(2):
            assert told(open_memory(cache, [record], read), text) == wanted


def test_a_damaged_file_teaches_nothing(tmp_path):
    cache, record = tmp_path / ".duizhao", approve(tmp_path / "a.po", HEAT)
    memory = open_memory(cache, [record], read)
    assert told(memory, "从热图里看。")
    memory.habits.clear()
    memory.database.execute("drop table pairs")
    assert told(memory, "从热图里看。") == []
