"""Chinese persons' names, spelled in pinyin: beside a title or a verb of saying, or alone inside a tag."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from translator.model import Span
from translator.text.literals import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚"
    "谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_TITLE = "教授|老师|同学|博士|先生|女士|小姐|院士|师兄|师姐|师弟|师妹|大神|大佬|导师|学长|学姐|工程师|研究员|总裁"
_SAYS = "说道|表示|指出|认为|写道|提到|告诉|在知乎|在微博"
_GIVEN = "[\u3400-\u9fff]"
_NAME = re.compile(
    f"(?<![\u3400-\u9fff])(?P<a>[{SURNAMES}]{_GIVEN}{{1,2}}?)(?={_TITLE}|{_SAYS})"
    f"|(?<=[0-9]>)(?P<c>[{SURNAMES}]{_GIVEN}{{1,2}})(?=</t)"
    f"|(?<=[由和与是跟让向])(?P<b>[{SURNAMES}]{_GIVEN}{{1,2}}?)(?={_TITLE})"
)
_NOT_GIVEN = re.compile("[的了是在和与们这那不就也都有个地得]|^[大小老]$")


def find(text: str) -> Iterator[Literal]:
    """Find names that are surely names; spelled as in China."""
    for found in _NAME.finditer(text):
        name = found.group()
        if not _NOT_GIVEN.search(name[1:]) and not _is_word(name):
            from translator.text.pinyin import pinyin  # noqa: PLC0415  # 100 ms

            yield Literal(Span(*found.span()), pinyin(name), is_name=True)


def _is_word(name: str) -> bool:
    from translator.text.words import frequency  # noqa: PLC0415  # reads Jieba's dictionary

    return frequency(name) > 200 or (len(name) > 2 and frequency(name[:2]) > 200)
