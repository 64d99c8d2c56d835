"""The suite of the Reviews port: what waits, who holds it, what is decided, and what became of it."""

import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select, update

from decomposer.errors import CatalogError, UsageError
from decomposer.ports import CONDITIONS, Acted, Catalog, Condition, Held, Order, Queued, Reviews, Settled, Wanted
from decomposer.records import Capability, Decision, Entry, Flag, Op, Sentence, Statement, Support, Twin
from decomposer.store.catalog import SqlCatalog
from decomposer.store.engine import writing
from decomposer.store.review_tables import due, queue
from decomposer.store.reviews import SqlReviews
from decomposer.store.tables import entries
from tests.deciding import decide, deciding
from tests.ports.conftest import CHECKOUT
from tests.ports.test_catalog import NOW, a_capability, a_source, an_entry

LATER = "2026-02-03T04:05:06+00:00"
ALL = Wanted()


@pytest.fixture
def catalog(engine: Engine) -> Catalog:
    return SqlCatalog(engine, now=lambda: NOW)


@pytest.fixture
def reviews(engine: Engine) -> Reviews:
    return SqlReviews(engine, now=lambda: LATER)


def said(support: Support = "supported", *flags: Any) -> Statement:
    told = tuple(Flag(kind=kind, text="x", note="") for kind in flags)
    sentence = Sentence(start=0, end=1, support=support, reason="")
    return Statement(text="x", support=support, flags=told, sentences=(sentence,))


def described(slug: str, short: str, *flags: Any, **fields: Any) -> Capability:
    given_fields = {"description": said("supported", *flags), **fields}
    return a_capability(slug, short).model_copy(update=given_fields)


def stored(catalog: Catalog, *found: Capability, slug: str = "lynx", **more: Any) -> Entry:
    source = a_source(slug, source=f"gh:acme/{slug}", text=slug)
    return catalog.revise(source, lambda _, slug: an_entry(source, slug, *found).model_copy(update=more))


def lynx(catalog: Catalog, *names: str) -> Entry:
    return stored(catalog, *(described("lynx", name) for name in names))


def names(found: Sequence[Queued]) -> list[str]:
    return [one.name for one in found]


def one(reviews: Reviews, identity: str) -> Queued:
    (found,) = reviews.find([identity])
    return found


def marking(found: Queued, field: Any, after: Any, *, op: Op = "flag", **more: Any) -> Decision:
    told = {"op": op, "entry": found.entry, "capability": found.id, "field": field, "after": after}
    return Decision.model_validate({**told, "base_version": found.version, "actor": "ann", **more})


# --- what waits


def test_nothing_waits_in_an_empty_catalog(reviews: Reviews) -> None:
    assert reviews.waiting(ALL) == 0
    assert reviews.queue(ALL) == []
    assert reviews.claim(ALL, reviewer="ann", count=5, seconds=60) == []
    assert reviews.sample(ALL, count=5, seed=1) == []
    assert reviews.find(["lynx/see"]) == []
    assert reviews.settle([]) == Settled(0)
    assert list(reviews.history()) == []
    assert reviews.named(["x:1", "no uid", ":", "x:\0", "x:99999999999"]) == []


def test_a_proposed_record_waits_with_all_that_a_list_shows(catalog: Catalog, reviews: Reviews) -> None:
    unique = said("unsupported", "superlative", "number")
    stored(catalog, a_capability("lynx", "zoom", "accepted"), described("lynx", "see", "number", unique=unique))
    (waits,) = reviews.queue(ALL)
    cluster = waits.cluster
    assert waits == Queued(
        "lynx", "lynx/see", 1, "see", 1, "proposed", "proposed", 400, "other", "unsupported", ("number", "superlative"),
        ("unique",), False, "m", "v1", NOW, cluster,
    )  # fmt: skip
    assert reviews.waiting(ALL) == 1
    assert one(reviews, "lynx/zoom").waits is None
    assert one(reviews, "lynx/zoom").failing == ("description",)


def test_each_reason_to_wait_is_known(catalog: Catalog, reviews: Reviews) -> None:
    news = a_capability("lynx", "new")
    stored(
        catalog,
        described("lynx", "a", state="accepted", revision=news),
        described("lynx", "b", state="accepted", disputed=True),
        described("lynx", "c", state="rejected", revision=news),
        described("lynx", "d", state="accepted", flagged=True),
        described("lynx", "e", state="accepted"),
    )
    reviews.settle([marking(one(reviews, "lynx/e"), "second", "ann", op="second")])
    assert [(found.name, found.waits, found.risk) for found in reviews.queue(Wanted(order="entry"))] == [
        ("a", "revision", 100), ("b", "disputed", 300), ("e", "second", 0),
    ]  # fmt: skip
    assert one(reviews, "lynx/d").risk == 200


