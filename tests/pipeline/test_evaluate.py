"""Engines are measured fairly: nothing is left out, nothing is copied from its own reference."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pipeline_site import POST, Site, Toy

from translator.config import Project
from translator.errors import InputError
from translator.glossary import Glossary
from translator.model import Abilities, Answer, Candidate, Term
from translator.pipeline.evaluate import (
    SEED,
    measure,
    post_cases,
    read_rows,
    row_cases,
    score,
    some_of,
)
from translator.pipeline.translate import Progress
from translator.pipeline.verbs import Desk, Options, approve

GARDEN = Glossary((Term("花园", "garden", also=("park",)), Term("石头", "stone")))
ROWS = [
    ("我们去花园看花。", "We go to the garden to see flowers."),
    ("花园里有**一块**石头。", "There is **a** rock in the garden."),
    ("他不在家。", "He is not at home."),
    ("窗户开着。", "The window is open, and nobody knows why."),
]


def cases(rows=ROWS, **options):
    return row_cases(read_rows("".join(f"{zh}\t{en}\n" for zh, en in rows)), GARDEN, **options)


class Listening(Toy):
    """Keeps what it was asked; refuses what has a word in it."""

    name = "listening"
    abilities = Abilities(hints=True, context=True)

    def __init__(self, refuses="\0"):
        self.asked, self.refuses = [], refuses

    def draft(self, jobs, _):
        for n, job in enumerate(jobs):
            self.asked.append(job)
            refused = self.refuses in job.text
            yield n, Answer(error="not this one") if refused else Answer((Candidate(self.english(job), -0.5),))


class Perfect(Toy):
    """Knows the references."""

    name = "perfect"
    abilities = Abilities()

    def __init__(self, rows=ROWS):
        self.rows = {re.sub(r"\*\*", "", zh): re.sub(r"\*\*", "", en) for zh, en in rows}

    def draft(self, jobs, _):
        for n, job in enumerate(jobs):
            said = self.rows.get(re.sub(r"</?t\d>", "", job.text), "A stone.")
            yield n, Answer((Candidate(said.replace(" a rock", " <t1>a</t1> rock") if "<t1>" in job.text else said),))


def run(engine, some=None):
    return measure(engine.name, (engine,), cases() if some is None else some, "straight", Progress())


# ── Rows ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

GOOD = [
    ("中文\tEnglish\n", [("1", "中文", "English")]),
    ("a:1\t中文\tEnglish", [("a:1", "中文", "English")]),
    ("\ufeffzh\ten\r\n中文\tEnglish\r\n\r\n", [("2", "中文", "English")]),
    ("一\tOne\nx\t二\tTwo\n", [("1", "一", "One"), ("x", "二", "Two")]),
    ('"引\t"a\n', [("1", '"引', '"a')]),
]
BAD = [
    ("一\tOne\n二\n", ":2:"),
    ("一\t\n", ":1:"),
    ("\t一\tOne\t\n", ":1:"),
    ("a\tb\tc\td\n", ":1:"),
    ("", "no line"),
    ("zh\ten\n", "no line"),
]


@pytest.mark.parametrize(("text", "rows"), GOOD)
def test_rows_are_read(text, rows):
    assert [tuple(row) for row in read_rows(text)] == rows


@pytest.mark.parametrize(("text", "where"), BAD)
def test_a_file_that_is_none_says_where(text, where):
    with pytest.raises(InputError, match=f"^rows.tsv.*{where}"):
        read_rows(text, Path("rows.tsv"))


@given(st.integers(1, 40), st.integers(1, 50), st.integers(1, 9))
def test_what_is_drawn_is_a_part_in_order_and_the_same_again(size, limit, seed):
    every = list(range(size))
    drawn = some_of(every, limit, seed)
    assert drawn == sorted(set(drawn)) == some_of(every, limit, seed)
    assert len(drawn) == min(size, limit)
    assert some_of(every, None, seed) == every


# ── Measuring ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_says_the_references_has_every_point():
    some = cases(obey=False)
    one = run(Perfect(), some)
    assert list(one.targets) == [en for _, en in ROWS]
    found = score([one], [case.reference for case in some])
    assert found.bleu[0].value == pytest.approx(100)
    assert found.chrf[0].value == pytest.approx(100)
    assert (one.refused, one.terms.strict) == (0, 1.0)


def test_what_is_refused_counts():
    some = cases()
    whole, less = run(Perfect(), some), run(Listening("窗户"), some)
    assert (less.refused, less.targets[3], dict(less.refusals)) == (1, "", {"not this one": 1})
    holes = [*whole.targets[:3], ""]
    broken = score([whole, type(whole)(**{**vars(whole), "targets": tuple(holes)})], [case.reference for case in some])
    assert broken.bleu[1].value < broken.bleu[0].value - 5


def test_terms_count_where_the_reference_obeys_them():
    """The second reference says rock: nobody is asked to say stone."""
    assert [[mention.surface for mention in case.mentions] for case in cases()] == [["花园"], ["花园"], [], []]
    assert run(Toy()).terms.mentions == 2
    refused = run(Listening("花园"))
    assert (refused.terms.mentions, refused.terms.obeyed) == (2, 0)


def test_without_the_glossary_no_engine_hears_of_it_and_terms_are_counted_all_the_same():
    told, untold = Listening(), Listening()
    run(told)
    assert any(job.terms for job in told.asked)
    measured = run(untold, cases(obey=False))
    assert not any(job.terms for job in untold.asked)
    assert measured.terms.mentions == 2
    assert measured.terms.strict < 1


# ── Scoring ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_figures_are_sacrebleus_and_depend_on_the_seed_alone():
    from sacrebleu import corpus_bleu, corpus_chrf  # noqa: PLC0415

    some = cases()
    two, references = [run(Perfect(ROWS[:2]), some), run(Toy(), some)], [case.reference for case in some]
    found = score(two, references)
    for one, bleu, chrf in zip(two, found.bleu, found.chrf, strict=True):
        assert bleu.value == pytest.approx(corpus_bleu(list(one.targets), [references]).score)
        assert chrf.value == pytest.approx(corpus_chrf(list(one.targets), [references]).score)
        assert 0 <= bleu.ci <= 100
    assert found.bleu[0].p is None
    assert 0 < found.bleu[1].p <= 1
    assert found == score(two, references, SEED)
    assert found.bleu[0].mean != score(two, references, 7).bleu[0].mean
    assert f"seed:{SEED}" in found.signatures[0]
    assert "nc:6|nw:0" in found.signatures[1]
    assert "SACREBLEU_SEED" not in os.environ


def test_an_engine_does_not_differ_from_itself():
    some = cases()
    one = run(Toy(), some)
    found = score([one, one], [case.reference for case in some])
    assert found.bleu[1].p == found.chrf[1].p == 1


# ── Approved segments ─────────────────────────────────────────────────────────────────────────────────────────────────

OTHER = """# 别处

