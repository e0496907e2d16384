"""What requests take and cost: the table of prices, and tokens as they are estimated."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.engines.prices import Price, price_of, table, tokens

BLOGS = Path(__file__).parents[1] / "data" / "blogs"
QWEN = {
    "docusaurus-guide.md": 537,
    "faq.md": 459,
    "hexo-diary.md": 361,
    "hugo-travel.md": 597,
    "mkdocs-install.md": 471,
    "paper-note.md": 678,
    "release-notes.md": 695,
    "traditional.md": 493,
}
"""Tokens of the posts by Qwen's own vocabulary, `qwen.tiktoken` of dashscope 2.0.2 read by tiktoken."""
NAMES = {
    "gpt-5.4": "gpt-5.4",
    "gpt-5.4-2026-03-05": "gpt-5.4",
    "gpt-5.4-mini": "gpt-5.4-mini",
    "GPT-5.4-Mini-2026-03-17": "gpt-5.4-mini",
    "gpt-5.4-mini-latest": "gpt-5.4-mini",
    "deepseek-flash": "deepseek-flash",
    "gpt-5.4-pro": None,
    "gpt-5.45": None,
    "gpt": None,
    "openai/gpt-5.4": None,
    "llama3.2": None,
    "": None,
}
TEXTS = st.text(st.sampled_from("机器学习的模型，。 <t1>xX09.\n`ñé한"), max_size=40)


def test_the_table_is_sorted_dated_and_sourced():
    rows = table()
    assert [row.model for row in rows] == sorted({row.model for row in rows})
    for row in rows:
        assert row.model == row.model.casefold().strip()
        assert 0 < row.price.held <= row.price.sent <= row.price.said
        assert datetime(2026, 1, 1, tzinfo=UTC).date() <= row.checked <= datetime.now(UTC).date()
        assert row.source.startswith("https://")


@pytest.mark.parametrize(("name", "model"), NAMES.items())
def test_a_name_with_a_date_costs_the_same_and_another_model_is_not_taken_for_it(name, model):
    assert price_of(name) == next((row.price for row in table() if row.model == model), None)


def test_what_the_vendor_holds_is_cheaper():
    price = Price(2.0, 0.5, 10.0)
    assert price.of(1_000_000, 0, 0) == 2.0
    assert price.of(1_000_000, 400_000, 100_000) == pytest.approx(0.6 * 2 + 0.4 * 0.5 + 1.0)
    assert price.of(10, 20, 0) == pytest.approx(10 * 0.5 / 1_000_000)


@given(TEXTS, TEXTS)
def test_two_texts_take_no_less_than_both_together(one, other):
    assert tokens(one) + tokens(other) >= tokens(one + other) >= tokens(one)
    assert tokens(one) <= len(one)


@pytest.mark.parametrize(("name", "counted"), QWEN.items())
def test_the_estimate_is_near_a_real_vocabulary(name, counted):
    assert tokens((BLOGS / name).read_text(encoding="utf-8")) == pytest.approx(counted, rel=0.15)
