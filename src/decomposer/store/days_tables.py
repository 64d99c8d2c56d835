"""The table of days: what was counted in the catalog on each."""

from sqlalchemy import Column, Integer, Table, Text

from decomposer.store.tables import metadata

days = Table(
    "days",
    metadata,
    Column("day", Text, primary_key=True),
    Column("counted_at", Text, nullable=False),  # ISO 8601 in UTC, when the counting began
    *(
        Column(name, Integer, nullable=False)
        for name in (
            "entries", "covered", "capabilities", "reviewed", "supported", "partial", "unsupported", "vendor_claim",
        )
    ),
)  # fmt: skip
