"""`compact reminders`: reminding by calendar, for a timer."""

import click
from flask import current_app

from compact import db
from compact.cycles import store as cycle_store
from compact.cycles.store import CycleRow
from compact.organisations.settings_store import foot_of
from compact.organisations.uploads import forget_old
from compact.web.cli import database
from compact.web.clock import local_day, now, today
from config import Settings

from . import store
from .places import PlaceRow, places_of_round
from .rules import LATE, Kind, occasion_of, reminder_due
from .taking_over import take_over
from .writing import Letter, wording_of, write_to


@click.group()
def reminders() -> None:
    """Reminders of the last day of a round."""


@reminders.command()
def queue() -> None:
    """Write the reminders that are due into the outbox: 30, 7 and 1 days before the last day, and once after.

    For a timer, each morning. Each goes out once, however often, however late and by however many at once
    this runs. Nobody is reminded who has signed or is excused, and of no round that was not launched. First
    a school that became another one by today hands its place on, and unused uploads are erased. The last line
    counts the mails written.
    """
    database()
    forget_old(db.writing(), now())
    take_over(db.session(), today(), now())
    db.session().commit()
    written = 0
    for cycle_id in store.launched_rounds(database()):
        session = db.writing()
        cycle = cycle_store.cycle_by_id(session, cycle_id)
        if cycle is not None:
            written += _remind(cycle)
        session.commit()
    click.echo(f"queued {written}")


def _remind(cycle: CycleRow) -> int:
    """Write what is due in one round; the host's wording is used for all of its partnerships."""
    session = db.session()
    store.lock_round(session, cycle.id, sorted(store.asked_in(session, cycle.id, cycle.partnerships)))
    launched_on = local_day(store.launches(session, [cycle.id])[cycle.id].at)
    due: dict[str, list[PlaceRow]] = {}
    for place in places_of_round(session, cycle, cycle.partnerships, today()):
        told_on = max(launched_on, place.asked_on)
        reminder = reminder_due(place.last_day, told_on, today()) if place.is_open else None
        if reminder is not None:
            due.setdefault(reminder, []).append(place)
    return sum(_write(cycle, reminder, places) for reminder, places in due.items())


def _write(cycle: CycleRow, reminder: str, places: list[PlaceRow]) -> int:
    session, host = db.session(), cycle.partnerships[0]
    settings: Settings = current_app.extensions["compact.settings"]
    kind = Kind.LATE if reminder == LATE else Kind.REMINDER
    letter = Letter(
        kind,
        wording_of(session, host, kind),
        cycle_store.names_of_partnerships(session, [host])[host],
        settings.base_url,
        None,
        foot_of(session, host),
    )
    return write_to(
        session, cycle, places, letter, lambda place: occasion_of(reminder, place.last_day), now()
    )
