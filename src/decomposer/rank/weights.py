"""The table of weights: what each part of a rank counts, and what each input of a part counts in it."""

from collections.abc import Mapping

from decomposer.records import PartName

WEIGHTS: Mapping[PartName, int] = {"adoption": 25, "quality": 35, "ecosystem": 10, "match": 15, "freshness": 15}
"""Points of each part; they add up to 100, for artifacts of every type."""

ADOPTION: Mapping[str, Mapping[str, float]] = {
    **{kind: {"downloads": 0.6, "likes": 0.4} for kind in ("model", "finetune", "dataset")},
    **{kind: {"stars": 0.5, "likes": 0.5} for kind in ("webapp", "app", "product", "platform", "api")},
}
ADOPTION_OTHERWISE: Mapping[str, float] = {"downloads": 0.5, "stars": 0.5}
"""Which adoption figures count by type; another one counts too where it is known, as much as the first of these."""

QUALITY: Mapping[str, float] = {
    "supported": 0.35, "evidenced": 0.20, "complete": 0.20, "present": 0.10, "reviewed": 0.15,
}  # fmt: skip
ECOSYSTEM: Mapping[str, float] = {"dependents": 0.5, "derived": 0.5}
MATCH: Mapping[str, float] = {"times": 0.5, "outcomes": 0.5}
FRESHNESS: Mapping[str, float] = {"updated": 0.6, "read": 0.4}

REFERENCE: Mapping[str, int] = {
    "downloads": 1_000_000, "stars": 10_000, "likes": 1_000, "dependents": 1_000, "derived": 100, "times": 1_000,
}  # fmt: skip
"""What is much of a figure in any catalog: no artifact has full marks only because the catalog is small."""

PRIOR = 0.5
"""What a part counts of which nothing is known and the catalog has no mean."""
PRIOR_OUTCOMES = 4
"""Outcomes, half of them good, that every artifact starts with."""
HALF_LIFE = 365
"""Days after which freshness has halved."""

FORMULAS: Mapping[PartName, str] = {
    "adoption": "mean of ln(1+figure) / ln(1+most of its type, at least the reference), by weight",
    "quality": "mean of shares counted in the entry, by weight; a vendor's claims about itself count nowhere",
    "ecosystem": "mean of ln(1+figure) / ln(1+most, at least the reference), by weight",
    "match": f"mean of {PRIOR:g} + {1 - PRIOR:g} × ln(1+times matched) / ln(1+reference) and "
    f"(good+{PRIOR_OUTCOMES // 2}) / (outcomes+{PRIOR_OUTCOMES})",
    "freshness": f"mean of 0.5 ^ (days / {HALF_LIFE}), by weight",
}
