"""Publish entries as JSON: one file an entry, and an index of them."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from decomposer.ports import Exported, Exporting
from decomposer.publish.files import Folder, file_name, json_text, published
from decomposer.records import Entry

_MARK = '"generator": "decomposer"'
_LISTED = r'"file": "([^"\\/]+\.json)"'


def export(entries: Iterator[Entry], folder: Path, _: Exporting | None = None) -> Exported:
    """Write what is accepted or proposed of each entry, and `index.json`. Raises UsageError where it can't."""
    files = Folder(folder, "index.json", mark=_MARK, listed=_LISTED)
    listed = []
    for entry in filter(None, map(published, entries)):
        name = file_name(entry.artifact.slug, "json")
        files.write(name, json_text(entry))
        listed.append(_line(entry, name))
    return files.close(json_text({"generator": "decomposer", "entries": listed}))


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
