"""Look at terms: `list`, `find`, `show`, `uses`."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # typer reads it
from typing import Annotated

import typer

from translator.cli.glossary.options import Glossaries, Json, Posts, Word  # noqa: TC001  # typer reads them

app = typer.Typer()


@app.command("list")
def glossary_list(  # noqa: PLR0917  # each an option of the command
    kind: Annotated[
        str, typer.Option("--kind", metavar="KIND", help="Only terms of a kind: `person`.", show_default=False)
    ] = "",
    file: Annotated[
        Path | None,
        typer.Option("--file", metavar="FILE", help="Only what one file of the glossary says.", show_default=False),
    ] = None,
    status: Annotated[
        str,
        typer.Option(
            "--status", metavar="used|proposed", help="Only terms that are used, or only proposed.", show_default=False
        ),
    ] = "",
    grep: Annotated[
        str,
        typer.Option(
            "--grep", metavar="TEXT", help="Only terms with this in any form, or in the note.", show_default=False
        ),
    ] = "",
    as_json: Json = False,
    glossary: Glossaries = None,
) -> None:
    """List every term, its English and where it is defined.

    Terms that are only proposed are listed as such; nothing uses them until `duizhao glossary approve`. Where several
    files have a term, the one that counts is listed; `duizhao glossary show TERM` tells of the others.

        duizhao glossary list --kind person --grep 李
    """
    from translator.cli.terms import list_terms  # noqa: PLC0415

    if status not in {"", "used", "proposed"}:
        raise typer.BadParameter("--status is `used` or `proposed`")
    list_terms(glossary or [], kind=kind, file=file, status=status, grep=grep, as_json=as_json)


@app.command("find")
def glossary_find(
    text: Annotated[
        str,
        typer.Argument(metavar="TEXT", help="A Chinese text, a post, or `-` for standard input.", show_default=False),
    ],
    as_json: Json = False,
    glossary: Glossaries = None,
) -> None:
    """Find the terms in a text, as `translate` would."""
    from translator.cli.terms import find  # noqa: PLC0415

    find(text, glossary or [], as_json=as_json)


@app.command("show")
def glossary_show(word: Word, as_json: Json = False, glossary: Glossaries = None) -> None:
    """Show all that is known of a term.

    What its file says and where; which other file overrides it, or is overridden; whether it is used or only proposed;
    how often the project's posts mention it, and what stands there in English.
    """
    from translator.cli.terms import show  # noqa: PLC0415

    show(word, glossary or [], as_json=as_json)


@app.command("uses", short_help="Show every mention of a term in posts, in both languages.")
def glossary_uses(
    word: Word,
    posts: Posts = None,
    *,
    wrong: Annotated[bool, typer.Option("--wrong", help="Only mentions that are wrong or missing.")] = False,
    as_json: Json = False,
) -> None:
    """Show every mention of a term in posts, in both languages, and whether it was obeyed.

    A mention is `obeyed`, `implied` (said as “it” after a right first mention), `wrong`, `missing`, or `untranslated`.
    At the end all renderings are counted. Writes nothing.

        duizhao glossary uses 沐神 posts/ --wrong
    """
    from translator.cli.app import chosen_posts  # noqa: PLC0415
    from translator.cli.terms import show_uses_of  # noqa: PLC0415

    show_uses_of(word, chosen_posts(posts), only_wrong=wrong, as_json=as_json)
