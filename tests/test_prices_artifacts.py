"""An artifact is found in a price table by its names, and only where all who offer it ask the same."""

from decimal import Decimal

import pytest

from decomposer.ports import Price
from decomposer.prices import PriceTable
from decomposer.prices.artifacts import offer

ONE, OTHER = Price(Decimal(1), Decimal(2)), Price(Decimal(3), Decimal(4))
TABLE = PriceTable(
    "2026-11-01",
    "prices.json",
    {
        "openrouter/google/gemini-2.0-flash": ONE,
        "openrouter/google/gemini-2.0-flash-lite": OTHER,
        "a/clip": ONE,
        "b/clip": ONE,
        "a/blip_2": ONE,
        "b/blip-2": OTHER,
    },
)


@pytest.mark.parametrize(
    ("names", "price"),
    [
        (["google/gemini-2.0-flash"], ONE),
        (["Google: Gemini 2.0 Flash"], ONE),
        (["Gemini 2.0 Flash Lite"], OTHER),
        (["gemini 2.0"], None),
        (["gemini-20-flash"], None),
        (["CLIP"], ONE),
        (["Blip 2"], None),
        (["a/blip-2"], ONE),
        (["unheard of", "clip"], ONE),
        (["", "---"], None),
    ],
)
def test_a_name_fits_whatever_its_case_and_signs(names: list[str], price: Price | None) -> None:
    assert offer(TABLE, names).price == price


def test_who_differs_is_named() -> None:
    assert offer(TABLE, ["blip 2"]).note == "2 offers differ in price: a/blip_2, b/blip-2"
    assert offer(TABLE, ["x"]).note == "it is not in the table as of 2026-11-01 (prices.json)"
    assert offer(TABLE, ["clip"]).note == "prices.json: a/clip"
