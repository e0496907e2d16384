"""Look a glossary over: `lint`."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # typer reads it
from typing import Annotated

import typer

from translator.cli.glossary.options import Json  # noqa: TC001  # typer reads it

app = typer.Typer()


@app.command("lint", short_help="Find what is wrong with the glossary itself; --fix.")
def glossary_lint(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Glossary files; without any, the project's and those beside its posts.",
            metavar="FILE",
            show_default=False,
        ),
    ] = None,
    *,
    fix: Annotated[
        bool, typer.Option("--fix", help="Mend words that stand twice, odd blanks and full-width letters, in place.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Show also what is only worth a look, as terms that no post has.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Find what is wrong with the glossary itself: in each file, and between files.

    Words that are to be said in two ways, aliases that are other terms, translations that hold a term said otherwise
    (AI → AI assistant), forms that are forbidden and accepted, a short term that is said otherwise inside a longer one,
    terms of one character, and more. A post's own glossary.yaml may override the project's.

    Ends with 1 where there are errors or warnings. With --json everything is listed.
    """
    from translator.cli.linting import lint_files  # noqa: PLC0415

    raise typer.Exit(lint_files(files or [], is_to_fix=fix, everything=everything, as_json=as_json))
