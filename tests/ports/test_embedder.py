"""Every embedder gives rows of length 1 that say how alike texts are, whatever else is in the call."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from decomposer.embed import default_embedder, open_embedder
from decomposer.embed.openai import OpenAIEmbedder
from decomposer.errors import ConfigurationError, TransportError
from decomposer.ports import Embedder


class Server(ThreadingHTTPServer):
    """An endpoint whose vectors count letters; `broken` is a status, or what is wrong with its answers."""

    broken: int | str = ""
    requests: list[tuple[str | None, dict[str, Any]]]


class Handler(BaseHTTPRequestHandler):
    """Answers /embeddings, last text first, as the protocol allows."""

    server: Server

    def log_message(self, *_: object) -> None:
        """Print nothing."""

    def do_POST(self) -> None:
        """Answer with the letter counts of each text."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append((self.headers.get("Authorization"), body))
        rows = [
            {
                "object": "embedding",
                "index": at,
                "embedding": [float(text.lower().count(c)) for c in "abcdefghijklmnopqrst"],
            }
            for at, text in enumerate(body["input"])
        ][::-1]
        if self.server.broken == "short":
            rows = rows[1:]
        answer = json.dumps({"object": "list", "model": body["model"], "data": rows, "usage": {}}).encode()
        self.send_response(self.server.broken if isinstance(self.server.broken, int) else 200)
        self.send_header("Content-Type", "application/json")
        content = b'{"data": "nonsense"}' if self.server.broken == "garbled" else answer
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture
def server() -> Iterator[Server]:
    """Return a running endpoint."""
    server = Server(("127.0.0.1", 0), Handler)
    server.requests = []
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def at(server: Server, key: str | None = None) -> OpenAIEmbedder:
    return OpenAIEmbedder("m", base_url=f"http://127.0.0.1:{server.server_address[1]}/v1", api_key=key)


@pytest.fixture(params=["wordllama", "openai"])
def embedder(request: pytest.FixtureRequest, server: Server) -> Embedder:
    """Return each embedder in turn."""
    if request.param == "wordllama":
        pytest.importorskip("wordllama")
        return open_embedder("wordllama")
    return at(server)


pytestmark = pytest.mark.block_network(allowed_hosts=["127.0.0.1"])


def test_rows_have_length_one_in_the_order_of_the_texts(embedder: Embedder) -> None:
    rows = embedder.embed(["a cat sat", "tensor", "a cat sat", ""])
    assert rows.shape[0] == 4
    assert rows.dtype == "float32"
    assert [round(float(row @ row), 4) for row in rows[:3]] == [1.0, 1.0, 1.0]
    assert (rows[0] == rows[2]).all()
    assert not rows[3].any()


def test_a_row_does_not_depend_on_the_others(embedder: Embedder) -> None:
    alone = embedder.embed(["text to image"])[0]
    among = embedder.embed(["a longer text that comes before", "text to image"])[1]
    assert float(alone @ among) == pytest.approx(1.0, abs=1e-5)


def test_no_texts_are_no_rows(embedder: Embedder) -> None:
    assert embedder.embed([]).shape[0] == 0


def test_wordllama_knows_what_words_mean_and_leaves_logging_as_it_was() -> None:
    pytest.importorskip("wordllama")
    import logging

    before = (logging.getLogger().level, logging.getLogger().handlers[:])
    found = default_embedder()
    assert found is not None
    cat, kitten, database = found.embed(["a small cat", "a kitten", "SQL database migration"])
    assert cat @ kitten > cat @ database + 0.2
    assert (logging.getLogger().level, logging.getLogger().handlers) == before


def test_a_key_is_sent_only_where_there_is_one(server: Server) -> None:
    at(server).embed(["a"])
    at(server, key="k1").embed(["a"])
    assert [authorization for authorization, _ in server.requests] == [None, "Bearer k1"]
    assert server.requests[0][1] == {"model": "m", "input": ["a"], "encoding_format": "float"}
    assert at(server).name == "openai/m"


def test_many_texts_are_asked_for_in_parts_and_each_once(server: Server) -> None:
    at(server).embed([f"text {number}" for number in range(300)] * 2)
    assert [len(body["input"]) for _, body in server.requests] == [256, 44]


@pytest.mark.parametrize(
    ("broken", "message", "retryable"),
    [
        (401, "127.0.0.1 answered 401", False),
        (429, "127.0.0.1 answered 429", True),
        (503, "127.0.0.1 answered 503", True),
        ("short", "sent 1 vectors for 2 texts", False),
        ("garbled", "gave no embeddings", False),
    ],
)
def test_an_endpoint_that_gives_no_vectors_is_an_error_with_a_next_step(
    server: Server, broken: int | str, message: str, retryable: bool
) -> None:
    server.broken = broken
    with pytest.raises(TransportError, match=message) as caught:
        at(server, key="secret-key").embed(["a", "b"])
    assert caught.value.retryable == retryable
    assert "secret-key" not in str(caught.value)


def test_nobody_at_home_may_be_asked_again() -> None:
    with pytest.raises(TransportError, match="gave no embeddings") as caught:
        OpenAIEmbedder("m", base_url="http://127.0.0.1:9/v1", api_key=None).embed(["a"])
    assert caught.value.retryable


@pytest.mark.parametrize(("name", "url"), [("other", None), ("openai/", None), ("openai/m", "nonsense")])
def test_an_embedder_that_can_not_be_opened_is_refused(name: str, url: str | None) -> None:
    with pytest.raises(ConfigurationError):
        open_embedder(name, base_url=url)
