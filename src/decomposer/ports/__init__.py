"""The seams to the world: what the pipeline needs of models, ledgers, catalogs, runs and the network, as protocols."""

from decomposer.measures import Pace, Took
from decomposer.ports.asking import Answer, Completion, LanguageModel, Price, Reply, Request
from decomposer.ports.catalog import Catalog, Change, Listing, Standing
from decomposer.ports.edges import Exporter, Fetch, Fetched, Loader
from decomposer.ports.ledger import Attempt, AttemptState, Doubt, Ledger, ModelUse, Sending
from decomposer.ports.provider import BatchLine, Provider, RemoteBatch
from decomposer.ports.runs import (
    ENDINGS,
    Ending,
    Item,
    Job,
    Jobs,
    JobState,
    Outcome,
    RunPlan,
    RunRecord,
    Runs,
    RunState,
    Tally,
)
from decomposer.ports.vectors import Embedder

__all__ = [
    "ENDINGS",
    "Answer",
    "Attempt",
    "AttemptState",
    "BatchLine",
    "Catalog",
    "Change",
    "Completion",
    "Doubt",
    "Embedder",
    "Ending",
    "Exporter",
    "Fetch",
    "Fetched",
    "Item",
    "Job",
    "JobState",
    "Jobs",
    "LanguageModel",
    "Ledger",
    "Listing",
    "Loader",
    "ModelUse",
    "Outcome",
    "Pace",
    "Price",
    "Provider",
    "RemoteBatch",
    "Reply",
    "Request",
    "RunPlan",
    "RunRecord",
    "RunState",
    "Runs",
    "Sending",
    "Standing",
    "Tally",
    "Took",
]
