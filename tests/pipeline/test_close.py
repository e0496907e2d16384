"""Close sentences of the memory: put right where that is certain, left alone where not."""

import re
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pipeline_site import Toy

from translator.engines import open_engine
from translator.formats import Record, dump, load
from translator.glossary import Glossary
from translator.glossary import parse as parse_glossary
from translator.markdown import plain, protect, scan
from translator.memory import open_memory
from translator.model import Entry, Level, State
from translator.pipeline.close import Sentence, put_right
from translator.pipeline.translate import expect_posts, translate_posts
from translator.pipeline.verbs import approve
from translator.text import literals

TABLE = yaml.safe_load((Path(__file__).parent / "close.yaml").read_text(encoding="utf-8"))
GLOSSARY = Glossary(parse_glossary(yaml.safe_dump({"terms": TABLE["terms"]}, allow_unicode=True)))


def read(path):
    return load(path.read_text(encoding="utf-8"), path).entries


def remembering(folder, *pairs):
    """Open a memory in which pairs are approved."""
    entries = [Entry(f"{n:08x}", s, t, State.APPROVED, group=n) for n, (s, t) in enumerate(pairs, 1)]
    record = folder / "en.po"
    record.write_text(dump(Record("zh.md", tuple(entries))), encoding="utf-8")
    return open_memory(None, [record], read)


def sentence(source, glossary=GLOSSARY):
    protected = protect(source, scan(source))
    return Sentence(protected, glossary.mentions(plain(protected.text)))


def said(memory, source, glossary=GLOSSARY):
    drafted = put_right(memory, glossary, sentence(source, glossary))
    return drafted and drafted.target


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: case["new"])
def test_what_differs_is_put_right_or_refused(tmp_path, case):
    assert said(remembering(tmp_path, (case["old"], case["en"])), case["new"]) == case.get("says")


# ── Laws ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

FRAMES = [
    ("我们在{}年用 {} 跑了{}个轮次。", "In {}, we ran it with {} for {} epochs.", "ync"),
    ("{}比 {} 快{}倍左右。", "{} is about {} times as fast as {}.", "nnc"),
    ("运行 `{}` 要{}秒，准确率是{}%。", "With `{}` it takes {} seconds; the accuracy is {}%.", "occ"),
    ("{}的第{}章讲{}。", "Chapter {1} of {0} is about the {2}.", "nct"),
    ("**{}**和{}都有{}层。", "Both **{}** and {} have {} layers.", "nnc"),
    ("用[{}](https://{}.example/)来算{}。", "Compute the {2} with [{0}](https://{1}.example/).", "not"),
]
NAMES = ["MXNet", "TensorFlow", "PyTorch", "Keras", "JAX-lib", "OneFlow"]
WORDS = {
    "y": st.integers(1990, 2030).map(str),
    "c": st.one_of(st.integers(2, 12), st.integers(13, 999)).map(str),
    "n": st.sampled_from(NAMES),
    "o": st.sampled_from(["alpha", "beta", "gamma", "run.py"]),
    "t": st.sampled_from(["梯度", "参数", "激活函数", "损失函数"]),
}
ENGLISH = {"梯度": "gradient", "参数": "parameter", "激活函数": "activation function", "损失函数": "loss function"}


@st.composite
def twins(draw):
    """Give an approved pair, and a sentence of the same frame with what it should say."""
    chinese, english, kinds = draw(st.sampled_from(FRAMES))
    out = []
    for _ in range(2):
        words = draw(st.tuples(*(WORDS[kind] for kind in kinds)).filter(lambda some: len(set(some)) == len(some)))
        out.append((chinese.format(*words), english.format(*(ENGLISH.get(word, word) for word in words)), words))
    return out


@given(twins())
@settings(deadline=None)
def test_what_is_said_is_what_the_sentence_has(case):
    (old, english, gone), (new, wanted, come) = case
    with TemporaryDirectory() as folder:
        text = said(remembering(Path(folder), (old, english)), new)
    if text is None:
        return
    assert text == wanted
    assert {word for word in gone if word not in come and word in NAMES} & set(re.findall(r"[\w-]+", text)) == set()
    assert not literals.lost(literals.find(new), text)
    assert [mark.kind for mark in scan(text)] == [mark.kind for mark in scan(new)]


@given(twins())
@settings(deadline=None)
def test_a_sentence_itself_says_what_was_approved(case):
    (old, english, _), _ = case
    with TemporaryDirectory() as folder:
        assert said(remembering(Path(folder), (old, english)), old) == english


@given(st.lists(twins(), min_size=2, max_size=6), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=30)
def test_the_order_in_which_records_are_read_does_not_matter(cases, dice):
    with TemporaryDirectory() as name:
        records = []
        for n, ((old, english, _), _) in enumerate(cases):
            entry = Entry(f"{n:08x}", old, english, State.APPROVED, group=1)
            records.append(Path(name) / f"{n}.po")
            records[-1].write_text(dump(Record("zh.md", (entry,))), encoding="utf-8")
        first = open_memory(None, records, read)
        other = open_memory(None, dice.sample(records, len(records)), read)
        for _, (new, _, _) in cases:
            assert said(first, new) == said(other, new)


def test_the_least_change_wins_then_the_most_frequent(tmp_path):
    memory = remembering(
        tmp_path,
        ("我们跑了10个轮次，用了3天。", "We ran 10 epochs in 3 days."),
        ("我们跑了20个轮次，用了5天。", "It took 5 days to run 20 epochs."),
        ("我们跑了20个轮次，用了6天。", "20 epochs took 6 days."),
        ("我们跑了20个轮次，用了6天。", "20 epochs took 6 days."),
    )
    assert said(memory, "我们跑了20个轮次，用了8天。") == "20 epochs took 8 days."
    assert said(memory, "我们跑了10个轮次，用了8天。") == "We ran 10 epochs in 8 days."


