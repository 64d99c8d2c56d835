"""Keep a browser review to those it is for: who may call, how much they may send, and what a page may do."""

import ipaddress
import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_BODY = 2 * 1024 * 1024
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
POLICY = "; ".join(
    (
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'",
        "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
    )
)  # fmt: skip
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
_HOST = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9._-]+))(?::\d{1,5})?")


@dataclass(frozen=True, slots=True)
class Access:
    """Who may come in. `names` are the host names that the server is called by, `token` is what a login needs.

    Without a token it is a server for this machine: whoever can reach it may review. `secure` keeps the cookie to
    TLS. `cookie` is the name of the session's cookie, `actor` the name that the login form suggests.
    """

    names: frozenset[str] = LOCAL_NAMES
    token: str | None = None
    secure: bool = False
    cookie: str = "decomposer"
    actor: str = ""

    def knows(self, host: str) -> bool:
        """Say whether a Host header names this server.

        A page elsewhere can make its own name point here (DNS rebinding), but then that name stands in the header. An
        address is no such name, and is known where a token is needed anyway.
        """
        found = _HOST.fullmatch(host)
        if found is None:
            return False
        name = (found["six"] or found["name"]).rstrip(".").lower()
        return name in self.names or (self.token is not None and _is_address(name))


class Guard:
    """ASGI middleware: refuses foreign hosts and bodies that are too long, and gives every answer its headers."""

    def __init__(self, app: App, *, access: Access, most: int = MOST_BODY) -> None:
        self._app = app
        self._access = access
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if not self._access.knows(headers.get(b"host", b"").decode("latin-1")):
            sentence = "This server is not known by that name. Open it by the address it printed."
            await _refuse(scope, send, 421, sentence)
            return
        length = headers.get(b"content-length", b"0").decode("latin-1")
        if not length.isdigit() or int(length) > self._most:
            await _refuse(scope, send, 413, "That is too long to be sent at once. Go back and send less.")
            return
        await self._app(scope, _Bounded(receive, self._most), _with_headers(send))


def is_api(scope: Scope) -> bool:
    """Say whether a program asks the API, and no person for a page."""
    path = str(scope["path"])
    return path == "/api" or path.startswith("/api/")


class TooLong(Exception):
    """A body without a stated length went over the limit."""


class _Bounded:
    """Receives until more has come than is allowed."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._left = most

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise TooLong
        return message


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = list(message.get("headers", []))
            cached = any(name.lower() == b"cache-control" for name, _ in given)
            message["headers"] = [*given, *HEADERS, *([] if cached else [(b"cache-control", b"no-store")])]
        await send(message)

    return sent


async def _refuse(scope: Scope, send: Send, status: int, sentence: str) -> None:
    media_type, body = b"text/plain; charset=utf-8", sentence
    if is_api(scope):
        title = HTTPStatus(status).phrase
        problem = {
            "type": "about:blank",
            "title": title,
            "status": status,
            "detail": sentence,
            "hint": "",
            "errors": [],
        }
        media_type, body = b"application/problem+json", json.dumps(problem)
    headers = [(b"content-type", media_type), (b"connection", b"close")]
    send = _with_headers(send)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body.encode()})


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
