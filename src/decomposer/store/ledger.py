"""The ledger in SQL: every attempt at every request, written before it is sent and before its reply is parsed."""

import os
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from json import loads
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    LargeBinary,
    Row,
    bindparam,
    case,
    distinct,
    exists,
    func,
    insert,
    select,
    text,
    type_coerce,
    update,
)

from decomposer.errors import CatalogError
from decomposer.ports import Attempt, AttemptState, Doubt, ModelUse, Reply, Request, Sending
from decomposer.store import engine as database
from decomposer.store import spending
from decomposer.store.tables import Money, attempts, insert_missing, json_text, requests

_BLOCK = 16  # rows fetched at a time when streaming: a request can be a megabyte
_LIGHT_BLOCK = 1000  # of rows without texts
_KEYS = 500  # requests looked up at a time
_ENDING = ("state", "raw", "error", "prompt_tokens", "completion_tokens", "cost_usd")
_ATTEMPT = tuple(attempts.c[field.name] for field in fields(Attempt))
_BY_ITSELF = Sending()

# Built once: these run with every request.
_AT = (attempts.c.key == bindparam("at_key"), attempts.c.attempt == bindparam("at"))
_OF_ONE = select(*_ATTEMPT).where(attempts.c.key == bindparam("key")).order_by(attempts.c.attempt)
_ADD = insert(attempts)
_LOCK = select(requests.c.key).where(requests.c.key.in_(bindparam("keys"))).order_by(requests.c.key).with_for_update()
_LAST = (
    select(attempts.c.key, func.max(attempts.c.attempt))
    .where(attempts.c.key.in_(bindparam("keys")))
    .group_by(attempts.c.key)
)
_CLOSE = (
    update(attempts)
    .where(*_AT, attempts.c.state == "sent")
    .values({name: bindparam(f"its_{name}", type_=attempts.c[name].type) for name in (*_ENDING, "done_at")})
    .returning(attempts.c.run, attempts.c.estimated_usd)
)
_SENT = text("attempts.state = 'sent'")  # written out: only so is the index of open attempts used
_SECRETS = frozenset({"api_key", "authorization", "extra_headers", "headers"})


