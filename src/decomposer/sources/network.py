"""Fetch from the public web: checked and pinned addresses, few redirects, bounded size and time, no state."""

import re
import socket
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from ssl import SSLContext
from typing import Any

import httpcore2
import httpx2

from decomposer.errors import AddressRefused, SourceError
from decomposer.ports import Fetched
from decomposer.sources.addresses import refusal
from decomposer.sources.reading import LARGEST, too_large

REDIRECTS = 5
SECONDS = 20.0
PORTS = {"http": 80, "https": 443}

Resolve = Callable[[str, int], list[str]]

_STEP = 65_536
_AGENT = "decomposer (drafts catalog entries from READMEs)"


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host, as the system finds them: odd spellings of IPv4 come out as plain addresses."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Network:
    """The real `Fetch`. Every address of a host must be public, and the one that was checked is the one connected to.

    Only the standard ports (80 for http, 443 for https) are asked. No cookies, credentials, proxies or environment.
    """

    def __init__(
        self,
        *,
        resolve: Resolve = resolve,
        backend: httpcore2.NetworkBackend | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._resolve = resolve
        self._backend = backend or httpcore2.SyncBackend()
        self._clock = clock

    @cached_property
    def _tls(self) -> SSLContext:
        return httpcore2.default_ssl_context()

    def fetch(self, url: str, *, accept: str = "*/*", missing_ok: bool = False) -> Fetched | None:
        """Return the body at `url` after at most 5 redirects, at most 10 MB uncompressed, within 20 seconds.

        Raises SourceError, and AddressRefused for an address that is never asked. 404 is None where `missing_ok`.
        """
        deadline = _Deadline(self._clock, self._clock() + SECONDS)
        target = _checked(url)
        for _ in range(REDIRECTS + 1):
            try:
                answer = self._ask(target, accept, deadline)
            except httpcore2.TimeoutException as error:
                raise SourceError(f"{target}: no answer within {SECONDS:.0f} s", hint="try again later") from error
            except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError, zlib.error) as error:
                raise SourceError(
                    f"{target}: {error or type(error).__name__}", hint="check the address, or try later"
                ) from error
            if isinstance(answer, httpx2.URL):
                target = answer
                continue
            if answer is None and not missing_ok:
                raise SourceError(f"{target}: there is nothing at this address (404)", hint="check the address")
            return answer
        raise SourceError(f"{url}: more than {REDIRECTS} redirects", hint="use the address they lead to")

    def _ask(self, url: httpx2.URL, accept: str, deadline: "_Deadline") -> Fetched | httpx2.URL | None:
        """Return what one request brings: a body, the address it redirects to, or None for 404."""
        backend = _Pinned(self._backend, self._addresses(url), deadline)
        headers: list[tuple[bytes | str, bytes | str]] = [
            ("Host", url.netloc),
            ("User-Agent", _AGENT),
            ("Accept", accept),
            ("Accept-Encoding", "gzip"),
        ]
        address = httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=PORTS[url.scheme], target=url.raw_path)
        with (
            httpcore2.ConnectionPool(self._tls if url.scheme == "https" else None, network_backend=backend) as pool,
            pool.stream("GET", address, headers=headers) as response,
        ):
            said = httpx2.Headers(response.headers)
            if response.status in (301, 302, 303, 307, 308) and "location" in said:
                return _redirected(url, said["location"])
            if response.status == 404:
                return None
            if response.status != 200:
                raise _failed(url, response.status)
            media_type, charset = _content_type(said.get("content-type", ""))
            body = _body(response.iter_stream(), said.get("content-encoding", ""), str(url))
            return Fetched(str(url), body, media_type, charset)

    def _addresses(self, url: httpx2.URL) -> list[str]:
        host = url.raw_host.decode("ascii")
        try:
            found = self._resolve(host, PORTS[url.scheme])
        except (OSError, UnicodeError) as error:
            raise SourceError(
                f"{url}: the host {host} is not known", hint="check the address and the network"
            ) from error
        for address in found:
            reason = refusal(address)
            if reason:
                raise AddressRefused(
                    f"{url}: {host} is {address} ({reason})",
                    hint="only public addresses are asked; save the page and pass the file",
                )
        if not found:
            raise SourceError(f"{url}: the host {host} has no address", hint="check the address")
        return found


fetch = Network().fetch


@dataclass(frozen=True, slots=True)
class _Deadline:
    clock: Callable[[], float]
    at: float

    def left(self) -> float:
        """Return the seconds left. Raises a timeout where there are none."""
        seconds = self.at - self.clock()
        if seconds <= 0:
            raise httpcore2.ReadTimeout("out of time")
        return seconds


