"""What a risk asks of an answer: each gate keeps out what it says, and what is left out is told with the reason."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, cast, get_args

import pytest

from decomposer.records import Artifact, Facts, Filters, Rank, Resolved, Risk, SourceDocument
from decomposer.wiring import Workspace
from decomposer.wiring.answering import Answering
from decomposer.wiring.gates import WIDEST, Considered, gates, let_through, misses
from decomposer.wiring.matching import Searching
from decomposer.wiring.reviewing import desk
from tests.asking_api import Words
from tests.webbing import INVOICES, LINES, capability, said, store, usual, workspace

RISKS: tuple[Risk, ...] = get_args(Risk)
README = SourceDocument(uri="README.md", sha256="0" * 64, chars=9, media_type="text/markdown")


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Workspace]:
    with workspace(tmp_path) as made:
        yield made


def answering(work: Workspace) -> Answering:
    return Answering(work, searching=cast(Searching, Words(work)))


def accept(work: Workspace, slug: str, *names: str) -> None:
    """Have a person accept records of an entry."""
    for name in names:
        desk(work, entry=slug, reviewer="ann").accept([f"{slug}/{name}"])


def slugs(answer: Resolved) -> list[str]:
    return [one.artifact.slug for one in answer.resolved]


def test_every_risk_asks_for_all_that_the_one_before_asks_for() -> None:
    asked = [gates(risk) for risk in RISKS]
    assert [len(one) for one in asked] == [0, 2, 4, 6]
    for one, stricter in pairwise(asked):
        assert stricter[: len(one)] == one


def considered(**fields: Any) -> Considered:
    """Return something that passes every gate, unless the fields say otherwise."""
    artifact = Artifact(slug="x", name="x", type="repo", source="x", license="mit")
    rank = Rank(entry="x", type="repo", points=50, low=40, high=40 + WIDEST, as_of="2026-11-21", parts=())
    passing = {
        "artifact": artifact,
        "documents": (README,),
        "capability": capability("X", state="accepted"),
        "facts": Facts.of(artifact),
        "rank": rank,
    }
    return Considered(**{**passing, **fields})


def test_what_passes_every_gate_lacks_nothing() -> None:
    assert misses(considered(), gates("strict")) == ()


WIDE = Rank(entry="x", type="repo", points=50, low=0, high=WIDEST + 1, as_of="2026-11-21", parts=())
UNLICENSED = Facts.of(Artifact(slug="x", name="x", type="repo", source="x"))


@pytest.mark.parametrize(
    ("fields", "risk", "lacks"),
    [
        ({"documents": ()}, "production", "its source was read"),
        (
            {"capability": capability("X", description=None, state="accepted")},
            "production",
            "every sentence of its desc",
        ),
        (
            {"capability": capability("X", description=said(INVOICES, "partial"))},
            "production",
            "every sentence of its de",
        ),
        (
            {"capability": capability("X", description=said(INVOICES, "vendor_claim"))},
            "production",
            "sentence of its de",
        ),
        ({"capability": capability("X")}, "enterprise", "a person has accepted it"),
        ({"facts": UNLICENSED}, "enterprise", "its license is known"),
        (
            {"capability": capability("X", unique=said(LINES, "vendor_claim"), state="accepted")},
            "strict",
            "all that is",
        ),
        ({"rank": WIDE}, "strict", "its rank is known to 40 points"),
        ({"rank": None}, "strict", "its rank is known to 40 points"),
    ],
)
def test_each_gate_keeps_out_what_it_says(fields: dict[str, Any], risk: Risk, lacks: str) -> None:
    before = RISKS[RISKS.index(risk) - 1]
    assert any(lacks in one for one in misses(considered(**fields), gates(risk)))
    assert not any(lacks in one for one in misses(considered(**fields), gates(before)))


def test_a_risk_leaves_out_what_does_not_pass_and_says_why(work: Workspace) -> None:
    store(work, usual())
    accept(work, "papertrail", "invoices-to-json")
    found = answering(work).resolve("invoices line items magic", risk="enterprise")
    assert (slugs(found), found.left_out_total) == ([], 3)
    lacking = {one.name: one.misses for one in found.left_out}
    assert lacking["Invoices to JSON"] == ("its license is known",)
    assert lacking["Line items"] == ("a person has accepted it", "its license is known")
    assert lacking["Magic"][0] == "its source supports every sentence of its description"
    found = answering(work).resolve("invoices line items magic", risk="production")
    assert [one.capability.name for one in found.resolved] == ["Line items", "Invoices to JSON"]


def test_filters_let_through_what_is_known_to_be_that() -> None:
    artifact = Artifact(slug="x", name="x", type="repo", source="x", license="MIT")
    facts, german = Facts.of(artifact), (README.model_copy(update={"language": "de"}),)
    assert let_through(Filters(), facts, ())
    assert let_through(Filters(type="repo", license="mit", language="de"), facts, german)
    for wrong in (Filters(type="model"), Filters(price="free"), Filters(license="apache-2.0"), Filters(language="en")):
        assert not let_through(wrong, facts, german)
