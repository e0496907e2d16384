"""Numbers, names, code and the like come through exactly, whatever model is installed, and whatever it does."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from translator.engines import open_engine
from translator.engines.builtin import Builtin
from translator.engines.decoder import GREEDY
from translator.model import NO_USAGE, Abilities, Answer, Candidate
from translator.pipeline.translate import translate_text
from translator.text import literals

TABLE = Path(__file__).with_name("exact.tsv")


class Case(NamedTuple):
    kind: str
    source: str
    said: tuple[tuple[str, ...], ...]
    kept: tuple[str, ...]
    never: tuple[str, ...]


class Said(NamedTuple):
    case: Case
    english: str
    is_troubled: bool

    @property
    def faults(self):
        return faults(self.case, self.english)


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
    """Give each case's English, and how many findings it has: all are paragraphs of one post."""
    done = translate_text("\n\n".join(case.source for case in CASES), engine)
    blocks = done.text.strip().split("\n\n")
    troubled = {entry.group for entry in done.segments if entry.is_troubled}
    groups = sorted({entry.group for entry in done.segments})
    assert len(blocks) == len(groups) == len(CASES)
    return [Said(case, english, group in troubled) for case, english, group in zip(CASES, blocks, groups, strict=True)]


@pytest.fixture(scope="module")
def drafts():
    return {said.case: said for said in translate(open_engine("builtin"))}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.source)
def test_it_is_exact(case, drafts):
    assert drafts[case].faults == ([], []), drafts[case].english


# ── Whatever the model does ───────────────────────────────────────────────────────────────────────────────────────────


class Harmed:
    """A model whose answers are harmed before anybody sees them."""

    def __init__(self, model, harm):
        self.model, self.harm = model, harm

    def size(self, text):
        return self.model.size(text)

    def decode(self, sources, how):
        said = self.model.decode(sources, how)
        return [
            [each._replace(text=self.harm(source, each.text)) for each in some]
            for source, some in zip(sources, said, strict=True)
        ]


def without_figures(_, text):
    """Change every figure outside holes."""
    return re.sub(r"(?<![xt0-9])[0-9]+", lambda found: str(int(found.group()) + 1), text)


def without_holes(_, text):
    return re.sub(r"<x[0-9]+>", "", text)


def without_anything(source, text):
    """Lose every hole, figure and name."""
    return without_holes(source, re.sub(r"(?<![xt0-9])[0-9]+|\b[A-Za-z]*[A-Z][A-Z]\w*", "", text))


def nonsense(source, _):
    """Say something else, and keep no mark."""
    words = ("apple", "river", "stone", "cloud", "green", "house")
    return " ".join(words[ord(c) % len(words)] for c in source[:4])


@pytest.mark.long
@pytest.mark.parametrize("harm", [without_figures, without_holes, without_anything, nonsense])
def test_it_is_exact_whatever_the_model_does(harm):
    engine = Builtin()
    engine._model = Harmed(engine._model, harm)
    assert [said for said in translate(engine) if any(said.faults)] == []


@pytest.mark.long
def test_nothing_is_lost_without_a_beam():
    """A search that hardly speaks English: clumsy forms, a word said twice, but the figures stand."""
    engine = Builtin()
    engine._how = GREEDY
    said = translate(engine)
    assert [each for each in said if literals.lost(literals.find(each.case.source), each.english)] == []


class Adversary:
    """An engine that harms what the builtin one answers: nothing but the checks can see it."""

    name, signature = "adversary", "adversary"
    abilities = Abilities(hints=True, marks="tags")

    def __init__(self, harm):
        self.harm = harm

    def draft(self, jobs, meter):
        for at, answer in open_engine("builtin").draft(jobs, meter):
            text = answer.candidates[0].text
            yield at, Answer((Candidate(self.harm(text)),))

    def expect(self, _):
        return NO_USAGE


SPELLED = re.compile(r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|half|twice|first|second|third)\b")


def figures_change(text):
    text = re.sub(r"(?<![xt0-9])[0-9](?![0-9>])", lambda found: str((int(found.group()) + 4) % 10), text)
    return SPELLED.sub("eleven", text)


def figures_go(text):
    return SPELLED.sub("some", re.sub(r"(?<![xt0-9])[0-9][0-9.,]*(?!>)", "", text))


def names_go(text):
    return re.sub(r"(?<![</\w])[A-Za-z]*[A-Z][A-Za-z]*[A-Z0-9][A-Za-z0-9]*", "it", text)


def names_are_small(text):
    return text.lower()


@pytest.mark.long
@pytest.mark.parametrize("harm", [figures_change, figures_go, names_go, names_are_small])
def test_nothing_is_changed_unseen(harm):
    drafts = translate(Adversary(harm))
    lost = [said for said in drafts if said.faults[0]]
    assert len(lost) > 20
    assert [said for said in lost if not said.is_troubled] == []
