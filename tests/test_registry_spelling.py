"""Addresses are read as people and programs write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decomposer.records import Category
from decomposer.registry import SCHEME, address, is_address, spellings

KEPT = "capability://search.retrieval/full-text-search"


@pytest.mark.parametrize(
    "written",
    [
        KEPT,
        f"  {KEPT}\n",
        "search.retrieval/full-text-search",
        "CAPABILITY://Search.Retrieval/Full-Text-Search",
        f"{KEPT}/",
        "capability://search.retrieval/full%2Dtext%2dsearch",
        "capability://search.retrieval.full.text.search",
    ],
)
def test_every_way_to_write_an_address_leads_to_it(written: str) -> None:
    assert KEPT in spellings(written)


def test_what_is_written_as_it_is_kept_is_looked_for_first() -> None:
    assert spellings("capability://other/A%20b")[0] == "capability://other/A%20b"


def test_other_scripts_may_be_written_in_bytes() -> None:
    assert "capability://audio.speech/речь" in spellings("capability://audio.speech/%D1%80%D0%B5%D1%87%D1%8C")


@pytest.mark.parametrize(
    ("text", "meant"),
    [(KEPT, True), (" Capability://x", True), ("capability:/x", False), ("search.retrieval/x", False), ("", False)],
)
def test_an_address_begins_with_the_scheme(text: str, *, meant: bool) -> None:
    assert is_address(text) is meant


@given(st.text(max_size=80))
def test_any_text_has_spellings_that_are_addresses(text: str) -> None:
    found = spellings(text)
    assert found
    assert all(one.startswith(SCHEME) for one in found)
    assert len(set(found)) == len(found)


@given(st.sampled_from(["other", "audio.speech"]), st.text(max_size=60))
def test_an_address_that_is_kept_is_its_first_spelling(category: Category, name: str) -> None:
    kept = address(category, name)
    assert spellings(kept)[0] == kept
