"""`duizhao glossary lint`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from translator.cli.output import counted, paint, say, say_json, short
from translator.config import Project
from translator.glossary.lint import lint, open_library
from translator.model import Level
from translator.pipeline.lint_files import glossary_pages, mend_page, used_surfaces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from translator.glossary.lint import Flaw

_COLOURS = {Level.ERROR: "red", Level.WARNING: "yellow", Level.INFO: "dim"}


def lint_files(files: Sequence[Path], *, is_to_fix: bool, everything: bool, as_json: bool) -> int:
    """Look glossary files over and mend what is safe; gives 1 where an error or a warning is left."""
    project = Project.of(files[0] if files else Path.cwd())
    pages = glossary_pages(project, files)
    mended = {page.path: mend_page(page, project) for page in pages} if is_to_fix else {}
    if any(mended.values()):
        pages = glossary_pages(project, files)
    # Where single files are looked at, a term that no post has is no news about them.
    flaws = lint(open_library(pages, None if files else used_surfaces(project, pages)))
    left = [flaw for flaw in flaws if flaw.level is not Level.INFO]
    if as_json:
        say_json({"fixed": sum(mended.values()), "flaws": list(map(_as_json, flaws))})
        return int(bool(left))
    for path, count in mended.items():
        if count:
            say(f"{short(path)}: {counted(count, 'word')} mended")
    for flaw in flaws if everything else left:
        colour = _COLOURS[flaw.level or Level.INFO]
        say(f"{short(flaw.path)}:{flaw.line}: {paint(str(flaw.level), colour)} {flaw.rule}: {flaw.message}")
    _sum_up(flaws, left, everything=everything, is_fixed=is_to_fix)
    return int(bool(left))


def _sum_up(flaws: Sequence[Flaw], left: Sequence[Flaw], *, everything: bool, is_fixed: bool) -> None:
    errors = sum(flaw.level is Level.ERROR for flaw in left)
    found = f"{counted(errors, 'error')}, {counted(len(left) - errors, 'warning')}" if left else "nothing is wrong"
    remarks = len(flaws) - len(left)
    say(found + (f"; --all shows {counted(remarks, 'thing')} worth a look" if remarks and not everything else ""))
    if not is_fixed and (safe := sum(flaw.fix is not None for flaw in left)):
        say(f"--fix mends {safe:,} of them")


def _as_json(flaw: Flaw) -> dict[str, object]:
    where = {"file": short(flaw.path), "line": flaw.line}
    what = {"rule": flaw.rule, "level": str(flaw.level), "message": flaw.message}
    return {**where, **what, "fixable": flaw.fix is not None}
