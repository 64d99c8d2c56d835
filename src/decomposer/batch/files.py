"""Cut requests into files for a provider's batch mode: by number, bytes, tokens and money."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from decomposer.ports import Attempt, Reply, Request
from decomposer.text import tokens


@dataclass(frozen=True, slots=True)
class Terms:
    """How requests are cut into files, and what they cost.

    A file has at most `lines` requests of one model and `size` bytes. `queued_tokens` is the most that may wait at the
    provider in all, as estimated; None is no limit. `most` says what a request may cost, `cost` what a reply of a model
    did cost, both in batch mode and None where no price is known. `busy` says whether the process that made an attempt
    may still be at it.
    """

    lines: int = 50_000
    size: int = 100_000_000
    queued_tokens: int | None = None
    most: Callable[[Request], Decimal | None] = lambda request: None
    cost: Callable[[Reply, str], Decimal | None] = lambda reply, model: None
    busy: Callable[[Attempt], bool] = lambda attempt: False


def custom_id(attempt: Attempt) -> str:
    """Return the name that an attempt has at the provider, at most 64 characters."""
    return f"{attempt.key[:40]}-{attempt.attempt}"


def cut(missing: Iterable[Request], terms: Terms, *, size: Callable[[Request], int]) -> Iterator[list[Request]]:
    """Yield the requests in parts that fit into one file each, each of one model, streaming."""
    parts: dict[str, list[Request]] = {}
    sizes: dict[str, int] = {}
    for request in missing:
        part, taken = parts.setdefault(request.model, []), size(request)
        if part and (len(part) >= terms.lines or sizes[request.model] + taken > terms.size):
            yield part
            part = parts[request.model] = []
        sizes[request.model] = taken + (sizes[request.model] if part else 0)
        part.append(request)
    yield from (part for part in parts.values() if part)


def fitting(sizes: Sequence[int | None] | Sequence[Decimal | None], room: int | Decimal | None) -> int:
    """Return how many, from the first on, fit into the room; one of unknown size fits nowhere, None is any room."""
    if room is None:
        return len(sizes)
    taken: int | Decimal = 0
    for count, size in enumerate(sizes):
        if size is None or taken + size > room:
            return count
        taken += size
    return len(sizes)


def estimated(request: Request) -> int:
    """Return how many tokens a request has, as estimated."""
    return tokens(str(request.body))
