"""Answer with JSON, and with no more than `304 Not Modified` where whoever asks has the same answer at hand."""

import re
from collections.abc import Collection
from hashlib import sha256
from typing import Any

from fastapi import Response
from pydantic import BaseModel

from decomposer.publish.files import json_text

_TAG = re.compile(r'(?:W/)?("[^"]*")')


def told(answer: BaseModel) -> Response:
    """Return an answer that nobody keeps."""
    return Response(json_text(answer), media_type="application/json")


def fresh(answer: BaseModel, if_none_match: str | None, *, but: Collection[str] = ()) -> Response:
    """Return an answer with an ETag, or 304 where `if_none_match` names that.

    Fields that are called as `but` says count for nothing: the ETag is a weak one then.
    """
    text = json_text(answer)
    content = text if not but else repr(_without(answer.model_dump(mode="python"), but))
    digest = sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    headers = {
        "etag": f'{"W/" if but else ""}"{digest}"',
        "cache-control": "private, no-cache",
        "vary": "authorization",
    }
    if names(if_none_match, digest):
        return Response(status_code=304, headers=headers)
    return Response(text, media_type="application/json", headers=headers)


def names(if_none_match: str | None, digest: str) -> bool:
    """Say whether an If-None-Match header names a digest, as weak tags are compared."""
    if if_none_match is None:
        return False
    return if_none_match.strip() == "*" or f'"{digest}"' in _TAG.findall(if_none_match)


def _without(value: Any, but: Collection[str]) -> Any:
    if isinstance(value, dict):
        return {key: _without(one, but) for key, one in value.items() if key not in but}
    if isinstance(value, (list, tuple)):
        return [_without(one, but) for one in value]
    return value
