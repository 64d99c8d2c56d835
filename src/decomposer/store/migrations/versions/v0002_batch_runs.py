"""Create batch runs and their work, and let the ledger know runs, jobs and money."""

from json import loads

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_DRAFTED = ("model", "prompt", "digests")
_BLOCK = 200  # entries read at a time
_OPEN = sa.text("state IN ('waiting', 'held')")
_FAILED = sa.text("state = 'failed'")
_IN_JOB = sa.text("job IS NOT NULL")
_SENT = sa.text("state = 'sent'")


def upgrade() -> None:
    """Create the tables and add the columns."""
    for name in (*_DRAFTED, "recipe"):
        op.add_column("entries", sa.Column(name, sa.Text, nullable=False, server_default=""))
    _fill_entries()
    for name in ("cost_usd", "estimated_usd"):
        op.add_column("attempts", sa.Column(name, sa.BigInteger))
    for name in ("run", "job"):
        op.add_column("attempts", sa.Column(name, sa.Integer))
    op.create_index("ix_attempts_run", "attempts", ["run"])
    op.create_index("ix_attempts_job", "attempts", ["job"], sqlite_where=_IN_JOB, postgresql_where=_IN_JOB)
    op.create_index("ix_attempts_sent", "attempts", ["sent_at"], sqlite_where=_SENT, postgresql_where=_SENT)
    _runs()
    _work()
    _jobs()


def _fill_entries() -> None:
    """Say of the entries that are there which model and prompt drafted them, from which documents."""
    entries = sa.table("entries", *(sa.column(name, sa.Text) for name in ("slug", "data", *_DRAFTED)))
    fill = sa.update(entries).where(entries.c.slug == sa.bindparam("at"))
    fill = fill.values({name: sa.bindparam(f"its_{name}") for name in _DRAFTED})
    block = sa.select(entries.c.slug, entries.c.data).where(entries.c.slug > sa.bindparam("after"))
    block = block.order_by(entries.c.slug).limit(_BLOCK)
    connection, after = op.get_bind(), ""
    while rows := connection.execute(block, {"after": after}).all():
        connection.execute(fill, [{"at": row.slug} | _drafted(row.data) for row in rows])
        after = rows[-1].slug


def _drafted(data: str) -> dict[str, str]:
    try:
        entry = loads(data)
        found = {
            "model": entry["run"]["model"],
            "prompt": entry["run"]["prompt"],
            "digests": "\n".join(document["sha256"] for document in entry["documents"]),
        }
    except (ValueError, TypeError, KeyError, RecursionError):
        found = {}  # a damaged entry stays as it is: reading it names it
    return {f"its_{name}": _plain(found.get(name, "")) for name in _DRAFTED}


def _plain(value: str) -> str:
    return value.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("prompt", sa.Text, nullable=False),
        sa.Column("settings", sa.Text, nullable=False),
        sa.Column("max_cost_usd", sa.BigInteger),
        sa.Column("spent_usd", sa.BigInteger, nullable=False),
        sa.Column("reserved_usd", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("fed", sa.Integer, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("complete", sa.Boolean, nullable=False),
        sa.Column("progress", sa.Text, nullable=False),
        sa.Column("started", sa.Text, nullable=False),
        sa.Column("beat", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_index("ix_runs_fingerprint", "runs", ["fingerprint"])


def _work() -> None:
    op.create_table(
        "work",
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("ref", sa.LargeBinary, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("owner", sa.Text),
        sa.Column("until", sa.Float),
        sa.Column("slug", _NAME),
        sa.Column("reason", sa.Text),
        sa.Column("capabilities", sa.Integer),
        sa.Column("requests", sa.Integer),
        sa.Column("cached", sa.Integer),
        sa.Column("prompt_tokens", sa.Integer),
        sa.Column("completion_tokens", sa.Integer),
        sa.Column("cost_usd", sa.BigInteger),
        sa.Column("seconds", sa.Float),
        sa.Column("raw", sa.LargeBinary),
        sa.PrimaryKeyConstraint("run", "position", name="pk_work"),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name="fk_work_runs"),
    )
    op.create_index("ix_work_open", "work", ["run", "position"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index("ix_work_failed", "work", ["run", "position"], sqlite_where=_FAILED, postgresql_where=_FAILED)


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("mark", sa.Text, nullable=False),
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("endpoint", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("lines", sa.Integer, nullable=False),
        sa.Column("remote", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("created", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.UniqueConstraint("mark", name="uq_jobs_mark"),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name="fk_jobs_runs"),
    )
    op.create_index("ix_jobs_run", "jobs", ["run"])
