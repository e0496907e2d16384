"""The ladder: whatever an engine answers, the English is whole, obeys the terms or says that it does not."""

import re
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pipeline_site import Site

from translator.errors import EngineError
from translator.glossary import Glossary, verify
from translator.markdown import inventory, parse, plain, skeleton
from translator.meter import Meter
from translator.model import Abilities, Answer, Candidate, Level, State, Term
from translator.pipeline.draft import Ask, draft, finish
from translator.pipeline.translate import translate_text
from translator.pipeline.work import Means, Texts, complete, prepare

MARK = re.compile(r"</?[tx]\d+>")
TERMS = Glossary(
    (
        Term("沐神", "Mu Li", aliases=("李沐",), forbidden=("Bath God",), kind="person"),
        Term("深度学习", "deep learning"),
        Term("学习", "learning"),
        Term("卷积神经网络", "convolutional neural network", first="convolutional neural network (CNN)"),
        Term("框架", "framework", forbidden=("frame",)),
    )
)
HINTS = Abilities(hints=True)
DEAF = Abilities(hints=False)


class Scripted:
    """Answers each job with what a function makes of it: a text, several, an `Answer`, or an exception."""

    name = "scripted"
    signature = "scripted"

    def __init__(self, says, abilities=HINTS):
        self.says, self.abilities, self.jobs = says, abilities, []

    def draft(self, jobs, _):
        for n, job in enumerate(jobs):
            self.jobs.append(job)
            said = self.says(job)
            if isinstance(said, Exception):
                raise said
            if isinstance(said, str):
                said = [said]
            yield n, said if isinstance(said, Answer) else Answer(tuple(Candidate(text, -0.1) for text in said))


def english(job, drop=(), obey=True):
    """Say a job in plain English: its marks in order, each hint if it is obeyed, something for the rest."""
    text, out, at = job.text, [], 0
    for span, translation, _ in job.terms:
        out += [text[at : span.start], f" {translation} " if obey else " something "]
        at = span.end
    out.append(text[at:])
    said = re.sub("[\u3400-\u9fff]+", " word ", "".join(out))
    for mark in drop:
        said = said.replace(mark, "")
    return re.sub(r"\s+", " ", said).strip()


def put(text, engine, glossary=TERMS):
    """Put a post of one segment into English: its entry and the whole text."""
    work = prepare(Texts(text), Means(glossary=glossary))
    tasks = work.tasks(range(len(work.entries)))
    asks = [ask for one in tasks for ask in one.asks]
    drafts = dict(draft(engine, asks, "straight", Meter()))
    numbers = count()
    said = {i: finish(one, [drafts[next(numbers)] for _ in one.asks]) for i, one in enumerate(tasks)}
    outcome = complete(work, said)
    for entry in outcome.entries:
        holds(entry)
    assert skeleton(parse(outcome.english)) == skeleton(parse(text))
    if not any(finding.check == "markup" for entry in outcome.entries for finding in entry.findings):
        assert inventory(parse(outcome.english)) == inventory(parse(text))
    return outcome.entries[0], outcome.english


def holds(entry):
    """What is true of every entry, whatever the engine said."""
    if not entry.target:
        assert entry.state is State.UNTRANSLATED
        assert entry.findings, "a silent gap"
        return
    assert entry.target != entry.source
    assert not MARK.search(entry.target)
    assert not re.search("[\0-\x08\x0a-\x1f\ud800-\udfff]", entry.target)
    mentions = TERMS.mentions(re.sub(r"[*`]", "", entry.source))
    said = [re.sub(r"[*`]", apart, entry.target) for apart in ("", " ")]  # in an attribute they are no markup
    if not any(verify(mentions, text).is_clean for text in said):
        assert {"terms", "engine"} & {finding.check for finding in entry.findings}, entry


BOLD = "沐神说**深度学习**很`有趣`。"  # <t1>…</t1> and <x2>


@pytest.mark.parametrize(
    "says",
    [
        lambda job: english(job, drop=["<x2>"]),
        lambda job: english(job, drop=["<t1>", "</t1>"]),
        lambda job: english(job, drop=["</t1>"]),
        lambda job: english(job) + " <x2>",
        lambda job: english(job).replace("</t1>", "") + "</t1></t1>",
        lambda job: english(job).replace("<x2>", "<x7>"),
        lambda job: english(job) + " <x9> <t8>more</t8>",
        lambda job: "</t1>" + english(job).replace("</t1>", ""),
        lambda job: MARK.sub("", english(job)),
        lambda job: english(job).replace("<x2>", "<x2/>"),
        lambda job: english(job).replace("<t1>", "<T1>").replace("</t1>", "</ t1>"),
    ],
)
@pytest.mark.parametrize("abilities", [HINTS, DEAF])
def test_broken_marks_are_mended_and_said(says, abilities):
    entry, text = put(BOLD, Scripted(says, abilities))
    assert "`有趣`" in entry.target
    assert "`有趣`" in text
    if "**" not in entry.target or entry.target.endswith("`有趣`"):
        assert any(finding.check == "markup" for finding in entry.findings)


