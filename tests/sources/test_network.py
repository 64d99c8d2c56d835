"""Tests of the network fetcher against a local server that public-looking names are led to."""

import gzip
import re
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any

import httpcore2
import pytest

from decomposer.errors import AddressRefused, SourceError
from decomposer.ports import Fetched
from decomposer.sources.addresses import refusal
from decomposer.sources.network import Network

pytestmark = pytest.mark.block_network(allowed_hosts=["127.0.0.1"])

SSRF = Path(__file__).parents[3] / "shared" / "injections" / "payloadsallthethings" / "ssrf.md"
PUBLIC = "93.184.216.34"
LARGE = 10 * 1024 * 1024

Answer = tuple[int, dict[str, str], bytes]


class Server(ThreadingHTTPServer):
    """Answers paths from `answers` and remembers the headers it was asked with."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, Answer] = {}
        self.headers: list[dict[str, str]] = []


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.headers.append({name.lower(): value for name, value in self.headers.items()})
        status, headers, body = self.server.answers.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        pass


class Stream(httpcore2.NetworkStream):
    """A plain connection that takes down whom TLS would have been spoken with."""

    def __init__(self, stream: httpcore2.NetworkStream, hosts: list[str | None]) -> None:
        self.stream, self.hosts = stream, hosts

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, timeout)

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        self.hosts.append(server_hostname)
        return self


class Backend(httpcore2.NetworkBackend):
    """Leads every connection to the local server and takes down where it was meant to go."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.addresses: list[tuple[str, int]] = []
        self.hosts: list[str | None] = []
        self.dead: set[str] = set()

    def connect_tcp(self, host: str, port: int, *args: Any, **options: Any) -> httpcore2.NetworkStream:
        self.addresses.append((host, port))
        if host in self.dead:
            raise httpcore2.ConnectError("refused")
        return Stream(httpcore2.SyncBackend().connect_tcp("127.0.0.1", self.port, *args, **options), self.hosts)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def backend(server: Server) -> Backend:
    return Backend(server.server_port)


def known(names: dict[str, list[str]]) -> Callable[[str, int], list[str]]:
    """Return a resolver that knows `names`, reads numbers as the system does, and finds anything else public."""

    def resolve(host: str, port: int) -> list[str]:
        if host in names:
            return names[host]
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        except socket.gaierror:
            return [PUBLIC]
        return [str(address[0]) for *_, address in found]

    return resolve


@pytest.fixture
def network(backend: Backend) -> Network:
    return Network(resolve=known({}), backend=backend)


def test_a_page_comes_with_its_type_and_last_address(server: Server, backend: Backend, network: Network) -> None:
    server.answers["/a?b=c"] = (200, {"Content-Type": 'Text/Markdown; charset="KOI8-R"'}, b"Text.")
    fetched = network.fetch("https://example.org/a?b=c#part", accept="text/markdown")
    assert fetched == Fetched("https://example.org/a?b=c", b"Text.", "text/markdown", "KOI8-R")
    assert (backend.addresses, backend.hosts) == ([(PUBLIC, 443)], ["example.org"])
    assert (server.headers[0]["host"], server.headers[0]["accept"]) == ("example.org", "text/markdown")


