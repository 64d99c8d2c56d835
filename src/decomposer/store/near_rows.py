"""The rows of vectors as bytes, and how the nearest of them are found: in memory, or by a usearch index."""

import sqlite3
from dataclasses import dataclass, field
from hashlib import blake2b
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_BLOCK = 10_000
_SCALE = 127


@dataclass(slots=True)
class Seen:
    """What a process holds in memory of the rows: the index as of `built`, and what came after it up to `stamp`."""

    built: int = 0
    stamp: int = 0
    index: Any = None
    numbers: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    rows: NDArray[np.int8] = field(default_factory=lambda: np.zeros((0, 0), np.int8))
    changed: frozenset[int] = frozenset()


def state(connection: sqlite3.Connection) -> tuple[int, int]:
    found = connection.execute("SELECT stamp, built FROM state").fetchone()
    return (int(found[0]), int(found[1])) if found else (0, 0)


def read(connection: sqlite3.Connection, stamp: int, since: int, index: Any, size: int) -> Seen:
    """Return the rows that are newer than `since`, and what the index has that is gone or changed."""
    asked = "SELECT number, vector FROM vectors WHERE stamp > ? AND stamp <= ? ORDER BY number, part"
    numbers: list[int] = []
    buffer = bytearray()
    for number, vector in connection.execute(asked, [since, stamp]):
        numbers.append(number)
        buffer += vector
    rows = np.frombuffer(bytes(buffer), dtype=np.int8).reshape(len(numbers), size)
    gone = {row[0] for row in connection.execute("SELECT number FROM gone WHERE stamp > ?", [since])}
    changed = frozenset(gone.union(numbers)) if index is not None else frozenset()
    return Seen(since, stamp, index, np.array(numbers, dtype=np.int64), rows, changed)


def in_rows(seen: Seen, asked: Floats, k: int) -> list[list[tuple[int, float]]]:
    """Return for each vector the nearest rows that are in no index. Shape: (vectors, size).

    That are four times as many as asked for, as a number may have several rows.
    """
    nearness = np.zeros((len(asked), len(seen.numbers)), dtype=np.float32)
    for start in range(0, len(seen.numbers), _BLOCK):
        block = seen.rows[start : start + _BLOCK].astype(np.float32)
        lengths = np.linalg.norm(block, axis=1)
        nearness[:, start : start + _BLOCK] = asked @ block.T / np.maximum(lengths, 1)
    most = min(len(seen.numbers), 4 * k)
    found = []
    for near in nearness:
        best = np.argpartition(-near, most - 1)[:most] if 0 < most < len(near) else np.arange(len(near))
        found.append([(int(seen.numbers[at]), float(near[at])) for at in best])
    return found


def in_index(seen: Seen, asked: Floats, k: int) -> list[tuple[int, float]]:
    """Return the nearest of the index that still hold."""
    if seen.index is None:
        return []
    query = as_bytes(asked[None, :])[0]
    wanted = 4 * k
    while True:
        found = seen.index.search(query, min(wanted, len(seen.index)))
        kept = [
            (int(number), 1.0 - float(distance))
            for number, distance in zip(found.keys, found.distances, strict=True)
            if int(number) not in seen.changed
        ]
        if len({number for number, _ in kept}) >= k or wanted >= len(seen.index):
            return kept
        wanted *= 4


def merged(one: list[tuple[int, float]], other: list[tuple[int, float]], k: int) -> list[tuple[int, float]]:
    best: dict[int, float] = {}
    for number, near in (*one, *other):
        best[number] = max(near, best.get(number, -2.0))
    return list(islice(sorted(best.items(), key=lambda row: (-row[1], row[0])), k))


def built_index(connection: sqlite3.Connection, size: int, held: Path | None = None, since: int = 0) -> Any:
    """Return an index of all rows. usearch has to be installed.

    `held` is the file of an index as of the stamp `since`: where it can be read, only what is newer is worked in, which
    takes a hundredth of the time where a hundredth is new.
    """
    from usearch.index import Index

    index = opened(held, size)
    if index is None:
        index, since = Index(ndim=size, metric="cos", dtype="i8", multi=True), 0
    else:
        told = connection.execute("SELECT number FROM gone WHERE stamp > ? ORDER BY number", [since])
        if gone := [number for (number,) in told if number in index]:
            index.remove(np.array(gone, dtype=np.uint64))
    rows = connection.execute("SELECT number, vector FROM vectors WHERE stamp > ? ORDER BY number, part", [since])
    while block := rows.fetchmany(_BLOCK):
        keys = np.array([row[0] for row in block], dtype=np.uint64)
        index.add(keys, np.frombuffer(b"".join(row[1] for row in block), dtype=np.int8).reshape(len(block), size))
    return index


def opened(file: Path | None, size: int, *, mapped: bool = False) -> Any:
    """Return the index of a file, read or `mapped` from it, or None where there is none for vectors of that size."""
    if file is None or not file.is_file() or not has_usearch():
        return None
    from usearch.index import Index

    try:
        index = Index.restore(str(file), view=mapped)
    except (RuntimeError, ValueError, OSError):
        return None
    return index if index is not None and index.ndim == size else None


def has_usearch() -> bool:
    return find_spec("usearch") is not None


def as_bytes(vectors: Floats) -> NDArray[np.int8]:
    """Return each vector in bytes, its greatest figure as 127: the cosine does not depend on its length."""
    most = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), np.float32(1e-12))
    scaled: NDArray[np.int8] = np.rint(vectors * (_SCALE / most)).astype(np.int8)
    return scaled


def as_row(vector: bytes) -> Floats:
    row = np.frombuffer(vector, dtype=np.int8).astype(np.float32)
    scaled: Floats = row / np.maximum(np.linalg.norm(row), np.float32(1))
    return scaled


def digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()
