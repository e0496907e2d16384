"""Dates and times of day: how Chinese writes them, and how English does."""

from __future__ import annotations

import re

from translator.text.literal import NOWHERE, Literal, said
from translator.text.numerals import HAN_DIGIT, WORDS, forms, whole

MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]
DAYS = dict(zip("一二三四五六日天", ["Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun", "Sun"], strict=True))
_SHORT_YEAR = r"[0-9]{2}(?=\s?年(?:年?[底末初]|\s?[0-9一二三四五六七八九十]{1,2}\s?月))"
YEAR = f"(?P<year>(?:19|20)[0-9]{{2}}|[一二][九〇零][{HAN_DIGIT}]{{2}}|{_SHORT_YEAR})\\s?年(?!代)"
MONTH = r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\s?月(?:份)?"
DAY = f"(?P<day>[12][0-9]|3[01]|0?[1-9]|[二三]?十[{HAN_DIGIT}]?|[{HAN_DIGIT}])\\s?[日号]"
DAYTIMES = (
    *("am", "pm", "a.m", "p.m", "morning", "afternoon", "evening", "night", "noon", "midnight", "dawn"),
    *("o'clock", "o’clock", "at"),
)
MORNING, EVENING = "凌晨|清晨|早上|早晨|上午|半夜|午夜", "中午|下午|傍晚|晚上|夜里|深夜|当晚"
CLOCK = f"(?:[0-9]{{1,2}}|[二三]?十[{HAN_DIGIT}]?|[{HAN_DIGIT}])"


def _read_year(text: str | None) -> int | None:
    year = whole(text)
    return year if year is None or year > 99 else year + (2000 if year < 50 else 1900)


def date(found: re.Match[str]) -> Literal | None:
    """Read 2015年9月1日, 五月三号, 16年底."""
    year, month, day = (found.groupdict().get(k) for k in ("year", "month", "day"))
    return _written_date(_read_year(year), whole(month), whole(day))


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


def stamp(found: re.Match[str]) -> Literal:
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


def century(found: re.Match[str]) -> Literal | None:
    """Read 21 世纪, 上世纪 90 年代."""
    text = found["century"]
    number = 20 if text == "上" else 21 if text == "本" else whole(text)
    if not number:
        return None
    if found["decade"]:
        decade = whole(found["decade"]) or 0
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


def age(found: re.Match[str]) -> Literal:
    """Read 90 年代, 2010 年代."""
    text = found["decade"]
    year = whole(text) or 0
    return _decade(year if year > 99 else year + (1900 if year > 20 else 2000))


def weekday(found: re.Match[str]) -> Literal:
    """Read 周三, 星期天."""
    name = f"{DAYS[found['day']]}day"
    return said(name, name[:3], f"{name}s")


def clock(found: re.Match[str]) -> Literal | None:
    """Write a time of day as English does; a bare 两点 is two points."""
    hour, rest = whole(found["hour"]), found["rest"] or ""
    if hour is None or hour > 24 or not (found["part"] or rest):
        return None
    if found["hour"] == "一" and not found["part"] and rest != "钟":  # 一点十分 is `a little very`
        return None
    minute = _minute(rest)
    if minute is None or minute > 59:
        return None
    part = found["part"]
    late = part is not None and part in EVENING.split("|")
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
    return fixed if fixed is not None else whole(rest.rstrip("分钟").strip())