def test_no_cookies_proxies_or_credentials_are_used(
    server: Server, network: Network, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine example.org login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    server.answers["/a"] = (302, {"Location": "/b", "Set-Cookie": "a=b"}, b"")
    server.answers["/b"] = (200, {}, b"Text.")
    assert network.fetch("http://example.org/a") == Fetched("http://example.org/b", b"Text.")
    assert [sorted(headers) for headers in server.headers] == [["accept", "accept-encoding", "host", "user-agent"]] * 2


def test_the_next_address_is_tried_where_one_is_dead(server: Server, backend: Backend) -> None:
    backend.dead = {"2606:4700::1"}
    server.answers["/"] = (200, {}, b"Text.")
    names = {"example.org": ["2606:4700::1", PUBLIC]}
    assert Network(resolve=known(names), backend=backend).fetch("http://example.org") is not None
    assert backend.addresses == [("2606:4700::1", 80), (PUBLIC, 80)]


def test_one_private_address_among_public_ones_is_enough_to_refuse(backend: Backend) -> None:
    network = Network(resolve=known({"example.org": [PUBLIC, "10.0.0.1"]}), backend=backend)
    with pytest.raises(AddressRefused, match=r"example.org is 10.0.0.1 \(private\); only public addresses"):
        network.fetch("https://example.org/")
    assert backend.addresses == []


def test_the_address_that_was_checked_is_the_one_connected_to(server: Server, backend: Backend) -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    server.answers["/"] = (200, {}, b"Text.")
    Network(resolve=lambda host, port: next(answers), backend=backend).fetch("http://rebinding.example/")
    assert backend.addresses == [(PUBLIC, 80)]


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.1/", "http://localhost.example/", "//[::1]/", "http://0x7f000001/", "http://2852039166/", "http://127.1/",
     "http://example.org:8080/", "http://user@example.org/", "http://[::ffff:10.0.0.1]/"],
)  # fmt: skip
def test_every_redirect_is_checked_again(target: str, server: Server, backend: Backend) -> None:
    server.answers["/"] = (307, {"Location": target}, b"")
    network = Network(resolve=known({"localhost.example": ["127.0.0.1"]}), backend=backend)
    with pytest.raises(AddressRefused):
        network.fetch("http://example.org/")
    assert backend.addresses == [(PUBLIC, 80)]


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "gopher://example.org/", "http://", "http://[", "jar:http://x!/", "\\\\x"]
)
def test_a_redirect_to_something_else_than_a_page_is_an_error(target: str, server: Server, network: Network) -> None:
    server.answers["/"] = (302, {"Location": target}, b"")
    with pytest.raises(SourceError):
        network.fetch("http://example.org/")


def test_a_redirect_from_https_to_http_is_refused(server: Server, network: Network) -> None:
    server.answers["/"] = (302, {"Location": "http://example.org/b"}, b"")
    with pytest.raises(AddressRefused, match="redirects to plain http"):
        network.fetch("https://example.org/")


def test_five_redirects_are_followed_and_six_are_not(server: Server, network: Network) -> None:
    for number in range(6):
        server.answers[f"/{number}"] = (301, {"Location": f"/{number + 1}"}, b"")
    server.answers["/6"] = (200, {}, b"Text.")
    assert network.fetch("http://example.org/1") == Fetched("http://example.org/6", b"Text.")
    with pytest.raises(SourceError, match=r"^http://example.org/0: more than 5 redirects"):
        network.fetch("http://example.org/0")


def test_what_is_missing_is_none_only_where_that_is_fine(network: Network) -> None:
    assert network.fetch("http://example.org/x", missing_ok=True) is None
    with pytest.raises(SourceError, match=r"^http://example.org/x: there is nothing at this address \(404\)"):
        network.fetch("http://example.org/x")


@pytest.mark.parametrize(
    ("status", "hint"),
    [
        (401, "it may be private, gated or misspelt"),
        (429, "try again later"),
        (503, "try again later"),
        (418, "check the address"),
    ],
)
def test_another_status_is_an_error_with_a_next_step(status: int, hint: str, server: Server, network: Network) -> None:
    server.answers["/"] = (status, {}, b"no")
    with pytest.raises(SourceError) as caught:
        network.fetch("http://example.org/", missing_ok=True)
    assert str(caught.value) == f"http://example.org/: the site answered {status}; {hint}"


def test_compressed_pages_are_read(server: Server, network: Network) -> None:
    server.answers["/"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(b"Text. " * 100_000))
    fetched = network.fetch("http://example.org/")
    assert fetched is not None
    assert fetched.body == b"Text. " * 100_000


