"""A passport has the shape that the reference documents, and says of nobody what nobody knows."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from decomposer.display import display_safe
from decomposer.ports import Exporting, LeftOut
from decomposer.publish import passport
from decomposer.publish.files import json_text
from decomposer.publish.wording import plain
from decomposer.records import Entry, Fact, Facts, Flag, Note, Pricing
from tests.publishing import LONG, SPAN, TEXTS, capability, entry, exported, hostile, sentences, statement
from tests.test_cli import readme, run


def body(one: Entry, **known: Any) -> dict[str, Any]:
    made = passport.passport(one, Exporting(**known))
    assert made is not None
    whole: dict[str, Any] = made.model_dump(mode="json", by_alias=True)
    assert list(whole) == ["passport"]
    assert list(whole["passport"]) == ["unfragile"]
    inner: dict[str, Any] = whole["passport"]["unfragile"]
    return inner


def test_the_keys_are_those_of_the_reference_in_its_order() -> None:
    whole = body(entry(capability()))
    assert list(whole) == ["@version", "version", "artifact", "capabilities", "trust", "_links"]
    assert list(whole["artifact"]) == [
        "id", "slug", "name", "type", "url", "page_url", "categories", "tags", "pricing", "status", "verified",
    ]  # fmt: skip
    assert list(whole["artifact"]["pricing"]) == ["model", "free", "starting_price"]
    assert list(whole["capabilities"][0]) == [
        "id", "uri", "name", "description", "intents", "best_for", "limitations", "requires", "input_types",
        "output_types", "confidence", "matches", "success_rate", "state", "support", "evidence",
    ]  # fmt: skip
    assert list(whole["trust"]) == [
        "score", "verified", "data_access_risk", "permissions", "failure_modes", "observed_outcomes",
    ]  # fmt: skip
    assert list(whole["trust"]["observed_outcomes"]) == ["matches", "success_rate", "avg_confidence", "top_intents"]


def test_what_nobody_knows_is_null_and_neither_zero_nor_no() -> None:
    whole = body(entry(capability()))
    assert whole["artifact"]["pricing"] == {"model": "unknown", "free": None, "starting_price": None}
    assert (whole["artifact"]["url"], whole["artifact"]["page_url"], whole["_links"]) == (None, None, {})
    one = whole["capabilities"][0]
    assert (one["confidence"], one["matches"], one["success_rate"]) == (None, None, None)
    trust = whole["trust"]
    assert {key for key, value in trust.items() if value is not None} == {"verified", "observed_outcomes"}
    assert set(trust["observed_outcomes"].values()) == {None}


@pytest.mark.parametrize(
    ("pricing", "shown"),
    [
        (Pricing(model="free"), ("free", True, None)),
        (Pricing(model="freemium"), ("freemium", True, None)),
        (Pricing(model="paid", input_per_mtok=Decimal("0.1")), ("paid", False, "$0.10 / 1M input tokens")),
        (Pricing(model="paid", output_per_mtok=Decimal("1E+1")), ("paid", False, "$10.00 / 1M output tokens")),
    ],
)
def test_prices_are_written_for_people(pricing: Pricing, shown: tuple[object, ...]) -> None:
    assert tuple(body(entry(capability(), pricing=pricing))["artifact"]["pricing"].values()) == shown


def test_facts_that_were_said_by_hand_hold() -> None:
    def facts(artifact: Any) -> Facts:
        said = {"type": "api", "starting_price": "20/month", "homepage": "https://example.org/", "pricing": "paid"}
        told = ({"entry": "clip", "by": "person", "key": key, "value": value} for key, value in said.items())
        return Facts.of(artifact, map(Fact.model_validate, told))

    whole = body(entry(capability()), facts=facts)
    assert (whole["artifact"]["type"], whole["artifact"]["url"]) == ("api", "https://example.org/")
    assert whole["artifact"]["pricing"] == {"model": "paid", "free": False, "starting_price": "$20.00 / month"}
    assert whole["_links"] == {"homepage": "https://example.org/"}


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ("hf:org/name", "https://huggingface.co/org/name"),
        ("hf:datasets/org/name", "https://huggingface.co/datasets/org/name"),
        ("gh:org/name", "https://github.com/org/name"),
        ("https://example.org/a?b", "https://example.org/a?b"),
        ("javascript:alert(1)", None),
        ("https://example.org/ x", None),
        ("README.md", None),
    ],
)
def test_the_url_is_a_page_or_unknown(source: str, url: str | None) -> None:
    assert body(entry(capability(), source=source))["artifact"]["url"] == url


def test_it_is_verified_where_a_person_has_accepted_all_of_it() -> None:
    yes, no = capability("A", "accepted"), capability("B")
    for records, verified in (((yes,), True), ((yes, no), False), ((), False)):
        whole = body(entry(*records))
        assert (whole["artifact"]["verified"], whole["trust"]["verified"]) == (verified, verified)
        assert [one["state"] for one in whole["capabilities"]] == [one.state for one in records]


def test_a_record_without_an_address_of_its_own_gets_that_of_its_name() -> None:
    # The two examples of the reference.
    assert passport.address("data.processing.analysis", "fen-based chess position import and export") == (
        "capability://data.processing.analysis.fen.based.chess.position.import.and.export"
    )
    assert passport.address("other", "Strict/loose modes") == "capability://other.strict.loose.modes"
    assert passport.address("other", "…") == "capability://other.capability"
    known = {("clip", "clip/reading"): "capability://other/reading"}
    one = entry(capability(), capability("Fast writing"))
    uris = [each["uri"] for each in body(one, address=lambda *record: known.get(record))["capabilities"]]
    assert uris == ["capability://other/reading", "capability://other.fast.writing"]


def test_proposals_that_no_source_bears_out_are_left_out_and_named(tmp_path: Path) -> None:
    flag = Flag(kind="hidden_source", text="It", note="")
    bad = capability("Bad", description=statement(flags=(flag,)))
    invented = capability("Invented", description=statement(support="unsupported"))
    vouched = capability("Vouched", "accepted", description=statement(support="unsupported"))
    part = capability("Part", description=sentences(("It reads.", "supported"), ("It thinks.", "unsupported")))
    bare = capability("Bare", description=None, intents=(Note(text="a"), Note(text="b", evidence=(SPAN,))))
    done, left_out = exported(
        passport.export, tmp_path, entry(bad, invented, vouched, part, bare), entry(slug="stub"), entry(bad, slug="x"),
        entry(capability(state="retired"), slug="gone"),
    )  # fmt: skip
    assert [path.name for path in done.files] == [
        "clip.passport.json", "stub.passport.json", "index.passport.json",
    ]  # fmt: skip
    assert left_out == [
        LeftOut("clip", "its description is flagged as hidden source", "clip/bad"),
        LeftOut("clip", "nothing of its description is supported by its source", "clip/invented"),
        LeftOut("x", "its description is flagged as hidden source", "clip/bad"),
        LeftOut("x", "no record of it can be published without its support"),
    ]
    whole = json.loads((tmp_path / "clip.passport.json").read_text())["passport"]["unfragile"]
    told = [(one["name"], one["description"], one["support"], one["intents"]) for one in whole["capabilities"]]
    assert told == [
        ("Vouched", LONG, "unsupported", []),
        ("Part", "It reads.", "supported", []),
        ("Bare", None, None, ["b"]),
    ]


@settings(deadline=None)
@given(TEXTS)
def test_any_text_is_only_text_and_reads_back(text: str) -> None:
    made = passport.passport(hostile(text))
    assert made is not None
    written = json_text(made)
    assert display_safe(written) == written
    one = json.loads(written)["passport"]["unfragile"]["capabilities"][0]
    assert (one["name"], one["description"]) == (plain(f"a {text}"), plain(f"{text} {LONG}"))
    assert set(one["uri"].removeprefix("capability://")) & set("/?#:@ %<>\"'") == set()


def test_the_command_gives_the_addresses_of_the_registry(tmp_path: Path) -> None:
    text = "# sorter\n\n## Features\n\n- **Sorting**: sorts files\n- **Copying**: copies files\n"
    run(tmp_path, "draft", readme(tmp_path, text, name="sorter.md"), "--model", "extractive")
    assert run(tmp_path, "export", "out", "--as", "passport", "--state", "proposed").exit_code == 0
    whole = json.loads((tmp_path / "out" / "sorter.passport.json").read_text())["passport"]["unfragile"]
    uris = {one["id"]: one["uri"] for one in whole["capabilities"]}
    shown = [json.loads(run(tmp_path, "show", one, "--format", "json").stdout)["uri"] for one in uris]
    assert list(uris.values()) == shown
    assert len(shown) == 2
