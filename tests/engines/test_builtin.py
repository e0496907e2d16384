import re
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.engines import builtin, informal, marks, open_engine, replace
from translator.engines.ask import HAN, Ask, Hint, is_sane, restore
from translator.engines.decoder import Decoding
from translator.errors import EngineError
from translator.meter import Meter
from translator.model import Job, JobTerm, Span
from translator.text import literals, names


@pytest.fixture(scope="module")
def engine():
    return open_engine("builtin")


def say(engine, text, **terms):
    found = [(m.start(), JobTerm(Span(*m.span()), en)) for zh, en in terms.items() for m in re.finditer(zh, text)]
    ((_, answer),) = engine.draft([Job(text, tuple(term for _, term in sorted(found)))], Meter())
    assert answer.candidates, answer.error
    return answer.candidates[0].text


@pytest.mark.parametrize(
    "text",
    [
        "<t1>MXNET</t1>的前身就是<t2>CXXNET</t2>。",
        "<t12>机器学习</t12>能从<x40>中学习。",
        "<t1>这是<t2>非常</t2>重要的</t1>。",
        "<x1>",
        "<t1></t1>你好",
        "见<x1>、<x2>和<x3>。",
        "".join(f"第<x{n}>个参数是<t{n + 20}>学习率</t{n + 20}>，" for n in range(1, 13)) + "最后返回。",
        "".join(f"<x{n}>" for n in range(1, 15)) + "好",
    ],
)
def test_marks_come_back(engine, text):
    assert marks.are_kept(text, say(engine, text))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("使用<x1>函数可以打开<x2>文件。", {"<x1>": "`open()`", "<x2>": "`a.txt`"}),
        ("<x1>和<x2>的和是<x3>。", {"<x1>": "$x$", "<x2>": "$x$", "<x3>": "$x + x$"}),
        ("把<x1>写成<x2>。", {"<x1>": "`<x2>`", "<x2>": "`<hint>`"}),
        ("<x1>", {"<x1>": "`fit`"}),
        ("见<x3>，<t1>这里<x2></t1>有<x4>。", {"<x2>": "<https://example.org/a>", "<x3>": "<https://example.org/>"}),
        ("".join(f"函数<x{n}>和" for n in range(1, 13)) + "都在这里。", {f"<x{n}>": f"`f{n}`" for n in range(1, 13)}),
        ("值为<x1>时返回<x2>。", {"<x1>": "`" + "0" * 46 + "`", "<x2>": "`0`"}),
    ],
)
def test_marks_come_back_where_the_model_sees_what_they_stand_for(engine, text, kept):
    ((_, answer),) = engine.draft([Job(text, kept=tuple(kept.items()))], Meter())
    assert marks.are_kept(text, answer.candidates[0].text)
    assert not any(spelled in answer.candidates[0].text for spelled in kept.values())


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("目前mxnet比cxxnet快40%。", "mxnet cxxnet 40%"),
        ("DMLC的CXXNET，在技术上，CXXNET有两个亮点：", "DMLC CXXNET"),
        ("数据集一共有3万张图片。", "30,000"),
        ("公司去年的收入是1.5亿元。", "150|million|yuan"),
        ("2/9/2018更新！", "2/9/2018"),
        ("支持Python 3.11和v2.0。", "Python|3.11 v2.0"),
        ("我在2015年9月1日写的。", "September|1,|2015"),
        ("如何使用<hint>标签", "<hint>"),
    ],
)
def test_literals_come_back(engine, text, kept):
    said = say(engine, text)
    assert all(form.replace("|", " ") in said for form in kept.split())


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("我们使用梯度下降来训练模型。", {"梯度下降": "steepest descent"}),
        ("这个框架支持自动求导。", {"自动求导": "autograd"}),
        ("深盟的项目有很多。", {"深盟": "DMLC"}),
    ],
)
def test_terms_are_obeyed(engine, text, terms):
    assert all(wanted.lower() in say(engine, text, **terms).lower() for wanted in terms.values())


@pytest.mark.parametrize(
    "text", ["标签", "标题", "简单介绍下MXNET", "为什么选择MXNET？", "分类", "关于我", "参考资料", "总结"]
)
def test_short_texts_stay_short(engine, text):
    said = say(engine, text)
    assert said[0].isupper()
    assert len(said.split()) <= 6
    assert said.endswith(".") is text.endswith("。")


@pytest.mark.parametrize("text", ["", "   ", "...", "MXNET", "<x1> <x2>", "😀", "12:30"])
def test_what_has_no_chinese_stays(engine, text):
    assert say(engine, text) == text


@pytest.mark.parametrize("text", ["我😀喜欢编程。", "哈" * 90, "的的的的", "，你好", "𠮷野家", "？？？", "ａｂｃ中文"])
def test_odd_texts_are_answered_soundly(engine, text):
    ((_, answer),) = engine.draft([Job(text)], Meter())
    assert bool(answer.candidates) != bool(answer.error)
    assert all(len(each.text) < 60 + 12 * len(text) for each in answer.candidates)


