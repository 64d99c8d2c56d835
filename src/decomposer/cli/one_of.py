"""Hold commands to one way of naming records: by their ids, or by a query."""

from collections.abc import Sequence

from decomposer.errors import UsageError


def one_of(ids: Sequence[str], where: str | None) -> None:
    """Raise UsageError unless records are named in exactly one way."""
    if ids and where is not None:
        raise UsageError("records are named by ids and by --where", hint="use one of them")
    if not ids and where is None:
        raise UsageError("no records are named", hint="name ids, as `decomposer show ENTRY` prints them, or --where")
