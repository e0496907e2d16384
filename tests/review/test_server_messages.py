"""What browsers may send: exactly what is meant, and what is said of the rest."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.model import State
from translator.pipeline.decide import Decision, Stand
from translator.review.server import messages
from translator.review.server.messages import DEEPEST, LONGEST, MOST, SHORT, RequestError

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
STANDS = st.builds(Stand, TEXTS, st.sampled_from(State), TEXTS, TEXTS, st.none() | st.floats(0, 1), TEXTS, TEXTS, TEXTS)
DECISIONS = st.builds(Decision, TEXTS, TEXTS, STANDS, STANDS, TEXTS)
GOOD = {"id": "1", "key": "k", "source": "花", "before": {}, "after": {"target": "flower", "state": "approved"}}


def sent(value):
    return messages.read(json.dumps(value).encode())


def refused(call, *arguments):
    with pytest.raises(RequestError) as caught:
        call(*arguments)
    return str(caught.value)


def came_of(call):
    try:
        call()
    except RequestError as error:
        return str(error)
    return "taken"


# ── Laws ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(st.lists(DECISIONS, max_size=3))
def test_what_is_written_is_read(some):
    body = {"decisions": [{"id": one.id, **messages.change_json(one)} for one in some]}
    assert messages.decisions(messages.read(messages.written(body))) == some


@given(STANDS)
def test_defaults_are_left_out(stand):
    assert messages.stand_json(Stand()) == {}
    assert all(value != getattr(Stand(), name) for name, value in messages.stand_json(stand).items())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(max_size=8), inside, max_size=4),
    max_leaves=15,
)
NAMES = [
    "decisions",
    "id",
    "key",
    "source",
    "before",
    "after",
    "verb",
    "keys",
    "engine",
    "find",
    "replace",
    "term",
    "apply",
]
NEARLY = st.recursive(
    JSON, lambda inside: st.dictionaries(st.sampled_from(NAMES), inside) | st.lists(inside, max_size=2), max_leaves=20
)
READERS = [messages.decisions, messages.act, messages.replacing, messages.new_term, messages.publishing]


@settings(max_examples=200)
@given(JSON | NEARLY, st.sampled_from(READERS))
def test_whatever_is_sent_is_taken_or_refused(value, reader):
    assert came_of(lambda: reader(messages.read(json.dumps(value).encode())))


@given(st.binary(max_size=200))
def test_whatever_bytes_are_sent(body):
    assert came_of(lambda: messages.read(body))


@given(JSON)
def test_json_is_written_in_utf8(value):
    text = json.dumps(value)
    if "NaN" not in text and "Infinity" not in text:
        assert json.loads(messages.written(value)) == json.loads(text)


# ── Tables ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "not JSON"), (b"[]", "must be a JSON object"), (b"null", "must be a JSON object"), (b"{", "not JSON"),
        (b'{"a":1,"a":2}', "twice"), (b'{"a":NaN}', "NaN"), (b'{"a":-Infinity}', "Infinity"), (b"\xff{}", "UTF-8"),
        (b'{"a":' + b"1" * 5000 + b"}", "not JSON"), (b"[" * 100_000, f"{DEEPEST} deep"), (b"{} {}", "not JSON"),
        (b'{"a":' * 50 + b"1" + b"}" * 50, f"{DEEPEST} deep"), (b"\xef\xbb\xbf{}", "not JSON"),
        (b'"' + b"\\" * 999_999, "not JSON"), ('{"a":"\\'.encode("utf-16"), "UTF-8"),
    ],
    ids=range(15),
)  # fmt: skip
def test_bodies_that_are_refused(body, why):
    assert why in refused(messages.read, body)


def test_brackets_in_texts_are_not_depth():
    assert messages.read(json.dumps({"a": "[" * 100 + '\\"{' * 100}).encode())


def changed(**fields):
    return {"decisions": [{**GOOD, **fields}]}


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({}, "lacks `decisions`"),
        ({"decisions": {}}, "must be a list"),
        ({"decisions": [1]}, "decisions[0] must be an object"),
        ({"decisions": [], "x": 1}, "'x' that is not known"),
        (changed(x=1), "decisions[0] has a field 'x'"),
        ({"decisions": [{k: v for k, v in GOOD.items() if k != "source"}]}, "lacks `source`"),
        (changed(key=1), "decisions[0].key must be a text"),
        (changed(key="k" * (SHORT + 1)), f"at most {SHORT}"),
        (changed(id=None), "decisions[0].id must be a text"),
        (changed(source="x" * (LONGEST + 1)), "100,001 characters"),
        (changed(before=[]), "decisions[0].before must be an object"),
        (changed(after={"Target": ""}), "'Target'"),
        (changed(after={"state": "done"}), "must be one of untranslated, draft"),
        (changed(after={"state": 1}), "one of"),
        (changed(after={"state": ["draft"]}), "one of"),
        (changed(after={"score": "1"}), "a number or null"),
        (changed(after={"score": True}), "a number or null"),
        (changed(after={"target": "a\0b"}), "U+0000"),
        (changed(after={"target": "\ud83d"}), "U+D83D"),
        (changed(before={"note": "x" * (LONGEST + 1)}), "before.note"),
        (changed(after={"path": "/etc/passwd"}), "'path' that is not known"),
        (changed(after={"score": 1e999}), "Infinity"),
        ({"decisions": [GOOD] * (MOST + 1)}, "5,001 items"),
    ],
)
def test_decisions_that_are_refused(body, why):
    def read():
        return messages.decisions(sent(body))

    assert why in refused(read)


@pytest.mark.parametrize("number", ["1e999", "-1e999", "1" + "0" * 400])
def test_a_number_too_large_for_a_float_is_refused(number):
    body = json.dumps(changed(after={"score": 7})).replace("7", number)
    assert "a number or null" in refused(lambda: messages.decisions(messages.read(body.encode())))


def test_as_many_and_as_long_as_is_said():
    long = changed(after={"target": "长" * LONGEST, "state": "draft"})
    assert messages.decisions(sent(long))[0].after.target == "长" * LONGEST
    assert len(messages.decisions(sent({"decisions": [GOOD] * MOST}))) == MOST


@pytest.mark.parametrize(
    ("reader", "body", "why"),
    [
        (messages.act, {}, "one of clean, repeat, draft"),
        (messages.act, {"verb": "delete"}, "one of clean"),
        (messages.act, {"verb": ["clean"]}, "one of clean"),
        (messages.act, {"verb": "clean", "key": "k"}, "'key'"),
        (messages.act, {"verb": "repeat"}, "lacks `key`"),
        (messages.act, {"verb": "draft", "keys": ["k"]}, "lacks `engine`"),
        (messages.act, {"verb": "draft", "keys": [1], "engine": ""}, "a key must be a text"),
        (messages.act, {"verb": "draft", "keys": ["k"] * (MOST + 1), "engine": ""}, "items"),
        (messages.replacing, {"find": ""}, "`find` is empty"),
        (messages.replacing, {"find": "a", "case": 1}, "true or false"),
        (messages.replacing, {"find": "a", "replace": 1}, "replace must be a text"),
        (messages.replacing, {}, "lacks `find`"),
        (messages.new_term, {"term": {"term": "花"}}, "lacks `translation`"),
        (messages.new_term, {"term": "花"}, "an object"),
        (messages.new_term, {"term": {"term": " ", "translation": "x"}}, "a term needs"),
        (messages.new_term, {"term": {"term": "花", "translation": "x", "path": "x"}}, "'path'"),
        (messages.new_term, {"term": {"term": "花", "translation": "x", "aliases": "a"}}, "must be a list"),
        (messages.publishing, {"apply": "yes"}, "true or false"),
        (messages.publishing, {"path": "x"}, "'path'"),
    ],
)
def test_verbs_that_are_refused(reader, body, why):
    assert why in refused(lambda: reader(sent(body)))


@pytest.mark.parametrize("text", [None, "", "-1", "1.0", "a", "१", "1" * 16, "0x1", " 1"])
def test_numbers_in_addresses(text):
    assert "`version` must be a number" in refused(messages.number, text, "version")


def test_verbs_that_are_taken():
    assert messages.act(sent({"verb": "repeat", "key": "k"})) == messages.Act("repeat", ("k",))
    assert messages.act(sent({"verb": "draft", "keys": ["a", "b"], "engine": "echo"})).keys == ("a", "b")
    assert messages.replacing(sent({"find": "a", "replace": "", "word": True})) == messages.Replace(
        "a", "", case=False, word=True, apply=False
    )
    term, is_wanted = messages.new_term(sent({"term": {"term": " 花 ", "translation": "x", "aliases": [" ", "华"]}}))
    assert (term.term, term.aliases, is_wanted) == ("花", ("华",), False)
    assert messages.publishing(sent({"apply": True})) == messages.Publish(apply=True, allow_untranslated=False)
