"""What every engine of the table promises."""

import subprocess
import sys

import pytest

from translator.engines import ENGINES, choose_auto, describe, marks, open_engine, ready
from translator.errors import EngineError
from translator.meter import Meter
from translator.model import Abilities, Answer, Job

JOBS = [Job("你好，<t1>世界</t1>。"), Job("<x1>"), Job(""), Job("标题")]
LOCAL = [row.name for row in describe() if not row.missing]


@pytest.mark.parametrize("name", LOCAL)
def test_one_answer_a_job_in_order_with_its_marks(name):
    engine = open_engine(name)
    answers = [answer for _, answer in sorted(engine.draft(JOBS, Meter()))]
    assert len(answers) == len(JOBS)
    assert isinstance(engine.abilities, Abilities)
    for job, answer in zip(JOBS, answers, strict=True):
        assert isinstance(answer, Answer)
        assert all(marks.are_kept(job.text, each.text) for each in answer.candidates[:1])


@pytest.mark.parametrize("name", LOCAL)
def test_engines_are_opened_once_and_sign(name):
    engine = open_engine(name)
    assert open_engine(name) is engine
    assert engine.name == name
    assert name in engine.signature


@pytest.mark.parametrize("name", LOCAL)
def test_no_jobs_no_answers(name):
    assert list(open_engine(name).draft([], Meter())) == []


def test_echo_says_what_it_hears_and_none_says_nothing():
    assert [a.candidates[0].text for _, a in open_engine("echo").draft(JOBS, Meter())] == [job.text for job in JOBS]
    assert not any(a.candidates or a.error for _, a in open_engine("none").draft(JOBS, Meter()))


def test_every_engine_is_described():
    assert [row.name for row in describe()] == list(ENGINES)
    assert all(row.what for row in describe())


def test_auto_takes_one_that_is_ready():
    assert not ready(choose_auto())
    assert open_engine("auto") is open_engine(choose_auto())


def test_an_unknown_name_gets_a_suggestion():
    with pytest.raises(EngineError, match=r"buitlin.*did you mean builtin\?.*echo"):
        open_engine("buitlin")


def test_nothing_heavy_is_imported_before_use():
    heavy = {"ctranslate2", "sentencepiece", "jieba"}
    code = f"import sys, translator.engines as e; e.describe(); print(*{heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
