"""The database that an import goes into: empty before, and counting on from the highest ids after."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, delete, func, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from compact import db, migrating
from compact.tables import metadata
from config import Refused

_NOT_ALLOWED = "42501"  # PostgreSQL's "insufficient privilege"

Rows = Sequence[tuple[Any, ...]]


def make_ready(session: Session) -> None:
    """Take away the few rows that a fresh migration makes, for the import brings its own.

    Nobody else writes until the session's transaction ends. Raises Refused when there are any others.
    """
    _let_nobody_write(session)
    fresh, connection = _fresh_rows(), session.connection()
    filled = [
        name
        for name, rows in fresh.items()
        if _first_rows(connection, metadata.tables[name], len(rows) + 1) != rows
    ]
    if filled:
        raise Refused(
            f"The database is not empty: it holds rows of {', '.join(filled)}. An import goes into an empty "
            "one alone, made with: compact db upgrade. Nothing was changed."
        )
    for table in reversed(metadata.sorted_tables):
        if fresh[table.name]:
            session.execute(delete(table))


def count_on(session: Session) -> None:
    """Let PostgreSQL give the ids after the highest that were written; SQLite does so by itself."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            sequence = func.pg_get_serial_sequence(f'"{table.name}"', column.name)
            session.execute(select(func.setval(sequence, func.max(column))))  # of no row: of no effect


def _let_nobody_write(session: Session) -> None:
    """On SQLite the transaction that writes is alone anyway.

    Raises Refused for an account that owns nothing: it could not move the numbering on either.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    names = ", ".join(f'"{name}"' for name in metadata.tables)
    try:
        session.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) != _NOT_ALLOWED:
            raise
        raise Refused(
            "DATABASE_URL names an account that may not do this: import with the one that owns the tables. "
            "Nothing was changed."
        ) from None


@cache
def _fresh_rows() -> Mapping[str, Rows]:
    """What the migrations write into each table of a new database."""
    engine = db.make_engine("sqlite://")
    try:
        migrating.upgrade(engine)
        with engine.connect() as connection:
            return {name: _first_rows(connection, table, None) for name, table in metadata.tables.items()}
    finally:
        engine.dispose()


def _first_rows(connection: Connection, table: Table, limit: int | None) -> Rows:
    """Rows in the order of their keys, without their moments: those are of the day of the migration."""
    columns = [column for column in table.columns if not isinstance(column.type, db.Utc)]
    keys = table.primary_key.columns
    return [tuple(row) for row in connection.execute(select(*columns).order_by(*keys).limit(limit))]
