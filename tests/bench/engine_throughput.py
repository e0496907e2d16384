"""How well requests under way at once are used: `python tests/bench/engine_throughput.py [POSTS] [--profile]`.

A server of its own process answers each request after one second. The ideal is as many requests at once as are allowed,
and no time between them: for the engine alone; for a tenth of the posts with a request for each paragraph; and for
POSTS posts (1,000) as they are asked by default, a request each. The most memory that took is shown.
"""

from __future__ import annotations

import cProfile
import math
import multiprocessing
import os
import pstats
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "engines"))

from openai_server import ENV, OpenAIServer, settings

from translator.config import Project
from translator.engines.llm import open_engine
from translator.meter import Meter
from translator.model import Around, Job
from translator.pipeline.chain import open_chain
from translator.pipeline.translate import Progress, translate_posts

LATENCY = 1.0
CONCURRENCY = 16
REQUESTS = 320
SENTENCES = (
    "我们先用**梯度下降**训练一个小模型，细节可以参见[这篇文档](https://docs.example/fit)里的`fit()`函数。",
    "学习率太大的时候，训练的过程会变得很不稳定。",
    "追求速度极致的开发者通常使用C++来实现深度神经网络，但往往需要给每个层编写独立的CUDA kernel。",
    "目前mxnet比cxxnet快40%，而且gpu内存使用少了一半。",
)
GLOSSARY = """\
terms:
  - {term: 梯度下降, translation: gradient descent}
  - {term: 学习率, translation: learning rate}
"""


def serve(pipe) -> None:
    with OpenAIServer(LATENCY) as server:
        pipe.send(settings(server))
        pipe.recv()
        pipe.send((len(server.requests), server.most_under_way))


def ideal(requests: int) -> float:
    return math.ceil(requests / CONCURRENCY) * LATENCY


def alone(own: dict[str, str]) -> None:
    """Ask the engine without the pipeline, many small requests."""
    jobs = [Job(f"第 {n} 句话，{SENTENCES[1]}", around=Around(str(n))) for n in range(REQUESTS)]
    engine = open_engine(own)
    next(engine.draft(jobs[:1], Meter()))
    begin = time.perf_counter()
    answered = sum(bool(answer.candidates) for _, answer in engine.draft(jobs, Meter()))
    took = time.perf_counter() - begin
    assert answered == REQUESTS
    said = f"{ideal(REQUESTS):.0f} s would be ideal, {ideal(REQUESTS) / took:.1%}"
    print(f"the engine alone: {REQUESTS} requests, {CONCURRENCY} at once, {LATENCY:g} s each: {took:.2f} s; {said}")


def write_posts(root: Path, count: int) -> list[Path]:
    (root / "glossary").mkdir()
    (root / "glossary" / "terms.yaml").write_text(GLOSSARY, encoding="utf-8")
    paths = []
    for n in range(count):
        path = root / f"post{n:04}.md"
        body = "\n\n".join(f"{sentence}这是第 {n} 篇的第 {i} 段。" for i, sentence in enumerate(SENTENCES * 2))
        path.write_text(f"---\ntitle: 第 {n} 篇文章\n---\n\n# 第 {n} 篇的标题\n\n{body}\n", encoding="utf-8")
        paths.append(path)
    return paths


def whole(own: dict[str, str], count: int) -> None:
    """Translate posts the whole way, files and all."""
    with tempfile.TemporaryDirectory() as folder:
        paths = write_posts(Path(folder), count)
        lines = "".join(f"    {key}: {value}\n" for key, value in own.items())
        Path(folder, "duizhao.yaml").write_text(f"engine: openai\nengines:\n  openai:\n{lines}")
        chain = open_chain(Project.of(paths[0]))
        progress = Progress()
        before = resource.getrusage(resource.RUSAGE_SELF)
        begin = time.perf_counter()
        first = 0.0
        written = 0
        for _ in translate_posts(paths, chain, progress=progress):
            written += 1
            first = first or time.perf_counter() - begin
        took = time.perf_counter() - begin
        after = resource.getrusage(resource.RUSAGE_SELF)
        assert written == count
    taken = progress.meter.taken
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    best = ideal(taken.requests)
    print(
        f"the whole way: {count} posts, {taken.requests} requests in {took:.1f} s; {best:.0f} s would be ideal,"
        f" {best / took:.1%}; first post after {first:.1f} s; {cpu:.1f} s of processor,"
        f" {1000 * cpu / count:.0f} ms a post; {progress.meter.retried} asked again"
    )
    print(f"most memory: {after.ru_maxrss / 1024:.0f} MB (before: {before.ru_maxrss / 1024:.0f} MB)")


def main() -> None:
    arguments = [each for each in sys.argv[1:] if not each.startswith("--")]
    os.environ.update(ENV)
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    process.start()
    own = ours.recv() | {"concurrency": str(CONCURRENCY)}
    alone(own)
    count = int(arguments[0]) if arguments else 1000
    whole(own | {"batch_tokens": "60"}, count // 10)
    profile = cProfile.Profile()
    if "--profile" in sys.argv:
        profile.enable()
    whole(own, count)
    profile.disable()
    ours.send("end")
    requests, most = ours.recv()
    print(f"the server counted {requests} requests, {most} at once at most")
    if "--profile" in sys.argv:
        pstats.Stats(profile).sort_stats("cumulative").print_stats(30)


if __name__ == "__main__":
    main()
