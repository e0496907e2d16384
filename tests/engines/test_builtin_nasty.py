"""Whatever the builtin engine is asked: it answers or says that it cannot, marks are whole, and nothing is empty."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from translator.engines import marks, open_engine
from translator.meter import Meter
from translator.model import Job

NASTY = [
    "",
    " ",
    "我",
    "嗯。",
    "哈哈哈哈哈",
    "哈" * 90,
    "好好好好好好好好好好，真的真的真的真的真的真的",
    "……",
    "？？？！！！",
    "😀😀😀",
    "😀很好🎉🎉",
    "<x1>",
    "<x1><x2><x3>",
    "<t1></t1>",
    "<t1><t2><t3>深</t3></t2></t1>",
    "<t1>一</t1><t2>二</t2><t3>三</t3><t4>四</t4><t5>五</t5><t6>六</t6>",
    "<t1>我们<x2>使用</t1><x3><t4>模型<x5><x6></t4>。",
    "我" + "<x1>" + "们" * 40 + "<x2>。",
    "由于我们的模型在训练的时候需要读取大量的数据而且每次读取都要花费很长的时间" * 11,
    "模型 " * 1000,
    "这个概念由Apache <t1>Foundation提出<x2>；所有的</t1>Apache 项目<x3>都<t4>是</t4>。",
    "哈哈哈哈2024 年ab……202<x2>4 年型模<b😀/`<t4><x1><t3>x`</t3>，模型三分之一<x5></t4>3 万",
    "模型，" * 300,
    "，".join(f"<x{n}>" for n in range(1, 60)) + "都是参数",
    "学而时习之，不亦说乎？有朋自远方来，不亦乐乎？",
    "落霞与孤鹜齐飞，秋水共长天一色。",
    "這個模型的學習率設得太高了，請調低一點。",
    "𠮷野家𡃁仔",
    "これは日本語です和中文",
    "한국어와中文",
    "Привет，世界。",
    "用<hint>模型<is>model</hint>标签",
    "</hint><is><hint>",
    "输入 <x 1> 和 <tt> 还有 </t> 的意思",
    "见 https://example.com/" + "a/" * 300 + "?q=1 的说明。",
    "a" * 500 + "的意思",
    "0" * 200 + "个",
    "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20 都是数",
    "ａｂｃ，１２３。",
    "第一第二第三第四第五第六第七第八第九第十",
    "一二三四五六七八九十百千万亿",
    "\u200b\u200b中\u200b文\ufeff",
    "中\u0301文\u202e反过来",
    "（（（（（（（（（（中文））））））））））",
    "\\\\\\$$$中文$$$",
    "的",
    "的的的的的的的的的的的的的的的的的的的的",
    "不不不不不不",
    "啊啊啊啊啊啊啊啊啊啊啊啊啊啊啊啊啊啊啊！！！！！！！！",
    "666666，23333333",
    "2333333333333333333333333333333333 笑死我了",
]


@pytest.fixture(scope="module")
def answers():
    """Give the answers to all of it, asked at once."""
    return dict(zip(NASTY, answer(NASTY), strict=True))


def answer(texts):
    return [each for _, each in sorted(open_engine("builtin").draft([Job(text) for text in texts], Meter()))]


def is_whole(text, answer):
    """Tell whether all candidates say something, with the marks of the text."""
    said = [each.text for each in answer.candidates]
    return all(marks.are_kept(text, each) and (each.strip() or not text.strip()) for each in said)


@pytest.mark.parametrize("text", NASTY, ids=lambda text: text[:20])
def test_nasty_texts_are_answered(text, answers):
    assert answers[text].candidates, answers[text].error
    assert is_whole(text, answers[text])
    assert all(len(each.text) < 60 + 12 * len(text) for each in answers[text].candidates)


FRAGMENTS = st.one_of(
    st.sampled_from(
        [
            *(
                "模型",
                "哈哈哈哈",
                "不",
                "的",
                "學習",
                "之乎者也",
                "一",
                "3 万",
                "2024 年",
                "三分之一",
                "零下",
                "第",
                "百分之",
                "，",
                "。",
            ),
            *(
                "？",
                "……",
                " ",
                "GPU",
                "a_b",
                "-1",
                "3~5",
                "😀",
                "<hint>",
                "<is>",
                "\u200b",
                "́",
                "`x`",
                "$x$",
                "C:\\x",
                "/a/b",
            ),
        ]
    ),
    st.text(alphabet="我们的模型训练，。ab1２<>x/😀é\u3000", max_size=6),
)


@st.composite
def nasty(draw):
    """Make a text of odd fragments, with tags and holes that are balanced."""
    pieces = draw(st.lists(FRAGMENTS, max_size=14))
    text = "".join(marks.MARK.sub("", piece) for piece in pieces)
    text = marks.MARK.sub("", text)
    for number in range(1, draw(st.integers(0, 6)) + 1):
        places = [0, *(found.end() for found in re.finditer(r"<[^<>]*>|[^<>]", text))]
        start = draw(st.sampled_from(places))
        new = f"{text[:start]}<x{number}>{text[start:]}"
        if draw(st.booleans()):
            end = draw(st.sampled_from([place for place in places if place >= start]))
            new = f"{text[:start]}<t{number}>{text[start:end]}</t{number}>{text[end:]}"
        if marks.are_nested(new) and len(marks.MARK.findall(new)) > len(marks.MARK.findall(text)):
            text = new
    return text


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(nasty(), min_size=1, max_size=24))
def test_whatever_is_asked_marks_are_whole_and_nothing_is_empty(texts):
    for text, each in zip(texts, answer(texts), strict=True):
        assert bool(each.candidates) != bool(each.error)
        assert is_whole(text, each), text