def test_each_order_pages_forth_and_back_through_the_same_records(catalog: Catalog, engine: Engine) -> None:
    flags = ("number", "citation", "comparison", "superlative")
    for number, slug in enumerate(("puma", "lynx", "ocelot")):
        catalog = SqlCatalog(engine, now=lambda number=number: f"2026-01-0{9 - number}T00:00:00+00:00")  # type: ignore[misc]
        stored(catalog, *(described(slug, f"{flag} {slug[0]}", flag) for flag in flags[number:]), slug=slug)
    reviews = SqlReviews(engine)
    keys: dict[Order, Callable[[Queued], tuple[Any, ...]]] = {
        "risk": lambda found: (-found.risk, found.entry, found.position),
        "entry": lambda found: (found.entry, found.position),
        "oldest": lambda found: (found.since, found.entry, found.position),
        "cluster": lambda found: (found.cluster, found.entry, found.position),
    }
    for order, key in keys.items():
        wanted = Wanted(order=order)
        whole = reviews.queue(wanted)
        assert whole == sorted(whole, key=key)
        assert len(whole) == 9
        paged, page = [], reviews.queue(wanted, count=2)
        while page:
            paged += page
            page = reviews.queue(wanted, after=page[-1], count=2)
        assert paged == whole
        assert reviews.queue(wanted, after=whole[5], count=3, backwards=True) == whole[2:5]


def test_a_place_that_is_gone_is_still_a_place(catalog: Catalog, reviews: Reviews) -> None:
    lynx(catalog, "a", "b", "c")
    first = reviews.queue(ALL, count=2)
    decide(reviews, "lynx/b")
    assert names(reviews.queue(ALL, after=first[-1])) == ["c"]
    assert names(reviews.queue(ALL, after=first[-1], backwards=True)) == ["a"]


def test_records_of_one_name_and_proposed_twins_are_one_cluster(catalog: Catalog, reviews: Reviews) -> None:
    twins = (Twin(a="lynx/a", b="lynx/b", score=0.5), Twin(a="lynx/b", b="lynx/c", score=0.4))
    stored(catalog, *(described("lynx", name) for name in "abcd"), twins=twins)
    stored(catalog, described("puma", "D"), slug="puma")
    cluster = {found.id: found.cluster for found in reviews.queue(ALL)}
    assert cluster["lynx/a"] == cluster["lynx/b"] == cluster["lynx/c"] != cluster["lynx/d"]
    assert cluster["puma/D"] == cluster["lynx/d"]
    stored(catalog, *(described("lynx", name) for name in "abcd"))
    assert len({found.cluster for found in reviews.queue(Wanted(entry="lynx"))}) == 4


CONDITIONED: list[tuple[str, str, str, str]] = [
    ("id", "=", "lynx/*", "abc"), ("id", "=", "l?nx/a", "a"), ("id", "!=", "*/a", "bcd"), ("id", "=", "LYNX/*", ""),
    ("id", "=", "%", ""), ("id", "=", "lyn_/a", ""), ("id", "=", "lyn[x]/a*", ""), ("entry", "=", "puma", "d"),
    ("name", "~", "B 100%", "b"), ("name", "~", "é", "c"), ("name", "~", "_", ""),
    ("category", "=", "image.visual", "b"), ("support", "=", "partial", "b"), ("support", "!=", "supported", "bd"),
    ("flag", "=", "number", "a"), ("flag", "=", "instruction_like", "c"), ("flag", "!=", "number", "bcd"),
    ("flag", "=", "instructionXlike", ""), ("model", "=", "gpt", "c"), ("model", "!=", "gpt", "abd"),
    ("prompt", "=", "v2", "b"), ("prompt", "<", "v10", "abd"), ("prompt", "<", "v2", "ad"),
    ("waits", "=", "disputed", "d"), ("run", "=", "7", "b"), ("run", "!=", "7", "acd"),
    ("reviewer", "=", "ann", "c"), ("reviewer", "!=", "ann", "abd"), ("reviewer", "=", "an*", ""),
    ("passing", "=", "yes", "a"), ("passing", "=", "no", "bcd"), ("flagged", "=", "yes", "b"),
    ("flagged", "=", "no", "acd"),
    ("risk", ">", "280", "cd"), ("risk", "<", "280", "a"), ("type", "=", "model", "d"), ("type", "!=", "model", "abc"),
    ("kind", "=", "software", "abcd"), ("age", ">", "30d", "abcd"), ("age", "<", "30d", ""), ("age", "<", "8w", "abcd"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "operator", "value", "expected"), CONDITIONED)
def test_conditions_choose_what_waits(
    catalog: Catalog, reviews: Reviews, key: str, operator: str, value: str, expected: str
) -> None:
    wrote = {"a": ("m", "v1"), "b": ("m", "v2"), "c": ("openai/gpt", "v10"), "d": ("m", "v01")}

    def by(letter: str, slug: str, *flags: Any, **fields: Any) -> Capability:
        made = described(slug, letter, *flags, **fields)
        told: dict[str, str | None] = dict(zip(("model", "prompt"), wrote[letter], strict=True))
        told |= {"run": "7" if letter == "b" else None}
        return made.model_copy(update={"provenance": made.provenance.model_copy(update=told)})

    stored(
        catalog,
        by("a", "lynx", "number"),
        by("b", "lynx", category="image.visual", description=said("partial"), flagged=True, name="b 100%"),
        by("c", "lynx", "instruction_like", name="c É"),
    )
    puma = by("d", "puma", description=None, disputed=True)
    source = a_source("puma", source="gh:acme/puma", text="puma")
    typed = source.artifact.model_copy(update={"type": "model"})
    catalog.revise(source, lambda _, slug: an_entry(source, slug, puma).model_copy(update={"artifact": typed}))
    ann = Decision(op="flag", entry="lynx", capability="lynx/c", field="flagged", actor="ann", base_version=1)
    assert reviews.settle([ann.model_copy(update={"before": False, "after": True})]).stored == 1
    bob = ann.model_copy(update={"actor": "bob", "before": True, "after": False, "base_version": 2})
    assert reviews.settle([bob]).stored == 1
    wanted = Wanted((Condition(key, operator, value),), order="entry")
    assert "".join(found.id[-1] for found in reviews.queue(wanted)) == expected
    assert reviews.waiting(wanted) == len(expected)


