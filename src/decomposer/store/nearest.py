"""Keep vectors by number beside a database, and find those that are nearest to one: exactly, or by a usearch index."""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from decomposer.errors import CatalogError
from decomposer.store.near_rows import (
    Floats,
    Seen,
    as_bytes,
    as_row,
    built_index,
    digest,
    has_usearch,
    in_index,
    in_rows,
    merged,
    opened,
    read,
    state,
)

if TYPE_CHECKING:
    from sqlalchemy import Engine

EXACT = 20_000
"""Up to so many rows no index is built: looking at all of them takes some milliseconds."""
_SHARE = 0.02  # of all rows that may be newer than the index: each process reads these, and looks at each of them
_NUMBERS = 500  # asked for in one statement
_TABLES = """
    CREATE TABLE IF NOT EXISTS state (
        one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER, stamp INTEGER, built INTEGER
    );
    CREATE TABLE IF NOT EXISTS vectors (
        number INTEGER, part INTEGER, mark INTEGER, stamp INTEGER, vector BLOB, PRIMARY KEY (number, part)
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS vectors_by_stamp ON vectors (stamp);
    CREATE TABLE IF NOT EXISTS gone (number INTEGER PRIMARY KEY, stamp INTEGER);
"""


def vectors_folder(engine: "Engine") -> Path:
    """Return the folder for the vectors of a database: beside a SQLite file, else in the user's cache, one for each."""
    url = engine.url
    if url.get_backend_name() == "sqlite" and not (url.database or "").startswith("file:"):
        path = Path(url.database or "").absolute()
        return path.with_name(path.name + ".vectors")
    where = url.set(password=None).render_as_string()
    return Path.home() / ".cache" / "decomposer" / "vectors" / digest(where)


