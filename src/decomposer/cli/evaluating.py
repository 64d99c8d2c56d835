"""Run models and prompts over a gold set, and hold the result against a baseline."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from decomposer.cli.notes import counted, note, working
from decomposer.errors import DecomposerError, UsageError
from decomposer.evaluate import (
    HIGHER_IS_BETTER,
    AuditedClaim,
    Difference,
    Gold,
    Measured,
    Metric,
    Share,
    Shares,
    auc,
    differences,
    measure,
    pooled,
)
from decomposer.records import Support
from decomposer.wiring import Workspace

Differences = dict[Metric, Difference]


@dataclass(frozen=True, slots=True)
class Result:
    """What one model with one prompt did on every document of a gold set; `against` holds differences to others."""

    name: str
    model: str
    prompt: str
    documents: dict[str, Measured]
    against: dict[str, Differences] = field(default_factory=dict)

    def shares(self) -> dict[str, Shares]:
        """Return the shares of each document."""
        return {slug: one.shares for slug, one in self.documents.items()}

    def claims(self) -> list[AuditedClaim]:
        """Return the audited claims of all documents."""
        return [claim for one in self.documents.values() for claim in one.claims]

    def regressions(self, other: str) -> list[Metric]:
        """Return the metrics that are worse than in `other` beyond their interval."""
        return [metric for metric, one in self.against.get(other, {}).items() if one.worse(metric)]


def evaluate(items: Sequence[tuple[Gold, Path]], workspace: Workspace, *, name: str) -> Result:
    """Return how the workspace's model and prompt do. Nothing is saved but the ledger of requests."""
    workspace.prepare(save=False)
    measured: dict[str, Measured] = {}
    with working(f"evaluating {name}") as on_document:
        for number, (gold, path) in enumerate(items, start=1):
            try:
                measured[gold.slug] = _measured(gold, path, workspace)
            except DecomposerError:
                note(f"stopped at {path}, document {number} of {len(items)}")
                raise
            on_document(number, len(items))
    return Result(name, workspace.model.name, workspace.template.version, measured)


def _measured(gold: Gold, path: Path, workspace: Workspace) -> Measured:
    source = workspace.load(str(path))
    entry = workspace.draft(source, save=False)
    audited = workspace.auditor(source)

    def audit(claim: str) -> tuple[Support, float]:
        found = audited(claim)
        return found.support, found.score

    found = measure(entry, gold, source.documents, audit=audit)
    for quote in found.lost_quotes:
        note(f"warning: {gold.slug}: a gold quote is not in the document: {quote!r}")
    return found


def compared(results: Sequence[Result]) -> list[Result]:
    """Return the results, each but the first with its differences to the first."""
    first, *others = results
    return [first, *(against(one, first.name, first.shares()) for one in others)]


# --- baselines


class _Document(BaseModel):
    counts: dict[str, tuple[int, int]]


class _Baseline(BaseModel):
    documents: dict[str, _Document]


def read_baseline(file: Path, slugs: Collection[str]) -> dict[str, dict[Metric, Share]]:
    """Return the shares of each document that `--out` once wrote. Raises UsageError where none is one of `slugs`."""
    try:
        held = _Baseline.model_validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it has no documents with counts"
        raise UsageError(
            f"--baseline {file}: not a result ({reason})", hint="`decomposer eval ... --out FILE` writes one"
        ) from error
    both = set(slugs) & set(held.documents)
    if not both:
        raise UsageError(f"--baseline {file}: has none of these documents", hint="evaluate the same gold set")
    if set(slugs) != set(held.documents):
        note(f"--baseline {file}: compared on {counted(len(both), 'document')} that both have")
    return {slug: _shares(held.documents[slug].counts) for slug in both}


def _shares(counts: Mapping[str, tuple[int, int]]) -> dict[Metric, Share]:
    return {metric: Share(*counts[metric]) for metric in HIGHER_IS_BETTER if metric in counts}


def against(result: Result, name: str, before: Mapping[str, Mapping[Metric, Share]]) -> Result:
    """Return the result with its differences to `before`, which is called `name`."""
    return replace(result, against={**result.against, name: differences(before, result.shares())})


# --- as JSON


def value(results: Sequence[Result]) -> dict[str, Any]:
    """Return the first result as plain JSON data, and the others under `others`."""
    first, *others = results
    return {**_value(first), **({"others": [_value(one) for one in others]} if others else {})}


def totals(measured: Iterable[Measured]) -> dict[str, Any]:
    """Return what some runs took together; `cost` is a decimal string, or None where one price is unknown."""
    runs = [one.run for one in measured]
    costs = [run.cost_usd for run in runs]
    known = [cost for cost in costs if cost is not None]
    return {
        "requests": sum(run.requests for run in runs),
        "cached": sum(run.cached for run in runs),
        "tokens": sum(run.prompt_tokens + run.completion_tokens for run in runs),
        "cost": str(sum(known, Decimal(0))) if len(known) == len(costs) else None,
        "seconds": round(sum(run.seconds for run in runs), 3),
    }


def by_kind(claims: Sequence[AuditedClaim]) -> dict[str, list[AuditedClaim]]:
    """Return the claims by what they turn on; one claim may be of several kinds."""
    kinds = ("number", "name", "negation", "comparison", "plain", "translated")
    found = {kind: [claim for claim in claims if kind in claim.kinds] for kind in kinds}
    return {kind: these for kind, these in found.items() if these}


def rates(claims: Sequence[AuditedClaim]) -> dict[str, Any]:
    """Return how many claims are invented and true, and the share of each that got each verdict."""
    parts = {"invented": [one for one in claims if one.invented], "true": [one for one in claims if not one.invented]}
    found: dict[str, Any] = {name: len(these) for name, these in parts.items()}
    for name, these in parts.items():
        for support in ("supported", "vendor_claim", "partial", "unsupported"):
            share = Share(sum(claim.support == support for claim in these), len(these)).value
            found[f"{name}_{support}_rate"] = _rounded(share)
    return {**found, "auc": _rounded(auc(claims))}


def _value(result: Result) -> dict[str, Any]:
    claims = result.claims()
    together = {
        **_figures(pooled(result.documents.values())),
        "auc": _rounded(auc(claims)),
        **totals(result.documents.values()),
        "claims_by_kind": {kind: rates(these) for kind, these in by_kind(claims).items()},
    }
    held_against = {
        name: {
            "differences": {metric: _interval(one) for metric, one in found.items()},
            "regressions": result.regressions(name),
        }
        for name, found in result.against.items()
    }
    return {
        "model": result.model,
        "prompt": result.prompt,
        "all": together,
        "documents": {slug: _document(one) for slug, one in result.documents.items()},
        **({"against": held_against} if held_against else {}),
    }


def _document(one: Measured) -> dict[str, Any]:
    claims = [
        {
            "text": c.text,
            "invented": c.invented,
            "support": c.support,
            "score": _rounded(c.score),
            "kinds": list(c.kinds),
        }
        for c in one.claims
    ]
    named = {"missed": list(one.missed), "wrong": list(one.wrong), "doubled": list(one.doubled)}
    return {**_figures(one.shares), **totals([one]), **named, "claims": claims}


def _figures(shares: Shares) -> dict[str, Any]:
    counts = {metric: [share.n, share.of] for metric, share in shares.items()}
    return {**{metric: _rounded(share.value) for metric, share in shares.items()}, "counts": counts}


def _interval(one: Difference) -> dict[str, float | None]:
    return {"difference": _rounded(one.value), "low": _rounded(one.low), "high": _rounded(one.high)}


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 4)
