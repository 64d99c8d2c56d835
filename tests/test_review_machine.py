"""Any sequence of decisions, against a plain dictionary: what holds, what can be taken back, where records stand."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from decomposer.decide import fold
from decomposer.records import Capability, Entry
from decomposer.review import Desk, Done, Selector
from tests.reviewing import DRY_RUN, FINDS, INVENTED, JOURNAL, READS, SORTS, Bench, a_record, bench, joined

RUNS = int(os.environ.get("DECOMPOSER_MACHINE_RUNS", "0"))
Key = tuple[str, str]
OVER: list[Bench] = []
NUMBERS = count(1)


@cache
def records() -> tuple[Capability, ...]:
    both = joined(a_record("Journal", JOURNAL), a_record("Dry run", DRY_RUN))
    return (
        a_record("Find", FINDS),
        a_record("Read", READS, unique=INVENTED),
        both,
        a_record("Sort", SORTS),
        a_record("Invent", INVENTED),
    )


@dataclass(eq=False)
class Batch:
    """One act: what each aspect was and became, whether it holds, and whether its records go together."""

    changes: dict[Key, tuple[Any, Any]]
    whole: bool
    live: set[Key] = field(default_factory=set)

    def units(self) -> Iterator[list[Key]]:
        """Yield what can be taken back alone: all of it, or all about one record."""
        if self.whole:
            yield list(self.changes)
            return
        for identity in dict.fromkeys(key[0] for key in self.changes):
            yield [key for key in self.changes if key[0] == identity]


def overlap(one: Key, other: Key) -> bool:
    return one[0] == other[0] and (one[1] == other[1] or "record" in (one[1], other[1]))


def plain(one: Capability) -> dict[str, Any]:
    return {
        "state": one.state,
        "dropped": one.dropped,
        "flagged": one.flagged,
        "text": one.description.text if one.description else None,
        "unique": one.unique.text if one.unique else None,
        "parts": tuple(plain(part) | {"id": part.id} for part in one.merged),
    }


def by_id(entry: Entry) -> Entry:
    ordered = tuple(sorted(entry.capabilities, key=lambda one: one.id))
    return entry.model_copy(update={"capabilities": ordered, "apart": ()})


class Reviewing(RuleBasedStateMachine):
    """One reviewer decides at random; a dictionary says what has to come of it."""

    def __init__(self) -> None:
        super().__init__()
        number = next(NUMBERS)
        self.bench, self.slug = OVER[-1], f"lynx{number}"
        self.drafted: Entry = self.bench.add(*records(), slug=self.slug)
        self.desk: Desk = self.bench.desk(f"ann{number}")
        self.now = {one.id: plain(one) for one in self.drafted.capabilities}
        self.batches: list[Batch] = []
        self.names: list[str] = []
        self.first = [one.id for one in self.drafted.capabilities]
        self.taken: list[tuple[Batch, set[Key]]] = []

    # --- what a person does

    @rule(data=st.data(), several=st.booleans())
    def accept(self, data: st.DataObject, several: bool) -> None:
        ids = self.some(data, 3 if several else 1)
        insist = data.draw(st.sampled_from([None, (), ("unique",)]))
        dropped = {} if insist is None else dict.fromkeys(ids, insist)
        changes: dict[Key, tuple[Any, Any]] = {}
        for one in ids:
            held = self.now[one]
            bad = [] if held["text"] != INVENTED else ["description"]
            bad += ["unique"] if held["unique"] == INVENTED else []
            drop = tuple(insist) if insist is not None else tuple(x for x in FIELDS if x in {*bad, *held["dropped"]})
            if "description" in drop or (held["text"] is None and insist is None):
                continue
            if held["state"] != "accepted":
                changes[one, "state"] = (held["state"], "accepted")
            if held["dropped"] != drop:
                changes[one, "dropped"] = (held["dropped"], drop)
        self.does(self.desk.accept(ids, dropped=dropped), changes)

    @rule(data=st.data(), several=st.booleans())
    def reject(self, data: st.DataObject, several: bool) -> None:
        ids = self.some(data, 3 if several else 1)
        changes = {
            (one, "state"): (self.now[one]["state"], "rejected") for one in ids if self.now[one]["state"] != "rejected"
        }
        self.does(self.desk.reject(ids, reason="no"), changes)

    @rule(data=st.data(), on=st.booleans())
    def flag(self, data: st.DataObject, on: bool) -> None:
        (one,) = self.some(data, 1)
        changes = {(one, "flagged"): (not on, on)} if self.now[one]["flagged"] != on else {}
        self.does(self.desk.flag([one], on=on), changes)

    @rule(data=st.data(), text=st.sampled_from([FINDS, READS, SORTS, INVENTED, ""]))
    def edit(self, data: st.DataObject, text: str) -> None:
        (one,) = self.some(data, 1)
        held, changes = self.now[one], {}
        if (text or None) != held["text"]:
            changes[one, "text"] = (held["text"], text or None)
            if held["state"] == "accepted" and text in (INVENTED, ""):
                changes[one, "state"] = ("accepted", "proposed")
        self.does(self.desk.edit(one, "description", text), changes, whole=True)

    @precondition(lambda self: len(self.now) > 1)
    @rule(data=st.data())
    def merge(self, data: st.DataObject) -> None:
        ids = data.draw(st.lists(st.sampled_from(sorted(self.now)), min_size=2, max_size=3, unique=True))
        before = dict(self.now)
        done = self.desk.merge(ids)
        if any(before[one]["state"] == "rejected" for one in ids):
            self.does(done, {})
            return
        kept = next((one for one in ids if before[one]["state"] == "accepted"), ids[0])
        others = [one for one in ids if one != kept]
        parts = tuple(before[one] | {"id": one} for one in (kept, *others))
        # Which text is the best of several is for the tests of `join` to say.
        said = {name: plain(self.bench.one(kept))[name] for name in ("text", "unique")}
        changes = {(kept, "record"): (before[kept], before[kept] | {"parts": parts} | said)}
        self.does(done, changes | {(one, "record"): (before[one], None) for one in others}, whole=True)

    @rule(data=st.data())
    def split(self, data: st.DataObject) -> None:
        (one,) = self.some(data, 1)
        held = self.now[one]
        done = self.desk.split(one)
        changes: dict[Key, tuple[Any, Any]] = {}
        for part in held["parts"]:
            own = {name: value for name, value in part.items() if name != "id"}
            changes[part["id"], "record"] = (held if part["id"] == one else None, own)
            if part["id"] != one and part["id"] in self.first:
                self.first.remove(part["id"])  # it comes back behind the record, not where it was
        self.does(done, changes, whole=True)

    # --- and takes back

    @rule()
    def undo(self) -> None:
        held = [batch for batch in self.batches if batch.live]
        self.turns(self.desk.undo(), held[-1:], back=True)

    @rule()
    def redo(self) -> None:
        taken = next(((batch, keys) for batch, keys in reversed(self.taken) if keys - batch.live), None)
        done = self.desk.redo()
        self.turns(done, [taken[0]] if taken else [], back=False, only=taken[1] if taken else None)

    @precondition(lambda self: self.batches)
    @rule(data=st.data())
    def revert(self, data: st.DataObject) -> None:
        at = data.draw(st.integers(0, len(self.batches) - 1))
        self.turns(self.desk.revert(Selector(batch=self.names[at])), [self.batches[at]], back=True)

    def teardown(self) -> None:
        while any(batch.live for batch in self.batches):
            before = sum(len(batch.live) for batch in self.batches)
            self.undo()
            assert sum(len(batch.live) for batch in self.batches) < before
        # Records that were merged at the same time and are taken apart out of turn may stand in another order.
        assert by_id(self.bench.entry(self.slug)) == by_id(self.drafted)

    # --- the dictionary

    def some(self, data: st.DataObject, most: int) -> list[str]:
        return data.draw(st.lists(st.sampled_from(sorted(self.now)), min_size=1, max_size=most, unique=True))

    def does(self, done: Done, changes: dict[Key, tuple[Any, Any]], *, whole: bool = False) -> None:
        assert bool(done.decisions) == bool(changes), (done.text, changes)
        assert done.conflicts == ()
        if changes:
            self.put({key: after for key, (_, after) in changes.items()})
            self.batches.append(Batch(changes, whole, set(changes)))
            self.names.append(done.decisions[0].batch)
        self.holds()

    def turns(self, done: Done, batches: list[Batch], *, back: bool, only: set[Key] | None = None) -> None:
        conflicts = 0
        for batch in batches:
            later = [key for other in self.batches[self.batches.index(batch) + 1 :] for key in other.live]
            turned: set[Key] = set()
            for unit in batch.units():
                keys = [key for key in unit if (key in batch.live) == back and (only is None or key in only)]
                if not keys:
                    continue
                wanted = {key: batch.changes[key][1 if back else 0] for key in keys}
                free = not any(overlap(key, other) for key in keys for other in later)
                if free and all(self.value(key) == value for key, value in wanted.items()):
                    self.put({key: batch.changes[key][0 if back else 1] for key in keys})
                    batch.live = batch.live - set(keys) if back else batch.live | set(keys)
                    turned |= set(keys)
                else:
                    conflicts += 1
            if turned and back:
                self.taken.append((batch, turned))
        assert len(done.conflicts) == conflicts, done.text
        self.holds()

    def value(self, key: Key) -> Any:
        held = self.now.get(key[0])
        return held if key[1] == "record" or held is None else held[key[1]]

    def put(self, changes: dict[Key, Any]) -> None:
        for (identity, name), value in changes.items():
            if name != "record":
                self.now[identity] = self.now[identity] | {name: value}
            elif value is None:
                del self.now[identity]
            else:
                self.now[identity] = value

    def holds(self) -> None:
        entry = self.bench.entry(self.slug)
        found = {one.id: plain(one) for one in entry.capabilities}
        other = {one: (found.get(one), self.now.get(one)) for one in {*found, *self.now}}
        assert {one: pair for one, pair in other.items() if pair[0] != pair[1]} == {}
        assert [one.id for one in entry.capabilities if one.id in self.first] == [
            i for i in self.first if i in self.now
        ]
        assert fold(self.drafted, self.bench.reviews.history(entry=self.slug)) == entry


FIELDS = ("description", "unique", "vs_alternatives")


def machine(runs: int) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        OVER.append(stack.enter_context(bench(folder)))
        try:
            held = settings(
                max_examples=runs, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck),
                derandomize=runs < 100,
            )  # fmt: skip
            run_state_machine_as_test(Reviewing, settings=held)
        finally:
            OVER.pop()


def test_whatever_is_decided_and_taken_back_a_dictionary_says_the_same() -> None:
    machine(15)


@pytest.mark.slow
def test_it_does_so_many_times() -> None:
    machine(RUNS or 100)
