"""What a literal is, and the rules that find literals: each a pattern, and how English writes what it matches."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from translator.model import Span
from translator.text.numerals import (
    DIGIT,
    HAN_DIGIT,
    NUMBER,
    NUMERAL,
    ORDINALS,
    PARTS,
    SCALE,
    WORDS,
    chinese_number,
    figure,
    forms,
    quantity,
    read,
)

if TYPE_CHECKING:
    from collections.abc import Callable


class Literal(NamedTuple):
    """A stretch of a source text whose rendering is known by rule."""

    span: Span
    wanted: str
    accepted: tuple[str, ...] = ()
    """Other renderings, in lower case."""
    is_name: bool = False
    """Latin letters: compared with their case."""
    is_plain: bool = False
    """Models say it well by themselves: it is no hint."""
    parts: tuple[tuple[str, ...], ...] = ()
    """Or else one form of each of these, wherever they stand, in lower case: 3 … hours."""

    @property
    def forms(self) -> tuple[str, ...]:
        """Everything that may stand for it or a part of it."""
        return (self.wanted, *self.accepted, *(form for part in self.parts for form in part))


class Rule(NamedTuple):
    """One kind of literal."""

    pattern: re.Pattern[str]
    read: Callable[[re.Match[str]], Literal | None]


NOWHERE = Span(0, 0)
MARK = re.compile(r"<(?:x|/?t)[1-9][0-9]*>")
_COUNTED = "个种类次倍位名条篇本章节步台张块颗辆件组层轮行列页份项句家款段岁只支批套对"
"""Words that Chinese counts with."""


def said(wanted: str, *accepted: str, parts: tuple[tuple[str, ...], ...] = (), plain: bool = False) -> Literal:
    """Make a literal of words."""
    return Literal(NOWHERE, wanted, tuple(dict.fromkeys(form.lower() for form in accepted)), False, plain, parts)


def _as_is(found: re.Match[str]) -> Literal:
    return Literal(NOWHERE, found.group(), is_name=True)


def _several(number: str) -> str:
    return "one" if number == "1" else number


# ── Dates and times ───────────────────────────────────────────────────────────────────────────────────────────────────

MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]
DAYS = dict(zip("一二三四五六日天", ["Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun", "Sun"], strict=True))
_SHORT_YEAR = r"[0-9]{2}(?=\s?年(?:年?[底末初]|\s?[0-9一二三四五六七八九十]{1,2}\s?月))"
_YEAR = f"(?P<year>(?:19|20)[0-9]{{2}}|[一二][九〇零][{HAN_DIGIT}]{{2}}|{_SHORT_YEAR})\\s?年(?!代)"
_MONTH = r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\s?月(?:份)?"
_DAY = f"(?P<day>[12][0-9]|3[01]|0?[1-9]|[二三]?十[{HAN_DIGIT}]?|[{HAN_DIGIT}])\\s?[日号]"
DAYTIMES = (
    *("am", "pm", "a.m", "p.m", "morning", "afternoon", "evening", "night", "noon", "midnight", "dawn"),
    *("o'clock", "o’clock", "at", "by", "until"),
)
_MORNING, _EVENING = "凌晨|清晨|早上|早晨|上午|半夜|午夜", "中午|下午|傍晚|晚上|夜里|深夜|当晚"
_CLOCK = f"(?:[0-9]{{1,2}}|[二三]?十[{HAN_DIGIT}]?|[{HAN_DIGIT}])"


def _whole(text: str | None) -> int | None:
    return None if text is None else int(text) if text.isascii() else chinese_number(text)


def _read_year(text: str | None) -> int | None:
    year = _whole(text)
    return year if year is None or year > 99 else year + (2000 if year < 50 else 1900)


def _date(found: re.Match[str]) -> Literal | None:
    year, month, day = (found.groupdict().get(k) for k in ("year", "month", "day"))
    return _written_date(_read_year(year), _whole(month), _whole(day))


def _written_date(year: int | None, month: int | None, day: int | None) -> Literal | None:
    if month is None:
        return Literal(NOWHERE, str(year))
    if not 1 <= month <= 12:
        return None
    name, tail = MONTHS[month - 1], f", {year}" if year else ""
    if day is None:
        parts = ((name.lower(), name[:3].lower()), (str(year),)) if year else ()
        return said(f"{name} {year}" if year else name, name[:3], parts=parts) if year else said(name, f"{name[:3]}")
    months, days = (name.lower(), name[:3].lower()), (str(day), *forms(day))
    return said(f"{name} {day}{tail}", parts=(months, days, *(((str(year),),) if year else ())))


def _stamp(found: re.Match[str]) -> Literal:
    """Keep a date or time as it is written; a person may also write the date out."""
    spoken: list[str] = []
    parts = [int(part) for part in re.findall(r"[0-9]+", found.group())]
    if ":" not in found.group() and len(parts) in {2, 3}:
        year, *rest = parts if parts[0] > 31 else (parts[-1], *parts[:-1])
        for month, *day in (rest, rest[::-1]):
            date = _written_date(_read_year(str(year)), month, day[0] if day else None)
            spoken += _written_out(date.wanted) if date else []
    return Literal(NOWHERE, found.group(), tuple(dict.fromkeys(spoken)), is_name=True)


def _written_out(date: str) -> list[str]:
    """Give the other ways to write a date: 5 March 2024, Mar 5, 2024."""
    name, _, rest = date.lower().partition(" ")
    day, _, year = rest.rpartition(", ")
    return [date.lower(), f"{day} {name} {year}", f"{name} {day} {year}", f"{name[:3]} {rest}"]


def _century(found: re.Match[str]) -> Literal | None:
    text = found["century"]
    number = 20 if text == "上" else 21 if text == "本" else _whole(text)
    if not number:
        return None
    if found["decade"]:
        decade = _whole(found["decade"]) or 0
        return _decade(100 * (number - 1) + decade)
    last = ("last century", "previous century") if text == "上" else ()
    word = {20: "twentieth", 21: "twenty-first"}.get(number, "")
    nth = forms(number)[-1] if number < 13 else f"{number}{'st' if number == 21 else 'th'}"
    wanted = "last century" if text == "上" else "this century" if text == "本" else f"the {nth} century"
    return said(wanted, f"{nth} century", f"{nth}-century", f"{word} century", f"{word}-century", *last, nth, word)


def _decade(year: int) -> Literal:
    short = f"{year % 100:02}s"
    word = {50: "fifties", 60: "sixties", 70: "seventies", 80: "eighties", 90: "nineties"}.get(year % 100, short)
    return said(f"the {year}s", f"{year}s", short, word, f"{year}'s", f"{short[:2]}'s")


def _age(found: re.Match[str]) -> Literal:
    text = found["decade"]
    year = _whole(text) or 0
    return _decade(year if year > 99 else year + (1900 if year > 20 else 2000))


def _weekday(found: re.Match[str]) -> Literal:
    name = f"{DAYS[found['day']]}day"
    return said(name, name[:3], f"{name}s")


def _time(found: re.Match[str]) -> Literal | None:
    """Write a time of day as English does; a bare 两点 is two points."""
    hour, rest = _whole(found["hour"]), found["rest"] or ""
    if hour is None or hour > 24 or not (found["part"] or rest):
        return None
    if found["hour"] == "一" and not found["part"] and rest != "钟":  # 一点十分 is `a little very`
        return None
    minute = _minute(rest)
    if minute is None or minute > 59:
        return None
    part = found["part"]
    late = part is not None and part in _EVENING.split("|")
    hour24 = hour + 12 if late and hour < 12 and not (part == "中午" and hour > 9) else hour
    half = "" if part is None else " p.m." if (late and hour != 12) or part == "中午" or hour > 12 else " a.m."
    hour12 = hour if part is None else (hour - 1) % 12 + 1
    clock = f"{hour12}:{minute:02}" if minute or not half else f"{hour12}"
    others = [f"{hour12}:{minute:02}", f"{hour24}:{minute:02}", f"{hour}:{minute:02}", f"{hour24:02}:{minute:02}"]
    if minute == 30:
        others += [f"half past {WORDS[hour12]}", f"half past {hour12}"]
    if not minute:
        others += [f"{hour12} {sign}" for sign in ("am", "pm", "a.m", "p.m", "o'clock", "o’clock", "noon")]
        others += [f"{hour12}am", f"{hour12}pm", f"{WORDS[hour12]} o'clock", f"{WORDS[hour12]} in the"]
        others += ["noon", "midnight"] if hour12 == 12 else []
    hours = forms(hour12) if not minute else ()
    return said(clock + half, *others, parts=((*others, *hours), DAYTIMES))


def _minute(rest: str) -> int | None:
    if rest in {"", "钟", "整"}:
        return 0
    fixed = {"半": 30, "一刻": 15, "三刻": 45}.get(rest)
    return fixed if fixed is not None else _whole(rest.rstrip("分钟").strip())


# ── Quantities ────────────────────────────────────────────────────────────────────────────────────────────────────────

CURRENCIES = {
    "元": ("yuan", "¥", "￥", "rmb", "cny"),
    "美元": ("dollars", "$", "dollar", "usd"),
    "欧元": ("euros", "€", "euro", "eur"),
    "英镑": ("pounds", "£", "pound", "gbp"),
    "日元": ("yen", "¥", "jpy"),
    "港币": ("Hong Kong dollars", "hk$", "hkd"),
}
CURRENCIES |= {"块钱": CURRENCIES["元"], "人民币": CURRENCIES["元"], "美金": CURRENCIES["美元"]}
CURRENCIES |= {"日圆": CURRENCIES["日元"], "港元": CURRENCIES["港币"]}
_MONEY = "(?P<money>人民币|[美欧日港]元|日圆|美金|英镑|港币|元(?![素组数件类年宇])|块钱)"

UNITS: dict[str, tuple[str, ...]] = {
    "个?小时|个?钟头": ("hours", "hour", "h", "hr", "hrs", "hourly"),
    "分钟": ("minutes", "minute", "min", "mins", "m"),
    "毫秒": ("milliseconds", "millisecond", "ms", "msec"),
    "微秒": ("microseconds", "microsecond", "μs", "µs", "us"),
    "纳秒": ("nanoseconds", "nanosecond", "ns"),
    "秒钟?": ("seconds", "second", "s", "sec", "secs"),
    "天": ("days", "day", "d", "daily"),
    "个?(?:星期|礼拜)(?![一二三四五六日天])|周(?![一二三四五六日年末长期边围])": ("weeks", "week", "w"),
    "个月": ("months", "month", "monthly"),
    "年(?![级代前后]?[0-9]|[级代份底末初月])": ("years", "year", "yr", "decades", "annual"),
    "公里|千米": ("km", "kilometers", "kilometres", "kilometer", "kilometre"),
    "厘米": ("cm", "centimeters", "centimetres", "centimeter", "centimetre"),
    "毫米": ("mm", "millimeters", "millimetres", "millimeter", "millimetre"),
    "纳米": ("nm", "nanometers", "nanometres", "nanometer", "nanometre"),
    "平方米": ("square meters", "square metres", "m²", "square meter"),
    "米": ("meters", "metres", "meter", "metre", "m"),
    "公斤|千克": ("kg", "kilograms", "kilos", "kilogram", "kilo"),
    "克(?![服隆])": ("grams", "gram", "g"),
    "斤": ("jin", "catties", "catty"),
    "吨": ("tons", "tonnes", "ton", "tonne", "t"),
    "升(?![级序高])": ("liters", "litres", "liter", "litre", "l"),
    "摄氏度": ("degrees Celsius", "°c", "degrees", "degree"),
    "华氏度": ("degrees Fahrenheit", "°f", "degrees", "degree"),
    "度(?![量电过假])": ("degrees", "degree", "°", "°c"),
    "千瓦时|度电": ("kWh", "kilowatt-hours", "kilowatt hours"),
    "千瓦": ("kW", "kilowatts", "kilowatt"),
    "瓦特?": ("watts", "watt", "w"),
    "伏特?": ("volts", "volt", "v"),
    "赫兹": ("Hz", "hertz"),
    "兆字节|兆(?![赫瓦位比])": ("MB", "megabytes", "megabyte", "m", "mb", "mib"),
    "千字节": ("KB", "kilobytes", "kilobyte", "kib"),
    "个?字节": ("bytes", "byte", "b"),
    "个?比特": ("bits", "bit"),
    "个?像素": ("pixels", "pixel", "px"),
}
"""Units: what they are called in Chinese, and what in English, the form we write first."""
_SINGULAR = {"degrees Celsius": "degree Celsius", "degrees Fahrenheit": "degree Fahrenheit"}
_UNIT = "|".join(UNITS)
WELL_SAID = frozenset({"hours", "minutes", "seconds", "milliseconds", "days", "weeks", "months", "years", "bytes"})
"""Units that every model knows."""
NO_MEASURES = frozenset({"四周", "十分米", "千瓦"})


def _figures(text: str, value: float) -> str:
    """Keep the author's own figures."""
    return text if text.isascii() else quantity(value)


