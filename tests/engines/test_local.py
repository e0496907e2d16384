"""Models of the user's own: real ones, made by hand, of every family, through the command itself."""

import json
import shutil
import socket
import sys
import zipfile
from pathlib import Path

import pytest
import tiny_models
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.engines import families, local, marks, open_engine, ready
from translator.engines.fetched import home
from translator.errors import EngineError
from translator.meter import Meter
from translator.model import Job

sys.path.insert(0, str(Path(__file__).parent.parent / "cli"))

from cli_shell import Shell

POST = """# 机器学习

我们使用**梯度下降**训练模型。运行`fit()`命令，打开[数据文件](https://a.example/b)。

> 今天天气很好！
"""
ENGLISH = """# Machine learning

We use **gradient descent** train models. Run `fit()` commands, open [data files](https://a.example/b).

> Today weather good!
"""
FAMILY = {
    "opus": "opus",
    "opus-marian": "opus",
    "opus-many": "opus",
    "single": "single",
    "nllb": "nllb",
    "m2m100": "m2m100",
    "own": "single",
}
SENTENCE = "我们使用数据训练模型，运行命令。"


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """Every tiny model, built once."""
    root = tmp_path_factory.mktemp("models")
    return {name: tiny_models.build(root / name, name) for name in tiny_models.BUILDS}


