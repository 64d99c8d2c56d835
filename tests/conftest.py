"""Block the network in every test, time none, and say how cassettes are matched and kept free of keys."""

import json
import os
import re
from typing import Any

import pytest
from hypothesis import settings

KEY = re.compile(r"\bsk-\w|\bBearer\s+\S|\bhf_\w{10}|\bgh[pousr]_\w{10}|\bapi[-_]?key\b", re.IGNORECASE)
"""What a key looks like: cassettes that hold one are refused."""

# Which vectors a search would use depends on what is installed: tests that want some name them.
os.environ["DECOMPOSER_EMBEDDER"] = "none"

# Machines that are busy are slow: how long an example takes says nothing about what it shows.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Block the network in every test that does not say itself which hosts it may reach."""
    for item in items:
        if item.get_closest_marker("block_network") is None:
            item.add_marker(pytest.mark.block_network)


@pytest.fixture
def vcr_config() -> dict[str, Any]:
    """Match on method, path and JSON body, whatever the port; keep only the headers that replaying needs."""
    return {
        "match_on": ["method", "path", "body"],
        "before_record_request": _without_headers,
        "before_record_response": _plain,
        "decode_compressed_response": True,
    }


def _without_headers(request: Any) -> Any:
    kept = {"content-type"}
    request.headers = {name: value for name, value in request.headers.items() if name.lower() in kept}
    request.uri = re.sub(r"^https?://[^/]+", "http://127.0.0.1", request.uri)
    return request


def _plain(response: dict[str, Any]) -> dict[str, Any]:
    kept = {"content-type", "retry-after"}
    response["headers"] = {name: value for name, value in response["headers"].items() if name.lower() in kept}
    if KEY.search(json.dumps(response, default=repr)):
        raise ValueError("the reply holds a key; it is not recorded")
    return response
