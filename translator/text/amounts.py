"""Quantities: numbers, money, measures, shares, multiples; how Chinese writes them, and how English does."""

from __future__ import annotations

import re

from translator.text.literal import Literal, as_is, said
from translator.text.numerals import (
    DIGIT,
    NUMBER,
    ORDINALS,
    PARTS,
    SCALE,
    WORDS,
    chinese_number,
    figure,
    forms,
    quantity,
    read,
    whole,
)

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
MONEY = "(?P<money>人民币|[美欧日港]元|日圆|美金|英镑|港币|元(?![素组数件类年宇])|块钱)"

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
UNIT = "|".join(UNITS)
WELL_SAID = frozenset({"hours", "minutes", "seconds", "milliseconds", "days", "weeks", "months", "years", "bytes"})
"""Units that every model knows."""
NO_MEASURES = frozenset({"四周", "十分米", "千瓦"})


def _figures(text: str, value: float) -> str:
    """Keep the author's own figures."""
    return text if text.isascii() else quantity(value)


def number(found: re.Match[str]) -> Literal:
    """Keep a number as the author wrote it; English has other ways to say it."""
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


def scaled(found: re.Match[str]) -> Literal | None:
    """Read 3 万, 1.5 亿, 3 万 5 千, 1 万 5."""
    value, last = 0.0, 1
    for count, scale in re.findall(rf"({NUMBER})\s?([十百千万亿]*)", found["big"]):
        size = 1
        for c in scale:
            size *= SCALE[c]
        size = size if scale else max(1, last // 10)
        value, last = value + read(count) * size, size  # type: ignore[operator]  # figures are always read
    return _priced(round(value, 6), found["money"])


def price(found: re.Match[str]) -> Literal:
    """Read 100 元, 30 块钱."""
    return _priced(float(found["count"].replace(",", "")), found["money"])


def coin(found: re.Match[str]) -> Literal:
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


def numeral(found: re.Match[str]) -> Literal | None:
    """Read 三十二, and 三个 where something is counted."""
    text = found["numeral"]
    value = chinese_number(text)
    if value is None or (text[0] in SCALE and text[0] != "十"):
        return None
    counted = text in {*"两三四五六七八九十"} and not found["money"]
    if (counted and found["counted"] is None) or (not counted and not any(c in SCALE for c in text)):
        return None
    return said(quantity(value), *forms(value), plain=counted) if not found["money"] else _priced(value, found["money"])


def decimal(found: re.Match[str]) -> Literal | None:
    """Read 三点五亿."""
    value = read(found["count"])
    scale = SCALE.get(found["scale"], 1)
    return None if value is None else said(quantity(value * scale), *forms(value * scale))


def more(found: re.Match[str]) -> Literal | None:
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


def many(found: re.Match[str]) -> Literal | None:
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


def each_of(found: re.Match[str]) -> Literal:
    """Read 每百万: per million."""
    size = 1
    for c in found.group():
        size *= SCALE[c]
    word = quantity(size).removeprefix("1 ")
    return said({1000: "thousand"}.get(size, word), f"{word}s", *forms(size), plain=True)


def neighbours(found: re.Match[str]) -> Literal | None:
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


def between(found: re.Match[str]) -> Literal | None:
    """Read 3~5, 10-20, 3 到 5, 2～3 万; what only looks like one (010-6278) is kept as it is."""
    low, high, scale = found["low"], found["high"], found["scale"] or ""
    size = SCALE.get(scale, 1)
    a, b = (read(low) or 0) * size, (read(high) or 0) * size
    is_written = low.isascii() and high.isascii() and not scale
    if not a < b:
        return as_is(found) if is_written and found["to"] in "-–" else None
    ends = (low, high) if is_written else (quantity(a), quantity(b))
    word = " to " if found["to"] in {"到", "至"} else "–"
    each = tuple((end.lower(), figure(n), f"{figure(n)}x", *forms(n)) for end, n in zip(ends, (a, b), strict=True))
    others = (f"{low}{sign}{high}" for sign in ("-", "–", "~", " to ", " - ", " – "))
    return said(f"{ends[0]}{word}{ends[1]}", *(() if scale else others), parts=each, plain=not scale)


def percent(found: re.Match[str]) -> Literal | None:
    """Read 40%, 百分之二十, 5‰."""
    text = found["percent_of"] or found["percent"]
    value = text if text[0].isascii() else figure(share) if (share := read(text)) is not None else ""
    if not value:
        return None
    per = "‰" if found.group().endswith("‰") else "%"
    words = [f"{WORDS[int(value)]} percent"] if value.isdigit() and int(value) in WORDS else []
    return said(f"{value}{per}", f"{value} {per}", f"{value} percent", f"{value} per cent", f"{value}-percent", *words)


def tenths(found: re.Match[str]) -> Literal:
    """Read 三成 and 三成半: tenths, which English says in percent."""
    count = whole(found["count"]) or 0
    value = f"{count}{5 if found['half'] else 0}"
    tenths = () if found["half"] else (f"{WORDS[count]} tenths", f"{WORDS[count]}-tenths")
    return said(f"{value}%", f"{value} %", f"{value} percent", f"{value} per cent", *tenths)


def discount(found: re.Match[str]) -> Literal:
    """Read 八折, 八五折: what is left of the price."""
    digits = "".join(str(DIGIT[c]) if c in DIGIT else c for c in found["left"])
    left = int(digits) * (10 if len(digits) == 1 else 1)
    return said(
        f"{100 - left}% off", f"{100 - left}% discount", f"{100 - left} percent off", f"{left}%", f"{100 - left}%"
    )


def fraction(found: re.Match[str]) -> Literal | None:
    """Read 三分之一, 千分之三, 二十分之一."""
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


def half(_: re.Match[str]) -> Literal:
    """Read 一半."""
    return said("half", "50%", "halve", "halves", "halved", "halving", "one-half", "fifty percent", plain=True)


def times(found: re.Match[str]) -> Literal | None:
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


def doubled(found: re.Match[str]) -> Literal:
    """Read 翻番, 翻了两番."""
    wanted, *others = DOUBLED[2 if "两" in found.group() else 1]
    return said(wanted, *others, plain=True)


def magnitude(found: re.Match[str]) -> Literal | None:
    """Read 两个数量级."""
    value = whole(found["count"])
    if value == 1:
        return said("an order of magnitude", "order of magnitude")
    return None if value is None else said(f"{_spoken(value)} orders of magnitude", parts=(forms(value), ("orders",)))


_OVER = ("more than", "over")
FEW = {"多": _OVER, "余": _OVER, "来": ("about", "around", "some")}
"""What these say behind a number."""


def measure(found: re.Match[str]) -> Literal | None:
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
    few = f"{FEW[found['more']][0]} " if found["more"] else ""
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


def half_unit(found: re.Match[str]) -> Literal:
    """Read 半个小时: half an hour."""
    wanted, *others = {
        "小": ("half an hour", "half-hour", "30 minutes", "half hour"),
        "天": ("half a day", "half-day", "half day"),
        "年": ("half a year", "six months", "half-year", "half year", "6 months"),
        "月": ("half a month", "two weeks", "half-month"),
    }[found["unit"][0]]
    return said(wanted, *others)


ORDINAL_PLACES = {"章": "Chapter", "节": "Section", "步": "step", "行": "line", "页": "page"}


def ordinal(found: re.Match[str]) -> Literal | None:
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
        return said(f"{place} {value}", *loose, parts=(nth, (place.lower(), f"{place.lower()}s")), plain=True)
    ending = next(form for form in nth if re.fullmatch(r"[0-9]+(?:st|nd|rd|th)", form))
    word = ORDINALS[value] if value < len(ORDINALS) else ending
    digits = () if found["place"] == "次" else (str(value), f"{value:,}")
    return said(word, ending, *digits, *idioms.get(value, ()), *quarter, plain=True)