@pytest.fixture
def folder(built, tmp_path):
    """A copy of a model, to be broken."""
    return Path(shutil.copytree(built["single"], tmp_path / "model"))


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    """No network, and a cache and data folder of one's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))

    def refuse(*_):
        raise AssertionError("a local model asks nobody")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def engine_of(place, **more):
    return open_engine("ctranslate2", {"model": str(place), **more})


def say(place, *texts, **more):
    answers = dict(engine_of(place, **more).draft([Job(text) for text in texts], Meter()))
    return [answers[n].candidates[0].text if answers[n].candidates else answers[n].error for n in range(len(texts))]


# ── Every family ──


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in {"opus", "nllb"} else pytest.mark.long) for name in FAMILY]
)
def test_every_family_is_found_out_and_answers_through_the_command(name, built, tmp_path):
    shell = Shell(tmp_path / "project")
    shell.write("post/zh.md", POST)
    shell.write("duizhao.yaml", f"engine: ctranslate2\nengines:\n  ctranslate2:\n    model: {built[name]}\n")
    shell("translate", "post/zh.md")
    assert shell.read("post/en.md").lower() == ENGLISH.lower()
    assert "drafted by ctranslate2" in shell.out
    assert families.recognise(built[name]).family == FAMILY[name]


def test_a_package_of_argos_answers_through_the_command_as_an_archive_and_unpacked(tmp_path):
    package = tiny_models.argos(tmp_path / "zh_en.argosmodel", tmp_path / "scratch")
    shell = Shell(tmp_path / "project")
    shell.write("post/zh.md", POST)
    shell.write("duizhao.yaml", f"engines:\n  mine: {{engine: ctranslate2, model: {package}}}\n")
    shell("translate", "post/zh.md", "--engine", "mine")
    assert shell.read("post/en.md").lower() == ENGLISH.lower()
    with zipfile.ZipFile(package) as file:
        file.extractall(tmp_path / "unpacked")
    for place in (tmp_path / "unpacked", tmp_path / "unpacked" / "zh_en"):
        assert families.recognise(place).family == "argos"
        assert say(place, SENTENCE) == [tiny_models.said(SENTENCE)]


@pytest.mark.parametrize("name", FAMILY)
def test_sources_are_wrapped_as_the_family_wants_them(name, built):
    """One piece too few or too many, and another word would be lost or said twice."""
    assert say(built[name], SENTENCE) == [tiny_models.said(SENTENCE)]


def test_a_fetched_model_is_named(built):
    with pytest.raises(EngineError, match=r"no model argos was fetched: duizhao engines fetch argos"):
        engine_of("argos")
    place = home() / "argos"
    shutil.copytree(built["single"], place)
    files = {path.name: {"size": path.stat().st_size, "sha256": ""} for path in place.iterdir()}
    (place / "duizhao.json").write_text(json.dumps({"files": files}))
    assert say("argos", SENTENCE) == [tiny_models.said(SENTENCE)]


def test_a_model_of_this_package_can_be_asked_as_any_other(monkeypatch):
    monkeypatch.setattr(local, "LONGEST", 60)
    folder = Path(families.__file__).parent / "model"
    ((_, answer),) = engine_of(folder).draft([Job("我们用<t1>梯度下降</t1>训练<x2>模型。")], Meter())
    assert marks.are_kept("<t1></t1><x2>", answer.candidates[0].text)
    assert "<t1>gradient descent</t1>" in answer.candidates[0].text


# ── What is asked ──


WORDS = [*tiny_models.WORDS, "，", "。", "Go", " ", "<x1>", "<x2>"]
TEXT = st.lists(st.sampled_from(WORDS), max_size=12, unique=True).map("".join)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.builds("<t7>{}</t7>{}".format, TEXT.map(lambda t: t.replace("<x1>", "")), TEXT), max_size=3))
def test_every_answer_has_the_marks(texts):
    for text, (_, answer) in zip(texts, sorted(_engine().draft([Job(t) for t in texts], Meter())), strict=True):
        assert answer.candidates or marks.without(text).strip()
        kept = [part for part in marks.MARK.findall(text) if text.count(part) == 1]
        assert len(kept) < len(marks.MARK.findall(text)) or all(marks.are_kept(text, c.text) for c in answer.candidates)


def _engine():
    return engine_of(tiny_models.contract_settings()["model"])


def test_answers_come_a_window_at_a_time(built, monkeypatch):
    engine = engine_of(built["single"], beam="1")
    asked = []
    monkeypatch.setattr(engine, "_say", lambda texts, say=engine._say: asked.append(len(texts)) or say(texts))
    answers = engine.draft([Job("运行命令。")] * 70, Meter())
    next(answers)
    windows = [size for size in asked if size > 8]
    assert windows == [32]
    assert len(list(answers)) == 69


def test_a_long_sentence_is_cut_and_joined(built):
    text = "运行命令，" * 60 + "我们使用<x1>。"
    (said,) = say(built["single"], text)
    assert said.count("run commands") == 60
    assert said.endswith("we use <x1>.")


def test_an_answer_that_runs_on_is_no_answer(built):
    assert say(built["endless"], SENTENCE) == [local.REFUSED]
    assert "cut off" in local.REFUSED


def test_the_signature_names_what_can_change_an_answer(built, folder):
    one = engine_of(built["single"])
    assert engine_of(folder).signature == one.signature
    others = [engine_of(folder, beam="2"), engine_of(folder, compute_type="float32"), engine_of(built["nllb"])]
    data = bytearray((folder / "model.bin").read_bytes())
    data[len(data) // 2] ^= 1
    (folder / "model.bin").write_bytes(data)
    families_only = engine_of(folder, threads="1").signature
    assert len({one.signature, families_only, *(each.signature for each in others)}) == 5


# ── What is wrong ──


def cut_weights(folder):
    data = (folder / "model.bin").read_bytes()
    (folder / "model.bin").write_bytes(data[: len(data) // 2])


def drop(*names):
    return lambda folder: [(folder / name).unlink() for name in names]


def put(name, data):
    return lambda folder: (folder / name).write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())


def transformers(folder):
    (folder / "model.bin").rename(folder / "pytorch_model.bin")


WRONG = {
    "empty": (drop("model.bin", "config.json", "sentencepiece.model", "shared_vocabulary.json"),
              r"model is no CTranslate2 model: it has no model\.bin; it holds nothing"),
    "no weights": (drop("model.bin"), r"no model\.bin; it holds config\.json, sentencepiece\.model, shared_voc"),
    "not converted": (transformers, r"the weights of Transformers, which `ct2-transformers-converter"),
    "no pieces": (drop("sentencepiece.model"), r"no SentencePiece model: neither source\.spm and target\.spm nor"),
    "no vocabulary": (drop("shared_vocabulary.json"), r"no vocabulary: neither shared_vocabulary\.json nor source_"),
    "one of two": (put("source.spm", b""), r"has source\.spm but no target\.spm"),
    "half vocabulary": (put("shared_vocabulary.json", b'["<unk>", "<s'), r"shared_vocabulary\.json cannot be read"),
    "other direction": (put("metadata.json", {"from_code": "zh", "to_code": "ja"}),
                        r"translates from zh into ja, not from Chinese into English"),
    "other direction of opus": (put("tokenizer_config.json", {"source_lang": "eng", "target_lang": "zho"}),
                                r"translates from eng into zho, not"),
    "no English": (put("shared_vocabulary.json", ["<unk>", "zho_Hans", "jpn_Jpan"]), r"lacks eng_Latn"),
    "other languages": (put("shared_vocabulary.json", ["<unk>", ">>fra<<", ">>jpn<<"]),
                        r"does not write English but fra, jpn"),
}  # fmt: skip
LATER = {
    "truncated weights": (cut_weights, r"cannot be loaded: .*size"),
    "weights that are none": (put("model.bin", b"no weights at all"), r"cannot be loaded: "),
    "pieces that are none": (put("sentencepiece.model", b"no pieces"), r"cannot be loaded: "),
    "a vocabulary of another": (
        put("shared_vocabulary.json", ["<unk>", "<s>", "</s>"]),
        r"failed: Invalid token.*may not belong",
    ),
}
"""What only loading shows."""


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_folder_is_told_before_anything_is_asked(name, folder):
    harm, told = WRONG[name]
    harm(folder)
    assert ready("ctranslate2", {"model": str(folder)})
    with pytest.raises(EngineError, match=told):
        engine_of(folder)


@pytest.mark.parametrize("name", LATER)
def test_files_that_are_no_model_are_told_in_one_sentence(name, folder):
    harm, told = LATER[name]
    harm(folder)
    with pytest.raises(EngineError, match=told) as caught:
        list(engine_of(folder).draft([Job(SENTENCE)], Meter()))
    assert "\n" not in str(caught.value)


def test_the_command_says_one_sentence_and_writes_nothing(folder, tmp_path):
    cut_weights(folder)
    shell = Shell(tmp_path / "project")
    shell.write("post/zh.md", POST)
    shell.write("duizhao.yaml", f"engine: ctranslate2\nengines:\n  ctranslate2:\n    model: {folder}\n")
    shell("translate", "post/zh.md", code=2)
    assert "cannot be loaded" in shell.err
    assert "drafted by" not in shell.out


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        ("threads", "none", r"threads: 'none' is no number from 1"),
        ("beam", "0", r"beam: '0' is no number from 1"),
        ("compute_type", "int3", r"compute_type: 'int3' is none of int8"),
        ("family", "marian", r"no family marian: auto, nllb"),
        ("family", "nllb", r"no model of the family nllb: its vocabulary lacks eng_Latn, zho_Hans"),
    ],
)
def test_wrong_settings_are_told(setting, value, told, folder):
    with pytest.raises(EngineError, match=told):
        engine_of(folder, **{setting: value})


def test_without_a_model_it_says_how_to_get_one():
    assert "duizhao engines fetch argos" in ready("ctranslate2")
    with pytest.raises(EngineError, match=r"there is no /nowhere/at/all"):
        engine_of("/nowhere/at/all")


# ── Archives ──


def half(package, _):
    package.write_bytes(package.read_bytes()[:-2000])


def escaping(package, _):
    with zipfile.ZipFile(package, "a") as file:
        file.writestr("zh_en/../../../evil.txt", "out")


def linking(package, _):
    info = zipfile.ZipInfo("zh_en/link")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(package, "a") as file:
        file.writestr(info, "/etc/passwd")


def japanese(package, scratch):
    tiny_models.argos(package, scratch / "again", ("zh", "ja"))


def without_a_model(package, _):
    with zipfile.ZipFile(package, "w") as file:
        file.writestr("zh_en/metadata.json", "{}")


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (half, "the archive is damaged"),
        (escaping, r"names a place outside its folder \(zh_en/\.\./\.\./\.\./evil\.txt\); it is not unpacked"),
        (linking, r"has a link in it \(zh_en/link\)"),
        (japanese, "translates from zh into ja, not from Chinese into English"),
        (without_a_model, "it is no CTranslate2 model: it has no model.bin; it holds metadata.json"),
    ],
)
def test_a_bad_package_is_told_and_leaves_nothing(harm, told, tmp_path):
    package = tiny_models.argos(tmp_path / "zh_en.argosmodel", tmp_path / "scratch")
    harm(package, tmp_path)
    with pytest.raises(EngineError, match=told):
        engine_of(package)
    assert not [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert not list(tmp_path.rglob("evil.txt"))


def test_a_package_is_unpacked_once(tmp_path):
    package = tiny_models.argos(tmp_path / "zh_en.argosmodel", tmp_path / "scratch")
    assert not ready("ctranslate2", {"model": str(package)})
    assert not (tmp_path / "cache").exists()
    place = families.unpacked(package)
    before = (place / "metadata.json").stat().st_mtime_ns
    moved = package.rename(tmp_path / "other.argosmodel")
    assert families.unpacked(moved) == place
    assert (place / "metadata.json").stat().st_mtime_ns == before


def test_a_file_that_is_no_archive_is_told(tmp_path):
    (tmp_path / "model.gguf").write_bytes(b"x")
    assert "a model is a folder, or an .argosmodel" in ready("ctranslate2", {"model": str(tmp_path / "model.gguf")})
