import lzma
import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.engines import builtin, informal, open_engine, rare, rare_build
from translator.meter import Meter
from translator.model import Job, JobTerm, Span
from translator.text import dictionary as cedict
from translator.text import fold
from translator.text.literals import Literal

LICENSE = rare.TABLE.with_suffix(".LICENSE")
ROOT = Path(rare.__file__).parents[2]
LINES = [line.split("\t") for line in rare.TABLE.read_text("utf-8").splitlines()]
KNOWN = {word: english for word, english, *_ in LINES}


def found(text):
    return {each.span.of(text): each.wanted for each in rare.find(text)}


def test_the_table_is_in_order():
    words = [word for word, *_ in LINES]
    assert words == sorted(set(words))
    assert {tuple(kind) for _, _, *kind in LINES} <= {(), ("hint",)}
    assert all(re.fullmatch("[\u3400-\u9fff]{2,8}", word) and fold(word) == word for word in words)
    assert rare.TABLE.stat().st_size <= 1_500_000


def test_the_table_holds_phrases_not_explanations():
    wrong = [line for line in LINES if not re.fullmatch(r"[A-Za-zÀ-ÿ0-9'.-]+(?: [A-Za-zÀ-ÿ0-9'.-]+){0,3}", line[1])]
    assert not wrong
    said = re.compile(
        r"^(?:to|an?(?! (?:little|few|lot))|be) |\b(?:sb|sth|etc|variant|surname|classifier|see|or|one's)\b|[(),;:/]"
    )
    assert not [line for line in LINES if said.search(line[1])]


def test_frequent_words_get_no_hints():
    words = "我们 数据 模型 训练 学习 使用 函数 参数 文件 如果 可以 问题 系统 设置 服务 网络 代码 学习率"
    assert not [word for word in words.split() if found(word)]


def test_the_licence_stands_beside_the_table_and_is_packaged():
    said = LICENSE.read_text("utf-8")
    assert "CC-CEDICT" in said
    assert "https://creativecommons.org/licenses/by-sa/4.0/" in said
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert "CC-BY-SA-4.0" in pyproject["project"]["license"]
    assert LICENSE.relative_to(ROOT).as_posix() in pyproject["project"]["license-files"]
    packaged = pyproject["tool"]["setuptools"]["package-data"]["translator"]
    for path in (LICENSE, rare.TABLE):
        assert any(fnmatch(path.relative_to(ROOT / "translator").as_posix(), pattern) for pattern in packaged)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("鲸鱼和海豚都是哺乳动物。", {"鲸鱼": "whale", "海豚": "dolphin", "哺乳动物": "mammal"}),
        ("亞里士多德是柏拉圖的學生。", {"亞里士多德": "Aristotle", "柏拉圖": "Plato"}),
        ("<t1>线粒体</t1>是细胞的工厂。", {"线粒体": "mitochondrion"}),
        ("域名和服务器都要检查。", {}),
        ("我们训练一个模型。", {}),
        ("", {}),
    ],
)
def test_words_are_found_whole(text, words):
    assert words.items() <= found(text).items()
    assert bool(found(text)) is bool(words)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="郑和平服务器海豚鱼在湖里的a1，<t1>", max_size=24))
def test_what_is_found_is_disjoint_and_in_the_table(text):
    end = 0
    for each in rare.find(text):
        assert each.span.start >= end
        end = each.span.end
        assert KNOWN[fold(each.span.of(text))] == each.wanted


def test_names_and_unseen_words_must_come_back_verbs_need_not():
    kinds = {each.span.of(text): type(each) for text in ("郑和看海豚。", "他在诈骗。") for each in rare.find(text)}
    assert kinds["郑和"] is kinds["海豚"] is Literal
    assert kinds["诈骗"] is not Literal


def test_a_term_goes_before():
    job = Job("海豚很聪明。", (JobTerm(Span(0, 2), "Dolphin DB"),))
    ask = builtin._ask(job, Span(0, len(job.text)))
    assert [hint.wanted for hint in ask.hints if hint.span == Span(0, 2)] == ["Dolphin DB"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("鲸鱼和海豚都是哺乳动物，不是鱼。", "whale dolphin mammal"),
        ("亚里士多德是柏拉图的学生。", "aristotle plato"),
        ("首尔和曼谷的股市双双下跌。", "seoul bangkok"),
    ],
)
def test_the_engine_says_them(text, said):
    ((_, answer),) = open_engine("builtin").draft([Job(text)], Meter())
    assert all(word in answer.candidates[0].text.lower() for word in said.split())


