"""What comes through exactly: terms, marks, numbers and names, and how often nothing comes at all.

    python tests/bench/exactness.py DEV_TSV WORD_LIST

DEV_TSV has a document, Chinese and English in each line; WORD_LIST is a glossary: YAML, or `中文，english` lines.
"""

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from translator.engines import marks
from translator.engines.ask import Ask as Piece
from translator.engines.builtin import Builtin
from translator.glossary import Glossary, load, verify
from translator.markdown import plain, protect, scan
from translator.meter import Meter
from translator.model import Candidate, Job, Mention, Term
from translator.pipeline.chain import draft_tasks
from translator.pipeline.draft import Drafted, Task, first_jobs
from translator.pipeline.evaluate import Case, read_rows, row_cases
from translator.text import cut, has_han, literals

SEED = 7
SHOWN = 12


class Once(Builtin):
    """The model asked once, with hints, and never again."""

    def _answer(self, asks: Sequence[Piece]) -> list[list[Candidate]]:
        return self._try(asks, self._how)


def listed(path: Path) -> Glossary:
    """Read a glossary."""
    if path.suffix == ".yaml":
        return load([path])
    rows = [line.split("，", 1) for line in path.read_text(encoding="utf-8").splitlines() if "，" in line]
    return Glossary(tuple(Term(chinese.strip(), english.strip()) for chinese, english in rows))


def said(engine: Builtin, jobs: Sequence[Job]) -> list[str]:
    """Give the best answers; empty where there is none."""
    answers = dict(engine.draft(jobs, Meter()))
    return [answers[n].candidates[0].text if answers[n].candidates else "" for n in range(len(jobs))]


def main_jobs(engine: Builtin, cases: Sequence[Case]) -> list[Job]:
    """Give what is asked of each sentence itself: not of the titles inside its marks."""
    return [first_jobs(engine.abilities, case.task.asks[:1])[0] for case in cases]


# ── Terms and literals ────────────────────────────────────────────────────────────────────────────────────────────────


def terms(name: str, cases: Sequence[Case], texts: Sequence[str]) -> None:
    """Print how many mentions are rendered as the glossary says, and which are not."""
    asked = missed = 0
    wrong: list[tuple[Mention, str, str]] = []
    for case, text in zip(cases, texts, strict=True):
        mentions = case.task.asks[0].mentions
        verdict = verify(mentions, text)
        asked += len(mentions)
        missed += len(verdict.missing)
        wrong += [(mention, case.source, text) for mention in verdict.missing]
    print(f"{name:26} {asked - missed:6} of {asked:6}  {100 * (asked - missed) / max(1, asked):7.2f} %")
    if missed <= SHOWN:
        for mention, source, text in wrong:
            print(f"    {mention.surface} → {mention.wanted}: {source} │ {text}")


def kept(name: str, cases: Sequence[Case], texts: Sequence[str]) -> None:
    """Print how many numbers and names of the sources are said; those inside terms are the glossary's."""
    every, lost = Counter[str](), Counter[str]()
    examples = []
    for case, text in zip(cases, texts, strict=True):
        source, words = marks.MARK.sub(" ", case.task.asks[0].text), marks.MARK.sub(" ", text)
        surfaces = [mention.surface for mention in case.task.asks[0].mentions]
        found = [one for one in literals.find(source) if not any(one.span.of(source) in term for term in surfaces)]
        every.update(map(_kind, found))
        missing = literals.lost(found, words)
        lost.update(map(_kind, missing))
        examples += [(one.span.of(source), one.wanted, source, words) for one in missing]
    shares = ", ".join(f"{kind} {every[kind] - lost[kind]} of {every[kind]}" for kind in sorted(every))
    print(f"{name:26} {shares}  ({100 - 100 * lost.total() / every.total():.2f} %)")
    if lost.total() <= SHOWN:
        for surface, wanted, source, words in examples:
            print(f"    {surface} → {wanted}: {source} │ {words}")


