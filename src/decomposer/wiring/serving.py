"""Give a web server what it shows: a desk for each request, the catalog behind it, and what was decided."""

from decomposer import ports
from decomposer.ports import Order
from decomposer.records import Decision
from decomposer.review import Desk
from decomposer.review.past import decided
from decomposer.wiring.reviewing import desk
from decomposer.wiring.workspace import Workspace


class Serving:
    """The faces of one catalog. Safe for several threads."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        # Opened before the first request: no two threads open them twice, and a wrong setting is told at once.
        self.catalog: ports.Catalog = workspace.catalog
        self._reviews = workspace.reviews

    def desk(self, reviewer: str, *, query: str = "", order: Order = "risk", entry: str | None = None) -> Desk:
        """Return the desk of a person over a part of the queue. Raises UsageError for wrong conditions."""
        return desk(self._workspace, entry=entry, query=query, order=order, reviewer=reviewer)

    def decided(self, reviewer: str, *, entry: str | None, before: int, count: int) -> list[Decision]:
        """Return what was decided as a person may see it, the newest first, before a seq unless that is 0."""
        return decided(self._reviews, reviewer, entry=entry, before=before, count=count)

    def leave(self, reviewer: str) -> None:
        """Give back what a person holds."""
        self._reviews.release(reviewer)