class SqlLedger:
    """A `Ledger` in a database opened by `open_database`. `now` gives the time that attempts are dated with."""

    def __init__(self, engine: Engine, *, now: Callable[[], str] = database.now) -> None:
        self._engine = engine
        self._now = now

    def attempts(self, key: str) -> list[Attempt]:
        """Return the attempts at a request, oldest first."""
        with self._engine.connect() as connection:
            return [Attempt(*row) for row in connection.execute(_OF_ONE, {"key": key})]

    def request(self, key: str) -> Request | None:
        """Return a request that was begun, or None."""
        with self._engine.connect() as connection:
            row = connection.execute(select(requests).where(requests.c.key == key)).first()
        return None if row is None else Request(row.endpoint, row.model, row.mode, loads(row.body), row.sample)

    def begin(self, request: Request, sending: Sending = _BY_ITSELF) -> int:
        """Write the intent to send `request` and return its attempt number, 1 and up. It is durable on return.

        Where the run has a limit, `estimated_usd` is reserved in the same transaction. Raises BudgetReached where it
        would go over, and CatalogError where the request carries a secret; both write nothing.
        """
        return self.begin_all([(request, sending)])[0]

    def begin_all(self, requests: Sequence[tuple[Request, Sending]]) -> list[int]:
        """Begin several requests in one transaction: all or none. Returns their attempt numbers."""
        for request, _ in requests:
            _refuse_secrets(request)
        if not requests:
            return []
        made_by = {"sent_at": self._now(), "host": socket.gethostname(), "pid": os.getpid()}
        with database.writing(self._engine) as connection:
            last = _last_attempts(connection, {request.key: request for request, _ in requests})
            numbers, rows = [], []
            for request, sending in requests:
                last[request.key] += 1
                numbers.append(last[request.key])
                row = {"key": request.key, "attempt": last[request.key], "state": "sent"} | made_by
                rows.append(row | {name: getattr(sending, name) for name in ("run", "job", "estimated_usd")})
            connection.execute(_ADD, rows)
            _reserve(connection, [sending for _, sending in requests])
        return numbers

    def finish(self, key: str, attempt: int, reply: Reply, *, refused: bool = False) -> None:
        """Write the raw reply to an attempt and settle its reservation. It is durable on return.

        A reply without a known cost settles at what was reserved. Writing the same reply again changes nothing.
        Raises CatalogError for an attempt that ended otherwise.
        """
        state: AttemptState = "refused" if refused else "answered"
        tokens = (reply.prompt_tokens, reply.completion_tokens)
        self._close(Attempt(key, attempt, state, reply.raw, None, *tokens, cost_usd=reply.cost_usd))

    def fail(self, key: str, attempt: int, error: str, *, billed: bool = False) -> None:
        """Close an attempt that got no reply; its reservation is free again.

        One that may have been `billed` all the same has no known cost and settles at what was reserved, any other
        costs 0. Raises CatalogError for one that ended otherwise.
        """
        self._close(Attempt(key, attempt, "failed", error=error, cost_usd=None if billed else Decimal(0)))

    def use(self, *, run: int | None = None) -> list[ModelUse]:
        """Return what the ledger holds (or what one run sent), one row for each endpoint and model."""
        by = (requests.c.endpoint, requests.c.model)
        joined = attempts.c.key == requests.c.key
        query = select(*by, func.count(distinct(requests.c.key)), *_sums()).group_by(*by)
        if run is None:
            query = query.outerjoin(attempts, joined)
        else:
            query = query.join(attempts, joined).where(attempts.c.run == run)
        with self._engine.connect() as connection:
            found = [_model_use(*row) for row in connection.execute(query)]
        return sorted(found, key=lambda use: (use.endpoint, use.model))

    def in_doubt(self) -> Iterator[Doubt]:
        """Yield the attempts that were sent and never ended, oldest first, less those that wait in a job."""
        columns = [attempts.c.key, attempts.c.attempt, requests.c.endpoint, requests.c.model]
        columns += [attempts.c[name] for name in ("sent_at", "host", "pid", "estimated_usd", "run")]
        query = select(*columns).join(requests, requests.c.key == attempts.c.key).where(_SENT, attempts.c.job.is_(None))
        query = query.order_by(attempts.c.sent_at, attempts.c.key, attempts.c.attempt)
        with self._engine.connect() as connection:
            for row in connection.execution_options(yield_per=_LIGHT_BLOCK).execute(query):
                yield Doubt(*row)

    def queued(self, job: int) -> Iterator[Attempt]:
        """Yield the attempts that wait in a job."""
        query = select(*_ATTEMPT).where(attempts.c.job == job, _SENT).order_by(attempts.c.key, attempts.c.attempt)
        with self._engine.connect() as connection:
            for row in connection.execution_options(yield_per=_LIGHT_BLOCK).execute(query):
                yield Attempt(*row)

    def verify(self) -> Iterator[str]:
        """Yield a line for everything that is wrong: keys that differ from their content, replies that don't parse.

        Reads a few rows at a time, whatever the size of the ledger.
        """
        asked = exists().where(attempts.c.key == requests.c.key).label("asked")
        each_request = select(requests, asked).order_by(requests.c.key)
        each_attempt = (
            select(
                attempts.c.key, attempts.c.attempt, attempts.c.state, type_coerce(attempts.c.raw, LargeBinary),
                requests.c.key.label("request"),
            )
            .outerjoin(requests, requests.c.key == attempts.c.key)
            .order_by(attempts.c.key, attempts.c.attempt)
        )  # fmt: skip
        with self._engine.connect() as connection:
            streaming = connection.execution_options(yield_per=_BLOCK)
            for row in streaming.execute(each_request):
                yield from _wrong_request(row)
            for row in streaming.execute(each_attempt):
                yield from _wrong_attempt(*row)

    def _close(self, ended: Attempt) -> None:
        values = {f"its_{name}": getattr(ended, name) for name in _ENDING} | {"its_done_at": self._now()}
        this = {"at_key": ended.key, "at": ended.attempt}
        with database.writing(self._engine) as connection:
            closed = connection.execute(_CLOSE, this | values).first()
            if closed is not None:
                if closed.run is not None:
                    spending.settle(connection, closed.run, closed.estimated_usd, ended.cost_usd)
                return
            found = connection.execute(select(attempts.c.state, attempts.c.raw).where(*_AT), this).first()
        name = f"attempt {ended.attempt} at request {ended.key}"
        if found is None:
            raise CatalogError(f"{name} was never begun", hint="`decomposer ledger verify` checks the ledger")
        if (found.state, found.raw) != (ended.state, ended.raw):
            raise CatalogError(f"{name} has already ended ({found.state})", hint="what was written first is kept")