def test_conditions_hold_together_and_beside_the_entry(catalog: Catalog, reviews: Reviews) -> None:
    for slug in ("lynx", "puma"):
        stored(catalog, described(slug, "a", "number"), described(slug, "b"), slug=slug)
    both = (Condition("flag", "=", "number"), Condition("id", "=", "*/a"))
    assert [found.id for found in reviews.queue(Wanted(both))] == ["lynx/a", "puma/a"]
    assert [found.id for found in reviews.queue(Wanted(both, entry="puma"))] == ["puma/a"]
    assert reviews.waiting(Wanted(entry="puma")) == 2


@pytest.mark.parametrize("value", ["'; DROP TABLE queue; --", "\0", "\ud800", "*" * 50, '"', "\\", "%/_"])
def test_values_of_conditions_are_values_whatever_they_say(catalog: Catalog, reviews: Reviews, value: str) -> None:
    lynx(catalog, "a")
    keys = "id entry name category support flag model prompt run reviewer type kind waits".split()
    for key in keys:
        operator = CONDITIONS[key][0]
        expected = key in ("id", "entry", "category", "model", "prompt", "run", "waits") and set(value) == {"*"}
        assert reviews.waiting(Wanted((Condition(key, operator, value),))) == expected, key
    assert reviews.waiting(ALL) == 1


def test_an_unknown_condition_is_named_with_those_there_are(reviews: Reviews) -> None:
    with pytest.raises(UsageError, match=r"colour=: no condition on records; write id=\.\.\., id!=\.\.\."):
        reviews.waiting(Wanted((Condition("colour", "=", "red"),)))


def test_a_sample_is_even_and_the_same_for_the_same_seed(catalog: Catalog, reviews: Reviews) -> None:
    lynx(catalog, *(f"n{number}" for number in range(20)))
    once = reviews.sample(ALL, count=5, seed=7)
    assert len({found.id for found in once}) == 5
    assert reviews.sample(ALL, count=5, seed=7) == once
    assert reviews.sample(ALL, count=5, seed=8) != once
    assert len(reviews.sample(ALL, count=99, seed=7)) == 20
    drawn = [found.name for seed in range(200) for found in reviews.sample(ALL, count=5, seed=seed)]
    assert min(drawn.count(f"n{number}") for number in range(20)) > 25  # 50 expected, standard deviation 6


# --- who holds what


def test_what_one_reviewer_holds_another_does_not_get(catalog: Catalog, reviews: Reviews) -> None:
    lynx(catalog, "a", "b", "c", "d")
    assert names(reviews.claim(ALL, reviewer="ann", count=2, seconds=60)) == ["a", "b"]
    assert names(reviews.claim(ALL, reviewer="bob", count=9, seconds=60)) == ["c", "d"]
    assert names(reviews.claim(ALL, reviewer="ann", count=9, seconds=60)) == ["a", "b"]
    after = one(reviews, "lynx/a")
    assert names(reviews.claim(ALL, reviewer="ann", count=9, seconds=60, after=after)) == ["b"]
    assert names(reviews.queue(ALL)) == ["a", "b", "c", "d"]
    assert reviews.waiting(ALL) == 4


def test_a_lease_that_ran_out_is_free_again_and_one_that_is_renewed_is_not(catalog: Catalog, reviews: Reviews) -> None:
    lynx(catalog, "a", "b")
    reviews.claim(ALL, reviewer="ann", count=1, seconds=0)
    reviews.claim(ALL, reviewer="bob", count=1, seconds=60)
    assert reviews.renew("ann", seconds=60) == 0
    assert reviews.renew("bob", seconds=60) == 1
    assert names(reviews.claim(ALL, reviewer="ann", count=9, seconds=60)) == ["b"]


def test_leases_are_given_back_one_by_one_or_all(catalog: Catalog, reviews: Reviews) -> None:
    lynx(catalog, "a", "b", "c")
    reviews.claim(ALL, reviewer="ann", count=3, seconds=60)
    reviews.release("ann", ["lynx/b"])
    assert names(reviews.claim(ALL, reviewer="bob", count=9, seconds=60)) == ["b"]
    reviews.release("ann")
    reviews.release("nobody")
    assert names(reviews.claim(ALL, reviewer="bob", count=9, seconds=60)) == ["a", "b", "c"]


def test_a_decision_ends_the_lease(catalog: Catalog, reviews: Reviews) -> None:
    lynx(catalog, "a")
    (held,) = reviews.claim(ALL, reviewer="ann", count=1, seconds=60)
    reviews.settle([marking(held, "flagged", True)])
    assert names(reviews.claim(ALL, reviewer="bob", count=1, seconds=60)) == ["a"]


