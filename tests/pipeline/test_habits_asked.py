"""What approved sentences say for a word goes along with a job, to engines that take it, and binds nobody."""

from pipeline_site import Toy

from translator.formats import Record, dump
from translator.meter import Meter
from translator.model import Abilities, Answer, Candidate, Entry, JobTerm, Mention, Span, State, Term
from translator.pipeline.draft import Ask, draft
from translator.pipeline.translate import translate_posts

PAIRS = [
    ("下面的热图显示了结果。", "The heat map below shows the results."),
    ("我们先画一张热图。", "We first draw a heat map."),
]
GLOSSARY = "terms:\n  - {term: 结果, translation: outcome}\n"


class Hearing(Toy):
    """Remembers what it was asked."""

    abilities = Abilities(hints=True, habits=True)

    def __init__(self):
        self.jobs = []

    def draft(self, jobs, meter):
        self.jobs += jobs
        return super().draft(jobs, meter)


class Deaf(Hearing):
    """Takes no habits."""

    abilities = Abilities(hints=True)


class Forgetful(Hearing):
    """Never says a term unless it is a hole."""

    def draft(self, jobs, _):
        self.jobs += jobs
        for n, job in enumerate(jobs):
            yield n, Answer((Candidate(f"River {'<x1> ' * ('<x1>' in job.text)}stone.", -1.0),))


def asked(site, engine):
    (site.root / "glossary" / "terms.yaml").write_text(GLOSSARY, encoding="utf-8")
    approved = site.root / "first"
    approved.mkdir(exist_ok=True)
    (approved / "zh.md").write_text("".join(source for source, _ in PAIRS) + "\n", encoding="utf-8")
    entries = tuple(Entry(f"{n:08x}", *pair, State.APPROVED, group=1) for n, pair in enumerate(PAIRS, 1))
    (approved / "en.po").write_text(dump(Record("zh.md", entries)), encoding="utf-8")
    site.post.write_text("从**热图**里可以看到结果和热图。\n", encoding="utf-8")
    list(translate_posts([site.post], engine))
    return engine.jobs


def told(some, text):
    return [(each.span.of(text), each.translation) for each in some]


def test_habits_go_along_where_the_engine_takes_them(site):
    (job,) = asked(site, Hearing())
    assert told(job.terms, job.text) == [("结果", "outcome")]
    assert told(job.habits, job.text) == [("热图", "heat map")] * 2


def test_they_do_not_go_along_where_it_does_not(site):
    (job,) = asked(site, Deaf())
    assert told(job.terms, job.text) == [("结果", "outcome")]
    assert job.habits == ()


def test_a_hole_before_a_habit_does_not_move_it():
    text, engine = "看到结果和热图。", Forgetful()
    mention = Mention(Term("结果", "outcome"), Span(2, 4), "结果", "outcome")
    ask = Ask(text, (mention,), habits=(JobTerm(Span(5, 7), "heat map"),))
    ((_, drafted),) = draft(engine, [ask], "straight", Meter())
    first, second = engine.jobs
    assert told(first.habits, first.text) == [("热图", "heat map")]
    assert "<x1>" in second.text
    assert told(second.habits, second.text) == [("热图", "heat map")]
    assert drafted.target == "River outcome stone."  # no habit is insisted on
    assert drafted.findings == ()
