"""Duizhao (对照): Chinese Markdown posts into English, with a glossary that is obeyed and a review that is kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from translator.pipeline.translate import Translation

__all__ = ["__version__", "translate"]
__version__ = "0.1.0"


def translate(markdown: str, engine: str = "auto", glossary: Sequence[str | Path] = ()) -> Translation:
    """Put a Chinese Markdown text into English: `.text`, and `.segments` with each pair.

    Nothing is read but the glossary's files, nothing is written. With the engine `echo` the text comes back byte for
    byte. Raises `translator.errors.DuizhaoError` for what the caller can mend.
    """
    from translator.engines import open_engine  # noqa: PLC0415  # nothing heavy before it is needed
    from translator.pipeline.translate import translate_text  # noqa: PLC0415

    return translate_text(markdown, open_engine(engine), [Path(path) for path in glossary])
