# ruff: noqa: E501, Q003 - a pair reads best on one line
"""A post under review, as the pipeline would hand it over: every shape and every state once or more."""

import hashlib
import re

from translator.model import BlockKind, Finding, Level, Span, State
from translator.review import Item, Review, Row, TermSpan

TERMS = {
    "沐神": ("Mu Li", "MXNet’s co-creator; the nickname is affectionate."),
    "深盟": ("DMLC", "Distributed (Deep) Machine Learning Community."),
    "动手学深度学习": ("Dive into Deep Learning", ""),
    "符号式编程": ("symbolic programming", ""),
    "命令式编程": ("imperative programming", ""),
    "自动求导": ("automatic differentiation", "Not “derivation”."),
    "依赖引擎": ("dependency engine", ""),
    "显存": ("GPU memory", "Not “video memory”."),
}
DRAFT, DONE = State.DRAFT, State.APPROVED


def spans(text, words, *, obeyed=True):
    """Find each term's first mention in a text."""
    found = [(text.find(word), word, term) for term, word in words.items()]
    return tuple(
        TermSpan(at, at + len(word), term, *TERMS[term], obeyed=obeyed) for at, word, term in sorted(found) if at >= 0
    )


def row(source, target="", state=DRAFT, line=0, **more):
    """Make a row with its terms found."""
    more.setdefault("origin", "builtin" if target else "")
    more.setdefault("score", 0.81 if target and more["origin"] == "builtin" else None)
    if state is DONE:
        more.setdefault("by", "Lin Wei")
    named = {term: word[0] for term, word in TERMS.items() if term in source}
    lost = {term: term for term, word in named.items() if target and word.lower() not in target.lower()}
    kept = {term: term for term in named if term not in lost}
    terms = tuple(sorted((*spans(source, kept), *spans(source, lost, obeyed=False))))
    key = hashlib.sha256(source.encode()).hexdigest()[:8]
    low = {term: re.search(re.escape(word), target, re.IGNORECASE) for term, word in named.items()}
    target_terms = spans(target, {term: hit[0] for term, hit in low.items() if hit})
    return Row(key, state, source, target, line=line, source_terms=terms, target_terms=target_terms, **more)


def item(kind, *rows, containers=(), level=0, prefix=None, key="", line=None):
    """Make a prose block."""
    line = rows[0].line if line is None and rows else line or 0
    return Item(kind, level, containers, "", rows, key, line, prefix)


def kept(kind, raw, line, *, key="", containers=()):
    """Make a block that both sides share."""
    return Item(kind, 0, containers, raw, (), key, line)


P, H, CELL = BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.CELL
QUOTE, LIST, STEP = ("quote",), ("bullet", "item"), ("ordered", "item")
INNER = (*LIST, *LIST)
TABLE, HEAD = ("table", "row"), ("table", "header", "row")
CODE = """\
import mxnet as mx
from mxnet import autograd, gluon, nd
from mxnet.gluon import nn

net = nn.HybridSequential()
with net.name_scope():
    net.add(nn.Conv2D(channels=32, kernel_size=3, activation="relu"))
    net.add(nn.MaxPool2D(pool_size=2, strides=2))
    net.add(nn.Flatten())
    net.add(nn.Dense(128, activation="relu"))
    net.add(nn.Dense(10))
net.hybridize()  # 从命令式切换到符号式：之后的调用会先编译成计算图，再一次执行完，这一行因此很长很长，需要横向滚动才能看完
net.initialize(mx.init.Xavier(), ctx=mx.gpu())

trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1})
loss = gluon.loss.SoftmaxCrossEntropyLoss()

for data, label in batches:
    with autograd.record():
        output = net(data)
        l = loss(output, label)
    l.backward()
    trainer.step(data.shape[0])
"""


def post():
    """Give the post."""
    return Review(
        "MXNet 设计笔记：从命令式到符号式",
        "zh.md",
        "en.md",
        (*opening(), *middle(), *table(), *ending()),
        engine="builtin · zh-en small, int8",
        generated="2024-05-18 20:14",
    )


