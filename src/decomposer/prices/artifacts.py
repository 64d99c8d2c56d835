"""Find an artifact in a price table: by its names, and only where all who offer it under them ask the same."""

import re
from collections.abc import Sequence

from decomposer.prices import Found, PriceTable


def offer(table: PriceTable, names: Sequence[str]) -> Found:
    """Return the price of what is called one of `names`, with the place it was found at as the note.

    A name fits a model `provider/NAME`, whatever the case and the signs between its words. The first name that fits
    decides; where several models fit it at different prices, the price is unknown and the note says so.
    """
    keys: dict[str, list[str]] = {}
    for key in table.prices:
        parts = key.split("/")
        for at in range(len(parts)):
            keys.setdefault(_folded("/".join(parts[at:])), []).append(key)
    for name in filter(None, map(_folded, names)):
        found = keys.get(name, [])
        if len({table.prices[key] for key in found}) > 1:
            listed = ", ".join(found[:5]) + (", ..." if len(found) > 5 else "")
            return Found(None, f"{len(found)} offers differ in price: {listed}")
        if found:
            return Found(table.prices[found[0]], f"{table.source}: {found[0]}")
    return Found(None, f"it is not in the table as of {table.as_of} ({table.source})")


def _folded(name: str) -> str:
    return re.sub(r"[^\w.]+|_+", "-", name.casefold()).strip("-")
