"""Markdown as spans: where the prose of a post stands, what is markup in it, and how new prose is spelled there.

markdown-it parses the blocks; nothing is ever rendered. Everything outside a prose span keeps its bytes.
"""

from translator.markdown.front import FRONT_KEYS
from translator.markdown.inline import scan
from translator.markdown.parse import parse
from translator.markdown.source import decode, read

__all__ = ["FRONT_KEYS", "decode", "parse", "read", "scan"]