def opening():
    """Give the front matter, the first heading, paragraphs and a quotation."""
    return (
        kept(BlockKind.RAW, "---\ndate: 2016-03-02\ntags: [MXNet, 深度学习]\n", 1, containers=("front",)),
        item(BlockKind.FRONT, row("MXNet 设计笔记：从命令式到符号式", "Notes on MXNet’s Design: From Imperative to Symbolic", DONE, 4), key="title"),
        item(H, row("为什么又写一个深度学习框架", "Why Write Yet Another Deep Learning Framework", DONE, 7), level=1, prefix="# "),
        item(
            P,
            row("**沐神**在知乎上说过，[深盟](https://github.com/dmlc)最早只是几个人的周末项目。", "**Mu Li** once said on Zhihu that [DMLC](https://github.com/dmlc) began as a weekend project of a few people.", DONE, 9),
            row("那时候大家各写各的：有人写 `cxxnet`，有人写 `Minerva`，还有人写 `Purine2`。", "Back then everybody wrote their own: some wrote `cxxnet`, some `Minerva`, and others `Purine2`.", DONE, 9),
            row("后来发现，与其重复造轮子，不如合在一起。", "⤴", State.JOINED, 9, origin="person"),
            row("于是就有了 MXNet，取的是 *mix-net* 的谐音。", "Then came MXNet, whose name is the homophony of *mix-net*.", line=9, score=0.62),
        ),
        item(
            P,
            row("“把命令式编程的**灵活**和符号式编程的**高效**揉到一起，这就是我们想做的。”", "“Kneading the **flexibility** of imperative programming and the **efficiency** of symbol programming together is what we want to do.”", line=11, findings=(Finding("terms", Level.ERROR, "符号式编程 must be “symbolic programming”; the draft has “symbol programming”.", Span(15, 20), Span(82, 100)),)),
            containers=QUOTE, prefix="> ",
        ),
        item(P, row("——《动手学深度学习》的前言里也有类似的话。", "The preface of *Dive into Deep Learning* says something similar.", DONE, 13, origin="memory"), containers=QUOTE, prefix="> "),
        item(H, row("两种编程范式", "Two Programming Paradigms", line=15), level=2, prefix="## "),
    )  # fmt: skip


def middle():
    """Give lists, code and a formula."""
    return (
        item(
            P,
            row("下面这段代码用 Gluon 定义了一个小网络，第 12 行的 `hybridize()` 把它从命令式变成符号式。", "The code below defines a small network with Gluon; `hybridize()` on line 12 turns it from imperative to symbolic.", State.STALE, 17, former="下面这段代码用 Module 定义了一个小网络，第 9 行的 `bind()` 把它变成符号式。", note="Check the line number against the listing."),
        ),
        kept(BlockKind.CODE, CODE, 19, key="python"),
        item(P, row("两者的差别，可以归成三点：", "The differences come down to three points:", DONE, 45)),
        item(P, row("**执行时机**：命令式编程立即执行，符号式编程先建图再执行。", "**When it runs**: imperative programming runs at once; symbolic programming builds a graph first.", DONE, 47), containers=LIST, prefix="- "),
        item(P, row("**显存**：建图之后可以复用中间结果，占用能少 40% 以上。", "**Video memory**: After the graph is built, intermediate results can be reused, and the usage can be reduced by more than 4%.", line=48, score=0.44, findings=(
            Finding("terms", Level.ERROR, "显存 must be “GPU memory”; “Video memory” is forbidden.", Span(2, 4), Span(2, 14)),
            Finding("numbers", Level.ERROR, "40% is missing, and 4% has no counterpart.", Span(25, 28), Span(122, 124)),
            Finding("length", Level.INFO, "The English is long for its source."),
        )), containers=LIST, prefix="- "),
        item(P, row("训练时要保存前向的激活值；", "In training, the activations of the forward pass must be kept;", line=49), containers=INNER, prefix="  - "),
        item(P, row("预测时可以边算边释放。", "", State.UNTRANSLATED, 50, findings=(Finding("untranslated", Level.WARNING, "The engine gave an empty answer three times."),)), containers=INNER, prefix="  - "),
        item(P, row("**调试**：命令式可以随时 `print`，符号式不行。", "**Debugging**: the imperative style lets you `print` at any time.", State.CONFLICT, 51, origin="person", other="**Debugging**: the imperative style lets you `print` whenever you like; the symbolic one does not.", findings=(Finding("length", Level.WARNING, "“符号式不行” seems to be left out."),)), containers=LIST, prefix="- "),
        item(P, row("反向传播由**自动求导**完成，损失对权重的梯度写作 $\\partial L/\\partial w$：", "Backpropagation is done by **automatic differentiation**; the gradient of the loss with respect to a weight is written $\\partial L/\\partial w$:", line=53)),
        kept(BlockKind.MATH, "$$\n\\frac{\\partial L}{\\partial w_{ij}} = \\sum_{k} \\frac{\\partial L}{\\partial y_k} \\frac{\\partial y_k}{\\partial w_{ij}}\n$$", 55),
        item(P, row("安装只要两步：", "Installing takes two steps:", DONE, 59)),
        item(P, row("装好 [CUDA](https://developer.nvidia.com/cuda-downloads \"CUDA 下载\")，版本不低于 7.5；", "Install [CUDA](https://developer.nvidia.com/cuda-downloads \"CUDA downloads\"), version 7.5 or later;", DONE, 61), containers=STEP, prefix="1. "),
        item(P, row("再运行 `pip install mxnet-cu75`。", "Then run `pip install mxnet-cu75`.", DONE, 62), containers=STEP, prefix="2. "),
        kept(BlockKind.CODE, "pip install mxnet-cu75\npython -c 'import mxnet; print(mxnet.__version__)'\n", 64, key="bash", containers=STEP),
        item(P, row("![依赖引擎的示意图](images/engine.png \"依赖引擎\") 依赖引擎按读写依赖调度所有操作，详见[上一篇](../engine/zh.md)和脚注[^1]。", "![A diagram of the dependency engine](images/engine.png \"The dependency engine\") The dependency engine schedules every operation by its reads and writes; see [the previous post](../engine/en.md) and the footnote[^1].", line=68)),
        kept(BlockKind.RULE, "---", 70),
    )  # fmt: skip