def test_a_second_opinion_is_wanted_from_somebody_else(catalog: Catalog, reviews: Reviews) -> None:
    lynx(catalog, "a", "b")
    first = one(reviews, "lynx/a")
    accepted, wanted = deciding(first), marking(first, "second", "ann", op="second", number=1)
    reviews.settle([accepted.model_copy(update={"batch": "x"}), wanted.model_copy(update={"batch": "x"})])
    assert one(reviews, "lynx/a").second == "ann"
    assert names(reviews.claim(ALL, reviewer="ann", count=9, seconds=60)) == ["b"]
    assert names(reviews.claim(ALL, reviewer="bob", count=9, seconds=60)) == ["a"]
    ann, bob = Wanted(reviewer="ann"), Wanted(reviewer="bob")
    assert (names(reviews.queue(ann)), names(reviews.queue(bob))) == (["b"], ["a", "b"])
    assert (reviews.waiting(ann), reviews.waiting(bob)) == (1, 2)
    assert names(reviews.sample(ann, count=9, seed=1)) == ["b"]
    opinion = {"opinion": "rejected", "dropped": []}
    reviews.settle([marking(one(reviews, "lynx/a"), "second", opinion, op="second", actor="bob")])
    assert (one(reviews, "lynx/a").second, one(reviews, "lynx/a").waits) == ("", None)
    assert [decision.after for decision in reviews.history(actor="bob")] == [opinion]


# --- marks


def test_a_decision_is_stored_with_what_it_changes(catalog: Catalog, reviews: Reviews, engine: Engine) -> None:
    entry = lynx(catalog, "a", "b")
    accepted = deciding(one(reviews, "lynx/a"), batch="x", actor="Zoë").model_copy(
        update={"reason": "true", "shown_at": NOW, "decided_at": NOW, "guard": "0 in 59"}
    )
    assert reviews.settle([accepted]) == Settled(1, (), 1)
    assert list(reviews.history()) == [accepted.model_copy(update={"seq": 1})]
    first, second = entry.capabilities
    changed = (first.model_copy(update={"state": "accepted"}), second)
    assert catalog.find("lynx") == entry.model_copy(update={"capabilities": changed})
    assert list(catalog.entries()) == [catalog.find("lynx")]
    (line,) = catalog.listings()
    assert (line.states["proposed"], line.states["accepted"], line.updated) == (1, 1, LATER)
    now = one(reviews, "lynx/a")
    assert (now.state, now.version, now.waits) == ("accepted", 2, None)
    assert names(reviews.queue(ALL)) == ["b"]


def test_every_mark_is_read_back_from_its_column(catalog: Catalog, reviews: Reviews) -> None:
    lynx(catalog, "a")
    found = one(reviews, "lynx/a")
    given_marks: dict[str, Any] = {
        "state": "rejected", "dropped": ["unique", "requires"], "flagged": True, "disputed": True,
    }  # fmt: skip
    decisions = [marking(found, field, after) for field, after in given_marks.items()]
    assert reviews.settle(decisions) == Settled(4, (), 4)
    assert len({decision.uid for decision in reviews.history()}) == 4
    entry = catalog.find("lynx")
    assert entry is not None
    marked = entry.capabilities[0]
    assert {name: getattr(marked, name) for name in given_marks} == {**given_marks, "dropped": ("unique", "requires")}
    now = one(reviews, "lynx/a")
    assert (now.version, now.dropped, now.flagged, now.disputed) == (2, ("unique", "requires"), True, True)
    assert (now.waits, now.risk) == ("disputed", 500)


def test_a_decision_on_an_earlier_version_is_stale_and_changes_nothing(catalog: Catalog, reviews: Reviews) -> None:
    lynx(catalog, "a", "b")
    a, b = reviews.queue(ALL)
    decide(reviews, "lynx/a", op="reject")
    late = deciding(a, batch="late")
    assert reviews.settle([late, deciding(b, batch="late", number=1)]) == Settled(1, (late,), 2)
    assert one(reviews, "lynx/a").state == "rejected"
    assert one(reviews, "lynx/b").state == "accepted"
    nowhere = [late.model_copy(update={"capability": name, "batch": "n"}) for name in ("lynx/z", "puma/a", "\0\ud800")]
    elsewhere = late.model_copy(update={"entry": "puma", "batch": "n"})
    assert reviews.settle([*nowhere, elsewhere]) == Settled(0, (*nowhere, elsewhere), 0)


def test_all_decisions_about_one_record_go_together(catalog: Catalog, reviews: Reviews) -> None:
    lynx(catalog, "a")
    found = one(reviews, "lynx/a")
    stale = replace(found, version=7)
    decisions = [marking(stale, "state", "accepted"), marking(stale, "dropped", ["unique"])]
    assert reviews.settle(decisions).stored == 0
    assert reviews.settle([marking(found, "state", "accepted"), marking(found, "dropped", ["unique"])]).stored == 2
    assert one(reviews, "lynx/a").version == 2


def test_a_decision_that_is_stored_already_changes_nothing(catalog: Catalog, reviews: Reviews) -> None:
    lynx(catalog, "a")
    accepted = deciding(one(reviews, "lynx/a"), batch="x\0")
    assert reviews.settle([accepted]).stored == 1
    assert reviews.settle([accepted]) == Settled(0)
    assert [found.uid for found in reviews.history()] == ["x\ufffd:0"]
    assert one(reviews, "lynx/a").version == 2


