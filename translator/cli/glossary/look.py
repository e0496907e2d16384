"""Look at terms: `list`, `find`."""

from __future__ import annotations

from typing import Annotated

import typer

from translator.cli.glossary.options import Glossaries, Json  # noqa: TC001  # typer reads them

app = typer.Typer()


@app.command("list")
def glossary_list(as_json: Json = False, glossary: Glossaries = None) -> None:
    """List every term, its English and where it is defined."""
    from translator.cli.terms import list_terms  # noqa: PLC0415

    list_terms(glossary or [], as_json=as_json)


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
