"""Keep what was decided about whole entries: retire them, and say which are published."""

from collections.abc import Iterator
from uuid import uuid4

from decomposer.errors import CatalogError
from decomposer.ports import Catalog, Queued, Reviews
from decomposer.records import Decision, Entry, State

_TRIES = 10  # how often somebody else may change the entry meanwhile


def retire(entry: Entry, reviews: Reviews, *, actor: str, reason: str) -> None:
    """Retire every capability of an entry that is not yet, as one batch; an entry without any is retired itself.

    Raises CatalogError where others keep changing it.
    """
    slug, batch = entry.artifact.slug, uuid4().hex
    told = {"op": "retire", "entry": slug, "actor": actor, "reason": reason, "after": "retired"}
    if not entry.capabilities:
        if not is_retired(slug, reviews):
            reviews.settle([Decision.model_validate(told | {"batch": batch, "before": "proposed"})])
        return
    left, number = [one.id for one in entry.capabilities], 0
    for _ in range(_TRIES):
        records = [one for one in reviews.find(left) if one.state != "retired"]
        about = [told | _about(one) | {"batch": batch, "number": at} for at, one in enumerate(records, number)]
        left = [one.capability for one in reviews.settle([Decision.model_validate(one) for one in about]).stale]
        number += len(records)
        if not left:
            return
    raise CatalogError(f"{slug}: somebody else keeps changing it", hint="run again")


def is_retired(slug: str, reviews: Reviews) -> bool:
    """Say whether an entry without capabilities is retired: there is no capability to carry the state."""
    told = reviews.history(entry=slug)
    return any(one.live and one.op == "retire" and not one.capability for one in told)


def publishable(catalog: Catalog, reviews: Reviews, state: State | None) -> Iterator[Entry]:
    """Yield the entries that are published; `state` narrows them to capabilities in that state."""
    for entry in catalog.entries():
        if not entry.capabilities and is_retired(entry.artifact.slug, reviews):
            continue
        narrowed = entry if state is None else only(entry, state)
        if state is None or narrowed.capabilities:
            yield narrowed


def only(entry: Entry, state: State) -> Entry:
    """Return the entry with the capabilities in `state` alone; one that people disagree about is not accepted."""
    kept = tuple(one for one in entry.capabilities if one.state == state and not (state == "accepted" and one.disputed))
    return entry.model_copy(update={"capabilities": kept})


def _about(one: Queued) -> dict[str, object]:
    wrote = {"model": one.model, "prompt": one.prompt}
    return {"capability": one.id, "before": one.state, "base_version": one.version} | wrote
