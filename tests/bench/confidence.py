"""How far “NN % sure” can be believed, and the fit that makes it so.

    python tests/bench/confidence.py DEV.tsv [--fit] [--diagram docs/confidence.svg] [--model DIR]

`DEV.tsv` has a document's name, Chinese and English on each line, none of which the model was trained on. A draft is
*good* where it is as like the reference as the drafts that a reader would keep after a light edit (`judged.tsv`):
likeness is the mean of chrF2 and 1 - TER. `--fit` writes `calibration.json` beside the model; figures are of folds by
document, so nothing is measured on what it was fitted to. Two minutes on two cores.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from translator.engines.builtin import FOLDER, Builtin
from translator.engines.confidence import DIRECTIONS, FILE, Calibration, Signs, load, signs
from translator.meter import Meter
from translator.model import Job

if TYPE_CHECKING:
    from collections.abc import Sequence

JUDGED = Path(__file__).with_name("judged.tsv")
FOLDS = 10
BINS = 10
THIRDS = (0.0, 0.5, 0.75, 1.0)
"""Where the reader's few drafts are cut into three."""
RIDGE = 1.0
"""Holds weights small: they are of signs with a spread of 1."""


class Case(NamedTuple):
    """A draft, and how it turned out."""

    document: str
    source: str
    english: str
    score: float
    seen: Signs
    likeness: float


class Point(NamedTuple):
    """The drafts of one bin: how many, how sure they were said to be, and the part that is good."""

    drafts: int
    said: float
    good: float


class Verdict(NamedTuple):
    """What a reader thought of a draft."""

    source: str
    draft: str
    chrf: float
    ter: float
    is_good: bool

    @property
    def likeness(self) -> float:
        """Its likeness to the reference."""
        return likeness(self.chrf, self.ter)


def likeness(chrf: float, ter: float) -> float:
    """Give how like two texts are: 1 where they are the same."""
    return (chrf / 100 + 1 - min(120.0, ter) / 100) / 2


def sha(text: str) -> str:
    """Name a text without quoting it."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def judged(path: Path = JUDGED) -> list[Verdict]:
    """Read what a reader judged."""
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    return [Verdict(s, d, float(chrf), float(ter), good == "1") for s, d, chrf, ter, good in rows]


def threshold(verdicts: Sequence[Verdict]) -> float:
    """Give the likeness that as many drafts reach as the reader found good."""
    return sorted((one.likeness for one in verdicts), reverse=True)[sum(one.is_good for one in verdicts) - 1]


# ── Drafts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def draft(path: Path, folder: Path) -> list[Case]:
    """Draft every Chinese line of a file with a model; lines that get no answer or no score are left out."""
    from sacrebleu.metrics import CHRF, TER  # noqa: PLC0415  # only where drafts are made

    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines() if line.count("\t") == 2]
    engine, chrf, ter = Builtin(folder), CHRF(), TER()
    found = []
    for at, answer in engine.draft([Job(row[1]) for row in rows], Meter()):
        document, source, reference = rows[at]
        if not answer.candidates or answer.candidates[0].score is None:
            continue
        english, score = answer.candidates[0].text, answer.candidates[0].score
        like = likeness(chrf.sentence_score(english, [reference]).score, ter.sentence_score(english, [reference]).score)
        found.append(Case(document, source, english, score, signs(source, english, score, engine.size), like))
    return found


# ── Fit ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def fit(seen: Sequence[Signs], good: Sequence[bool]) -> Calibration:
    """Fit what each sign counts for; a sign that would count against its direction does not count at all."""
    used = list(range(len(DIRECTIONS)))
    while True:
        base, weights = _logistic([[one[n] for n in used] for one in seen], good)
        wrong = [n for n, weight in zip(used, weights, strict=True) if weight * DIRECTIONS[n] < 0]
        if not wrong:
            by_sign = dict(zip(used, weights, strict=True))
            return Calibration(round(base, 4), Signs(*(round(by_sign.get(n, 0.0), 4) for n in range(len(DIRECTIONS)))))
        used = [n for n in used if n not in wrong]


def _logistic(rows: Sequence[Sequence[float]], good: Sequence[bool]) -> tuple[float, list[float]]:
    """Fit a logistic function by Newton's method, on signs brought to mean 0 and spread 1."""
    columns = list(zip(*rows, strict=True))
    means = [sum(column) / len(rows) for column in columns]
    spreads = [
        math.sqrt(sum((x - mean) ** 2 for x in column) / len(rows)) or 1.0
        for column, mean in zip(columns, means, strict=True)
    ]
    scaled = [[1.0, *((x - m) / s for x, m, s in zip(row, means, spreads, strict=True))] for row in rows]
    size = len(means) + 1
    weights = [0.0] * size
    for _ in range(25):
        gradient = [-RIDGE * w * (n > 0) for n, w in enumerate(weights)]
        curve = [[RIDGE * (i == j and i > 0) + 1e-9 * (i == j) for j in range(size)] for i in range(size)]
        for row, is_good in zip(scaled, good, strict=True):
            p = 1 / (1 + math.exp(-sum(w * x for w, x in zip(weights, row, strict=True))))
            for i in range(size):
                gradient[i] += (is_good - p) * row[i]
                for j in range(size):
                    curve[i][j] += p * (1 - p) * row[i] * row[j]
        weights = [w + step for w, step in zip(weights, solved(curve, gradient), strict=True)]
    real = [w / s for w, s in zip(weights[1:], spreads, strict=True)]
    return weights[0] - sum(w * m for w, m in zip(real, means, strict=True)), real


