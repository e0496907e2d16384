"""`duizhao glossary …`: the doors, one module for each kind of work; what they do stands in `translator/cli/`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer
import typer.main

from translator.cli.glossary import edit, exchange, lint, look, mine, prove

if TYPE_CHECKING:
    from typing import Any

SHELVES = (look.app, edit.app, prove.app, lint.app, mine.app, exchange.app)
"""In the order of the help."""


def commands() -> dict[str, Any]:
    """Make the commands, by name."""
    app = typer.Typer(rich_markup_mode=None, context_settings={"max_content_width": 100})
    for shelf in SHELVES:
        app.registered_commands += shelf.registered_commands
    group = typer.main.get_group(app)
    return dict(group.commands)
