"""The memory: what its index costs, and how long an exact and a close look-up take.

python tests/bench/memory_speed.py [SEGMENTS …]
"""

from __future__ import annotations

import random
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path

from translator.formats import Record, dump, load
from translator.memory import open_memory
from translator.memory.similar import ratio, similar
from translator.model import Entry, State
from translator.text import fold, frequency, has_han

HERE = Path(__file__).parents[2]
IN_A_RECORD = 130
"""Segments of a post of 10 KB."""


def words() -> dict[str, int]:
    """Give the words of all posts of the repository that Jieba knows, and of its own dictionary the common ones."""
    from translator.text.words import _dictionary  # noqa: PLC0415  # the only list of words with figures

    return {word: count for word, count in _dictionary().frequencies.items() if count > 20 and has_han(word)}


def sentences(count: int, seed: int) -> list[str]:
    """Make sentences of words as frequent as in the corpus, half of them with a clause of a real post."""
    dice, known = random.Random(seed), words()  # noqa: S311  # the same sentences every time
    texts = " ".join(path.read_text(encoding="utf-8") for path in sorted(HERE.glob("**/*zh.md")))
    clauses = [clause for clause in re.findall("[\u4e00-\u9fffA-Za-z ]{4,20}", texts) if frequency(clause[:2])]
    drawn = iter(dice.choices(list(known), weights=list(known.values()), k=count * 14))
    out = []
    for _ in range(count):
        parts = ["".join(next(drawn) for _ in range(dice.randint(2, 6))) for _ in range(dice.randint(1, 2))]
        if dice.random() < 0.5:
            parts.insert(dice.randint(0, len(parts)), dice.choice(clauses))
        out.append("，".join(parts) + dice.choice("。。。！？"))
    return out


def changed(text: str, dice: random.Random) -> str:
    """Change a sentence in a few places."""
    for _ in range(dice.randint(1, max(1, len(text) // 8))):
        at = dice.randrange(len(text))
        text = text[:at] + dice.choice(["", "很", "新的", text[at : at + 1] * 2]) + text[at + 1 :]
    return text or "。"


def write(folder: Path, some: list[str]) -> list[Path]:
    out = []
    for n in range(0, len(some), IN_A_RECORD):
        entries = tuple(
            Entry(f"{n + k:08x}", s, f"English {n + k}.", State.APPROVED, group=k)
            for k, s in enumerate(some[n : n + IN_A_RECORD])
        )
        out.append(folder / f"post{n}.po")
        out[-1].write_text(dump(Record("zh.md", entries)), encoding="utf-8")
    return out


def milliseconds(times: list[float]) -> str:
    times = sorted(times)
    return f"{1000 * statistics.median(times):.2f} (of 100 the slowest {1000 * times[int(len(times) * 0.99)]:.2f})"


def timed(ask, questions):
    times, answers = [], []
    for question in questions:
        began = time.process_time()
        answers.append(ask(question))
        times.append(time.process_time() - began)
    return times, answers


def main(count: int) -> None:
    dice, some = random.Random(count), sentences(count, 1)  # noqa: S311  # the same every time
    with tempfile.TemporaryDirectory() as name:
        records = write(Path(name), some)
        read = {path: load(path.read_text(encoding="utf-8"), path).entries for path in records}
        fold("热身繁體")
        began = time.process_time()
        memory = open_memory(Path(name) / "cache", records, read.__getitem__)
        opened = time.process_time() - began
        began = time.process_time()
        similar(memory, "热身")
        made = time.process_time() - began
        size = (Path(name) / "cache" / "memory.sqlite").stat().st_size / 1e6
        exact, _ = timed(memory.find, dice.sample(some, 200))
        questions = [changed(text, dice) for text in dice.sample(some, 200)]
        close, found = timed(lambda text: similar(memory, text), questions)
        fresh, _ = timed(lambda text: similar(memory, text), sentences(200, 2))
        again = open_memory(Path(name) / "cache", records, read.__getitem__)
        write(Path(name), [*some[:100], *sentences(30, 3)])
        read[records[0]] = load(records[0].read_text(encoding="utf-8"), records[0]).entries
        again = open_memory(Path(name) / "cache", records, read.__getitem__)
        began = time.process_time()
        similar(again, "热身")
        update = time.process_time() - began
    print(f"{count} segments: the pairs {opened:.2f} s, the grams {made:.2f} s (at the first look-up), {size:.1f} MB")
    print(f"  one record changed: {1000 * update:.0f} ms at the next look-up")
    print(
        f"  exact {milliseconds(exact)} ms; close {milliseconds(close)} ms; of new sentences {milliseconds(fresh)} ms"
    )
    folded = [fold(text) for text in some]
    right = total = 0
    for question, matches in list(zip(questions, found, strict=True))[:20]:
        ranked = sorted((ratio(fold(question), text) for text in folded), reverse=True)[:5]
        wanted = [value for value in ranked if value >= 0.6]
        total += len(wanted)
        right += sum(match.ratio >= value - 1e-9 for match, value in zip(matches, wanted, strict=False))
    print(f"  of {total} that comparing with every sentence finds: {right}")


if __name__ == "__main__":
    for size_ in [int(arg) for arg in sys.argv[1:]] or [1_000, 10_000, 100_000]:
        main(size_)
