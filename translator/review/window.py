"""Whether a browser can be opened here, and opening it with a file."""

from __future__ import annotations

import os
import threading
import webbrowser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

WAIT = 5.0
"""Seconds that a browser has to start before we go on without it."""


def has_window() -> bool:
    """Whether a browser can open a window here; elsewhere one would take over the terminal, or nothing would happen."""
    if os.name == "nt" or os.uname().sysname == "Darwin":
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))


def show(page: Path) -> None:
    """Open a file in the person's browser."""
    opening = threading.Thread(target=webbrowser.open, args=(page.absolute().as_uri(),), daemon=True)
    opening.start()
    opening.join(WAIT)
