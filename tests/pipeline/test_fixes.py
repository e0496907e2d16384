"""What mends a finding: the finding is gone after it, nothing else came, and where it is not sure there is none."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from decided_post import opened
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.config import Project
from translator.formats import load as load_record
from translator.glossary import Glossary, load
from translator.memory import open_memory
from translator.model import JOINED, State, Term
from translator.pipeline.fixes import MENDERS, fixes
from translator.pipeline.verbs import Desk, Options
from translator.pipeline.work import Means, Texts, complete, findings, prepare

ROOT = Path(__file__).parents[2]
POST = ROOT / "posts" / "mxnet" / "zh.md"

MENDED = [
    # terms
    ("这个模型很好。", "This pattern is good.", "terms", "This model is good."),
    ("两个模型很好。", "Two patterns are good.", "terms", "Two models are good."),
    ("沐神来了。", "Bath God came.", "terms", "Mu Li came."),
    ("沐神的**模型**。", "Mu Li's **pattern**.", "terms", "Mu Li's **model**."),
    ("这是一个神经网络。", "This is a nerve net.", "terms", "This is a neural network."),
    ("看![神经网络](a.png)。", "See ![a nerve net](a.png).", "terms", "See ![a neural network](a.png)."),
    ("这个模型很好。", "It is good.", "terms", ""),
    # Chinese left
    ("沐神来了。", "沐神 came.", "chinese", "Mu Li came."),
    ("沐神来了。", "Mu Li (沐神) came.", "chinese", "Mu Li came."),
    ("沐神和深盟。", "沐神 and 深盟.", "chinese", "Mu Li and DMLC."),
    ("**模型**好。", "**模型** is good.", "chinese", "**Model** is good."),
    ("这个花园好。", "This 花园 is good.", "chinese", ""),
    # punctuation
    ("好，很好。", "Good， very good。", "punctuation", "Good, very good."),
    ("他说好。", "He says “good”。", "punctuation", "He says “good”."),
    ("这是`代码`（好）。", "This is `代码`（good）.", "punctuation", "This is `代码` (good)."),
    # marks
    ("看[这里](https://a.example/)。", "See [here](https://b.example/).", "links", "See [here](https://a.example/)."),
    ("用 `pip` 安装。", "Install it with pip.", "links", "Install it with `pip`."),
    ("用 `pip` 安装。", "Install it with `Pip`.", "links", "Install it with `pip`."),
    ("安装它。", "Install `it`.", "links", "Install it."),
    ("安装它。", "Install [it](https://a.example/).", "links", "Install it."),
    ("好的[^1]。\n\n[^1]: 注。", "Good.", "links", "Good.[^1]"),
    ("用 `pip` 安装。", "Install it.", "links", ""),
    ("公式 $x^2$ 好。", "The formula $x^3$ is good.", "links", "The formula $x^2$ is good."),
    # names
    ("用 PyTorch 训练。", "Train with Pytorch.", "names", "Train with PyTorch."),
    ("用 TensorFlow 训练。", "Train with Tensor Flow.", "names", "Train with TensorFlow."),
    ("用 **TensorFlow** 训练。", "Train with **Tensorflow**.", "names", "Train with **TensorFlow**."),
    ("用 PyTorch 训练。", "Train with it.", "names", ""),
    # numbers
    ("一共 1234 人。", "1243 people in all.", "numbers", "1234 people in all."),
    ("有30万人。", "There are 30 thousand people.", "numbers", "There are 300,000 people."),
    ("有 12 个和 15 个。", "There are 13 and 14.", "numbers", ""),
]


def fix(work, entries, i, check):
    return next(
        text
        for text, finding in zip(fixes(work, entries, i), entries[i].findings, strict=True)
        if finding.check == check
    )


def mends(work, entries, i):
    """Hold the law: each finding is gone with its fix, and nothing else came."""
    before = Counter((f.check, f.message) for f in entries[i].findings)
    for text, finding in zip(fixes(work, entries, i), entries[i].findings, strict=True):
        if text:
            state = State.DRAFT if entries[i].state is State.UNTRANSLATED else entries[i].state
            some = (*entries[:i], replace(entries[i], target=text, state=state), *entries[i + 1 :])
            after = Counter((f.check, f.message) for f in complete(replace(work, entries=some)).entries[i].findings)
            assert after <= before, (text, after, before)
            assert after[finding.check, finding.message] < before[finding.check, finding.message]
            yield text


@pytest.mark.parametrize(("source", "target", "check", "expected"), MENDED)
def test_a_finding_is_mended_or_left(source, target, check, expected):
    more = source.count("\n\n[^")
    work, entries = opened(source + "\n", [target, *["Note."] * more])
    assert fix(work, entries, 0, check) == expected
    list(mends(work, entries, 0))


def test_every_mender_is_of_a_check_and_has_examples():
    assert {check for *_, check, _ in MENDED} | {"untranslated"} == set(MENDERS)


def test_what_is_joined_or_in_conflict_is_left():
    work, entries = opened("沐神来了。模型很好。\n", ["Bath God came.", JOINED])
    assert fix(work, entries, 0, "terms") == "Mu Li came."
    fought = (replace(entries[0], state=State.CONFLICT, other="He came."), entries[1])
    assert set(fixes(work, fought, 0)) == {""}
    assert fixes(work, entries, 1) == [""] * len(entries[1].findings)


def test_what_is_said_for_the_neighbour_counts():
    work, entries = opened("沐神来了。他有模型。\n", ["Mu Li came with a pattern.", JOINED])
    assert fix(work, entries, 0, "terms") == "Mu Li came with a model."


def test_a_block_keeps_its_kind():
    work, entries = opened("沐神+1。\n", ["沐神 + 1."], terms=(Term("沐神", "-"),))
    assert all(not text.startswith("- ") for text in fixes(work, entries, 0))


def test_what_was_approved_elsewhere_is_offered(tmp_path):
    record = tmp_path / "a.po"
    _, entries = opened("今天好。\n", ["Today is good."], state=State.APPROVED)
    record.write_text(complete(opened("今天好。\n", ["Today is good."], state=State.APPROVED)[0]).record)
    memory = open_memory(None, [record], lambda path: load_record(path.read_text(), path).entries)
    work, entries = opened("---\ntags: [模型]\n---\n\n今天好。\n\n明天好。\n", [None] * 3, memory=memory)
    assert [fixes(work, entries, i) for i in range(3)] == [["model"], ["Today is good."], [""]]


# ── Over a real post ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def post():
    desk = Desk(Project.of(POST), Options(memory=False))
    work = desk.prepare(POST)
    return work, complete(work).entries


def test_checking_one_segment_is_what_complete_does(post):
    work, entries = post
    for i, entry in enumerate(entries):
        assert tuple(f for f in entry.findings if f.check not in {"engine", "markup"}) == findings(work, entries, i)


HARM = [
    ("MXNet", "Mxnet"),
    ("MXNet", "MX-Net"),
    (", ", "，"),
    (". ", "。"),
    ("2", "3"),
    ("](http", "](https://x.example/?"),
    ("Mu Li", "Bath God"),
    ("Mu Li", "沐神"),
    ("`", ""),
    ("**", ""),
    ("a ", "一个 "),
]


@settings(max_examples=40)
@given(st.data())
def test_harm_is_mended_without_harm(post, data):
    work, entries = post
    i = data.draw(st.integers(0, len(entries) - 1))
    text = entries[i].target
    for old, new in data.draw(st.lists(st.sampled_from(HARM), min_size=1, max_size=3)):
        text = text.replace(old, new, data.draw(st.sampled_from([1, -1])))
    if text in {"", JOINED}:
        return
    some = (*entries[:i], replace(entries[i], target=text, state=State.DRAFT), *entries[i + 1 :])
    some = complete(replace(work, entries=some)).entries
    list(mends(work, some, i))


def test_the_terms_of_the_real_glossary(post):
    work, entries = post
    glossary = Glossary(load(sorted((ROOT / "glossary").glob("*.yaml"))).terms)
    harmed = [replace(e, target=e.target.replace("MXNet", "mx net")) if e.target != JOINED else e for e in entries]
    made = prepare(Texts(work.texts.source), Means(glossary=glossary))
    some = complete(replace(made, entries=tuple(harmed))).entries
    wrong = [(i, n) for i, e in enumerate(some) for n, f in enumerate(e.findings) if f.check == "terms"]
    assert len(wrong) > 5
    assert all(fixes(made, some, i)[n] == entries[i].target for i, n in wrong if "mx net" in some[i].target)
