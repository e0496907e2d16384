"""Programs: what they are told, what they may do wrong, and which sentence they break over."""

import json
import shlex
import sys

import pytest

from translator.engines import open_engine, ready
from translator.errors import EngineError
from translator.meter import Meter
from translator.model import Around, Job, JobTerm, Span

POISON = """
import json, os, sys
for line in sys.stdin:
    asked = json.loads(line)
    if "毒" in asked["text"]:
        print("cannot read this one", file=sys.stderr, flush=True)
        os._exit(7)
    print(json.dumps({"id": asked["id"], "text": "Fine."}), flush=True)
"""
MIRROR = """
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps({"id": asked["id"], "text": json.dumps(asked)}), flush=True)
"""
STUBBORN = "import sys, time\nwhile True: time.sleep(1)\n"


@pytest.fixture
def program(tmp_path):
    def written(code, **more):
        path = tmp_path / "a program.py"
        path.write_text(code)
        return open_engine("command", {"command": shlex.join([sys.executable, str(path)])} | more)

    return written


def test_the_sentence_it_breaks_over_is_found_and_all_others_are_answered(program):
    jobs = [Job(f"第{n}句。" if n % 20 != 7 else f"第{n}句有毒。") for n in range(50)]
    meter = Meter()
    answers = dict(program(POISON).draft(jobs, meter))
    assert len(answers) == 50
    assert sorted(n for n, answer in answers.items() if answer.error) == [7, 27, 47]
    assert "ended with 7" in answers[7].error
    assert meter.retried >= 3


def test_it_stays_open_between_runs(program):
    engine = program(MIRROR)
    for _ in range(2):
        ((_, answer),) = engine.draft([Job("一句话。")], Meter())
        assert answer.candidates
    assert json.loads(answer.candidates[0].text)["id"] == 2


def test_it_is_told_all_there_is(program):
    around = Around(block="整段。", before="前面。", after="后面。", headings=("一", "二"), about="title: 题")
    job = Job("用梯度。", (JobTerm(Span(1, 3), "gradient", "slope"),), around, (("旧", "old"),), "why not")
    ((_, answer),) = program(MIRROR).draft([job], Meter())
    told = json.loads(answer.candidates[0].text)
    assert told.pop("terms") == [{"start": 1, "end": 3, "translation": "gradient", "note": "slope"}]
    assert told.pop("context") == {
        "about": "title: 题",
        "headings": ["一", "二"],
        "before": "前面。",
        "after": "后面。",
        "block": "整段。",
    }
    assert told == {"id": 1, "text": "用梯度。", "examples": [["旧", "old"]], "again": "why not"}


def test_what_is_not_read_to_its_end_leaves_nothing_behind(program):
    engine = program(MIRROR)
    some = engine.draft([Job(f"第{n}句。") for n in range(40)], Meter())
    next(some)
    process = engine._program.process
    some.close()
    assert process.returncode is not None
    assert len(list(engine.draft([Job("再来。")], Meter()))) == 1


def test_one_that_does_not_heed_the_end_of_its_input_is_ended(program):
    engine = program(STUBBORN, timeout="0.3")
    with pytest.raises(EngineError, match=r"no answer within 0\.3 seconds.*3 times"):
        list(engine.draft([Job("一。"), Job("二。"), Job("三。"), Job("四。")], Meter()))
    assert engine._program is None


def test_secrets_of_the_command_line_are_not_in_the_signature():
    engine = open_engine("command", {"command": f"{sys.executable} -c pass --token canary-77"})
    assert "canary-77" not in engine.signature
    other = open_engine("command", {"command": f"{sys.executable} -c pass --token canary-78"})
    assert other.signature != engine.signature


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ({}, "needs a program"),
        ({"command": "  "}, "needs a program"),
        ({"command": "no-such-program-here --x"}, "there is no program no-such-program-here"),
        ({"command": "a 'b"}, "cannot be read"),
        ({"command": sys.executable, "timeout": "soon"}, "number of seconds"),
    ],
)
def test_what_is_missing_or_wrong_is_said(own, told):
    assert told in ready("command", own)
