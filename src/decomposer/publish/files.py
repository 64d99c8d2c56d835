"""Write published files: safe names, never outside the folder, whole or not at all, and no stale page left behind."""

import filecmp
import json
import os
import re
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticSerializationError

from decomposer.display import json_safe
from decomposer.errors import UsageError
from decomposer.ports import Exported, Exporting
from decomposer.records import LISTS, Capability, Entry, State

PUBLISHED: tuple[State, ...] = ("accepted", "proposed")
ALONE = Exporting()
"""What an exporter that nobody told anything may ask: the facts that the metadata has, and no addresses."""

# Names that Windows keeps for devices whatever their ending, those of indexes, and those that are made below.
_KEPT = re.compile(
    r"(?:con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$|index)(?:\.|\Z)|entry-.*-[0-9a-f]{12}\Z|.*\.(?:passport|unfragile)\Z"
)


def published(entry: Entry) -> Entry | None:
    """Return what the public may see of an entry: nothing rejected or retired, no earlier texts, no revisions.

    Fields that a person left out are not there. What people disagree about is no more than a proposal. None where
    nothing is left of what the entry held.
    """
    public = {one.id for one in entry.capabilities if one.state in PUBLISHED}
    kept = tuple(_bare(one, public) for one in entry.capabilities if one.id in public)
    if not kept and entry.capabilities:
        return None
    return entry.model_copy(update={"capabilities": kept, "gone": (), "apart": (), "twins": (), "judged": ()})


def _bare(capability: Capability, public: set[str]) -> Capability:
    """Return a capability without what is kept for those who edit it, and without links to what is not published."""
    own = (capability.merged, capability.revision, capability.dropped, capability.dismissed, capability.broader_than)
    if not any((*own, capability.flagged, capability.disputed)):
        return capability
    links = tuple(one for one in capability.broader_than if one in public)
    left_out: dict[str, object] = {name: () if name in LISTS else None for name in capability.dropped}
    state = "proposed" if capability.disputed else capability.state
    bare = {"merged": (), "revision": None, "dropped": (), "flagged": False, "disputed": False, "dismissed": ()}
    return capability.model_copy(update={**left_out, **bare, "broader_than": links, "state": state})


def file_name(slug: str, suffix: str) -> str:
    """Return a file name for an entry that every file system takes, such as `clip.json`.

    A slug that had to be changed to be safe gets part of its digest, so two slugs never share a name.
    """
    plain = re.sub(r"[^a-z0-9._-]+", "-", slug.lower())[:80].strip("-._")
    if plain and plain == slug and not _KEPT.match(plain):
        return f"{plain}.{suffix}"
    return f"entry-{plain}-{sha256(slug.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}.{suffix}"


def json_text(value: BaseModel | dict[str, Any], *, indent: int | None = 2) -> str:
    """Return a record, or a mapping of what JSON holds, as the text of a JSON file: indented, and safe to print."""
    if isinstance(value, BaseModel):
        try:
            return json_safe(value.model_dump_json(indent=indent, by_alias=True)) + "\n"
        except (PydanticSerializationError, UnicodeEncodeError):  # half a surrogate pair: only the escape of it is JSON
            value = value.model_dump(mode="json", by_alias=True)
    return json_safe(json.dumps(value, ensure_ascii=False, indent=indent)) + "\n"


class Folder:
    """A folder that one export fills. `mark` is what its index contains, `listed` matches each file the index names."""

    def __init__(self, path: Path, index: str, *, mark: str, listed: str) -> None:
        self.path = made(path)
        self.index = index
        self._files: list[Path] = []
        self._written: list[Path] = []
        try:
            self._previous = self._listed_before(mark, listed)
        except OSError as error:
            raise _unusable(path, error) from error

    def write(self, name: str, text: str) -> None:
        """Publish one file, replacing what had its name, even a link, in one step; the same again is left as it is."""
        target = self.path / name
        self._files.append(target)
        if not _holds(target, text) and replace(target, [text]):
            self._written.append(target)

    def close(self, index: str) -> Exported:
        """Remove the pages that only the previous index names, write the index, and return what is published."""
        current = {path.name for path in self._files}
        for name in self._previous - current - {self.index}:
            # Before the index: a run that is killed here leaves an index that the next run still finds them by.
            (self.path / name).unlink(missing_ok=True)
        self.write(self.index, index)
        return Exported(self._files, self._written)

    def _listed_before(self, mark: str, listed: str) -> set[str]:
        index = self.path / self.index
        if index.is_symlink() or not index.is_file():
            return set()
        content = index.read_text(encoding="utf-8", errors="replace")
        names = re.findall(listed, content) if mark in content else []
        return {name for name in names if re.fullmatch(r"[a-z0-9][a-z0-9._-]*", name)}


def made(folder: Path) -> Path:
    """Return `folder`, which is there now. Raises UsageError where it can't be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(folder, error) from error
    return folder


def replace(target: Path, pieces: Iterable[str]) -> bool:
    """Write a file piece by piece and put it in the place of `target` when it is whole; say whether that is news.

    Raises UsageError where it can't be written.
    """
    draft = target.with_name(f".{token_hex(8)}.tmp")
    try:
        try:
            with draft.open("x", encoding="utf-8", newline="") as file:
                file.writelines(pieces)
            if _plain_file(target) and filecmp.cmp(draft, target, shallow=False):
                return False
            os.replace(draft, target)  # noqa: PTH105 (Path.replace has no other behaviour; os says what happens)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"{target}: can't be written ({error.strerror})", hint="free the name or the disk") from error
    return True


def _holds(target: Path, text: str) -> bool:
    content = text.encode("utf-8")
    try:
        return _plain_file(target) and target.stat().st_size == len(content) and target.read_bytes() == content
    except OSError:
        return False  # what can't be read is written anew, or that says why it can't


def _plain_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _unusable(folder: Path, error: OSError) -> UsageError:
    return UsageError(f"{folder}: can't export to it ({error.strerror})", hint="name a folder")