class Nearest:
    """Vectors of one kind, in one folder; several threads and processes may use it at once.

    The rows lie in a SQLite file, as bytes (a cosine is off by less than 0.01). From them an index is built that is
    mapped from its file; rows that are newer than it are looked at one by one. An index that is lost is built again.
    """

    def __init__(self, folder: Path, *, name: str, size: int) -> None:
        self._folder = folder
        self._name = re.sub(r"[^a-z0-9]+", "-", name.lower())[:40].strip("-") + "-" + digest(f"{name} {size}")[:8]
        self._size = size
        self._file = folder / f"{self._name}.vectors.db"
        self._seen = Seen()
        self._lock = Lock()

    def __len__(self) -> int:
        """Return how many rows there are; a number may have several."""
        with self._reading() as connection:
            return int(connection.execute("SELECT count(*) FROM vectors").fetchone()[0])

    def newest(self) -> int:
        """Return the highest number, 0 where there is none."""
        with self._reading() as connection:
            return int(connection.execute("SELECT coalesce(max(number), 0) FROM vectors").fetchone()[0])

    def put(self, rows: Iterable[tuple[int, Floats]], *, marks: Mapping[int, int] | None = None) -> None:
        """Keep the vectors of numbers, instead of what each had, in one transaction. Shape of each: (vectors, size).

        A mark is any number under 2^63 by which it can be told later what the vector is of.
        """
        with self._writing() as (connection, stamp):
            for number, vectors in rows:
                self._forget(connection, [number], stamp)
                connection.executemany(
                    "INSERT INTO vectors VALUES (?, ?, ?, ?, ?)",
                    [
                        (number, part, (marks or {}).get(number, 0), stamp, row.tobytes())
                        for part, row in enumerate(as_bytes(vectors))
                    ],
                )

    def remove(self, numbers: Iterable[int]) -> None:
        """Forget the vectors of numbers."""
        with self._writing() as (connection, stamp):
            self._forget(connection, numbers, stamp)

    def clear(self) -> None:
        """Forget everything: the vectors turned out to be of something else."""
        with self._writing() as (connection, _):
            connection.execute("DELETE FROM vectors")
            connection.execute("DELETE FROM gone")
            connection.execute("UPDATE state SET built = 0")
        self._sweep(keep=0)

    def vectors(self, numbers: Sequence[int]) -> list[tuple[int, int, Floats]]:
        """Return the number, the mark and the vector of each row of these numbers, by number. Length of each: 1."""
        found: list[tuple[int, int, Floats]] = []
        with self._reading() as connection:
            wanted = sorted(set(numbers))
            for block in (wanted[at : at + _NUMBERS] for at in range(0, len(wanted), _NUMBERS)):
                places = ",".join("?" * len(block))
                asked = f"SELECT number, mark, vector FROM vectors WHERE number IN ({places}) ORDER BY number, part"  # noqa: S608 (question marks alone)
                found += [(row[0], row[1], as_row(row[2])) for row in connection.execute(asked, block)]
        return found

    def search(self, vector: Floats, k: int) -> list[tuple[int, float]]:
        """Return at most `k` numbers with the best cosine of their vectors, the nearest first, ties by number."""
        return self.search_many(vector[None, :], k)[0]

    def search_many(self, vectors: Floats, k: int) -> list[list[tuple[int, float]]]:
        """Return what `search` does for each of several vectors. Shape: (vectors, size)."""
        seen = self._looked()
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        asked = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0).astype(np.float32)
        in_memory = in_rows(seen, asked, k)
        return [merged(new, in_index(seen, one, k), k) for new, one in zip(in_memory, asked, strict=True)]

    def tidy(self) -> bool:
        """Build the index where it is missing or many rows are newer, and say whether it was; others go on meanwhile.

        Where there is nothing to do, the time does not depend on how many rows there are.
        """
        if not has_usearch():
            return False
        with self._reading() as connection:
            connection.execute("BEGIN")  # what follows is of one moment
            stamp, built = state(connection)
            held = self._index_file(built) if built and self._index_file(built).is_file() else None
            if _at_most(EXACT, connection, built if held else 0):
                return False
            total = int(connection.execute("SELECT count(*) FROM vectors").fetchone()[0])
            if held and _at_most(int(_SHARE * total), connection, built):
                return False
            made = built_index(connection, self._size, held, built)
        unfinished = self._index_file(stamp).with_suffix(f".{id(made):x}.part")
        try:
            made.save(str(unfinished))
            unfinished.replace(self._index_file(stamp))
        except (OSError, RuntimeError) as error:
            raise CatalogError(f"{unfinished}: can't be written ({error})", hint="free some space") from error
        with self._writing(stamping=False) as (connection, _):
            connection.execute("UPDATE state SET built = ? WHERE built < ?", [stamp, stamp])
            connection.execute("DELETE FROM gone WHERE stamp <= ?", [stamp])
        self._sweep(keep=stamp)
        return True

    # --- what a process holds

    def _looked(self) -> Seen:
        """Return the rows as they are now, having read what is new."""
        with self._lock:
            for _ in range(2):  # an index may be replaced between reading its name and opening it
                with self._reading() as connection:
                    connection.execute("BEGIN")
                    stamp, built = state(connection)
                    if (stamp, built) == (self._seen.stamp, self._seen.built):
                        return self._seen
                    index = self._seen.index if built == self._seen.built else self._opened(built)
                    if built and index is None and has_usearch():
                        continue
                    self._seen = read(connection, stamp, built if index is not None else 0, index, self._size)
                    self._seen.built = built
                    return self._seen
            with self._reading() as connection:  # the file is lost: every row is looked at until `tidy`
                stamp, built = state(connection)
                self._seen = read(connection, stamp, 0, None, self._size)
                self._seen.built = built
                return self._seen

    def _opened(self, built: int) -> Any:
        return opened(self._index_file(built), self._size, mapped=True) if built else None

    def _index_file(self, built: int) -> Path:
        return self._folder / f"{self._name}.{built}.usearch"

    def _sweep(self, *, keep: int) -> None:
        """Remove the files of earlier indexes, as far as the system lets us."""
        for path in self._folder.glob(f"{self._name}.*.usearch"):
            if path != self._index_file(keep):
                try:
                    path.unlink()
                except OSError:
                    continue

    # --- the file

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        try:
            if not self._file.exists():
                with self._writing(stamping=False):
                    pass
            with closing(self._connected()) as connection:
                yield connection
        except (sqlite3.Error, OSError) as error:
            raise self._trouble(error) from error

    @contextmanager
    def _writing(self, *, stamping: bool = True) -> Iterator[tuple[sqlite3.Connection, int]]:
        """Give a transaction that writes, and the stamp of what it writes."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with closing(self._connected()) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
                connection.executescript(_TABLES)
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("INSERT OR IGNORE INTO state VALUES (1, ?, 0, 0)", [self._size])
                if stamping:
                    connection.execute("UPDATE state SET stamp = stamp + 1")
                yield connection, state(connection)[0]
                connection.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:
            raise self._trouble(error) from error

    def _connected(self) -> sqlite3.Connection:
        return sqlite3.connect(self._file, timeout=30, isolation_level=None)

    def _trouble(self, error: Exception) -> CatalogError:
        return CatalogError(
            f"{self._file}: vectors can't be kept or read ({error})",
            hint="make the folder writable, or delete the file: it is made again from the catalog",
        )

    @staticmethod
    def _forget(connection: sqlite3.Connection, numbers: Iterable[int], stamp: int) -> None:
        for number in numbers:
            if connection.execute("DELETE FROM vectors WHERE number = ?", [number]).rowcount:
                connection.execute("INSERT OR REPLACE INTO gone VALUES (?, ?)", [number, stamp])


def _at_most(count: int, connection: sqlite3.Connection, since: int) -> bool:
    """Say whether so many rows at most are newer than a stamp, counting no further."""
    asked = "SELECT count(*) FROM (SELECT 1 FROM vectors WHERE stamp > ? LIMIT ?)"
    return int(connection.execute(asked, [since, count + 1]).fetchone()[0]) <= count
