"""The rules that find literals: each a pattern, and how English writes what it matches."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from translator.text import amounts, dates
from translator.text.literal import Literal, as_is, said
from translator.text.numerals import HAN_DIGIT, NUMBER, NUMERAL, PARTS, forms

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Rule:
    """One kind of literal."""

    spelled: str
    """Its pattern, compiled when it is first needed: all of them take 100 ms."""
    read: Callable[[re.Match[str]], Literal | None]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What it matches."""
        return re.compile(self.spelled)


MARK = re.compile(r"<(?:x|/?t)[1-9][0-9]*>")
_COUNTED = "个种类次倍位名条篇本章节步台张块颗辆件组层轮行列页份项句家款段岁只支批套对"
"""Words that Chinese counts with."""
_JOIN = r"(?:[._/:@&'’+-]|::|->|[=<>!~]=|=|\^)"
WORD = (
    r"(?:--?|[@._#])?[A-Za-z0-9_]*[A-Za-z][A-Za-z0-9_]*"
    rf"(?:{_JOIN}[A-Za-z0-9_]+)*(?:(?<==[0-9]),[0-9]+)*(?:\+\+|\(\)|\+|#)?"
)
_NO_COUNT = (
    f"(?![0-9.,:]|\\s?(?:[%％‰{_COUNTED}元年月日号天周秒分小核卡万亿千百倍点毫微公厘米兆度字像多余到至]|[-~～–]))"
)
_NAME = rf"{WORD}(?: (?:{WORD}|[0-9]+(?:\.[0-9]+)+\+?|[0-9]+{_NO_COUNT}))*"
_CALL = (
    r"[A-Za-z_][A-Za-z0-9_.]*\((?=[^()]*[0-9=^*_\"'])[^()\u3000-\u9fff\uff00-\uffef<>]{1,60}\)"
    r"|\bO\([^()\u3000-\u9fff<>]{1,20}\)"
)
_OTHER_SCRIPT = "\u0400-\u052f\u0590-\u06ff\u0900-\u0e7f\u3041-\u30ff\u1100-\u11ff\uac00-\ud7af\U00020000-\U0003ffff"
"""Cyrillic, Hebrew, Arabic, Indian, Thai, kana, Hangul, and rare Chinese characters: they stay as they are."""
_EMOJI = (
    "[\U0001f1e6-\U0001faff\u2600-\u27bf\u2b50\u2b55\u231a\u231b\u23e9-\u23f3]"
    "[\ufe0e\ufe0f\u20e3\u200d\U0001f1e6-\U0001faff\u2600-\u27bf\u2b50]*"
)


def _spaced(found: re.Match[str]) -> Literal:
    """Keep 16 GB; with or without the space it says the same."""
    text = found.group()
    bare = re.sub(r"\s", "", text)
    number, unit = re.fullmatch(r"([0-9.,]+)(.*)", bare).groups()  # type: ignore[union-attr]  # it is so found
    parts = ((number, *forms(float(number.replace(",", "")))), (unit.lower(), f"{unit.lower()}s"))
    return said(text, bare, f"{number} {unit}", f"{number}-{unit}", parts=parts, plain=True)


def _more_units(found: re.Match[str]) -> Literal:
    """Read 10 多个 GB: more than 10 GB."""
    few, *others = amounts.FEW[found["more"]]
    count, unit = found["count"], found["unit"]
    ways = [f"{way} {form} {unit}" for way in (few, *others) for form in forms(float(count.replace(",", "")))]
    return said(f"{few} {count} {unit}", f"{count}+ {unit}", *ways)


def _sized(found: re.Match[str]) -> Literal:
    """Keep 3×3 with its sign, or another that says the same."""
    numbers = re.findall(r"[0-9]+", found.group())
    signs = ("×", "x", "*", r"\*", " × ", " x ", " * ", " by ")
    return said(found.group(), *(sign.join(numbers) for sign in signs), plain=True)


def _emoji(found: re.Match[str]) -> Literal:
    return said(found.group(), found.group().replace("\ufe0f", ""), plain=True)