def test_a_very_long_sentence_is_cut_and_joined(engine):
    text = "我们首先读取<x1>数据，" + "然后把学习率调小一点，" * 150 + "最后保存模型。"
    said = say(engine, text)
    assert "<x1>" in said
    assert said.endswith(".")
    assert len(text) < len(said) < 8 * len(text)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.text(alphabet="我们的模型训练学习数据，。？ab3<>😀", max_size=30), max_size=4))
def test_every_answer_is_english(texts):
    answers = [answer for _, answer in open_engine("builtin").draft([Job(text) for text in texts], Meter())]
    assert len(answers) == len(texts)
    for text, answer in zip(texts, answers, strict=True):
        assert not any(HAN.search(each.text) for each in answer.candidates)
        assert all(each.text for each in answer.candidates) or not text


def test_answers_come_a_window_at_a_time(engine, monkeypatch):
    monkeypatch.setattr(builtin, "WINDOW", 2)
    answers = (answer for _, answer in engine.draft([Job("你好。"), Job("标签"), Job("总结")], Meter()))
    assert next(answers).candidates
    assert [each.candidates[0].text for each in answers] == ["Tags", "Summary"]


def test_candidates_are_several_and_different(engine):
    ((_, answer),) = engine.draft([Job("机器学习能从数据中学习。")], Meter())
    said = [each.text for each in answer.candidates]
    assert 2 <= len(said) <= 4
    assert len(set(said)) == len(said)
    assert all(-10 < each.score <= 0 for each in answer.candidates)


@pytest.mark.parametrize(
    "text", ["", "我", "the the the the the the", "abababababababab", "A \ufffd", "a<is>b", "x" * 900]
)
def test_unsound_candidates_are_seen(text):
    assert not is_sane(Ask("你好"), text)


@pytest.mark.parametrize(
    ("source", "said", "mended"),
    [
        ("你好。", "hello", "Hello."),
        ("标题", "title.", "Title"),
        ("好吗？", "good.", "Good?"),
        ("如下：", "as follows.", "As follows:"),
        ("见<t1>图</t1>。", "See <t1> figure</t1>", "See <t1>figure</t1>."),
        ("见<x1>。", "See<x1>.", "See <x1>."),
        ("mxnet很好。", "mxnet is good", "mxnet is good."),
        ("填坑。", "Fill this in in.", "Fill this in."),
    ],
)
def test_slips_of_the_model_are_mended(source, said, mended):
    ask = Ask(source, literals=literals.find(source))
    assert restore(ask, {}, said) == mended


def test_a_copied_hint_does_not_stutter():
    ask = Ask("沐神说。", (Hint(Span(0, 2), "Mu Li", is_term=True),))
    assert restore(ask, {}, "Mu Li Li said.") == "Mu Li said."


def test_where_nothing_is_sound_the_answer_is_an_error(engine, monkeypatch):
    monkeypatch.setattr(engine._model, "decode", lambda sources, _: [[] for _ in sources])
    ((_, answer),) = engine.draft([Job("今天天气很好。")], Meter())
    assert answer.error
    assert not answer.candidates


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("王小明同学回答了。", "Wang Xiaoming"),
        ("张三教授表示，", "Zhang San"),
        ("由<t1>李沐</t1>主讲", "Li Mu"),
        ("高老师", ""),
        ("高兴地表示", ""),
        ("这位同学", ""),
        ("方法表示", ""),
    ],
)
def test_persons_are_spelled_where_they_are_sure(text, name):
    assert [each.wanted for each in names.find(text)] == ([name] if name else [])


def test_the_table_of_words_is_in_order():
    lines = [line for line in informal.TABLE.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert lines == sorted(set(lines))
    assert len({line.split("\t")[0] for line in lines}) == len(lines)
    assert {len(line.split("\t")) for line in lines} <= {2, 3}


def test_the_signature_names_weights_and_settings(engine):
    assert str(Decoding()) in engine.signature
    assert re.search(r"[0-9a-f]{12}", engine.signature)


def test_a_model_is_replaced_only_by_one_that_answers(tmp_path):
    place, new = tmp_path / "place", tmp_path / "new"
    shutil.copytree(builtin.FOLDER, place)
    shutil.copytree(builtin.FOLDER, new)
    assert replace.replace(new, place, "BLEU 1.0").startswith("builtin")
    assert "BLEU 1.0" in (place / "CARD.md").read_text("utf-8")
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("model-")]
    (new / "spm.model").unlink()
    with pytest.raises(EngineError, match=r"lacks spm\.model"):
        replace.replace(new, place)
    assert replace.main([]) == 2
