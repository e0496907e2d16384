# ruff: noqa: E501 - rows of a table read best on one line
"""Every word of the interface is said in both languages, and every word that is used is there."""

import re
from pathlib import Path

import pytest
import yaml

import translator.review
from translator.checks import CHECKS, run_checks
from translator.glossary import Glossary, parse
from translator.markdown import plain, protect, scan
from translator.model import Codec, Draft, State
from translator.review.view import ACTS, ICONS, LEVELS
from translator.review.words import LANGUAGES, MESSAGES, WORDS, column, language_of, message, word

WEB = Path(translator.review.__file__).parent / "web"
EXAMPLES = Path(__file__).parents[1] / "checks" / "examples"
HAN = re.compile("[\u4e00-\u9fff]")
HOLE = re.compile(r"\{(\w*)\}")
SAME = {"verbatim", "percent", "kind_html", "chip_atom"}
"""Words without Han in Chinese, for a reason: figures, names, what is filled in whole."""


@pytest.mark.parametrize("name", WORDS)
def test_every_word_is_said_in_both_languages(name):
    english, chinese = WORDS[name]
    assert english.strip()
    assert chinese.strip()
    if name not in {"language", "language_label"}:
        assert not HAN.search(english)
        assert name == "language" or HAN.search(chinese) or name in SAME


@pytest.mark.parametrize("name", [name for name in WORDS if name != "verbatim"])
def test_both_have_the_same_holes(name):
    english, chinese = (sorted(HOLE.findall(text)) for text in WORDS[name])
    assert english == chinese
    assert "" not in english
    assert "{" not in word(name, **dict.fromkeys(english, "1"))


def test_a_word_that_is_not_there_raises():
    with pytest.raises(KeyError):
        word("no such word")
    with pytest.raises(KeyError):
        word("line")


def used():
    """List the words that templates and scripts name, each with its file."""
    calls = r"""(?:\bword|words\.get|\btell|\bsaid|\bw|\bdata|\blabelled|\btitled|\bheld)\(\s*(?:[\w.]+ \? )?["'](\w+)["'](?: : ["'](\w+)["'])?"""
    for path in sorted(WEB.iterdir()):
        if path.suffix in {".html", ".js"}:
            text = path.read_text(encoding="utf-8")
            for found in re.finditer(f"{calls}|dataset\\.w = [\"'](\\w+)[\"']", text):
                following = text[found.end() : found.end() + 2]
                yield from ((path.name, name) for name in found.groups() if name and not following.startswith(" ~"))


@pytest.mark.parametrize(("file", "name"), sorted(set(used())))
def test_every_word_that_is_used_is_there(file, name):
    assert name in WORDS or name.endswith("_"), file


def test_states_levels_checks_and_acts_have_words():
    names = [state.value for state in ICONS] + [f"segment_{state.value}" for state in ICONS] + list(LEVELS)
    names += [f"check_{check.id}" for check in CHECKS] + ["check_engine", "check_markup", "check_memory"]
    names += ["segment_machine_draft"]
    acts = {act for some in ACTS.values() for act in some} | {"fix", "take_record", "take_english"}
    names += [{"draft": "redraft"}.get(act, act) for act in acts]
    assert set(names) <= set(WORDS)


def test_scripts_are_given_a_whole_column():
    assert column("en") == {name: both[0] for name, both in WORDS.items()}
    assert column("zh") == {name: both[1] for name, both in WORDS.items()}


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en-GB,en;q=0.9,zh;q=0.8", "en"), ("de,fr;q=0.5", "en"), ("zh", "zh"),
        ("de-DE,zh-TW;q=0.4,en;q=0.3", "zh"), ("en;q=0.2,zh-Hans;q=0.7", "zh"), (";;;,,=q", "en"), ("ZH-cn", "zh"), ("zh;q=x,en;q=0.5", "zh"),
    ],
)  # fmt: skip
def test_the_language_is_the_browsers(accepted, language):
    assert language_of(accepted) == language
    assert language in LANGUAGES


# ── The checks' messages ──


def findings():
    """Give every finding that the checks' own examples make."""
    for path in sorted(EXAMPLES.glob("*.yaml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        terms = yaml.safe_dump(data.get("glossary", {"terms": []}), allow_unicode=True)
        glossary = Glossary(tuple(parse(terms, path)))
        (row,) = (check for check in CHECKS if check.id == path.stem)
        for one in data["bad"]:
            source, target = (protect(t, scan(t, {}), Codec.MARKDOWN) for t in (str(one["source"]), str(one["target"])))
            texts = [plain(source.text), *(inner.text for inner in source.inners)]
            mentions = tuple(mention for text in texts for mention in glossary.mentions(text))
            yield from run_checks(Draft(source, target, mentions, State(one.get("state", "draft"))), (row,))


OTHERS = [
    ("engine", "builtin gave no usable answer: marks lost: 1"),
    ("markup", "this text would change the post's Markdown; the English file keeps the source here"),
    ("markup", "markup came back broken; what was lost stands at the end: marks lost: 1"),
    ("markup", "markup came back broken: marks crossed: 2"),
    ("memory", "said as “图1有3层。” was, with 图1 → 图2, 3 → 5"),
    ("memory", "said as “这样就可以了。” was"),
]
FOUND = sorted({(finding.check, finding.message) for finding in findings()} | set(OTHERS))


@pytest.mark.parametrize(("check", "said"), FOUND)
def test_every_message_is_said_in_chinese(check, said):
    chinese = message(check, said, "zh")
    assert chinese != said
    assert HAN.search(chinese)
    assert "{" not in re.sub(r"\{%.*?%\}", "", chinese)
    assert message(check, said) == said
    for kept in re.findall(r"“([^”]*)”", said):
        assert kept in chinese


def test_every_check_and_every_pattern_has_an_example():
    unused = [
        pattern for check, pattern, _ in MESSAGES if not any(c == check and re.fullmatch(pattern, said, re.DOTALL) for c, said in FOUND)
    ]  # fmt: skip
    assert unused == []
    assert {check for check, _, _ in MESSAGES} == {check.id for check in CHECKS} | {"engine", "markup", "memory"}


def test_a_message_nobody_knows_stays_as_it_is():
    assert message("terms", "something {new}", "zh") == "something {new}"
    assert message("another", "the source itself stands here", "zh") == "the source itself stands here"
