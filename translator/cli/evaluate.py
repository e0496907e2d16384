"""`duizhao evaluate`: engines measured by English that somebody stands behind."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from translator.cli.costs import allow, receipt, receipt_json, warn
from translator.cli.output import counted, say, say_json, short, table
from translator.cli.translate import Bar
from translator.config import Project
from translator.errors import DuizhaoError, EngineError, InputError
from translator.glossary import Glossary, load
from translator.meter import Meter
from translator.pipeline.chain import open_chain, reads_context
from translator.pipeline.draft import first_jobs
from translator.pipeline.evaluate import (
    Case,
    Measured,
    Scores,
    measure,
    need_sacrebleu,
    post_cases,
    read_rows,
    row_cases,
    score,
    some_of,
)
from translator.pipeline.files import read_if_there
from translator.pipeline.verbs import Desk, Options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from translator.glossary.score import Tally
    from translator.pipeline.chain import Chain
    from translator.pipeline.evaluate import Score

Named = tuple[str, "Chain"]
"""Engines as they were asked for, and opened."""
FEW = 100
"""Sentences below which a difference says little."""


@dataclass(frozen=True)
class Asked:
    """How the command was called."""

    engines: tuple[str, ...]
    glossary: tuple[Path, ...] = ()
    obey: bool = True
    limit: int | None = None
    seed: int = 0
    max_cost: float | None = None
    as_json: bool = False


def is_rows(places: Sequence[Path]) -> bool:
    """Whether a file of rows is meant, not posts; raises where it is both."""
    rows = [place for place in places if place.suffix.lower() == ".tsv"]
    if rows and len(places) > 1:
        raise InputError("name one file of rows, or posts; not both and not several", rows[0])
    return bool(rows)


def run_rows(path: Path, asked: Asked) -> None:
    """Measure engines by the rows of a file, with the glossary of the project we are in."""
    need_sacrebleu()
    project = Project.of(Path.cwd())
    chains = open_chains(project, asked.engines)
    text = read_if_there(path)
    if text is None:
        raise InputError("there is no such file", path)
    files = [*project.glossary_files(), *asked.glossary]
    glossary = load(files, project.cache) if files else Glossary()
    rows = read_rows(text, path)
    _run(project, chains, row_cases(rows, glossary, obey=asked.obey), asked, f"row of {short(path)}")


def run_posts(posts: Sequence[Path], asked: Asked) -> None:
    """Measure engines by the approved segments of posts."""
    need_sacrebleu()
    project = Project.of(posts[0])
    chains = open_chains(project, asked.engines)
    context = any(reads_context(chain) for _, chain in chains)
    desk = Desk(project, Options(glossary=asked.glossary))
    cases = post_cases(desk, posts, obey=asked.obey, context=context)
    if not cases:
        raise DuizhaoError(
            f"no segment of {counted(len(posts), 'post')} is approved yet; `duizhao review` is for that, or name a file"
            " of rows: Chinese, a tab, English"
        )
    _run(project, chains, cases, asked, "approved segment")


def open_chains(project: Project, named: Sequence[str]) -> list[Named]:
    """Open every engine that is named, else the project's: what is wrong with one is said before any is asked."""
    chains = [(name, open_chain(project, name)) for name in named or [""]]
    return [(name or ",".join(engine.name for engine in chain), chain) for name, chain in chains]


def _run(project: Project, chains: Sequence[Named], every: Sequence[Case], asked: Asked, noun: str) -> None:
    cases = some_of(every, asked.limit, asked.seed)
    done: list[Measured] = []
    failed = 0
    for name, chain in chains:
        spent = sum(one.meter.taken.cost for one in done)
        meter = Meter(None if asked.max_cost is None else max(asked.max_cost - spent, 0.0))
        try:
            done.append(_measured(project, name, chain, cases, meter))
        except EngineError as error:
            failed += 1
            say(f"duizhao: {name}: {error}", to_stderr=True)
            say("what it answered until now is kept; the next run goes on from it", to_stderr=True)
    if done:
        scores = score(done, [case.reference for case in cases], asked.seed)
        if asked.as_json:
            say_json(_json(cases, done, scores))
        else:
            _show(cases, done, scores, _counted(len(cases), noun), drawn=len(cases) < len(every))
    if failed:
        raise DuizhaoError(f"{failed} of {counted(len(chains), 'engine')} could not be measured")


def _counted(number: int, noun: str) -> str:
    """Count rows of a file, or segments."""
    first, of, rest = noun.partition(" of ")
    return counted(number, first) + of + rest


