"""Vectors of what the catalog says: made as records come, kept beside the database, and compared with needs."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import blake2b
from itertools import groupby
from threading import Lock
from typing import TYPE_CHECKING

from decomposer import ports
from decomposer.match.meaning import Aim, nearness
from decomposer.records import Capability, Entry

if TYPE_CHECKING:
    from decomposer.match import Need
    from decomposer.store.nearest import Nearest
    from decomposer.store.search import SqlIndex
    from decomposer.wiring.registering import OnProgress
    from decomposer.wiring.workspace import Workspace

BLOCK = 128
"""How many records are made vectors of at a time: what is done is kept."""
_KIND = "statements and evidence"  # other texts of a record need another name: their vectors lie apart
_QUOTED = 1_500  # characters of evidence


class Nearness:
    """The vectors of one embedder for the records of a catalog. Safe for several threads."""

    def __init__(self, workspace: "Workspace", embedder: ports.Embedder) -> None:
        self._workspace = workspace
        self._embedder = embedder
        self._lock = Lock()
        self._kept: Nearest | None = None

    @property
    def name(self) -> str:
        """The name of the embedder."""
        return self._embedder.name

    def catch_up(self, index: "SqlIndex", on_progress: "OnProgress" = lambda done, total: None) -> None:
        """Make vectors of the records that came since, some at a time. Raises CatalogError where they can't be kept."""
        kept = self._vectors()
        at, newest = kept.newest(), index.newest()
        if at > newest:  # they are of another database, or of one that was put back
            kept.clear()
            at = 0
        first = at
        while new := index.newer(at, most=BLOCK):
            self._add(new, kept)
            at = new[-1].number
            on_progress(at - first, max(at, newest) - first)
        kept.tidy()

    def aim(self, need: "Need") -> Aim:
        """Return the vectors of a need: of what it says, of its English words where it is in another language, and of
        the other words that it is said in. An endpoint is not asked about English words: it knows other languages.
        """
        own = need.texts[:1] if self.name.startswith("openai/") else need.texts
        rows = self._embedder.embed([*own, *(one.text for one in need.also)])
        return Aim(rows[: len(own)], rows[len(own) :])

    def nearest(self, aim: Aim, most: int) -> list[int]:
        """Return the numbers of the records that are nearest to a need, the nearest first."""
        import numpy as np

        rows = self._vectors().search_many(np.concatenate(aim), most)
        found = sorted((-near, number) for row in rows for number, near in row)
        return list(dict.fromkeys(number for _, number in found))[:most]

    def judged(self, aim: Aim, candidates: Iterable[ports.Candidate]) -> list[ports.Candidate]:
        """Return the candidates with how near each is to a need.

        A vector that is of another record counts for nothing: then all are forgotten, and made again with time.
        """
        import numpy as np

        named = {one.number: one for one in candidates}
        rows = self._vectors().vectors(list(named))
        if any(mark != _mark(named[number].entry, named[number].capability) for number, mark, _ in rows):
            self._vectors().clear()
            rows = []
        if not rows:
            return list(named.values())
        near = nearness(aim, np.stack([row for _, _, row in rows]), [number for number, _, _ in rows])
        return [replace(one, cosine=near.get(one.number)) for one in named.values()]

    def forget(self, numbers: Sequence[int]) -> None:
        """Forget records that are no more."""
        self._vectors().remove(numbers)

    def _add(self, new: Sequence[ports.Candidate], kept: "Nearest") -> None:
        texts: list[tuple[ports.Candidate, str]] = []
        for slug, group in groupby(new, key=lambda one: one.entry):
            entry = self._workspace.catalog.find(slug)
            held = {one.id: one for one in entry.capabilities} if isinstance(entry, Entry) else {}
            for one in group:
                if one.capability in held:
                    texts += [(one, text) for text in views(held[one.capability])]
        rows = self._embedder.embed([text for _, text in texts])
        by_number: dict[int, list[int]] = {}
        for at, (one, _) in enumerate(texts):
            by_number.setdefault(one.number, []).append(at)
        marks = {one.number: _mark(one.entry, one.capability) for one, _ in texts}
        kept.put(((number, rows[places]) for number, places in by_number.items()), marks=marks)

    def _vectors(self) -> "Nearest":
        with self._lock:
            if self._kept is None:
                self._kept = self._opened()
            return self._kept

    def _opened(self) -> "Nearest":
        from decomposer.store.nearest import Nearest, vectors_folder

        size = int(self._embedder.embed(["size"]).shape[1])
        return Nearest(vectors_folder(self._workspace.engine), name=f"{self.name} {_KIND}", size=size)


def views(capability: Capability) -> list[str]:
    """Return what a record is made vectors of: what it says, and apart from that what it rests on and is wanted for."""
    described = capability.description if "description" not in capability.dropped else None
    whole = f"{capability.name}. {described.text}" if described else capability.name
    quotes = [
        span.quote
        for field, statement in capability.statements()
        if field not in capability.dropped
        for span in statement.evidence
    ]
    notes = [
        note.text
        for field in ("intents", "best_for")
        if field not in capability.dropped
        for note in getattr(capability, field)
    ]
    others = (" ".join(dict.fromkeys(quotes))[:_QUOTED], "; ".join(notes))
    return [whole, *(text for text in others if text)]


def _mark(*texts: str) -> int:
    """Return a number under 2^63 by which a text is told from others."""
    return int.from_bytes(blake2b("\0".join(texts).encode("utf-8", "replace"), digest_size=8).digest()) >> 1
