"""Every check has examples of good and bad, and each says what its example says it does, and nothing else."""

from pathlib import Path

import pytest
import yaml

from translator.checks import CHECKS, run_checks
from translator.glossary import Glossary, parse
from translator.markdown import plain, protect, scan
from translator.model import Codec, Draft, State

EXAMPLES = Path(__file__).parent / "examples"


def examples():
    for path in sorted(EXAMPLES.glob("*.yaml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        glossary = Glossary(tuple(parse(yaml.safe_dump(data.get("glossary", {"terms": []}), allow_unicode=True), path)))
        for kind in ("good", "bad"):
            for one in data[kind]:
                yield pytest.param(path.stem, glossary, one, kind == "bad", id=f"{path.stem} {kind} {one['target']}")


def protected(text):
    return protect(text, scan(text, {}), Codec.MARKDOWN)


@pytest.mark.parametrize(("check", "glossary", "one", "is_bad"), list(examples()))
def test_examples(check, glossary, one, is_bad):
    source, target = protected(str(one["source"])), protected(str(one["target"]))
    texts = [plain(source.text), *(inner.text for inner in source.inners)]
    mentions = tuple(mention for text in texts for mention in glossary.mentions(text))
    state = State(one.get("state", "draft"))
    (row,) = (each for each in CHECKS if each.id == check)
    found = list(run_checks(Draft(source, target, mentions, state), (row,)))
    wanted = one["finds"] if is_bad else []
    messages = [finding.message for finding in found]
    assert len(messages) == len(wanted), messages
    for part in wanted:
        assert any(part in message for message in messages), messages
    for finding in found:
        assert (finding.check, finding.level) == (check, row.level)
        for span, text in ((finding.source, source.source), (finding.target, target.source)):
            assert span is None or span.of(text), finding


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_every_check_says_why_and_has_examples_of_good_and_bad(check):
    assert check.why.endswith(".")
    data = yaml.safe_load((EXAMPLES / f"{check.id}.yaml").read_text(encoding="utf-8"))
    assert len(data["good"]) >= 3
    assert len(data["bad"]) >= 3


def test_every_file_of_examples_has_its_check():
    assert {path.stem for path in EXAMPLES.iterdir()} == {check.id for check in CHECKS}
    assert len({check.id for check in CHECKS}) == len(CHECKS)


def test_where_nothing_is_said_only_that_is_found():
    draft = Draft(protected("2015年的[链接](a)。"), protected(""), (), State.UNTRANSLATED)
    assert [finding.check for finding in run_checks(draft)] == ["untranslated"]
