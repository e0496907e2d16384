"""The lexicon's file: built from a table, read where it lies, and the one that ships."""

import lzma
import random

import pytest

from translator.align.build import choose, main, pack, read
from translator.align.english import normal, words
from translator.align.lexicon import PACKAGED, Lexicon

TABLE = """\
小 批量	minibatch	.4	.6	.6	.8	105	0-0 1-0
小 批量	minibatches	.1	.4	.2	.8	33	0-0 1-0
小 批量	the minibatch	.05	.5	.2	.8	13	0-1 1-1
小 批量	small batch	.02	.4	.001	.003	6	0-0 1-1
小 批量	, batch	.02	.4	.001	.003	60	0-0 1-1
批量	batch	.8	.2	.5	.5	300	0-0
批量	bulk	.1	.9	.5	.5	40	0-0
的 批量	batch	.8	.2	.5	.5	300	0-0
模式	pattern	.9	.9	.5	.5	100	0-0
样式	pattern	.1	.1	.5	.5	9	0-0
數據	data	.9	.9	.5	.5	7	0-0
随机 梯度 下降	stochastic gradient descent	1	1	.5	.5	2	0-0 1-1 2-2
大神	guru	1	1	1	1	1	0-0
一 两	one or two	1	1	.5	.5	1	0-0
𠀀 字	rare word	1	1	.5	.5	9	0-0 1-1
"""


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "phrases.tsv.xz"
    path.write_bytes(lzma.compress(TABLE.encode()))
    return path


@pytest.fixture
def lexicon(table, tmp_path):
    assert main([str(table), str(tmp_path / "out.bin")]) == 0
    return Lexicon(tmp_path / "out.bin")


def said(lexicon, word):
    return [lexicon.phrase(known.place) for known in lexicon.renderings(word)]


def test_a_table_is_read_back(lexicon):
    assert said(lexicon, "小批量") == ["minibatch", "small batch"]
    assert said(lexicon, "批量") == ["batch", "bulk"]
    assert said(lexicon, "大神") == ["guru"]
    assert said(lexicon, "𠀀字") == ["rare word"]
    assert said(lexicon, "数据") == ["data"]


def test_what_says_nothing_or_was_hardly_seen_is_left_out(lexicon):
    assert said(lexicon, "的批量") == said(lexicon, "随机梯度下降") == said(lexicon, "一两") == []
    assert lexicon.place(normal("the minibatch")) == lexicon.place(normal("one or two")) == -1


def test_probabilities_are_shares_of_what_is_kept(lexicon):
    first, second = lexicon.renderings("批量")
    assert first.forward == pytest.approx(299.5 / 340, rel=0.03)
    assert second.backward == pytest.approx(39.5 / 40, rel=0.03)


def test_inflections_are_one_rendering(lexicon):
    place = lexicon.place(normal("mini-batches"))
    assert lexicon.phrase(place) == "minibatch"
    assert lexicon.place(normal("small-batches")) == lexicon.place(normal("small batch")) > -1


def test_an_english_word_knows_its_chinese_ones(lexicon):
    assert lexicon.origins(lexicon.place("pattern")) == ["模式", "样式"]


def test_the_same_table_gives_the_same_bytes(table, tmp_path):
    lines = TABLE.splitlines(keepends=True)
    random.Random(3).shuffle(lines)  # noqa: S311  # no secret
    main([str(table), str(tmp_path / "one.bin")])
    assert pack(*choose(read(lines))) == (tmp_path / "one.bin").read_bytes()


def test_another_file_is_no_lexicon(tmp_path):
    path = tmp_path / "other.bin"
    path.write_bytes(b"something else, and longer than the head of a lexicon")
    with pytest.raises(ValueError, match="no lexicon"):
        Lexicon(path)


def test_the_program_says_how_it_is_called(capsys):
    assert main([]) == 2
    assert "PHRASES.tsv.xz" in capsys.readouterr().err


def test_the_one_that_ships_is_small_and_has_its_sources_beside_it():
    assert PACKAGED.stat().st_size <= 8_000_000
    sources = [line.split("\t") for line in (PACKAGED.parent / "sources.tsv").read_text("utf-8").splitlines()[1:]]
    card = (PACKAGED.parent / "CARD.md").read_text("utf-8")
    assert len(sources) == 39
    assert all(f"| {source} | {repository} | {licence} |" in card for source, repository, _, licence, *_ in sources)
    assert f"{PACKAGED.stat().st_size / 1e6:.1f} MB" in card


@pytest.mark.parametrize(
    ("forms", "stem"),
    [
        ("model models model's modelling modeled", "model"),
        ("converge converges converged converging", "converg"),
        ("batch batches batched batching", "batch"),
        ("query queries queried", "query"),
        ("GPU GPUs gpu", "gpu"),
        ("embed embedding embedded", "embed"),
        ("class classes", "clas"),
        ("analysis", "analysis"),
        ("speed", "speed"),
    ],
)
def test_forms_of_one_word_share_a_stem(forms, stem):
    assert {word.stem for word in words(forms)} == {stem}


def test_words_stand_where_they_stand():
    text = "Use tf.data, the plug-in's `my_list`, C++ and MXNet 1.0."
    found = [text[word.start : word.end] for word in words(text)]
    assert found == ["Use", "tf.data", "the", "plug", "in", "my_list", "C++", "and", "MXNet", "1.0"]
    assert [text[word.start : word.end] for word in words(text) if word.is_small] == ["the", "and"]
