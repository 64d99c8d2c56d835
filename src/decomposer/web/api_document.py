"""Describe the API in the words of OpenAPI: what is asked, every answer there can be, and who may ask."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from starlette.routing import BaseRoute

from decomposer.web.problems import MEDIA_TYPE, Problem

_REF = "#/components/schemas/{model}"
_RATE = {
    "ratelimit-policy": ("How many requests a minute an address has", '"minute";q=60;w=60'),
    "ratelimit": ("How many of them are left, and seconds until there is one more", '"minute";r=59;t=60'),
}
_RETRY = {"retry-after": ("Seconds to wait", "2")}
_PROBLEMS: Mapping[int, tuple[str, Mapping[str, tuple[str, str]]]] = {
    400: ("The body can't be read", {}),
    401: ("The token of the server is missing or wrong", {"www-authenticate": ("How to send it", "Bearer")}),
    403: ("A page of another site asks", {}),
    404: ("Nothing like that is held", {}),
    405: ("The address can't be asked in this way", {"allow": ("How it can be asked", "GET")}),
    413: ("The body is too long", {}),
    415: ("The body is of another type than this takes", {}),
    421: ("The server is not known by this name", {}),
    422: ("A value is missing or can't be taken", {}),
    429: ("Too many requests came from this address", _RETRY),
    500: ("A bug of the server", {}),
    503: ("The catalog, or the server, is too busy", _RETRY),
}
_ALWAYS = (401, 403, 405, 421, 422, 429, 500, 503)
_WITH_BODY = (400, 413, 415)


def answers(
    model: type[BaseModel], example: BaseModel, *, cached: bool = False, missing: bool = False
) -> dict[int | str, dict[str, Any]]:
    """Return every answer of an operation: `cached` has ETags, `missing` may find nothing; others take a body."""
    body = {"application/json": {"example": example.model_dump(mode="json", by_alias=True)}}
    ok: dict[str, Any] = {"model": model, "description": "The answer", "content": body, "headers": _headers(_RATE)}
    found: dict[int | str, dict[str, Any]] = {200: ok}
    if cached:
        tag = {"etag": ("What to send as If-None-Match next time", '"0f3a"')}
        ok["headers"] = _headers({**_RATE, **tag})
        found[304] = {"description": "It is what you have at hand", "headers": _headers(tag)}
    for status in sorted({*_ALWAYS, *(() if cached else _WITH_BODY), *((404,) if missing else ())}):
        description, headers = _PROBLEMS[status]
        content = {MEDIA_TYPE: {"schema": {"$ref": _REF.format(model="Problem")}}}
        found[status] = {"description": description, "content": content, "headers": _headers(headers)}
    return found


def describe(routes: Sequence[BaseRoute], *, version: str, token: bool) -> dict[str, Any]:
    """Return the OpenAPI document of routes. With `token` every request has to carry the one of the server."""
    document: dict[str, Any] = get_openapi(
        title="decomposer",
        version=version,
        summary="What AI artifacts can do, with evidence for every sentence",
        description=_ABOUT,
        routes=routes,
    )
    parts = document.setdefault("components", {})
    problem = Problem.model_json_schema(ref_template=_REF)
    parts.setdefault("schemas", {}).update({**problem.pop("$defs", {}), "Problem": problem})
    for name in ("HTTPValidationError", "ValidationError"):
        parts["schemas"].pop(name, None)
    for each in (one for path in document["paths"].values() for one in path.values()):
        if not token:
            each["responses"].pop("401", None)
    if token:
        parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer", "description": "That of the server"}}
        document["security"] = [{"token": []}]
    return document


def body_of(media_types: Sequence[str], example: Mapping[str, Any]) -> dict[str, Any]:
    """Return the description of a body that is an object, written as one of several media types."""
    content = {one: {"schema": {"type": "object"}, "example": example} for one in media_types}
    return {"requestBody": {"required": True, "content": content}}


def _headers(told: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    return {
        name: {"description": what, "schema": {"type": "string"}, "example": example}
        for name, (what, example) in told.items()
    }


_ABOUT = """\
Every text keeps the verdict on each of its sentences and the lines of the source that bear it out. What nobody knows is
null, which is neither zero nor no. Names are in snake_case throughout.

Every error is a problem of RFC 9457. An address may ask so many times a minute; every answer says how many are left.
Nothing is changed by asking, but for two things: each search counts what it finds, and feedback is kept.
"""
