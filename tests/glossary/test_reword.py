"""A rendering takes another form and keeps its looks."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from translator.glossary.reword import Place, reword, reword_article
from translator.model import Edit, Span
from translator.splice import splice

EXAMPLES = yaml.safe_load((Path(__file__).parent / "rewordings.yaml").read_text(encoding="utf-8"))
FORMS = ["model", "array", "deep learning", "learning with depth", "self-attention", "hour glass", "matrix", "unit"]


def marked(text):
    start, end = text.index("⟦"), text.index("⟧") - 1
    return Place(text.replace("⟦", "").replace("⟧", ""), Span(start, end))


def reworded(place, forms, names=(False, False)):
    new = reword(place, forms, names)
    if new is None:
        return None
    edit = Edit(place.span, new)
    return splice(place.text, [edit, *reword_article(place.text, edit)])


@pytest.mark.parametrize(("forms", "before", "after"), EXAMPLES, ids=lambda one: str(one)[:40])
def test_the_examples(forms, before, after):
    old, new = forms.split(" → ")
    names = (old.startswith("*"), new.startswith("*"))
    assert reworded(marked(before), (old.lstrip("*"), new.lstrip("*")), names) == after


@given(
    st.tuples(st.sampled_from(FORMS), st.sampled_from(FORMS)),
    st.sampled_from([str.lower, str.capitalize, str.title, str.upper]),
    st.sampled_from(["", "s", "es", "ing"]),
    st.sampled_from(["", "We have ", "The Great ", "e.g. ", "Well. "]),
)
def test_what_is_sure_can_be_taken_back(forms, dress, ending, before):
    old = dress(forms[0] + ending)
    place = Place(f"{before}{old} here", Span(len(before), len(before) + len(old)))
    new = reword(place, forms)
    if new is not None:
        again = Place(f"{before}{new} here", Span(len(before), len(before) + len(new)))
        assert reword(again, forms[::-1]) == old
