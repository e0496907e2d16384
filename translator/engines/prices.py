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
_RUNS = re.compile(
    r"(?P<han>[\u3400-\u9fff\uf900-\ufaff]+)|(?P<word>[A-Za-z]+)|(?P<digits>[0-9]+)|(?P<signs>[!-/:-@\[-`{-~]+)"
    r"|(?P<lines>\n+)|(?P<other>\S)"
)
_A_TOKEN = {"han": 1.4, "word": 8, "digits": 2, "signs": 2, "lines": 4}
"""How many characters of a run make a token: Chinese words of two characters mostly have one of their own, Latin words
too unless they are long. Against Qwen's vocabulary it is within 5 % on most posts, and 14 % short on one full of
numbers, of which Qwen makes a token a digit."""


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
    for found in _RUNS.finditer(text):
        size, kind = found.end() - found.start(), found.lastgroup or ""
        part = size / _A_TOKEN.get(kind, 1)
        total += part if kind == "han" else math.ceil(part)
    return math.ceil(total)