def table():
    """Give a table of three columns."""
    cells = (
        ((("框架", "Framework", DONE), ("接口语言", "Languages", DONE), ("多机", "Distributed", DRAFT)), HEAD),
        ((("MXNet", "MXNet", DONE), ("C++、Python、R、Julia、Go", "C++, Python, R, Julia, Go", DRAFT), ("支持", "Supported", DRAFT)), TABLE),
        ((("Caffe", "Caffe", DONE), ("C++、Python", "C++, Python", DRAFT), ("不支持，但有第三方分支可用", "Not supported, but third-party branches are available", DRAFT)), TABLE),
    )  # fmt: skip
    heading = item(H, row("和别的框架比", "Compared with Other Frameworks", line=72), level=2, prefix="## ")
    made = [
        item(CELL, row(source, target, state, 74 + 2 * n), containers=containers, prefix="| ")
        for n, (line, containers) in enumerate(cells)
        for source, target, state in line
    ]
    return heading, *made, Item(CELL, 0, TABLE, "1", (), "", 80), Item(CELL, 0, TABLE, "0.9.3", (), "", 80)


def ending():
    """Give the last paragraphs, with HTML, a footnote and what a renderer must not mind."""
    return (
        item(H, row("小结", "Summary", line=84), level=3, prefix="### "),
        item(P, row("欢迎来<b>提 issue</b>，或者发邮件到 <mail@example.com>&nbsp;。", "You are welcome to <b>open an issue</b> or write to <mail@example.com>.", line=86)),
        item(P, row("沐神后来去了亚马逊，但这是另一个故事了。", "Bath God later went to Amazon, but that is another story.", line=88, findings=(Finding("forbidden", Level.ERROR, "“Bath God” is never accepted for 沐神.", Span(0, 2), Span(0, 8)),))),
        item(P, row("指数据的读和写，包括随机数种子。", "That is, reads and writes of data, the random seed included.", line=90), containers=("footnote",), prefix="[^1]: "),
    )  # fmt: skip


HOSTILE = (
    "<script>window.ran = 1</script>",
    "</script><script>window.ran = 1</script>",
    "</style><script>window.ran = 1</script>",
    '"><img src=x onerror="window.ran = 1">',
    "[点我](javascript:window.ran=1) 和 [再点](JaVaScRiPt&colon;window.ran=1)",
    "[数据](data:text/html,<script>window.ran=1</script>)",
    "[换行](java\tscript:alert(1)) [实体](&#106;avascript:alert(1))",
    "<javascript:window.ran=1>",
    "<svg onload=window.ran=1><animate onbegin=window.ran=1 attributeName=x></svg>",
    '![" onerror=window.ran=1 x="](https://evil.example/x.png "\'><script>window.ran=1</script>")',
    '[x](https://evil.example/"onmouseover="window.ran=1)',
    "`</code><script>window.ran=1</script>` $<img src=x onerror=window.ran=1>$",
    "abc\u202efed\u2066x\u2069 \u200b\u0000 {{ post.title }} {% raw %}",
    "&lt;script&gt;window.ran=1&lt;/script&gt; &#x3c;b&#x3e;",
    "**a*b_c__d**~~e[f](g[h]i)j`k\\",
    "<a href='https://evil.example/' style='position:fixed'>x</a><base href=//evil.example/><meta http-equiv=refresh content=0>",
)


def hostile():
    """Give a post that tries everything it can reach."""
    rows = tuple(
        Row(
            text, State.CONFLICT if n % 3 == 2 else State.STALE if n % 3 else State.DRAFT, text, text,
            origin=text, by=text, former=text[::-1], other=text + "!", note=text, line=n + 1,
            findings=(Finding(text, Level.ERROR, text, Span(0, 9999), Span(-5, 3)),),
            source_terms=(TermSpan(2, 7, text, text, text, obeyed=False), TermSpan(3, 5, text, text)),
            target_terms=(TermSpan(0, len(text), text, text, text),),
        )
        for n, text in enumerate(HOSTILE)
    )  # fmt: skip
    items = [item(P, one, containers=("quote", *LIST), prefix=one.source, key=one.source) for one in rows]
    items += [kept(BlockKind.CODE, text, 1, key=text) for text in HOSTILE]
    items += [item(BlockKind.FRONT, one, key=one.source) for one in rows]
    items += [item(CELL, one, containers=TABLE, key=one.source, line=7) for one in rows]
    text = "".join(HOSTILE)
    return Review(text, text, text, tuple(items), text, text)


def large(count=5000):
    """Give a long post."""
    shapes = [one for one in post().items if one.kind is P]
    return Review("长文", "zh.md", "en.md", tuple(shapes[n % len(shapes)] for n in range(count)), "builtin")
