"""What is kept in the cache folder is whole, or built again."""

import os
import unicodedata

import pytest

from translator.text import cut, frequency, words
from translator.text.stored import stored


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: tmp_path / "cache")
    return tmp_path / "cache"


def _once(table=b"a table"):
    builds = []

    def build():
        builds.append(1)
        return table

    return build, builds


def _place(cache):
    (path,) = cache.iterdir()
    return path


def test_a_table_is_built_once(cache):
    build, builds = _once()
    assert [stored("t", (), build), stored("t", (), build)] == [b"a table"] * 2
    assert len(builds) == 1
    assert [path.name for path in cache.iterdir()] == [f"t-{unicodedata.unidata_version}"]


def test_another_version_of_a_library_is_another_table(cache, monkeypatch):
    build, builds = _once()
    for version in ("1.0", "1.1", "1.0"):
        monkeypatch.setattr("importlib.metadata.version", lambda _, version=version: version)
        stored("t", ("jieba",), build)
    assert len(builds) == len([*cache.iterdir()]) == 2


@pytest.mark.parametrize("harm", [b"", b"abc", b"abcd", b"abcdefgh" * 5], ids=["empty", "short", "sum", "other"])
def test_a_damaged_table_is_built_again(cache, harm):
    build, builds = _once()
    stored("t", (), build)
    _place(cache).write_bytes(harm)
    assert [stored("t", (), build), stored("t", (), build)] == [b"a table"] * 2
    assert len(builds) == 2


def test_every_changed_byte_is_noticed(cache):
    build, builds = _once()
    stored("t", (), build)
    whole = _place(cache).read_bytes()
    for at in range(len(whole)):
        _place(cache).write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert stored("t", (), build) == b"a table"
    assert len(builds) == 1 + len(whole)


def test_a_folder_that_cannot_be_made_is_no_error(cache):
    cache.write_text("a file stands in the way")
    build, builds = _once()
    assert [stored("t", (), build), stored("t", (), build)] == [b"a table"] * 2
    assert len(builds) == 2


@pytest.mark.skipif(os.name == "nt", reason="a file that is read can't be replaced there")
def test_the_words_are_the_same_built_and_read():
    text = "追求速度极致的开发者通常使用C++来实现深度神经网络。"
    said = []
    for _ in range(2):
        words._dictionary.cache_clear()
        said.append((cut(text), frequency("开发者"), frequency("沐神")))
    words._dictionary.cache_clear()
    assert said[0] == said[1]
    assert said[0][1] > 0 == said[0][2]


def test_no_word_is_longer_than_is_looked_for():
    assert max(map(len, words._dictionary().words)) < words.LONGEST
