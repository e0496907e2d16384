"""The commands that prove that terms are obeyed."""

from __future__ import annotations

import difflib
from collections import Counter
from typing import TYPE_CHECKING, Any

from translator.cli.output import counted, paint, say, say_json, short, shorten, table
from translator.config import Project
from translator.errors import ConflictError, DuizhaoError, InputError
from translator.glossary import load
from translator.glossary.enforce import Became
from translator.glossary.score import tally, total
from translator.markdown import plain
from translator.model import State
from translator.pipeline import enforce as verb
from translator.pipeline.files import read_if_there, write
from translator.pipeline.report import report as count

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from translator.glossary.enforce import Said
    from translator.glossary.score import Tally
    from translator.pipeline.enforce import Enforced, Found
    from translator.pipeline.report import Obedience, Trouble

COLOURS = {Became.WRONG: "red", Became.MISSING: "yellow", Became.IMPLIED: "dim", Became.OBEYED: "green"}


# ── enforce ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def enforce(source: Path, target: Path, files: Sequence[Path], *, by: str, fix: bool, diff: bool, as_json: bool) -> int:
    """Say what became of every mention in two texts; gives 1 where one is not obeyed and nothing is to be fixed."""
    texts = _text(source), _text(target)
    project = Project.of(source)
    glossary = load(list(files) or project.glossary_files(source), project.cache)
    if not glossary.terms:
        raise DuizhaoError("there is no term in the glossary; name one with --glossary FILE")
    markdown = by == "block" if by else verb.is_markdown(source, target)
    try:
        done = verb.enforce(*texts, glossary, markdown=markdown)
    except InputError as error:
        raise InputError(str(error), target if "paired" in str(error) else None) from error
    if fix and done.text != texts[1]:
        if read_if_there(target) != texts[1]:
            raise ConflictError(f"{target} was changed by another program meanwhile; run this again")
        write(target, done.text)
    if as_json:
        say_json(_json(done, source, target, fixed=fix))
    elif diff:
        _show_diff(target, texts[1], done.text)
    else:
        _show(done, source, target, fix=fix)
    bad = any(one.said.became in {Became.WRONG, Became.MISSING} for one in done.found())
    return int(bad and not fix)


def _text(path: Path) -> str:
    text = read_if_there(path)
    if text is None:
        raise InputError("there is no such file", path)
    return text


def _show(done: Enforced, source: Path, target: Path, *, fix: bool) -> None:
    for one in done.found():
        if one.said.became is Became.OBEYED:
            continue
        left = f"{source}:{_place(done.parallel.source, one.source.start)}"
        at = one.target.start if one.target else one.pair.target.places[0]
        right = f"{target}:{_place(done.parallel.target, at)}"
        say(f"{right}: {paint(one.said.became.value, COLOURS[one.said.became])}: {_sentence(one.said, one.context)}")
        say(f"    {paint(left, 'dim')}: {shorten(_around(one), 70)}")
    for offset in done.parallel.source_alone:
        say(f"{source}:{_place(done.parallel.source, offset)}: this block has no partner in {target}; not looked at")
    counts = Counter(one.said.became for one in done.found())
    said = ", ".join(f"{counts[became]} {became.value}" for became in Became if counts[became])
    say(f"{counted(counts.total(), 'mention')}" + (f": {said}" if said else ""))
    every = total(tally(done.said, done.targets))
    say(f"obeyed: {_percent(every.strict)} strict, {_percent(every.public)} by the public definition")
    if fix:
        say(f"{counted(done.repaired, 'rendering')} put right in {target}")
    elif done.repaired:
        say(f"{counted(done.repaired, 'rendering')} can be put right: --fix; --diff shows how")


def _sentence(said: Said, text: str) -> str:
    surface, wanted = said.mention.surface, said.mention.wanted
    stands = said.span.of(text) if said.span else ""
    if said.became is Became.WRONG:
        return f"“{stands}” stands for {surface} ({said.proof}); say “{wanted}”"
    if said.became is Became.IMPLIED:
        return f"{surface} is not said again here, “{wanted}” is understood"
    perhaps = f" (is it “{stands}”?)" if stands else ""
    return f"{surface} must be “{wanted}”, which is not here{perhaps}"


def _around(one: Found) -> str:
    span, text = one.said.mention.span, one.pair.source.text
    start = max(0, span.start - 15)
    return ("…" if start else "") + " ".join(text[start:].split())


def _place(text: str, offset: int) -> str:
    """Give line and column, counted from 1."""
    line = text.count("\n", 0, offset) + 1
    return f"{line}:{offset - text.rfind(chr(10), 0, offset)}"


