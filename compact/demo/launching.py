"""Opening the demo's rounds and launching them, with mails that are told as sent and reach nobody."""

from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from compact.cycles import editions
from compact.cycles import store as cycles
from compact.cycles.store import CycleRow
from compact.desk import store as desk
from compact.desk.places import places_of_round
from compact.desk.rules import Kind
from compact.desk.writing import Letter, wording_of, write_to
from compact.mail import store as mail
from compact.organisations.settings_store import foot_of
from compact.web.clock import LOCAL

from .places import Made

EDITION = "2026"
NO_SUCH_MAILBOX = "550 5.1.1 There is no such mailbox"


def open_round(
    session: Session,
    made: Made,
    name: str,
    partnerships: tuple[str, ...],
    settings: tuple[str, ...],
    days: tuple[date, date],
    at: datetime | None = None,
) -> CycleRow:
    """Open a round; `days` are the first and the last one. It is on the first one unless it is said when."""
    edition = editions.edition(EDITION)
    editions.store_texts(session, edition)
    asked = [setting for setting in settings if setting in edition.settings]
    ids = [made.partnerships[each] for each in partnerships]
    new = cycles.NewCycle(name, EDITION, *days, 9, ids, asked)
    cycle = cycles.cycle_by_id(session, cycles.open_cycle(session, new, at or on_day(days[0], time(9))))
    assert cycle is not None  # noqa: S101 - it was made a moment ago
    return cycle


def launch(
    session: Session, made: Made, cycle: CycleRow, base_url: str, comes_back: int | None = None
) -> None:
    """Launch a round on its first day, as the host's officer does on the page.

    No mail server ever sees the mails: they are taken from the outbox and noted as sent. The one about the
    organisation `comes_back` is noted as returned.
    """
    at = on_day(cycle.opens, time(9, 30))
    places = places_of_round(session, cycle, cycle.partnerships, cycle.opens)
    desk.lock_round(session, cycle.id, [each.organisation_id for each in places])
    desk.launch(session, cycle.id, by=made.officer, at=at)
    host = cycle.partnerships[0]
    name = cycles.names_of_partnerships(session, [host])[host]
    wording, foot = wording_of(session, host, Kind.LAUNCH), foot_of(session, host)
    letter = Letter(Kind.LAUNCH, wording, name, base_url, made.officer, foot)
    write_to(session, cycle, places, letter, lambda _place: Kind.LAUNCH, at)
    returned = next((each.organisation for each in places if each.organisation_id == comes_back), None)
    while (each := mail.claim(session, at)) is not None:
        mail.sent(session, each, at)
        if returned is not None and returned in each.subject:
            mail.returned(session, each.message_id, NO_SUCH_MAILBOX, at + timedelta(minutes=2))


def on_day(day: date, at: time) -> datetime:
    """A moment of a day, as the clocks in England show it."""
    return datetime.combine(day, at, LOCAL)