def test_marks_that_a_second_answer_has_are_taken_from_it():
    entry, _ = put(BOLD, Scripted(lambda job: [english(job, drop=["<x2>"]), english(job)]))
    assert not [finding for finding in entry.findings if finding.check == "markup"]
    assert "**deep learning**" in entry.target


@pytest.mark.parametrize(
    "says",
    [
        lambda _: "",
        lambda _: "   \n ",
        lambda _: "...",
        lambda _: Answer(),
        lambda _: Answer(error="refused"),
        lambda job: job.text,
        lambda job: f"  {job.text} ",
        lambda job: job.text.replace("。", "."),
        lambda job: MARK.sub("", job.text),
        lambda job: "".join(MARK.findall(job.text)),
        lambda _: "\ud800",
        lambda _: "\0\x01",
    ],
)
@pytest.mark.parametrize("abilities", [HINTS, DEAF])
def test_no_answer_is_an_error_of_the_segment(says, abilities):
    entry, text = put(BOLD, Scripted(says, abilities))
    assert entry.target == ""
    assert next(finding.check for finding in entry.findings if finding.level is Level.ERROR) == "engine"
    assert text == BOLD


def test_an_answer_in_chinese_is_said():
    entry, _ = put("沐神说了很多话。", Scripted(lambda _: "沐神讲了许多。"))
    assert entry.state is State.UNTRANSLATED
    assert [finding.message for finding in entry.findings if finding.check == "engine"] == [
        "scripted gave no usable answer: it answered in Chinese"
    ]


@pytest.mark.parametrize(("more", "match"), [(-1, r"gave \d+ answers"), (1, "more answers")])
def test_answers_are_counted(more, match):
    class Miscounting(Scripted):
        def draft(self, jobs, _):
            return ((n, Answer((Candidate("A word."),))) for n in range(len(jobs) + more))

    with pytest.raises(EngineError, match=match):
        translate_text("一句话。又一句话。\n", Miscounting(None))


def test_an_engine_that_stops_half_way_keeps_what_it_said(tmp_path):
    numbers = count()
    engine = Scripted(lambda job: EngineError("the line is dead") if next(numbers) == 3 else english(job))
    site = Site(tmp_path)
    with pytest.raises(EngineError, match="dead"):
        site.run(engine)
    assert "word" in site.english.read_text()
    said = {e.source for e in site.run().outcome.entries if e.origin == "scripted"}
    assert len(said) == 3


# ── Terms ──


def test_a_hint_that_is_ignored_is_obeyed_by_the_next_answer():
    engine = Scripted(lambda job: [english(job, obey=False), english(job)])
    entry, _ = put("沐神来了。", engine)
    assert "Mu Li" in entry.target
    assert len(engine.jobs) == 1


@pytest.mark.parametrize("abilities", [HINTS, DEAF])
@pytest.mark.parametrize(
    "text",
    [
        "沐神来了。",
        "沐神和沐神和李沐、沐神、沐神。",
        "**沐神**说[深度学习](a.md)和`码`。",
        "[沐神](a.md)",
        "学习深度学习。",
        "卷积神经网络是卷积神经网络。",
        "用**深度学习**框架",
        "“沐神”（李沐）",
        "沐神",
    ],
)
def test_terms_that_are_ignored_travel_as_holes(text, abilities):
    engine = Scripted(lambda job: english(job, obey=False), abilities)
    entry, _ = put(text, engine)
    assert entry.target
    assert not [finding for finding in entry.findings if finding.check == "terms"]


def test_a_hole_that_is_lost_is_not_the_end():
    def says(job):
        return "He is a word." if "<x1>" in job.text else "Mushen is a word."

    entry, _ = put("沐神是一个人。", Scripted(says, DEAF))
    assert entry.target == "Mu Li is a word."


def test_a_doubled_hole_is_not_filled_twice():
    entry, _ = put("沐神来了。", Scripted(lambda job: english(job) + " " + "".join(MARK.findall(job.text)), DEAF))
    assert entry.target.count("Mu Li") <= 1


