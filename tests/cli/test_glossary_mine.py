"""`duizhao glossary mine`: what it shows, what it proposes, and that nothing proposed is used."""

import json

import pytest
import yaml

POST = """---
title: 显存不够
---

沐神说，反向传播（backpropagation，BP）要显存。显存不够，就用梯度检查点（gradient checkpointing）。

MXNet 和 mxnet 是一个东西，花园里也有 MXNet。沐神说显存最贵。
"""


@pytest.fixture
def mined(shell):
    shell.write("zh.md", POST)
    return shell


def rows(shell, *arguments):
    return {row["term"]: row for row in json.loads(shell("glossary", "mine", *arguments, "--json"))}


def test_json_has_everything(mined):
    found = rows(mined, "zh.md")
    one = found["反向传播"]
    assert (one["translation"], one["short"], one["count"], one["posts"]) == ("backpropagation", "BP", 1, 1)
    assert one["why"] == ["brackets"]
    assert one["contexts"] == [{"post": "zh.md", "line": 5, "text": "沐神说，⟨反向传播⟩（backpropaga…"}]
    assert found["显存"]["count"] == 4
    assert found["沐神"]["why"] == ["person"]
    assert found["MXNet"]["count"] == 3
    assert not found["显存"]["proposed"]
    assert "花园" not in found, "the glossary has it"


def test_the_table_shows_the_best_first(mined):
    out = mined("glossary", "mine", "zh.md", "--top", "2").splitlines()
    assert out[0].split() == ["term", "times", "posts", "score", "found", "by", "English", "in"]
    assert len(out) == 3
    assert "⟨" in out[1]
    assert set(rows(mined, "--min-count", "3")) == {"显存", "MXNet"}


def test_nothing_new_is_said(shell):
    shell.write("zh.md", "花园。\n")
    assert "nothing in 1 post looks like a term" in shell("glossary", "mine")


def test_proposed_terms_are_written_with_what_is_known_and_not_used(mined):
    before = mined.read("glossary/terms.yaml")
    out = mined("glossary", "mine", "--propose")
    assert "glossary/proposed.yaml: " in out
    assert "without a translation, so not proposed: " in out
    text = mined.read("glossary/proposed.yaml")
    assert text.startswith("# Terms that `duizhao glossary mine` found")
    terms = {term["term"]: term for term in yaml.safe_load(text)["terms"]}
    assert terms["反向传播"]["translation"] == "backpropagation"
    assert terms["反向传播"]["also"] == ["BP"]
    assert terms["反向传播"]["first"] == "backpropagation (BP)"
    assert "zh.md:5: 沐神说，⟨反向传播⟩" in terms["反向传播"]["note"]
    assert {term["status"] for term in terms.values()} == {"proposed"}
    assert "沐神" not in terms
    assert mined.read("glossary/terms.yaml") == before
    assert json.loads(mined("glossary", "find", "反向传播", "--json")) == []
    mined("glossary", "approve", "反向传播")
    assert json.loads(mined("glossary", "find", "反向传播", "--json"))[0]["english"] == "backpropagation"


def test_what_is_proposed_is_not_found_again(mined):
    mined("glossary", "mine", "--propose")
    text = mined.read("glossary/proposed.yaml")
    again = rows(mined, "--propose")
    assert not {"反向传播", "MXNet"} & set(again)
    assert mined.read("glossary/proposed.yaml") == text


def test_a_file_may_be_named(mined):
    mined.write("mine.yaml", "# mine\nterms:\n  - {term: 显存, translation: VRAM}\n")
    found = rows(mined, "--propose", "--file", "mine.yaml")
    assert "显存" not in found
    assert mined.read("mine.yaml").startswith("# mine\nterms:\n  - {term: 显存, translation: VRAM}\n")
    assert found["反向传播"]["proposed"]
    assert not (mined.root / "glossary" / "proposed.yaml").exists()


def test_a_bad_record_is_one_clear_line(mined):
    mined.write("en.po", "this is no record\n")
    assert "en.po" in mined.fails("glossary", "mine")


def test_the_recorded_english_is_what_is_proposed(mined):
    mined.write("zh.md", "小批量很小。\n\n每个小批量都要读。\n")
    mined("translate", "zh.md", "--engine", "echo")
    record = mined.read("en.po")
    record = record.replace('msgstr "小批量很小。"', 'msgstr "The minibatch is small."')
    record = record.replace('msgstr "每个小批量都要读。"', 'msgstr "Read every small batch."')
    mined.write("en.po", record)
    (one,) = [row for row in rows(mined).values() if row["term"] == "小批量"]
    assert sorted(each["english"] for each in one["renderings"]) == ["minibatch", "small batch"]
    assert one["consistency"] == 0.5
