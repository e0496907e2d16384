"""What a request takes: tokens, estimated before and read after, and what they cost.

`prices.tsv` is small, dated and never right for long: the settings `price_in`, `price_held` and `price_out` override
it.
"""

from __future__ import annotations

import math
import re
from datetime import date
from functools import cache
from importlib.resources import files
from typing import NamedTuple

MILLION = 1_000_000
_TOKENS = re.compile(
    r"(?P<han>[\u3400-\u9fff\uf900-\ufaff]+)|(?P<word>[A-Za-z]+)|(?P<digits>[0-9]+)|(?P<other>[^\s])|(?P<lines>\n+)"
)
HAN_TOKEN = 0.8
"""Tokens a Chinese character; vocabularies of 2024 and later have most words of two characters."""
WORD_LETTERS = 6
"""Letters of a Latin word that make one token: most words are one, long and made-up ones more."""
DIGITS = 3
"""Digits of a number that make one token."""


class Price(NamedTuple):
    """US dollars for a million tokens."""

    sent: float = 0.0
    held: float = 0.0
    """For those of the prompt that the vendor has in its own cache."""
    said: float = 0.0

    def of(self, tokens_in: int, tokens_held: int, tokens_out: int) -> float:
        """Give what a request costs; `tokens_held` are among `tokens_in`."""
        held = min(tokens_held, tokens_in)
        return ((tokens_in - held) * self.sent + held * self.held + tokens_out * self.said) / MILLION


FREE = Price()


class Priced(NamedTuple):
    """One line of the table."""

    model: str
    price: Price
    checked: date
    source: str


@cache
def table() -> tuple[Priced, ...]:
    """Read the table: a name of a model, three prices, the day they were looked up, and where."""
    lines = files(__package__).joinpath("prices.tsv").read_text("utf-8").splitlines()
    return tuple(_priced(line) for line in lines[1:] if line and not line.startswith("#"))


def _priced(line: str) -> Priced:
    model, sent, held, said, checked, source = line.split("\t")
    return Priced(model, Price(float(sent), float(held), float(said)), date.fromisoformat(checked), source)


_SAME = re.compile(r"(?:[-@:](?:\d[\d-]*|latest|preview|exp))*")
"""What may follow a model's name without making it another model: `-2026-03-17`, `-latest`."""


def price_of(model: str) -> Price | None:
    """Find a model's price; a dated name costs what its name without the date does. None: it is not known."""
    name = model.casefold()
    found = [each for each in table() if name.startswith(each.model) and _SAME.fullmatch(name, len(each.model))]
    return max(found, key=lambda each: len(each.model)).price if found else None


def tokens(text: str) -> int:
    """Estimate how many tokens a text is, Chinese and English mixed; no vendor's own count."""
    total = 0.0
    for found in _TOKENS.finditer(text):
        size = found.end() - found.start()
        if found.lastgroup == "han":
            total += size * HAN_TOKEN
        elif found.lastgroup == "word":
            total += math.ceil(size / WORD_LETTERS)
        elif found.lastgroup == "digits":
            total += math.ceil(size / DIGITS)
        else:
            total += 1
    return math.ceil(total)
