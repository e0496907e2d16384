"""Engines in a row, and answers that are kept: what is refused goes on, what was answered is not asked again."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pipeline_site import Site, Toy

from translator.config import Project
from translator.errors import EngineError
from translator.memory.answers import Answers
from translator.meter import LimitError, Meter
from translator.model import Abilities, Answer, Around, Candidate, Job, JobTerm, Span, State, Usage
from translator.pipeline.chain import Remembered, draft_by, open_chain
from translator.pipeline.draft import Ask
from translator.pipeline.translate import Progress, expect_posts, translate_posts
from translator.pipeline.verbs import Options


class Other(Toy):
    """Says something else."""

    name = "other"
    signature = "other 1"

    def english(self, job):
        return "Other " + super().english(job)


class Refusing(Other):
    """Will not say some sentences; counts what it is asked."""

    name = "refusing"
    signature = "refusing 1"
    abilities = Abilities(hints=True, remote=True, price="tokens")

    def __init__(self, word="花", dies=None):
        self.word, self.dies, self.asked = word, dies, []

    def draft(self, jobs, meter):
        for n, job in reversed([*enumerate(jobs)]):
            if len(self.asked) == self.dies:
                raise EngineError("the line is dead")
            self.asked.append(job)
            meter.may(Usage(1, cost=0.25))
            meter.add(Usage(1, cost=0.25), Usage(1, cost=0.25))
            refused = self.word and self.word in job.text
            yield n, Answer(error="I will not say it") if refused else Answer((Candidate(self.english(job)),))

    def expect(self, jobs):
        return Usage(len(jobs), tokens_in=10 * len(jobs), cost=0.25 * len(jobs))


def entries(site, chain, **options):
    (report,) = translate_posts([site.post], chain, Options(**options))
    return {entry.source: entry for entry in report.outcome.entries}


def test_what_one_refuses_the_next_says(tmp_path):
    found = entries(Site(tmp_path), (Refusing(), Toy()))
    assert {(entry.origin, "花" in source) for source, entry in found.items()} == {("refusing", False), ("toy", True)}


def test_what_all_refuse_says_why_of_each(tmp_path):
    found = entries(Site(tmp_path), (Refusing(), Refusing("们")))
    entry = found["我们去花园看花。"]
    assert (entry.state, entry.target) == (State.UNTRANSLATED, "")
    said = [finding.message for finding in entry.findings if finding.check == "engine"]
    assert said == ["refusing gave no usable answer: I will not say it"] * 2


class Notes(Progress):
    """Keeps what it hears."""

    def __init__(self):
        super().__init__()
        self.heard = []

    def note(self, text):
        self.heard.append(text)


def test_where_one_cannot_go_on_the_next_takes_over_and_that_is_said(tmp_path):
    site, heard = Site(tmp_path), Notes()
    (report,) = translate_posts([site.post], (Refusing("", dies=2), Toy()), Options(), heard)
    assert {entry.origin for entry in report.outcome.entries} == {"refusing", "toy"}
    assert report.outcome.by["refusing"] == 2
    assert heard.heard == ["refusing cannot go on: the line is dead. toy takes over"]


def test_where_the_last_cannot_go_on_it_stops_and_keeps_what_is_done(tmp_path):
    site = Site(tmp_path)
    with pytest.raises(EngineError, match="the line is dead"):
        list(translate_posts([site.post], (Refusing("", dies=2),)))
    assert sum(entry.origin == "refusing" for entry in site.entries().values()) == 2


def test_at_the_limit_nobody_takes_over(tmp_path):
    site, engine = Site(tmp_path), Refusing("")
    progress = Progress(meter=Meter(0.6))
    with pytest.raises(LimitError):
        list(translate_posts([site.post], (engine, Toy()), Options(), progress))
    assert progress.meter.taken.cost == 0.5
    assert "toy" not in {entry.origin for entry in entries(site, (Refusing(""),)).values()}


@given(st.lists(st.sampled_from("花我们好"), max_size=8), st.sampled_from([None, 0, 1, 3]))
def test_every_ask_is_settled_once(words, dies):
    asks = [Ask(f"{word}是一句话。") for word in words]
    found = list(draft_by((Refusing(dies=dies), Toy()), asks, "straight", Meter()))
    assert sorted(at for at, _ in found) == [*range(len(asks))]
    assert all(drafted.target for _, drafted in found)


# ── Answers that are kept ─────────────────────────────────────────────────────────────────────────────────────────────


class Reading(Refusing):
    """Heeds context."""

    abilities = Abilities(hints=True, remote=True, context=True, habits=True)


def test_a_second_run_costs_nothing(tmp_path):
    site, answers, engine = Site(tmp_path), Answers(tmp_path / "cache"), Refusing("")
    first = entries(site, (Remembered(engine, answers),))
    asked = len(engine.asked)
    assert asked
    again = Refusing("")
    meter = Meter()
    (report,) = translate_posts([site.post], (Remembered(again, answers),), Options(force=True), Progress(meter=meter))
    assert not again.asked
    assert (meter.taken.requests, meter.kept) == (0, asked)
    assert {e.source: e.target for e in report.outcome.entries} == {s: e.target for s, e in first.items()}


def test_what_was_answered_before_it_died_is_not_asked_again(tmp_path):
    site, answers, engine = Site(tmp_path), Answers(tmp_path / "cache"), Refusing("", dies=3)
    with pytest.raises(EngineError):
        list(translate_posts([site.post], (Remembered(engine, answers),)))
    again = Refusing("")
    (tmp_path / "en.po").unlink()
    (tmp_path / "en.md").unlink()
    entries(site, (Remembered(again, answers),))
    assert not {job.text for job in engine.asked} & {job.text for job in again.asked}


def test_a_refusal_is_asked_again(tmp_path):
    answers = Answers(tmp_path)
    list(Remembered(Refusing(), answers).draft([Job("花。")], Meter()))
    again = Refusing("")
    list(Remembered(again, answers).draft([Job("花。")], Meter()))
    assert len(again.asked) == 1


def test_what_is_no_translation_is_not_kept(tmp_path):
    class Parrot(Refusing):
        def english(self, job):
            return job.text

    answers = Answers(tmp_path)
    list(Remembered(Parrot(""), answers).draft([Job("一句话。")], Meter()))
    assert not answers.count()


DIFFERENT = [
    Job("一句话。", again="it was wrong"),
    Job("另一句话。"),
    Job("一句话。", examples=(("一", "one"),)),
    Job("一句话。", around=Around(block="一句话。然后")),
]


@pytest.mark.parametrize("context", [True, False])
@pytest.mark.parametrize("job", DIFFERENT)
def test_a_question_is_all_that_its_engine_reads(tmp_path, job, context):
    class One(Refusing):
        abilities = Abilities(hints=True, remote=True, context=context)

    answers = Answers(tmp_path)
    list(Remembered(One(""), answers).draft([Job("一句话。")], Meter()))
    again = One("")
    list(Remembered(again, answers).draft([job], Meter()))
    assert bool(again.asked) == (context or job.text != "一句话。")


def test_every_part_of_a_question_counts(tmp_path):
    """A field that is added to `Job` or `Around` is part of the question, or is named here."""
    whole = {
        "text": "另一句话。",
        "terms": (JobTerm(Span(0, 1), "one"),),
        "examples": (("一", "one"),),
        "kept": (("<x1>", "`fit`"),),
        "habits": (JobTerm(Span(0, 2), "two"),),
        "again": "it was wrong",
        "around": None,
    }
    near = {
        "block": "一",
        "before": "一",
        "after": "一",
        "headings": ("一",),
        "about": "一",
        "post": None,
        "number": None,
    }
    assert {each.name for each in fields(Job)} == whole.keys()
    assert {each.name for each in fields(Around)} == near.keys()
    remembered = Remembered(Reading(""), Answers(tmp_path))
    plain = Job("一句话。")
    jobs = [replace(plain, **{name: value}) for name, value in whole.items() if value]
    jobs += [replace(plain, around=Around(**{name: value})) for name, value in near.items() if value]
    assert len({remembered._key(job) for job in [plain, *jobs]}) == len(jobs) + 1
    assert remembered._key(replace(plain, around=Around(post="x", number=9))) == remembered._key(plain)


def test_another_signature_is_another_engine(tmp_path):
    answers, other = Answers(tmp_path), Refusing("")
    list(Remembered(Refusing(""), answers).draft([Job("一句话。")], Meter()))
    other.signature = "refusing 2"
    list(Remembered(other, answers).draft([Job("一句话。")], Meter()))
    assert len(other.asked) == 1


def test_what_is_expected_is_what_is_not_kept(tmp_path):
    site, answers = Site(tmp_path), Answers(tmp_path / "cache")
    chain = (Remembered(Refusing(""), answers),)
    (before,) = expect_posts([site.post], chain)
    assert before.usage == Usage(before.asked, tokens_in=10 * before.asked, cost=0.25 * before.asked)
    assert (before.wanting, before.segments) == (before.asked, len(site.entries()))
    assert before.characters > 0
    entries(site, chain, force=True)
    (after,) = expect_posts([site.post], chain, Options(force=True))
    assert after.usage == Usage()
    assert after.asked == before.asked


# ── Opening ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def chain_of(tmp_path, settings, named=""):
    (tmp_path / "duizhao.yaml").write_text(settings)
    return [engine.name for engine in open_chain(Project.of(tmp_path), named)]


def test_engines_are_opened_as_the_settings_say(tmp_path):
    assert chain_of(tmp_path, "engine: [builtin, none]\n") == ["builtin", "none"]
    assert chain_of(tmp_path, "engine: builtin\n") == ["builtin"]
    assert chain_of(tmp_path, "engine: builtin\n", "none, builtin") == ["none", "builtin"]
    assert chain_of(tmp_path, "engine: mine\nengines: {mine: {engine: builtin, threads: 1}}\n") == ["mine"]


WRONG = [
    ("engine: [echo, builtin]\n", "echo stands for no other engine"),
    ("engine: []\n", "no engine is named"),
    ("engine: bultin\n", "did you mean builtin"),
    ("engine: builtin\nengines: {builtin: {thread: 1}}\n", "no setting thread: did you mean threads"),
    ("engine: builtin\nengines: {builtin: {api_key: sk-1}}\n", "a key does not belong into a file"),
]


@pytest.mark.parametrize(("settings", "message"), WRONG)
def test_what_is_wrong_with_them_is_said(tmp_path, settings, message):
    with pytest.raises(EngineError, match=message):
        chain_of(tmp_path, settings)


def test_a_model_in_the_project_is_found_from_anywhere(tmp_path, monkeypatch):
    (tmp_path / "models").mkdir()
    (tmp_path / "duizhao.yaml").write_text(
        "engines:\n  ctranslate2: {model: models}\n  openai: {model: gpt}\n  mine: {engine: ctranslate2, model: gone}\n"
    )
    monkeypatch.chdir("/")
    found = Project.of(tmp_path).engines
    assert [own["model"] for own in found.values()] == [str(tmp_path / "models"), "gpt", "gone"]
