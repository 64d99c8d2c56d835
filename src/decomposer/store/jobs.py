"""Jobs in a provider's batch mode, in SQL: written down before anything is uploaded."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, insert, select, update

from decomposer.errors import CatalogError
from decomposer.ports import Job, JobState
from decomposer.store import engine as database
from decomposer.store.tables import jobs

_FIELDS = ("id", "mark", "run", "endpoint", "model", "state", "lines", "remote", "status", "created")


class SqlJobs:
    """`Jobs` in a database opened by `open_database`. `now` gives the time that jobs are dated with."""

    def __init__(self, engine: Engine, *, now: Callable[[], str] = database.now) -> None:
        self._engine = engine
        self._now = now

    def prepare(self, run: int, *, endpoint: str, model: str, mark: str, lines: int) -> Job:
        """Write down a job before anything is uploaded. It is durable on return.

        Raises CatalogError for a mark that is taken, or a run that there is not.
        """
        row: dict[str, Any] = {"mark": mark, "run": run, "endpoint": endpoint, "model": model, "lines": lines}
        row |= {"state": "prepared", "remote": "", "status": "", "created": self._now()}
        with database.writing(self._engine) as connection:
            job = connection.execute(insert(jobs).values(row).returning(jobs.c.id)).scalar_one()
        return Job(id=job, **row)

    def note(self, job: int, *, state: JobState, remote: str = "", status: str = "") -> None:
        """Write what became of a job; an empty `remote` or `status` leaves what is known.

        Raises CatalogError for no such job.
        """
        known = {name: value for name, value in (("remote", remote), ("status", status)) if value}
        with database.writing(self._engine) as connection:
            if not connection.execute(update(jobs).where(jobs.c.id == job).values(state=state, **known)).rowcount:
                raise CatalogError(f"there is no job {job}", hint="`decomposer batch status` lists the jobs")

    def jobs(self, run: int) -> list[Job]:
        """Return the jobs of a run, oldest first."""
        query = select(*(jobs.c[name] for name in _FIELDS)).where(jobs.c.run == run).order_by(jobs.c.id)
        with self._engine.connect() as connection:
            return [Job(*row) for row in connection.execute(query)]
