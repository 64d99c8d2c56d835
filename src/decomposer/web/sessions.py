"""Remember who is signed in: sessions in memory, each with a CSRF token of its own; a restart signs everybody out."""

import hmac
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from time import monotonic

MOST = 1000
IDLE = 12 * 3600.0


@dataclass(slots=True)
class Session:
    """A person at work. `notice` is what the next page says first, `seen` is when the last request came.

    `ahead` is what the review keeps at hand for the next request.
    """

    name: str
    seen: float
    notice: str = ""
    ahead: object = None


class Sessions:
    """The sessions of one server, by the secret that the cookie holds. Safe for several threads."""

    def __init__(self, *, clock: Callable[[], float] = monotonic, most: int = MOST, idle: float = IDLE) -> None:
        self._clock = clock
        self._most = most
        self._idle = idle
        self._secret = secrets.token_bytes(32)
        self._held: OrderedDict[str, Session] = OrderedDict()
        self._lock = Lock()

    def open(self, name: str) -> str:
        """Sign a person in and return the new session's key; the one that was idle longest makes room."""
        key = new_key()
        with self._lock:
            self._held[key] = Session(name, self._clock())
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return key

    def find(self, key: str) -> Session | None:
        """Return the session of a key, if somebody is signed in by it and was not idle for too long."""
        with self._lock:
            session = self._held.get(key)
            if session is None:
                return None
            if self._clock() - session.seen > self._idle:
                del self._held[key]
                return None
            session.seen = self._clock()
            self._held.move_to_end(key)
            return session

    def close(self, key: str) -> None:
        """Sign a person out."""
        with self._lock:
            self._held.pop(key, None)

    def token(self, key: str) -> str:
        """Return the CSRF token that goes with a key, signed in or not."""
        return hmac.digest(self._secret, key.encode(), "sha256").hex()

    def right(self, key: str, token: str) -> bool:
        """Say whether a form was made for this key."""
        return bool(key) and hmac.compare_digest(self.token(key).encode(), token.encode())


def new_key() -> str:
    """Return a fresh secret for a cookie."""
    return secrets.token_urlsafe(32)
