import random
from collections import Counter
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from mine_labelled import LABELS, STEPS, measure, place

from translator.glossary import Glossary
from translator.glossary.mine import NOTHING, Evidence, Line, background, mine
from translator.glossary.mine.candidates import AROUND
from translator.glossary.mine.figures import c_values
from translator.glossary.mine.runs import without_addresses
from translator.model import Term
from translator.pipeline.mine_posts import lines_of_text
from translator.text import boundaries, fold

CASES = yaml.safe_load((Path(__file__).parent / "mine_cases.yaml").read_text(encoding="utf-8"))
PIECES = [
    *(
        "神经网络",
        "卷积神经网络",
        "（CNN）",
        "沐神",
        "李老师",
        "的",
        "和",
        "，",
        "。",
        "显存",
        "反向传播",
        "数据",
        "\ufffc",
        "\n",
    ),
    *(
        "MXNet",
        "ps-lite",
        " ",
        "https://a.cn/神经?x=沐神",
        "a@b.cn",
        "《深度学习》",
        "“双塔”",
        "用",
        "最近",
        "(gap lock)",
        "C++",
    ),
]
texts = st.one_of(st.lists(st.sampled_from(PIECES), max_size=14).map("".join), st.text(max_size=40))
lines = st.lists(st.builds(Line, texts, st.sampled_from(["a", "b", "c"])), max_size=6)


def found(some, **options):
    return {each.term: each for each in mine([Line(text) for text in some], **options)}


@pytest.mark.parametrize("case", CASES, ids=[case["lines"][0][:24] for case in CASES])
def test_cases(case):
    got = found(case["lines"])
    for term, english in case.get("yes", {}).items():
        assert term in got
        assert (got[term].translation if got[term].source != "lexicon" else "") == english
    assert not set(case.get("no", ())) & set(got)


# ── Laws ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def stand(form, text):
    """Find by hand where a folded form stands on the edges of words."""
    edges, at, out = boundaries(text), 0, []
    while (start := text.find(form, at)) >= 0:
        end = start + len(form)
        first = max(0, start - AROUND)
        near = {edge + first for edge in boundaries(text[first : end + AROUND], frozenset({form}))}
        stands = {start, end} <= edges or {start, end} <= near
        if stands:
            out.append((start, end))
        at = end if stands else start + 1
    return out


@given(lines)
def test_every_place_is_the_term_and_none_is_missed(some):
    for each in mine(some):
        form = fold(each.term)
        assert {fold(place.span.of(some[place.line].text)) for place in each.places} == {form}
        by_hand = [
            (n, *span) for n, line in enumerate(some) for span in stand(form, fold(without_addresses(line.text)))
        ]
        assert [(place.line, *place.span) for place in each.places] == by_hand
        assert each.count == len(by_hand) > 0
        assert each.posts == len({some[place.line].post for place in each.places})
        surfaces = Counter(place.span.of(some[place.line].text) for place in each.places)
        assert surfaces[each.term] == max(surfaces.values())


@given(lines)
def test_the_best_come_first_and_no_form_twice(some):
    got = mine(some)
    assert [each.score for each in got] == sorted((each.score for each in got), reverse=True)
    assert len({fold(each.term) for each in got}) == len(got)
    assert mine(some) == got
    assert mine(some, top=3) == got[:3]
    assert mine(some, least=2) == tuple(each for each in got if each.count > 1)


@given(lines, st.randoms(use_true_random=False))
def test_the_order_of_the_lines_says_nothing(some, dice):
    mixed = dice.sample(some, len(some))
    said = [
        [(each.term, each.score, each.why, each.count, each.posts, each.translation) for each in mine(order)]
        for order in (some, mixed)
    ]
    assert said[0] == said[1]


@given(lines)
def test_nothing_comes_from_markup_and_addresses(some):
    for each in mine(some):
        assert "\ufffc" not in each.term
        for where in each.places:
            assert "\ufffc" not in where.span.of(without_addresses(some[where.line].text))


@given(lines, st.integers(0, 5))
def test_what_is_known_is_left_out(some, number):
    before = mine(some)
    if not before:
        return
    term = before[number % len(before)]
    known = Glossary([Term(term.term, "what it is")])
    after = mine(some, known)
    assert fold(term.term) not in {fold(each.term) for each in after}
    for each in after:
        for where in each.places:
            taken = [mention.span for mention in known.mentions(some[where.line].text)]
            assert not any(span.start <= where.span.start and where.span.end <= span.end for span in taken)


@given(st.dictionaries(st.sampled_from("abcd"), st.integers(1, 9), min_size=1))
def test_c_value_never_exceeds_the_count(counts):
    parts = {phrase: [other for other in counts if other < phrase] for phrase in counts}
    free = c_values(counts, parts)
    assert all(free[part] < counts[part] for part in free)
    assert c_values(counts, {}) == {}


