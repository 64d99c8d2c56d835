"""Measure the audit of claims that cite nothing, on gold claims: what is believed, by kind of claim, and how fast."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.documents import CHECKOUT, CORPUS
from benchmarks.drafting import read
from benchmarks.measuring import RESULTS, Measure, report, seconds
from decomposer import audit
from decomposer.records import Document, Support, Unit
from decomposer.segment import units_of
from decomposer.text import language
from decomposer.text.judging import WEIGHTS, Weights
from decomposer.text.words import comparisons, names, negations, numbers, superlatives

GOLD = CHECKOUT.parent / "shared" / "gold" / "dev"
MANY = 10_000  # claims of the speed measure
WORKERS = 2
FOUND = (0.6, 0.64, 0.68, 0.72, 0.76)
HALF = (0.34, 0.38, 0.42, 0.46)
MOST_BELIEVED = 0.08  # share of the invented claims that may be called supported when thresholds are chosen
MOST_DOUBTED = 0.08  # share of the true claims that may be called unsupported


@dataclass(frozen=True, slots=True)
class Case:
    """A document with its claims, true and invented."""

    slug: str
    document: Document
    units: Sequence[Unit]
    claims: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the audit made of one claim."""

    slug: str
    text: str
    invented: bool
    support: Support
    score: float
    kinds: tuple[str, ...]


def cases(gold: Path, corpus: Path) -> list[Case]:
    """Return the documents that a gold folder has claims about."""
    found = []
    for file in sorted(gold.glob("*.json")):
        said = json.loads(file.read_text(encoding="utf-8"))
        (path,) = [one for one in corpus.iterdir() if one.stem == file.stem]
        document = read(path).documents[0]
        claims = [(text, True) for text in said["invented_claims"]]
        claims += [(text, False) for text in said["supported_claims"]]
        found.append(Case(file.stem, document, units_of(document), tuple(claims)))
    return found


def audited(case: Case, *, weights: Weights = WEIGHTS) -> list[Verdict]:
    """Return the verdicts on the claims of a document."""
    found = []
    for text, invented in case.claims:
        one = audit.find(text, case.document, case.units, weights=weights)
        found.append(Verdict(case.slug, text, invented, one.support, one.score, tuple(_kinds(text, case.document))))
    return found


def auc(verdicts: Sequence[Verdict]) -> float:
    """Return how often a true claim scores higher than an invented one, ties by half."""
    true = [one.score for one in verdicts if not one.invented]
    invented = [one.score for one in verdicts if one.invented]
    won = sum((a > b) + 0.5 * (a == b) for a in true for b in invented)
    return won / (len(true) * len(invented)) if true and invented else float("nan")


def share(verdicts: Sequence[Verdict], support: Sequence[Support], *, invented: bool) -> float:
    """Return the share of the invented or of the true claims that got one of some verdicts."""
    meant = [one for one in verdicts if one.invented == invented]
    return sum(one.support in support for one in meant) / len(meant) if meant else float("nan")


def left_out(found: Sequence[Case]) -> list[Verdict]:
    """Return the verdicts on every document with the two thresholds chosen on all the others."""
    grid = {(a, b): _all(found, replace(WEIGHTS, found=a, half=b)) for a in FOUND for b in HALF}
    verdicts = []
    for case in found:
        others = {key: [one for one in value if one.slug != case.slug] for key, value in grid.items()}
        chosen = max(others, key=lambda key: _worth(others[key]))
        verdicts += [one for one in grid[chosen] if one.slug == case.slug]
    return verdicts


def _worth(verdicts: Sequence[Verdict]) -> float:
    """Return how good thresholds are: decided claims, once the two kinds of grave error are rare enough."""
    believed = share(verdicts, ["supported"], invented=True)
    doubted = share(verdicts, ["unsupported"], invented=False)
    excess = max(0.0, believed - MOST_BELIEVED) + max(0.0, doubted - MOST_DOUBTED)
    decided = share(verdicts, ["supported"], invented=False) + share(verdicts, ["unsupported"], invented=True)
    return decided - 100 * excess


