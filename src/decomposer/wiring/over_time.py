"""Tell how the catalog of a workspace came to be what it is, day by day."""

from typing import TYPE_CHECKING

from decomposer import ports
from decomposer.records import Day
from decomposer.wiring.ranking import today

if TYPE_CHECKING:
    from decomposer.wiring.workspace import Workspace


def day_log(workspace: "Workspace") -> ports.DayLog:
    """Return the days of a workspace."""
    from decomposer.store.days import SqlDays

    return SqlDays(workspace.engine)


def days(workspace: "Workspace", *, count: bool = True) -> list[Day]:
    """Return the days of the catalog in order; with `count` today is counted first where anything has changed.

    Counting reads every record once, in bounded memory: it is for an export and a command, not for a request.
    """
    log = day_log(workspace)
    if count:
        log.count(today())
    return log.days(today())
