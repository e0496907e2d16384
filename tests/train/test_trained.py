"""Models outside the package: found by name or folder, refused where they are not whole."""

import shutil

import pytest

from translator.engines import open_engine, ready, trained
from translator.engines.builtin import FILES, FOLDER
from translator.errors import EngineError
from translator.meter import Meter
from translator.model import Job


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    if trained.home().is_relative_to(tmp_path):
        return
    pytest.skip("this system keeps a user's data where no variable says")


def copied(folder):
    for name in FILES:
        shutil.copyfile(FOLDER / name, folder / name)


def kept(name="mine"):
    trained.keep(trained.place_of(name), copied, {"epoch": 3})
    return trained.home() / name


def test_a_model_that_is_kept_is_found_by_its_name_and_answers():
    folder = kept()
    assert trained.find("mine", FILES) == folder
    assert ready("builtin", {"model": "mine"}) == ""
    engine = open_engine("builtin", {"model": str(folder)})
    ((_, answer),) = engine.draft([Job("机器学习。")], Meter())
    assert answer.candidates


def test_a_model_takes_the_place_of_the_one_before_and_leaves_nothing_beside():
    kept()
    kept()
    assert [path.name for path in trained.home().iterdir()] == ["mine"]


def test_one_that_cannot_be_written_leaves_the_one_before():
    folder = kept()
    before = (folder / "duizhao.json").read_bytes()

    def broken(new):
        copied(new)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trained.keep(folder, broken, {})
    assert (folder / "duizhao.json").read_bytes() == before
    assert [path.name for path in trained.home().iterdir()] == ["mine"]


@pytest.mark.parametrize("name", FILES)
def test_one_that_was_changed_or_lacks_a_file_is_refused_with_the_way_out(name):
    folder = kept()
    data = bytearray((folder / name).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / name).write_bytes(data)
    assert "is not what was written; train the model again" in ready("builtin", {"model": "mine"})
    (folder / name).unlink()
    assert f"lacks {name}" in ready("builtin", {"model": "mine"})


def test_what_is_not_there_is_said():
    assert "`duizhao train --name NAME` makes one" in ready("builtin", {"model": "nobody"})
    assert "`duizhao train --name NAME` makes one" in ready("builtin", {"model": "/no/such/place"})


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden"])
def test_names_are_names(name):
    with pytest.raises(EngineError, match="cannot be called"):
        trained.place_of(name)
