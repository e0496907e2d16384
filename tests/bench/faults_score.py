"""How many faults of a translation the checks find, and how many good sentences they blame.

    python tests/bench/faults_score.py [DEV_TSV [POST.md …]]

DEV_TSV has a document, Chinese and English in each line; without it the approved segments of posts/mxnet are used.

1. Right English is harmed, one fault at a time, and a harm counts as found where a check says what it did not say
   before. Untouched sentences that are blamed are an upper bound: people translate freely, and some leave things out.
2. Drafts of the builtin engine that a reader judged are checked (`faults_score.tsv`: by file and line, with digests of
   source and draft; the text only for our own posts), where it is known: the engine says the same still, or it is ours.

Figures are given for each half of the documents, and of posts for odd and even lines. Neither is held out: `omission`'s
bounds were chosen on the first half's pairs but on judged drafts of both, and the other checks' words and bounds were
tried on all pairs. The last 100 judged drafts were read after all that; then `spelling` was let look at capitals.
"""

from __future__ import annotations

import hashlib
import random
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from translator.checks import CHECKS, run_checks
from translator.engines import open_engine
from translator.formats import load as load_record
from translator.markdown import protect, scan
from translator.meter import Meter
from translator.model import Draft, Finding, Job
from translator.pipeline.translate import translate_posts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

ROOT = Path(__file__).parents[2]
JUDGED = Path(__file__).with_suffix(".tsv")
SEED = 8
SEVERITIES = ("good enough", "needs an edit", "misleading")


class Pair(NamedTuple):
    """A sentence and its translation."""

    document: str
    source: str
    target: str


class Judged(NamedTuple):
    """What a reader thought of a draft."""

    file: str
    line: int
    faults: tuple[str, ...]
    severity: str
    source: str
    """The digest of the source; so is `draft`."""
    draft: str


# ── Harms ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

WORDS = re.compile(r"\S+")
CONTENT = re.compile(r"(?<![\w`-])[a-z]{5,}(?![\w`-])")
NAME = re.compile(r"(?<![\w`./-])[A-Z][A-Za-z]*[A-Z][A-Za-z]*(?![\w`./-])|(?<=[a-z,] )[A-Z][a-z]{3,}(?![\w`-])")
FIGURE = re.compile(r"(?<![\w.`$^{])\d+(?:\.\d+)*(?![\w.`}])")
COUNT = re.compile(r"\b(?:two|three|four|five|six|seven|eight|nine)\b")
NEGATIONS = (
    (re.compile(r" not\b(?! only)|n['’]t\b"), ""),
    (re.compile(r"\b[Ww]ithout\b"), "with"),
    (re.compile(r"\b(?:never|no longer) "), ""),
    (re.compile(r"\b[Nn]o (?=[a-z])"), "a "),
)
AUXILIARY = re.compile(r"\b(?:is|are|was|were|can|will|must|should|could|may)\b(?! not|n['’]t)")


def clause_dropped(text: str, rng: random.Random, _: Sequence[Pair]) -> str:
    """Take away what stands between two commas, before the first or behind the last: three words at least."""
    parts = re.split(r"(?<=[,;:]) ", text)
    some = [n for n, part in enumerate(parts) if len(part.split()) > 2]
    if len(parts) < 2 or not some:
        return ""
    gone = rng.choice(some)
    return " ".join(part for n, part in enumerate(parts) if n != gone)


def negation_dropped(text: str, _: random.Random, __: Sequence[Pair]) -> str:
    """Take away the first negation."""
    return next((pattern.sub(new, text, count=1) for pattern, new in NEGATIONS if pattern.search(text)), "")


def negation_added(text: str, rng: random.Random, _: Sequence[Pair]) -> str:
    """Put a `not` behind an auxiliary."""
    return _changed(text, AUXILIARY, rng, lambda word: f"{word} not")


def number_changed(text: str, rng: random.Random, _: Sequence[Pair]) -> str:
    """Put another figure for one."""
    return _changed(text, FIGURE, rng, lambda word: str(int(re.sub(r"\D", "", word)) + rng.randint(1, 9)))


def count_changed(text: str, rng: random.Random, _: Sequence[Pair]) -> str:
    """Put another small number for one that is written out."""
    return _changed(
        text, COUNT, rng, lambda word: rng.choice([each for each in ("two", "three", "four", "five") if each != word])
    )


def name_swapped(text: str, rng: random.Random, pairs: Sequence[Pair]) -> str:
    """Put another sentence's name for one."""
    return _changed(text, NAME, rng, lambda word: _other(NAME, word, rng, pairs))


def word_exchanged(text: str, rng: random.Random, pairs: Sequence[Pair]) -> str:
    """Put another sentence's word for one that carries meaning."""
    return _changed(text, CONTENT, rng, lambda word: _other(CONTENT, word, rng, pairs))


