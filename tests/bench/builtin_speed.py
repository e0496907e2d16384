"""How fast the builtin engine is: `python tests/bench/builtin_speed.py [FILE]`, one Chinese sentence a line."""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

from translator.engines import open_engine
from translator.meter import Meter
from translator.model import Job

SENTENCES = (
    "机器学习能从数据中学习，通常数据越多，能学习到的模型就越好。",
    "其中<t1>MXNET</t1>的前身就是<t2>DMLC</t2>的<t3>CXXNET</t3>，在技术上有如下两个亮点：",
    "追求速度极致的开发者通常使用C++来实现深度神经网络，但往往需要给每个层编写独立的CUDA kernel。",
    "目前mxnet比cxxnet快40%，而且gpu内存使用少了一半。",
    "简单介绍",
)


def main() -> None:
    lines = Path(sys.argv[1]).read_text("utf-8").splitlines() if sys.argv[1:] else [*SENTENCES] * 12
    texts = [line for line in lines if line.strip()]
    begin = time.perf_counter()
    engine = open_engine("builtin")
    next(engine.draft([Job("你好")], Meter()))
    print(f"loaded and first answer: {time.perf_counter() - begin:.2f} s")
    begin = time.perf_counter()
    refused = sum(not answer.candidates for _, answer in engine.draft([Job(text) for text in texts], Meter()))
    took = time.perf_counter() - begin
    size = sum(map(len, texts))
    print(f"{size} characters in {took:.2f} s: {size / took:.0f} characters/s, {refused} of {len(texts)} refused")
    print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
