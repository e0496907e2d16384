"""Characters keep their places; words are Jieba's; names are spelled as in China."""

import logging
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.text import boundaries, cut, fold, frequency, has_han, is_han, pinyin, syllables, width


@given(st.text())
def test_fold_keeps_length_and_is_idempotent(text):
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@given(st.text(), st.text())
def test_fold_looks_at_one_character_at_a_time(left, right):
    assert fold(left + right) == fold(left) + fold(right)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("機器學習", "机器学习"),
        ("ＭＸＮｅｔ　１．０", "mxnet 1.0"),
        ("ÄÖÜß", "äöüß"),
        ("⽔⽊", "水木"),
        ("CUDA核", "cuda核"),
        ("İ", "İ"),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(("text", "cells"), [("你好a", 5), ("é", 1), ("e\u0301", 1), ("（", 2), ("\u200b", 0), ("", 0)])
def test_width(text, cells):
    assert width(text) == cells


def test_what_is_chinese():
    assert all(map(is_han, "你々〇㐀𠀀"))
    assert not any(map(is_han, "aA1，。ー가あ "))
    assert has_han("a你")
    assert not has_han("a，")


@settings(deadline=None)  # the first call reads the dictionary
@given(
    st.text(alphabet="学习深度神经网络的mxNet 1.，😀\n", max_size=30),
    st.sets(st.sampled_from(["度神", "学习深", "mxnet的"])),
)
def test_cut_is_a_partition(text, extra):
    assert "".join(cut(text, extra)) == text
    edges = [0]
    for word in cut(text, extra):
        edges.append(edges[-1] + len(word))
    assert boundaries(text, frozenset(extra)) == set(edges)


@pytest.mark.parametrize(
    ("text", "extra", "words"),
    [
        ("名词元素", [], ["名词", "元素"]),
        ("名词元素", ["词元"], ["名词", "元素"]),
        ("跟沐神学习", ["沐神"], ["跟", "沐神", "学习"]),
        ("用MXNet1.0做", [], ["用", "MXNet1", ".", "0", "做"]),
        ("機器翻譯很好", [], ["機器翻譯", "很", "好"]),
    ],
)
def test_cut(text, extra, words):
    assert cut(text, extra) == words


def test_extra_words_live_for_one_call():
    cut("跟沐神学习", ["沐神"])
    assert frequency("沐神") == 0
    assert frequency("学习") > 0


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("王小明", "Wang Xiaoming"),
        ("李沐", "Li Mu"),
        ("欧阳修", "Ouyang Xiu"),
        ("曾国藩", "Zeng Guofan"),
        ("单雄信", "Shan Xiongxin"),
        ("張學友", "Zhang Xueyou"),
        ("吕布", "Lü Bu"),
        ("张西安", "Zhang Xi'an"),
        ("尉迟恭", "Yuchi Gong"),
        ("杰弗里·辛顿", "Jie Fuli Xin Dun"),
        ("Tom", "Tom"),
    ],
)
def test_pinyin(name, spelled):
    assert pinyin(name) == spelled


def test_syllables():
    assert syllables("沐神ok") == ["mu", "shen"]


def test_a_cold_start_says_nothing_and_a_broken_cache_is_built_again(tmp_path):
    code = "from translator.text import cut; print(cut('名词元素'))"
    for _ in range(3):
        run = subprocess.run(
            [sys.executable, "-c", code],
            env={"XDG_CACHE_HOME": str(tmp_path), "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stdout == "['名词', '元素']\n"
        assert run.stderr == ""
        kept = [*(tmp_path / "duizhao").iterdir()]
        assert len(kept) == 2
        for table in kept:
            table.write_bytes(table.read_bytes()[:100])


def test_jieba_is_left_alone():
    cut("名词元素")
    assert "jieba" not in sys.modules or not sys.modules["jieba"].dt.initialized
    assert logging.getLogger("jieba").level in {logging.NOTSET, logging.DEBUG}
