"""Chinese names in Latin letters."""

from __future__ import annotations

import re

from translator.text.han import HAN, fold

# Two characters that are one surname, and surnames read otherwise than the character usually is.
_DOUBLE = frozenset(
    (  # noqa: SIM905  # a table to be read
        "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 "
        "太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 "
        "漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 公户 公玉 公仪 梁丘 公仲 "
        "公上 公门 公山 公坚 左丘 公伯 西门 公祖 第五 公乘 贯丘 公皙 南荣 东里 东宫 仲长 子书 子桑 即墨 达奚 "
        "褚师 纳兰"
    ).split()
)
_SURNAMES = {
    "曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "查": "zha", "任": "ren", "翟": "zhai", "区": "ou",
    "朴": "piao", "盖": "ge", "缪": "miao", "乐": "yue", "覃": "qin", "员": "yun", "种": "chong", "逄": "pang",
    "冼": "xian", "华": "hua", "宁": "ning", "纪": "ji", "黑": "he", "秘": "bi", "折": "she", "尉迟": "yu chi",
    "万俟": "mo qi", "长孙": "zhang sun", "澹台": "tan tai", "单于": "chan yu", "令狐": "ling hu",
    "呼延": "hu yan", "繁": "po", "牟": "mu", "燕": "yan", "重": "chong", "隗": "wei", "祭": "zhai",
}  # fmt: skip
_NAME = re.compile(f"[{HAN}]+")


def syllables(text: str) -> list[str]:
    """Give the syllables of a Chinese text, lower case, without tones; other characters are left out."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415  # 100 ms

    found: list[str] = []
    for run in _NAME.findall(fold(text)):
        found += lazy_pinyin(run, errors="ignore", v_to_u=True)
    return found


def pinyin(name: str) -> str:
    """Spell a person's name as in China: `王小明` → `Wang Xiaoming`.

    More than four characters are no Chinese name: they make one word. A foreign name's parts (`·`) are kept apart.
    What is not Chinese stays as it is.
    """
    return _NAME.sub(lambda run: _spell(run[0]), name).replace("·", " ")


def _spell(name: str) -> str:
    plain = fold(name)
    size = 2 if plain[:2] in _DOUBLE and len(plain) > 2 else 1
    if not 2 <= len(plain) <= 4:
        return "".join(syllables(plain)).capitalize()
    family, given = plain[:size], plain[size:]
    surname = _SURNAMES.get(family, "").split() or syllables(family)
    # An apostrophe keeps syllables apart: Xi'an is not xian.
    rest = re.sub(r"(?<=[a-zü]) (?=[aoe])", "'", " ".join(syllables(given))).replace(" ", "")
    return f"{''.join(surname).capitalize()} {rest.capitalize()}"
