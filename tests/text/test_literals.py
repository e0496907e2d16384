import pytest

from translator.text.literals import chinese_number, find, invented, is_present, lost, mend, quantity
from translator.text.numerals import HALF_WIDTH
from translator.text.rules import RULES

FOUND = """
mxnet最近几个月（2017/09起） | mxnet 2017/09
2/9/2018更新！ | 2/9/2018
发布于2018-02-01 12:19:44。 | 2018-02-01 12:19:44
会议在12:30开始 | 12:30
快40%，少了一半 | 40% half
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
十几个 | more than ten
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
20年的经验 | 20 years
5月3日 | May 3
五月三号 | May 3
9月份 | September
三月底 | March
3个月 | 3 months
第3章 | Chapter 3
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
用了 10 多个 GB，还剩1,000 余 MB | more than 10 GB more than 1,000 MB
3D模型 | 3D
加上--verbose参数 | --verbose
调用foo()或std::vector | foo() std::vector
见https://d2l.ai/a?b=1。 | https://d2l.ai/a?b=1
写信到me@example.com | me@example.com
用<hint>标签 | <hint>
<t1>MXNET</t1>和<x2> | MXNET
没有什么 |
这里说 Привет мир 和 カタカナ。 | Привет мир カタカナ
每百万词元，每千人 | million thousand
4 个字节，2^10 | 4 bytes 2^10
两万五 | 25,000
两万零五 | 20,005
一千三 | 1,300
1 万 5。 | 15,000
3 万 5 千块钱 | 35,000 yuan
三点五亿 | 350 million
百分之三点五 | 3.5%
千分之三，万分之二点五 | 0.3% 0.025%
二十分之一 | 1/20
打八折，打 85 折，五折交叉验证 | 20% off 15% off
翻了一番，翻两番，翻倍 | doubled quadrupled doubled
两倍，2.5 倍，一百倍 | twice 2.5 times 100 times
一个数量级，两个数量级 | an order of magnitude two orders of magnitude
几百台，上万人，数十个，好几千，成千上万 | hundreds tens of thousands dozens thousands thousands
函数十分简单，加上百度 |
二十多个，十来个，十几亿 | more than twenty about ten more than 1 billion
三四天，七八十个，三五个，统一两个 | three or four 70 or 80 three to five
3~5 个，10-20 倍，3 到 5，三到五天，2～3 万 | 3–5 10–20 3 to 5 3 to 5 20,000–30,000
第 3-5 章 | 3–5
零下 12 度，-1，返回-0.5 | -12 degrees -1 -0.5
10月-12月 | October December
半个小时，一个半小时，两个半小时，半天 | half an hour 1.5 hours 2.5 hours half a day
120 公里，五十千米，3 斤，300 兆，四周都是 | 120 km 50 km 3 jin 300 MB
十天，两周，1 小时，一天 | 10 days 2 weeks 1 hour
二十多年 | more than 20 years
八进制，十六进制，十进制 |
两个，十种，这两个，二次函数，三次方 | 2 10
第 2 个，第一次，第一时间，第四季度，第128行 | second first fourth line 128
上世纪 90 年代，20 世纪 80 年代，21 世纪，本世纪 | the 1990s the 1980s the 21st century this century
90 年代，2010 年代，八十年代 | the 1990s the 2010s the 1980s
周三，上周五，星期天，每周三，每周三次，一周五天，周一鸣老师 | Wednesday Friday Sunday Wednesday 3 5 days
下午 3 点半，凌晨两点，上午十点二十分，下午三点一刻 | 3:30 p.m. 2 a.m. 10:20 a.m. 3:15 p.m.
3 点半，四点钟，两点建议，中午12点，晚上12点 | 3:30 4:00 12 p.m. 12 a.m.
¥99，￥1,299，$5 | ¥99 ¥1,299 $5
20 万日元，300 港币 | 200,000 yen 300 Hong Kong dollars
16 GB，44.1 kHz，20ms | 16 GB 44.1 kHz 20ms
1.9.0-rc1，CUDA 12.1+，1.2.3 | 1.9.0-rc1 CUDA 12.1+ 1.2.3
torch>=2.1.0，n=10，A=0,1 | torch>=2.1.0 n=10 A=0,1
RFC 2616 说，GPU 8 块 | RFC 2616 GPU 8
010-62781234，978-7-115-49084-8，13812345678 | 010-62781234 978-7-115-49084-8 13812345678
192.168.1.10:8080，10.0.0.0/16，2001:db8::1 | 192.168.1.10:8080 10.0.0.0/16 2001:db8::1
O(n^2)，rand(3, 4)，(64, 3)，[0, 1] | O(n^2) rand(3, 4) (64, 3) [0, 1]
3×3，224*224，16:9，2e-4，1/3 | 3×3 224*224 16:9 2e-4 1/3
/etc/hosts，~/.cache/a/，./run.sh，D:\\data，和/或 | /etc/hosts ~/.cache/a/ ./run.sh D:\\data
www.example.com/a_b?x=1 | www.example.com/a_b?x=1
#1024，@mli，C# | #1024 @mli C#
很好🎉！⚠️ | 🎉 ⚠️
１２３个，５０％，ＧＰＵ | 123 50% GPU
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
        ("3 个小时", "three long hours"),
        ("10-20 倍", "between 10 and 20 times"),
        ("这里有两个", "both of them"),
        ("¥99", "99 yuan"),
        ("下午 3 点", "3 o'clock in the afternoon"),
        ("90 年代", "the nineties"),
        ("16 GB", "16GB"),
        ("10 多个 GB", "10+ GB"),
        ("10 多个 GB", "over ten GB"),
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
        ("10 多个 GB", "10 multiple GBs"),
        ("二十多年", "twentys of years"),
        ("MXNET", "toMXNET"),
        ("MXNET", "mxnet"),
        ("CXXNET", "CXXXNET"),
        ("MXNET与MXNET", "MXNET"),
        ("3万", "3 million"),
        ("3 个小时", "3 minutes"),
        ("10-20 倍", "10 times"),
        ("三分之一", "two thirds"),
        ("-1", "1"),
        ("周三", "Tuesday"),
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
    [
        ("两万五", 25_000),
        ("十", 10),
        ("二十", 20),
        ("一百零五", 105),
        ("三千万", 30_000_000),
        ("七八十", None),
        ("", None),
    ],
)
def test_chinese_numerals_are_read(text, value):
    assert chinese_number(text) == value


@pytest.mark.parametrize(
    ("value", "text"), [(999, "999"), (12_000, "12,000"), (1.5e8, "150 million"), (2e9, "2 billion"), (0.5, "0.5")]
)
def test_quantities_are_written(value, text):
    assert quantity(value) == text


def test_every_rule_has_an_example():
    seen = {"mark"}
    for text in (line.partition(" |")[0].translate(HALF_WIDTH) for line in FOUND):
        for span in (each.span for each in find(text)):
            seen.add(next(kind for kind, rule in RULES.items() if reads(rule, text, span)))
    assert seen == set(RULES)


def reads(rule, text, span):
    found = rule.pattern.match(text, span.start)
    return found is not None and found.end() == span.end and rule.read(found) is not None


def test_spans_are_where_the_literals_stand():
    text = "在2015年，MXNET快40%"
    assert [each.span.of(text) for each in find(text)] == ["2015年", "MXNET", "40%"]
    assert is_present(find(text)[2], "40%")