CEDICT = """\
# a comment
蝙蝠 蝙蝠 [bian1 fu2] /(zoology) bat/
亞里士多德 亚里士多德 [Ya4 li3 shi4 duo1 de2] /Aristotle (384-322 BC), Greek philosopher/
福建 福建 [Fu2 jian4] /see 福建省[Fu2 jian4 Sheng3]/
福建省 福建省 [Fu2 jian4 Sheng3] /Fujian province (Fukien) in east China, capital Fuzhou 福州[Fu2 zhou1]/
村上春樹 村上春树 [Cun1 shang4 Chun1 shu4] /MURAKAMI Haruki (1949-), Japanese novelist and translator/
西遊記 西游记 [Xi1 you2 ji4] /"Journey to the West", a Ming dynasty novel/
劍橋大學 剑桥大学 [Jian4 qiao2 Da4 xue2] /University of Cambridge/
絲綢之路 丝绸之路 [Si1 chou2 zhi1 Lu4] /the Silk Road/
迫在眉睫 迫在眉睫 [po4 zai4 mei2 jie2] /pressing in on one's eyelashes (idiom); imminent/
焦頭爛額 焦头烂额 [jiao1 tou2 lan4 e2] /lit. badly burned about the head (idiom)/fig. hard-pressed; under pressure/
失眠 失眠 [shi1 mian2] /to suffer from insomnia/
孕婦 孕妇 [yun4 fu4] /pregnant woman/
湖里 湖里 [Hu2 li3] /Huli District of Xiamen city/
汝 汝 [ru3] /thou (literary)/
爾等 尔等 [er3 deng3] /you all (literary)/
小張 小张 [Xiao3 Zhang1] /surname Xiao/
走後門 走后门 [zou3 hou4 men2] /to gain influence through back door connections of every sort/
台風 台风 [tai2 feng1] /stage presence, poise/
颱風 台风 [tai2 feng1] /typhoon/
上揚 上扬 [shang4 yang2] /(of prices) to rise/
一點點 一点点 [yi1 dian3 dian3] /a little bit/
開刀 开刀 [kai1 dao1] /(of a surgeon) to operate on sb/
"""


@pytest.fixture
def entries():
    return cedict.read(CEDICT.splitlines())


@pytest.mark.parametrize(
    ("word", "english", "kind"),
    [
        ("蝙蝠", "bat", "word"),
        ("亚里士多德", "Aristotle", "name"),
        ("福建", "Fujian", "name"),
        ("村上春树", "Murakami Haruki", "name"),
        ("西游记", "Journey to the West", "name"),
        ("剑桥大学", "University of Cambridge", "name"),
        ("丝绸之路", "Silk Road", "name"),
        ("迫在眉睫", "imminent", "idiom"),
        ("焦头烂额", "hard-pressed", "idiom"),
        ("失眠", "suffer from insomnia", "verb"),
        ("上扬", "rise", "verb"),
        ("一点点", "a little bit", "word"),
        ("台风", "typhoon", "word"),  # the lexicon knows which of two
    ],
)
def test_glosses_become_phrases(entries, word, english, kind):
    assert rare_build.choose(entries, word) == (word, english, kind)


@pytest.mark.parametrize("word", ["湖里", "汝", "尔等", "小张", "走后门", "开刀", "不在"])
def test_what_is_no_phrase_is_left_out(entries, word):
    assert rare_build.choose(entries, word) is None


@pytest.mark.parametrize(
    ("kind", "times", "line"),
    [
        ("word", 0, "蝙蝠\tbat"),
        ("word", 10, "蝙蝠\tbat\thint"),
        ("word", 30, ""),
        ("verb", 0, "蝙蝠\tbat\thint"),
        ("verb", 3, ""),
    ],
)
def test_the_oftener_seen_the_looser(kind, times, line):
    row = rare_build.Row("蝙蝠", "bat", kind)
    assert "".join(rare_build.rows([row], {"蝙蝠": times})) == line


def test_words_are_counted_as_they_are_cut():
    times = rare_build.count(["和服务器说话", "她穿和服。", "红烧肉与紅燒肉", "没有"], ["和服", "红烧肉", "蝙蝠"])
    assert [times[word] for word in ("和服", "红烧肉", "蝙蝠")] == [1, 2, 0]


def test_the_table_is_built_the_same_each_time(tmp_path):
    pairs, dictionary, out = tmp_path / "pairs.tsv.xz", tmp_path / "cedict.u8", tmp_path / "out.tsv"
    lines = ["蝙蝠会飞。\tBats fly.\tx\t"] * 12 + ["孕妇。孕妇。\tx\tx+p\t"] * 40
    pairs.write_bytes(lzma.compress("\n".join(lines).encode()))
    dictionary.write_text(CEDICT, "utf-8")
    assert rare_build.main([str(pairs), str(dictionary), str(out)]) == 0
    first = out.read_text("utf-8")
    assert "蝙蝠\tbat\thint\n" in first
    assert "孕妇\tpregnant woman\n" in first  # paragraphs repeat sentences, and do not count
    assert first.splitlines() == sorted(first.splitlines())
    assert rare_build.main([str(pairs), str(dictionary), str(out)]) == 0
    assert out.read_text("utf-8") == first
    assert rare_build.main([]) == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("这个行业的内卷很严重。", {"内卷": "cutthroat competition"}),
        ("层内卷积的计算", {}),
        ("打上电脑补丁", {}),
        ("学校招生", {}),
        ("阶段子任务", {}),
        ("跑路由协议", {}),
        ("网红推荐", {"网红": "influencer"}),
        ("网红外线", {}),
    ],
)
def test_informal_words_do_not_reach_across_words(text, words):
    assert {each.span.of(text): each.wanted for each in informal.find(text)} == words