@dataclass(frozen=True, slots=True)
class _Pinned(httpcore2.NetworkBackend):
    """Connects to checked addresses whatever the host says, so that a second look-up can't change them."""

    backend: httpcore2.NetworkBackend
    addresses: list[str]
    deadline: _Deadline

    def connect_tcp(self, host: str, port: int, *args: Any, **options: Any) -> httpcore2.NetworkStream:
        failure: Exception = httpcore2.ConnectError(f"{host} has no address")
        for address in self.addresses:
            try:
                return _Timed(self.backend.connect_tcp(address, port, self.deadline.left()), self.deadline)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure


@dataclass(frozen=True, slots=True)
class _Timed(httpcore2.NetworkStream):
    """A connection whose every read and write ends at one deadline: a server that drips bytes gains nothing."""

    stream: httpcore2.NetworkStream
    deadline: _Deadline = field(repr=False)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, self.deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, self.deadline.left())

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _Timed(self.stream.start_tls(ssl_context, server_hostname, self.deadline.left()), self.deadline)

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)

    def close(self) -> None:
        self.stream.close()


def _checked(url: str) -> httpx2.URL:
    """Return the parsed URL. Raises SourceError for what is not plainly `http(s)://host/...` on the standard port."""
    hint = "use https://host/path"
    if re.search(r"[\x00-\x20\x7f\\]", url):
        raise SourceError(f"{url!r}: not an address of the web", hint=hint)
    try:
        parsed = httpx2.URL(url)
    except (httpx2.InvalidURL, ValueError) as error:
        raise SourceError(f"{url!r}: {error}", hint=hint) from error
    if parsed.scheme not in PORTS or not re.fullmatch(rb"[\w.:-]+", parsed.raw_host):
        raise SourceError(f"{url!r}: not an address of the web", hint=hint)
    if parsed.userinfo or re.match("[^:]*://[^/?#]*@", url):
        raise AddressRefused(f"{parsed.host}: the address carries credentials", hint="leave out the part before @")
    if parsed.port not in (None, PORTS[parsed.scheme]):
        raise AddressRefused(f"{url}: port {parsed.port} is not asked", hint="only 80 (http) and 443 (https) are")
    return parsed.copy_with(fragment=None)


def _redirected(url: httpx2.URL, location: str) -> httpx2.URL:
    try:
        target = _checked(str(url.join(location)))
    except (httpx2.InvalidURL, ValueError) as error:
        raise SourceError(f"{url}: redirects to no address", hint="use another address") from error
    if url.scheme == "https" and target.scheme == "http":
        raise AddressRefused(f"{url}: redirects to plain http", hint="use an address that stays with https")
    return target


def _failed(url: httpx2.URL, status: int) -> SourceError:
    hints = {401: "it may be private, gated or misspelt", 403: "it may be private, or the site limits requests"}
    hint = hints.get(status, "try again later" if status == 429 or status >= 500 else "check the address")
    return SourceError(f"{url}: the site answered {status}", hint=hint)


def _content_type(header: str) -> tuple[str, str | None]:
    media_type, _, rest = header.partition(";")
    charset = re.search(r"""(?i)charset\s*=\s*["']?([\w.:-]{1,40})""", rest)
    return media_type.strip().lower(), charset[1] if charset else None


def _body(chunks: Iterable[bytes], encoding: str, url: str) -> bytes:
    body = bytearray()
    for chunk in _inflated(chunks, encoding.strip().lower(), url):
        body += chunk
        if len(body) > LARGEST:
            raise too_large(url)
    return bytes(body)


def _inflated(chunks: Iterable[bytes], encoding: str, url: str) -> Iterator[bytes]:
    """Yield the bytes in small steps. One layer of compression at most: layers multiply."""
    if encoding in ("", "identity"):
        yield from chunks
        return
    if encoding not in ("gzip", "x-gzip"):
        raise SourceError(
            f"{url}: compressed as {encoding[:40]!r}, which was not asked for", hint="save the page and pass the file"
        )
    inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
    received = 0
    for chunk in chunks:
        received += len(chunk)
        if received > LARGEST:
            raise too_large(url)
        piece = inflate.decompress(chunk, _STEP)
        while piece:
            yield piece
            piece = inflate.decompress(inflate.unconsumed_tail, _STEP)
    if not inflate.eof:
        raise SourceError(f"{url}: the answer broke off", hint="try again later")
