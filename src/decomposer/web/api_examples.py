"""Show what is asked and answered: the examples in the description of the API, made of the records themselves."""

from typing import Any

from decomposer.publish.passport import (
    Passport,
    PassportArtifact,
    PassportBody,
    PassportCapability,
    PassportName,
    PassportPricing,
    Trust,
)
from decomposer.records import (
    Artifact,
    Capability,
    Choice,
    Cited,
    Evidence,
    Filters,
    Finding,
    Highlight,
    Input,
    Match,
    Matches,
    Note,
    Part,
    Provenance,
    Rank,
    Resolved,
    Sentence,
    SourceDocument,
    Statement,
    Validation,
)
from decomposer.records.answers import Ability, Instead, Missed, Offered, Standing, Trusted

_SEARCH, _DAY = "k3v7mq2xza", "2026-11-21"
_NEED = "turn scanned invoices into JSON"
_ALSO = "Invoice data extraction. Turns scanned invoices into structured JSON."
_URI = "capability://data.processing.analysis/invoices-to-json"
_LINE = "papertrail turns scanned invoices into JSON records."
_SPAN = Evidence(document=0, start=14, end=14 + len(_LINE), quote=_LINE, how="cited")
_SAID = Statement(
    text=_LINE,
    support="supported",
    evidence=(_SPAN,),
    sentences=(Sentence(start=0, end=len(_LINE), support="supported", reason="", evidence=(_SPAN,)),),
)
_CAPABILITY = Capability(
    id="papertrail/invoices-to-json",
    name="Invoices to JSON",
    category="data.processing.analysis",
    description=_SAID,
    input_types=(Note(text="scanned invoices", evidence=(_SPAN,)),),
    output_types=(Note(text="JSON", evidence=(_SPAN,)),),
    state="accepted",
    provenance=Provenance(model="extractive", prompt="v2"),
)
_FRESH = Part(
    name="freshness", points=15, most=15, low=15, high=15, known=True,
    formula="mean of 0.5 ^ (days / 365), by weight",
    reason="its source changed lately", raised_by="a newer source",
    inputs=(Input(name="updated", weight=0.6, value="2026-11-20", score=1.0, why="a day ago", source="hub"),),
)  # fmt: skip
_RANK = Rank(entry="papertrail", type="cli", points=63, low=29, high=89, as_of=_DAY, parts=(_FRESH,))

MATCHES = Matches(
    id=_SEARCH,
    need=_NEED,
    also=(_ALSO,),
    filters=Filters(type="cli"),
    by="words",
    as_of=_DAY,
    matches=(
        Match(
            id=f"{_SEARCH}.1",
            entry="papertrail",
            artifact=Artifact(slug="papertrail", name="papertrail", type="cli", source="gh:acme/papertrail"),
            documents=(
                SourceDocument(
                    uri="gh:acme/papertrail/README.md", sha256="0" * 64, chars=188, media_type="text/markdown"
                ),
            ),
            capability=_CAPABILITY,
            uri=_URI,
            score=0.83,
            highlights=(Highlight(field="description", text=_LINE, marks=((17, 24), (25, 33), (39, 43))),),
            why=("scanned, invoices and JSON are in its description",),
            rank=_RANK,
            times_matched=12,
        ),
    ),
)

RESOLVED = Resolved(
    id=_SEARCH,
    wanted=_URI,
    by="address",
    uri=_URI,
    name="Invoices to JSON",
    filters=Filters(),
    risk="production",
    gates=("its source was read", "its source supports every sentence of its description"),
    as_of=_DAY,
    resolved=(
        Choice(
            id=f"{_SEARCH}.1",
            artifact=Offered(
                slug="papertrail", name="papertrail", type="cli", url="https://github.com/acme/papertrail",
                license="mit", pricing="open-source", free=True,
            ),
            capability=Ability(
                id=_CAPABILITY.id, uri=_URI, name=_CAPABILITY.name, category=_CAPABILITY.category, description=_SAID,
                unique=None, vs_alternatives=None, intents=(), best_for=(), limitations=(), requires=(),
                input_types=("scanned invoices",), output_types=("JSON",), state="accepted", support="supported",
            ),
            why_this_matches=(f"it is one of the 2 records of {_URI}",),
            evidence=(
                Cited(
                    field="description", quote=_LINE, document="gh:acme/papertrail/README.md", start=14,
                    end=14 + len(_LINE), how="cited",
                ),
            ),
            match_confidence=0.91,
            how_sure=(
                "it agrees 0.91 of 1 with the other records of its capability (by rule)",
                "1 of 1 sentences are supported by its source",
                "a person has accepted it",
            ),
            trust=Trusted(
                verified=True, support="supported", supported=1, sentences=1, evidence=1,
                rank=Standing(points=63, low=29, high=89, as_of=_DAY), passport="/api/v1/passport/papertrail",
            ),
            alternatives=(
                Instead(
                    slug="billow", name="Billow", capability="Reading of invoices", uri=_URI,
                    why_alternative="has it too: it agrees 0.91 of 1 with the other records of it",
                ),
            ),
            last_verified="2026-11-20",
        ),
    ),
    left_out=(
        Missed(entry="scannery", capability="scannery/ocr", name="OCR", misses=("its source was read",)),
    ),
    left_out_total=1,
)  # fmt: skip

PASSPORT = Passport(
    passport=PassportName(
        unfragile=PassportBody(
            artifact=PassportArtifact(
                id="papertrail", slug="papertrail", name="papertrail", type="cli",
                url="https://github.com/acme/papertrail", tags=["invoices"], verified=True,
                pricing=PassportPricing(model="open-source", free=True, starting_price=None),
            ),
            capabilities=[
                PassportCapability(
                    id=_CAPABILITY.id, uri=_URI, name=_CAPABILITY.name, description=_LINE, intents=[], best_for=[],
                    limitations=[], requires=[], input_types=["scanned invoices"], output_types=["JSON"],
                    state="accepted", support="supported", evidence=1,
                )
            ],
            trust=Trust(verified=True),
            _links={"repository": "https://github.com/acme/papertrail"},
        )
    )
)  # fmt: skip

VALIDATION = Validation(
    valid=False,
    errors=(Finding(path="capabilities[0].description", message="is 20 characters long, and not 100 or more"),),
    warnings=(Finding(path="failure_modes", message="none is declared"),),
)
MANIFEST: dict[str, Any] = {
    "unfragile_version": "1.0",
    "artifact": {"name": "papertrail", "slug": "papertrail", "type": "cli"},
    "capabilities": [{"id": "papertrail.invoices", "name": "Invoices to JSON", "description": "It reads invoices."}],
}
WANTED: dict[str, dict[str, Any]] = {
    "a need": {"value": {"intent": _NEED, "limit": 3}},
    "a need in other words, too": {"value": {"intent": "get my receipts into the books", "also": [_ALSO]}},
    "an address": {"value": {"intent": _URI, "risk": "production"}},
}
FEEDBACK: dict[str, dict[str, Any]] = {
    "it worked": {"value": {"id": f"{_SEARCH}.1", "outcome": "success"}},
    "it did not": {"value": {"id": f"{_SEARCH}.1", "outcome": "failure", "comment": "it can't read PDF"}},
}
