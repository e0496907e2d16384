"""What habits are worth: half of each text taken as approved, the other half drafted with and without what it teaches.

nice python tests/bench/learning.py PATH_TO_DEV [DOCUMENTS]

A text is a document of a table (document, Chinese, English), or the approved post of this repository. Every second
sentence is approved, so both halves speak of the same things. Told is: the sentences that have a habit, how often its
rendering stands in their drafts, in the reference, and how good these drafts and all drafts are. A habit is *right*
where the reference says it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import sacrebleu

from translator.align.english import normal
from translator.engines import open_engine
from translator.formats import Record, dump, load
from translator.markdown import plain, protect, scan
from translator.memory import open_memory
from translator.memory.habits import habits
from translator.meter import Meter
from translator.model import Entry, JobTerm, State
from translator.pipeline.draft import Ask, draft

HERE = Path(__file__).parents[2]
LEAST = 16
"""Sentences of a document that is halved."""


class Case(NamedTuple):
    """A sentence to be drafted."""

    text: str
    reference: str
    habits: tuple[JobTerm, ...]


def texts(table: Path) -> dict[str, list[tuple[str, str]]]:
    """Give documents with their pairs, the repository's approved post as the last."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for line in table.read_text(encoding="utf-8").splitlines():
        document, chinese, english = line.split("\t")
        found[document].append((chinese, english))
    out = {name: pairs for name, pairs in found.items() if len(pairs) >= LEAST}
    record = HERE / "posts" / "mxnet" / "en.po"
    entries = load(record.read_text(encoding="utf-8"), record).entries
    out["posts/mxnet"] = [(e.source, e.target) for e in entries if e.state is State.APPROVED]
    return out


def cases(pairs: list[tuple[str, str]], folder: Path) -> list[Case]:
    """Approve every second pair, and see what that teaches for the others."""
    entries = tuple(Entry(f"{n:08x}", *pair, State.APPROVED, group=n) for n, pair in enumerate(pairs[::2], 1))
    record = folder / "en.po"
    record.write_text(dump(Record("zh.md", entries)), encoding="utf-8")
    memory = open_memory(None, [record], lambda path: load(path.read_text(encoding="utf-8"), path).entries)
    out = []
    for chinese, english in pairs[1::2]:
        text = protect(chinese, scan(chinese)).text
        found = habits(memory, plain(text))
        out.append(Case(text, plain(protect(english, scan(english)).text), tuple(JobTerm(*each) for each in found)))
    return out


def drafts(engine, some: list[Case], *, told: bool) -> list[str]:
    asks = [Ask(case.text, habits=case.habits if told else ()) for case in some]
    said = dict(draft(engine, asks, "straight", Meter()))
    return [plain(said[n].target) for n in range(len(asks))]


def has(text: str, term: JobTerm) -> bool:
    return normal(term.translation) in normal(text)


def shares(some: list[Case], said: list[str]) -> tuple[int, int]:
    """Count the habits that drafts say, and of those that the reference says."""
    both = [(case, text, term) for case, text in zip(some, said, strict=True) for term in case.habits]
    right = [has(text, term) for case, text, term in both if has(case.reference, term)]
    return sum(has(text, term) for _, text, term in both), sum(right)


def quality(some: list[Case], said: list[str]) -> str:
    references = [[case.reference for case in some]]
    bleu, chrf = sacrebleu.corpus_bleu(said, references), sacrebleu.corpus_chrf(said, references)
    return f"{bleu.score:.2f} BLEU, {chrf.score:.2f} chrF2"


def report(name: str, some: list[Case], without: list[str], with_: list[str]) -> None:
    touched = [n for n, case in enumerate(some) if case.habits]
    total = sum(len(case.habits) for case in some)
    right = sum(has(case.reference, term) for case in some for term in case.habits)
    print(f"{name}: {len(some)} sentences, {total} habits in {len(touched)} of them; the reference says {right}")
    if not total:
        return
    for word, said in (("without", without), ("with", with_)):
        any_, good = shares(some, said)
        chosen = [some[n] for n in touched], [said[n] for n in touched]
        print(f"  {word:8} said {any_} of {total}, of the right ones {good} of {right}; {quality(*chosen)} on these,")
        print(f"           {quality(some, said)} on all")


def main(table: Path, most: int) -> None:
    engine, all_, began = open_engine("builtin", {}), [], time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        halves = {name: cases(pairs, Path(folder)) for name, pairs in list(texts(table).items())[-most:]}
    print(f"habits found in {time.process_time() - began:.1f} s")
    for name, some in halves.items():
        without = drafts(engine, some, told=False)
        again = iter(drafts(engine, [case for case in some if case.habits], told=True))
        with_ = [next(again) if case.habits else text for case, text in zip(some, without, strict=True)]
        all_.append((name, some, without, with_))
    for name, some, without, with_ in all_:
        if name == "posts/mxnet":
            report(name, some, without, with_)
    rest = [one for one in all_ if one[0] != "posts/mxnet"]
    joined = [[each for one in rest for each in one[n]] for n in (1, 2, 3)]
    if rest:
        report(f"{len(rest)} documents", *joined)
    known = {(term.translation, has(case.reference, term)) for case in joined[0] for term in case.habits}
    print("right:", ", ".join(sorted(word for word, good in known if good)[:40]))
    print("not said in a reference:", ", ".join(sorted(word for word, good in known if not good)[:40]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1000)
