"""Measure which pairs of an entry are proposed as one: `python scripts/twins.py --gold DIR --corpus DIR`."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel

from decomposer.records import Artifact, Capability, Document, Entry, Evidence, Provenance, Run, SourceKind, Statement
from decomposer.same import Decided, Judging, candidates, proposed
from decomposer.settings import Settings
from decomposer.sources.gold import read_gold
from decomposer.text import locate
from decomposer.wiring import Workspace

Pairs = set[frozenset[str]]
ENTRY = 12  # records of the entry that false proposals are told for
PROVENANCE = Provenance(model="gold", prompt="gold")


class _Capability(BaseModel):
    name: str
    description: str = ""
    evidence: tuple[str, ...] = ()


class _Gold(BaseModel):
    slug: str
    capabilities: tuple[_Capability, ...] = ()
    near_duplicates: tuple[tuple[str, str], ...] = ()


class Case(NamedTuple):
    """The records of a document: two of each of `pairs`, or with no pairs all of them distinct."""

    artifact: Artifact
    records: tuple[Capability, ...]
    pairs: tuple[tuple[Capability, Capability], ...] = ()


def main() -> int:
    """Print which share of the pairs that are one is found, and how many proposals distinct records bring."""
    parser = ArgumentParser(description="Measure which pairs of an entry are proposed as one.")
    parser.add_argument("--gold", type=Path, required=True, help="a folder of gold files")
    parser.add_argument("--corpus", type=Path, required=True, help="the documents of that gold set")
    given = parser.parse_args()
    cited, bare, distinct = [], [], []
    with Workspace(Settings(model="extractive")) as workspace:
        for gold, path in read_gold(given.gold, given.corpus):
            read = _Gold.model_validate_json((given.gold / f"{gold.slug}.json").read_bytes())
            source = workspace.load(str(path))
            audited = workspace.auditor(source)
            phrases = {text for pair in read.near_duplicates for text in pair}
            cited.append(_twice(source.artifact, read, {text: audited(text).evidence for text in phrases}))
            bare.append(_twice(source.artifact, read, dict.fromkeys(phrases, ())))
            distinct.append(_distinct(source.artifact, read, source.documents[0]))
    print("what is offered                pairs with lines   pairs without lines   of 12 distinct records")
    for name, offered in OFFERED.items():
        one, other = (sum(_met(case, offered(case)) for case in cases) for cases in (cited, bare))
        total = sum(len(case.pairs) for case in cited)
        false = ENTRY * sum(len(offered(case)) for case in distinct) / sum(len(case.records) for case in distinct)
        print(
            f"{name:30} {one:3}/{total} {one / total:.3f}      {other:3}/{total} {other / total:.3f}      {false:6.1f}"
        )
    return 0


def _twice(artifact: Artifact, gold: _Gold, lines: Mapping[str, Sequence[Evidence]]) -> Case:
    pairs = tuple((_record(a, a, lines[a]), _record(b, b, lines[b])) for a, b in gold.near_duplicates)
    return Case(artifact, tuple(one for pair in pairs for one in pair), pairs)


def _distinct(artifact: Artifact, gold: _Gold, document: Document) -> Case:
    found = tuple(
        _record(one.name, one.description, tuple(_evidence(one.evidence, document))) for one in gold.capabilities
    )
    return Case(artifact, found)


def _evidence(quotes: Sequence[str], document: Document) -> Iterator[Evidence]:
    for quote in quotes:
        if (at := locate(quote, document.text)) is not None:
            said = document.text[at.start : at.end]
            yield Evidence(document=0, start=at.start, end=at.end, quote=said, how="cited")


def _record(name: str, description: str, evidence: Sequence[Evidence]) -> Capability:
    said = Statement(text=description or name, evidence=tuple(evidence))
    return Capability(id=name, name=name, category="other", description=said, provenance=PROVENANCE)


def _met(case: Case, offered: Pairs) -> int:
    return sum(frozenset((a.id, b.id)) in offered for a, b in case.pairs)


def _merged(case: Case) -> Pairs:
    judge = Judging.of(case.artifact)
    return {frozenset((a.id, b.id)) for a, b in combinations(case.records, 2) if judge(a, b).verdict == "same"}


def _proposed(case: Case) -> Pairs:
    entry = Entry(
        artifact=case.artifact, documents=(), source_kind=SourceKind(kind="software", reason="gold"),
        capabilities=case.records, run=Run(model="gold", prompt="gold"),
    )  # fmt: skip
    twins = proposed(entry, Decided(Judging.of(case.artifact))).twins
    return {frozenset((one.a, one.b)) for one in twins}


def _near(most: int) -> Callable[[Case], Pairs]:
    def found(case: Case) -> Pairs:
        offered = candidates(case.records, Judging.of(case.artifact), most=most)
        return {frozenset((one.a.id, one.b.id)) for one in offered}

    return found


OFFERED: dict[str, Callable[[Case], Pairs]] = {
    "merged by the rules": _merged,
    "proposed (twins)": _proposed,
    **{f"open, or {most} nearest of a record": _near(most) for most in (1, 2, 3, 4)},
}
"""What is found, by where an editor or a model is shown it."""

if __name__ == "__main__":
    sys.exit(main())
