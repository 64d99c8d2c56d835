"""The catalog answers whoever asks: with what serves best, why, how sure that is, and what a risk leaves out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast, get_args

import pytest
from sqlalchemy import insert, select

from decomposer.errors import UsageError
from decomposer.records import Fact, Filters, Resolved, Risk, SourceDocument
from decomposer.store.engine import writing
from decomposer.store.registry_tables import addresses
from decomposer.wiring import Workspace, registering
from decomposer.wiring.answering import Answering, NotHeld
from decomposer.wiring.matching import Searching
from decomposer.wiring.ranking import fact_log
from decomposer.wiring.reviewing import desk
from tests.asking_api import Words
from tests.webbing import INVOICES, LINES, TEXT, capability, said, store, usual, workspace

RISKS: tuple[Risk, ...] = get_args(Risk)
README = SourceDocument(uri="README.md", sha256="0" * 64, chars=9, media_type="text/markdown")


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Workspace]:
    with workspace(tmp_path) as made:
        yield made


def answering(work: Workspace) -> Answering:
    return Answering(work, searching=cast(Searching, Words(work)))


def twins(work: Workspace, *slugs: str) -> str:
    """Store entries that all have one capability, and return its address."""
    for slug in slugs:
        record = capability("Invoices to JSON", slug=slug, category="data.processing.analysis")
        store(work, [record, capability("Line items", slug=slug, description=said(LINES))], slug=slug)
    found = registering.catch_up(work).canonical_of(slugs[0], f"{slugs[0]}/invoices-to-json")
    assert found is not None
    assert found.artifacts == len(slugs)
    return found.uri


def accept(work: Workspace, slug: str, *names: str) -> None:
    """Have a person accept records of an entry."""
    for name in names:
        desk(work, entry=slug, reviewer="ann").accept([f"{slug}/{name}"])


def slugs(answer: Resolved) -> list[str]:
    return [one.artifact.slug for one in answer.resolved]


# --- addresses


def test_an_address_leads_to_all_that_have_the_capability(work: Workspace) -> None:
    uri = twins(work, "alpha", "beta", "gamma")
    found = answering(work).resolve(uri)
    assert (found.by, found.uri, found.name, found.wanted) == ("address", uri, "Invoices to JSON", uri)
    assert sorted(slugs(found)) == ["alpha", "beta", "gamma"]
    for one in found.resolved:
        assert one.capability.uri == uri
        assert one.evidence[0].quote == INVOICES
        assert one.evidence[0].document == f"{one.artifact.slug}/README.md"
        assert TEXT[one.evidence[0].start : one.evidence[0].end] == INVOICES
        assert sorted([one.artifact.slug, *(other.slug for other in one.alternatives)]) == ["alpha", "beta", "gamma"]
        assert one.match_confidence > 0.5
        assert one.trust.passport == f"/api/v1/passport/{one.artifact.slug}"


def test_an_old_address_leads_where_the_capability_is_now(work: Workspace) -> None:
    uri = twins(work, "alpha", "beta")
    with writing(work.engine) as connection:
        number = connection.scalar(select(addresses.c.canonical).where(addresses.c.uri == uri))
        older = {
            "uri": "capability://other/older",
            "canonical": number,
            "base": "capability://other/older",
            "suffix": 1,
        }
        connection.execute(insert(addresses), older)
    found = answering(work).resolve("capability://other/older")
    assert (found.uri, sorted(slugs(found))) == (uri, ["alpha", "beta"])


def test_the_best_supported_go_first_and_then_the_best_ranked(work: Workspace) -> None:
    uri = twins(work, "alpha", "beta", "gamma")
    partly = capability(
        "Invoices to JSON", slug="alpha", category="data.processing.analysis", description=said(INVOICES, "partial")
    )
    store(work, [partly], slug="alpha")
    figures = [
        Fact(entry="gamma", key="stars", value="90000", source="https://example.org", as_of="2026-11-21", by="person")
    ]
    fact_log(work).say(figures)
    found = answering(work).resolve(uri)
    assert slugs(found) == ["gamma", "beta", "alpha"]
    ranks = [one.trust.rank.points for one in found.resolved if one.trust.rank]
    assert ranks[0] > ranks[1]


def test_an_address_that_nobody_has_is_not_held(work: Workspace) -> None:
    store(work, usual())
    for uri in ("capability://other/nothing", "capability://", "capability://a\x00b", "capability://\ud800"):
        with pytest.raises(NotHeld, match="no capability has the address"):
            answering(work).resolve(uri)


def test_an_address_may_be_spelt_in_other_ways(work: Workspace) -> None:
    uri = twins(work, "alpha", "beta")
    category, name = uri.removeprefix("capability://").split("/")
    dotted = f"capability://{category}.{name.replace('-', '.')}"
    for spelt in (uri.upper(), f" {uri}/ ", dotted):
        found = answering(work).resolve(spelt)
        assert (found.by, found.uri, sorted(slugs(found))) == ("address", uri, ["alpha", "beta"])


def test_filters_hold_for_addresses_too(work: Workspace) -> None:
    uri = twins(work, "alpha", "beta")
    licensed = [Fact(entry="beta", key="license", value="MIT", source="", as_of="2026-11-21", by="person")]
    fact_log(work).say(licensed)
    found = answering(work).resolve(uri, filters=Filters(license="mit"))
    assert (slugs(found), found.resolved[0].artifact.license) == (["beta"], "MIT")
    assert slugs(answering(work).resolve(uri, filters=Filters(type="model"))) == []


def test_what_was_rejected_after_the_registry_was_made_is_not_offered(work: Workspace) -> None:
    uri = twins(work, "alpha", "beta")
    desk(work, entry="alpha", reviewer="ann").reject(["alpha/invoices-to-json"])
    assert slugs(answering(work).resolve(uri)) == ["beta"]


# --- needs


def test_a_need_is_searched_for_and_answered_with_evidence(work: Workspace) -> None:
    store(work, usual())
    found = answering(work).resolve("scanned invoices into JSON", limit=1)
    (one,) = found.resolved
    assert (one.artifact.slug, one.capability.name) == ("papertrail", "Invoices to JSON")
    assert one.why_this_matches == ("has into, invoices, json, scanned",)
    assert one.how_sure == (
        "searched by words: the score orders what this search found and is no probability",
        "2 of 2 sentences are supported by its source",
        "drafted by a program, not reviewed by a person yet",
    )
    assert (one.trust.verified, one.trust.supported, one.trust.sentences, one.trust.evidence) == (False, 2, 2, 2)
    assert (found.uri, found.name, found.left_out_total) == (None, None, 0)


def test_others_that_would_do_are_named_without_being_counted(work: Workspace) -> None:
    for slug in ("alpha", "beta"):
        store(work, [capability("Invoices to JSON", slug=slug)], slug=slug)
    words = Words(work)
    found = Answering(work, searching=cast(Searching, words)).resolve("invoices", limit=1)
    (one,) = found.resolved
    assert {one.artifact.slug, *(other.slug for other in one.alternatives)} == {"alpha", "beta"}
    assert one.alternatives[0].why_alternative == "has invoices"
    assert list(words.hits) == [one.id]


def test_the_real_search_answers_and_counts(work: Workspace) -> None:
    store(work, usual())
    asked = Answering(work, searching=Searching(work, words_only=True))
    found = asked.resolve("scanned invoices")
    assert found.resolved[0].capability.name == "Invoices to JSON"
    asked.feedback(found.resolved[0].id, "success", comment="it worked")
    matched = asked.searching.matched("papertrail")
    assert (matched.times, matched.successes, matched.failures) == (1, 1, 0)
    outcomes = asked.passport("papertrail").passport.unfragile.trust.observed_outcomes
    assert (outcomes.matches, outcomes.success_rate) == (1, 1.0)


def test_searches_see_a_capability_by_its_address_as_found(work: Workspace) -> None:
    uri = twins(work, "alpha", "beta")
    asked = Answering(work, searching=Searching(work, words_only=True))
    found = asked.resolve(uri, limit=1)
    asked.feedback(found.resolved[0].id, "failure")
    matched = asked.searching.matched(found.resolved[0].artifact.slug)
    assert (matched.times, matched.failures) == (1, 1)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda one: one.resolve("x"), "give 2 to 500 characters"),
        (lambda one: one.resolve("x" * 501), "give 2 to 500 characters"),
        (lambda one: one.resolve("invoices", limit=0), "ask for 1 to 20"),
        (lambda one: one.resolve("invoices", limit=21), "ask for 1 to 20"),
        (lambda one: one.resolve("invoices", risk="brave"), "choose one of default, production, enterprise, strict"),
        (lambda one: one.search("invoices", limit=-1), "ask for 1 to 20"),
        (lambda one: one.feedback("aaaaaaaaaa.1", "success"), "no such answer was given"),
        (lambda one: one.feedback("aaaaaaaaaa.1", "success", comment="x" * 501), "write at most 500 characters"),
        (lambda one: one.passport("nothing"), "no artifact is published as 'nothing'"),
        (lambda one: one.passport("a\x00b"), "no artifact is published as"),
        (lambda one: one.compare("papertrail", "nothing at all"), "no artifact is called 'nothing at all'"),
        (lambda one: one.compare("papertrail", "papertrall"), "'papertrail' is one entry|did you mean papertrail"),
    ],
)
def test_what_the_caller_got_wrong_is_said(work: Workspace, call: Any, said: str) -> None:
    store(work, usual())
    with pytest.raises(UsageError, match=said):
        call(Answering(work, searching=Searching(work, words_only=True)))


def test_artifacts_are_compared_by_slug_or_name(work: Workspace) -> None:
    store(work, usual(), name="Paper Trail")
    store(work, [capability("Invoices to JSON", slug="other")], slug="other")
    found = answering(work).compare("paper  TRAIL", "other")
    assert (found.a.artifact.slug, found.b.artifact.slug) == ("papertrail", "other")


def test_an_entry_that_was_retired_has_no_passport(work: Workspace) -> None:
    store(work, usual())
    assert answering(work).passport("papertrail").passport.unfragile.artifact.slug == "papertrail"
    work.retire("papertrail")
    with pytest.raises(NotHeld):
        answering(work).passport("papertrail")
    store(work, [], slug="empty")
    work.retire("empty")
    with pytest.raises(NotHeld):
        answering(work).passport("empty")


def test_nothing_of_an_answer_is_signed(work: Workspace) -> None:
    store(work, usual())
    assert "sign" not in answering(work).resolve("invoices").model_dump_json()


def test_records_are_what_the_catalog_publishes(work: Workspace) -> None:
    hidden = capability("Invoices to XML", unique=said(LINES), dropped=("unique",), dismissed=("0" * 64,))
    store(work, [hidden])
    (one,) = answering(work).resolve("xml").resolved
    assert one.capability.unique is None
