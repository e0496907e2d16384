"""What a page in a file may do: run and wear what it was made with, and ask the network for nothing."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def policy(styles: Iterable[str], scripts: Iterable[str] = ()) -> str:
    """Give a Content-Security-Policy that allows these styles and scripts, by their hashes, and nothing else."""
    allowed = {"style-src": list(styles), "script-src": list(scripts)}
    rules = [" ".join([what, *(map(_hash, texts) if texts else ["'none'"])]) for what, texts in allowed.items()]
    return "; ".join(["default-src 'none'", *rules, "img-src data:", "base-uri 'none'", "form-action 'none'"])


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
