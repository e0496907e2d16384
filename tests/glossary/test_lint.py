"""Every rule of lint has examples of good and bad; it says what its example says it does, where, and nothing else."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.glossary import load, parse
from translator.glossary.lint import RULES, Page, lint, mend, open_library
from translator.glossary.lint.spelling import tidied
from translator.model import Level

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
EXAMPLES = HERE / "lint"
SHELVES = {"a": "", "b": "", "own": "post"}


def pages(example):
    return [Page(example[name], Path(f"{name}.yaml"), shelf) for name, shelf in SHELVES.items() if name in example]


def examples(*kinds):
    for path in sorted(EXAMPLES.glob("*.yaml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        for kind in kinds:
            yield from (pytest.param(path.stem, one, id=f"{path.stem} {kind} {n}") for n, one in enumerate(data[kind]))


def library(example):
    used = frozenset(example["used"]) if "used" in example else None
    return open_library(pages(example), used)


def said(flaw):
    return f"{flaw.path.stem}:{flaw.line} {flaw.level.value} {flaw.message}"


@pytest.mark.parametrize(("rule", "one"), list(examples("good", "bad")))
def test_examples(rule, one):
    (row,) = (each for each in RULES if each.id == rule)
    found = lint(library(one), [row])
    lines, wanted = [said(flaw) for flaw in found], list(map(str, one.get("finds", [])))
    assert len(lines) == len(wanted), lines
    for part in wanted:
        assert any(part in line for line in lines), lines
    assert {flaw.rule for flaw in found} <= {rule}


@pytest.mark.parametrize(("rule", "one"), [param for param in examples("bad") if "fixed" in param.values[1]])
def test_what_is_safe_is_mended_and_the_rest_of_the_file_stays(rule, one):
    text, done = mend(pages(one)[0])
    assert done
    if "note" not in one:
        assert text == one["fixed"]
    assert not [flaw for flaw in lint(open_library([Page(text)])) if flaw.fix]
    assert mend(Page(text)) == (text, 0)
    (row,) = (each for each in RULES if each.id == rule)
    assert {flaw.level for flaw in lint(open_library([Page(text)]), [row])} <= {Level.INFO}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_says_why_and_has_examples_of_good_and_bad(rule):
    assert rule.why.endswith(".")
    data = yaml.safe_load((EXAMPLES / f"{rule.id}.yaml").read_text(encoding="utf-8"))
    assert len(data["good"]) >= 3
    assert len(data["bad"]) >= 3


def test_every_file_of_examples_has_its_rule():
    assert {path.stem for path in EXAMPLES.iterdir()} == {rule.id for rule in RULES}
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_the_glossary_that_is_shipped_is_clean():
    files = sorted((ROOT / "glossary").glob("*.yaml"))
    found = lint(open_library([Page(path.read_text(encoding="utf-8"), path) for path in files]))
    assert [said(flaw) for flaw in found if flaw.level is not Level.INFO] == []
    assert {flaw.rule for flaw in found} <= {"shared"}


def test_what_cannot_be_mended_safely_is_left_and_the_rest_is_mended():
    text = "terms:\n- {term: 一二, translation: ' z ', also: &a [b , b]}\n- {term: 三四, translation: y, also: *a}\n"
    assert mend(Page(text)) == (text.replace("' z '", "'z'").replace("*a", "[b]"), 2)


def test_a_file_with_two_twins_is_linted_to_its_end():
    text = "terms:\n" + "- {term: 轮, translation: epoch}\n" * 2 + "- {term: 层, translation: layer, with: 卷积}\n" * 2
    found = lint(open_library([Page(text)]))
    assert [flaw.line for flaw in found if flaw.rule == "duplicate"] == [3, 5]


WORDS = [
    "沐神",
    "李沐",
    "Mu Li",
    " Mu Li",
    "Ｍｕ",
    "Mu（a）",
    "token",
    "tokens",
    "a, b",
    "x　",
    "机器学习",
    "機器學習",
    "C＋＋",
]
words = st.sampled_from(WORDS)
glossaries = st.lists(
    st.fixed_dictionaries(
        {"term": words, "translation": words},
        optional={
            "aliases": st.lists(words, min_size=1, max_size=3),
            "also": st.lists(words, min_size=1, max_size=3),
            "forbidden": st.lists(words, min_size=1, max_size=3),
            "first": words,
        },
    ),
    max_size=4,
)


@given(terms=glossaries, is_flow=st.booleans())
@settings(max_examples=100)
def test_mending_changes_no_meaning_and_ends(terms, is_flow):
    text = yaml.safe_dump({"terms": terms}, allow_unicode=True, default_flow_style=is_flow or None, width=1000)
    text = "# top\n" + text + "# end\n"
    new, _ = mend(Page(text))
    assert mend(Page(new)) == (new, 0)
    before, after = parse(text, twins=True), parse(new, twins=True)
    assert new.startswith("# top\n")
    assert new.endswith("# end\n")
    for old, term in zip(before, after, strict=True):
        assert term.translation == tidied(old.translation, is_english=True)
        assert {tidied(form) for form in (old.term, *old.aliases)} == {
            tidied(form) for form in (term.term, *term.aliases)
        }
        assert {tidied(f, is_english=True) for f in (old.translation, *old.also)} == {term.translation, *term.also}
        assert list(dict.fromkeys(old.forbidden)) == list(term.forbidden)


@given(st.text(), st.booleans())
def test_tidied_is_idempotent(text, is_english):
    once = tidied(text, is_english=is_english)
    assert tidied(once, is_english=is_english) == once


def test_what_lint_calls_no_error_is_read(tmp_path):
    path = tmp_path / "a.yaml"
    for param in examples("good", "bad"):
        one = param.values[1]
        if "a" in one and not any(flaw.level is Level.ERROR for flaw in lint(open_library([Page(one["a"], path)]))):
            path.write_bytes(one["a"].encode())
            load([path])
