"""Find loaders, models and exporters by name: built-ins and those of other packages come through the same door."""

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from decomposer.errors import ConfigurationError


@cache
def names(group: str) -> tuple[str, ...]:
    """Return the names registered under `decomposer.<group>`, sorted."""
    return tuple(sorted(_registered(group)))


def load(group: str, name: str) -> Any:
    """Return the object registered as `name` under `decomposer.<group>`.

    Raises ConfigurationError where there is none or it can't be imported.
    """
    found = _registered(group).get(name)
    if found is None:
        known = ", ".join(names(group)) or "none; is decomposer installed?"
        raise ConfigurationError(f"no {group.removesuffix('s')} is called {name!r}", hint=f"known: {known}")
    try:
        return found.load()
    except ImportError as error:
        raise ConfigurationError(f"{group.removesuffix('s')} {name!r} can't be imported: {error}") from error


@cache
def _registered(group: str) -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=f"decomposer.{group}")}