def _show_diff(path: Path, before: str, after: str) -> None:
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), str(path), f"{path} (put right)", lineterm="", n=0
    )
    for line in lines:
        say(paint(line, {"-": "red", "+": "green", "@": "dim"}.get(line[:1], "bold")))


def _json(done: Enforced, source: Path, target: Path, *, fixed: bool) -> dict[str, Any]:
    one = total(tally(done.said, done.targets))
    return {
        "source": str(source),
        "target": str(target),
        "mentions": [_mention_json(done, found) for found in done.found()],
        "unpaired": [_place(done.parallel.source, offset) for offset in done.parallel.source_alone],
        "strict": one.strict,
        "public": one.public,
        "counts": {became.value: getattr(one, became.value) for became in Became},
        "repairs": done.repaired,
        "fixed": fixed,
    }


def _mention_json(done: Enforced, found: Found) -> dict[str, Any]:
    said = found.said
    at = found.target
    return {
        "term": said.mention.term.term,
        "surface": said.mention.surface,
        "wanted": said.mention.wanted,
        "became": said.became.value,
        "proof": said.proof,
        "source": _place(done.parallel.source, found.source.start),
        "target": _place(done.parallel.target, at.start) if at else None,
        "stands": at.of(done.parallel.target) if at else None,
    }


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


# ── report ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def report(posts: Sequence[Path], *, fail_under: float, as_json: bool) -> int:
    """Say how well posts obey the glossary; gives 1 where that is under the percentage asked for."""
    found = count(posts)
    if as_json:
        say_json(_report_json(found))
    else:
        _show_report(found)
    share = _fair(found.total)
    if 100 * share < fail_under:
        say(f"{100 * share:.2f} % are obeyed or implied; at least {fail_under:g} % are asked for", to_stderr=True)
        return 1
    return 0


def _fair(one: Tally) -> float:
    """Give the share of mentions that are no error."""
    return (one.obeyed + one.implied) / one.mentions if one.mentions else 1.0


def _show_report(found: Obedience) -> None:
    rows = [_row(name, one) for name, one in sorted(found.terms.items(), key=_worst_first)]
    if not rows:
        say("no post that has English mentions a term of its glossary")
        return
    every = found.total
    rows.append(_row("all", every))
    table(rows, ["term", "mentions", "obeyed", "implied", "wrong", "missing", "strict", "public", "said as"])
    for one in found.troubles:
        word = paint(one.said.became.value, COLOURS[one.said.became])
        say(f"{short(one.post)}:{one.line}: {word}: {_sentence(one.said, one.target)}  [{one.key}]")
        say(f"    {paint(shorten(plain(one.target), 90), 'dim')}")
    shares = f"{_percent(every.strict)} obeyed (strict), {_percent(every.public)} (public), {every.implied} implied"
    say(f"{counted(len(found.posts), 'post')}: {counted(every.mentions, 'mention')}, {shares}")
    states = found.states
    drafts = states[State.DRAFT] + states[State.STALE]
    done = sum(n for state, n in states.items() if state.is_done)
    left = states[State.UNTRANSLATED]
    say(f"{counted(done, 'segment')} approved, {drafts} drafted, {left} untranslated and not counted")


def _worst_first(item: tuple[str, Tally]) -> tuple[float, int]:
    return item[1].strict, -item[1].mentions


def _row(name: str, one: Tally) -> list[str]:
    said = "" if name == "all" else ", ".join(f"{form} ×{n}" for form, n in one.renderings.most_common(4))
    counts = [one.mentions, one.obeyed, one.implied, one.wrong, one.missing]
    return [name, *map(str, counts), _percent(one.strict), _percent(one.public), shorten(said, 48)]


def _report_json(found: Obedience) -> dict[str, Any]:
    return {
        "all": _tally_json(found.total),
        "posts": {str(path): _tally_json(one) for path, one in found.posts.items()},
        "terms": {name: _tally_json(one) for name, one in found.terms.items()},
        "troubles": [_trouble_json(one) for one in found.troubles],
        "segments": {state.value: n for state, n in found.states.items()},
    }


def _tally_json(one: Tally) -> dict[str, Any]:
    names = ("mentions", "obeyed", "implied", "wrong", "missing", "strict", "public")
    return {**{name: getattr(one, name) for name in names}, "said": dict(one.renderings.most_common())}


def _trouble_json(one: Trouble) -> dict[str, Any]:
    said = one.said
    return {
        "post": str(one.post),
        "line": one.line,
        "key": one.key,
        "term": said.mention.term.term,
        "surface": said.mention.surface,
        "wanted": said.mention.wanted,
        "became": said.became.value,
        "stands": said.span.of(one.target) if said.span else None,
        "proof": said.proof,
        "source": plain(one.source),
        "target": plain(one.target),
    }