# --- beginning


def _last_attempts(connection: Connection, asked: Mapping[str, Request]) -> dict[str, int]:
    """Store the requests that are missing, lock all, and return the number of the last attempt at each, 0 for none."""
    keys = sorted(asked)  # always in the same order, so that two processes never wait for each other
    rows = []
    for key in keys:
        row = {name: getattr(asked[key], name) for name in ("key", "endpoint", "model", "mode", "sample")}
        rows.append(row | {"body": json_text(asked[key].body)})
    connection.execute(insert_missing(connection, requests), rows)
    last = dict.fromkeys(keys, 0)
    for start in range(0, len(keys), _KEYS):
        some = {"keys": keys[start : start + _KEYS]}
        if connection.dialect.name == "postgresql":
            connection.execute(_LOCK, some)
        last |= {row[0]: row[1] for row in connection.execute(_LAST, some)}
    return last


def _reserve(connection: Connection, sendings: Sequence[Sending]) -> None:
    wanted: dict[int, list[Decimal | None]] = {}
    for sending in sendings:
        if sending.run is not None:
            wanted.setdefault(sending.run, []).append(sending.estimated_usd)
    for run in sorted(wanted):
        known = [estimate for estimate in wanted[run] if estimate is not None]
        spending.reserve(connection, run, sum(known, Decimal(0)) if len(known) == len(wanted[run]) else None)


def _refuse_secrets(request: Request) -> None:
    named = sorted(name for name in request.body if name.lower() in _SECRETS)
    if named:
        raise CatalogError(f"the request holds {', '.join(named)}, which is never stored", hint="send it as a header")
    if "@" in urlsplit(request.endpoint).netloc:
        host = request.endpoint.rpartition("@")[2]
        raise CatalogError(f"the address of {host} holds a password, which is never stored", hint="leave it out")


# --- adding up


def _sums() -> list[ColumnElement[Any]]:
    sent, no_job = attempts.c.state == "sent", attempts.c.job.is_(None)
    paid = attempts.c.state.in_(("answered", "refused"))
    counts = [
        func.count(case((condition, 1)))
        for condition in (
            *(attempts.c.state == state for state in ("answered", "refused", "failed")),
            sent & no_job,
            sent & ~no_job,
            paid & attempts.c.cost_usd.is_(None),
            sent & no_job & attempts.c.estimated_usd.is_(None),
        )
    ]
    tokens = [func.coalesce(func.sum(attempts.c[name]), 0) for name in ("prompt_tokens", "completion_tokens")]
    money = [attempts.c.cost_usd, case((sent & no_job, attempts.c.estimated_usd))]
    return [*counts, *tokens, *(func.sum(one, type_=Money) for one in money)]


def _model_use(endpoint: str, model: str, requests: int, *figures: Any) -> ModelUse:
    answered, refused, failed, in_doubt, queued, unpriced, unestimated, prompt, completion, cost, doubtful = figures
    return ModelUse(
        endpoint, model, requests, answered, refused, failed, in_doubt, prompt, completion, queued, cost or Decimal(0),
        unpriced, None if unestimated else doubtful or Decimal(0),
    )  # fmt: skip


# --- checking


def _wrong_request(row: Row[Any]) -> Iterator[str]:
    if not row.asked:
        yield f"request {row.key}: no attempt belongs to it"
    try:
        found = Request(row.endpoint, row.model, row.mode, loads(row.body), row.sample).key
    except (ValueError, TypeError, RecursionError) as error:
        yield f"request {row.key}: its content can't be read ({type(error).__name__})"
        return
    if found != row.key:
        yield f"request {row.key}: its content has the key {found}"


def _wrong_attempt(
    key: str, attempt: int, state: AttemptState, raw: bytes | None, request: str | None
) -> Iterator[str]:
    name = f"attempt {attempt} at request {key}"
    if request is None:
        yield f"{name}: the request is missing"
    if (raw is not None) != (state in ("answered", "refused")):
        yield f"{name}: is {state} but {'holds no' if raw is None else 'holds a'} reply"
    if raw is None:
        return
    try:
        loads(bytes(raw))
    except (ValueError, RecursionError) as error:
        yield f"{name}: the reply is not JSON ({type(error).__name__})"
