"""The returns of organisations at a glance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from compact.cycles.extensions import extended_in_round
from compact.cycles.models import Due
from compact.cycles.rules import last_day
from compact.cycles.store import CycleRow, works_in
from compact.organisations.models import Organisation

from .models import Return


@dataclass(frozen=True)
class ReturnState:
    """The highest number of a return, and the one before it: while this is a draft, that one counts.

    `late_after` is the last day that its signature missed, if it did.
    """

    return_id: int
    number: int
    status: str
    imported: bool
    signed_at: datetime | None
    late_after: date | None
    before: "ReturnState | None" = None


@dataclass(frozen=True)
class ReturnListed:
    """An organisation that is due in a round, and how far its return is."""

    organisation_id: int
    organisation: str
    state: ReturnState | None
    extended_until: date | None
    last_day: date

    @property
    def is_open(self) -> bool:
        """Whether more time means anything: the highest number is not signed."""
        return self.state is None or self.state.status == "draft"


def returns_in_sector(session: Session, cycle: CycleRow, partnership: int, sector: str) -> list[ReturnListed]:
    """The organisations of a sector that are due in a round, as one of its partnerships sees them."""
    due = session.execute(
        select(Organisation.id, Organisation.name)
        .join(Due, Due.organisation_id == Organisation.id)
        .where(Due.cycle_id == cycle.id, Organisation.setting == sector, works_in([partnership]))
        .order_by(Organisation.name, Organisation.id)
    ).all()
    of_round = Return.cycle_id == cycle.id
    states = _states(session, of_round & Return.organisation_id.in_([row.id for row in due]))
    until = extended_in_round(session, cycle.id)
    return [
        ReturnListed(
            row.id,
            row.name,
            states.get((cycle.id, row.id)),
            until.get(row.id),
            last_day(cycle.closes, until.get(row.id)),
        )
        for row in due
    ]


def returns_of(session: Session, organisations: Sequence[int]) -> dict[tuple[int, int], ReturnState]:
    """The highest number of each return of these organisations, by (cycle, organisation)."""
    return _states(session, Return.organisation_id.in_(organisations))


def _states(session: Session, of: ColumnElement[bool]) -> dict[tuple[int, int], ReturnState]:
    rows = session.execute(
        select(
            Return.cycle_id,
            Return.organisation_id,
            Return.id,
            Return.number,
            Return.status,
            Return.imported,
            Return.signed_at,
            Return.late_after,
        )
        .where(of)
        .order_by(Return.number)
    )
    states: dict[tuple[int, int], ReturnState] = {}
    for row in rows:
        place = (row.cycle_id, row.organisation_id)
        states[place] = ReturnState(*row[2:], before=states.get(place))
    return states
