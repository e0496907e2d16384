"""The glossary is obeyed whatever an engine does to its terms, and what is not a term's is left alone."""

import random
from pathlib import Path

import pytest
from adversary import KINDS, Adversary, Pair, harm, only, pair, shuffled
from sacrebleu.metrics import CHRF

from translator.formats import load as load_record
from translator.glossary import Became, Glossary, corrected, judge, load
from translator.glossary.score import tally, total
from translator.markdown import plain, protect, scan
from translator.meter import Meter
from translator.model import Around, Term
from translator.pipeline.draft import Ask, draft
from translator.text import is_han

ROOT = Path(__file__).parents[2]


def as_text(markdown: str) -> str:
    return " ".join(plain(protect(markdown, scan(markdown)).text).split())


@pytest.fixture(scope="module")
def glossary() -> Glossary:
    return load(sorted((ROOT / "glossary").glob("*.yaml")))


@pytest.fixture(scope="module")
def pairs(glossary: Glossary) -> list[Pair]:
    record = load_record((ROOT / "posts" / "mxnet" / "en.po").read_text(encoding="utf-8"))
    some = {as_text(entry.source): as_text(entry.target) for entry in record.entries if entry.state.is_done}
    return [one for source, english in some.items() if (one := pair(source, english, glossary))]


def scores(pairs, targets):
    judged = [judge(one.source, one.mentions, target) for one, target in zip(pairs, targets, strict=True)]
    every = total(tally(judged, targets))
    chrf = CHRF().corpus_score(targets, [[one.english for one in pairs]]).score
    return every.public, every.strict, chrf


def repaired(one, text):
    return corrected(text, judge(one.source, one.mentions, text))


def drafted(pairs, engine):
    asks = [Ask(one.source, one.mentions, Around(block=one.source)) for one in pairs]
    out = dict(draft(engine, asks, "straight", Meter()))
    return [out[n].target for n in range(len(pairs))]


def by_source(pairs):
    return {one.source: one for one in pairs}


def test_the_sample_is_worth_it(pairs):
    assert len(pairs) >= 35
    assert sum(len(one.mentions) for one in pairs) >= 80
    assert scores(pairs, [one.english for one in pairs]) == (1.0, 1.0, 100.0)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_ladder_against_the_adversary(pairs, seed):
    engine = Adversary(by_source(pairs), seed=seed)
    before = scores(pairs, [harm(one, engine.rates, seed).text for one in pairs])
    after = scores(pairs, drafted(pairs, engine))
    assert before[0] < 0.9
    assert after[0] >= 0.95
    assert after[1] >= 0.95
    assert after[2] > before[2]


@pytest.mark.parametrize(
    ("kind", "public"),
    [("rename", 0.96), ("forbidden", 1), ("pinyin", 0.98), ("chinese", 0.95), ("capitals", 0.95)],
)
def test_repair_of_a_text_nobody_can_be_asked_about(pairs, kind, public):
    harms = [harm(one, only(kind), 1) for one in pairs]
    before = scores(pairs, [one.text for one in harms])
    after = scores(pairs, [repaired(one, hurt.text) for one, hurt in zip(pairs, harms, strict=True)])
    assert after[0] >= public
    assert after[2] > before[2]


@pytest.mark.parametrize("kind", KINDS)
def test_repairs_hit_what_was_harmed_and_nothing_else(pairs, kind):
    for one in pairs:
        hurt = harm(one, only(kind), 2)
        for said in judge(one.source, one.mentions, hurt.text):
            if said.became is Became.WRONG:
                near = [h for h in hurt.harms if h.span.start <= said.span.start and said.span.end <= h.span.end + 1]
                assert [h for h in near if h.mention.term == said.mention.term], (hurt.text, said)


def test_a_glossary_of_other_words_changes_nothing(pairs):
    text = "".join(one.source for one in pairs)
    signs = sorted({ch for ch in text if is_han(ch)})
    chance = random.Random(3)  # noqa: S311  # the same for everyone
    made = {"".join(chance.choices(signs, k=chance.randint(2, 4))) for _ in range(3000)}
    english = sorted({word for one in pairs for word in one.english.split() if word.isalpha()})
    other = Glossary(tuple(Term(word, chance.choice(english)) for word in sorted(made) if word not in text))
    assert len(other.terms) > 2500
    for one in pairs:
        assert repaired(Pair(one.source, one.english, other.mentions(one.source), ()), one.english) == one.english


def test_words_that_stand_across_words_change_nothing():
    glossary = Glossary((Term("词元", "banana"), Term("集成", "banana"), Term("学会", "banana")))
    for source, english in (
        ("名词元素很多", "There are many noun elements."),
        ("数学会考", "A mathematics exam."),
    ):
        assert corrected(english, judge(source, glossary.mentions(source), english)) == english


def test_with_shuffled_translations_every_term_obeys_and_the_rest_stays(pairs, glossary):
    wrong = shuffled(glossary, 5)
    swapped = [Pair(one.source, one.english, wrong.mentions(one.source), one.slots) for one in pairs]
    texts = drafted(swapped, Adversary(by_source(pairs), {}, lost_holes=0.0))
    public, strict, _ = scores(swapped, texts)
    assert (public, strict) == (1.0, 1.0)
    rest = [without(one, one.english) for one in pairs], [without(a, t) for a, t in zip(swapped, texts, strict=True)]
    assert CHRF().corpus_score(rest[1], [rest[0]]).score > 99.5


def without(one, text):
    """Take the terms out of a text."""
    spans = [said.span for said in judge(one.source, one.mentions, text) if said.became is Became.OBEYED]
    for span in sorted(spans, reverse=True):
        text = f"{text[: span.start]}▁{text[span.end :]}"
    return text
