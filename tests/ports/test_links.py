"""What people say of records of different entries: kept as decisions, heeded by the registry, and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, permutations

import pytest
from sqlalchemy import Engine

from decomposer.decide import Stamp
from decomposer.decide.standing import APART, SAME, between
from decomposer.errors import CatalogError
from decomposer.ports import Linked
from decomposer.records import Entry
from decomposer.review import Done, Selector, taking_back
from decomposer.review.linking import link
from decomposer.review.moving import apply, export, read
from decomposer.store.catalog import SqlCatalog
from decomposer.store.registry import SqlRegistry
from decomposer.store.reviews import SqlReviews
from tests.ports.test_registry import HEARING, LINTING, SEARCH, SPEECH, drafted, entry, one, record

NOW = "2026-11-21T10:00:00+00:00"
FINDING = ("Search of images", "Finds images that fit a text query.")
BATCHES = count(1)


@dataclass(frozen=True)
class Held:
    """A catalog with its decisions and its registry."""

    catalog: SqlCatalog
    reviews: SqlReviews
    registry: SqlRegistry

    def add(self, *entries: Entry) -> None:
        drafted(self.catalog, *entries)
        self.catch_up()

    def catch_up(self) -> None:
        while self.registry.catch_up(most=10).left:
            pass

    def say(self, a: str, b: str, *, same: bool = True, actor: str = "ann", reason: str = "") -> Done:
        return link(self.reviews, a, b, self.stamp(actor, reason), same=same)

    def stamp(self, actor: str = "ann", reason: str = "") -> Stamp:
        return Stamp(f"batch-{next(BATCHES)}", actor, NOW, reason)

    def undo(self, actor: str = "ann") -> Done:
        return self.back("undo", taking_back.last_held(self.reviews, actor), actor)

    def redo(self, actor: str = "ann") -> Done:
        return self.back("redo", taking_back.last_taken_back(self.reviews, actor), actor)

    def revert(self, seq: int) -> Done:
        return self.back("revert", taking_back.selected(self.reviews, self.catalog, Selector(seq=seq)), "bob")

    def back(self, op: taking_back.Back, batch: Sequence[object], actor: str) -> Done:
        assert batch
        return taking_back.take(self.reviews, self.catalog, batch, self.stamp(actor), op=op)  # type: ignore[arg-type]

    def groups(self) -> set[tuple[str, ...]]:
        """Return which records are of one canonical capability, after it has caught up."""
        self.catch_up()
        homes: dict[int, list[str]] = {}
        for held in self.catalog.entries():
            for each in held.capabilities:
                home = self.registry.canonical_of(held.artifact.slug, each.id)
                if home is not None:
                    homes.setdefault(home.number, []).append(each.id)
        return {tuple(sorted(group)) for group in homes.values()}

    def uri(self, identity: str) -> str:
        home = self.registry.canonical_of(identity.partition("/")[0], identity)
        assert home is not None
        return home.uri


@pytest.fixture
def held(engine: Engine) -> Held:
    return Held(SqlCatalog(engine), SqlReviews(engine, now=lambda: NOW), SqlRegistry(engine))


def animals(held: Held) -> None:
    """Fill in three that can do the same, and two that can do something else."""
    held.add(one("lynx", SEARCH), one("puma", FINDING), one("ibex", LINTING), one("orca", SPEECH), one("mole", HEARING))


BEFORE = {("lynx/it", "puma/it"), ("ibex/it",), ("mole/it", "orca/it")}


def test_records_of_two_entries_are_one_capability_when_a_person_says_so(held: Held) -> None:
    animals(held)
    assert held.groups() == BEFORE
    entries = list(held.catalog.entries())
    done = held.say("puma/it", "ibex/it", reason="they are")
    assert done.text == "said to be one capability: ibex/it, puma/it"
    assert held.registry.due() == 2
    assert held.groups() == {("ibex/it", "lynx/it", "puma/it"), ("mole/it", "orca/it")}
    assert list(held.catalog.entries()) == entries
    members = {member.capability: member for member in held.registry.members(number(held, "ibex/it"))}
    assert (members["ibex/it"].decided_by, members["ibex/it"].like) == ("person", "puma/it")
    assert members["ibex/it"].reasons == ("ann said so on 2026-11-21: they are",)
    assert (members["puma/it"].decided_by, members["lynx/it"].decided_by) == ("person", "rule")


def number(held: Held, identity: str) -> int:
    home = held.registry.canonical_of(identity.partition("/")[0], identity)
    assert home is not None
    return home.number


def test_records_of_two_entries_are_two_capabilities_when_a_person_says_so(held: Held) -> None:
    animals(held)
    assert held.say("lynx/it", "puma/it", same=False).refused == ()
    assert held.groups() == {("lynx/it",), ("puma/it",), ("ibex/it",), ("mole/it", "orca/it")}


@pytest.mark.parametrize("same", [True, False])
def test_taking_a_word_back_restores_what_was_and_redoing_it_puts_it_in_place(held: Held, same: bool) -> None:
    animals(held)
    before = {identity: held.uri(identity) for group in BEFORE for identity in group}
    held.say("puma/it", "mole/it" if same else "lynx/it", same=same)
    after = held.groups()
    assert after != BEFORE
    assert len(held.undo().decisions) == 1
    assert held.groups() == BEFORE
    assert {identity: held.uri(identity) for identity in before} == before
    assert len(held.redo().decisions) == 1
    assert held.groups() == after
    held.revert(1)
    assert held.groups() == BEFORE


@pytest.mark.parametrize("turned", [False, True])
def test_each_has_its_own_address_again_after_a_word_is_taken_back(held: Held, turned: bool) -> None:
    held.add(entry("lynx", record("lynx/one", *SPEECH)), entry("puma", record("puma/one", *LINTING)))
    ids = ["lynx/one", "puma/one"]
    own = {identity: held.uri(identity) for identity in ids}
    held.say(*(reversed(ids) if turned else ids))
    held.catch_up()
    assert held.uri("lynx/one") == held.uri("puma/one")
    held.undo()
    held.catch_up()
    assert {identity: held.uri(identity) for identity in ids} == own
    for identity, uri in own.items():
        meant = held.registry.find(uri)
        assert meant is not None
        assert [member.capability for member in held.registry.members(meant.number)] == [identity]


def test_the_order_of_words_does_not_matter(held: Held) -> None:
    animals(held)
    words = (("lynx/it", "ibex/it", True), ("mole/it", "ibex/it", True), ("puma/it", "mole/it", False))
    found = set()
    for order in permutations(words):
        for a, b, same in order:
            assert held.say(a, b, same=same).refused == ()
            held.catch_up()
        found.add(frozenset(held.groups()))
        for _ in order:
            held.undo()
        assert held.groups() == BEFORE
    assert len(found) == 1
    (groups,) = found
    assert any({"lynx/it", "ibex/it", "mole/it"} <= set(group) for group in groups)
    assert not any({"puma/it", "mole/it"} <= set(group) for group in groups)


def test_a_word_holds_for_entries_that_arrive_and_for_drafts_that_come_later(held: Held) -> None:
    animals(held)
    held.say("puma/it", "ibex/it")
    held.say("lynx/it", "puma/it", same=False)
    held.add(one("wolf", SEARCH))
    held.registry.add([one("ibex", ("Linter", "Finds mistakes in Python files."))])
    groups = {identity: group for group in held.groups() for identity in group}
    assert groups["puma/it"] == groups["ibex/it"]
    assert "lynx/it" not in groups["puma/it"]


def test_a_word_keeps_a_pair_together_when_many_others_are_of_its_capability(held: Held) -> None:
    many = [one(f"cat{place:02}", SEARCH) for place in range(14)]
    held.add(*many, one("puma", HEARING))
    held.say("cat03/it", "puma/it")
    held.say("cat09/it", "cat05/it", same=False)
    held.catch_up()
    held.add(*(one(f"dog{place:02}", FINDING) for place in range(6)))
    groups = {identity: group for group in held.groups() for identity in group}
    assert groups["cat03/it"] == groups["puma/it"]
    assert "cat05/it" not in groups["cat09/it"]


def test_a_word_stays_with_a_record_that_is_merged_within_its_entry(held: Held) -> None:
    old, other = record("lynx/find", *SEARCH), record("lynx/lint", *LINTING)
    held.add(entry("lynx", old, other), one("mole", HEARING))
    held.say("lynx/lint", "mole/it")
    assert ("lynx/lint", "mole/it") in held.groups()
    merged = old.model_copy(update={"merged": (old, other)})
    drafted(held.catalog, entry("lynx", merged))
    assert held.groups() == {("lynx/find", "mole/it")}
    assert between(held.reviews.linked(["lynx/lint"]), "lynx/find", "mole/it")
    refused = held.say("lynx/find", "mole/it", same=False).refused
    assert "1 same lynx/lint mole/it" in refused[0].reason
    assert "was merged into lynx/find" in held.say("lynx/lint", "mole/it").refused[0].reason
    drafted(held.catalog, entry("lynx", old, other))
    assert ("lynx/lint", "mole/it") in held.groups()


def test_where_merging_makes_words_disagree_the_two_are_apart(held: Held) -> None:
    old, other = record("lynx/find", *SEARCH), record("lynx/seek", *SEARCH)
    held.add(entry("lynx", old, other), one("mole", HEARING))
    held.say("lynx/find", "mole/it")
    held.say("lynx/seek", "mole/it", same=False)
    drafted(held.catalog, entry("lynx", old.model_copy(update={"merged": (old, other)})))
    assert held.groups() == {("lynx/find",), ("mole/it",)}


def test_a_word_on_a_rejected_record_rests_until_it_is_there_again(held: Held) -> None:
    held.add(one("lynx", SEARCH), one("mole", HEARING))
    held.say("lynx/it", "mole/it")
    held.add(one("lynx", SEARCH, state="rejected"))
    assert held.groups() == {("mole/it",)}
    held.add(one("lynx", SEARCH))
    assert held.groups() == {("lynx/it", "mole/it")}


def test_a_word_that_contradicts_older_ones_is_refused_and_these_are_named(held: Held) -> None:
    animals(held)
    held.say("lynx/it", "ibex/it", actor="bob")
    held.say("ibex/it", "mole/it")
    refused = held.say("lynx/it", "mole/it", same=False).refused
    assert refused[0].reason == (
        "it can't hold together with what was said before: 1 same ibex/it lynx/it, by bob, 2026-11-21; "
        "2 same ibex/it mole/it, by ann, 2026-11-21; `decomposer revert 1` or `decomposer revert 2` takes that back"
    )
    held.undo()
    held.say("lynx/it", "mole/it", same=False)
    refused = held.say("ibex/it", "mole/it").refused
    assert "apart lynx/it mole/it, by ann" in refused[0].reason
    assert "`decomposer revert" in refused[0].reason
    assert "that holds already: 1 same ibex/it lynx/it" in held.say("ibex/it", "lynx/it").refused[0].reason


def test_putting_a_word_back_that_contradicts_a_later_one_is_refused(held: Held) -> None:
    animals(held)
    held.say("lynx/it", "ibex/it")
    held.undo()
    held.say("ibex/it", "lynx/it", same=False, actor="bob")
    done = held.redo()
    assert (done.decisions, len(done.conflicts)) == ((), 1)
    assert done.conflicts[0].reason == "bob has decided about it since"


def test_words_that_would_join_what_a_person_split_are_refused(held: Held) -> None:
    old, other = record("lynx/find", *SEARCH), record("lynx/seek", *SPEECH)
    held.add(entry("lynx", old, other, apart=(("lynx/find", "lynx/seek"),)), one("mole", HEARING))
    assert held.say("lynx/find", "mole/it").refused == ()
    refused = held.say("lynx/seek", "mole/it").refused
    assert "lynx/find and lynx/seek apart" in refused[0].reason


@pytest.mark.parametrize("same", [True, False])
def test_records_of_one_entry_are_left_to_merge_and_split(held: Held, same: bool) -> None:
    held.add(entry("lynx", record("lynx/find", *SEARCH), record("lynx/lint", *LINTING)))
    (refused,) = held.say("lynx/find", "lynx/lint", same=same).refused
    assert ("decomposer merge" if same else "decomposer split") in refused.reason
    assert held.say("lynx/find", "lynx/find", same=same).refused[0].reason.startswith("it takes two")


def test_what_is_not_there_is_refused(held: Held) -> None:
    held.add(one("lynx", SEARCH), one("mole", HEARING, state="rejected"))
    assert held.say("lynx/it", "zebu/it").refused[0].reason == "the catalog holds no record zebu/it"
    assert held.say("lynx/it", "mole/it").refused[0].reason == "mole/it is rejected"
    assert held.say("lynx/\ud800\0", "zebu/it").refused
    with pytest.raises(CatalogError, match="no entry is called 'ant'"):
        held.say("ant/it", "lynx/it")
    assert list(held.reviews.history()) == []


def test_a_word_is_in_the_history_of_both_records_and_entries(held: Held) -> None:
    animals(held)
    held.say("puma/it", "ibex/it", reason="they are")
    held.undo()
    for asked in ({"capability": "puma/it"}, {"capability": "ibex/it"}, {"entry": "puma"}, {"entry": "ibex"}):
        told = [(each.seq, each.op, each.live, each.reason) for each in held.reviews.history(**asked)]  # type: ignore[arg-type]
        assert told == [(1, "same", False, "they are"), (2, "undo", False, "")]
    assert list(held.reviews.history(capability="lynx/it")) == []


def test_words_move_between_catalogs_and_applying_them_twice_changes_nothing(held: Held, tmp_path: object) -> None:
    from decomposer.store.engine import open_database

    other = open_database(f"{tmp_path}/there.db")
    there = Held(SqlCatalog(other), SqlReviews(other, now=lambda: NOW), SqlRegistry(other))
    animals(held)
    animals(there)
    held.say("puma/it", "ibex/it")
    held.say("lynx/it", "puma/it", same=False)
    held.undo()
    held.redo()
    moved = list(export(held.reviews.history()))
    done = apply(read(moved), there.reviews)
    assert (done.stored, done.known, done.conflicts) == (4, 0, ())
    assert there.groups() == held.groups()
    assert apply(read(moved), there.reviews).known == 4
    assert [each.live for each in there.reviews.history()] == [each.live for each in held.reviews.history()]
    other.dispose()


def test_words_from_elsewhere_that_do_not_fit_are_told_and_left_out(held: Held) -> None:
    animals(held)
    held.say("puma/it", "ibex/it")
    (line,) = export(held.reviews.history())
    held.undo()
    held.say("puma/it", "ibex/it", same=False)
    for wrong in (
        line.replace("batch-", "other-"),
        line.replace("batch-", "gone-").replace('"puma/it"', '"zebu/it"'),
        line.replace("batch-", "own-").replace('"puma/it"', '"ibex/that"'),
        line.replace("batch-", "odd-").replace('"puma/it"', "7"),
    ):
        done = apply(read([wrong]), held.reviews)
        assert (done.stored, len(done.conflicts)) == (0, 1)


def test_nothing_is_said_of_records_that_nobody_linked(held: Held) -> None:
    animals(held)
    found = held.reviews.linked(["lynx/it", "nobody/it", "odd"])
    assert (found.words, found.apart, set(found.records)) == ((), (), {"lynx/it"})
    assert between(Linked(), "a/b", "c/d") == ()
    assert (SAME, APART) == ("same_as", "apart_from")
