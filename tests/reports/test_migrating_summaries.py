"""Summaries from before there were texts: what was written in the number in force is there to go on with."""

from collections.abc import Callable

from sqlalchemy import Engine, delete, select

from compact import migrating
from compact.reports.models import LearningSummary, SummaryText
from tests import making
from tests.making import World
from tests.pages import Visitor
from tests.publishing import publish
from tests.reports.making import ADDRESS, GOOD, schools

BEFORE = "0015"


def test_a_foreword_from_before_is_there_to_go_on_with(
    engine: Engine, world: World, visit: Callable[[str], Visitor]
) -> None:
    from alembic import command

    schools(world, [{"bullying": GOOD}] * 5)
    officer = visit("officer@example.org")
    for foreword in ("The first.", "The second."):
        publish(officer, 1, foreword=foreword)
    with making.changing(engine) as connection:
        connection.execute(delete(SummaryText))
        command.downgrade(migrating._config(connection), BEFORE)

    migrating.upgrade(engine)

    with world.session() as session:
        numbers = session.scalars(select(LearningSummary).order_by(LearningSummary.number)).all()
        assert [(each.replaced, each.corrects, each.counted) for each in numbers] == [
            (True, False, None),
            (False, False, None),
        ]
    page = officer.get(f"{ADDRESS}/write/foreword")
    assert page.fields() | {"csrf_token": ""} == {"csrf_token": "", "version": "1", "text": "The second."}
    assert "It is not known which returns number 2 counts." in officer.get(f"{ADDRESS}/publish/check").text