# ── Known terms, English ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_term_inside_a_longer_known_one_is_not_counted():
    text = ["卷积神经网络很好。", "卷积神经网络很快。", "神经网络也好。"]
    assert found(text)["神经网络"].count == 3
    got = found(text, known=Glossary([Term("卷积神经网络", "convolutional neural network")]))
    assert got["神经网络"].count == 1
    assert "卷积神经网络" not in got


def test_the_english_of_a_known_term_is_no_term():
    known = Glossary([Term("沐神", "Mu Li", also=("Li Mu",), forbidden=("Bath God",))])
    assert not {"Mu Li", "Li Mu", "Bath God"} & set(found(["译成 Mu Li，Li Mu，或 Bath God。"], known=known))


def test_renderings_are_counted_and_forms_of_one_word_are_one():
    some = [
        Line("小批量很小。", "a", "The minibatch is small."),
        Line("每个小批量都要读。", "a", "Every minibatch must be read."),
        Line("小批量来了。", "b", "The minibatches have come."),
        Line("我要小批量。", "b", "I want a small batch."),
        Line("没有小批量。", "b"),
    ]
    (one,) = [each for each in mine(some) if each.term == "小批量"]
    assert one.renderings[0] == ("minibatch", 3)
    assert one.translation == "minibatch"
    assert one.consistency >= 0.75
    assert one.count == 5


def test_without_english_the_lexicon_may_be_asked():
    got = found(["显存不够，沐神说反向传播（BP）慢，编译器和MXNet快。"])
    assert not any(each.renderings for each in got.values())
    said = {term: (each.translation, each.source) for term, each in got.items()}
    assert said["编译器"] == ("compiler", "lexicon")
    assert said["反向传播"] == ("BP", "brackets")
    assert said["MXNet"] == ("MXNet", "name")
    assert said["沐神"] == ("", "")


def test_a_latin_name_takes_capitals_from_its_english_but_no_plural():
    got = {each.term: each for each in mine([Line("MXNET用CNN。", "a", "MXNet uses CNNs.")])}
    assert (got["MXNET"].translation, got["MXNET"].source) == ("MXNet", "record")
    assert (got["CNN"].translation, got["CNN"].source) == ("CNN", "name")


def test_a_rendering_is_shown_as_the_lexicon_writes_it():
    (one,) = [each for each in mine([Line("编译器", "a", "Compilers")]) if each.term == "编译器"]
    assert one.translation == "compiler"


# ── Markdown ──────────────────────────────────────────────────────────────────────────────────────────────────────────

MARKDOWN = """---
title: 显存的故事
---

# 关于显存

`代码显存` 里的不算，[显存**碎片**](https://显存.example/显存)算，<https://a.cn/显存> 不算，$x = \\text{显存}$也不算。

![显存占用图](显存.png "显存的标题")

```
显存 显存
```
"""


def test_prose_counts_wherever_it_stands_and_nothing_else_does():
    (one,) = [each for each in mine(lines_of_text(MARKDOWN, "p")) if each.term == "显存"]
    assert one.count == 5
    assert {each.post for each in lines_of_text(MARKDOWN, "p")} == {"p"}


def test_lines_say_where_they_stand():
    assert [line.number for line in lines_of_text("# 一个\n\n第二个。第三个。\n")] == [1, 3, 3]


# ── Figures ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_label_stands_in_its_post():
    for name, labels in LABELS["posts"].items():
        if path := place(name):
            text = fold(path.read_text(encoding="utf-8"))
            assert not [term for term in labels["gold"] if fold(term) not in text], name


@pytest.mark.parametrize(
    ("group", "at_50", "chinese", "recall", "average"),
    [("tuned", 0.96, 0.86, 0.88, 0.76), ("held", 0.86, 0.8, 0.8, 0.62), ("sample", 0.8, 0.7, 0.85, 0.6)],
)
def test_precision_and_recall(group, at_50, chinese, recall, average):
    figures = measure(group)
    assert figures.at_50 >= at_50
    assert figures.chinese_at_50 >= chinese
    assert figures.recall >= recall
    assert figures.average >= average


def test_the_table_is_worth_its_bytes():
    whole, without = measure("tuned"), measure("tuned", STEPS["all but the table"])
    assert whole.average > without.average + 0.15
    assert whole.recall > without.recall + 0.15


def test_the_table_knows_technical_words():
    table = background()
    assert 60_000 < len(table.counts) < 90_000
    assert table.rate("显存") > 6
    assert table.rate("老板") < 0
    assert table.bond(("反向", "传播")) > table.bond(("模板", "参数")) > 0
    assert "打开" in table.deeds
    assert not {"显存", "梯度"} & table.deeds
    assert NOTHING.rate("显存") < table.rate("显存")


def test_a_large_text_of_one_line_is_no_trouble():
    dice = random.Random(5)  # noqa: S311  # no secret
    text = "".join(dice.choices(PIECES, k=3000)).replace("\n", "")
    assert mine([Line(text)], top=5, evidence=Evidence())
