"""Open the registry of a workspace, bring it up to date with the catalog, and find what an address or an id means."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from decomposer import ports
from decomposer.errors import UsageError

if TYPE_CHECKING:
    from decomposer.wiring.workspace import Workspace

BLOCK = 25
"""How many entries one transaction brings in: other writers wait that long at most."""

OnProgress = Callable[[int, int], None]
OnDamaged = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Shared:
    """A canonical capability with its other names and addresses, and what is broader or narrower."""

    canonical: ports.Canonical
    aliases: tuple[str, ...]
    addresses: tuple[str, ...]
    broader: tuple[ports.Relation, ...]
    narrower: tuple[ports.Relation, ...]


def registry(workspace: "Workspace") -> ports.Registry:
    """Return the registry in the workspace's database."""
    from decomposer.registry import Views
    from decomposer.store.registry import SqlRegistry
    from decomposer.wiring.embedding import registry_embedder

    embedder = registry_embedder(workspace.settings)
    return SqlRegistry(workspace.engine, comparing=Views(workspace.learned), embedder=embedder)


def catch_up(
    workspace: "Workspace",
    on_progress: OnProgress = lambda done, total: None,
    on_damaged: OnDamaged = lambda reason: None,
) -> ports.Registry:
    """Return the registry after every entry that has changed was brought in; the time goes with how many these are.

    `on_progress` is told how many are done, of how many, before the first block and after each. One that is damaged
    stops nothing and stays due: `on_damaged` is told of it.
    """
    found = registry(workspace)
    done, left, last = 0, found.due(), ""
    while left:
        on_progress(done, done + left)
        step = found.catch_up(most=BLOCK, after=last)
        done, left, last = done + step.entries, step.left, step.last
        for reason in step.damaged:
            on_damaged(reason)
    if done:
        on_progress(done, done)
    return found


def meant(registry: ports.Registry, address: str) -> ports.Canonical | None:
    """Return the canonical capability that an address means, however it is spelt, or None."""
    from decomposer.registry import spellings

    return next(filter(None, map(registry.find, spellings(address))), None)


def canonical(registry: ports.Registry, wanted: str) -> Shared:
    """Return the canonical capability of an address, with or without its scheme, or that of a record's id.

    Raises UsageError where there is none.
    """
    from decomposer.registry import is_address

    wanted = wanted.strip()
    found = meant(registry, wanted)
    if found is None and not is_address(wanted):
        found = registry.canonical_of(wanted.partition("/")[0], wanted)
    if found is None:
        raise UsageError(
            f"no canonical capability is called {wanted!r}",
            hint="`decomposer list --shared` names them; a capability has one while it is proposed or accepted",
        )
    return Shared(
        found,
        aliases=tuple(registry.aliases(found.number)),
        addresses=tuple(registry.addresses(found.number)),
        broader=tuple(registry.broader(found.number)),
        narrower=tuple(registry.narrower(found.number)),
    )