我们去花园看花。

我们去花园看花了。

另一句话。
"""
PLANTED = "Heliotropes whisper to the zeppelin."
NEAR = "Marmalade for the near ones."


@pytest.fixture
def two(tmp_path):
    """A project whose two posts have a sentence in common, approved in both, and a close one in the second."""
    site = Site(tmp_path)
    site.run()
    (tmp_path / "b").mkdir()
    other = Site(tmp_path / "b", OTHER)
    (tmp_path / "b" / "glossary").rmdir()
    other.run()
    for one in (site, other):
        entries = one.entries()
        target = entries["我们去花园看花。"].target
        one.edit(
            one.english, (f"\n{target}\n" if one is other else target, f"\n{PLANTED}\n" if one is other else PLANTED)
        )
        one.run()
    near = other.entries()["我们去花园看花了。"].target
    other.edit(other.english, (f"\n{near}\n", f"\n{NEAR}\n"))
    other.run()
    for one in (site, other):
        approve(one.post, everything=True)
    return site, other


def told(job):
    around = job.around
    return "\n".join((job.text, job.again, around.block, around.before, around.after, around.about, *around.headings,
                      *(text for pair in job.examples for text in pair)))  # fmt: skip


def test_nothing_is_copied_from_its_own_reference(two):
    """The same sentence stands in another post too, with the same English; only a close one may help."""
    site, _ = two
    desk = Desk(Project.of(site.post), Options())
    some = post_cases(desk, [site.post], context=True)
    assert PLANTED in {case.reference for case in some}
    engine = Listening()
    measure("listening", (engine,), some, "straight", Progress())
    heard = "\n".join(map(told, engine.asked))
    assert [case for case in some if case.reference in heard] == []
    assert PLANTED not in heard
    assert NEAR in heard
    work = desk.prepare(site.post)
    usual = work.tasks(range(len(work.entries)), context=True)
    assert PLANTED in {english for one in usual for _, english in one.asks[0].examples}


def test_cases_are_what_is_approved_has_chinese_and_stands_alone(site):
    site.post.write_text(POST.replace("date:", "tags: [花]\ndate:") + "\nonly English.\n")
    site.run()
    desk = Desk(Project.of(site.post), Options())
    assert post_cases(desk, [site.post]) == []
    approve(site.post, everything=True)
    every = {case.source: case for case in post_cases(desk, [site.post])}
    assert {"我们去花园看花。", "花开得很好！", "第一章", "春天的花园"} < every.keys()
    assert not {"花", "only English."} & every.keys()
    text = site.record.read_text()
    at = text.index('msgid "花开得很好！"')
    site.record.write_text(text[:at] + re.sub(r'msgstr ".*"', 'msgstr "⤴"', text[at:], count=1))
    joined = {case.source for case in post_cases(desk, [site.post])}
    assert every.keys() - joined == {"我们去花园看花。", "花开得很好！"}


def test_references_that_an_engine_drafted_itself_are_counted(site):
    site.run()
    approve(site.post, everything=True)
    some = post_cases(Desk(Project.of(site.post), Options()), [site.post])
    assert run(Toy(), some).own == len(some)
    assert run(Listening(), some).own == 0
