"""LibreTranslate: marks as HTML and back, batches that servers take, a key that goes to the server alone."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from libretranslate_server import LibreTranslateServer, as_html, marked, settings

from translator.engines import marks, open_engine, ready
from translator.engines.libretranslate import KEY, from_html, to_html
from translator.errors import EngineError
from translator.meter import Meter
from translator.model import Job

CANARY = "canary-0a5c-libretranslate"
words = st.text(alphabet="你好，。 aB3<>&\"';=/", max_size=10)
texts = st.recursive(
    words,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, st.integers(1, 40)).map(lambda pair: f"<t{pair[1]}>{pair[0]}</t{pair[1]}>"),
        st.integers(41, 60).map(lambda n: f"<x{n}>"),
    ),
    max_leaves=8,
).filter(lambda text: len(set(marks.MARK.findall(text))) == len(marks.MARK.findall(text)))


def ask(server, *said, **more):
    meter = Meter()
    engine = open_engine("libretranslate", settings(server) | more)
    answers = [answer for _, answer in sorted(engine.draft([Job(text) for text in said], meter))]
    return answers, meter


@given(texts)
def test_html_is_read_as_it_was_written(text):
    sent = to_html(text)
    assert marked(sent) == text
    assert from_html(sent, text) == text


@given(texts.filter(lambda text: not re.search(r"&\w|<[a-z/]", marks.without(text), re.IGNORECASE)))
def test_a_server_that_undoes_references_changes_nothing(text):
    assert from_html(as_html(text), text) == text


@pytest.mark.parametrize(
    "said",
    [
        '<b id="t1">open',
        "closed</b>",
        "<i>other</i>",
        '<a href="https://evil.example">x</a>',
        '<b id="t1"><u>a</b></u>',
    ],
)
def test_tags_that_were_not_sent_are_broken(said):
    assert from_html(said, "用<t1>梯度</t1>。") is None


def test_a_tag_that_the_author_wrote_is_text():
    assert from_html("Use <hint> or a<b and c>d", "用<hint>或a<b和c>d") == "Use <hint> or a<b and c>d"


def test_batches_that_a_server_does_not_take_are_halved():
    with LibreTranslateServer(texts=3) as server:
        answers, meter = ask(server, *[f"第{n}句话在这里。" for n in range(10)])
    assert all(answer.candidates for answer in answers)
    assert meter.taken.requests == len(server.requests) <= 19


def test_a_sentence_that_is_too_long_is_refused_alone():
    with LibreTranslateServer(characters=50) as server:
        (short, long), _ = ask(server, "短句。", "很长的句子。" * 20)
    assert short.candidates
    assert "as long as this" in long.error


def test_the_key_goes_to_the_server_and_nowhere_else(monkeypatch):
    monkeypatch.setenv(KEY, CANARY)
    with LibreTranslateServer(key=CANARY) as server:
        (answer,), _ = ask(server, "一句话。")
        engine = open_engine("libretranslate", settings(server))
    assert answer.candidates
    (request,) = server.requests
    assert json.loads(request.body)["api_key"] == CANARY
    assert CANARY not in request.path + str(request.headers)
    assert CANARY not in engine.signature + repr(vars(engine))


@pytest.mark.parametrize("given_key", ["", "wrong-key"])
def test_a_missing_or_wrong_key_is_said(given_key, monkeypatch):
    monkeypatch.setenv(KEY, given_key)
    with LibreTranslateServer(key=CANARY) as server, pytest.raises(EngineError, match=KEY) as caught:
        ask(server, "一句话。")
    assert len(server.requests) == 1
    assert "wrong-key" not in str(caught.value)


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ({}, "base_url"),
        ({"base_url": "127.0.0.1:5000"}, "must be an address"),
        ({"base_url": "http://127.0.0.1:1", "timeout": "soon"}, "numbers"),
        ({"base_url": "http://127.0.0.1:1", "concurrency": "0"}, "more than nothing"),
    ],
)
def test_what_is_missing_or_wrong_is_said(own, told):
    assert told in ready("libretranslate", own)


def test_a_language_that_the_server_lacks_is_said():
    with LibreTranslateServer() as server, pytest.raises(EngineError, match="`source`"):
        ask(server, "一句话。", source="klingon")


def test_a_server_that_is_not_there_is_said():
    with pytest.raises(EngineError, match=r"cannot be reached.*base_url"):
        list(open_engine("libretranslate", {"base_url": "http://127.0.0.1:9"}).draft([Job("一句话。")], Meter()))
