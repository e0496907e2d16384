"""What a run would take and what it took: said before, and as a receipt after."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from translator.cli.output import counted, duration, say, say_json
from translator.engines import row_of, show_prompt, warning
from translator.errors import EngineError
from translator.model import NO_USAGE
from translator.pipeline.translate import expect_posts, first_questions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from translator.cli.translate import Asked
    from translator.config import Project
    from translator.meter import Meter
    from translator.model import Engine, Usage
    from translator.pipeline.chain import Chain
    from translator.pipeline.translate import Expected
    from translator.pipeline.verbs import Options


def warn(project: Project, chain: Chain) -> None:
    """Say what is unsafe about the engines' settings."""
    for engine in chain:
        if said := warning(engine.name, project.engines.get(engine.name, {})):
            say(f"duizhao: {said}", to_stderr=True)


def dry(posts: Sequence[Path], chain: Chain, asked: Asked) -> None:
    """Say what a run would do and take; nothing is asked or written."""
    found = list(expect_posts(posts, chain, asked.options))
    total = _total(found)
    if asked.as_json:
        rows = [{**asdict(each), "usage": each.usage._asdict()} for each in found]
        say_json({"engine": chain[0].name, "posts": rows, "total": total._asdict()})
        return
    name = chain[0].name
    for each in found:
        say(
            f"{each.path}: {each.wanting} of {each.segments} segments would be drafted, {each.asked} of them by {name},"
            f" {counted(each.blocks, 'block')}, {each.characters:,} characters"
        )
    characters = sum(each.characters for each in found)
    whole = f"{counted(len(found), 'post')}, {characters:,} characters in all"
    say(f"{whole}{_expected(chain[0], total)}; nothing was written")


def prompt(post: Path, project: Project, asked: Asked) -> None:
    """Print what an engine would be asked for a post, without asking it."""
    name = (asked.engine.split(",") if asked.engine else project.settings.engine)[0].strip()
    settings = project.engines.get(name, {})
    able = row_of(name, settings).abilities
    jobs = first_questions(post, able, asked.options)
    say(f"{post}: {counted(len(jobs), 'sentence')} to ask {name} for", to_stderr=True)
    say(show_prompt(name, settings, jobs))


def foresee(posts: Sequence[Path], chain: Chain, options: Options) -> None:
    """Say what an engine that others run is expected to take; raises `EngineError` where that is over the limit."""
    if not chain[0].abilities.remote:
        return
    allow(chain[0], _total(list(expect_posts(posts, chain, options))), options.max_cost)


def allow(engine: Engine, total: Usage, max_cost: float | None) -> None:
    """Say what a run is expected to take; raises `EngineError` where that is over the limit."""
    if total.requests:
        say(f"{engine.name}: expected{_expected(engine, total).removeprefix(',')}", to_stderr=True)
    if max_cost is None or not total.requests:
        return
    if engine.abilities.price and not total.cost:
        raise EngineError(
            f"--max-cost: no price is known for {engine.signature}; give it in duizhao.yaml, under engines:"
            f" {engine.name}: (`duizhao engines {engine.name}` lists its settings)"
        )
    if total.cost > max_cost:
        raise EngineError(
            f"this would cost about ${total.cost:.4f}, more than --max-cost {max_cost:g}; nothing was asked"
        )


def _total(found: Sequence[Expected]) -> Usage:
    out = NO_USAGE
    for each in found:
        out = out.plus(each.usage)
    return out


def _expected(engine: Engine, total: Usage) -> str:
    if not engine.abilities.remote:
        return ""
    said = f", about {counted(total.requests, 'request')}"
    if total.tokens_in:
        said += f", {total.tokens_in:,} tokens in and {total.tokens_out:,} out"
    if total.cost:
        return f"{said}, ${total.cost:.4f}"
    return said + (", price unknown" if engine.abilities.price and total.requests else "")


def receipt(meter: Meter, seconds: float) -> str:
    """Say what a run took; empty where nobody was asked and nothing was kept from before."""
    taken = meter.taken
    if not taken.requests and not meter.kept:
        return ""
    parts = [f"{counted(taken.requests, 'request')} in {duration(seconds)}"]
    if taken.tokens_in or taken.tokens_out:
        held = f" ({taken.tokens_held:,} of them from the vendor's cache)" if taken.tokens_held else ""
        parts.append(f"{taken.tokens_in:,} tokens in{held} and {taken.tokens_out:,} out")
    if taken.characters:
        parts.append(f"{taken.characters:,} characters")
    if meter.kept:
        parts.append(f"{counted(meter.kept, 'answer')} kept from before")
    if meter.retried:
        parts.append(f"{meter.retried} asked again ({'; '.join(f'{n} × {why}' for why, n in meter.notes.items())})")
    if taken.cost:
        parts.append(f"${taken.cost:.4f}")
    elif taken.tokens_in:  # programs and servers that count characters alone are not paid
        parts.append("price unknown")
    return "receipt: " + ", ".join(parts)


def receipt_json(meter: Meter, seconds: float) -> dict[str, Any]:
    """Give the receipt as JSON has it."""
    return {
        **meter.taken._asdict(),
        "retried": meter.retried,
        "retries": meter.notes,
        "answers_kept": meter.kept,
        "seconds": round(seconds, 2),
    }
