"""Hold all references of a run that wait, one block after the other, for as long as somebody looks at them."""

from collections.abc import Iterator, Sequence
from threading import Event, Thread
from types import TracebackType
from typing import Self

from decomposer.errors import CatalogError
from decomposer.ports import Item, Outcome, Runs

LEASE = 64  # references
LEASE_SECONDS = 20.0  # that a lease lasts
_RENEWAL = 4.0  # seconds after which it is lengthened
_LOOKS = int(LEASE_SECONDS) + 5  # one a second: after that a lease of somebody who is gone has run out


class Lease:
    """The references that `owner` holds. They are renewed in a thread, and those not settled wait again at the end."""

    def __init__(self, runs: Runs, run: int, owner: str) -> None:
        self._runs = runs
        self._run = run
        self._owner = owner
        self._held = 0
        self._over = Event()
        self._thread = Thread(target=self._renew, name="lease", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        self._runs.release(self._run, self._owner)

    def items(self) -> Iterator[list[Item]]:
        """Yield all references that wait, in blocks, and those that others held and lost; what they keep is theirs."""
        looks = 0
        while looks < _LOOKS:
            items = self._runs.claim(self._run, self._owner, count=LEASE, seconds=LEASE_SECONDS)
            if items:
                self._held += len(items)
                yield items
                looks = 0
            elif self._runs.tally(self._run).held <= self._held:
                return
            else:
                looks += 1
                self._over.wait(1)

    def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Write how references ended."""
        self._runs.settle(self._run, outcomes)
        self._held -= len(outcomes)

    def _renew(self) -> None:
        while not self._over.wait(_RENEWAL):
            try:
                self._runs.renew(self._run, self._owner, seconds=LEASE_SECONDS)
            except CatalogError:  # whoever settles next is told
                return
