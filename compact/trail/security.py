"""The security log: sign-ins, refusals, changes of factors; apart from the chain, and for 24 months."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from .models import SecurityEntry

KEPT = timedelta(days=730)
LONGEST = 200


@dataclass(frozen=True)
class Seen:
    """Where a request came from: its network address and what its browser calls itself."""

    address: str
    agent: str


def note(session: Session, what: str, seen: Seen, *, by: int | None, at: datetime, about: str = "") -> None:
    """Add an entry: `what` happened, `about` the thing it was done to, by a person if one is known."""
    session.execute(
        insert(SecurityEntry).values(
            at=at,
            what=what,
            person_id=by,
            about=about[:LONGEST],
            address=seen.address[:LONGEST],
            agent=seen.agent[:LONGEST],
        )
    )


def forget_old(session: Session, now: datetime) -> None:
    session.execute(delete(SecurityEntry).where(SecurityEntry.at < now - KEPT))


def latest(session: Session, *, before: int | None = None, limit: int = 50) -> Sequence[SecurityEntry]:
    """Entries from the newest on, those before an id if it is given."""
    rows = select(SecurityEntry).order_by(SecurityEntry.id.desc()).limit(limit)
    return session.scalars(rows if before is None else rows.where(SecurityEntry.id < before)).all()
