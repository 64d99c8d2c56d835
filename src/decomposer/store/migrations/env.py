"""Alembic runs this file: the migrations go into the transaction that `upgrade` was given."""

from alembic import context

from decomposer.store import facts_tables, review_tables  # noqa: F401 (they fill the metadata)
from decomposer.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