def word_made_up(text: str, rng: random.Random, pairs: Sequence[Pair]) -> str:
    """Put together half a word and half of another sentence's."""
    return _changed(text, CONTENT, rng, lambda word: word[: len(word) // 2] + _other(CONTENT, word, rng, pairs)[2:])


def word_dropped(text: str, rng: random.Random, _: Sequence[Pair]) -> str:
    """Take away a word that carries meaning."""
    return _changed(text, CONTENT, rng, lambda _: "").replace("  ", " ")


def phrase_repeated(text: str, rng: random.Random, _: Sequence[Pair]) -> str:
    """Say three words again behind the next three."""
    words = text.split()
    if len(words) < 8:
        return ""
    at = rng.randrange(len(words) - 6)
    return " ".join([*words[: at + 6], *words[at : at + 3], *words[at + 6 :]])


def run_on(text: str, rng: random.Random, pairs: Sequence[Pair]) -> str:
    """Go on with eight words of another sentence."""
    words = rng.choice(pairs).target.split()[:8]
    return " ".join([text.rstrip(". "), "and", *words]) if len(words) > 4 else ""


def cut_short(text: str, _: random.Random, __: Sequence[Pair]) -> str:
    """Stop when two thirds are said."""
    words = text.split()
    return " ".join(words[: len(words) * 2 // 3]) if len(words) > 8 else ""


def another_sentence(text: str, rng: random.Random, pairs: Sequence[Pair]) -> str:
    """Put another sentence's translation, about as long."""
    others = [each.target for each in rng.sample(list(pairs), min(60, len(pairs))) if each.target != text]
    return min(others, key=lambda other: abs(len(other) - len(text)))


HARMS: tuple[Callable[[str, random.Random, Sequence[Pair]], str], ...] = (
    clause_dropped,
    cut_short,
    word_dropped,
    negation_dropped,
    negation_added,
    number_changed,
    count_changed,
    name_swapped,
    word_exchanged,
    word_made_up,
    phrase_repeated,
    run_on,
    another_sentence,
)


def _changed(text: str, pattern: re.Pattern[str], rng: random.Random, new: Callable[[str], str]) -> str:
    """Change one match of a pattern; empty where there is none."""
    found = list(pattern.finditer(text))
    if not found:
        return ""
    one = rng.choice(found)
    return text[: one.start()] + new(one[0]) + text[one.end() :]


def _other(pattern: re.Pattern[str], word: str, rng: random.Random, pairs: Sequence[Pair]) -> str:
    while True:
        others = [other for other in pattern.findall(rng.choice(pairs).target) if other.lower() != word.lower()]
        if others:
            return str(rng.choice(others))


# ── Checking ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def findings(source: str, target: str) -> set[tuple[str, str]]:
    """Give what the checks say of a draft."""
    draft = Draft(*(protect(text, scan(text, {})) for text in (source, target)))
    return {(found.check, found.message) for found in run_checks(draft) if not _is_guess(found)}


def _is_guess(found: Finding) -> bool:
    """Tell whether a finding asks for a term, and blames nothing."""
    return found.check == "names" and "in no glossary" in found.message


def harmed(pairs: Sequence[Pair]) -> None:
    """Print how many harms are found, and by which checks."""
    before = [findings(pair.source, pair.target) for pair in pairs]
    print(f"\n{len(pairs)} pairs, harmed one fault at a time (seed {SEED})\n")
    print("| harm | cases | found | by |\n|---|---|---|---|")
    for harm in HARMS:
        rng = random.Random(SEED)  # noqa: S311  # the same harms each time
        cases, found, by = 0, 0, Counter[str]()
        for pair, was in zip(pairs, before, strict=True):
            bad = harm(pair.target, rng, pairs)
            if bad and bad != pair.target:
                new = {check for check, message in findings(pair.source, bad) - was}
                cases, found = cases + 1, found + bool(new)
                by.update(new)
        told = ", ".join(f"{check} {_percent(n, cases)}" for check, n in by.most_common(4))
        print(f"| {harm.__name__.replace('_', ' ')} | {cases} | {_percent(found, cases)} | {told} |")
    blamed = Counter(check for was in before for check in {check for check, _ in was})
    print("\nuntouched and blamed: " + _blame(blamed, sum(map(bool, before)), len(pairs)))


def _blame(blamed: Counter[str], some: int, of: int) -> str:
    return ", ".join(
        [f"{_percent(some, of)} by any"]
        + [f"{each.id} {_percent(blamed[each.id], of)}" for each in CHECKS if blamed[each.id]]
    )


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


# ── Drafts that a reader judged ───────────────────────────────────────────────────────────────────────────────────────


def judged(rows: Sequence[Judged], drafts: dict[tuple[str, str], tuple[str, str]]) -> None:
    """Print how many of the judged drafts each check blames, by how bad they are."""
    same = [(row, *drafts[row.source, row.draft]) for row in rows if (row.source, row.draft) in drafts]
    print(f"\n{len(same)} of {len(rows)} judged drafts are as they were judged\n")
    if not same:
        return
    told = [(row, {check for check, _ in findings(source, draft)}) for row, source, draft in same]
    sizes = Counter(row.severity for row, _ in told)
    print(
        "| check | "
        + " | ".join(f"{each}: {sizes[each]}" for each in SEVERITIES)
        + " |\n|---|"
        + "---|" * len(SEVERITIES)
    )
    for check in [*(each.id for each in CHECKS), "any"]:
        hits = Counter(row.severity for row, said in told if (said if check == "any" else check in said))
        if hits:
            print(
                f"| {check} | "
                + " | ".join(f"{hits[each]} ({_percent(hits[each], sizes[each])})" for each in SEVERITIES)
                + " |"
            )


def load_judged() -> list[Judged]:
    """Read the judgements."""
    lines = (line.split("\t") for line in JUDGED.read_text(encoding="utf-8").splitlines()[1:])
    return [Judged(line[0], int(line[1]), tuple(line[2].split(",")), line[3], line[4], line[5]) for line in lines]


def our_drafts() -> Iterator[tuple[str, str]]:
    """Give the judged drafts whose text we keep."""
    for line in JUDGED.read_text(encoding="utf-8").splitlines()[1:]:
        if len(columns := line.split("\t")) > 7:
            yield columns[6], columns[7]


def drafts_of_pairs(pairs: Sequence[Pair], rows: Iterable[Judged]) -> Iterator[tuple[str, str]]:
    """Draft those sentences that were judged."""
    wanted = {row.source for row in rows}
    some = [pair.source for pair in pairs if digest(pair.source) in wanted]
    for n, answer in open_engine("builtin").draft([Job(source) for source in some], Meter()):
        if answer.candidates:
            yield some[n], answer.candidates[0].text


def drafts_of_post(path: Path) -> Iterator[tuple[str, str]]:
    """Draft a post as a user would."""
    with tempfile.TemporaryDirectory() as folder:
        post = Path(folder) / "zh.md"
        post.write_bytes(path.read_bytes())
        for report in translate_posts([post], open_engine("builtin")):
            yield from ((entry.source, entry.target) for entry in report.outcome.entries if entry.target)


def digest(text: str) -> str:
    """Name a text that is not ours to print."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def halves(pairs: Sequence[Pair]) -> tuple[list[Pair], list[Pair]]:
    """Split pairs by their documents, each second one."""
    first = set(sorted({pair.document for pair in pairs})[::2])
    return [pair for pair in pairs if pair.document in first], [pair for pair in pairs if pair.document not in first]


def sample() -> list[Pair]:
    """Give the approved sentences of the sample post."""
    record = load_record((ROOT / "posts" / "mxnet" / "en.po").read_text(encoding="utf-8"))
    return [Pair("mxnet", e.source, e.target) for e in record.entries if e.target and e.state.is_done]


def main(dev: Path | None, posts: Sequence[Path]) -> None:
    """Print all figures."""
    lines = dev.read_text(encoding="utf-8").splitlines() if dev else ()
    pairs = [Pair(*line.split("\t")[:3]) for line in lines] or sample()
    for name, some in zip(("First half", "Second half"), halves(pairs), strict=True):
        if some:
            print(f"\n## {name}")
            harmed(some)
    rows = load_judged()
    drafts = [*our_drafts(), *drafts_of_pairs(pairs, rows), *(each for path in posts for each in drafts_of_post(path))]
    known = {(digest(source), digest(draft)): (source, draft) for source, draft in drafts}
    first = {digest(pair.source) for pair in halves(pairs)[0]}
    by: dict[str, list[Judged]] = defaultdict(list)
    for row in rows:
        is_first = row.source in first if row.file == "dev.tsv" else row.line % 2
        kind = "sentences" if row.file == "dev.tsv" else "posts"
        by[f"{kind}, {'first' if is_first else 'second'} half"].append(row)
    for name, some in by.items():
        print(f"\n## Drafts of {name}")
        judged(some, known)
    began = time.process_time()
    drafts_made = [Draft(*(protect(text, scan(text, {})) for text in pair[1:])) for pair in pairs]
    prepared = time.process_time()
    count = sum(1 for draft in drafts_made for _ in run_checks(draft))
    took = time.process_time() - prepared
    protecting, checking = (1e6 * each / len(pairs) for each in (prepared - began, took))
    print(f"\n{count} findings; {checking:.0f} µs a segment for all checks, {protecting:.0f} to protect it first")


if __name__ == "__main__":
    named = [Path(each) for each in sys.argv[1:]]
    main(named[0] if named else None, named[1:])
