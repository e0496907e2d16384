"""What the builtin engine costs: `python tests/bench/builtin_speed.py [TEXTS]`, one Chinese sentence a line.

Loading and memory, then seconds for 1,000 Chinese characters at one and two threads, by the length of a sentence, then
the texts, if any. Every figure is of a process of its own.
"""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
import time
from importlib.metadata import distribution
from pathlib import Path

LENGTHS = (10, 25, 50, 100, 200, 500, 1000, 2000)
ENOUGH = 6_000
"""Characters that are drafted for one figure."""
CLAUSES = (
    "机器学习能从数据中学习",
    "通常数据越多模型就越好",
    "追求速度极致的开发者通常使用C++来实现深度神经网络",
    "但往往需要给每个层编写独立的核函数",
    "目前新版本比旧版本快40%",
    "而且显存使用少了一半",
    "我们把这个想法写成了一个小工具",
    "安装以后只需要运行一条命令",
    "如果配置文件里没有写端口号，就使用8080",
    "这里要注意的是缓存不会自动清空",
)
HAN = re.compile("[\u3400-\u9fff]")
BROUGHT = ("ctranslate2", "numpy", "sentencepiece", "jieba")
"""The libraries of which the sizes are told."""


def sentences(length: int, size: int) -> list[str]:
    """Give different sentences of a length, of so many characters in all."""
    out: list[str] = []
    n = 0
    while sum(map(len, out)) < size:
        text = ""
        while len(text) < length - 1:
            text += CLAUSES[(n * 7 + len(text)) % len(CLAUSES)] + "，"
            n += 1
        out.append(text[: length - 1].rstrip("，") + "。")
    return out


def measure(texts: list[str], threads: int) -> dict[str, float]:
    """Draft texts in this process."""
    begin = time.perf_counter()
    from translator.engines.builtin import FOLDER, Builtin  # noqa: PLC0415  # loading is measured
    from translator.meter import Meter  # noqa: PLC0415
    from translator.model import Job  # noqa: PLC0415

    engine = Builtin(FOLDER, threads)
    next(engine.draft([Job("你好")], Meter()))
    loaded = time.perf_counter()
    refused = sum(not answer.candidates for _, answer in engine.draft([Job(text) for text in texts], Meter()))
    return {
        "load": loaded - begin,
        "seconds": time.perf_counter() - loaded,
        "han": sum(len(HAN.findall(text)) for text in texts),
        "characters": sum(map(len, texts)),
        "refused": refused,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def apart(texts: list[str], threads: int) -> dict[str, float]:
    """Draft texts in a process of its own."""
    code = "import json, sys; from builtin_speed import measure; print(json.dumps(measure(*json.load(sys.stdin))))"
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
    done = subprocess.run(  # our own code
        [sys.executable, "-c", code],
        input=json.dumps([texts, threads]),
        text=True,
        stdout=-1,
        check=True,
        env=variables,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def size_of(name: str) -> float:
    """Give how many megabytes an installed library takes."""
    files = distribution(name).files or []
    return sum(path.stat().st_size for path in (Path(str(each.locate())) for each in files) if path.exists()) / 1e6


def main() -> None:
    """Print every figure."""
    one = apart(["你好"], 2)
    print(f"import, load and first answer {one['load']:.2f} s, {one['memory']:.0f} MB")
    print(", ".join(f"{name} {size_of(name):.0f} MB" for name in BROUGHT))
    print("\nlength   s/1,000 characters (1 thread, 2 threads)   characters/s (2 threads)   MB")
    for length in LENGTHS:
        texts = sentences(length, ENOUGH)
        alone, both = (apart(texts, threads) for threads in (1, 2))
        each, two = (1000 * one["seconds"] / one["characters"] for one in (alone, both))
        print(f"{length:6} {each:20.2f} {two:10.2f} {1000 / two:32.0f} {both['memory']:18.0f}", flush=True)
    if sys.argv[1:]:
        lines = [line for line in Path(sys.argv[1]).read_text("utf-8").splitlines() if HAN.search(line)]
        found = apart(lines, 2)
        print(
            f"\n{sys.argv[1]}: {found['characters']:.0f} characters ({found['han']:.0f} Chinese) in "
            f"{found['seconds']:.2f} s: {found['characters'] / found['seconds']:.0f} a second; "
            f"{found['refused']:.0f} of {len(lines)} refused, {found['memory']:.0f} MB"
        )


if __name__ == "__main__":
    main()