def test_undo_and_redo_put_live_out_and_in_again(catalog: Catalog, reviews: Reviews) -> None:
    lynx(catalog, "a")
    before = one(reviews, "lynx/a")
    reviews.settle([deciding(before, batch="x")])

    def again(op: Op, after: str) -> Decision:
        return marking(one(reviews, "lynx/a"), "state", after, op=op, target="x:0")

    def live() -> list[bool]:
        return [decision.live for decision in reviews.history()]

    assert reviews.settle([again("undo", "proposed")]).stored == 1
    assert live() == [False, False]
    assert one(reviews, "lynx/a") == replace(before, version=3)
    assert reviews.settle([again("redo", "accepted")]).stored == 1
    assert live() == [True, False, False]
    assert reviews.settle([again("revert", "proposed")]).stored == 1
    assert live() == [False] * 4
    assert [decision.op for decision in reviews.history()] == ["accept", "undo", "redo", "revert"]


@pytest.mark.parametrize(
    ("field", "after"),
    [("name", "b"), ("state", "banana"), ("dropped", ["id"]), ("dropped", "unique"), ("flagged", 1), ("second", None)],
)
def test_what_is_no_mark_is_refused_and_nothing_is_stored(
    catalog: Catalog, reviews: Reviews, field: str, after: Any
) -> None:
    lynx(catalog, "a", "b")
    a, b = reviews.queue(ALL)
    with pytest.raises(CatalogError, match=field):
        reviews.settle([deciding(b), marking(a, field, after)])
    assert list(reviews.history()) == []
    assert one(reviews, "lynx/b").state == "proposed"


def test_an_entry_without_capabilities_can_be_decided_about(catalog: Catalog, reviews: Reviews) -> None:
    lynx(catalog)
    retired = Decision(op="retire", entry="lynx", before="proposed", after="retired", batch="x")
    unknown = retired.model_copy(update={"entry": "puma", "number": 1})
    assert reviews.settle([retired, unknown]) == Settled(1, (unknown,), 1)
    assert [(decision.capability, decision.live) for decision in reviews.history(entry="lynx")] == [("", True)]


HOSTILE = "\0 \ud800 \x1b]52;c;x\x07 \u202e <script> ' \" %s ? :name \\"
KEPT = HOSTILE.replace("\0", "\ufffd").replace("\ud800", "?")


def test_hostile_reasons_are_kept_as_far_as_a_database_can(catalog: Catalog, reviews: Reviews) -> None:
    lynx(catalog, "a")
    told = dict.fromkeys(("reason", "actor", "batch", "shown_at", "model", "prompt", "guard"), HOSTILE)
    reviews.settle([deciding(one(reviews, "lynx/a")).model_copy(update=told)])
    (found,) = reviews.history(actor=HOSTILE)
    assert {name: getattr(found, name) for name in told} == dict.fromkeys(told, KEPT)
    assert reviews.named([f"{HOSTILE}:0"]) == [found]
    assert list(reviews.history(batch=HOSTILE)) == [found]


def test_what_is_no_longer_seen_is_due_for_the_registry(catalog: Catalog, reviews: Reviews, engine: Engine) -> None:
    lynx(catalog, "a", "b")

    def is_due() -> bool:
        with writing(engine) as connection:
            this = (due.c.task == "registry") & (due.c.entry == "lynx")
            return connection.execute(due.delete().where(this)).rowcount == 1

    assert is_due()
    decide(reviews, "lynx/a")
    assert not is_due()
    decide(reviews, "lynx/b", op="reject")
    assert is_due()


# --- what a record says


def renaming(identity: str, name: str, *, batch: str = "edit") -> Callable[[Held], Acted]:
    def act(held: Held) -> Acted:
        found = {capability.id: capability for capability in held.entry.capabilities}
        was = found[identity].name
        found[identity] = found[identity].model_copy(update={"name": name})
        decision = Decision(op="edit", entry="lynx", capability=identity, field="name", before=was, after=name)
        stamped = decision.model_copy(update={"batch": batch, "base_version": held.versions[identity]})
        entry = held.entry.model_copy(update={"capabilities": tuple(found.values())})
        return Acted(entry, (stamped,))

    return act


def test_an_act_is_given_what_is_held_and_stores_what_it_makes(catalog: Catalog, reviews: Reviews) -> None:
    entry = lynx(catalog, "a", "b")
    decide(reviews, "lynx/a")
    reviews.settle([marking(one(reviews, "lynx/b"), "second", "ann", op="second")])
    given_held: list[Held] = []

    def act(held: Held) -> Acted:
        given_held.append(held)
        return renaming("lynx/a", "A")(held)

    acted = reviews.act("lynx", ["lynx/a"], act)
    (held,) = given_held
    assert (held.versions, held.seconds) == ({"lynx/a": 2, "lynx/b": 2}, {"lynx/b": "ann"})
    assert [decision.op for decision in held.decisions] == ["accept"]
    assert [capability.state for capability in held.entry.capabilities] == ["accepted", "proposed"]
    assert catalog.find("lynx") == acted.entry != entry
    assert acted.decisions == (list(reviews.history(capability="lynx/a"))[1],)
    assert (acted.decisions[0].seq, acted.decisions[0].live, acted.decisions[0].decided_at) == (3, True, LATER)
    now = one(reviews, "lynx/a")
    assert (now.name, now.version, now.since) == ("A", 3, LATER)
    assert (one(reviews, "lynx/b").version, one(reviews, "lynx/b").second) == (2, "ann")


