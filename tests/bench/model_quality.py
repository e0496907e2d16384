"""How good a model's English is: BLEU and chrF2 with 95 % intervals, by kind of source, with marks, and of blog prose.

    python tests/bench/model_quality.py DEV_TSV [MODEL_FOLDER …]

DEV_TSV has a document, Chinese and English in each line. Without a folder the model that ships is measured. Hints, tags
and holes are planted where the lexicon is sure which words of the reference say which: a hint asks for the reference's
own words, tags are taken off before scoring, holes are filled with what the reference says there.
"""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path
from typing import NamedTuple

from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from translator.align import links
from translator.engines import marks
from translator.engines.builtin import FOLDER, Builtin
from translator.glossary import Glossary
from translator.meter import Meter
from translator.model import Job, JobTerm, Span
from translator.pipeline.chain import draft_tasks
from translator.pipeline.evaluate import Row, read_rows, row_cases

INFORMAL = Path(__file__).with_name("informal_dev.tsv")
KINDS = {
    "courses, posts": r"d2l|hf-|k8s-blog|react:content/blog|opensource-guide|vue:src/guide/best",
    "references": r"python|postgres|php|django|ms-dotnet|ms-cpp|k8s:|tensorflow",
}
"""Kinds of documents by the beginning of their names; the others are manuals of projects."""
SURE = 0.9
"""How sure a link must be for a mark to be planted on it."""
MOST = 2
"""Links of a sentence that are used."""
SAMPLES = 1000


class Planted(NamedTuple):
    """A sentence with a mark planted in three ways."""

    hint: Job
    tag: Job
    hole: Job
    wanted: tuple[str, ...]
    """What the reference says for each link."""
    reference: str


def scores(said: list[str], references: list[str]) -> str:
    """Give both scores with their intervals."""
    out = []
    for metric in (BLEU(), CHRF()):
        found = metric.corpus_score(said, [references], n_bootstrap=SAMPLES)
        out.append(f"{found.score:5.2f} ±{found._ci:.2f}")
    return "   ".join(out)


def show(name: str, said: list[str], references: list[str], more: str = "") -> None:
    """Print a row."""
    print(f"{name:28} {len(said):5}   {scores(said, references)}   {more}", flush=True)


def answers(engine: Builtin, jobs: list[Job]) -> list[str]:
    """Give the best answers; empty where there is none."""
    found = dict(engine.draft(jobs, Meter()))
    return [found[n].candidates[0].text if found[n].candidates else "" for n in range(len(jobs))]


def kind_of(document: str) -> str:
    """Name the kind of a document."""
    return next((kind for kind, pattern in KINDS.items() if re.match(pattern, document)), "manuals of projects")


def planted(rows: list[Row]) -> list[Planted]:
    """Plant marks where that is sure."""
    return [one for row in rows if not re.search("[`$<>\\[]", row.source + row.reference) and (one := _planted(row))]


def _planted(row: Row) -> Planted | None:
    sure = [
        link
        for link in links(row.source, row.reference)
        if link.score >= SURE and link.source.end - link.source.start >= 2
    ][:MOST]
    if not sure:
        return None
    said = [link.target.of(row.reference) for link in sure]
    terms = tuple(JobTerm(link.source, each) for link, each in zip(sure, said, strict=True))
    tag = hole = row.source
    for n, link in reversed(list(enumerate(sure, 1))):
        before, word, after = _split(tag, link.source)
        tag = f"{before}<t{n}>{word}</t{n}>{after}"
        before, _, after = _split(hole, link.source)
        hole = f"{before}<x{n}>{after}"
    return Planted(Job(row.source, terms), Job(tag), Job(hole), tuple(said), row.reference)


def _split(text: str, span: Span) -> tuple[str, str, str]:
    return text[: span.start], span.of(text), text[span.end :]


def whole(engine: Builtin, rows: list[Row]) -> None:
    """Print what whole sentences reach, the way a post is drafted."""
    begin = time.perf_counter()
    said = [
        one.target
        for one in draft_tasks([engine], [c.task for c in row_cases(rows, Glossary(()))], "straight", Meter())
    ]
    took = time.perf_counter() - begin
    speed = f"{sum(len(row.source) for row in rows) / took:.0f} characters a second"
    show("all", said, [row.reference for row in rows], f"{sum(not each for each in said)} empty, {speed}")
    for kind in (*KINDS, "manuals of projects"):
        at = [n for n, row in enumerate(rows) if kind_of(row.name) == kind]
        show(kind, [said[n] for n in at], [rows[n].reference for n in at])


def with_marks(engine: Builtin, some: list[Planted]) -> None:
    """Print what sentences with marks reach."""
    references = [one.reference for one in some]
    said = answers(engine, [Job(one.hint.text) for one in some])
    show("plain, of those with marks", said, references)
    said = answers(engine, [one.hint for one in some])
    obeyed = [each.lower() in text.lower() for text, one in zip(said, some, strict=True) for each in one.wanted]
    show("hints", said, references, f"obeyed {sum(obeyed)}/{len(obeyed)}")
    said = answers(engine, [one.tag for one in some])
    kept = sum(marks.are_kept(one.tag.text, text) for text, one in zip(said, some, strict=True))
    show("tags", [marks.without(each) for each in said], references, f"whole {kept}/{len(some)}")
    said = answers(engine, [one.hole for one in some])
    kept = sum(marks.are_kept(one.hole.text, text) for text, one in zip(said, some, strict=True))
    filled = [
        marks.swap(text, {f"<x{n}>": each for n, each in enumerate(one.wanted, 1)})
        for text, one in zip(said, some, strict=True)
    ]
    show("holes", filled, references, f"whole {kept}/{len(some)}")


def main() -> None:
    """Print a table for each model."""
    rows = read_rows(Path(sys.argv[1]).read_text("utf-8"))
    prose = read_rows(
        "".join(f"{line}\n" for line in INFORMAL.read_text("utf-8").splitlines() if not line.startswith("#"))
    )
    some = planted(rows)
    bleu, chrf = BLEU(), CHRF()
    for metric in (bleu, chrf):
        metric.corpus_score(["a"], [["a"]])
    print(f"{bleu.get_signature()}\n{chrf.get_signature()}\n{SAMPLES} bootstrap samples")
    for folder in map(Path, sys.argv[2:] or [str(FOLDER)]):
        engine = Builtin(folder)
        print(f"\n{folder.name}: {engine.signature.split()[1]}\n{'':28} lines   BLEU          chrF2")
        whole(engine, rows)
        with_marks(engine, some)
        show("blog prose", answers(engine, [Job(row.source) for row in prose]), [row.reference for row in prose])


if __name__ == "__main__":
    main()
