"""Connections, and what the databases themselves refuse."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from unittest.mock import Mock

import pytest
from sqlalchemy import Engine, create_engine, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from compact import db
from compact.db import Installation
from compact.organisations.models import Trust


def _is_postgresql(engine: Engine) -> bool:
    return engine.dialect.name == "postgresql"


def test_nothing_is_written_outside_a_writing_transaction(engine: Engine) -> None:
    if not _is_postgresql(engine):
        return  # SQLite cannot tell; the same code runs on both
    with db.open_session(engine) as session, pytest.raises(DBAPIError, match="read-only"):
        session.execute(insert(Trust).values(name="Larkfield Trust"))


def test_a_transaction_that_writes_is_whole(engine: Engine) -> None:
    with db.begin_writing(db.open_session(engine)) as session:
        session.add(Trust(name="Larkfield Trust"))
        session.flush()
        session.rollback()
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM trust")) == 0


def test_a_connection_that_died_while_idle_is_replaced(
    engine: Engine, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database server was started again between two requests."""
    monkeypatch.setattr(db, "IDLE_SECONDS", 0)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    if _is_postgresql(engine):
        other = create_engine(database)
        with other.connect() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        other.dispose()
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1


@pytest.mark.parametrize(("idle", "asked"), [(0, 0), (db.IDLE_SECONDS + 1, 1)])
def test_a_connection_is_asked_only_after_it_was_idle_for_a_while(
    monkeypatch: pytest.MonkeyPatch, idle: int, asked: int
) -> None:
    cursor, record = Mock(), Mock(info={})
    db._note_when_idle(None, record)
    monkeypatch.setattr(db, "monotonic", lambda: record.info["idle_since"] + idle)
    db._replace_when_dead(Mock(cursor=lambda: cursor), record, Mock())
    assert cursor.execute.call_count == asked


def test_a_moment_comes_back_in_utc_whatever_zone_the_server_keeps(engine: Engine, database: str) -> None:
    """What is signed is hashed with its moments as they are written: the same one in both databases."""
    at = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    with _server_in_new_york(engine, database), db.begin_writing(db.open_session(engine)) as session:
        session.execute(update(Installation).values(created_at=at))
        found = session.scalars(select(Installation.created_at)).one()
    assert found == at
    assert found.isoformat() == "2026-07-01T23:30:00+00:00"


@contextmanager
def _server_in_new_york(engine: Engine, database: str) -> Iterator[None]:
    """A PostgreSQL whose database has a zone of its own; new connections begin in it. SQLite has none."""
    if not _is_postgresql(engine):
        yield
        return
    other = create_engine(database, isolation_level="AUTOCOMMIT")
    name = other.url.database
    with other.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {name} SET timezone = 'America/New_York'"))
        engine.dispose()
        try:
            yield
        finally:
            connection.execute(text(f"ALTER DATABASE {name} RESET timezone"))
    other.dispose()
