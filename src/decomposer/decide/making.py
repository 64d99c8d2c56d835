"""Make decisions: each change is put in place as it is made, so that an entry is the fold of its decisions."""

from dataclasses import dataclass
from typing import cast

from pydantic import JsonValue

from decomposer.decide.aspects import put, same_value, value
from decomposer.decide.standing import after as said_after
from decomposer.decide.standing import against, holding, pair
from decomposer.ports import Acted, Held
from decomposer.records import WORDS, Aspect, Capability, Decision, Entry, Op


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who decides what is in a batch, when (ISO 8601, UTC) and why; `shown_at` is when that person first saw it."""

    batch: str
    actor: str
    at: str
    reason: str = ""
    shown_at: str | None = None
    guard: str = ""


class Making:
    """An entry that is being decided about, and the decisions so far."""

    def __init__(self, held: Held, stamp: Stamp) -> None:
        self._versions = held.versions
        self._stamp = stamp
        self._linked = held.linked
        self.entry: Entry = held.entry
        self.decisions: list[Decision] = []

    def change(
        self, op: Op, capability: str, field: Aspect, after: JsonValue, *, target: str | None = None,
        before: JsonValue = None,
    ) -> None:  # fmt: skip
        """Decide one aspect of a record. `before` is given only for what an entry does not hold: pairs."""
        found = before if field in ("apart", *WORDS) else value(self.entry, capability, field)
        if target is None and field != "apart" and found == after:
            return
        self._add(op, capability, field, found, after, target)

    def replace(self, op: Op, identity: str, record: Capability) -> None:
        """Decide that a record says something else altogether, in its place."""
        found = value(self.entry, identity, "record")
        self.change(op, identity, "record", {**cast(dict[str, JsonValue], found), "record": _json(record)})

    def insert(self, op: Op, record: Capability, *, behind: str) -> None:
        """Decide that a record is in the entry, behind another one."""
        ids = [one.id for one in self.entry.capabilities]
        ids.insert(ids.index(behind) + 1, record.id)
        shas: list[JsonValue] = [document.sha256 for document in self.entry.documents]
        order: list[JsonValue] = list(ids)
        self.change(op, record.id, "record", {"order": order, "record": _json(record), "documents": shas})

    def note(
        self, op: Op, field: Aspect, after: JsonValue, *, before: JsonValue = None, target: str | None = None
    ) -> None:
        """Decide about an entry that has no capability to carry it."""
        self._add(op, "", field, before, after, target)

    def apart(self, op: Op, one: str, other: str, *, held: bool, target: str | None = None) -> None:
        """Hold two records apart, or no longer; nothing where that is so already."""
        is_held = any({one, other} == set(pair) for pair in self.entry.apart)
        if is_held != held or target is not None:
            self.change(op, one, "apart", other if held else None, before=None if held else other, target=target)

    def add(self, decision: Decision) -> None:
        """Put a decision in place that was made elsewhere."""
        self.entry = put(self.entry, decision)
        self._linked = said_after(self._linked, decision)
        self.decisions.append(decision)

    def holds(self, decision: Decision, found: JsonValue) -> bool:
        """Say whether the aspect that a decision is about has a value now."""
        if decision.field == "apart":
            other = decision.after if decision.after is not None else decision.before
            held = any({decision.capability, other} == set(pair) for pair in self.entry.apart)
            return held == (found is not None)
        if decision.field in WORDS:
            return self._says(decision) if found is not None else self._may_say(decision)
        return same_value(decision.field, value(self.entry, decision.capability, decision.field), found)

    def _says(self, decision: Decision) -> bool:
        ends = pair(decision)
        return ends is not None and bool(holding(self._linked, *ends, decision.field))

    def _may_say(self, decision: Decision) -> bool:
        ends, linked = pair(decision), self._linked
        return (
            ends is not None
            and all(one in linked.records for one in ends)
            and not holding(linked, *ends, decision.field)
            and not against(linked, *ends, decision.field)
        )

    def acted(self) -> Acted:
        """Return the entry as it is now, with the decisions that made it so."""
        return Acted(self.entry, tuple(self.decisions))

    def _add(
        self, op: Op, capability: str, field: Aspect, before: JsonValue, after: JsonValue, target: str | None
    ) -> None:
        record = next((one for one in self.entry.capabilities if one.id == capability), None)
        stamp = self._stamp
        decision = Decision(
            op=op, entry=self.entry.artifact.slug, capability=capability, field=field, before=before, after=after,
            base_version=self._versions.get(capability, 0), batch=stamp.batch, number=len(self.decisions),
            actor=stamp.actor, reason=stamp.reason, target=target, shown_at=stamp.shown_at, decided_at=stamp.at,
            model=record.provenance.model if record else "", prompt=record.provenance.prompt if record else "",
            guard=stamp.guard,
        )  # fmt: skip
        self.add(decision)


def _json(record: Capability) -> JsonValue:
    return cast(JsonValue, record.model_dump(mode="json"))
