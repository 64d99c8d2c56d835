"""Measure the search for entries that are one artifact on a marked corpus: `python scripts/alike.py CORPUS`."""

import json
import sys
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from time import process_time

from decomposer.likeness import PROPOSED, keys, likeness, traits
from decomposer.records import SourceDocument
from decomposer.records.likeness import ONE_ARTIFACT, Likeness, Traits
from decomposer.sources.path import load

MARKS = {"older_version_of": "older_version", "translation_of": "translation", "fork_of": "fork"}
FAMILY = "same_artifact"
THRESHOLDS = (0.5, PROPOSED, 0.7, 0.8, 0.9)
MOST_OF_A_KEY = 32


def main() -> int:
    """Read the corpus, compare what shares a key, and print precision and recall of what is marked."""
    parser = ArgumentParser(description="Measure which documents of a corpus are taken for one artifact.")
    parser.add_argument(
        "corpus", type=Path, help="folder with index.jsonl (slug, file, traits) and the documents in dev/"
    )
    parser.add_argument(
        "--leave-out", metavar="FAMILY", action="append", default=[], help="a mark same_artifact:FAMILY"
    )
    given = parser.parse_args()
    rows = [json.loads(line) for line in (given.corpus / "index.jsonl").read_text("utf-8").splitlines()]
    start = process_time()
    held = {row["slug"]: _traits(row, given.corpus) for row in rows}
    found = list(_found(held))
    took = process_time() - start
    marked = marks(rows, leave_out=given.leave_out)
    print(f"{len(rows)} documents, {len(marked)} pairs marked as one artifact, {took:.1f} s of CPU time")
    print("from   proposed  marked  precision of marks  recall  relation right")
    for threshold in THRESHOLDS:
        print(_line(threshold, [one for one in found if one.score >= threshold], marked))
    for one in sorted(found, key=lambda one: -one.score):
        if one.score >= PROPOSED and frozenset((one.one, one.other)) not in marked:
            print(f"not marked: {one.one} {one.relation} {one.other} {one.score:.2f}: {one.reasons[0]}")
    for pair in sorted(
        map(sorted, marked.keys() - {frozenset((x.one, x.other)) for x in found if x.score >= PROPOSED})
    ):
        print(f"not found: {' '.join(pair)} ({marked[frozenset(pair)]})")
    return 0


def marks(rows: Sequence[Mapping[str, object]], *, leave_out: Sequence[str] = ()) -> dict[frozenset[str], str]:
    """Return the pairs that an index marks as one artifact, with what it says of them.

    What is marked as one with the same third is one, too.
    """
    found: dict[frozenset[str], str] = {}
    families: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        slug = str(row["slug"])
        for trait in row["traits"]:  # type: ignore[attr-defined]
            kind, _, other = trait.partition(":")
            if kind in MARKS:
                found[frozenset((slug, other))] = MARKS[kind]
            elif kind == FAMILY and other not in leave_out:
                families[other].add(slug)
    for members in families.values():
        for pair in combinations(sorted(members), 2):
            found.setdefault(frozenset(pair), "one of a family")
    while further := {a ^ b for a, b in combinations(found, 2) if len(a & b) == 1} - found.keys():
        found |= dict.fromkeys(further, "by a third")
    return found


def _traits(row: Mapping[str, str], corpus: Path) -> Traits:
    source = load(str(corpus / "dev" / row["file"]), _no_network)
    described = [SourceDocument.of(document) for document in source.documents]
    artifact = source.artifact.model_copy(update={"slug": row["slug"]})
    return traits(artifact, described, [document.text for document in source.documents])


def _found(held: Mapping[str, Traits]) -> Iterator[Likeness]:
    under: defaultdict[str, set[str]] = defaultdict(set)
    for slug, one in held.items():
        for key in keys(one):
            under[key].add(slug)
    shared = (members for members in under.values() if 1 < len(members) <= MOST_OF_A_KEY)
    pairs = {pair for members in shared for pair in combinations(sorted(members), 2)}
    for a, b in sorted(pairs):
        found = likeness(held[a], held[b])
        if found and found.relation in ONE_ARTIFACT:
            yield found


def _line(threshold: float, found: Sequence[Likeness], marked: Mapping[frozenset[str], str]) -> str:
    right = [one for one in found if frozenset((one.one, one.other)) in marked]
    told = [(one.relation, marked[frozenset((one.one, one.other))]) for one in right]
    exact = [relation == mark for relation, mark in told if mark in MARKS.values()]
    precision = len(right) / len(found) if found else 0.0
    relation = f"{sum(exact)} of {len(exact)}"
    recall = len(right) / len(marked)
    return f"{threshold:.2f}   {len(found):8}  {len(right):6}  {precision:18.2f}  {recall:6.2f}  {relation}"


def _no_network(url: str, *, accept: str = "*/*", missing_ok: bool = False) -> None:
    raise OSError(f"{url}: a corpus is measured without the network")


if __name__ == "__main__":
    sys.exit(main())
