"""A database of PostgreSQL goes from test to test: as its template is, or not at all."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Connection, text

from tests import making, postgres
from tests.conftest import Template
from tests.databases import MovingEngine, PassedOn
from tests.making import World

REBUILDS = (
    "ALTER SCHEMA public RENAME TO moved",
    "ALTER TABLE trust ADD COLUMN more integer",
    "ALTER TABLE trust ALTER COLUMN name DROP NOT NULL",
    "ALTER TABLE trust DISABLE TRIGGER ALL",
    "ALTER TABLE trust DROP CONSTRAINT pk_trust CASCADE",
    "CREATE FUNCTION more() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "CREATE INDEX more ON trust (name)",
    "CREATE RULE more AS ON DELETE TO trust DO INSTEAD NOTHING",
    "CREATE TABLE more (id integer)",
    "DROP TABLE trail_entry",
    "GRANT SELECT ON trust TO PUBLIC",
)


@pytest.fixture
def passing(postgres_template: Template) -> Iterator[PassedOn]:
    passing = PassedOn(postgres_template.url, postgres_template.copy, postgres_template.drop)
    yield passing
    passing.close()


@pytest.fixture
def moving(passing: PassedOn) -> Iterator[MovingEngine]:
    moving = MovingEngine("postgresql+psycopg://")
    yield moving
    moving.dispose()


@pytest.mark.parametrize("rebuild", REBUILDS)
def test_whatever_a_test_rebuilds_is_seen(postgres_template: Template, rebuild: str) -> None:
    url = postgres_template.url.replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        before = connection.execute(postgres.BUILD).fetchone()
        connection.execute(rebuild)
        after = connection.execute(postgres.BUILD).fetchone()
        connection.rollback()

        assert after != before == connection.execute(postgres.BUILD).fetchone()


def test_one_that_was_rebuilt_is_not_passed_on(passing: PassedOn, moving: MovingEngine) -> None:
    url = passing.take()
    with making.changing(moving.to(url)) as connection:
        connection.execute(text("ALTER TABLE trust ADD COLUMN more integer"))
    passing.give_back(url, spared=0)

    assert passing.take() != url


def test_the_next_test_finds_it_empty_and_counts_from_one(passing: PassedOn, moving: MovingEngine) -> None:
    url = passing.take()
    for _ in range(2):
        assert World(moving.to(url)).trust() == 1
        moving.rest()
        passing.give_back(url, spared=moving.resting)
        assert passing.take() == url


def test_of_the_connections_one_goes_on_as_if_it_were_new(passing: PassedOn, moving: MovingEngine) -> None:
    url = passing.take()
    engine = moving.to(url)
    with engine.connect() as one, engine.connect() as another:
        processes = [_process(one), _process(another)]
        for each in (one, another):
            each.execute(text("SET statement_timeout = 1234"))
    moving.rest()
    passing.give_back(url, spared=moving.resting)

    with moving.to(passing.take()).connect() as one, engine.connect() as another:
        assert _process(one) in processes
        assert _process(another) not in processes
        assert one.scalar(text("SHOW statement_timeout")) == "0"


def test_one_that_a_test_has_closed_does_not(passing: PassedOn, moving: MovingEngine) -> None:
    url = passing.take()
    with moving.to(url).connect() as one, psycopg.connect(url.replace("+psycopg", "")) as other:
        closed = _process(one)
        other.execute("SELECT pg_terminate_backend(%s, 1000)", [closed])
    moving.rest()

    with moving.to(url).connect() as one:
        assert _process(one) != closed


def _process(connection: Connection) -> int:
    """The server's process for this connection."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    return driver.info.backend_pid
