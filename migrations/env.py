"""Runs the migrations on the connection that `compact.migrating` hands over."""

from alembic import context

import compact.tables  # every room's tables are in the metadata once this is imported
from compact.db import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    compare_type=True,
    compare_server_default=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()

_ = compact.tables
