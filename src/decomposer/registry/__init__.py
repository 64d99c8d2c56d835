"""Find one capability across artifacts: what to compare a record with, which records are one, and what it is called."""

from decomposer.registry.comparing import Comparing, Prepared, Views, digest
from decomposer.registry.grouping import CORE, Plan, Scores, agreement, plan, sample_of, together
from decomposer.registry.naming import SCHEME, Naming, address, renamed
from decomposer.registry.spelling import is_address, spellings

__all__ = [
    "CORE",
    "SCHEME",
    "Comparing",
    "Naming",
    "Plan",
    "Prepared",
    "Scores",
    "Views",
    "address",
    "agreement",
    "digest",
    "is_address",
    "plan",
    "renamed",
    "sample_of",
    "spellings",
    "together",
]