@pytest.mark.parametrize(
    ("headers", "body", "message"),
    [
        ({}, b"x" * (LARGE + 1), "larger than 10 MB"),
        ({"Content-Encoding": "gzip"}, gzip.compress(bytes(LARGE + 1)), "larger than 10 MB"),
        ({"Content-Encoding": "gzip"}, gzip.compress(b"Text.")[:-9], "the answer broke off"),
        ({"Content-Encoding": "gzip"}, b"not gzip at all", "incorrect header check"),
        ({"Content-Encoding": "gzip, gzip"}, b"", "compressed as 'gzip, gzip', which was not asked for"),
        ({"Content-Encoding": "br"}, b"", "compressed as 'br', which was not asked for"),
        ({"Content-Length": "5"}, b"x", "http://example.org/: "),
    ],
    ids=["large", "bomb", "cut off", "not gzip", "layers", "brotli", "short"],
)
def test_a_body_that_is_too_large_or_broken_is_an_error(
    headers: dict[str, str], body: bytes, message: str, server: Server, network: Network
) -> None:
    server.answers["/"] = (200, {"Connection": "close", **headers}, body)
    with pytest.raises(SourceError, match=re.escape(message)):
        network.fetch("http://example.org/")


def test_ten_megabytes_are_read(server: Server, network: Network) -> None:
    server.answers["/"] = (200, {}, b"x" * LARGE)
    fetched = network.fetch("http://example.org/")
    assert fetched is not None
    assert len(fetched.body) == LARGE


@pytest.mark.parametrize("step", [3, 5, 7, 21])
def test_the_time_is_counted_over_everything(step: int, server: Server, backend: Backend) -> None:
    server.answers["/"] = (200, {}, b"x" * 1_000_000)
    network = Network(resolve=known({}), backend=backend, clock=count(0, step).__next__)
    with pytest.raises(SourceError, match=r"^http://example.org/: no answer within 20 s; try again later$"):
        network.fetch("http://example.org/")


def test_a_host_that_is_not_known_is_an_error(backend: Backend) -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(SourceError, match=r"^https://nowhere.example/: the host nowhere.example is not known"):
        Network(resolve=unknown, backend=backend).fetch("https://nowhere.example/")


def test_a_server_that_does_not_answer_is_an_error(backend: Backend, network: Network) -> None:
    backend.dead = {PUBLIC}
    with pytest.raises(SourceError, match=r"^http://example.org/: refused; check the address, or try later$"):
        network.fetch("http://example.org/")


@pytest.mark.parametrize(
    "url",
    ["", "example.org", "file:///etc/passwd", "gopher://127.0.0.1:25/_x", "dict://127.0.0.1/", "http:127.0.0.1/", "http://",
     "https://[", "http://a b/", "http://a\n.org/", "http://127.1.1.1:80\\@127.2.2.2:80/",
     "http://1.1.1.1 &@2.2.2.2# @3.3.3.3/", "http://user:secret@example.org/", "http://@example.org/",
     "http://example.org:22/", "https://example.org:80/", "http://example.org:99999999/",
     "http://" + "a" * 300 + ".org/"],
)  # fmt: skip
def test_an_address_that_is_not_plainly_of_the_web_is_refused(url: str, backend: Backend) -> None:
    def resolve(host: str, port: int) -> list[str]:
        return known({})(host.encode("idna").decode(), port)

    with pytest.raises(SourceError) as caught:
        Network(resolve=resolve, backend=backend).fetch(url)
    assert backend.addresses == []
    assert "secret" not in str(caught.value)


@pytest.mark.skipif(not SSRF.is_file(), reason="../shared/injections is not beside this checkout")
def test_no_address_of_the_public_attack_list_reaches_a_private_host(server: Server, backend: Backend) -> None:
    private = ("localhost", "localtest.me", "localh.st", "ip6-localhost", "ip6-loopback", "127.0.0.1.nip.io")
    network = Network(resolve=known({name: ["127.0.0.1"] for name in private}), backend=backend)
    urls = re.findall(r"\b[a-z]+:(?://)?[^\s`|)\"'<>]+", SSRF.read_text(encoding="utf-8"))
    attacks = [url for url in urls if "github.com" not in url and "web.archive.org" not in url]
    assert len(attacks) > 60
    for url in attacks:
        try:
            network.fetch(url, missing_ok=True)
        except SourceError:
            continue
    assert {refusal(address) for address, _ in backend.addresses} == {None}
