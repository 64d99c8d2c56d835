"""Publish the catalog of a workspace as files: what is published, what is known of each artifact, and its addresses."""

import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from decomposer import plugins, ports
from decomposer.errors import UsageError
from decomposer.records import Artifact, Entry, Facts, Measured, Norms, Rank, State
from decomposer.wiring import keeping, registering
from decomposer.wiring.publishing import SiteFigures
from decomposer.wiring.ranking import Ranking, match_log
from decomposer.wiring.spreading import Spreading

if TYPE_CHECKING:
    from decomposer.wiring.workspace import Workspace

SITE = "html"
"""The exporter that asks for figures of the whole catalog."""
_BASE = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:/[\w.~/-]*)?", re.ASCII)
_LONGEST_TITLE = 100
OnLeftOut = Callable[[ports.LeftOut], None]


def export(
    workspace: "Workspace",
    exporter: str,
    folder: Path,
    *,
    state: State | None = None,
    site: ports.Site | None = None,
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
    log = match_log(workspace)
    exporting = ports.Exporting(
        _facts(workspace), _addresses(workspace, on_progress), on_left_out, log.matched, log.times, *_ranked(workspace)
    )
    if exporter == SITE:
        registering.catch_up(workspace, on_progress)
        figures = SiteFigures(workspace, state=state)
        with closing(Spreading(workspace.settings, figures, state=state)) as spread:
            told = replace(exporting, figures=figures, spread=spread, site=site or ports.Site())
            return chosen(entries, folder, told)
    return chosen(entries, folder, exporting)


def site(exporter: str, *, title: str | None, base_url: str | None) -> ports.Site:
    """Return what a site is called and where it will be. Raises UsageError for another form, and for no address."""
    given = [name for name, value in (("--title", title), ("--base-url", base_url)) if value is not None]
    if given and exporter != SITE:
        raise UsageError(f"{given[0]} does not go with --as {exporter}", hint=f"it is for --as {SITE}")
    if base_url is not None and not _BASE.fullmatch(base_url):
        raise UsageError(f"{base_url!r} is no address of a site", hint="write https://HOST/PATH")
    if title is not None and not (title.split() and title.isprintable() and len(title) <= _LONGEST_TITLE):
        raise UsageError("that title can't be shown", hint=f"write one line of at most {_LONGEST_TITLE} characters")
    default = ports.Site()
    return ports.Site(title or default.title, (base_url or "").rstrip("/"))


def _facts(workspace: "Workspace") -> Callable[[Artifact], Facts]:
    from decomposer.store.facts import SqlFacts

    log: ports.FactLog = SqlFacts(workspace.engine)
    return lambda artifact: Facts.of(artifact, log.said(artifact.slug))


def _ranked(
    workspace: "Workspace",
) -> tuple[Callable[[], Norms], Callable[[Entry], tuple[Measured, Rank]]]:
    """Return the norms of the day, and what ranks by them: both are read when somebody asks."""

    @cache
    def ranking() -> Ranking:
        return Ranking(workspace)

    def ranked(entry: Entry) -> tuple[Measured, Rank]:
        found = ranking().of(entry)
        return found.measured, found.rank

    return lambda: ranking().norms, ranked


def _addresses(workspace: "Workspace", on_progress: registering.OnProgress) -> Callable[[str, str], str | None]:
    @cache
    def registry() -> ports.Registry:
        return registering.catch_up(workspace, on_progress)

    def address(entry: str, capability: str) -> str | None:
        found = registry().canonical_of(entry, capability)
        return found.uri if found else None

    return address
