"""Publish the catalog of a workspace as files: what is published, what is known of each artifact, and its addresses."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from decomposer import plugins, ports
from decomposer.records import Artifact, Facts, State
from decomposer.wiring import keeping, registering

if TYPE_CHECKING:
    from decomposer.wiring.workspace import Workspace

OnLeftOut = Callable[[ports.LeftOut], None]


def export(
    workspace: "Workspace",
    exporter: str,
    folder: Path,
    *,
    state: State | None = None,
    on_left_out: OnLeftOut = lambda left_out: None,
    on_progress: registering.OnProgress = lambda done, total: None,
) -> ports.Exported:
    """Publish the catalog into `folder`; `state` narrows it to capabilities in that state.

    `on_left_out` is told what the form can't hold. Where the form names canonical capabilities, the registry is brought
    up to date first, and `on_progress` told of that. Raises UsageError where the folder can't be written, and
    ConfigurationError for no such exporter.
    """
    chosen: ports.Exporter = plugins.load("exporters", exporter)
    entries = keeping.publishable(workspace.catalog, workspace.reviews, state)
    exporting = ports.Exporting(_facts(workspace), _addresses(workspace, on_progress), on_left_out)
    return chosen(entries, folder, exporting)


def _facts(workspace: "Workspace") -> Callable[[Artifact], Facts]:
    from decomposer.store.facts import SqlFacts

    log: ports.FactLog = SqlFacts(workspace.engine)
    return lambda artifact: Facts.of(artifact, log.said(artifact.slug))


def _addresses(workspace: "Workspace", on_progress: registering.OnProgress) -> Callable[[str, str], str | None]:
    @cache
    def registry() -> ports.Registry:
        return registering.catch_up(workspace, on_progress)

    def address(entry: str, capability: str) -> str | None:
        found = registry().canonical_of(entry, capability)
        return found.uri if found else None

    return address