def test_an_act_can_give_the_mark_that_an_entry_does_not_carry(catalog: Catalog, reviews: Reviews) -> None:
    lynx(catalog, "a")

    def act(held: Held) -> Acted:
        wanted = Decision(op="second", entry="lynx", capability="lynx/a", field="second", after="ann", before="")
        return Acted(held.entry, (wanted,))

    reviews.act("lynx", (), act)
    assert (one(reviews, "lynx/a").second, one(reviews, "lynx/a").version) == ("ann", 2)


def test_an_act_that_fails_stores_nothing(catalog: Catalog, reviews: Reviews) -> None:
    entry = lynx(catalog, "a")

    def fail(held: Held) -> Acted:
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        reviews.act("lynx", ["lynx/a"], fail)
    other = entry.model_copy(update={"artifact": entry.artifact.model_copy(update={"slug": "puma"})})
    with pytest.raises(CatalogError, match="under another slug"):
        reviews.act("lynx", (), lambda _: Acted(other, ()))
    assert catalog.find("lynx") == entry
    assert list(reviews.history()) == []


@pytest.mark.parametrize("slug", ["puma", "\0", "\ud800"])
def test_an_act_needs_an_entry(catalog: Catalog, reviews: Reviews, slug: str) -> None:
    lynx(catalog, "a")
    with pytest.raises(CatalogError, match=r"no entry is called .*; `decomposer list` names them"):
        reviews.act(slug, (), lambda held: Acted(held.entry, ()))


def test_records_come_and_go_with_their_place_in_the_queue(catalog: Catalog, reviews: Reviews) -> None:
    lynx(catalog, "a", "b", "c")
    reviews.act("lynx", (), lambda held: Acted(kept(held.entry, "lynx/c", "lynx/a"), ()))
    assert names(reviews.queue(ALL)) == ["c", "a"]
    assert reviews.find(["lynx/b"]) == []
    lynx(catalog, "b", "a", "c")
    assert [(found.name, found.version) for found in reviews.queue(ALL)] == [("b", 2), ("a", 1), ("c", 1)]


def kept(entry: Entry, *ids: str) -> Entry:
    found = {capability.id: capability for capability in entry.capabilities}
    return entry.model_copy(update={"capabilities": tuple(found[identity] for identity in ids)})


# --- drafts beside decisions


def test_a_draft_raises_the_version_of_what_it_changes_alone(catalog: Catalog, engine: Engine) -> None:
    stored(catalog, described("lynx", "a"), described("lynx", "b"))
    reviews = SqlReviews(engine)
    stored(
        SqlCatalog(engine, now=lambda: LATER), described("lynx", "a"), described("lynx", "b", unique=said("partial"))
    )
    told = [(found.name, found.version, found.since, found.risk) for found in reviews.queue(Wanted(order="entry"))]
    assert told == [("a", 1, NOW, 0), ("b", 2, LATER, 80)]


def test_a_draft_leaves_leases_and_second_opinions(catalog: Catalog, reviews: Reviews) -> None:
    lynx(catalog, "a", "b")
    reviews.settle([marking(one(reviews, "lynx/b"), "second", "ann", op="second")])
    reviews.claim(ALL, reviewer="bob", count=9, seconds=60)
    stored(catalog, *(described("lynx", name, unique=said("partial")) for name in "ab"))
    assert reviews.claim(ALL, reviewer="carl", count=9, seconds=60) == []
    assert (one(reviews, "lynx/b").second, one(reviews, "lynx/b").version) == ("ann", 3)


def test_a_version_is_never_used_again_for_another_text(catalog: Catalog, reviews: Reviews) -> None:
    lynx(catalog, "a", "b")
    seen = one(reviews, "lynx/a")
    lynx(catalog, "b")
    stored(catalog, described("lynx", "b"), described("lynx", "a", unique=said("partial")))
    assert reviews.settle([deciding(seen, batch="x")]).stored == 0
    assert one(reviews, "lynx/a").version == 2


def test_what_was_there_before_the_queue_is_put_into_it(catalog: Catalog, engine: Engine) -> None:
    slugs = ("lynx", "puma", "torn", "void")
    for slug in slugs:
        stored(catalog, *([] if slug == "void" else [described(slug, "a", unique=said("unsupported"))]), slug=slug)
    with writing(engine) as connection:
        connection.execute(update(queue).values(waits=None, calm=1000, hazard=0, failing="", cluster=0, since=LATER))
        connection.execute(update(entries).where(entries.c.slug == "torn").values(data="{"))
        connection.execute(
            due.insert(), [{"task": "queue", "entry": slug} for slug in ("lynx", "puma", "torn", "void")]
        )
    reviews = SqlReviews(engine, now=lambda: LATER)
    assert [(found.id, found.since, found.risk) for found in reviews.queue(ALL)] == [
        ("lynx/a", LATER, 200), ("puma/a", LATER, 200),
    ]  # fmt: skip
    assert one(reviews, "lynx/a").failing == ("unique",)
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(due).where(due.c.task == "queue")) == 0


