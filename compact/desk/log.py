"""Everything that was sent and said about a round, for one of its partnerships: the newest first."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from compact.accounts.models import Person
from compact.cycles.store import works_in
from compact.mail.models import OutboxMail
from compact.organisations.models import Organisation

from .models import ContactNote, RoundMail
from .not_arrived import ON_PURPOSE, came_back

MOST = 200


@dataclass(frozen=True)
class Sending:
    """Mails that were written at one moment: to how many people, for how many organisations.

    Of those that the outbox still remembers, how many wait, were recalled, or did not arrive.
    """

    at: datetime
    kind: str
    by: str | None
    people: int
    organisations: int
    waiting: int
    recalled: int
    not_arrived: int


@dataclass(frozen=True)
class Call:
    """A call that was noted, and with which organisation."""

    on: date
    organisation_id: int
    organisation: str
    whom: str
    said: str
    by: str | None


def sendings(session: Session, cycle_id: int, partnership: int) -> list[Sending]:
    """The mails to the partnership's organisations; at most MOST sendings."""
    is_recalled = and_(OutboxMail.failed_at.is_not(None), OutboxMail.last_error.in_(ON_PURPOSE))
    conditions = (OutboxMail.next_try_at.is_not(None), is_recalled, came_back())
    rows = session.execute(
        select(
            RoundMail.at,
            RoundMail.kind,
            Person.name,
            func.count(),
            func.count(RoundMail.organisation_id.distinct()),
            *(func.sum(case((each, 1), else_=0)) for each in conditions),
        )
        .join(Organisation, Organisation.id == RoundMail.organisation_id)
        .outerjoin(OutboxMail, OutboxMail.id == RoundMail.mail_id)
        .outerjoin(Person, Person.id == RoundMail.by_id)
        .where(RoundMail.cycle_id == cycle_id, works_in([partnership]))
        .group_by(RoundMail.at, RoundMail.kind, RoundMail.by_id, Person.name)
        .order_by(RoundMail.at.desc(), RoundMail.kind)
        .limit(MOST)
    )
    return [Sending(*row) for row in rows]


def calls(session: Session, cycle_id: int, partnership: int) -> list[Call]:
    """The calls with the partnership's organisations; at most MOST."""
    rows = session.execute(
        select(
            ContactNote.on,
            Organisation.id,
            Organisation.name,
            ContactNote.whom,
            ContactNote.said,
            Person.name,
        )
        .join(Organisation, Organisation.id == ContactNote.organisation_id)
        .outerjoin(Person, Person.id == ContactNote.by_id)
        .where(ContactNote.cycle_id == cycle_id, works_in([partnership]))
        .order_by(ContactNote.on.desc(), ContactNote.id.desc())
        .limit(MOST)
    )
    return [Call(*row) for row in rows]
