import json

import pytest

from decomposer.errors import ConfigurationError, EndpointRefused, TransportError
from decomposer.llm.endpoint import Endpoint
from decomposer.ports import Pace


def rejected(status: int, headers: dict[str, str]) -> TransportError:
    error = Endpoint().rejected(status, headers, "")
    assert isinstance(error, TransportError)
    return error


@pytest.mark.parametrize(
    ("base_url", "url", "base", "query"),
    [
        (None, "https://api.openai.com/v1", "https://api.openai.com/v1", {}),
        ("http://127.0.0.1:8000/v1/", "http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1", {}),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1", "http://[::1]:8000/v1", {}),
        ("https://ann:pw@Models.example/v1", "https://models.example/v1", "https://ann:pw@Models.example/v1", {}),
        (
            "https://x.example/openai/deployments/d?api-version=1",
            "https://x.example/openai/deployments/d",
            "https://x.example/openai/deployments/d",
            {"api-version": "1"},
        ),
    ],
)
def test_an_address_is_known_without_its_secrets(
    base_url: str | None, url: str, base: str, query: dict[str, str]
) -> None:
    endpoint = Endpoint(base_url)
    assert (endpoint.url, endpoint.base, endpoint.query) == (url, base, query)
    assert repr(endpoint) == f"Endpoint({url!r})"


@pytest.mark.parametrize(
    "base_url", ["localhost:8000/v1", "ftp://x.example", "http://", "http://x:port/", "http://[::1"]
)
def test_what_is_no_web_address_is_refused(base_url: str) -> None:
    with pytest.raises(ConfigurationError, match="is not a web address"):
        Endpoint(base_url)


@pytest.mark.parametrize("key", ["sk-ключ", "sk-1\nX-Other: 1"])
def test_a_key_that_no_header_carries_is_refused_without_repeating_it(key: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Endpoint(key=key)
    assert key not in str(caught.value)


def test_only_addresses_with_an_api_version_get_the_key_as_a_header_of_its_own() -> None:
    assert Endpoint("https://x.example/v1?api-version=1", key="k").headers() == {"api-key": "k"}
    assert Endpoint("https://x.example/v1?api-version=1").headers() == {}
    assert Endpoint("https://x.example/v1", key="k").headers() == {}


@pytest.mark.parametrize(("statuses", "retryable"), [((400, 413, 422), False), ((408, 409, 429, 500, 503, 529), True)])
def test_statuses_that_pass_are_told_from_those_that_last(statuses: tuple[int, ...], retryable: bool) -> None:
    assert [rejected(status, {}).retryable for status in statuses] == [retryable] * len(statuses)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "12"}, 12.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "1"}, 0.25),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT", "date": "Wed, 21 Oct 2026 07:27:30 GMT"}, 30.0),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT", "date": "Wed, 21 Oct 2026 08:00:00 GMT"}, 0.0),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
    ],
)
def test_how_long_to_wait_is_read_in_all_its_forms(headers: dict[str, str], seconds: float | None) -> None:
    assert rejected(429, headers).retry_after == seconds


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"error": {"message": "no such model"}}', ": no such model"),
        ('{"error": "no such model"}', ": no such model"),
        ('{"detail": "no such model"}', ": no such model"),
        ("<h1>Not\x1b[31m found</h1>", ": <h1>Not[31m found</h1>"),
        ("", ""),
    ],
)
def test_what_a_server_says_becomes_one_printable_line(body: str, said: str) -> None:
    error = Endpoint("http://x.example/v1").rejected(404, {}, body)
    assert str(error).startswith(f"http://x.example/v1 answered 404 Not Found{said}; check the model name")


def test_secrets_that_a_server_repeats_are_masked() -> None:
    endpoint = Endpoint("https://ann:hush@x.example/v1", key="sk-1")
    assert endpoint.scrubbed("bad key sk-1 for ann:hush") == "bad key *** for ann:***"


@pytest.mark.parametrize("name", ["code", "type"])
def test_an_empty_account_is_not_waited_for(name: str) -> None:
    body = {"error": {name: "insufficient_quota", "message": "You ran out."}}
    errors = [Endpoint().rejected(429, {}, json.dumps(body)), Endpoint().complained(body)]
    assert [type(error) for error in errors] == [EndpointRefused, EndpointRefused]
    assert [error.hint for error in errors] == ["the account has no credit left"] * 2


@pytest.mark.parametrize("status", [401, 402, 403, 404])
def test_what_is_wrong_for_every_request_refuses_them_all(status: int) -> None:
    error = Endpoint(key="sk-1").rejected(status, {}, "")
    assert isinstance(error, EndpointRefused)
    assert (error.status, error.exit_code) == (status, 3)
    assert isinstance(Endpoint().complained({"error": {"code": status}}), EndpointRefused)


def test_what_is_left_of_the_limits_comes_with_the_error() -> None:
    error = rejected(429, {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "6m0s"})
    assert error.pace == Pace(requests_left=0, requests_reset=360.0)
