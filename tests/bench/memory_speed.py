"""The memory: what its index costs, and how long an exact look-up, a close one and one by skeleton take.

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
from translator.glossary import Glossary
from translator.markdown import plain
from translator.memory import open_memory
from translator.memory.habits import habits
from translator.memory.near import near
from translator.memory.shape import protected_of
from translator.memory.shape import shape as taken_apart
from translator.memory.similar import ratio, similar
from translator.model import Entry, State, Term
from translator.pipeline.close import Sentence, put_right
from translator.text import fold, frequency, has_han

HERE = Path(__file__).parents[2]
IN_A_RECORD = 130
"""Segments of a post of 10 KB."""


def words() -> dict[str, int]:
    """Give the words of all posts of the repository that Jieba knows, and of its own dictionary the common ones."""
    from translator.text.words import _dictionary  # noqa: PLC0415  # the only list of words with figures

    known = _dictionary()
    return {word: count for word in known.words if (count := known.count(word)) > 20 and has_han(word)}


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


def english(text: str, number: int) -> str:
    found = re.match("第([0-9]+)次", text)
    return f"English, for the number {found[1]}." if found else f"English {number}."


def write(folder: Path, some: list[str]) -> list[Path]:
    out = []
    for n in range(0, len(some), IN_A_RECORD):
        entries = tuple(
            Entry(f"{n + k:08x}", s, english(s, n + k), State.APPROVED, group=k)
            for k, s in enumerate(some[n : n + IN_A_RECORD])
        )
        out.append(folder / f"post{n}.po")
        out[-1].write_text(dump(Record("zh.md", entries)), encoding="utf-8")
    return out


def numbered(some: list[str], dice: random.Random) -> list[str]:
    """Begin a part of the sentences with a number: those have a skeleton that others have too."""
    return [f"第{dice.randint(2, 99)}次，{text}" if dice.random() < 0.3 else text for text in some]


def glossary(count: int) -> Glossary:
    """Make a glossary of common words of two and three characters."""
    some = sorted(word for word in words() if len(word) in {2, 3})
    return Glossary([Term(word, f"term {n}") for n, word in enumerate(random.Random(7).sample(some, count))])  # noqa: S311


def by_skeleton(memory, terms: Glossary, some: list[str], fresh: list[str], dice: random.Random) -> None:
    """Tell what drafting by skeleton costs: for sentences with none like them, and with one."""
    began = time.process_time()
    near(memory, terms, "a")
    made = time.process_time() - began

    def ask(text: str) -> object:
        protected = protected_of(text)
        return put_right(memory, terms, Sentence(protected, terms.mentions(plain(protected.text))))

    def look(text: str) -> object:
        protected = protected_of(text)
        return near(memory, terms, taken_apart(protected, terms.mentions(plain(protected.text))).skeleton)

    others = [re.sub("第[0-9]+次", f"第{dice.randint(100, 999)}次", text) for text in some if text.startswith("第")]
    alone, _ = timed(look, fresh)
    new, none = timed(ask, fresh)
    known, found = timed(ask, dice.sample(others, 200))
    print(f"  by skeleton: all entered in {made:.1f} s; {sum(map(bool, none))} of {len(none)} new sentences have one")
    print(f"  look-up alone, mean {1000 * statistics.mean(alone):.2f} ms; of a new sentence {milliseconds(new)} ms")
    hinted, _ = timed(lambda text: habits(memory, text), fresh)
    print(f"  habits of a new sentence: mean {1000 * statistics.mean(hinted):.1f} ms, {milliseconds(hinted)} ms")
    print(f"  of one whose like is there {milliseconds(known)} ms, {sum(map(bool, found))} of {len(found)} drafted")


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
    dice = random.Random(count)  # noqa: S311  # the same every time
    some = numbered(sentences(count, 1), dice)
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
        by_skeleton(memory, glossary(1000), some, sentences(200, 4), dice)
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
