"""Engine, sessions and the naming of constraints; the same rules on SQLite and PostgreSQL.

On SQLite a transaction that means to write begins with BEGIN IMMEDIATE. One that begins by reading and writes
later would fail at once, or overwrite what it has not seen. So a request reads first, and `begin_writing`
gives that up and takes the write lock before anything is changed.

PostgreSQL reads statement by statement, which spares a BEGIN and a ROLLBACK on every page, and refuses to
write until `begin_writing`: nothing can be changed outside a transaction by mistake.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from time import monotonic
from typing import Any, cast

from flask import Flask, current_app, g
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    Table,
    Text,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection
from sqlalchemy.types import TypeDecorator

SQLITE_WAIT_SECONDS = 15
SQLITE_CACHE_KB = 16_384  # of each connection
IDLE_SECONDS = 2
_WRITING = "compact_writing"
_TO_WRITE: dict[str, dict[str, object]] = {
    "sqlite": {_WRITING: True},
    "postgresql": {"isolation_level": "READ COMMITTED"},
}
_AT_ONE_MOMENT: dict[str, dict[str, object]] = {
    "sqlite": {},  # every transaction reads what was committed when its first statement began
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}
_STAYS_BEHIND = "stays behind"


class Utc(TypeDecorator[datetime]):
    """A moment with its zone: UTC in both databases, refused when it comes without a zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone cannot be stored.")
        return value.astimezone(UTC)

    def result_processor(
        self,
        dialect: Dialect,
        coltype: object,  # noqa: ARG002
    ) -> Callable[[Any], datetime | None] | None:
        """SQLite keeps a moment as text without its zone; PostgreSQL is asked to speak in UTC: see
        `make_engine`."""
        return _moment_of if dialect.name == "sqlite" else None


def _moment_of(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text + "+00:00")


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Utc(), str: Text(), bool: Boolean(create_constraint=False)}  # noqa: RUF012


# Marks a table whose rows are somebody's: a request reaches them only through its scope (access/scope.py).
TENANTS: dict[str, dict[str, bool]] = {"info": {"tenants": True}}


class Installation(Base):
    """The one row about this database itself."""

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    is_demo: Mapped[bool]
    created_at: Mapped[datetime]


def is_tenants(table: object) -> bool:
    """Whether a table holds tenants' data."""
    return isinstance(table, Table) and table.info.get("tenants", False)


def stays_behind(why: str) -> dict[str, str]:
    """The `info` of a table or column that never leaves the database, and why.

    Credentials, sessions and tokens are marked with it where they are declared. A table is marked with
    `{"info": stays_behind("...")}` last in its `__table_args__`, a column with
    `mapped_column(info=stays_behind("..."))`; such a column may be empty or has a default, for an import
    brings nothing for it.
    """
    return {_STAYS_BEHIND: why}


def why_it_stays(part: Table | Column[Any]) -> str | None:
    """Why a table or column never leaves the database; None when it may."""
    why: str | None = part.info.get(_STAYS_BEHIND)
    return why


def table(model: type[Base]) -> Table:
    """A model's table, for statements that run often: rows of columns without the mapper's work."""
    return cast(Table, model.__table__)


def make_engine(url: str) -> Engine:
    """An engine with this project's rules for its database; no log ever quotes what somebody wrote."""
    if make_url(url).get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": SQLITE_WAIT_SECONDS}, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = create_engine(
        url,
        hide_parameters=True,
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=True,  # where each statement stands alone there is nothing to roll back
        connect_args={"options": "-c default_transaction_read_only=on -c timezone=UTC"},
    )
    event.listen(engine, "connect", _prepare_postgresql)
    event.listen(engine, "checkin", _note_when_idle)
    event.listen(engine, "checkout", _replace_when_dead)
    return engine


def _prepare_postgresql(connection: Any, _record: object) -> None:
    """Let a transaction write. There is none before `begin_writing`, and nothing else may."""
    connection.read_only = False


def _note_when_idle(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info["idle_since"] = monotonic()


def _replace_when_dead(
    connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection
) -> None:
    """Ask a connection that was idle for a while whether it lives; the pool replaces one that does not.

    SQLAlchemy's own pre-ping would ask before every request, a tenth of what a page costs.
    """
    if monotonic() - record.info.get("idle_since", monotonic()) < IDLE_SECONDS:
        return
    import psycopg  # only who uses PostgreSQL needs it

    cursor = connection.cursor()
    try:
        cursor.execute("SELECT 1")
    except psycopg.Error as error:
        raise DisconnectionError("The connection was closed while it was idle.") from error
    finally:
        cursor.close()


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's `begin` event below says BEGIN, not the driver
    # SQLite's own knows no letters but A to Z; a name with others is to be found on both databases.
    connection.create_function("lower", 1, _lower, deterministic=True)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")  # what was acknowledged survives a power cut
    # What a desk's pages go through of a thousand organisations stays in memory: 2 MB are too few for it.
    connection.execute(f"PRAGMA cache_size = -{SQLITE_CACHE_KB}")


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get(_WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def is_out_of_reach(error: BaseException | None) -> bool:
    """Whether an error means that the database cannot be used just now: locked, full, gone, or too busy.

    SQLite's driver says "operational" of a mistake in a statement as well, which no waiting mends.
    """
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    if isinstance(error, OperationalError):
        return getattr(error.orig, "sqlite_errorcode", None) != sqlite3.SQLITE_ERROR
    return isinstance(error, NoConnectionFree)


def to_write(dialect: Dialect) -> dict[str, object]:
    """The options of a connection whose next transaction writes."""
    return _TO_WRITE[dialect.name]


@contextmanager
def at_one_moment(engine: Engine) -> Iterator[Connection]:
    """A connection that reads the whole database as it is at one moment, whoever writes meanwhile."""
    with engine.connect() as connection:
        yield connection.execution_options(**_AT_ONE_MOMENT[engine.dialect.name])


def open_session(engine: Engine) -> Session:
    """A session that reads; it writes after `begin_writing`."""
    return Session(engine, expire_on_commit=False)


def begin_writing(session: Session) -> Session:
    """Give up what was read, wait for the write lock, and begin the transaction that writes."""
    session.rollback()
    session.connection(execution_options=to_write(session.get_bind().dialect))
    return session


def init_app(app: Flask, engine: Engine) -> None:
    app.extensions["compact.engine"] = engine
    app.teardown_appcontext(_close)


def engine() -> Engine:
    found: Engine = current_app.extensions["compact.engine"]
    return found


def session() -> Session:
    """The session of this request or command."""
    found: Session | None = g.get("session")
    if found is None:
        found = g.session = open_session(engine())
    return found


def writing() -> Session:
    """This request's session in a writing transaction; the view or command commits it."""
    return begin_writing(session())


def _close(_error: BaseException | None) -> None:
    held: Session | None = g.pop("session", None)
    if held is not None:
        held.close()
