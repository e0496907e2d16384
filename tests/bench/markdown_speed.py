"""How fast posts are parsed and spliced, and that nothing is quadratic: MB/s by size and by pathological input."""

from __future__ import annotations

import sys
from time import perf_counter

from translator.errors import InputError
from translator.markdown import parse, scan
from translator.model import Edit
from translator.splice import splice

POST = """## 第{n}节 简单介绍

虽然说是简单介绍**MXNET**，但是我还是想从[历史](https://example.com/{n} )开始说起。
那么就不得不提起`DMLC`，以下是它的*“自我介绍”*：

> 机器学习能从数据中学习。通常数据越多，能学习到的模型就越好。
> 因此，算法速度 $O(n \\log n)$ 是热点。

- 高性能，而且*易用*
- 中文名为深盟 :tada:

| 名字 | 说明 |
|---|---|
| mxnet | 下一代 ![图](a.png) |

```python
print({n})
```

"""
SIZES = {"10 KB": 10_000, "100 KB": 100_000, "1 MB": 1_000_000, "10 MB": 10_000_000}
HARD = {
    "one paragraph": "机器学习**能从**数据中[学习](a)。",
    "stars": "*",
    "openers": "*a ",
    "closers": "a* ",
    "mixed delimiters": "*a_ ",
    "both": "*a**b",
    "brackets": "[",
    "brackets closed": "[a]",
    "nested links": "[a](b",
    "images": "![",
    "backticks": "`a``b```c",
    "ticks growing": "",
    "tags": "<a ",
    "tags open": "<b>",
    "tags close": "</c>",
    "tags mixed": "<a><b></c>",
    "comments": "<!-- a ",
    "declarations": "<!A ",
    "dollars": "$a $",
    "double dollars": "$$ a",
    "braces": "{{< a ",
    "percent": "{% a ",
    "colons": "a:b ",
    "addresses": "http://a ",
    "mails": "a_@",
    "entities": "&a",
    "backslashes": "\\(a ",
    "lines of dollars": "$$\n\n",
    "lines of raw": "{% raw %}\n\n",
    "quotes": ">",
    "lazy quotes": "> > > a\n",
    "list items": "- a\n",
    "nested items": "- ",
    "tables": "|a|b|\n|-|-|\n",
    "colon lines": "::: a\n",
    "references": "[a]: b\n",
    "labels": "[a",
    "html lines": "<div>\n",
    "pre lines": "<pre>\n\n",
    "blank lines": "\n",
    "quoted blanks": "> \n",
    "carriage returns": "a\r",
}


def post(size: int) -> str:
    """Make an ordinary post of some bytes."""
    one = POST.format(n=1)
    return "".join(POST.format(n=n) for n in range(size // len(one.encode()) + 1))


def seconds(text: str) -> float:
    """Time one parse and one splice of every prose block."""
    start = perf_counter()
    try:
        document = parse(text)
        splice(text, [Edit(block.span, "x") for block in document.blocks if block.kind.is_prose])
    except InputError as error:
        print("     ", error)
    return perf_counter() - start


def main() -> None:
    """Print the table; with a figure as argument, pathological inputs of that many bytes."""
    for name, size in SIZES.items():
        text = post(size)
        print(f"{name:>8}  {len(text.encode()) / 1e6 / seconds(text):5.2f} MB/s")
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    for name, unit in HARD.items():
        text = unit * (size // len(unit.encode())) if unit else "".join("`" * n + "a" for n in range(int(size**0.5)))
        half = seconds(text[: len(text) // 2])
        whole = seconds(text)
        speed = len(text.encode()) / 1e6 / whole
        print(f"{name:>18}  {speed:6.2f} MB/s  twice the size takes {whole / half:4.1f} times as long")
    start = perf_counter()
    scan("**a** [b](c) `d` " * 10_000)
    print(f"scan: {170_000 / 1e6 / (perf_counter() - start):.2f} MB/s")


if __name__ == "__main__":
    main()
