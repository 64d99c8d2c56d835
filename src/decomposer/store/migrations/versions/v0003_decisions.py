"""Create the decisions that can be taken back and the queue of what waits for one, and carry the old ones over."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_STATES = {"accept": "accepted", "reject": "rejected", "retire": "retired"}
_BLOCK = 500  # decisions read at a time
_WAITING = sa.text("waits IS NOT NULL")
_LEASED = sa.text("holder IS NOT NULL")
_SECOND = sa.text("second <> ''")
_FILTERED = (
    "waits", "calm", "since", "second", "category", "support", "flags", "passing", "flagged", "model", "prompt", "name",
)  # fmt: skip


def upgrade() -> None:
    """Create the tables, carry over what was decided and the states, which are in the queue from now on."""
    op.add_column("entries", sa.Column("past", sa.Integer, nullable=False, server_default="0"))
    _events()
    _queue()
    op.create_table(
        "due",
        sa.Column("task", sa.Text, nullable=False),
        sa.Column("entry", _NAME, nullable=False),
        sa.PrimaryKeyConstraint("task", "entry", name="pk_due"),
    )
    for task in ("queue", "registry"):
        op.get_bind().execute(sa.text("INSERT INTO due SELECT :task, slug FROM entries"), {"task": task})
    op.get_bind().execute(sa.text(_BLANK))
    _carry_over()
    op.drop_table("decisions")
    op.drop_column("capabilities", "state")


def _carry_over() -> None:
    connection, after, seq = op.get_bind(), 0, 0
    held: dict[tuple[str, str], str] = {}  # the state that each capability was in, as far as decisions tell
    block = sa.text("SELECT * FROM decisions WHERE seq > :after ORDER BY seq LIMIT :block")
    events = sa.table("events", *map(sa.column, _COLUMNS))
    while rows := connection.execute(block, {"after": after, "block": _BLOCK}).mappings().all():
        carried: list[dict[str, Any]] = []
        for row in rows:
            for number, capability in enumerate(_about(connection, row)):
                seq, state = seq + 1, _STATES[row["op"]]
                before = held.get((row["entry"], capability), "proposed")
                held[row["entry"], capability] = state
                carried.append(_event(row, capability, before, state) | {"seq": seq, "number": number})
        connection.execute(sa.insert(events), carried)
        after = rows[-1]["seq"]


def _about(connection: sa.Connection, row: Any) -> Iterator[str]:
    """Yield what an old decision was about: of a whole entry, the capabilities that are still in the state it gave."""
    if row["capability"] is not None:
        yield row["capability"]
        return
    of = sa.text("SELECT id FROM capabilities WHERE entry = :entry AND state = :state ORDER BY position")
    found = connection.scalars(of, {"entry": row["entry"], "state": _STATES[row["op"]]}).all()
    yield from found or [""]


def _event(row: Any, capability: str, before: str, after: str) -> dict[str, Any]:
    kept = {name: row[name] for name in ("op", "entry", "actor", "reason")}
    new: dict[str, Any] = {"capability": capability, "field": "state", "before": f'"{before}"', "after": f'"{after}"'}
    new |= {"base_version": 1, "batch": f"before-{row['seq']}", "decided_at": row["at"], "live": True}
    return kept | new | {"target": None, "shown_at": None, "model": "", "prompt": "", "guard": ""}


# What the record says is read when the queue is first asked for; until then none of these waits for anybody.
_BLANK = """
INSERT INTO queue (
    entry, id, position, name, version, state, calm, hazard, revised, category, flags, failing, dropped, passing,
    flagged, disputed, second, model, prompt, since, cluster
)
SELECT
    entry, id, position, capabilities.name, 1, state, 1000, 0, false, category, '', '', '', false,
    false, false, '', '', '', updated, 0
FROM capabilities JOIN entries ON entries.slug = capabilities.entry
"""
_COLUMNS = (
    "seq", "op", "entry", "capability", "field", "before", "after", "base_version", "batch", "number", "actor",
    "reason", "target", "shown_at", "decided_at", "model", "prompt", "guard", "live",
)  # fmt: skip


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in _COLUMNS[1:7]),
        sa.Column("base_version", sa.Integer, nullable=False),
        sa.Column("batch", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("target", sa.Text),
        sa.Column("shown_at", sa.Text),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("decided_at", "model", "prompt", "guard")),
        sa.Column("live", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_events"),
        sa.UniqueConstraint("batch", "number", name="uq_events_batch"),
    )
    for column in ("capability", "entry", "actor"):
        op.create_index(f"ix_events_{column}_seq", "events", [column, "seq"])
    op.create_index("ix_events_decided_at", "events", ["decided_at"])


def _queue() -> None:
    text, number, whether = sa.Text, sa.Integer, sa.Boolean
    columns: dict[str, Any] = {"entry": _NAME, "id": _NAME, "position": number, "name": text, "version": number}
    columns |= {"waits": text, "state": text, "calm": number, "hazard": number, "revised": whether, "category": text}
    columns |= {"support": text, "flags": text, "failing": text, "dropped": text, "passing": whether}
    columns |= {"flagged": whether, "disputed": whether, "second": text, "model": text, "prompt": text, "since": text}
    columns |= {"cluster": sa.BigInteger, "holder": text, "until": sa.Float}
    unknown = ("waits", "support", "holder", "until")
    op.create_table(
        "queue",
        *(sa.Column(name, kind, nullable=name in unknown) for name, kind in columns.items()),
        sa.PrimaryKeyConstraint("entry", "id", name="pk_queue"),
    )
    filtered = _FILTERED if op.get_bind().dialect.name == "sqlite" else ()
    for name, first in {"risk": ["calm"], "entry": [], "oldest": ["since"], "cluster": ["cluster"]}.items():
        key = [*first, "entry", "position", "id", *(filtered if name == "entry" else ())]
        op.create_index(f"ix_queue_{name}", "queue", key, sqlite_where=_WAITING, postgresql_where=_WAITING)
    op.create_index("ix_queue_holder", "queue", ["holder"], sqlite_where=_LEASED, postgresql_where=_LEASED)
    op.create_index("ix_queue_second", "queue", ["second"], sqlite_where=_SECOND, postgresql_where=_SECOND)
