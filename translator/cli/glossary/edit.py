"""Change terms: `add`, `set`, `rename`, `remove`, `merge`, `alias`, `forbid`, `approve`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from translator.cli.glossary.options import Word  # noqa: TC001  # typer reads it

app = typer.Typer()

File = Annotated[
    Path | None,
    typer.Option("--file", metavar="FILE", help="The glossary file that is meant.", show_default=False),
]
Dry = Annotated[bool, typer.Option("--dry-run", help="Print the change as a diff; write nothing.")]
English = Annotated[
    bool | None,
    typer.Option(
        "--update-english/--no-update-english",
        show_default=False,
        help="Change the posts' English too, or leave it; with neither, a terminal asks.",
    ),
]
Remove = Annotated[bool, typer.Option("--remove", help="Take them away instead.")]


def _repeated(name: str, metavar: str, meaning: str) -> Any:  # noqa: ANN401  # what typer gives
    return typer.Option(name, metavar=metavar, show_default=False, help=meaning + "; may be repeated.")


@app.command("add", short_help="Add a term.")
def glossary_add(
    term: Annotated[str, typer.Argument(metavar="TERM", help="As the author writes it.", show_default=False)],
    translation: Annotated[
        str,
        typer.Argument(metavar="TRANSLATION", help="What the English says; none with --keep.", show_default=False),
    ] = "",
    *,
    alias: Annotated[list[str] | None, _repeated("--alias", "A", "Another way the author writes it")] = None,
    also: Annotated[list[str] | None, _repeated("--also", "E", "Other English that is accepted")] = None,
    forbid: Annotated[list[str] | None, _repeated("--forbid", "E", "English that is never accepted")] = None,
    first: Annotated[str, typer.Option(metavar="E", help="What a post's first mention says.", show_default=False)] = "",
    kind: Annotated[
        str,
        typer.Option(metavar="K", help="person, project, …; says which file it goes to.", show_default=False),
    ] = "",
    note: Annotated[str, typer.Option(metavar="N", help="For whoever reads the file.", show_default=False)] = "",
    keep: Annotated[bool, typer.Option("--keep", help="Leave it exactly as the author wrote it.")] = False,
    case: Annotated[bool, typer.Option("--case", help="Only with these capitals: Go, never go.")] = False,
    only: Annotated[list[str] | None, _repeated("--only", "P", "Where it is a term: heading, quote, code, …")] = None,
    beside: Annotated[list[str] | None, _repeated("--with", "W", "A word that must stand in the same block")] = None,
    file: File = None,
    dry_run: Dry = False,
) -> None:
    """Add a term: `duizhao glossary add 沐神 "Mu Li" --alias 李沐 --kind person`.

    It goes to the file that --file names, else to the one where terms of its kind stand, else to
    `glossary/terms.yaml`; there it is written behind the last term, as that one is.
    """
    from translator.cli.edits import Wish, add  # noqa: PLC0415
    from translator.model import Term  # noqa: PLC0415

    lists = (tuple(alias or ()), tuple(also or ()), tuple(forbid or ()))
    found = Term(term, translation, *lists, first, kind, note, keep, case, tuple(only or ()), tuple(beside or ()))
    add(Wish(file, dry_run), found)


@app.command("set", short_help="Set a field of a term: its English, its kind, a list of words.")
def glossary_set(
    term: Word,
    field: Annotated[
        str,
        typer.Argument(
            metavar="FIELD",
            show_default=False,
            help="translation, first, kind, note, status, aliases, also, forbidden, only, with, keep or case.",
        ),
    ],
    values: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="VALUE", show_default=False, help="Its value, a list's words; none, or '', removes the field."
        ),
    ] = None,
    *,
    update_english: English = None,
    file: File = None,
    dry_run: Dry = False,
) -> None:
    """Set a field of a term: `duizhao glossary set 沐神 translation "Mu Li"`.

    A list holds the words given and no other. Where the English of a term changes, what the posts would
    become is shown, and changed if you say so.
    """
    from translator.cli.edits import Wish, set_value  # noqa: PLC0415

    set_value(Wish(file, dry_run, update_english), term, field, values or [])


@app.command("rename", short_help="Give a term another spelling, as the author writes it.")
def glossary_rename(
    old: Word,
    new: Annotated[str, typer.Argument(metavar="NEW", help="How it is spelled from now on.", show_default=False)],
    *,
    keep_alias: Annotated[bool, typer.Option("--keep-alias", help="Keep the former spelling as an alias.")] = False,
    update_english: English = None,
    file: File = None,
    dry_run: Dry = False,
) -> None:
    """Give a term another spelling, as the author writes it; everything else about it stays.

    The English of a term is changed by `duizhao glossary set TERM translation "…"`.
    """
    from translator.cli.edits import Wish, rename  # noqa: PLC0415

    rename(Wish(file, dry_run, update_english), old, new, keep_alias=keep_alias)


@app.command("remove", short_help="Remove a term from its file.")
def glossary_remove(term: Word, *, file: File = None, dry_run: Dry = False) -> None:
    """Remove a term from its file; the English of the posts stays, and comments around it do."""
    from translator.cli.edits import Wish, remove  # noqa: PLC0415

    remove(Wish(file, dry_run), term)


@app.command("merge", short_help="Make one term of two.")
def glossary_merge(
    term: Word,
    other: Annotated[
        str, typer.Argument(metavar="OTHER", help="The term that becomes part of it.", show_default=False)
    ],
    *,
    update_english: English = None,
    file: File = None,
    dry_run: Dry = False,
) -> None:
    """Make one term of two: OTHER and its aliases become aliases of TERM, and OTHER goes.

    OTHER's translation is accepted beside TERM's; what both accept or forbid is united.
    """
    from translator.cli.edits import Wish, merge  # noqa: PLC0415

    merge(Wish(file, dry_run, update_english), term, other)


@app.command("alias", short_help="Say that the author writes a term in other ways too.")
def glossary_alias(
    term: Word,
    words: Annotated[
        list[str], typer.Argument(metavar="WORD", help="Other ways the author writes it.", show_default=False)
    ],
    *,
    remove: Remove = False,
    file: File = None,
    dry_run: Dry = False,
) -> None:
    """Say that the author writes a term in other ways too: `duizhao glossary alias 沐神 李沐 李沐大神`."""
    from translator.cli.edits import Wish  # noqa: PLC0415
    from translator.cli.edits import words as run  # noqa: PLC0415

    run(Wish(file, dry_run), term, "aliases", words, gone=remove)


@app.command("forbid", short_help="Say what the English of a term must never be.")
def glossary_forbid(
    term: Word,
    forms: Annotated[list[str], typer.Argument(metavar="FORM", help="English never to be said.", show_default=False)],
    *,
    remove: Remove = False,
    file: File = None,
    dry_run: Dry = False,
) -> None:
    """Say what the English of a term must never be: `duizhao glossary forbid 沐神 "Bath God"`."""
    from translator.cli.edits import Wish  # noqa: PLC0415
    from translator.cli.edits import words as run  # noqa: PLC0415

    run(Wish(file, dry_run), term, "forbidden", forms, gone=remove)


@app.command("approve", short_help="Approve proposed terms: from now on they are used.")
def glossary_approve(
    terms: Annotated[
        list[str] | None, typer.Argument(metavar="TERM", help="Terms with `status: proposed`.", show_default=False)
    ] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Approve every proposed term.")] = False,
    file: File = None,
    dry_run: Dry = False,
) -> None:
    """Approve proposed terms, as `duizhao glossary mine` writes them: from now on they are used."""
    from translator.cli.edits import Wish, approve  # noqa: PLC0415

    if bool(terms) == everything:
        raise typer.BadParameter("name the terms, or give --all")
    approve(Wish(file, dry_run), None if everything else terms)