def _slashed(found: re.Match[str]) -> Literal:
    above, below = found.group().split("/")
    parts = {"1": PARTS.get(int(below), "")}.get(above, "") if below.isdigit() and len(below) < 3 else ""
    return said(found.group(), *((f"one {parts}", f"one-{parts}", f"a {parts}", parts) if parts else ()), plain=True)


def _rule(pattern: str, reader: Callable[[re.Match[str]], Literal | None]) -> Rule:
    return Rule(pattern, reader)


_LATIN_UNIT = (
    r"(?:[KMGTP]i?[Bb]|[kMG]?Hz|[kM]?bps|[KMGT]bps|[µμmn]s|[kcmµμn]m|k?g|k?W|FPS|fps|px|dpi|kWh|GFLOPS|TFLOPS)"
)
_NUMBER_BEFORE = r"(?<![A-Za-z0-9_.,])"
_SPOKEN = f"[{HAN_DIGIT}十百]+点[{HAN_DIGIT}]+"
_SMALL = "[二两三四五六七八九十百千]+"
RULES = {
    "mark": _rule(MARK.pattern, lambda _: None),
    "control": _rule(r"</?hint>|<is>", as_is),
    "code": _rule(r"`[^`]+`|\$[^$\s][^$]*\$(?![0-9])", as_is),
    "url": _rule(
        r"(?:(?:https?|ftp)://|www\.)[!-;=?-~]*[!-+/-9=@-Z\\^-~]|[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]*[A-Za-z0-9]",
        as_is,
    ),
    "path": _rule(
        r"(?<![\w<>)\]/])(?:~|\.{1,2})?/[A-Za-z0-9_.~][A-Za-z0-9_.~/*-]*(?<![.~*-])|(?<![A-Za-z])[A-Za-z]:\\[\w\\.-]*[A-Za-z0-9_\\]",
        as_is,
    ),
    "address": _rule(
        r"(?<![A-Za-z0-9_.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![0-9.]*[0-9])(?::[0-9]{1,5})?(?:/[0-9]{1,2})?"
        r"|(?<![A-Za-z0-9_:])(?=[0-9a-f:]*::|(?:[0-9a-f]+:){4})[0-9a-f]{1,4}(?::{1,2}[0-9a-f]{1,4}){2,}",
        as_is,
    ),
    "call": _rule(_CALL, as_is),
    "list": _rule(r"[\[(](?:[-0-9.]+, ?)+[-0-9.]+[\])]", as_is),
    "century": _rule(
        rf"(?P<century>上|本|2[01]|1[0-9]|二十一?|十[{HAN_DIGIT}])(?:个)?\s?世纪"
        rf"(?:\s?(?P<decade>[0-9]0|[{HAN_DIGIT}]十)\s?年代)?",
        dates.century,
    ),
    "age": _rule(r"(?P<decade>(?:19|20)?[0-9]0|[二三四五六七八九]十)\s?年代", dates.age),
    "year": _rule(f"{dates.YEAR}(?:\\s?{dates.MONTH}(?:\\s?{dates.DAY})?)?", dates.date),
    "day": _rule(f"(?<![0-9个]){dates.MONTH}\\s?{dates.DAY}", dates.date),
    "month": _rule(
        r"(?<![0-9个.])(?P<month>(?<![0-9]\s)(?:1[0-2]|0?[1-9])"
        r"|(?<![一二三四五六七八九十几数半每])(?:十[一二]?|[一二三四五六七八九]))\s?月(?![亮球光饼经])(?:份)?(?!一次|[两三]次)",
        dates.date,
    ),
    "weekday": _rule(
        r"(?<![一二两三四五六七八九十几0-9个半])(?:周|星期|礼拜)(?P<day>[一二三四五六日天])"
        r"(?![个次篇场遍回至年围边]|天(?!气)|[\u4e00-\u9fff]?(?:老师|教授|同学|博士|先生|女士))",
        dates.weekday,
    ),
    "time": _rule(
        rf"(?:(?P<part>{dates.MORNING}|{dates.EVENING})\s?)?(?<![0-9第])(?P<hour>{dates.CLOCK})\s?点\s?"
        rf"(?P<rest>钟|整(?![理合体])|半|[一三]刻|{dates.CLOCK}\s?分)?",
        dates.clock,
    ),
    "stamp": _rule(
        r"(?:19|20)[0-9]{2}[-/.][0-9]{1,2}(?:[-/.][0-9]{1,2})?(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?(?![0-9.])"
        r"|[0-9]{1,2}[-/][0-9]{1,2}[-/][0-9]{2,4}|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?",
        dates.stamp,
    ),
    "coin": _rule(rf"[¥￥$€£]\s?(?P<count>{NUMBER})(?![0-9]|\s?[万亿])", amounts.coin),
    "serial": _rule(
        r"(?<![A-Za-z0-9_.])(?:0[0-9]{2,3}-[0-9]{5,8}|[0-9]+(?:-[0-9A-Za-z]+){2,}|1[3-9][0-9]{9}|[0-9]{8,}(?=[，。；、,;]|$))(?![A-Za-z0-9_])",
        as_is,
    ),
    "size": _rule(r"[0-9]+(?:\s?[×*xX]\s?[0-9]+)+(?![A-Za-z0-9])", _sized),
    "ratio": _rule(
        r"[0-9]+:[0-9]+(?![0-9:])|[0-9]+\^[0-9]+|[0-9]+(?:\.[0-9]+)?[eE][-+]?[0-9]+(?![A-Za-z0-9]|-[A-Za-z0-9])", as_is
    ),
    "slash": _rule(r"(?<![A-Za-z0-9_./])[0-9]+/[0-9]+(?![A-Za-z0-9_/])", _slashed),
    "range": _rule(
        rf"{_NUMBER_BEFORE}(?P<low>{NUMBER}|{_SMALL})\s?(?P<to>[-–~～]|到|至)\s?(?P<high>{NUMBER}|[{HAN_DIGIT}十百千]+)"
        r"(?![0-9A-Za-z%％十百]|\.[0-9]|[-–][0-9])(?:\s?(?P<scale>[千万亿]))?",
        amounts.between,
    ),
    "big": _rule(
        rf"(?P<big>{NUMBER}\s?(?:万亿|[十百千]?万|[十百千]?亿|[百千])(?![克米瓦兆字分度])(?:\s?[0-9]+\s?[百千万]+)*"
        rf"(?:\s?[1-9](?=[，。！？；,;]|$|左右|元|块))?)(?:\s?{amounts.MONEY})?",
        amounts.scaled,
    ),
    "price": _rule(rf"(?P<count>{NUMBER})\s?{amounts.MONEY}", amounts.price),
    "tenths": _rule(
        f"(?<![{HAN_DIGIT}十百千])(?P<count>[二三四五六七八九1-9])成(?P<half>半)?(?![为功本员果立长熟分就绩交都品年人])",
        amounts.tenths,
    ),
    "discount": _rule(f"(?:(?<=打)|(?<=打\\s))(?P<left>[{HAN_DIGIT}1-9]{{1,2}})\\s?折", amounts.discount),
    "percent": _rule(
        f"百分之(?P<percent_of>{NUMBER}|{_SPOKEN}|{NUMERAL})|(?P<percent>{NUMBER})\\s?[%％‰]", amounts.percent
    ),
    "fraction": _rule(
        f"(?P<below>[{HAN_DIGIT}十]+|[千万])分之(?P<above>{NUMBER}|{_SPOKEN}|[{HAN_DIGIT}十]+)", amounts.fraction
    ),
    "half": _rule("一半|半数", amounts.half),
    "doubled": _rule("翻了?[一两]?(?:番|倍)|翻了?一倍", amounts.doubled),
    "magnitude": _rule(r"(?P<count>[一两三四]|[1-9])\s?个数量级", amounts.magnitude),
    "each": _rule("(?<=每)[百千十]?[万亿]|(?<=每)千", amounts.each_of),
    "neighbours": _rule(
        f"(?<![{HAN_DIGIT}十百千0-9第统唯单万])(?P<a>[一二两三四五六七八])(?P<b>[二两三四五六七八九])(?P<scale>[十百千万]*)"
        f"(?=[{_COUNTED}天年月周小分秒人点])",
        amounts.neighbours,
    ),
    "many": _rule(
        "成千上万|成百上千|(?:(?<!十)好?几|(?<![以加网晚早马])上(?!十)|(?<![函参总个次人倍指整维阶常变级系对导少多岁位])数)"
        "(?P<scale>[十百千万亿]+)(?![度科思家变化分一二三四五六七八九])",
        amounts.many,
    ),
    "half_unit": _rule("半个?(?P<unit>小时|天|年|月)", amounts.half_unit),
    "more_units": _rule(
        rf"(?<![A-Za-z0-9_.])(?P<count>{NUMBER})\s?(?P<more>[多余来])\s?个?\s?(?P<unit>{_LATIN_UNIT})(?![A-Za-z0-9/])",
        _more_units,
    ),
    "measure": _rule(
        rf"(?:(?P<below>零下|负)\s?)?(?<![第0-9.])(?P<count>{_SPOKEN}|{NUMBER}|[{HAN_DIGIT}十百千万]+?)\s?(?P<more>[多余来])?\s?"
        rf"(?:个(?P<half>半)(?=小时|月|星期|钟头))?(?P<unit>{amounts.UNIT})",
        amounts.measure,
    ),
    "more": _rule(
        f"(?<![{HAN_DIGIT}])(?P<tens>[二三四五六七八九]?十)(?P<few>[几多余来])(?P<scale>[万亿]*)", amounts.more
    ),
    "times": _rule(rf"(?P<count>{_SPOKEN}|{NUMBER}|[{HAN_DIGIT}十百千万]+)\s?倍", amounts.times),
    "ordinal": _rule(
        rf"(?!第一(?:时间|手|线|性)|第三方)第\s?(?P<nth>[0-9]+|{NUMERAL})(?![0-9A-Za-z.]|\s?[-~～–到至]\s?[0-9])"
        r"(?:\s?(?P<place>[章节步行页季次]))?",
        amounts.ordinal,
    ),
    "decimal": _rule(f"(?P<count>{_SPOKEN})(?P<scale>[万亿])", amounts.decimal),
    "numeral": _rule(
        f"(?<![这那](?=[两三]))(?P<numeral>{NUMERAL})(?!进制)(?P<counted>(?!次(?:方|函数|样条|多项|曲线))(?=[{_COUNTED}]))?(?:\\s?{amounts.MONEY})?",
        amounts.numeral,
    ),
    "unit": _rule(rf"(?<![A-Za-z0-9_.])(?:{NUMBER})\s?{_LATIN_UNIT}(?![A-Za-z0-9/])", _spaced),
    "version": _rule(
        r"(?<![A-Za-z0-9_.])[0-9]+(?:\.[0-9]+)+(?:-?(?:rc|alpha|beta|dev|post|b|a)\.?[0-9]+|\.x|\+)(?![A-Za-z0-9])"
        r"|(?<![A-Za-z0-9_.])[0-9]+(?:\.[0-9]+){2,}(?![A-Za-z0-9])",
        as_is,
    ),
    "name": _rule(_NAME, as_is),
    "issue": _rule(r"(?<!\w)#[0-9]+", as_is),
    "foreign": _rule(f"[{_OTHER_SCRIPT}]+(?: [{_OTHER_SCRIPT}]+)*", as_is),
    "emoji": _rule(_EMOJI, _emoji),
    "number": _rule(
        r"(?:(?<![A-Za-z0-9_)\]}%.年月日号章节个天次周])[-−](?=[0-9]))?[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)*",
        amounts.number,
    ),
}
"""What is looked for, in this order at every place."""