# --- history


def test_history_is_told_by_what_it_is_about(catalog: Catalog, reviews: Reviews) -> None:
    for slug in ("lynx", "puma"):
        stored(catalog, described(slug, "a"), described(slug, "b"), slug=slug)
    for number, (identity, actor) in enumerate([("lynx/a", "ann"), ("puma/a", "bob"), ("lynx/b", "bob")], 1):
        decision = deciding(one(reviews, identity), batch=f"x{number}", actor=actor)
        reviews.settle([decision.model_copy(update={"decided_at": f"2026-01-0{number}T00:00:00+00:00"})])

    def told(**conditions: Any) -> list[int | None]:
        return [decision.seq for decision in reviews.history(**conditions)]

    assert told() == [1, 2, 3]
    assert told(backwards=True) == [3, 2, 1]
    assert told(after=1) == [2, 3]
    assert told(after=3, backwards=True) == [2, 1]
    assert told(entry="lynx") == [1, 3]
    assert told(capability="puma/a") == [2]
    assert told(batch="x3") == [3]
    assert told(actor="bob") == [2, 3]
    assert told(actor="bob", entry="lynx") == [3]
    assert told(since="2026-01-02T00:00:00+00:00") == [2, 3]
    assert [decision.seq for decision in reviews.named(["x3:0", "x1:0", "x1:1", "x9:0"])] == [1, 3]


def test_later_decisions_are_the_live_ones_behind_a_seq(catalog: Catalog, reviews: Reviews) -> None:
    lynx(catalog, "a", "b", "c")
    for identity in ("lynx/a", "lynx/b", "lynx/c"):
        reviews.settle([deciding(one(reviews, identity), batch=identity)])
    reviews.settle([marking(one(reviews, "lynx/b"), "flagged", True)])
    undo = marking(one(reviews, "lynx/c"), "state", "proposed", op="undo", target="lynx/c:0")
    reviews.settle([undo])
    about = ["lynx/a", "lynx/b", "lynx/c", "\0"]
    assert [decision.seq for decision in reviews.later(about, since=0)] == [1, 2, 4]
    assert [decision.seq for decision in reviews.later(about, since=1)] == [2, 4]
    assert [decision.seq for decision in reviews.later(["lynx/a"], since=1)] == []


def test_history_can_be_read_while_it_is_written(catalog: Catalog, reviews: Reviews) -> None:
    lynx(catalog, "a", "b")
    decide(reviews, "lynx/a")
    told = cast("Generator[Decision, None, None]", reviews.history())
    assert next(told).capability == "lynx/a"
    decide(reviews, "lynx/b")
    told.close()
    assert [decision.capability for decision in reviews.history()] == ["lynx/a", "lynx/b"]


def test_many_are_settled_and_found_at_once(catalog: Catalog, reviews: Reviews) -> None:
    lynx(catalog, *(f"n{number}" for number in range(2500)))
    found = reviews.queue(ALL, count=2500)
    settled = reviews.settle([deciding(each, batch="x", number=number) for number, each in enumerate(found)])
    assert settled == Settled(2500, (), 2500)
    assert reviews.waiting(ALL) == 0
    ids = [each.id for each in found]
    assert [each.id for each in reviews.find(ids[::-1])] == ids[::-1]
    assert len(reviews.later(ids, since=0)) == 2500
    assert len(reviews.named([f"x:{number}" for number in range(2500)])) == 2500
    (line,) = catalog.listings()
    assert line.states["accepted"] == 2500


marks = st.one_of(
    st.tuples(st.just("state"), st.sampled_from(["proposed", "accepted", "rejected", "retired"])),
    st.tuples(st.just("flagged"), st.booleans()),
    st.tuples(st.just("disputed"), st.booleans()),
    st.tuples(st.just("dropped"), st.lists(st.sampled_from(["unique", "requires"]), unique=True)),
    st.tuples(st.just("second"), st.sampled_from(["", "ann"])),
)
steps = st.lists(st.lists(st.tuples(st.sampled_from("abc"), marks), max_size=4), max_size=4)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_what_is_held_is_the_fold_of_what_was_decided(
    catalog: Catalog, reviews: Reviews, steps: list[list[tuple[str, tuple[str, Any]]]]
) -> None:
    slug = f"run{sum(1 for _ in catalog.listings())}"
    stored(catalog, *(described(slug, name) for name in "abc"), slug=slug)
    model: dict[str, dict[str, Any]] = {
        name: {"state": "proposed", "flagged": False, "disputed": False, "dropped": [], "second": ""} for name in "abc"
    }
    for step in steps:
        found = {each.id[-1]: each for each in reviews.find([f"{slug}/{name}" for name in "abc"])}
        settled = reviews.settle([marking(found[name], field, after) for name, (field, after) in step])
        assert (settled.stored, settled.stale) == (len(step), ())
        for name, (field, after) in step:
            model[name][field] = after
    entry = catalog.find(slug)
    assert entry is not None
    held = {each.id[-1]: each for each in reviews.find([f"{slug}/{name}" for name in "abc"])}
    for capability in entry.capabilities:
        expected, now = model[capability.id[-1]], held[capability.id[-1]]
        shown = {name: getattr(capability, name) for name in ("state", "flagged", "disputed")}
        assert shown | {"dropped": list(capability.dropped), "second": now.second} == expected
        assert (now.state, now.flagged, now.disputed, list(now.dropped)) == tuple(
            expected[name] for name in ("state", "flagged", "disputed", "dropped")
        )
    (line,) = (line for line in catalog.listings() if line.slug == slug)
    counted = [capability.state for capability in entry.capabilities]
    assert {state: number for state, number in line.states.items() if number} == {
        state: counted.count(state) for state in counted
    }


