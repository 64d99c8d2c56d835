"""Write the files of a site: whole or not at all, and only those whose text is new."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from secrets import token_hex
from stat import S_ISREG
from typing import NamedTuple, overload

from decomposer.errors import UsageError

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


class Wrote(NamedTuple):
    """A file of the site as it is now, and whether its text is new."""

    place: str
    size: int
    mtime: int
    fresh: bool


class Files(Sequence[Path]):
    """Files of a folder by their places, each made a path when it is asked for: a site has many."""

    def __init__(self, folder: Path, places: Sequence[str]) -> None:
        self._folder = folder
        self._places = places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, at: int) -> Path: ...
    @overload
    def __getitem__(self, at: slice) -> "Files": ...
    def __getitem__(self, at: int | slice) -> "Path | Files":
        if isinstance(at, slice):
            return Files(self._folder, self._places[at])
        return self._folder / self._places[at]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # what is equal to a list can't be looked up either


def write(folder: Path, texts: Iterable[tuple[str, str]]) -> list[Wrote]:
    """Write files by their places in `folder`, and return what they are now. Raises UsageError where one can't be."""
    root = os.fspath(folder)
    return [_written(root, place, text.encode("utf-8", "replace")) for place, text in texts]


def folders(folder: Path, places: Iterable[str]) -> None:
    """Make the folders that files go into. Raises UsageError where one can't be made."""
    for parent in sorted({place.rpartition("/")[0] for place in places} - {""}):
        try:
            (folder / parent).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{folder / parent}: can't be made ({error.strerror})", hint="free the name") from error


def there(folder: Path, places: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return the size and time of those of the files that are there, by place; a link is not one of ours."""
    wanted: dict[str, set[str]] = {}
    for place in places:
        parent, _, name = place.rpartition("/")
        wanted.setdefault(parent, set()).add(name)
    found: dict[str, tuple[int, int]] = {}
    for parent, names in wanted.items():
        try:
            with os.scandir(folder / parent) as listed:
                for one in listed:
                    if one.name in names:
                        stat = one.stat(follow_symlinks=False)
                        if S_ISREG(stat.st_mode):
                            found[f"{parent}/{one.name}" if parent else one.name] = (stat.st_size, stat.st_mtime_ns)
        except OSError:
            continue  # no such folder, or none that can be read: its files are written again
    return found


def remove(folder: Path, places: Iterable[str]) -> None:
    """Remove files that are not published any more. Raises UsageError where one can't be removed."""
    for place in places:
        try:
            (folder / place).unlink(missing_ok=True)
        except NotADirectoryError:
            continue
        except OSError as error:
            raise UsageError(f"{folder / place}: can't be removed ({error.strerror})", hint="free the file") from error


def _written(root: str, place: str, content: bytes) -> Wrote:
    target = f"{root}/{place}"
    try:
        held = _held(target, content)
        stat = held or replaced(target, content)
    except OSError as error:
        raise UsageError(f"{target}: can't be written ({error.strerror})", hint="free the name or the disk") from error
    return Wrote(place, stat.st_size, stat.st_mtime_ns, held is None)


def _held(target: str, content: bytes) -> os.stat_result | None:
    """Return what is known of a file that holds this already, or None."""
    try:
        stat = os.lstat(target)
        if not S_ISREG(stat.st_mode) or stat.st_size != len(content):
            return None
        with open(target, "rb") as file:  # noqa: PTH123 (a Path takes as long to make as the file to read)
            return stat if file.read() == content else None
    except OSError:
        return None  # what can't be read is written anew, or that says why it can't


def replaced(target: str, content: bytes) -> os.stat_result:
    """Put a file in the place of another, whole, and return what is known of it."""
    draft = f"{os.path.dirname(target)}/.{token_hex(8)}.tmp"  # noqa: PTH120
    try:
        with os.fdopen(os.open(draft, _NEW, 0o666), "wb", buffering=0) as file:
            left = memoryview(content)
            while left:
                left = left[file.write(left) :]
            stat = os.fstat(file.fileno())
        os.replace(draft, target)  # noqa: PTH105
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return stat
