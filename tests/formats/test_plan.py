"""Terms that come in: new ones are added, what is there stays, and nothing is overwritten that nobody said."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from translator.formats.exchange import find_format, load
from translator.formats.exchange.plan import plan
from translator.glossary import parse

EXAMPLES = yaml.safe_load((Path(__file__).parent / "plan.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("one", EXAMPLES, ids=lambda one: f"{one['format']} {one['text']!r}")
def test_examples(one):
    form = find_format(one["format"])
    done = plan(load(one["text"], form), form, parse(one["glossary"], Path("people.yaml")))
    said = {
        "added": [term.term for term in done.added],
        "same": [term.term for term in done.same],
        "clashes": [clash.message for clash in done.clashes],
        "remarks": [remark.message for remark in done.remarks],
    }
    assert {name: value for name, value in said.items() if value} == one["becomes"]


def test_only_what_differs_is_taken_over():
    form = find_format("csv")
    glossary = parse("terms: [{term: 沐神, translation: Mu Li, also: [Li Mu], note: x, kind: person}]")
    found = load("term,translation,also,kind\n沐神,Mu Li,Limu,person\n", form)
    (clash,) = plan(found, form, glossary).clashes
    assert clash.values() == {"also": ("Limu",)}


def test_every_term_of_a_file_becomes_one_thing():
    form = find_format("list")
    found = load("鞍点，saddle point\n鞍点，saddle\n鞍點，saddle point\n沐神，Mu Li\n", form)
    done = plan(found, form, [])
    assert [term.line for term in done.added] == [1, 4]
    assert [term.line for term in done.same] == [3]
    assert [clash.term.line for clash in done.clashes] == [2]
    assert [replace(term, path=None) for term in found.terms if term.line == 4] == [done.added[1]]