def solved(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """Solve a system of linear equations, by elimination."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for n in range(len(rows)):
        best = max(range(n, len(rows)), key=lambda i: abs(rows[i][n]))
        rows[n], rows[best] = rows[best], rows[n]
        for i in range(len(rows)):
            if i != n:
                times = rows[i][n] / rows[n][n]
                rows[i] = [a - times * b for a, b in zip(rows[i], rows[n], strict=True)]
    return [row[-1] / row[n] for n, row in enumerate(rows)]


def crossed(cases: Sequence[Case], good: Sequence[bool]) -> list[float]:
    """Say of each draft how sure it is, by a fit to the drafts of other documents."""
    documents = sorted({case.document for case in cases}, key=sha)
    folds = {document: n % FOLDS for n, document in enumerate(documents)}
    made = {}
    for fold in set(folds.values()):
        rest = [n for n, case in enumerate(cases) if folds[case.document] != fold]
        made[fold] = fit([cases[n].seen for n in rest], [good[n] for n in rest])
    return [made[folds[case.document]].sure(case.seen) for case in cases]


# ── Figures ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class Figures:
    """What probabilities are worth, where it is known what became of each."""

    def __init__(self, said: Sequence[float], good: Sequence[bool]) -> None:
        self.said, self.good = said, good

    @cached_property
    def points(self) -> list[Point | None]:
        """The drafts by bin, the least sure first; None where a bin has none."""
        bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
        for p, good in zip(self.said, self.good, strict=True):
            bins[min(BINS - 1, int(p * BINS))].append((p, good))
        return [_point(one) if one else None for one in bins]

    @property
    def ece(self) -> float:
        """Expected calibration error: how far what is said is from what is so, over the bins."""
        return sum(p.drafts * abs(p.said - p.good) for p in self.points if p) / len(self.said)

    @property
    def brier(self) -> float:
        """Mean square of what is said less what is so."""
        return sum((p - good) ** 2 for p, good in zip(self.said, self.good, strict=True)) / len(self.said)

    @property
    def auc(self) -> float:
        """How often a good draft is said to be surer than a bad one."""
        good = [p for p, is_good in zip(self.said, self.good, strict=True) if is_good]
        bad = [p for p, is_good in zip(self.said, self.good, strict=True) if not is_good]
        return sum((a > b) + (a == b) / 2 for a in good for b in bad) / max(1, len(good) * len(bad))

    def found(self, share: float) -> float:
        """Give the part of the bad drafts that are among the least sure."""
        order = sorted(range(len(self.said)), key=lambda n: self.said[n])[: round(share * len(self.said))]
        return sum(not self.good[n] for n in order) / max(1, len(self.good) - sum(self.good))

    def row(self) -> str:
        """Give the figures as cells of a table."""
        return " | ".join(f"{x:.3f}" for x in (self.ece, self.brier, self.auc, self.found(0.2), self.found(0.5)))


def _point(some: Sequence[tuple[float, bool]]) -> Point:
    return Point(len(some), sum(p for p, _ in some) / len(some), sum(good for _, good in some) / len(some))


# ── Diagram ───────────────────────────────────────────────────────────────────────────────────────────────────────────

SIDE, EDGE = 320, 52
STYLE = """\
.paper { fill: #fff } text { font: 12px system-ui, sans-serif; fill: #333 } .title { font-weight: 600 }
.frame, .grid { fill: none; stroke: #bbb } .grid { stroke-width: .5 } .ideal { stroke: #777; stroke-dasharray: 4 4 }
.before { fill: none; stroke: #b45309; stroke-width: 1.5 } .after { fill: #2563eb; stroke: #2563eb; fill-opacity: .75 }
@media (prefers-color-scheme: dark) {
.paper { fill: #161616 } text { fill: #ddd } .frame, .grid { stroke: #555 } .ideal { stroke: #999 }
.before { stroke: #f59e0b } .after { fill: #60a5fa; stroke: #60a5fa } }"""


def diagram(before: Figures, after: Figures) -> str:
    """Draw both as a reliability diagram: a dot for each bin, its area by the number of its drafts."""
    width, height = SIDE + 2 * EDGE, SIDE + 2 * EDGE + 24
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-labelledby="t d">',
        '<title id="t">How sure drafts were said to be, and how many of them were good</title>',
        f'<desc id="d">{_told("Before", before)} {_told("Calibrated", after)}</desc>',
        f"<style>{STYLE}</style>",
        f'<rect class="paper" width="{width}" height="{height}"/>',
        f'<text class="title" x="{EDGE}" y="20">Of drafts said to be so sure, so many are good</text>',
    ]
    for n in range(0, BINS + 1, 2):
        x, y = _at(n / BINS, n / BINS)
        lines += [
            f'<path class="grid" d="M{EDGE},{y}H{EDGE + SIDE}M{x},{EDGE - 16}V{EDGE - 16 + SIDE}"/>',
            f'<text x="{x}" y="{EDGE + SIDE + 2}" text-anchor="middle">{10 * n} %</text>',
            f'<text x="{EDGE - 6}" y="{y + 4}" text-anchor="end">{10 * n} %</text>',
        ]
    (x0, y0), (x1, y1) = _at(0, 0), _at(1, 1)
    lines += [
        f'<rect class="frame" x="{x0}" y="{y1}" width="{SIDE}" height="{SIDE}"/>',
        f'<path class="ideal" d="M{x0},{y0}L{x1},{y1}"/>',
        *_dots("before", before),
        *_dots("after", after),
        *_key(EDGE + SIDE + 26, before, after),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _at(said: float, good: float) -> tuple[float, float]:
    return round(EDGE + said * SIDE, 1), round(EDGE - 16 + (1 - good) * SIDE, 1)


def _dots(style: str, figures: Figures) -> list[str]:
    most = len(figures.said)
    places = [(*_at(p.said, p.good), p) for p in figures.points if p]
    return [
        f'<circle class="{style}" cx="{x}" cy="{y}" r="{max(2.0, 40 * math.sqrt(p.drafts / most) / 2):.1f}"/>'
        for x, y, p in places
    ]


def _key(y: int, before: Figures, after: Figures) -> list[str]:
    texts = (
        ("before", f"exp of the model’s score: error {before.ece:.3f}, Brier {before.brier:.3f}"),
        ("after", f"calibrated, other documents: error {after.ece:.3f}, Brier {after.brier:.3f}"),
    )
    return [
        part
        for n, (style, text) in enumerate(texts)
        for part in (
            f'<circle class="{style}" cx="{EDGE + 6}" cy="{y + 18 * n - 4}" r="5"/>',
            f'<text x="{EDGE + 18}" y="{y + 18 * n}">{text}</text>',
        )
    ]


def _told(name: str, figures: Figures) -> str:
    return f"{name}: " + ", ".join(f"{p.drafts} at {p.said:.0%}: {p.good:.0%} good" for p in figures.points if p) + "."


# ── What is printed ───────────────────────────────────────────────────────────────────────────────────────────────────


def tell(before: Figures, after: Figures, standing: Figures | None) -> None:
    """Print them side by side."""
    print("probability          |   ECE | Brier |   AUC | bad drafts in the least sure 20 % | 50 %")
    print(f"exp(score)           | {before.row()}")
    print(f"calibrated, by folds | {after.row()}")
    if standing:
        print(f"as it stood          | {standing.row()}")
    print("\nbin         | exp(score): drafts, said, good | calibrated: drafts, said, good")
    for n, (one, two) in enumerate(zip(before.points, after.points, strict=True)):
        cells = [f"{p.drafts:>5} {p.said:>6.2f} {p.good:>6.2f}" if p else f"{0:>5} {'':>13}" for p in (one, two)]
        print(f"{10 * n:>3}–{10 * n + 10:<3} %   | {cells[0]:<30} | {cells[1]}")


def tell_judged(cases: Sequence[Case], said: Sequence[float], least: float) -> None:
    """Print how far the measure agrees with the reader, and the figures of those drafts that the model still makes."""
    verdicts = judged()
    same = sum((one.likeness >= least) == one.is_good for one in verdicts)
    found = Figures([one.likeness for one in verdicts], [one.is_good for one in verdicts])
    print(f"\nThe reader found {sum(found.good)} of {len(verdicts)} drafts good.")
    print(f"Likeness ≥ {least:.3f} agrees on {same} of them (AUC {found.auc:.3f}).")
    known = {(one.source, one.draft): one.is_good for one in verdicts}
    named = [(p, known.get((sha(case.source), sha(case.english)))) for case, p in zip(cases, said, strict=True)]
    still = [(p, is_good) for p, is_good in named if is_good is not None]
    if still:
        figures = Figures([p for p, _ in still], [is_good for _, is_good in still])
        print(f"{len(still)} of them the model still makes: Brier {figures.brier:.3f}, AUC {figures.auc:.3f}")
    for low, high in pairwise(THIRDS):
        if some := [one for one in still if low <= one[0] < high]:
            point = _point(some)
            print(f"  {low:.0%} to {high:.0%}: {point.drafts} drafts, said {point.said:.2f}, good {point.good:.2f}")


def keep(folder: Path, calibration: Calibration, cases: Sequence[Case], least: float) -> None:
    """Write the calibration beside its model."""
    told = {
        "model": Builtin(folder).signature.split()[1],
        "good": round(least, 4),
        "drafts": len(cases),
        "base": calibration.base,
        "weights": calibration.weights._asdict(),
    }
    (folder / FILE).write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    print(f"\nwritten: {folder / FILE}: {told}")


def main() -> None:
    """Measure, and fit or draw what is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("dev", type=Path, nargs="?", help="held-out pairs; without them there is nothing to do")
    parser.add_argument("--fit", action="store_true", help="write the calibration beside the model")
    parser.add_argument("--diagram", type=Path, help="draw a reliability diagram")
    parser.add_argument("--model", type=Path, default=FOLDER)
    asked = parser.parse_args()
    if asked.dev is None:
        print("left out: it needs DEV.tsv, held-out pairs")
        return
    cases, least = draft(asked.dev, asked.model), threshold(judged())
    good = [case.likeness >= least for case in cases]
    print(f"{len(cases)} drafts of {len({case.document for case in cases})} documents, {sum(good)} good\n")
    before = Figures([math.exp(min(0.0, case.score)) for case in cases], good)
    after = Figures(crossed(cases, good), good)
    standing = load(asked.model)
    tell(before, after, Figures([standing.sure(case.seen) for case in cases], good) if standing else None)
    tell_judged(cases, after.said, least)
    if asked.fit:
        keep(asked.model, fit([case.seen for case in cases], good), cases, least)
    if asked.diagram:
        asked.diagram.write_text(diagram(before, after), "utf-8")


if __name__ == "__main__":
    main()
