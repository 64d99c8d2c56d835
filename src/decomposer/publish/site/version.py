"""Tell whether pages would be drawn otherwise than before: a digest of all that draws them."""

from functools import cache
from hashlib import blake2b
from pathlib import Path

_PACKAGE = Path(__file__).parents[2]
_DRAWING = ("publish", "compare", "rank", "records", "display.py", "wiring/publishing.py")


@cache
def version() -> str:
    """Return a digest of the code and the templates that make a page of an entry."""
    found = blake2b(digest_size=12)
    for name in _DRAWING:
        place = _PACKAGE / name
        for file in [place] if place.is_file() else sorted(place.rglob("*")):
            if file.suffix in (".py", ".html", ".css", ".js"):
                found.update(f"{file.relative_to(_PACKAGE).as_posix()}\0".encode() + file.read_bytes() + b"\0")
    return found.hexdigest()
