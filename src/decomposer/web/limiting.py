"""Keep the API to those it is for: no other site's pages, nobody without the token, and nobody too often."""

import hmac
import ipaddress
import secrets
import time
from collections.abc import Mapping
from hashlib import blake2b
from math import ceil

from fastapi import Response
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.datastructures import Headers, MutableHeaders

from decomposer.web.problems import problem
from decomposer.web.security import Access, App, Message, Receive, Scope, Send

RATE = 60
MOST_AT_ONCE = 20
"""Requests that are answered at the same time: the review has threads of its own left, whatever programs ask."""
BUCKETS = 8192
"""How many counters there are at most. Addresses that fall into one share it: what is remembered stays small."""
_MINUTE = 60


class Limits:
    """Counts requests by address, so many a minute, over a sliding window. Safe for several threads."""

    def __init__(self, rate: int = RATE) -> None:
        self.rate = rate
        self._item = RateLimitItemPerMinute(rate)
        self._window = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._secret = secrets.token_bytes(16)

    def take(self, address: str) -> tuple[bool, int, int]:
        """Count a request; return whether it may be answered, how many are left, and seconds until one more is."""
        bucket = self.bucket(address)
        allowed = self._window.hit(self._item, bucket)
        stats = self._window.get_window_stats(self._item, bucket)
        return allowed, max(0, stats.remaining), max(1, ceil(stats.reset_time - time.time()))

    def bucket(self, address: str) -> str:
        """Return the counter of an address: nobody can choose one who does not know the secret of this server."""
        digest = blake2b(_network(address).encode(), key=self._secret, digest_size=8).digest()
        return str(int.from_bytes(digest) % BUCKETS)


class Doorkeeper:
    """ASGI middleware of the API: refuses before anything is read, and says with every answer how many are left."""

    def __init__(self, app: App, *, access: Access, limits: Limits) -> None:
        self._app = app
        self._access = access
        self._limits = limits
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        allowed, left, seconds = self._limits.take((scope.get("client") or ("",))[0])
        told = {
            "ratelimit-policy": f'"minute";q={self._limits.rate};w={_MINUTE}',
            "ratelimit": f'"minute";r={left};t={seconds}',
        }
        send = _with(told, send)
        refused = self._refusal(headers, allowed=allowed, seconds=seconds)
        if refused is not None:
            await refused(scope, receive, send)
            return
        self._under_way += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._under_way -= 1

    def _refusal(self, headers: Headers, *, allowed: bool, seconds: int) -> Response | None:
        if not allowed:
            detail = f"More than {self._limits.rate} requests came from your address within a minute."
            return problem(429, detail, hint="wait as long as Retry-After says", headers={"retry-after": str(seconds)})
        if not _own(headers):
            return problem(403, "Pages of other sites can't use this API.", hint="ask from a program, not from a page")
        if not self._known(headers):
            hint, wanted = (
                "send the token of this server as `Authorization: Bearer TOKEN`",
                {"www-authenticate": "Bearer"},
            )
            return problem(401, "The token of this server is needed.", hint=hint, headers=wanted)
        if self._under_way >= MOST_AT_ONCE:
            return problem(503, "Too much is being asked at once.", headers={"retry-after": "1"})
        return None

    def _known(self, headers: Headers) -> bool:
        token = self._access.token
        if token is None:
            return True
        scheme, _, given = headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())


def _own(headers: Headers) -> bool:
    """Say whether no page of another site asks: browsers tell where a request is from, programs do not."""
    if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        return False
    origin = headers.get("origin")
    return origin is None or origin.partition("://")[2].lower() == headers.get("host", "").lower()


def _network(address: str) -> str:
    """Return what counts as one place: an IPv6 host has a whole network of addresses to itself."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(getattr(found, "ipv4_mapped", None) or found)


def _with(told: Mapping[str, str], send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message.setdefault("headers", []))
            for name, value in told.items():
                headers[name] = value
        await send(message)

    return sent
