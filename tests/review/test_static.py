"""The page in a file, as text: whole, closed to the network, the same each time."""

import base64
import hashlib
import html
import json
import re

import pytest
from static_site import POST, Garden, block

from translator.model import State
from translator.review.words import WORDS


@pytest.fixture
def garden(tmp_path):
    return Garden(tmp_path)


def test_the_same_post_gives_the_same_page(garden):
    assert garden.page() == garden.page()


def test_its_policy_knows_its_own_styles_and_scripts_and_nothing_else(garden):
    made = garden.page()
    policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', made)[1])
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        inside = re.findall(rf"<{tag}>(.*?)</{tag}>", made, re.DOTALL)
        hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in inside}
        assert set(re.search(rf"{tag}-src ([^;]*)", policy)[1].split()) == hashes


def test_it_names_nothing_to_be_fetched(garden):
    made = garden.page()
    without = re.sub(r"<script\b.*?</script>", "", made, flags=re.DOTALL)
    assert not re.search(r"@import|url\(|<(?:img|iframe|link|object|embed|base|form)\b|\ssrc=", without)
    assert re.findall(r'href="([^"#]+)"', without) == ["https://a.example/", "https://a.example/"]


def test_its_blocks_of_json_cannot_be_left(garden):
    made = garden.page()
    assert "<" not in block(made, "boot")
    model = json.loads(block(made, "boot"))["model"]
    assert [row["source"] for row in model["segments"]] == [e.source for e in garden.open().outcome.entries]
    assert "window.ran" not in re.sub(r"<script\b.*?</script>|<pre.*?</pre>", "", made, flags=re.DOTALL)
    assert json.loads(block(made, "returned"))["decisions"] == []


def test_it_speaks_both_languages(garden):
    for language, other in (("en", "zh"), ("zh", "en")):
        boot = json.loads(block(garden.page(language), "boot"))
        assert boot["language"] == language
        assert boot["words"]["download"] == WORDS["download"][language == "zh"]
        assert boot["other"]["download"] == WORDS["download"][other == "zh"]
    assert '<html lang="zh-Hans">' in garden.page("zh")


def test_pages_of_other_posts_or_other_states_are_kept_apart(garden, tmp_path):
    names = [json.loads(block(garden.page(), "returned"))["page"]["made"]]
    garden.decide({"第一项": ("First", State.APPROVED, "person")})
    names.append(json.loads(block(garden.page(), "returned"))["page"]["made"])
    (tmp_path / "b").mkdir()
    names.append(json.loads(block(Garden(tmp_path / "b", POST + "\n又一句。\n").page(), "returned"))["page"]["made"])
    assert len(set(names)) == 3


def test_every_segment_is_there_without_a_script(garden):
    made = garden.page()
    keys = re.findall(r'<article class="row [^"]*" id="s\d+"[^>]*data-key="(\w+)"', made)
    assert keys == [entry.key for entry in garden.open().outcome.entries]
    assert made.count('<div class="acts"></div>') == len(keys)
