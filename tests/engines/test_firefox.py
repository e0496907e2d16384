"""Firefox's engine, driven end to end by the real library with a tiny model that the tests make."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records_server import MEANINGS, Records, firefox_files

from translator.engines import ENGINES, choose_auto, marks, open_engine, ready
from translator.engines.fetch import fetch
from translator.engines.fetched import MANIFEST, home
from translator.engines.firefox import Firefox
from translator.engines.firefox import open_engine as anew
from translator.errors import EngineError
from translator.meter import Meter
from translator.model import Job

MODEL = "model.zhen.intgemm.alphas.bin"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Fetch the model once from a server of records; from then on there is none."""
    place = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch, Records() as server:
        patch.setenv("XDG_DATA_HOME", str(place))
        patch.setenv("FXTRANSLATE_RECORDS_URL", server.records_url)
        fetch("firefox")
    return place


@pytest.fixture
def here(data, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(data))
    monkeypatch.setenv("FXTRANSLATE_RECORDS_URL", "http://127.0.0.1:9/v1/records")


@pytest.fixture
def own(data, tmp_path, monkeypatch):
    """Give a model's folder that may be harmed."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return fetch("firefox", str(data / "duizhao" / "engines" / "firefox")).folder


@pytest.fixture(scope="module")
def engine(data):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(data))
        return anew({})


def say(engine, *texts):
    answers = dict(engine.draft([Job(text) for text in texts], Meter()))
    assert sorted(answers) == list(range(len(texts)))
    return [answers[n].candidates[0].text if answers[n].candidates else answers[n].error for n in range(len(texts))]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("我们去花园看花。", "we go gardens see flowers."),
        ("我们去<x1>看花。", "we go <x1> see flowers."),
        ("我们去<x2>看<x1>和<x3>。", "we go <x2> see <x1> and <x3>."),
        ("我们看<x1>N7<x2>花。", "we see <x1> N7 <x2> flowers."),
        ("<x1>", "<x1>"),
        ("", ""),
        ("ABC", "ABC"),
    ],
)
def test_sentences_are_said_and_holes_come_back(engine, text, said):
    assert say(engine, text) == [said]


def test_tags_enclose_words(engine):
    (said,) = say(engine, "我们去<t1>花园</t1>看<t2>花</t2>。")
    assert marks.are_kept("<t1></t1><t2></t2>", said)
    assert "<t1>gardens</t1>" in said


def test_a_long_text_is_said_in_parts(engine):
    (said,) = say(engine, "我们去花园看花，" * 40)
    assert said.count("we go gardens see flowers") == 40


@given(
    st.lists(st.sampled_from([*MEANINGS, "<x1>", "<x2>", "<t3>", "</t3>", "N1", " ", "{2}", "#3", "𠮷"]), max_size=25)
)
def test_every_mark_stands_once_whatever_is_asked(engine, parts):
    text = "".join(dict.fromkeys(parts[:9])) + "".join(each for each in parts[9:] if "<" not in each)
    if not marks.are_nested(text):
        text = text.replace("<t3>", "").replace("</t3>", "")
    for _, answer in engine.draft([Job(text)], Meter()):
        assert all(marks.are_kept(text, each.text) for each in answer.candidates)


def test_any_thread_may_ask(engine):
    texts = [f"我们看{n}和花。" for n in range(40)]
    with ThreadPoolExecutor(8) as pool:
        said = [one[0] for one in pool.map(lambda text: say(engine, text), texts)]
    assert said == [f"we see{n} and flowers." for n in range(40)]


@pytest.mark.usefixtures("here")
def test_auto_takes_it_once_it_is_there():
    assert choose_auto() == "firefox"
    assert not ready("firefox")
    assert list(ENGINES)[:2] == ["firefox", "builtin"]
    assert open_engine("auto").name == "firefox"


@pytest.mark.usefixtures("here")
def test_asking_whether_it_is_ready_loads_nothing():
    heavy = {"fxtranslate", "httpx", "ctranslate2", "sentencepiece", "tarfile", "logging", "importlib.metadata"}
    code = "import sys; from translator.engines import choose_auto; print(choose_auto());"
    code += f"print(*{heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["firefox", ""]


def test_what_is_missing_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert "duizhao engines fetch firefox" in ready("firefox")
    assert choose_auto() == "builtin"
    with pytest.raises(EngineError, match="firefox is not ready: its model is not here yet"):
        open_engine("firefox", {"placeholders": "X{}"})
    monkeypatch.setitem(sys.modules, "fxtranslate", None)
    assert "pip install 'duizhao[firefox]'" in ready("firefox")
    with pytest.raises(EngineError, match=r"fetching firefox needs fxtranslate: pip install 'duizhao\[firefox\]'"):
        fetch("firefox")


@pytest.mark.parametrize("name", [MODEL, "srcvocab.zhen.spm", "trgvocab.zhen.spm"])
def test_a_damaged_file_is_seen_before_the_library_sees_it(own, name):
    data = bytearray((own / name).read_bytes())
    data[100] ^= 255
    (own / name).write_bytes(data)
    with pytest.raises(EngineError, match=rf"{name} is damaged; get it anew: duizhao engines fetch firefox"):
        anew({})


def test_a_file_that_is_gone_makes_it_unready(own):
    (own / MODEL).unlink()
    assert "not here" in ready("firefox")
    with pytest.raises(EngineError, match="is not here"):
        anew({})


@pytest.mark.parametrize("name", [MODEL, "trgvocab.zhen.spm"])
def test_a_model_that_cannot_be_read_is_one_sentence(own, name):
    """The hashes fit, and yet it is none: only somebody's own list could say so."""
    (own / name).write_bytes(b"<html>no model</html>")
    listed = json.loads((own / MANIFEST).read_text())
    listed["files"].pop(name)
    (own / MANIFEST).write_text(json.dumps(listed))
    if name == MODEL:
        with pytest.raises(EngineError, match=r"cannot be used by fxtranslate .*duizhao engines fetch firefox"):
            anew({})
    else:
        assert say(anew({}), "我们看花。") == [
            "the model gave no answer; translate this one by hand or with another engine"
        ]


