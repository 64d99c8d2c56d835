"""Make the rows of the queue: what orders, filters and decisions need to know of a record, all of it pure."""

import re
from collections.abc import Iterable
from dataclasses import fields
from hashlib import blake2b
from typing import Any

from sqlalchemy import Row

from decomposer.ports import Queued, Waits
from decomposer.records import Capability, Entry, State
from decomposer.risk import HIGHEST, failing, kinds, passing, risk, support_of, text_risk
from decomposer.store.review_tables import queue
from decomposer.store.tables import plain

_WORD = re.compile(r"\w+")
QUEUED = tuple(queue.c["calm" if name.name == "risk" else name.name] for name in fields(Queued))
"""The columns of which `as_queued` makes a record of the queue."""
_RISK, _WORDS = [name.name for name in fields(Queued)].index("risk"), ("flags", "failing", "dropped")
_LISTED = [place for place, name in enumerate(fields(Queued)) if name.name in _WORDS]


def queued(capability: Capability, position: int, *, version: int, second: str, cluster: int) -> dict[str, Any]:
    """Return the columns of a record in the queue, less its key, `since` and its lease."""
    revised, hazard = capability.revision is not None, text_risk(capability)
    marks: dict[str, Any] = {name: getattr(capability, name) for name in ("state", "flagged", "disputed")}
    return {
        "position": position,
        "name": capability.name,
        "version": version,
        "revised": revised,
        "hazard": hazard,
        "category": capability.category,
        "support": support_of(capability),
        "flags": words(kinds(capability)),
        "failing": words(failing(capability)),
        "dropped": words(capability.dropped),
        "passing": passing(capability),
        "second": second,
        "model": capability.provenance.model,
        "prompt": capability.provenance.prompt,
        "run": capability.provenance.run or "",
        "cluster": cluster,
        **marks,
        **derived(**marks, second=second, revised=revised, hazard=hazard),
    }


def derived(
    *, state: State, flagged: bool, disputed: bool, second: str, revised: bool, hazard: int
) -> dict[str, str | int | None]:
    """Return the columns that follow from the marks of a record: why it waits, and how calm one may be about it."""
    told = risk(hazard, disputed=disputed, flagged=flagged, revised=revised)
    return {"waits": waits(state, disputed, second, revised), "calm": HIGHEST - told}


def waits(state: State, disputed: bool, second: str, revised: bool) -> Waits | None:
    """Return why a record waits for a person: what weighs most, or None where it does not."""
    if disputed:
        return "disputed"
    if second:
        return "second"
    if revised and state in ("proposed", "accepted"):
        return "revision"
    return "proposed" if state == "proposed" else None


def clusters(entry: Entry) -> dict[str, int]:
    """Return a number for each record by its id: the same for the same name in any entry, and for proposed twins."""
    found = {one.id: _number(one.name) for one in entry.capabilities}
    linked = [(twin.a, twin.b) for twin in entry.twins if twin.a in found and twin.b in found]
    moved = True
    while moved:  # the least number goes along the pairs
        moved = False
        for a, b in linked:
            if found[a] != found[b]:
                found[a] = found[b] = min(found[a], found[b])
                moved = True
    return found


def as_queued(row: Row[Any]) -> Queued:
    """Return a row of the columns `QUEUED` as a record of the queue."""
    told: list[Any] = list(row)
    told[_RISK] = HIGHEST - told[_RISK]
    for place in _LISTED:
        told[place] = tuple(told[place].split())
    return Queued(*told)


def words(names: Iterable[str]) -> str:
    """Return names as one text with a space around each, so that one of them can be looked for."""
    joined = " ".join(names)
    return f" {joined} " if joined else ""


def _number(name: str) -> int:
    key = " ".join(sorted(set(_WORD.findall(plain(name).casefold())))) or name.casefold()
    return int.from_bytes(blake2b(plain(key).encode(), digest_size=8).digest(), "big") >> 1
