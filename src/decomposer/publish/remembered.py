"""Remember what was written of a record of a side, for records that are compared on several pages."""

from collections.abc import Callable

from decomposer.records import Capability, Side, SourceDocument

_MOST = 1000


class Remembered:
    """Makes the text of a record once, as long as it is asked for the same object; of so many at a time."""

    def __init__(self, make: Callable[[Capability, Side], str]) -> None:
        self._make = make
        self._held: dict[int, tuple[Capability, tuple[SourceDocument, ...], str]] = {}

    def __call__(self, capability: Capability, side: Side) -> str:
        """Return what is made of a record, which depends on the documents of its side and on nothing else of that."""
        held = self._held.get(id(capability))
        if held is not None and held[0] is capability and held[1] == side.documents:
            return held[2]
        made = self._make(capability, side)
        if len(self._held) >= _MOST:
            self._held.clear()
        self._held[id(capability)] = (capability, side.documents, made)
        return made
