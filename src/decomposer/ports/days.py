"""Keep what the catalog was on each day."""

from typing import Protocol

from decomposer.records.days import Day


class DayLog(Protocol):
    """The days of a catalog. Safe for several processes."""

    def count(self, today: str) -> Day:
        """Return what the catalog is now and keep it as that day; it is read again only where it has changed since."""
        ...

    def days(self, today: str) -> list[Day]:
        """Return the days up to today of which something is known, in order.

        On a day when nobody counted, the entries are those of today that were stored by then, and the rest is unknown.
        """
        ...
