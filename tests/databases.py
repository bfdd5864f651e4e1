"""What a process gives its tests in turn: one database of PostgreSQL, and one engine for each kind."""

import gc
from collections.abc import Callable
from typing import Any, cast

import psycopg
from sqlalchemy import Engine, QueuePool, event, make_url

from compact import db
from tests import postgres

_count = iter(range(1_000_000))


def new_name() -> str:
    """A name that no other database of this process has."""
    return f"test_{next(_count)}"


class PassedOn:
    """A database of PostgreSQL that one test takes after another: emptied, and made anew when rebuilt."""

    def __init__(self, template: str, copy: Callable[[str], str], drop: Callable[[str], None]) -> None:
        self._copy, self._drop = copy, drop
        self.emptying = postgres.Emptying(template)
        self._spare: str | None = None

    def take(self) -> str:
        url, self._spare = self._spare or self._copy(new_name()), None
        return url

    def give_back(self, url: str, *, spared: int) -> None:
        if self.emptying.empty(url, spared=spared):
            self._spare = url
        else:
            self._drop(url.rsplit("/", 1)[1])

    def close(self) -> None:
        self.emptying.close()


class MovingEngine:
    """One engine for every test of a process, each on its own database: SQL is worked out once for all.

    A connection to PostgreSQL goes from a test to the next one on the same database: what the server learns
    of the tables for a new one takes longer than most tests' statements.
    """

    def __init__(self, url: str) -> None:
        self._url = ""
        self._resting: psycopg.Connection | None = None
        self._engine = db.make_engine(url)
        event.listen(self._engine, "do_connect", self._connect)

    def to(self, url: str) -> Engine:
        """The engine on this database; what a test listens to on it is forgotten with it."""
        if url != self._url:
            self.dispose()
        engine = self._engine.execution_options()
        self._url, engine.url = url, make_url(url)
        self._arguments = engine.dialect.create_connect_args(engine.url)
        return engine

    def rest(self) -> None:
        """Let go of every connection but one, and of what a test has left lying about."""
        pool = self._engine.pool
        assert isinstance(pool, QueuePool)
        if pool.checkedout():
            gc.collect()  # or it would complain in the middle of another test
        if self._engine.dialect.name == "postgresql" and pool.checkedin():
            self._keep_one()
        self._engine.dispose()

    def _keep_one(self) -> None:
        held = self._engine.raw_connection()
        connection = cast(psycopg.Connection, held.driver_connection)
        try:
            connection.execute("RESET ALL; SELECT pg_advisory_unlock_all()")
        except psycopg.Error:  # a test has closed it
            held.invalidate()
        else:
            held.detach()
            self._resting = connection

    @property
    def resting(self) -> int:
        """The server's process of the connection that waits for the next test; 0 for none."""
        return self._resting.info.backend_pid if self._resting and not self._resting.closed else 0

    def dispose(self) -> None:
        self._engine.dispose()
        if self._resting:
            self._resting.close()
            self._resting = None

    def _connect(self, _dialect: object, _record: object, cargs: list[Any], cparams: dict[str, Any]) -> Any:
        resting, self._resting = self._resting, None
        if resting and not resting.closed:
            return resting
        positional, named = self._arguments
        cargs[:] = positional
        cparams.update(named)
        return None
