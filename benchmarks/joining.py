"""Join planted records by one method, in a process of its own, and print as JSON what it took and how right it was."""

import json
import sys
import time
from argparse import ArgumentParser
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import combinations
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.catalogs import Catalog, Planted, catalog
from benchmarks.measuring import cpu_seconds
from decomposer.records import Capability, Provenance, Statement

Groups = Iterable[Sequence[int]]
SEMHASH = (0.9, 0.95, 0.8, 0.7)
"""Thresholds of semhash: first the one that it has by default."""
MINHASH = (0.9, 0.7, 0.5)
"""Thresholds of the Jaccard index: first the one that `datasketch` has by default."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What the records of a catalog are, by their places."""

    capability: list[int]
    thing: list[int]
    near: dict[tuple[int, int], str]

    @classmethod
    def of(cls, made: Catalog) -> "Truth":
        """Return the truth on a catalog."""
        near = {(min(a, b), max(a, b)): kind for a, b, kind in made.near_misses}
        return cls(
            [made.capabilities[one] for one in made.meanings], [made.things[one.thing] for one in made.meanings], near
        )

    def figures(self, groups: Groups) -> dict[str, Any]:
        """Return precision, recall and F1 over pairs, and which share of near misses of each kind was joined.

        Two capabilities of one thing overlap; whether such a pair is joined is not counted.
        """
        right = wrong = 0
        met: set[tuple[int, int]] = set()
        for group in groups:
            for one, other in combinations(group, 2):
                a, b = sorted((self.capability[one], self.capability[other]))
                right += a == b
                wrong += self.thing[one] != self.thing[other]
                if (a, b) in self.near:
                    met.add((a, b))
        whole = sum(count * (count - 1) // 2 for count in Counter(self.capability).values())
        kinds = Counter(self.near.values())
        joined = Counter(self.near[pair] for pair in met)
        precision, recall = right / (right + wrong) if right + wrong else 1.0, right / whole if whole else 1.0
        return {
            "precision": precision,
            "recall": recall,
            "f1": 2 * precision * recall / (precision + recall) if right else 0.0,
            "near_misses_joined": sum(joined.values()) / len(self.near) if self.near else 0.0,
            "joined_by_kind": {kind: joined[kind] / count for kind, count in sorted(kinds.items())},
        }


def record_of(planted: Planted, number: int) -> Capability:
    """Return a planted record as drafting makes them."""
    return Capability(
        id=f"{planted.artifact.lower().replace(' ', '-')}/{number}",
        name=planted.name,
        category="other",
        description=Statement(text=planted.description, support="supported"),
        provenance=Provenance(model="planted", prompt="planted"),
    )


def records(made: Catalog) -> Iterator[tuple[Capability, str]]:
    """Yield the records as drafting makes them, each with the name of its artifact."""
    return ((record_of(one, number), one.artifact) for number, one in enumerate(made.records()))


def texts(made: Catalog) -> Iterator[str]:
    """Yield the texts as other tools are given them: without the names of artifacts, as ours compares them."""
    return (f"{one.name}. {one.description}".replace(one.artifact, "").strip() for one in made.records())


def ours(given: Iterable[Any]) -> Iterator[tuple[str, Groups]]:
    """Yield the clusters of this project."""
    from decomposer.same import stored, view
    from decomposer.same.joining import joined

    learned = stored()
    yield "", joined(view(record, [artifact], learned=learned) for record, artifact in given)


def semhash(given: Iterable[Any]) -> Iterator[tuple[str, Groups]]:
    """Yield what semhash finds, by threshold; with the vectors of WordLlama, as its own have to be downloaded."""
    from decomposer.embed.wordllama import WordLlamaEmbedder

    class Encoder:
        def encode(self, inputs: Sequence[str], **_: Any) -> Any:
            return WordLlamaEmbedder().embed(list(inputs))

    listed = [{"text": text, "id": str(number)} for number, text in enumerate(given)]
    index = import_module("semhash").SemHash.from_records(listed, columns=["text"], model=Encoder())
    for threshold in SEMHASH:
        found = index.self_deduplicate(threshold=threshold)
        pairs = [(int(one.record["id"]), int(one.duplicate_of["id"])) for one in found.filtered]
        yield f"{threshold:g}", connected(pairs)


def minhash(given: Iterable[Any]) -> Iterator[tuple[str, Groups]]:
    """Yield what MinHash with locality-sensitive hashing finds, by threshold: sets of words, 128 hashes."""
    datasketch: Any = import_module("datasketch")
    signatures = list(
        datasketch.MinHash.generator(([word.encode() for word in text.lower().split()] for text in given), num_perm=128)
    )
    for threshold in MINHASH:
        index = datasketch.MinHashLSH(threshold=threshold, num_perm=128)
        pairs: list[tuple[int, int]] = []
        for number, signature in enumerate(signatures):
            # As a tool would, keep what is near by the signatures and not all that falls into one bucket.
            pairs += [
                (number, other) for other in index.query(signature) if signatures[other].jaccard(signature) >= threshold
            ]
            index.insert(number, signature)
        yield f"{threshold:g}", connected(pairs)


class Method(NamedTuple):
    """What is given to a method, and what it does with it, once for each of its thresholds."""

    given: Callable[[Catalog], Iterable[Any]]
    groups: Callable[[Iterable[Any]], Iterator[tuple[str, Groups]]]


METHODS = {"decomposer": Method(records, ours), "semhash": Method(texts, semhash), "minhash": Method(texts, minhash)}


def connected(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return what pairs connect, directly or not."""
    home: dict[int, int] = {}

    def root(one: int) -> int:
        while home.setdefault(one, one) != one:
            home[one] = one = home[home[one]]
        return one

    for one, other in pairs:
        home[root(one)] = root(other)
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for one in list(home):
        groups[root(one)].append(one)
    return list(groups.values())


def measured(method: Method, made: Catalog) -> list[dict[str, Any]]:
    """Return a row for each threshold: CPU time, time and peak memory so far, and how right it is.

    What it takes to word the planted records is measured alone and not counted; the peak is of the whole process. Where
    several thresholds are tried, what they have in common counts for the first.
    """
    wording = cpu_seconds(lambda: deque(method.given(made), maxlen=0))
    truth, rows = Truth.of(made), []
    start, cpu = time.perf_counter() + wording, time.process_time() + wording
    for variant, groups in method.groups(method.given(made)):
        took = {"cpu_s": time.process_time() - cpu, "seconds": time.perf_counter() - start, "peak_mb": peak_mb()}
        rows.append({"threshold": variant, **took, **truth.figures(groups)})
        start, cpu = time.perf_counter(), time.process_time()
    return rows


def peak_mb() -> float:
    """Return the peak memory of this process."""
    return getrusage(RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def main() -> None:
    """Join by the method named first as many records as named second, of the catalog of a seed."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("method", choices=METHODS, help="who joins")
    parser.add_argument("records", type=int, help="how many records are planted")
    parser.add_argument("--seed", type=int, default=1, help="which catalog: another seed, other records")
    given = parser.parse_args()
    print(json.dumps(measured(METHODS[given.method], catalog(given.records, seed=given.seed))))


if __name__ == "__main__":
    main()