def _all(found: Sequence[Case], weights: Weights = WEIGHTS) -> list[Verdict]:
    return [one for case in found for one in audited(case, weights=weights)]


def _kinds(text: str, document: Document) -> Iterator[str]:
    if document.language not in (None, language(text) or "en"):
        yield "other language"
        return
    rules = {"number": numbers, "name": names, "negation": negations}
    kinds = [kind for kind, rule in rules.items() if rule(text)]
    kinds += ["comparison"] if comparisons(text) or superlatives(text) else []
    yield from kinds or ["other"]


def rows(verdicts: Sequence[Verdict]) -> Iterator[dict[str, Any]]:
    """Yield a line of the table for all claims, and one for each kind."""
    same = [one for one in verdicts if "other language" not in one.kinds]
    yield _row("all", verdicts)
    yield _row("same language", same)
    for kind in ("number", "name", "negation", "comparison", "other", "other language"):
        yield _row(kind, [one for one in verdicts if kind in one.kinds])


def _row(name: str, verdicts: Sequence[Verdict]) -> dict[str, Any]:
    believed: tuple[Support, ...] = ("supported", "vendor_claim")
    return {
        "claims": name,
        "invented": sum(one.invented for one in verdicts),
        "supported": share(verdicts, ["supported"], invented=True),
        "believed": share(verdicts, believed, invented=True),
        "unsupported": share(verdicts, ["unsupported"], invented=True),
        "true": sum(not one.invented for one in verdicts),
        "true supported": share(verdicts, ["supported"], invented=False),
        "true believed": share(verdicts, believed, invented=False),
        "true unsupported": share(verdicts, ["unsupported"], invented=False),
        "AUC": auc(verdicts),
    }


def measured(gold: Path, corpus: Path, *, many: int) -> list[Measure]:
    """Return every measure; targets are upper bounds."""
    found = cases(gold, corpus)
    verdicts, apart = _all(found), left_out(found)
    took = seconds(partial(_quickly, gold, corpus, many))
    details = list(rows(verdicts))
    thresholds = [_row("thresholds as they are", verdicts), _row("document left out", apart)]
    supported, doubted = ["supported"], ["unsupported"]
    return [
        Measure("invented claims called supported", _of(verdicts, supported, True), "share", 0.10, rows=details),
        Measure("invented claims not called unsupported", 1 - _of(verdicts, doubted, True), "share", 0.50),
        Measure("true claims called unsupported", _of(verdicts, doubted, False), "share", 0.10, rows=thresholds),
        Measure("true claims not called supported", 1 - _of(verdicts, supported, False), "share", 0.65),
        Measure("1 - AUC of the score", 1 - auc(verdicts), "", 0.20),
        Measure(f"{many} claims on {WORKERS} cores", took, "s", 30),
    ]


def _of(verdicts: Sequence[Verdict], support: list[Any], invented: bool) -> float:
    return share(verdicts, support, invented=invented)


def _quickly(gold: Path, corpus: Path, many: int) -> None:
    """Audit as many claims as asked, from files to verdicts; every claim is another text, so none is remembered."""
    with ProcessPoolExecutor(WORKERS) as pool:
        parts = [(gold, corpus, many // WORKERS, part) for part in range(WORKERS)]
        list(pool.map(_audit_many, *zip(*parts, strict=True)))


def _audit_many(gold: Path, corpus: Path, many: int, part: int) -> None:
    found = cases(gold, corpus)
    each = max(1, many // len(found))
    for case in found:
        for number in range(each if case.claims else 0):
            text, _ = case.claims[number % len(case.claims)]
            audit.find(f"{text} {chr(97 + part)}{number}", case.document, case.units)


def main() -> int:
    """Print and store the measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, default=GOLD, help="folder of gold files")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="folder of their documents")
    parser.add_argument("--json", type=Path, default=RESULTS / "claims.json", help="where the figures go")
    parser.add_argument("--many", type=int, default=MANY, help="claims of the speed measure")
    options = parser.parse_args()
    report(measured(options.gold, options.corpus, many=options.many), file=options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