def test_the_index_follows_the_records_and_the_glossary(tmp_path):
    cache, record = tmp_path / ".duizhao", tmp_path / "en.po"

    def asked(pairs, source, glossary):
        entries = [Entry(f"{n:08x}", s, t, State.APPROVED, group=n) for n, (s, t) in enumerate(pairs, 1)]
        record.write_text(dump(Record("zh.md", tuple(entries))), encoding="utf-8")
        return said(open_memory(cache, [record], read), source, glossary)

    some = [("这个卷积层的输出很大。", "The output of this convolutional layer is large.")]
    new = "这个汇聚层的输出很大。"
    assert asked(some, new, Glossary()) is None
    assert asked(some, new, GLOSSARY) == "The output of this pooling layer is large."
    assert asked([], new, GLOSSARY) is None
    assert asked([*some, ("一共有3章。", "It has 3 chapters.")], "一共有5章。", Glossary()) == "It has 5 chapters."
    assert asked([("一共有3章。", "It has three chapters.")], "一共有5章。", GLOSSARY) == "It has five chapters."


def test_a_damaged_index_says_nothing_and_is_made_again(tmp_path):
    cache, record = tmp_path / ".duizhao", tmp_path / "en.po"
    entry = Entry("00000001", "一共有3章。", "It has 3 chapters.", State.APPROVED, group=1)
    record.write_text(dump(Record("zh.md", (entry,))), encoding="utf-8")
    assert said(open_memory(cache, [record], read), "一共有5章。") == "It has 5 chapters."
    (cache / "memory.sqlite").write_bytes(b"no database" * 1000)
    assert said(open_memory(cache, [record], read), "一共有5章。") == "It has 5 chapters."


# ── A project ─────────────────────────────────────────────────────────────────────────────────────────────────────────

FIRST = "# 安装\n\n先安装 MXNet 1.5。一共跑了10个轮次，准确率是95%。\n"
SECOND = "# 升级\n\n先安装 MXNet 1.6.0。一共跑了20个轮次，准确率是97%。完全不同的一句话。\n"
SAID = {
    "安装": "Installation",
    "先安装 MXNet 1.5。": "Install MXNet 1.5 first.",
    "一共跑了10个轮次，准确率是95%。": "It ran for 10 epochs; the accuracy is 95%.",
}


def post_of(site, text, folder):
    path = site.root / folder / "zh.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def translate(post):
    (report,) = translate_posts([post], Toy())
    return report


def approve_first(site):
    post = post_of(site, FIRST, "first")
    translate(post)
    record = post.with_name("en.po")
    known = load(record.read_text(encoding="utf-8"), record)
    entries = tuple(
        replace(e, target=SAID[e.source], state=State.APPROVED, origin="person", by="Seed", score=None)
        for e in known.entries
    )
    record.write_text(dump(replace(known, entries=entries)), encoding="utf-8")
    translate(post)
    return post


def test_a_second_post_is_drafted_from_the_first(site):
    first = approve_first(site)
    approved = first.with_name("en.md").read_bytes(), first.with_name("en.po").read_bytes()
    second = post_of(site, SECOND, "second")
    (expected,) = expect_posts([second], open_engine("none", {}))
    assert (expected.wanting, expected.asked) == (4, 2)
    report = translate(second)
    assert (report.outcome.reused, report.outcome.put_right, report.outcome.by) == (2, 2, {"toy": 2})
    install, ran = report.outcome.entries[1:3]
    assert (install.target, install.state, install.origin) == ("Install MXNet 1.6.0 first.", State.DRAFT, "memory")
    assert ran.target == "It ran for 20 epochs; the accuracy is 97%."
    (note,) = ran.findings
    assert (note.check, note.level) == ("memory", Level.INFO)
    assert note.message == "said as “一共跑了10个轮次，准确率是95%。” was, with 10 → 20, 95% → 97%"
    assert not ran.is_troubled
    again = translate(second)
    assert not again.changed
    assert again.outcome.entries[2].findings == (note,)
    assert (first.with_name("en.md").read_bytes(), first.with_name("en.po").read_bytes()) == approved
    decided, count = approve(second, everything=True)
    assert count == 4
    assert not any(finding.check == "memory" for entry in decided.outcome.entries for finding in entry.findings)


def test_what_was_changed_is_told(tmp_path):
    old = "在[这里](https://a.example)运行 `a` 要2秒。"
    memory = remembering(tmp_path, (old, "Running `a` [here](https://a.example) takes 2 seconds."))
    drafted = put_right(memory, GLOSSARY, sentence("在[这里](https://b.example)运行 `b` 要3秒！"))
    assert drafted.target == "Running `b` [here](https://b.example) takes 3 seconds!"
    (found,) = drafted.findings
    told = "2 → 3, https://a.example → https://b.example, `a` → `b`, . → !"
    assert found.message == f"said as “{old}” was, with {told}"


def test_a_memory_with_nothing_close_changes_no_byte(site):
    second = post_of(site, SECOND.replace("先安装", "再卸载").replace("轮次", "世代"), "second")
    translate(second)
    alone = second.with_name("en.md").read_bytes(), second.with_name("en.po").read_bytes()
    for name in ("en.md", "en.po"):
        second.with_name(name).unlink()
    approve_first(site)
    translate(second)
    assert (second.with_name("en.md").read_bytes(), second.with_name("en.po").read_bytes()) == alone


def test_the_identity_asks_no_memory(site):
    approve_first(site)
    second = post_of(site, SECOND, "second")
    list(translate_posts([second], open_engine("echo", {})))
    assert second.with_name("en.md").read_text(encoding="utf-8") == SECOND
