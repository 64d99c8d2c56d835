"""Ask in rounds: what is missing goes to a provider's batch mode in files, and comes back into the ledger."""

import re
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from secrets import token_hex
from tempfile import TemporaryFile
from typing import NamedTuple

from decomposer.batch.files import Terms, custom_id, cut, estimated, fitting
from decomposer.batch.lease import Lease
from decomposer.batch.shift import owner
from decomposer.errors import BudgetReached, DecomposerError
from decomposer.ports import (
    Attempt,
    Item,
    Job,
    Jobs,
    Ledger,
    Outcome,
    Provider,
    RemoteBatch,
    Reply,
    Request,
    Runs,
    Sending,
)

NEVER_SENT = "never sent: the job did not reach the provider"
MOST_FAILURES = 3  # of one request in batch mode; then its document fails
MOST_NAMED = 20  # failures that a round names
OPEN = ("prepared", "submitted")
_ID = re.compile(r"[0-9a-f]{40}-\d+")
_CLOCKS_DIFFER = 24 * 3600  # seconds by which a provider's clock and ours may differ


class Asked(NamedTuple):
    """What running one reference from the ledger came to: its outcome, or None and the requests that are missing."""

    outcome: Outcome | None
    missing: Sequence[Request] = ()


Ask = Callable[[Item], Asked]


@dataclass(frozen=True, slots=True)
class Books:
    """Where a run is kept."""

    runs: Runs
    jobs: Jobs
    ledger: Ledger


@dataclass
class Round:
    """What one round did: `jobs` with `lines` were sent, `left` requests were not, for want of room or money.

    `elsewhere` requests wait in jobs of other runs.
    `waiting` jobs have not ended, `turned_down` ones ended without a reply. `ended` counts the references that ended,
    `failed` those of them that failed; `failures` are the first of these.
    """

    jobs: int = 0
    lines: int = 0
    left: int = 0
    elsewhere: int = 0
    waiting: int = 0
    turned_down: int = 0
    ended: int = 0
    failed: int = 0
    failures: list[Outcome] = field(default_factory=list)
    short_of: BudgetReached | None = None

    @property
    def over(self) -> bool:
        """Say whether nothing is left to wait for or to send."""
        return not (self.left or self.waiting)


