"""Place figures along a line: from zero, or by powers of ten where they lie far apart."""

from collections.abc import Sequence
from math import floor, log10
from typing import NamedTuple

_FAR = 100  # times between the least and the most from which powers of ten are shown


class Scale(NamedTuple):
    """A scale from `low` to `high` with what is marked on it; by powers of ten where `log` holds."""

    low: float
    high: float
    marks: tuple[float, ...]
    log: bool = False

    def place(self, value: float) -> float:
        """Return where a value lies, 0-1."""
        if self.log:
            return (log10(value) - log10(self.low)) / (log10(self.high) - log10(self.low))
        return (value - self.low) / (self.high - self.low)


def scale(values: Sequence[float]) -> Scale:
    """Return a scale that holds all these values, which are not negative.

    It begins at zero unless all are above it and the most is over a hundred times the least.
    """
    most, least = max(values, default=0.0), min(values, default=0.0)
    if least > 0 and most / least > _FAR:
        low, high = floor(log10(least)), -floor(-log10(most))
        step = max(1, -(-(high - low) // 4))
        ends = low, low + -(-(high - low) // step) * step
        marks = tuple(float(f"1e{power}") for power in range(ends[0], ends[1] + 1, step))
        return Scale(marks[0], marks[-1], marks, log=True)
    top = rounded_up(most)
    return Scale(0.0, top, (0.0, top / 2, top))


def brief(value: float) -> str:
    """Return a round value as it is written at a scale, such as 12.5k."""
    for unit, size, least in (("M", 1e6, 1e6), ("k", 1e3, 1e4)):
        if value >= least:
            return f"{value / size:,g}{unit}"
    return f"{value:,.12f}".rstrip("0").rstrip(".")


def rounded_up(value: float) -> float:
    """Return the next of 1, 2, 4, 5, 6, 8 and 10 times a power of ten; 1 for nothing."""
    if value <= 0:
        return 1.0
    power = 10.0 ** floor(log10(value))
    digit = next((one for one in (1, 2, 4, 5, 6, 8, 10) if one * power >= value), 10)
    return digit * power
