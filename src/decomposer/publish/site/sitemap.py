"""Tell search engines which pages there are: sitemap.xml as sitemaps.org has it, and robots.txt that names it."""

from collections.abc import Iterable, Iterator
from urllib.parse import quote
from xml.sax.saxutils import escape

SITEMAP, ROBOTS = "sitemap.xml", "robots.txt"
MOST_PAGES, MOST_BYTES = 50_000, 50 * 1024 * 1024
"""What one file may hold, by the protocol."""

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def files(
    pages: Iterable[tuple[str, str]], base_url: str, *, most: int = MOST_PAGES, most_bytes: int = MOST_BYTES
) -> Iterator[tuple[str, str]]:
    """Yield the file of each sitemap and its text, and robots.txt; `pages` are the place of each page and its day.

    Where one file can't hold all, they are `sitemap-1.xml` and so on, and `sitemap.xml` lists them. `base_url` is the
    absolute address of the site; the day of a page may be empty.
    """
    base = base_url.rstrip("/")
    held: str | None = None
    parts: list[tuple[str, str]] = []  # the file and newest day of each that is written
    for text, newest in _parts(pages, base, most, most_bytes):
        if held is not None:
            yield parts[-1][0], held
        parts.append((f"sitemap-{len(parts) + 1}.xml", newest))
        held = text
    if len(parts) == 1 and held is not None:
        yield SITEMAP, held
    elif held is not None:
        yield parts[-1][0], held
        lines = "".join(f"<sitemap>{_place(base, place, day)}</sitemap>\n" for place, day in parts)
        yield SITEMAP, f"{_HEAD}<sitemapindex {_SPACE}>\n{lines}</sitemapindex>\n"
    yield ROBOTS, f"User-agent: *\nAllow: /\nSitemap: {base}/{SITEMAP}\n"


def _parts(pages: Iterable[tuple[str, str]], base: str, most: int, most_bytes: int) -> Iterator[tuple[str, str]]:
    """Yield the text of each file and the newest day in it; one without pages where there are none."""
    open_, close = f"{_HEAD}<urlset {_SPACE}>\n", "</urlset>\n"
    lines: list[str] = []
    size, newest, written = len(open_) + len(close), "", 0
    for place, day in pages:
        line = f"<url>{_place(base, place, day)}</url>\n"
        if lines and (len(lines) >= most or size + len(line.encode()) > most_bytes):
            yield f"{open_}{''.join(lines)}{close}", newest
            lines, size, newest, written = [], len(open_) + len(close), "", written + 1
        lines.append(line)
        size += len(line.encode())
        newest = max(newest, day)
    if lines or not written:
        yield f"{open_}{''.join(lines)}{close}", newest


def _place(base: str, place: str, day: str) -> str:
    address = escape(f"{base}/{quote(place)}")
    return f"<loc>{address}</loc>" + (f"<lastmod>{escape(day)}</lastmod>" if day else "")