def _measured(project: Project, name: str, chain: Chain, cases: Sequence[Case], meter: Meter) -> Measured:
    warn(project, chain)
    if chain[0].abilities.remote:
        jobs = first_jobs(chain[0].abilities, [ask for case in cases for ask in case.task.asks])
        allow(chain[0], chain[0].expect(jobs), meter.limit)
    with Bar(meter) as bar:
        return measure(name, chain, cases, project.settings.quotes, bar)


# ── Text ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _show(cases: Sequence[Case], done: Sequence[Measured], scores: Scores, what: str, *, drawn: bool) -> None:
    mentions = sum(len(case.mentions) for case in cases)
    chance = ", drawn by chance" if drawn else ""
    say(f"{what}{chance}, {_size(cases):,} characters; {counted(mentions, 'mention')} of terms that the English obeys")
    rows = [_row(cases, one, bleu, chrf) for one, bleu, chrf in zip(done, scores.bleu, scores.chrf, strict=True)]
    table(rows, ["engine", "BLEU", "chrF2", "terms", "refused", "characters/s", "cost"])
    for one in done:
        _remark(one, len(cases))
    say(f"± is half of the 95 % interval{_against(done)}")
    if len(cases) < FEW:
        say(f"with {counted(len(cases), 'sentence')} the figures are rough")
    say(f"BLEU: {scores.signatures[0]}")
    say(f"chrF2: {scores.signatures[1]}")


def _row(cases: Sequence[Case], one: Measured, bleu: Score, chrf: Score) -> list[str]:
    rate, cost = _rate(cases, one), one.meter.taken.cost
    return [
        one.name,
        _figure(bleu),
        _figure(chrf),
        _terms(one.terms),
        str(one.refused),
        f"{rate:,.0f}" if rate else "–",
        f"${cost:.4f}" if cost else "–",
    ]


def _figure(one: Score) -> str:
    return f"{one.value:.1f} ±{one.ci:.1f}" + ("" if one.p is None else f" (p {one.p:.3f})")


def _against(done: Sequence[Measured]) -> str:
    return (
        f"; p: how probable the difference to {done[0].name} is by chance (paired bootstrap)" if len(done) > 1 else ""
    )


def _terms(one: Tally) -> str:
    return f"{100 * one.strict:.1f} % ({one.obeyed}/{one.mentions})" if one.mentions else "–"


def _size(cases: Sequence[Case]) -> int:
    return sum(len(case.source) for case in cases)


def _rate(cases: Sequence[Case], one: Measured) -> float | None:
    """Give the characters a second; None where answers were kept from before, which says nothing about the engine."""
    return _size(cases) / max(one.seconds, 0.001) if not one.meter.kept else None


def _remark(one: Measured, cases: int) -> None:
    if one.refusals:
        why = "; ".join(f"{n} × {what}" for what, n in one.refusals.most_common(5))
        say(f"{one.name}: {one.refused} of {cases} refused, counted as empty: {why}")
    if one.own:
        say(f"{one.name}: {one.own} of {cases} references are its own drafts, approved as they were: they flatter it")
    if taken := receipt(one.meter, one.seconds):
        say(f"{one.name}: {taken}")


# ── JSON ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _json(cases: Sequence[Case], done: Sequence[Measured], scores: Scores) -> dict[str, Any]:
    return {
        "sentences": len(cases),
        "characters": _size(cases),
        "signatures": {"bleu": scores.signatures[0], "chrf2": scores.signatures[1]},
        "engines": [
            {
                "name": one.name,
                "bleu": bleu._asdict(),
                "chrf2": chrf._asdict(),
                "terms": _tally_json(one.terms),
                "refused": one.refused,
                "refusals": dict(one.refusals),
                "own_references": one.own,
                "characters_per_second": _rate(cases, one),
                "receipt": receipt_json(one.meter, one.seconds),
            }
            for one, bleu, chrf in zip(done, scores.bleu, scores.chrf, strict=True)
        ],
        "segments": [
            {
                "name": case.name,
                "source": case.source,
                "reference": case.reference,
                "targets": {one.name: one.targets[n] for one in done},
            }
            for n, case in enumerate(cases)
        ],
    }


def _tally_json(one: Tally) -> dict[str, Any]:
    return {
        "mentions": one.mentions,
        "obeyed": one.obeyed,
        "strict": one.strict,
        "public": one.public,
    }