@dataclass
class Rounds:
    """The rounds of one run. Every step is safe to be cut short: what follows finds out how far it came.

    A job is written down before its requests are begun, they are begun before anything is uploaded, and the upload
    carries the job's mark, so that after a crash the provider can be asked whether it has it. `owner` holds the
    references meanwhile. `tell` gets what people should know.
    """

    run: int
    books: Books
    provider: Provider
    terms: Terms = field(default_factory=Terms)
    tell: Callable[[str], None] = lambda line: None
    owner: str = field(default_factory=owner)

    def play(self, ask: Ask, *, send: bool = True, always: bool = True) -> Round:
        """Bring home what has ended, run what waits from the ledger, and send what is then missing.

        Raises what the provider and `ask` raise. Nothing is sent where a job was turned down as a whole, so that a
        person can look at the reason first. Unless `always`, references are only run where something is new: while
        jobs wait and none has ended, nothing could come of it.
        """
        done = Round()
        waited_for = {job.id for job in self._open()}
        self.reconcile()
        self._bring_home(done)
        done.waiting = len(self._open())
        if done.waiting and not always and waited_for == {job.id for job in self._open()}:
            return done
        with closing(self._survey(ask, done)) as missing:
            self._send(missing, done, send=send and not done.turned_down)
        done.waiting = len(self._open())
        return done

    def reconcile(self) -> None:
        """Find out what became of jobs that a crash left between their first line and the provider's receipt.

        One that the provider has is taken over; one that it has not was never sent, and its requests are free again.
        """
        prepared = [job for job in self._open() if job.state == "prepared"]
        known = self._known(prepared) if prepared else {}
        for job in prepared:
            begun = list(self.books.ledger.queued(job.id))
            if job.mark in known:
                batch = known[job.mark]
                self.books.jobs.note(job.id, state="submitted", remote=batch.id, status=batch.status)
                self.tell(f"job {job.id} had reached the provider as {batch.id}; it is taken over")
            elif any(map(self.terms.busy, begun[:1])):
                self.tell(f"job {job.id} is just being sent by process {begun[0].pid} on {begun[0].host}")
            else:
                for attempt in begun:
                    self.books.ledger.fail(attempt.key, attempt.attempt, NEVER_SENT)
                self.books.jobs.note(job.id, state="lost")
                self.tell(f"job {job.id} never reached the provider; its {len(begun):,} requests go out again")

    def _open(self) -> list[Job]:
        return [job for job in self.books.jobs.jobs(self.run) if job.state in OPEN]

    def _known(self, jobs: Sequence[Job]) -> dict[str, RemoteBatch]:
        """Return the provider's batches that carry a mark of these jobs."""
        marks, found = {job.mark for job in jobs}, {}
        oldest = min(_seconds(job.created) for job in jobs) - _CLOCKS_DIFFER
        for batch in self.provider.recent():
            if batch.mark in marks:
                found[batch.mark] = batch
            if len(found) == len(marks) or 0 < batch.made < oldest:
                break
        return found

    # --- bringing home

    def _bring_home(self, done: Round) -> None:
        for job in self._open():
            if job.state != "submitted":
                continue
            batch = self.provider.find(job.remote)
            if not batch.ended:
                self.books.jobs.note(job.id, state="submitted", status=_status(batch))
                continue
            self._take(job, batch)
            self.books.jobs.note(job.id, state="collected", status=_status(batch))
            if batch.trouble:
                done.turned_down += 1
                self.tell(f"job {job.id} was turned down by the provider: {batch.trouble}")
            try:
                self.provider.forget(batch)
            except DecomposerError as error:
                self.tell(f"job {job.id}: its files at the provider could not be deleted: {error}")

    def _take(self, job: Job, batch: RemoteBatch) -> None:
        """Write what became of the requests of a job into the ledger, one by one: a crash loses none that is there."""
        ledger = self.books.ledger
        waiting = {custom_id(attempt): attempt for attempt in ledger.queued(job.id)}
        known = job.lines - len(waiting)  # taken before a crash
        for line in self.provider.results(batch):
            attempt = waiting.pop(line.custom_id, None)
            if attempt is None:
                known -= 1
                if known < 0 or not _ID.fullmatch(line.custom_id):
                    self.tell(f"job {job.id}: {line.error or f'no request of it is called {line.custom_id!r}'}")
            elif line.raw is None:
                ledger.fail(attempt.key, attempt.attempt, line.error)
            else:
                counts = (line.prompt_tokens, line.completion_tokens, line.cheap_tokens)
                reply = Reply(attempt.key, line.raw, False, *counts)
                reply = replace(reply, cost_usd=self.terms.cost(reply, job.model))
                ledger.finish(attempt.key, attempt.attempt, reply, refused=line.refused)
        for attempt in waiting.values():
            ledger.fail(attempt.key, attempt.attempt, batch.trouble or "expired")

    # --- finding out what is missing

    def _survey(self, ask: Ask, done: Round) -> Generator[Request, None, None]:
        """Run what waits, write how it ended, and yield each request that has to be sent, once."""
        seen = set[str]()
        with Lease(self.books.runs, self.run, self.owner) as lease:
            for items in lease.items():
                ended = []
                for item in items:
                    outcome, missing = ask(item)
                    outcome = outcome or self._hopeless(item, missing)
                    if outcome is not None:
                        ended.append(outcome)
                        continue
                    for request in missing:
                        if request.key in seen:
                            continue
                        seen.add(request.key)
                        queued = self._queued(request)
                        if queued is None:
                            yield request
                        else:
                            done.elsewhere += queued.run != self.run
                lease.settle(ended)
                failed = [outcome for outcome in ended if outcome.state == "failed"]
                done.ended, done.failed = done.ended + len(ended), done.failed + len(failed)
                done.failures += failed[: MOST_NAMED - len(done.failures)]

    def _queued(self, request: Request) -> Attempt | None:
        """Return the attempt at a request that waits in a job, of whichever run, or None."""
        attempts = self.books.ledger.attempts(request.key)
        return next((one for one in attempts if one.state == "sent" and one.job is not None), None)

    def _hopeless(self, item: Item, missing: Sequence[Request]) -> Outcome | None:
        """Return the failure of a reference with a request that failed too often, else None."""
        for request in missing:
            failed = [
                attempt
                for attempt in self.books.ledger.attempts(request.key)
                if (attempt.state, attempt.run) == ("failed", self.run) and attempt.job is not None
            ]
            tries = [attempt for attempt in failed if attempt.error != NEVER_SENT]
            if len(tries) >= MOST_FAILURES:
                reason = (
                    f"request {request.key[:12]} failed {len(tries)} times in batch mode, the last time with "
                    f"{tries[-1].error!r}; `decomposer batch run --resume {self.run}` asks it directly"
                )
                return Outcome(item.position, item.ref, "failed", reason=reason)
        return None

    # --- sending

    def _send(self, missing: Iterable[Request], done: Round, *, send: bool) -> None:
        room = self._room() if send else 0
        for part in cut(missing, self.terms, size=lambda request: len(self.provider.line(request, "0" * 50))):
            roomy = part[: fitting([estimated(request) for request in part], room)]
            affordable = roomy[: self._affordable(roomy)]
            if affordable:
                self._submit(affordable)
                done.jobs += 1
                done.lines += len(affordable)
            if room is not None:
                room -= sum(estimated(request) for request in affordable)
            done.left += len(part) - len(affordable)
            if len(affordable) < len(roomy):
                done.short_of = BudgetReached(
                    f"run {self.run}: what is left of its limit does not pay for {len(roomy) - len(affordable):,} "
                    "more requests",
                    hint="raise --max-cost, or collect what waits: answers cost less than was reserved",
                )

    def _room(self) -> int | None:
        """Return how many tokens may still be queued; None for any number."""
        if self.terms.queued_tokens is None:
            return None
        queued = (attempt for job in self._open() for attempt in self.books.ledger.queued(job.id))
        asked = (self.books.ledger.request(attempt.key) for attempt in queued)
        return self.terms.queued_tokens - sum(estimated(request) for request in asked if request is not None)

    def _affordable(self, part: Sequence[Request]) -> int:
        """Return how many of the requests, from the first on, the run can pay for."""
        record = self.books.runs.find(self.run)
        if record is None or record.plan.max_cost_usd is None:
            return len(part)
        left = record.plan.max_cost_usd - record.spent_usd - record.reserved_usd
        return fitting([self.terms.most(request) for request in part], left)

    def _submit(self, part: Sequence[Request]) -> None:
        books, mark = self.books, f"decomposer-{self.run}-{token_hex(8)}"
        model = part[0].model
        job = books.jobs.prepare(self.run, endpoint=self.provider.endpoint, model=model, mark=mark, lines=len(part))
        sending = [(request, Sending(self.run, job.id, self.terms.most(request))) for request in part]
        numbers = books.ledger.begin_all(sending)
        with TemporaryFile() as file:
            for request, number in zip(part, numbers, strict=True):
                file.write(self.provider.line(request, custom_id(Attempt(request.key, number, "sent"))))
            file.seek(0)
            batch = self.provider.submit(file, mark=mark)
        books.jobs.note(job.id, state="submitted", remote=batch.id, status=_status(batch))


def job_words(job: Job) -> str:
    """Return a job in one line, for people."""
    where = f" as {job.remote}" if job.remote else ""
    said = f": {job.status}" if job.status else ""
    return f"{job.lines:,} requests of {job.model}, {job.state}{where}{said}"


def _status(batch: RemoteBatch) -> str:
    """Return what people are told of a batch."""
    counts = f", {batch.done:,} of {batch.lines:,} done" if batch.lines else ""
    return f"{batch.status}{counts}{': ' if batch.trouble else ''}{batch.trouble}"


def _seconds(when: str) -> float:
    try:
        return datetime.fromisoformat(when).timestamp()
    except ValueError:
        return 0.0