def _kind(one: literals.Literal) -> str:
    return "names" if one.is_name and any(map(str.isalpha, one.wanted)) else "numbers"


# ── Marks ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def planted(source: str, chance: random.Random) -> str:
    """Plant one to six tags and holes among the words of a sentence, nested and side by side as it happens."""
    words, number = list(cut(source)), 0
    for _ in range(chance.randint(1, 6)):
        number += 1
        start = chance.randrange(len(words) + 1)
        if chance.random() < 0.4:
            words.insert(start, f"<x{number}>")
            continue
        end = min(len(words), start + chance.choice((1, 1, 2, 3, 6)))
        whole = [*words[:start], f"<t{number}>", *words[start:end], f"</t{number}>", *words[end:]]
        if marks.are_nested("".join(whole)):
            words = whole
    return "".join(words)


def with_marks(engine: Builtin, sources: Iterable[str]) -> None:
    """Print how many answers have each mark once, balanced: of the first answers, of the best, of all candidates."""
    chance = random.Random(SEED)  # noqa: S311  # no secret
    texts = [planted(source, chance) for source in sources if has_han(source) and not marks.MARK.search(source)]
    jobs = [Job(text) for text in texts]
    print(f"\nmarks: {sum(map(marks.count, texts))} in {len(texts)} sentences")
    for name, one in (("asked once", Once()), ("after the ladder", engine)):
        answers = dict(one.draft(jobs, Meter()))
        best = [
            n
            for n, text in enumerate(texts)
            if answers[n].candidates and marks.are_kept(text, answers[n].candidates[0].text)
        ]
        every = [marks.are_kept(text, each.text) for n, text in enumerate(texts) for each in answers[n].candidates]
        print(f"{name:26} {len(best)} of {len(texts)} kept; of all candidates {sum(every)} of {len(every)}")
        if len(texts) - len(best) <= SHOWN:
            for n in sorted({*range(len(texts))} - {*best}):
                print(
                    f"    {texts[n]} │ {answers[n].candidates[0].text if answers[n].candidates else answers[n].error}"
                )


# ── Everything ────────────────────────────────────────────────────────────────────────────────────────────────────────


def settled(engine: Builtin, tasks: Sequence[Task]) -> list[Drafted]:
    """Draft as `translate` does: judged, asked again, repaired."""
    return draft_tasks((engine,), tasks, "straight", Meter())


def marked(text: str) -> str:
    """Give a target as its checks see it."""
    return protect(text, scan(text)).text


def main() -> None:
    """Print everything."""
    rows = read_rows(Path(sys.argv[1]).read_text(encoding="utf-8"))
    glossary = listed(Path(sys.argv[2]))
    cases = row_cases(rows, glossary)
    engine = Builtin()
    jobs = main_jobs(engine, cases)
    once, ladder = said(Once(), jobs), said(engine, jobs)
    drafted = settled(engine, [case.task for case in cases])
    final = [marked(one.target) for one in drafted]
    print(f"{engine.signature}\n{len(cases)} sentences, {len(glossary.terms)} terms")
    steps: tuple[tuple[str, list[str]], ...] = (
        ("asked once", once),
        ("after the ladder", ladder),
        ("as drafted", final),
    )
    shows: tuple[tuple[str, Callable[[str, Sequence[Case], Sequence[str]], None]], ...] = (
        ("terms", terms),
        ("numbers and names", kept),
    )
    for title, show in shows:
        print(f"\n{title}")
        for name, texts in steps:
            show(name, cases, texts)
    print("\nempty answers: " + ", ".join(f"{name} {sum(not text for text in texts)}" for name, texts in steps))
    for why, times in Counter(one.findings[-1].message for one in drafted if not one.target and one.findings).items():
        print(f"    {times} × {why}")
    with_marks(engine, [plain(case.task.asks[0].text) for case in cases])


if __name__ == "__main__":
    main()
