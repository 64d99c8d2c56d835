"""The suite of the Jobs port."""

import pytest
from sqlalchemy import Engine

from decomposer.errors import CatalogError
from decomposer.ports import Job, Jobs, RunPlan
from decomposer.store.jobs import SqlJobs
from decomposer.store.runs import SqlRuns

NOW = "2026-01-02T03:04:05+00:00"


@pytest.fixture
def run(engine: Engine) -> int:
    return SqlRuns(engine).open(RunPlan("f", "refs.txt", "openai/m", "v1")).id


@pytest.fixture
def jobs(engine: Engine) -> Jobs:
    return SqlJobs(engine, now=lambda: NOW)


def test_a_run_without_jobs_has_none(jobs: Jobs, run: int) -> None:
    assert jobs.jobs(run) == []
    assert jobs.jobs(run + 1) == []


def test_a_job_is_written_down_before_it_is_uploaded(jobs: Jobs, run: int) -> None:
    first = jobs.prepare(run, endpoint="https://models.example/v1", model="m", mark="a", lines=3)
    second = jobs.prepare(run, endpoint="https://models.example/v1", model="n\0", mark="b", lines=1)
    assert first == Job(1, "a", run, "https://models.example/v1", "m", "prepared", 3, created=NOW)
    assert [job.mark for job in jobs.jobs(run)] == ["a", "b"]
    assert jobs.jobs(run)[0] == first
    assert second.id == 2


def test_what_became_of_a_job_is_noted_and_what_is_not_said_stays(jobs: Jobs, run: int) -> None:
    job = jobs.prepare(run, endpoint="e", model="m", mark="a", lines=3)
    jobs.note(job.id, state="submitted", remote="batch_1", status="validating")
    jobs.note(job.id, state="submitted", status="in_progress")
    jobs.note(job.id, state="collected")
    assert jobs.jobs(run) == [Job(job.id, "a", run, "e", "m", "collected", 3, "batch_1", "in_progress", NOW)]


def test_a_mark_names_one_job(jobs: Jobs, run: int) -> None:
    jobs.prepare(run, endpoint="e", model="m", mark="a", lines=3)
    with pytest.raises(CatalogError):
        jobs.prepare(run, endpoint="e", model="m", mark="a", lines=3)
    assert len(jobs.jobs(run)) == 1


def test_a_job_needs_its_run(jobs: Jobs) -> None:
    with pytest.raises(CatalogError):
        jobs.prepare(9, endpoint="e", model="m", mark="a", lines=3)


def test_no_job_is_noted_that_was_not_prepared(jobs: Jobs) -> None:
    with pytest.raises(CatalogError, match="there is no job 9; `decomposer batch status` lists the jobs"):
        jobs.note(9, state="submitted")
