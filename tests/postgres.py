"""A PostgreSQL of the tests' own: its programs, a cluster in a temporary folder, a database a test."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Composable, Composed, Identifier

HOW_TO_GET_IT = "PostgreSQL's programs are missing: run `make tools`, or apt-get install postgresql"


def program(name: str) -> str | None:
    """The path of one of PostgreSQL's programs: on the PATH, or where Debian keeps them."""
    found = shutil.which(name)
    if found and Path(found).resolve().parent.name == "bin":
        return str(Path(found).resolve())
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return str(kept[0]) if kept else found


def is_there() -> bool:
    return program("initdb") is not None and program("postgres") is not None


@contextmanager
def cluster() -> Iterator[str]:
    """A running cluster that forgets everything; yields the address that databases' names are added to."""
    initdb, postgres = program("initdb"), program("postgres")
    assert initdb is not None
    assert postgres is not None, HOW_TO_GET_IT
    user = "postgres" if os.getuid() == 0 else None  # they refuse to run as root
    folder = Path(tempfile.mkdtemp(prefix="compact-postgres-"))
    if user:
        shutil.chown(folder, user)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
    data = folder / "data"
    subprocess.run(
        [initdb, "-D", data, "-U", "compact", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
        check=True,
        user=user,
        **quiet,  # type: ignore[call-overload] # the three arguments fit
    )
    port = _free_port()
    options = [
        "-c",
        "fsync=off",
        "-c",
        "synchronous_commit=off",
        "-c",
        "full_page_writes=off",
        "-c",
        "jit=off",
    ]
    options += [
        "-c",
        "listen_addresses=127.0.0.1",
        "-c",
        f"port={port}",
        "-c",
        f"unix_socket_directories={data}",
    ]
    server = subprocess.Popen([postgres, "-D", data, *options], user=user, **quiet)  # type: ignore[call-overload]
    try:
        _wait_for(port, server)
        yield f"postgresql+psycopg://compact@127.0.0.1:{port}"
    finally:
        server.send_signal(2)
        server.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


# What a test could have changed besides rows: tables, columns, who may do what, constraints, triggers,
# functions. Whatever is written there is written by another transaction than the migrations'.
BUILD = """
SELECT sum(number), sum(written) FROM (
    SELECT count(*), sum(xmin::text::bigint) FROM pg_class WHERE oid >= 16384
    UNION ALL SELECT count(*), sum(xmin::text::bigint) FROM pg_attribute WHERE attrelid >= 16384
    UNION ALL SELECT count(*), sum(xmin::text::bigint) FROM pg_constraint WHERE oid >= 16384
    UNION ALL SELECT count(*), sum(xmin::text::bigint) FROM pg_trigger WHERE oid >= 16384
    UNION ALL SELECT count(*), sum(xmin::text::bigint) FROM pg_proc
        WHERE oid >= 16384 AND pronamespace <> pg_my_temp_schema()
    UNION ALL SELECT count(*), sum(xmin::text::bigint) FROM pg_rewrite WHERE oid >= 16384
    UNION ALL SELECT count(*), sum(xmin::text::bigint) FROM pg_namespace WHERE NOT starts_with(nspname, 'pg_')
) AS parts(number, written)
"""
_NAMES = (
    "SELECT relname, relkind FROM pg_class WHERE relnamespace = to_regnamespace('public') "
    "AND relkind IN ('r', 'S') ORDER BY relname"
)
# What the migrations themselves wrote, such as the head of the trail.
_TABLES_WITH_ROWS = (
    "SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace('public') AND relkind = 'r' "
    "AND (xpath('/row/n/text()', query_to_xml("
    "format('SELECT count(*) AS n FROM %I', relname), false, true, '')))[1]::text <> '0' ORDER BY relname"
)
_COUNTERS = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value > 0"
_FILLING = SQL("INSERT INTO {} SELECT * FROM json_populate_recordset(null::{}, {});")
_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid NOT IN (pg_backend_pid(), %s) "
    "AND backend_type = 'client backend'"
)


