"""A summary published past the pages, by the code that they call."""

from flask import Flask
from sqlalchemy import select

from compact.access import scope
from compact.accounts.models import Person
from compact.analysis.trend import earlier_rounds
from compact.cycles.store import CycleRow, cycle_by_id
from compact.reports import store
from compact.reports.drafting import draft
from compact.reports.summary import Summary
from tests.making import NOW, World


def publish(world: World, app: Flask, cycle: int, partnership: int, sector: str = "school") -> Summary:
    """What is published for a sector now, by whoever was made first."""
    with app.app_context(), world.session() as session:
        scope.everything("a test")
        row = the_cycle(cycle_by_id(session, cycle))
        summary = draft(session, row, earlier_rounds(session, row, partnership, sector), partnership, sector)
        by = session.scalars(select(Person.id).order_by(Person.id)).first()
        assert by is not None, "somebody publishes"
        store.publish(session, cycle, partnership, summary, foreword="", by=by, at=NOW)
        session.commit()
        return summary


def the_cycle(row: CycleRow | None) -> CycleRow:
    assert row is not None
    return row
