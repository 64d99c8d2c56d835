"""Publish entries as JSON: one file an entry, and an index that says what is known of each and how it ranks."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from decomposer.ports import Exported, Exporting
from decomposer.publish.files import ALONE, Folder, file_name, json_text, published
from decomposer.records import Entry, Measured, Rank

_MARK = '"generator": "decomposer"'
_LISTED = r'"file": "([^"\\/]+\.json)"'


def export(entries: Iterator[Entry], folder: Path, exporting: Exporting | None = None) -> Exported:
    """Write what is accepted or proposed of each entry, and `index.json`. Raises UsageError where it can't.

    Where somebody ranks, the index has the norms of the day, and for each entry what its rank follows from besides:
    `rank(entry.artifact, measured, norms)` gives the rank that the index says.
    """
    asked = exporting or ALONE
    files = Folder(folder, "index.json", mark=_MARK, listed=_LISTED)
    lines: list[str] = []
    for whole in entries:
        entry = published(whole)
        if entry is not None:
            name = file_name(entry.artifact.slug, "json")
            files.write(name, json_text(entry))
            # As text: a large catalog has many lines, and as text they are small.
            lines.append(json_text(_line(entry, name) | _ranked(asked.ranked(whole)), indent=None).strip())
    norms = asked.norms()
    told = "" if norms is None else f'"norms": {json_text(norms, indent=None).strip()},\n'
    listed = ",\n".join(lines)
    return files.close(f'{{"generator": "decomposer",\n{told}"entries": [\n{listed}\n]}}\n')


def _line(entry: Entry, name: str) -> dict[str, Any]:
    artifact = entry.artifact
    states = Counter(capability.state for capability in entry.capabilities)
    return {
        "slug": artifact.slug,
        "name": artifact.name,
        "type": artifact.type,
        "kind": entry.source_kind.kind,
        "capabilities": dict(sorted(states.items())),
        "file": name,
    }


def _ranked(found: tuple[Measured, Rank] | None) -> dict[str, Any]:
    """Return what a line says of a rank, and of what it follows from besides the norms."""
    if found is None:
        return {}
    measured, rank = found
    points = {"points": rank.points, "low": rank.low, "high": rank.high, "as_of": rank.as_of}
    return {"rank": points, "measured": measured.model_dump(mode="json")}