# A function of the connection alone, whose plans are worked out once and not for each test.
_EMPTIED = SQL("CREATE FUNCTION pg_temp.emptied() RETURNS void LANGUAGE plpgsql AS $do$ BEGIN {} END $do$")
_PLAINLY = "-c session_replication_role=replica"
_AT_ONCE = SQL("DO $do$ BEGIN {} END $do$")


class Emptying:
    """How a database becomes again what its template is, in a twentieth of the time of making another.

    It stays connected to the one that it emptied last: a new connection takes longer than the emptying.
    What it writes looks at no rule of the tables and pulls no trigger.
    """

    def __init__(self, template: str) -> None:
        self._connection: psycopg.Connection | None = None
        self._url = ""
        with psycopg.connect(_plain(template)) as connection:
            self._build = connection.execute(BUILD).fetchone()
            steps: list[Composable] = [
                step for name, kind in connection.execute(_NAMES) for step in _steps(name, kind)
            ]
            steps.extend(step for _, step in _filling(connection))
            self._emptied = _done(_EMPTIED, steps, connection)

    def empty(self, url: str, *, spared: int) -> bool:
        """Empty it; False when a test rebuilt it, or closed all that was connected to it.

        Whoever is still connected is not for long, but for one process of the server.
        """
        try:
            connection = self._connected(url)
            connection.execute(_OTHERS, [spared])
            if connection.execute(BUILD).fetchone() != self._build:
                return False
            connection.execute("SELECT pg_temp.emptied()")
        except psycopg.OperationalError:
            return False
        return True

    def rows_of(self, url: str, first: Sequence[str], otherwise: str) -> bytes:
        """What makes an emptied database what this one is; it complains where the first tables have rows."""
        connection = self._connected(url)
        steps: list[Composable] = [
            SQL("ASSERT NOT EXISTS (SELECT FROM {}), {};").format(Identifier(name), otherwise)
            for name in first
        ]
        for name, step in _filling(connection):
            steps += [SQL("DELETE FROM {};").format(Identifier(name)), step]
        for name, last in connection.execute(_COUNTERS).fetchall():
            steps.append(SQL("PERFORM setval({}, {});").format(Identifier(name).as_string(), last))
        return _done(_AT_ONCE, steps, connection)

    def fill(self, url: str, rows: bytes) -> None:
        """Put the rows of another database into this one, which was emptied."""
        self._connected(url).execute(rows)

    def _connected(self, url: str) -> psycopg.Connection:
        if self._connection is None or url != self._url or self._connection.closed:
            self.close()
            self._connection, self._url = psycopg.connect(_plain(url), autocommit=True, options=_PLAINLY), url
            self._connection.execute(self._emptied)
        return self._connection

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()


def _filling(connection: psycopg.Connection) -> list[tuple[str, Composable]]:
    """The tables that have rows, and what writes these again."""
    found: list[tuple[str, Composable]] = []
    for (name,) in connection.execute(_TABLES_WITH_ROWS).fetchall():
        copy = SQL("SELECT json_agg(row)::text FROM {} row").format(Identifier(name))
        rows = connection.execute(copy).fetchone()
        found.append((name, _FILLING.format(Identifier(name), Identifier(name), rows and rows[0])))
    return found


def _done(whole: SQL, steps: Sequence[Composable], connection: psycopg.Connection) -> bytes:
    return whole.format(SQL(" ").join(steps)).as_string(connection).encode()


def _steps(name: str, kind: str) -> list[Composed]:
    if kind == "S":
        return [SQL("PERFORM setval({}, 1, false);").format(Identifier(name).as_string())]
    table = Identifier(name)
    return [SQL("IF EXISTS (SELECT FROM {}) THEN DELETE FROM {}; END IF;").format(table, table)]


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        assert server.poll() is None, "PostgreSQL did not start"
        try:
            psycopg.connect(f"postgresql://compact@127.0.0.1:{port}/postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("PostgreSQL did not answer within 30 seconds")
