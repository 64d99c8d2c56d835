"""Write the files of a site: whole or not at all, and only those whose text is new."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from decomposer.errors import UsageError
from decomposer.publish.files import replace


class Wrote(NamedTuple):
    """A file of the site as it is now, and whether its text is new."""

    place: str
    size: int
    mtime: int
    fresh: bool


def write(folder: Path, texts: Iterable[tuple[str, str]]) -> list[Wrote]:
    """Write files by their places in `folder`, and return what they are now. Raises UsageError where one can't be."""
    return [_written(folder, place, text) for place, text in texts]


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
                    if one.name in names and one.is_file(follow_symlinks=False):
                        stat = one.stat(follow_symlinks=False)
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


def _written(folder: Path, place: str, text: str) -> Wrote:
    target = folder / place
    content = text.encode("utf-8", "replace")
    fresh = not _holds(target, content) and replace(target, [content.decode()])
    stat = target.stat()
    return Wrote(place, stat.st_size, stat.st_mtime_ns, fresh)


def _holds(target: Path, content: bytes) -> bool:
    try:
        if target.is_symlink() or not target.is_file() or target.stat().st_size != len(content):
            return False
        return target.read_bytes() == content
    except OSError:
        return False
