"""The returns of organisations at a glance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from compact.cycles.models import Due
from compact.cycles.store import CycleRow, works_in
from compact.organisations.models import Organisation

from .models import Return


@dataclass(frozen=True)
class ReturnState:
    """The highest number of a return, and the one before it: while this is a draft, that one counts."""

    return_id: int
    number: int
    status: str
    imported: bool
    signed_at: datetime | None
    before: "ReturnState | None" = None


@dataclass(frozen=True)
class ReturnListed:
    """An organisation that is due in a round, and how far its return is."""

    organisation: str
    state: ReturnState | None


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
    return [ReturnListed(row.name, states.get((cycle.id, row.id))) for row in due]


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
        )
        .where(of)
        .order_by(Return.number)
    )
    states: dict[tuple[int, int], ReturnState] = {}
    for row in rows:
        place = (row.cycle_id, row.organisation_id)
        states[place] = ReturnState(*row[2:], before=states.get(place))
    return states
