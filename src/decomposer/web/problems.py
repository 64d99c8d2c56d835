"""Tell a program what went wrong: every error of the API is a problem of RFC 9457, as JSON."""

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.exceptions import HTTPException

from decomposer.display import json_safe
from decomposer.errors import CatalogError, DecomposerError, UsageError
from decomposer.records import Record
from decomposer.web.security import TooLong
from decomposer.wiring.answering import NotHeld

MEDIA_TYPE = "application/problem+json"
_LOG = logging.getLogger("decomposer.web")
_MOST_ERRORS, _LONGEST = 20, 300
_SENTENCES: Mapping[int, str] = {
    400: "The body can't be read as what it says it is.",
    404: "There is no such address here: /api/v1/openapi.json lists those that there are.",
    405: "That address can't be asked in this way.",
    413: "That is too long to be sent at once.",
}


class Wrong(Record):
    """One thing that is wrong with a request: where it stands, such as `body.limit`, and what is wrong with it."""

    where: str
    message: str


class Problem(Record):
    """What went wrong, in the form of RFC 9457. `hint` says what to do about it."""

    type: str = Field(default="about:blank", examples=["about:blank"])
    title: str
    status: int
    detail: str
    hint: str = ""
    errors: tuple[Wrong, ...] = ()


def problem(
    status: int,
    detail: str,
    *,
    hint: str = "",
    errors: tuple[Wrong, ...] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the answer that tells of a problem."""
    told = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, hint=hint, errors=errors)
    body = json_safe(json.dumps(told.model_dump(mode="json"), ensure_ascii=True))
    return Response(body, status, headers=headers, media_type=MEDIA_TYPE)


def tell_problems(app: FastAPI) -> None:
    """Make every error of an application a problem."""
    app.add_exception_handler(TooLong, _too_long)
    app.add_exception_handler(DecomposerError, _ours)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _bug)


def _too_long(request: Request, error: Exception) -> Response:
    return problem(413, _SENTENCES[413])


def _ours(request: Request, error: Exception) -> Response:
    hint = getattr(error, "hint", "")
    detail = str(error).removesuffix(f"; {hint}") if hint else str(error)
    if isinstance(error, UsageError):
        return problem(404 if isinstance(error, NotHeld) else 422, detail, hint=hint)
    if isinstance(error, CatalogError):
        _LOG.warning("%s", error)
        return problem(503, "The catalog can't be read or written now.", headers={"retry-after": "5"})
    return problem(500, detail, hint=hint)


def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 400
    if isinstance(error.__cause__, TooLong):  # what reads the body takes every error for one of its own
        return _too_long(request, error)
    headers = error.headers if isinstance(error, HTTPException) else None
    detail = _SENTENCES.get(status) or (error.detail if isinstance(error, HTTPException) else "")
    return problem(status, detail, headers=headers)


def _invalid(request: Request, error: Exception) -> Response:
    found: list[Any] = list(error.errors()) if isinstance(error, RequestValidationError) else []
    if any(one.get("type") == "json_invalid" for one in found):
        return problem(400, "The body is no JSON.", errors=_wrong(found))
    return problem(422, "Something in the request can't be taken.", errors=_wrong(found))


def _wrong(found: list[Any]) -> tuple[Wrong, ...]:
    """Return what is wrong and where; what was sent is not repeated."""
    return tuple(
        Wrong(where=".".join(map(str, one.get("loc", ())))[:_LONGEST], message=str(one.get("msg", ""))[:_LONGEST])
        for one in found[:_MOST_ERRORS]
    )


def _bug(request: Request, error: Exception) -> Response:
    _LOG.error("unexpected %s while answering %s", type(error).__name__, request.url.path)
    return problem(500, "That went wrong, and it is a bug; the server's log says more.")
