"""Give a web server what it shows: a desk for each request, the catalog behind it, and what was decided."""

from functools import cached_property
from threading import RLock

from decomposer import ports
from decomposer.ports import Order
from decomposer.records import Decision
from decomposer.review import Desk
from decomposer.review.past import decided
from decomposer.wiring.answering import Answering
from decomposer.wiring.browsing import Browsing
from decomposer.wiring.reviewing import desk
from decomposer.wiring.workspace import Workspace


class Serving:
    """The faces of one catalog. Safe for several threads."""

    def __init__(self, workspace: Workspace, *, answering: Answering | None = None) -> None:
        self._workspace = workspace
        self._answering = answering
        self._turn = RLock()
        # Opened before the first request: no two threads open them twice, and a wrong setting is told at once.
        self.catalog: ports.Catalog = workspace.catalog
        self._reviews = workspace.reviews

    def desk(self, reviewer: str, *, query: str = "", order: Order = "risk", entry: str | None = None) -> Desk:
        """Return the desk of a person over a part of the queue. Raises UsageError for wrong conditions."""
        return desk(self._workspace, entry=entry, query=query, order=order, reviewer=reviewer)

    def decided(self, reviewer: str, *, entry: str | None, before: int, count: int) -> list[Decision]:
        """Return what was decided as a person may see it, the newest first, before a seq unless that is 0."""
        return decided(self._reviews, reviewer, entry=entry, before=before, count=count)

    @property
    def answering(self) -> Answering:
        """What answers programs. Opened by the first that asks: a review needs none of it."""
        with self._turn:
            if self._answering is None:
                self._answering = Answering(self._workspace, waits=False)
            return self._answering

    @cached_property
    def browsing(self) -> Browsing:
        """What fills the pages of the catalog."""
        return Browsing(self._workspace, self.answering)

    def leave(self, reviewer: str) -> None:
        """Give back what a person holds."""
        self._reviews.release(reviewer)
