"""Who artifacts are: traits, keys, proposals and rulings, on every database."""

from collections.abc import Callable, Sequence
from threading import Thread

import pytest
from sqlalchemy import Engine

from decomposer.ports.identities import Identities
from decomposer.records import Artifact, Entry, Run, SourceKind
from decomposer.records.likeness import Likeness, Ruling, Sketch, Traits
from decomposer.store.catalog import SqlCatalog
from decomposer.store.identity import MOST_OF_A_KEY, SqlIdentities

NOW = "2026-11-21T10:00:00+00:00"


@pytest.fixture
def identities(engine: Engine) -> Identities:
    catalog = SqlCatalog(engine)
    for slug in ("a", "b", "c", "d"):
        catalog.take(entry(slug), lambda previous, slug: entry(slug))
    return SqlIdentities(engine, now=lambda: NOW)


def entry(slug: str, *, license: str | None = None) -> Entry:
    artifact = Artifact(slug=slug, name=slug, type="repo", source=f"gh:acme/{slug}", license=license)
    kind = SourceKind(kind="software", reason="it is")
    return Entry(artifact=artifact, documents=(), source_kind=kind, capabilities=(), run=Run(model="m", prompt="v1"))


def of(slug: str) -> Traits:
    return Traits(slug=slug, prose=Sketch(size=2, smallest=(1, 2**47)), language="de\u0301")


def nothing(others: Sequence[Traits]) -> list[Likeness]:
    return []


def alike(slug: str, score: float = 0.8) -> Callable[[Sequence[Traits]], list[Likeness]]:
    return lambda others: [
        Likeness(one=slug, other=one.slug, relation="fork", score=score, reasons=("it is so",)) for one in others
    ]


def test_what_is_new_is_due_once(identities: Identities, engine: Engine) -> None:
    assert identities.due() == ["a", "b", "c", "d"]
    assert identities.due(count=2) == ["a", "b"]
    identities.renew(of("a"), ["name:a"], nothing)
    identities.forget("b")
    assert identities.due() == ["c", "d"]
    SqlCatalog(engine).take(entry("a"), lambda previous, slug: entry(slug))
    assert identities.due() == ["c", "d"]
    SqlCatalog(engine).take(entry("a", license="mit"), lambda previous, slug: entry(slug, license="mit"))
    assert identities.due() == ["a", "c", "d"]


def test_traits_come_back_as_they_were(identities: Identities) -> None:
    identities.renew(of("a"), [], nothing)
    assert identities.traits("a") == of("a")
    assert identities.traits("b") is None


def test_an_entry_is_compared_with_those_that_share_a_key(identities: Identities) -> None:
    seen: list[list[str]] = []

    def compare(others: Sequence[Traits]) -> list[Likeness]:
        seen.append([one.slug for one in others])
        return []

    identities.renew(of("a"), ["name:x", "text:1"], compare)
    identities.renew(of("b"), ["name:x"], compare)
    identities.renew(of("c"), ["text:1", "text:2"], compare)
    identities.renew(of("d"), ["text:9"], compare)
    identities.renew(of("a"), ["name:x", "text:1"], compare)
    identities.renew(of("a"), ["name:other"], compare)
    assert seen == [[], ["a"], ["a"], [], ["b", "c"], []]


def test_a_key_that_many_have_is_not_followed(engine: Engine) -> None:
    catalog, identities = SqlCatalog(engine), SqlIdentities(engine)
    slugs = [f"e{number:03}" for number in range(MOST_OF_A_KEY + 2)]
    for slug in slugs:
        catalog.take(entry(slug), lambda previous, slug: entry(slug))
        last: list[Likeness] = identities.renew(of(slug), ["name:bot", f"at:{slug}"], alike(slug))
    assert last == []
    assert len(identities.renew(of(slugs[0]), ["at:e001"], alike(slugs[0]))) == 1


def test_proposals_come_likeliest_first_and_are_replaced(identities: Identities) -> None:
    identities.renew(of("a"), ["k:1"], nothing)
    identities.renew(of("b"), ["k:1"], alike("b", 0.7))
    identities.renew(of("c"), ["k:1"], alike("c", 0.9))
    found = [(one.one, one.other, one.score) for one in identities.proposals()]
    assert found == [("c", "a", 0.9), ("c", "b", 0.9), ("b", "a", 0.7)]
    assert [one.pair for one in identities.proposals(entry="a")] == [("a", "c"), ("a", "b")]
    assert list(identities.proposals(relation="same")) == []
    assert identities.proposed("a", "c") == Likeness(
        one="c", other="a", relation="fork", score=0.9, reasons=("it is so",)
    )
    assert identities.proposed("a", "d") is None
    identities.renew(of("c"), ["k:2"], alike("c"))
    assert [(one.one, one.other) for one in identities.proposals()] == [("b", "a")]


def test_what_was_ruled_upon_is_not_proposed_again(identities: Identities) -> None:
    for slug in ("a", "b", "c"):
        identities.renew(of(slug), ["k:1"], alike(slug))
    refused = identities.rule(Ruling(op="refuse", one="b", other="a", actor="me", reason="another"))
    assert (refused.seq, refused.decided_at, refused.live) == (1, NOW, True)
    identities.rule(Ruling(op="confirm", one="c", other="b", relation="older_version", actor="you"))
    assert [one.pair for one in identities.proposals()] == [("a", "c")]
    identities.renew(of("a"), ["k:1"], alike("a"))
    assert [one.pair for one in identities.proposals()] == [("a", "c")]
    held = list(identities.rulings(live=True))
    assert [(one.op, one.one, one.other, one.relation) for one in held] == [
        ("refuse", "b", "a", None), ("confirm", "c", "b", "older_version"),
    ]  # fmt: skip
    assert list(identities.rulings(entry="a")) == [refused]


def test_a_ruling_can_be_taken_back_and_stays_on_record(identities: Identities) -> None:
    for slug in ("a", "b"):
        identities.renew(of(slug), ["k:1"], alike(slug))
    identities.rule(Ruling(op="refuse", one="a", other="b", actor="me"))
    assert identities.take_back(Ruling(op="undo", one="", other="", actor="you")) is None
    undone = identities.take_back(Ruling(op="undo", one="b", other="a", actor="you"))
    assert undone is not None
    assert (undone.op, undone.one, undone.other, undone.target, undone.actor) == ("undo", "a", "b", 1, "you")
    assert [one.pair for one in identities.proposals()] == [("a", "b")]
    assert identities.take_back(Ruling(op="undo", one="", other="", actor="me")) is None
    assert [(one.seq, one.op, one.live) for one in identities.rulings()] == [(1, "refuse", False), (2, "undo", False)]
    assert list(identities.rulings(live=True)) == []


def test_the_newest_ruling_on_a_pair_holds(identities: Identities) -> None:
    identities.rule(Ruling(op="refuse", one="a", other="b"))
    identities.rule(Ruling(op="confirm", one="b", other="a", relation="fork"))
    assert [(one.op, one.one) for one in identities.rulings(live=True)] == [("confirm", "b")]


def test_two_that_come_at_once_see_each_other(identities: Identities) -> None:
    found: list[Likeness] = []

    def renew(slug: str) -> None:
        found.extend(identities.renew(of(slug), ["k:1"], alike(slug)))

    threads = [Thread(target=renew, args=(slug,)) for slug in ("a", "b", "c", "d")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.pair for one in found) == [("a", "b"), ("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"), ("c", "d")]
    assert len(list(identities.proposals())) == 6
