"""The migrations make exactly the tables that the code describes."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError

from compact import migrating
from compact.cycles.models import CycleSetting
from compact.returns.store import add_return
from compact.tables import metadata
from tests import making
from tests.making import NOW, World


def test_the_migrated_tables_are_those_of_the_code(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_every_constraint_of_the_code_is_in_the_database(engine: Engine) -> None:
    inspected = inspect(engine)
    for table in metadata.tables.values():
        named = {str(each.name) for each in table.constraints if each.__visit_name__ == "check_constraint"}
        there = {str(each["name"]) for each in inspected.get_check_constraints(table.name)}
        assert named <= there, table.name


def test_upgrading_again_changes_nothing(engine: Engine) -> None:
    migrating.upgrade(engine)

    assert migrating.is_current(engine)


def test_a_database_without_a_version_is_not_current(engine: Engine) -> None:
    with making.changing(engine) as connection:
        connection.execute(text("DELETE FROM alembic_version"))

    assert not migrating.is_current(engine)


def test_foreign_keys_are_held(world: World) -> None:
    with pytest.raises(IntegrityError):
        world.insert(CycleSetting, [{"cycle_id": 77, "setting": "school"}])


def test_one_return_at_most_is_a_draft(world: World) -> None:
    partnership, school = world.partnership(), world.organisation()
    cycle = world.cycle(partnership)
    world.started(cycle, school)
    with world.session() as session, pytest.raises(IntegrityError):
        add_return(session, cycle, school, number=2, now=NOW)


def test_sqlite_waits_and_keeps_what_it_acknowledged(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        values = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        ]
    assert values == ["wal", 1, 2, 15_000]
