"""Options that several commands of the glossary share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Glossaries = Annotated[
    list[Path] | None,
    typer.Option("--glossary", "-g", metavar="FILE", help="A glossary instead of the project's; may be repeated."),
]
Posts = Annotated[
    list[Path] | None,
    typer.Argument(help="Posts, or folders of posts; without any, the project's.", metavar="POST", show_default=False),
]
Word = Annotated[
    str,
    typer.Argument(metavar="TERM", help="A term, or one of its aliases, as the author writes it.", show_default=False),
]
