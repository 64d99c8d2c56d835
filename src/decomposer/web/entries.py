"""Show entries: the catalog page by page, one entry with its records, and what was decided about it."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from urllib.parse import urlencode

from fastapi import APIRouter, Response

from decomposer.errors import UsageError
from decomposer.ports import Listing
from decomposer.query import HINT, parse
from decomposer.records import FIELDS, Capability, Support
from decomposer.web.titles import title
from decomposer.web.visit import Id, Place, Visiting, as_conditions

router = APIRouter()
ROWS = 100
MOST_LOOKED_AT = 20_000


@dataclass(frozen=True, slots=True)
class Row:
    """One record in the table of its entry."""

    href: str
    name: str
    state: str
    flagged: bool
    disputed: bool
    newer: bool
    says: tuple[tuple[str, Support, str], ...]
    silent: tuple[str, ...]
    special: tuple[str, ...]


@router.get("/entries")
def entries(visit: Visiting) -> Response:
    """List the entries that meet conditions, from a slug on."""
    where, after = visit.place.where, visit.place.after
    try:
        meant, now = parse(as_conditions(where) or "all"), datetime.now(UTC)
    except UsageError as error:
        return visit.page(
            "entries.html", tab="entries", notice=str(error), where=where, rows=[], hint=HINT, first="/entries", more=""
        )
    found: list[Listing] = []
    last = ""
    for listing in islice(visit.faces.catalog.listings(after=after), MOST_LOOKED_AT):
        if len(found) == ROWS:
            break
        last = listing.slug
        if meant.holds(listing, now):
            found.append(listing)
    else:
        last = last if len(found) < ROWS and _more(visit, last) else ""
    return visit.page(
        "entries.html", tab="entries", where=where, rows=found, hint=HINT,
        first=f"/entries?{urlencode({'where': where})}" if after else "",
        more=f"/entries?{urlencode({'where': where, 'after': last})}" if last else "",
    )  # fmt: skip


@router.get("/entry")
def entry(visit: Visiting, slug: Id = "", start: int = 0) -> Response:
    """Show one entry."""
    found = visit.faces.catalog.find(slug)
    if found is None:
        raise UsageError(f"no entry is called {slug[:200]!r}", hint="the page of entries lists those that there are")
    start = max(0, start)
    here = Place(entry=slug)
    shown = found.capabilities[start : start + ROWS]
    return visit.page(
        "entry.html", tab="entries", entry=found, review=here.at("/next"), history=here.at("/history"),
        states=sorted(Counter(capability.state for capability in found.capabilities).items()),
        rows=[_row(capability) for capability in shown],
        left=max(0, len(found.capabilities) - start - len(shown)),
        more=f"/entry?{urlencode({'slug': slug, 'start': start + ROWS})}",
    )  # fmt: skip


def _more(visit: Visiting, after: str) -> bool:
    return bool(after) and next(visit.faces.catalog.listings(limit=1, after=after), None) is not None


def _row(capability: Capability) -> Row:
    return Row(
        href=f"/record?{urlencode({'id': capability.id})}",
        name=capability.name,
        state=capability.state,
        flagged=capability.flagged,
        disputed=capability.disputed,
        newer=capability.revision is not None,
        says=tuple((title(field), said.support, said.text) for field, said in capability.statements()),
        silent=tuple(title(field) for field in FIELDS if getattr(capability, field) is None),
        special=capability.broader_than,
    )
