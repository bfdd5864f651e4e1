"""A draft that changes hands inside its organisation. Flushes, never commits."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from compact import db
from compact.access import guard
from compact.accounts.models import Person

from .models import Handing as HandingTable
from .reading import ReturnRow

_handing, _person = db.table(HandingTable), db.table(Person)
_HANDED = (
    select(_person.c.name, _handing.c.at, _handing.c.reason)
    .join(_person, _person.c.id == _handing.c.by_id)
    .where(_handing.c.return_id == bindparam("return_id"))
    .order_by(_handing.c.id)
)


@dataclass(frozen=True)
class Handed:
    """Who handed a draft on, and when; the reason where they sent it back."""

    by: str
    at: datetime
    reason: str | None


@dataclass(frozen=True)
class Handing:
    """How a draft was sent back last, and whether it was said since then to be ready to sign."""

    sent_back: Handed | None
    ready: Handed | None


def handing_of(session: Session, return_id: int) -> Handing:
    rows = session.execute(_HANDED, {"return_id": return_id})
    sent_back = ready = None
    for each in (Handed(*row) for row in rows):
        if each.reason is None:
            ready = each
        else:
            sent_back, ready = each, None
    return Handing(sent_back, ready)


def handing_shown(row: ReturnRow) -> Handing | None:
    """The same for the page of a draft, if it was; what is said inside an organisation stays there."""
    is_own = row.organisation_id in guard.signed_in_person().organisations
    if not (row.is_draft and is_own and row.was_handed_on):
        return None
    return handing_of(db.session(), row.id)


def hand_on(session: Session, return_id: int, *, by: int, at: datetime, reason: str | None = None) -> None:
    """Say that a draft is ready to sign; with a reason, send it back. The caller has locked it."""
    session.execute(insert(HandingTable).values(return_id=return_id, by_id=by, at=at, reason=reason))
