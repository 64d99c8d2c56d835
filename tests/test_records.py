"""Records as JSON."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from decomposer.records import Artifact, Capability, Pricing, Provenance, Unit

BY = Provenance(model="m", prompt="p")


def test_what_is_unknown_about_an_artifact_is_left_out_and_unknown_pricing_is_said() -> None:
    dumped = Artifact(slug="x", name="x", type="repo", source="x").model_dump(mode="json")
    assert dumped == {
        "slug": "x",
        "name": "x",
        "type": "repo",
        "source": "x",
        "language": [],
        "base_model": [],
        "tags": [],
        "pricing": {"model": "unknown"},
    }


def test_money_is_a_decimal_string() -> None:
    dumped = Pricing(model="paid", input_per_mtok=Decimal("0.10")).model_dump(mode="json")
    assert dumped == {"model": "paid", "input_per_mtok": "0.10"}


def test_a_field_that_the_source_does_not_fill_is_null() -> None:
    dumped = Capability(id="x/y", name="y", category="other", provenance=BY).model_dump(mode="json")
    assert (dumped["description"], dumped["unique"], dumped["vs_alternatives"]) == (None, None, None)


def test_records_are_frozen_and_know_their_keys() -> None:
    artifact = Artifact(slug="x", name="x", type="repo", source="x")
    with pytest.raises(ValidationError):
        artifact.slug = "y"
    with pytest.raises(ValidationError):
        Artifact.model_validate({**artifact.model_dump(), "stars_of_mars": 3})


@pytest.mark.parametrize(
    ("unit", "shown"),
    [
        (Unit(1, 0, 1, "sentence"), True),
        (Unit(1, 0, 1, "sentence", hidden="collapsed"), True),
        (Unit(1, 0, 1, "sentence", hidden="style"), False),
        (Unit(1, 0, 1, "alt", hidden="alt"), False),
        (Unit(1, 0, 1, "item", left_out="contents"), False),
    ],
)
def test_only_what_a_reader_can_see_is_shown(unit: Unit, shown: bool) -> None:
    assert unit.shown is shown
