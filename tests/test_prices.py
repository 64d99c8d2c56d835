import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decomposer.errors import ConfigurationError
from decomposer.ports import Price
from decomposer.prices import PriceTable, read_prices
from decomposer.prices.formats import parse_prices

OPENAI = "https://api.openai.com/v1"
HERE = "http://127.0.0.1:8000/v1"
OURS = {
    "as_of": "2026-03-01",
    "source": "our contract",
    "models": {"openai/lantern": {"input": "0.25", "output": 2, "cached_input": 0.025, "batch_input": "0.125"}},
}


def table(content: object) -> PriceTable:
    return parse_prices(json.dumps(content), as_of="2026-01-02", source="prices.json")


# --- formats


def test_our_own_file_says_its_date_and_where_it_is_from() -> None:
    assert table(OURS) == PriceTable(
        "2026-03-01",
        "our contract",
        {"openai/lantern": Price(Decimal("0.25"), Decimal(2), Decimal("0.025"), Decimal("0.125"))},
    )


def test_a_file_of_models_dev_is_in_dollars_a_million() -> None:
    models = {
        "lantern": {"cost": {"input": 1.1, "output": 4.4, "cache_read": 0.275}},
        "thinker": {"cost": {"input": 1, "output": 2, "reasoning": 6}},
        "silent": {"name": "no cost is told"},
    }
    assert table({"openai": {"id": "openai", "models": models}}) == PriceTable(
        "2026-01-02",
        "models.dev, prices.json",
        {
            "openai/lantern": Price(Decimal("1.1"), Decimal("4.4"), Decimal("0.275")),
            "openai/thinker": Price(Decimal(1), Decimal(6)),
        },
    )


def test_a_file_of_openrouter_is_in_dollars_a_token_as_text() -> None:
    data = [
        {"id": "openai/lantern", "pricing": {"prompt": "0.00000025", "completion": "0.000002", "request": "0"}},
        {"id": "free/lantern", "pricing": {"prompt": "0", "completion": "0"}},
        {"id": "auto", "pricing": {"prompt": "-1", "completion": "-1"}},
        {"id": "by-call", "pricing": {"prompt": "0.000001", "completion": "0.000001", "request": "0.005"}},
        {"id": 7, "pricing": {"prompt": "0", "completion": "0"}},
        "nothing",
    ]
    assert table({"data": data}) == PriceTable(
        "2026-01-02",
        "OpenRouter, prices.json",
        {
            "openrouter/openai/lantern": Price(Decimal("0.25"), Decimal(2)),
            "openrouter/free/lantern": Price(Decimal(0), Decimal(0)),
        },
    )


def test_a_file_of_litellm_is_in_dollars_a_token_as_floats() -> None:
    models = {
        "sample_spec": {"litellm_provider": "one of them", "input_cost_per_token": 0.0},
        "lantern": {
            "litellm_provider": "openai",
            "input_cost_per_token": 2.5e-07,
            "output_cost_per_token": 2e-06,
            "cache_read_input_token_cost": 2.5e-08,
            "input_cost_per_token_batches": 1.25e-07,
            "output_cost_per_token_batches": 1e-06,
        },
        "mistral/lantern": {"litellm_provider": "mistral", "input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6},
        "by-call": {
            "litellm_provider": "x",
            "input_cost_per_token": 1e-6,
            "output_cost_per_token": 1e-6,
            "input_cost_per_request": 0.005,
        },
    }
    assert table(models) == PriceTable(
        "2026-01-02",
        "LiteLLM, prices.json",
        {
            "openai/lantern": Price(*map(Decimal, ("0.25", "2", "0.025", "0.125", "1"))),
            "mistral/lantern": Price(Decimal(1), Decimal(1)),
        },
    )


@pytest.mark.parametrize(
    "figure", [-1, "-0.5", "free", "", None, True, [], {}, "NaN", "Infinity", "1e9", "1E-400", "9" * 400, "1e999999999"]
)
@pytest.mark.parametrize("which", ["input", "output"])
def test_what_can_be_no_price_is_unknown_and_never_free(which: str, figure: object) -> None:
    model = {"input": "1", "output": "1", which: figure}
    assert table({**OURS, "models": {"m": model}}).prices == {}


def test_a_bad_price_of_what_is_cached_leaves_the_full_price() -> None:
    price = table({**OURS, "models": {"m": {"input": 1, "output": 1, "cached_input": -1}}}).prices["m"]
    assert price == Price(Decimal(1), Decimal(1))
    assert price.of(1_000_000, 0, cheap=500_000) == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "it is not valid JSON"),
        ("[1]", "it is no JSON object"),
        ("{}", "it has the form of no price file"),
        ('{"models": {}}', "it has the form of no price file"),
        ("[" * 100_000, "it is nested too deeply"),
    ],
)
def test_what_is_no_price_file_is_told(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        parse_prices(text, as_of="", source="")


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["data", "models", "as_of", "id", "pricing", "prompt", "completion", "cost", "input", "output"]
            )
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["data", "models", "as_of", "openai", "x"]), anything))
def test_whatever_a_file_holds_no_price_is_negative(content: dict[str, Any]) -> None:
    try:
        prices = table(content).prices
    except ValueError:
        return
    assert all(price.input >= 0 and price.output >= 0 for price in prices.values())