def test_a_forbidden_form_is_put_right():
    entry, _ = put("沐神来了。", Scripted(lambda _: "Bath God is here."))
    assert entry.target == "Mu Li is here."
    assert not [finding for finding in entry.findings if finding.check == "terms"]


def test_a_term_with_a_mark_inside_is_obeyed_or_said():
    entry, _ = put("深度**学习**很好。", Scripted(lambda job: english(job, obey=False)))
    holds(entry)


def test_terms_in_an_alt_text_and_a_title():
    text = '![沐神的图](a.png "深度学习")在这里。'
    entry, _ = put(text, Scripted(lambda job: english(job, obey=False)))
    assert "![Mu Li" in entry.target
    assert '"Deep learning"' in entry.target


def test_an_alt_text_that_failed_is_said():
    def says(job):
        return Answer(error="refused") if "<" not in job.text else english(job)

    entry, _ = put("这是![沐神](a.png)的图。", Scripted(says))
    assert "![沐神](a.png)" in entry.target
    assert {"engine"} <= {finding.check for finding in entry.findings}


def test_a_term_that_is_missing_from_an_alt_text_is_said():
    entry, _ = put("看![沐神的图](a.png)吧。", Scripted(lambda job: english(job) if "看" in job.text else "A picture."))
    assert "![A picture.](a.png)" in entry.target
    assert "terms" in {finding.check for finding in entry.findings}


def test_marks_made_up_in_an_alt_text_are_taken_out():
    entry, _ = put("这是![一张图](a.png)。", Scripted(lambda job: english(job) + ("" if "<" in job.text else " <x1>")))
    holds(entry)


def test_more_than_nine_marks():
    text = "".join(f"`c{n}`和**第{n}**" for n in range(12)) + "沐神。"
    entry, _ = put(text, Scripted(english))
    assert all(f"`c{n}`" in entry.target for n in range(12))
    assert entry.target.count("**") == 24
    assert "Mu Li" in entry.target


def test_an_engine_without_hints_is_given_none():
    engine = Scripted(english, DEAF)
    put("沐神来了。", engine)
    assert not any(job.terms for job in engine.jobs)
    assert "沐神" not in engine.jobs[0].text


# ── Anything ──

WORDS = """<t1> </t1> <x2> <x3> <x4> <t5> </t5> <x </t <b> word Mu_Li Bath_God deep_learning learning 沐神 学习 。 . # -
> | ` ** [ ]( ) <!-- $ \\ &lt; 1. --- ``` {% ::: {{< https://a.b ！ a The""".replace("_", " ")
PARTS = st.sampled_from([*WORDS.split(), " ", "\n\n", "# ", "- ", "> ", "1. ", "    ", "\0", "\u2028", "_"])
POSTS = [
    BOLD + "\n",
    "# 沐神说**深度学习**很`有趣`\n",
    "> 沐神说**深度学习**很`有趣`。\n",
    "- 沐神说**深度学习**很`有趣`。\n- 沐神\n",
    "| 沐神说**深度学习**很`有趣` | 学习 |\n|---|---|\n| 沐神 | `x` |\n",
    '沐神[说**深度学习**](a.md "沐神")很`有趣`，![沐神](a.png)。\n',
    "---\ntitle: 沐神说深度学习\ntags: [沐神]\n---\n\n沐神。\n",
    '<p title="沐神">沐神<b>说</b>深度学习</p>\n',
    '[沐神][1]说<br>深度学习。\n\n[1]: a.md "深度学习"\n',
]


def anything(post, answers, abilities):
    rest = iter(answers)
    engine = Scripted(lambda _: next(rest, ["word"]), abilities)
    put(post, engine)


ANSWERS = st.lists(
    st.lists(st.lists(PARTS, max_size=8).map("".join), max_size=3) | st.sampled_from([Answer(), Answer(error="no")]),
    max_size=8,
)


@given(st.sampled_from(POSTS), ANSWERS, st.sampled_from([HINTS, DEAF]))
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_answered(post, answers, abilities):
    anything(post, answers, abilities)


@pytest.mark.long
@given(st.sampled_from(POSTS), ANSWERS, st.sampled_from([HINTS, DEAF]))
@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_answered_for_long(post, answers, abilities):
    anything(post, answers, abilities)


def test_ask_is_a_text_with_its_mentions():
    (said,) = dict(draft(Scripted(english), [Ask("沐神。", TERMS.mentions("沐神。"))], "straight", Meter())).values()
    assert plain(said.target).startswith("Mu Li")
