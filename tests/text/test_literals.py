import pytest

from translator.text import literals
from translator.text.literals import chinese_number, find, invented, is_present, lost, mend, quantity

FOUND = """
mxnet最近几个月（2017/09起） | mxnet 2017/09
2/9/2018更新！ | 2/9/2018
发布于2018-02-01 12:19:44。 | 2018-02-01 12:19:44
会议在12:30开始 | 12:30
快40%，少了一半 | 40%
训练时间少了三成半，三成功 | 35%
快40 % | 40%
误差为3‰ | 3‰
占50％ | 50%
百分之四十 | 40%
百分之3.5 | 3.5%
百分之一百 | 100%
卖了3万台 | 30,000
3.5万 | 35,000
1.2万个star | 12,000 star
2,000万 | 20 million
8百万 | 8 million
3千 | 3,000
收入1.5亿元 | 150 million yuan
1.5亿 | 150 million
12亿 | 1.2 billion
1.2万亿 | 1.2 trillion
3万美元 | 30,000 dollars
100元 | 100 yuan
30块钱 | 30 yuan
2元组 | 2
1亿像素 | 100 million
一万 | 10,000
一百万 | 1 million
三十五个人 | 35
两千三百 | 2,300
一千零一夜 | 1,001
十五 | 15
万一 |
十分 |
十几个 |
七八十 |
千万不要 |
三分之一 | one third
四分之三 | three quarters
二分之一 | one half
于2015年九月面世 | September 2015
2015年9月1日 | September 1, 2015
2015年 | 2015
16年年底 | 2016
17年九月份开始 | September 2017
98年12月 | December 1998
二〇一五年 | 2015
一九九八年 | 1998
20年的经验 | 20
5月3日 | May 3
五月三号 | May 3
9月份 | September
三月底 | March
3个月 | 3
第3章 | 3
1,000个 | 1,000
v1.5发布了 | v1.5
Python 3.11和`a b` | Python 3.11 `a b`
DMLC: Deep Machine Learning in Common | DMLC Deep Machine Learning in Common
xgboost,nnvm,ps-lite | xgboost nnvm ps-lite
类似matlab/numpy.ndarray/ | matlab/numpy.ndarray
C++分布式、C#和.NET | C++ C# .NET
torch.tensor。独有 | torch.tensor
GPU卡 | GPU
I/O | I/O
16GB显存 | 16GB
3D模型 | 3D
加上--verbose参数 | --verbose
调用foo()或std::vector | foo() std::vector
见https://d2l.ai/a?b=1。 | https://d2l.ai/a?b=1
写信到me@example.com | me@example.com
用<hint>标签 | <hint>
<t1>MXNET</t1>和<x2> | MXNET
没有什么 |
""".strip().splitlines()


@pytest.mark.parametrize("line", FOUND)
def test_a_literal_is_written_as_english_writes_it(line):
    text, _, wanted = line.partition(" |")
    assert " ".join(each.wanted for each in find(text)) == wanted.strip()


@pytest.mark.parametrize(
    ("source", "english"),
    [
        ("快40%", "40 percent faster"),
        ("少了三成", "down three tenths"),
        ("3万", "30 thousand"),
        ("3万", "30000"),
        ("3万", "30k"),
        ("1.5亿元", "¥150 million"),
        ("第3章", "the third chapter"),
        ("2个", "two of them"),
        ("三分之一", "a third"),
        ("5月3日", "3 May"),
        ("多GPU卡", "several GPUs"),
        ("mxnet", "mxnet, of course"),
    ],
)
def test_other_renderings_are_accepted(source, english):
    assert not lost(find(source), english)


@pytest.mark.parametrize(
    ("source", "english"),
    [
        ("快40%", "faster"),
        ("1个", "10 of them"),
        ("2.5倍", "5 times"),
        ("MXNET", "toMXNET"),
        ("MXNET", "mxnet"),
        ("CXXNET", "CXXXNET"),
        ("MXNET与MXNET", "MXNET"),
        ("3万", "3 million"),
    ],
)
def test_a_lost_literal_is_noted(source, english):
    assert lost(find(source), english)


@pytest.mark.parametrize(
    ("source", "said", "mended"),
    [
        ("介绍下MXNET", "Introduction toMXNET", "Introduction to MXNET"),
        ("比cxxnet快", "faster thancxxnet", "faster than cxxnet"),
        ("DMLC的CXXNET", "DMLC'sCXXNET", "DMLC's CXXNET"),
        ("CXXNET", "The CXXXNET", "The CXXNET"),
        ("mxnet", "Use MXNet.", "Use mxnet."),
        ("net", "The internet", "The internet"),
        ("xgboost,nnvm", "xgboost,nnvm", "xgboost, nnvm"),
        ("1,000", "1,000", "1,000"),
    ],
)
def test_plain_slips_are_mended(source, said, mended):
    assert mend(find(source), said) == mended


def test_numbers_from_nowhere_are_counted():
    assert invented(find("3万台GPU"), "30,000 GPUs in 2019, <x1>") == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [("十", 10), ("二十", 20), ("一百零五", 105), ("三千万", 30_000_000), ("七八十", None), ("", None)],
)
def test_chinese_numerals_are_read(text, value):
    assert chinese_number(text) == value


@pytest.mark.parametrize(
    ("value", "text"), [(999, "999"), (12_000, "12,000"), (1.5e8, "150 million"), (2e9, "2 billion"), (0.5, "0.5")]
)
def test_quantities_are_written(value, text):
    assert quantity(value) == text


def test_every_rule_has_an_example():
    seen = set()
    for line in [*FOUND, "<t1>"]:
        seen |= {found.lastgroup for found in literals._ALL.finditer(line.partition(" |")[0])}
    assert seen == set(literals.RULES)


def test_spans_are_where_the_literals_stand():
    text = "在2015年，MXNET快40%"
    assert [each.span.of(text) for each in find(text)] == ["2015年", "MXNET", "40%"]
    assert is_present(find(text)[2], "40%")
