"""Numbers, names, code and the like come through exactly, whatever model is installed, and whatever it does."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from translator.engines import open_engine
from translator.pipeline.translate import translate_text

TABLE = Path(__file__).with_name("exact.tsv")


class Case(NamedTuple):
    kind: str
    source: str
    said: tuple[tuple[str, ...], ...]
    kept: tuple[str, ...]
    never: tuple[str, ...]


def read():
    kind, cases = "", []
    for line in TABLE.read_text("utf-8").splitlines():
        if line.startswith("## "):
            kind = line[3:]
        elif line[:1] not in {"#", ""}:
            source, *cells = line.split("\t")
            said = tuple(tuple(cell.split(" / ")) for cell in cells if cell[0] not in "=!")
            cases.append(Case(kind, source, said, *(tuple(c[1:] for c in cells if c[0] == sign) for sign in "=!")))
    return cases


CASES = read()


def stands(form, text):
    before = r"(?<![A-Za-z0-9])(?<![0-9][.,])" if form[0].isalnum() else ""
    after = r"(?![A-Za-z0-9]|[.,][0-9])" if form[-1].isalnum() else ""
    return re.search(before + re.escape(form) + after, text) is not None


def faults(case, english):
    """List what a translation lost, and what stands there and must not."""
    lower = english.lower()
    lost = [" / ".join(forms) for forms in case.said if not any(stands(form.lower(), lower) for form in forms)]
    lost += [form for form in case.kept if not stands(form, english)]
    return lost, [form for form in case.never if stands(form.lower(), lower)]


def translate(engine):
    """Give each case's English and its findings: all are paragraphs of one post."""
    done = translate_text("\n\n".join(case.source for case in CASES), engine)
    blocks = done.text.strip().split("\n\n")
    assert len(blocks) == len(CASES)
    return blocks


@pytest.fixture(scope="module")
def drafts():
    return dict(zip(CASES, translate(open_engine("builtin")), strict=True))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.source)
def test_it_is_exact(case, drafts):
    assert faults(case, drafts[case]) == ([], []), drafts[case]