@pytest.mark.usefixtures("here")
def test_settings_are_heeded_and_signed():
    plain = anew({})
    others = [anew({"placeholders": "X{}"}), anew({"placeholders": "none"}), anew({"shortlist": "on"})]
    assert len({each.signature for each in [plain, *others]}) == 4
    for each in others:
        assert say(each, "我们看<x1>和花。")[0].count("<x1>") == 1
    for wrong in ({"placeholders": "X"}, {"shortlist": "perhaps"}):
        with pytest.raises(EngineError, match=r"engines\.firefox\."):
            anew(wrong)


def test_the_placeholders_that_survive_are_found_out_once(own):
    known = home() / ".firefox.placeholders.json"
    assert not known.exists()
    first = Firefox(own, {})
    kept = json.loads(known.read_text())
    assert kept["forms"]
    assert kept["forms"][0] in first.signature
    known.write_text(json.dumps(kept | {"forms": ["Q{}"]}))
    assert " Q{}" in Firefox(own, {}).signature
    for lost in (json.dumps(kept | {"of": "another model", "forms": ["Q{}"]}), "no json", "[]"):
        known.write_text(lost)
        assert Firefox(own, {}).signature == first.signature


POST = """---
title: 春天的花园
---

# 第一章

我们去花园看花。花开得很好！

> 引用里的**一句**话。

最后一段话，在[这里](https://a.example/)看`code`。
"""


def test_a_post_without_a_network(data, tmp_path):
    (tmp_path / "glossary").mkdir()
    (tmp_path / "zh.md").write_text(POST)
    (tmp_path / "glossary" / "terms.yaml").write_text("terms:\n  - term: 花园\n    translation: Kew Gardens\n")
    environment = os.environ | {"XDG_DATA_HOME": str(data), "HTTPS_PROXY": "http://127.0.0.1:9"}
    run = [sys.executable, "-m", "translator", "translate", "zh.md"]
    done = subprocess.run(run, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert "firefox" in done.stdout + done.stderr
    english = (tmp_path / "en.md").read_text()
    assert "Kew Gardens see flowers." in english
    assert "[" in english
    assert "](https://a.example/)" in english
    assert "`code`" in english
    assert english.count("**") == 2
    assert "X-Duizhao" in (tmp_path / "en.po").read_text()


def test_its_files_are_those_of_the_records(data):
    folder = data / "duizhao" / "engines" / "firefox"
    assert {path.name for path in folder.iterdir()} == {*firefox_files(), MANIFEST}
