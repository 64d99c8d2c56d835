"""Hold the next records of a reviewer at hand, so that most keys wait for one write to the catalog and not for two."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic

from decomposer.errors import UsageError
from decomposer.ports import Queued
from decomposer.review import Desk, Sheet
from decomposer.web.sessions import Session
from decomposer.web.visit import Place

COUNT = 20
FRESH = 120.0


@dataclass(frozen=True, slots=True)
class Ahead:
    """The records that come behind a place of the queue, leased; they are good until `until`, in seconds."""

    place: Place
    after: str
    rows: tuple[Queued, ...]
    until: float


def following(
    desk: Desk, session: Session, place: Place, after: Queued | None, *, clock: Callable[[], float] = monotonic
) -> Sheet | None:
    """Return the next record that waits behind a place, leased to whoever sits at the desk; None at the end.

    One that was decided about or has gone since it was leased is passed over.
    """
    place = replace(place, after="", context=0)
    held = session.ahead
    fits = isinstance(held, Ahead) and held.place == place and held.after == (after.id if after is not None else "")
    rows, until = (held.rows, held.until) if isinstance(held, Ahead) and fits else ((), 0.0)
    while True:
        if not rows or clock() > until:
            rows, until = tuple(desk.window(after, count=COUNT)), clock() + FRESH
        if not rows:
            return None
        after, *rest = rows
        rows = tuple(rest)
        try:
            sheet = desk.sheet(after.id)
        except UsageError:
            continue
        if sheet.queued.waits is not None:
            session.ahead = Ahead(place, after.id, rows, until)
            return sheet
