"""Marks for engines that know none: whatever English comes, every mark stands in it once."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.engines import marks
from translator.engines.lay import lay
from translator.engines.plain import FORMS, HOLE, UNSURE, Form, drafted, hide, show, surviving
from translator.model import Candidate

ZH = "梯度下降模型训练数据我们使用运行命令的，。“”：A1 🙂"
EN = [
    "gradient descent ",
    "model ",
    "data ",
    "we ",
    "run ",
    "the command ",
    "N1 ",
    "x1 ",
    ", ",
    ". ",
    "<",
    ">",
    '"',
    "é",
    "字",
    " ",
]


@st.composite
def marked(draw, most=5):
    """Text with marks, properly nested, each number once."""
    count = iter(range(1, 99))

    def some(depth):
        out = []
        for _ in range(draw(st.integers(0, 3))):
            kind = draw(st.sampled_from("wwthw" if depth < 3 else "ww"))
            if kind == "w":
                out.append(draw(st.text(ZH, max_size=6)))
            elif (n := next(count)) > most:
                continue
            else:
                out.append(f"<x{n}>" if kind == "h" else f"<t{n}>{some(depth + 1)}</t{n}>")
        return "".join(out)

    return some(0)


english = st.lists(st.sampled_from(EN), max_size=14).map("".join)


@given(marked(), english)
def test_every_mark_is_laid_once_and_nested_and_the_words_stay(source, said):
    said = marks.without(said)
    laid = lay(source, said)
    assert marks.are_kept(source, laid.text)
    assert marks.without(laid.text).replace(" ", "") == said.replace(" ", "")


@given(marked(), english, st.randoms(use_true_random=False))
def test_holes_that_came_back_stay_where_they_are(source, said, random):
    words = marks.without(said).split(" ")
    came = [hole for hole in HOLE.findall(source) if random.random() < 0.6]
    for hole in came:
        words.insert(random.randint(0, len(words)), hole)
    said = " ".join(words)
    text = lay(source, said).text
    assert marks.are_kept(source, text)
    left = re.sub(r"</?t\d+>", "", text)
    for lost in set(HOLE.findall(source)) - set(came):
        left = left.replace(lost, "")
    assert left.replace(" ", "") == said.replace(" ", "")


@pytest.mark.parametrize(
    ("source", "said", "laid"),
    [
        ("我们用<t1>梯度下降</t1>训练<t2>模型</t2>。", "We train the model with gradient descent.",
         "We train the <t2>model</t2> with <t1>gradient descent</t1>."),
        ("<t1>我们用<t2>梯度下降</t2>训练模型</t1>。", "We train the model with gradient descent.",
         "<t1>We train the model with <t2>gradient descent</t2></t1>."),
        ("<t1>我们用梯度下降。</t1>", "We use gradient descent.", "<t1>We use gradient descent.</t1>"),
        ("请运行<x1>命令。", "Please run the command.", "Please run the <x1> command."),
        ("参考<t1>文档<x3></t1>和<t2>教程</t2>。", "See the tutorials and the documentation <x3>.",
         "See the <t2>tutorials</t2> and the <t1>documentation <x3></t1>."),
        ("<t1><x2></t1>很好看。", "<x2> is beautiful.", "<t1><x2></t1> is beautiful."),
        ("他<t1>薅羊毛</t1>。", "He grabs freebies.", "He <t1>grabs freebies</t1>."),
        ("见<x1>、<x2>。", "See.", "See <x1> <x2>."),
    ],
)  # fmt: skip
def test_tags_go_around_the_words_that_say_what_they_enclose(source, said, laid):
    assert lay(source, said).text == laid


def test_a_place_that_was_guessed_is_not_sure():
    assert lay("<t1>模型</t1>很好", "The model is good").is_sure
    assert not lay("<x1>模型很好", "The model is good").is_sure
    assert not lay("<t1>薅羊毛</t1>很好", "Freebies are good").is_sure


# ── Placeholders ──


def keeping(*kept):
    """Say an engine that keeps some forms of placeholders and knows two words."""

    def say(texts):
        out = []
        for text in texts:
            held = [found for form in kept for found in form.pattern().finditer(text)]
            words = " ".join(["run", *(found.group() for found in held), "model"])
            out.append([Candidate(words, -0.2)])
        return out

    return say


@given(marked(), st.sampled_from(FORMS))
def test_what_is_hidden_is_shown_again(source, form):
    hidden = hide(source, form)
    assert len(hidden.holes) == len(HOLE.findall(source))
    shown = show(hidden, form, hidden.text)
    assert shown is not None
    assert HOLE.findall(shown) == HOLE.findall(source)
    assert marks.are_kept("".join(HOLE.findall(source)), shown)


@given(marked(), english, st.sampled_from(FORMS))
def test_an_answer_shows_each_hole_once_or_not_at_all(source, said, form):
    hidden = hide(source, form)
    shown = show(hidden, form, said)
    assert shown is None or marks.are_kept("".join(HOLE.findall(source)), shown)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Run N1 and n2.", "Run <x7> and <x9>."),
        ("Run N 1, N2.", "Run <x7>, <x9>."),
        ("Run N1.", None),
        ("Run N1, N1 and N2.", None),
        ("Run N1, N2 and N3.", None),
        ("Run N1 on N2nd", None),
        ("N1one, run N1 and N2", None),
        ("Run N1 and autoN1 and N2", None),
        ("<t4>Run</t4> N1 at N2's.", "Run <x7> at <x9>'s."),
    ],
)
def test_placeholders_are_read(said, shown):
    assert show(hide("运行<x7>和<x9>", FORMS[0]), FORMS[0], said) == shown


def test_the_authors_own_words_are_no_placeholders():
    hidden = hide("用 N1 和<x4>跑 N1", Form("N{}"))
    assert hidden.holes == {2: "<x4>"}
    assert show(hidden, Form("N{}"), "Run N1 with N2 and N1") == "Run N1 with <x4> and N1"


@given(st.lists(marked(), max_size=3), st.sets(st.sampled_from(FORMS)))
def test_every_answer_has_its_marks_whatever_the_engine_keeps(texts, kept):
    for text, found in zip(texts, drafted(texts, keeping(*kept), lambda text: len(text) < 60), strict=True):
        assert found
        assert all(marks.are_kept(text, each.text) for each in found)


def test_only_what_lost_a_hole_is_asked_again():
    asked = []

    def say(texts):
        asked.append(list(texts))
        return keeping(Form("{{{}}}"))(texts)

    (one, two) = drafted(["运行<x1>模型", "运行模型"], say, lambda _: True, (Form("N{}"), Form("{{{}}}")))
    assert asked == [["运行 N1 模型", "运行模型"], ["运行 {1} 模型"]]
    assert one == [Candidate("run <x1> model", -0.2)]
    assert two == [Candidate("run model", -0.2)]


def test_where_no_form_survives_alignment_says_where_and_the_score_says_so():
    ((one,),) = drafted(["运行<x1>模型"], keeping(), lambda _: True)
    assert marks.are_kept("<x1>", one.text)
    assert one.score == pytest.approx(-0.2 + UNSURE)


@pytest.mark.parametrize("text", ["", "<x1>", "<t1>MXNET</t1> <x2>", "12:30"])
def test_what_has_no_chinese_is_not_asked(text):
    def say(_):
        raise AssertionError

    assert [each.text for each in drafted([text], say, lambda _: True)[0]] == [text]


def test_no_answer_is_no_candidate():
    assert drafted(["模型<x1>"], lambda texts: [[] for _ in texts], lambda _: True) == [[]]
    assert drafted(["模型"], lambda texts: [[Candidate("")] for _ in texts], lambda _: True) == [[]]


def test_the_forms_that_survive_are_found_out():
    kept = (Form("#{}"), Form("N{}"))
    assert set(surviving(keeping(*kept))) == set(kept)
    assert surviving(keeping()) == ()