# --- finding


@pytest.mark.parametrize(
    ("model", "endpoint", "expected"),
    [
        ("lantern", OPENAI, 1),
        ("lantern", HERE, 1),
        ("lantern", "https://api.mistral.ai/v1", 2),
        ("mistral/lantern", HERE, 2),
        ("lantern-2025-08-07", OPENAI, 1),
        ("lantern-20250807", OPENAI, 1),
        ("dated-2025-08-07", OPENAI, 9),
        ("alone", HERE, 5),
        ("agreed", HERE, 6),
        ("disputed", HERE, None),
        ("disputed", "https://api.x.ai/v1", 7),
        ("lanter", OPENAI, None),
        ("lantern-mini", OPENAI, None),
        ("Lantern", OPENAI, None),
        ("lantern-2025", OPENAI, None),
    ],
)
def test_a_model_is_found_by_its_provider_its_name_or_its_name_without_the_date(
    model: str, endpoint: str, expected: int | None
) -> None:
    prices = PriceTable(
        "2026-03-01",
        "test",
        {
            name: Price(Decimal(n), Decimal(n))
            for name, n in {
                "openai/lantern": 1, "mistral/lantern": 2, "openai/dated-2025-08-07": 9, "openai/dated": 3,
                "xai/alone": 5, "xai/agreed": 6, "mistral/agreed": 6, "xai/disputed": 7, "mistral/disputed": 8,
            }.items()
        },
    )  # fmt: skip
    found = prices.find(model, endpoint).price
    assert (None if found is None else found.input) == expected


def test_how_a_price_was_found_is_told() -> None:
    prices = PriceTable("2026-03-01", "test", {"openai/lantern": Price(Decimal(1), Decimal(1))})
    assert prices.find("lantern", OPENAI).note == "price of openai/lantern, as of 2026-03-01 (test)"
    assert prices.find("lantern-2025-08-07", HERE).note == (
        "price of openai/lantern for lantern-2025-08-07, as of 2026-03-01 (test); 127.0.0.1 may charge otherwise"
    )
    assert prices.find("other", OPENAI).note == (
        "the price of other is unknown: it is not in the table as of 2026-03-01 (test)"
    )


# --- files


def test_the_bundled_table_is_dated_and_knows_the_model_that_is_used_by_default() -> None:
    bundled = read_prices()
    assert (bundled.as_of, bundled.source[:7]) == ("2026-11-21", "LiteLLM")
    assert bundled.find("gpt-5-mini", OPENAI).price == Price(*map(Decimal, ("0.25", "2", "0.025", "0.125", "1")))
    assert bundled.find("gpt-5-mini", HERE).price == bundled.find("gpt-5-mini-2025-08-07", OPENAI).price
    assert min(price.input for price in bundled.prices.values()) > 0


def test_a_file_replaces_the_table_and_without_a_date_has_that_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_text(json.dumps({"x": {"models": {"m": {"cost": {"input": 1, "output": 2}}}}}), encoding="utf-8-sig")
    os.utime(file, (1_767_400_000, 1_767_400_000))
    assert read_prices(file) == PriceTable(
        "2026-01-03", "models.dev, mine.json", {"x/m": Price(Decimal(1), Decimal(2))}
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, r"can't be read \(No such file or directory\); name a JSON file"),
        (b"\xff\xfe", r"can't be read \(.*\); name a JSON file"),
        (b"prices", "it is not valid JSON .*; give our own format or a file of models.dev, OpenRouter or LiteLLM"),
    ],
)
def test_a_file_that_is_no_table_is_a_wrong_setting(tmp_path: Path, content: bytes | None, told: str) -> None:
    file = tmp_path / "mine.json"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ConfigurationError, match=told):
        read_prices(file)
