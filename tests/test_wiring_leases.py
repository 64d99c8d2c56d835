"""Leases are shipped to an executor: each has its part of the limits, and all together do what one process does."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from decomposer.batch import shift
from decomposer.errors import ConfigurationError, EndpointRefused
from decomposer.wiring import Workspace, leases
from decomposer.wiring.batches import Batch
from decomposer.wiring.drafting import Share
from decomposer.wiring.leases import Fleet, dask_fleet, work_lease
from decomposer.wiring.orders import Order
from decomposer.wiring.references import Naming
from tests.standin import Standin
from tests.test_wiring_batches import documents, held, run, states

pytestmark = pytest.mark.block_network(allowed_hosts=["127.0.0.1"])

CLUSTER = """
import time
from distributed import LocalCluster
if __name__ == "__main__":
    cluster = LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, protocol="tcp://", host="127.0.0.1"
    )
    print(cluster.scheduler_address, flush=True)
    time.sleep(600)
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(shift, "_TICK", 0.02)
    monkeypatch.setattr(leases, "_LOOK_AGAIN", 0.05)
    monkeypatch.setattr(leases, "_PATIENCE", 0.02)
    return tmp_path


@pytest.fixture
def standin() -> Iterator[Standin]:
    with Standin() as server:
        yield server


@pytest.fixture
def fleet() -> Iterator[Fleet]:
    with ThreadPoolExecutor(2) as executor:
        yield Fleet(executor, 2)
    for session in leases._idle:
        session.workspace.close()
    leases._idle.clear()


def test_shares_are_together_within_the_limits(standin: Standin) -> None:
    share = Share(held(standin, workers="7", rpm="100", db="c.db"), 1).split(2)
    assert (share.settings.workers, share.settings.rpm, share.settings.tpm) == (3, 50, None)
    assert share.settings.db == str(Path.cwd() / "c.db")
    assert share.threads == 5


@pytest.mark.slow
def test_a_fleet_does_what_one_process_does(standin: Standin, fleet: Fleet) -> None:
    with Batch(held(standin), Order(documents(150)), fleet=fleet) as batch:
        outcomes = list(batch.outcomes())
        report = batch.report()
    assert states(outcomes) == {"ok": 150}
    assert sorted(outcome.position for outcome in outcomes) == list(range(150))
    assert (report.state, report.figures.tally.ended["ok"]) == ("done", 150)
    assert len(standin.requests) == 150
    assert standin.max_in_flight <= 4


def test_no_more_leases_than_requests_may_be_in_flight(standin: Standin, fleet: Fleet) -> None:
    with Batch(held(standin, workers="1"), Order(documents(10)), fleet=fleet) as batch:
        assert states(list(batch.outcomes())) == {"ok": 10}
    assert standin.max_in_flight == 1


@pytest.mark.slow
def test_an_endpoint_that_refuses_ends_the_run_of_a_fleet(standin: Standin, fleet: Fleet) -> None:
    standin.faults = ["401"] * 300
    with Batch(held(standin), Order(documents(200)), fleet=fleet) as batch:
        with pytest.raises(EndpointRefused):
            list(batch.outcomes())
        report = batch.report()
    assert (report.state, report.figures.tally.waiting) == ("stopped", 200)
    standin.faults = []
    outcomes, record = run(held(standin), Order(Naming(listed="refs.txt")))
    assert (states(outcomes), record.state) == ({"ok": 200}, "done")


def test_a_worker_that_finds_no_such_run_says_so(standin: Standin) -> None:
    with pytest.raises(ConfigurationError, match="a worker finds no run 9 there"):
        work_lease(Share(held(standin, db="other.db"), 9, folder=str(Path.cwd())))


@pytest.mark.parametrize(("address", "reason"), [(None, "needs a cluster"), ("nowhere", "no Dask scheduler answers")])
def test_a_cluster_that_is_not_there_is_told(address: str | None, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import distributed

    def refusing(*_: object, **__: object) -> None:
        raise OSError("Timed out")

    monkeypatch.setattr(distributed, "Client", refusing)
    with pytest.raises(ConfigurationError, match=reason), dask_fleet(address):
        raise AssertionError


@pytest.fixture
def cluster() -> Iterator[str]:
    with subprocess.Popen([sys.executable, "-c", CLUSTER], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()


def command(standin: Standin, *more: str) -> list[str]:
    base = [sys.executable, "-m", "decomposer", "batch", "run", "--from", "refs.txt", "--db", "catalog.db"]
    return [*base, "--model", "openai/standin", "--base-url", standin.url, "--workers", "4", *more]


@pytest.mark.slow
def test_a_dask_cluster_does_what_one_process_does(standin: Standin, cluster: str) -> None:
    documents(150)
    done = subprocess.run(
        command(standin, "--runner", "dask", "--address", cluster), capture_output=True, text=True, timeout=120
    )
    assert (done.returncode, len(standin.requests)) == (0, 150), done.stderr
    assert standin.max_in_flight <= 4
    with Workspace(held(standin)) as workspace:
        shipped = [entry.capabilities for entry in workspace.catalog.entries()]
    run(held(standin, db="other.db"), Order(Naming(listed="refs.txt")))
    with Workspace(held(standin, db="other.db")) as workspace:
        assert [entry.capabilities for entry in workspace.catalog.entries()] == shipped


@pytest.mark.slow
def test_a_killed_worker_is_replaced_when_its_lease_runs_out(standin: Standin) -> None:
    documents(80)
    standin.latency = 0.4
    lost = subprocess.Popen(command(standin), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while len(standin.requests) < 8:
        assert lost.poll() is None
    other = subprocess.Popen(command(standin), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert other.stdout is not None
    assert "others are at work on it" in other.stdout.readline()
    lost.kill()
    lost.wait()
    said, _ = other.communicate(timeout=120)
    with Workspace(held(standin)) as workspace:
        (record,) = workspace.runs.all()
        tally = workspace.runs.tally(record.id)
        assert (record.state, sum(tally.ended.values()), tally.held) == ("done", 80, 0), said
        in_doubt = list(workspace.ledger.in_doubt())
    assert len(in_doubt) <= 4
    assert tally.ended["failed"] == len(in_doubt), said
