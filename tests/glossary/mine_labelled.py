"""The labelled posts, and how a ranking of candidates does on them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

import yaml

from translator.glossary.mine import NOTHING, Evidence, mine
from translator.pipeline.mine_posts import lines_of_text
from translator.text import fold, has_han

HERE = Path(__file__).parent
POSTS = HERE.parents[1] / "posts"
LABELS = yaml.safe_load((HERE / "mine_labels.yaml").read_text(encoding="utf-8"))
ASKED = "DUIZHAO_ASKED_POST"
"""Names the post that does not ship, where it is at hand."""
STEPS = {
    "frequency alone": Evidence(c_value=False, entropy=False, background=NOTHING, names=False),
    "+ C-value": Evidence(entropy=False, background=NOTHING, names=False),
    "+ entropy": Evidence(background=NOTHING, names=False),
    "+ table": Evidence(names=False),
    "+ names (all)": Evidence(),
    "all but the table": Evidence(background=NOTHING),
    "all but entropy": Evidence(entropy=False),
    "all but C-value": Evidence(c_value=False),
}
"""What is looked at, step by step; Jieba's own frequencies are always there."""


class Figures(NamedTuple):
    """How a ranking did."""

    at_50: float
    """The part of the first 50 that are terms."""
    chinese_at_50: float
    """The same, of those with Chinese characters in them alone: the harder half."""
    recall_200: float
    """The part of the gold among the first 200."""
    recall: float
    """The part of the gold that was found at all."""
    average: float
    """Average precision."""
    found: int


def place(name):
    """Find a labelled post; None where it does not ship and is not at hand."""
    if name.startswith("huigui"):
        return Path(os.environ[ASKED]) if os.environ.get(ASKED) else None
    return POSTS / name if "/" in name else HERE / "mine_posts" / name


def posts(group):
    """Give the posts of a group that are at hand."""
    return {name: path for name in LABELS[group] if (path := place(name))}


def measure(group, evidence=None):
    """Rank the candidates of a group of posts, with an empty glossary."""
    at_hand = posts(group)
    lines = [line for name, path in at_hand.items() for line in lines_of_text(path.read_text("utf-8"), name)]
    gold = {fold(term) for name in at_hand for term in LABELS["posts"][name]["gold"]}
    found = [fold(each.term) for each in mine(lines, evidence=evidence)]
    good = gold | {fold(term) for term in LABELS["also"]}
    return Figures(
        precision(found[:50], good),
        precision([term for term in found if has_han(term)][:50], good),
        len(gold & {*found[:200]}) / len(gold),
        len(gold & {*found}) / len(gold),
        average_precision(found, good, len(gold | good & {*found})),
        len(found),
    )


def precision(found, good):
    """Give the part that is good."""
    return sum(term in good for term in found) / len(found)


def average_precision(found, good, wanted):
    """Give the mean, over all terms, of the precision where each is found."""
    hits, total = 0, 0.0
    for rank, term in enumerate(found, 1):
        if term in good:
            hits += 1
            total += hits / rank
    return total / wanted
