"""Know which requests of a process are under way, so that one that lacks money can wait for the others."""

from dataclasses import dataclass, field
from threading import Condition


@dataclass
class UnderWay:
    """Who is sending: a request that the budget has no room for waits until one of these is settled."""

    changed: Condition = field(default_factory=Condition)
    count: int = 0
    settled: int = 0

    def enter(self) -> int:
        """Note that a request is about to be sent, and return how many have been settled so far."""
        with self.changed:
            self.count += 1
            return self.settled

    def leave(self, *, sent: bool) -> None:
        """Note that it has ended, or was not `sent` at all."""
        with self.changed:
            self.count -= 1
            self.settled += sent
            self.changed.notify_all()

    def wait(self, seen: int) -> bool:
        """Wait until more than `seen` are settled and return True, or False as soon as none is under way."""
        with self.changed:
            self.changed.wait_for(lambda: self.settled != seen or self.count == 0)
            return self.settled != seen
