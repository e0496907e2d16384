"""What the table of rare words is worth: the builtin engine's drafts with it and without.

    DUIZHAO_PAIRS=pairs.tsv python tests/bench/rare_words.py [SHEET]

`pairs.tsv` has Chinese and English at the end of each line: BLEU and chrF2 of both, with a paired bootstrap, whole and
on the sentences that hold such words. Then the sentences of `rare_words.txt`, which are prose of everyday: how many of
the table's renderings the drafts say. With SHEET, their drafts are written there side by side, which is which by lot,
to be judged by a reader; `SHEET.key` tells.
"""

from __future__ import annotations

import os
import random
import sys
import time
from pathlib import Path

from sacrebleu.metrics import BLEU, CHRF
from sacrebleu.significance import PairedTest

from translator.engines import open_engine, rare
from translator.meter import Meter
from translator.model import Job

PROSE = Path(__file__).with_suffix(".txt")
SAMPLES = 1000


def drafts(texts: list[str], *, has_table: bool) -> list[str]:
    """Draft texts; without the table, nothing is found in it."""
    find = rare.find
    if not has_table:
        rare.find = lambda _: iter(())
    try:
        answers = sorted(open_engine("builtin").draft([Job(text) for text in texts], Meter()))
    finally:
        rare.find = find
    return [answer.candidates[0].text if answer.candidates else "" for _, answer in answers]


def compare(name: str, without: list[str], having: list[str], references: list[str]) -> None:
    """Print both systems' scores with their 95 % intervals, and how sure the difference is."""
    metrics = {"BLEU": BLEU(references=[references]), "chrF2": CHRF(references=[references])}
    systems = [("without", without), ("with", having)]
    signatures, scores = PairedTest(systems, metrics, references=None, test_type="bs", n_samples=SAMPLES)()
    print(f"\n{name}: {len(references)} sentences")
    for metric, results in scores.items():
        if metric != "System":
            for (system, _), result in zip(systems, results, strict=True):
                sure = "" if result.p_value is None else f"  p = {result.p_value:.3f}"
                print(
                    f"  {metric:>5} {system:>7}  {result.score:5.2f}  mean {result.mean:5.2f} ± {result.ci:.2f}{sure}"
                )
    print("\n".join(f"  {name}: {signature}" for name, signature in signatures.items()))


def on_pairs(path: str) -> None:
    """Compare on sentence pairs."""
    rows = [line.split("\t") for line in Path(path).read_text("utf-8").splitlines() if not line.startswith("# ")]
    texts, references = [row[-2] for row in rows], [row[-1] for row in rows]
    without, having = drafts(texts, has_table=False), drafts(texts, has_table=True)
    held = [n for n, text in enumerate(texts) if any(rare.find(text))]
    compare("all", without, having, references)
    compare("with rare words", [without[n] for n in held], [having[n] for n in held], [references[n] for n in held])


def on_prose(sheet: str) -> None:
    """Count what is said of the table's words, and lay the drafts out for a reader."""
    texts = PROSE.read_text("utf-8").splitlines()
    wanted = [[each.wanted.lower() for each in rare.find(text)] for text in texts]
    print(f"\n{PROSE.name}: {len(texts)} sentences, {sum(map(len, wanted))} rare words")
    both = []
    for has_table in (False, True):
        begun = time.perf_counter()
        both.append(drafts(texts, has_table=has_table))
        seconds = time.perf_counter() - begun
        said = sum(form in text.lower() for forms, text in zip(wanted, both[-1], strict=True) for form in forms)
        print(f"  {'with' if has_table else 'without':>7}: {said} said, {seconds:.1f} s")
    if sheet:
        _lay_out(sheet, list(zip(texts, *both, strict=True)))


def _lay_out(sheet: str, rows: list[tuple[str, str, str]]) -> None:
    lots = random.Random(1)  # noqa: S311  # no secret
    lines, key = [], []
    for n, (text, without, having) in enumerate(rows, 1):
        is_turned = lots.random() < 0.5
        lines += [
            f"{n}. {text}",
            *(f"   {c} {said}" for c, said in zip("AB", (without, having)[:: -1 if is_turned else 1], strict=True)),
        ]
        key.append(f"{n} {'A' if is_turned else 'B'}")
    Path(sheet).write_text("\n".join(lines) + "\n", "utf-8")
    Path(f"{sheet}.key").write_text("\n".join(key) + "\n", "utf-8")


def main() -> None:
    """Measure."""
    on_prose(sys.argv[1] if len(sys.argv) > 1 else "")
    if path := os.environ.get("DUIZHAO_PAIRS"):
        on_pairs(path)
    else:
        print("left out: DUIZHAO_PAIRS names no file of sentence pairs")


if __name__ == "__main__":
    main()
