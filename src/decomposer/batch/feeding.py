"""Feed references into a run while others are worked on: what is in it already is passed over, and must be the same."""

from collections.abc import Callable, Iterator
from itertools import chain

from decomposer.batch.references import Blocks, chained
from decomposer.errors import UsageError
from decomposer.ports import RunRecord, Runs


class Feed:
    """References on their way into a run. `fed` counts what is in it, `over` says that this is all of them."""

    def __init__(self, runs: Runs, record: RunRecord) -> None:
        self._runs = runs
        self._record = record
        self._digest = record.digest
        self.fed = record.fed
        self.over = record.complete

    def rest(self, blocks: Blocks) -> Iterator[list[str]]:
        """Pass over the references that are in the run and return those that follow.

        Raises UsageError where they are not those that the run was begun with.
        """
        coming, seen, digest = iter(blocks), 0, ""
        fresh: list[str] = []
        while seen < self._record.fed:
            block = next(coming, None)
            if block is None:
                raise self._other()
            known, fresh = block[: self._record.fed - seen], block[self._record.fed - seen :]
            digest = chained(digest, known)
            seen += len(known)
        if digest != self._record.digest or (self._record.complete and (fresh or next(coming, None))):
            raise self._other()
        return chain([fresh] if fresh else [], coming)

    def all(self, blocks: Blocks, *, wait: Callable[[int], bool] = lambda fed: True) -> None:
        """Feed what follows. `wait(fed)` is called before each block and says whether to go on. Raises CatalogError."""
        for block in blocks:
            if not wait(self.fed):
                return
            self._append(block, complete=False)
        if not self._record.complete:
            self._append([], complete=True)
        self.over = True

    def look(self) -> None:
        """Find out how far somebody else has fed the run."""
        record = self._runs.find(self._record.id)
        if record is not None:
            self.fed, self.over = record.fed, record.complete

    def _append(self, refs: list[str], *, complete: bool) -> None:
        digest = chained(self._digest, refs)
        self._runs.feed(self._record.id, refs, digest=digest, complete=complete)
        self._digest = digest
        self.fed += len(refs)

    def _other(self) -> UsageError:
        run = self._record.id
        return UsageError(
            f"{self._record.plan.source}: these are not the references that run {run} was begun with",
            hint=f"--resume {run} goes on with those that are in it, --fresh begins a new run with these",
        )
