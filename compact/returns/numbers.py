"""The numbers of a return: the one that is looked at and its neighbours, and which of them counts."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from compact.accounts.models import Person

from .models import Reopening, Return
from .reading import ReturnRow


@dataclass(frozen=True)
class Numbered:
    """One number of a return. Of a number after the first: why it was opened, and by whom."""

    return_id: int
    number: int
    status: str
    imported: bool
    opened_at: datetime
    signed_at: datetime | None
    reason: str | None
    opened_by_id: int | None
    opened_by: str | None


@dataclass(frozen=True)
class Numbers:
    """A number of a return among its neighbours; `counting` is the highest that is signed."""

    this: Numbered
    before: Numbered | None
    after: Numbered | None
    counting: Numbered


def numbers_of(session: Session, row: ReturnRow) -> Numbers | None:
    """The return among its other numbers; None where it is the only one."""
    if row.number == 1 and row.is_draft:
        return None  # nothing follows a draft; so the pages of most returns need not ask
    found = session.execute(
        select(
            Return.id,
            Return.number,
            Return.status,
            Return.imported,
            Return.started_at,
            Return.signed_at,
            Reopening.reason,
            Person.id,
            Person.name,
        )
        .outerjoin(Reopening, Reopening.return_id == Return.id)
        .outerjoin(Person, Person.id == Reopening.by_id)
        .where(Return.cycle_id == row.cycle_id, Return.organisation_id == row.organisation_id)
        .order_by(Return.number)
    )
    numbers = [Numbered(*each) for each in found]
    if len(numbers) == 1:
        return None
    place = next(place for place, each in enumerate(numbers) if each.return_id == row.id)
    return Numbers(
        this=numbers[place],
        before=numbers[place - 1] if place else None,
        after=numbers[place + 1] if place + 1 < len(numbers) else None,
        counting=next(each for each in reversed(numbers) if each.status == "signed"),
    )