def _number(found: re.Match[str]) -> Literal:
    text = found.group().replace("−", "-")
    plain = text.replace(",", "")
    if text.startswith("-"):
        bare = plain[1:]
        return said(text, f"−{bare}", f"–{bare}", f"minus {bare}", f"negative {bare}", *_negative(bare), plain=True)
    whole = plain.isdigit() and len(plain) < 16 and str(int(plain)) == plain
    grouped = (f"{int(plain):,}", *forms(int(plain))) if whole else ()
    return said(text, plain, *grouped, plain=True)


def _negative(bare: str) -> list[str]:
    word = WORDS.get(int(bare), "") if bare.isdigit() else ""
    return [f"minus {word}", f"negative {word}"] if word else []


def _scaled(found: re.Match[str]) -> Literal | None:
    """Read 3 万, 1.5 亿, 3 万 5 千, 1 万 5."""
    value, last = 0.0, 1
    for count, scale in re.findall(rf"({NUMBER})\s?([十百千万亿]*)", found["big"]):
        size = 1
        for c in scale:
            size *= SCALE[c]
        size = size if scale else max(1, last // 10)
        value, last = value + read(count) * size, size  # type: ignore[operator]  # figures are always read
    return _priced(round(value, 6), found["money"])


def _price(found: re.Match[str]) -> Literal:
    return _priced(float(found["count"].replace(",", "")), found["money"])


def _coin(found: re.Match[str]) -> Literal:
    """Keep ¥99 as it is written; 99 yuan says the same."""
    sign, count = found.group()[0].replace("￥", "¥"), found["count"]
    named = next(names for names in CURRENCIES.values() if sign in names)
    return said(f"{sign}{count}", parts=(named, (count, *forms(float(count.replace(",", ""))))))


def _priced(value: float, money: str | None) -> Literal:
    """Add a currency; without it the model reads 元 as `meta`."""
    if not money:
        return said(quantity(value), *forms(value))
    named = CURRENCIES[money]
    attached = [f"{sign}{form}" for sign in named if not sign.isalpha() for form in forms(value)]
    return said(f"{quantity(value)} {named[0]}", *attached, parts=(forms(value), tuple(n.lower() for n in named)))


def _numeral(found: re.Match[str]) -> Literal | None:
    text = found["numeral"]
    value = chinese_number(text)
    if value is None or (text[0] in SCALE and text[0] != "十"):
        return None
    counted = text in {*"两三四五六七八九十"} and not found["money"]
    if (counted and found["counted"] is None) or (not counted and not any(c in SCALE for c in text)):
        return None
    return said(quantity(value), *forms(value), plain=counted) if not found["money"] else _priced(value, found["money"])


def _decimal(found: re.Match[str]) -> Literal | None:
    value = read(found["count"])
    scale = SCALE.get(found["scale"], 1)
    return None if value is None else said(quantity(value * scale), *forms(value * scale))


def _more(found: re.Match[str]) -> Literal | None:
    """Read 十几, 二十来, 十几万: a little more than so many."""
    scale = 1
    for c in found["scale"] or "":
        scale *= SCALE[c]
    value = (chinese_number(found["tens"]) or 0) * scale
    dozen = ("dozen", "teens") if value == 10 else ()
    big = {10**9: ("a billion", "one billion"), 10**6: ("a million", "one million")}.get(value, ())
    word = "about" if found["few"] == "来" else "more than"
    return said(f"{word} {WORDS.get(value) or quantity(value)}", *forms(value), *dozen, *big)


MANY = {
    10: ("dozens", "tens"),
    10**2: ("hundreds",),
    10**3: ("thousands",),
    10**4: ("tens of thousands",),
    10**5: ("hundreds of thousands",),
    10**6: ("millions",),
    10**7: ("tens of millions",),
    10**8: ("hundreds of millions",),
    10**9: ("billions",),
    10**10: ("tens of billions",),
    10**11: ("hundreds of billions",),
    10**12: ("trillions",),
}
"""How English says several of each."""


def _many(found: re.Match[str]) -> Literal | None:
    """Read 几百, 上万, 数十万: English leaves the number open too."""
    if found["scale"] is None:
        return said("thousands", "hundreds", "hundreds of thousands", "tens of thousands")
    size = 1
    for c in found["scale"]:
        size *= SCALE[c]
    if size not in MANY:
        return None
    several = MANY[size]
    single = several[0].removesuffix("s") if " " not in several[0] else ""
    years = ("decades",) if size == 10 else ("centuries",) if size == 100 else ()
    return said(several[0], *several[1:], single, *years, *forms(size))


def _each(found: re.Match[str]) -> Literal:
    """Read 每百万: per million."""
    size = 1
    for c in found.group():
        size *= SCALE[c]
    word = quantity(size).removeprefix("1 ")
    return said({1000: "thousand"}.get(size, word), f"{word}s", *forms(size), plain=True)


def _neighbours(found: re.Match[str]) -> Literal | None:
    """Read 三四天, 七八十个: this or the next."""
    a, b = DIGIT[found["a"]], DIGIT[found["b"]]
    if b != a + 1 and (a, b) != (3, 5):
        return None
    scale = 1
    for c in found["scale"]:
        scale *= SCALE[c]
    low, high = a * scale, b * scale
    few = ("a few", "a couple", "several", "few", "couple") if a in {1, 3} or b == 3 else ()
    word = "or" if b == a + 1 else "to"
    pair = [f"{_spoken(low)} {word} {_spoken(high)}", f"{a}-{b}", f"{a}–{b}"]
    return said(pair[0], *pair[1:], *few, parts=(("a", *forms(low)) if low == 1 else forms(low), forms(high)))


def _spoken(value: int) -> str:
    return WORDS[value] if value <= 12 else quantity(value)


def _range(found: re.Match[str]) -> Literal | None:
    """Read 3~5, 10-20, 3 到 5, 2～3 万; what only looks like one (010-6278) is kept as it is."""
    low, high, scale = found["low"], found["high"], found["scale"] or ""
    size = SCALE.get(scale, 1)
    a, b = (read(low) or 0) * size, (read(high) or 0) * size
    is_written = low.isascii() and high.isascii() and not scale
    if not a < b:
        return _as_is(found) if is_written and found["to"] in "-–" else None
    ends = (low, high) if is_written else (quantity(a), quantity(b))
    word = " to " if found["to"] in {"到", "至"} else "–"
    each = tuple((end.lower(), figure(n), f"{figure(n)}x", *forms(n)) for end, n in zip(ends, (a, b), strict=True))
    others = (f"{low}{sign}{high}" for sign in ("-", "–", "~", " to ", " - ", " – "))
    return said(f"{ends[0]}{word}{ends[1]}", *(() if scale else others), parts=each, plain=not scale)


def _percent(found: re.Match[str]) -> Literal | None:
    text = found["percent_of"] or found["percent"]
    value = text if text[0].isascii() else figure(number) if (number := read(text)) is not None else ""
    if not value:
        return None
    per = "‰" if found.group().endswith("‰") else "%"
    words = [f"{WORDS[int(value)]} percent"] if value.isdigit() and int(value) in WORDS else []
    return said(f"{value}{per}", f"{value} {per}", f"{value} percent", f"{value} per cent", f"{value}-percent", *words)


def _tenths(found: re.Match[str]) -> Literal:
    """Read 三成 and 三成半: tenths, which English says in percent."""
    count = _whole(found["count"]) or 0
    value = f"{count}{5 if found['half'] else 0}"
    tenths = () if found["half"] else (f"{WORDS[count]} tenths", f"{WORDS[count]}-tenths")
    return said(f"{value}%", f"{value} %", f"{value} percent", f"{value} per cent", *tenths)


def _discount(found: re.Match[str]) -> Literal:
    """Read 八折, 八五折: what is left of the price."""
    digits = "".join(str(DIGIT[c]) if c in DIGIT else c for c in found["left"])
    left = int(digits) * (10 if len(digits) == 1 else 1)
    return said(
        f"{100 - left}% off", f"{100 - left}% discount", f"{100 - left} percent off", f"{left}%", f"{100 - left}%"
    )


def _fraction(found: re.Match[str]) -> Literal | None:
    below, above = SCALE.get(found["below"]) or chinese_number(found["below"]), read(found["above"])
    if not below or not above:
        return None
    if below in {1000, 10000}:
        percent = figure(above * 100 / below)
        per = ("‰",) if below == 1000 else ()
        each = (f"{figure(above)}{sign}" for sign in per)
        word = WORDS.get(int(above), figure(above))
        of = "thousand" if below == 1000 else "ten thousand"
        return said(f"{percent}%", f"{percent} percent", *each, f"{word} per {of}", f"{word} in a {of}")
    count = figure(above)
    if below not in PARTS or above >= 10:
        name = {100: "hundredth", 20: "twentieth"}.get(below, "")
        named = (f"one {name}", f"one-{name}", f"a {name}") if name and above == 1 else ()
        return said(f"{count}/{below}", *named)
    number = int(above)
    name = PARTS[below] if number == 1 else {2: "halves"}.get(below, PARTS[below] + "s")
    fourth = (f"{WORDS[number]} fourths", f"{WORDS[number]}-fourths") if below == 4 else ()
    one = (f"a {name}", f"1/{below}") if number == 1 else ()
    return said(f"{WORDS[number]} {name}", f"{WORDS[number]}-{name}", f"{number}/{below}", *fourth, *one)


def _half(_: re.Match[str]) -> Literal:
    return said("half", "50%", "halve", "halves", "halved", "halving", "one-half", "fifty percent", plain=True)


def _times(found: re.Match[str]) -> Literal | None:
    """Read 3 倍, 两倍."""
    value = read(found["count"])
    if value is None or found["count"] == "一":
        return None
    count = _figures(found["count"], value)
    signs = [f"{count}x", f"{count}×", f"{count} x", f"{count}-fold", f"{count}-times"]
    wanted = "twice" if value == 2 else f"{count} times"
    return said(wanted, *signs, *forms(value), plain=True)


DOUBLED = {
    1: ("doubled", "double", "doubles", "doubling", "twice", "twofold"),
    2: ("quadrupled", "quadruple", "fourfold", "four times", "4 times"),
}


def _doubled(found: re.Match[str]) -> Literal:
    wanted, *others = DOUBLED[2 if "两" in found.group() else 1]
    return said(wanted, *others)


def _magnitude(found: re.Match[str]) -> Literal | None:
    value = _whole(found["count"])
    if value == 1:
        return said("an order of magnitude", "order of magnitude")
    return None if value is None else said(f"{_spoken(value)} orders of magnitude", parts=(forms(value), ("orders",)))


def _measure(found: re.Match[str]) -> Literal | None:
    """Read a number and its unit: 3 个小时, 零下 12 度, 20 多年, 两个半小时."""
    value = read(found["count"])
    below = bool(found["below"])
    if value is None or (found["count"][0] in SCALE and found["count"][0] != "十") or found.group() in NO_MEASURES:
        return None
    if found["count"] == "一" and not found["half"]:
        return None
    if (found["unit"] == "度" and not found["count"].isascii()) or (found["unit"] == "年" and value >= 1000):
        return None
    unit = next(names for zh, names in UNITS.items() if re.fullmatch(zh, found["unit"]))
    value += 0.5 if found["half"] else 0
    count = f"-{figure(value)}" if below else _figures(found["count"], value)
    named = f"{count} {unit[0]}" if value != 1 or below else f"{count} {_single(unit)}"
    few = {"多": "more than ", "余": "more than ", "来": "about "}.get(found["more"] or "", "")
    units = tuple(name.lower() for name in unit)
    if below:
        bare = figure(value)
        return said(named, f"{bare} degrees below", parts=((f"-{bare}", f"−{bare}", f"minus {bare}"), units))
    counts = _counts(value)
    glued = [f"{form}{name}" for form in {figure(value), count} for name in units if len(name) <= 3]
    half = [f"{WORDS[int(value)]} and a half", f"{_an(units)} {units[1]} and a half"] if found["half"] else []
    if found["half"] and value == 1.5 and unit[0] == "hours":
        half.append("90 minutes")
    return said(few + named, *glued, *half, *_other(value, unit[0]), parts=(counts, units), plain=unit[0] in WELL_SAID)


def _counts(value: float) -> tuple[str, ...]:
    return (*forms(value), *(("a", "an", "per", "every", "each", "single") if value == 1 else ()))


def _an(units: tuple[str, ...]) -> str:
    return "an" if units[0] == "hours" else "a"


def _single(unit: tuple[str, ...]) -> str:
    return _SINGULAR.get(unit[0], unit[1] if unit[0].endswith("s") else unit[0])


def _other(value: float, unit: str) -> list[str]:
    """Say a time in another unit where that is usual."""
    usual = {
        (1, "years"): ["a year", "annual", "yearly"],
        (10, "years"): ["decade"],
        (2, "weeks"): ["fortnight"],
        (24, "hours"): ["day"],
    }
    return usual.get((int(value), unit), []) if value == int(value) else []


def _half_unit(found: re.Match[str]) -> Literal:
    """Read 半个小时: half an hour."""
    wanted, *others = {
        "小": ("half an hour", "half-hour", "30 minutes", "half hour"),
        "天": ("half a day", "half-day", "half day"),
        "年": ("half a year", "six months", "half-year", "half year", "6 months"),
        "月": ("half a month", "two weeks", "half-month"),
    }[found["unit"][0]]
    return said(wanted, *others)


ORDINAL_PLACES = {"章": "Chapter", "节": "Section", "步": "step", "行": "line", "页": "page"}


def _ordinal(found: re.Match[str]) -> Literal | None:
    """Read 第三章, 第 2 个, 第 1000 次."""
    number = found["nth"]
    value = int(number) if number.isascii() else chinese_number(number)
    if value is None:
        return None
    place = ORDINAL_PLACES.get(found["place"] or "", "")
    nth = forms(value) if value else ("0", "zero", "zeroth", "0th")
    idioms = {
        1: ("firstly", "one", "top", "initial", "initially", "primary", "no. 1", "i", "begin", "start"),
        2: ("next", "following", "secondly", "ii"),
        3: ("thirdly", "iii"),
    }
    quarter = (f"q{value}",) if found["place"] == "季" else ()
    if place:
        loose = (*nth, *idioms.get(value, ())) if place == "step" else ()
        return said(f"{place} {value}", *loose, parts=(nth, (place.lower(), f"{place.lower()}s")))
    ending = next(form for form in nth if re.fullmatch(r"[0-9]+(?:st|nd|rd|th)", form))
    word = ORDINALS[value] if value < len(ORDINALS) else ending
    digits = () if found["place"] == "次" else (str(value), f"{value:,}")
    return said(word, ending, *digits, *idioms.get(value, ()), *quarter, plain=True)


# ── Names and code ────────────────────────────────────────────────────────────────────────────────────────────────────

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
    return Rule(re.compile(pattern), reader)


_LATIN_UNIT = (
    r"(?:[KMGTP]i?[Bb]|[kMG]?Hz|[kM]?bps|[KMGT]bps|[µμmn]s|[kcmµμn]m|k?g|k?W|FPS|fps|px|dpi|kWh|GFLOPS|TFLOPS)"
)
_NUMBER_BEFORE = r"(?<![A-Za-z0-9_.,])"
_COUNT = f"(?:{NUMBER}|[{HAN_DIGIT}十百千万]+)"
_SPOKEN = f"[{HAN_DIGIT}十百]+点[{HAN_DIGIT}]+"
_SMALL = "[二两三四五六七八九十百千]+"
RULES = {
    "mark": _rule(MARK.pattern, lambda _: None),
    "control": _rule(r"</?hint>|<is>", _as_is),
    "code": _rule(r"`[^`]+`|\$[^$\s][^$]*\$(?![0-9])", _as_is),
    "url": _rule(
        r"(?:(?:https?|ftp)://|www\.)[!-;=?-~]*[!-+/-9=@-Z\\^-~]|[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]*[A-Za-z0-9]",
        _as_is,
    ),
    "path": _rule(
        r"(?<![\w<>)\]/])(?:~|\.{1,2})?/[A-Za-z0-9_.~][A-Za-z0-9_.~/*-]*(?<![.~*-])|(?<![A-Za-z])[A-Za-z]:\\[\w\\.-]*[A-Za-z0-9_\\]",
        _as_is,
    ),
    "address": _rule(
        r"(?<![A-Za-z0-9_.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![0-9.]*[0-9])(?::[0-9]{1,5})?(?:/[0-9]{1,2})?"
        r"|(?<![A-Za-z0-9_:])(?=[0-9a-f:]*::|(?:[0-9a-f]+:){4})[0-9a-f]{1,4}(?::{1,2}[0-9a-f]{1,4}){2,}",
        _as_is,
    ),
    "call": _rule(_CALL, _as_is),
    "list": _rule(r"[\[(](?:[-0-9.]+, ?)+[-0-9.]+[\])]", _as_is),
    "century": _rule(
        rf"(?P<century>上|本|2[01]|1[0-9]|二十一?|十[{HAN_DIGIT}])(?:个)?\s?世纪"
        rf"(?:\s?(?P<decade>[0-9]0|[{HAN_DIGIT}]十)\s?年代)?",
        _century,
    ),
    "age": _rule(r"(?P<decade>(?:19|20)?[0-9]0|[二三四五六七八九]十)\s?年代", _age),
    "year": _rule(f"{_YEAR}(?:\\s?{_MONTH}(?:\\s?{_DAY})?)?", _date),
    "day": _rule(f"(?<![0-9个]){_MONTH}\\s?{_DAY}", _date),
    "month": _rule(
        r"(?<![0-9个.])(?P<month>(?<![0-9]\s)(?:1[0-2]|0?[1-9])"
        r"|(?<![一二三四五六七八九十几数半每])(?:十[一二]?|[一二三四五六七八九]))\s?月(?![亮球光饼经])(?:份)?(?!一次|[两三]次)",
        _date,
    ),
    "weekday": _rule(
        r"(?<![一二两三四五六七八九十几0-9个半])(?:周|星期|礼拜)(?P<day>[一二三四五六日天])"
        r"(?![个次篇场遍回至年围边]|天(?!气)|[\u4e00-\u9fff]?(?:老师|教授|同学|博士|先生|女士))",
        _weekday,
    ),
    "time": _rule(
        rf"(?:(?P<part>{_MORNING}|{_EVENING})\s?)?(?<![0-9第])(?P<hour>{_CLOCK})\s?点\s?"
        rf"(?P<rest>钟|整(?![理合体])|半|[一三]刻|{_CLOCK}\s?分)?",
        _time,
    ),
    "stamp": _rule(
        r"(?:19|20)[0-9]{2}[-/.][0-9]{1,2}(?:[-/.][0-9]{1,2})?(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?(?![0-9.])"
        r"|[0-9]{1,2}[-/][0-9]{1,2}[-/][0-9]{2,4}|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?",
        _stamp,
    ),
    "coin": _rule(rf"[¥￥$€£]\s?(?P<count>{NUMBER})(?![0-9]|\s?[万亿])", _coin),
    "serial": _rule(
        r"(?<![A-Za-z0-9_.])(?:0[0-9]{2,3}-[0-9]{5,8}|[0-9]+(?:-[0-9A-Za-z]+){2,}|1[3-9][0-9]{9}|[0-9]{8,}(?=[，。；、,;]|$))(?![A-Za-z0-9_])",
        _as_is,
    ),
    "size": _rule(r"[0-9]+(?:\s?[×*xX]\s?[0-9]+)+(?![A-Za-z0-9])", _sized),
    "ratio": _rule(
        r"[0-9]+:[0-9]+(?![0-9:])|[0-9]+\^[0-9]+|[0-9]+(?:\.[0-9]+)?[eE][-+]?[0-9]+(?![A-Za-z0-9]|-[A-Za-z0-9])", _as_is
    ),
    "slash": _rule(r"(?<![A-Za-z0-9_./])[0-9]+/[0-9]+(?![A-Za-z0-9_/])", _slashed),
    "range": _rule(
        rf"{_NUMBER_BEFORE}(?P<low>{NUMBER}|{_SMALL})\s?(?P<to>[-–~～]|到|至)\s?(?P<high>{NUMBER}|[{HAN_DIGIT}十百千]+)"
        r"(?![0-9A-Za-z%％十百]|\.[0-9]|[-–][0-9])(?:\s?(?P<scale>[千万亿]))?",
        _range,
    ),
    "big": _rule(
        rf"(?P<big>{NUMBER}\s?(?:万亿|[十百千]?万|[十百千]?亿|[百千])(?![克米瓦兆字分度])(?:\s?[0-9]+\s?[百千万]+)*"
        rf"(?:\s?[1-9](?=[，。！？；,;]|$|左右|元|块))?)(?:\s?{_MONEY})?",
        _scaled,
    ),
    "price": _rule(rf"(?P<count>{NUMBER})\s?{_MONEY}", _price),
    "tenths": _rule(
        f"(?<![{HAN_DIGIT}十百千])(?P<count>[二三四五六七八九1-9])成(?P<half>半)?(?![为功本员果立长熟分就绩交都品年人])",
        _tenths,
    ),
    "discount": _rule(f"(?:(?<=打)|(?<=打\\s))(?P<left>[{HAN_DIGIT}1-9]{{1,2}})\\s?折", _discount),
    "percent": _rule(f"百分之(?P<percent_of>{NUMBER}|{_SPOKEN}|{NUMERAL})|(?P<percent>{NUMBER})\\s?[%％‰]", _percent),
    "fraction": _rule(
        f"(?P<below>[{HAN_DIGIT}十]+|[千万])分之(?P<above>{NUMBER}|{_SPOKEN}|[{HAN_DIGIT}十]+)", _fraction
    ),
    "half": _rule("一半|半数", _half),
    "doubled": _rule("翻了?[一两]?(?:番|倍)|翻了?一倍", _doubled),
    "magnitude": _rule(r"(?P<count>[一两三四]|[1-9])\s?个数量级", _magnitude),
    "each": _rule("(?<=每)[百千十]?[万亿]|(?<=每)千", _each),
    "neighbours": _rule(
        f"(?<![{HAN_DIGIT}十百千0-9第统唯单万])(?P<a>[一二两三四五六七八])(?P<b>[二两三四五六七八九])(?P<scale>[十百千万]*)"
        f"(?=[{_COUNTED}天年月周小分秒人点])",
        _neighbours,
    ),
    "many": _rule(
        "成千上万|成百上千|(?:(?<!十)好?几|(?<![以加网晚早马])上(?!十)|(?<![函参总个次人倍指整维阶常变级系对导少多岁位])数)"
        "(?P<scale>[十百千万亿]+)(?![度科思家变化分一二三四五六七八九])",
        _many,
    ),
    "half_unit": _rule("半个?(?P<unit>小时|天|年|月)", _half_unit),
    "measure": _rule(
        rf"(?:(?P<below>零下|负)\s?)?(?<![第0-9.])(?P<count>{_SPOKEN}|{NUMBER}|[{HAN_DIGIT}十百千万]+?)\s?(?P<more>[多余来])?\s?"
        rf"(?:个(?P<half>半)(?=小时|月|星期|钟头))?(?P<unit>{_UNIT})",
        _measure,
    ),
    "more": _rule(f"(?<![{HAN_DIGIT}])(?P<tens>[二三四五六七八九]?十)(?P<few>[几多余来])(?P<scale>[万亿]*)", _more),
    "times": _rule(rf"(?P<count>{_SPOKEN}|{NUMBER}|[{HAN_DIGIT}十百千万]+)\s?倍", _times),
    "ordinal": _rule(
        rf"(?!第一(?:时间|手|线|性)|第三方)第\s?(?P<nth>[0-9]+|{NUMERAL})(?![0-9A-Za-z.]|\s?[-~～–到至]\s?[0-9])"
        r"(?:\s?(?P<place>[章节步行页季次]))?",
        _ordinal,
    ),
    "decimal": _rule(f"(?P<count>{_SPOKEN})(?P<scale>[万亿])", _decimal),
    "numeral": _rule(
        f"(?<![这那](?=[两三]))(?P<numeral>{NUMERAL})(?!进制)(?P<counted>(?!次(?:方|函数|样条|多项|曲线))(?=[{_COUNTED}]))?(?:\\s?{_MONEY})?",
        _numeral,
    ),
    "unit": _rule(rf"(?<![A-Za-z0-9_.])(?:{NUMBER})\s?{_LATIN_UNIT}(?![A-Za-z0-9/])", _spaced),
    "version": _rule(
        r"(?<![A-Za-z0-9_.])[0-9]+(?:\.[0-9]+)+(?:-?(?:rc|alpha|beta|dev|post|b|a)\.?[0-9]+|\.x|\+)(?![A-Za-z0-9])"
        r"|(?<![A-Za-z0-9_.])[0-9]+(?:\.[0-9]+){2,}(?![A-Za-z0-9])",
        _as_is,
    ),
    "name": _rule(_NAME, _as_is),
    "issue": _rule(r"(?<!\w)#[0-9]+", _as_is),
    "foreign": _rule(f"[{_OTHER_SCRIPT}]+(?: [{_OTHER_SCRIPT}]+)*", _as_is),
    "emoji": _rule(_EMOJI, _emoji),
    "number": _rule(
        r"(?:(?<![A-Za-z0-9_)\]}%.年月日号章节个天次周])[-−](?=[0-9]))?[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)*", _number
    ),
}
"""What is looked for, in this order at every place."""
