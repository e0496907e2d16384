"""How well terms are found: precision and recall over the labelled sentences, and what is still wrong.

    python tests/bench/mentions_score.py

Counted by mention, over all sentences together; a mention is right if its place is, and its English where the label
says which of several terms is meant.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "glossary"))

from labelled_mentions import EVERY, FILES, faults, score, sentences  # noqa: E402  # its folder is named above


def main() -> None:
    """Print the figures and the table."""
    print(f"{'':24}sentences  labelled  found  right  precision  recall")
    for name, some in [*((name, sentences(name)) for name in FILES), ("all", EVERY)]:
        got = score(some)
        print(
            f"{name:24}{len(some):9}{got.wanted:10}{got.found:7}{got.right:7}{got.precision:11.4f}{got.recall:8.4f}",
        )
    print("\nstill wrong (found too much | missed):")
    for marked, much, less in faults(EVERY):
        print(f"  {marked}   {much or '–'} | {less or '–'}")


if __name__ == "__main__":
    main()
