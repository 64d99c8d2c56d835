"""Write published files: safe names, never outside the folder, whole or not at all, and no stale page left behind."""

import os
import re
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from decomposer.errors import UsageError
from decomposer.records import Capability, Entry, State

PUBLISHED: tuple[State, ...] = ("accepted", "proposed")

# Names that Windows keeps for devices, whatever their ending.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(?:\.|\Z)")


def published(entry: Entry) -> Entry | None:
    """Return what the public may see of an entry: nothing rejected or retired, no earlier texts, no revisions.

    None where nothing is left of what it held.
    """
    kept = tuple(_bare(one, entry) for one in entry.capabilities if one.state in PUBLISHED)
    if not kept and entry.capabilities:
        return None
    return entry.model_copy(update={"capabilities": kept, "gone": (), "apart": ()})


def _bare(capability: Capability, entry: Entry) -> Capability:
    """Return a capability without what is kept for those who edit it, and without links to what is not published."""
    public = {one.id for one in entry.capabilities if one.state in PUBLISHED}
    links = tuple(one for one in capability.broader_than if one in public)
    return capability.model_copy(update={"merged": (), "revision": None, "broader_than": links})


def file_name(slug: str, suffix: str) -> str:
    """Return a file name for an entry that every file system takes, such as `clip.json`.

    A slug that had to be changed to be safe gets part of its digest, so two slugs never share a name.
    """
    plain = re.sub(r"[^a-z0-9._-]+", "-", slug.lower())[:80].strip("-._")
    if plain and plain == slug and plain != "index" and not _DEVICES.match(plain):
        return f"{plain}.{suffix}"
    return f"entry-{plain}-{sha256(slug.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}.{suffix}"


class Folder:
    """A folder that one export fills. `mark` is what its index contains, `listed` matches each file the index names."""

    def __init__(self, path: Path, index: str, *, mark: str, listed: str) -> None:
        self.path = path
        self.index = index
        self.written: list[Path] = []
        try:
            path.mkdir(parents=True, exist_ok=True)
            self._previous = self._listed_before(mark, listed)
        except OSError as error:
            raise UsageError(f"{path}: can't export to it ({error.strerror})", hint="name a folder") from error

    def write(self, name: str, text: str) -> None:
        """Write one file, replacing what had its name, even a link, in one step."""
        target = self.path / name
        draft = self.path / f".{token_hex(8)}.tmp"
        try:
            try:
                with draft.open("x", encoding="utf-8", newline="\n") as file:
                    file.write(text)
                os.replace(draft, target)  # noqa: PTH105 (Path.replace has no other behaviour; os says what happens)
            finally:
                draft.unlink(missing_ok=True)
        except OSError as error:
            raise UsageError(
                f"{target}: can't be written ({error.strerror})", hint="free the name or the disk"
            ) from error
        self.written.append(target)

    def close(self, index: str) -> list[Path]:
        """Write the index, remove the pages that only the previous index names, and return the files written."""
        self.write(self.index, index)
        current = {path.name for path in self.written}
        for name in self._previous - current:
            (self.path / name).unlink(missing_ok=True)
        return self.written

    def _listed_before(self, mark: str, listed: str) -> set[str]:
        index = self.path / self.index
        if index.is_symlink() or not index.is_file():
            return set()
        content = index.read_text(encoding="utf-8", errors="replace")
        names = re.findall(listed, content) if mark in content else []
        return {name for name in names if re.fullmatch(r"[a-z0-9][a-z0-9._-]*", name)}
