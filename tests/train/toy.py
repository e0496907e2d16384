"""A toy language that a tiny network learns in seconds: Chinese words in order, each with its one English word."""

import random
from pathlib import Path

from translator.train.pairs import Pair

WORDS = {
    "数据": "data",
    "模型": "model",
    "训练": "training",
    "函数": "function",
    "梯度": "gradient",
    "参数": "parameter",
    "网络": "network",
    "学习": "learning",
    "代码": "code",
    "文件": "file",
    "命令": "command",
    "结果": "result",
}


def sentences(count, seed=1, longest=4):
    rng = random.Random(seed)  # noqa: S311
    for _ in range(count):
        some = [rng.choice(list(WORDS)) for _ in range(rng.randint(2, longest))]
        yield some, [WORDS[word] for word in some]


def pair(chinese, english):
    """Join words, and link each to its own."""
    links, at, there = [], 0, 0
    for word, said in zip(chinese, english, strict=True):
        links.append(f"{at}:{at + len(word)}:{there}:{there + len(said)}")
        at, there = at + len(word), there + len(said) + 1
    return Pair("".join(chinese) + "。", " ".join(english) + ".", ",".join(links), "toy")


def pairs(count, seed=1):
    return [pair(*each) for each in sentences(count, seed)]


def write_pairs(path: Path, some):
    lines = [f"{each.source}\t{each.target}\t{each.origin}\t{each.links}" for each in some]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
