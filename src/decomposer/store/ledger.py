"""The ledger in SQL: every attempt at every request, written before it is sent and before its reply is parsed."""

import os
import socket
from collections.abc import Callable, Iterator
from json import loads
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Engine, LargeBinary, Row, case, distinct, exists, func, insert, select, type_coerce, update

from decomposer.errors import CatalogError
from decomposer.ports import Attempt, AttemptState, ModelUse, Reply, Request
from decomposer.store import engine as database
from decomposer.store.tables import attempts, insert_missing, json_text, requests

_BLOCK = 16  # rows fetched at a time when streaming: a request can be a megabyte
_ENDING = ("state", "raw", "error", "prompt_tokens", "completion_tokens")
_SECRETS = frozenset({"api_key", "authorization", "extra_headers", "headers"})


class SqlLedger:
    """A `Ledger` in a database opened by `open_database`. `now` gives the time that attempts are dated with."""

    def __init__(self, engine: Engine, *, now: Callable[[], str] = database.now) -> None:
        self._engine = engine
        self._now = now

    def attempts(self, key: str) -> list[Attempt]:
        """Return the attempts at a request, oldest first."""
        columns = [attempts.c[name] for name in ("key", "attempt", *_ENDING)]
        query = select(*columns).where(attempts.c.key == key).order_by(attempts.c.attempt)
        with self._engine.connect() as connection:
            return [Attempt(*row) for row in connection.execute(query)]

    def begin(self, request: Request) -> int:
        """Write the intent to send `request` and return its attempt number, 1 and up. It is durable on return.

        Raises CatalogError, and writes nothing, where the request carries a secret.
        """
        _refuse_secrets(request)
        row = {name: getattr(request, name) for name in ("key", "endpoint", "model", "mode", "sample")}
        with database.writing(self._engine) as connection:
            connection.execute(insert_missing(connection, requests, row | {"body": json_text(request.body)}))
            connection.execute(select(requests.c.key).where(requests.c.key == request.key).with_for_update())
            last = connection.scalar(select(func.max(attempts.c.attempt)).where(attempts.c.key == request.key))
            number = (last or 0) + 1
            made_by = {"sent_at": self._now(), "host": socket.gethostname(), "pid": os.getpid()}
            connection.execute(insert(attempts).values(key=request.key, attempt=number, state="sent", **made_by))
        return number

    def finish(self, key: str, attempt: int, reply: Reply, *, refused: bool = False) -> None:
        """Write the raw reply to an attempt. It is durable on return.

        Writing the same reply again changes nothing. Raises CatalogError for an attempt that ended otherwise.
        """
        state: AttemptState = "refused" if refused else "answered"
        self._close(Attempt(key, attempt, state, reply.raw, None, reply.prompt_tokens, reply.completion_tokens))

    def fail(self, key: str, attempt: int, error: str) -> None:
        """Close an attempt that got no reply and costs nothing. Raises CatalogError for one that ended otherwise."""
        self._close(Attempt(key, attempt, "failed", error=error))

    def use(self) -> list[ModelUse]:
        """Return what the ledger holds, one row for each endpoint and model."""
        states = [
            func.coalesce(func.sum(case((attempts.c.state == state, 1), else_=0)), 0)
            for state in ("answered", "refused", "failed", "sent")
        ]
        tokens = [func.coalesce(func.sum(attempts.c[name]), 0) for name in ("prompt_tokens", "completion_tokens")]
        by = (requests.c.endpoint, requests.c.model)
        query = (
            select(*by, func.count(distinct(requests.c.key)), *states, *tokens)
            .outerjoin(attempts, attempts.c.key == requests.c.key)
            .group_by(*by)
        )
        with self._engine.connect() as connection:
            found = [ModelUse(*row) for row in connection.execute(query)]
        return sorted(found, key=lambda use: (use.endpoint, use.model))

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

    def _close(self, attempt: Attempt) -> None:
        ended = {name: getattr(attempt, name) for name in _ENDING}
        this = (attempts.c.key == attempt.key) & (attempts.c.attempt == attempt.attempt)
        with database.writing(self._engine) as connection:
            still_open = update(attempts).where(this, attempts.c.state == "sent")
            if connection.execute(still_open.values(**ended, done_at=self._now())).rowcount:
                return
            found = connection.execute(select(attempts.c.state, attempts.c.raw).where(this)).first()
        name = f"attempt {attempt.attempt} at request {attempt.key}"
        if found is None:
            raise CatalogError(f"{name} was never begun", hint="`decomposer ledger verify` checks the ledger")
        if (found.state, found.raw) != (attempt.state, attempt.raw):
            raise CatalogError(f"{name} has already ended ({found.state})", hint="what was written first is kept")


def _refuse_secrets(request: Request) -> None:
    named = sorted(name for name in request.body if name.lower() in _SECRETS)
    if named:
        raise CatalogError(f"the request holds {', '.join(named)}, which is never stored", hint="send it as a header")
    if "@" in urlsplit(request.endpoint).netloc:
        host = request.endpoint.rpartition("@")[2]
        raise CatalogError(f"the address of {host} holds a password, which is never stored", hint="leave it out")


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
