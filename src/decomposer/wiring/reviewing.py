"""Sit a reviewer down at a workspace: the one place where a desk gets its clock and its texts."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from getpass import getuser
from itertools import islice
from typing import TYPE_CHECKING
from uuid import uuid4

from decomposer.decide import Stamp
from decomposer.ports import Condition, Order, Wanted
from decomposer.records import Capability, Document, SourceDocument
from decomposer.review import Desk, Done, linking
from decomposer.review.desk import Means

if TYPE_CHECKING:
    from decomposer.wiring.workspace import Workspace

_NEAREST = 3
_TEXTS = 8  # documents that a desk keeps at hand
_NEAREST = 3


def desk(
    workspace: "Workspace", *, entry: str | None = None, query: str = "", order: Order = "risk",
    reviewer: str | None = None, overlap: float = 0.0,
) -> Desk:  # fmt: skip
    """Return a desk over the records that a query means, of one entry or of all, in an order.

    Whoever is not named is the `actor` of the settings, else the login. Raises UsageError for a wrong query and for an
    entry that is not there.
    """
    if entry is not None:
        entry = workspace.entry(entry).artifact.slug
    wanted = Wanted(conditions=_conditions(query), order=order, entry=entry)
    return Desk(
        workspace.reviews,
        workspace.catalog,
        reviewer=reviewer or reviewer_of(workspace),
        wanted=wanted,
        means=means(workspace, overlap=overlap),
    )


def means(workspace: "Workspace", *, overlap: float = 0.0) -> Means:
    """Return what a desk is given besides the catalog."""

    @lru_cache(maxsize=_TEXTS)
    def read(source: SourceDocument) -> Document | None:
        text = workspace.catalog.text(source.sha256)
        return None if text is None else document_of(source, text)

    return Means(
        clock=_now,
        new_batch=_new_batch,
        read=read,
        nearest=lambda one, artifact: nearest(workspace, one),
        overlap=overlap,
    )


def link(workspace: "Workspace", one: str, other: str, *, same: bool, reason: str = "") -> Done:
    """Keep that two records of different entries are one capability (`same`), or two, as the person who decides."""
    held = means(workspace)
    stamp = Stamp(held.new_batch(), reviewer_of(workspace), held.clock(), reason)
    return linking.link(workspace.reviews, one.strip(), other.strip(), stamp, same=same)


def reviewer_of(workspace: "Workspace") -> str:
    """Return who decides: the `actor` of the settings, else the login, else `somebody`."""
    try:
        return workspace.settings.actor or getuser()
    except (OSError, KeyError):
        return "somebody"


def document_of(source: SourceDocument, text: str) -> Document:
    """Return a document of the catalog as it was loaded."""
    from decomposer.sources import front_matter

    body = front_matter.find(text).body if source.media_type == "text/markdown" else 0
    return Document(source.uri, text, source.media_type, source.sha256, source.language, body)


def nearest(workspace: "Workspace", one: Capability) -> Sequence[Capability]:
    """Return the accepted records of other entries that share a record's canonical capability, the best known first.

    The registry is asked as it stands: what has changed since it last caught up is not in it yet.
    """
    from decomposer.wiring.registering import registry

    known, entry = registry(workspace), one.id.partition("/")[0]
    shared = known.canonical_of(entry, one.id)
    if shared is None:
        return ()
    members = (member for member in known.members(shared.number) if member.entry != entry)
    accepted = islice((member for member in members if member.state == "accepted"), _NEAREST)
    found = ((workspace.catalog.find(member.entry), member.capability) for member in accepted)
    return [each for held, wanted in found if held for each in held.capabilities if each.id == wanted]


def _conditions(query: str) -> tuple[Condition, ...]:
    if not query.strip():
        return ()
    from decomposer.query import conditions

    return conditions(query)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _new_batch() -> str:
    return uuid4().hex
