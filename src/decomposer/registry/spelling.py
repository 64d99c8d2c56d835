"""Read the address of a canonical capability as people and programs write it."""

from collections.abc import Iterator
from typing import get_args
from urllib.parse import unquote

from decomposer.reconcile.ids import short_slug
from decomposer.records import Category
from decomposer.registry.naming import SCHEME


def is_address(text: str) -> bool:
    """Say whether a text is meant as an address: it begins with the scheme, in whatever case."""
    return text.strip()[: len(SCHEME)].casefold() == SCHEME


def spellings(text: str) -> list[str]:
    """Return the addresses that a text may mean, as they are kept, the likeliest first; the scheme may be left out.

    Case and slashes at the end do not matter, and bytes may be written with percent signs. Passports of others name a
    capability with dots alone (`capability://search.retrieval.full.text`): the category ends where a known one does.
    """
    plain = text.strip()
    rest = plain[len(SCHEME) :] if is_address(plain) else plain
    return list(dict.fromkeys(f"{SCHEME}{one}" for one in (rest, *_read(rest), *_read(unquote(rest)))))


def _read(rest: str) -> Iterator[str]:
    lower = rest.strip("/").casefold()
    yield lower
    if "/" not in lower:
        for category in get_args(Category):
            name = lower.removeprefix(f"{category}.")
            if name not in (lower, ""):
                yield f"{category}/{short_slug(name.replace('.', ' '))}"
