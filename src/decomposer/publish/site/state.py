"""Remember what a folder was made of: each page with what it was made from, and the lines that lists are made of."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from sys import intern
from typing import NamedTuple, Self

from decomposer.errors import UsageError

NAME = ".decomposer-site.sqlite"
_VERSION = 1
_TABLES = """
CREATE TABLE pages (place TEXT PRIMARY KEY, stamp TEXT NOT NULL, size INTEGER NOT NULL, mtime INTEGER NOT NULL,
  day TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE entries (slug TEXT PRIMARY KEY, stamp TEXT NOT NULL, sorted TEXT NOT NULL, line TEXT NOT NULL,
  found TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE records (entry TEXT NOT NULL, id TEXT NOT NULL, category TEXT NOT NULL, line TEXT NOT NULL,
  PRIMARY KEY (entry, id)) WITHOUT ROWID;
CREATE TABLE known (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


class Page(NamedTuple):
    """A file of the site: what it was made from, its size and time as it was written, and the day of its text."""

    stamp: str
    size: int
    mtime: int
    day: str


@dataclass(frozen=True, slots=True)
class Made:
    """What became of an entry: what lists say of it (JSON), what it is sorted by, and what searches find it by."""

    slug: str
    stamp: str
    sorted: str
    line: str
    found: str
    records: tuple[tuple[str, str, str], ...]


class SiteState:
    """The memory of a folder, in a file in it. One that is damaged, or of another version, is begun anew.

    What is written is kept by `commit`; a run that is killed leaves what was committed. Raises UsageError where the
    file can't be made, and where another export is using it.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        try:
            self._connection = _opened(self._path)
        except (sqlite3.Error, OSError) as error:
            hint = "is another export running? else free the name or the disk"
            raise UsageError(f"{self._path}: can't be used ({error})", hint=hint) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def commit(self) -> None:
        """Keep what was written."""
        self._connection.commit()

    # --- pages

    def pages(self) -> dict[str, Page]:
        """Return the files of the site by their place."""
        rows = self._connection.execute("SELECT place, stamp, size, mtime, day FROM pages")
        # the files of a page were made from the same, and most of them on the same day
        return {place: Page(intern(stamp), size, mtime, intern(day)) for place, stamp, size, mtime, day in rows}

    def places(self) -> Iterator[str]:
        """Yield the files of the site by their place, without what is known of them."""
        for (place,) in self._connection.execute("SELECT place FROM pages"):
            yield place

    def plan(self, places: Iterable[str]) -> None:
        """Remember that these files may be there from now on, so that they are ever removed where a run is killed."""
        rows = ((place, "", -1, 0, "") for place in places)
        self._connection.executemany("INSERT OR IGNORE INTO pages VALUES (?, ?, ?, ?, ?)", rows)

    def put(self, pages: Mapping[str, Page]) -> None:
        """Remember files as they are now."""
        rows = ((place, *page) for place, page in pages.items())
        self._connection.executemany("INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?)", rows)

    def forget(self, places: Iterable[str]) -> None:
        """Forget files that are no longer there."""
        self._connection.executemany("DELETE FROM pages WHERE place = ?", ((place,) for place in places))

    def dated(self) -> Iterator[tuple[str, str]]:
        """Yield the pages for people with the day of their text, by place."""
        query = "SELECT place, day FROM pages WHERE place LIKE '%.html' AND day <> '' ORDER BY place"
        yield from self._connection.execute(query)

    # --- entries

    def stamps(self) -> dict[str, str]:
        """Return what the lines of each entry were made from, by slug."""
        return {_read(slug): stamp for slug, stamp in self._connection.execute("SELECT slug, stamp FROM entries")}

    def make(self, made: Iterable[Made]) -> None:
        """Put the lines of entries in place of those that they had."""
        for one in made:
            self._connection.execute("DELETE FROM records WHERE entry = ?", (_kept(one.slug),))
            row = (_kept(one.slug), one.stamp, one.sorted, one.line, one.found)
            self._connection.execute("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?)", row)
            rows = ((_kept(one.slug), _kept(id_), *rest) for id_, *rest in one.records)
            self._connection.executemany("INSERT INTO records VALUES (?, ?, ?, ?)", rows)

    def drop(self, slugs: Iterable[str]) -> None:
        """Remove the lines of entries."""
        rows = [(_kept(slug),) for slug in slugs]
        self._connection.executemany("DELETE FROM records WHERE entry = ?", rows)
        self._connection.executemany("DELETE FROM entries WHERE slug = ?", rows)

    def lines(self) -> Iterator[str]:
        """Yield the lines of entries, by what they are sorted by."""
        for (line,) in self._connection.execute("SELECT line FROM entries ORDER BY sorted, slug"):
            yield line

    def found(self) -> Iterator[tuple[str, str]]:
        """Yield what searches find entries by, by slug."""
        for slug, found in self._connection.execute("SELECT slug, found FROM entries ORDER BY slug"):
            yield _read(slug), found

    def category(self, name: str) -> Iterator[str]:
        """Yield the lines of the records of a category, by what their entries are sorted by."""
        query = (
            "SELECT records.line FROM records JOIN entries ON entries.slug = records.entry WHERE category = ? "
            "ORDER BY entries.sorted, entries.slug, records.id"
        )
        for (line,) in self._connection.execute(query, (name,)):
            yield line

    def record(self, entry: str, identity: str) -> str | None:
        """Return the line of a record, or None."""
        query = "SELECT line FROM records WHERE entry = ? AND id = ?"
        row = self._connection.execute(query, (_kept(entry), _kept(identity))).fetchone()
        return None if row is None else str(row[0])

    # --- the rest

    def known(self, name: str) -> str:
        """Return what is remembered by a name, or nothing."""
        row = self._connection.execute("SELECT value FROM known WHERE name = ?", (name,)).fetchone()
        return "" if row is None else str(row[0])

    def know(self, name: str, value: str) -> None:
        """Remember something by a name."""
        self._connection.execute("INSERT OR REPLACE INTO known VALUES (?, ?)", (name, value))


def _kept(text: str) -> str:
    """Return a slug or an id as the file can hold it: half a surrogate pair is written as an escape."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return f"\0{json.dumps(text)}"
    return text


def _read(text: str) -> str:
    return str(json.loads(text[1:])) if text.startswith('\0"') else text


def _opened(path: Path) -> sqlite3.Connection:
    if path.is_symlink() or (path.exists() and not _ours(path)):
        path.unlink()  # of another version, or damaged: all is made again, and what is there is written over
        for rest in ("-wal", "-shm", "-journal"):
            path.with_name(path.name + rest).unlink(missing_ok=True)
    connection = sqlite3.connect(path, timeout=2)
    try:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA synchronous = OFF")  # it can be made again; what is lost is time
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN IMMEDIATE")
        if connection.execute("PRAGMA user_version").fetchone() != (_VERSION,):
            connection.executescript(_TABLES + f"PRAGMA user_version = {_VERSION};")
        connection.commit()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _ours(path: Path) -> bool:
    """Say whether a file is a memory of this version; one that is in use counts as one."""
    with closing(sqlite3.connect(path, timeout=2)) as connection:
        try:
            told = [connection.execute(f"PRAGMA {name}").fetchone() for name in ("user_version", "quick_check(1)")]
        except sqlite3.DatabaseError as error:
            return "locked" in str(error)
    return told == [(_VERSION,), ("ok",)]
