"""A full database of an earlier release is brought up to date, and nothing that was signed changes."""

import pytest
from sqlalchemy import Engine, func, inspect, select, table

from compact import db, migrating
from tests import making
from tests.conftest import DATABASES
from tests.exchange.everything import run
from tests.installing.conftest import Full

pytestmark = pytest.mark.xdist_group("everything")

EARLIER = "0009"


@pytest.mark.parametrize("kind", DATABASES)
def test_a_full_database_of_an_earlier_release_verifies_once_it_is_up_to_date(full: Full, kind: str) -> None:
    """What the later tables held is gone with them; every other table has the rows that it had."""
    from alembic import command

    database = full.copy(kind, "earlier")
    signed = run(database, "trail", "verify").out
    engine = db.make_engine(database)
    with making.changing(engine) as connection:
        command.downgrade(migrating._config(connection), EARLIER)
    before = _counts(engine)

    behind, upgraded = run(database, "trail", "verify"), run(database, "db", "upgrade")
    verified, again = run(database, "trail", "verify"), run(database, "db", "upgrade")

    assert (behind.code, behind.err) == (1, "The database is not up to date. Run: compact db upgrade\n")
    assert (upgraded.code, again.code) == (0, 0)
    assert (verified.code, verified.out, verified.err) == (0, signed, "")
    after = _counts(engine)
    engine.dispose()
    full.drop(kind, "earlier")
    assert before["sign_off"] > 50
    assert {name: after[name] for name in before} == before


def test_an_upgrade_that_fails_leaves_the_database_as_it_was(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every step is in one transaction: the earlier release can go on with it."""
    from alembic import command
    from alembic.operations import Operations

    engine = db.make_engine(database)
    with making.changing(engine) as connection:
        command.downgrade(migrating._config(connection), EARLIER)
    before = _counts(engine)
    make_index = Operations.create_index

    def run_out_of_disk(self: Operations, name: str, *arguments: object, **options: object) -> None:
        if name == "ix_decision_cycle_id":
            raise OSError("No space left on device")
        make_index(self, name, *arguments, **options)  # type: ignore[arg-type] # as they came

    monkeypatch.setattr(Operations, "create_index", run_out_of_disk)

    with pytest.raises(OSError, match="No space left"):
        migrating.upgrade(engine)

    with engine.connect() as connection:
        assert migrating.revision(connection) == EARLIER
    assert _counts(engine) == before
    engine.dispose()


def _counts(engine: Engine) -> dict[str, int]:
    """How many rows each table has, whatever tables there are."""
    names = [each for each in inspect(engine).get_table_names() if each != "alembic_version"]
    with engine.connect() as connection:
        return {
            name: connection.scalars(select(func.count()).select_from(table(name))).one() for name in names
        }
