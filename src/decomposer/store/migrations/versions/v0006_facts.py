"""Create the tables of facts, and write down what the metadata of each entry says."""

from collections.abc import Iterator
from itertools import islice
from json import loads
from math import log1p
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_BLOCK = 500


def upgrade() -> None:
    """Create the tables and fill them, a block of entries at a time."""
    facts = op.create_table(
        "facts",
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("entry", _NAME, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("key", "value", "source", "as_of", "by", "actor")),
        sa.Column("said_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_facts"),
        sa.ForeignKeyConstraint(["entry"], ["entries.slug"], name="fk_facts_entries"),
    )
    op.create_index("ix_facts_entry_seq", "facts", ["entry", "seq"])
    figures = op.create_table(
        "figures",
        sa.Column("entry", _NAME, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("value", sa.BigInteger, nullable=False),
        sa.Column("log", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("entry", "key", name="pk_figures"),
        sa.ForeignKeyConstraint(["entry"], ["entries.slug"], name="fk_figures_entries"),
    )
    op.create_index("ix_figures_type_key", "figures", ["type", "key", "value", "log"])
    bases = op.create_table(
        "bases",
        sa.Column("base", sa.Text, nullable=False),
        sa.Column("entry", _NAME, nullable=False),
        sa.PrimaryKeyConstraint("base", "entry", name="pk_bases"),
        sa.ForeignKeyConstraint(["entry"], ["entries.slug"], name="fk_bases_entries"),
    )
    op.create_index("ix_bases_entry", "bases", ["entry"])
    op.create_table(
        "norms",
        sa.Column("as_of", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("as_of", name="pk_norms"),
    )
    fill(op.get_bind(), facts, figures, bases)


def fill(connection: sa.Connection, facts: sa.Table, figures: sa.Table, bases: sa.Table) -> None:
    """Write down what is said of the entries that are there."""
    last = ""
    query = sa.text("SELECT slug, updated, data FROM entries WHERE slug > :last ORDER BY slug LIMIT :most")
    while rows := connection.execute(query, {"last": last, "most": _BLOCK}).all():
        last = rows[-1].slug
        for table, found in ((facts, _said), (figures, _counted), (bases, _made_from)):
            values = [value for row in rows for value in found(row)]
            while block := list(islice(values, _BLOCK)):
                connection.execute(sa.insert(table), block)
                del values[:_BLOCK]


def _artifact(row: sa.Row[Any]) -> dict[str, Any]:
    found: dict[str, Any] = _part(row, "artifact", {})
    return found


def _part(row: sa.Row[Any], name: str, otherwise: Any) -> Any:
    try:
        found = loads(row.data)[name]
    except (ValueError, KeyError, TypeError, RecursionError):
        return otherwise  # damaged: reading it by name says so
    return found if isinstance(found, type(otherwise)) else otherwise


def _said(row: sa.Row[Any]) -> Iterator[dict[str, Any]]:
    artifact = _artifact(row)
    named = {name: artifact.get(name) for name in ("type", "maintainer", "license", "homepage", "repository")}
    values = named | dict(_counts(artifact)) | {"read": row.updated[:10] if _part(row, "documents", []) else None}
    for key, value in values.items():
        if value is not None:
            yield {
                "entry": row.slug, "key": key, "value": str(value), "source": str(artifact.get("source", "")),
                "as_of": row.updated[:10], "by": "metadata", "actor": "", "said_at": row.updated,
            }  # fmt: skip


def _counted(row: sa.Row[Any]) -> Iterator[dict[str, Any]]:
    artifact = _artifact(row)
    for key, value in _counts(artifact):
        yield {"entry": row.slug, "key": key, "type": artifact.get("type", "repo"), "value": value, "log": log1p(value)}


def _counts(artifact: dict[str, Any]) -> Iterator[tuple[str, int]]:
    liked = "likes" if str(artifact.get("source", "")).startswith("hf:") else "stars"
    for key, name in (("downloads", "downloads"), (liked, "stars")):
        value = artifact.get(name)
        if isinstance(value, int) and 0 <= value < 2**53:
            yield key, value


def _made_from(row: sa.Row[Any]) -> Iterator[dict[str, str]]:
    names = {str(name).strip().casefold().removeprefix("hf:") for name in _artifact(row).get("base_model") or ()}
    yield from ({"base": name, "entry": row.slug} for name in sorted(names - {""}))
