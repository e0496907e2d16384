"""Prove that terms are obeyed: `enforce`, `report`."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # typer reads it
from typing import Annotated

import typer

from translator.cli.glossary.options import Json, Posts  # noqa: TC001  # typer reads them

app = typer.Typer()


@app.command("enforce", short_help="See what became of every term in any two texts; --fix.")
def glossary_enforce(
    source: Annotated[
        Path, typer.Option("--source", "-s", metavar="FILE", help="The Chinese text.", show_default=False)
    ],
    target: Annotated[
        Path, typer.Option("--target", "-t", metavar="FILE", help="Its English, whoever wrote it.", show_default=False)
    ],
    glossary: Annotated[
        list[Path] | None,
        typer.Option(
            "--glossary", "-g", metavar="FILE", help="A glossary; may be repeated. Without one, the project's."
        ),
    ] = None,
    *,
    fix: Annotated[bool, typer.Option("--fix", help="Put right in the English what is sure, in place.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show what --fix would change; write nothing.")] = False,
    by: Annotated[
        str,
        typer.Option(
            "--by",
            metavar="line|block",
            help="How the texts are paired: plain text by line, Markdown by block. Without it, by their names.",
            show_default=False,
        ),
    ] = "",
    as_json: Json = False,
) -> None:
    """See what became of every term in any two texts, and put right what is sure.

    The English need not come from this tool. Markdown files are paired block by block, plain text line by line. A
    rendering is put right only where it is proven: a forbidden form, Chinese or pinyin left standing, a wrong spelling,
    or another word that the lexicon knows for the term. The rest of the file keeps its bytes.

    Ends with 1 where a term is not obeyed, unless --fix is given. A term said as “it” after a right first mention is no
    error and counted apart.

        duizhao glossary enforce --source zh.md --target en.md --glossary glossary/people.yaml --fix
    """
    from translator.cli.proof import enforce  # noqa: PLC0415

    if by not in {"", "line", "block"}:
        raise typer.BadParameter("--by is `line` or `block`")
    if fix and diff:
        raise typer.BadParameter("give --fix or --diff, not both")
    raise typer.Exit(enforce(source, target, glossary or [], by=by, fix=fix, diff=diff, as_json=as_json))


@app.command("report", short_help="Count how often each term is obeyed in posts.")
def glossary_report(
    posts: Posts = None,
    *,
    fail_under: Annotated[
        float,
        typer.Option(
            "--fail-under",
            metavar="PERCENT",
            help="End with 1 where fewer mentions are obeyed or rightly implied, by the strict definition.",
            show_default=False,
        ),
    ] = 0.0,
    as_json: Json = False,
) -> None:
    """Count how often each term is obeyed in the English of posts, by two definitions.

    strict: each mention needs a place of its own in the English that ends where words end; obeyed ÷ mentions.

    public: as in the WMT 2025 terminology task: for each sentence and term the renderings ÷ the mentions, at most 1;
    the mean of all.

    Mentions said as “it” are given apart: they are not obeyed, and no error. What is untranslated is not counted.
    """
    from translator.cli.app import chosen_posts  # noqa: PLC0415
    from translator.cli.proof import report  # noqa: PLC0415

    raise typer.Exit(report(chosen_posts(posts), fail_under=fail_under, as_json=as_json))
