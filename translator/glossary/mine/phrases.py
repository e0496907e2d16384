"""Which runs of Chinese words can be a term at all: no function words in them, a noun-like end.

Lists, not grammar: a tagger would cost more than all the rest, and its tags of technical words are poor.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_WORDS = 4
MOST_CHARACTERS = 10

_FUNCTION = frozenset(
    "的了着过是在和与或及而且就都也还将把被对向为以于其这那此该个等里时会能要有并请来去到让使所则又如若但很太"
    "再才已经没吗呢吧啊呀嘛哦哈么们地得之我你他她它您谁哪几两一每某各另别跟给由当因想说看叫像靠凭比往随按据即至"
    "些位次种条台张件套句篇遍年月日天秒够越吃喝敢愿怕嘿喂咯额啦哎唉嗯仅曾皆均勿约近凡除替趁沿朝离非但若虽然却"
    "做走换打放找问懂算讲听拿抄拉丢甩堵救跑掉挂吵拍涨顺凑踩掺选加改用好坏真难便宜"
)
"""Characters that, as words of their own, are no part of a term."""
_RARELY = frozenset("多前后从可不上中下最更第二三四五六七八九十百千万亿零左右内外大小新旧高低无同自先只过写读快慢易")
"""The same, but for phrases that are known: 多版本并发控制, 反向传播."""
_WORDS = frozenset(
    (  # noqa: SIM905  # a table to be read
        "一个 一种 一些 一样 一起 一次 一下 一点 一直 一定 一般 一边 一旦 一台 一段 一行 一遍 一张 "
        "一套 一条 一句 一切 一半 这个 这种 这些 这样 这里 这次 这么 这时 这句 这条 这是 这两 这块 "
        "那个 那种 那些 那样 那里 那么 那时 每个 每次 每天 每年 每月 每条 每一 各种 各个 某个 某些 "
        "其他 其它 其中 其实 其次 另外 另一 另一个 两个 三个 几个 很多 许多 大多 大部分 所有 任何 "
        "全都 一共 整个 整整 哪里 哪个 什么 怎么 怎样 如何 为什么 多少 几乎 差不多 我们 你们 他们 "
        "她们 它们 自己 别人 大家 有人 人们 咱们 本人 谁也 可以 可能 能够 应该 必须 需要 想要 愿意 "
        "不能 不会 不要 不用 不是 不到 不了 不过 不如 不同 不少 不再 不够 不好 不想 不敢 不得 不必 "
        "不住 没有 没什么 还有 还是 还要 只有 只是 只要 只能 只会 只好 就是 就要 就会 也是 也会 "
        "也就是 都是 都会 正是 正好 正在 已经 曾经 马上 立刻 终于 突然 忽然 居然 竟然 果然 当然 "
        "仍然 依然 虽然 尽管 即使 既然 如果 假如 要是 因为 由于 所以 因此 于是 然后 接着 随后 以后 "
        "之后 后来 以前 之前 从前 之间 之中 以内 以外 以上 以下 以来 时候 当时 同时 有时 现在 目前 "
        "最近 今天 昨天 明天 今年 去年 上个月 上周 周末 晚上 早上 下午 上午 年初 年底 永远 从来 "
        "一向 总是 往往 常常 经常 偶尔 有点 非常 十分 特别 尤其 相当 比较 更加 越来越 最好 最多 "
        "最少 最后 最终 最初 最早 最先 首先 第三 第一个 第二个 第一步 第二步 但是 可是 不仅 而且 "
        "而是 或者 并且 以及 甚至 反而 反正 否则 除了 除非 除此之外 关于 对于 至于 根据 按照 通过 "
        "经过 为了 随着 作为 由此 从此 从而 以便 以免 比如 例如 譬如 像是 似乎 好像 仿佛 大概 大约 "
        "里面 外面 上面 下面 前面 后面 旁边 背后 眼前 身上 头上 手里 心里 看到 看见 看着 看看 看完 "
        "看来 听到 听说 知道 觉得 认为 以为 发生 出现 变成 成为 成了 作成 做成 看成 当成 换成 改成 "
        "变得 使得 得到 拿到 拿出 收到 遇到 碰到 找到 想到 说到 提到 谈到 等到 直到 用到 感到 来到 "
        "回到 达到 做到 办到 写到 读到 出来 出去 进来 进去 下来 下去 起来 上来 上去 过来 过去 回来 "
        "回去 用来 用于 适用 负责 包括 位于 等于 大于 小于 算是 叫做 称为 所谓 意味着 意思 告诉 "
        "了解 明白 记得 忘了 忘记 希望 喜欢 担心 打算 决定 试试看 导致 造成 引起 给出 得出 列出 "
        "写出 指出 做出 加上 加入 加了 去掉 删掉 去除 放到 放在 放进 写在 建在 留在 站在 停在 落在 "
        "用在 不在 都在 就在 是否 能否 有没有 是不是 东西 事情 地方 样子 办法 道理 原因 方面 想法 "
        "看法 说法 做法 写法 用法 好处 坏处 秒钟 同事 朋友 老板 领导 真正 实际上 事实上 基本上 总之 "
        "总的来说 容易 方便 麻烦 主要 严重 明显 漂亮 糟糕 厉害 可怕 奇怪 有趣 有用 没用 好用 难用 "
        "够用 顺手 顺便 故意 随便 随手 尽量 尽快 至少 起码 居多 为主 而言 来说 起见 之类 等等 之一 "
        "一来 要么 要不 无论 不管 不论 只不过 无非 干脆 索性 到底 究竟 毕竟 难道 何况 况且 此外 "
        "以至 以致 倒是 倒也 可惜 好在 幸好 多亏 难怪 怪不得 显然 想必 据说 看起来 听起来 读起来 "
        "写起来 用起来 跑起来 相当于 不得不 来不及 差点 老是 老规矩 中途 半天 整天 一天 两天 三天 "
        "一周 一年 半年 两年 三年 多年 几年 各自 分别 亲自 重新 逐渐 慢慢 渐渐 迅速 及时 立即 随时 "
        "其余 别的 对应 相应 有关 无关 上述 下列 上一 下一 下一步 上一步 本文 本节 文中 例子 来自 "
        "得以 加以 予以 不断 完毕 齐全 足够 过于 偏偏 恰好 刚刚 刚才 本来 原来 起初 到处 处处 四处 "
        "一律 统统 总共"
    ).split()
)
"""Words that are no part of a term."""


_COUNTED = re.compile(
    "[一二两三四五六七八九十几每某这那各同][个台张件套句篇种条次位些段节]|[篇张台件]..|最(?![大小短长优])."
    "|[的是在别那这另将就也都该且如]..|同一|三分之一"
)
"""Words that count or compare: 一段, 同一个, 篇文章, 最常见."""
_PLACES = frozenset("上中下内外里前后时间处")
"""Last words that say where or when: 页面上, 性能上."""
_FIRST = frozenset("不最")


def is_function(word: str) -> bool:
    """Tell whether a word only joins others, counts or compares."""
    return word in _FUNCTION or word in _WORDS or _COUNTED.match(word) is not None


def is_phrase(words: Sequence[str]) -> bool:
    """Tell whether words side by side can be a term, as far as their kind goes."""
    if words[0] in _FIRST or words[-1] in _PLACES or any(map(is_function, words)):
        return False
    return not all(len(word) == 1 and word in _RARELY for word in words)


def is_plain(words: Sequence[str]) -> bool:
    """Tell whether that holds for words nobody knows as a phrase, too."""
    return is_phrase(words) and not any(word in _RARELY for word in words)
