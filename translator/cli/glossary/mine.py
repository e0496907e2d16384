"""Find what the glossary lacks: `mine`."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # typer reads it
from typing import Annotated

import typer

from translator.cli.glossary.options import Json, Posts  # noqa: TC001  # typer reads them

app = typer.Typer()


@app.command("mine")
def glossary_mine(
    posts: Posts = None,
    *,
    top: Annotated[int, typer.Option("--top", metavar="N", min=1, help="How many candidates, the best ones.")] = 50,
    least: Annotated[
        int, typer.Option("--min-count", metavar="N", min=1, help="Leave out what stands in the posts less often.")
    ] = 1,
    propose: Annotated[
        bool, typer.Option("--propose", help="Write those with a known rendering into the glossary, as proposed.")
    ] = False,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file",
            metavar="FILE",
            help="Where proposed terms go; without it, `proposed.yaml` in the glossary's folder.",
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Find names and terms in posts that the glossary lacks.

    They are ranked by how term-like they are: names by their form (沐神, MXNet, 《…》), terms with their English in
    brackets (卷积神经网络（CNN）), and words and phrases by how often and how freely they stand, against how Chinese is
    written elsewhere. Where a post has its English, each comes with what it was translated as: “minibatch ×3, small
    batch ×1” is one to settle. Where it has none, the lexicon's word is shown with a question mark.

    A proposed term is not used before `duizhao glossary approve TERM`.

        duizhao glossary mine posts/ --top 20

        duizhao glossary mine --min-count 2 --propose
    """
    from translator.cli.app import chosen_posts  # noqa: PLC0415
    from translator.cli.mining import mine  # noqa: PLC0415

    mine(chosen_posts(posts), top=top, least=least, propose=propose, file=file, as_json=as_json)
