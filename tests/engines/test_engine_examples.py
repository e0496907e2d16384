"""Every engine has a row, a file and examples; adding one takes no more than that."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import contract
import pytest
import yaml

from translator.config import load_settings
from translator.engines import ENGINES, marks, open_engine, ready, row_of
from translator.meter import Meter
from translator.model import Job, JobTerm, Span

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""Vendors' libraries leave their sockets to the collector, and engines live as long as the process."""

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
EXAMPLES = HERE / "examples"
PAGE = (ROOT / "docs" / "engines.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


ASK = """
from translator.engines import open_engine
from translator.meter import Meter
from translator.model import Job
((_, answer),) = open_engine("shout").draft([Job(open("job.md", encoding="utf-8").read())], Meter())
print(answer.candidates[0].text)
"""


def examples(name):
    return yaml.safe_load((EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8"))


def job_of(said):
    text, terms = said["text"], said.get("terms", {})
    found = sorted((text.index(zh), len(zh), en) for zh, en in terms.items())
    return Job(text, tuple(JobTerm(Span(at, at + size), en) for at, size, en in found))


def test_every_engine_has_its_examples_and_nobody_else():
    assert {path.stem for path in EXAMPLES.iterdir()} == set(ENGINES)


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_has_its_file_its_page_and_its_settings(name, tmp_path):
    shown = examples(name)
    assert (ROOT / "translator" / "engines" / f"{ENGINES[name].module}.py").exists()
    assert f"### {name}\n" in PAGE
    assert set(shown.get("environment", [])) == set(ENGINES[name].keys)
    (tmp_path / "duizhao.yaml").write_text(shown["duizhao.yaml"], encoding="utf-8")
    settings = load_settings(tmp_path / "duizhao.yaml")
    assert settings.engine != ["auto"]
    for each in settings.engine:
        row_of(each, settings.engines.get(each, {}))
    assert name in {settings.engines.get(each, {}).get("engine", each) for each in settings.engine}


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_says_what_it_lacks(name, tmp_path, monkeypatch):
    for each in [*ENGINES[name].keys, "OPENAI_BASE_URL"]:
        monkeypatch.delenv(each, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    lacks = examples(name)["lacks"]
    assert lacks in ready(name) if lacks else not ready(name)


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_answers_its_examples(name, tmp_path):
    shown = examples(name)["jobs"]
    assert shown
    with contract.bench(name, tmp_path) as other:
        engine = open_engine(name, other.settings)
        for each in shown:
            job = job_of(each)
            ((_, answer),) = engine.draft([job], Meter())
            said = answer.candidates[0].text if answer.candidates else ""
            assert marks.are_kept(job.text, said) or not said
            assert said == each.get("said", said)
            assert said or "said" in each
            sent = other.last()
            assert all(part in sent for part in each.get("sent", [])), sent


def test_the_ten_lines_work_as_they_stand_there(tmp_path):
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len([line for line in code.splitlines() if line.strip()]) <= 10
    program = tmp_path / "translate.py"
    program.write_text(code, encoding="utf-8")
    asked = [Job("用<t1>梯度</t1>。", (JobTerm(Span(5, 7), "gradient"),)), Job("没有术语。")]
    engine = open_engine("command", {"command": shlex.join([sys.executable, str(program)])})
    (_, first), (_, second) = sorted(engine.draft(asked, Meter()))
    assert first.candidates[0].text == "用<t1>gradient</t1>。"
    assert second.error


def test_an_engine_is_added_as_the_guide_says(tmp_path):
    """In a copy: the file, the row and the examples that CONTRIBUTING shows, and it lists, explains and translates."""
    section = GUIDE.split("## An engine\n")[1].split("\n## ")[0]
    module, row, shown = (
        re.search(rf"```{kind}\n(.*?)```", section, re.DOTALL)[1] for kind in ("python", "py", "yaml")
    )
    shutil.copytree(ROOT / "translator", tmp_path / "translator", ignore=shutil.ignore_patterns("__pycache__"))
    engines = tmp_path / "translator" / "engines"
    (engines / "shout.py").write_text(module, encoding="utf-8")
    table = (engines / "__init__.py").read_text(encoding="utf-8")
    (engines / "__init__.py").write_text(table.replace("ENGINES = {\n", f"ENGINES = {{\n{row}", 1), encoding="utf-8")
    site = tmp_path / "site"
    site.mkdir()
    example = yaml.safe_load(shown)
    (site / "duizhao.yaml").write_text(example["duizhao.yaml"], encoding="utf-8")
    (site / "zh.md").write_text("# 标题\n\n用**粗体**写的一句话。\n", encoding="utf-8")

    def python(*words):
        environment = os.environ | {"PYTHONPATH": str(tmp_path)}
        run = subprocess.run(
            [sys.executable, *words], cwd=site, env=environment, capture_output=True, text=True, check=True
        )
        return run.stdout

    def duizhao(*words):
        return python("-m", "translator", *words)

    (listed,) = [each for each in json.loads(duizhao("engines", "--json")) if each["name"] == "shout"]
    assert listed["ready"]
    assert "loud" in duizhao("engines", "shout")
    duizhao("translate", "zh.md")
    english = (site / "en.md").read_text(encoding="utf-8")
    assert english.casefold().startswith("# loud words")
    assert english.count("**") == 2
    assert "shout" in (site / "en.po").read_text(encoding="utf-8")
    (job,) = example["jobs"]
    (site / "job.md").write_text(job["text"], encoding="utf-8")
    assert job["said"] in python("-c", ASK)
