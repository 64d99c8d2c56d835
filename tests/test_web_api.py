"""The API answers programs with JSON, every mistake with a problem; other sites, strangers and floods get nothing."""

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from httpx2 import Response
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from decomposer.errors import CatalogError
from decomposer.publish.unfragile import SHORTEST
from decomposer.settings import Settings
from decomposer.store.engine import open_database, writing
from decomposer.web import api_examples, limiting
from decomposer.web.app import create_app
from decomposer.web.limiting import BUCKETS, MOST_AT_ONCE, Doorkeeper, Limits
from decomposer.web.security import MOST_BODY, Access, Message, Receive, Scope, Send
from decomposer.wiring import Workspace
from decomposer.wiring.answering import Answering
from decomposer.wiring.matching import Searching
from decomposer.wiring.serving import Serving
from tests.asking_api import Program
from tests.standin import Standin
from tests.webbing import INVOICES, capability, said, store, usual, workspace

TOKEN = "a-long-enough-secret-of-this-server"
NEED = "scanned invoices"
JSON = {"content-type": "application/json"}


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Workspace]:
    with workspace(tmp_path) as made:
        store(made, usual())
        yield made


@pytest.fixture
def program(work: Workspace) -> Program:
    return Program(work)


def problem(answer: Response, status: int) -> dict[str, Any]:
    """Return the problem that an answer tells of, which has to be one."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    told: dict[str, Any] = answer.json()
    assert set(told) == {"type", "title", "status", "detail", "hint", "errors"}
    assert (told["type"], told["status"]) == ("about:blank", status)
    assert told["detail"]
    assert "Traceback" not in answer.text
    return told


# --- what is answered


def test_a_search_finds_what_serves_a_need(program: Program) -> None:
    answer = program.get("/search", q=NEED, limit=2)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    found = answer.json()
    assert (found["need"], found["by"], len(found["matches"])) == (NEED, "words", 1)
    (match,) = found["matches"]
    assert (match["entry"], match["capability"]["name"], match["id"]) == (
        "papertrail", "Invoices to JSON", f"{found['id']}.1",
    )  # fmt: skip
    assert match["capability"]["description"]["evidence"][0]["quote"] == INVOICES


def test_a_need_may_be_said_in_other_words(program: Program) -> None:
    other = ["Invoice data extraction", "scanned  documents"]
    assert program.get("/search", q="book my receipts").json()["matches"] == []
    found = program.get("/search", q="book my receipts", also=other).json()
    assert (found["need"], found["also"]) == ("book my receipts", other)
    assert [match["capability"]["name"] for match in found["matches"]] == ["Invoices to JSON"]
    resolved = program.post("/resolve", {"intent": "book my receipts", "also": other}).json()["resolved"]
    assert [choice["capability"]["name"] for choice in resolved] == ["Invoices to JSON"]
    assert program.post("/resolve", {"intent": "book my receipts", "also": []}).json()["resolved"] == []


def test_ten_other_ways_may_stand_in_an_address(work: Workspace) -> None:
    ways = [f"{number} {'scanned ' * 60}"[:500] for number in range(10)]
    found = real(work).get("/api/v1/search", params={"q": "book my receipts", "also": ways})
    assert (found.status_code, len(found.json()["also"])) == (200, 10)
    (match,) = found.json()["matches"]
    assert match["why"][0] == "in other words: “scanned” in its description"


def test_an_address_needs_no_other_words(work: Workspace, program: Program) -> None:
    wanted = {"intent": "capability://other/nothing", "also": [NEED]}
    assert "no capability has the address" in problem(program.post("/resolve", wanted), 404)["detail"]


def test_the_server_asks_no_model_whatever_the_settings_say(tmp_path: Path) -> None:
    settings = Settings(db=str(tmp_path / "c.db"), reword="openai/lantern", api_key="k", embedder="none")
    with Workspace(settings) as work, Standin(answer={"capabilities": []}) as server:
        store(work, usual())
        work.settings = replace(settings, base_url=server.url)
        client = real(work)
        assert client.get("/api/v1/search", params={"q": NEED}).status_code == 200
        assert client.post("/api/v1/resolve", json={"intent": NEED}).status_code == 200
        assert server.requests == []


def test_filters_narrow_a_search_whatever_case_they_are_in(program: Program) -> None:
    assert len(program.get("/search", q=NEED, type="repo").json()["matches"]) == 1
    assert program.get("/search", q=NEED, type="model").json()["matches"] == []
    assert program.get("/search", q=NEED, license="MIT").json()["filters"] == {"license": "mit"}


def test_a_need_is_resolved_and_its_outcome_kept(program: Program) -> None:
    answer = program.post("/resolve", {"intent": NEED, "limit": 1})
    (choice,) = answer.json()["resolved"]
    assert choice["evidence"][0]["quote"] == INVOICES
    told = program.post("/feedback", {"id": choice["id"], "outcome": "success", "comment": "well done"})
    assert (told.status_code, told.json()) == (200, {"id": choice["id"], "outcome": "success"})
    assert program.words.told == [(choice["id"], "success", "well done")]


def test_a_passport_is_as_it_is_exported(work: Workspace, program: Program) -> None:
    body = program.get("/passport/papertrail").json()["passport"]["unfragile"]
    assert (body["@version"], body["artifact"]["slug"], body["artifact"]["verified"]) == ("1.0", "papertrail", False)
    assert [one["name"] for one in body["capabilities"]] == ["Invoices to JSON", "Line items"]
    assert problem(program.get("/passport/nothing"), 404)["hint"] == "search for it: the answers name slugs"


def manifest(description: str = "It reads invoices.") -> dict[str, Any]:
    return {
        "unfragile_version": "1.0",
        "artifact": {"name": "papertrail", "slug": "papertrail", "type": "cli"},
        "capabilities": [{"id": "papertrail.invoices", "name": "Invoices to JSON", "description": description}],
    }


def test_a_manifest_is_checked_as_json_and_as_yaml(program: Program) -> None:
    found = program.post("/validate", manifest()).json()
    assert (found["valid"], [one["path"] for one in found["errors"]]) == (False, ["capabilities[0].description"])
    assert program.post("/validate", manifest("x" * SHORTEST)).json()["valid"] is True
    text = "unfragile_version: '1.0'\nartifact: {name: a, slug: a, type: cli}\ncapabilities: []\n"
    for media_type in ("application/yaml", "application/x-yaml; charset=utf-8", "text/yaml"):
        answer = program.client.post("/api/v1/validate", content=text, headers={"content-type": media_type})
        assert [one["path"] for one in answer.json()["errors"]] == ["capabilities"]


def test_what_a_document_says_is_no_more_than_text_in_an_answer(work: Workspace) -> None:
    hostile = "invoices </script><script>alert(1)</script> \u202e\x1b]52;c;x\x07 \u2028 \x00"
    store(work, [capability("Hostile", description=said(hostile, "partial", quote=""))])
    answer = Program(work).get("/search", q=NEED)
    assert answer.json()["matches"][0]["capability"]["description"]["text"] == hostile
    for shown in ("\u202e", "\x1b", "\u2028", "\x00"):
        assert shown not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


# --- what is refused

WRONG: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("GET", "/search", {}, 422, "query.q"),
    ("GET", "/search?q=", {}, 422, "query.q"),
    ("GET", "/search?q=x", {}, 422, "query.q"),
    ("GET", f"/search?q={'x' * 501}", {}, 422, "query.q"),
    ("GET", "/search?q=%21%21", {}, 422, "query.q"),
    ("GET", "/search?q=aa&limit=0", {}, 422, "query.limit"),
    ("GET", "/search?q=aa&limit=21", {}, 422, "query.limit"),
    ("GET", f"/search?q=aa&limit={'9' * 400}", {}, 422, "query.limit"),
    ("GET", "/search?q=aa&limit=1e1", {}, 422, "query.limit"),
    ("GET", "/search?q=aa&type=elephant", {}, 422, "query.type"),
    ("GET", "/search?q=aa&price=cheap", {}, 422, "query.price"),
    ("GET", "/search?q=aa&price=unknown", {}, 422, "query.price"),
    ("GET", "/search?q=aa&colour=red", {}, 422, "query.colour"),
    ("GET", "/search?q=aa&q=bb", {}, 422, "a parameter stands twice"),
    ("GET", "/search?q=aa&also=bb&limit=1&limit=2&also=cc", {}, 422, "give each one once, but for also"),
    ("GET", "/search?q=aa&also=", {}, 422, "query.also.0"),
    ("GET", "/search?q=aa&also=bb&also=%21%21", {}, 422, "query.also.1"),
    ("GET", f"/search?q=aa&also={'x' * 501}", {}, 422, "at most 500 characters"),
    ("GET", f"/search?q=aa{'&also=bb' * 11}", {}, 422, "query.also"),
    ("GET", "/passport/papertrail?also=aa", {}, 422, "takes no parameters"),
    ("POST", "/resolve", {"json": {"intent": "aa", "also": "bb"}}, 422, "body.also"),
    ("POST", "/resolve", {"json": {"intent": "aa", "also": ["bb", 5]}}, 422, "body.also.1"),
    ("POST", "/resolve", {"json": {"intent": "aa", "also": ["bb"] * 11}}, 422, "body.also"),
    ("POST", "/resolve", {"json": {"intent": "aa", "also": ["x" * 501]}}, 422, "at most 500 characters"),
    ("POST", "/resolve", {"content": '{"intent":"aa","also":["a\\ud800a"]}', "headers": JSON}, 422, "body.also.0"),
    ("GET", "/passport/papertrail?x=1", {}, 422, "takes no parameters"),
    ("GET", f"/passport/{'x' * 301}", {}, 422, "path.slug"),
    ("GET", "/passport/%00", {}, 404, "no artifact is published"),
    ("GET", "/passport/..%2f..%2fetc%2fpasswd", {}, 404, "no such address"),
    ("GET", "/nowhere", {}, 404, "no such address"),
    ("POST", "/search?q=aa", {}, 405, "in this way"),
    ("DELETE", "/passport/papertrail", {}, 405, "in this way"),
    ("GET", "/resolve", {}, 405, "in this way"),
    ("PATCH", "/feedback", {}, 405, "in this way"),
    ("POST", "/resolve", {"content": "{", "headers": JSON}, 400, "no JSON"),
    ("POST", "/resolve", {"content": b"\xff\xfe", "headers": JSON}, 400, "no JSON"),
    ("POST", "/resolve", {"content": "[" * 100_000, "headers": JSON}, 400, "can't be read"),
    ("POST", "/resolve", {"content": '{"intent":"aa","limit":' + "9" * 5000 + "}", "headers": JSON}, 400, "be read"),
    ("POST", "/resolve", {"content": '{"intent":"aa","limit":1e999}', "headers": JSON}, 422, "body.limit"),
    ("POST", "/resolve", {"content": '{"intent":"aa","limit":NaN}', "headers": JSON}, 422, "body.limit"),
    ("POST", "/resolve", {"content": '{"intent":"a\\ud800a"}', "headers": JSON}, 422, "body.intent"),
    ("POST", "/resolve", {"json": {"intent": "aa", "limit": 10**30}}, 422, "body.limit"),
    ("POST", "/resolve", {"json": {"intent": ["aa"]}}, 422, "body.intent"),
    ("POST", "/resolve", {"json": []}, 422, "body"),
    ("POST", "/resolve", {"json": {"intent": "aa", "risk": "brave"}}, 422, "body.risk"),
    ("POST", "/resolve", {"json": {"intent": "aa", "extra": 1}}, 422, "body.extra"),
    ("POST", "/resolve", {"json": {"intent": "capability://other/nothing"}}, 404, "no capability has the address"),
    ("POST", "/resolve", {"content": "", "headers": JSON}, 422, "body"),
    ("POST", "/resolve", {}, 415, "application/json"),
    ("POST", "/resolve", {"data": {"intent": "aa"}}, 415, "application/json"),
    ("POST", "/resolve", {"content": '{"intent":"aa"}', "headers": {"content-type": "text/plain"}}, 415, "/json"),
    ("POST", "/feedback", {"data": {"id": "aaaaaaaaaa.1", "outcome": "success"}}, 415, "application/json"),
    ("POST", "/feedback", {"json": {"id": "1", "outcome": "success"}}, 422, "body.id"),
    ("POST", "/feedback", {"json": {"id": "aaaaaaaaaa.1", "outcome": "maybe"}}, 422, "body.outcome"),
    ("POST", "/feedback", {"json": {"id": "aaaaaaaaaa.1", "outcome": "success", "comment": "x" * 501}}, 422, "comment"),
    ("POST", "/feedback", {"json": {"id": "aaaaaaaaaa.1", "outcome": "success"}}, 404, "no such answer was given"),
    ("POST", "/validate", {"json": ["a"]}, 422, "a manifest is an object"),
    ("POST", "/validate", {"content": "[" * 100_000, "headers": JSON}, 400, "can't be read"),
    ("POST", "/validate", {"content": "a: [1", "headers": {"content-type": "text/yaml"}}, 422, "not a manifest"),
    ("POST", "/validate", {"content": "a: &a [*a, *a]", "headers": {"content-type": "text/yaml"}}, 422, "aliases"),
    ("POST", "/validate", {"content": "[" * 9999, "headers": {"content-type": "text/yaml"}}, 422, "nested deeper"),
    ("POST", "/validate", {"content": "x", "headers": {"content-type": "text/html"}}, 415, "application/yaml"),
]


@pytest.mark.parametrize(("method", "path", "how", "status", "says"), WRONG)
def test_every_mistake_is_told_as_a_problem(
    program: Program, method: str, path: str, how: dict[str, Any], status: int, says: str
) -> None:
    told = problem(program.client.request(method, f"/api/v1{path}", **how), status)
    assert says in json.dumps(told), told
    assert program.words.told == []


def test_what_can_be_asked_of_an_address_is_told(program: Program) -> None:
    assert program.client.put("/api/v1/search").headers["allow"] == "GET"
    assert program.client.get("/api/v1/feedback").headers["allow"] == "POST"


@pytest.mark.parametrize("path", ["resolve", "validate", "feedback"])
def test_bodies_that_are_too_long_are_refused_also_without_a_length(program: Program, path: str) -> None:
    problem(program.client.post(f"/api/v1/{path}", content=b"x" * (MOST_BODY + 1), headers=JSON), 413)
    pieces = (b"x" * 65_536 for _ in range(MOST_BODY // 65_536 + 2))
    problem(program.client.post(f"/api/v1/{path}", content=pieces, headers=JSON), 413)


def test_a_manifest_of_great_depth_and_width_is_checked_in_bounds(program: Program) -> None:
    deep: Any = {}
    for _ in range(400):
        deep = {"a": deep}
    wide = {"unfragile_version": "1.0", "artifact": deep, "capabilities": [*[deep] * 300, *[{}] * 3000]}
    answer = program.post("/validate", wide)
    assert (answer.status_code, answer.json()["valid"]) == (200, False)
    assert len(answer.content) < 100_000


def test_a_bug_and_a_busy_catalog_are_problems_too(work: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    program = Program(work, strict=False)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret inside")

    def busy(*_: object, **__: object) -> None:
        raise CatalogError("folder/catalog.db: is in use by another process")

    monkeypatch.setattr(program.words, "find", broken)
    assert "secret" not in json.dumps(problem(program.get("/search", q=NEED), 500))
    monkeypatch.setattr(program.words, "find", busy)
    answer = program.get("/search", q=NEED)
    assert "catalog.db" not in json.dumps(problem(answer, 503))
    assert answer.headers["retry-after"] == "5"


# --- who may ask


def test_a_server_with_a_token_answers_who_has_it(work: Workspace) -> None:
    program = Program(work, access=Access(token=TOKEN))
    for headers in (
        {}, {"authorization": "Bearer wrong"}, {"authorization": TOKEN}, {"authorization": f"Basic {TOKEN}"},
        {"authorization": f"Bearer {TOKEN}x"}, {"authorization": "Bearer \xe9"}, {"cookie": f"decomposer={TOKEN}"},
    ):  # fmt: skip
        for path in ("/search?q=aa", "/openapi.json", "/nowhere"):
            given = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
            answer = program.client.get(f"/api/v1{path}", headers=given)
            assert TOKEN not in json.dumps(problem(answer, 401))
            assert answer.headers["www-authenticate"] == "Bearer"
    for scheme in ("Bearer", "bearer"):
        assert program.get("/search", q=NEED, headers={"authorization": f"{scheme} {TOKEN}"}).status_code == 200


def test_pages_of_other_sites_can_neither_search_nor_tell_feedback(program: Program) -> None:
    for headers in (
        {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"},
        {"origin": "null"}, {"origin": "http://localhost.evil.example"}, {"origin": "http://[x"},
    ):  # fmt: skip
        problem(program.get("/search", q=NEED, headers=headers), 403)
        problem(program.post("/feedback", {"id": "aaaaaaaaaa.1", "outcome": "success"}, headers=headers), 403)
    assert program.words.hits == {}
    for headers in ({"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}, {"origin": "http://localhost"}):
        assert program.get("/search", q=NEED, headers=headers).status_code == 200


def test_a_server_answers_to_its_names_alone(program: Program) -> None:
    told = problem(program.get("/search", q=NEED, headers={"host": "evil.example"}), 421)
    assert "not known by that name" in told["detail"]


def test_no_cookie_is_set_or_used(program: Program) -> None:
    assert "set-cookie" not in program.get("/search", q=NEED).headers


# --- how often


def test_after_so_many_requests_in_a_minute_one_has_to_wait(work: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_800_000_001.0
    monkeypatch.setattr(time, "time", lambda: now)
    program = Program(work, rate=3)
    left = [program.get("/passport/papertrail").headers["ratelimit"] for _ in range(3)]
    assert left == ['"minute";r=2;t=59', '"minute";r=1;t=59', '"minute";r=0;t=59']
    refused = program.get("/passport/papertrail")
    assert "More than 3 requests" in problem(refused, 429)["detail"]
    assert (refused.headers["retry-after"], refused.headers["ratelimit-policy"]) == ("59", '"minute";q=3;w=60')
    problem(program.get("/nowhere"), 429)
    assert program.client.get("/login").status_code == 200
    now += 121
    assert program.get("/passport/papertrail").status_code == 200


def test_each_address_has_its_own_count_and_an_ipv6_network_has_one() -> None:
    limits = Limits(1)
    assert [limits.take("192.0.2.1")[0], limits.take("192.0.2.1")[0]] == [True, False]
    assert limits.bucket("2001:db8::1") == limits.bucket("2001:db8::ffff:2")
    assert limits.bucket("2001:db8::1") != limits.bucket("2001:db8:0:1::1")
    assert limits.bucket("::ffff:192.0.2.1") == limits.bucket("192.0.2.1")
    assert limits.bucket("fe80::1%eth0") == limits.bucket("fe80::2")


def test_what_is_remembered_of_addresses_is_bounded() -> None:
    limits = Limits(5)
    for number in range(30_000):
        limits.take(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    counters = limits._window.storage.storage  # type: ignore[attr-defined]
    assert len(counters) <= 2 * BUCKETS
    assert Limits(5).bucket("192.0.2.1") != limits.bucket("192.0.2.1") or limiting.BUCKETS == 1


def test_too_much_at_once_is_refused_and_not_queued() -> None:
    answered: list[int] = []

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            answered.append(message["status"])

    async def run() -> None:
        go = asyncio.Event()

        async def slow(scope: Scope, receive: Receive, send: Send) -> None:
            await go.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})

        async def nothing() -> Message:
            return {"type": "http.disconnect"}

        door = Doorkeeper(slow, access=Access(), limits=Limits(1000))
        scope = {"type": "http", "path": "/api/v1/search", "headers": [], "client": ("192.0.2.1", 1)}
        waiting = [asyncio.ensure_future(door(dict(scope), nothing, told)) for _ in range(MOST_AT_ONCE)]
        await asyncio.sleep(0)
        await door(dict(scope), nothing, told)
        assert answered == [503]
        go.set()
        await asyncio.gather(*waiting)
        await door(dict(scope), nothing, told)

    asyncio.run(run())
    assert answered == [503, *[200] * (MOST_AT_ONCE + 1)]


# --- what is at hand


def test_an_answer_that_is_at_hand_is_not_sent_again(program: Program) -> None:
    first = program.get("/passport/papertrail")
    tag = first.headers["etag"]
    assert (tag[0], first.headers["cache-control"]) == ('"', "private, no-cache")
    for given in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = program.get("/passport/papertrail", headers={"if-none-match": given})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    for given in ("", '"other"', tag[:-2] + '"', "nonsense"):
        assert program.get("/passport/papertrail", headers={"if-none-match": given}).status_code == 200


def test_a_passport_that_has_changed_has_another_tag(work: Workspace, program: Program) -> None:
    tag = program.get("/passport/papertrail").headers["etag"]
    store(work, [capability("Something else")])
    again = program.get("/passport/papertrail", headers={"if-none-match": tag})
    assert (again.status_code, again.headers["etag"] == tag) == (200, False)


def test_the_same_search_has_the_same_tag_though_it_is_counted_again(work: Workspace) -> None:
    client = real(work)
    tag = client.get("/api/v1/search", params={"q": NEED}).headers["etag"]
    assert tag.startswith('W/"')
    again = client.get("/api/v1/search", params={"q": NEED}, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/api/v1/search", params={"q": "line items"}).headers["etag"] != tag
    assert Searching(work, words_only=True).matched("papertrail").times == 3


def real(work: Workspace) -> TestClient:
    """Return a program that asks the real search."""
    searching = Searching(work, words_only=True, waits=False)
    searching.catch_up()
    faces = Serving(work, answering=Answering(work, searching=searching))
    return TestClient(create_app(faces, access=Access(), limits=Limits(10_000)), base_url="http://localhost")


def test_a_search_does_not_wait_for_who_writes(work: Workspace) -> None:
    client = real(work)
    store(work, [capability("Invoices to XML", slug="other")], slug="other")  # so that there is something to bring in
    other = open_database(work.settings.db)
    with writing(other):
        answer = client.get("/api/v1/search", params={"q": NEED})
        assert (answer.status_code, answer.json()["matches"][0]["entry"]) == (200, "papertrail")
        assert client.post("/api/v1/resolve", json={"intent": NEED}).status_code == 200
        assert client.get("/api/v1/passport/papertrail").status_code == 200
        assert client.get("/catalog/entry", params={"slug": "papertrail"}).status_code == 200
    other.dispose()


# --- its description


def document(program: Program) -> dict[str, Any]:
    answer = program.get("/openapi.json")
    assert answer.headers["etag"]
    found: dict[str, Any] = answer.json()
    return found


def test_the_description_names_every_address_and_every_answer(program: Program) -> None:
    found = document(program)
    assert found["openapi"].startswith("3.1")
    codes = {
        f"{method.upper()} {path}": set(one["responses"])
        for path, item in found["paths"].items()
        for method, one in item.items()
    }
    always = {"200", "403", "405", "421", "422", "429", "500", "503"}
    body = {"400", "413", "415"}
    assert codes == {
        "GET /api/v1/search": always | {"304"},
        "POST /api/v1/resolve": always | body | {"404"},
        "GET /api/v1/passport/{slug}": always | {"304", "404"},
        "POST /api/v1/validate": always | body,
        "POST /api/v1/feedback": always | body | {"404"},
    }
    assert "securitySchemes" not in found["components"]


def test_a_server_with_a_token_says_so_in_its_description(work: Workspace) -> None:
    program = Program(work, access=Access(token=TOKEN))
    found = program.get("/openapi.json", headers={"authorization": f"Bearer {TOKEN}"}).json()
    assert found["security"] == [{"token": []}]
    assert "401" in found["paths"]["/api/v1/search"]["get"]["responses"]
    assert TOKEN not in json.dumps(found)


def test_its_examples_can_be_sent(program: Program) -> None:
    for asked in api_examples.WANTED.values():
        assert program.post("/resolve", asked["value"]).status_code in (200, 404)
    for asked in api_examples.FEEDBACK.values():
        problem(program.post("/feedback", asked["value"]), 404)
    assert program.post("/validate", api_examples.MANIFEST).status_code == 200


def conforming(program: Program, *, examples: int, token: str = "") -> tuple[int, list[str]]:
    """Return how many requests schemathesis made by the description, with every check on, and what failed."""
    config = SchemathesisConfig.from_dict(
        {
            "seed": 1,
            "headers": {"host": "localhost"},
            **({"auth": {"openapi": {"token": {"bearer": token}}}} if token else {}),
            "checks": {"enabled": True},
            "generation": {"mode": "all", "max-examples": examples, "database": "none"},
            "continue-on-failure": True,
        }
    )
    opening = {"host": "localhost", **({"authorization": f"Bearer {token}"} if token else {})}
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", program.app, config=config, headers=opening)
    requests, wrong = 0, []
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError):
            wrong.append(f"{event.label}: {event.value!r}")
        elif isinstance(event, events.FatalError):
            wrong.append(repr(event.exception))
        elif isinstance(event, events.ScenarioFinished):
            requests += len(event.recorder.interactions)
            for checks in event.recorder.checks.values():
                wrong += [
                    f"{event.label}: {one.name}: {one.failure_info.failure.message}\n{one.failure_info.code_sample}"
                    for one in checks
                    if one.failure_info is not None
                ]
    return requests, wrong


@pytest.mark.slow
def test_the_api_does_what_its_description_says(program: Program) -> None:
    requests, wrong = conforming(program, examples=3)
    assert wrong == []
    assert requests > 200


@pytest.mark.slow
def test_the_api_does_what_its_description_says_with_a_token_too(work: Workspace) -> None:
    program = Program(work, access=Access(token=TOKEN))
    requests, wrong = conforming(program, examples=20, token=TOKEN)
    assert wrong == []
    assert requests > 300


@pytest.mark.slow
def test_the_api_does_what_its_description_says_with_the_real_search(work: Workspace) -> None:
    program = Program(work)
    program.app = real(work).app  # type: ignore[assignment]
    requests, wrong = conforming(program, examples=30)
    assert wrong == []
    assert requests > 300
