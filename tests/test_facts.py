"""What is known of an artifact has a source and a date, and what is not known is unknown."""

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decomposer.records import Fact, Facts, Known, Price, Pricing
from decomposer.records.facts import COUNTS, KEYS, PRICES, UNITS, canonical, day, of_artifact
from tests.ranking import TODAY, entry, said


@pytest.mark.parametrize(
    ("text", "kept", "shown"),
    [
        ("0.10", "0.10/1M tokens", "$0.10 / 1M input tokens"),
        ("$1.00e-7 per prompt token", "0.10/1M tokens", "$0.10 / 1M input tokens"),
        ("7.50e-8/token", "0.075/1M tokens", "$0.075 / 1M input tokens"),
        ("1e-3 / 1K tokens", "1.00/1M tokens", "$1.00 / 1M input tokens"),
        ("0/1M input tokens", "0.00/1M tokens", "$0.00 / 1M input tokens"),
        ("US$20/month", "20.00/month", "$20.00 / month"),
        ("1,200 per year", "1200.00/year", "$1,200.00 / year"),
        ("0.04/image", "0.04/image", "$0.04 / image"),
    ],
)
def test_people_read_prices_without_exponents(text: str, kept: str, shown: str) -> None:
    price = Price.read(text)
    assert (price.written, price.shown("input")) == (kept, shown)


@pytest.mark.parametrize(
    "text", ["", "free", "NaN", "-1", "1e999", "1/moon", "..", "0.1/", "1 1", "Infinity", "9" * 60]
)
def test_what_is_no_price_is_refused(text: str) -> None:
    if text == "0.1/":
        assert Price.read(text).unit == "1M tokens"
        return
    with pytest.raises(ValueError, match="write dollars and a unit"):
        Price.read(text)


@given(st.decimals(min_value=0, max_value=10**6, places=9), st.sampled_from(UNITS))
def test_a_price_comes_back_as_it_was_kept(amount: Decimal, unit: str) -> None:
    price = Price(amount=amount, unit=unit)
    again = Price.read(price.written)
    assert (again.amount, again.unit) == (amount, unit)
    assert (
        "e"
        not in price.written.replace("image", "")
        .replace("request", "")
        .replace("tokens", "")
        .replace("minute", "")
        .replace("year", "")
        .replace("seat", "")
        or "E" not in price.written
    )


@pytest.mark.parametrize(
    ("key", "text", "kept"),
    [
        ("downloads", "12,000", "12000"),
        ("stars", "1_000", "1000"),
        ("pricing", "Open_Source", "open-source"),
        ("type", "Model", "model"),
        ("license", " Apache-2.0 ", "Apache-2.0"),
        ("license", "UNKNOWN", "unknown"),
        ("license", "", ""),
        ("updated", "2026-02-28T01:02:03Z", "2026-02-28"),
        ("homepage", "https://example.org/a?b#c", "https://example.org/a?b#c"),
    ],
)
def test_values_are_kept_in_one_form(key: str, text: str, kept: str) -> None:
    assert canonical(key, text) == kept  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("downloads", "many"), ("downloads", "-1"), ("downloads", "1.5"), ("downloads", "9" * 17), ("stars", "1e3"),
        ("pricing", "cheap"), ("type", "thing"), ("homepage", "javascript:alert(1)"), ("homepage", "https://a b"),
        ("repository", "ftp://example.org"), ("updated", "yesterday"), ("updated", "2026-02-30"),
        ("updated", "0000-01-01"), ("maintainer", "x" * 201), ("license", "a\x1b[31mb"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_refused_with_what_to_write(key: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"write|choose"):
        canonical(key, text)  # type: ignore[arg-type]


@given(st.sampled_from(KEYS), st.text(max_size=40))
def test_what_is_kept_is_kept_again_unchanged(key: str, text: str) -> None:
    try:
        kept = canonical(key, text)  # type: ignore[arg-type]
    except ValueError:
        return
    assert canonical(key, kept) == kept  # type: ignore[arg-type]


def test_what_a_person_said_goes_before_metadata_and_prices_before_it() -> None:
    one = entry("lynx", license="mit", pricing=Pricing(model="open-source", input_per_mtok=Decimal(3)))
    rest = said("lynx", "prices", pricing="paid", input_price="2.00/1M tokens", output_price="4.00/1M tokens")
    found = Facts.of(one.artifact, [*rest, *said("lynx", license="bsd")])
    assert (found.text("license"), found.text("pricing")) == ("bsd", "open-source")
    assert (found.price("input_price"), found.shown("output_price")) == (
        Price(amount=Decimal("2.00")), "$4.00 / 1M output tokens",
    )  # fmt: skip
    assert found.known["license"] == Known(value="bsd", source="https://example.org", as_of=TODAY, by="person")


def test_the_last_word_of_a_person_holds_and_nothing_takes_it_back() -> None:
    one = entry("lynx", license="mit")
    words = said("lynx", license="bsd") + said("lynx", license="unknown")
    assert Facts.of(one.artifact, words).known["license"] is None
    back = Facts.of(one.artifact, words + said("lynx", license=""))
    assert (back.text("license"), back.known["license"]) == ("mit", Known(value="mit", source="gh:acme/lynx"))


def test_unknown_is_its_own_value_everywhere() -> None:
    found = Facts.of(entry("lynx").artifact)
    assert set(found.known) == set(KEYS)
    assert [key for key, known in found.known.items() if known] == ["type"]
    assert [found.shown(key) for key in (*COUNTS, *PRICES, "pricing")] == [None] * 8
    assert found.free is None


def test_free_follows_from_the_pricing_alone() -> None:
    free = [Facts.of(entry("lynx", pricing=Pricing(model=model)).artifact).free for model in (
        "free", "freemium", "open-source", "paid", "unknown")]  # fmt: skip
    assert free == [True, True, True, False, None]


def test_metadata_is_dated_by_the_day_on_which_that_value_was_first_seen() -> None:
    one = entry("lynx", stars=7)
    seen = Fact(entry="lynx", key="stars", value="7", source="gh:acme/lynx", as_of="2026-01-02", by="metadata")
    assert Facts.of(one.artifact, [seen]).known["stars"] == Known(value="7", source="gh:acme/lynx", as_of="2026-01-02")
    other = seen.model_copy(update={"value": "6"})
    assert Facts.of(one.artifact, [other]).known["stars"] == Known(value="7", source="gh:acme/lynx", as_of="")


def test_the_hub_counts_likes_and_a_repository_has_stars() -> None:
    on_the_hub = entry("lynx", source="hf:acme/lynx", stars=7, downloads=9, type="model")
    assert dict(of_artifact(on_the_hub.artifact)) == {"type": "model", "downloads": "9", "likes": "7"}
    assert dict(of_artifact(entry("lynx", stars=7).artifact)) == {"type": "repo", "stars": "7"}


def test_metadata_that_can_not_be_is_unknown() -> None:
    odd: Any = {"downloads": -1, "homepage": "javascript:1", "updated": "soon", "license": "x" * 999}
    priced = Pricing(model="paid", input_per_mtok=Decimal("1e40"), output_per_mtok=Decimal(-1))
    assert dict(of_artifact(entry("lynx", **odd, pricing=priced).artifact)) == {"type": "repo", "pricing": "paid"}


@given(st.text(max_size=30))
def test_a_day_is_ten_characters_or_refused(text: str) -> None:
    with suppress(ValueError):
        assert len(day(text)) == 10
