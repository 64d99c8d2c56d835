"""Ship the work of a run to other processes: each gets a lease of references and a share of the limits at a time."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

from decomposer.batch.figures import Flow
from decomposer.batch.lease import LEASE
from decomposer.batch.shift import Hooks, Shift, owner, work_off
from decomposer.errors import ConfigurationError, Stopped
from decomposer.ports import Outcome, Runs
from decomposer.wiring.drafting import Session, Share

_LOOK_AGAIN = 1.0  # seconds until leases that others hold are looked at again
_PATIENCE = 0.2  # seconds between two looks at what has ended
_TICK = 1.0


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a lease: how its references ended, without the raw replies, and how requests flowed meanwhile."""

    outcomes: tuple[Outcome, ...]
    flow: Flow


class _Leased(Hooks):
    """A worker stops when its run is stopped, whoever does that."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._stopped = False

    def stopping(self) -> bool:
        """Say whether the run was stopped."""
        return self._stopped

    def close(self) -> None:
        """Let nothing new be sent."""
        self._session.gate.close()

    def tick(self) -> None:
        """Look whether the run was stopped."""
        record = self._session.workspace.runs.find(self._session.share.run)
        self._stopped = record is None or record.state == "stopped"


def work_lease(share: Share) -> Done:
    """Work off one lease of a run in this process and return what came of it.

    Raises what ends a run: BudgetReached, EndpointRefused, CatalogError, Stopped.
    """
    ended = []
    with suppress(OSError):  # a machine without this folder has to be given references that hold everywhere
        os.chdir(share.folder)
    with _session(share) as session:
        if session.workspace.runs.find(share.run) is None:
            raise ConfigurationError(
                f"{share.settings.shown('db')}: a worker finds no run {share.run} there",
                hint="workers on other machines need a catalog that they all reach: --db postgresql+psycopg://...",
            )
        before = session.flow()
        runs, shift = session.workspace.runs, Shift(share.run, owner(), share.threads, most=LEASE)
        for outcome in work_off(runs, shift, session.draft, _Leased(session)):
            ended.append(replace(outcome, raw=""))
        return Done(tuple(ended), session.flow().since(before))


@dataclass(frozen=True, slots=True)
class Fleet:
    """Workers that leases are shipped to: `abreast` are in flight at a time."""

    executor: Executor
    abreast: int


def ship(fleet: Fleet, share: Share, runs: Runs, hooks: Hooks) -> Iterator[Done]:
    """Yield what came of each lease, until nothing is left that anybody works on.

    Each carries its part of the limits of `share`, so that all together keep them. The first error ends the run: no
    more leases are shipped, those in flight end early, and it is raised; Stopped where `hooks` asks for it.
    """
    abreast = max(1, min(fleet.abreast, share.settings.workers))
    part = share.split(abreast)
    flying: set[Future[Done]] = set()
    error: BaseException | None = None
    resting = ticked = 0.0
    while True:
        if error is None and hooks.stopping():
            error = Stopped("stopped", hint="run the same command again to go on")
            hooks.close()
        while error is None and len(flying) < abreast and time.monotonic() >= resting:
            flying.add(fleet.executor.submit(work_lease, part))
        if not flying and (error is not None or not (hooks.more() or _left(runs, share.run))):
            break
        ended, flying = wait(flying, timeout=_PATIENCE, return_when=FIRST_COMPLETED) if flying else _nothing()
        for future in ended:
            failed = future.exception()
            if failed is None:
                if not future.result().outcomes:  # others hold what is left, or it is yet to come
                    resting = time.monotonic() + _LOOK_AGAIN
                yield future.result()
            elif error is None:
                error = failed
                hooks.close()
        if time.monotonic() - ticked >= _TICK:
            ticked = time.monotonic()
            hooks.tick()
    if error is not None:
        raise error


def _nothing() -> tuple[set[Future[Done]], set[Future[Done]]]:
    time.sleep(_PATIENCE)
    return set(), set()


@contextmanager
def dask_fleet(address: str | None) -> Iterator[Fleet]:
    """Give the workers of the Dask cluster whose scheduler is at `address`, one lease each.

    Raises ConfigurationError where Dask is not installed, no scheduler answers, or no worker is there.
    """
    if not address:
        raise ConfigurationError("--runner dask needs a cluster", hint="name its scheduler: --address tcp://host:8786")
    client = _client(address)
    try:
        workers = len(client.scheduler_info(n_workers=-1)["workers"])
        if not workers:
            raise ConfigurationError(
                f"{address}: the cluster has no workers", hint=f"start some: dask worker {address}"
            )
        executor: Executor = client.get_executor(pure=False)
        with executor:
            yield Fleet(executor, workers)
    finally:
        client.close()


def _client(address: str) -> Any:  # what distributed gives is not typed
    try:
        from distributed import Client
    except ImportError as error:
        raise ConfigurationError("Dask is not installed", hint="pip install 'decomposer[dask]'") from error
    try:
        open_client: Any = Client
        return open_client(address, timeout="10s", set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise ConfigurationError(f"{address}: no Dask scheduler answers ({error})", hint="is it running?") from error


def _left(runs: Runs, run: int) -> bool:
    tally = runs.tally(run)
    return bool(tally.waiting or tally.held)


# Opening a database, a model and its connections takes as long as some documents: the next lease finds them open.
_idle: list[Session] = []
_guard = Lock()


@contextmanager
def _session(share: Share) -> Iterator[Session]:
    with _guard:
        same = next((session for session in _idle if session.share == share), None)
        if same is not None:
            _idle.remove(same)
    session = same or Session(share)
    try:
        session.workspace.prepare(save=True)
        yield session
    except BaseException:
        session.workspace.close()
        raise
    with _guard:
        for other in [one for one in _idle if one.share != share]:  # of a run that is over
            _idle.remove(other)
            other.workspace.close()
        _idle.append(session)
