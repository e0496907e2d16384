"""Terms to other programs and from them: `export`, `import`."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # typer reads it
from typing import Annotated

import typer

from translator.cli.glossary.options import Glossaries, Json  # noqa: TC001  # typer reads them

app = typer.Typer()

Format = Annotated[
    str,
    typer.Option(
        "--format",
        "-f",
        metavar="NAME",
        help="csv, tsv, tbx, deepl, po or list; without one, by the file's name.",
        show_default=False,
    ),
]


@app.command("export", short_help="Write terms as CSV, TSV, TBX, PO, for DeepL or as a list.")
def glossary_export(
    words: Annotated[
        list[str] | None,
        typer.Argument(help="Terms, or aliases of them; without any, all terms.", metavar="TERM", show_default=False),
    ] = None,
    *,
    form: Format = "",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Where to; without it, standard output.", show_default=False
        ),
    ] = None,
    glossary: Glossaries = None,
) -> None:
    """Write the glossary for another program.

    csv and tsv hold everything, for spreadsheets; po holds everything, for Weblate and Poedit; tbx is TBX-Basic (ISO
    30042:2019), for terminology databases; deepl is DeepL's glossary; list is `中文，english`, one term a line.

    What a format cannot hold is left out, and said. Without --format and --output it is csv.

        duizhao glossary export -o glossary.tbx
    """
    from translator.cli.exchange import export_terms  # noqa: PLC0415

    export_terms(words or [], glossary or [], form, output)


@app.command("import", short_help="Take terms from CSV, TSV, TBX, PO, DeepL's or a list.")
def glossary_import(
    source: Annotated[
        Path, typer.Argument(metavar="FILE", help="The file with the terms, of any of the formats.", show_default=False)
    ],
    *,
    form: Format = "",
    into: Annotated[
        Path | None,
        typer.Option(
            "--into",
            metavar="FILE",
            help="The glossary file that takes them; without it, `glossary/imported.yaml`.",
            show_default=False,
        ),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Where the glossary says something else, take what comes in.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done; write nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Take the terms of another program into the glossary.

    A term that is there already is left as it is. Where it says something else, that is a conflict: it is shown, and
    the glossary's stands unless --replace is given; then only those fields are changed in which the two differ. The
    columns of a CSV or TSV are named in its first line, as `export` names them.

        duizhao glossary import terms.csv --dry-run
    """
    from translator.cli.exchange import take_terms  # noqa: PLC0415

    take_terms(source, form, into, replace=replace, is_dry=dry_run, as_json=as_json)
