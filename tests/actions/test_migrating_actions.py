"""Actions from before their updates were kept: each has a first row that says what is known."""

from datetime import date

from sqlalchemy import Engine, text

from compact import migrating
from compact.actions import store as actions
from compact.actions.rules import PlannedAction
from tests import making
from tests.making import World

BEFORE = "0005"


def test_an_action_from_before_has_a_first_update(engine: Engine, world: World) -> None:
    """Who left it as it is was written down only while nobody had changed it."""
    from alembic import command

    partnership, school = world.partnership(), world.organisation()
    return_id = world.started(world.cycle(partnership), school)
    world.person("Robin Head", making.signatory(school))
    with making.changing(engine) as connection:
        command.downgrade(migrating._config(connection), BEFORE)
        for version in (1, 3):
            connection.execute(
                text(
                    "INSERT INTO action (organisation_id, key, raised_in, what, lead, due, status, version,"
                    " created_by, created_at, updated_at) VALUES (:school, 'bullying', :return_id, 'Train',"
                    " 'Head', '2027-03-31', 'done', :version, 1,"
                    " '2026-10-01 09:00:00', '2026-10-02 09:00:00')"
                ),
                {"school": school, "return_id": return_id, "version": version},
            )

    migrating.upgrade(engine)

    with world.session() as session:
        first, second = actions.updates_of(session, school)
        changed = PlannedAction("Train", "Head", date(2027, 3, 31), "under_way")
        assert actions.change_action(session, school, second.action_id, 3, changed, by=1, at=making.NOW)
    assert [(each.version, each.by, each.planned.status) for each in (first, second)] == [
        (1, 1, "done"),
        (3, None, "done"),
    ]