# --- several processes

_DECIDING = """
import sys
from decomposer.ports import Wanted
from decomposer.store.engine import open_database
from decomposer.store.reviews import SqlReviews
from tests.deciding import deciding

engine = open_database(sys.argv[1])
reviews, actor, number = SqlReviews(engine), sys.argv[2], 0
while found := reviews.claim(Wanted(), reviewer=actor, count=7, seconds=300):
    for one in found:
        settled = reviews.settle([deciding(one, batch=actor, number=number, actor=actor)])
        assert settled.stored == 1, settled
        print(one.id)
        number += 1
engine.dispose()
"""


@pytest.mark.slow
def test_two_processes_that_decide_get_every_record_once(
    catalog: Catalog, reviews: Reviews, race: Callable[[str, list[str]], list[str]]
) -> None:
    lynx(catalog, *(f"n{number}" for number in range(1000)))
    outputs = [output.split() for output in race(_DECIDING, ["ann", "bob"])]
    decided = [identity for output in outputs for identity in output]
    assert sorted(decided) == sorted({f"lynx/n{number}" for number in range(1000)})
    assert reviews.waiting(ALL) == 0
    assert [decision.seq for decision in reviews.history()] == list(range(1, 1001))
    assert {actor: sum(decision.actor == actor for decision in reviews.history()) for actor in ("ann", "bob")} == {
        "ann": len(outputs[0]), "bob": len(outputs[1]),
    }  # fmt: skip


_SAME = """
import sys
from decomposer.store.engine import open_database
from decomposer.store.reviews import SqlReviews
from tests.deciding import deciding

engine = open_database(sys.argv[1])
reviews = SqlReviews(engine)
for number in range(50):
    (one,) = reviews.find(["lynx/a"])
    op = "reject" if one.state == "accepted" else "accept"
    print(reviews.settle([deciding(one, op, batch=sys.argv[2], number=number)]).stored)
engine.dispose()
"""


def test_processes_that_decide_on_one_record_never_overwrite_what_they_did_not_see(
    catalog: Catalog, reviews: Reviews, race: Callable[[str, list[str]], list[str]]
) -> None:
    lynx(catalog, "a")
    said_stored = [int(line) for output in race(_SAME, ["ann", "bob", "carl"]) for line in output.split()]
    told = list(reviews.history())
    assert len(told) == sum(said_stored) == one(reviews, "lynx/a").version - 1
    assert [decision.before for decision in told] == ["proposed", *(decision.after for decision in told[:-1])]


_KILLED = """
import sys
from dataclasses import replace
from decomposer.ports import Acted
from decomposer.store.engine import open_database
from decomposer.store.reviews import SqlReviews
from tests.deciding import deciding
from tests.ports.test_reviews import renaming

engine = open_database(sys.argv[1])
reviews = SqlReviews(engine)
number = 0
while True:
    (one,) = reviews.find(["lynx/a"])
    if number % 3 == 2:
        reviews.act("lynx", ["lynx/a"], renaming("lynx/a", f"a{number}", batch=f"b{number}"))
    else:
        op = "reject" if one.state == "accepted" else "accept"
        others = reviews.find([f"lynx/n{n}" for n in range(40)])
        many = [deciding(each, op, batch=f"b{number}", number=n) for n, each in enumerate([one, *others])]
        assert reviews.settle(many).stored == 41
    print(f"b{number}", flush=True)
    number += 1
"""


@pytest.mark.slow
def test_what_was_said_to_be_stored_outlives_a_kill(catalog: Catalog, reviews: Reviews, database_url: str) -> None:
    lynx(catalog, "a", *(f"n{number}" for number in range(40)))
    reported: list[str] = []
    for _ in range(3):
        command = [
            sys.executable,
            "-c",
            _KILLED.replace("number = 0", f"number = {len(batches(reviews))}"),
            database_url,
        ]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=CHECKOUT) as process:
            assert process.stdout is not None
            reported += [process.stdout.readline().strip() for _ in range(10)]
            process.send_signal(signal.SIGKILL)
            reported += process.stdout.read().split()
    told = batches(reviews)
    assert set(reported) <= told.keys()
    assert len(told) - len(reported) <= 3  # stored as the kill came, and not reported any more
    assert set(told.values()) == {1, 41}
    now = one(reviews, "lynx/a")
    assert now.version == len(told) + 1
    states = [decision.after for decision in reviews.history(capability="lynx/a") if decision.field == "state"]
    entry = catalog.find("lynx")
    assert entry is not None
    assert {capability.state for capability in entry.capabilities} == {now.state} == {states[-1]}


def batches(reviews: Reviews) -> dict[str, int]:
    found: dict[str, int] = {}
    for decision in reviews.history():
        found[decision.batch] = found.get(decision.batch, 0) + 1
    return found
